# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of the controller for the tests, and their fields.

They follow AWX 24.6.1 (awx/api/serializers.py); fields that webops.paas.awx_setup does not use are left out.
"""

from __future__ import annotations

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True)
class Field:
    """type: of its values; to: the collection of objects that its values are IDs of."""

    type: type
    default: Any = None
    required: bool = False
    choices: tuple[str, ...] | None = None
    to: str | None = None
    null: bool = False


def text(default: str = "", **more: Any) -> Field:
    return Field(str, default, **more)


def flag(default: bool = False) -> Field:
    return Field(bool, default)


def number(default: int = 0) -> Field:
    return Field(int, default)


def link(to: str, required: bool = False) -> Field:
    return Field(int, None, required, to=to, null=not required)


NAME = {"name": text(required=True), "description": text()}
ASK = ("variables", "limit", "tags", "skip_tags", "inventory", "scm_branch", "labels")
JOB_TYPE = text("run", choices=("run", "check"))
# {collection: (type, fields, fields that are unique together)}
KINDS: dict[str, tuple[str, dict[str, Field], tuple[str, ...]]] = {
    "organizations": ("organization", NAME, ("name",)),
    "execution_environments": (
        "execution_environment",
        {
            **NAME,
            "image": text(required=True),
            "organization": link("organizations"),
            "credential": link("credentials"),
            "pull": text(choices=("", "always", "missing", "never")),
        },
        ("name",),
    ),
    "credential_types": (
        "credential_type",
        {
            **NAME,
            "kind": text(required=True, choices=("cloud", "net")),
            "inputs": Field(dict, {}),
            "injectors": Field(dict, {}),
        },
        ("name", "kind"),
    ),
    "credentials": (
        "credential",
        {
            **NAME,
            "organization": link("organizations"),
            "credential_type": link("credential_types", required=True),
            "inputs": Field(dict, {}),
        },
        ("organization", "name", "credential_type"),
    ),
    "projects": (
        "project",
        {
            **NAME,
            "organization": link("organizations"),
            "scm_type": text(choices=("", "git", "svn", "insights", "archive")),
            **{name: text() for name in ("scm_url", "scm_branch", "scm_refspec", "local_path")},
            **{name: flag() for name in ("scm_clean", "scm_update_on_launch", "allow_override")},
            "scm_update_cache_timeout": number(),
            "credential": link("credentials"),
            "default_environment": link("execution_environments"),
        },
        ("organization", "name"),
    ),
    "inventories": (
        "inventory",
        {
            **NAME,
            "organization": link("organizations", required=True),
            "kind": text(choices=("", "smart", "constructed")),
            "host_filter": Field(str, null=True),
            "variables": text(),
        },
        ("organization", "name"),
    ),
    "inventory_sources": (
        "inventory_source",
        {
            **NAME,
            "inventory": link("inventories", required=True),
            "source": text(required=True, choices=("scm", "ec2", "gce", "openstack", "controller")),
            **{name: text() for name in ("source_path", "source_vars", "enabled_var", "enabled_value", "host_filter")},
            **{name: flag() for name in ("overwrite", "overwrite_vars", "update_on_launch")},
            **{name: number() for name in ("timeout", "update_cache_timeout")},
            "verbosity": number(1),
            "credential": link("credentials"),
            "execution_environment": link("execution_environments"),
            "source_project": link("projects"),
        },
        ("inventory", "name"),
    ),
    "job_templates": (
        "job_template",
        {
            **NAME,
            "job_type": JOB_TYPE,
            "inventory": link("inventories"),
            "project": link("projects"),
            "execution_environment": link("execution_environments"),
            **{name: text() for name in ("playbook", "limit", "job_tags", "skip_tags", "extra_vars", "scm_branch")},
            **{name: number() for name in ("forks", "verbosity", "timeout")},
            **{name: flag() for name in ("survey_enabled", "diff_mode", "become_enabled", "allow_simultaneous")},
            **{f"ask_{name}_on_launch": flag() for name in (*ASK, "job_type", "credential", "verbosity", "diff_mode")},
        },
        ("organization", "name"),
    ),
    "workflow_job_templates": (
        "workflow_job_template",
        {
            **NAME,
            "organization": link("organizations"),
            "inventory": link("inventories"),
            **{name: text() for name in ("limit", "scm_branch", "extra_vars", "job_tags", "skip_tags")},
            **{name: flag() for name in ("survey_enabled", "allow_simultaneous")},
            **{f"ask_{name}_on_launch": flag() for name in ASK},
        },
        ("organization", "name"),
    ),
    "schedules": (
        "schedule",
        {
            **NAME,
            "unified_job_template": link("unified_job_templates", required=True),
            "rrule": text(required=True),
            "enabled": flag(True),
            "extra_data": Field(dict, {}),
        },
        ("unified_job_template", "name"),
    ),
    "workflow_job_template_nodes": (
        "workflow_job_template_node",
        {
            "identifier": text(required=True),
            "workflow_job_template": link("workflow_job_templates", required=True),
            "unified_job_template": link("unified_job_templates"),
            "extra_data": Field(dict, {}),
            "all_parents_must_converge": flag(),
        },
        ("identifier", "workflow_job_template"),
    ),
    "workflow_approval_templates": ("workflow_approval_template", {**NAME, "timeout": number()}, ()),
}
# Collections with objects that can be run, and that schedules and workflows refer to.
LISTED_AS_TEMPLATES = ("projects", "inventory_sources", "job_templates", "workflow_job_templates")
READ_ONLY = ("id", "type", "url", "managed")
# {collection: {list of related objects: their collection}}
LISTS = {
    "job_templates": {"credentials": "credentials"},
    "workflow_job_template_nodes": {
        f"{outcome}_nodes": "workflow_job_template_nodes" for outcome in ("success", "failure", "always")
    },
}
ROOT = "/api/v2/"
