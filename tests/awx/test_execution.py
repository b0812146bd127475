# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The execution environment's definition, and ansible-navigator without one."""

from __future__ import annotations

import subprocess

import pytest
import yaml
from jobs import AWX, COLLECTIONS, PROGRAMS, credential_type, credentials, environment, prepared


def run(*command: str, cwd=None, **variables: str) -> str:
    done = subprocess.run(
        [str(PROGRAMS / command[0]), *command[1:]],
        cwd=cwd,
        env=environment(**variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_ansible_builder_creates_the_build_context(tmp_path):
    definition = str(AWX / "execution-environment.yml")
    run("ansible-builder", "create", "-f", definition, "-c", str(tmp_path), "--output-filename", "Containerfile")
    collections = yaml.safe_load((tmp_path / "_build" / "requirements.yml").read_text())["collections"]
    assert [found["name"] for found in collections] == ["webops.paas"]
    text = (tmp_path / "Containerfile").read_text()
    assert "ansible-runner" in text and "ansible-core>=2.16" in text
    # Neither Python packages nor system packages beside those that the collection declares.
    assert sorted(path.name for path in (tmp_path / "_build").iterdir()) == ["requirements.yml", "scripts"]


def test_the_collection_needs_requests_and_nothing_else():
    found = yaml.safe_load(run("ansible-builder", "introspect", COLLECTIONS))
    assert found == {"python": ["requests>=2.28.0  # from collection webops.paas"], "system": []}


@pytest.mark.parametrize("playbook", ["webops.paas.netlify_preview", "netlify_release.yml"])
def test_ansible_navigator_in_check_mode(sandbox, tmp_path, playbook):
    """A playbook of the collection, and one of a project."""
    at = prepared(tmp_path)
    at.add_credential(credential_type("netlify"), credentials(sandbox.url)["netlify"])
    (at.directory / "project" / "public").mkdir()
    (at.directory / "project" / "public" / "index.html").write_text("hello")
    site = sandbox.site(f"navigator-{playbook.replace('.', '-').replace('_', '-')}")
    variables = [f"netlify_site_name={site['name']}", "netlify_src=public", "netlify_branch=new"]
    output = run(
        *("ansible-navigator", "run", playbook, "--ee", "false", "-m", "stdout", "--pae", "false"),
        *("--lf", str(tmp_path / "navigator.log"), "--check"),
        *(word for variable in variables for word in ("-e", variable)),
        cwd=at.directory / "project",
        HOME=str(tmp_path),
        **at.env,
    )
    assert "failed=0" in output and "changed=1" in output, output
    assert sandbox.get(f"/sites/{site['id']}/deploys") == []
    assert at.env["NETLIFY_AUTH_TOKEN"] not in output + (tmp_path / "navigator.log").read_text()
