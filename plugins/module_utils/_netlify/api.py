# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of the clients of Netlify's REST API: connection, lists, and references to sites. PRIVATE to the collection.

Knows no Ansible. Each subject has its client class, one method per documented operation, in the subject's file. Objects
are returned as the API has them; the C(..._view) functions create the shapes that leave a module.
Sources: Netlify's API guide (docs.netlify.com), its public OpenAPI (npm @netlify/open-api), and what its own command
line client does.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core import domains
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, MissingParent
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.unknown import UNKNOWN
from ansible_collections.webops.paas.plugins.module_utils._http.responses import Response
from ansible_collections.webops.paas.plugins.module_utils._http.rest import RestClient, part
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
from ansible_collections.webops.paas.plugins.module_utils._netlify.lists import PER_PAGE, Pages
from ansible_collections.webops.paas.plugins.module_utils._netlify.responses import RESPONSES

# Names that Netlify's own client accepts, without dots and capitals: the server silently changes dots to hyphens
# (netlify/cli#211), so the next look-up by the given name would find nothing.
SITE_NAME = re.compile(r"[a-z0-9-]{1,63}")
SITE_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
DEFAULT_DOMAIN = "netlify.app"
# Number of single reads that a page of a list must be able to replace.
WORTH_A_PAGE = 3

# The option that says which site a module is about; where a module has no other name, that of the site may be C(name).


# (an object) -> what can stand for it in a path.
Names = Callable[[JsonObject], "set[str]"]


class NetlifyClient(RestClient):
    """http: an Http whose base URL ends in /api/v1."""

    PLATFORM = "Netlify"
    RESPONSES = RESPONSES
    DEFAULT_URL = "https://api.netlify.com/api/v1"
    URL_ENV = ("NETLIFY_API_URL",)
    TOKEN_ENV = ("NETLIFY_AUTH_TOKEN", "NETLIFY_API_TOKEN")

    def __init__(self, http: Http) -> None:
        super().__init__(http)
        # {reference: id}. A client lives as long as its task.
        self._site_ids: dict[str, str] = {}

    @staticmethod
    def credential(token: str) -> HeaderAuth:
        return HeaderAuth("Authorization", f"Bearer {token}")

    @staticmethod
    def complete_url(url: str) -> str:
        """A URL without a path gets /api/v1, as in NETLIFY_API_URL of the vendor's tools."""
        return url if urlsplit(url).path else url + "/api/v1"

    def once(self, key: Hashable, find: Callable[[], Any]) -> Any:
        """find(), of all tasks that run side by side with this connection only once."""
        return self.http.shared.once((self.http.connection.settings(), key), find)

    # -- lists ---------------------------------------------------------------------------------------------------------

    def _list(self, path: str, operation: str, query: JsonObject | None = None) -> list[JsonObject]:
        """A list in a single response."""
        rows: list[JsonObject] = self.http.request("GET", path, operation=operation, query=query, shape=list).data
        return rows

    def _linked(self, path: str, operation: str) -> Iterator[JsonObject]:
        """Yields a list without documented pages: another page is read if the Link header has one."""

        def query_of_page(page: int) -> JsonObject | None:
            return {"page": page} if page > 1 else None

        pages = Pages(self.http, path, operation, query_of_page, lambda response: "next" in response.links)
        return pages.one_by_one()

    def pages(
        self,
        path: str,
        *,
        operation: str,
        query: Mapping[str, Any] | None = None,
        per_page: int = PER_PAGE,
        limit: int | None = None,
        whole: bool = False,
    ) -> Iterator[JsonObject]:
        """Yields the rows of a paginated list (page and per_page, Link header); reads a page when it is needed.

        Ends at a page without rel="next", or at a short page if the server sends no Link header. whole: for callers
        that need all rows, see C(Pages.whole).
        Raises ApiError.
        """
        pages = self._numbered(path, operation, query, per_page)
        return pages.whole() if whole else itertools.islice(pages.one_by_one(), limit)

    def streamed(self, path: str, *, operation: str, query: Mapping[str, Any] | None = None) -> Iterator[JsonObject]:
        """As C(pages) for all rows of a list that is too long for the memory."""
        return self._numbered(path, operation, query, PER_PAGE).streamed()

    def _numbered(self, path: str, operation: str, query: Mapping[str, Any] | None, per_page: int) -> Pages:
        def query_of_page(page: int) -> JsonObject:
            return {**(query or {}), "page": page, "per_page": per_page}

        def has_next(response: Response) -> bool:
            relations = response.links.keys()
            return "next" in relations if relations & {"next", "prev", "first", "last"} else response.listed >= per_page

        return Pages(self.http, path, operation, query_of_page, has_next)

    # -- reading ahead ------------------------------------------------------------------------------------------------

    def read_ahead(self, names: set[str], writes: bool) -> None:
        """Reads the list of sites in place of single sites, if that takes fewer requests.

        names: of the sites that are about to be read. writes: whether each is read just before it is created.
        """
        wanted = {address_of(name): name for name in names}
        rows, is_all = rows_worth_reading(self.list_sites(), wanted.keys(), _addresses)
        self.know_rows("/sites", "getSite", rows, wanted.keys(), _addresses)
        if is_all:
            # If a name is taken in between, the platform refuses it.
            missing = {address for address, name in wanted.items() if not is_address(name)}
            for row in rows:
                missing -= {*_addresses(row), f"{row.get('name')}.{DEFAULT_DOMAIN}"}
            for address in missing:
                self.http.known.tell(f"/sites/{part(address)}", None)

    def know_rows(
        self, path: str, operation: str, rows: list[JsonObject], wanted: Collection[str], names_of: Names
    ) -> None:
        """Uses the rows of a list in place of single objects, if one object that is read for comparison equals its row.

        Whether a row has all fields of the object is not documented.
        """
        known = {f"{path}/{part(name)}": row for row in rows for name in names_of(row) if name in wanted}
        sample = min(known, default=None)
        if sample is not None and self.json_object_or_none("GET", sample, operation) == known[sample]:
            for one, row in known.items():
                self.http.known.tell(one, row)

    # -- references to teams and sites ---------------------------------------------------------------------------

    def list_accounts(self) -> Iterator[JsonObject]:
        return self._linked("/accounts", "listAccountsForUser")

    def check_team(self, team: str | None) -> None:
        """Raises ApiError for a team, if one is set, that the token has no access to, as far as it can list teams."""
        if not team:
            return
        try:
            accounts = self.once("accounts", lambda: list(self.list_accounts()))
            if not any(team in (account.get("slug"), account.get("id")) for account in accounts):
                raise no_team(team, "listAccountsForUser")
        except ApiError as error:
            if error.code != "forbidden":
                raise

    def get_site(self, site_id: str) -> JsonObject | None:
        """site_id: the ID or any domain of the site. None when it does not exist or the token has no access to it."""
        return self.json_object_or_none("GET", f"/sites/{part(site_id)}", "getSite")

    def list_sites(
        self, account_slug: str | None = None, name: str | None = None, whole: bool = False
    ) -> Iterator[JsonObject]:
        """Yields sites. name: part of it, as the server searches. whole: see C(pages).

        Without filter=all, teams where the user is a guest are missing.
        """
        if account_slug:
            with below_team(account_slug):
                path, query = f"/{part(account_slug)}/sites", query_of(name=name)
                yield from self.pages(path, operation="listSitesForAccount", query=query, whole=whole)
        else:
            yield from self.pages("/sites", operation="listSites", query=query_of(name=name, filter="all"), whole=whole)

    def find_site(self, reference: str) -> JsonObject | None:
        """One site by its ID, a domain (anything with a dot) or its name, in one request."""
        if is_address(reference):
            return self.get_site(address_of(reference))
        site = self.get_site(address_of(reference))
        return site if site is not None and site.get("name") == reference else None

    def require_site(self, reference: str) -> JsonObject:
        site = self.find_site(reference)
        if site is None:
            raise no_site(reference, "getSite")
        return site

    def site_id_of(self, reference: str) -> str:
        """The ID of a site, looked up once. A given ID is not checked, because the next request with it fails if it is
        wrong.
        """
        if SITE_ID.fullmatch(reference):
            return reference
        if reference not in self._site_ids:
            self._site_ids[reference] = str(self.require_site(reference)["id"])
        return self._site_ids[reference]


def query_of(**values: Any) -> JsonObject:
    """The parameters that have a value, with booleans as in the API."""
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in values.items()
        if value is not None
    }


def is_address(reference: str) -> bool:
    """Whether it is an id or a domain, rather than a name."""
    return bool(SITE_ID.fullmatch(reference)) or "." in reference


def address_of(reference: str) -> str:
    """The segment of a path for a site, without a look-up: its ID or a domain.

    For a name, the default domain.
    """
    return domains.normal(reference) if is_address(reference) else f"{reference}.{DEFAULT_DOMAIN}"


def no_site(reference: str, operation: str) -> ApiError:
    # The ID of a new site cannot be known before it exists.
    kind = ApiError if SITE_ID.fullmatch(reference) else MissingParent
    return not_found(
        f"The site {reference!r} does not exist on Netlify, or this token has no access to it.",
        operation,
        kind,
        sought=reference,
    )


def no_team(team: str, operation: str) -> ApiError:
    error = not_found(
        f"The team {team!r} does not exist on Netlify, or this token has no access to it. Set `account_slug` to the "
        "slug of a team of this token; webops.paas.netlify_user_info lists them.",
        operation,
    )
    error.details["option"] = "account_slug"
    return error


@contextlib.contextmanager
def below_team(team: str | None) -> Iterator[None]:
    """For requests on objects of a team, if one is set: a 404 means that the team does not exist."""
    try:
        yield
    except ApiError as error:
        if error.status != 404 or not team:
            raise
        raise no_team(team, str(error.details.get("operation"))) from None


def not_found(message: str, operation: str, kind: type[ApiError] = ApiError, *, sought: object = None) -> ApiError:
    """sought: the value of the option that names what does not exist."""
    return kind(message, platform="netlify", operation=operation, status=404, code="not_found", sought=sought)


def rows_worth_reading(
    rows: Iterable[JsonObject], wanted: Collection[str], names_of: Names
) -> tuple[list[JsonObject], bool]:
    """(rows of a list, whether these are all of them), of no more pages than save requests.

    Several pages are never known to be all: a deletion in between moves a row to a page that was already read.
    """
    limit = PER_PAGE * (len(wanted) // WORTH_A_PAGE)
    left = set(wanted)
    found: list[JsonObject] = []
    for row in itertools.islice(rows, limit):
        found.append(row)
        left -= names_of(row)
        if not left:
            break
    return found, bool(limit) and len(found) < PER_PAGE


def _addresses(site: JsonObject) -> set[str]:
    """What can stand for a listed site in a path, as far as it is certain."""
    own = {str(site[key]) for key in ("id",) if site.get(key)}
    return own | {domains.normal(site[key]) for key in ("default_domain", "custom_domain") if site.get(key)}


def new_site(reference: str) -> JsonObject:
    """The known fields of a site that does not exist yet."""
    name = UNKNOWN if is_address(reference) else reference
    return {"id": UNKNOWN, "name": name, "account_slug": UNKNOWN}


@contextlib.contextmanager
def instead_of_404(message: str, code: str = "not_found", sought: object = None) -> Iterator[None]:
    """Explains a 404. message: {operation} in it is replaced by the operation. sought: see not_found."""
    try:
        yield
    except ApiError as error:
        if error.status != 404:
            raise
        message = message.replace("{operation}", str(error.details.get("operation")))
        raise ApiError(message, **{**error.details, "code": code}, sought=sought) from None


@contextlib.contextmanager
def below_site(reference: str) -> Iterator[None]:
    """For requests that list objects of a site: a 404 means that the site does not exist."""
    try:
        yield
    except ApiError as error:
        if error.status != 404:
            raise
        raise no_site(reference, str(error.details.get("operation"))) from None


def check_site_name(option: str, name: str) -> None:
    if not SITE_NAME.fullmatch(name):
        hint = re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-")[:63]
        raise InvalidInput(
            option,
            f"`{option}` must be 1 to 63 characters of a-z, 0-9 and hyphen, got {name!r}, which Netlify would change "
            "or refuse" + (f". Use {hint!r}." if hint else "."),
        )


def check_site_reference(option: str, reference: str | None) -> None:
    """Accepts an ID, a domain, a name, or an empty text; other texts would become part of the path of a URL."""
    if reference is None or reference is UNKNOWN or SITE_ID.fullmatch(reference):
        return
    if "." not in reference:
        check_site_name(option, reference)
    elif not domains.is_domain(reference, wildcard=True):
        raise domains.invalid_domain(option, reference, "the name, ID or domain of a site")


def check_id(option: str, value: str | None) -> None:
    if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", value):
        raise InvalidInput(option, f"`{option}` must be an ID such as 52465f435803544542000001, got {value!r}.")


SITE = dict(type="str", required=True, aliases=["site_id", "domain"], check=check_site_reference, parent=True)
NAMED_SITE = dict(SITE, aliases=["name", "site_id", "domain"])
ID = dict(type="str", check=check_id)
REQUIRED_ID = dict(type="str", check=check_id, required=True)


def is_of_team(row: JsonObject, team: str | None) -> bool:
    """Compared again: a server that ignores a parameter returns the objects of all teams."""
    return team in (row.get("account_slug"), row.get("account_id"))
