# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shared parts of the checks of all clients: access to the sandbox, a program and its environment, steps."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

Journey = TypeVar("Journey")

SECONDS = 180
QUIET = {"CI": "1", "NO_COLOR": "1", "NO_UPDATE_NOTIFIER": "1", "DO_NOT_TRACK": "1"}


class Failed(Exception):
    """A step failed; the text is for people."""


def require(condition: object, message: str) -> None:
    if not condition:
        raise Failed(message)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class Sandbox:
    """The sandbox as clients see it: its admin interface, and what it serves."""

    def __init__(self) -> None:
        self.url = os.environ["SANDBOX_URL"]
        self.port = int(self.url.rpartition(":")[2])
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

    def admin(self, name: str, method: str = "GET", **body: Any) -> Any:
        request = urllib.request.Request(
            f"{self.url}/_sandbox/{name}",
            json.dumps(body).encode() if body else None,
            {"Content-Type": "application/json"},
            method=method,
        )
        with self._open(request, timeout=10) as answer:
            return json.load(answer)

    def post(self, url: str, authorization: str, **body: Any) -> Any:
        """The JSON data of the response."""
        request = urllib.request.Request(
            url, json.dumps(body).encode(), {"Content-Type": "application/json", "Authorization": authorization}
        )
        with self._open(request, timeout=10) as answer:
            return json.load(answer)

    def graphql(self, url: str, authorization: str, query: str, **variables: Any) -> Any:
        """The data of a response without errors."""
        content = self.post(url, authorization, query=query, variables=variables)
        require("errors" not in content, f"{query}: {content}")
        return content["data"]

    def page(self, host: str, path: str = "/") -> tuple[int, str]:
        """(status, text)"""
        request = urllib.request.Request(self.url + urllib.parse.quote(path), headers={"Host": host})
        try:
            with self._open(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def look(self, host: str, path: str) -> tuple[int, Mapping[str, str]]:
        """(status, headers) of a page; redirects are not followed"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            return answer.status, answer.headers
        finally:
            connection.close()

    def requests_since(self, number: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.admin(f"requests?since={number}")["requests"]
        return found

    def last_call(self) -> int:
        last: int = self.admin("requests")["last"]
        return last


class Program:
    """A client with its own home and project directory, without telemetry and update checks.

    It gets the caller's environment variables `inherited` and the `extra` ones, and no others.
    """

    def __init__(self, command: Sequence[str | Path], work: Path, inherited: Sequence[str] = (), **extra: str) -> None:
        self._command = [str(word) for word in command]
        self.name = os.path.basename(self._command[-1])
        self.project = work / "project"
        home = work / "home"
        for directory in (self.project, home):
            directory.mkdir(parents=True)
        names = ("PATH", "LANG", "LC_ALL", "TMPDIR", *inherited)
        self.environment = {name: os.environ[name] for name in names if name in os.environ}
        self.environment.update(QUIET, HOME=str(home), XDG_CONFIG_HOME=str(home / ".config"), **extra)

    def run(self, *arguments: str, succeeds: bool = True, **extra: str) -> str:
        """Returns its output, standard error included; `extra` are environment variables of this run."""
        done = self.start(arguments, subprocess.STDOUT, **extra)
        require(
            (done.returncode == 0) == succeeds,
            f"{self.name} {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}",
        )
        return done.stdout

    def data(self, *arguments: str) -> Any:
        """The JSON data on its standard output."""
        done = self.start(arguments, subprocess.PIPE)
        require(
            done.returncode == 0,
            f"{self.name} {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}",
        )
        return json.loads(done.stdout)

    def command(self, *arguments: str) -> list[str]:
        return [*self._command, *arguments]

    def start(self, arguments: Sequence[str], stderr: int, **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=self.project,
            env={**self.environment, **extra},
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            timeout=SECONDS,
            check=False,
        )


def perform(title: str, journey: Journey, steps: Sequence[Callable[[Journey], str]]) -> int:
    """Run the steps, methods of the journey, in order; returns the exit status. A step returns a remark."""
    for number, step in enumerate(steps, 1):
        name = step.__name__.replace("_", " ")
        start = time.monotonic()
        try:
            outcome = step(journey)
        except (Failed, subprocess.SubprocessError, OSError, ValueError, LookupError) as error:
            print(f"FAILED    {title}: {name}: {error or type(error).__name__}", flush=True)
            return 1
        print(f"ok {number:2}/{len(steps)}  {title}: {name}: {outcome} ({time.monotonic() - start:.1f} s)", flush=True)
    return 0
