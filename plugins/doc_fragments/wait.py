# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until the operation is complete.
    type: bool
    default: true
  wait_timeout:
    description:
      - Maximum time to wait, in seconds. Then the task fails, but the operation continues on the platform.
    type: float
    default: 1200
  poll_interval:
    description:
      - Time between two polls while waiting, in seconds. The first polls follow each other faster.
    type: float
    default: 1
"""
