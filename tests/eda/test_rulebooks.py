# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a deploy in the sandbox to the playbook that its notification starts: the rulebooks in ansible-rulebook."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
import yaml
from notifications import token

ROOT = Path(__file__).resolve().parents[2]
RULEBOOKS = ROOT / "extensions" / "eda" / "rulebooks"
SECRET = "canary-secret-of-the-webhook"
PATIENCE = 60


def wait_for(condition, process, log):
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert process.poll() is None and time.monotonic() < deadline, log.read_text(errors="replace")[-6000:]
        time.sleep(0.1)
    return found


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def is_open(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


class Platform:
    """The sandbox, as a team that deploys would use it."""

    def __init__(self, variables):
        self.variables, self.url = variables, variables["SANDBOX_URL"]
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {variables['NETLIFY_AUTH_TOKEN']}"

    def call(self, method, path, **options):
        response = self.session.request(method, f"{self.url}/api/v1/{path}", timeout=10, **options)
        response.raise_for_status()
        return response.json() if response.text else None

    def release(self, site, text, title):
        """The ID of a production deploy of one page; it is live."""
        digest = hashlib.sha1(text.encode()).hexdigest()
        body = {"files": {"/index.html": digest}}
        deploy = self.call("POST", f"sites/{site}/deploys", json=body, params={"title": title})
        headers = {"Content-Type": "application/octet-stream"}
        if deploy["required"]:
            self.call("PUT", f"deploys/{deploy['id']}/files/index.html", data=text.encode(), headers=headers)
        while self.call("GET", f"deploys/{deploy['id']}")["state"] != "ready":
            time.sleep(0.05)
        return deploy["id"]

    def live(self, site):
        return self.call("GET", f"sites/{site}")["published_deploy"]["id"]

    def rollbacks(self):
        entries = self.session.get(f"{self.url}/_sandbox/requests", timeout=10).json()["requests"]
        return [entry for entry in entries if entry["operation"] == "restoreSiteDeploy"]


@pytest.fixture
def platform(tmp_path):
    port_file, environment = tmp_path / "port", tmp_path / "environment"
    command = [os.environ.get("SANDBOX_PYTHON") or ROOT / ".venv" / "sandbox" / "bin" / "python", "-m", "paas_sandbox"]
    command += ["--quiet", "--port-file", port_file, "--env-file", environment]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "roles" / "sandbox" / "files")}
    with open(tmp_path / "sandbox.log", "wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(environment.exists, process, tmp_path / "sandbox.log")
        wait_for(port_file.exists, process, tmp_path / "sandbox.log")
        lines = (line.removeprefix("export ").partition("=") for line in environment.read_text().splitlines())
        yield Platform({name: shlex.split(value)[0] for name, _equals, value in lines if value})
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def rulebook(platform, directory, name, **variables):
    """Runs ansible-rulebook; gives the URL of its webhook and its log. Nothing secret may be in the log."""
    port, log = free_port(), directory / "rulebook.log"
    secret_file = directory / "secret"
    secret_file.write_text(f"{SECRET}\n")
    port_of_sandbox = platform.url.rpartition(":")[2]
    # The title of the deploy is evaluated by Ansible.
    url = "http://shop.netlify.app/?title={{ ansible_eda.event.payload.title | length }}"
    checks = [{"url": url, "contains": ["Open"]}]
    host = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "netlify_verify_urls": checks,
        "netlify_verify_timeout": 1,
        "netlify_connect_to": [f"::127.0.0.1:{port_of_sandbox}"],
    }
    (directory / "inventory.yml").write_text(yaml.safe_dump({"all": {"hosts": {"localhost": host}}}))
    variables |= {"webhook_port": port, "webhook_secret_file": str(secret_file)}
    (directory / "variables.yml").write_text(yaml.safe_dump(variables))
    command = [Path(sys.executable).parent / "ansible-rulebook", "-vv", "-r", name]
    command += ["-i", directory / "inventory.yml", "-e", directory / "variables.yml"]
    env = {**os.environ, **platform.variables}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with open(log, "wb") as output:
        process = subprocess.Popen(command, env=env, cwd=directory, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: is_open(port), process, log)
        yield f"http://127.0.0.1:{port}/netlify", process, log
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) in (0, 130) and not is_open(port)
    finally:
        process.kill()
        process.wait()
    text = log.read_text(errors="replace")
    assert SECRET not in text and platform.variables["NETLIFY_AUTH_TOKEN"] not in text
    assert "Traceback" not in text


def notify(platform, site, url, secret=SECRET):
    body = {"type": "url", "event": "deploy_created", "data": {"url": url, "signature_secret": secret}}
    return platform.call("POST", f"hooks?site_id={site}", json=body)["id"]


def test_a_bad_release_is_rolled_back(platform, tmp_path):
    # So that the notification of the rollback itself arrives as well.
    switches = {"restore_event": "deploy_created"}
    platform.session.patch(f"{platform.url}/_sandbox/switches", json=switches, timeout=10).raise_for_status()
    site = platform.call("POST", "sites", json={"name": "shop"})["id"]
    _oldest, old = (platform.release(site, f"<h1>Closed {number}</h1>", "Draft") for number in range(2))
    with rulebook(platform, tmp_path, "webops.paas.netlify_verify") as (url, process, log):
        hook = notify(platform, site, url)
        # What is rolled back to is no better, but it is not rolled back in turn.
        worse = platform.release(site, "<h1>Closed</h1>", "Release 0")
        wait_for(lambda: f"Rolled back from {worse} to {old}" in log.read_text(errors="replace"), process, log)
        wait_for(lambda: f"The release {old} was not rolled back" in log.read_text(errors="replace"), process, log)
        assert platform.live(site) == old and len(platform.rollbacks()) == 1

        good = platform.release(site, "<h1>Open</h1>", "Release 1")
        wait_for(lambda: "failed=0" in log.read_text(errors="replace"), process, log)
        assert platform.live(site) == good and len(platform.rollbacks()) == 1

        evil = tmp_path / "evaluated"
        template = f"{{{{ lookup('ansible.builtin.pipe', 'touch {evil}') }}}}"
        bad = platform.release(site, "<h1>Closed</h1>", template)
        wait_for(lambda: f"Rolled back from {bad} to {good}" in log.read_text(errors="replace"), process, log)
        assert platform.live(site) == good and len(platform.rollbacks()) == 2 and not evil.exists()

        # A notification that somebody else signed starts nothing.
        platform.call("DELETE", f"hooks/{hook}")
        hook = notify(platform, site, url, secret="another-secret-of-somebody")
        forged = platform.release(site, "<h1>Closed again</h1>", "Release 3")
        wait_for(lambda: platform.call("GET", f"hooks/{hook}")["success"] is False, process, log)
        assert platform.live(site) == forged and len(platform.rollbacks()) == 2


def test_a_deploy_starts_a_drift_check(platform, tmp_path):
    site = platform.call("POST", "sites", json={"name": "shop"})["id"]
    estate = tmp_path / "estate"
    estate.mkdir()
    (estate / "site.yml").write_text("- netlify_metadata: {site: shop, metadata: {season: winter}}\n")
    text = (RULEBOOKS / "drift.yml").read_text()
    assert "once_after: 1 minute" in text
    (tmp_path / "drift.yml").write_text(text.replace("1 minute", "1 second"))
    reports = tmp_path / "reports"
    variables = {"drift_src": str(estate), "drift_report_dir": str(reports)}
    with rulebook(platform, tmp_path, str(tmp_path / "drift.yml"), **variables) as (url, process, log):
        notify(platform, site, url)
        form = b'{"data": {"": "a field without a name"}}'
        headers = {"Content-Type": "application/json", "X-Webhook-Signature": token(form, SECRET)}
        assert requests.post(url, form, headers=headers, timeout=10).status_code == 200
        platform.release(site, "<h1>Open</h1>", "Release 1")
        platform.release(site, "<h1>More</h1>", "Release 2")
        wait_for(lambda: "PLAY RECAP" in log.read_text(errors="replace"), process, log)
    assert "season" in (reports / "drift.md").read_text()
    assert log.read_text(errors="replace").count("PLAY RECAP") == 1
