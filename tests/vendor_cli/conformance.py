# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check requests and responses against Netlify's description: usage conformance.py DIRECTORY_OF_CLIENTS WORK.

Runs each scenario of the contract suite twice through a proxy that compares every request and response with the
description in @netlify/open-api. The differences must be exactly those in violations.txt.
"""

from __future__ import annotations

import fnmatch
import http.client
import http.server
import os
import sys
import threading
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from common import Failed, perform, require
from description import Description, Exchange

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "tests" / "contract"), str(ROOT / "tests" / "tools")]

import sync_tree

sync_tree.link_tree()
sys.path.insert(0, str(sync_tree.BUILD))

from harness import Sandbox, World, platform_of
from scenarios import SCENARIOS

API = "/api/v1"
# Headers that apply to one connection only.
HOP_BY_HOP = ("connection", "content-length", "keep-alive", "transfer-encoding")
# Where the two descriptions of the vendor disagree, the sandbox follows the other one by default.
AS_DESCRIBED = {
    "cancel_status": 201,
    "dns_transfer_answer": "zone",
    "env_patch_status": 201,
    "env_scope_spelling": "post-processing",
    "metadata_put_status": 204,
    "restore_status": 201,
    "snippet_put_status": 204,
    "split_put_status": 201,
    "submission_answer": "array",
}


class Handler(http.server.BaseHTTPRequestHandler):
    """Forwards a request and its response, and checks both."""

    protocol_version = "HTTP/1.1"
    server: Proxy

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        content = b"".join(self._chunks()) if self.headers.get("Transfer-Encoding") else self._sized()
        headers = {name.lower(): value for name, value in self.headers.items()}
        sent = {name: value for name, value in headers.items() if name not in (*HOP_BY_HOP, "accept-encoding")}
        backend = http.client.HTTPConnection(self.server.backend, timeout=30)
        backend.request(self.command, self.path, content, {**sent, "Content-Length": str(len(content))})
        with backend.getresponse() as response:
            answer, received = response.read(), response.getheaders()
        backend.close()
        self.send_response_only(response.status, response.reason)
        for name, value in received:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        if response.status != 204:
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        self.wfile.flush()
        if self.path.startswith(API + "/"):
            lowered = {name.lower(): value for name, value in received}
            self.server.judge(Exchange(self.command, self.path, headers, content, response.status, lowered, answer))

    def _sized(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _chunks(self) -> Iterable[bytes]:
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()


class Proxy(http.server.ThreadingHTTPServer):
    """A proxy in front of the sandbox, on a free port."""

    daemon_threads = True

    def __init__(self, backend: str, description: Description) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.backend = backend
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.operations: Counter[str] = Counter()
        self.violations: Counter[str] = Counter()
        self._description = description
        self._lock = threading.Lock()

    def judge(self, exchange: Exchange) -> None:
        try:
            name, violations = self._description.judge(exchange)
        except Exception as error:  # must not end the connection, because it is a finding
            name, violations = "", [f"{exchange.method} {exchange.target} cannot be judged: {error!r}"]
        with self._lock:
            self.operations[name] += 1
            self.violations.update(violations)


class Journey:
    """The steps, in order."""

    def __init__(self, clients: Path, work: Path, sandbox: Sandbox) -> None:
        description = clients / "node_modules" / "@netlify" / "open-api" / "dist" / "swagger.json"
        self._proxy = Proxy(urlsplit(sandbox.url).netloc, Description(description))
        self._work = work
        self._sandbox = sandbox
        threading.Thread(target=self._proxy.serve_forever, daemon=True).start()
        variable = "NETLIFY_API_URL"
        sandbox.environment[variable] = self._proxy.url + urlsplit(sandbox.environment[variable]).path

    def run_each_module_twice(self) -> str:
        scenarios = [scenario for scenario in SCENARIOS if platform_of(scenario.module) == "netlify"]
        failures = []
        for number, scenario in enumerate(scenarios):
            directory = self._work / str(number)
            directory.mkdir()
            world = World(self._sandbox, directory, AS_DESCRIBED)
            scenario.given(world)
            options = scenario.options_for(world)
            for _turn in range(1 if scenario.refused_again else 2):
                outcome = world.run(scenario.module, options)
                if outcome.failed:
                    failures.append(f"{scenario.id}: {outcome.result['msg']}")
        require(not failures, "\n".join(failures))
        described = [name for name in self._proxy.operations if name]
        return (
            f"{len(scenarios)} scenarios, {self._proxy.operations.total()} requests, {len(described)} described "
            f"operations, {self._proxy.operations['']} requests without a description"
        )

    def compare_the_violations(self) -> str:
        lines = (HERE / "violations.txt").read_text(encoding="utf-8").splitlines()
        listed = [line for line in lines if line and not line.startswith("#")]
        found = self._proxy.violations
        new = [each for each in found if not any(fnmatch.fnmatchcase(each, pattern) for pattern in listed)]
        gone = [pattern for pattern in listed if not fnmatch.filter(found, pattern)]
        if new or gone:
            raise Failed(
                "\n".join(
                    [*(f"new ({found[each]} times): {each}" for each in sorted(new)), *map("gone: {}".format, gone)]
                )
            )
        return f"{len(found)} violations, all listed"


STEPS = (Journey.run_each_module_twice, Journey.compare_the_violations)


def main() -> int:
    clients, work = map(Path, sys.argv[1:])
    os.environ.setdefault("SANDBOX_PYTHON", sys.executable)
    sandbox = Sandbox(work)
    try:
        return perform("@netlify/open-api", Journey(clients, work, sandbox), STEPS)
    finally:
        sandbox.close()


if __name__ == "__main__":
    sys.exit(main())
