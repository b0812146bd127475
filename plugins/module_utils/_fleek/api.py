# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleek's hosting API (GraphQL): the connection, and how a site is looked up. PRIVATE to the collection.

Knows no Ansible. Each subject has its client class in its own file: C(sites.SitesClient), C(deploys.DeploysClient).
Sources: Fleek's API guide and the schema in its documentation; for addSite and editDeploySettings its own command line
client. Clients return objects as the API has them; C(sites.site_view) and C(deploys.deploy_view) are the shapes that
leave a module.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, MissingParent
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._fleek.responses import RESPONSES
from ansible_collections.webops.paas.plugins.module_utils._fleek.sources import normal_cid
from ansible_collections.webops.paas.plugins.module_utils._http.graphql import GraphQL, query_body
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http

# The options that identify a site.
TEAM_ENV = ("FLEEK_TEAM_ID",)

# Page size of requests; the default is not documented.
PER_PAGE = 100
# Number of sites from which on one list is read instead of each site.
WORTH_A_LIST = 3
# An ID or slug.
REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,100}")

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

# Codes of AppSync and Apollo for an invalid key.
KEY_REFUSED = frozenset({"UnauthorizedException", "Unauthorized", "UNAUTHENTICATED"})
# Error codes by the codes of AppSync and Apollo.
CODES = {
    **dict.fromkeys(KEY_REFUSED, "unauthorized"),
    "FORBIDDEN": "forbidden",
    "GRAPHQL_VALIDATION_FAILED": "invalid",
    "ValidationError": "invalid",
}


class FleekClient:
    """http: an Http whose base URL is the endpoint."""

    PLATFORM = "Fleek"
    DEFAULT_URL = "https://api.fleek.co/graphql"
    URL_ENV = ("FLEEK_API_URL",)
    TOKEN_ENV = ("FLEEK_API_KEY",)

    def __init__(self, http: Http) -> None:
        self.http = http
        http.shapes = RESPONSES
        self._graphql = GraphQL(http, hint=_hint, codes=CODES)

    @staticmethod
    def credential(token: str) -> HeaderAuth:
        """The raw key, without "Bearer"."""
        return HeaderAuth("Authorization", token)

    @staticmethod
    def complete_url(url: str) -> str:
        return url if urlsplit(url).path else url + "/graphql"

    def typename(self) -> str:
        """The smallest possible query; it returns "Query"."""
        return str(self._graphql.query("__typename", "{ __typename }"))

    # -- finding a site -------------------------------------------------------------------------------------------

    def get_site(self, site_id: str, fields: str = SITE) -> JsonObject | None:
        """None when the site does not exist or the key has no access to it."""
        return self.find("getSiteById", *_by_id(site_id, fields))

    def find_site(self, params: JsonObject, fields: str = SITE) -> JsonObject | None:
        """By the option site_id, or by site, which is the slug; in one request."""
        if params["site_id"] is not None:
            return self.get_site(params["site_id"], fields)
        return self.find("getSiteBySlug", *_by_slug(params["site"], fields))

    def require_site(self, params: JsonObject, fields: str = SITE) -> JsonObject:
        site = self.find_site(params, fields)
        if site is None:
            operation = "getSiteById" if params["site_id"] is not None else "getSiteBySlug"
            # The ID of a new site cannot be known before it exists.
            kind = ApiError if params["site_id"] is not None else MissingParent
            message, sought = no_site(params["site"], params["site_id"]), params["site_id"] or params["site"]
            raise refusal(operation, message, code="not_found", kind=kind, sought=sought)
        return site

    def read_ahead(self, names: set[str], writes: bool) -> None:
        """Reads the sites of a team in place of single sites, if that takes fewer requests.

        names: slugs and IDs of sites, and sources of others. A single site tells which team it is.
        """
        wanted = {name for name in names if REFERENCE.fullmatch(name) and isinstance(normal_cid(name), str)}
        if writes or len(wanted) < WORTH_A_LIST:
            return
        first = min(wanted)
        site = self.find_site({"site": first, "site_id": None}) or self.get_site(first)
        if site is None:
            return
        rows = self.pages("getSitesByTeam", "sites", SITE, ("teamId", site["teamId"]), no_site(first))
        for row in itertools.islice(rows, PER_PAGE * (len(wanted) // WORTH_A_LIST)):
            for name in wanted & {row["slug"], row["id"]}:
                self.http.known.tell("", {"data": {"getSiteBySlug": row}}, body=query_body(*_by_slug(name)))
                self.http.known.tell("", {"data": {"getSiteById": row}}, body=query_body(*_by_id(name)))
                wanted.discard(name)
            if not wanted:
                return

    # -- common requests
    # ---------------------------------------------------------------------------------------------------

    def find(self, field: str, document: str, variables: JsonObject) -> JsonObject | None:
        """Every root field can be null; some servers add an error with the reason."""
        try:
            found: JsonObject | None = self._graphql.query(field, document, variables)
        except ApiError as error:
            if _says_not_found(error):
                return None
            raise
        return found

    def pages(
        self, field: str, rows: str, fields: str, parent: tuple[str, str], unknown: str, per_page: int = PER_PAGE
    ) -> Iterator[JsonObject]:
        """Yields the rows of all pages. parent: name and value of the argument that identifies the parent. unknown: the
        message when the parent does not exist."""
        document = (
            "query ($id: ID!, $limit: Int, $nextToken: String) "
            f"{{ {field}({parent[0]}: $id, limit: $limit, nextToken: $nextToken) "
            f"{{ {rows} {{ {fields} }} nextToken }} }}"
        )
        token: str | None = None
        seen: set[str] = set()
        while True:
            page = self.find(field, document, {"id": parent[1], "limit": per_page, "nextToken": token})
            if page is None:
                raise refusal(field, unknown, code="not_found", sought=parent[1])
            yield from page[rows]
            token = page.get("nextToken")
            if not token:
                return
            if token in seen:
                raise refusal(
                    field,
                    f"Fleek {field} failed: it returned the same nextToken twice, so the list would never end.",
                    code="endless_pages",
                )
            seen.add(token)

    def make(
        self, field: str, document: str, variables: JsonObject, refused: str, *, idempotent: bool = False
    ) -> JsonObject:
        """What a mutation returns. refused: the message when it is null or false."""
        made: JsonObject | None = self._graphql.mutate(field, document, variables, idempotent=idempotent)
        if not made:
            # Fleek's own client reports a deploy that was not started as "should be a temporary issue".
            raise refusal(
                field,
                f"{refused} ({field} returned {'null' if made is None else 'false'}). This may be temporary: run the "
                "task again.",
                code="nothing_made",
            )
        return made


def _by_id(site_id: str, fields: str = SITE) -> tuple[str, JsonObject]:
    return f"query ($siteId: ID!) {{ getSiteById(siteId: $siteId) {{ {fields} }} }}", {"siteId": site_id}


def _by_slug(slug: str, fields: str = SITE) -> tuple[str, JsonObject]:
    return f"query ($slug: String!) {{ getSiteBySlug(slug: $slug) {{ {fields} }} }}", {"slug": slug}


def refusal(
    operation: str, message: str, *, code: str, kind: type[ApiError] = ApiError, sought: object = None
) -> ApiError:
    """The error of a refusal with the status 200 and without errors."""
    return kind(message, platform="fleek", operation=operation, status=200, code=code, sought=sought)


def no_site(slug: str | None = None, site_id: str | None = None) -> str:
    if site_id is not None:
        return (
            f"The site with the ID {site_id} does not exist on Fleek, or this key has no access to it. To select a "
            "site by its slug, set `site`."
        )
    return (
        f"The site with the slug {slug} does not exist on Fleek, or this key has no access to it. To select a site by "
        "its ID, set `site_id`."
    )


def _says_not_found(error: ApiError) -> bool:
    # A 404 means a wrong URL of the API.
    return error.status not in (None, 404) and bool(
        re.search(r"not[ _]?found|does not exist|no such", f"{error.platform_code} {error.message}", re.IGNORECASE)
    )


def key_is_refused(error: ApiError) -> bool:
    return error.code == "unauthorized"


def _hint(message: str, platform_code: Any) -> str | None:
    if platform_code in KEY_REFUSED:
        return (
            "Check the hosting API key: it has access to the sites of its own team only, and must be given without "
            "Bearer."
        )
    return None


def check_reference(option: str, value: str) -> None:
    """Checks an ID or slug. Raises InvalidInput."""
    if not REFERENCE.fullmatch(value):
        raise InvalidInput(option, f"`{option}` must consist of letters, digits, '-' and '_', got {value!r}.")


SITE_OPTIONS = dict(
    site=dict(type="str", aliases=["slug", "name"], check=check_reference, parent=True),
    site_id=dict(type="str", check=check_reference, parent=True),
)
ONE_SITE: JsonObject = dict(required_one_of=[("site", "site_id")], mutually_exclusive=[("site", "site_id")])
TEAM = dict(type="str", env=TEAM_ENV, check=check_reference)
