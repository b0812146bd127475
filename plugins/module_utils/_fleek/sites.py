# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites of Fleek. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._fleek.api import SITE, TEAM_ENV, FleekClient
from ansible_collections.webops.paas.plugins.module_utils._fleek.deploys import deploy_view
from ansible_collections.webops.paas.plugins.module_utils._fleek.sources import SAME_CID, SAME_REPOSITORY

# {option: key of the API} of what editDeploySettings changes, and of the build settings.
DEPLOY_SETTINGS = {
    "auto_publishing": "autoPublishing",
    "pr_deploy_previews": "prDeployPreviews",
    "dfinity_use_proxy": "dfinityUseProxy",
}
BUILD_SETTINGS = {
    "build_command": "buildCommand",
    "base_directory_path": "baseDirectoryPath",
    "publish_directory_path": "publishDirectoryPath",
    "docker_image": "dockerImage",
}

DEFAULT_PLATFORM = "ipfs"
# Settings of a new site.
DEFAULTS = {"auto_publishing": True, "pr_deploy_previews": False, "dfinity_use_proxy": None}
# A site with the values of its build variables, which are secrets.
WITH_VARIABLES = f"{SITE} buildSettings {{ environmentVariables {{ name value }} }}"


class SitesClient(FleekClient):
    def list_sites(self, team_id: str, fields: str = SITE) -> Iterator[JsonObject]:
        """Yields the sites of a team. Raises ApiError when the team does not exist or the key has no access to it."""
        unknown = (
            f"The team {team_id} does not exist on Fleek, or this key has no access to it. A hosting API key has "
            "access to its own team only: check `team_id`, or use a key of that team."
        )
        return self.pages("getSitesByTeam", "sites", fields, ("teamId", team_id), unknown)

    def site_from_source(self, params: JsonObject) -> JsonObject | None:
        """The site of the team that has the declared source. Raises PaasError when there are several."""

        def has_it(source: JsonObject) -> bool:
            if params["cid"] is not None:
                return bool(source.get("cid")) and not SAME_CID.differs(source["cid"], params["cid"])
            return source.get("branch") == params["repository_branch"] and not SAME_REPOSITORY.differs(
                source.get("url"), params["repository_url"]
            )

        sites = [site for site in self.list_sites(params["team_id"]) if has_it(site["deploySettings"]["source"])]
        if len(sites) > 1:
            raise PaasError(
                "Several sites have this source: "
                + ", ".join(f"{site['slug']} ({site['id']})" for site in sites)
                + ". Select one with `site` or `site_id`.",
                code="several_matches",
            )
        return sites[0] if sites else None

    def add_site(self, site: JsonObject) -> JsonObject:
        """Fleek chooses the name. Not in the documented schema; Fleek's command line client uses it."""
        return self.make(
            "addSite",
            f"mutation ($input: AddSiteInput!) {{ addSite(input: $input) {{ {SITE} }} }}",
            {"input": site},
            "Fleek did not create the site and gave no reason",
        )

    def edit_deploy_settings(self, site_id: str, settings: JsonObject) -> JsonObject:
        """Sets the given values, so it can be retried. Not in the documented schema either."""
        return self.make(
            "editDeploySettings",
            f"mutation ($input: EditDeploySettings!) {{ editDeploySettings(input: $input) {{ {SITE} }} }}",
            {"input": {"siteId": site_id, **settings}},
            f"Fleek did not change the site {site_id} and gave no reason",
            idempotent=True,
        )

    def purge_cache(self, site_id: str) -> None:
        self.make(
            "purgeCache",
            "mutation ($input: PurgeCacheInput!) { purgeCache(input: $input) }",
            {"input": {"siteId": site_id}},
            f"Fleek did not purge the cache of the site {site_id} and gave no reason",
            idempotent=True,
        )


def site_view(site: JsonObject) -> JsonObject:
    """A site without its build variables, which can be secrets."""
    build, deploy = site.get("buildSettings") or {}, site.get("deploySettings") or {}
    source = deploy.get("source") or {}
    return {
        "id": site.get("id"),
        "slug": site.get("slug"),
        "name": site.get("name"),
        "description": site.get("description") or None,
        "platform": site.get("platform"),
        "team_id": site.get("teamId"),
        "team_name": (site.get("team") or {}).get("name"),
        "created_at": site.get("createdAt"),
        "updated_at": site.get("updatedAt"),
        "dfinity_canister_id": site.get("dfinityCanisterId"),
        "source_type": {"Repository": str(source.get("type") or "").lower(), "IpfsSource": "ipfs"}.get(
            str(source.get("__typename"))
        ),
        "repository_url": source.get("url"),
        "repository_branch": source.get("branch"),
        "cid": source.get("cid") or None,
        "build_settings": {option: build.get(key) or None for option, key in BUILD_SETTINGS.items()},
        **{option: deploy.get(key) for option, key in DEPLOY_SETTINGS.items()},
        "published_deploy": deploy_view(site["publishedDeploy"]) if site.get("publishedDeploy") else None,
        "latest_deploy": deploy_view(site["latestDeploy"]) if site.get("latestDeploy") else None,
    }


# -- the declared site --------------------------------------------------------------------------------------------


def check_source(params: JsonObject) -> None:
    """Checks the options of the source of a site without a request."""
    for option in ("repository_url", "repository_branch"):
        if params[option] is not None and not re.fullmatch(r"\S+", params[option]):
            raise InvalidInput(option, f"`{option}` must not be empty or contain white space, got {params[option]!r}.")
    if params["site"] is not None or params["site_id"] is not None:
        return
    if params["cid"] is None and (params["repository_url"] is None or params["repository_branch"] is None):
        raise InvalidInput(
            "site",
            "Set `site` or `site_id`, or the source of the site: `repository_url` with `repository_branch`, or `cid`.",
        )
    if not params["team_id"]:
        raise InvalidInput(
            "team_id",
            "`team_id` is required to find or create a site by its source. Set `team_id` or the environment variable "
            f"{TEAM_ENV[0]}.",
        )


def check_kind_of_source(view: JsonObject, params: JsonObject) -> None:
    """The kind of source, repository or CID, cannot be changed."""
    other = ("repository_url", "repository_branch") if view["source_type"] == "ipfs" else ("cid",)
    given = [option for option in other if params[option] is not None]
    if given:
        raise PaasError(
            f"`{'` and `'.join(given)}` cannot be set for the site {view['slug']}, because its source is "
            + ("IPFS." if view["source_type"] == "ipfs" else "a repository."),
            code="other_source",
            option=given[0],
        )


# -- bodies of requests ----------------------------------------------------------------------------------------------


def add_site_input(wanted: JsonObject, params: JsonObject, variables: JsonObject) -> JsonObject:
    """AddSiteInput. variables: {name: text} of the build."""
    build = {
        BUILD_SETTINGS[option]: value
        for option, value in (wanted.get("build_settings") or {}).items()
        if value is not None
    }
    if variables:
        build["environmentVariables"] = [{"name": name, "value": value} for name, value in sorted(variables.items())]
    source = (
        {"ipfsSource": {"cid": params["cid"]}}
        if params["cid"] is not None
        else {"githubSource": _github(params["repository_url"], params["repository_branch"], params["installation_id"])}
    )
    return {
        "teamId": params["team_id"],
        "platform": wanted.get("platform") or DEFAULT_PLATFORM,
        **source,
        **({"buildSettings": build} if build else {}),
    }


def edit_input(current: JsonObject, changes: JsonObject, installation_id: str | None) -> JsonObject:
    """EditDeploySettings without the site; empty if it cannot change any of these. current: a site_view."""
    settings = {DEPLOY_SETTINGS[option]: value for option, value in changes.items() if option in DEPLOY_SETTINGS}
    if "cid" in changes:
        settings["ipfsSource"] = {"cid": changes["cid"]}
    if "repository_branch" in changes:
        # Two of Fleek's own clients differ here.
        if installation_id is None:
            settings["repositoryBranch"] = changes["repository_branch"]
        else:
            settings["githubSource"] = _github(current["repository_url"], changes["repository_branch"], installation_id)
    return settings


def _github(url: str, branch: str, installation_id: str | None) -> JsonObject:
    return {
        "url": url,
        "branch": branch,
        **({"installationId": installation_id} if installation_id is not None else {}),
    }
