# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log drains, which send the logs of a site to another service. PRIVATE to the collection.

Source: the API description in Netlify's Terraform provider, and the provider itself. URL and authorization header are
often credentials.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from ansible_collections.webops.paas.plugins.module_utils._core import spelling
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.members import Member, Members
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part
from ansible_collections.webops.paas.plugins.module_utils._http.urls import is_web_url
from ansible_collections.webops.paas.plugins.module_utils._netlify import hooks
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import NetlifyClient, no_site, not_found

DESTINATIONS = ("axiom", "azure", "datadog", "http", "logflare", "newrelic", "s3", "splunkcloud")
LOG_TYPES = ("deploys", "edge_functions", "functions", "user_traffic", "waf_logs")
HEADER = "authorization_header"
_OF_BUCKET = ("bucket_name", "bucket_region", "path", "verification_filename")
# Options without which a log drain for a destination cannot be created, as in the Terraform provider.
NEEDED = {"datadog": ("url",), "http": ("url",), "newrelic": ("url", "tags"), "s3": _OF_BUCKET}
# Options that are strings and not secret.
PLAIN = ("integration_name", *_OF_BUCKET)
# Destinations that have no authorization header.
_WITHOUT_HEADER = ("datadog", "s3")
# The keys of service_config.
SETTINGS = ("url", HEADER, "tags", *PLAIN)
_KEYS = ("id", "site_id", "destination", "format")


class DrainsClient(NetlifyClient):
    def list_log_drains(self, site_id: str) -> list[JsonObject]:
        """The log drains of a site. The schema of the API description has one log drain, its text and the name of the
        operation a list. The secrets of the log drains are masked in messages from now on.
        """
        try:
            response = self.http.request(
                "GET", f"/sites/{part(site_id)}/log_drains", operation="LogDrainsIndex", shape=object
            )
        except ApiError as error:
            if error.status != 404:
                raise
            # Whether the list of a site without log drains is empty is not documented.
            if self.get_site(site_id) is None:
                raise no_site(site_id, "getSite") from None
            return []
        drains: list[JsonObject] = response.data if isinstance(response.data, list) else [response.data or {}]
        drains = list(filter(None, drains))
        for drain in drains:
            self._keep_secrets(drain)
        return drains

    def create_log_drain(self, site_id: str, body: JsonObject) -> JsonObject:
        drain = self.json_object("POST", f"/sites/{part(site_id)}/log_drains", "LogDrainsCreate", body)
        self._keep_secrets(drain)
        return drain

    def update_log_drain(self, site_id: str, drain_id: str, body: JsonObject) -> JsonObject:
        """body: all fields, as in the requests of the Terraform provider. Returns the log drain."""
        path = f"/sites/{part(site_id)}/log_drains/{part(drain_id)}"
        drain = self.json_object("PUT", path, "LogDrainsUpdate", body, idempotent=True)
        self._keep_secrets(drain)
        return drain

    def delete_log_drain(self, site_id: str, drain_id: str) -> None:
        path = f"/sites/{part(site_id)}/log_drains/{part(drain_id)}"
        self.delete_if_there("DELETE", path, "LogDrainsDestroy")

    def _keep_secrets(self, drain: JsonObject) -> None:
        settings = settings_of(drain)
        self.http.redactor.add_quoted(*hooks.url_secrets(settings.get("url")), settings.get(HEADER, ""))


def settings_of(drain: JsonObject) -> JsonObject:
    """{key: value} of service_config, without keys that are not set."""
    return {name: value for name, value in (drain.get("service_config") or {}).items() if value not in (None, "", {})}


def may_have_hidden_header(drain: JsonObject) -> bool:
    """Whether an update could remove a header that Netlify does not return."""
    return HEADER not in settings_of(drain) and drain["destination"] not in _WITHOUT_HEADER


def log_types_of(drain: JsonObject) -> list[str]:
    """The types of logs, sorted. The Terraform provider reads and sends them as the text of a JSON array. Raises
    PaasError for another form.
    """
    value = drain.get("log_types") or []
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise PaasError("Netlify returned the log types of a log drain in an unknown form.", code="incomplete_answer")
    return sorted(set(value))


def drain_view(drain: JsonObject) -> JsonObject:
    """A log drain for results, without the authorization header, and with the URL up to its host."""
    settings = settings_of(drain)
    return {
        **{key: drain.get(key) for key in _KEYS},
        "log_types": log_types_of(drain),
        "exclude_pii": bool(drain.get("exclude_pii")),
        "url": hooks.shown_url(settings.get("url")),
        **{name: settings.get(name) for name in ("tags", *PLAIN)},
    }


def declared_tags(tags: JsonObject) -> JsonObject | None:
    """{name: text}, because the API description has texts only; None for no tags."""
    return {str(name): value if isinstance(value, str) else json.dumps(value) for name, value in tags.items()} or None


def drain_body(drain: JsonObject, declared: JsonObject) -> JsonObject:
    """The body of POST and PUT. drain: its current state, {} for a new one. declared: options by name."""
    settings = {**settings_of(drain), **{name: declared[name] for name in SETTINGS if name in declared}}
    excludes = declared.get("exclude_pii", drain.get("exclude_pii"))
    return {
        **{key: drain[key] for key in ("id", "site_id") if drain.get(key)},
        "destination": drain.get("destination") or declared["destination"],
        "format": declared.get("format") or drain.get("format") or "json",
        "log_types": json.dumps(declared.get("log_types") or log_types_of(drain)),
        **({} if excludes is None else {"exclude_pii": excludes}),
        "service_config": {name: value for name, value in settings.items() if value not in (None, "", {})},
    }


def check_drain(params: JsonObject, redactor: Redactor, warn: Callable[[str], None]) -> None:
    """Checks the options without a request, and masks the secrets in the URL. Raises InvalidInput."""
    redactor.add_quoted(*hooks.url_secrets(params["url"]))
    spelling.check_texts("tags", params["tags"] or {}, warn)
    if params["url"] and not is_web_url(params["url"]):
        raise InvalidInput("url", "`url` must begin with http:// or https://.")
    if params["destination"] is None and params["drain_id"] is None:
        raise InvalidInput("destination", "`destination` is required unless `drain_id` is set.")
    if params["log_types"] == []:
        raise InvalidInput("log_types", "`log_types` must have at least one type of logs.")


def check_new(params: JsonObject) -> None:
    """Raises InvalidInput if an option is missing that is required to create a log drain."""
    for option in ("log_types", *NEEDED.get(params["destination"], ())):
        if not params[option]:
            raise InvalidInput(
                option, f"`{option}` is required to create a log drain with `destination: {params['destination']}`."
            )


def find_drain(client: DrainsClient, params: JsonObject) -> JsonObject | None:
    """Finds a log drain by the option drain_id, or by its destination. Raises ApiError and PaasError."""
    site, drain_id = params["site"], params["drain_id"]
    listed = client.list_log_drains(client.site_id_of(site))
    if drain_id is None:
        return _the_drain([drain for drain in listed if drain["destination"] == params["destination"]])
    found = next((drain for drain in listed if drain["id"] == drain_id), None)
    if found is None and params["state"] == "present":
        raise not_found(
            f"The log drain {drain_id} of the site {site} does not exist. To create a log drain, omit `drain_id`.",
            "LogDrainsIndex",
            sought=drain_id,
        )
    return found


def _the_drain(found: list[JsonObject]) -> JsonObject | None:
    if len(found) > 1:
        shown = "; ".join(f"id {drain['id']}, {', '.join(log_types_of(drain))}" for drain in found)
        raise PaasError(
            f"The site has {len(found)} log drains with the destination {found[0]['destination']}: {shown}. Select one "
            "with `drain_id`.",
            code="ambiguous",
        )
    return found[0] if found else None


def drains_alike(client: DrainsClient, params: JsonObject) -> list[JsonObject]:
    """The log drains with the destination, in the same order in all runs: by ID, because they have no time."""
    listed = client.list_log_drains(client.site_id_of(params["site"]))
    return sorted(
        (row for row in listed if row["destination"] == params["destination"]), key=lambda row: str(row["id"])
    )


def _drains(client: DrainsClient, site: str | None) -> Iterator[Member]:
    for row in client.list_log_drains(client.site_id_of(str(site))):
        yield Member(row["id"], {"drain_id": row["id"], "destination": row["destination"]})


DRAINS = Members("site", "site", DrainsClient.site_id_of, _drains)
