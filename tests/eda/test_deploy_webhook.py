# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source with real connections: what it accepts, what it refuses, and what it does under load."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging

import aiohttp
import pytest
from notifications import DEPLOY, OTHER, SECRET, Rulebook, encoded, running, token


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
    file.write_text(f"{OTHER}\n\n{SECRET}\n", encoding="utf-8-sig")  # as editors on Windows write it

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


def test_a_body_that_is_not_encoded_as_its_header_says(source, caplog):
    async def scenario():
        async with running(source, caplog) as listening:
            connection, writer = await asyncio.open_connection("127.0.0.1", listening.port)
            head = ["POST /webhook HTTP/1.1", "Host: x", "Content-Type: application/json", "Content-Encoding: gzip"]
            head += [f"Content-Length: {len(BODY)}", f"X-Webhook-Signature: {token(BODY)}", "", ""]
            writer.write("\r\n".join(head).encode() + BODY)
            status = (await connection.readline()).split()[1]
            writer.close()
            return status, await listening.raised(0)

    assert asyncio.run(scenario()) == (b"400", [])
    assert "Traceback" not in caplog.text


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
