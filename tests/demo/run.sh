#!/bin/sh
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# run.sh TARBALL: shows the built collection at work. ansible-playbook and ansible-galaxy are taken from PATH.
# SANDBOX_PYTHON: a Python that has the sandbox's requirements; without it the demo makes an environment for them.
exec python3 "$(dirname "$0")/run_demo.py" "$@"
