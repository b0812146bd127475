# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites as objects: their settings, their metadata, their cache. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator

from ansible_collections.webops.paas.plugins.module_utils._core import domains
from ansible_collections.webops.paas.plugins.module_utils._core.compare import without_nulls
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.members import Member, Members
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import create_once
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import (
    NetlifyClient,
    address_of,
    below_site,
    below_team,
    is_of_team,
    no_site,
    not_found,
)
from ansible_collections.webops.paas.plugins.module_utils._netlify.build_settings import BUILD_SETTINGS, REPOSITORY_LINK

PROCESSING_SETTINGS: dict[str, JsonObject] = {
    "pretty_urls": dict(type="bool"),
    "ignore_html_forms": dict(type="bool"),
}
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
# Required by Netlify, and shown in its dashboard.
DISABLED_REASON = "Disabled by webops.paas.netlify_site"
_SITE_OTHERS = (
    "force_ssl",
    "has_password",
    "managed_dns",
    "prevent_non_git_prod_deploys",
    "deploy_retention_in_days",
    "hud_enabled",
    "rum_enabled",
    "build_timelimit",
)
# Settings that have their own requests.
_NOT_IN_BODY = ("processing_settings", "build_settings", "enabled", "analytics_enabled")
# Contexts whose deploys can show the Netlify Drawer.
DRAWER_CONTEXTS = ("branch-deploy", "deploy-preview")
# Fields of the deploy inside a site that do not change by themselves.
_PUBLISHED_KEYS = ("id", "state", "title", "created_at", "published_at")

# Values of a new site, unless they are declared.
EMPTY_AT_FIRST = (
    "build_timelimit",
    "branch_deploy_custom_domain",
    "custom_domain",
    "deploy_preview_custom_domain",
    "deploy_retention_in_days",
    "force_ssl",
    "functions_region",
    "notification_email",
    "prerender",
    "published_deploy",
)
# {place below a site: operation that reads it}
OF_SITES = {"snippets": "listSiteSnippets", "metadata": "getSiteMetadata", "build_hooks": "listSiteBuildHooks"}


DOMAIN_OPTIONS = ("custom_domain", "domain_aliases", "branch_deploy_custom_domain", "deploy_preview_custom_domain")


class SitesClient(NetlifyClient):
    def create_site(self, body: JsonObject, account_slug: str | None = None) -> JsonObject:
        path, operation = (
            (f"/{part(account_slug)}/sites", "createSiteInTeam") if account_slug else ("/sites", "createSite")
        )
        site = self.json_object("POST", path, operation, body)
        self._know_new(site)
        return site

    def _know_new(self, site: JsonObject) -> None:
        """Responses that later tasks need not request, because the site is new.

        Whether a new site has snippets, variables and so on is not documented: the first one of each team is read.
        """
        if self.http.shared.is_alone or not site.get("name") or not site.get("account_slug"):
            return
        path, team = f"/sites/{part(address_of(site['name']))}", part(site["account_slug"])
        places: dict[str, tuple[str, str, JsonObject | None]] = {
            **{kind: (f"{path}/{kind}", operation, None) for kind, operation in OF_SITES.items()},
            "env": (f"/accounts/{team}/env", "getEnvVars", {"site_id": site["id"]}),
        }
        for kind, empty in self.once(("new site", team), lambda: self._found_empty(places)).items():
            read_at, _operation, query = places[kind]
            self.http.known.tell(read_at, empty, query)
        self.http.known.tell(path, site)

    def _found_empty(self, places: dict[str, tuple[str, str, JsonObject | None]]) -> JsonObject:
        """{kind: the empty response} of what the site has nothing of. places: {kind: (path, operation, query)}."""
        found = {}
        for kind, (path, operation, query) in places.items():
            # What cannot be read is left to the tasks.
            with contextlib.suppress(ApiError):
                data = self.http.request("GET", path, operation=operation, query=query, shape=object).data
                if data in ([], {}):
                    found[kind] = data
        return found

    def update_site(self, site_id: str, body: JsonObject) -> JsonObject:
        """Changes only the keys that are sent, so it can be retried."""
        return self.json_object("PATCH", f"/sites/{part(site_id)}", "updateSite", body, idempotent=True)

    def delete_site(self, site_id: str) -> None:
        self.delete_if_there("DELETE", f"/sites/{part(site_id)}", "deleteSite")

    def enable_site(self, site_id: str) -> None:
        self.http.request("PUT", f"/sites/{part(site_id)}/enable", operation="enableSite")

    def disable_site(self, site_id: str) -> None:
        """Both OpenAPI descriptions require a reason; Netlify shows it as disabled_reason."""
        self.http.request(
            "PUT", f"/sites/{part(site_id)}/disable", operation="disableSite", query={"reason": DISABLED_REASON}
        )

    def unlink_repository(self, site_id: str) -> JsonObject:
        """Also deletes the deploy keys, the webhooks of the repository, and the build hooks of the site."""
        return self.json_object("PUT", f"/sites/{part(site_id)}/unlink_repo", "unlinkSiteRepo")

    def enable_analytics(self, site_id: str) -> JsonObject:
        """Returns the service instance."""
        return self.json_object("POST", f"/sites/{part(site_id)}/analytics", "enableAnalytics")

    def disable_analytics(self, site_id: str, instance_id: str) -> None:
        self.delete_if_there("DELETE", f"/sites/{part(site_id)}/analytics/{part(instance_id)}", "disableAnalytics")

    def find_site_by_search(self, name: str, account_slug: str | None = None) -> JsonObject | None:
        """Finds a site by its exact name among all sites: for those whose default domain is not NAME.netlify.app."""
        return next((site for site in self.list_sites(account_slug, name) if site.get("name") == name), None)

    def purge_cache(self, site_id: str, tags: list[str] | None = None) -> None:
        """Purges all pages of a site, or those with one of these tags. Idempotent."""
        body = {"site_id": site_id, **({"cache_tags": tags} if tags else {})}
        try:
            self.http.request("POST", "/purge", operation="purgeCache", body=body, idempotent=True)
        except ApiError as error:
            raise (no_site(site_id, "purgeCache") if error.status == 404 else error) from None

    # A PUT of metadata returns 200 with the object, or 204 with nothing.

    def get_metadata(self, site_id: str) -> JsonObject:
        return self.json_object("GET", f"/sites/{part(site_id)}/metadata", "getSiteMetadata")

    def replace_metadata(self, site_id: str, metadata: JsonObject) -> None:
        self.http.request("PUT", f"/sites/{part(site_id)}/metadata", operation="updateSiteMetadata", body=metadata)


def metadata_of(client: SitesClient, site: str) -> JsonObject:
    """site: named in any way."""
    with below_site(site):
        return client.get_metadata(address_of(site))


def check_cache_tag(option: str, tag: str) -> None:
    if not tag.strip() or "," in tag or not tag.isascii() or not tag.isprintable():
        raise InvalidInput(
            option,
            f"`{option}` has {tag!r}. A tag must consist of printable ASCII characters without a comma, as in the "
            "header Netlify-Cache-Tag.",
        )


def site_view(site: JsonObject) -> JsonObject:
    """The documented fields of a site. jwt_secret, deploy_hook and other fields never leave a module."""
    view: JsonObject = {key: site.get(key) or None for key in _SITE_TEXTS}
    view.update({key: site.get(key) for key in _SITE_OTHERS})
    view["domain_aliases"] = sorted(site.get("domain_aliases") or [])
    view["enabled"] = not site.get("disabled")
    view["analytics_enabled"] = bool(site.get("analytics_instance_id"))
    view["cdp_enabled_contexts"] = sorted(site.get("cdp_enabled_contexts") or [])
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


def site_body(options: JsonObject, current: JsonObject | None = None, declared: JsonObject | None = None) -> JsonObject:
    """The reverse of site_view: the body of POST and PATCH. current: a site_view, None for a new site. declared: the
    options of the task.

    Nested settings are sent completely (the current ones with the changes), because it is not documented whether
    Netlify merges them."""
    body = {key: value for key, value in options.items() if key not in _NOT_IN_BODY}
    processing = without_nulls(options.get("processing_settings") or {})
    if processing:
        body["processing_settings"] = {key: processing[key] for key in ("ignore_html_forms",) if key in processing}
        if "pretty_urls" in processing:
            body["processing_settings"]["html"] = {"pretty_urls": processing["pretty_urls"]}
    if options.get("build_settings"):
        was = (current or {}).get("build_settings") or {}
        given = without_nulls((declared or {}).get("build_settings") or {})
        # A key whose value is removed is sent empty; a key that never had a value is omitted, unless it is declared.
        build = {
            key: "" if value is None else value
            for key, value in options["build_settings"].items()
            if value not in (None, []) or was.get(key) not in (None, []) or value == [] and key in given
        }
        if any(key in build and build[key] != was.get(key) for key in REPOSITORY_LINK):
            # As the command line client links a site.
            identity = {"id": given.get("repo_id"), "repo_branch": build.get("branch")}
            body["repo"] = {**build, **without_nulls(identity)}
        else:
            body["build_settings"] = build
    return body


def set_analytics(client: SitesClient, site: JsonObject, is_enabled: bool) -> None:
    """Has no effect if Analytics are in the wanted state."""
    if not is_enabled:
        if site.get("analytics_instance_id"):
            client.disable_analytics(site["id"], site["analytics_instance_id"])
        return

    def look_up() -> JsonObject | None:
        found = client.require_site(site["id"])
        return found if found.get("analytics_instance_id") else None

    create_once(lambda: client.enable_analytics(site["id"]), look_up, client.http.clock)


def set_enabled(client: SitesClient, site: JsonObject, is_enabled: bool) -> None:
    (client.enable_site if is_enabled else client.disable_site)(site["id"])


# {option: the function that sets it}, for settings that have their own requests.
SWITCHES: dict[str, Callable[[SitesClient, JsonObject, bool], None]] = {
    "analytics_enabled": set_analytics,
    "enabled": set_enabled,
}


def addresses(params: JsonObject) -> set[str]:
    """The domains of a declared site by which others refer to it."""
    own = {address_of(params["name"])} if params.get("name") else set()
    return own | {domains.normal(params[option]) for option in ("custom_domain", "domain") if params.get(option)}


def find_declared(client: SitesClient, params: JsonObject) -> JsonObject | None:
    """The site that the options select. None if it does not exist; with state=absent also if it belongs to another
    team.

    Raises PaasError for a site of another team, and for an ID or domain that does not exist.
    """
    reference, team = params["site_id"] or params["domain"], params["account_slug"]
    site = client.find_site(reference or params["name"])
    if site is not None and team in (None, site.get("account_slug"), site.get("account_id")):
        return site
    if params["state"] == "absent" or not (site or reference):
        return None
    if site is not None:
        owner = f"belongs to the team {site.get('account_slug')}, not to {team}"
        raise PaasError(
            f"The site {site.get('name')} {owner}. This collection does not move sites between teams.",
            code="other_team",
        )
    raise not_found(
        f"The site {reference!r} does not exist on Netlify, or this token has no access to it. To create a site, "
        "set only its `name`.",
        "getSite",
        sought=reference,
    )


def create(client: SitesClient, body: JsonObject, name: str, team: str | None) -> JsonObject:
    """A name in use can be that of a site whose default domain is not NAME.netlify.app."""
    try:
        with below_team(team), explained(client, name, body):
            return client.create_site(body, team)
    except ApiError as error:
        site = client.find_site_by_search(name, team) if error.code == "name_taken" else None
        if site is None:
            raise
        return site


@contextlib.contextmanager
def explained(client: SitesClient, name: str, body: JsonObject, site_id: str | None = None) -> Iterator[None]:
    """Explains the refusal of a name or domain. body: the body of the request. site_id: None for a new site."""
    try:
        yield
    except ApiError as error:
        raise _name_taken(error, name) or _domain_taken(client, error, body, site_id) or error from None


def check_aliases(custom_domain: str | None, aliases: list[str] | None) -> None:
    domain = domains.normal(custom_domain)
    if domain and domain in map(domains.normal, aliases or ()):
        raise InvalidInput("domain_aliases", f"`domain_aliases` must not contain the `custom_domain`, {domain}.")


def _domain_taken(client: SitesClient, error: ApiError, body: JsonObject, site_id: str | None) -> ApiError | None:
    """A clearer error if Netlify refuses a domain because another site has it, else None."""
    if error.status != 422:
        return None
    for option in DOMAIN_OPTIONS:
        value = body.get(option)
        for domain in value if isinstance(value, list) else [value] if value else []:
            owner = client.get_site(domain)
            if owner and owner.get("id") != site_id:
                return _taken(
                    error, option, f"{domain} belongs to the site {owner.get('name')}. Remove it there first."
                )
        # Netlify does not return the owner then.
        if value and re.search(rf"\b{option} must be unique", error.message):
            shown = ", ".join(value) if isinstance(value, list) else value
            advice = "Remove it there, or ask Netlify's support, which requires proof that you own the domain."
            return _taken(error, option, f"{shown} is in use by a site that this token has no access to. {advice}")
    return None


def _taken(error: ApiError, option: str, sentence: str) -> ApiError:
    return ApiError(
        f"Netlify rejected `{option}`: {sentence}",
        **{**error.details, "code": "domain_taken", "option": option},
    )


def _name_taken(error: ApiError, name: str) -> ApiError | None:
    """A clearer error if Netlify refuses a name ({"errors": {"subdomain": ["must be unique"]}}), else None."""
    if error.status != 422 or "subdomain" not in error.message:
        return None
    return ApiError(
        f"The name {name!r} is taken: it belongs to a site that this token has no access to. Site names must be "
        "unique across Netlify; choose another.",
        **{**error.details, "code": "name_taken"},
    )


def _sites(client: SitesClient, team: str | None) -> Iterator[Member]:
    for row in client.list_sites(team, whole=True):
        if is_of_team(row, team):
            aliases = row.get("domain_aliases") or []
            others = (row["id"], row.get("default_domain"), row.get("custom_domain"), *aliases)
            yield Member(
                row["id"],
                {"name": row["name"], "site_id": row["id"]},
                frozenset({row["name"], address_of(row["name"]), *(domains.normal(name) for name in others if name)}),
            )


SITES = Members("account_slug", listed=_sites)
METADATA = Members("site", "site", SitesClient.site_id_of, empty={})
