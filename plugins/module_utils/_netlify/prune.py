# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which deploys of a Netlify site are old enough to go. PRIVATE to the collection."""

from __future__ import annotations

import datetime

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.plugins.module_utils._netlify.deploys import BAD_STATES, GOOD_STATES

# Deploys that nobody works on any more. One in state new cannot be deleted: Netlify answers 405.
ENDED = GOOD_STATES | BAD_STATES
DAY = 86400
SHOWN = ("id", "title", "state", "branch", "context", "draft", "created_at")


def kind_of(deploy: dict) -> str:
    """draft, release, "branch NAME", or preview (of a pull request; goes with it)."""
    if deploy.get("draft"):
        return "draft"
    context = deploy.get("context")
    return (
        "release"
        if context in (None, "production")
        else f"branch {deploy.get('branch')}"
        if context == "branch-deploy"
        else "preview"
    )


def view(deploy: dict) -> dict:
    return {key: deploy.get(key) for key in SHOWN}


def doomed(deploys, live_id: str | None, params: dict, now: float) -> list:
    """The deploys that may go, the oldest first.

    deploys: newest first. now: seconds since the epoch. params: drafts, releases, branches, states, keep, older_than_days.
    """
    wanted = {f"branch {name}" for name in params["branches"] or []}
    wanted |= {kind for kind, option in (("draft", "drafts"), ("release", "releases")) if params[option]}
    states = (
        ENDED
        if params["states"] is None
        else set(params["states"]) | (GOOD_STATES if "ready" in params["states"] else set())
    )
    before = _text_of(now - (params["older_than_days"] or 0) * DAY)
    number_of: dict = {}
    found = []
    for deploy in deploys:
        kind = kind_of(deploy)
        if kind not in wanted or deploy.get("state") not in states:
            continue
        number_of[kind] = number_of.get(kind, 0) + 1
        is_live = deploy["id"] == live_id
        if (
            not is_live
            and number_of[kind] > (params["keep"] or 0)
            and (params["older_than_days"] is None or deploy["created_at"] < before)
        ):
            found.append(deploy)
    return found[::-1]


def _text_of(moment: float) -> str:
    """As Netlify writes times, so that they can be compared as texts."""
    return (
        datetime.datetime.fromtimestamp(max(moment, 0), datetime.timezone.utc)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


def delete(client, site_id: str, deploy: dict, warn) -> bool:
    """Whether it is gone. Netlify refuses to delete what went live in the meantime."""
    try:
        client.delete_deploy(deploy["id"])
    except ApiError as error:
        site = client.get_site(site_id) if error.status in (403, 405, 422) else None
        if site is None or (site.get("published_deploy") or {}).get("id") != deploy["id"]:
            raise
        warn(f"The deploy {deploy['id']} went live in the meantime and stays.")
        return False
    return True
