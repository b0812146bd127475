# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of functions, edge functions and environment variables of Netlify deploys."""

from __future__ import annotations

import pytest
from deploying import INDEX, create, state
from sandbox_client import sha1, sha256


def of_bundles(sandbox, site):
    """(a deploy with two bundles of edge functions, {sha256: bundle})"""
    bundles = {"eszip2": b"one", "tar": b"two"}
    digests = {kind: sha256(content) for kind, content in bundles.items()}
    deploy = create(sandbox, site, files={"index.html": sha1(INDEX)}, edge_functions=digests)
    sandbox.upload(deploy, "index.html", INDEX, 200)
    return deploy, {digests[kind]: content for kind, content in bundles.items()}


def test_bundles_of_edge_functions_are_required_by_their_sha256(sandbox, site):
    deploy, bundles = of_bundles(sandbox, site)
    assert deploy["required_edge_functions"] == list(bundles) and deploy["edge_functions_present"]
    assert state(sandbox, deploy) == "uploading"
    url = f"/deploys/{deploy['id']}/edge_functions"
    sandbox.call("PUT", f"{url}/{sha256(b'three')}", 404, data=b"three")
    wrong = sandbox.call("PUT", f"{url}/{sha256(b'one')}", 422, data=b"two")
    assert "did not match deploy" in wrong.json()["errors"]
    for digest, content in bundles.items():
        assert state(sandbox, deploy) == "uploading"
        sandbox.call("PUT", f"{url}/{digest}", 200, data=content)
    sandbox.advance(1)
    assert state(sandbox, deploy) == "ready"
    again = create(sandbox, site, files={}, edge_functions={"tar": sha256(b"two")})
    assert again["required_edge_functions"] == []


def test_a_server_may_not_require_bundles(sandbox, site):
    sandbox.switch(edge_function_bundles="files_only")
    deploy, _bundles = of_bundles(sandbox, site)
    assert deploy["required_edge_functions"] == []
    sandbox.advance(1)
    assert state(sandbox, deploy) == "ready"


def test_what_is_returned_of_the_settings_of_functions(sandbox, site):
    schedules = [{"name": "hello", "cron": "@daily"}]
    deploy = create(
        sandbox,
        site,
        files={"index.html": sha1(INDEX)},
        function_schedules=schedules,
        functions_config={"hello": {"region": "fra", "memory": 1024}, "other": {"generator": "me"}},
    )
    assert deploy["function_schedules"] == schedules
    assert deploy["functions_region_overrides"] == [{"name": "hello", "region": "fra"}]
    assert "functions_config" not in deploy


def test_the_variables_of_a_deploy_are_set_once_and_not_returned(sandbox, site):
    first = [{"key": "A", "value": "canary", "is_secret": True, "scopes": ["functions"]}]
    deploy = create(sandbox, site, files={"index.html": sha1(INDEX)}, environment=first)
    assert "canary" not in str(deploy)
    again = {"files": {"index.html": sha1(INDEX)}, "environment": [{**first[0], "value": "other"}]}
    sandbox.call("PUT", f"/sites/{site['id']}/deploys/{deploy['id']}", 200, json=again)
    [shown] = [each for each in sandbox.admin("GET", "state")["netlify"]["deploys"] if each["id"] == deploy["id"]]
    assert shown["environment"] == first


VARIABLE = {"key": "A", "value": "1", "is_secret": False, "scopes": ["functions"]}


@pytest.mark.parametrize(
    "body",
    [
        {"function_schedules": [{"name": "a"}]},
        {"function_schedules": {"a": "@daily"}},
        {"functions_config": ["a"]},
        {"functions_config": {"a": "b"}},
        {"edge_functions": ["a"]},
        {"environment": {"A": "1"}},
        {"environment": [{"key": "A", "value": "1"}]},
        {"environment": [{**VARIABLE, "scopes": ["everything"]}]},
        {"environment": [VARIABLE, VARIABLE]},
    ],
)
def test_wrong_settings_of_functions_are_refused(sandbox, site, body):
    sandbox.call("POST", f"/sites/{site['id']}/deploys", 422, json={"files": {"index.html": sha1(INDEX)}, **body})
    assert sandbox.get(f"/sites/{site['id']}/deploys") == []
