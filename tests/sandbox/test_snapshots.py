# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Snapshots, digests of states, and several admin requests in one."""

from __future__ import annotations

import pytest


def digest(sandbox):
    return sandbox.admin("GET", "digest")["digest"]


def restored(sandbox, name="before"):
    sandbox.admin("POST", "restore", {"name": name})


def all_states(sandbox):
    return sandbox.admin("GET", "state")


@pytest.fixture
def before(sandbox):
    """A snapshot of a site with a deploy; every platform has been used."""
    sandbox.admin("POST", "reset", {"limits": "none"})
    all_states(sandbox)
    site = sandbox.site("docs", password="p")
    sandbox.admin("PATCH", "switches", {"bare_name_lookup": "found"})
    sandbox.admin("PATCH", "settings", {"build_seconds": 7})
    sandbox.admin("POST", "clock", {"advance": 100})
    all_states(sandbox)
    sandbox.admin("POST", "snapshot", {"name": "before"})
    return site


def test_a_snapshot_has_state_switches_settings_and_clock(sandbox, before):
    states, now = all_states(sandbox), sandbox.admin("GET", "clock")["now"]
    sandbox.admin("POST", "reset", {})
    assert sandbox.call("GET", f"/sites/{before['id']}").status_code == 404
    restored(sandbox)
    assert all_states(sandbox) == states
    assert sandbox.get("/sites/docs")["id"] == before["id"]
    assert sandbox.admin("GET", "switches")["bare_name_lookup"]["value"] == "found"
    assert sandbox.admin("GET", "settings")["build_seconds"]["value"] == 7
    assert now <= sandbox.admin("GET", "clock")["now"] < now + 10


def test_a_snapshot_is_not_changed_by_what_comes_later(sandbox, before):
    for name in ("one", "two"):
        restored(sandbox)
        assert sandbox.log() == []
        created = sandbox.site(name)
        assert sorted(site["name"] for site in sandbox.get("/sites")) == ["docs", name]
        # The IDs that follow are restored, too.
        restored(sandbox)
        assert sandbox.site(name)["id"] == created["id"]


def test_restoring_clears_log_and_faults(sandbox, before):
    sandbox.admin("POST", "faults", {"platform": "netlify", "kind": "status"})
    assert sandbox.call("GET", "/sites").status_code == 500
    restored(sandbox)
    assert sandbox.call("GET", "/sites").status_code == 200
    assert [entry["id"] for entry in sandbox.log()] == [1]


@pytest.mark.parametrize("size", [10, 300_000])
def test_uploaded_contents_are_restored(sandbox, before, size):
    page = b"x" * size
    sandbox.deploy(sandbox.site("pages"), {"/index.html": page})
    sandbox.admin("POST", "snapshot", {"name": "deployed"})
    sandbox.admin("POST", "reset", {})
    restored(sandbox, "deployed")
    assert sandbox.page("pages.netlify.app", "/").content == page


def test_an_unknown_snapshot_is_refused(sandbox, before):
    assert "other" in sandbox.admin("POST", "restore", {"name": "other"}, expect=400)["error"]
    assert sandbox.get("/sites")


def test_the_digest_stays_while_nothing_changes(sandbox, before):
    first = digest(sandbox)
    for path in ("/sites", "/user", f"/sites/{before['id']}"):
        sandbox.get(path)
    assert digest(sandbox) == first
    restored(sandbox)
    sandbox.admin("POST", "clock", {"advance": 7})
    again = digest(sandbox)
    restored(sandbox)
    assert digest(sandbox) == again


@pytest.mark.parametrize(
    "change",
    [
        lambda sandbox, site: sandbox.call("PATCH", f"/sites/{site}", 200, json={"password": "q"}),
        lambda sandbox, site: sandbox.call("PATCH", f"/sites/{site}", 200, json={"force_ssl": False}),
        lambda sandbox, site: sandbox.call("PUT", f"/sites/{site}/metadata", 200, json={"a": ""}),
        lambda sandbox, site: sandbox.call("DELETE", f"/sites/{site}", 204),
        lambda sandbox, _site: sandbox.site("other"),
        lambda sandbox, _site: sandbox.admin("PATCH", "switches", {"bare_name_lookup": "not_found"}),
        lambda sandbox, _site: sandbox.admin("PATCH", "settings", {"build_seconds": 8}),
        lambda sandbox, _site: sandbox.admin("POST", "clock", {"advance": 3600}),
        lambda sandbox, _site: sandbox.admin("POST", "faults", {"platform": "netlify", "kind": "status"}),
        lambda sandbox, _site: sandbox.admin(
            "POST", "hasura/tenant", {"slug": "hello-hasura", "maintenance_mode": True}
        ),
        lambda sandbox, _site: sandbox.admin("POST", "fleek/push", {"site": "hello-fleek", "trigger": False}),
        lambda sandbox, _site: sandbox.admin("POST", "flightcontrol/push", {"message": "New"}),
    ],
)
def test_the_digest_differs_when_one_thing_differs(sandbox, before, change):
    first = digest(sandbox)
    change(sandbox, before["id"])
    assert digest(sandbox) != first


def test_the_digest_is_the_same_when_all_happens_some_seconds_later(sandbox, before):
    digests = []
    for delay in (0, 3, 7):
        restored(sandbox)
        sandbox.admin("POST", "clock", {"advance": delay})
        sandbox.site("one")
        sandbox.call("PUT", f"/sites/{before['id']}/metadata", 200, json={"a": "b"})
        digests.append(digest(sandbox))
    assert len(set(digests)) == 1


def test_the_digest_tells_when_something_is_due(sandbox, before):
    """A deploy that is ready in half a minute is not one that is ready a second earlier."""
    digests = []
    sandbox.admin("PATCH", "settings", {"fleek_build_seconds": 30})
    sandbox.admin("POST", "fleek/push", {"site": "hello-fleek"})
    sandbox.admin("POST", "snapshot", {"name": "building"})
    for delay in (0, 1):
        restored(sandbox, "building")
        sandbox.admin("POST", "clock", {"advance": delay})
        digests.append(digest(sandbox))
    assert len(set(digests)) == 2


def test_a_batch_is_done_in_order(sandbox):
    results = sandbox.admin(
        "POST",
        "batch",
        {
            "requests": [
                {"method": "POST", "path": "clock", "body": {"advance": 60}},
                {"method": "GET", "path": "requests?since=0"},
                {"method": "GET", "path": "digest"},
            ]
        },
    )
    assert results[0]["now"] > 60 and results[1] == {"last": 0, "requests": []} and set(results[2]) == {"digest"}


@pytest.mark.parametrize(
    "requests,named",
    [([{"method": "GET", "path": "nothing"}], "GET nothing"), ([{}], "unknown"), ("all", "requests")],
)
def test_a_batch_with_a_wrong_request_is_refused(sandbox, requests, named):
    assert named in sandbox.admin("POST", "batch", {"requests": requests}, expect=400)["error"]
