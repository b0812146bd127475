# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a client may write about a site: checks first, changes then, so that a refused call changes nothing."""

from __future__ import annotations

import re
from typing import Any

from . import errors
from .api import Request
from .model import DOMAIN, Site
from .state import FIELDS
from .views import has_certificate

MOST_ALIASES = 100
RESERVED = (DOMAIN, "netlify.com")
# fact: netlify 1 [O]: ignored at creation
NOT_AT_CREATION = ("domain_aliases", "managed_dns", "force_ssl")
# fact: netlify 1 [S]: what belongs to the link with a repository, and what to the build
REPOSITORY = (
    "id",
    "provider",
    "repo_path",
    "repo_branch",
    "repo_url",
    "deploy_key_id",
    "installation_id",
    "public_repo",
    "private_logs",
    "allowed_branches",
    "skip_prs",
    "untrusted_flow",
)
BUILD = ("cmd", "dir", "base", "package_path", "functions_dir", "stop_builds", "skip_automatic_builds")
# fact: netlify 1 [T]: described; whether a PATCH changes them is unknown [?]
UNPROVEN = ("build_timelimit", "skip_automatic_builds")


def site_name(request: Request, wanted: Any) -> str:
    """The name that the server makes of the wanted one.

    fact: netlify 1 [C]: letters, digits and hyphens, at most 63; [O]: dots become hyphens silently
    """
    if not isinstance(wanted, str):
        raise errors.invalid("subdomain", "is invalid")
    name = wanted.replace(".", "-")
    if request.switches["name_upper_case"] == "lowered":
        name = name.lower()
    if request.switches["invalid_name"] == "hyphenated":
        name = re.sub(r"[^A-Za-z0-9-]+", "-", name)
    if not re.fullmatch(r"[A-Za-z0-9-]+", name):
        raise errors.invalid("subdomain", "is invalid")
    if len(name) > 63:
        raise errors.invalid("subdomain", "is too long (maximum is 63 characters)")
    return name


def free_name(request: Request, site: Site | None, wanted: Any) -> str:
    """fact: netlify 1 [O]: names are unique over all teams"""
    name = site_name(request, wanted)
    if request.state.name_owner(name) not in (None, site):
        raise errors.invalid("subdomain", "must be unique")
    return name


def checked(request: Request, site: Site | None, body: dict[str, Any]) -> dict[str, Any]:
    """The changes that a body requests. `site`: None at creation. Unknown keys are ignored."""
    creating = site is None
    if creating and request.switches["create_ignores"] == "ignored":
        body = {key: value for key, value in body.items() if key not in NOT_AT_CREATION}
    if request.switches["unproven_settings"] == "ignored":
        body = _without_unproven(body)
    changes: dict[str, Any] = {}
    if body.get("name") not in (None, ""):
        changes["name"] = free_name(request, site, body["name"])
    if "custom_domain" in body:
        changes["custom_domain"] = _domain(request, site, "custom_domain", body["custom_domain"] or None)
    if "domain_aliases" in body and (creating or request.switches["domain_aliases_update"] == "applied"):
        changes["domain_aliases"] = _aliases(request, site, body["domain_aliases"] or [])
    _refuse_twice(site, changes)
    if "password" in body:
        changes["password"] = _password(request, body["password"] or None)
    for key in FIELDS:
        if key in body:
            changes[key] = _field(request, key, body[key])
    if changes.get("force_ssl") and site is not None and not has_certificate(request.state, site):
        raise errors.invalid("force_ssl", "needs an active certificate")
    link = _object(body, "repo")
    build = _object(body, "build_settings") | link
    if build or "build_settings" in body or "repo" in body:
        changes["build_settings"] = _build_settings(request, site, build, is_link="repo_path" in link)
    if "processing_settings" in body:
        changes["processing_settings"] = _processing_settings(request, site, _object(body, "processing_settings"))
    return changes


def apply(request: Request, site: Site, changes: dict[str, Any]) -> None:
    """Make checked changes."""
    if not changes:
        return
    if "name" in changes:
        request.state.rename(site, changes["name"])
    request.state.set_domains(
        site, changes.get("custom_domain", site.custom_domain), changes.get("domain_aliases", site.domain_aliases)
    )
    site.password = changes.get("password", site.password)
    site.build_settings = changes.get("build_settings", site.build_settings)
    site.processing_settings = changes.get("processing_settings", site.processing_settings)
    site.fields.update({key: value for key, value in changes.items() if key in FIELDS})
    site.updated_at = request.now


def _without_unproven(body: dict[str, Any]) -> dict[str, Any]:
    nested = {
        key: {name: value for name, value in body[key].items() if name not in UNPROVEN}
        for key in ("repo", "build_settings")
        if isinstance(body.get(key), dict)
    }
    return {key: value for key, value in {**body, **nested}.items() if key not in UNPROVEN}


def unlink_repository(request: Request, site: Site) -> None:
    """fact: netlify 1: what is left besides the repository is unknown [?]"""
    kept = {"build": BUILD, "nothing": ()}[request.switches["unlinked_settings"]]
    site.build_settings = {key: value for key, value in site.build_settings.items() if key in kept}


def _domain(request: Request, site: Site | None, field: str, wanted: Any) -> str | None:
    """fact: netlify 1: 422 when used elsewhere or reserved"""
    if wanted is None:
        return None
    if not isinstance(wanted, str) or not re.fullmatch(r"(?i)([a-z0-9_]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+", wanted):
        raise errors.invalid(field, "is invalid")
    domain = wanted.lower()
    if any(domain == reserved or domain.endswith("." + reserved) for reserved in RESERVED):
        raise errors.invalid(field, "is reserved")
    if request.state.domain_owner(domain) not in (None, site):
        raise errors.invalid(field, "must be unique")
    return domain


def _aliases(request: Request, site: Site | None, wanted: Any) -> list[str]:
    """fact: netlify 1: at most 100"""
    if not isinstance(wanted, list):
        raise errors.invalid("domain_aliases", "is invalid")
    if len(wanted) > MOST_ALIASES:
        raise errors.invalid("domain_aliases", f"is too long (maximum is {MOST_ALIASES})")
    if not all(wanted):
        raise errors.invalid("domain_aliases", "is invalid")
    domains = [_domain(request, site, "domain_aliases", alias) or "" for alias in wanted]
    return list(dict.fromkeys(domains))


def _refuse_twice(site: Site | None, changes: dict[str, Any]) -> None:
    """A custom domain cannot be an alias as well."""
    custom = changes.get("custom_domain", site.custom_domain if site else None)
    aliases = changes.get("domain_aliases", site.domain_aliases if site else [])
    if custom in aliases:
        raise errors.invalid("domain_aliases", "must be unique")


def _password(request: Request, wanted: Any) -> str | None:
    """fact: netlify 1 [O]: 422 on plans without it"""
    if wanted is None:
        return None
    if not isinstance(wanted, str):
        raise errors.invalid("password", "is invalid")
    if request.switches["site_password_plan"] == "unavailable":
        raise errors.invalid("password", "not available on this plan")
    return wanted


def _field(request: Request, key: str, value: Any) -> Any:
    default = FIELDS[key]
    if key == "functions_region" and request.switches["functions_region_plan"] == "unavailable":
        raise errors.invalid(key, "not available on this plan")
    if key == "notification_email":
        value = value or None
        if value is not None and (not isinstance(value, str) or "@" not in value):
            raise errors.invalid(key, "is invalid")
    is_flag = isinstance(default, bool) or key == "force_ssl"
    if is_flag and value is not None and not isinstance(value, bool):
        raise errors.invalid(key, "is invalid")
    return value


def _object(body: dict[str, Any], key: str) -> dict[str, Any]:
    value = body.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise errors.invalid(key, "is invalid")
    return value


def _build_settings(request: Request, site: Site | None, wanted: dict[str, Any], is_link: bool) -> dict[str, Any]:
    """fact: netlify 1 [O]: read as repo_branch, written as branch; `env` is dead; a link has repo_branch [C]"""
    known = {key: value for key, value in wanted.items() if key in REPOSITORY + BUILD}
    before = site.build_settings if site else {}
    if site is not None and not is_link and request.switches["repo_branch_update"] == "ignored":
        known.pop("repo_branch", None)
        if "repo_branch" in before:
            known["repo_branch"] = before["repo_branch"]
    if "branch" in wanted:
        known["repo_branch"] = wanted["branch"]
    after = {**before, **known} if request.switches["nested_update"] == "merged" else known
    if after.get("provider") == "github" and after.get("repo_path") and not after.get("repo_url"):
        after["repo_url"] = f"https://github.com/{after['repo_path']}"
    return after


def _processing_settings(request: Request, site: Site | None, wanted: dict[str, Any]) -> dict[str, Any]:
    """fact: netlify 1 [S][T]: the other parts were retired with asset optimisation"""
    before = site.processing_settings if site and request.switches["nested_update"] == "merged" else {}
    html = {**before.get("html", {"pretty_urls": True}), **_object(wanted, "html")}
    after = {**before, "html": html}
    if wanted.get("ignore_html_forms") is not None:
        after["ignore_html_forms"] = wanted["ignore_html_forms"]
    return after
