# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the event source, and sends it what Netlify would send."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import logging
from pathlib import Path

import aiohttp

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
