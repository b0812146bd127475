# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Estates of Fleek and Flightcontrol: what their APIs show is exported, and applying it changes nothing."""

from __future__ import annotations

from collections import Counter

import pytest
from estates import applied, applied_files, contents, exported
from scenarios.base import CANARY
from scenarios.fleek import REPOSITORY, add_site

# -- Fleek -------------------------------------------------------------------------------------------------------------


def fleek_sites(world):
    build = {"buildCommand": "make", "environmentVariables": [{"name": "API_KEY", "value": CANARY}]}
    return [
        add_site(world, githubSource={"url": REPOSITORY, "branch": "main"}, buildSettings=build),
        add_site(world, githubSource={"url": REPOSITORY + ".git", "branch": "next"}),
        add_site(world, githubSource={"url": REPOSITORY, "branch": "next"}),
    ]


def read_values(names):
    return {name: secret.value or "filled-in" for name, secret in names.secrets.items()}


@pytest.mark.parametrize("values", ["shown", "null"])
def test_fleek_sites(new_world, monkeypatch, values):
    world = new_world({"fleek_env_values": values} if values == "null" else {})
    monkeypatch.setenv("FLEEK_TEAM_ID", world.environment["FLEEK_TEAM_ID"])
    first, second, _third = fleek_sites(world)
    directory = world.directory / "estate"
    names = exported(world, directory, "fleek")
    written = contents(directory)
    assert CANARY not in "".join(written.values())
    [entry] = [text for path, text in written.items() if path.endswith(f"/{first['slug']}.yml")]
    assert f'API_KEY: "{{{{ vault_fleek_{first["slug"].replace("-", "_")}_api_key }}}}"' in entry
    # What every new site has is left out.
    assert "auto_publishing" not in entry and "platform" not in entry and "build_command: make" in entry
    [secret] = [secret for name, secret in names.secrets.items() if name.endswith("_api_key")]
    assert secret.value == (CANARY if values == "shown" else None)
    # Two sites with one source are found by their names.
    [entry] = [text for path, text in written.items() if path.endswith(f"/{second['slug']}.yml")]
    assert f"site: {second['slug']}" in entry and "repository_url" not in entry
    run = applied_files(world, directory, read_values(names))
    assert not run.result.get("failed"), run.result
    assert run.result["changed"] is False and not run.writes, run.result["diff"]


def test_fleek_sites_are_listed_once(world):
    slugs = [site["slug"] for site in fleek_sites(world)]
    world.sandbox.news()
    content = [{"fleek_site": {"site": slug, "pr_deploy_previews": False}} for slug in slugs]
    run = applied(world, content)
    assert run.result["changed"] is False, run.result
    assert Counter(call["operation"] for call in run.calls) == {"getSiteBySlug": 1, "getSitesByTeam": 1}
    few = applied(world, content[:2])
    assert Counter(call["operation"] for call in few.calls) == {"getSiteBySlug": 2}


# -- Flightcontrol -----------------------------------------------------------------------------------------------------


def test_flightcontrol_services_and_environments(world):
    directory = world.directory / "estate"
    names = exported(world, directory, "flightcontrol")
    written = contents(directory)
    services = world.rest("flightcontrol", "GET", "/v1/services?take=100")["services"]
    lasting = [service for service in services if not service["previewEnvironmentId"]]
    assert len(lasting) == len(written) - 1
    overview = written["flightcontrol/environments.yml"]
    for service in services:
        place = service["previewEnvironmentId"] or service["environmentId"]
        assert place in overview and service["name"] in overview
    run = applied_files(world, directory, read_values(names))
    assert not run.result.get("failed"), run.result
    assert run.result["changed"] is False and not run.writes
    [changed] = [row for row in lasting if row["type"] == "web"][:1]
    count = world.rest("flightcontrol", "GET", f"/v1/services/{changed['id']}/scaling")["desiredInstances"]
    order = {"operation": "set", "count": count + 1}
    world.rest("flightcontrol", "POST", f"/v1/services/{changed['id']}/scaling", order)
    world.sandbox.news()
    drifted = applied_files(world, directory, read_values(names), check=True)
    assert drifted.actions["flightcontrol_scaling", changed["id"]] == "updated" and not drifted.writes
