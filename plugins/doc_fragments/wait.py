# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether the task waits until it has come about.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait; then the task fails, and what it waited for goes on by itself.
    type: float
    default: 1200
  poll_interval:
    description:
      - Seconds between two looks while waiting; the first looks follow each other faster.
    type: float
    default: 1
"""
