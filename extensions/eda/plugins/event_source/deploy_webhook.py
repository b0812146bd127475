# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Event source for ansible-rulebook: verified notifications about deploys.

ansible-rulebook runs this file alone, without Ansible's loader of collections. Therefore everything is in this file,
and it imports nothing but the standard library and aiohttp, which ansible-rulebook requires. The one form of JSON Web
Tokens that Netlify sends takes a few lines, and these cannot be talked into another algorithm.
"""

from __future__ import annotations

DOCUMENTATION = r"""
name: deploy_webhook
version_added: 1.0.0
short_description: Receive verified notifications about deploys
description:
  - Receives notifications of Netlify, of Flightcontrol (through GitHub) or of any sender that knows a shared secret,
    verifies them and raises an event for each one.
  - A request that cannot be verified gets the status 401 and nothing else. The reason is only in the log.
  - Events have the same keys for all platforms. See the notes.
author:
  - webops.paas contributors (@webops-paas)
requirements:
  - ansible-rulebook, which brings aiohttp
options:
  platform:
    description:
      - Sender of the notifications.
      - V(netlify) verifies the header C(X-Webhook-Signature), a JSON Web Token (HS256) with the digest of the body.
      - V(flightcontrol) receives the event C(deployment_status) of GitHub, because Flightcontrol has no webhooks. It
        verifies the header C(X-Hub-Signature-256), which GitHub creates from the body and the secret of the webhook.
      - B(Preview:) V(flightcontrol) relies on notifications that Flightcontrol documents only in part.
      - V(generic) compares a header with the secret, and the body is a JSON object with the keys of an event.
    type: str
    choices: [netlify, flightcontrol, generic]
    default: netlify
  secret:
    description:
      - Shared secret, or a list of secrets. With a list, each of them is valid, so that a secret can be replaced
        without losing notifications.
      - Exactly one of O(secret) and O(secret_file) is required. A secret must have at least 16 characters.
    type: list
    elements: str
  secret_file:
    description:
      - Path of a file with one secret in each line. The secret is then in no variable of the rulebook.
    type: str
  header:
    description:
      - Name of the header that has the secret, for O(platform=generic).
    type: str
    default: X-Webhook-Secret
  host:
    description:
      - Address to listen on. The source speaks plain HTTP. Put a proxy that terminates TLS in front of it.
    type: str
    default: 127.0.0.1
  port:
    description:
      - Port to listen on. With V(0), the system chooses a free port, which is logged.
    type: int
    required: true
  path:
    description:
      - Path of the URL. All other paths return 404.
    type: str
    default: /webhook
  replay_window:
    description:
      - Number of seconds in which a body is accepted only once. A body that is received again gets the status 200 and
        raises no event. Netlify's signature does not include a time, so a recorded notification is valid forever.
      - The digests are kept in memory, so a restart forgets them.
    type: int
    default: 3600
  replay_capacity:
    description:
      - Maximum number of digests to remember. If there are more within O(replay_window), the oldest is forgotten.
    type: int
    default: 10000
  max_body:
    description:
      - Maximum size of a body in bytes. A larger one gets the status 413.
    type: int
    default: 1048576
  queue_size:
    description:
      - Maximum number of events that wait for the rulebook. If the queue is full, a notification gets the status 503
        with C(Retry-After), and can be sent again.
    type: int
    default: 100
  max_connections:
    description:
      - Maximum number of open connections. Further ones get the status 503 with C(Retry-After).
    type: int
    default: 100
  request_timeout:
    description:
      - Number of seconds after which a connection is closed, also if its request is not complete.
    type: float
    default: 10
notes:
  - An event has these keys. Those that the notification does not provide are V(null).
  - "C(platform): O(platform). C(kind): V(deploy), or V(other) for anything else, such as a form submission. If it is
    V(deploy), C(state) and C(deploy_id) are set, and C(site_id) for Netlify. For Flightcontrol, C(state) and C(site_id)
    are set."
  - "C(state): the state in the platform's own words. C(outcome): V(succeeded), V(failed), V(canceled) or V(pending)."
  - "C(site), C(site_id): name and ID of the site (Netlify), or of the project and the environment (Flightcontrol).
    C(deploy_id): ID of the deploy. C(url): URL of the site or service."
  - "C(commit), C(branch): what was deployed. C(context): V(production), V(deploy-preview) or V(branch-deploy) at
    Netlify, the given ID of the environment at Flightcontrol."
  - "C(digest): SHA-256 of the body. C(payload): the body. Values whose keys indicate credentials are masked."
  - A payload has texts of other people, such as the title of a pull request. Template delimiters and the markers
    C(#jinja2:), C($ANSIBLE_VAULT) and C(__ansible_) in it are separated by a space, so that Ansible does not evaluate
    them. All other keys have values of a strict form, or V(null).
  - ansible-rulebook turns an ID that looks like a number into a number if a rule passes it on. The filter C(tojson), as
    in the example, keeps it a string.
"""

EXAMPLES = r"""
- name: Verify each release
  hosts: localhost
  sources:
    - name: Netlify
      webops.paas.deploy_webhook:
        port: 5000
        path: /netlify
        secret: "{{ netlify_webhook_secret }}"
  rules:
    - name: Verify a production deploy that is live
      condition: event.kind == "deploy" and event.outcome == "succeeded" and event.context == "production"
      action:
        run_playbook:
          name: webops.paas.netlify_verify
          extra_vars:
            netlify_site_name: "{{ event.site_id | tojson }}"
            netlify_deploy: "{{ event.deploy_id | tojson }}"

- name: Report what the CI system has deployed
  hosts: localhost
  sources:
    - webops.paas.deploy_webhook:
        platform: generic
        port: 5001
        secret_file: /etc/webhooks/ci.secret
  rules:
    - name: Report a failed deploy
      condition: event.outcome == "failed"
      action:
        debug:
          msg: "The deploy {{ event.deploy_id }} of {{ event.site }} has failed"
"""

import asyncio
import base64
import collections
import contextlib
import hashlib
import hmac
import json
import logging
import re
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from aiohttp import web

logger = logging.getLogger(__name__)

RETRY_AFTER = "30"
# After that, events that the rulebook has not taken are given up at the end.
DRAIN_SECONDS = 5.0
MASK = "********"
MINIMUM_SECRET = 16
# ansible-rulebook 1.3 processes no event after one with an empty key. Its rule engine does not read names of 50000
# characters, numbers of 1000 digits, or 1e999, which is infinity in Python.
NO_KEY = "(empty)"
MAX_KEY = 1000
MAX_NUMBER = 1e300
# Far more than the token needs; a header that is longer is not hashed.
MAX_TOKEN = 4096

# What is none of these is pending.
OUTCOMES = {
    **dict.fromkeys(("ready", "current", "old", "success", "succeeded"), "succeeded"),
    **dict.fromkeys(("error", "rejected", "failure", "failed"), "failed"),
    **dict.fromkeys(("canceled", "cancelled"), "canceled"),
    "inactive": None,  # GitHub's word for a deployment that a later one has replaced
}

# Values that a rule passes to a playbook have one of these forms; none of them can be a template or an option.
WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,63}")
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9 ._-]{0,252}")
FORMS = {
    "kind": WORD,
    "state": WORD,
    "site": NAME,
    "site_id": WORD,
    "deploy_id": WORD,
    "url": re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.:-]*(/[A-Za-z0-9._~/?&=%+-]*)?"),
    "commit": re.compile(r"[0-9A-Fa-f]{7,64}"),
    "branch": re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/+@=-]{0,254}"),
    "context": NAME,
}
SECRET_KEY = re.compile(r"passw|secret|token|api_?-?key|authorization|private_?-?key|signature|credential|cookie", re.I)
CREDENTIALS_IN_URL = re.compile(r"(?<=://)[^/?#\s]+@")
# What begins a template, a line that changes its delimiters, an encrypted text, and a key that is a type in JSON.
EVALUATED = re.compile(r"\{(?=[{%#])|#(?=jinja2:)|\$(?=ANSIBLE_VAULT)|_(?=_ansible_)")


class Refused(Exception):
    """A response other than 200. The reason is for the log only."""

    def __init__(self, status: int, reason: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.headers = headers or {}


class Options(SimpleNamespace):
    """The checked arguments of the source: those of TEXTS and NUMBERS, and C(secrets), a tuple of bytes."""


NUMBERS = {
    "port": (0, 65535, None),
    "replay_window": (0, 31 * 86400, 3600),
    "replay_capacity": (1, 10_000_000, 10_000),
    "max_body": (1, 100 * 2**20, 2**20),
    "queue_size": (1, 100_000, 100),
    "max_connections": (1, 10_000, 100),
    "request_timeout": (0.1, 300, 10),
}
TEXTS = {"platform": "netlify", "header": "X-Webhook-Secret", "host": "127.0.0.1", "path": "/webhook"}


def read_options(args: dict[str, Any]) -> Options:
    """Check the arguments of the source; no message quotes a secret. Raises ValueError."""
    known = {*NUMBERS, *TEXTS, "secret", "secret_file"}
    # ansible-rulebook adds this one if the source asks for feedback.
    if unknown := sorted(set(args) - known - {"eda_feedback_queue"}):
        raise ValueError(f"unknown options: {', '.join(unknown)}. Valid options are {', '.join(sorted(known))}.")
    texts: dict[str, Any] = {name: args.get(name) or default for name, default in TEXTS.items()}
    for name, value in texts.items():
        if not isinstance(value, str):
            raise ValueError(f"`{name}` must be a string.")
    if texts["platform"] not in CHECKS:
        raise ValueError(f"`platform` must be one of {', '.join(CHECKS)}, got {texts['platform']}.")
    if not re.fullmatch(r"/[A-Za-z0-9._~/-]*", texts["path"]):
        raise ValueError("`path` must begin with / and can contain letters, digits and the characters . _ ~ / -")
    if not re.fullmatch(r"[A-Za-z0-9-]+", texts["header"]):
        raise ValueError("`header` is not a valid name of an HTTP header.")
    numbers = {name: read_number(name, args.get(name)) for name in NUMBERS}
    return Options(secrets=read_secrets(args), **texts, **numbers)


def read_number(name: str, value: Any) -> Any:
    """A number of an option: an int, or a float if the limits of the option are not all whole numbers."""
    least, most, default = NUMBERS[name]
    value = default if value is None else value
    try:  # a variable in a rulebook can make a string of it
        number = float(value) if isinstance(least, float) else int(str(value))
    except (TypeError, ValueError):
        number = -1
    if isinstance(value, bool) or not least <= number <= most:
        raise ValueError(f"`{name}` must be a number from {least} to {most}.")
    return number


def read_secrets(args: dict[str, Any]) -> tuple[bytes, ...]:
    if bool(args.get("secret")) == bool(args.get("secret_file")):
        raise ValueError("exactly one of `secret` and `secret_file` is required.")
    given = args.get("secret")
    if args.get("secret_file"):
        try:
            given = Path(args["secret_file"]).read_text(encoding="utf-8-sig").split("\n")
        except (OSError, TypeError, ValueError) as error:
            raise ValueError(f"`secret_file` cannot be read: {type(error).__name__}.") from None
        given = [line.strip() for line in given if line.strip()]
    values = [given] if isinstance(given, str) else given
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        raise ValueError("`secret` must be a string or a list of strings.")
    if any(len(value.strip()) < MINIMUM_SECRET for value in values):
        raise ValueError(f"a secret must have at least {MINIMUM_SECRET} characters.")
    return tuple(value.encode() for value in values)


def check_netlify(options: Options, request: web.BaseRequest) -> Callable[[bytes], bool]:
    """A JSON Web Token with the digest of the body. Nothing of it is decoded unless its signature is right."""
    token = request.headers.get("X-Webhook-Signature", "")
    signed, dot, signature = token.rpartition(".")
    if not dot or not token.isascii() or len(token) > MAX_TOKEN or signed.count(".") != 1:
        raise Refused(401, "the signature is missing or malformed")
    expected = (base64.urlsafe_b64encode(digest).rstrip(b"=") for digest in digests(options, signed.encode()))
    if not any_equal(expected, signature.encode()):
        raise Refused(401, "the signature does not match the secret")
    try:
        header, claims = (as_dict(json.loads(base64.urlsafe_b64decode(f"{part}=="))) for part in signed.split("."))
    except (ValueError, RecursionError):
        raise Refused(401, "the signed token is malformed") from None
    if header.get("alg") != "HS256" or "crit" in header or claims.get("iss") != "netlify":
        raise Refused(401, "the algorithm or the issuer of the signature is not Netlify's")
    wanted = str(claims.get("sha256")).lower().encode(errors="replace")
    return lambda body: hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), wanted)


def check_github(options: Options, request: web.BaseRequest) -> Callable[[bytes], bool]:
    """X-Hub-Signature-256: sha256=, and the HMAC of the body in hex."""
    signature = request.headers.get("X-Hub-Signature-256", "").encode(errors="replace")
    if not signature.startswith(b"sha256="):
        raise Refused(401, "the signature is missing or malformed")
    return lambda body: any_equal((digest.hex().encode() for digest in digests(options, body)), signature[7:])


def check_shared_secret(options: Options, request: web.BaseRequest) -> Callable[[bytes], bool]:
    given = request.headers.get(options.header, "").encode(errors="surrogateescape")
    if not any_equal(options.secrets, given):
        raise Refused(401, "the shared secret is missing or wrong")
    return lambda body: True


CHECKS = {"netlify": check_netlify, "flightcontrol": check_github, "generic": check_shared_secret}


def digests(options: Options, signed: bytes) -> list[bytes]:
    """The HMAC with each of the secrets."""
    return [hmac.digest(secret, signed, "sha256") for secret in options.secrets]


def any_equal(candidates: Any, given: bytes) -> bool:
    """Whether given is one of them. Takes the same time for all values, and compares with each candidate."""
    return sum(hmac.compare_digest(candidate, given) for candidate in candidates) > 0


class Seen:
    """Digests of the bodies of the last hour, or whatever the window is; a limited number of them."""

    def __init__(self, window: float, capacity: int) -> None:
        self.window, self.capacity = window, capacity
        self.until: collections.OrderedDict[str, float] = collections.OrderedDict()

    def __contains__(self, digest: str) -> bool:
        """Whether it was seen. One that is received again and again is never forgotten in between."""
        now = time.monotonic()
        while self.until and next(iter(self.until.values())) <= now:
            self.until.popitem(last=False)
        if found := digest in self.until:
            self.add(digest)
        return found

    def add(self, digest: str) -> None:
        self.until[digest] = time.monotonic() + self.window
        self.until.move_to_end(digest)
        if len(self.until) > self.capacity:
            self.until.popitem(last=False)


def event_of(options: Options, body: bytes) -> dict[str, Any]:
    """The event of a verified body."""
    try:
        payload = json.loads(body, parse_constant=refuse_constant)
        if not isinstance(payload, dict):
            raise ValueError("not an object")
        shown = harmless(payload, [secret.decode() for secret in options.secrets])
    except (ValueError, RecursionError) as error:
        raise Refused(400, "the body is not a JSON object") from error
    found = READERS[options.platform](payload)
    event: dict[str, Any] = {"platform": options.platform}
    for name, form in FORMS.items():
        value = found.get(name)
        event[name] = value if isinstance(value, str) and form.fullmatch(value) else None
    # A rule that acts on deploys can rely on these.
    if event["kind"] is None or any(event[name] is None for name in REQUIRED[options.platform].split()):
        event["kind"] = "other"
    event["outcome"] = OUTCOMES.get(event["state"], "pending") if event["state"] else None
    return {**event, "digest": hashlib.sha256(body).hexdigest(), "payload": shown}


def refuse_constant(name: str) -> None:
    """NaN and Infinity are not JSON."""
    raise ValueError(name)


def read_netlify(payload: dict[str, Any]) -> dict[str, Any]:
    """The body is the deploy, or something else with other keys. No header is used, because headers are not signed."""
    if not all(payload.get(key) for key in ("id", "site_id", "state")):
        return {"site_id": payload.get("site_id")}
    return {
        "kind": "deploy",
        "state": payload["state"],
        "site": payload.get("name"),
        "site_id": payload["site_id"],
        "deploy_id": payload["id"],
        "url": payload.get("ssl_url") or payload.get("url"),
        "commit": payload.get("commit_ref"),
        "branch": payload.get("branch"),
        "context": payload.get("context"),
    }


def read_flightcontrol(payload: dict[str, Any]) -> dict[str, Any]:
    """GitHub's event deployment_status. Flightcontrol's own object is in the payload of the deployment."""
    status, outer = as_dict(payload.get("deployment_status")), as_dict(payload.get("deployment"))
    own = as_dict(as_dict(outer.get("payload")).get("deployment"))
    if not status or not own:
        return {}
    return {
        "kind": "deploy",
        "state": status.get("state"),
        "site": own.get("projectId"),
        "site_id": own.get("environmentId"),
        # Which of the two names it has is not documented.
        "deploy_id": own.get("deploymentId") or own.get("id"),
        "url": status.get("environment_url"),
        "commit": outer.get("sha"),
        "branch": outer.get("ref"),
        "context": own.get("environmentGivenId"),
    }


def read_generic(payload: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "deploy", **payload}


REQUIRED = {"netlify": "state site_id deploy_id", "flightcontrol": "state site_id", "generic": "state deploy_id"}
READERS = {"netlify": read_netlify, "flightcontrol": read_flightcontrol, "generic": read_generic}


def as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def harmless(value: Any, secrets: list[str]) -> Any:
    """The value without credentials, and without anything that Ansible would evaluate or ansible-rulebook fail on."""
    if isinstance(value, dict):
        # A credential is neither true, false, null nor a number such as has_password or token_count.
        texts = {key for key, item in value.items() if item and isinstance(item, (str, dict, list))}
        masked = {key: MASK if key in texts and SECRET_KEY.search(key) else item for key, item in value.items()}
        return {harmless(key, secrets)[:MAX_KEY] or NO_KEY: harmless(item, secrets) for key, item in masked.items()}
    if isinstance(value, list):
        return [harmless(item, secrets) for item in value]
    if isinstance(value, (int, float)) and not -MAX_NUMBER <= value <= MAX_NUMBER:
        return None
    if not isinstance(value, str):
        return value
    for secret in secrets:
        value = value.replace(secret, MASK)
    value = value.encode(errors="replace").decode()  # Ansible cannot read half a character, as in a cut emoji
    return EVALUATED.sub(r"\g<0> ", CREDENTIALS_IN_URL.sub(f"{MASK}@", value))


class Receiver:
    """Turns requests into events in a queue of limited size."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue(options.queue_size)
        self.seen = Seen(options.replay_window, options.replay_capacity)
        self.passing: dict[str, Any] | None = None
        self.server = Server(self.respond, options)

    async def respond(self, request: web.BaseRequest) -> web.Response:
        """Each response closes its connection, so that idle ones do not use up the limit."""
        try:
            await self.receive(request)
            status, headers = 200, {}
        except Refused as refused:
            status, headers = refused.status, refused.headers
            # Nothing of the request is in the log: whoever sends it could write what they like.
            logger.warning("Refused a request with status %d: %s", status, refused)
        except Exception:
            status, headers = 500, {}
            logger.exception("A request could not be processed")
        response = web.Response(status=status, headers=headers)
        response.force_close()
        return response

    async def receive(self, request: web.BaseRequest) -> None:
        if request.path != self.options.path:
            raise Refused(404, "the path is unknown")
        if request.method != "POST":
            raise Refused(405, "the method is not POST", {"Allow": "POST"})
        if request.content_type != "application/json":
            raise Refused(415, "the content type is not application/json")
        matches = CHECKS[self.options.platform](self.options, request)
        body = await self.read(request)
        if not matches(body):
            raise Refused(401, "the signature does not match the body")
        event = event_of(self.options, body)
        if event["digest"] in self.seen:
            logger.info("Ignored a notification that was received before")
            return
        try:
            self.waiting.put_nowait(event)
        except asyncio.QueueFull:
            raise Refused(503, "the queue is full", {"Retry-After": RETRY_AFTER}) from None
        # Not earlier: a notification that was refused can be sent again.
        self.seen.add(event["digest"])

    async def read(self, request: web.BaseRequest) -> bytes:
        body = bytearray()
        too_large = (request.content_length or 0) > self.options.max_body
        try:
            while not too_large and (chunk := await request.content.readany()):
                body += chunk
                too_large = len(body) > self.options.max_body
        except (OSError, web.RequestPayloadError) as error:
            raise Refused(400, "the body is incomplete or its encoding is wrong") from error
        if too_large:
            raise Refused(413, "the body is too large")
        return bytes(body)

    async def pass_on(self, queue: asyncio.Queue[dict[str, Any]]) -> None:
        """Give the rulebook one event after the other; it takes the next one when it has finished with the last."""
        while True:
            self.passing = await self.waiting.get()
            await queue.put(self.passing)
            self.passing = None
            self.waiting.task_done()

    def left(self) -> list[str]:
        """The deploys of the events that the rulebook has not taken; empties the queue."""
        events = [self.passing] if self.passing else []
        while not self.waiting.empty():
            events.append(self.waiting.get_nowait())
        return [str(event["deploy_id"]) for event in events]


class Server(web.Server):
    """Limits the number of connections, and the time that each of them has from beginning to end."""

    def __init__(self, handler: Any, options: Options) -> None:
        # aiohttp would log what it cannot parse, with a traceback for each malformed request.
        silent = logging.Logger(__name__)
        silent.disabled = True
        super().__init__(handler, access_log=None, logger=silent)
        self.options = options
        self.deadlines: dict[Any, asyncio.TimerHandle] = {}

    def connection_made(self, handler: Any, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        loop = asyncio.get_running_loop()
        self.deadlines[handler] = loop.call_later(self.options.request_timeout, transport.abort)
        if len(self.deadlines) > self.options.max_connections:
            text = f"HTTP/1.1 503 Service Unavailable\r\nRetry-After: {RETRY_AFTER}\r\nContent-Length: 0\r\n"
            transport.write(f"{text}Connection: close\r\n\r\n".encode())
            # Not at once: aiohttp starts the handler after this, and it expects an open connection.
            loop.call_soon(transport.close)

    def connection_lost(self, handler: Any, exc: BaseException | None = None) -> None:
        self.deadlines.pop(handler).cancel()
        super().connection_lost(handler, exc)


async def main(queue: asyncio.Queue[dict[str, Any]], args: dict[str, Any]) -> None:
    """Receive notifications until ansible-rulebook cancels the task."""
    options = read_options(args)
    receiver = Receiver(options)
    runner = web.ServerRunner(receiver.server, shutdown_timeout=DRAIN_SECONDS)
    await runner.setup()
    site = web.TCPSite(runner, options.host, options.port)
    try:
        await site.start()
    except (OSError, ValueError) as error:  # ValueError: a name that DNS cannot have
        await runner.cleanup()
        raise ValueError(f"cannot listen on `host` {options.host}, `port` {options.port}: {error}") from error
    for address in runner.addresses:
        logger.info("Listening on %s port %d for %s", address[0], address[1], options.platform)
    passing = asyncio.create_task(receiver.pass_on(queue))
    try:
        # It never ends by itself; if it fails, the source fails.
        await asyncio.shield(passing)
    finally:
        await site.stop()
        await runner.cleanup()
        await finish(receiver, passing)


async def finish(receiver: Receiver, passing: asyncio.Task[None]) -> None:
    """Give the rulebook the time to take what was accepted, and log what it did not take."""
    if not passing.done():
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(receiver.waiting.join(), DRAIN_SECONDS)
        passing.cancel()
    if left := receiver.left():
        logger.error("The rulebook did not take the events of these deploys: %s", ", ".join(left))
