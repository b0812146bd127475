# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Log drains. They are only stored and returned: the sandbox sends no logs."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

from ..core.call import json_response
from ..core.routes import Route
from . import errors
from .api import Request
from .model import LogDrain

DESTINATIONS = ("datadog", "newrelic", "logflare", "s3", "splunkcloud", "http", "axiom", "azure")
LOG_TYPES = ("user_traffic", "functions", "edge_functions", "deploys", "waf_logs")
FORMATS = ("json", "ndjson")
HEADER = "authorization_header"
SETTINGS = (
    "url",
    "tags",
    "integration_name",
    HEADER,
    "bucket_name",
    "bucket_region",
    "path",
    "verification_filename",
)


def drain_view(request: Request, drain: LogDrain) -> dict[str, Any]:
    """fact: netlify 6 [T][TF]; whether the header can be read is unknown [?]"""
    hidden = (HEADER,) if request.switches["log_drain_header"] == "hidden" else ()
    return {
        "id": drain.id,
        "site_id": drain.site.id,
        "log_types": json.dumps(drain.log_types),
        "format": drain.format,
        "destination": drain.destination,
        "exclude_pii": drain.exclude_pii,
        "service_config": {key: value for key, value in drain.settings.items() if key not in hidden},
    }


def list_drains(request: Request) -> Response:
    """fact: netlify 6 [T]: a list in the text, one object in the schema; 404"""
    drains = [drain_view(request, drain) for drain in request.site().drains.values()]
    form = request.switches["log_drain_list"]
    if not drains and form != "array":
        raise errors.not_found()
    return json_response(drains[-1] if form == "object" else drains)


def get_drain(request: Request) -> Response:
    return json_response(drain_view(request, _drain(request)))


def create_drain(request: Request) -> Response:
    site = request.site()
    drain = LogDrain(request.state.new_id(), site, "", "json", [], False, {})
    _set(drain, request.json())
    site.drains[drain.id] = drain
    return json_response(drain_view(request, drain), 201)


def update_drain(request: Request) -> Response:
    drain = _drain(request)
    _set(drain, request.json())
    return json_response(drain_view(request, drain))


def delete_drain(request: Request) -> Response:
    drain = _drain(request)
    del drain.site.drains[drain.id]
    return Response(status_code=204)


def _drain(request: Request) -> LogDrain:
    drain = request.site().drains.get(request.call.parameters["drain_id"])
    if drain is None:
        raise errors.not_found()
    return drain


def _set(drain: LogDrain, body: dict[str, Any]) -> None:
    """fact: netlify 6 [TF]: all of it is sent, log_types as the text of a JSON array; 422 for a wrong URL [T]. The
    other refusals are guesses [?].
    """
    try:
        log_types = json.loads(body.get("log_types", ""))
    except (TypeError, ValueError):
        log_types = None
    if not isinstance(log_types, list) or not log_types or not all(one in LOG_TYPES for one in log_types):
        raise errors.refused(422, "Log types are invalid")
    if body.get("destination") not in DESTINATIONS or body.get("format") not in FORMATS:
        raise errors.refused(422, "Destination or format is invalid")
    settings = body.get("service_config")
    if not isinstance(settings, dict) or not settings.keys() <= set(SETTINGS):
        raise errors.refused(422, "Service config is invalid")
    if not str(settings.get("url", "https://")).startswith("https://"):
        raise errors.refused(422, "URL is invalid")
    drain.destination, drain.format, drain.log_types = body["destination"], body["format"], log_types
    drain.exclude_pii, drain.settings = body.get("exclude_pii") is True, settings


PATH = "/sites/{site_id}/log_drains"
ROUTES = [
    Route("GET", PATH, "LogDrainsIndex", list_drains, "netlify 6: 200, 404 [T]"),
    Route("POST", PATH, "LogDrainsCreate", create_drain, "netlify 6: 201, 422 [T][TF]"),
    Route("GET", f"{PATH}/{{drain_id}}", "LogDrainsShow", get_drain, "netlify 6: 200 [T][TF]"),
    Route("PUT", f"{PATH}/{{drain_id}}", "LogDrainsUpdate", update_drain, "netlify 6: 200, 422 [T][TF]"),
    Route("DELETE", f"{PATH}/{{drain_id}}", "LogDrainsDestroy", delete_drain, "netlify 6: 204 [T][TF]"),
]
