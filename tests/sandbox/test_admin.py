# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The admin interface: log, switches, settings, clock, reset, state."""

from __future__ import annotations

import re
import time

import requests
from sandbox_client import SOURCE


def test_health(sandbox):
    health = sandbox.admin("GET", "health")
    assert health["ready"] is True and re.fullmatch(r"\d+\.\d+\.\d+", health["version"])


def test_the_admin_interface_answers_only_under_loopback_names(sandbox):
    for host in ("docs.netlify.app", "api.netlify.com", "example.com", "docs.localhost"):
        assert sandbox.page(host, "/_sandbox/health").status_code == 404
    assert sandbox.page("localhost:80", "/_sandbox/health").status_code == 200


def test_an_unknown_call_is_refused(sandbox):
    sandbox.admin("GET", "nothing", expect=404)
    sandbox.admin("POST", "health", {}, expect=404)


def test_the_log_has_what_was_sent_without_the_token(sandbox):
    sandbox.site("docs", password="p")
    sandbox.call("GET", "/sites/a%2Fb?x=1&y=", 404, headers={"Content-Type": "text/plain"})
    create, read = sandbox.log()
    assert create["operation"] == "createSite" and create["platform"] == "netlify"
    assert create["json"] == {"name": "docs", "password": "p"}
    assert create["body_size"] == int(create["headers"]["content-length"])
    assert (create["status"], create["write"], create["processed"], create["fault"]) == (201, True, True, None)
    assert create["headers"]["authorization"] == "<redacted>"
    assert read["path"] == "/api/v1/sites/a%2Fb" and read["query"] == {"x": "1", "y": ""}
    assert (read["status"], read["write"], read["json"]) == (404, False, None)
    assert sandbox.token not in str(sandbox.log())


def test_the_log_is_numbered_and_can_be_emptied(sandbox):
    sandbox.get("/sites")
    last = sandbox.admin("GET", "requests")["last"]
    sandbox.get("/user")
    later = sandbox.admin("GET", f"requests?since={last}")
    assert [entry["operation"] for entry in later["requests"]] == ["getCurrentUser"]
    assert later["last"] == last + 1
    sandbox.admin("DELETE", "requests")
    assert sandbox.admin("GET", "requests") == {"last": last + 1, "requests": []}


def test_unrouted_calls_and_served_pages_are_logged_too(sandbox):
    sandbox.call("POST", "/no/such/path", 404)
    sandbox.page("docs.netlify.app", "/x")
    assert [(entry["platform"], entry["operation"], entry["write"]) for entry in sandbox.log()] == [
        ("netlify", "unrouted", True),
        ("site", "servePage", False),
    ]


def test_switches_tell_their_choices_and_refuse_others(sandbox):
    switches = sandbox.admin("GET", "switches")
    assert all(
        len(switch["choices"]) > 1 and switch["why"] and switch["value"] == switch["choices"][0]
        for switch in switches.values()
    )
    sandbox.switch(restore_status=201)
    assert sandbox.admin("GET", "switches")["restore_status"]["value"] == 201
    for wrong in ({"restore_status": 202}, {"restore_status": "200"}, {"nothing": 1}, {"restore_status": None}, [1]):
        assert "error" in sandbox.admin("PATCH", "switches", wrong, expect=400)
    sandbox.admin("PATCH", "switches", {"cancel_status": 201, "restore_status": 7}, expect=400)
    assert sandbox.admin("GET", "switches")["cancel_status"]["value"] == 200


def test_settings_are_numbers(sandbox):
    sandbox.admin("PATCH", "settings", {"deploy_processing_seconds": 2})
    assert sandbox.admin("GET", "settings")["deploy_processing_seconds"]["value"] == 2
    for wrong in (-1, "2", True, None):
        sandbox.admin("PATCH", "settings", {"deploy_processing_seconds": wrong}, expect=400)


def test_the_clock_moves_forward_and_is_used(sandbox):
    before = sandbox.admin("GET", "clock")["now"]
    assert abs(before - time.time()) < 5
    after = sandbox.admin("POST", "clock", {"advance": 86400})["now"]
    assert 86400 <= after - before < 86405
    assert sandbox.site("docs")["created_at"] > sandbox.get("/user")["created_at"]
    assert requests.utils.parse_dict_header(sandbox.call("GET", "/user").headers["date"])
    for wrong in (-1, "x"):
        sandbox.admin("POST", "clock", {"advance": wrong}, expect=400)


def test_reset_brings_everything_back(sandbox):
    sandbox.site("docs")
    sandbox.switch(restore_status=201)
    sandbox.advance(1000)
    sandbox.fault("*", "cut_before", times=None)
    sandbox.admin(
        "POST",
        "reset",
        {"switches": {"cancel_status": 201}, "limits": "real", "settings": {"deploy_preparing_seconds": 0}},
    )
    assert sandbox.admin("GET", "requests") == {"last": 0, "requests": []}
    assert sandbox.admin("GET", "faults") == []
    switches = sandbox.admin("GET", "switches")
    assert (switches["restore_status"]["value"], switches["cancel_status"]["value"]) == (200, 201)
    assert sandbox.admin("GET", "settings")["deploy_preparing_seconds"]["value"] == 0
    assert abs(sandbox.admin("GET", "clock")["now"] - time.time()) < 5
    response = sandbox.call("GET", "/sites?filter=all", 200)
    assert response.json() == [] and response.headers["x-ratelimit-limit"] == "500"
    sandbox.admin("POST", "reset", {})
    assert sandbox.call("GET", "/sites").headers["x-ratelimit-limit"] == "50000"


def test_a_wrong_reset_changes_nothing(sandbox):
    sandbox.site("docs")
    for wrong in ({"switches": {"nothing": 1}}, {"limits": "few"}, {"settings": {"nothing": 1}}, {"other": 1}):
        sandbox.admin("POST", "reset", wrong, expect=400)
    assert len(sandbox.get("/sites")) == 1


def test_state_shows_sites_and_deploys_but_not_the_strangers(sandbox):
    assert sandbox.admin("GET", "state")["netlify"] == {"sites": [], "deploys": [], "files": 0}
    site = sandbox.site("docs")
    deploy = sandbox.deploy(site, {"index.html": b"hello"})
    state = sandbox.admin("GET", "state")["netlify"]
    assert [entry["name"] for entry in state["sites"]] == ["docs"]
    assert state["sites"][0]["published_deploy_id"] == deploy["id"]
    assert [(entry["id"], entry["state"], entry["files"]) for entry in state["deploys"]] == [(deploy["id"], "ready", 1)]
    assert state["files"] == 1


def test_the_state_of_one_platform(sandbox):
    whole = sandbox.admin("GET", "state")
    assert {name: sandbox.admin("GET", f"state?platform={name}") for name in whole} == {
        name: {name: whole[name]} for name in whole
    }
    assert "'heroku'" in sandbox.admin("GET", "state?platform=heroku", expect=400)["error"]


def test_the_status_page_shows_and_escapes(sandbox):
    site = sandbox.site("docs")
    deploy = sandbox.deploy(site, {"index.html": b"hello"})
    sandbox.call("POST", f"/sites/{site['id']}/deploys?title=%3Cscript%3E", 200, json={})
    response = sandbox.page("127.0.0.1")
    assert response.headers["content-type"].startswith("text/html")
    assert f'href="http://docs.localhost:{sandbox.port}/"' in response.text
    assert deploy["id"] in response.text and "createSite" in response.text
    assert "&lt;script&gt;" in response.text and "<script>" not in response.text
    assert 'http-equiv="refresh"' in response.text
    assert sandbox.token not in response.text


def test_the_core_knows_no_platform():
    sources = list((SOURCE / "paas_sandbox" / "core").glob("*.py"))
    assert len(sources) > 10
    names = re.compile("netlify|fleek|hasura|flightcontrol", re.IGNORECASE)
    assert [source.name for source in sources if names.search(source.read_text(encoding="utf-8"))] == []
