# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Notifications: sends events of a site to the receivers of its hooks.

Nothing leaves this machine: a hook of type url is called when its host is a loopback name or address. All others are
kept as deliveries that were not sent. As everything that depends on the clock, a state that a deploy reached by itself
is sent at the next request.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import json
import urllib.parse
from typing import Any

from .model import Deploy, Form, Hook, Site
from .state import State
from .views import deploy_view

TIMEOUT = 10
_sending: set[asyncio.Task[None]] = set()  # asyncio itself keeps no hold of them


def send(
    state: State, site: Site, event: str, payload: dict[str, Any], moment: float, form: Form | None = None
) -> None:
    """Send an event to the site's hooks; does not wait for the receivers."""
    for hook in list(site.hooks.values()):
        if hook.event != event or hook.disabled or hook.form not in (None, form):
            continue
        delivery: dict[str, Any] = {"event": event, "time": moment, "status": None, "error": None}
        hook.deliveries.append(delivery)
        url = hook.data.get("url") if hook.type == "url" else None
        if url is None:
            delivery["error"] = f"the sandbox does not send notifications of the type {hook.type}"
        elif not on_loopback(url):
            delivery["error"] = "the sandbox sends notifications to loopback addresses only"
        else:
            task = asyncio.get_running_loop().create_task(_deliver(hook, url, json.dumps(payload).encode(), delivery))
            _sending.add(task)
            task.add_done_callback(_sending.discard)


def deploy_event(state: State, deploy: Deploy, event: str, moment: float) -> None:
    if deploy.site.hooks:
        send(state, deploy.site, event, deploy_view(state, deploy), moment)


async def _deliver(hook: Hook, url: str, body: bytes, delivery: dict[str, Any]) -> None:
    """fact: netlify 6 [G]: a receiver that returns 410 deletes the hook"""
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
    secret = hook.data.get("signature_secret")
    if secret:
        headers["X-Webhook-Signature"] = signature(str(secret), body)
    try:
        delivery["status"] = await asyncio.wait_for(_post(url, headers, body), TIMEOUT)
    except (OSError, ValueError, IndexError, asyncio.TimeoutError) as error:
        delivery["error"] = str(error) or type(error).__name__
    hook.success = delivery["status"] is not None and 200 <= delivery["status"] < 300
    if delivery["status"] == 410:
        hook.site.hooks.pop(hook.id, None)


async def _post(url: str, headers: dict[str, str], body: bytes) -> int:
    """The status of the response. Not in a thread: one that waits for a receiver would hold up the sandbox's end."""
    target = urllib.parse.urlsplit(url)
    secure = target.scheme.lower() == "https"
    hostname = target.hostname or ""
    host = "localhost" if hostname.endswith("localhost") else hostname
    path = urllib.parse.quote(
        target._replace(scheme="", netloc="", path=target.path or "/", fragment="").geturl(), safe="/?&=%:+,;@"
    )
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {target.netloc.rpartition('@')[2]}",
        *(f"{name}: {value}" for name, value in headers.items()),
        "",
        "",
    ]
    reader, writer = await asyncio.open_connection(host, target.port or (443 if secure else 80), ssl=secure or None)
    try:
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()
        return int((await reader.readline()).split()[1])
    finally:
        writer.close()


def signature(secret: str, body: bytes) -> str:
    """fact: netlify 7 [O]: a JSON Web Token, HS256, with the issuer and the sha256 of the body"""
    parts = [{"alg": "HS256", "typ": "JWT"}, {"iss": "netlify", "sha256": hashlib.sha256(body).hexdigest()}]
    text = b".".join(_base64(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    return (text + b"." + _base64(hmac.new(secret.encode(), text, hashlib.sha256).digest())).decode()


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def on_loopback(url: str) -> bool:
    """By the literal host, never by a name server."""
    host = (urllib.parse.urlsplit(url).hostname or "").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_private(url: str) -> bool:
    """An address that only this machine or its network has."""
    host = urllib.parse.urlsplit(url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return on_loopback(url)
