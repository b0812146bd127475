# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating deploys: by triggerDeploy, by retryDeploy, by a push."""

from __future__ import annotations

import dataclasses

from . import progress
from .model import Commit, Deploy, GitRepository, Site, Source
from .state import State


class UnknownCommit(LookupError):
    """The repository does not have the commit."""


def trigger(state: State, site: Site, commit: str, now: float) -> Deploy:
    """Deploy a commit, or the head of the configured branch. Raises UnknownCommit if the switch says so."""
    source, flaw = dataclasses.replace(site.source), ""
    found = None
    if source.repository is not None:
        found = source.repository.resolve(source.branch, commit)
        if found is None:
            if state.ground.switches["fleek_unknown_commit"] == "error":
                raise UnknownCommit(f"commit {commit} not found in {source.repository.url}")
            flaw = f"fatal: reference is not a tree: {commit}"
    elif not source.cid:
        flaw = "the site's source has no CID"
    as_given = state.ground.switches["fleek_commit_answer"] == "as_given" or found is None
    return _add(state, site, source, found, commit if as_given and commit else None, flaw, site.auto_publishing, now)


def retry(state: State, deploy: Deploy, now: float) -> Deploy:
    if state.ground.switches["fleek_retry"] == "same_deploy":
        progress.plan(state, deploy, now)
        return deploy
    again = Deploy(
        state.new_id(), deploy.site, deploy.source, deploy.repository, deploy.auto_publish, now, flaw=deploy.flaw
    )
    return _queue(state, again, now)


def push(
    state: State,
    site: Site,
    repository: GitRepository,
    branch: str | None,
    message: str | None,
    triggers: bool,
    now: float,
) -> tuple[Commit, Deploy | None]:
    """A new commit in the site's repository, and the deploy that it starts: of the configured branch, or a preview of
    another one."""
    branch = branch or site.source.branch
    commit = repository.push(branch, message)
    preview = branch != site.source.branch
    if not triggers or preview and not site.pr_deploy_previews:
        return commit, None
    source = dataclasses.replace(site.source, branch=branch)
    return commit, _add(state, site, source, commit, None, "", site.auto_publishing and not preview, now)


def seed(state: State, site: Site, head: Commit, start: float, end: float) -> None:
    """A site's first deploy, a success whatever the switches say."""
    deploy = Deploy(state.new_id(), site, dataclasses.replace(site.source), _copy(site.source, head, None), True, start)
    _keep(state, deploy)
    progress.schedule(state, deploy, start, end, "DEPLOYED")


def _add(
    state: State,
    site: Site,
    source: Source,
    commit: Commit | None,
    shown: str | None,
    flaw: str,
    auto_publish: bool,
    now: float,
) -> Deploy:
    repository = _copy(source, commit, shown)
    return _queue(state, Deploy(state.new_id(), site, source, repository, auto_publish, now, flaw=flaw), now)


def _copy(source: Source, commit: Commit | None, shown: str | None) -> dict[str, str | None]:
    """DeployRepository; all null where there is no repository. `shown` goes before the commit's own SHA."""
    if source.repository is None:
        return dict.fromkeys(("commit", "branch", "owner", "name", "message"))
    return {
        "commit": shown or (commit.sha if commit is not None else None),
        "branch": source.branch,
        "owner": source.repository.owner,
        "name": source.repository.name,
        "message": commit.message if commit is not None else None,
    }


def _queue(state: State, deploy: Deploy, now: float) -> Deploy:
    _keep(state, deploy)
    progress.plan(state, deploy, now)
    return deploy


def _keep(state: State, deploy: Deploy) -> None:
    state.deploys[deploy.id] = deploy
    deploy.site.deploys.append(deploy)
