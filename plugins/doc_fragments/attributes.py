# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description:
      - Can run in C(check_mode) and predict the changes without making them.
      - In check mode, a site, zone or tenant that does not exist yet is treated as new and empty, with a warning,
        because an earlier task may be about to create it. The same applies if its ID is empty because an earlier task
        would return it.
  diff_mode:
    description: Returns details of what has changed, or would change in check mode, when in diff mode.
  idempotent:
    description: When run twice in a row, and nothing else changes in between, the second run changes nothing.
"""

    # For info modules.
    INFO_MODULE = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This module does not change anything.
  diff_mode:
    support: N/A
    details:
      - This module does not change anything.
  idempotent:
    support: full
    details:
      - This module does not change anything.
"""

    # For modules that belong to no platform.
    ACTIONGROUP_ALL = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/webops.paas.all) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - webops.paas.all
"""

    # For modules of the Netlify platform.
    ACTIONGROUP_NETLIFY = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/webops.paas.netlify) or C(group/webops.paas.all) in C(module_defaults)
      to set defaults for this module.
    support: full
    membership:
      - webops.paas.netlify
      - webops.paas.all
"""

    # For modules of the Flightcontrol platform.
    ACTIONGROUP_FLIGHTCONTROL = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/webops.paas.flightcontrol) or C(group/webops.paas.all) in C(module_defaults)
      to set defaults for this module.
    support: full
    membership:
      - webops.paas.flightcontrol
      - webops.paas.all
"""

    # For modules of the Fleek platform.
    ACTIONGROUP_FLEEK = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/webops.paas.fleek) or C(group/webops.paas.all) in C(module_defaults)
      to set defaults for this module.
    support: full
    membership:
      - webops.paas.fleek
      - webops.paas.all
"""

    # For modules of the Hasura platform.
    ACTIONGROUP_HASURA = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/webops.paas.hasura) or C(group/webops.paas.all) in C(module_defaults)
      to set defaults for this module.
    support: full
    membership:
      - webops.paas.hasura
      - webops.paas.all
"""
