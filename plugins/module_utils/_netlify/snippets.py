# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snippets of a site as declared state, one or all of them. PRIVATE to the collection.

The titles of snippets are not unique, and it is not documented whether IDs change after a deletion. So a snippet is
found by its title in a list that was just read, and a request that may have been processed is not retried before the
list is read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.members import Member, Members
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import create_once
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import (
    NetlifyClient,
    address_of,
    below_site,
    not_found,
)

# Fields of a new snippet that are not declared. A missing position is the footer (Netlify's larger OpenAPI).
DEFAULTS = {"general": None, "general_position": "footer", "goal": None, "goal_position": "footer"}
FIELDS = ("title", *DEFAULTS)
# Maximum length of quotations of code in messages.
QUOTED = 40


class SnippetsClient(NetlifyClient):
    def list_snippets(self, site_id: str) -> list[JsonObject]:
        return self._list(f"/sites/{part(site_id)}/snippets", "listSiteSnippets")

    def create_snippet(self, site_id: str, body: JsonObject) -> JsonObject:
        return self.json_object("POST", f"/sites/{part(site_id)}/snippets", "createSiteSnippet", body)

    def update_snippet(self, site_id: str, snippet_id: int, body: JsonObject) -> None:
        """body: all fields, because omitted fields may be cleared. The larger OpenAPI requires the ID in it too."""
        self.http.request(
            "PUT",
            f"/sites/{part(site_id)}/snippets/{snippet_id}",
            operation="updateSiteSnippet",
            body={"id": snippet_id, **body},
        )

    def delete_snippet(self, site_id: str, snippet_id: int) -> None:
        """Not retried blindly, because the ID may belong to another snippet afterwards."""
        self.http.request(
            "DELETE", f"/sites/{part(site_id)}/snippets/{snippet_id}", operation="deleteSiteSnippet", idempotent=False
        )


def snippet_view(snippet: JsonObject) -> JsonObject:
    """{id, title, general, general_position, goal, goal_position}; id can be 0, and an empty text is null."""
    return {
        "id": snippet.get("id"),
        "title": snippet.get("title"),
        **{key: snippet.get(key) or default for key, default in DEFAULTS.items()},
    }


def check_title(option: str, title: str | None) -> None:
    if title is not None and not title.strip():
        raise InvalidInput(option, f"`{option}` must not be empty, because snippets are identified by their titles.")


# The argument spec of a snippet.
POSITION = dict(type="str", choices=["head", "footer"])
OPTIONS: dict[str, JsonObject] = {
    "title": dict(type="str", check=check_title),
    "general": dict(type="str"),
    "general_position": POSITION,
    "goal": dict(type="str"),
    "goal_position": POSITION,
}


def without_id(snippet: JsonObject) -> JsonObject:
    return {key: snippet[key] for key in FIELDS}


def listed(client: SnippetsClient, site: str) -> list[JsonObject]:
    """All snippets of a site, by any reference, in one request."""
    with below_site(site):
        return [snippet_view(snippet) for snippet in client.list_snippets(address_of(site))]


def the_one(snippets: Iterable[JsonObject], title: str) -> JsonObject | None:
    """The snippet with the title. Raises PaasError, listing them, if there are several."""
    found = [snippet for snippet in snippets if snippet["title"] == title]
    if len(found) > 1:
        raise _ambiguous(title, found)
    return found[0] if found else None


def _ambiguous(title: str, found: list[JsonObject]) -> PaasError:
    shown = "; ".join(f"id {snippet['id']}: {_beginning(snippet)}" for snippet in found)
    return PaasError(
        f"The site has {len(found)} snippets with the title {title!r}: {shown}. Select one by its ID, or remove "
        "duplicates with `purge: true` of webops.paas.netlify_snippets.",
        code="ambiguous",
    )


def _beginning(snippet: JsonObject) -> str:
    text = " ".join((snippet["general"] or snippet["goal"] or "").split())
    return repr(text if len(text) <= QUOTED else text[:QUOTED] + " [...]")


def find(client: SnippetsClient, params: JsonObject) -> JsonObject | None:
    """The snippet that the options snippet_id or title select, with its C(siblings), including itself.

    Raises ApiError if state=present selects an ID that does not exist.
    """
    siblings, site, snippet_id = listed(client, params["site"]), params["site"], params["snippet_id"]
    if snippet_id is None:
        found = the_one(siblings, params["title"])
    else:
        found = next((snippet for snippet in siblings if snippet["id"] == snippet_id), None)
        if found is None and params["state"] == "present":
            raise not_found(
                f"The snippet {snippet_id} of the site {site} does not exist. To create a snippet, set `title` and "
                "omit its ID.",
                "listSiteSnippets",
                sought=snippet_id,
            )
    return found and {**found, "siblings": siblings}


def found(snippets: Iterable[JsonObject], wanted: JsonObject, purge: bool) -> JsonObject | None:
    """The snippet of a declared one. With purge, duplicates of a title are deleted, and the one that is as declared is
    kept.
    """
    if not purge:
        return the_one(snippets, wanted["title"])
    twins = [snippet for snippet in snippets if snippet["title"] == wanted["title"]]
    return next(
        (snippet for snippet in twins if all(snippet[key] == (value or None) for key, value in wanted.items())),
        twins[0] if twins else None,
    )


def alike(snippets: Iterable[JsonObject], title: str) -> list[JsonObject]:
    """The snippets with the title, oldest first, with their C(siblings)."""
    siblings = list(snippets)
    return [{**snippet, "siblings": siblings} for snippet in siblings if snippet["title"] == title]


def create(client: SnippetsClient, site: str, wanted: JsonObject) -> JsonObject:
    """wanted: title and any of the other fields. Call this through create_once."""
    return snippet_view(client.create_snippet(address_of(site), _body({**DEFAULTS, **wanted})))


def replace(client: SnippetsClient, site: str, snippet: JsonObject) -> None:
    """Sends all fields, because a PUT may clear omitted ones."""
    client.update_snippet(address_of(site), snippet["id"], _body(snippet))


def delete(client: SnippetsClient, site: str, snippet: JsonObject, among: list[JsonObject]) -> None:
    """Deletes one snippet, and never another one. among: the list in which it was found."""

    def alike(snippets: list[JsonObject]) -> list[JsonObject]:
        return [each for each in snippets if without_id(each) == without_id(snippet)]

    target, twins = snippet, len(alike(among))

    def is_gone() -> bool | None:
        nonlocal target
        left = alike(listed(client, site))
        if len(left) < twins:
            return True
        target = left[-1]
        return None

    create_once(lambda: client.delete_snippet(address_of(site), target["id"]), is_gone, client.http.clock)


def by_title(snippets: Iterable[JsonObject]) -> list[JsonObject]:
    """The snippets without IDs, in an order that does not depend on them."""
    return sorted(map(without_id, snippets), key=lambda snippet: [str(snippet[key] or "") for key in FIELDS])


def _body(snippet: JsonObject) -> JsonObject:
    return {key: snippet[key] or "" for key in FIELDS}


def _snippets(client: SnippetsClient, site: str | None) -> Iterator[Member]:
    """By title where that is certain: IDs may change when another snippet is deleted."""
    found = listed(client, str(site))
    titles = Counter(snippet["title"] for snippet in found)
    for snippet in sorted(found, key=lambda snippet: int(snippet["id"]), reverse=True):
        if snippet["title"] and titles[snippet["title"]] == 1:
            yield Member(snippet["id"], {"title": snippet["title"]})
        elif snippet["title"]:
            contents = {key: value or "" for key, value in without_id(snippet).items()}
            yield Member(snippet["id"], {**contents, "snippet_id": snippet["id"]})


SNIPPETS = Members("site", "site", SnippetsClient.site_id_of, _snippets)
SNIPPET_SETS = Members("site", "site", SnippetsClient.site_id_of, empty={"snippets": []})
