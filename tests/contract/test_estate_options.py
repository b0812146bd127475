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
