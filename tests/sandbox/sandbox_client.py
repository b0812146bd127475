# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts sandboxes, and sends requests to them like any client."""

from __future__ import annotations

import hashlib
import os
import pathlib
import subprocess
import sys
import time

from quick_session import QuickSession

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = ROOT / "roles" / "sandbox" / "files"
TOKEN = "nfp_sandbox_0123456789abcdef0123456789abcdef"
SECOND_TOKEN = "nfp_second_fedcba9876543210fedcba9876543210"


def sandbox_python():
    """The interpreter of the sandbox's own environment, else this one."""
    own = ROOT / ".venv" / "sandbox" / "bin" / "python"
    return os.environ.get("SANDBOX_PYTHON") or (str(own) if own.exists() else sys.executable)


class Process:
    """A sandbox that was started for a test."""

    def __init__(self, directory, *arguments, **environment):
        self.port_file = directory / "port"
        self.process = subprocess.Popen(
            [sandbox_python(), "-m", "paas_sandbox", "--port-file", str(self.port_file), *arguments],
            env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 20
        while not self.port_file.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise RuntimeError("the sandbox did not start: " + self.process.communicate()[1])
            time.sleep(0.02)
        self.port = int(self.port_file.read_text())

    def stop(self):
        """Stop it by its process ID; returns its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.output, self.errors = self.process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        return self.process.returncode


class Client:
    """The sandbox's API with a token, its admin interface, and its served sites."""

    def __init__(self, port, token=TOKEN):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.token = token
        self.session = QuickSession()

    def call(self, method, path, expect=None, headers=None, **options):
        """Send an API request below /api/v1; `expect` is the required status of the response."""
        headers = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        options.setdefault("timeout", 10)
        response = self.session.request(method, f"{self.url}/api/v1{path}", headers=headers, **options)
        if expect is not None:
            assert response.status_code == expect, response.text
        return response

    def get(self, path, **options):
        return self.call("GET", path, 200, **options).json()

    def admin(self, method, name, json=None, expect=200):
        response = self.session.request(method, f"{self.url}/_sandbox/{name}", json=json, timeout=10)
        assert response.status_code == expect, response.text
        return response.json()

    def advance(self, seconds):
        self.admin("POST", "clock", {"advance": seconds})

    def switch(self, **values):
        self.admin("PATCH", "switches", values)

    def fault(self, operation, kind, platform="netlify", **details):
        return self.admin("POST", "faults", {"platform": platform, "operation": operation, "kind": kind, **details})

    def log(self, operation=None):
        entries = self.admin("GET", "requests")["requests"]
        return [entry for entry in entries if operation in (None, entry["operation"])]

    def site(self, name=None, **attributes):
        return self.call("POST", "/sites", 201, json={**({"name": name} if name else {}), **attributes}).json()

    def page(self, host, path="/", method="GET", **options):
        headers = {"Host": host, **options.pop("headers", {})}
        return self.session.request(
            method, self.url + path, headers=headers, timeout=10, allow_redirects=False, **options
        )

    def deploy(self, site, files, wait=True, **body):
        """Create a deploy of {path: bytes} and upload it; by default, advance the clock until it has ended."""
        manifest = {path: sha1(content) for path, content in files.items()}
        deploy = self.call("POST", f"/sites/{site['id']}/deploys", 200, json={"files": manifest, **body}).json()
        for path, content in files.items():
            if sha1(content) in deploy["required"]:
                self.upload(deploy, path, content, 200)
        if wait:
            self.advance(1)
        return self.get(f"/deploys/{deploy['id']}")

    def upload(self, deploy, path, content, expect=None):
        return self.call(
            "PUT",
            f"/deploys/{deploy['id']}/files/{path.lstrip('/')}",
            expect,
            data=content,
            headers={"Content-Type": "application/octet-stream"},
        )


def sha1(content):
    return hashlib.sha1(content).hexdigest()


def sha256(content):
    return hashlib.sha256(content).hexdigest()
