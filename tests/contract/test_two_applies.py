# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two controllers that apply an estate to one account at the same time: nothing exists twice, and both converge.

Each is a complete run with its own connections and its own knowledge of the account. A request of one waits for the
same request of the other, so that both have read before either writes.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading

import pytest
import yaml
from estates import applied, objects
from harness import Http

from playbooks import Bench

SHOP = [
    {"netlify_site": {"name": "shop", "notification_email": "ops@example.com"}},
    {"netlify_env_vars": {"site": "shop", "env_vars": {"API_URL": "https://api.example.com"}}},
    {"netlify_snippets": {"site": "shop", "snippets": [{"title": "Visitors", "general": "<i>1</i>"}]}},
    {"netlify_snippet": {"site": "shop", "title": "Banner", "general": "<b>Sale</b>"}},
    {"netlify_metadata": {"site": "shop", "metadata": {"theme": "dark"}}},
    {"netlify_build_hook": {"site": "shop", "title": "Nightly", "branch": "main"}},
    {
        "netlify_hook": {
            "site": "shop",
            "type": "url",
            "event": "deploy_created",
            "url": "https://hooks.example.com/in",
        }
    },
    {
        "netlify_log_drain": {
            "site": "shop",
            "destination": "http",
            "url": "https://logs.example.com/in",
            "log_types": ["deploys"],
        }
    },
    {"netlify_dns_zone": {"name": "example.com"}},
    {"netlify_dns_record": {"zone": "example.com", "type": "A", "hostname": "www", "value": "192.0.2.1"}},
    {"hasura_tenant": {"name": "shop-api", "cloud": "aws", "region": "us-east-2"}},
    {"hasura_env_vars": {"name": "shop-api", "env_vars": {"HASURA_GRAPHQL_ENABLE_CONSOLE": "false"}}},
]
CHANGED = [
    {"netlify_site": {"name": "shop", "notification_email": "web@example.com"}},
    {"netlify_env_vars": {"site": "shop", "env_vars": {"API_URL": "https://api2.example.com"}}},
    {"netlify_snippets": {"site": "shop", "snippets": [{"title": "Visitors", "general": "<i>2</i>"}]}},
    {"netlify_snippet": {"site": "shop", "title": "Banner", "general": "<b>Winter sale</b>"}},
    {"netlify_metadata": {"site": "shop", "metadata": {"theme": "light"}}},
    {"netlify_build_hook": {"site": "shop", "title": "Nightly", "branch": "next"}},
    {
        "netlify_hook": {
            "site": "shop",
            "type": "url",
            "event": "deploy_created",
            "url": "https://hooks.example.com/in",
            "enabled": False,
        }
    },
]
# Those that the sandbox begins with.
TENANTS = 2
WRITES = (
    "createSite",
    "createEnvVars",
    "createSiteSnippet",
    "updateSiteMetadata",
    "createSiteBuildHook",
    "createHookBySiteId",
    "LogDrainsCreate",
    "createDnsZone",
    "createDnsRecord",
    "createTenant",
    "updateTenantEnv",
)


class Meeting:
    """Two runs, each of which sends one request at a time, wait for each other before they send an operation."""

    def __init__(self, operation: str) -> None:
        self.operation = operation
        self.met = 0
        self._barrier = threading.Barrier(2)

    def wait(self) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            self._barrier.wait(60)
            self.met += 1

    def end(self) -> None:
        """A run has ended, so nobody waits for it any more."""
        self._barrier.abort()


@contextlib.contextmanager
def meeting_at(operation):
    meeting, usual = Meeting(operation), Http.exchange

    def exchange(self, call, *arguments, **more):
        if call.operation == operation:
            meeting.wait()
        return usual(self, call, *arguments, **more)

    Http.exchange = exchange
    try:
        yield meeting
    finally:
        Http.exchange = usual


def side_by_side(world, *contents, concurrency=1, meeting=None):
    """The runs of several controllers that begin at the same time and write only once all have planned."""
    planned = threading.Barrier(len(contents))
    runs: list = [None] * len(contents)

    def run(number):
        try:
            runs[number] = applied(
                world, contents[number], concurrency=concurrency, keep_going=True, between=lambda: planned.wait(60)
            )
        finally:
            if meeting is not None:
                meeting.end()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(contents))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert all(runs), "a run has not ended"
    world.sandbox.news()
    return runs


def check_that_there_is_one_of_each(world):
    found = objects(world)
    assert set(found.values()) == {1}, found
    assert len([key for key in found if key[0] == "tenant"]) == TENANTS + 1, found


def check_that_both_converge(world, *contents):
    """An error must be gone in the next run, and the run after that changes nothing."""
    for content in contents:
        run = applied(world, content)
        assert not run.result.get("failed"), run.result["msg"]
    for run in side_by_side(world, *contents):
        assert not run.result.get("failed") and run.result["changed"] is False and not run.writes, run.result


@pytest.mark.parametrize("operation", WRITES)
def test_two_runs_on_an_empty_account(world, operation):
    with meeting_at(operation) as meeting:
        runs = side_by_side(world, SHOP, SHOP, meeting=meeting)
    assert meeting.met >= 2, [run.result.get("msg") for run in runs]
    check_that_there_is_one_of_each(world)
    check_that_both_converge(world, SHOP, SHOP)
    check_that_there_is_one_of_each(world)


def test_two_runs_on_a_converged_account(world):
    applied(world, SHOP)
    for run in side_by_side(world, SHOP, SHOP):
        assert run.result["changed"] is False and not run.writes


@pytest.mark.parametrize("operation", ["updateSite", "updateEnvVar", "updateSiteSnippet", "updateSiteBuildHook"])
def test_two_runs_with_the_same_change(world, operation):
    applied(world, SHOP)
    with meeting_at(operation) as meeting:
        runs = side_by_side(world, CHANGED, CHANGED, meeting=meeting)
    assert meeting.met >= 2 and not any(run.result.get("failed") for run in runs), [run.result for run in runs]
    check_that_there_is_one_of_each(world)
    check_that_both_converge(world, CHANGED, CHANGED)


@pytest.mark.parametrize("operation", ["createSite", "createSiteSnippet", "createSiteBuildHook", "createHookBySiteId"])
def test_one_run_declares_a_change(world, operation):
    """The files of one controller are newer: the account is as the one declares that runs last."""
    with meeting_at(operation) as meeting:
        side_by_side(world, SHOP, CHANGED, meeting=meeting)
    check_that_there_is_one_of_each(world)
    for content in (SHOP, CHANGED):
        assert not applied(world, content).result.get("failed")
        assert applied(world, content).result["changed"] is False
    check_that_there_is_one_of_each(world)


@pytest.mark.soak
@pytest.mark.parametrize("concurrency", [1, 4])
def test_three_runs_without_a_meeting(new_world, concurrency):
    """As they come, many times."""
    for _round in range(30):
        world = new_world()
        side_by_side(world, SHOP, SHOP, SHOP, concurrency=concurrency)
        check_that_there_is_one_of_each(world)
        check_that_both_converge(world, SHOP, SHOP)


@pytest.mark.playbook
def test_two_controllers(world, tmp_path):
    """Two processes of ansible-playbook, with nothing in common but the account."""
    places = [tmp_path / name for name in ("left", "right")]
    benches = []
    for place in places:
        place.mkdir()
        benches.append(Bench(place))
        (benches[-1].directory / "shop.yml").write_text(yaml.safe_dump(SHOP))
    arguments = ("webops.paas.apply", "-e", "apply_src=shop.yml")
    commands = [bench.command("ansible-playbook", *arguments, **world.environment) for bench in benches]
    started = [subprocess.Popen(**command, stdout=subprocess.PIPE, text=True) for command in commands]
    outputs = [process.communicate(timeout=300)[0] for process in started]
    assert "Traceback" not in "".join(outputs)
    check_that_there_is_one_of_each(world)
    check_that_both_converge(world, SHOP, SHOP)
