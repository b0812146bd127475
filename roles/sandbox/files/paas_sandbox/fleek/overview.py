# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the admin interface and the status page show of Fleek."""

from __future__ import annotations

import datetime
from typing import Any

from ..core.clock import iso
from ..core.platform import Table
from .model import Deploy, Site
from .resolvers import ipfs_hash
from .state import State

DEPLOYS_SHOWN = 20


def state_data(state: State) -> dict[str, Any]:
    return {
        "sites": [_site(site) for site in state.sites.values()],
        "deploys": [_deploy(state, deploy) for deploy in state.deploys.values()],
        "repositories": {
            url: {branch: [commit.sha for commit in commits] for branch, commits in repository.branches.items()}
            for url, repository in state.repositories.items()
        },
        "ipfs": len(state.blocks),
    }


def _site(site: Site) -> dict[str, Any]:
    return {
        "id": site.id,
        "slug": site.name,
        "team_id": site.team.id,
        "platform": site.platform,
        "repository": site.source.repository and site.source.repository.url,
        "branch": site.source.branch or None,
        "cid": site.source.cid,
        "auto_publishing": site.auto_publishing,
        "environment": site.environment,
        "published_deploy_id": site.published and site.published.id,
        "served_deploy_id": site.cached and site.cached.id,
        "deploys": [deploy.id for deploy in site.deploys],
        "purges": site.purges,
    }


def _deploy(state: State, deploy: Deploy) -> dict[str, Any]:
    return {
        "id": deploy.id,
        "site_id": deploy.site.id,
        "status": deploy.status,
        "commit": deploy.repository["commit"],
        "branch": deploy.repository["branch"],
        "ipfs_hash": ipfs_hash(state, deploy),
        "published": deploy.site.published is deploy,
        "created_at": iso(deploy.created_at),
    }


def tables(state: State) -> list[Table]:
    sites = sorted(state.sites.values(), key=lambda site: site.name)
    newest = list(state.deploys.values())[: -DEPLOYS_SHOWN - 1 : -1]
    return [
        Table(
            "Fleek sites",
            ("Site", "Team", "Source", "Published deploy", "CID"),
            [_site_row(state, site) for site in sites],
        ),
        Table(
            "Fleek deploys",
            ("Deploy", "Site", "Status", "Commit", "CID", "Created"),
            [_deploy_row(state, deploy) for deploy in newest],
        ),
    ]


def _site_row(state: State, site: Site) -> tuple[Any, ...]:
    source = f"{site.source.repository.url} {site.source.branch}" if site.source.repository else site.source.cid or ""
    return (
        (site.name, f"http://{site.name}.fleek.localhost:{state.ground.port}/"),
        site.team.name,
        source,
        site.published.id if site.published else "none",
        _cid(state, site.published),
    )


def _deploy_row(state: State, deploy: Deploy) -> tuple[Any, ...]:
    word = deploy.status + (" (published)" if deploy.site.published is deploy else "")
    created = datetime.datetime.fromtimestamp(deploy.created_at).strftime("%H:%M:%S")
    return (deploy.id, deploy.site.name, word, (deploy.repository["commit"] or "")[:12], _cid(state, deploy), created)


def _cid(state: State, deploy: Deploy | None) -> Any:
    cid = ipfs_hash(state, deploy) if deploy is not None else None
    return (cid, f"{state.ground.url}/ipfs/{cid}/") if cid else ""
