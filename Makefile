# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

PYTHON ?= python3
RUN = @.venv/nox/bin/python tests/tools/run.py

# Sessions of noxfile.py (.venv/nox/bin/nox -l lists them), those that take longest first, so that no core is idle at the
# end. The tests of the session texts are among those of units.
