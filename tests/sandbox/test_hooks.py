# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Notifications: managed through the API, and sent to receivers on this machine."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.server
import json
import socket
import threading
import time

import pytest
from sandbox_client import Client

HOST = "docs.netlify.app"
FORM = b'<form name="contact" netlify><input name="name"></form><form name="other" netlify><input name="q"></form>'


@pytest.fixture
def site(sandbox):
    return sandbox.site("docs")


@pytest.fixture
def receiver():
    """Returns `status` for every POST and stores the requests."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.received.append((self.path, dict(self.headers.items()), body))
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, format, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.received, server.status = [], 200
    server.url = f"http://127.0.0.1:{server.server_port}/notify?x=1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def wait_for(condition):
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.01)


def add(sandbox, site, event="deploy_created", expect=201, **fields):
    return sandbox.call(
        "POST",
        f"/hooks?site_id={site['id']}",
        expect,
        json={"type": "url", "event": event, "data": {"url": "https://example.com/"}, **fields},
    ).json()


def test_a_hook_from_its_creation_to_its_end(sandbox, site):
    hook = add(sandbox, site)
    assert hook == {
        "id": hook["id"],
        "site_id": site["id"],
        "form_id": None,
        "form_name": None,
        "user_id": site["user_id"],
        "type": "url",
        "event": "deploy_created",
        "data": {"url": "https://example.com/"},
        "success": None,
        "created_at": hook["created_at"],
        "updated_at": hook["created_at"],
        "actor": "https://example.com/",
        "disabled": False,
        "restricted": False,
    }
    assert sandbox.get(f"/hooks/{hook['id']}") == hook and sandbox.get(f"/hooks?site_id={site['id']}") == [hook]
    assert sandbox.get(f"/hooks?site_id={HOST}") == [hook]
    data = {"url": "https://example.org/"}
    assert sandbox.call("PUT", f"/hooks/{hook['id']}", 200, json={"data": data, "disabled": True}).json() == {
        **hook,
        "data": data,
        "actor": data["url"],
        "disabled": True,
        "updated_at": sandbox.get(f"/hooks/{hook['id']}")["updated_at"],
    }
    assert sandbox.call("POST", f"/hooks/{hook['id']}/enable", 200).json()["disabled"] is False
    sandbox.call("DELETE", f"/hooks/{hook['id']}", 204)
    for method, more in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/enable")):
        sandbox.call(method, f"/hooks/{hook['id']}{more}", 404, json={})
    assert sandbox.get(f"/hooks?site_id={site['id']}") == []


def test_the_site_of_a_hook_is_in_the_query_or_in_the_body(sandbox, second, site):
    fields = {"type": "email", "event": "deploy_failed", "data": {"email": "ada@example.com"}}
    hook = sandbox.call("POST", "/hooks", 201, json={**fields, "site_id": site["id"]}).json()
    assert (hook["site_id"], hook["actor"]) == (site["id"], "ada@example.com")
    sandbox.call("POST", "/hooks", 422, json=fields)
    sandbox.call("GET", "/hooks", 422)
    for client, reference in ((sandbox, "nothing"), (second, site["id"])):
        client.call("GET", f"/hooks?site_id={reference}", 404)
    second.call("GET", f"/hooks/{hook['id']}", 404)


def test_types_tell_events_and_fields(sandbox):
    types = {entry["name"]: entry for entry in sandbox.get("/hooks/types")}
    assert "submission_created" in types["url"]["events"]
    assert [field["name"] for field in types["url"]["fields"]] == ["url", "signature_secret"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"data": None, "url": "https://example.com/"},
        {"data": {}},
        {"data": ["x"]},
        {"data": {"url": "example.com"}},
        {"data": {"url": "http://"}},
        {"data": {"url": "http://[x/"}},
        {"data": {"url": 1}},
        {"type": "fax"},
        {"type": None},
        {"type": []},
        {"event": "other"},
        {"event": None},
        {"event": []},
        {"type": "email"},
        {"type": "github_commit_status", "event": "submission_created"},
    ],
)
def test_wrong_hooks_are_refused(sandbox, site, wrong):
    assert add(sandbox, site, **{"event": "deploy_created", "expect": 422, **wrong})["errors"]
    assert sandbox.get(f"/hooks?site_id={site['id']}") == []


@pytest.mark.parametrize("addresses, loopback", [("loopback_too", 201), ("public_only", 422)])
def test_private_addresses_are_refused(sandbox, site, addresses, loopback):
    sandbox.switch(hook_addresses=addresses)
    for url in ("http://127.0.0.1:1/", "http://[::1]:1/", "http://localhost/", "http://x.localhost/"):
        add(sandbox, site, data={"url": url}, expect=loopback)
    for url in ("http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/"):
        add(sandbox, site, data={"url": url}, expect=422)


@pytest.mark.parametrize("partial, status", [("merged", 200), ("replaced", 422)])
def test_an_update_with_some_fields(sandbox, site, partial, status):
    sandbox.switch(hook_partial_put=partial)
    hook = add(sandbox, site)
    sandbox.call("PUT", f"/hooks/{hook['id']}", status, json={"event": "deploy_failed"})
    assert sandbox.get(f"/hooks/{hook['id']}")["event"] == {200: "deploy_failed", 422: "deploy_created"}[status]
    whole = {"event": "deploy_locked", "data": {"url": "https://example.net/"}}
    assert sandbox.call("PUT", f"/hooks/{hook['id']}", 200, json=whole).json()["event"] == "deploy_locked"


@pytest.mark.parametrize("event, expected", [("none", 2), ("deploy_created", 3)])
def test_whether_a_restored_deploy_is_an_event(sandbox, site, receiver, event, expected):
    sandbox.switch(restore_event=event)
    add(sandbox, site, data={"url": receiver.url})
    first, _second = (sandbox.deploy(site, {"index.html": text}) for text in (b"1", b"2"))
    sandbox.call("POST", f"/sites/{site['id']}/deploys/{first['id']}/restore", 200)
    wait_for(lambda: len(receiver.received) == expected)


@pytest.mark.parametrize("shown", ["shown", "hidden"])
def test_whether_the_secret_can_be_read_back(sandbox, site, shown):
    sandbox.switch(hook_secret_answer=shown)
    hook = add(sandbox, site, data={"url": "https://example.com/", "signature_secret": "s"})
    for answer in (hook, sandbox.get(f"/hooks/{hook['id']}")):
        assert answer["data"].get("signature_secret") == {"shown": "s", "hidden": None}[shown]


def test_a_delivery_is_signed(sandbox, site, receiver):
    add(sandbox, site, data={"url": receiver.url, "signature_secret": "s3cret"})
    deploy = sandbox.deploy(site, {"index.html": b"1"})
    wait_for(lambda: receiver.received)
    [(path, headers, body)] = receiver.received
    assert path == "/notify?x=1" and headers["Content-Type"] == "application/json"
    assert json.loads(body)["id"] == deploy["id"] and json.loads(body)["state"] == "ready"
    signed, _dot, signature = headers["X-Webhook-Signature"].rpartition(".")
    head, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in signed.split("."))
    assert head == {"alg": "HS256", "typ": "JWT"}
    assert claims == {"iss": "netlify", "sha256": hashlib.sha256(body).hexdigest()}
    expected = hmac.new(b"s3cret", signed.encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(expected).rstrip(b"=").decode() == signature
    wait_for(lambda: sandbox.get(f"/hooks?site_id={site['id']}")[0]["success"] is True)


def test_without_a_secret_nothing_is_signed(sandbox, site, receiver):
    add(sandbox, site, data={"url": receiver.url})
    sandbox.deploy(site, {"index.html": b"1"})
    wait_for(lambda: receiver.received)
    assert "X-Webhook-Signature" not in receiver.received[0][1]


def test_what_happens_to_deploys_is_told(sandbox, site, receiver):
    events = ("building", "created", "failed", "locked", "unlocked", "deleted")
    for event in events:
        add(sandbox, site, f"deploy_{event}", data={"url": f"{receiver.url}&{event}"})
    disabled = add(sandbox, site, data={"url": f"{receiver.url}&disabled"}, disabled=True)
    first = sandbox.deploy(site, {"index.html": b"1"})
    for action in ("lock", "unlock"):
        sandbox.call("POST", f"/deploys/{first['id']}/{action}", 200)
    sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"build_settings": {"repo_path": "a/b"}})
    sandbox.call("POST", f"/sites/{site['id']}/builds", 200)
    sandbox.advance(1)
    sandbox.call("DELETE", f"/deploys/{first['id']}", 204)
    sandbox.switch(deploy_result="error")
    sandbox.deploy(site, {"index.html": b"2"})
    wait_for(lambda: len(receiver.received) == 7)
    told = sorted(path.rpartition("&")[2] for path, _headers, _body in receiver.received)
    assert told == ["building", "created", "created", "deleted", "failed", "locked", "unlocked"]
    assert sandbox.get(f"/hooks/{disabled['id']}")["success"] is None


def test_submissions_are_told_for_one_form_or_for_all(sandbox, site, receiver):
    sandbox.deploy(site, {"index.html": FORM})
    contact = sandbox.get(f"/sites/{site['id']}/forms/contact")
    add(sandbox, site, "submission_created", data={"url": f"{receiver.url}&all"})
    for mark, reference in (("id", {"form_id": contact["id"]}), ("name", {"form_name": "contact"})):
        hook = add(sandbox, site, "submission_created", data={"url": f"{receiver.url}&{mark}"}, **reference)
        assert (hook["form_id"], hook["form_name"]) == (contact["id"], "contact")
    add(sandbox, site, "submission_created", form_id="nothing", expect=404)
    assert len(sandbox.get(f"/hooks?site_id={site['id']}&form_id={contact['id']}")) == 2
    assert sandbox.get(f"/hooks?site_id={site['id']}&event=deploy_created") == []
    for name, value in (("other", "1"), ("contact", "2"), ("contact", "viagra-test-123")):
        sandbox.page(HOST, "/", "POST", data={"form-name": name, "name": value})
    wait_for(lambda: len(receiver.received) == 4)
    told = sorted(
        (path.rpartition("&")[2], json.loads(body)["form_name"]) for path, _headers, body in receiver.received
    )
    assert told == [("all", "contact"), ("all", "other"), ("id", "contact"), ("name", "contact")]
    [entry] = sandbox.admin("GET", "state")["netlify"]["sites"]
    assert [len(hook["deliveries"]) for hook in entry["hooks"]] == [2, 1, 1]


def test_a_receiver_that_is_gone_ends_its_hook(sandbox, site, receiver):
    hook = add(sandbox, site, data={"url": receiver.url})
    receiver.status = 500
    sandbox.deploy(site, {"index.html": b"1"})
    wait_for(lambda: sandbox.get(f"/hooks/{hook['id']}")["success"] is False)
    receiver.status = 410
    sandbox.deploy(site, {"index.html": b"2"})
    wait_for(lambda: sandbox.call("GET", f"/hooks/{hook['id']}").status_code == 404)


def test_nothing_leaves_this_machine(sandbox, site):
    outside = add(sandbox, site)
    mail = add(sandbox, site, type="email", data={"email": "ada@example.com"})
    closed = add(sandbox, site, data={"url": "http://127.0.0.1:9/"})
    sandbox.deploy(site, {"index.html": b"1"})
    wait_for(lambda: sandbox.get(f"/hooks/{closed['id']}")["success"] is False)
    [entry] = sandbox.admin("GET", "state")["netlify"]["sites"]
    deliveries = {hook["id"]: hook["deliveries"][0] for hook in entry["hooks"]}
    assert "loopback" in deliveries[outside["id"]]["error"] and "email" in deliveries[mail["id"]]["error"]
    assert deliveries[closed["id"]]["error"] and all(entry["status"] is None for entry in deliveries.values())


def test_a_receiver_that_never_answers_does_not_hold_up_the_end(start):
    process = start("--quiet")
    client = Client(process.port)
    with client.session, socket.create_server(("127.0.0.1", 0)) as listener:
        site = client.site("docs")
        add(client, site, data={"url": f"http://localhost:{listener.getsockname()[1]}/"})
        client.deploy(site, {"index.html": b"1"})
        listener.settimeout(5)
        connection, _address = listener.accept()
        with connection:
            assert connection.recv(5) == b"POST "
            started = time.monotonic()
            assert process.stop() == 0
            assert time.monotonic() - started < 3 and process.errors == ""


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n", b"HTTP/1.1 abc\r\n"])
def test_an_answer_that_is_none(sandbox, site, answer):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        hook = add(sandbox, site, data={"url": f"http://127.0.0.1:{listener.getsockname()[1]}/"})
        sandbox.deploy(site, {"index.html": b"1"})
        listener.settimeout(5)
        connection, _address = listener.accept()
        with connection:
            connection.recv(100_000)
            connection.sendall(answer)
            connection.shutdown(socket.SHUT_WR)
            wait_for(lambda: sandbox.get(f"/hooks/{hook['id']}")["success"] is False)


@pytest.mark.parametrize("answer, is_disabled", [("applied", True), ("ignored", False)])
def test_whether_a_notification_can_be_disabled(sandbox, site, receiver, answer, is_disabled):
    sandbox.switch(hook_disabled=answer)
    hook = add(sandbox, site, data={"url": receiver.url}, disabled=True)
    assert hook["disabled"] is is_disabled
    sandbox.call("POST", f"/hooks/{hook['id']}/enable", 200)
    after = sandbox.call("PUT", f"/hooks/{hook['id']}", 200, json={"disabled": True}).json()
    assert after["disabled"] is is_disabled
