# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Fleek's responses must have, by operation: the fields that this collection reads. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.webops.paas.plugins.module_utils._http.shape import ID, TEXT, Kind, Rows

DEPLOY = {
    "id": ID,
    "status?": str,
    **dict.fromkeys(("startedAt?", "completedAt?", "ipfsHash?", "log?"), str),
    "repository?": dict.fromkeys(("commit?", "branch?", "owner?", "name?", "message?"), str),
}
SOURCE = dict.fromkeys(("__typename?", "type?", "url?", "branch?", "cid?"), str)
VARIABLE = {"name": TEXT, "value?": str}
SITE = {
    "id": ID,
    "slug?": str,
    "name?": str,
    "platform?": str,
    "teamId?": str,
    "team?": {"id?": ID, "name?": str},
    "buildSettings!": {
        **dict.fromkeys(("buildCommand?", "baseDirectoryPath?", "publishDirectoryPath?", "dockerImage?"), str),
        "environmentVariables!": [VARIABLE],
    },
    "deploySettings!": {"source!": SOURCE},
    "publishedDeploy?": DEPLOY,
    "latestDeploy?": DEPLOY,
}

RESPONSES: Mapping[str, Kind] = {
    **dict.fromkeys(("addSite", "editDeploySettings", "getSiteById", "getSiteBySlug"), (bool, SITE)),
    "getSitesByTeam": {"sites": Rows(SITE), "nextToken?": str},
    "getDeploysBySite": {"deploys": Rows(DEPLOY), "nextToken?": str},
    **dict.fromkeys(("retryDeploy", "triggerDeploy"), (bool, DEPLOY)),
}
