# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of the templates that webops.paas.awx_setup creates, run by ansible-runner against the sandbox."""

from __future__ import annotations

import json
import shutil

import ansible_runner
import hasura_client
import pytest
import yaml
from jobs import PLATFORMS, PROJECT, credential_type, credentials, environment, prepared, results, run_template
from sandbox_client import TOKEN

STATS = "playbook_on_stats"


@pytest.fixture
def project(tmp_path):
    """The example project with a website and an estate."""
    directory = tmp_path / "repository"
    shutil.copytree(PROJECT, directory)
    (directory / "public").mkdir()
    (directory / "public" / "index.html").write_text("<!doctype html><title>Shop</title>")
    (directory / "estate").mkdir()
    estate = [
        {"netlify_site": {"name": "estate-shop"}},
        {
            "netlify_env_vars": {
                "site": "estate-shop",
                "variables": [{"key": "API_KEY", "value": "{{ vault_api_key }}", "is_secret": True}],
            }
        },
    ]
    (directory / "estate" / "shop.yml").write_text(yaml.safe_dump(estate))
    (directory / "estate" / "secrets.yml").write_text('vault_api_key: "canary-of-the-estate-77"\n')
    return directory


def writes(sandbox) -> int:
    return len([entry for entry in sandbox.log() if entry["method"] != "GET" and entry["platform"] == "netlify"])


def netlify_sites(sandbox) -> set[str]:
    return {site["name"] for site in sandbox.get("/sites")}


def expect_hidden(at, *secrets: str) -> None:
    """ansible-runner itself writes the environment to "command", regardless of what it runs."""
    files = at.files()
    for secret in secrets:
        assert {name.rpartition("/")[2] for name, content in files.items() if secret in content} <= {"command"}
        assert secret not in json.dumps(at.shown)


def test_a_release(shared, created, sandbox, project, tmp_path):
    at = prepared(tmp_path / "job", project)
    # Sites of the sandbox have no certificates.
    visited = {
        "netlify_release_connect_to": [f"::127.0.0.1:{sandbox.port}"],
        "netlify_release_verify": [{"url": "http://awx-shop.netlify.app/", "contains": ["Shop"]}],
    }
    answers = {"netlify_site_name": "awx-shop"}
    finished = run_template(shared, "webops netlify release", answers, at, **visited)
    assert finished.status == "successful", finished.stdout.read()
    assert "awx-shop" in netlify_sites(sandbox)
    assert sandbox.page("awx-shop.netlify.app").text == "<!doctype html><title>Shop</title>"
    assert at.env["NETLIFY_AUTH_TOKEN"] == TOKEN
    expect_hidden(at, TOKEN)
    assert any(TOKEN in content for name, content in at.files().items() if name.endswith("/command"))


def test_the_estate_is_checked_applied_and_verified(shared, created, sandbox, project, tmp_path):
    """The steps of the workflow. In between, the drift job fails and says what differs."""
    before = writes(sandbox)
    tokens = [inputs["token"] for inputs in credentials(sandbox.url).values()]
    jobs = {name: prepared(tmp_path / name, project) for name in ("check", "drift", "moved", "apply", "again")}
    secrets = (*tokens, "canary-of-the-estate-77")

    first = {"awx_project_revision": "a" * 40}
    checked = run_template(shared, "webops check", {"apply_max_deletions": 0}, jobs["check"], **first)
    assert checked.status == "successful", checked.stdout.read()
    assert results(checked)["Apply the estate"]["changed"] is True
    assert writes(sandbox) == before and "estate-shop" not in netlify_sites(sandbox)
    expect_hidden(jobs["check"], *tokens)

    drift = run_template(shared, "webops drift", {}, jobs["drift"])
    assert drift.status == "failed"
    assert "estate-shop" in results(drift)["Fail if something differs or could not be compared"]["msg"]

    # AWX passes the artifacts of a job on to those that follow.
    passed = next(event["event_data"]["artifact_data"] for event in checked.events if event["event"] == STATS)
    pushed = {"awx_project_revision": "b" * 40, **passed}
    moved = run_template(shared, "webops apply", {"apply_max_deletions": 0}, jobs["moved"], **pushed)
    assert moved.status == "failed"
    message = results(moved)["Check that the commit is the one that was checked"]["msg"]
    assert "a" * 40 in message and "b" * 40 in message
    assert writes(sandbox) == before

    applied = run_template(shared, "webops apply", {"apply_max_deletions": 0}, jobs["apply"], **first, **passed)
    assert applied.status == "successful", applied.stdout.read()
    assert "estate-shop" in netlify_sites(sandbox)
    for name in ("check", "drift", "apply"):
        content = {path: text for path, text in jobs[name].files().items() if not path.startswith("project/estate/")}
        assert not [path for path, text in content.items() if secrets[-1] in text]
        expect_hidden(jobs[name], *tokens)

    again = run_template(shared, "webops apply", {"apply_max_deletions": 0}, jobs["again"])
    assert results(again)["Apply the estate"]["changed"] is False


def listed(at, source: str) -> dict:
    """As AWX updates an inventory source of a project."""
    text, errors = ansible_runner.get_inventory(
        action="list",
        inventories=[str(at.directory / "project" / source)],
        private_data_dir=str(at.directory),
        envvars={**environment(ANSIBLE_INVENTORY_UNPARSED_FAILED="true"), **at.env},
        quiet=True,
    )
    assert text, errors
    # AWX unwraps values that must not be evaluated as templates, too.
    found: dict = json.loads(text, object_hook=lambda item: item.get("__ansible_unsafe", item))
    return found


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_inventory_sources(sandbox, tmp_path, platform):
    at = prepared(tmp_path)
    inputs = credentials(sandbox.url)[platform]
    at.add_credential(credential_type(platform), inputs)
    source = next(str(path.relative_to(PROJECT)) for path in PROJECT.rglob(f"*.{platform}.yml"))
    found = listed(at, source)
    hosts = found["_meta"]["hostvars"]
    assert hosts and all(f"{platform}_id" in variables for variables in hosts.values())
    assert inputs["token"] not in json.dumps(found)
    expect_hidden(at, inputs["token"])
    if platform != "flightcontrol":
        urls = [variables["verify_url"] for variables in hosts.values()]
        assert all(url.startswith("http") and url.count("/") > 2 for url in urls), urls
        assert set(found.get("verified", {}).get("hosts", [])) <= hosts.keys()


def test_hosts_of_two_platforms_with_one_name(sandbox, tmp_path):
    """Otherwise both would be one host of the inventory in AWX, and one of the two URLs would not be checked."""
    sandbox.site("awx-twin")
    hasura = hasura_client.Hasura(sandbox)
    hasura.rename(hasura.create(), "awx-twin")
    at = prepared(tmp_path)
    hosts = {}
    for platform in ("netlify", "hasura"):
        at.add_credential(credential_type(platform), credentials(sandbox.url)[platform])
        source = next(str(path.relative_to(PROJECT)) for path in PROJECT.rglob(f"*.{platform}.yml"))
        found = listed(at, source)["_meta"]["hostvars"]
        hosts[platform] = {name for name, variables in found.items() if variables[f"{platform}_name"] == "awx-twin"}
    assert all(hosts.values()) and not hosts["netlify"] & hosts["hasura"], hosts


def test_the_sites_are_verified(sandbox, project, tmp_path):
    sandbox.deploy(sandbox.site("awx-verified"), {"/index.html": b"up"})
    at = prepared(tmp_path / "job", project)
    at.add_credential(credential_type("netlify"), credentials(sandbox.url)["netlify"])
    hosts = listed(at, "inventory/sites.netlify.yml")
    assert "awx-verified.netlify.app" in hosts["verified"]["hosts"]
    (at.directory / "inventory" / "hosts").write_text("[verified]\nawx-verified ansible_connection=local\n")
    # Sites of the sandbox have no certificates.
    finished = ansible_runner.run(
        private_data_dir=str(at.directory),
        playbook="verify.yml",
        extravars={
            "verify_url": "http://awx-verified.netlify.app/",
            "verify_connect_to": [f"::127.0.0.1:{sandbox.port}"],
        },
        envvars=environment(),
        suppress_env_files=True,
        quiet=True,
    )
    assert finished.status == "successful", finished.stdout.read()
    assert results(finished)["Check that the site responds"]["changed"] is False
