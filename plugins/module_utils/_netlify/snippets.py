# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snippets of a site as declared state, one or all of them. PRIVATE to the collection.

A snippet has no name but its title, which Netlify does not keep unique, and an id that may be another snippet's after
a deletion: no source says. So a snippet is found by its title in a list that was just read, and a call that was perhaps
processed is never repeated before the list was read again.
"""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._core import compare as _compare
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.wait import create_once
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import address_of, below_site

# What a new snippet has in the fields that are not declared. A missing position is the footer (Netlify's larger OpenAPI).
DEFAULTS = {"general": None, "general_position": "footer", "goal": None, "goal_position": "footer"}
FIELDS = ("title", *DEFAULTS)
# Of a snippet's code so much is quoted in a message.
QUOTED = 40


def snippet_view(snippet: dict) -> dict:
    """{id, title, general, general_position, goal, goal_position}; id may be 0, and an empty text is null."""
    return {
        "id": snippet.get("id"),
        "title": snippet.get("title"),
        **{key: snippet.get(key) or default for key, default in DEFAULTS.items()},
    }


def check_title(option: str, title: str | None) -> None:
    if title is not None and not title.strip():
        raise InvalidInput(option, f"{option} must not be empty: a snippet is found by its title.")


def without_id(snippet: dict) -> dict:
    return {key: snippet[key] for key in FIELDS}


def listed(client, site: str) -> list:
    """All snippets of a site, named in any way, in one read."""
    with below_site(site):
        return [snippet_view(snippet) for snippet in client.list_snippets(address_of(site))]


def the_one(snippets: list, title: str) -> dict | None:
    """The snippet of that title; several are an error that lists them."""
    found = [snippet for snippet in snippets if snippet["title"] == title]
    if len(found) > 1:
        raise _ambiguous(title, found)
    return found[0] if found else None


def _ambiguous(title: str, found: list) -> PaasError:
    shown = "; ".join(f"id {snippet['id']}: {_beginning(snippet)}" for snippet in found)
    return PaasError(
        f"The site has {len(found)} snippets with the title {title!r}, so the title does not say which one is meant: {shown}. Name one of "
        "them by its id, or let webops.paas.netlify_snippets with purge=true leave one.",
        code="ambiguous",
    )


def _beginning(snippet: dict) -> str:
    text = " ".join((snippet["general"] or snippet["goal"] or "").split())
    return repr(text if len(text) <= QUOTED else text[:QUOTED] + " [...]")


def create(client, site: str, wanted: dict) -> dict:
    """wanted: title and any of the other fields. To be called through create_once."""
    return snippet_view(client.create_snippet(address_of(site), _body({**DEFAULTS, **wanted})))


def replace(client, site: str, snippet: dict, changes: dict) -> None:
    """Sends all fields: a PUT may empty those that it lacks."""
    client.update_snippet(address_of(site), snippet["id"], _body({**snippet, **changes}))


def delete(client, site: str, snippet: dict, among: list) -> None:
    """Deletes one snippet, and never another in its place. among: the list that it was found in."""

    def alike(snippets: list) -> list:
        return [each for each in snippets if without_id(each) == without_id(snippet)]

    target, twins = snippet, len(alike(among))

    def is_gone():
        nonlocal target
        left = alike(listed(client, site))
        if len(left) < twins:
            return True
        target = left[-1]
        return None

    create_once(lambda: client.delete_snippet(address_of(site), target["id"]), is_gone, client.http.clock)


def by_title(snippets: list) -> list:
    """Without ids, in an order that does not depend on them."""
    return sorted(map(without_id, snippets), key=lambda snippet: [str(snippet[key] or "") for key in FIELDS])


def sides(steps: list) -> tuple[dict, dict]:
    """(before, after) of a diff, by title; the second of a title carries its id too."""
    before, after = {}, {}
    for _verb, snippet, wanted in steps:
        title = (snippet or wanted)["title"]
        name = f"{title} (id {snippet['id']})" if title in before else title
        if snippet is not None:
            before[name] = without_id(snippet)
        if wanted is not None:
            after[name] = without_id(wanted)
    return before, after


def _body(snippet: dict) -> dict:
    return {key: snippet[key] or "" for key in FIELDS}


class Declaration:
    """The snippets that a site shall have, and with purge no others.

    wanted: [{title, and any of the other fields, null when not declared}]; titles are unique.
    """

    def __init__(self, wanted: list, purge: bool) -> None:
        self.wanted = [_compare.without_nulls(each) for each in wanted]
        self.purge = purge

    def steps(self, current: list) -> list:
        """What is to be done, the deletions last, from the highest id down: [(verb, the snippet or None, what it will be or None)]."""
        steps, kept = [], []
        for wanted in self.wanted:
            found = self._found(current, wanted)
            after = {**(found or DEFAULTS), **{key: value or None for key, value in wanted.items()}}
            if found is None:
                steps.append(("created", None, {"id": None, **after}))
            else:
                kept.append(found["id"])
                if after != found:
                    steps.append(("updated", found, after))
        surplus = [snippet for snippet in current if snippet["id"] not in kept] if self.purge else []
        return steps + [
            ("deleted", snippet, None) for snippet in sorted(surplus, key=lambda snippet: snippet["id"], reverse=True)
        ]

    def _found(self, current: list, wanted: dict) -> dict | None:
        """With purge the twins of a title go, and the one stays that is as wanted."""
        if not self.purge:
            return the_one(current, wanted["title"])
        twins = [snippet for snippet in current if snippet["title"] == wanted["title"]]
        return next(
            (snippet for snippet in twins if all(snippet[key] == (value or None) for key, value in wanted.items())),
            twins[0] if twins else None,
        )

    @staticmethod
    def after(current: list, steps: list) -> list:
        """What the site has when the steps are done."""
        done = {snippet["id"]: after for _verb, snippet, after in steps if snippet is not None}
        stays = [done.get(snippet["id"], snippet) for snippet in current]
        return [snippet for snippet in stays if snippet is not None] + [
            after for verb, _snippet, after in steps if verb == "created"
        ]

    def bring_about(self, client, site: str, current: list) -> list:
        """One step at a time, each decided on a list that was just read. Returns the last list."""
        before = None
        while steps := self.steps(current):
            verb, snippet, after = steps[0]
            if steps[0] == before:
                raise PaasError(
                    f"The platform accepted that the snippet {(snippet or after)['title']!r} be {verb}, but it is not.",
                    code="not_applied",
                )
            if verb == "created":
                create_once(
                    lambda: create(client, site, after),
                    lambda: the_one(listed(client, site), after["title"]),
                    client.http.clock,
                )
            elif verb == "updated":
                replace(client, site, snippet, after)
            else:
                delete(client, site, snippet, current)
            before, current = steps[0], listed(client, site)
        return current
