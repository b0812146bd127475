# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netlify's builds, hooks, deploy keys and certificates: refusals and lost responses that the scenarios do not
cover.
"""

from __future__ import annotations

import contextlib
import http.server
import threading

import altering
import pytest
from harness import World
from netlify_signature import comes_from_netlify
from scenarios.netlify import deploys, site
from scenarios.netlify_builds import CMS, REPOSITORY, commit_of, connected, locked, with_build_hooks
from scenarios.netlify_certificates import CERTIFICATE, OWN, certificate_until, with_domain, without_certificate
from scenarios.netlify_forms import with_forms
from scenarios.netlify_hooks import TO_MAIL, keys, with_hooks, with_key

from ansible_collections.webops.paas.plugins.module_utils._netlify import certificates
from ansible_collections.webops.paas.plugins.module_utils._netlify.builds import BuildsClient


def refused(world, module, options) -> str:
    """The message of a task that fails both in check mode and in a real run, without a write."""
    messages = set()
    for check in (True, False):
        outcome = world.run(module, options, check=check)
        assert outcome.failed and not outcome.writes, outcome.result
        messages.add(outcome.result["msg"])
    assert len(messages) == 1, messages
    return messages.pop()


def lose(world, operation):
    world.sandbox.admin(
        "POST", "faults", {"platform": "netlify", "operation": operation, "kind": "cut_after", "times": 1}
    )


def builds(world):
    return world.api("GET", f"/sites/{world.ids['shop']}/builds")


@pytest.mark.parametrize("options", [{}, {"title": "Mine"}, {"branch": "next", "wait": False}], ids=str)
def test_a_trigger_whose_answer_is_lost_starts_one_build(world, options):
    connected(world)
    world.api("POST", f"/sites/{world.ids['shop']}/builds?branch=other&title=Theirs")
    lose(world, "createSiteBuild")
    outcome = world.run("netlify_build", {"site": "shop", **options})
    assert not outcome.failed, outcome.result
    assert [build["id"] for build in builds(world)][0] == outcome.result["build"]["id"] and len(builds(world)) == 2


def test_a_build_that_is_refused_is_not_taken_for_somebody_elses(world):
    connected(world)
    world.sandbox.admin(
        "POST",
        "faults",
        {"platform": "netlify", "operation": "createSiteBuild", "kind": "status", "status": 422, "processed": True},
    )
    outcome = world.run("netlify_build", {"site": "shop"})
    assert outcome.failed and outcome.result["error"]["status"] == 422


def test_a_site_that_cannot_be_built(world):
    site(world)
    assert "not connected to a repository" in refused(world, "netlify_build", {"site": "shop"})
    site(world, "stopped", repo={**REPOSITORY, "stop_builds": True})
    assert "stop_builds: false" in refused(world, "netlify_build", {"site": "stopped"})


def test_a_build_that_fails_tells_the_error_of_its_deploy(world):
    connected(world)
    world.sandbox.admin("PATCH", "switches", {"build_result": "error"})
    outcome = world.run("netlify_build", {"site": "shop"})
    assert outcome.failed and outcome.result["changed"] is True
    assert deploys(world)[0]["error_message"] in outcome.result["msg"]


def test_what_was_built_instead_is_told(world):
    connected(world)
    outcome = world.run("netlify_build", {"site": "shop", "commit": "0123456"})
    assert [commit_of("main") in warning and "0123456" in warning for warning in outcome.warnings] == [True]


@pytest.mark.parametrize("way", ["built", "ignored"])
def test_a_whole_commit_is_built_though_it_is_not_the_newest(world, way):
    connected(world)
    world.sandbox.admin("PATCH", "switches", {"build_commit_and_review": way})
    options = {"site": "shop", "commit": "0123456789" * 4}
    outcome = world.run("netlify_build", options)
    assert not outcome.failed and outcome.result["changed"] is True
    assert (outcome.result["deploy"]["commit_ref"] == options["commit"]) is (way == "built")
    assert len(outcome.warnings) == (way == "ignored")
    assert world.run("netlify_build", options).result["changed"] is (way == "ignored")


def test_a_build_that_ends_while_the_task_reads_is_not_repeated(world, monkeypatch):
    connected(world)
    list_deploys = BuildsClient.list_deploys

    def ended_before(client, *arguments, **options):
        monkeypatch.undo()
        world.run("netlify_build", {"site": "shop"})
        return list_deploys(client, *arguments, **options)

    monkeypatch.setattr(BuildsClient, "list_deploys", ended_before)
    outcome = world.run("netlify_build", {"site": "shop", "commit": commit_of("main")})
    assert outcome.result["changed"] is False and len(deploys(world)) == 1
    assert outcome.result["deploy"]["id"] == deploys(world)[0]["id"]


def test_a_preview_of_another_pull_request_is_another_build(world):
    connected(world)
    for number in (7, 8):
        outcome = world.run("netlify_build", {"site": "shop", "review_id": number, "join_running": True})
        assert outcome.result["changed"] is True and outcome.result["deploy"]["context"] == "deploy-preview"
    assert [item["review_id"] for item in deploys(world)] == [8, 7]


def test_a_preview_that_becomes_a_release_is_told(world):
    connected(world)
    world.sandbox.admin("PATCH", "switches", {"build_commit_and_review": "ignored"})
    outcome = world.run("netlify_build", {"site": "shop", "review_id": 7})
    assert outcome.failed and outcome.result["error"]["code"] == "not_applied" and "main" in outcome.result["msg"]


def test_a_build_of_a_locked_site_is_told_not_to_be_live(world):
    locked(world)
    assert ["is locked" in warning for warning in world.run("netlify_build", {"site": "shop"}).warnings] == [True]


def test_build_hooks_of_one_title_are_listed_without_their_ids(world):
    with_build_hooks({**CMS, "branch": "next"}, CMS)(world)
    ids = [hook["id"] for hook in world.api("GET", f"/sites/{world.ids['shop']}/build_hooks")]
    message = refused(world, "netlify_build_hook", {"site": "shop", "title": "CMS", "state": "absent"})
    assert "branch next" in message and "branch main" in message and not any(hook in message for hook in ids)


def test_a_build_hook_that_is_not_there_is_not_created_by_its_id(world):
    connected(world)
    message = refused(
        world, "netlify_build_hook", {"site": "shop", "hook_id": "5f9f1c0e8d3b2a0007c1d2e3", "title": "CMS"}
    )
    assert "hook_id" in message and "5f9f1c0e8d3b2a0007c1d2e3" not in message


def test_the_url_of_a_build_hook_is_given_to_whom_asks_for_it(world):
    connected(world)
    made = world.run("netlify_build_hook", {"site": "shop", "title": "CMS", "reveal": True}).result["build_hook"]
    assert made["secret"] == world.api("GET", f"/sites/{world.ids['shop']}/build_hooks")[0]["url"]


def test_notifications_that_are_alike_are_listed(world):
    with_hooks(TO_MAIL, TO_MAIL)(world)
    message = refused(
        world,
        "netlify_hook",
        {"site": "shop", "type": "email", "event": "submission_created", "email": "ops@example.com"},
    )
    assert all(hook["id"] in message for hook in world.api("GET", f"/hooks?site_id={world.ids['shop']}"))


def test_a_new_notification_takes_one_look_at_each_thing(world):
    with_hooks()(world)
    hook = {"site": "shop", "type": "email", "event": "deploy_failed", "email": "ops@example.com"}
    outcome = world.run("netlify_hook", hook)
    assert not outcome.failed and outcome.result["changed"]
    assert [call["operation"] for call in outcome.calls] == [
        "getSite",
        "listHooksBySiteId",
        "listHookTypes",
        "createHookBySiteId",
        # Another run may have created the same one meanwhile.
        "listHooksBySiteId",
    ]


@pytest.mark.parametrize("option,value,known", [("type", "ulr", "url"), ("event", "deploy_createed", "deploy_created")])
def test_a_notification_that_netlify_does_not_have_is_refused(world, option, value, known):
    site(world)
    options = {"site": "shop", "type": "url", "event": "deploy_created", "url": "https://status.example.com/"}
    for check in (True, False):
        outcome = world.run("netlify_hook", {**options, option: value}, check=check)
        assert outcome.failed and not outcome.writes and known in outcome.result["msg"]
        assert outcome.result["error"]["code"] == "invalid_input" and outcome.result["error"]["option"] == option


def test_what_a_notification_cannot_have(world):
    with_forms()(world)
    to_url = {"site": "shop", "type": "url", "event": "submission_created"}
    outcome = world.run("netlify_hook", {**to_url, "url": "http://10.0.0.7/private"})
    assert outcome.failed and "public host" in outcome.result["msg"]
    outcome = world.run("netlify_hook", {**to_url, "url": "https://hooks.example.com/a", "form": "raffle"})
    assert outcome.failed and "form 'raffle'" in outcome.result["msg"]
    assert world.api("GET", f"/hooks?site_id={world.ids['shop']}") == []
    assert "notification 5f9f1c0e8d3b2a0007c1d2e3 of the site shop does not exist" in refused(
        world, "netlify_hook", {"site": "shop", "hook_id": "5f9f1c0e8d3b2a0007c1d2e3", "enabled": True}
    )


@pytest.mark.parametrize("answer,warned", [("shown", 0), ("hidden", 1)])
def test_a_signature_secret_that_may_get_lost_is_warned_of(world, answer, warned):
    with_hooks(
        {
            "type": "url",
            "event": "deploy_failed",
            "data": {"url": "https://hooks.example.com", "signature_secret": "abc"},
        }
    )(world)
    world.sandbox.admin("PATCH", "switches", {"hook_secret_answer": answer})
    outcome = world.run(
        "netlify_hook",
        {"site": "shop", "type": "url", "event": "deploy_failed", "url": "https://hooks.example.com", "enabled": False},
    )
    assert outcome.result["changed"] and outcome.result["hook"]["url"] == "https://hooks.example.com"
    assert len(outcome.warnings) == warned


def test_a_key_whose_creation_was_not_answered_is_found(world):
    world.api("POST", "/deploy_keys")
    lose(world, "createDeployKey")
    made = world.run("netlify_deploy_key", {}).result["deploy_key"]
    assert len(keys(world)) == 2 and made["id"] == keys(world)[1]


def test_a_key_that_the_site_does_not_take_is_deleted_again(world):
    connected(world)
    world.sandbox.admin(
        "POST", "faults", {"platform": "netlify", "operation": "updateSite", "kind": "status", "status": 422}
    )
    outcome = world.run("netlify_deploy_key", {"site": "shop"})
    assert outcome.failed and outcome.result["error"]["operation"] == "updateSite" and keys(world) == []


def test_a_key_that_nobody_may_see(world):
    with_key(world)
    world.api("DELETE", f"/deploy_keys/{world.ids['key']}")
    assert world.ids["key"] in refused(world, "netlify_deploy_key", {"site": "shop"})
    assert "deploy_key_id" in refused(world, "netlify_deploy_key", {"deploy_key_id": world.ids["key"]})


def test_a_certificate_needs_a_domain_and_its_dns(new_world):
    world: World = new_world()
    without_certificate(world)
    world.sandbox.admin("PATCH", "switches", {"ssl_dns": "bad"})
    outcome = world.run("netlify_ssl", {"site": "shop"})
    assert outcome.failed and "bad dns" in outcome.result["msg"] and "CNAME" in outcome.result["msg"]


@pytest.mark.parametrize("found", ["not_found", "wildcard"])
@pytest.mark.parametrize("more", [{}, {"renew_within": 89}, OWN], ids=["any", "renew", "own"])
def test_the_certificate_that_all_sites_share_is_not_the_site_s(world, found, more):
    """Without a custom domain Netlify refuses every request of the task, so the prediction fails, too."""
    site(world)
    world.sandbox.admin("PATCH", "switches", {"ssl_of_default_domain": found})
    for check in (True, False):
        outcome = world.run("netlify_ssl", {"site": "shop", **more}, check=check)
        assert outcome.failed and outcome.result["error"]["code"] == "no_custom_domain", outcome.result
        assert "custom_domain" in outcome.result["msg"] and not outcome.writes


@pytest.mark.parametrize("state", [None, ""])
def test_a_certificate_without_a_state_is_not_waited_for(world, state):
    with_domain(world)
    with altering.responses(lambda _operation, data: {**data, "state": state}):
        outcome = world.run("netlify_ssl", {"site": "shop"})
    assert outcome.failed and outcome.result["error"]["code"] == "incomplete_answer", outcome.result
    assert "state" in outcome.result["msg"] and len(outcome.calls) == 1


def test_a_certificate_of_ones_own_is_compared_by_its_end(world):
    with_domain(world)
    assert world.run("netlify_ssl", OWN).result["certificate"]["expires_at"] == "2126-10-29T00:14:48.000Z"
    later = {**OWN, "certificate": certificate_until("21271029001448")}
    assert world.run("netlify_ssl", later).result["changed"] is True
    assert world.run("netlify_ssl", later).result["changed"] is False
    assert world.run("netlify_ssl", {"site": "shop"}).result["changed"] is False


@pytest.mark.parametrize(
    "text,year", [("\x17\x0d491231235959Z", 2049), ("\x17\x0d500101000000Z", 1950), ("\x18\x0f20501231235959Z", 2050)]
)
def test_either_form_of_a_time(text, year):
    """RFC 5280, 4.1.2.5.1: a year with two digits is between 1950 and 2049."""

    def nested(content):
        return b"\x30\x82" + len(content).to_bytes(2, "big") + content

    fields = (
        b"\xa0\x03\x02\x01\x02"
        + b"\x02\x01\x07"
        + nested(b"")
        + nested(b"\x05\x00" * 99)
        + nested(b"\x17\x0d200101000000Z" + text.encode())
    )
    assert certificates.time_text(certificates.end_of(nested(nested(fields)))).startswith(str(year))


def test_the_end_of_a_certificate():
    assert (
        certificates.time_text(certificates.checked_end("certificate", "a comment\n" + CERTIFICATE + CERTIFICATE))
        == "2126-10-29T00:14:48.000Z"
    )


@contextlib.contextmanager
def receiver():
    """An address on this machine, and the requests to it: [(headers, body)]."""
    received, came = [], threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            received.append((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            came.set()

        def log_message(self, *_arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/netlify", received, came
        finally:
            server.shutdown()
            thread.join()


def test_the_guide_checks_signatures(world):
    """The code in the guide accepts only a notification that was signed with the secret."""
    connected(world)
    with receiver() as (url, received, came):
        made = world.run(
            "netlify_hook",
            {"site": "shop", "type": "url", "event": "deploy_created", "url": url, "signature_secret": "a long secret"},
        )
        assert made.result["changed"], made.result
        assert not world.run("netlify_build", {"site": "shop"}).failed
        assert came.wait(10)
    headers, body = received[0]
    signature = headers["X-Webhook-Signature"]
    assert comes_from_netlify("a long secret", signature, body)
    assert not comes_from_netlify("another secret", signature, body)
    assert not comes_from_netlify("a long secret", signature, body + b" ")
    head, claims, seal = signature.split(".")
    for forged in (None, "", "a.b", f"{head}.{claims}.", f"{head}.{head}.{seal}", f"{claims}.{claims}.{seal}"):
        assert not comes_from_netlify("a long secret", forged, body), forged
