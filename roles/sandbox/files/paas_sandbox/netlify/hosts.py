# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host names under which deploys are served."""

from __future__ import annotations

from .model import DOMAIN, Deploy, Site
from .state import State

SUFFIXES = (f".{DOMAIN}", ".localhost")


def is_site(state: State, host: str) -> bool:
    """Whether a name is one of a site, which need not exist."""
    return host.endswith(SUFFIXES) or state.domain_owner(host) is not None


def find(state: State, host: str) -> tuple[Site | None, Deploy | None]:
    """The site of a host name and the deploy to be shown there: the published one, a branch's, or any by id."""
    for suffix in SUFFIXES:
        if host.endswith(suffix):
            label = host[: -len(suffix)]
            break
    else:
        site = state.domain_owner(host)
        return site, site.published if site else None
    site = state.domain_owner(f"{label}.{DOMAIN}")
    if site is not None:
        return site, site.published
    parts = label.split("--")
    for cut in range(1, len(parts)):
        site = state.name_owner("--".join(parts[cut:]))
        if site is not None:
            return site, _deploy(state, site, "--".join(parts[:cut]))
    return None, None


def _deploy(state: State, site: Site, prefix: str) -> Deploy | None:
    """fact: netlify 2 [Go]: `processed` is reachable on its own URL, `ready` on all of them"""
    deploy = state.deploys.get(prefix)
    if deploy is not None and deploy.site is site:
        return deploy if deploy.state in ("processed", "ready") else None
    return state.branch_deploy(site, prefix)
