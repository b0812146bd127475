# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleek: authorization, errors and sites."""

from __future__ import annotations

import re

import pytest
from fleek_client import BY_TEAM, GITHUB, KEY, SECOND_TEAM, SLUG, TEAM, Fleek

BY_ID = "query ($id: ID!) { getSiteById(siteId: $id) { id } }"
BY_SLUG = "query ($slug: String!) { getSiteBySlug(slug: $slug) { id } }"
NOBODY = '{ getSiteById(siteId: "nobody") { id } }'


# authorization


def test_the_key_is_taken_raw(fleek):
    assert fleek.post("{ __typename }", 200).json() == {"data": {"__typename": "Query"}}
    for wrong in (f"Bearer {KEY}", f"pat {KEY}", KEY.rstrip("="), KEY.lower(), "", "x"):
        response = fleek.post("{ __typename }", 401, headers={"Authorization": wrong}).json()
        assert response["errors"][0]["errorType"] == "UnauthorizedException" and "data" not in response
    assert fleek.post("{ __typename }", 401, headers={"Authorization": None}).json()["errors"]


@pytest.mark.parametrize("status", [401, 200, 400])
def test_the_status_of_a_wrong_key(sandbox, fleek, status):
    sandbox.switch(fleek_unauthorized_status=status)
    assert Fleek(sandbox, "wrong").errors("{ __typename }", status)[0]["message"]
    assert fleek.ask("{ __typename }") == "Query"


def test_a_key_opens_one_team_only(fleek, second_fleek):
    site = fleek.site()
    assert second_fleek.ask(BY_ID, id=site["id"]) is None
    assert second_fleek.ask(BY_SLUG, slug=SLUG) is None
    assert second_fleek.ask(BY_TEAM, team=TEAM) is None
    assert second_fleek.trigger(site) is None
    assert second_fleek.edit(site, autoPublishing=False) is None
    assert second_fleek.purge(site) is None
    assert second_fleek.ask(BY_TEAM, team=SECOND_TEAM) == {"nextToken": None, "sites": []}
    own = second_fleek.add(teamId=SECOND_TEAM, githubSource=GITHUB)
    assert own["team"] == {"id": SECOND_TEAM, "name": "second"}
    assert fleek.ask(BY_ID, id=own["id"]) is None
    assert fleek.site() == site


@pytest.mark.parametrize("choice, kind", [("unauthorized", "Unauthorized"), ("as_unknown", None)])
def test_how_another_teams_ids_are_refused(sandbox, fleek, second_fleek, choice, kind):
    sandbox.switch(fleek_foreign_id=choice)
    for answer in (second_fleek.post(BY_ID, 200, id=fleek.site()["id"]), second_fleek.post(BY_TEAM, 200, team=TEAM)):
        assert list(answer.json()["data"].values()) == [None]
        assert [error["errorType"] for error in answer.json().get("errors", [])] == ([kind] if kind else [])


def test_the_api_answers_its_own_name(sandbox):
    response = sandbox.session.post(
        f"{sandbox.url}/graphql",
        json={"query": "{ __typename }"},
        timeout=10,
        headers={"Host": "api.fleek.co", "authorization": KEY},
    )
    assert response.json() == {"data": {"__typename": "Query"}}


def test_the_sample_of_the_docs_has_a_brace_too_many(sandbox):
    response = sandbox.session.post(
        f"{sandbox.url}/graphql",
        data='{"query": "{ __typename }"}}',
        timeout=10,
        headers={"Authorization": KEY, "Content-Type": "application/json"},
    )
    assert response.status_code == 400
    assert response.json()["errors"][0]["errorType"] == "MalformedHttpRequestException"


@pytest.mark.parametrize("choice, status", [("any", 200), ("json", 415)])
def test_the_content_type(sandbox, fleek, choice, status):
    sandbox.switch(fleek_content_type=choice)
    assert fleek.post("{ __typename }", status, headers={"Content-Type": "text/plain"}).content
    assert fleek.post("{ __typename }", 200, headers={"Content-Type": "application/json; charset=utf-8"})


# errors


@pytest.mark.parametrize("choice, errors", [("null", 0), ("null_with_error", 1)])
def test_unknown_ids_are_null(sandbox, fleek, choice, errors):
    sandbox.switch(fleek_unknown_id=choice)
    for query in (
        NOBODY,
        '{ getSiteBySlug(slug: "nobody") { id } }',
        '{ getSitesByTeam(teamId: "x") { nextToken } }',
        '{ getDeploysBySite(siteId: "x") { nextToken } }',
        'mutation { triggerDeploy(siteId: "x") { id } }',
        f'mutation {{ retryDeploy(siteId: "{fleek.site()["id"]}", deployId: "x") {{ id }} }}',
        'mutation { purgeCache(input: {siteId: "x"}) }',
    ):
        answer = fleek.post(query, 200).json()
        assert list(answer["data"].values()) == [None]
        assert len(answer.get("errors", [])) == errors


def test_a_slug_is_not_an_id(fleek):
    assert fleek.ask(BY_ID, id=SLUG) is None
    assert fleek.ask(BY_SLUG, slug=fleek.site()["id"]) is None


@pytest.mark.parametrize("status", [200, 400, 401])
def test_the_status_of_a_failed_field_and_partial_data(sandbox, fleek, status):
    sandbox.switch(fleek_error_status=status, fleek_unknown_id="null_with_error")
    answer = fleek.post(
        f'{{ getSiteById(siteId: "x") {{ id }} mine: getSiteBySlug(slug: "{SLUG}") {{ slug }} }}', status
    ).json()
    assert answer["data"] == {"getSiteById": None, "mine": {"slug": SLUG}}
    [error] = answer["errors"]
    assert (error["path"], error["errorType"], error["message"]) == (["getSiteById"], "NotFound", "Site not found")
    assert error["locations"] == [{"line": 1, "column": 3}]
    assert fleek.post("{ __typename }", 200)


@pytest.mark.parametrize("status", [200, 400])
def test_the_status_of_a_query_that_does_not_fit(sandbox, fleek, status):
    sandbox.switch(fleek_validation_status=status)
    answer = fleek.post("{ getSiteById(siteId: 1) { nothing } }", status).json()
    assert answer["errors"][0]["errorType"] == "ValidationError"
    assert ("data" in answer) == (status == 200)
    assert fleek.post("query ($x: ID!) { getSiteById(siteId: $x) { id } }", status).json()["errors"]


@pytest.mark.parametrize(
    "form, key, value",
    [("appsync", "errorType", "ValidationError"), ("apollo", "extensions", {"code": "GRAPHQL_VALIDATION_FAILED"})],
)
def test_the_form_of_errors(sandbox, fleek, form, key, value):
    sandbox.switch(fleek_error_form=form)
    [error] = fleek.errors("{ nothing }")
    assert error[key] == value and len({"errorType", "extensions"} & set(error)) == 1


# sites


def test_the_seeded_site(fleek):
    site = fleek.site()
    deploy = site["publishedDeploy"]
    assert (site["name"], site["slug"], site["platform"], site["teamId"]) == (SLUG, SLUG, "ipfs", TEAM)
    assert site["team"] == {"id": TEAM, "name": "sandbox"} and site["description"] is None
    assert site["deploySettings"] == {
        "autoPublishing": True,
        "prDeployPreviews": False,
        "dfinityUseProxy": None,
        "source": {
            "__typename": "Repository",
            "type": "GITHUB",
            "url": "https://github.com/sandbox/hello-fleek",
            "branch": "main",
        },
    }
    assert site["buildSettings"]["environmentVariables"] == []
    assert site["latestDeploy"] == deploy
    assert (deploy["status"], deploy["published"], deploy["autoPublish"]) == ("DEPLOYED", True, True)
    assert re.fullmatch(r"[0-9a-f]{40}", deploy["repository"]["commit"])
    assert {key: deploy["repository"][key] for key in ("branch", "owner", "name", "message")} == {
        "branch": "main",
        "owner": "sandbox",
        "name": "hello-fleek",
        "message": "Initial commit",
    }
    for moment in (site["createdAt"], deploy["startedAt"], deploy["completedAt"]):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", moment)
    assert deploy["totalTime"] == 42000 and deploy["previewImage"].endswith(".png")
    assert fleek.ask(BY_TEAM, team=TEAM) == {"nextToken": None, "sites": [{"slug": SLUG}]}


def test_the_seeded_site_is_deployed_whatever_the_switches_say(sandbox, fleek):
    sandbox.admin(
        "POST", "reset", {"switches": {"fleek_deploy_result": "failed"}, "settings": {"fleek_build_seconds": 10**9}}
    )
    assert fleek.site()["publishedDeploy"]["status"] == "DEPLOYED"


def test_a_site_from_a_repository(fleek):
    build = {
        "buildCommand": "make",
        "publishDirectoryPath": "out",
        "dockerImage": "node:20",
        "environmentVariables": [{"name": "A", "value": "1"}, {"name": "B"}],
    }
    site = fleek.add(githubSource=GITHUB, buildSettings=build)
    assert re.fullmatch(r"[a-z]+-[a-z]+-\d{4}", site["name"]) and site["slug"] == site["name"]
    assert site["buildSettings"] == {
        **build,
        "baseDirectoryPath": None,
        "environmentVariables": [{"name": "A", "value": "1"}, {"name": "B", "value": None}],
    }
    assert site["deploySettings"]["source"] == {
        "__typename": "Repository",
        "type": "GITHUB",
        "url": GITHUB["url"],
        "branch": "main",
    }
    assert site["publishedDeploy"] is None and site["latestDeploy"] is None and site["updatedAt"] is None
    deploy = fleek.deploy(site)
    assert (deploy["repository"]["owner"], deploy["repository"]["name"]) == ("ada", "blog")
    assert fleek.page(site["slug"]).status_code == 200


@pytest.mark.parametrize("choice, deploys", [("waits", 0), ("deploys", 1)])
def test_whether_a_new_site_is_deployed(sandbox, fleek, choice, deploys):
    sandbox.switch(fleek_new_site=choice)
    assert len(fleek.deploys(fleek.add(githubSource=GITHUB))["deploys"]) == deploys


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"githubSource": GITHUB, "ipfsSource": {"cid": "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn"}},
        {"ipfsSource": {"cid": "nonsense"}},
    ],
)
def test_a_site_needs_one_good_source(sandbox, fleek, fields):
    answer = fleek.post(
        "mutation ($input: AddSiteInput!) { addSite(input: $input) { id } }",
        200,
        input={"teamId": TEAM, "platform": "ipfs", **fields},
    ).json()
    assert answer["data"] == {"addSite": None} and answer["errors"][0]["errorType"] == "BadRequestException"
    assert len(sandbox.admin("GET", "state")["fleek"]["sites"]) == 1


def test_deploy_settings_change_only_as_given(sandbox, fleek):
    before = fleek.site()
    after = fleek.edit(before, autoPublishing=False, prDeployPreviews=True, dfinityUseProxy=True)
    assert after["deploySettings"] == {
        **before["deploySettings"],
        "autoPublishing": False,
        "prDeployPreviews": True,
        "dfinityUseProxy": True,
    }
    after = fleek.edit(before, repositoryBranch="next")
    assert after["deploySettings"]["source"]["branch"] == "next" and not after["deploySettings"]["autoPublishing"]
    assert after["updatedAt"] and len(fleek.deploys(before)["deploys"]) == 1
    source = fleek.edit(before, githubSource=GITHUB)["deploySettings"]["source"]
    assert (source["url"], source["branch"]) == (GITHUB["url"], "main")
    cid = fleek.upload({"index.html": b"x"})
    assert fleek.edit(before, ipfsSource={"cid": cid})["deploySettings"]["source"] == {
        "__typename": "IpfsSource",
        "cid": cid,
    }
    [error] = fleek.errors(
        "mutation ($input: EditDeploySettings!) { editDeploySettings(input: $input) { id } }",
        input={"siteId": before["id"], "repositoryBranch": "main"},
    )
    assert "repositoryBranch" in error["message"]


@pytest.mark.parametrize("choice, value", [("returned", "s3cret"), ("null", None)])
def test_whether_values_of_build_variables_are_answered(sandbox, fleek, choice, value):
    sandbox.switch(fleek_env_values=choice)
    site = fleek.add(githubSource=GITHUB, buildSettings={"environmentVariables": [{"name": "A", "value": "s3cret"}]})
    assert site["buildSettings"]["environmentVariables"] == [{"name": "A", "value": value}]
    assert "s3cret" in fleek.deploy(site)["log"]


def test_sites_of_platform_dfinity_have_no_hash(fleek):
    site = fleek.add(platform="dfinity", githubSource=GITHUB)
    assert (site["platform"], bool(site["dfinityCanisterId"])) == ("dfinity", True)
    deploy = fleek.deploy(site)
    assert (deploy["status"], deploy["published"], deploy["ipfsHash"]) == ("DEPLOYED", True, None)
    assert fleek.page(site["slug"]).status_code == 404
