# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every kind of fault, as clients and the request log see it."""

from __future__ import annotations

import calendar
import concurrent.futures
import email.utils
import socket
import time

import pytest
import requests

CUT = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def sites(sandbox):
    return [site["name"] for site in sandbox.get("/sites")]


def entry(sandbox):
    """The log's entry of the affected request."""
    return next(entry for entry in sandbox.log() if entry["fault"])


def test_cut_before_is_not_processed(sandbox):
    sandbox.fault("createSite", "cut_before")
    with pytest.raises(CUT):
        sandbox.call("POST", "/sites", json={"name": "docs"})
    assert sites(sandbox) == []
    hit = entry(sandbox)
    assert (hit["fault"], hit["processed"], hit["status"], hit["json"]) == ("cut_before", False, None, {"name": "docs"})
    sandbox.site("docs")


def test_cut_after_is_processed(sandbox):
    sandbox.fault("createSite", "cut_after")
    with pytest.raises(CUT):
        sandbox.call("POST", "/sites", json={"name": "docs"})
    assert sites(sandbox) == ["docs"]
    hit = entry(sandbox)
    assert (hit["fault"], hit["processed"], hit["status"]) == ("cut_after", True, None)


def test_an_upload_can_be_cut_in_its_middle(sandbox):
    site = sandbox.site("docs")
    content = b"x" * 5_000_000
    deploy = sandbox.deploy(site, {}, wait=False)
    sandbox.fault("uploadDeployFile", "cut_before")
    with pytest.raises(CUT):
        sandbox.upload(deploy, "index.html", content)
    assert entry(sandbox)["processed"] is False


@pytest.mark.parametrize("kind, processed", [("hang_before", False), ("hang_after", True)])
def test_a_hang_ends_with_the_client_or_its_time(sandbox, kind, processed):
    sandbox.fault("createSite", kind, seconds=30)
    with pytest.raises(requests.ReadTimeout):
        sandbox.call("POST", "/sites", json={"name": "docs"}, timeout=0.2)
    assert sites(sandbox) == (["docs"] if processed else [])
    assert (entry(sandbox)["processed"], entry(sandbox)["status"]) == (processed, None)
    sandbox.fault("getCurrentUser", kind, seconds=0.3)
    start = time.monotonic()
    with pytest.raises(CUT):
        sandbox.call("GET", "/user")
    assert 0.25 < time.monotonic() - start < 2


def test_a_hanging_call_does_not_hold_up_others(sandbox):
    sandbox.fault("getCurrentUser", "hang_before", seconds=1)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        hanging = pool.submit(requests.get, f"{sandbox.url}/api/v1/user", timeout=5)
        time.sleep(0.1)
        start = time.monotonic()
        sandbox.get("/sites")
        assert time.monotonic() - start < 0.9
        assert isinstance(hanging.exception(), CUT)


@pytest.mark.parametrize(
    "body, content_type", [("json", "application/json"), ("html", "text/html"), ("text", "text/plain"), ("empty", None)]
)
def test_status_has_each_kind_of_body(sandbox, body, content_type):
    sandbox.fault("createSite", "status", status=502, body=body, headers={"X-Extra": "yes"})
    response = sandbox.call("POST", "/sites", 502, json={"name": "docs"})
    assert (response.headers.get("content-type") or "").startswith(content_type or "")
    assert bool(response.content) == (body != "empty")
    assert response.headers["x-extra"] == "yes"
    assert sites(sandbox) == []
    assert (entry(sandbox)["status"], entry(sandbox)["processed"]) == (502, False)


def test_status_may_be_told_after_processing_and_with_any_text(sandbox):
    sandbox.fault("createSite", "status", status=504, processed=True, body_text="<late>")
    assert sandbox.call("POST", "/sites", 504, json={"name": "docs"}).text == "<late>"
    assert sites(sandbox) == ["docs"]


def test_throttle_has_each_form_of_reset(sandbox):
    now = sandbox.admin("GET", "clock")["now"]
    answers = {}
    for reset in ("none", "retry-after", "retry-after-date", "epoch", "date"):
        sandbox.fault("createSite", "throttle", reset=reset, seconds=7)
        response = sandbox.call("POST", "/sites", 429, json={})
        assert response.json() == {"code": 429, "message": "API Request rate limit surpassed for application"}
        answers[reset] = (response.headers.get("retry-after"), response.headers.get("x-ratelimit-reset"))
    assert answers["none"] == (None, None)
    assert answers["retry-after"] == ("7", None)
    assert abs(email.utils.parsedate_to_datetime(answers["retry-after-date"][0]).timestamp() - now - 7) < 3
    assert abs(int(answers["epoch"][1]) - now - 7) < 3
    assert answers["date"][0] is None
    moment = calendar.timegm(time.strptime(answers["date"][1], "%Y-%m-%d %H:%M:%S UTC"))
    assert abs(moment - now - 7) < 3
    assert sites(sandbox) == []


def test_truncated_announces_more_than_it_sends(sandbox):
    sandbox.fault("createSite", "truncated")
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=5) as connection:
        connection.sendall(
            f"POST /api/v1/sites HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {sandbox.token}"
            "\r\nContent-Length: 0\r\n\r\n".encode()
        )
        received = b""
        while part := connection.recv(65536):
            received += part
    head, _blank, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 201")
    announced = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    assert 0 < len(body) < announced
    assert len(sites(sandbox)) == 1


def test_a_truncated_answer_without_a_body_is_a_cut(sandbox):
    site = sandbox.site("docs")
    sandbox.fault("deleteSite", "truncated")
    with pytest.raises(CUT):
        sandbox.call("DELETE", f"/sites/{site['id']}")
    assert sites(sandbox) == []


def test_garbled_is_complete_but_no_json(sandbox):
    sandbox.fault("createSite", "garbled")
    response = sandbox.call("POST", "/sites", 201, json={"name": "docs"})
    assert len(response.content) == int(response.headers["content-length"])
    with pytest.raises(ValueError):
        response.json()
    assert sites(sandbox) == ["docs"]


def test_slow_is_late_but_complete(sandbox):
    sandbox.fault("getCurrentUser", "slow", seconds=0.3)
    start = time.monotonic()
    assert sandbox.get("/user")["full_name"] == "Ada Sandbox"
    assert time.monotonic() - start > 0.25


def test_redirect(sandbox):
    sandbox.fault("createSite", "redirect", status=307, location="http://127.0.0.1:1/x")
    response = sandbox.call("POST", "/sites", 307, json={}, allow_redirects=False)
    assert response.headers["location"] == "http://127.0.0.1:1/x"
    assert sites(sandbox) == []


def test_skip_and_times_choose_the_calls(sandbox):
    number = sandbox.fault("getCurrentUser", "status", skip=1, times=2)["id"]
    assert [sandbox.call("GET", "/user").status_code for _turn in range(5)] == [200, 500, 500, 200, 200]
    assert sandbox.call("GET", "/sites").status_code == 200
    [fault] = sandbox.admin("GET", "faults")
    assert (fault["id"], fault["seen"], fault["hits"], fault["status"]) == (number, 5, 2, 500)


def test_a_fault_for_ever_and_for_all_calls_of_a_platform(sandbox):
    sandbox.fault("*", "status", times=None, status=503)
    assert [sandbox.call("GET", path).status_code for path in ("/user", "/sites", "/user")] == [503] * 3
    assert sandbox.page("docs.netlify.app").status_code == 404
    sandbox.admin("DELETE", "faults")
    assert sandbox.call("GET", "/user").status_code == 200


def test_served_pages_can_fail_as_well(sandbox):
    sandbox.fault("servePage", "status", platform="site", status=500, body="html")
    assert sandbox.page("docs.netlify.app").status_code == 500


def test_two_faults_hit_one_after_the_other(sandbox):
    sandbox.fault("getCurrentUser", "status", status=500)
    sandbox.fault("getCurrentUser", "status", status=503, skip=1)
    assert [sandbox.call("GET", "/user").status_code for _turn in range(3)] == [500, 503, 200]


@pytest.mark.parametrize(
    "order",
    [
        {"kind": "explode"},
        {"platform": "nowhere"},
        {"kind": "slow"},
        {"kind": "status", "status": 99},
        {"kind": "status", "body": "xml"},
        {"kind": "throttle", "reset": "soon"},
        {"kind": "redirect"},
        {"skip": -1},
        {"times": "2"},
        {"kind": "cut_before", "seconds": 1},
        {"operation": ""},
        {"operation": "createSites"},
        {"platform": "site", "operation": "getSite"},
        {"platform": "fleek", "operation": "triggerDeploy+getSites"},
        {"platform": "flightcontrol-hook", "operation": "getServices"},
    ],
)
def test_a_wrong_order_is_refused(sandbox, order):
    order = {"platform": "netlify", "operation": "*", "kind": "cut_before", **order}
    assert "error" in sandbox.admin("POST", "faults", order, expect=400)
    assert sandbox.admin("GET", "faults") == []


def test_an_unknown_operation_is_refused_with_similar_names(sandbox):
    order = {"platform": "netlify", "operation": "updateSites", "kind": "cut_before"}
    text = sandbox.admin("POST", "faults", order, expect=400)["error"]
    assert "'updateSites'" in text and "updateSite," in text and "createTenant" not in text


@pytest.mark.parametrize(
    ("platform", "operation"),
    [
        ("netlify", "triggerBuildHook"),
        ("netlify", "unrouted"),
        ("site", "submitForm"),
        ("fleek", "triggerDeploy+getSiteBySlug"),
        ("fleek", "introspection"),
        ("hasura-tenant", "orders"),
    ],
)
def test_each_name_of_the_request_log_is_an_operation(sandbox, platform, operation):
    assert sandbox.fault(operation, "cut_before", platform=platform)["id"]
