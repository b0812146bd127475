# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploys of several parallel runs, and refused uploads: the owner of a deploy and the meaning of a refusal
follow from the files that Netlify lists, never from a title or the text of a message.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time

import pytest
from scenarios.netlify import PAGES, deploys, live, only_site, site, tree, unfinished_upload

from ansible_collections.webops.paas.plugins.module_utils._http.responses import Response
from ansible_collections.webops.paas.plugins.module_utils._netlify import uploads

TITLE = "Release"
OTHERS = {"index.html": "<h1>theirs</h1>", "other.html": "other"}
NOT_SHOWN = ["uploaded_only", "empty", "not_found"]


def begun(world, files: dict, title: str | None = TITLE, **body) -> str:
    """A deploy that waits for its files."""
    digests = {path: hashlib.sha1(text.encode()).hexdigest() for path, text in files.items()}
    query = f"?title={title}" if title else ""
    made = world.api("POST", f"/sites/{only_site(world)['id']}/deploys{query}", {"files": digests, **body})
    assert made["state"] == "uploading"
    return made["id"]


def state_of(world, deploy_id: str) -> tuple:
    deploy = world.api("GET", f"/deploys/{deploy_id}")
    return deploy["state"], sorted(file["path"] for file in world.api("GET", f"/deploys/{deploy_id}/files"))


def options_of(world, files: dict | None = None, name: str = "src", **more) -> dict:
    return {"site": "shop", "src": tree(world, PAGES if files is None else files, name), "title": TITLE, **more}


@contextlib.contextmanager
def refused_upload(world, **order):
    """Netlify's response to an upload: the status shows that something is wrong, but the text does not say what."""
    world.sandbox.admin(
        "POST",
        "faults",
        {"platform": "netlify", "operation": "uploadDeployFile", "kind": "status", "status": 422, "times": 1, **order},
    )
    yield
    world.sandbox.admin("DELETE", "faults")


def operations(outcome) -> list:
    return [call["operation"] for call in outcome.writes]


# -- whose deploy it is ------------------------------------------------------------------------------------------------


def test_a_title_is_sent_as_it_is_given(world):
    site(world)
    outcome = world.run("netlify_deploy", options_of(world, title=" Release & 1: ünï + 50 % "))
    assert [item["title"] for item in deploys(world)] == [" Release & 1: ünï + 50 % "]
    assert outcome.result["deploy"]["title"] == " Release & 1: ünï + 50 % "


@pytest.mark.parametrize("where", [{}, {"draft": True}, {"branch": "next"}], ids=["production", "draft", "branch"])
def test_an_unfinished_deploy_of_other_content_is_left_alone(world, where):
    site(world)
    theirs = begun(world, OTHERS, **where)
    before = state_of(world, theirs)
    predicted = world.run("netlify_deploy", options_of(world, **where), check=True)
    outcome = world.run("netlify_deploy", options_of(world, **where))
    assert not outcome.failed and not outcome.warnings, outcome.result
    assert predicted.result["changed"] is outcome.result["changed"] is True
    assert outcome.result["deploy"]["id"] != theirs and outcome.result["deploy"]["state"] == "ready"
    assert state_of(world, theirs) == before
    assert not [call for call in outcome.writes if theirs in call["path"]]


def test_netlify_file_leaves_the_deploy_of_somebody_else_alone(world):
    site(world)
    theirs = begun(world, OTHERS)
    before = state_of(world, theirs)
    outcome = world.run(
        "netlify_file", {"site": "shop", "files": [{"path": "index.html", "content": "x"}], "title": TITLE}
    )
    assert not outcome.failed and state_of(world, theirs) == before
    live(world, "x")


def test_own_is_found_behind_that_of_somebody_else(world):
    unfinished_upload(world)
    own = deploys(world)[0]["id"]
    theirs = begun(world, OTHERS)
    outcome = world.run("netlify_deploy", options_of(world))
    assert outcome.result["deploy"]["id"] == own and len(deploys(world)) == 2
    assert state_of(world, theirs)[0] == "uploading"


def test_what_is_older_than_the_live_release_is_not_continued(world):
    unfinished_upload(world)
    own = deploys(world)[0]["id"]
    assert not world.run("netlify_deploy", options_of(world, OTHERS, "others", title="Other")).failed
    outcome = world.run("netlify_deploy", options_of(world))
    assert not outcome.failed and outcome.result["deploy"]["id"] != own and len(deploys(world)) == 3
    live(world, PAGES["index.html"])


@pytest.mark.parametrize("shown", NOT_SHOWN)
def test_a_given_title_alone_proves_nothing(new_world, shown):
    world = new_world({"unfinished_files": shown})
    unfinished_upload(world)
    theirs = deploys(world)[0]["id"]
    outcome = world.run("netlify_deploy", options_of(world))
    assert not outcome.failed and outcome.result["deploy"]["id"] != theirs
    assert [item["state"] for item in deploys(world)] == ["ready", "uploading"]


@pytest.mark.parametrize("shown", ["shown", *NOT_SHOWN])
def test_a_title_that_names_the_content_proves_it(new_world, shown):
    world = new_world({"unfinished_files": shown})
    site(world)
    options = options_of(world, title=None)
    with refused_upload(world, status=500, skip=2, times=None):
        assert world.run("netlify_deploy", options, connect={"retries": 0}).failed
    [left] = deploys(world)
    assert left["state"] == "uploading"
    outcome = world.run("netlify_deploy", options)
    assert not outcome.failed and [item["id"] for item in deploys(world)] == [left["id"]]
    live(world, PAGES["index.html"])


def test_other_functions_are_other_content(world):
    site(world)
    theirs = begun(world, PAGES, functions={"hello": hashlib.sha256(b"theirs").hexdigest()})
    for number, more in enumerate(({}, {"functions_dir": tree(world, {"hello.js": "ours"}, "functions")})):
        outcome = world.run("netlify_deploy", options_of(world, **more))
        assert not outcome.failed and outcome.result["deploy"]["id"] != theirs, number
        assert world.api("GET", f"/deploys/{theirs}")["state"] == "uploading"


@pytest.mark.parametrize("status", [403, 422])
def test_only_a_deploy_of_this_run_is_canceled(world, status):
    unfinished_upload(world)
    [left] = deploys(world)
    with refused_upload(world, status=status, times=None):
        outcome = world.run("netlify_deploy", options_of(world))
    assert outcome.failed and outcome.result["error"]["status"] == status
    assert "cancelSiteDeploy" not in operations(outcome)
    assert [(item["id"], item["state"]) for item in deploys(world)] == [(left["id"], "uploading")]


def test_after_a_lost_response_the_deploy_of_somebody_else_is_not_taken(world, monkeypatch):
    """It appears in the list while this run waits for the response to its own request, which Netlify never received."""
    site(world)
    options = options_of(world)
    theirs = []
    move = world.sandbox.move

    def meanwhile(seconds):
        if not theirs:
            theirs.append(begun(world, OTHERS))
        move(seconds)

    order = {"platform": "netlify", "operation": "createSiteDeploy", "kind": "cut_before", "times": 1}
    world.sandbox.admin("POST", "faults", order)
    monkeypatch.setattr(world.sandbox, "move", meanwhile)
    outcome = world.run("netlify_deploy", options)
    assert theirs and not outcome.failed and outcome.result["deploy"]["id"] != theirs[0], outcome.result
    assert state_of(world, theirs[0]) == ("uploading", ["/index.html", "/other.html"])
    assert len(deploys(world)) == 2
    live(world, PAGES["index.html"])


# -- two jobs at once --------------------------------------------------------------------------------------------------


def at_once(world, *jobs: dict) -> list:
    start, outcomes = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(number: int) -> None:
        start.wait(10)
        outcomes[number] = world.run("netlify_deploy", jobs[number])

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def release(number: int, job: int) -> dict:
    return {f"{page}.html": f"{number} of {job}: {page}" for page in ("index", *range(12))}


@pytest.mark.parametrize("shown", ["shown", *NOT_SHOWN])
def test_two_jobs_with_one_title_are_both_released(new_world, shown):
    world = new_world({"unfinished_files": shown})
    site(world)
    for number in range(4):
        outcomes = at_once(world, *(options_of(world, release(number, job), f"job-{job}") for job in (1, 2)))
        assert not [outcome.result for outcome in outcomes if outcome.failed]
        ids = [outcome.result["deploy"]["id"] for outcome in outcomes]
        assert [item["state"] for item in deploys(world)] == ["ready"] * 2 * (number + 1) and ids[0] != ids[1]
        for job, deploy_id in enumerate(ids, 1):
            for path, text in release(number, job).items():
                assert world.visit(f"{deploy_id}--shop.netlify.app", f"/{path}") == (200, text)
        assert only_site(world)["published_deploy"]["id"] in ids


@pytest.mark.parametrize("is_begun", [True, False], ids=["one that a third job has begun", "their own"])
def test_two_jobs_with_the_same_content_do_not_disturb_each_other(world, is_begun):
    site(world)
    for number in range(4):
        options = options_of(world, release(number, 1))
        if is_begun:
            begun(world, release(number, 1))
        outcomes = at_once(world, options, options)
        assert not [outcome.result for outcome in outcomes if outcome.failed]
        assert not [call for outcome in outcomes for call in outcome.writes if "cancel" in call["path"]]
        assert {item["state"] for item in deploys(world)} == {"ready"}
        assert not is_begun or len(deploys(world)) == number + 1
        live(world, release(number, 1)["index.html"])


# -- what a refused upload means ---------------------------------------------------------------------------------------

MESSAGES = ["No records matched", "Uploaded file f did not match deploy", "no", ""]


@pytest.mark.parametrize("is_last", [True, False])
@pytest.mark.parametrize("processed", [True, False])
@pytest.mark.parametrize("message", MESSAGES)
def test_a_refusal_that_the_deploy_contradicts_passes(world, message, processed, is_last):
    """The file is unchanged, and the deploy either has it or requires it again."""
    site(world)
    body = f'{{"code":422,"message":"{message}"}}' if message else ""
    skip = len(PAGES) - 1 if is_last else 0
    with refused_upload(world, processed=processed, body_text=body, skip=skip):
        outcome = world.run("netlify_deploy", options_of(world, concurrency=1))
    assert not outcome.failed and outcome.result["changed"] is True, outcome.result
    assert outcome.result["uploaded"]["files"] == len(PAGES)
    assert "cancelSiteDeploy" not in operations(outcome)
    assert [item["state"] for item in deploys(world)] == ["ready"]
    live(world, PAGES["index.html"])


def test_many_refusals_that_pass(world):
    site(world)
    with refused_upload(world, processed=True, body_text='{"code":422,"message":"No records matched"}', times=30):
        pages = {f"{number}.html": str(number) for number in range(60)}
        outcome = world.run("netlify_deploy", options_of(world, pages))
    assert not outcome.failed and outcome.result["uploaded"]["files"] == 60
    assert [item["state"] for item in deploys(world)] == ["ready"]


@pytest.mark.parametrize("message", MESSAGES)
def test_a_refusal_that_stands_is_told_as_the_platform_says_it(world, message):
    site(world)
    with refused_upload(world, body_text=f'{{"code":422,"message":"{message}"}}', times=None):
        outcome = world.run("netlify_deploy", options_of(world))
    assert outcome.failed and outcome.result["error"]["operation"] == "uploadDeployFile"
    assert message in outcome.result["msg"] and "changed" not in outcome.result["msg"]
    assert [item["state"] for item in deploys(world)] == ["error"]


@pytest.mark.parametrize("text", ["<h1>two</h1>", "shorter"], ids=["same size", "other size"])
def test_a_file_that_changes_meanwhile_is_named(world, monkeypatch, text):
    """The platform's own check of the digest refuses it; the module does not rely on the message."""
    site(world)
    options = options_of(world)
    path = world.directory / "src" / "index.html"
    fill = uploads.Upload.fill

    def late(self, *arguments):
        path.write_text(text)
        fill(self, *arguments)

    monkeypatch.setattr(uploads.Upload, "fill", late)
    outcome = world.run("netlify_deploy", options)
    assert outcome.failed and "index.html" in outcome.result["msg"] and "changed" in outcome.result["msg"]
    assert outcome.result["error"]["code"] == "invalid_input" and outcome.result["error"]["option"] == "src"
    assert [item["state"] for item in deploys(world)] == ["error"]


def test_a_deploy_that_somebody_cancels_meanwhile_is_told(world):
    site(world)
    world.sandbox.admin(
        "POST", "faults", {"platform": "netlify", "operation": "uploadDeployFile", "kind": "slow", "seconds": 0.3}
    )
    options = options_of(world, concurrency=1)
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(world.run("netlify_deploy", options)))
    thread.start()
    while not deploys(world):
        pass
    world.api("POST", f"/deploys/{deploys(world)[0]['id']}/cancel")
    thread.join(60)
    [outcome] = outcomes
    assert outcome.failed and outcome.result["error"]["code"] == "deploy_failed" and "Canceled" in outcome.result["msg"]


# -- how many uploads at the same time ---------------------------------------------------------------------------------


def limited_run(world, **options) -> tuple:
    """(requests that were refused, seconds that the run took) under Netlify's own limit, near its end."""
    world.sandbox.reset(limits="real")
    site(world)
    for _each in range(400):
        world.api("GET", "/sites")
    files = {f"{number}.html": str(number) for number in range(120)}
    clock, move = world.sandbox.admin("GET", "clock")["now"], world.sandbox.move

    def together(seconds: float) -> None:
        """All threads that were refused at the same time begin to wait before the clock moves, as on a real one."""
        time.sleep(0.05)
        move(seconds)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world.sandbox, "move", together)
        outcome = world.run("netlify_deploy", options_of(world, files, **options))
    assert not outcome.failed and outcome.result["uploaded"]["files"] == len(files), outcome.result
    return [call["status"] for call in outcome.calls].count(429), world.sandbox.admin("GET", "clock")["now"] - clock


def test_the_rate_limit_of_netlify_is_not_exceeded(world):
    fixed, auto = limited_run(world, concurrency=8), limited_run(world)
    assert auto[0] <= fixed[0] == 0
    assert 0 < auto[1] <= 1.1 * fixed[1]


@pytest.mark.parametrize(("concurrency", "most"), [(8, 16), ("auto", 64)])
def test_uploads_wait_together_when_only_a_refusal_tells_about_the_limit(world, monkeypatch, concurrency, most):
    monkeypatch.setattr(Response, "rate_limit", lambda self, now: None)
    refused, seconds = limited_run(world, concurrency=concurrency)
    assert 1 <= refused <= most and 0 < seconds <= 70


@pytest.mark.parametrize("concurrency", ["auto", "3", 3, 64])
def test_the_number_of_uploads_can_be_given(world, concurrency):
    site(world)
    outcome = world.run("netlify_deploy", options_of(world, concurrency=concurrency))
    assert not outcome.failed and not outcome.warnings
    live(world, PAGES["index.html"])


@pytest.mark.parametrize("concurrency", ["auto", 20])
def test_the_limit_that_a_deploy_names_is_not_exceeded(new_world, monkeypatch, concurrency):
    world = new_world({"concurrent_upload_limit": "shown"})
    site(world)
    flying, most, lock, send = [], [], threading.Lock(), uploads.Upload._send

    def counted(self, http, *arguments):
        with lock:
            flying.append(None)
            most.append(len(flying))
        try:
            send(self, http, *arguments)
        finally:
            flying.pop()

    monkeypatch.setattr(uploads.Upload, "_send", counted)
    outcome = world.run("netlify_deploy", options_of(world, release(1, 1), concurrency=concurrency))
    assert not outcome.failed and len(most) == len(release(1, 1)) and max(most) <= 4
