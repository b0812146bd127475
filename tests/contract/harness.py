# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Foundation of the contract suite: a sandbox process, a clock that never waits, and a way to run a module's class.

Modules run in this process for speed: their options pass Ansible's own validation, then the same C(perform) that
main() calls, with the real HTTP stack down to the sandbox's socket. That main() itself does the same is shown by one
playbook per module (test_playbooks.py).
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import os
import pathlib
import random
import select
import shlex
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import moved_sandbox
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from urllib3.connection import HTTPConnection
from visitor import OF_THE_SUITE, Visitor

from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
from ansible_collections.webops.paas.plugins.module_utils._kernel import module as _module

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Modules that only run in the controller process, and work with the others.
OF_ESTATES = ("apply", "export")
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("[a-z]*.py") if path.stem not in OF_ESTATES)
# The variables in the sandbox's environment that set the options of a platform's modules.
CONNECTIONS = {
    "netlify": {"token": "NETLIFY_AUTH_TOKEN", "api_url": "NETLIFY_API_URL"},
    "fleek": {"token": "FLEEK_API_KEY", "api_url": "FLEEK_API_URL"},
    "hasura": {"token": "HASURA_CLOUD_ACCESS_TOKEN", "api_url": "HASURA_CLOUD_API_URL"},
    "flightcontrol": {"token": "FLIGHTCONTROL_API_KEY", "api_url": "FLIGHTCONTROL_API_URL"},
}
CREDENTIALS = {"netlify": "Bearer {}", "fleek": "{}", "hasura": "pat {}", "flightcontrol": "Bearer {}"}
# The sandbox's name for a request, and the client's name.
OWN_NAMES = {"servePage": "verify"}
# The parser in C reads the same in a tenth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Seconds for which the sandbox holds a request that must time out, and for which the client still waits then.
HANG, PATIENCE = 3, 0.005
# Keys of results that contain measurements, and so differ from run to run.
MEASURED = {"seconds"}


class Sandbox:
    """The sandbox in its own process, and its admin interface.

    If the environment variable CONTRACT_SANDBOX names a directory with the files of a running one, that one is used.
    """

    def __init__(self, directory: pathlib.Path) -> None:
        self.process: subprocess.Popen | None = None
        self.directory = pathlib.Path(os.environ.get("CONTRACT_SANDBOX") or directory)
        port_file, environment_file = self.directory / "port", self.directory / "env"
        if "CONTRACT_SANDBOX" not in os.environ:
            self._start(port_file, environment_file)
        # Seconds by which its clock was moved; None for one that was started without this file.
        clock = self.directory / "clock"
        self._moved = moved_sandbox.moments(clock) if clock.exists() else None
        self._moving = threading.Lock()
        self.url = f"http://127.0.0.1:{port_file.read_text().strip()}"
        exports = (line.removeprefix("export ").partition("=") for line in environment_file.read_text().splitlines())
        # The variables that a user's shell would have.
        self.environment = {name: shlex.split(value)[0] for name, _equals, value in exports}
        self.visitor = Visitor(self.url)
        # Number of the newest request that was fetched from the sandbox's log.
        self._seen = 0
        # Seconds by which its clock was ahead of the real one at its start, at the last reset, or when a snapshot was
        # restored.
        self.ahead = 0.0

    def _start(self, port_file: pathlib.Path, environment_file: pathlib.Path) -> None:
        log_file = self.directory / "log"
        with open(log_file, "wb") as log:
            python = os.environ.get("SANDBOX_PYTHON", sys.executable)
            files = ("--port-file", str(port_file), "--env-file", str(environment_file))
            self.process = subprocess.Popen(
                [
                    *(python, moved_sandbox.__file__, str(self.directory / "clock")),
                    *("--port", "0", "--quiet", "--limits", "none", *files),
                ],
                env={**os.environ, "PYTHONPATH": str(ROOT / "roles" / "sandbox" / "files")},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        ends_at = time.monotonic() + 120
        while not port_file.exists():
            if self.process.poll() is not None or time.monotonic() > ends_at:
                # Nobody has this object yet, so nobody could close it.
                self.process.kill()
                self.process.wait()
                raise RuntimeError(f"the sandbox did not start: {log_file.read_text(encoding='utf-8')}")
            time.sleep(0.02)

    def close(self) -> None:
        self.visitor.close()
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)

    def admin(self, method: str, path: str, body=None):
        answer = self.visitor.request(method, f"/_sandbox/{path}", body)
        assert answer.status == 200, answer.text
        return json.loads(answer.content)

    def batch(self, *requests: tuple) -> list:
        """The results of several requests, each (method, path, perhaps a body), for the price of one."""
        orders = [dict(zip(("method", "path", "body"), request, strict=False)) for request in requests]
        return self.admin("POST", "batch", {"requests": orders})

    def reset(self, **what) -> None:
        self.admin("POST", "reset", {"limits": "none", **what})
        self._seen, self.ahead = 0, 0.0

    def restore(self, snapshot: str, faults: Sequence[dict] = ()) -> None:
        restored, *_ordered = self.batch(
            ("POST", "restore", {"name": snapshot}), *(("POST", "faults", fault) for fault in faults)
        )
        self._seen, self.ahead = 0, restored["now"] - time.time()

    def move(self, seconds: float) -> None:
        """Moves its clock forward."""
        if self._moved is None:
            self.admin("POST", "clock", {"advance": seconds})
            return
        with self._moving:
            self._moved[0] += seconds

    def calls(self) -> list[dict]:
        """The requests of a platform's client since the last C(forget)."""
        return [entry for entry in self.admin("GET", "requests")["requests"] if not is_visit(entry["platform"])]

    def news(self) -> list[dict]:
        """Requests, except the suite's own, since the last call. Takes one request, because every run calls it."""
        return self.news_and()[0]

    def news_and(self, *requests: tuple) -> list:
        """The same, and then the results of other requests of the admin interface."""
        answer, *others = self.batch(("GET", f"requests?since={self._seen}"), *requests)
        self._seen = answer["last"]
        return [[entry for entry in answer["requests"] if OF_THE_SUITE.lower() not in entry["headers"]], *others]

    def state(self, platform: str) -> dict:
        """The state of one platform."""
        return self.admin("GET", f"state?platform={platform}")[platform]

    def forget(self) -> None:
        self.admin("DELETE", "requests")

    def holds(self, number: int, sock: socket.socket) -> bool:
        """Whether it holds that many requests of the current run without a response; waits for this or for something
        to read from the socket.
        """
        ends_at = time.monotonic() + HANG
        while not select.select([sock], [], [], 0.001)[0] and time.monotonic() < ends_at:
            received = self.admin("GET", f"requests?since={self._seen}")["requests"]
            faults = [(entry["fault"], entry["processed"]) for entry in received]
            if faults.count(("hang_before", False)) + faults.count(("hang_after", True)) >= number:
                return True
        return False


class SharedClock(Clock):
    """Sleeping moves this clock and the sandbox's forward together, without waiting."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._offset = 0.0
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def now(self) -> float:
        return time.time() + self._sandbox.ahead + self._offset

    def monotonic(self) -> float:
        return time.monotonic() + self._offset

    def sleep(self, seconds: float) -> None:
        """Threads that sleep at the same time wake at the same time: each advances the clocks by its remaining time."""
        wakes_at = self.monotonic() + seconds
        with self._lock:
            self.slept.append(seconds)
            left = wakes_at - self.monotonic()
            if left > 0:
                self._sandbox.move(left)
                self._offset += left

    def random(self) -> float:
        return 0.5


@dataclass
class Outcome:
    """One run of a module."""

    result: dict
    warnings: list = field(default_factory=list)
    calls: list = field(default_factory=list)
    # That of the sandbox's state afterwards, if the run was asked for it.
    digest: str = ""

    @property
    def failed(self) -> bool:
        return bool(self.result.get("failed"))

    @property
    def writes(self) -> list:
        return [call for call in self.calls if call["write"]]

    def everything(self) -> str:
        """Everything that a user could see of it."""
        return json.dumps([self.result, self.warnings], default=str)


class World:
    """A sandbox after a reset, or with a snapshot, and what a scenario needs: its own API client, options and
    directory.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        directory: pathlib.Path,
        switches: dict | None = None,
        snapshot: str | None = None,
        faults: Sequence[dict] = (),
    ) -> None:
        self.sandbox = sandbox
        self.directory = directory
        # For the scenario's functions: IDs of the objects that "given" has created.
        self.ids: dict = {}
        if snapshot is None:
            sandbox.reset(switches=switches or {})
        else:
            sandbox.restore(snapshot, faults)

    @property
    def environment(self) -> dict:
        return self.sandbox.environment

    def platform_options(self, platform: str = "netlify") -> dict:
        """The options of the connection; a visitor of sites has neither URL nor token."""
        return {
            **{name: self.environment[variable] for name, variable in CONNECTIONS.get(platform, {}).items()},
            "timeout": 5,
            "retries": 3,
        }

    def api(self, method: str, path: str, body=None, data: bytes | None = None):
        """Sends a request to Netlify's API."""
        return self.rest("netlify", method, path, body, data)

    def rest(self, platform: str, method: str, path: str, body=None, data: bytes | None = None):
        """Sends a request that is not a module's: to prepare the platform, and to check the result."""
        options = self.platform_options(platform)
        headers = {"Authorization": CREDENTIALS[platform].format(options["token"])}
        answer = self.sandbox.visitor.request(method, options["api_url"] + path, body, data=data, headers=headers)
        assert answer.status < 300, (method, path, answer.status, answer.text)
        return json.loads(answer.content) if answer.content else None

    def graphql(self, platform: str, document: str, variables: dict | None = None) -> dict:
        """The C(data) that a GraphQL operation returns."""
        answer = self.rest(platform, "POST", "", {"query": document, "variables": variables or {}})
        assert not answer.get("errors"), answer
        return answer["data"]

    def visit(self, host: str, path: str = "/"):
        """The response to a visitor of a deployed site: (status, text)."""
        answer = self.sandbox.visitor.request("GET", path, headers={"Host": host})
        return answer.status, answer.text

    def run(
        self, module: str, options: dict, *, check: bool = False, connect: dict | None = None, digest: bool = False
    ) -> Outcome:
        """With digest, faults end with the run."""
        definition = definition_of(module)
        platform = platform_of(module)
        connection = {**self.platform_options(platform), **(connect or {})}
        given = {
            **{name: value for name, value in connection.items() if name in definition.spec["argument_spec"]},
            **options,
        }
        validated = validator_of(module).validate({name: value for name, value in given.items() if value is not None})
        outcome = Outcome({})
        if validated.error_messages:
            message = "; ".join(validated.error_messages)
            outcome.result = {"failed": True, "msg": message, **_module.refusal(definition)}
        else:
            outcome.result = _module.perform(
                definition,
                validated.validated_parameters,
                check_mode=check,
                want_diff=True,
                warn=outcome.warnings.append,
                clock=SharedClock(self.sandbox),
            )
        # It must be printable.
        json.dumps(outcome.result, ensure_ascii=False).encode("utf-8")
        calls, *others = self.sandbox.news_and(*((("DELETE", "faults"), ("GET", "digest")) if digest else ()))
        outcome.calls = [call for call in calls if not is_visit(call["platform"]) or platform == "site"]
        outcome.digest = others[1]["digest"] if digest else ""
        return outcome


def is_visit(label: str) -> bool:
    """Whether a request does not come from a platform's client, but from a visitor or an unknown client."""
    return label in ("site", "unrouted") or label.endswith("-site")


@functools.cache
def definition_of(module: str):
    return importlib.import_module(f"ansible_collections.webops.paas.plugins.modules.{module}").MODULE


@functools.cache
def validator_of(module: str) -> ArgumentSpecValidator:
    return ArgumentSpecValidator(**definition_of(module).spec)


@functools.cache
def platform_of(module: str) -> str:
    """The sandbox's name for the API that a module uses; a module without an API is a visitor of sites."""
    client = definition_of(module).client
    return "site" if client.DEFAULT_URL is None else client.PLATFORM.lower()


@functools.cache
def documentation_of(module: str, name: str) -> dict:
    """The parsed DOCUMENTATION or RETURN of a module; not to be changed, because all callers get the same."""
    text = getattr(importlib.import_module(f"ansible_collections.webops.paas.plugins.modules.{module}"), name)
    return yaml.load(text, LOADER)


@contextlib.contextmanager
def with_each_hit(operation: str, skip: int, times: int | None, send):
    """Replaces the sending of requests number skip+1 to skip+times of an operation (the sandbox's name) by
    send(exchange, url), where exchange(url) sends it as usual.
    """
    seen = [0]
    usual = Http.exchange

    def exchange(self, call, url, *arguments, **more):
        if call.operation == OWN_NAMES.get(operation, operation):
            seen[0] += 1
            if seen[0] > skip and (times is None or seen[0] <= skip + times):
                return send(lambda target: usual(self, call, target, *arguments, **more), url)
        return usual(self, call, url, *arguments, **more)

    Http.exchange = exchange
    try:
        yield
    finally:
        Http.exchange = usual


@contextlib.contextmanager
def refused_connection(operation: str, skip: int, times: int | None):
    """Affected requests go to a port without a listener: a failure that only the client can cause."""
    with socket.socket() as placeholder:
        placeholder.bind(("127.0.0.1", 0))
        closed = f"127.0.0.1:{placeholder.getsockname()[1]}"
        with with_each_hit(
            operation, skip, times, lambda exchange, url: exchange(urlsplit(url)._replace(netloc=closed).geturl())
        ):
            yield


@contextlib.contextmanager
def impatient(sandbox: Sandbox, operation: str, skip: int, times: int | None):
    """Affected requests time out soon after the sandbox has begun to hold them, and never before, even on a busy
    machine.
    """
    hurried = threading.local()
    lock = threading.Lock()
    held = 0
    usual = HTTPConnection.getresponse

    def send(exchange, url):
        hurried.is_one = True
        try:
            return exchange(url)
        finally:
            hurried.is_one = False

    def getresponse(connection):
        nonlocal held
        if getattr(hurried, "is_one", False):
            with lock:
                if sandbox.holds(held + 1, connection.sock):
                    held += 1
                    connection.timeout = PATIENCE
        return usual(connection)

    HTTPConnection.getresponse = getresponse
    try:
        with with_each_hit(operation, skip, times, send):
            yield
    finally:
        HTTPConnection.getresponse = usual


def shuffled(value):
    """The same declared state, with every list in another order."""
    if isinstance(value, dict):
        return {key: shuffled(item) for key, item in value.items()}
    if isinstance(value, list):
        items = [shuffled(item) for item in value]
        random.Random(len(items)).shuffle(items)
        return items[::-1]
    return value
