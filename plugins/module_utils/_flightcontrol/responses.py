# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Flightcontrol's responses must have, by operation: the fields that this collection reads. PRIVATE to the
collection.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.webops.paas.plugins.module_utils._http.shape import ID, TEXT, Kind, Rows

SERVICE = {
    "id": ID,
    **dict.fromkeys(("name?", "givenId?", "type?", "environmentId?", "projectId?", "previewEnvironmentId?"), (ID, str)),
}
# The response to a start has fewer fields than a read; a deployment that could not be started has an error and no ID.
STARTED = {"deploymentId?": ID, "commit?": str, "branch?": str}
SERVICE_DEPLOYMENT = {
    "service?": dict.fromkeys(("serviceId?", "serviceGivenId?", "serviceName?", "serviceDomain?", "type?"), (ID, str)),
    "serviceDeploymentId?": ID,
    "status?": str,
}
DEPLOYMENT = {
    "status": TEXT,
    **dict.fromkeys(("createdAt?", "repoUrl?", "gitCommit?", "gitBranch?", "environmentGivenId?"), str),
    "serviceDeployments?": [SERVICE_DEPLOYMENT],
}
SCALING = {
    "desiredInstances": int,
    **dict.fromkeys(
        ("currentInstances?", "runningInstances?", "pendingInstances?", "minInstances?", "maxInstances?"), int
    ),
    "autoscalingEnabled?": bool,
}

RESPONSES: Mapping[str, Kind] = {
    "getServices": {"services": Rows(SERVICE), "hasMore?": bool},
    "createDeployments": {"deployments": [STARTED]},
    "getDeployment": DEPLOYMENT,
    "getScaling": SCALING,
    "updateScaling": {"newDesiredCount": int, "previousDesiredCount?": int},
    "createJobExecution": {"jobExecutionId": ID},
    "getJobExecution": {"id?": ID, "status": TEXT, "exitCode?": int, "job?": {"id?": ID, "givenId?": str}},
    "createCloudFrontInvalidation": {"invalidationId": ID},
    **dict.fromkeys(("triggerDeployHook", "triggerPreviewDeployHook"), {"success?": (bool, str), "deploymentId?": ID}),
    **dict.fromkeys(("createEnvironmentEnvVariables", "createServiceEnvVariables"), {"runId?": ID, "status?": str}),
}
