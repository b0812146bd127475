# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleek's hosting API (GraphQL), one method per operation. PRIVATE to the collection.

Knows no Ansible. Sources: Fleek's API guide and the schema in its documentation; for addSite and editDeploySettings its
own command line client. Objects are answered as the API has them; C(site_view) and C(deploy_view) are the shapes that
leave a module.
"""

from __future__ import annotations

import base64
import itertools
import re
from urllib.parse import urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._http.graphql import GraphQL
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth

# How a module is told which site is meant.
SITE_OPTIONS = dict(
    site=dict(type="str", aliases=["slug", "name"]),
    site_id=dict(type="str"),
)
TEAM_ENV = ("FLEEK_TEAM_ID",)

# What clients ask for; how large a page is without a limit is not documented.
PER_PAGE = 100
# Logs can be very long, and come with every deploy of a page.
PER_PAGE_WITH_LOGS = 10

DEPLOY = (
    "id startedAt completedAt status ipfsHash previewImage totalTime published autoPublish "
    "repository { commit branch owner name message }"
)
SITE = (
    "id createdAt updatedAt teamId team { id name } name description slug platform dfinityCanisterId "
    "buildSettings { buildCommand baseDirectoryPath publishDirectoryPath dockerImage } "
    "deploySettings { autoPublishing prDeployPreviews dfinityUseProxy "
    "source { __typename ... on Repository { type url branch } ... on IpfsSource { cid } } } "
    f"publishedDeploy {{ {DEPLOY} }} latestDeploy {{ {DEPLOY} }}"
)
# Asked for only where a log is shown: what has to be masked in it.
VARIABLES = "buildSettings { environmentVariables { name value } }"

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

# How a wrong key is refused: AppSync's word for it, and Apollo's.
KEY_REFUSED = frozenset({"UnauthorizedException", "Unauthorized", "UNAUTHENTICATED"})


class FleekClient:
    """http: an Http whose base URL is the endpoint."""

    PLATFORM = "Fleek"
    DEFAULT_URL = "https://api.fleek.co/graphql"
    URL_ENV = ("FLEEK_API_URL",)
    TOKEN_ENV = ("FLEEK_API_KEY",)

    def __init__(self, http) -> None:
        self.http = http
        self._graphql = GraphQL(http, hint=_hint)

    @staticmethod
    def credential(token: str) -> HeaderAuth:
        """The raw key: Fleek knows no "Bearer"."""
        return HeaderAuth("Authorization", token)

    @staticmethod
    def complete_url(url: str) -> str:
        return url if urlsplit(url).path else url + "/graphql"

    # -- reads ---------------------------------------------------------------------------------------------------------

    def typename(self) -> str:
        """The smallest question there is; it answers "Query"."""
        return self._graphql.query("__typename", "{ __typename }")

    def get_site(self, site_id: str, fields: str = SITE) -> dict | None:
        """None when there is none that the key may see."""
        return self._one(
            "getSiteById",
            f"query ($siteId: ID!) {{ getSiteById(siteId: $siteId) {{ {fields} }} }}",
            {"siteId": site_id},
        )

    def get_site_by_slug(self, slug: str, fields: str = SITE) -> dict | None:
        return self._one(
            "getSiteBySlug", f"query ($slug: String!) {{ getSiteBySlug(slug: $slug) {{ {fields} }} }}", {"slug": slug}
        )

    def list_sites(self, team_id: str):
        """Yields the sites of a team. Raises ApiError when there is no such team that the key may see."""
        return self._pages(
            "getSitesByTeam", "sites", SITE, "teamId", team_id, f"Fleek has no team {team_id} that this key may see."
        )

    def list_deploys(self, site_id: str, fields: str = DEPLOY, per_page: int = PER_PAGE):
        """Yields the deploys of a site, newest first, previews of pull requests among them. Raises ApiError when there is no such site."""
        return self._pages(
            "getDeploysBySite", "deploys", fields, "siteId", site_id, _no_site(site_id=site_id), per_page
        )

    # -- writes --------------------------------------------------------------------------------------------------------

    def trigger_deploy(self, site_id: str, commit: str | None = None) -> dict:
        """{id, status} of a new deploy. Raises LostAnswer; for what may be triggered twice see Release.send."""
        return self._made(
            "triggerDeploy",
            "mutation ($siteId: ID!, $commit: String) { triggerDeploy(siteId: $siteId, commit: $commit) { id status } }",
            {"siteId": site_id, **({"commit": commit} if commit else {})},
            "Fleek did not start the deploy and gives no reason",
        )

    def retry_deploy(self, site_id: str, deploy_id: str) -> dict:
        """{id, status}; whether it is a new deploy or the same one again is not documented."""
        return self._made(
            "retryDeploy",
            "mutation ($siteId: ID!, $deployId: ID!) { retryDeploy(siteId: $siteId, deployId: $deployId) { id status } }",
            {"siteId": site_id, "deployId": deploy_id},
            f"Fleek did not retry the deploy {deploy_id} and gives no reason",
        )

    def purge_cache(self, site_id: str) -> None:
        self._made(
            "purgeCache",
            "mutation ($input: PurgeCacheInput!) { purgeCache(input: $input) }",
            {"input": {"siteId": site_id}},
            f"Fleek did not purge the cache of the site {site_id} and gives no reason",
            idempotent=True,
        )

    def add_site(self, site: dict) -> dict:
        """Fleek invents the name. Not in the documented schema; its command line client uses it."""
        return self._made(
            "addSite",
            f"mutation ($input: AddSiteInput!) {{ addSite(input: $input) {{ {SITE} }} }}",
            {"input": site},
            "Fleek did not create the site and gives no reason",
        )

    def edit_deploy_settings(self, site_id: str, settings: dict) -> dict:
        """Sets what it is given, so that sending it again does no harm. Not in the documented schema either."""
        return self._made(
            "editDeploySettings",
            f"mutation ($input: EditDeploySettings!) {{ editDeploySettings(input: $input) {{ {SITE} }} }}",
            {"input": {"siteId": site_id, **settings}},
            f"Fleek did not change the site {site_id} and gives no reason",
            idempotent=True,
        )

    # -- shared ways ---------------------------------------------------------------------------------------------------

    def _one(self, field: str, document: str, variables: dict) -> dict | None:
        """Every root field may be null; some servers add an error that says why."""
        try:
            return self._graphql.query(field, document, variables)
        except ApiError as error:
            if _says_not_found(error):
                return None
            raise

    def _pages(
        self, field: str, rows: str, fields: str, of: str, parent_id: str, unknown: str, per_page: int = PER_PAGE
    ):
        document = (
            f"query ($id: ID!, $limit: Int, $nextToken: String) {{ {field}({of}: $id, limit: $limit, nextToken: $nextToken) "
            f"{{ {rows} {{ {fields} }} nextToken }} }}"
        )
        token, seen = None, set()
        while True:
            page = self._one(field, document, {"id": parent_id, "limit": per_page, "nextToken": token})
            if page is None:
                raise _failure(field, unknown, "not_found")
            yield from page[rows]
            token = page.get("nextToken")
            if not token:
                return
            if token in seen:
                raise _failure(
                    field,
                    f"Fleek {field} failed: it answered the same nextToken twice, so that the list would never end.",
                    "endless_pages",
                )
            seen.add(token)

    def _made(self, field: str, document: str, variables: dict, refused: str, *, idempotent: bool = False):
        made = self._graphql.mutate(field, document, variables, idempotent=idempotent)
        if not made:
            # Its own client says of a deploy that is not started: "should be a temporary issue".
            raise _failure(
                field,
                f"{refused} ({field} answered {'null' if made is None else 'false'}). This may pass: try again.",
                "nothing_made",
            )
        return made


def _failure(operation: str, message: str, code: str) -> ApiError:
    """An answer of 200 without errors that is a refusal all the same."""
    return ApiError(message, platform="fleek", operation=operation, status=200, code=code)


def _says_not_found(error: ApiError) -> bool:
    # A 404 is about the address of the API.
    return error.status not in (None, 404) and bool(
        re.search(r"not[ _]?found|does not exist|no such", f"{error.code} {error.message}", re.IGNORECASE)
    )


def key_is_refused(error: ApiError) -> bool:
    return error.status == 401 or error.code in KEY_REFUSED


def _hint(message: str, code) -> str | None:
    if code in KEY_REFUSED:
        return "A hosting API key sees the sites of its own team only, and is sent as it is, without Bearer; is it the right one?"
    return None


# -- which site is meant -----------------------------------------------------------------------------------------------


def check_reference(option: str, value: str) -> None:
    """For ids and slugs."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", value):
        raise InvalidInput(
            option, f"{option} must be made of letters, digits, '-' and '_', as Fleek answers it; not {value!r}."
        )


def check_references(params: dict, *options: str) -> None:
    for option in options:
        if params.get(option) is not None:
            check_reference(option, params[option])


def find_site(client: FleekClient, params: dict, fields: str = SITE) -> dict | None:
    """By site_id, or by site, which is the slug; in one read."""
    if params["site_id"] is not None:
        return client.get_site(params["site_id"], fields)
    return client.get_site_by_slug(params["site"], fields)


def require_site(client: FleekClient, params: dict, fields: str = SITE) -> dict:
    site = find_site(client, params, fields)
    if site is None:
        operation = "getSiteById" if params["site_id"] is not None else "getSiteBySlug"
        raise _failure(operation, _no_site(params["site"], params["site_id"]), "not_found")
    return site


def _no_site(slug: str | None = None, site_id: str | None = None) -> str:
    if site_id is not None:
        return f"Fleek has no site with the id {site_id} that this key may see; its slug would be the option site."
    return f"Fleek has no site with the slug {slug} that this key may see; its id would be the option site_id."


# -- the shapes that leave a module ------------------------------------------------------------------------------------


def site_view(site: dict) -> dict:
    """A site without its build variables, which may be secrets."""
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
            source.get("__typename")
        ),
        "repository_url": source.get("url"),
        "repository_branch": source.get("branch"),
        "cid": source.get("cid") or None,
        "build_settings": {option: build.get(key) or None for option, key in BUILD_SETTINGS.items()},
        **{option: deploy.get(key) for option, key in DEPLOY_SETTINGS.items()},
        "published_deploy": deploy_view(site["publishedDeploy"]) if site.get("publishedDeploy") else None,
        "latest_deploy": deploy_view(site["latestDeploy"]) if site.get("latestDeploy") else None,
    }


def deploy_view(deploy: dict, log: list | None = None) -> dict:
    """log: the lines to show, masked (see Log)."""
    repository = deploy.get("repository") or {}
    return {
        "id": deploy.get("id"),
        "status": deploy.get("status"),
        "commit": repository.get("commit") or None,
        "branch": repository.get("branch") or None,
        "message": repository.get("message") or None,
        "ipfs_hash": deploy.get("ipfsHash") or None,
        "published": deploy.get("published"),
        "auto_publish": deploy.get("autoPublish"),
        "started_at": deploy.get("startedAt"),
        "completed_at": deploy.get("completedAt"),
        "total_time": deploy.get("totalTime"),
        "preview_image": deploy.get("previewImage") or None,
        "log": log,
    }


class Log:
    """Masks build logs of a site: the values of its build variables, and what stands behind their names.

    variables: [{name, value}] as the API has them; a value may be null.
    """

    # A line of a log can be a whole minified file.
    LONGEST_LINE = 500

    def __init__(self, redactor, variables: list) -> None:
        self._redactor = redactor
        # Such a value may be anything (1, true), and so it is looked for in logs and errors only.
        redactor.add_quoted(*(variable.get("value") for variable in variables))
        names = "|".join(sorted((re.escape(variable["name"]) for variable in variables), key=len, reverse=True))
        self._named = (
            re.compile(rf"""(?<!\w)({names})(["']?\s*[=:]\s*)("[^"\n]*"|'[^'\n]*'|[^\s"']+)""") if names else None
        )

    def end(self, text: str | None, lines: int) -> list:
        """The last lines, first masked and then cut: half a secret is a secret too."""
        text = self._redactor.clean_quote(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text or ""))
        if self._named:
            text = self._named.sub(rf"\1\2{self._redactor.MASK}", text)
        ends = [line.rstrip()[: self.LONGEST_LINE] for line in text.rstrip().splitlines()]
        return ends[-lines:] if lines else []


def log_of(client: FleekClient, site: dict) -> Log:
    """site: with VARIABLES."""
    return Log(client.http.redactor, site["buildSettings"]["environmentVariables"])


# -- sources -----------------------------------------------------------------------------------------------------------


class _Same:
    """A comparator (see _compare) of texts that may be written in several ways. normal: text -> what is compared."""

    def __init__(self, normal) -> None:
        self._normal = normal

    def differs(self, current, wanted) -> bool:
        return self._normal(current or "") != self._normal(wanted or "")

    def after(self, current, wanted):
        return wanted


def normal_repository(url: str) -> str:
    """GitHub takes owner and name in any case, with and without .git."""
    found = re.fullmatch(
        r"(?:https?://(?:www\.)?|git@|ssh://git@)?github\.com[:/]+([^/]+)/([^/]+?)(?:\.git)?/?",
        url.strip(),
        re.IGNORECASE,
    )
    return "/".join(found.groups()).lower() if found else url.strip()


def normal_cid(cid: str):
    """The bytes of a CID of version 1, for both versions and the usual bases; a text that is no CID stays as it is."""
    try:
        if re.fullmatch(r"Qm[1-9A-HJ-NP-Za-km-z]{44}", cid):
            return b"\x01\x70" + _base58(cid)
        if re.fullmatch(r"[bB][A-Za-z2-7]{20,200}", cid):
            data = base64.b32decode(cid[1:].upper() + "=" * (-len(cid[1:]) % 8))
        elif re.fullmatch(r"z[1-9A-HJ-NP-Za-km-z]{20,200}", cid):
            data = _base58(cid[1:])
        elif re.fullmatch(r"[fF][0-9A-Fa-f]{20,400}", cid):
            data = bytes.fromhex(cid[1:])
        else:
            return cid
    except ValueError:
        return cid
    return data if data[:1] == b"\x01" else cid


def _base58(text: str) -> bytes:
    number = 0
    for character in text:
        number = number * 58 + "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".index(character)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


SAME_REPOSITORY = _Same(normal_repository)
SAME_CID = _Same(normal_cid)


def check_cid(option: str, value: str) -> None:
    if isinstance(normal_cid(value), str):
        raise InvalidInput(
            option,
            f"{option} must be a CID of IPFS such as QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG or bafy..., without "
            f"ipfs:// or /ipfs/ in front; not {value!r}.",
        )


def check_source(params: dict) -> None:
    """The options that say where a site comes from, as far as they can be wrong without asking."""
    if params["cid"] is not None:
        check_cid("cid", params["cid"])
    for option in ("repository_url", "repository_branch"):
        if params[option] is not None and not re.fullmatch(r"\S+", params[option]):
            raise InvalidInput(
                option, f"{option} must not be empty or have white space, as {params[option]!r} is or has."
            )
    if params["site"] is not None or params["site_id"] is not None:
        return
    if params["cid"] is None and (params["repository_url"] is None or params["repository_branch"] is None):
        raise InvalidInput(
            "site",
            "Say which site: give site or site_id, or its source, which is repository_url with repository_branch, or cid.",
        )
    if not params["team_id"]:
        raise InvalidInput(
            "team_id",
            "team_id is needed to find or create a site by its source: give the option, or set the environment variable "
            f"{TEAM_ENV[0]}.",
        )


def site_from_source(client: FleekClient, params: dict) -> dict | None:
    """The site of the team that has the declared source. Raises PaasError when there are several."""

    def has_it(source: dict) -> bool:
        if params["cid"] is not None:
            return bool(source.get("cid")) and not SAME_CID.differs(source["cid"], params["cid"])
        return source.get("branch") == params["repository_branch"] and not SAME_REPOSITORY.differs(
            source.get("url"), params["repository_url"]
        )

    sites = [site for site in client.list_sites(params["team_id"]) if has_it(site["deploySettings"]["source"])]
    if len(sites) > 1:
        raise PaasError(
            "Several sites have this source: "
            + ", ".join(f"{site['slug']} ({site['id']})" for site in sites)
            + ". Say with site or site_id which one is meant.",
            code="several_matches",
        )
    return sites[0] if sites else None


def check_kind_of_source(view: dict, params: dict) -> None:
    """A repository does not become a CID, nor a CID a repository."""
    other = ("repository_url", "repository_branch") if view["source_type"] == "ipfs" else ("cid",)
    given = [option for option in other if params[option] is not None]
    if given:
        raise PaasError(
            f"{' and '.join(given)} cannot be declared for the site {view['slug']}: its source is "
            + ("IPFS." if view["source_type"] == "ipfs" else "a repository."),
            code="other_source",
            option=given[0],
        )


# -- what goes to the API ----------------------------------------------------------------------------------------------


def add_site_input(wanted: dict, params: dict, variables: dict) -> dict:
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


def edit_input(current: dict, changes: dict, installation_id: str | None) -> dict:
    """EditDeploySettings without the site; empty when it can change nothing of this. current: a site_view."""
    settings = {DEPLOY_SETTINGS[option]: value for option, value in changes.items() if option in DEPLOY_SETTINGS}
    if "cid" in changes:
        settings["ipfsSource"] = {"cid": changes["cid"]}
    if "repository_branch" in changes:
        # Two of Fleek's own clients do it in two ways.
        if installation_id is None:
            settings["repositoryBranch"] = changes["repository_branch"]
        else:
            settings["githubSource"] = _github(current["repository_url"], changes["repository_branch"], installation_id)
    return settings


def _github(url: str, branch: str, installation_id: str | None) -> dict:
    return {
        "url": url,
        "branch": branch,
        **({"installationId": installation_id} if installation_id is not None else {}),
    }


def first(rows, limit: int | None) -> list:
    return list(itertools.islice(rows, limit))
