# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Estates: where they run, what they assume of new sites, what their options select and refuse."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import yaml
from estates import applied

from ansible_collections.webops.paas.plugins.module_utils._core.compare import MASK
from playbooks import Bench, task

TEAM = "sandbox-team"
NAMES = ("blog", "docs", "shop")


def sites(**options):
    return [{"netlify_site": {"name": name, **options}} for name in NAMES]


# -- where they run ----------------------------------------------------------------------------------------------------

# {register: (keywords of the task, word of the message)}
ELSEWHERE = {
    "background": ({"async": 60, "poll": 1}, "`async`"),
    "user": ({"become": True}, "`become`"),
    "machine": ({"delegate_to": "elsewhere"}, "ssh"),
    "interpreter": ({"vars": {"ansible_python_interpreter": "/usr/bin/other"}}, "/usr/bin/other"),
}


def test_they_run_in_the_controller_process_only(world, tmp_path):
    """One sentence that names the reason, before the first request."""
    bench = Bench(tmp_path)
    hosts = {"localhost": {"ansible_connection": "local"}, "elsewhere": {}}
    (bench.directory / "inventory.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    modules = {"apply": {"content": sites()}, "export": {"dest": "estate"}}
    tasks = [
        task(module, f"{module}_{where}", options, ignore_errors=True, **keywords)
        for module, options in modules.items()
        for where, (keywords, _word) in ELSEWHERE.items()
    ]
    results, _output = bench.play(tasks, {}, **world.environment)
    for name, result in results.items():
        module, where = name.split("_")
        assert result["failed"] and result["error"]["code"] == "invalid_input", result
        for word in (f"webops.paas.{module}", "controller process", ELSEWHERE[where][1]):
            assert word in result["msg"]
        assert result["msg"].count(". ") == 0
    assert not world.sandbox.news() and not (bench.directory / "estate").exists()


@pytest.mark.parametrize("module,options", [("apply", {"src": "estate"}), ("export", {"dest": "estate"})])
def test_the_process_of_a_module_refuses_to_run(module, options):
    name = f"ansible_collections.webops.paas.plugins.modules.{module}"
    given = json.dumps({"ANSIBLE_MODULE_ARGS": options})
    done = subprocess.run([sys.executable, "-m", name], input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "controller process" in json.loads(done.stdout)["msg"], done


# -- new sites ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("contents", ["empty", "has_defaults"])
def test_what_a_new_site_has_from_the_start(new_world, contents):
    """What Netlify gives to a new site is found in the same run, and treated as if it had been there before."""
    world = new_world({"new_site": contents})
    content = [
        *sites(),
        {"netlify_snippets": {"site": "shop", "snippets": [{"title": "Mine", "general": "1"}], "purge": True}},
        {"netlify_env_vars": {"site": "shop", "env_vars": {"API_URL": "x"}, "purge": True}},
        {"netlify_metadata": {"site": "docs", "metadata": {"welcome": "no"}}},
        {"netlify_build_hook": {"site": "blog", "title": "Welcome", "branch": "next"}},
    ]
    first = applied(world, content, concurrency=8)
    assert not first.result.get("failed"), first.result
    settled = applied(world, content)
    assert settled.result["changed"] is False and not settled.writes, settled.result["diff"]
    assert [row["title"] for row in world.api("GET", "/sites/shop.netlify.app/snippets")] == ["Mine"]
    assert [row["branch"] for row in world.api("GET", "/sites/blog.netlify.app/build_hooks")] == ["next"]


def test_teams_are_read_once(world):
    content = [*sites(account_slug=TEAM), {"netlify_dns_zone": {"name": "example.com", "account_slug": TEAM}}]
    first = applied(world, content, concurrency=8)
    assert set(first.actions.values()) == {"created"}
    assert [call["operation"] for call in first.calls].count("listAccountsForUser") == 1


# -- options -----------------------------------------------------------------------------------------------------------


def test_values_that_are_refused(world, tmp_path):
    """Before the first request, naming the option. A list that a play computed can be empty by mistake."""
    wrong = [
        ("concurrency", {"concurrency": 0}),
        ("max_deletions", {"max_deletions": -1}),
        ("only", {"only": {"names": []}}),
        ("only", {"only": {"kinds": []}}),
        ("only", {"only": {"names": [""]}}),
        ("only", {"only": {"kinds": ["netlify_sites"]}}),
        ("only", {"only": {"kinds": ["netlify_site_info"]}}),
        ("only", {"only": {"names": ["nothing-*"]}}),
        ("only", {"only": [1]}),
        ("only", {"only": 1}),
        ("purge", {"purge": ["netlify_deploy"]}),
        ("purge", {"purge": ["netlify_dns_zone"]}),
        ("connections", {"connections": {"netlfy": {}}}),
        ("connections", {"connections": {"netlify": "token"}}),
        ("connections", {"connections": {"netlify": {"tokn": "x"}}}),
        (None, {"on_error": "resume"}),
        (None, {"only": {"platforms": ["vercel"]}}),
        (None, {"only": {"kind": ["netlify_site"]}}),
    ]
    tasks = [
        task("apply", f"apply_{number}", {"content": sites(), **options}, ignore_errors=True)
        for number, (_option, options) in enumerate(wrong)
    ]
    tasks += [
        task("export", "export_teams", {"dest": "estate", "netlify_account_slugs": []}, ignore_errors=True),
        task("export", "export_names", {"dest": "estate", "names": []}, ignore_errors=True),
        task("export", "export_connections", {"dest": "estate", "connections": {"x": {}}}, ignore_errors=True),
    ]
    expected = [option for option, _options in wrong] + ["netlify_account_slugs", "names", "connections"]
    results, _output = Bench(tmp_path).play(tasks, {}, **world.environment)
    for option, result in zip(expected, results.values(), strict=True):
        assert result["failed"] and result["error"]["code"] == "invalid_input" and result["changed"] is False, result
        if option:
            assert result["error"]["option"] == option and f"`{option}" in result["msg"], result
    assert not world.sandbox.news()


@pytest.mark.parametrize(
    "only,names",
    [
        ({"kinds": ["webops.paas.netlify_site"]}, set(NAMES)),
        ({"names": ["Every night"]}, {"shop Every night"}),
        ({"names": ["shop*"]}, {"shop", "shop Every night"}),
        ({"platforms": ["netlify"], "kinds": ["netlify_site"], "names": ["b*", "docs"]}, {"blog", "docs"}),
    ],
)
def test_what_is_selected(world, only, names):
    hook = {"netlify_build_hook": {"site": "shop", "title": "Every night", "branch": "main"}}
    applied(world, [{"netlify_site": {"name": "shop"}}])
    run = applied(world, [*sites(), hook], only=only, check=True)
    assert not run.result.get("failed") and {name for _module, name in run.actions} == names


def test_branches_that_do_not_depend_on_a_failure(world):
    """With on_error=continue all that can be done is done; what depends on the failure is skipped."""
    content = [
        entry
        for name in NAMES
        for entry in (
            {"netlify_site": {"name": name}},
            {"netlify_metadata": {"site": name, "metadata": {"a": 1}}},
            {"netlify_build_hook": {"site": name, "title": "Nightly", "branch": "main"}},
        )
    ]
    world.api("POST", "/sites", {"name": "old"})
    content.append({"netlify_site": {"name": "old", "state": "absent"}})
    forbidden = {"platform": "netlify", "operation": "updateSiteMetadata", "kind": "status", "status": 403, "times": 1}
    world.sandbox.admin("POST", "faults", forbidden)
    run = applied(world, content, keep_going=True, concurrency=1)
    world.sandbox.admin("DELETE", "faults")
    counts = run.result["counts"]
    # What is deleted waits for all that is created.
    assert run.result["failed"] and (counts["failed"], counts["created"], counts["skipped"]) == (1, 8, 1)
    assert run.actions["netlify_site", "old"] == "skipped"
    finished = applied(world, content)
    assert not finished.result.get("failed") and finished.actions["netlify_site", "old"] == "deleted"


def test_secrets_of_other_entries_are_masked(world):
    """A secret of one entry is masked where another one shows it; a common word among variables is not."""
    secrets = ("password-canary-1", "variable-canary-1", "https://hooks.example.com/canary-1")
    [password, variable, url] = secrets
    content = [
        {"netlify_site": {"name": "shop", "password": password}},
        {"netlify_env_vars": {"site": "shop", "env_vars": {"API_TOKEN": variable, "STAGE": "production"}}},
        {"netlify_hook": {"site": "shop", "type": "url", "event": "deploy_failed", "url": url}},
        {"netlify_snippets": {"site": "shop", "snippets": [{"title": "All", "general": " ".join(secrets)}]}},
        {"netlify_metadata": {"site": "shop", "metadata": {"stage": "production", "note": f"was {variable}"}}},
        {"netlify_site": {"name": "docs", "notification_email": f"{password}@example.com"}},
    ]
    for check in (True, False):
        run = applied(world, content, check=check)
        assert not run.result.get("failed") and run.result["counts"]["created"] == 6, run.result
        shown = json.dumps(run.result)
        assert "canary" not in shown and MASK in shown and "production" in shown, shown
    [snippet] = world.api("GET", "/sites/shop.netlify.app/snippets")
    assert snippet["general"] == " ".join(secrets)


# -- what people read --------------------------------------------------------------------------------------------------


def test_a_diff_has_what_differs_and_its_name(world):
    """Names of variables are far from their values; texts of several lines differ line by line."""
    before = "<script>\nfirst()\nsecond()\n</script>"
    content = [
        {"netlify_site": {"name": "shop"}},
        {"netlify_env_vars": {"site": "shop", "env_vars": {"API_URL": "one", "MODE": "fast"}}},
        {"netlify_snippets": {"site": "shop", "snippets": [{"title": "Visitors", "general": before}]}},
    ]
    applied(world, content)
    content[1]["netlify_env_vars"]["env_vars"]["MODE"] = "slow"
    content[2]["netlify_snippets"]["snippets"][0]["general"] = before.replace("second", "third")
    variables, snippet = applied(world, content, check=True).result["diff"]
    assert [list(yaml.safe_load(variables[side])) for side in ("before", "after")] == [["MODE"], ["MODE"]]
    lines = [set(snippet[side].splitlines()) for side in ("before", "after")]
    assert {line.strip() for line in lines[0] ^ lines[1]} == {"second()", "third()"}
    rows = [row for row in applied(world, content).result["resources"] if row["changed"]]
    assert all(row["diff"]["before"] != row["diff"]["after"] for row in rows) and len(rows) == 2


def test_a_site_and_a_zone_with_the_same_domain(world):
    """Records belong to the zone: they are read, although the site does not exist yet."""
    record = {"zone": "example.com", "type": "A", "hostname": "www", "value": "192.0.2.1"}
    content = [{"netlify_dns_zone": {"name": "example.com"}}, {"netlify_dns_record": record}]
    applied(world, content)
    content += [{"netlify_site": {"name": "shop", "custom_domain": "example.com"}}]
    content += [{"netlify_metadata": {"site": "example.com", "metadata": {"a": 1}}}]
    run = applied(world, content)
    assert not run.result.get("failed"), run.result
    assert [row["action"] for row in run.planned["resources"]] == ["unchanged", "unchanged", "created", "created"]
    assert run.result["counts"]["created"] == 2 and applied(world, content).result["changed"] is False
