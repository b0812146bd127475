# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.webops.paas.plugins.modules.hasura_migrations import MODULE
from ansible_collections.webops.paas.plugins.plugin_utils._door import Door


class ActionModule(Door):
    module = MODULE
