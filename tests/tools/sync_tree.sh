#!/bin/sh
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Bring .build/ansible_collections/webops/paas up to date with the checkout (see sync_tree.py).
exec python3 "$(dirname "$0")/sync_tree.py" "$@"
