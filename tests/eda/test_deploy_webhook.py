# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source, loaded as ansible-rulebook loads it, with real connections."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import logging
import runpy
from pathlib import Path

import aiohttp
import pytest
import yaml

SOURCE = Path(__file__).resolve().parents[2] / "extensions" / "eda" / "plugins" / "event_source" / "deploy_webhook.py"
SECRET, OTHER = "canary-secret-of-the-webhook", "another-secret-of-a-webhook"
DEPLOY = {
    "id": "52465f435803544542000001",
    "site_id": "3970e0fe-8564-4903-9a55-c5f8de49fb8b",
    "state": "ready",
    "name": "shop",
    "ssl_url": "https://shop.netlify.app",
    "commit_ref": "6e3c57bd1e8cf6cb2d3a0d1b47bd2c3f2ad0c1f9",
    "branch": "feature/one",
    "context": "production",
    "title": "Release 1",
}


@pytest.fixture(scope="module")
def source():
    return runpy.run_path(str(SOURCE))


class Listening:
    """A running source: where it listens, what it raised, and its task."""

    def __init__(self, port, events, task):
        self.port, self.events, self.task = port, events, task

    async def post(self, body=b"{}", path="/webhook", method="POST", content_type="application/json", **headers):
        headers = {"Content-Type": content_type, **{name.replace("_", "-"): value for name, value in headers.items()}}
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"http://127.0.0.1:{self.port}{path}", data=body, headers=headers) as response,
        ):
            return response.status, await response.read(), response.headers

    async def send(self, deploy=DEPLOY, secret=SECRET, **more):
        """The status of the response to a notification as Netlify signs it."""
        body = deploy if isinstance(deploy, bytes) else json.dumps(deploy).encode()
        return (await self.post(body, X_Webhook_Signature=token(body, secret), **more))[0]

    async def raised(self, count):
        """The events, after as many have arrived."""
        for _attempt in range(200):
            if len(self.events) >= count:
                break
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)  # for one too many
        return self.events


class Rulebook:
    """Takes events as ansible-rulebook does; not while it is held up."""

    def __init__(self):
        self.events, self.free = [], asyncio.Event()
        self.free.set()

    async def put(self, event):
        await self.free.wait()
        self.events.append(event)


@contextlib.asynccontextmanager
async def running(source, caplog, rulebook=None, **options):
    rulebook = rulebook or Rulebook()
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    arguments = {"secret": SECRET, "port": 0, **options}
    task = asyncio.create_task(source["main"](rulebook, arguments))
    while not (found := [record for record in caplog.records if record.msg.startswith("Listening")]):
        assert not task.done(), task.exception()
        await asyncio.sleep(0.005)
    try:
        yield Listening(found[0].args[1], rulebook.events, task)
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert SECRET not in caplog.text and SECRET not in json.dumps(rulebook.events)


def encoded(part):
    data = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(body, secret=SECRET, header=None, **claims):
    """The value of X-Webhook-Signature; fact: netlify 7."""
    claims = {"iss": "netlify", "sha256": hashlib.sha256(body).hexdigest(), **claims}
    text = f"{encoded(header or {'alg': 'HS256', 'typ': 'JWT'})}.{encoded(claims)}"
    return f"{text}.{encoded(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())}"


def test_a_verified_notification_becomes_an_event(source, caplog):
    async def scenario():
        async with running(source, caplog) as listening:
            assert await listening.send() == 200
            return await listening.raised(1)

    body = json.dumps(DEPLOY).encode()
    assert asyncio.run(scenario()) == [
        {
            "platform": "netlify",
            "kind": "deploy",
            "state": "ready",
            "outcome": "succeeded",
            "site": "shop",
            "site_id": DEPLOY["site_id"],
            "deploy_id": DEPLOY["id"],
            "url": "https://shop.netlify.app",
            "commit": DEPLOY["commit_ref"],
            "branch": "feature/one",
            "context": "production",
            "digest": hashlib.sha256(body).hexdigest(),
            "payload": DEPLOY,
        }
    ]


BODY = json.dumps(DEPLOY).encode()
UNSIGNED = f"{encoded({'alg': 'none'})}.{encoded({'iss': 'netlify', 'sha256': hashlib.sha256(BODY).hexdigest()})}"
FORGED = {
    "no signature": None,
    "empty": "",
    "wrong secret": token(BODY, OTHER),
    "changed body": token(BODY + b" "),
    "no algorithm": f"{UNSIGNED}.",
    "no algorithm, two parts": UNSIGNED,
    "no algorithm, but signed": token(BODY, header={"alg": "none"}),
    "another algorithm": token(BODY, header={"alg": "HS512"}),
    "an algorithm in lower case": token(BODY, header={"alg": "hs256"}),
    "a critical extension": token(BODY, header={"alg": "HS256", "crit": ["exp"]}),
    "another issuer": token(BODY, iss="other"),
    "no issuer": token(BODY, iss=None),
    "no digest": token(BODY, sha256=None),
    "a digest that is not text": token(BODY, sha256=["x"]),
    "a digest with half a character": token(BODY, sha256="\ud800"),
    "four parts": f"{token(BODY)}.x",
    "one bit more": token(BODY)[:-1] + {"A": "B"}.get(token(BODY)[-1], "A"),
    "padded": f"{token(BODY)}=",
    "a header that is not JSON": token(BODY, header=b"x"),
    "a header that is a list": token(BODY, header=["HS256"]),
    "a huge token": token(BODY, filler="x" * 9000),
    "not ASCII": "\xe9." + token(BODY),
}


def test_forged_notifications_are_refused_without_a_reason(source, caplog):
    async def scenario():
        async with running(source, caplog) as listening:
            responses = {}
            for name, signature in FORGED.items():
                headers = {} if signature is None else {"X_Webhook_Signature": signature}
                status, text, _headers = await listening.post(BODY, **headers)
                responses[name] = status, text
            return responses, await listening.raised(0)

    responses, events = asyncio.run(scenario())
    # aiohttp's own limit for header fields is 400.
    assert responses.pop("a huge token")[0] in (400, 401)
    assert responses == dict.fromkeys(responses, (401, b"")) and not events


def test_each_of_several_secrets_is_valid(source, caplog, tmp_path):
    file = tmp_path / "secrets"
    file.write_text(f"{OTHER}\n\n{SECRET}\n")

    async def scenario():
        for options in ({"secret": [OTHER, SECRET]}, {"secret": None, "secret_file": str(file)}):
            async with running(source, caplog, **options) as listening:
                assert await listening.send({**DEPLOY, "id": "1"}, SECRET) == 200
                assert await listening.send({**DEPLOY, "id": "2"}, OTHER) == 200
                assert await listening.send({**DEPLOY, "id": "3"}, "a-third-secret-of-somebody") == 401
                assert len(await listening.raised(2)) == 2

    asyncio.run(scenario())


def test_a_body_raises_one_event_within_the_window(source, caplog):
    async def scenario():
        async with running(source, caplog, replay_window=1) as listening:
            assert [await listening.send() for _time in range(3)] == [200, 200, 200]
            assert await listening.send({**DEPLOY, "state": "error"}) == 200
            assert [event["outcome"] for event in await listening.raised(2)] == ["succeeded", "failed"]
            await asyncio.sleep(0.6)
            assert await listening.send() == 200  # is remembered from now on again
            await asyncio.sleep(0.6)
            assert await listening.send() == 200 and len(await listening.raised(2)) == 2
            await asyncio.sleep(1.1)
            assert await listening.send() == 200 and len(await listening.raised(3)) == 3

    asyncio.run(scenario())


def test_the_memory_of_digests_is_bounded(source):
    seen = source["Seen"](3600, 3)
    for number in range(1000):
        seen.add(bytes([number % 256, number // 256]))
    assert len(seen.until) == 3 and bytes([231, 3]) in seen and bytes([0, 0]) not in seen
    nothing = source["Seen"](0, 3)  # a window of 0 seconds
    nothing.add(b"x")
    assert b"x" not in nothing and not nothing.until


@pytest.mark.parametrize(
    "changes, status",
    [
        ({"path": "/"}, 404),
        ({"path": "/webhook/more"}, 404),
        ({"method": "GET"}, 405),
        ({"method": "PUT"}, 405),
        ({"content_type": "text/plain"}, 415),
        ({"content_type": "application/x-www-form-urlencoded"}, 415),
        ({"deploy": b"x" * 5000}, 413),
        ({"deploy": b"not json"}, 400),
        ({"deploy": b"[1]"}, 400),
        ({"deploy": b'{"a": NaN}'}, 400),
        ({"deploy": b"\xff"}, 400),
        ({"deploy": b'{"a":' + b"[" * 4000}, 400),
        ({"content_type": "application/json; charset=utf-8"}, 200),
        ({"path": "/webhook?x=1"}, 200),
    ],
)
def test_requests_of_another_form(source, caplog, changes, status):
    async def scenario():
        async with running(source, caplog, max_body=4096) as listening:
            assert await listening.send(**changes) == status
            return len(await listening.raised(int(status == 200)))

    assert asyncio.run(scenario()) == int(status == 200)


def test_a_body_of_unknown_length_is_limited_too(source, caplog):
    async def endless():
        while True:
            yield b"x" * 1000
            await asyncio.sleep(0.001)

    async def scenario():
        async with running(source, caplog, max_body=4096) as listening:
            return (await listening.post(endless(), X_Webhook_Signature=token(b"")))[0]

    assert asyncio.run(scenario()) == 413


def test_a_full_queue_asks_to_come_back(source, caplog):
    async def scenario():
        rulebook = Rulebook()
        rulebook.free.clear()
        async with running(source, caplog, rulebook, queue_size=2) as listening:
            bodies = [json.dumps({**DEPLOY, "id": str(number)}).encode() for number in range(4)]
            responses = []
            for body in bodies:
                responses.append(await listening.post(body, X_Webhook_Signature=token(body)))
                await asyncio.sleep(0.05)  # one is on its way to the rulebook
            assert [status for status, _text, _headers in responses] == [200, 200, 200, 503]
            assert int(responses[3][2]["Retry-After"]) > 0
            rulebook.free.set()
            await listening.raised(3)
            assert await listening.send(bodies[3]) == 200  # it was not remembered as seen
            events = await listening.raised(4)
            assert [event["deploy_id"] for event in events] == ["0", "1", "2", "3"]

    asyncio.run(scenario())


def test_slow_and_many_clients_do_not_block_others(source, caplog):
    async def silent(port, text=b""):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(text)
        return reader, writer

    async def scenario():
        async with running(source, caplog, max_connections=20, request_timeout=3) as listening:
            part = b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n"
            whole = part + f"X-Webhook-Signature: {token(b'')}\r\n\r\n{{".encode()
            slow = [await silent(listening.port, text) for text in (b"", part, whole) * 6]
            slow += [await silent(listening.port, b"no HTTP\r\n\r\n")]  # is over at once
            await slow.pop()[0].read()
            assert await listening.send() == 200
            slow += [await silent(listening.port) for _number in range(5)]
            refused = await asyncio.gather(*(reader.read() for reader, _writer in slow[20:]))
            assert all(text.startswith(b"HTTP/1.1 503 ") and b"\r\nRetry-After: " in text for text in refused)
            for reader, _writer in slow[:20]:
                with contextlib.suppress(ConnectionError):
                    assert await asyncio.wait_for(reader.read(), 10) == b""
            assert await listening.send({**DEPLOY, "id": "2"}) == 200
            for _reader, writer in slow:
                writer.close()
            return len(await listening.raised(2))

    assert asyncio.run(scenario()) == 2
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_many_at_once_all_arrive(source, caplog):
    async def scenario():
        async with running(source, caplog, queue_size=300) as listening:
            statuses = await asyncio.gather(*(listening.send({**DEPLOY, "id": str(number)}) for number in range(80)))
            return statuses, await listening.raised(80)

    statuses, events = asyncio.run(scenario())
    assert statuses == [200] * 80 and {event["deploy_id"] for event in events} == {str(number) for number in range(80)}


def test_the_end_waits_for_the_rulebook(source, caplog):
    async def scenario():
        rulebook = Rulebook()
        rulebook.free.clear()
        async with running(source, caplog, rulebook) as listening:
            assert [await listening.send({**DEPLOY, "id": str(number)}) for number in range(3)] == [200] * 3
            listening.task.cancel()
            await asyncio.sleep(0.1)
            with pytest.raises(aiohttp.ClientError):
                await listening.send()
            rulebook.free.set()
            with pytest.raises(asyncio.CancelledError):
                await listening.task
        return [event["deploy_id"] for event in rulebook.events]

    assert asyncio.run(scenario()) == ["0", "1", "2"]


def test_events_that_nobody_takes_are_logged_at_the_end(source, caplog):
    async def scenario():
        rulebook = Rulebook()
        rulebook.free.clear()
        source["finish"].__globals__["DRAIN_SECONDS"] = 0.1
        try:
            async with running(source, caplog, rulebook) as listening:
                assert [await listening.send({**DEPLOY, "id": f"deploy-{number}"}) for number in range(3)] == [200] * 3
        finally:
            source["finish"].__globals__["DRAIN_SECONDS"] = 5.0

    asyncio.run(scenario())
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.args == ("deploy-0, deploy-1, deploy-2",)


def test_a_rulebook_that_fails_ends_the_source(source, caplog):
    class Broken(Rulebook):
        async def put(self, event):
            raise OSError("broken")

    async def scenario():
        async with running(source, caplog, Broken()) as listening:
            assert await listening.send() == 200
            with pytest.raises(OSError, match="broken"):
                await listening.task

    asyncio.run(scenario())


def test_payloads_have_no_secrets_and_no_templates(source):
    payload = {
        "title": "{{ lookup('pipe', 'id') }} {% if x %} {# note #} {{{ plain { text }",
        "{{ key }}": [{"access_token": "t0ken", "password": "", "has_password": True, "tokens": 3}],
        "env": {"API_KEY": "k", "cookies": {"a": "b"}},
        "repo_url": "https://user:pw@example.com/x",
        "note": f"the secret is {SECRET}",
        "deep": {"Authorization": ["Bearer x"]},
    }
    shown = source["harmless"](payload, [SECRET])
    assert shown == {
        "title": "{ { lookup('pipe', 'id') }} { % if x %} { # note #} { { { plain { text }",
        "{ { key }}": [{"access_token": "********", "password": "", "has_password": True, "tokens": 3}],
        "env": {"API_KEY": "********", "cookies": "********"},
        "repo_url": "https://********@example.com/x",
        "note": "the secret is ********",
        "deep": {"Authorization": "********"},
    }


@pytest.mark.parametrize(
    "key, value",
    [
        ("id", "{{ x }}"),
        ("id", "-o"),
        ("id", "a b"),
        ("id", "1\n"),
        ("site_id", "../other"),
        ("name", "{% x %}"),
        ("branch", "--upload-pack=x"),
        ("branch", "a{{b}}"),
        ("commit_ref", "HEAD"),
        ("ssl_url", "file:///etc/passwd"),
        ("ssl_url", "https://a@b/"),
        ("ssl_url", "https://example.com/{{x}}"),
        ("context", "production\n"),
        ("state", "Ready!"),
        ("commit_ref", 5),
    ],
)
def test_values_of_another_form_are_null(source, key, value):
    names = {"id": "deploy_id", "name": "site", "commit_ref": "commit", "ssl_url": "url"}
    options = source["read_options"]({"secret": SECRET, "port": 0})
    event = source["event_of"](options, json.dumps({**DEPLOY, key: value}).encode())
    assert event[names.get(key, key)] is None
    assert event["kind"] == ("other" if key in ("id", "site_id", "state") else "deploy")
    good = source["event_of"](options, json.dumps(DEPLOY).encode())
    assert {name for name in good if good[name] is None} == set()


@pytest.mark.parametrize(
    "state, outcome",
    [
        ("ready", "succeeded"),
        ("error", "failed"),
        ("rejected", "failed"),
        ("building", "pending"),
        ("old", "succeeded"),
    ],
)
def test_outcomes_of_netlify(source, state, outcome):
    options = source["read_options"]({"secret": SECRET, "port": 0})
    assert source["event_of"](options, json.dumps({**DEPLOY, "state": state}).encode())["outcome"] == outcome


def test_other_notifications_of_netlify(source):
    options = source["read_options"]({"secret": SECRET, "port": 0})
    event = source["event_of"](options, json.dumps({"id": "5", "form_id": "6", "site_id": "7"}).encode())
    assert (event["kind"], event["site_id"], event["state"], event["outcome"]) == ("other", "7", None, None)


def test_flightcontrol_through_github(source, caplog):
    body = json.dumps(
        {
            "deployment_status": {"state": "success", "environment_url": "https://api.example.com"},
            "deployment": {
                "sha": DEPLOY["commit_ref"],
                "ref": "main",
                "payload": {
                    "deployment": {
                        "deploymentId": "clcpcxekt000lc9ojqtgtc26y",
                        "projectId": "cluagwibz000ka6p9uzas7p26",
                        "environmentId": "clcpcxekw000mc9oj8cjfwd2f",
                        "environmentGivenId": "production",
                    }
                },
            },
        }
    ).encode()

    def signed(body, secret=SECRET):
        return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

    async def scenario():
        async with running(source, caplog, platform="flightcontrol") as listening:
            bad = (signed(body, OTHER), signed(body + b" "), signed(body)[7:], "", signed(body).upper(), "sha256=\xe9")
            for signature in bad:
                assert (await listening.post(body, X_Hub_Signature_256=signature))[:2] == (401, b"")
            assert (await listening.post(body, X_Webhook_Signature=token(body)))[0] == 401
            assert (await listening.post(body, X_Hub_Signature_256=signed(body)))[0] == 200
            ping = b'{"zen": "x", "deployment": 5}'  # GitHub sends other events too
            assert (await listening.post(ping, X_Hub_Signature_256=signed(ping)))[0] == 200
            return await listening.raised(2)

    event, other = asyncio.run(scenario())
    assert (event["site"], event["site_id"]) == ("cluagwibz000ka6p9uzas7p26", "clcpcxekw000mc9oj8cjfwd2f")
    assert (event["deploy_id"], event["outcome"]) == ("clcpcxekt000lc9ojqtgtc26y", "succeeded")
    assert (event["context"], event["branch"], event["commit"]) == ("production", "main", DEPLOY["commit_ref"])
    assert event["url"] == "https://api.example.com" and other["kind"] == "other"


def test_generic_notifications(source, caplog):
    body = json.dumps({"state": "failed", "site": "docs", "deploy_id": "7", "url": "https://docs.example.com"}).encode()

    async def scenario():
        async with running(
            source, caplog, platform="generic", header="X-Ci-Secret", secret=[OTHER, SECRET]
        ) as listening:
            for secret in ("", "x", SECRET[:-1], SECRET + "x", "\xe9"):
                assert (await listening.post(body, X_Ci_Secret=secret))[:2] == (401, b"")
            assert (await listening.post(body, X_Webhook_Secret=SECRET))[0] == 401
            assert (await listening.post(body, X_Ci_Secret=SECRET))[0] == 200
            return await listening.raised(1)

    (event,) = asyncio.run(scenario())
    assert (event["kind"], event["state"], event["outcome"]) == ("deploy", "failed", "failed")
    assert (event["site"], event["deploy_id"], event["url"]) == ("docs", "7", "https://docs.example.com")


@pytest.mark.parametrize(
    "wrong, named",
    [
        ({"port": None}, "port"),
        ({"port": 70000}, "port"),
        ({"port": True}, "port"),
        ({"port": "x"}, "port"),
        ({"secret": None}, "secret"),
        ({"secret": ""}, "secret"),
        ({"secret": []}, "secret"),
        ({"secret": "short-canary"}, "secret"),
        ({"secret": [SECRET, 5]}, "secret"),
        ({"secret": {"a": 1}}, "secret"),
        ({"secret_file": "/etc/x"}, "secret_file"),
        ({"secret": None, "secret_file": "/does/not/exist"}, "secret_file"),
        ({"platform": "fleek"}, "platform"),
        ({"path": "webhook"}, "path"),
        ({"path": 5}, "path"),
        ({"header": "a b"}, "header"),
        ({"replay_window": -1}, "replay_window"),
        ({"request_timeout": 0}, "request_timeout"),
        ({"queue_size": 0}, "queue_size"),
        ({"hosts": "x"}, "hosts"),
    ],
)
def test_wrong_options_are_refused_by_name(source, wrong, named):
    with pytest.raises(ValueError) as caught:
        asyncio.run(source["main"](Rulebook(), {"secret": SECRET, "port": 0, **wrong}))
    assert named in str(caught.value)
    assert SECRET not in str(caught.value) and "short-canary" not in str(caught.value)


def test_the_documentation_lists_the_options_and_their_defaults(source):
    documented = yaml.safe_load(source["DOCUMENTATION"])["options"]
    defaults = {**source["TEXTS"], **{name: limits[2] for name, limits in source["NUMBERS"].items()}}
    assert {name: option.get("default") for name, option in documented.items()} == {
        "secret": None,
        "secret_file": None,
        **defaults,
    }
    assert documented["platform"]["choices"] == list(source["CHECKS"]) == list(source["READERS"])
    sources = [entry for ruleset in yaml.safe_load(source["EXAMPLES"]) for entry in ruleset["sources"]]
    used = {name for entry in sources for name in entry["webops.paas.deploy_webhook"]}
    assert used <= set(documented)
