# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sites."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from ..core.call import json_response
from ..core.routes import Route
from . import archives, attributes, deploys, errors
from .api import Request
from .environment import SCOPES
from .model import Account, BuildHook, Deploy, Site, Snippet, Variable
from .views import site_addresses, site_view

MULTIPART = "multipart/form-data"


def list_sites(request: Request) -> Response:
    """fact: netlify 1 [O]: without filter=all the sites of teams in which one is a guest are missing"""
    wanted = request.query("filter") or "owner"
    return _list(request, lambda site: wanted in ("all", request.user.roles[site.account.slug]))


def list_team_sites(request: Request) -> Response:
    account = request.account(request.call.parameters["account_slug"])
    wanted = request.query("filter")
    return _list(
        request, lambda site: site.account is account and wanted in (None, "all", request.user.roles[account.slug])
    )


def _list(request: Request, belongs: Callable[[Site], bool]) -> Response:
    """fact: netlify 1 [C]: `name` finds parts of names"""
    part = (request.query("name") or "").lower()
    visibility = request.query("visibility")
    sites = [
        site
        for site in request.state.sites.values()
        if site.account.slug in request.user.roles
        and belongs(site)
        and part in site.name.lower()
        and (visibility is None or (visibility == "protected") == (site.password is not None))
    ]
    sites.sort(key=SORTS.get(request.query("sort_by") or "", SORTS["created_at"]))
    descending = request.query("sort_by") != "alphabetical"
    if (request.query("order_by") or ("desc" if descending else "asc")) == "desc":
        sites.reverse()
    rows, headers = request.page(sites)
    return json_response([_listed(request, site) for site in rows], headers=headers)


def _listed(request: Request, site: Site) -> dict[str, Any]:
    """fact: netlify 1: whether a row of a list has all fields is unknown [?]"""
    row = site_view(request.state, site)
    if request.switches["listed_sites"] == "short":
        return {key: value for key, value in row.items() if key not in NOT_LISTED}
    return row


NOT_LISTED = ("build_settings", "notification_email", "processing_settings", "published_deploy")


SORTS: dict[str, Callable[[Site], Any]] = {
    "created_at": lambda site: site.created_at,
    "updated_at": lambda site: site.updated_at,
    "alphabetical": lambda site: site.name,
    "published_at": lambda site: site.published.published_at if site.published else 0.0,
}


def get_site(request: Request) -> Response:
    return json_response(site_view(request.state, request.site()))


async def create_site(request: Request) -> Response:
    return await _create(request, request.account(request.query("account_slug")))


async def create_site_in_team(request: Request) -> Response:
    return await _create(request, request.account(request.call.parameters["account_slug"]))


async def _create(request: Request, account: Account) -> Response:
    """A site from attributes, with or without a first deploy: digests, a zip, or a zip in a form."""
    request.spend_site()
    kind = request.call.content_type
    if kind == archives.TYPE:
        return await _create_from_zip(request, account, {}, await archives.receive_zip(request))
    if kind == MULTIPART:
        form = await request.call.form()
        upload = form.get("zip")
        if not isinstance(upload, UploadFile):
            raise errors.refused(422, "the form has no zip file in a field named zip")
        content = await request.state.ground.store.receive(archives.chunks(upload), "sha1")
        return await _create_from_zip(request, account, {**form, "zip": None}, content)
    request.content = request.content or await request.call.body()
    body = request.json()
    if "files" not in body:
        return json_response(site_view(request.state, _add(request, account, body)), 201)
    manifest = deploys.Manifest(body)
    site = _add(request, account, body)
    deploy = deploys.add(request, site, body)
    manifest.send(request, deploy)
    return _created_with_files(request, site, deploy)


def _add(request: Request, account: Account, body: dict[str, Any]) -> Site:
    changes = attributes.checked(request, None, body)
    name = changes.pop("name", None) or request.state.random_name()
    request.touched = site = request.state.add_site(account, request.user, name, request.now)
    attributes.apply(request, site, changes)
    if request.switches["new_site"] == "has_defaults":
        _give_defaults(request, site)
    return site


def _give_defaults(request: Request, site: Site) -> None:
    """fact: netlify 1: whether a new site has anything of its own is unknown [?]"""
    site.snippets.append(Snippet(site.next_snippet, "Welcome", "<!-- welcome -->"))
    site.next_snippet += 1
    site.metadata["welcome"] = "yes"
    value = {"id": request.state.new_id(), "value": "yes", "context": "all", "context_parameter": None}
    site.variables["WELCOME"] = Variable("WELCOME", list(SCOPES), [value], False, request.now, request.user)
    hook = BuildHook(request.state.new_id(), site, "Welcome", "main", False, request.now)
    site.build_hooks[hook.id] = hook


async def _create_from_zip(request: Request, account: Account, body: dict[str, Any], content: Any) -> Response:
    archives.refuse_if_empty(content)
    site = _add(request, account, body)
    deploy = deploys.add(request, site, {})
    await archives.deploy_zip(request, site, deploy, content)
    return _created_with_files(request, site, deploy)


def _created_with_files(request: Request, site: Site, deploy: Deploy) -> Response:
    """fact: netlify 10: the seed's short response and Location; today's response is not documented [?]"""
    url = site_addresses(request.state, site)[0]
    state = "uploading" if deploy.state == "uploading" else "error" if deploy.state == "error" else "processing"
    short = {"id": site.id, "subdomain": site.name, "url": url, "state": state, "required": list(deploy.missing)}
    if request.switches["create_with_files_answer"] == "seed":
        return json_response(short, 201, {"location": f"http://{request.call.authority}/api/v1/sites/{site.id}"})
    return json_response({**site_view(request.state, site), **short, "deploy_id": deploy.id}, 201)


async def update_site(request: Request) -> Response:
    """fact: netlify 1 [O]: only the keys sent change. PUT [G]: "same parameters"."""
    site = request.site()
    request.content = request.content or await request.call.body()
    attributes.apply(request, site, attributes.checked(request, site, request.json()))
    return json_response(site_view(request.state, site))


async def replace_site(request: Request) -> Response:
    """fact: netlify 1 [G]: with a zip as its body it is a deploy"""
    if request.call.content_type != archives.TYPE:
        return await update_site(request)
    site = request.site()
    request.spend_deploy()
    content = await archives.receive_zip(request)
    archives.refuse_if_empty(content)
    deploy = deploys.add(request, site, {})
    await archives.deploy_zip(request, site, deploy, content)
    return json_response({**site_view(request.state, site), "deploy_id": deploy.id})


def delete_site(request: Request) -> Response:
    """fact: netlify 1 [O]: afterwards GET returns 404, and the name is available at once"""
    request.state.remove_site(request.site())
    return Response(b"", request.switches["delete_site_status"])


def disable_site(request: Request) -> Response:
    """fact: netlify 1 [S][T]: `reason` is required; how a request without it is refused is unknown [?]"""
    site, reason = request.site(), request.query("reason")
    if not reason:
        raise errors.refused(422, "reason is missing")
    site.disabled, site.disabled_reason = True, reason
    site.updated_at = request.now
    return Response(b"", 204)


def enable_site(request: Request) -> Response:
    site = request.site()
    if not site.disabled and request.switches["enable_enabled_site"] == 422:
        raise errors.refused(422, "Site is not disabled")
    site.disabled, site.disabled_reason = False, None
    site.updated_at = request.now
    return Response(b"", 204)


def unlink_site_repo(request: Request) -> Response:
    """fact: netlify 1 [S]: deploy keys and build hooks of the site go too"""
    site = request.site()
    request.user.deploy_keys.pop(site.build_settings.get("deploy_key_id", ""), None)
    site.build_hooks.clear()
    attributes.unlink_repository(request, site)
    site.updated_at = request.now
    return json_response(site_view(request.state, site))


def enable_analytics(request: Request) -> Response:
    """fact: netlify 1 [T]: 201 with a service instance; the two reasons of 422 are one text"""
    site = request.site()
    if site.analytics_instance_id is not None or request.switches["analytics_plan"] == "unavailable":
        raise errors.refused(422, "Payment Method not found, Analytics already enabled")
    site.analytics_instance_id = request.state.new_id()
    site.updated_at = request.now
    return json_response({"id": site.analytics_instance_id, "service_slug": "analytics"}, 201)


def disable_analytics(request: Request) -> Response:
    site = request.site()
    if site.analytics_instance_id != request.call.parameters["instance_id"]:
        raise errors.not_found()
    site.analytics_instance_id = None
    site.updated_at = request.now
    return Response(b"", 204)


def rollback_site_deploy(request: Request) -> Response:
    """fact: netlify 1 [T]: back to the previous production deploy; nothing happens without one"""
    site = request.site()
    earlier = [deploy for deploy in site.deploys[: _position(site)] if deploy.published_at is not None]
    if earlier:
        deploys.restore(request, earlier[-1])
    return Response(b"", 204)


def _position(site: Site) -> int:
    return site.deploys.index(site.published) if site.published else 0


ROUTES = [
    Route("GET", "/sites", "listSites", list_sites, "netlify 1 [S][T][C]"),
    Route(
        "POST",
        "/sites",
        "createSite",
        create_site,
        "netlify 1: 201 [S]; zip and digests [G]; multipart [seed]",
        streamed=True,
    ),
    Route("GET", "/{account_slug}/sites", "listSitesForAccount", list_team_sites, "netlify 1 [S][T]"),
    Route(
        "POST", "/{account_slug}/sites", "createSiteInTeam", create_site_in_team, "netlify 1: 201 [S][C]", streamed=True
    ),
    Route("GET", "/sites/{site_id}", "getSite", get_site, "netlify 1 [S]; by domain too, 0 [O]; foreign 404 [O]"),
    Route("PATCH", "/sites/{site_id}", "updateSite", update_site, "netlify 1: 200 [S], partial [O]"),
    Route("PUT", "/sites/{site_id}", "replaceSite", replace_site, "netlify 1: 200 [G]", streamed=True),
    Route("DELETE", "/sites/{site_id}", "deleteSite", delete_site, "netlify 1: 204 [S][T], 200 [G]"),
    Route("PUT", "/sites/{site_id}/disable", "disableSite", disable_site, "netlify 1: 204 [S][T]"),
    Route("PUT", "/sites/{site_id}/enable", "enableSite", enable_site, "netlify 1: 204, 422 [S][T]"),
    Route("PUT", "/sites/{site_id}/unlink_repo", "unlinkSiteRepo", unlink_site_repo, "netlify 1: 200, 404 [S][T]"),
    Route("POST", "/sites/{site_id}/analytics", "enableAnalytics", enable_analytics, "netlify 1: 201, 422 [T][TF]"),
    Route(
        "DELETE",
        "/sites/{site_id}/analytics/{instance_id}",
        "disableAnalytics",
        disable_analytics,
        "netlify 1: 204 [T][TF]",
    ),
    Route("PUT", "/sites/{site_id}/rollback", "rollbackSiteDeploy", rollback_site_deploy, "netlify 1: 204, 404 [T]"),
]
