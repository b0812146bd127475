# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The forms of sites, deploys, files, users and accounts in responses."""

from __future__ import annotations

from typing import Any

from ..core.clock import iso
from ..core.mime import mime_type
from . import routing
from .model import Account, Deploy, Event, Member, Site, User, Zone
from .state import State

ADMIN = "https://app.netlify.com/projects"


def addresses(state: State, host: str, name: str) -> tuple[str, str]:
    """The plain and the secure URL of a host below the platform's domain or of a custom domain.

    `host` is what the platform would use, `name` the part in front of the platform's domain.
    """
    if state.ground.switches["site_urls"] == "localhost":
        url = f"http://{name}.localhost:{state.ground.port}"
        return url, url
    return f"http://{host}", f"https://{host}"


def site_addresses(state: State, site: Site) -> tuple[str, str]:
    plain, secure = addresses(state, site.custom_domain or site.default_domain, site.name)
    return (secure if site.fields["force_ssl"] else plain), secure


def has_certificate(state: State, site: Site) -> bool:
    """The platform's own domain always has one."""
    if site.custom_domain is None or state.ground.switches["certificate"] == "automatic":
        return True
    return site.certificate is not None and site.certificate.issued_at <= state.ground.clock.now()


def dns_zone_of(site: Site) -> Zone | None:
    """The team's zone that a site's custom domain is in; the narrowest one."""
    zones = [zone for zone in site.account.zones.values() if site.custom_domain and zone.covers(site.custom_domain)]
    return max(zones, key=lambda zone: len(zone.name), default=None)


def site_view(state: State, site: Site) -> dict[str, Any]:
    """fact: netlify 1 [S][T][O]"""
    switches = state.ground.switches
    url, ssl_url = site_addresses(state, site)
    published = None if site.published is None else deploy_view(state, site.published)
    ssl = has_certificate(state, site)
    zone = dns_zone_of(site)
    view = {
        "id": site.id,
        "site_id": site.id,
        "plan": "nf_team_dev",
        "ssl_plan": None,
        "premium": False,
        "claimed": True,
        "name": site.name,
        "custom_domain": site.custom_domain,
        "domain_aliases": site.domain_aliases,
        "password": None,
        "has_password": site.password is not None,
        "password_context": "all",
        "url": url,
        "ssl_url": ssl_url,
        "admin_url": f"{ADMIN}/{site.name}",
        "deploy_id": "" if site.published is None else site.published.id,
        "build_id": "",
        "deploy_url": url if published is None else published["deploy_url"],
        "state": "current",
        "screenshot_url": None,
        "created_at": iso(site.created_at),
        "updated_at": iso(site.updated_at),
        "user_id": site.user_id,
        "error_message": None,
        "ssl": ssl,
        "ssl_status": "active" if ssl else None,
        "max_domain_aliases": 100,
        "build_settings": build_settings_view(site),
        "processing_settings": {"ignore_html_forms": False, **site.processing_settings},
        "prerender_headers": None,
        "deploy_hook": site.deploy_hook,
        "published_deploy": published,
        "jwt_secret": site.jwt_secret,
        "jwt_roles_path": "app_metadata.authorization.roles",
        "account_id": site.account.id,
        "account_slug": site.account.slug,
        "account_name": site.account.name,
        "account_type": "Starter",
        "capabilities": {},
        "dns_zone_id": None if zone is None else zone.id,
        "id_domain": f"{site.id}.netlify.app",
        "default_domain": site.default_domain,
        "lifecycle_state": "active",
        "disabled": site.disabled,
        "disabled_reason": site.disabled_reason,
        "analytics_instance_id": site.analytics_instance_id,
        "plugins": [],
        "use_envelope": True,
        "feature_flags": {},
        "created_via": "",
        "versions": {},
        **site.fields,
    }
    if switches["password_answer"] == "absent":
        del view["password"]
    if switches["has_password_answer"] == "absent":
        del view["has_password"]
    return view


def build_settings_view(site: Site) -> dict[str, Any]:
    """fact: netlify 1 [S]: empty for a site that was never linked or configured"""
    if not site.build_settings:
        return {}
    return {
        "id": None,
        "provider": None,
        "deploy_key_id": None,
        "repo_path": None,
        "repo_branch": None,
        "dir": None,
        "base": None,
        "package_path": None,
        "functions_dir": None,
        "cmd": None,
        "allowed_branches": [],
        "public_repo": None,
        "private_logs": None,
        "repo_url": None,
        "env": {},
        "installation_id": None,
        "stop_builds": None,
        "skip_automatic_builds": None,
        "skip_prs": None,
        "untrusted_flow": None,
        **site.build_settings,
    }


def context_of(state: State, deploy: Deploy) -> str:
    """fact: netlify 2 [S], for drafts [?]"""
    if deploy.review_id is not None:
        return "deploy-preview"
    if deploy.side_branch:
        return "branch-deploy"
    return state.ground.switches["draft_context"] if deploy.draft else "production"


# fact: netlify 2 [T]: the field concurrent_upload_limit; its value is not documented [?]
UPLOADS_AT_ONCE = 4


def state_of(state: State, deploy: Deploy) -> str:
    if deploy.state == "ready" and state.ground.switches["deploy_states"] == "old_current":
        return "current" if deploy.site.published is deploy else "old"
    return deploy.state


def deploy_view(state: State, deploy: Deploy, missing: bool = True) -> dict[str, Any]:
    """fact: netlify 2 [S][T][O]. `missing` False hides what is still required, as a GET may do."""
    site = deploy.site
    url, ssl_url = site_addresses(state, site)
    by_alias = deploy.subdomain_alias and state.ground.switches["branch_deploy_url"] == "alias"
    own = f"{deploy.subdomain_alias if by_alias else deploy.id}--{site.name}"
    deploy_url, deploy_ssl_url = addresses(state, f"{own}.netlify.app", own)
    finished = deploy.ready_at is not None
    seconds = None if deploy.ready_at is None else max(1, round(deploy.ready_at - deploy.created_at))
    shows = missing and deploy.state in ("uploading", "prepared")
    # Only where files are expected.
    has_limit = shows and state.ground.switches["concurrent_upload_limit"] == "shown"
    return {
        **({"concurrent_upload_limit": UPLOADS_AT_ONCE} if has_limit else {}),
        "id": deploy.id,
        "site_id": site.id,
        "build_id": deploy.build.id if deploy.build else None,
        "state": state_of(state, deploy),
        "name": site.name,
        "url": url,
        "ssl_url": ssl_url,
        "admin_url": f"{ADMIN}/{site.name}",
        "deploy_url": deploy_url,
        "deploy_ssl_url": deploy_ssl_url,
        "created_at": iso(deploy.created_at),
        "updated_at": iso(deploy.updated_at),
        "published_at": iso(deploy.published_at),
        "user_id": deploy.user_id,
        "error_message": deploy.error_message,
        "required": list(deploy.missing) if shows else [],
        "required_functions": list(deploy.missing_functions) if shows else [],
        "required_edge_functions": list(deploy.missing_edge_functions) if shows else [],
        "commit_ref": deploy.details.get("commit_ref"),
        "commit_url": None,
        "review_id": deploy.review_id,
        "review_url": None,
        "branch": deploy.branch,
        "subdomain_alias": deploy.subdomain_alias,
        "skipped": None,
        "skipped_log": None,
        "screenshot_url": None,
        "locked": deploy.locked,
        "deploy_time": seconds,
        "title": deploy.title,
        "context": context_of(state, deploy),
        "draft": deploy.draft,
        "available_functions": [functions_view(deploy, name) for name in sorted(deploy.functions)],
        "function_schedules": deploy.details.get("function_schedules", []),
        "functions_region": site.fields["functions_region"],
        "functions_region_overrides": [
            {"name": name, "region": config["region"]}
            for name, config in deploy.functions_config.items()
            if config.get("region")
        ],
        "edge_functions_present": bool(deploy.edge_functions),
        "committer": None,
        "manual_deploy": deploy.build is None,
        "plugin_state": "none",
        "framework": deploy.details.get("framework"),
        "entry_path": None,
        "summary": {
            "status": "ready" if finished else "unavailable",
            "messages": routing.messages(state, deploy) if finished else [],
        },
        "skew_protection_token": None,
        "deploy_source": deploy.details.get("deploy_source", "api"),
        "expires_at": None,
        "has_source_zip": False,
        "site_capabilities": {},
    }


def functions_view(deploy: Deploy, name: str) -> dict[str, Any]:
    """fact: netlify 12 [O]: `d` is the sha256 of the function's zip"""
    details = deploy.function_details.get(name, {})
    return {
        "n": name,
        "d": deploy.functions[name],
        "id": deploy.functions[name],
        "a": deploy.site.account.id,
        "c": iso(deploy.created_at),
        "r": details.get("runtime"),
        "s": details.get("size"),
    }


def file_view(state: State, deploy: Deploy, path: str) -> dict[str, Any]:
    """fact: netlify 4 [G][T]"""
    digest = deploy.manifest[path]
    content = state.ground.store.get(digest)
    return {
        "id": path,
        "path": path,
        "sha": digest,
        "mime_type": mime_type(path),
        "size": None if content is None else content.size,
        "site_id": deploy.site.id,
        "deploy_id": deploy.id,
    }


def user_view(state: State, user: User) -> dict[str, Any]:
    """fact: netlify 4 [S][T]"""
    return {
        "id": user.id,
        "uid": user.uid,
        "full_name": user.full_name,
        "avatar_url": None,
        "email": user.email,
        "affiliate_id": None,
        "site_count": sum(site.account.slug in user.roles for site in state.sites.values()),
        "created_at": iso(user.created_at),
        "last_login": iso(user.created_at),
        "login_providers": ["email"],
        "onboarding_progress": {},
        "slug": user.default_account,
        "account_id": state.accounts[user.default_account].id,
        "preferred_account_id": state.accounts[user.default_account].id,
    }


def member_view(member: Member) -> dict[str, Any]:
    """fact: netlify 6 [S][T]"""
    return {
        "id": member.id,
        "user_id": member.user.id if member.user else None,
        "full_name": member.user.full_name if member.user else None,
        "email": member.email,
        "avatar": None,
        "role": member.role,
        "site_access": member.site_access,
        "site_ids": member.site_ids,
        "pending": member.user is None,
        "mfa_enabled": False,
        "created_at": iso(member.created_at),
        "updated_at": iso(member.updated_at),
    }


def event_view(event: Event, account: Account) -> dict[str, Any]:
    """fact: netlify 6 [S]; what actions and log types there are is unknown [?]"""
    return {
        "id": event.id,
        "account_id": account.id,
        "payload": {
            "actor_id": event.actor.id,
            "actor_name": event.actor.full_name,
            "actor_email": event.actor.email,
            "action": event.action,
            "timestamp": iso(event.at),
            "log_type": event.log_type,
            "traits": {"site_name": event.site_name} if event.site_name else {},
        },
    }


def account_view(user: User, account: Account) -> dict[str, Any]:
    """fact: netlify 6 [S]"""
    owner = user.roles[account.slug] == "owner"
    return {
        "id": account.id,
        "name": account.name,
        "slug": account.slug,
        "type": "TEAM",
        "type_name": "Starter",
        "type_slug": "starter",
        "default": account.slug == user.default_account,
        "user_role": "Owner" if owner else "Collaborator",
        "owner_ids": [user.id] if owner else [],
        "roles_allowed": ["Owner", "Collaborator"],
        "capabilities": {},
        "billing_name": user.full_name,
        "billing_email": user.email,
        "billing_details": None,
        "billing_period": None,
        "payment_method_id": None,
        "members_count": 1,
        "created_at": iso(account.created_at),
        "updated_at": iso(account.created_at),
    }
