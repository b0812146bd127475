# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a deploy moves through its states.

fact: netlify 2 [S][G][Go]: new; preparing and prepared when asynchronous; uploading while contents are missing;
uploaded, processing, processed, ready. States that pass by themselves are planned on the deploy's timeline and
entered when the clock is past them, whenever somebody looks.
"""

from __future__ import annotations

from . import notify, postprocessing
from .model import Deploy
from .state import State

TAKES_MANIFEST = ("new", "preparing", "prepared", "uploading")
TAKES_UPLOADS = ("prepared", "uploading", "uploaded", "processing", "processed", "ready")
EVENTS = {
    "building": "deploy_building",
    "ready": "deploy_created",
    "error": "deploy_failed",
    "rejected": "deploy_failed",
}
ENDED = ("ready", "error", "rejected", "canceled")


def settle(state: State, now: float) -> None:
    """Let everything happen that is due, in the order of time."""
    while state.moving:
        deploy = min(state.moving, key=lambda moving: moving.timeline[0][0])
        moment, name = deploy.timeline[0]
        if moment > now:
            return
        deploy.timeline.pop(0)
        _enter(state, deploy, name, moment)
        if not deploy.timeline:
            state.moving.discard(deploy)


def take_manifest(state: State, deploy: Deploy, asynchronous: bool, now: float) -> None:
    """A list of files was sent, for the first time or again."""
    if asynchronous:
        wait = state.ground.settings["deploy_preparing_seconds"]
        _enter(state, deploy, "preparing", now)
        _plan(state, deploy, [(now + wait, "prepared")])
    else:
        _compare(state, deploy)
        if deploy.is_complete:
            start_processing(state, deploy, now)
        else:
            _enter(state, deploy, "uploading", now)
            _plan(state, deploy, [])
    settle(state, now)


def took_upload(state: State, deploy: Deploy, digest: str, now: float) -> None:
    """Contents have arrived; with the last of them processing starts by itself."""
    state_before = deploy.state
    deploy.site.account.known.add(digest)
    deploy.missing.pop(digest, None)
    deploy.missing_functions.pop(digest, None)
    deploy.missing_edge_functions.pop(digest, None)
    if state_before not in ("prepared", "uploading"):
        return
    if deploy.is_complete:
        start_processing(state, deploy, now)
        settle(state, now)
    elif state_before == "prepared":
        _enter(state, deploy, "uploading", now)


def start_processing(state: State, deploy: Deploy, start: float) -> None:
    _plan(state, deploy, _processing(state, start))


def start_build(state: State, deploy: Deploy, start: float) -> None:
    """A deploy whose files are made by the platform itself."""
    _enter(state, deploy, "enqueued", start)
    end = start + state.ground.settings["build_seconds"]
    succeeds = state.ground.switches["build_result"] == "ready"
    _plan(
        state,
        deploy,
        [(start + (end - start) * 0.2, "building"), *(_processing(state, end) if succeeds else [(end, "error")])],
    )
    settle(state, start)


def _processing(state: State, start: float) -> list[tuple[float, str]]:
    duration = state.ground.settings["deploy_processing_seconds"]
    result = state.ground.switches["deploy_result"]
    steps = [(start, "uploaded"), (start + duration * 0.2, "processing")]
    if result == "ready":
        steps.append((start + duration * 0.8, "processed"))
    return [*steps, (start + duration, result)]


def fail(state: State, deploy: Deploy, name: str, message: str, now: float) -> None:
    """End a deploy without success."""
    _plan(state, deploy, [])
    deploy.error_message = message
    _enter(state, deploy, name, now)


def publish(deploy: Deploy, now: float) -> None:
    """Make a deploy the site's published one."""
    deploy.site.published = deploy
    deploy.site.updated_at = now
    deploy.published_at = now


def _plan(state: State, deploy: Deploy, steps: list[tuple[float, str]]) -> None:
    deploy.timeline = steps
    if steps:
        state.moving.add(deploy)
    else:
        state.moving.discard(deploy)


def _compare(state: State, deploy: Deploy) -> None:
    """What the account does not have yet.

    fact: netlify 2 [C]: the server decides which bundles of edge functions it requires, beside their files
    """
    known = deploy.site.account.known
    deploy.missing = {digest: None for digest in deploy.manifest.values() if digest not in known}
    deploy.missing_functions = {digest: None for digest in deploy.functions.values() if digest not in known}
    are_required = state.ground.switches["edge_function_bundles"] == "required"
    bundles = deploy.edge_functions.values() if are_required else ()
    deploy.missing_edge_functions = {digest: None for digest in bundles if digest not in known}


def _enter(state: State, deploy: Deploy, name: str, moment: float) -> None:
    before, deploy.state = deploy.state, name
    deploy.updated_at = moment
    if name == "prepared":
        _compare(state, deploy)
        if deploy.is_complete:
            start_processing(state, deploy, moment + state.ground.settings["deploy_preparing_seconds"])
    elif name == "processed":
        postprocessing.run(state, deploy, moment)
    elif name == "ready":
        deploy.ready_at = moment
        _publish_if_due(state, deploy, moment)
    elif name in ("error", "rejected") and deploy.error_message is None:
        stage = "building site" if before == "building" else "processing"
        deploy.error_message = f"Failed during stage '{stage}': the sandbox is set to let it fail"
    if name in EVENTS:
        notify.deploy_event(state, deploy, EVENTS[name], moment)


def _publish_if_due(state: State, deploy: Deploy, moment: float) -> None:
    """fact: netlify 2 [C]: on a locked site a production deploy is processed, but not published"""
    if deploy.draft or deploy.side_branch:
        return
    locking = deploy.site.locking
    if locking is not None:
        if state.ground.switches["locked_site"] == "not_published":
            return
        locking.locked = False
    publish(deploy, moment)
