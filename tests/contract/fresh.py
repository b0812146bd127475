# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every use of a module that needs what an earlier task creates: a site, a zone, a tenant, a deploy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from scenarios.fleek import github_site
from scenarios.flightcontrol import SOON, environment_id, project_id, service
from scenarios.flightcontrol_deploys import by_api
from scenarios.hasura import DATABASE_URL, set_env_of, shop
from scenarios.hasura_metadata import source
from scenarios.hasura_migrations import MIGRATIONS, RECORDED, SEEDS, sql_project
from scenarios.netlify import deploy_by_hand, site, tree
from scenarios.netlify_builds import REPOSITORY
from scenarios.netlify_certificates import without_certificate

SITE_NAME = {"site": "shop"}
ZONE_NAME = {"zone": "example.com"}
TENANT_NAME = {"name": "shop"}
LOG_DRAIN = {"destination": "http", "url": "https://logs.example.com/x", "log_types": ["deploys"]}
COLLECTION = {"name": "shop", "definition": {"queries": [{"name": "ping", "query": "query ping { __typename }"}]}}


@dataclass(frozen=True)
class Child:
    """create(world): what the earlier task creates; returns its ID, which is the value of the option C(id).

    options: the other ones, or a function of the world. named: the options that name it beforehand; without a name
    there is none. invented: keys of the result that follow from a name which the platform invents.
    may_stay_null: keys that the prediction says to be unknown, and that may be null in the real run as well.
    changes: whether the task changes something then; None where the prediction says that it does not know.
    warnings: how many there are besides the one that the parent does not exist.
    """

    module: str
    create: Callable
    id: str
    options: dict | Callable = field(default_factory=dict)
    named: dict = field(default_factory=dict)
    invented: tuple = ()
    may_stay_null: tuple = ()
    changes: bool | None = True
    warnings: int = 0
    name: str = "works"

    @property
    def label(self) -> str:
        return f"{self.module}-{self.name}"

    def options_for(self, world) -> dict:
        return self.options(world) if callable(self.options) else self.options


def new_site(world) -> str:
    return site(world)["id"]


def site_with_domain(world) -> str:
    without_certificate(world)
    return world.ids["shop"]


def site_with_repository(world) -> str:
    return site(world, repo=REPOSITORY)["id"]


def site_with_page(world) -> str:
    created = new_site(world)
    deploy_by_hand(world, {"index.html": "first"})
    return created


def draft(world) -> str:
    site(world)
    return deploy_by_hand(world, {"index.html": "first"}, draft=True)["id"]


def running_deploy(world) -> str:
    site(world)
    return world.api("POST", f"/sites/{world.ids['shop']}/deploys", {"files": {"index.html": "0" * 40}})["id"]


def deploy_key(world) -> str:
    return world.api("POST", "/deploy_keys")["id"]


def zone(world) -> str:
    return world.api("POST", "/dns_zones", {"name": "example.com"})["id"]


def tenant(world) -> str:
    shop(world)
    return world.ids["shop"]


def tenant_with_source(world) -> str:
    world.sandbox.admin("PATCH", "switches", RECORDED)
    shop(world)
    set_env_of(world, world.ids["shop"], {"PG_DATABASE_URL": DATABASE_URL})
    metadata = {"version": 3, "sources": [source()]}
    outcome = world.run("hasura_metadata", {"tenant_id": world.ids["shop"], "metadata": metadata})
    assert not outcome.failed, outcome.result
    return world.ids["shop"]


def of_project(module, files) -> Child:
    return Child(module, tenant_with_source, "tenant_id", lambda world: {"src": sql_project(world, files)}, TENANT_NAME)


def fleek_site(world) -> str:
    return github_site(world)["id"]


def of_site(module, options=None, create=new_site, name="works", **more) -> Child:
    return Child(module, create, "site", options or {}, SITE_NAME, name=name, **more)


def of_tenant(module, options=None, **more) -> Child:
    return Child(module, tenant, "tenant_id", options or {}, TENANT_NAME, **more)


def of_fleek_site(module, **more) -> Child:
    return Child(module, fleek_site, "site_id", {}, {"site": "new-site-of-today"}, invented=("slug",), **more)


# Optional fields of a deploy that are not known yet.
OF_SOME_DEPLOYS = ("branch", "build_id", "commit_ref", "commit_url", "previous_deploy_id", "published_at", "title")

CHILDREN = (
    of_site("netlify_env_vars", {"env_vars": {"A": "b"}}),
    of_site("netlify_env_vars", {"absent": ["A"]}, name="absent", changes=False),
    of_site("netlify_snippet", {"title": "Counter", "general": "<i>1</i>"}),
    of_site("netlify_snippet", {"title": "Counter", "state": "absent"}, name="absent", changes=False),
    of_site("netlify_snippets", {"snippets": [{"title": "Counter", "general": "<i>1</i>"}], "purge": True}),
    of_site("netlify_metadata", {"metadata": {"theme": "dark"}}),
    of_site("netlify_metadata", {"absent": ["theme"]}, name="absent", changes=False),
    of_site("netlify_build_hook", {"title": "Content", "branch": "main", "reveal": True}),
    of_site("netlify_build_hook", {"title": "Content", "state": "absent"}, name="absent", changes=False),
    of_site("netlify_build_hook_info", changes=False),
    of_site("netlify_hook", {"type": "email", "event": "deploy_failed", "email": "ada@example.com"}),
    of_site("netlify_hook", {"type": "url", "event": "deploy_failed", "url": "https://example.com/x"}, name="url"),
    of_site(
        "netlify_hook",
        {"type": "email", "event": "deploy_failed", "email": "ada@example.com", "state": "absent"},
        name="absent",
        changes=False,
    ),
    of_site("netlify_hook_info", changes=False),
    of_site("netlify_deploy_key_info", changes=False),
    of_site("netlify_ssl_info", changes=False),
    of_site("netlify_env_vars_info", changes=False),
    Child("netlify_dns_record_info", zone, "zone", {"type": "A"}, ZONE_NAME, changes=False),
    of_site("netlify_ssl", create=site_with_domain, warnings=1),
    of_site("netlify_deploy_key"),
    Child("netlify_deploy_key", deploy_key, "deploy_key_id", name="given", changes=False),
    of_site("netlify_deploy", lambda world: {"src": tree(world, {"index.html": "first"})}),
    of_site("netlify_deploy", lambda world: {"src": tree(world, {"a.html": "first"}), "draft": True}, name="draft"),
    of_site("netlify_file", {"files": [{"path": "index.html", "content": "first"}]}),
    of_site("netlify_file", {"files": [{"path": "index.html", "state": "absent"}]}, name="absent", changes=False),
    of_site(
        "netlify_file_download",
        lambda world: {"path": "index.html", "dest": str(world.directory / "index.html")},
        create=site_with_page,
    ),
    of_site("netlify_file_info", changes=False),
    of_site("netlify_cache"),
    of_site("netlify_split_test", {"branches": {"main": 100}}),
    of_site("netlify_log_drain", LOG_DRAIN),
    of_site("netlify_log_drain", {"destination": "http", "state": "absent"}, name="absent", changes=False),
    of_site("netlify_traffic_rules", {"unpublished": {"default_action": "deny"}}),
    of_site("netlify_traffic_rules", {"state": "absent"}, name="absent", changes=False),
    of_site("netlify_split_test", {"active": False}, name="stopped", changes=False),
    of_site("netlify_build", create=site_with_repository, may_stay_null=("title",)),
    of_site("netlify_deploy_prune", {"drafts": True, "keep": 1}, changes=False),
    of_site("netlify_deploy_info", changes=False),
    of_site("netlify_deploy_info", {"latest_published": True}, name="live", changes=False),
    of_site("netlify_form", {"form": "contact", "state": "absent"}, changes=False),
    of_site("netlify_form_info", changes=False),
    of_site("netlify_metadata_info", changes=False),
    of_site("netlify_snippet_info", changes=False),
    of_site("netlify_submission_info", changes=False),
    of_site("netlify_publish", {"locked": True}, create=site_with_page, may_stay_null=OF_SOME_DEPLOYS),
    Child("netlify_publish", draft, "deploy_id", {"site": "shop"}, name="draft", may_stay_null=OF_SOME_DEPLOYS),
    Child("netlify_deploy_state", running_deploy, "deploy_id", {"state": "canceled"}, may_stay_null=OF_SOME_DEPLOYS),
    Child("netlify_dns_record", zone, "zone", {"hostname": "www", "type": "A", "value": "192.0.2.1"}, ZONE_NAME),
    Child(
        "netlify_dns_record",
        zone,
        "zone",
        {"hostname": "www", "type": "A", "state": "absent"},
        ZONE_NAME,
        changes=False,
        name="absent",
    ),
    of_tenant("hasura_env_vars", {"env_vars": {"A": "b"}}),
    of_tenant("hasura_env_vars", {"absent": ["A"]}, name="absent", changes=False),
    of_tenant("hasura_env_vars", {"env_vars": {"A": "b"}, "purge": True}, name="purge"),
    of_tenant("hasura_metadata", {"metadata": {"version": 3, "sources": []}}, name="empty", changes=False),
    of_tenant("hasura_metadata", {"metadata": {"version": 3, "sources": [], "query_collections": [COLLECTION]}}),
    of_tenant("hasura_metadata_info", changes=False),
    of_project("hasura_migrations", MIGRATIONS),
    of_project("hasura_seeds", SEEDS),
    of_tenant("hasura_custom_domain", {"fqdn": "graphql.example.com"}, may_stay_null=("ssl_message", "ssl_status")),
    # This needs no tenant.
    Child(
        "hasura_custom_domain",
        tenant,
        "tenant_id",
        {"fqdn": "graphql.example.com", "state": "absent"},
        name="absent",
        changes=False,
    ),
    of_fleek_site("fleek_cache"),
    of_fleek_site("fleek_deploy"),
    of_fleek_site("fleek_deploy_info", changes=False),
    Child("flightcontrol_env_vars", environment_id, "environment_id", {"plain_text": {"A": "b"}}, warnings=1),
    Child(
        "flightcontrol_env_vars",
        lambda world: service(world)["id"],
        "service_id",
        {"plain_text": {"A": "b"}},
        warnings=1,
        name="service",
    ),
    Child(
        "flightcontrol_environment",
        environment_id,
        "environment_id",
        lambda world: {"project_id": project_id(world), "source": {"branch": "main"}},
        warnings=1,
    ),
    Child("flightcontrol_preview_environment", project_id, "project_id", {"name": "previews"}, warnings=1),
    Child("flightcontrol_deploy", environment_id, "environment_id", lambda world: by_api(world, environment_id=None)),
    Child("flightcontrol_scaling", lambda world: service(world)["id"], "service_id", {"count": 5, **SOON}),
    Child("flightcontrol_scaling_info", lambda world: service(world, "db")["id"], "service_id", changes=False),
    Child("flightcontrol_invalidation", lambda world: service(world, "site")["id"], "service_id", {"paths": ["/*"]}),
    Child("flightcontrol_job", lambda world: service(world, "nightly")["id"], "service_id", {"job": "cleanup"}),
)

# Modules that only look up an object by its ID, which does not exist yet.
LOOK_UPS = {
    "netlify_site_info": "site",
    "netlify_deploy_key_info": "deploy_key_id",
    "hasura_tenant_info": "tenant_id",
    "fleek_site_info": "site_id",
    "flightcontrol_deployment_info": "deployment_id",
    "flightcontrol_invalidation_info": "invalidation_id",
    "flightcontrol_service_info": "environment_id",
}

# Options that are IDs, but not of a parent: IDs of the object itself, or of an object that no task creates.
OTHER_IDS = {
    ("netlify_site", "site_id"),
    ("netlify_build", "review_id"),
    ("netlify_snippet", "snippet_id"),
    ("netlify_snippet_info", "snippet_id"),
    ("netlify_build_hook", "hook_id"),
    ("netlify_hook", "hook_id"),
    ("netlify_log_drain", "drain_id"),
    ("fleek_site", "site"),
    ("fleek_site", "site_id"),
    ("fleek_site", "team_id"),
    ("fleek_site", "installation_id"),
    ("fleek_site_info", "team_id"),
    ("fleek_deploy", "retry_deploy_id"),
    ("flightcontrol_service_info", "given_id"),
    ("hasura_tenant", "tenant_id"),
    ("hasura_tenant", "slug"),
    ("netlify_user_info", "user_id"),
}
