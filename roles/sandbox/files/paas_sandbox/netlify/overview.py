# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the admin interface and the status page show of Netlify."""

from __future__ import annotations

import datetime
from typing import Any

from ..core.clock import iso
from ..core.platform import Table
from . import routing, snippets
from .model import Deploy, Form, Site
from .state import STRANGERS, State
from .views import context_of

DEPLOYS_SHOWN = 20


def state_data(state: State) -> dict[str, Any]:
    """Without the strangers' site."""
    sites = [site for site in state.sites.values() if site.account.slug != STRANGERS]
    return {
        "sites": [_site(site) for site in sites],
        "deploys": [_deploy(state, deploy) for site in sites for deploy in site.deploys],
        "files": len(state.ground.store),
    }


def _site(site: Site) -> dict[str, Any]:
    return {
        "id": site.id,
        "name": site.name,
        "account": site.account.slug,
        "custom_domain": site.custom_domain,
        "domain_aliases": site.domain_aliases,
        "password": site.password,
        "disabled": site.disabled,
        "locked": site.locking is not None,
        "published_deploy_id": site.published.id if site.published else None,
        "deploys": [deploy.id for deploy in site.deploys],
        "jwt_secret": site.jwt_secret,
        "deploy_hook": site.deploy_hook,
        "snippets": [snippets.snippet_view(site, snippet) for snippet in site.snippets],
        "metadata": site.metadata,
        "forms": [
            {
                "id": form.id,
                "name": form.name,
                "submissions": len(form.submissions),
                "spam": sum(submission.spam for submission in form.submissions.values()),
            }
            for form in site.forms.values()
        ],
        "variables": {variable.key: variable.values for variable in site.variables.values()},
        "hooks": [
            {"id": hook.id, "type": hook.type, "event": hook.event, "deliveries": hook.deliveries}
            for hook in site.hooks.values()
        ],
        "build_hooks": list(site.build_hooks),
        "purges": site.purges,
    }


def _deploy(state: State, deploy: Deploy) -> dict[str, Any]:
    return {
        "id": deploy.id,
        "site_id": deploy.site.id,
        "state": deploy.state,
        "context": context_of(state, deploy),
        "draft": deploy.draft,
        "branch": deploy.branch,
        "title": deploy.title,
        "locked": deploy.locked,
        "published": deploy.site.published is deploy,
        "error_message": deploy.error_message,
        "created_at": iso(deploy.created_at),
        "files": len(deploy.manifest),
        "functions": deploy.functions,
        "function_details": deploy.function_details,
        "functions_config": deploy.functions_config,
        "edge_functions": deploy.edge_functions,
        "environment": deploy.environment,
        "missing": [*deploy.missing, *deploy.missing_functions, *deploy.missing_edge_functions],
        **_rules(state, deploy),
    }


def _rules(state: State, deploy: Deploy) -> dict[str, Any]:
    rules = routing.of(state, deploy)
    return {
        "redirects": rules.redirects.rules,
        "headers": rules.headers.rules,
        "rule_notes": routing.notes(state, deploy),
    }


def tables(state: State) -> list[Table]:
    port = state.ground.port
    sites = [site for site in state.sites.values() if site.account.slug != STRANGERS]
    deploys = sorted((deploy for site in sites for deploy in site.deploys), key=lambda deploy: deploy.created_at)
    return [
        Table(
            "Netlify sites",
            ("Site", "Team", "Domains", "Live deploy", "State"),
            [_site_row(site, port) for site in sorted(sites, key=lambda site: site.name)],
        ),
        Table(
            "Netlify deploys",
            ("Deploy", "Site", "State", "Context", "Title", "Files", "Created"),
            [_deploy_row(state, deploy, port) for deploy in deploys[: -DEPLOYS_SHOWN - 1 : -1]],
        ),
        *_tables_in_use(sites),
    ]


def _tables_in_use(sites: list[Site]) -> list[Table]:
    """Of snippets and forms, once there are some."""
    tables = [
        Table(
            "Netlify snippets",
            ("Site", "Id", "Title", "In every page", "After a form was sent"),
            [
                (
                    site.name,
                    snippet.id,
                    snippet.title,
                    snippet.general and snippet.general_position,
                    snippet.goal and snippet.goal_position,
                )
                for site in sites
                for snippet in site.snippets
            ],
        ),
        Table(
            "Netlify forms",
            ("Site", "Form", "Pages", "Submissions", "Spam", "Last"),
            [_form_row(form) for site in sites for form in site.forms.values()],
        ),
    ]
    return [table for table in tables if table.rows]


def _form_row(form: Form) -> tuple[Any, ...]:
    spam = sum(submission.spam for submission in form.submissions.values())
    return (
        form.site.name,
        form.name,
        ", ".join(form.paths),
        len(form.submissions) - spam,
        spam,
        "" if form.last_submission_at is None else iso(form.last_submission_at),
    )


def _site_row(site: Site, port: int) -> tuple[Any, ...]:
    marks = [
        word
        for word, holds in (
            ("disabled", site.disabled),
            ("locked", site.locking is not None),
            ("password", site.password is not None),
        )
        if holds
    ]
    return (
        (site.name, f"http://{site.name}.localhost:{port}/"),
        site.account.slug,
        ", ".join([site.default_domain, *site.domains]),
        site.published.id if site.published else "nothing",
        ", ".join(marks) or "serving",
    )


def _deploy_row(state: State, deploy: Deploy, port: int) -> tuple[Any, ...]:
    name: Any = deploy.id
    if deploy.ready_at is not None:
        name = (deploy.id, f"http://{deploy.id}--{deploy.site.name}.localhost:{port}/")
    word = "live" if deploy.site.published is deploy else deploy.state
    created = datetime.datetime.fromtimestamp(deploy.created_at).strftime("%H:%M:%S")
    return (
        name,
        deploy.site.name,
        word,
        context_of(state, deploy),
        deploy.title or "",
        len(deploy.manifest),
        created,
    )
