# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that a task can keep or break without its outcome telling: how long it waited, how often it asked, whom it talked to,
what it did not even begin."""

from __future__ import annotations

import contextlib
import socket

import pytest
from harness import SharedClock
from scenarios import PAGES, only_site, site, site_with_pages, tree

ASKED = 40
# One read each, which is all that these need.
READ = ("netlify_site_info", {"site": "shop"})


@pytest.fixture
def slept(monkeypatch):
    """Seconds of each pause of the runs."""
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
    # A date has whole seconds.
    assert len(slept) == 1 and ASKED - 1 <= slept[0] <= ASKED + 2, slept
    assert len(outcome.warnings) == 1 and "waiting" in outcome.warnings[0]


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
    assert outcome.failed and "deadline of 100 s" in outcome.result["msg"]
    assert 50 < sum(slept) < 100, slept


def test_what_it_waits_for_counts_against_wait_timeout(world, slept):
    world.sandbox.admin("PATCH", "settings", {"deploy_processing_seconds": 1000})
    site(world)
    outcome = world.run("netlify_deploy", {"site": "shop", "src": tree(world, PAGES), "wait_timeout": 60})
    assert outcome.failed and outcome.result["error"]["code"] == "wait_timeout" and outcome.result["changed"] is True
    assert 55 < sum(slept) < 65, slept


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_follows_nobody_to_another_host(world, status):
    """Not even a connection is made: the token, and what is asked, are the platform's business alone."""
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


@pytest.mark.parametrize("module,options", [("netlify_site", {"name": "shop", "force_ssl": True}), READ], ids=["netlify_site", "netlify_site_info"])
def test_what_the_platform_keeps_in_a_site_stays_there(world, module, options):
    site(world)
    outcome = world.run(module, options)
    kept = [only_site(world)[key] for key in ("jwt_secret", "deploy_hook")]
    assert not outcome.failed and all(kept)
    assert not [secret for secret in kept if secret in outcome.everything()]
