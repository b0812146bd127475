# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notifications of a site (hooks that tell others of its events). PRIVATE to the collection.

Source: Netlify's public OpenAPI. The receiver's URL often is a credential (Slack's are), so it leaves a module as far as its
host only.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import NetlifyClient, no_site
from ansible_collections.webops.paas.plugins.module_utils._netlify.forms import FORM_ID

SECRET = "signature_secret"
# What a notification of these types must know of its receiver.
TARGETS = {"url": "url", "slack": "url", "email": "email"}
# Those of a hook's own settings (data) that have options of their own.
SETTINGS = ("url", "email", SECRET)
_KEYS = ("id", "site_id", "type", "event", "form_id", "created_at", "updated_at")


class HooksClient(NetlifyClient):
    def list_hooks(self, site_id: str) -> list:
        """Of one site, which only its id names for certain."""
        return self.http.request(
            "GET", "/hooks", operation="listHooksBySiteId", query={"site_id": site_id}, shape=list
        ).data

    def create_hook(self, site_id: str, body: dict) -> dict:
        """The site goes into the query, where the public OpenAPI has it, and into the body, where the larger one does."""
        return self._object(
            "POST", "/hooks", "createHookBySiteId", {"site_id": site_id, **body}, query={"site_id": site_id}
        )

    def update_hook(self, hook_id: str, body: dict) -> dict:
        """body: all that the hook shall have; no source says what becomes of the rest."""
        return self._object("PUT", f"/hooks/{hook_id}", "updateHook", body)

    def enable_hook(self, hook_id: str) -> dict:
        return self._object("POST", f"/hooks/{hook_id}/enable", "enableHook", idempotent=True)

    def delete_hook(self, hook_id: str) -> None:
        self._gone("DELETE", f"/hooks/{hook_id}", "deleteHook")


def check_receiver(params: dict, redactor: Redactor) -> None:
    """The options url, email, signature_secret and data, as far as they can be judged here."""
    url, kind = params["url"], params["type"]
    redactor.add_quoted(*url_secrets(url), *map(str, (params["data"] or {}).values()))
    if url is not None and not _is_http(url):
        raise InvalidInput("url", "url must be a URL that begins with http:// or https://, and what was given is none.")
    if params["email"] is not None and "@" not in params["email"].strip("@"):
        raise InvalidInput("email", f"email must be a mail address, not {params['email']!r}.")
    doubled = sorted(set(SETTINGS) & set(params["data"] or {}))
    if doubled:
        raise InvalidInput("data", f"data must not have {', '.join(doubled)}: there are options of that name.")
    target = TARGETS.get(kind)
    if target and params[target] is None and params["hook_id"] is None:
        raise InvalidInput(
            target, f"{target} is needed with type={kind}: it says who is to be told, and which notification is meant."
        )
    for option in ("url", "email"):
        if kind in TARGETS and option != target and params[option] is not None:
            raise InvalidInput(option, f"{option} does not go with type={kind}.")
    if params[SECRET] is not None and kind not in (None, "url"):
        raise InvalidInput(SECRET, f"{SECRET} goes with type=url only: Netlify signs no other notifications.")


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable() and " " not in url
    except ValueError:
        return False


def url_secrets(url: str | None) -> list:
    """What of a URL is to be kept out of messages: all that lies behind its host, alone and as part of the whole."""
    if not url:
        return []
    behind = url.partition("://")[2].partition("/")[2]
    return [url, behind] if behind else []


def shown_url(url: str | None) -> str | None:
    """The URL up to its host; a name and password in front of that are masked, too."""
    if not url:
        return None
    if not _is_http(url):
        return Redactor.MASK
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    has_more = parts.path.strip("/") or parts.query or parts.fragment
    return (
        f"{parts.scheme}://"
        + (f"{Redactor.MASK}@" if "@" in parts.netloc else "")
        + host
        + (f"/{Redactor.MASK}" if has_more else "")
    )


def hook_view(hook: dict, form: str | None = None) -> dict:
    """form: how the task names the form; it keeps that name when it is the hook's."""
    data = hook.get("data") or {}
    return {
        **{key: hook.get(key) for key in _KEYS},
        "url": shown_url(data.get("url")),
        "email": data.get("email"),
        "form": form if form and is_of_form(hook, form) else hook.get("form_name") or hook.get("form_id"),
        "enabled": not hook.get("disabled"),
    }


def hooks_of(client: HooksClient, reference: str, site_id: str) -> list:
    """reference: how the task names the site."""
    try:
        hooks = client.list_hooks(site_id)
    except ApiError as error:
        if error.status != 404:
            raise
        raise no_site(reference, "listHooksBySiteId") from None
    for hook in hooks:
        client.http.redactor.add_quoted(*url_secrets((hook.get("data") or {}).get("url")))
    return hooks


def is_of_form(hook: dict, form: str | None) -> bool:
    """form: a name or an id; None for any; an empty text for a notification that is not limited to a form."""
    if not form:
        return form is None or not hook.get("form_id")
    return form in (hook.get("form_id"), hook.get("form_name"))


def the_hook(hooks: list, params: dict) -> dict | None:
    """By type, event, receiver, and form if that is declared; several are an error that lists them."""

    def fits(hook: dict) -> bool:
        data = hook.get("data") or {}
        return (
            hook.get("type") == params["type"]
            and hook.get("event") == params["event"]
            and is_of_form(hook, params["form"])
            and all(params[name] in (None, data.get(name)) for name in ("url", "email"))
        )

    found = [hook for hook in hooks if fits(hook)]
    if len(found) > 1:
        shown = "; ".join(
            f"id {hook['id']}, form {hook.get('form_name') or 'any'}, created {hook.get('created_at')}"
            for hook in found
        )
        raise PaasError(
            f"The site has {len(found)} such notifications ({params['type']}, {params['event']}), so it is not clear which one is meant: {shown}. "
            "Name one of them with hook_id.",
            code="ambiguous",
        )
    return found[0] if found else None


def form_body(form: str) -> dict:
    """How the API takes a form."""
    return {"form_id" if not form or FORM_ID.fullmatch(form) else "form_name": form or None}


def explained(error: ApiError, params: dict) -> ApiError:
    """With what the refusal of a notification usually means."""
    if error.status == 404 and params["form"]:
        error.message += f" Has the site a form {params['form']!r}? Netlify makes forms from deployed pages."
    elif error.status == 422 and params["url"]:
        error.message += " Netlify calls from the internet: the URL must have a public host, and no private address."
    return error
