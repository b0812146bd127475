# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo and the examples run in a temporary directory outside of any checkout, which is deleted at the end."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse

# Settings that could make a run differ from that of a person who has just installed the collection.
FOREIGN_SETTINGS = ("ANSIBLE_", "FLEEK_", "FLIGHTCONTROL_", "HASURA_", "NETLIFY_", "SANDBOX_", "PYTHON", "XDG_")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Mismatch(Exception):
    """A result differs from the expected one."""


def expect(condition, statement):
    """Raise Mismatch unless the statement holds."""
    if not condition:
        raise Mismatch(f"this does not hold: {statement}")


def ignore_signals():
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def interruptible():
    """Each termination signal raises KeyboardInterrupt only once, so that it does not interrupt the cleanup."""

    def interrupt(_number, _frame):
        ignore_signals()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Stage:
    """A directory with a collections path, an empty working directory and the place of one sandbox.

    As a context manager inside interruptible(), it always stops that sandbox by its process ID and removes the
    directory.
    """

    def __init__(self, prefix):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix=prefix))
        self.work = self.root / "work"
        self.sandbox_directory = self.root / "sandbox"
        self.env_file = self.sandbox_directory / "sandbox.env"
        self.sandbox_python = os.environ.get("SANDBOX_PYTHON")
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN_SETTINGS)}
        self.env.update(
            LC_ALL="C.UTF-8",
            ANSIBLE_ASYNC_DIR=str(self.root / "ansible" / "async"),
            ANSIBLE_COLLECTIONS_PATH=str(self.root / "collections"),
            ANSIBLE_CONFIG=str(self.root / "ansible.cfg"),
            ANSIBLE_HOME=str(self.root / "ansible"),
            ANSIBLE_LOCAL_TEMP=str(self.root / "ansible" / "tmp"),
            ANSIBLE_REMOTE_TEMP=str(self.root / "ansible" / "remote-tmp"),
            ANSIBLE_NOCOLOR="1",
        )

    def __enter__(self):
        self.work.mkdir()
        (self.root / "ansible.cfg").write_text("[defaults]\ninternal_poll_interval = 0.01\n", encoding="utf-8")
        return self

    def __exit__(self, *_problem):
        ignore_signals()
        # Rename it first, so that a process that is still starting cannot write its process ID after this check.
        ended = self.root / "sandbox.ended"
        with contextlib.suppress(FileNotFoundError):
            self.sandbox_directory.rename(ended)
        if (ended / "pid").exists():
            stop(int((ended / "pid").read_text(encoding="utf-8")))
        shutil.rmtree(self.root)

    def run(self, *command, env=None, status=0):
        """Run a command in the empty working directory; returns its output, raises Mismatch for another exit status."""
        command = [str(word) for word in command]
        process = subprocess.Popen(
            command,
            cwd=self.work,
            env={**self.env, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        try:
            output, _nothing = process.communicate()
        except KeyboardInterrupt:
            for number in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.communicate(timeout=10)
                    break
            raise
        if process.returncode != status:
            raise Mismatch(f"status {process.returncode} of: {shlex.join(command)}\n{output.rstrip()}")
        return output

    def install(self, tarball):
        """Install the collection where only this stage's playbooks find it."""
        self.run("ansible-galaxy", "collection", "install", tarball, "-p", self.root / "collections", "--offline")

    def sandbox_variables(self, *variables):
        """Command line options for playbooks that apply the role sandbox."""
        variables = [f"sandbox_directory={self.sandbox_directory}", *variables]
        if self.sandbox_python:
            variables.append(f"sandbox_python={self.sandbox_python}")
        return [word for variable in variables for word in ("-e", variable)]

    def sandbox_environment(self):
        """The variables that the running sandbox wrote for shells."""
        lines = self.env_file.read_text(encoding="utf-8").splitlines()
        return dict(line.removeprefix("export ").split("=", 1) for line in lines)


def is_alive(pid):
    """Whether the process still runs; one that has ended can remain as a zombie until its parent collects it."""
    try:
        os.kill(pid, 0)
        status = pathlib.Path(f"/proc/{pid}/stat")
        return not status.exists() or status.read_text(encoding="utf-8").rpartition(") ")[2][0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def stop(pid):
    """Stop a process that is not a child of this one."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + 10
        while is_alive(pid):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        else:
            return


class Sandbox:
    """A running sandbox: its admin interface, and what it serves to visitors."""

    def __init__(self, url):
        self.address = urllib.parse.urlsplit(url).netloc

    def call(self, method, path, body=None, **headers):
        """Send one request; returns status and content of the response."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def admin(self, path, body=None):
        """Send a request to the admin interface."""
        status, body = self.call(
            "POST" if body is not None else "GET", f"/_sandbox/{path}", None if body is None else json.dumps(body)
        )
        expect(status == 200, f"the sandbox answers /_sandbox/{path} (status {status})")
        return json.loads(body)

    def answers(self):
        try:
            return bool(self.admin("health"))
        except ConnectionRefusedError:
            return False

    def last_request(self):
        """The number of the newest request."""
        return self.admin("requests?since=999999999")["last"]

    def requests(self, since, *platforms):
        """The requests to these platforms' APIs after the one with that number."""
        return [
            request for request in self.admin(f"requests?since={since}")["requests"] if request["platform"] in platforms
        ]

    def live(self, site):
        """The deploy of a Netlify site that visitors see."""
        state = self.admin("state")["netlify"]
        published = [entry["published_deploy_id"] for entry in state["sites"] if entry["name"] == site]
        expect(len(published) == 1, f"there is one site {site}, not {len(published)}")
        return next(deploy for deploy in state["deploys"] if deploy["id"] == published[0])

    def page(self, host, path):
        """Status and content of a page that a visitor of that host receives."""
        return self.call("GET", urllib.parse.quote(path), Host=host)
