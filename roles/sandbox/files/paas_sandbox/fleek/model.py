# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The objects of Fleek: teams, repositories, sites, deploys."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from .ipfs import Node


@dataclass(frozen=True)
class Team:
    id: str
    name: str
    member: str  # whoever makes sites with the team's key


@dataclass(frozen=True)
class Commit:
    sha: str
    message: str


class GitRepository:
    """A repository on GitHub that has every branch anybody asks for, each with one commit until one is pushed."""

    def __init__(self, url: str) -> None:
        self.url = url
        parts = url.removesuffix("/").removesuffix(".git").replace(":", "/").split("/")
        self.owner, self.name = parts[-2] if len(parts) > 1 else "", parts[-1]
        self.branches: dict[str, list[Commit]] = {}

    def branch(self, name: str) -> list[Commit]:
        """Oldest first."""
        if name not in self.branches:
            self.branches[name] = [self._commit(name, 0, "Initial commit")]
        return self.branches[name]

    def push(self, branch: str, message: str | None) -> Commit:
        commits = self.branch(branch)
        commits.append(self._commit(branch, len(commits), message or f"Change {len(commits)}"))
        return commits[-1]

    def resolve(self, branch: str, reference: str) -> Commit | None:
        """Nothing or HEAD is the branch's head; else a SHA or the start of one, at least seven digits."""
        if reference in ("", "HEAD"):
            return self.branch(branch)[-1]
        self.branch(branch)
        found = {
            commit.sha: commit
            for commits in self.branches.values()
            for commit in commits
            if len(reference) >= 7 and commit.sha.startswith(reference.lower())
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def _commit(self, branch: str, number: int, message: str) -> Commit:
        text = f"{self.url} {branch} {number} {message}"
        return Commit(hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(), message)


@dataclass
class Source:
    """Where a site comes from: a repository and a branch, or a CID."""

    repository: GitRepository | None = None
    branch: str = ""
    cid: str | None = None


@dataclass(eq=False)
class Site:
    id: str
    team: Team
    name: str
    platform: str
    created_at: float
    source: Source
    build_settings: dict[str, Any]
    updated_at: float | None = None
    auto_publishing: bool = True
    pr_deploy_previews: bool = False
    dfinity_use_proxy: bool | None = None
    canister: str | None = None
    deploys: list[Deploy] = field(default_factory=list)  # oldest first
    published: Deploy | None = None
    cached: Deploy | None = None  # what the CDN shows
    purges: int = 0

    @property
    def environment(self) -> list[dict[str, Any]]:
        variables: list[dict[str, Any]] = self.build_settings["environmentVariables"]
        return variables


@dataclass(eq=False)
class Deploy:
    """`repository` has the keys of DeployRepository; `result` is the status that it will end with."""

    id: str
    site: Site
    source: Source
    repository: dict[str, str | None]
    auto_publish: bool
    created_at: float
    starts_at: float = 0.0
    ends_at: float = 0.0
    result: str = ""
    flaw: str = ""  # why it cannot succeed, whatever happens
    failure: str = ""  # the last line of a failed build's log
    filler: int = 0  # lines of log
    status: str = "IN_PROGRESS"
    started_at: float | None = None
    completed_at: float | None = None
    content: Node | None = None
