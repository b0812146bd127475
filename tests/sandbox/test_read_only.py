# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role starts the sandbox from the collection's own directory, which may be read-only and must not change."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time

import pytest
import yaml
from fleek_client import Fleek
from sandbox_client import ROOT, SOURCE, Client, sandbox_python

ROLE = ROOT / "roles" / "sandbox"


@pytest.fixture
def source(tmp_path):
    """A read-only copy of the role's files."""
    copy = tmp_path / "role" / "files"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    subprocess.run(["chmod", "-R", "a-w", str(copy.parent)], check=True)
    yield copy
    subprocess.run(["chmod", "-R", "u+w", str(copy.parent)], check=True)


def test_nothing_is_written_beside_the_sandboxs_code(source, tmp_path):
    before = listing(source)
    pid, env_file = start_as_the_role_does(source, tmp_path)
    try:
        variables = dict(
            line.removeprefix("export ").split("=", 1) for line in env_file.read_text(encoding="utf-8").splitlines()
        )
        client = Client(int(variables["SANDBOX_URL"].rpartition(":")[2]))
        client.deploy(client.site("docs"), {"index.html": b"read-only"})
        assert client.page("docs.netlify.app").text == "read-only"
        assert Fleek(client).upload({"index.html": b"read-only"})
        assert client.page("127.0.0.1").status_code == 200
        client.session.close()
    finally:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 10
        while env_file.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
    assert not env_file.exists()
    assert (tmp_path / "log").read_text(encoding="utf-8") == ""
    assert listing(source) == before  # root can write anyway


def start_as_the_role_does(source, directory):
    """Start it with the role's launcher, arguments and environment; returns (process ID, env file)."""
    variables = yaml.safe_load((ROLE / "vars" / "main.yml").read_text(encoding="utf-8"))
    tasks = yaml.safe_load((ROLE / "tasks" / "start.yml").read_text(encoding="utf-8"))
    [environment] = [task["environment"] for task in tasks if task["name"] == "Start the server"]
    environment = {name: value.replace("{{ role_path }}/files", str(source)) for name, value in environment.items()}
    # Settings that would hide a mistake of the role, because they keep Python from writing, are not passed.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    pid_file, log_file, env_file = (directory / name for name in ("pid", "log", "sandbox.env"))
    identity = [word.replace("{{ sandbox_env_file }}", str(env_file)) for word in variables["sandbox__identity"]]
    server = [sandbox_python(), *identity, "--port", "0", "--limits", "scaled"]
    done = subprocess.run(
        [sandbox_python(), "-", str(pid_file), str(log_file), str(env_file), "20", *server],
        input=variables["sandbox__launcher"],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "ready\n", "")
    return int(pid_file.read_text(encoding="utf-8")), env_file


def listing(directory):
    """{path: (modified at, size)} of a directory and everything below it."""
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in (directory, *directory.rglob("*"))}
