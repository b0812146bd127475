# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that the outcome of a task does not show, or that no scenario covers: how long a task waits, how many requests
it sends and to whom, what it does not change, and what it does not start."""

from __future__ import annotations

import contextlib
import socket

import pytest
from harness import SharedClock, platform_of
from scenarios import SCENARIOS, fleek, fleek_deploys
from scenarios.netlify import (
    ALL_SITE_OPTIONS,
    PAGES,
    deploy_by_hand,
    deploys,
    only_site,
    site,
    site_with_pages,
    tree,
    two_releases,
)

ASKED = 40
# One read each, which is enough here.
READ = ("netlify_site_info", {"site": "shop"})
# Modules that only read a platform. A visitor of sites returns the duration and number of its requests.
READERS = [
    scenario
    for scenario in SCENARIOS
    if not scenario.changes and not scenario.blind and platform_of(scenario.module) != "site"
]


@pytest.fixture
def slept(monkeypatch):
    """The duration of each pause of the runs, in seconds."""
    pauses = []
    sleep = SharedClock.sleep
    monkeypatch.setattr(SharedClock, "sleep", lambda self, seconds: (pauses.append(seconds), sleep(self, seconds))[1])
    return pauses


@contextlib.contextmanager
def fault(world, operation, **order):
    world.sandbox.admin("POST", "faults", {"platform": "netlify", "operation": operation, **order})
    yield
    world.sandbox.admin("DELETE", "faults")


@pytest.mark.parametrize("reset", ["retry-after", "retry-after-date", "epoch", "date"])
def test_waits_as_long_as_it_is_asked_to(world, slept, reset):
    site(world)
    with fault(world, "getSite", kind="throttle", reset=reset, seconds=ASKED):
        outcome = world.run(*READ)
    assert not outcome.failed and [call["status"] for call in outcome.calls] == [429, 200]
    # A date has no fractions of a second.
    assert len(slept) == 1 and ASKED - 1 <= slept[0] <= ASKED + 2, slept
    assert len(outcome.warnings) == 1 and "Waiting" in outcome.warnings[0]


def test_a_create_that_was_refused_for_its_rate_waits_and_is_sent_again(world, slept):
    with fault(world, "createSite", kind="throttle", reset="retry-after", seconds=ASKED):
        outcome = world.run("netlify_site", {"name": "shop"})
    answered = [(call["operation"], call["status"]) for call in outcome.calls]
    assert answered == [("getSite", 404), ("createSite", 429), ("createSite", 201)]
    assert len(slept) == 1 and slept[0] >= ASKED - 1


@pytest.mark.parametrize("retries", [0, 2, 5])
def test_asks_no_more_often_than_retries_allow(world, slept, retries):
    site(world)
    with fault(world, "getSite", kind="status", status=503, times=None):
        outcome = world.run(*READ, connect={"retries": retries})
    assert outcome.failed and outcome.result["error"]["status"] == 503
    assert len(outcome.calls) == retries + 1 and len(slept) == retries
    assert slept == sorted(slept) and len(set(slept)) == len(slept), "each pause is longer than the one before"


def test_ends_before_its_deadline(world, slept):
    site(world)
    with fault(world, "getSite", kind="status", status=503, times=None):
        outcome = world.run(*READ, connect={"retries": 1000, "deadline": 100})
    assert outcome.failed and "`deadline`, 100 s" in outcome.result["msg"]
    assert 50 < sum(slept) < 100, slept


def test_what_it_waits_for_counts_against_wait_timeout(world, slept):
    world.sandbox.admin("PATCH", "settings", {"deploy_processing_seconds": 1000})
    site(world)
    outcome = world.run("netlify_deploy", {"site": "shop", "src": tree(world, PAGES), "wait_timeout": 60})
    assert outcome.failed and outcome.result["error"]["code"] == "wait_timeout" and outcome.result["changed"] is True
    assert 55 < sum(slept) < 65, slept


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_follows_nobody_to_another_host(world, status):
    """The module does not even connect: the token and the request are meant for the platform only."""
    site(world)
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        location = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/"
        with fault(world, "getSite", kind="redirect", status=status, location=location, times=None):
            outcome = world.run(*READ, connect={"timeout": 0.2, "retries": 0})
        elsewhere.settimeout(0)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()
    assert outcome.failed and outcome.result["error"]["code"] == "foreign_redirect" and len(outcome.calls) == 1


def test_a_locked_site_refuses_a_release_before_one_is_made(world):
    site_with_pages(world)
    live = only_site(world)["published_deploy"]["id"]
    world.api("POST", f"/deploys/{live}/lock")
    options = {"site": "shop", "src": tree(world, {"index.html": "new"})}
    for check in (True, False):
        outcome = world.run("netlify_deploy", options, check=check)
        assert outcome.failed and outcome.result["error"]["code"] == "locked" and not outcome.writes
    assert not world.run("netlify_deploy", {**options, "draft": True}).failed


@pytest.mark.parametrize(
    "module,options",
    [("netlify_site", {"name": "shop", "force_ssl": True}), READ],
    ids=["netlify_site", "netlify_site_info"],
)
def test_what_the_platform_keeps_in_a_site_stays_there(world, module, options):
    site(world)
    outcome = world.run(module, options)
    kept = [only_site(world)[key] for key in ("jwt_secret", "deploy_hook")]
    assert not outcome.failed and all(kept)
    assert not [secret for secret in kept if secret in outcome.everything()]


def test_a_changed_function_alone_is_a_change(world):
    site_with_pages(world)
    options = {"site": "shop", "src": tree(world, PAGES)}
    for text in ("exports.handler = 1", "exports.handler = 2"):
        directory = tree(world, {"hello.js": text}, "functions")
        outcome = world.run("netlify_deploy", {**options, "functions_dir": directory})
        assert not outcome.failed and outcome.result["changed"] is True
        assert outcome.result["deploy"]["functions"] == ["hello"]


@pytest.mark.parametrize("kind", ["garbled", "truncated", "cut_after"])
@pytest.mark.parametrize("scenario", READERS, ids=lambda scenario: scenario.id)
def test_half_an_answer_is_never_taken_for_the_whole(world, scenario, kind):
    """A result that succeeds despite a fault equals the result without one."""
    scenario.given(world)
    options = scenario.options_for(world)
    whole = world.run(scenario.module, options)
    for platform, operation in dict.fromkeys((call["platform"], call["operation"]) for call in whole.calls):
        with fault(world, operation, platform=platform, kind=kind):
            assert world.run(scenario.module, options).result == whole.result


def test_what_is_not_declared_stays_as_it_is(world):
    """At the top level, and inside nested options."""
    assert not world.run("netlify_site", ALL_SITE_OPTIONS).failed
    before = world.run("netlify_site_info", {"site": "shop"}).result["sites"][0]
    outcome = world.run("netlify_site", {"name": "shop", "prerender": "", "build_settings": {"cmd": "make all"}})
    assert outcome.result["changed"] is True and [call["operation"] for call in outcome.writes] == ["updateSite"]
    after = outcome.result["site"]
    assert after == {
        **before,
        "prerender": None,
        "build_settings": {**before["build_settings"], "cmd": "make all"},
        "updated_at": after["updated_at"],
    }


def test_a_site_of_another_team_is_left_alone(world):
    site(world)
    outcome = world.run("netlify_site", {"name": "shop", "account_slug": "second-team", "force_ssl": True})
    assert outcome.failed and outcome.result["error"]["code"] == "other_team" and not outcome.writes
    outcome = world.run("netlify_site", {"name": "shop", "account_slug": "second-team", "state": "absent"})
    assert outcome.result["changed"] is False and not outcome.writes
    only_site(world)


def test_the_live_deploy_is_not_deleted(world):
    two_releases(world)
    outcome = world.run("netlify_deploy_state", {"deploy_id": world.ids["second"], "state": "absent"})
    assert outcome.failed and outcome.result["error"]["code"] == "is_live" and not outcome.writes


def test_info_leaves_out_what_does_not_match(world):
    two_releases(world)
    site(world, "store")
    draft = deploy_by_hand(world, {"index.html": "draft"}, draft=True)["id"]
    first, second = world.ids["first"], world.ids["second"]

    def found(**options):
        return [item["id"] for item in world.run("netlify_deploy_info", {"site": "shop", **options}).result["deploys"]]

    assert found() == [draft, second, first]
    assert found(production=True) == [second, first] and found(production=False) == [draft]
    assert found(limit=1) == [draft] and found(production=True, limit=1) == [second]
    assert found(state="error") == [] and found(branch="next") == []
    for options, names in (
        ({"search": "sto"}, ["store"]),
        ({"account_slug": "second-team"}, []),
        ({"site": "sto"}, []),
        ({}, ["shop", "store"]),
    ):
        assert sorted(item["name"] for item in world.run("netlify_site_info", options).result["sites"]) == names


def test_a_release_that_the_platform_refuses_is_given_up(world):
    """A deploy that waits for a file which Netlify never accepts would wait for ever."""
    site(world)
    options = {"site": "shop", "src": tree(world, PAGES)}
    with fault(world, "uploadDeployFile", kind="status", status=422, times=None):
        outcome = world.run("netlify_deploy", options)
    assert outcome.failed and outcome.result["changed"] is True
    assert outcome.result["error"]["operation"] == "uploadDeployFile"
    assert [item["state"] for item in deploys(world)] == ["error"]
    assert not world.run("netlify_deploy", options).failed


def test_a_401_in_the_middle_of_uploads_passes(world):
    """Known only of Netlify's uploads: the vendor's own client retries it."""
    site(world)
    with fault(world, "uploadDeployFile", kind="status", status=401, skip=2):
        assert not world.run("netlify_deploy", {"site": "shop", "src": tree(world, PAGES)}).failed


def test_many_files_are_announced_asynchronously_and_few_are_not(world):
    """Netlify closes requests after 30 s, which a manifest of many files can take."""
    site(world)
    for count, is_async in ((100, None), (101, True)):
        pages = {f"{number}.html": str(number) for number in range(count)}
        outcome = world.run("netlify_deploy", {"site": "shop", "src": tree(world, pages, str(count))})
        created = [call["json"] for call in outcome.calls if call["operation"] == "createSiteDeploy"]
        assert not outcome.failed and [body.get("async") for body in created] == [is_async]


def test_a_token_may_end_in_white_space(world):
    site(world)
    assert not world.run(*READ, connect={"token": f" {world.platform_options()['token']}\n"}).failed


def test_a_big_site_keeps_to_the_real_limits(world):
    """500 requests a minute: the uploads wait together, the task warns once a minute, and none is refused."""
    world.sandbox.reset(limits="real")
    site(world)
    source = tree(world, {f"page-{number}.html": f"page {number}" for number in range(700)})
    outcome = world.run("netlify_deploy", {"site": "shop", "src": source})
    assert not outcome.failed, outcome.result
    assert outcome.result["uploaded"]["files"] == 700
    assert not [call for call in outcome.calls if call["status"] == 429]
    # The clocks of client and sandbox are moved one after the other, so a thread can still be in the last second of
    # the limit.
    assert 1 <= len([warning for warning in outcome.warnings if "Waiting 1 s" not in warning]) <= 2, outcome.warnings


def test_the_release_before_is_never_one_that_was_taken_back(world):
    two_releases(world)
    bad = deploy_by_hand(world, {"index.html": "bad"})["id"]
    assert (
        world.run("netlify_publish", {"site": "shop", "previous": True, "instead_of": bad}).result["deploy"]["id"]
        == world.ids["second"]
    )
    back = world.run("netlify_publish", {"site": "shop", "previous": True, "instead_of": world.ids["second"]})
    assert back.result["deploy"]["id"] == world.ids["first"]


def test_a_deploy_that_ends_between_two_reads_is_not_made_again(world):
    """Fleek: the site was read while the commit was being built, and the list of deploys after it was published."""
    fleek_deploys.overtaken(world)
    world.sandbox.admin("POST", "clock", {"advance": 29.2})
    world.sandbox.admin(
        "POST", "faults", {"platform": "fleek", "operation": "getSiteBySlug", "kind": "slow", "seconds": 1}
    )
    outcome = world.run("fleek_deploy", {"site": fleek.SITE, "commit": world.ids["commit"]})
    assert not outcome.failed and outcome.result["changed"] is False and not outcome.writes
    fleek_deploys.is_published(world)


def test_a_password_that_is_also_a_name_masks_nothing_else(world):
    site(world, "shop")
    outcome = world.run("netlify_site", {"name": "shop", "password": "shop"})
    assert not outcome.failed and outcome.result["site"]["name"] == "shop" and "********" not in str(outcome.result)
