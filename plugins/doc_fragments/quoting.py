# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
notes:
  - Quote names and values of variables that YAML does not read as text. The module refuses names that YAML reads as
    booleans or null (C(NO), C(ON), C(yes), C(null)) and floating-point values (C(1.10)). It sends booleans as V(true)
    or V(false), with a warning, and numbers, lists and dictionaries as compact JSON.
  - Some spellings are lost before the module receives them. Without quotes, C(0755) arrives as V(493), C(12:30:45) as
    V(45045), and C(2024-05-01T10:20:30Z) as V(2024-05-01T10:20:30+00:00).
"""
