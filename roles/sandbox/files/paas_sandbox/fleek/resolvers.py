# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of the fields of the schema."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from ..core.clock import iso
from ..core.graphql import Resolvers
from . import deploys, progress
from .ipfs import BadCid, Node, digest_of
from .model import Deploy, Site, Source, Team
from .paging import BadToken, page
from .state import State

PREVIEWS = "https://storageapi.fleek.co/fleek-team-bucket/site"
BUILD_SETTINGS = ("buildCommand", "baseDirectoryPath", "publishDirectoryPath", "dockerImage")


@dataclass(frozen=True)
class Caller:
    """Whose key a call has, and when it came."""

    state: State
    team: Team
    now: float

    def site(self, site: Site | None) -> Site | None:
        """A site if the caller may see it. Raises GraphQLError where a switch says so."""
        if site is None:
            self.unknown("Site not found")
        elif site.team is not self.team:
            self.foreign()
            return None
        return site

    def unknown(self, message: str) -> None:
        if self.state.ground.switches["fleek_unknown_id"] == "null_with_error":
            raise failed("NotFound", message)

    def other_team(self, team_id: str) -> None:
        """The refusal of a team of somebody else, or one that does not exist."""
        if team_id in self.state.teams:
            self.foreign()
        else:
            self.unknown("Team not found")

    def foreign(self) -> None:
        if self.state.ground.switches["fleek_foreign_id"] == "unauthorized":
            raise failed("Unauthorized", "Not Authorized to access this team's data")
        self.unknown("Site not found")


def failed(kind: str, message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"kind": kind})


def for_caller(function: Callable[..., Any]) -> Callable[..., Any]:
    """A root field: resolver(caller, **arguments)."""

    @functools.wraps(function)
    def resolve(_root: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        return function(info.context, **arguments)

    return resolve


# queries


@for_caller
def site_by_id(caller: Caller, siteId: str) -> Site | None:
    return caller.site(caller.state.sites.get(siteId))


@for_caller
def site_by_slug(caller: Caller, slug: str) -> Site | None:
    return caller.site(caller.state.by_slug(slug))


@for_caller
def deploys_by_site(caller: Caller, siteId: str, limit: int | None = None, nextToken: str | None = None) -> Any:
    site = caller.site(caller.state.sites.get(siteId))
    return site and _connection(caller, "deploys", site.deploys[::-1], limit, nextToken)


@for_caller
def sites_by_team(caller: Caller, teamId: str, limit: int | None = None, nextToken: str | None = None) -> Any:
    if teamId != caller.team.id:
        caller.other_team(teamId)
        return None
    sites = [site for site in caller.state.sites.values() if site.team is caller.team]
    return _connection(caller, "sites", sites, limit, nextToken)


def _connection(caller: Caller, name: str, rows: list[Any], limit: int | None, token: str | None) -> dict[str, Any]:
    try:
        shown, following = page(caller.state.ground, rows, limit, token)
    except BadToken as error:
        raise failed("BadRequest", str(error)) from error
    return {name: shown, "nextToken": following}


# mutations


@for_caller
def trigger_deploy(caller: Caller, siteId: str, commit: str | None = None) -> Deploy | None:
    """fleek 4 [CLI]: null means that the trigger failed."""
    site = caller.site(caller.state.sites.get(siteId))
    if site is None or caller.state.ground.switches["fleek_trigger_result"] == "null":
        return None
    try:
        return deploys.trigger(caller.state, site, commit or "", caller.now)
    except deploys.UnknownCommit as error:
        raise failed("BadRequest", str(error)) from error


@for_caller
def retry_deploy(caller: Caller, siteId: str, deployId: str) -> Deploy | None:
    site = caller.site(caller.state.sites.get(siteId))
    if site is None:
        return None
    deploy = caller.state.deploys.get(deployId)
    if deploy is None or deploy.site is not site:
        caller.unknown("Deploy not found")
        return None
    if deploy.status == "IN_PROGRESS":
        raise failed("BadRequest", "Deploy is in progress")
    if deploy.status == "DEPLOYED" and caller.state.ground.switches["fleek_retry_of_success"] == "refused":
        raise failed("BadRequest", "Only deploys that failed or were cancelled can be retried")
    return deploys.retry(caller.state, deploy, caller.now)


@for_caller
def purge_cache(caller: Caller, input: dict[str, Any]) -> bool | None:
    site = caller.site(caller.state.sites.get(input["siteId"]))
    if site is None:
        return None
    site.purges += 1
    site.cached = site.published
    return True


@for_caller
def add_site(caller: Caller, input: dict[str, Any]) -> Site | None:
    state = caller.state
    if input["teamId"] != caller.team.id:
        caller.other_team(input["teamId"])
        return None
    given = input.get("buildSettings") or {}
    build = {name: given.get(name) for name in BUILD_SETTINGS}
    build["environmentVariables"] = [
        {"name": variable["name"], "value": variable.get("value")}
        for variable in given.get("environmentVariables") or ()
    ]
    site = state.add_site(caller.team, state.random_name(), input["platform"], _source(state, input), build, caller.now)
    if state.ground.switches["fleek_new_site"] == "deploys":
        deploys.trigger(state, site, "", caller.now)
    return site


@for_caller
def edit_deploy_settings(caller: Caller, input: dict[str, Any]) -> Site | None:
    """Only what is given changes; nothing is deployed by it."""
    site = caller.site(caller.state.sites.get(input["siteId"]))
    if site is None:
        return None
    source = site.source
    if input.get("githubSource") is not None or input.get("ipfsSource") is not None:
        source = _source(caller.state, input)
    if input.get("repositoryBranch"):
        if source.repository is None:
            raise failed("BadRequest", "repositoryBranch: the site has no repository")
        source = Source(source.repository, input["repositoryBranch"])
    site.source, site.updated_at = source, caller.now
    for name, attribute in (
        ("autoPublishing", "auto_publishing"),
        ("prDeployPreviews", "pr_deploy_previews"),
        ("dfinityUseProxy", "dfinity_use_proxy"),
    ):
        if input.get(name) is not None:
            setattr(site, attribute, input[name])
    return site


def _source(state: State, input: dict[str, Any]) -> Source:
    """The one source that an input names. Which combinations are refused is not known, fleek 2 [INFER]."""
    github, ipfs = input.get("githubSource"), input.get("ipfsSource")
    if github is not None and ipfs is None:
        return Source(state.repository(github["url"]), github["branch"])
    if github is not None or ipfs is None:
        raise failed("BadRequest", "exactly one of githubSource and ipfsSource is needed")
    if ipfs.get("cid"):
        try:
            digest_of(ipfs["cid"])
        except BadCid as error:
            raise failed("BadRequest", str(error)) from error
    return Source(cid=ipfs.get("cid"))


# types


def _build_settings(site: Site, info: GraphQLResolveInfo) -> dict[str, Any]:
    hidden = info.context.state.ground.switches["fleek_env_values"] == "null"
    variables = [
        {"name": variable["name"], "value": None if hidden else variable["value"]} for variable in site.environment
    ]
    return {**site.build_settings, "environmentVariables": variables}


def _deploy_settings(site: Site, info: GraphQLResolveInfo) -> dict[str, Any]:
    source = site.source
    shown: dict[str, Any]
    if source.repository is not None:
        shown = {"__typename": "Repository", "type": "GITHUB", "url": source.repository.url, "branch": source.branch}
    else:
        shown = {"__typename": "IpfsSource", "cid": source.cid}
    return {
        "autoPublishing": site.auto_publishing,
        "prDeployPreviews": site.pr_deploy_previews,
        "dfinityUseProxy": site.dfinity_use_proxy,
        "source": shown,
    }


def ipfs_hash(state: State, deploy: Deploy) -> str | None:
    """None for a deploy that has made no content."""
    return None if deploy.content is None else cid_of(state, deploy, deploy.content)


def cid_of(state: State, deploy: Deploy, content: Node) -> str:
    """Of a site from a CID: that CID, as the settings had it."""
    return deploy.source.cid or content.cid(1 if state.ground.switches["fleek_ipfs_hash"] == "v1" else 0)


def _total_time(deploy: Deploy, info: GraphQLResolveInfo) -> int | None:
    return None if deploy.completed_at is None else round((deploy.completed_at - deploy.created_at) * 1000)


def _preview_image(deploy: Deploy, info: GraphQLResolveInfo) -> str | None:
    return f"{PREVIEWS}/{deploy.id}.png" if deploy.status == "DEPLOYED" else None


RESOLVERS: Resolvers = {
    "Query": {
        "getSiteById": site_by_id,
        "getSiteBySlug": site_by_slug,
        "getDeploysBySite": deploys_by_site,
        "getSitesByTeam": sites_by_team,
    },
    "Mutation": {
        "triggerDeploy": trigger_deploy,
        "retryDeploy": retry_deploy,
        "purgeCache": purge_cache,
        "addSite": add_site,
        "editDeploySettings": edit_deploy_settings,
    },
    "Site": {
        "createdBy": lambda site, info: site.team.member,
        "createdAt": lambda site, info: site.created_at,
        "updatedAt": lambda site, info: site.updated_at,
        "teamId": lambda site, info: site.team.id,
        "slug": lambda site, info: site.name,
        "buildSettings": _build_settings,
        "deploySettings": _deploy_settings,
        "publishedDeploy": lambda site, info: site.published,
        "latestDeploy": lambda site, info: site.deploys[-1] if site.deploys else None,
        "dfinityCanisterId": lambda site, info: site.canister,
    },
    "Deploy": {
        "startedAt": lambda deploy, info: deploy.started_at,
        "completedAt": lambda deploy, info: deploy.completed_at,
        "ipfsHash": lambda deploy, info: ipfs_hash(info.context.state, deploy),
        "previewImage": _preview_image,
        "totalTime": _total_time,
        "log": lambda deploy, info: progress.log(deploy),
        "published": lambda deploy, info: deploy.site.published is deploy,
        "autoPublish": lambda deploy, info: deploy.auto_publish,
    },
}
SCALARS = {"DateTime": iso}
