# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Special rules of metadata, preview apps and custom domains of Hasura Cloud: objects that an engine drops or refuses;
other writers; failed jobs; host names of other tenants.
"""

from __future__ import annotations

import copy
import json
import os
import re

import pytest
from diffs import sides_of
from hasura_outcomes import fault, operations, refused, succeeded
from scenarios.base import CANARY
from scenarios.hasura import ADMIN_SECRET, HELLO, SOON, env, hello, set_env, shop, tenant_of, tenants
from scenarios.hasura_domains import FQDN, add_domain, domains, elsewhere
from scenarios.hasura_metadata import (
    METADATA,
    STRANGE,
    backup,
    command,
    connected,
    has_new,
    has_old,
    metadata,
    project,
    source,
)
from scenarios.hasura_previews import PREVIEW

from ansible_collections.webops.paas.plugins.modules import hasura_metadata

# -- metadata ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("defaults", ["filled", "as_sent"])
def test_what_is_exported_is_what_was_declared(new_world, defaults):
    """In whichever form the metadata was declared, applying its export changes nothing, and neither does an equal
    directory.
    """
    world = new_world({"metadata_defaults": defaults})
    connected(world)
    assert succeeded(world.run("hasura_metadata", {**HELLO, "metadata": METADATA})).result["changed"] is True
    exported = command(world, "export_metadata", {}, version=2)
    for options in ({"metadata": exported}, {"metadata": exported["metadata"]}, {"src": project(world)}):
        outcome = succeeded(world.run("hasura_metadata", {**HELLO, **options}))
        assert outcome.result["changed"] is False and outcome.result["metadata"]["changes"] == [], options


# Each in the declared form; the engine exports another one.
KINDS = (
    ("citus", "users"),
    ("pg", {"name": "users"}),
    ("mssql", "users"),
    ("mssql", {"name": "users"}),
    ("bigquery", {"name": "users", "dataset": "shop"}),
    ("sqlite", "users"),
    ("sqlite", ["main", "users"]),
)


@pytest.mark.parametrize("defaults", ["filled", "as_sent"])
@pytest.mark.parametrize("kind,table", KINDS)
def test_each_kind_of_source_converges(new_world, kind, table, defaults):
    world = new_world({"metadata_defaults": defaults})
    connected(world)
    configuration = {
        "mssql": {"connection_info": {"database_url": {"from_env": "PG_DATABASE_URL"}}},
        "sqlite": {"db": "shop"},
        "bigquery": {"project_id": "shop", "datasets": ["shop"]},
    }.get(kind)
    more = {"kind": kind, **({"configuration": configuration} if configuration else {})}
    relationship = {"name": "self", "using": {"manual_configuration": {"remote_table": table, "column_mapping": {}}}}
    declared = {"version": 3, "sources": [source({"table": table, "array_relationships": [relationship]}, **more)]}
    for changed in (True, False):
        outcome = succeeded(world.run("hasura_metadata", {**HELLO, "metadata": declared}))
        assert outcome.result["changed"] is changed, outcome.result["metadata"]["changes"]
    exported = command(world, "export_metadata", {}, version=2)
    assert succeeded(world.run("hasura_metadata", {**HELLO, "metadata": exported})).result["changed"] is False


def test_what_the_engine_drops_is_an_error_each_time(new_world):
    world = new_world({"unknown_metadata_keys": "dropped"})
    connected(world)
    strange = {"version": 3, "sources": [source({"table": "users"}, novelty={"a": 1})]}
    for _run in range(2):
        outcome = refused(
            world.run("hasura_metadata", {**HELLO, "metadata": strange}), "not_applied", "sources[default].novelty"
        )
        assert outcome.result["changed"] is True and operations(outcome).count("replace_metadata") == 1


def test_what_the_engine_does_not_know_is_its_refusal(world):
    connected(world)
    outcome = world.run("hasura_metadata", {**HELLO, "metadata": {"version": 3, "novelty": []}})
    assert outcome.result["changed"] is False and not outcome.failed, "what is empty is as good as not there"
    outcome = refused(
        world.run("hasura_metadata", {**HELLO, "metadata": {"version": 3, "novelty": [1]}}), "invalid", "novelty"
    )
    assert outcome.result["changed"] is False


def test_objects_that_do_not_fit_are_refused_by_name(world):
    has_old(world)
    before = metadata(world)
    outcome = refused(
        world.run("hasura_metadata", {**HELLO, "metadata": STRANGE}),
        "invalid",
        "table nowhere in source default",
        "no such table",
        "allow_inconsistent",
    )
    assert outcome.result["changed"] is False and metadata(world) == before
    found = succeeded(world.run("hasura_metadata", {**HELLO, "metadata": STRANGE, "allow_inconsistent": True})).result[
        "metadata"
    ]
    assert found["is_consistent"] is False and [each["name"] for each in found["inconsistent_objects"]] == [
        "table nowhere in source default"
    ]
    for options in ({"metadata": STRANGE}, {"metadata": STRANGE, "reload_sources": True}, {"reload_sources": True}):
        outcome = refused(
            world.run("hasura_metadata", {**HELLO, **options}),
            "inconsistent_metadata",
            "table nowhere in source default",
        )
        assert bool(outcome.writes) is ("reload_sources" in options)
        assert outcome.result["metadata"]["inconsistent_objects"] == found["inconsistent_objects"]
    info = succeeded(world.run("hasura_metadata_info", HELLO)).result["metadata"]
    assert info["is_consistent"] is False and info["inconsistent_objects"] == found["inconsistent_objects"]


def test_reloading_says_what_is_reloaded(world):
    has_old(world)
    for options, args in (
        ({"reload_sources": True}, (True, False, None)),
        ({"reload_remote_schemas": True}, (False, True, None)),
        ({"reload_sources": True, "reload_remote_schemas": True}, (True, True, None)),
        ({"recreate_event_triggers": True}, (False, False, True)),
    ):
        outcome = succeeded(world.run("hasura_metadata", {**HELLO, **options}))
        (sent,) = [call["json"]["args"] for call in outcome.writes]
        names = ("reload_sources", "reload_remote_schemas", "recreate_event_triggers")
        assert tuple(sent.get(name) for name in names) == args and outcome.result["changed"] is True


@pytest.mark.parametrize("lock", ["when_given", "ignored"])
def test_another_writer_is_noticed(new_world, monkeypatch, lock):
    """Another write between reading and writing: the backup has what it wrote. Without a lock, it is not detected."""
    world = new_world({"metadata_lock": lock})
    has_old(world)
    replace = hasura_metadata.metadata.replace_metadata
    theirs = {"version": 3, "sources": [source({"table": "orders"})]}

    def raced(endpoint, state, *arguments, **more):
        command(world, "replace_metadata", {"metadata": theirs}, version=2)
        return replace(endpoint, state, *arguments, **more)

    monkeypatch.setattr(hasura_metadata.metadata, "replace_metadata", raced)
    outcome = succeeded(world.run("hasura_metadata", {**HELLO, "metadata": METADATA, "backup_path": backup(world)}))
    assert operations(outcome).count("replace_metadata") == {"when_given": 2, "ignored": 1}[lock]
    with open(backup(world), encoding="utf-8") as stream:
        assert ("orders" in json.dumps(json.load(stream)["metadata"]["sources"])) is (lock == "when_given")
    assert succeeded(world.run("hasura_metadata", {**HELLO, "metadata": METADATA})).result["changed"] is False


def test_a_conflict_without_end_ends(world):
    has_old(world)
    fault(world, "replace_metadata", "hasura-tenant", kind="status", status=409, times=None)
    outcome = world.run("hasura_metadata", {**HELLO, "metadata": METADATA})
    assert outcome.failed and operations(outcome).count("replace_metadata") == 5 and outcome.result["changed"] is False


def test_a_backup_is_private_and_check_mode_writes_none(world):
    has_old(world)
    options = {**HELLO, "metadata": METADATA, "backup_path": backup(world)}
    predicted = succeeded(world.run("hasura_metadata", options, check=True))
    assert predicted.result["metadata"]["backup_path"] == backup(world) and not os.path.exists(backup(world))
    succeeded(world.run("hasura_metadata", options))
    assert os.stat(backup(world)).st_mode & 0o777 == 0o600
    succeeded(world.run("hasura_metadata", {**HELLO, "restore_from": backup(world)}))
    assert metadata(world)["remote_schemas"][0]["definition"]["url_from_env"] == "STOCK_URL"


def test_a_backup_of_another_tenant_is_refused(world):
    with open(backup(world), "w", encoding="utf-8") as stream:
        json.dump({"tenant_id": "another", "metadata": METADATA}, stream)
    for options in ({"restore_from": backup(world)}, {"metadata": METADATA, "backup_path": backup(world)}):
        assert not refused(world.run("hasura_metadata", {**HELLO, **options}), "other_tenant", "another").writes


def test_the_diff_names_what_changes_and_no_secret(world):
    has_new(world)
    other = copy.deepcopy(METADATA)
    other["remote_schemas"][0]["definition"]["headers"][0]["value"] = CANARY + "-other"
    other["sources"][1]["tables"].append({"table": "users"})
    outcome = succeeded(world.run("hasura_metadata", {**HELLO, "metadata": other}, check=True))
    assert outcome.result["metadata"]["changes"] == [
        "remote_schemas[stock].definition.headers[Authorization].value",
        "sources[reports].tables[public.users]",
    ]
    assert CANARY not in outcome.everything()
    before, after = sides_of(outcome.result)
    [was], [becomes] = (side["remote_schemas"][0]["definition"]["headers"] for side in (before, after))
    assert (was["value"], becomes["value"]) == ("(secret)", "(secret, changed)")
    assert before["sources"] == [{"name": "reports", "tables": None}]
    assert after["sources"] == [{"name": "reports", "tables": [{"table": {"name": "users", "schema": "public"}}]}]


def test_the_admin_secret_goes_to_the_tenant_instead_of_the_token(world):
    found = succeeded(world.run("hasura_metadata_info", {**HELLO, "admin_secret": env(world)[ADMIN_SECRET]}))
    assert found.result["metadata"]["content"] == {"version": 3, "sources": []}
    outcome = refused(
        world.run("hasura_metadata_info", {**HELLO, "admin_secret": CANARY}), "unauthorized", "x-hasura-admin-secret"
    )
    assert CANARY not in outcome.everything()


@pytest.mark.parametrize("admin_secret", [None, CANARY])
@pytest.mark.parametrize("module,options", [("hasura_metadata", {"metadata": METADATA}), ("hasura_metadata_info", {})])
def test_no_credential_goes_to_a_host_that_is_not_trusted(world, module, options, admin_secret):
    """The control plane returns a tenant's host; a host below .invalid reveals an attempted connection."""
    row = {**tenant_of(world, "hello-hasura"), "endpoint": "https://shop.invalid/v1/graphql"}
    row["project"] = {**row["project"], "endpoint": row["endpoint"]}
    fault(
        world,
        "tenant",
        kind="status",
        status=200,
        times=None,
        body_text=json.dumps({"data": {"tenant": [row]}}),
    )
    options = {**HELLO, **options, "admin_secret": admin_secret, "retries": 0}
    for check in (True, False):
        outcome = refused(world.run(module, options, check=check), "untrusted_host", "shop.invalid", "trusted_hosts")
        assert operations(outcome) == ["tenant"] and outcome.result["error"]["option"] == "trusted_hosts"
    refused(world.run(module, {**options, "trusted_hosts": ["*.invalid"]}), "unreachable", "shop.invalid")


def test_secrets_in_metadata_are_not_told(world):
    """Not even when the engine repeats them in the reason of another error."""
    has_new(world)
    assert CANARY not in succeeded(world.run("hasura_metadata_info", HELLO)).everything()
    fault(
        world,
        "get_inconsistent_metadata",
        "hasura-tenant",
        kind="status",
        status=200,
        times=None,
        body_text=json.dumps(
            {
                "is_consistent": False,
                "inconsistent_objects": [
                    {"name": "source reports", "type": "source", "reason": f"cannot connect with {CANARY}-password"}
                ],
            }
        ),
    )
    outcome = refused(
        world.run("hasura_metadata", {**HELLO, "metadata": METADATA}),
        "inconsistent_metadata",
        "cannot connect with ****",
    )
    assert CANARY not in outcome.everything()


def test_without_pyyaml_it_is_said_what_is_missing(world, monkeypatch):
    directory = project(world)
    monkeypatch.setattr(hasura_metadata.project.data_files, "HAS_YAML", False)
    outcome = refused(
        world.run("hasura_metadata", {**HELLO, "src": directory}),
        "missing_library",
        "config.yaml",
        "PyYAML",
        "required Python library",
    )
    assert not outcome.calls


def test_several_and_none_are_told(world):
    for module, options in (
        ("hasura_metadata", {"metadata": METADATA}),
        ("hasura_metadata_info", {}),
        ("hasura_custom_domain", {"fqdn": FQDN}),
    ):
        assert not refused(world.run(module, {"name": "shop", **options}), "not_found", "shop").writes
    shop(world)
    world.sandbox.admin("POST", "hasura/tenant", {"slug": "shop", "project_name": "hello-hasura"})
    for module, options in (
        ("hasura_metadata", {"metadata": METADATA}),
        ("hasura_preview_app", {**PREVIEW, "name": "hello-hasura"}),
        ("hasura_custom_domain", {"fqdn": FQDN}),
    ):
        assert not refused(world.run(module, {**HELLO, **options}), "several_matches").writes


# -- preview apps ------------------------------------------------------------------------------------------------------


def test_a_project_of_that_name_is_replaced_and_told(world):
    former = hello(world)
    set_env(world, OLD="1")
    predicted = succeeded(world.run("hasura_preview_app", {**PREVIEW, **HELLO}, check=True)).result["preview_app"]
    made = succeeded(world.run("hasura_preview_app", {**PREVIEW, **HELLO})).result["preview_app"]
    assert predicted["replaced_tenant_id"] == made["replaced_tenant_id"] == former
    assert made["tenant_id"] == hello(world) != former and "OLD" not in env(world)
    assert made["project_id"] == tenant_of(world, "hello-hasura")["project_id"]
    assert [task["name"] for task in made["tasks"] if task["job"] == "deployment"][-1] == "check-healthz"
    assert made["tasks"][0]["events"] == [
        {"event_type": "created", "error": None},
        {"event_type": "success", "error": None},
    ]


@pytest.mark.parametrize("switch", ["preview_app_job", "preview_deploy_job"])
@pytest.mark.parametrize("end", ["failed", "skipped"])
def test_a_job_that_does_not_succeed_is_told_with_its_tasks(new_world, switch, end):
    world = new_world({switch: end})
    outcome = refused(
        world.run("hasura_preview_app", {**PREVIEW, **SOON}),
        end,
        "creation" if switch == "preview_app_job" else "deployment",
    )
    found = outcome.result["preview_app"]
    assert outcome.result["changed"] is True and outcome.result["error"]["operation"] == "jobs_by_pk"
    assert bool(found["deployment_job_id"]) is (switch == "preview_deploy_job") and found["job_id"]
    if end == "failed":
        (error,) = [
            event["error"] for task in found["tasks"] for event in task["events"] if event["event_type"] == "failed"
        ]
        assert error in outcome.result["msg"]
    assert CANARY not in outcome.everything()


def test_a_job_that_takes_too_long_is_told(world):
    world.sandbox.admin("PATCH", "settings", {"hasura_job_seconds": 60})
    outcome = refused(
        world.run("hasura_preview_app", {**PREVIEW, **SOON}), "wait_timeout", "running", "gh-validation", "again"
    )
    assert outcome.result["preview_app"]["tasks"]


def test_what_is_asked_for_is_what_was_declared(world):
    outcome = succeeded(world.run("hasura_preview_app", {**PREVIEW, "github_token": " token \n", "wait": False}))
    (sent,) = [call["json"] for call in outcome.writes]
    envs = sent["variables"].pop("envs")
    assert sent["variables"] == {
        "token": "token",
        "owner": "example",
        "repo": "shop",
        "branch": "new-prices",
        "directory": "hasura",
        **{option: PREVIEW[option] for option in ("name", "cloud", "region")},
        "plan": "cloud_free",
    }
    assert {"key": "COUNT", "value": "1"} in envs
    # Like the vendor's action: the query does not name the types of input objects, because the names are unknown.
    assert set(re.findall(r"\$\w+: ([\w!\[\]]+)", sent["query"])) == {"String!", "[UpdateEnvsObject]"}


def test_in_maintenance_nothing_is_deleted(world):
    world.sandbox.admin("POST", "hasura/tenant", {"slug": "hello-hasura", "maintenance_mode": True})
    assert not refused(world.run("hasura_preview_app", {**HELLO, "state": "absent"}), "maintenance_mode").writes
    assert len(tenants(world)) == 1


# -- custom domains ----------------------------------------------------------------------------------------------------


def test_a_domain_of_another_tenant_is_told_and_stays(world):
    elsewhere(world)
    for check in (True, False):
        outcome = refused(
            world.run("hasura_custom_domain", {**HELLO, "fqdn": FQDN}, check=check), "other_tenant", world.ids["shop"]
        )
        assert not outcome.writes
    assert (
        succeeded(world.run("hasura_custom_domain", {**HELLO, "fqdn": FQDN, "state": "absent"})).result["changed"]
        is False
    )
    assert [domain["tenant_id"] for domain in domains(world)] == [world.ids["shop"]]


def test_a_domain_of_another_account_is_told(world):
    elsewhere(world)
    fault(
        world,
        "custom_domain",
        kind="status",
        status=200,
        times=None,
        body_text='{"data": {"custom_domain": []}}',
    )
    outcome = refused(world.run("hasura_custom_domain", {**HELLO, "fqdn": FQDN}), "domain_taken", "another account")
    assert outcome.result["changed"] is False


@pytest.mark.parametrize("result", ["pending", "failed"])
def test_a_record_that_is_not_found_is_told(new_world, result):
    world = new_world({"custom_domain_dns": result})
    add_domain(world, hello(world))
    assert (
        succeeded(world.run("hasura_custom_domain", {**HELLO, "fqdn": FQDN})).result["custom_domain"]["dns_validation"]
        == result
    )
    code, word = {"pending": ("wait_timeout", "pending"), "failed": ("dns_validation", "record")}[result]
    outcome = refused(world.run("hasura_custom_domain", {**HELLO, "fqdn": FQDN, "wait": True, **SOON}), code, word)
    assert not outcome.writes


def test_a_tenant_that_is_gone_has_no_domains(world):
    outcome = succeeded(world.run("hasura_custom_domain", {"name": "shop", "fqdn": FQDN, "state": "absent"}))
    assert outcome.result["changed"] is False and outcome.result["custom_domain"] is None
