# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netlify's REST API, one method per documented operation. PRIVATE to the collection.

Knows no Ansible. Sources: Netlify's API guide (docs.netlify.com), its public OpenAPI (npm @netlify/open-api), and what
its own command line client does. Objects are answered as the API has them; C(site_view) and C(deploy_view) are the
shapes that leave a module.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.compare import without_nulls
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.rest import RestClient, only_given, part
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth

# What Netlify's own client accepts. Dots and capitals are left out: the server turns dots into hyphens without a word
# (netlify/cli#211), so that the next look-up by the asked-for name finds nothing.
SITE_NAME = re.compile(r"[a-z0-9-]{1,63}")
SITE_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
DEFAULT_DOMAIN = "netlify.app"
RAW_FILE = "application/vnd.bitballoon.v1.raw"

BUILD_SETTINGS = (
    "provider",
    "repo_path",
    "branch",
    "cmd",
    "dir",
    "base",
    "package_path",
    "functions_dir",
    "deploy_key_id",
    "installation_id",
    "allowed_branches",
    "skip_prs",
    "stop_builds",
    "private_logs",
    "untrusted_flow",
)
# Sending one of these links the site to a repository, which the API takes under "repo".
REPOSITORY_LINK = frozenset({"provider", "repo_path", "deploy_key_id", "installation_id"})

_SITE_TEXTS = (
    "id",
    "name",
    "account_id",
    "account_slug",
    "account_name",
    "url",
    "ssl_url",
    "admin_url",
    "default_domain",
    "custom_domain",
    "branch_deploy_custom_domain",
    "deploy_preview_custom_domain",
    "notification_email",
    "build_image",
    "functions_region",
    "prerender",
    "state",
    "disabled_reason",
    "created_at",
    "updated_at",
)
_SITE_OTHERS = ("force_ssl", "has_password", "managed_dns", "prevent_non_git_prod_deploys", "deploy_retention_in_days")
_DEPLOY_KEYS = (
    "id",
    "site_id",
    "state",
    "title",
    "branch",
    "context",
    "draft",
    "error_message",
    "url",
    "ssl_url",
    "deploy_url",
    "deploy_ssl_url",
    "admin_url",
    "created_at",
    "updated_at",
    "published_at",
    "commit_ref",
    "deploy_source",
)
# Of the deploy inside a site only what does not change by itself.
_PUBLISHED_KEYS = ("id", "state", "title", "created_at", "published_at")
_USER_KEYS = (
    "id",
    "uid",
    "slug",
    "full_name",
    "email",
    "avatar_url",
    "affiliate_id",
    "account_id",
    "preferred_account_id",
    "site_count",
    "last_login",
    "created_at",
)
_ACCOUNT_KEYS = ("id", "slug", "name", "type_name", "user_role", "default", "members_count", "created_at")


class NetlifyClient(RestClient):
    """http: an Http whose base URL ends in /api/v1."""

    PLATFORM = "Netlify"
    DEFAULT_URL = "https://api.netlify.com/api/v1"
    URL_ENV = ("NETLIFY_API_URL",)
    TOKEN_ENV = ("NETLIFY_AUTH_TOKEN", "NETLIFY_API_TOKEN")

    @staticmethod
    def credential(token: str) -> HeaderAuth:
        return HeaderAuth("Authorization", f"Bearer {token}")

    @staticmethod
    def complete_url(url: str) -> str:
        """A URL without a path gets /api/v1, as in NETLIFY_API_URL of the vendor's tools."""
        return url if urlsplit(url).path else url + "/api/v1"

    def pages(
        self,
        path: str,
        *,
        operation: str,
        query: Mapping[str, Any] | None = None,
        per_page: int = 100,
        limit: int | None = None,
    ) -> Iterator[JsonObject]:
        """Yields the rows of a paginated list (page and per_page, Link header), each page as it is needed.

        Ends at a page without rel="next", or, where a server sends no such Link at all, at a short page. The page number
        is counted here; the URLs of the Link header are not followed, since they name the platform's own host.
        Raises ApiError.
        """
        page, found, before = 1, 0, None
        while True:
            response = self.http.request(
                "GET",
                path,
                operation=operation,
                query={**(query or {}), "page": page, "per_page": per_page},
                shape=list,
            )
            rows = response.data
            if rows and rows == before:
                raise self.http.call("GET", path, operation=operation).error(
                    f"answered page {page} with the very rows of page {page - 1}, so the list would never end",
                    code="endless_pages",
                    status=response.status,
                )
            for row in rows:
                yield row
                found += 1
                if limit is not None and found >= limit:
                    return
            relations = response.link_relations
            more = "next" in relations if relations & {"next", "prev", "first", "last"} else len(rows) >= per_page
            if not more or not rows:
                return
            page, before = page + 1, rows

    # -- sites ---------------------------------------------------------------------------------------------------------

    def get_site(self, site_id: str) -> dict | None:
        """site_id: the id or any domain of the site. None when there is none that the token may see."""
        return self._object_or_none("GET", f"/sites/{part(site_id)}", "getSite")

    def list_sites(self, account_slug: str | None = None, name: str | None = None):
        """Yields sites. name: part of it, as the server searches; without filter=all, teams where one is a guest are missing."""
        if account_slug:
            return self.pages(
                f"/{part(account_slug)}/sites", operation="listSitesForAccount", query=only_given(name=name)
            )
        return self.pages("/sites", operation="listSites", query=only_given(name=name, filter="all"))

    def create_site(self, body: dict, account_slug: str | None = None) -> dict:
        if account_slug:
            return self._object("POST", f"/{part(account_slug)}/sites", "createSiteInTeam", body)
        return self._object("POST", "/sites", "createSite", body)

    def update_site(self, site_id: str, body: dict) -> dict:
        """Only the keys that are sent change, so that sending it again does no harm."""
        return self._object("PATCH", f"/sites/{part(site_id)}", "updateSite", body, idempotent=True)

    def delete_site(self, site_id: str) -> None:
        self._gone("DELETE", f"/sites/{part(site_id)}", "deleteSite")

    def enable_site(self, site_id: str) -> None:
        self.http.request("PUT", f"/sites/{part(site_id)}/enable", operation="enableSite")

    def disable_site(self, site_id: str) -> None:
        self.http.request("PUT", f"/sites/{part(site_id)}/disable", operation="disableSite")

    # -- deploys -------------------------------------------------------------------------------------------------------

    def list_deploys(self, site_id: str, limit: int | None = None, per_page: int = 100, **filters):
        """Yields deploys, newest first. filters: state, branch, production, latest-published."""
        query = {
            key: str(value).lower() if isinstance(value, bool) else value
            for key, value in filters.items()
            if value is not None
        }
        return self.pages(
            f"/sites/{part(site_id)}/deploys", operation="listSiteDeploys", query=query, per_page=per_page, limit=limit
        )

    def get_deploy(self, deploy_id: str) -> dict | None:
        return self._object_or_none("GET", f"/deploys/{part(deploy_id)}", "getDeploy")

    def create_deploy(self, site_id: str, body: dict, title: str | None = None) -> dict:
        return self._object(
            "POST", f"/sites/{part(site_id)}/deploys", "createSiteDeploy", body, query=only_given(title=title)
        )

    def update_deploy(self, site_id: str, deploy_id: str, body: dict) -> dict:
        """Sends the manifest again; the answer says what still is to be uploaded (a GET does not always)."""
        return self._object("PUT", f"/sites/{part(site_id)}/deploys/{part(deploy_id)}", "updateSiteDeploy", body)

    def upload_file(self, http, deploy_id: str, path: str, stream) -> None:
        """http: the calling thread's clone. A 401 in the middle of uploads is a known passing fault (the vendor's client repeats it)."""
        http.request(
            "PUT",
            f"/deploys/{part(deploy_id)}/files/{quote(path, safe='/')}",
            operation="uploadDeployFile",
            stream=stream,
            headers={"Content-Type": "application/octet-stream"},
            retry_status=(401,),
        )

    def upload_function(self, http, deploy_id: str, name: str, runtime: str, stream) -> None:
        http.request(
            "PUT",
            f"/deploys/{part(deploy_id)}/functions/{part(name)}",
            operation="uploadDeployFunction",
            stream=stream,
            query={"runtime": runtime},
            headers={"Content-Type": "application/octet-stream"},
            retry_status=(401,),
        )

    def restore_deploy(self, site_id: str, deploy_id: str) -> dict:
        """Makes a deploy the live one; doing it twice has the effect of doing it once."""
        return self._object(
            "POST", f"/sites/{part(site_id)}/deploys/{part(deploy_id)}/restore", "restoreSiteDeploy", idempotent=True
        )

    def lock_deploy(self, deploy_id: str) -> dict:
        return self._object("POST", f"/deploys/{part(deploy_id)}/lock", "lockDeploy", idempotent=True)

    def unlock_deploy(self, deploy_id: str) -> dict:
        return self._object("POST", f"/deploys/{part(deploy_id)}/unlock", "unlockDeploy", idempotent=True)

    def cancel_deploy(self, deploy_id: str) -> dict:
        return self._object("POST", f"/deploys/{part(deploy_id)}/cancel", "cancelSiteDeploy", idempotent=True)

    def delete_deploy(self, deploy_id: str) -> None:
        self._gone("DELETE", f"/deploys/{part(deploy_id)}", "deleteDeploy")

    def list_deploy_files(self, deploy_id: str) -> list:
        """[{path, sha, size, ...}] of one deploy. Not in the public OpenAPI, used by many."""
        return self._list(f"/deploys/{part(deploy_id)}/files", "listDeployFiles")

    def list_site_files(self, site_id: str) -> list:
        """[{path, sha, size, mime_type}] of the published deploy, in one answer however many they are."""
        return self._list(f"/sites/{part(site_id)}/files", "listSiteFiles")

    def get_site_file(self, site_id: str, path: str) -> dict | None:
        """path: without a slash at its beginning, as in all methods here."""
        return self._object_or_none(
            "GET", f"/sites/{part(site_id)}/files/{quote(path, safe='/')}", "getSiteFileByPathName"
        )

    def download_site_file(self, site_id: str, path: str) -> bytes:
        """What was uploaded, before any processing. It is the Content-Type of the question that asks for it."""
        return self.http.request(
            "GET",
            f"/sites/{part(site_id)}/files/{quote(path, safe='/')}",
            operation="getSiteFileByPathName",
            headers={"Content-Type": RAW_FILE},
        ).content

    # -- snippets and metadata: their PUT answers 200 with the object, or 204 with nothing --------------------------------

    def list_snippets(self, site_id: str) -> list:
        return self._list(f"/sites/{part(site_id)}/snippets", "listSiteSnippets")

    def create_snippet(self, site_id: str, body: dict) -> dict:
        return self._object("POST", f"/sites/{part(site_id)}/snippets", "createSiteSnippet", body)

    def update_snippet(self, site_id: str, snippet_id: int, body: dict) -> None:
        """body: all fields; those that are left out may be emptied."""
        self.http.request(
            "PUT", f"/sites/{part(site_id)}/snippets/{snippet_id}", operation="updateSiteSnippet", body=body
        )

    def delete_snippet(self, site_id: str, snippet_id: int) -> None:
        """Not repeated blindly: no source says whether the id then belongs to the next snippet."""
        self.http.request(
            "DELETE", f"/sites/{part(site_id)}/snippets/{snippet_id}", operation="deleteSiteSnippet", idempotent=False
        )

    def get_metadata(self, site_id: str) -> dict:
        return self._object("GET", f"/sites/{part(site_id)}/metadata", "getSiteMetadata")

    def replace_metadata(self, site_id: str, metadata: dict) -> None:
        self.http.request("PUT", f"/sites/{part(site_id)}/metadata", operation="updateSiteMetadata", body=metadata)

    # -- forms and submissions -----------------------------------------------------------------------------------------

    def list_forms(self, site_id: str | None = None):
        """Yields forms of a site; without one, of all sites by a call that is not documented any more (404 where it is gone)."""
        if site_id is None:
            return self._linked("/forms", "listForms")
        return self._linked(f"/sites/{part(site_id)}/forms", "listSiteForms")

    def delete_form(self, site_id: str, form_id: str) -> None:
        """Its submissions go with it."""
        self._gone("DELETE", f"/sites/{part(site_id)}/forms/{part(form_id)}", "deleteSiteForm")

    def list_submissions(self, *, site_id: str | None = None, form_id: str | None = None, spam: bool = False):
        """Yields submissions of a form, of a site, or of all sites (undocumented; 404 where it is gone): verified ones, or spam."""
        query = {"state": "spam"} if spam else {}
        if form_id is not None:
            return self.pages(f"/forms/{part(form_id)}/submissions", operation="listFormSubmissions", query=query)
        if site_id is not None:
            return self.pages(f"/sites/{part(site_id)}/submissions", operation="listSiteSubmissions", query=query)
        return self.pages("/submissions", operation="listSubmissions", query=query)

    def get_submission(self, submission_id: str) -> dict | None:
        """One OpenAPI of Netlify calls the answer an object, the other an array."""
        try:
            answer = self.http.request(
                "GET", f"/submissions/{part(submission_id)}", operation="listFormSubmission", shape=object
            ).data
        except ApiError as error:
            if error.status == 404:
                return None
            raise
        return next(iter(answer), None) if isinstance(answer, list) else answer

    def delete_submission(self, submission_id: str) -> None:
        self._gone("DELETE", f"/submissions/{part(submission_id)}", "deleteSubmission")

    def mark_submission(self, submission_id: str, spam: bool) -> None:
        mark, operation = ("spam", "markSubmissionSpam") if spam else ("ham", "markSubmissionHam")
        self.http.request("PUT", f"/submissions/{part(submission_id)}/{mark}", operation=operation)

    # -- users and teams -----------------------------------------------------------------------------------------------

    def get_current_user(self) -> dict:
        return self._object("GET", "/user", "getCurrentUser")

    def list_accounts(self):
        return self._linked("/accounts", "listAccountsForUser")

    def list_users(self):
        """For resellers, until about 2014; 404 where it is gone, as are the three calls below it."""
        return self._linked("/users", "listUsers")

    def list_user_sites(self, user_id: str):
        return self._linked(f"/users/{part(user_id)}/sites", "listUserSites")

    def list_user_forms(self, user_id: str):
        return self._linked(f"/users/{part(user_id)}/forms", "listUserForms")

    def list_user_submissions(self, user_id: str):
        return self._linked(f"/users/{part(user_id)}/submissions", "listUserSubmissions")

    # -- shared ways ---------------------------------------------------------------------------------------------------

    def _list(self, path: str, operation: str) -> list:
        return self.http.request("GET", path, operation=operation, shape=list).data

    def _linked(self, path: str, operation: str):
        """Yields a list that no source says to have pages: a further one is asked for only where the Link header names it."""
        page = 1
        while True:
            answer = self.http.request(
                "GET", path, operation=operation, query={"page": page} if page > 1 else None, shape=list
            )
            yield from answer.data
            if not answer.data or 'rel="next"' not in (answer.headers.get("Link") or ""):
                return
            page += 1


# -- which site is meant -----------------------------------------------------------------------------------------------


def find_site(client: NetlifyClient, reference: str) -> dict | None:
    """One site by its id, a domain of it (anything with a dot) or its name, in one read."""
    if SITE_ID.fullmatch(reference) or "." in reference:
        return client.get_site(reference)
    site = client.get_site(f"{reference}.{DEFAULT_DOMAIN}")
    return site if site is not None and site.get("name") == reference else None


def find_site_by_search(client: NetlifyClient, name: str, account_slug: str | None = None) -> dict | None:
    """By its exact name among all that the token may see: for sites whose default domain is not NAME.netlify.app."""
    return next((site for site in client.list_sites(account_slug, name) if site.get("name") == name), None)


def require_site(client: NetlifyClient, reference: str) -> dict:
    site = find_site(client, reference)
    if site is None:
        raise no_site(reference, "getSite")
    return site


def no_site(reference: str, operation: str) -> ApiError:
    return not_found(
        f"Netlify has no site {reference!r} that this token may see (a site of another account looks the same).",
        operation,
    )


def not_found(message: str, operation: str) -> ApiError:
    return ApiError(message, platform="netlify", operation=operation, status=404, code="not_found")


def address_of(reference: str) -> str:
    """What stands for a site in a path, so that it need not be looked up first: its id or a domain; of a name the default domain."""
    return reference if SITE_ID.fullmatch(reference) or "." in reference else f"{reference}.{DEFAULT_DOMAIN}"


@contextlib.contextmanager
def below_site(reference: str):
    """Calls that list what belongs to a site: when they answer 404, there is no such site."""
    try:
        yield
    except ApiError as error:
        if error.status != 404:
            raise
        raise no_site(reference, error.details.get("operation")) from None


def site_id_of(client: NetlifyClient, reference: str) -> str:
    """The id of a site; an id is believed, since whatever is done with it says so when it is wrong."""
    return reference if SITE_ID.fullmatch(reference) else require_site(client, reference)["id"]


def check_site_name(option: str, name: str) -> None:
    if not SITE_NAME.fullmatch(name):
        hint = re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-")[:63]
        raise InvalidInput(
            option,
            f"{option} must be 1 to 63 of a-z, 0-9 and hyphen; Netlify would silently change or refuse {name!r}"
            + (f". {hint!r} would do." if hint else "."),
        )


def check_site_reference(option: str, reference: str) -> None:
    """Accepts an id, a domain or a name; anything else would end up in a URL path."""
    if SITE_ID.fullmatch(reference):
        return
    if "." not in reference:
        check_site_name(option, reference)
    elif not re.fullmatch(r"[A-Za-z0-9*_-]+(\.[A-Za-z0-9_-]+)+\.?", reference):
        raise InvalidInput(option, f"{option} must be a site's name, id or domain, not {reference!r}.")


def check_branch(option: str, branch: str) -> None:
    """The name becomes part of a host name, BRANCH--NAME.netlify.app; the vendor's client allows 37 characters."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,36}", branch):
        raise InvalidInput(
            option,
            f"{option} must be 1 to 37 letters, digits, '.', '_', '/' or '-', and begin with a letter or digit; "
            f"not {branch!r}.",
        )


def check_id(option: str, value: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", value):
        raise InvalidInput(
            option, f"{option} must be an id as Netlify answers it, such as 52465f435803544542000001, not {value!r}."
        )


# -- the shapes that leave a module ------------------------------------------------------------------------------------


def site_view(site: dict) -> dict:
    """The documented part of a site. jwt_secret, deploy_hook and whatever else Netlify sends never leave."""
    view = {key: site.get(key) or None for key in _SITE_TEXTS}
    view.update({key: site.get(key) for key in _SITE_OTHERS})
    view["domain_aliases"] = sorted(site.get("domain_aliases") or [])
    view["enabled"] = not site.get("disabled")
    processing = site.get("processing_settings") or {}
    view["processing_settings"] = {
        "pretty_urls": (processing.get("html") or {}).get("pretty_urls"),
        "ignore_html_forms": processing.get("ignore_html_forms"),
    }
    build = site.get("build_settings") or {}
    # The branch is read under another name than it is written (netlify/open-api#358).
    build = {**build, "branch": build.get("repo_branch", build.get("branch"))}
    view["build_settings"] = {key: None if build.get(key) == "" else build.get(key) for key in BUILD_SETTINGS}
    view["build_settings"]["allowed_branches"] = sorted(build.get("allowed_branches") or [])
    published = site.get("published_deploy")
    view["published_deploy"] = (
        {**{key: published.get(key) for key in _PUBLISHED_KEYS}, "locked": bool(published.get("locked"))}
        if published
        else None
    )
    return view


def site_body(options: dict, current: dict | None = None) -> dict:
    """The reverse of site_view: what POST and PATCH take. current: a site_view, None for a new site.

    Nested settings are sent whole (what they are, with the changes), since no source says whether Netlify merges them.
    """
    body = {
        key: value for key, value in options.items() if key not in ("processing_settings", "build_settings", "enabled")
    }
    processing = without_nulls(options.get("processing_settings") or {})
    if processing:
        body["processing_settings"] = {key: processing[key] for key in ("ignore_html_forms",) if key in processing}
        if "pretty_urls" in processing:
            body["processing_settings"]["html"] = {"pretty_urls": processing["pretty_urls"]}
    if options.get("build_settings"):
        was = (current or {}).get("build_settings") or {}
        # A key that lost its value is sent empty; one that never had any is left out.
        build = {
            key: "" if value is None else value
            for key, value in options["build_settings"].items()
            if value is not None or was.get(key) is not None
        }
        links = any(key in build and build[key] != was.get(key) for key in REPOSITORY_LINK)
        body["repo" if links else "build_settings"] = build
    return body


def name_taken(error: ApiError, name: str) -> ApiError | None:
    """A better error when Netlify refuses a name ({"errors": {"subdomain": ["must be unique"]}}), else None."""
    if error.status != 422 or "subdomain" not in error.message:
        return None
    return ApiError(
        f"The name {name!r} is taken: it belongs to another account, and this token sees no site of that name. Names are unique over "
        "the whole of Netlify; choose another.",
        **{**error.details, "code": "name_taken"},
    )


def deploy_view(deploy: dict) -> dict:
    view = {key: deploy.get(key) for key in _DEPLOY_KEYS}
    view["locked"] = bool(deploy.get("locked"))
    view["functions"] = sorted(
        function.get("n") for function in deploy.get("available_functions") or [] if function.get("n")
    )
    return view


def user_view(user: dict) -> dict:
    return {**{key: user.get(key) for key in _USER_KEYS}, "login_providers": user.get("login_providers") or []}


def account_view(account: dict) -> dict:
    """A team, without what concerns its payments."""
    return {key: account.get(key) for key in _ACCOUNT_KEYS}
