# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hooks: notifications that a site sends, and build hooks, which start builds. PRIVATE to the collection.

Source: Netlify's public OpenAPI. Their URLs are often credentials. Results have the URL of a receiver only up to its
host, and that of a build hook only if it is to be revealed.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import cast
from urllib.parse import urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core import spelling
from ansible_collections.webops.paas.plugins.module_utils._core.compare import MASK
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.members import Member, Members
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.variables import masked_whole
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.urls import is_web_url
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import (
    NetlifyClient,
    address_of,
    below_site,
    check_id,
    no_site,
    not_found,
)
from ansible_collections.webops.paas.plugins.module_utils._netlify.forms import FORM_ID

SECRET = "signature_secret"
# Options of the receiver that these types of notifications require.
TARGETS = {"url": "url", "slack": "url", "email": "email"}
# The settings (data) of a hook that have their own options.
SETTINGS = ("url", "email", SECRET)
BUILD_HOOK_FIELDS = ("title", "branch", "draft")
_KEYS = ("id", "site_id", "type", "event", "form_id", "created_at", "updated_at")


class HooksClient(NetlifyClient):
    def list_hooks(self, site_id: str) -> list[JsonObject]:
        """Hooks of one site; only its ID is a certain reference."""
        return self._list("/hooks", "listHooksBySiteId", {"site_id": site_id})

    def create_hook(self, site_id: str, body: JsonObject) -> JsonObject:
        """The site is sent in the query, as in the public OpenAPI, and in the body, as in the larger one."""
        return self.json_object(
            "POST", "/hooks", "createHookBySiteId", {"site_id": site_id, **body}, query={"site_id": site_id}
        )

    def update_hook(self, hook_id: str, body: JsonObject) -> JsonObject:
        """body: all fields of the hook, because the effect of omitting fields is not documented."""
        return self.json_object("PUT", f"/hooks/{hook_id}", "updateHook", body)

    def list_hook_types(self) -> list[JsonObject]:
        """[{name, events, fields}]"""
        return cast(
            list[JsonObject], self.http.request("GET", "/hooks/types", operation="listHookTypes", shape=list).data
        )

    def enable_hook(self, hook_id: str) -> JsonObject:
        return self.json_object("POST", f"/hooks/{hook_id}/enable", "enableHook", idempotent=True)

    def delete_hook(self, hook_id: str) -> None:
        self.delete_if_there("DELETE", f"/hooks/{hook_id}", "deleteHook")

    def list_build_hooks(self, site_id: str) -> list[JsonObject]:
        """Their IDs are secrets like their URLs, which contain them: both are masked in messages from now on."""
        hooks = self._list(f"/sites/{site_id}/build_hooks", "listSiteBuildHooks")
        for hook in hooks:
            self._keep_secret(hook)
        return hooks

    def create_build_hook(self, site_id: str, body: JsonObject) -> JsonObject:
        hook = self.json_object("POST", f"/sites/{site_id}/build_hooks", "createSiteBuildHook", body)
        self._keep_secret(hook)
        return hook

    def _keep_secret(self, hook: JsonObject) -> None:
        self.http.redactor.add(hook["id"], hook.get("url"))

    def update_build_hook(self, site_id: str, hook_id: str, body: JsonObject) -> None:
        """body: all of title, branch and draft, because the effect of omitting fields is not documented."""
        self.http.request("PUT", f"/sites/{site_id}/build_hooks/{hook_id}", operation="updateSiteBuildHook", body=body)

    def delete_build_hook(self, site_id: str, hook_id: str) -> None:
        self.delete_if_there("DELETE", f"/sites/{site_id}/build_hooks/{hook_id}", "deleteSiteBuildHook")


# -- notifications -----------------------------------------------------------------------------------------------------


def check_word(option: str, value: str) -> None:
    """Checks a type or event. Raises InvalidInput."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", value):
        raise InvalidInput(
            option, f"`{option}` must consist of a-z, 0-9 and '_', such as deploy_created, got {value!r}."
        )


def check_known(client: HooksClient, kind: str, event: str) -> None:
    """Raises InvalidInput for a type or event that Netlify does not list, if it returns a list."""
    try:
        listed = client.list_hook_types()
    except ApiError as error:
        if error.code in ("forbidden", "not_found"):
            return
        raise
    events = {row["name"]: row.get("events") or [] for row in listed if isinstance(row, dict) and row.get("name")}
    for option, value, known in (("type", kind, list(events)), ("event", event, events.get(kind) or [])):
        if known and value not in known:
            raise InvalidInput(option, f"`{option}` must be one of {', '.join(sorted(known))}, got {value!r}.")


def check_receiver(params: JsonObject, redactor: Redactor) -> None:
    """Checks the options url, email, signature_secret and data without a request."""
    url, kind = params["url"], params["type"]
    redactor.add_quoted(*url_secrets(url), *map(str, (params["data"] or {}).values()))
    spelling.check_keys("data", params["data"] or {})
    if url is not None and not is_web_url(url):
        raise InvalidInput("url", "`url` must begin with http:// or https://.")
    if params["email"] is not None and "@" not in params["email"].strip("@"):
        raise InvalidInput("email", f"`email` must be an email address, got {params['email']!r}.")
    doubled = sorted(set(SETTINGS) & set(params["data"] or {}))
    if doubled:
        raise InvalidInput(
            "data", f"`data` must not contain {', '.join(doubled)}. Use the option of the same name instead."
        )
    target = TARGETS.get(kind)
    if target and params[target] is None and params["hook_id"] is None:
        raise InvalidInput(
            target,
            f"`{target}` is required with `type: {kind}`. It is the receiver of the notification, and identifies it.",
        )
    for option in ("url", "email"):
        if kind in TARGETS and option != target and params[option] is not None:
            raise InvalidInput(option, f"`{option}` and `type: {kind}` are mutually exclusive.")
    if params[SECRET] is not None and kind not in (None, "url"):
        raise InvalidInput(
            SECRET, f"`{SECRET}` requires `type: url`, because Netlify does not sign other notifications."
        )


def url_secrets(url: str | None) -> list[str]:
    """The secret parts of a URL: everything after its host, alone and with the rest of the URL."""
    if not url:
        return []
    behind = url.partition("://")[2].partition("/")[2]
    return [url, behind] if behind else []


def shown_url(url: str | None) -> str | None:
    """The URL up to its host, without user name and password."""
    if not url:
        return None
    if not is_web_url(url):
        return MASK
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    has_more = parts.path.strip("/") or parts.query or parts.fragment
    return f"{parts.scheme}://" + (f"{MASK}@" if "@" in parts.netloc else "") + host + (f"/{MASK}" if has_more else "")


def hook_view(hook: JsonObject, form: str | None = None) -> JsonObject:
    """form: the task's reference to the form, which the view keeps if it is the form of the hook."""
    data = hook.get("data") or {}
    return {
        **{key: hook.get(key) for key in _KEYS},
        "url": shown_url(data.get("url")),
        "email": data.get("email"),
        "form": form if form and is_of_form(hook, form) else hook.get("form_name") or hook.get("form_id"),
        "enabled": not hook.get("disabled"),
    }


def find_hook(client: HooksClient, params: JsonObject) -> JsonObject | None:
    """Finds a notification by the option hook_id, or by its identifying options."""
    site, hook_id = params["site"], params["hook_id"]
    listed = hooks_of(client, site)
    if hook_id is None:
        return _the_hook(listed, params)
    missing = f"The notification {hook_id} of the site {site} does not exist. To create a notification, omit `hook_id`."
    return _with_id(listed, params, missing, "listHooksBySiteId")


def _with_id(listed: list[JsonObject], params: JsonObject, missing: str, operation: str) -> JsonObject | None:
    """The hook with the option hook_id. Raises ApiError, with the message missing, if state=present requires it."""
    found = next((hook for hook in listed if hook["id"] == params["hook_id"]), None)
    if found is None and params["state"] == "present":
        raise not_found(missing, operation, sought=params["hook_id"])
    return found


def hooks_of(client: HooksClient, reference: str) -> list[JsonObject]:
    site_id = client.site_id_of(reference)
    try:
        hooks = client.list_hooks(site_id)
    except ApiError as error:
        if error.status != 404:
            raise
        raise no_site(reference, "listHooksBySiteId") from None
    for hook in hooks:
        client.http.redactor.add_quoted(*url_secrets((hook.get("data") or {}).get("url")))
    return hooks


def is_of_form(hook: JsonObject, form: str | None) -> bool:
    """form: a name or an id; None for any; an empty text for a notification that is not limited to a form."""
    if not form:
        return form is None or not hook.get("form_id")
    return form in (hook.get("form_id"), hook.get("form_name"))


def hooks_alike(client: HooksClient, params: JsonObject) -> list[JsonObject]:
    """The notifications that the identifying options select, oldest first."""
    return _in_order([hook for hook in hooks_of(client, params["site"]) if _fits(hook, params)])


def _fits(hook: JsonObject, params: JsonObject) -> bool:
    data = hook.get("data") or {}
    return (
        hook.get("type") == params["type"]
        and hook.get("event") == params["event"]
        and is_of_form(hook, params["form"])
        and all(params[name] in (None, data.get(name)) for name in ("url", "email"))
    )


def _in_order(hooks: list[JsonObject]) -> list[JsonObject]:
    """Oldest first; those of the same moment stay in the order in which they are listed."""
    return sorted(hooks, key=lambda hook: str(hook.get("created_at")))


def _the_hook(hooks: list[JsonObject], params: JsonObject) -> JsonObject | None:
    """Finds a notification by type, event, receiver, and form if it is declared. Raises PaasError, listing them, if
    there are several.
    """
    found = [hook for hook in hooks if _fits(hook, params)]
    if len(found) > 1:
        shown = "; ".join(
            f"id {hook['id']}, form {hook.get('form_name') or 'any'}, created {hook.get('created_at')}"
            for hook in found
        )
        raise PaasError(
            f"The site has {len(found)} notifications of the type {params['type']} for the event {params['event']} "
            f"with this receiver: {shown}. Select one with `hook_id`.",
            code="ambiguous",
        )
    return found[0] if found else None


def hook_body(hook: JsonObject, changes: JsonObject, data: JsonObject, is_disabled: bool) -> JsonObject:
    """The body of POST and PUT. hook: its current state, {} for a new one; omitted settings could be lost.

    data: its settings that are declared.
    """
    body = {
        "type": hook.get("type") or changes["type"],
        "event": changes.get("event") or hook["event"],
        "data": {**(hook.get("data") or {}), **data},
        # Only in the public OpenAPI; the command line client does not send it.
        **({"disabled": True} if is_disabled else {}),
    }
    form = changes["form"] or "" if "form" in changes else hook.get("form_id")
    if form is not None:
        body["form_id" if not form or FORM_ID.fullmatch(form) else "form_name"] = form or None
    return body


@contextlib.contextmanager
def explained(params: JsonObject) -> Iterator[None]:
    """Adds the usual reason to a refusal."""
    try:
        yield
    except ApiError as error:
        if error.status == 404 and params["form"]:
            error.message += (
                f" Check that the site has a form {params['form']!r}. Netlify creates forms from deployed pages."
            )
        elif error.status == 422 and params["url"]:
            error.message += (
                " The URL must have a public host, not a private address, because Netlify sends requests from the "
                "internet."
            )
        raise


# -- build hooks -------------------------------------------------------------------------------------------------------


def build_hook_view(hook: JsonObject, reveal: bool) -> JsonObject:
    """The view, without the ID, which would disclose the URL. The URL is C(secret), if it is to be revealed."""
    view = {key: hook.get(key) for key in ("site_id", *BUILD_HOOK_FIELDS, "created_at")}
    return {**view, "draft": bool(view["draft"]), "secret": hook.get("url") if reveal else None}


def check_secret_id(option: str, value: str) -> None:
    """Checks the ID of a build hook; the message does not quote it."""
    with contextlib.suppress(InvalidInput):
        return check_id(option, value)
    raise InvalidInput(option, f"`{option}` must be the last part of a build hook's URL: letters, digits, '-' and '_'.")


# Masked only at its place, because a revealed URL contains it.
SECRET_ID = dict(type="str", no_log=True, mask=masked_whole, check=check_secret_id, own_id=True)


def build_hooks_of(client: HooksClient, site: str) -> list[JsonObject]:
    """All build hooks of a site, as the platform returns them. Raises InvalidInput if the site does not exist."""
    with below_site(site):
        return client.list_build_hooks(address_of(site))


def find_build_hook(client: HooksClient, params: JsonObject) -> JsonObject | None:
    """Finds a build hook by the option hook_id or by title."""
    site = params["site"]
    listed = build_hooks_of(client, site)
    if params["hook_id"] is None:
        return _the_build_hook(listed, params["title"])
    missing = (
        f"The build hook `hook_id` of the site {site} does not exist. To create a build hook, set `title` and omit "
        "`hook_id`."
    )
    return _with_id(listed, params, missing, "listSiteBuildHooks")


def build_hooks_alike(client: HooksClient, params: JsonObject) -> list[JsonObject]:
    """The build hooks with the title, oldest first."""
    return _in_order([hook for hook in build_hooks_of(client, params["site"]) if hook.get("title") == params["title"]])


def _the_build_hook(hooks: list[JsonObject], title: str) -> JsonObject | None:
    found = [hook for hook in hooks if hook.get("title") == title]
    if len(found) > 1:
        shown = "; ".join(
            f"branch {hook.get('branch')}"
            + (", draft" if hook.get("draft") else "")
            + f", created {hook.get('created_at')}"
            for hook in found
        )
        raise PaasError(
            f"The site has {len(found)} build hooks with the title {title!r}: {shown}. Select one with `hook_id`, the "
            "last part of its URL.",
            code="ambiguous",
        )
    return found[0] if found else None


def _build_hooks(client: HooksClient, site: str | None) -> Iterator[Member]:
    for row in build_hooks_of(client, str(site)):
        yield Member(row["id"], {"hook_id": row["id"], **({"title": row["title"]} if row.get("title") else {})})


def _hooks(client: HooksClient, site: str | None) -> Iterator[Member]:
    for row in client.list_hooks(client.site_id_of(str(site))):
        yield Member(row["id"], {"hook_id": row["id"], "type": row["type"], "event": row["event"]})


BUILD_HOOKS = Members("site", "site", HooksClient.site_id_of, _build_hooks)
HOOKS = Members("site", "site", HooksClient.site_id_of, _hooks)
