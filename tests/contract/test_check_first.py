# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode on a new account: predictions of a task whose parent does not exist, compared with the real run."""

from __future__ import annotations

import itertools

import pytest
from diffs import nulls, sides_of
from doors import DOORS, Case, tasks_of
from faults import FAULTS
from fresh import CHILDREN, LOOK_UPS, OTHER_IDS, site_with_page
from harness import MODULES, definition_of, documentation_of
from scenarios.netlify import tree

from ansible_collections.webops.paas.plugins.module_utils._kernel.shapes import Info
from playbooks import in_ready_python

MARK = "(not known yet)"
EVERY_CHILD = pytest.mark.parametrize("child", CHILDREN, ids=lambda child: child.label)
# Modules whose parent can be given by name, which they look up.
EVERY_NAMED_CHILD = pytest.mark.parametrize(
    "child", [child for child in CHILDREN if child.named], ids=lambda child: child.label
)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_that_names_a_parent_is_here(module):
    """Options that are IDs, or that name a site, a zone or a tenant, derived from the argument specs."""
    names = [
        name
        for name in definition_of(module).spec["argument_spec"]
        if (name in ("site", "zone", "slug") or name.endswith("_id")) and (module, name) not in OTHER_IDS
    ]
    for name in names:
        assert name in definition_of(module).parents, (
            f"give the option {name} of {module} parent=True, or list it in OTHER_IDS of tests/contract/fresh.py"
        )
    listed = module in {child.module for child in CHILDREN} | LOOK_UPS.keys()
    assert listed or not names, (
        f"add {module} to CHILDREN of tests/contract/fresh.py, or to LOOK_UPS, because it has the option {names[0]}"
    )
    assert names or not listed, f"remove {module} from tests/contract/fresh.py: no option of it names a parent"


def predicted(world, child, options):
    outcome = world.run(child.module, options, check=True)
    assert not outcome.failed, outcome.result
    assert not outcome.writes
    assert MARK not in outcome.everything()
    assert len(outcome.warnings) == 1 + child.warnings, outcome.warnings
    assert outcome.result.keys() - {"changed", "diff"} <= documentation_of(child.module, "RETURN").keys()
    return outcome


@EVERY_NAMED_CHILD
def test_predicts_by_name(world, child):
    """After the parent was created, the real run returns the prediction, except for keys reported as unknown."""
    options = {**child.options_for(world), **child.named}
    outcome = predicted(world, child, options)
    assert next(iter(child.named.values())) in outcome.warnings[0]
    child_id = child.create(world)
    if child.invented:
        options = {**child.options_for(world), child.id: child_id}
    compare(outcome.result, world.run(child.module, options), child)


@EVERY_CHILD
def test_predicts_by_an_id_that_is_not_known_yet(world, child):
    """Tasks in check mode return null for the IDs of objects that they would create."""
    options = child.options_for(world)
    outcome = predicted(world, child, {**options, child.id: ""})
    assert child.id in outcome.warnings[0]
    compare(outcome.result, world.run(child.module, {**options, child.id: child.create(world)}), child)


# IDs that no present or future object has.
NOBODYS = {"site": "3970e0fe-8564-4903-9a55-c5f8de49fb8b", "zone": "5f0c1b2a9d8e7f6a5b4c3d2e", "site_id": "nobodys"}
NOBODYS["tenant_id"] = NOBODYS["site"]


@EVERY_NAMED_CHILD
def test_what_no_task_will_create_is_an_error(world, child):
    """An unknown ID also fails in check mode; an unknown name fails in the real run."""
    options = child.options_for(world)
    for given, check in (({child.id: NOBODYS[child.id]}, True), (child.named, False)):
        outcome = world.run(child.module, {**options, **given}, check=check)
        assert outcome.failed and outcome.result["error"]["code"] == "not_found", outcome.result
        hint = "a 404 below the parent must raise MissingParent, as api.below_site of Netlify does"
        assert outcome.result["error"].get("option") in given, (hint, outcome.result)
        assert not outcome.writes


@EVERY_NAMED_CHILD
def test_a_refused_look_up_is_an_error(world, child):
    """In this case, it is not known whether the parent exists."""
    for fault in (fault for fault in FAULTS if fault.name in ("403", "500")):
        options = {**child.options_for(world), **child.named}
        call = world.run(child.module, options, check=True).calls[0]
        with fault.on(world, call["platform"], call["operation"], 0, None):
            outcome = world.run(child.module, options, check=True, connect={"retries": 0})
        assert outcome.failed and outcome.result["error"]["code"] != "not_found", outcome.result


@pytest.mark.parametrize(
    "module, options",
    [
        ("netlify_snippet", {"site": "shop", "snippet_id": 1, "general": "x"}),
        ("netlify_hook", {"site": "shop", "hook_id": "5f0c1b2a9d8e7f6a5b4c3d2e", "enabled": False}),
        ("netlify_build_hook", {"site": "shop", "hook_id": "5f0c1b2a9d8e7f6a5b4c3d2e", "branch": "main"}),
        ("netlify_publish", {"site": "shop", "deploy_id": "5f0c1b2a9d8e7f6a5b4c3d2e"}),
        ("fleek_deploy", {"site": "shop", "retry_deploy_id": "nobodys"}),
    ],
)
def test_what_does_not_exist_has_nothing_with_an_id(world, module, options):
    outcome = world.run(module, options, check=True)
    assert outcome.failed and outcome.result["error"]["code"] == "not_found", outcome.result
    assert outcome.result["error"]["option"] == ("deploy_id" if module == "netlify_publish" else "site")


@pytest.mark.parametrize(
    "module, option, value, more",
    [
        ("netlify_snippet", "snippet_id", 99, {"site": "shop", "general": "x"}),
        ("netlify_hook", "hook_id", "5f0c1b2a9d8e7f6a5b4c3d2e", {"site": "shop", "enabled": False}),
        ("netlify_build_hook", "hook_id", "5f0c1b2a9d8e7f6a5b4c3d2e", {"site": "shop", "branch": "main"}),
        ("netlify_publish", "deploy_id", "5f0c1b2a9d8e7f6a5b4c3d2e", {"site": "shop"}),
        ("netlify_deploy_key", "deploy_key_id", "5f0c1b2a9d8e7f6a5b4c3d2e", {}),
        ("netlify_deploy_state", "deploy_id", "5f0c1b2a9d8e7f6a5b4c3d2e", {"state": "canceled"}),
        ("netlify_file_download", "path", "nowhere.html", {"site": "shop", "dest": "nowhere.html"}),
        ("netlify_site", "site_id", NOBODYS["site"], {}),
        ("netlify_submission_info", "form", "nowhere", {"site": "shop"}),
        ("netlify_submission", "submission_ids", ["5f0c1b2a9d8e7f6a5b4c3d2e"], {"state": "spam"}),
        ("hasura_tenant", "tenant_id", NOBODYS["site"], {"name": "shop"}),
        ("flightcontrol_scaling", "service_id", "c0000000000000000000000000", {"count": 1}),
        ("flightcontrol_invalidation", "service_id", "c0000000000000000000000000", {"paths": ["/*"]}),
    ],
)
def test_what_does_not_exist_is_named_by_its_option(world, module, option, value, more):
    site_with_page(world)
    outcome = world.run(module, {**more, option: value})
    assert outcome.failed and outcome.result["error"]["code"] == "not_found", outcome.result
    assert outcome.result["error"]["option"] == option


@pytest.mark.parametrize("module", sorted({child.module for child in CHILDREN} | LOOK_UPS.keys()))
def test_null_is_an_id_that_is_not_known_yet(module):
    """Up to ansible-core 2.18 a template turns null into an empty text; later it stays null, which no spec accepts."""
    definition = definition_of(module)
    spec = definition.spec["argument_spec"]
    groups = definition.spec.get("required_one_of", ())
    for option in definition.parents:
        is_needed = spec[option].get("required") or any(option in names for names in groups)
        is_marked = is_needed or not issubclass(definition.task, Info)
        for name in (option, *spec[option].get("aliases", ())):
            assert definition.with_empty_parents({name: None}) == {name: "" if is_marked else None}
    for names in groups:
        for option, other in itertools.permutations(names, 2):
            if option in definition.parents and other in definition.parents:
                given = {option: None, other: "given"}
                assert definition.with_empty_parents(given) == given


@pytest.mark.parametrize("module, option", sorted(LOOK_UPS.items()))
def test_looks_for_nothing(world, module, option):
    outcome = world.run(module, {option: ""}, check=True)
    assert not outcome.failed and not outcome.calls, outcome.result
    assert outcome.result[definition_of(module).task.key] == []
    assert len(outcome.warnings) == 1 and option in outcome.warnings[0]


def compare(prediction, real, child):
    assert not real.failed, real.result
    unknown = prediction.pop("unknown_until_applied", [])
    ignored = {"diff", *child.invented}
    became_known = set(nulls(prediction, real.result))
    assert became_known <= set(unknown)
    assert set(unknown) - became_known <= {"changed", *child.may_stay_null}
    if child.changes is None:
        assert "changed" in unknown
    else:
        assert prediction["changed"] is child.changes and (
            "changed" in unknown or real.result["changed"] is child.changes
        )
    if "changed" in unknown:
        unknown = [*unknown, "changed"]
    assert without(prediction, {*unknown, *ignored}) == without(real.result, {*unknown, *ignored})
    if "changed" not in unknown and "diff" in prediction:
        predicted, done = sides_of(prediction), sides_of(real.result)
        unknown += [name.rpartition(".")[2] for pair in zip(predicted, done, strict=True) for name in nulls(*pair)]
        assert without(predicted, unknown) == without(done, unknown)


def without(value, names):
    if isinstance(value, dict):
        return {key: without(item, names) for key, item in value.items() if key not in names}
    return [without(item, names) for item in value] if isinstance(value, list) else value


def test_an_address_that_is_not_known_yet_is_not_checked(world):
    definition = definition_of("verify")
    urls = [{"url": None}, {"url": world.sandbox.url + "/_sandbox/health"}, {"url": None, "method": "POST"}]
    given = definition.with_empty_parents({"urls": urls})
    assert [entry["url"] for entry in given["urls"]] == ["", urls[1]["url"], ""]
    outcome = world.run("verify", {**given, "wait": False}, check=True)
    assert not outcome.failed, outcome.result
    assert [check["url"] for check in outcome.result["checks"]] == [None, urls[1]["url"], None]
    assert [check["skipped"] for check in outcome.result["checks"]] == [True, False, True]
    assert outcome.result["unknown_until_applied"] == ["url"]
    assert [warning.split()[0].strip("`") for warning in outcome.warnings] == ["urls[0].url", "urls[2].url"]
    assert world.run("verify", given).result["error"]["code"] == "invalid_input"


PLAY = [
    ("netlify_site", {"name": "shop"}),
    ("netlify_deploy", {"site": "{{ netlify_site.site.id }}", "src": "{{ pages }}", "draft": True}),
    ("netlify_publish", {"name": "shop", "deploy_id": "{{ netlify_deploy.deploy.id }}"}),
    ("netlify_env_vars", {"site_id": "{{ netlify_site.site.id }}", "env_vars": {"A": "b"}}),
    ("netlify_snippet", {"domain": "{{ netlify_site.site.default_domain }}", "title": "Counter", "general": "1"}),
    ("netlify_site_info", {"site": "shop"}),
    ("netlify_dns_zone", {"name": "example.com"}),
    ("netlify_dns_record", {"zone": "example.com", "hostname": "www", "type": "A", "value": "192.0.2.1"}),
    ("hasura_tenant", {"name": "shop", "cloud": "aws", "region": "us-east-2"}),
    ("hasura_env_vars", {"tenant_id": "{{ hasura_tenant.tenant.id }}", "env_vars": {"A": "b"}}),
    ("hasura_metadata", {"name": "shop", "metadata": {"version": 3, "sources": []}}),
    ("fleek_site", {"repository_url": "https://github.com/sandbox/other", "repository_branch": "main"}),
    ("fleek_deploy", {"site_id": "{{ fleek_site.site.id }}"}),
    ("flightcontrol_env_vars", {"environment_id": "{{ none }}", "plain_text": {"A": "b"}}),
    (
        "flightcontrol_deploy",
        {"repo_url": "https://github.com/sandbox/shop", "branch": "main", "environment_id": "{{ none }}"},
    ),
]


@pytest.mark.playbook
def test_a_whole_play_on_a_fresh_account(world, doors):
    """Through both doors; nothing is sent."""
    tasks = [
        task
        for module, options in PLAY
        for task in tasks_of([Case(module, options, {"register": module})], module, in_ready_python())
    ]
    pages = tree(world, {"index.html": "first"})
    _output, results = doors.results(tasks, {"vars": {"pages": pages}}, "--check", **world.environment)
    for module, _options in PLAY:
        [fast], [ordinary] = (results[f"{door}: {module}"] for door in DOORS)
        assert fast == ordinary and not fast["failed"]
        assert fast["changed"] is (module not in ("netlify_site_info", "hasura_metadata"))
    assert not [call for call in world.sandbox.calls() if call["write"]]
