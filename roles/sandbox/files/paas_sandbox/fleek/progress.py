# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a deploy moves through its states, and what its log says.

fleek 4 [DOC][INFER]: queued (IN_PROGRESS, startedAt null), running, then DEPLOYED, FAILED or CANCELLED. What is due by
the clock of the sandbox happens at the next request.
"""

from __future__ import annotations

from ..core.clock import iso
from . import website
from .ipfs import BadCid, Node
from .model import Deploy, Site
from .state import State


def settle(state: State, now: float) -> None:
    """Let everything happen that is due, in the order of time."""
    while state.moving:
        deploy = min(state.moving, key=_next)
        if _next(deploy) > now:
            return
        if deploy.started_at is None:
            deploy.started_at = deploy.starts_at
        else:
            state.moving.discard(deploy)
            _finish(state, deploy)


def plan(state: State, deploy: Deploy, now: float) -> None:
    """Queue a deploy, a new one or one to be done again."""
    settings = state.ground.settings
    start = now + settings["fleek_queue_seconds"]
    result = "FAILED" if deploy.flaw else state.ground.switches["fleek_deploy_result"].upper()
    schedule(state, deploy, start, start + settings["fleek_build_seconds"], result)
    settle(state, now)


def schedule(state: State, deploy: Deploy, start: float, end: float, result: str) -> None:
    deploy.starts_at, deploy.ends_at, deploy.result = start, end, result
    deploy.failure = deploy.flaw
    deploy.filler = int(state.ground.settings["fleek_log_lines"])
    deploy.status, deploy.started_at, deploy.completed_at, deploy.content = "IN_PROGRESS", None, None, None
    state.moving.add(deploy)


def publish(state: State, site: Site, deploy: Deploy) -> None:
    site.published = deploy
    if site.cached is None or state.ground.switches["fleek_cdn"] == "purged_by_deploy":
        site.cached = deploy


def log(deploy: Deploy) -> str | None:
    """Nothing while queued. Builds print what they find in their environment, here in the first and the last lines."""
    if deploy.started_at is None:
        return None
    site = deploy.site
    variables = [f"{variable['name']}={variable['value'] or ''}" for variable in site.environment]
    lines = [f"{iso(deploy.started_at)}: Build of {site.name} started"]
    if deploy.source.repository is not None:
        lines += [
            f"Cloning into '{deploy.repository['name']}' ({deploy.source.repository.url})",
            f"Checking out {deploy.repository['commit']} of {deploy.repository['branch']}",
            *(f"export {variable}" for variable in variables),
            f"$ {site.build_settings['buildCommand'] or 'true'}",
            *(f"[{number}/{deploy.filler}] page {number} rendered" for number in range(1, deploy.filler + 1)),
        ]
    else:
        lines.append(f"Pinning {deploy.source.cid}")
    if deploy.status == "DEPLOYED":
        lines += ["Uploaded to IPFS" if deploy.content else "Uploaded to the Internet Computer", "Deploy complete"]
    elif deploy.status == "FAILED":
        lines += [
            *(f"in environment: {variable}" for variable in variables),
            f"Error: {deploy.failure or 'the build command ended with exit status 1'}",
        ]
    elif deploy.status == "CANCELLED":
        lines.append("Deploy cancelled")
    return "\n".join(lines) + "\n"


def _next(deploy: Deploy) -> float:
    return deploy.starts_at if deploy.started_at is None else deploy.ends_at


def _finish(state: State, deploy: Deploy) -> None:
    site = deploy.site
    deploy.completed_at, deploy.status = deploy.ends_at, deploy.result
    if deploy.status == "DEPLOYED":
        try:
            deploy.content = _content(state, deploy)
        except (BadCid, LookupError) as error:
            deploy.status, deploy.failure = "FAILED", str(error.args[0])
    if deploy.status == "DEPLOYED" and deploy.auto_publish:
        site.updated_at = deploy.ends_at
        publish(state, site, deploy)


def _content(state: State, deploy: Deploy) -> Node | None:
    """What was built. Raises BadCid or LookupError for a CID that cannot be pinned."""
    if deploy.site.platform != "ipfs":
        return None
    if deploy.source.repository is not None:
        return state.blocks.add_tree(website.build(deploy.site.name, deploy.repository))
    node = state.blocks.find(deploy.source.cid or "")
    if node is None:
        raise LookupError(f"no node of IPFS has {deploy.source.cid}")
    return node
