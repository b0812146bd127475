# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploy hooks of Flightcontrol: secret URLs, each request to which starts a deployment. PRIVATE to the collection."""

from __future__ import annotations

import re

from ansible_collections.webops.paas.plugins.module_utils._core.compare import without_nulls
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.api import FlightcontrolClient, message_in
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part
from ansible_collections.webops.paas.plugins.module_utils._http.urls import checked_url

HOOK_ENV = "FLIGHTCONTROL_DEPLOY_HOOK_URL"
HOOK_PATH = re.compile(r"(?P<base>.*?)/api/deploy-hook/(?P<environment>[A-Za-z0-9_-]+)/(?P<secret>[A-Za-z0-9_.~-]+)/?")


class Hook:
    """The parsed URL of a deploy hook. It is a secret, so the redactor gets its parts. Raises InvalidInput."""

    def __init__(self, option: str, url: str, redactor: Redactor) -> None:
        matched = HOOK_PATH.fullmatch(url.strip())
        # An invalid URL is not quoted, because it can contain a secret.
        if matched is None:
            raise InvalidInput(
                option,
                f"`{option}` must be the URL of a deploy hook as the dashboard shows it, such as "
                "https://app.flightcontrol.dev/api/deploy-hook/1234/SECRET, without a query.",
            )
        redactor.add(url, matched["secret"])
        self.base_url = checked_url(matched["base"], option)
        self.path = f"/api/deploy-hook/{matched['environment']}/{matched['secret']}"


class HooksClient(FlightcontrolClient):
    def trigger(
        self,
        hook: Hook,
        *,
        commit: str | None = None,
        branch: str | None = None,
        pr_number: int | None = None,
        force: bool | None = None,
    ) -> str:
        """Sends a request to a deploy hook and returns the ID of the deployment. It is retried only if it certainly was
        not received.

        Sends no credential: the URL is the secret. With pr_number, a preview environment is deployed.
        """
        query = without_nulls({"commit": commit, "branch": branch, "force": "true" if force else None})
        path, operation = hook.path, "triggerDeployHook"
        if pr_number is not None:
            path, operation = f"{path}/{pr_number}/{part(query.pop('commit'))}", "triggerPreviewDeployHook"
        http = self.http.at(hook.base_url)
        # A GET that writes. The response says whether it did, the status does not.
        answer = self.send_once(
            "GET", path, operation, "A deployment may have been triggered", http=http, query=query, is_write=False
        )
        deployment_id = answer.get("deploymentId")
        # A boolean on one page and in a working program, a text in the OpenAPI document and on another page.
        is_started = str(answer.get("success")).strip().lower() == "true"
        if not is_started or not isinstance(deployment_id, str) or not deployment_id:
            said = self.http.redactor.clean_quote(message_in(answer)) or "no reason was given"
            raise self.nonsense(
                "GET",
                path,
                operation,
                f"returned 200 without starting a deployment: {said}",
                code="not_triggered",
                http=http,
            )
        self.http.confirmed_writes.append(operation)
        return deployment_id
