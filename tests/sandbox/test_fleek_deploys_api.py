# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleek: deploys, sources from IPFS, pages, purging."""

from __future__ import annotations

import pathlib
import re

import pytest
from fleek_client import BY_TEAM, GITHUB, KEY, SLUG, TEAM
from sandbox_client import ROOT

# deploys


def test_a_deploy_passes_through_its_states(sandbox, fleek):
    sandbox.admin("PATCH", "settings", {"fleek_queue_seconds": 10, "fleek_build_seconds": 20})
    site = fleek.site()
    queued = fleek.trigger(site)
    assert (queued["status"], queued["startedAt"], queued["log"], queued["published"]) == (
        "IN_PROGRESS",
        None,
        None,
        False,
    )
    sandbox.advance(11)
    running = fleek.site()["latestDeploy"]
    assert (running["id"], running["status"]) == (queued["id"], "IN_PROGRESS")
    assert running["startedAt"] and "npm run build" in running["log"] and "complete" not in running["log"]
    assert (running["completedAt"], running["ipfsHash"], running["totalTime"], running["previewImage"]) == (None,) * 4
    assert fleek.site()["publishedDeploy"] == site["publishedDeploy"]
    sandbox.advance(20)
    site = fleek.site()
    done = site["publishedDeploy"]
    assert (done["id"], done["status"], done["published"], done["totalTime"]) == (queued["id"], "DEPLOYED", True, 30000)
    assert done["completedAt"] and done["ipfsHash"] and done["log"].endswith("Deploy complete\n")
    assert [deploy["published"] for deploy in fleek.deploys(site)["deploys"]] == [True, False]


@pytest.mark.parametrize("result", ["deployed", "failed", "cancelled", "timed_out"])
def test_how_deploys_end(sandbox, fleek, result):
    sandbox.switch(fleek_deploy_result=result)
    before = fleek.site()["publishedDeploy"]
    deploy = fleek.deploy(fleek.site())
    assert (deploy["status"], bool(deploy["completedAt"])) == (result.upper(), True)
    assert deploy["published"] == bool(deploy["ipfsHash"]) == bool(deploy["previewImage"]) == (result == "deployed")
    assert (fleek.site()["publishedDeploy"]["id"] == before["id"]) == (result != "deployed")
    sandbox.switch(fleek_deploy_result="deployed")
    assert fleek.site()["latestDeploy"]["status"] == result.upper()


def test_the_published_schema_lacks_the_new_status(sandbox, fleek):
    values = '{ __type(name: "DeployStatus") { enumValues { name } } }'
    assert "TIMED_OUT" not in str(fleek.ask(values))
    sandbox.switch(fleek_deploy_result="timed_out")
    assert "TIMED_OUT" in str(fleek.ask(values))


def test_without_auto_publishing_nothing_moves(fleek):
    site = fleek.edit(fleek.site(), autoPublishing=False)
    deploy = fleek.deploy(site)
    assert (deploy["status"], deploy["published"], deploy["autoPublish"]) == ("DEPLOYED", False, False)
    after = fleek.site()
    assert after["publishedDeploy"] == site["publishedDeploy"] and after["latestDeploy"]["id"] == deploy["id"]


def test_a_trigger_without_a_commit_takes_the_branchs_head(fleek):
    site = fleek.site()
    first = site["publishedDeploy"]["repository"]["commit"]
    pushed = fleek.push(site, message="Fix it", trigger=False)
    assert pushed["deploy"] is None and pushed["branch"] == "main" and pushed["commit"] != first
    for reference in (
        (),
        ("",),
        (None,),
        ("HEAD",),
        (pushed["commit"],),
        (pushed["commit"][:7],),
        (pushed["commit"][:9].upper(),),
    ):
        assert fleek.deploy(site, *reference)["repository"] == {
            "commit": pushed["commit"],
            "branch": "main",
            "owner": "sandbox",
            "name": "hello-fleek",
            "message": "Fix it",
        }
    assert fleek.deploy(site, first)["repository"]["commit"] == first


@pytest.mark.parametrize("choice", ["resolved", "as_given"])
def test_which_commit_a_deploy_names(sandbox, fleek, choice):
    sandbox.switch(fleek_commit_answer=choice)
    site = fleek.site()
    head = site["publishedDeploy"]["repository"]["commit"]
    for reference in ("HEAD", head[:8]):
        deploy = fleek.deploy(site, reference)
        assert deploy["repository"]["commit"] == (head if choice == "resolved" else reference)
        assert deploy["status"] == "DEPLOYED"
    assert fleek.deploy(site, "")["repository"]["commit"] == head


@pytest.mark.parametrize("choice", ["failed_deploy", "error"])
@pytest.mark.parametrize("commit", ["0" * 40, "abc", "no-such-thing"])
def test_a_commit_that_does_not_exist(sandbox, fleek, choice, commit):
    sandbox.switch(fleek_unknown_commit=choice)
    site = fleek.site()
    if choice == "error":
        [error] = fleek.errors(
            "mutation ($s: ID!, $c: String) { triggerDeploy(siteId: $s, commit: $c) { id } }", s=site["id"], c=commit
        )
        assert commit in error["message"] and len(fleek.deploys(site)["deploys"]) == 1
    else:
        deploy = fleek.deploy(site, commit)
        assert (deploy["status"], deploy["repository"]["commit"]) == ("FAILED", commit)
        assert deploy["log"].endswith(f"reference is not a tree: {commit}\n")
        assert fleek.retry(site, deploy)["status"] == "IN_PROGRESS"
        sandbox.advance(1)
        assert fleek.site()["latestDeploy"]["status"] == "FAILED"


@pytest.mark.parametrize("choice", ["deploy", "null"])
def test_a_trigger_may_answer_null(sandbox, fleek, choice):
    sandbox.switch(fleek_trigger_result=choice)
    site = fleek.site()
    assert (fleek.trigger(site) is None) == (choice == "null")
    assert len(fleek.deploys(site)["deploys"]) == (1 if choice == "null" else 2)


@pytest.mark.parametrize("choice, deploys", [("new_deploy", 3), ("same_deploy", 2)])
def test_a_retry(sandbox, fleek, choice, deploys):
    sandbox.switch(fleek_retry=choice, fleek_deploy_result="failed")
    site = fleek.site()
    failed = fleek.deploy(site)
    sandbox.switch(fleek_deploy_result="deployed")
    pushed = fleek.push(site, trigger=False)
    again = fleek.retry(site, failed)
    assert (again["id"] == failed["id"]) == (choice == "same_deploy")
    assert (again["status"], again["completedAt"], again["log"]) == ("IN_PROGRESS", None, None)
    sandbox.advance(1)
    newest, *_others = everything = fleek.deploys(site)["deploys"]
    assert (newest["id"], newest["status"], newest["published"]) == (again["id"], "DEPLOYED", True)
    assert newest["repository"] == failed["repository"] and newest["repository"]["commit"] != pushed["commit"]
    assert len(everything) == deploys


@pytest.mark.parametrize("choice", ["accepted", "refused"])
def test_a_retry_of_what_needs_none(sandbox, fleek, choice):
    sandbox.switch(fleek_retry_of_success=choice)
    site = fleek.site()
    retry = "mutation ($s: ID!, $d: ID!) { retryDeploy(siteId: $s, deployId: $d) { id } }"
    answer = fleek.post(retry, s=site["id"], d=site["publishedDeploy"]["id"]).json()
    assert ("errors" in answer) == (choice == "refused")
    running = fleek.trigger(site)
    assert "in progress" in fleek.errors(retry, s=site["id"], d=running["id"])[0]["message"]
    other = fleek.add(githubSource=GITHUB)
    assert fleek.ask(retry, s=other["id"], d=running["id"]) is None


def test_a_push_moves_the_latest_deploy(sandbox, fleek):
    site = fleek.site()
    mine = fleek.trigger(site)
    pushed = fleek.push(site)
    assert fleek.site()["latestDeploy"]["id"] == pushed["deploy"] != mine["id"]
    sandbox.advance(1)
    published = fleek.site()["publishedDeploy"]
    assert (published["id"], published["repository"]["commit"]) == (pushed["deploy"], pushed["commit"])
    assert [deploy["id"] for deploy in fleek.deploys(site)["deploys"][:2]] == [pushed["deploy"], mine["id"]]


def test_a_push_to_another_branch_is_a_preview_if_wanted(sandbox, fleek):
    site = fleek.site()
    assert fleek.push(site, branch="topic")["deploy"] is None
    fleek.edit(site, prDeployPreviews=True)
    pushed = fleek.push({"id": SLUG}, branch="topic", message="Try it")
    sandbox.advance(1)
    after = fleek.site()
    preview = after["latestDeploy"]
    assert (preview["id"], preview["status"], preview["published"], preview["autoPublish"]) == (
        pushed["deploy"],
        "DEPLOYED",
        False,
        False,
    )
    assert (preview["repository"]["branch"], preview["repository"]["message"]) == ("topic", "Try it")
    assert after["publishedDeploy"] == site["publishedDeploy"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"site": "nobody"},
        {"site": SLUG, "branch": 1},
        {"site": SLUG, "trigger": "yes"},
        {"site": SLUG, "other": 1},
        {"site": ["x"]},
    ],
)
def test_a_wrong_push_is_refused(sandbox, body):
    assert sandbox.admin("POST", "fleek/push", body, expect=400)["error"]
    state = sandbox.admin("GET", "state")["fleek"]
    [branches] = state["repositories"].values()
    assert len(state["deploys"]) == 1 and [len(commits) for commits in branches.values()] == [1]


def test_admin_calls_of_platforms_are_known_by_name_and_method(sandbox):
    sandbox.admin("POST", "fleek/pull", {}, expect=404)
    sandbox.admin("GET", "fleek/push", expect=404)
    sandbox.admin("POST", "netlify/push", {}, expect=404)


def test_logs_can_be_long_and_hold_what_is_secret(sandbox, fleek):
    sandbox.admin("PATCH", "settings", {"fleek_log_lines": 20000})
    sandbox.switch(fleek_deploy_result="failed")
    site = fleek.add(
        githubSource=GITHUB,
        buildSettings={
            "environmentVariables": [
                {"name": "DATABASE_URL", "value": "postgres://u:s3cret@db/x"},
                {"name": "CI", "value": "1"},
            ]
        },
    )
    lines = fleek.deploy(site)["log"].splitlines()
    assert len(lines) > 20000
    assert lines[-1].startswith("Error: ") and "s3cret" in "\n".join(lines[-5:]) and "s3cret" in "\n".join(lines[:9])


# sources from IPFS


def test_an_ipfs_site_publishes_the_cid_of_its_settings(fleek):
    first, second_fleek = (fleek.upload({"index.html": text}) for text in (b"one", b"two"))
    site = fleek.add(ipfsSource={"cid": first})
    deploy = fleek.deploy(site)
    assert (deploy["status"], deploy["ipfsHash"]) == ("DEPLOYED", first)
    assert set(deploy["repository"].values()) == {None}
    assert fleek.page(site["slug"]).content == b"one"
    fleek.edit(site, ipfsSource={"cid": second_fleek})
    assert fleek.page(site["slug"]).content == b"one"
    assert fleek.deploy(site)["ipfsHash"] == second_fleek
    response = fleek.page(site["slug"])
    assert response.content == b"two" and response.headers["x-ipfs-roots"] == second_fleek


@pytest.mark.parametrize("cid", ["QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n", None])
def test_a_cid_that_nobody_has_cannot_be_published(sandbox, fleek, cid):
    known = fleek.upload({"index.html": b"one"})
    site = fleek.add(ipfsSource={"cid": known})
    fleek.deploy(site)
    fleek.edit(site, ipfsSource={"cid": cid})
    deploy = fleek.deploy(site)
    assert (deploy["status"], deploy["ipfsHash"], deploy["published"]) == ("FAILED", None, False)
    assert "CID" in deploy["log"] or cid in deploy["log"]
    assert fleek.page(site["slug"]).content == b"one"


# pages


def test_pages_of_deploys_are_newest_first(sandbox, fleek):
    site = fleek.site()
    ids = [fleek.trigger(site)["id"] for _turn in range(4)][::-1] + [site["publishedDeploy"]["id"]]
    assert read_pages(fleek, site, 2) == [ids[:2], ids[2:4], ids[4:]]
    assert read_pages(fleek, site, 5) == [ids]
    sandbox.admin("PATCH", "settings", {"fleek_page_size": 3})
    assert read_pages(fleek, site, None) == read_pages(fleek, site, 0) == [ids[:3], ids[3:]]


def test_a_token_stands_for_its_place_also_after_a_new_deploy(fleek):
    site = fleek.site()
    fleek.trigger(site)
    first = fleek.deploys(site, limit=1)
    fleek.trigger(site)
    second_fleek = fleek.deploys(site, limit=5, nextToken=first["nextToken"])
    assert [deploy["id"] for deploy in second_fleek["deploys"]] == [site["publishedDeploy"]["id"]]


def test_pages_may_be_short(sandbox, fleek):
    sandbox.switch(fleek_paging="short_pages")
    site = fleek.site()
    ids = [fleek.trigger(site)["id"] for _turn in range(2)][::-1] + [site["publishedDeploy"]["id"]]
    assert read_pages(fleek, site, 1) == [[ids[0]], [], [ids[1]], [], [ids[2]]]


def test_a_token_may_be_repeated_for_ever(sandbox, fleek):
    site = fleek.site()
    fleek.trigger(site)
    sandbox.switch(fleek_paging="repeated_token")
    token = fleek.deploys(site, limit=1)["nextToken"]
    assert token
    assert fleek.deploys(site, limit=1, nextToken=token)["nextToken"] == token


def test_pages_of_sites(fleek):
    slugs = [SLUG, *(fleek.add(githubSource=GITHUB)["slug"] for _turn in range(2))]
    first = fleek.ask(BY_TEAM, team=TEAM, limit=2)
    second_fleek = fleek.ask(BY_TEAM, team=TEAM, limit=2, nextToken=first["nextToken"])
    assert [site["slug"] for site in first["sites"] + second_fleek["sites"]] == slugs and second_fleek[
        "nextToken"
    ] is None


@pytest.mark.parametrize("token", ["x", "e30=", "bnVsbA==", "eyJhZnRlciI6IDF9"])
def test_a_token_that_was_never_given_is_refused(fleek, token):
    assert fleek.errors(BY_TEAM, team=TEAM, nextToken=token)[0]["message"] == "Invalid nextToken"


def read_pages(fleek, site, limit):
    pages, token = [], None
    while True:
        page = fleek.deploys(site, limit=limit, nextToken=token)
        pages.append([deploy["id"] for deploy in page["deploys"]])
        token = page["nextToken"]
        if token is None:
            return pages


# purging


@pytest.mark.parametrize("choice", ["purged_by_deploy", "until_purged"])
def test_the_cdn(sandbox, fleek, choice):
    sandbox.switch(fleek_cdn=choice)
    site = fleek.site()
    pushed = fleek.push(site)
    sandbox.advance(1)
    assert fleek.site()["publishedDeploy"]["repository"]["commit"] == pushed["commit"]
    assert (pushed["commit"] in fleek.page(SLUG).text) == (choice == "purged_by_deploy")
    assert fleek.purge(site) is True
    assert pushed["commit"] in fleek.page(SLUG).text
    assert sandbox.admin("GET", "state")["fleek"]["sites"][0]["purges"] == 1


# the sandbox around it


def test_state_and_status_page(sandbox, fleek):
    site = fleek.add(githubSource={**GITHUB, "url": "https://github.com/a/<script>"})
    deploy = fleek.deploy(site)
    state = sandbox.admin("GET", "state")["fleek"]
    assert [entry["slug"] for entry in state["sites"]] == [SLUG, site["slug"]]
    assert state["sites"][1]["published_deploy_id"] == deploy["id"] == state["deploys"][1]["id"]
    assert state["deploys"][1]["ipfs_hash"] == deploy["ipfsHash"]
    page = sandbox.page("127.0.0.1").text
    assert f'href="http://{site["slug"]}.fleek.localhost:{sandbox.port}/"' in page
    assert f'href="http://127.0.0.1:{sandbox.port}/ipfs/{deploy["ipfsHash"]}/"' in page
    assert "<script>" not in page and KEY not in page and "triggerDeploy" in page


def test_reset_brings_the_seed_back_with_the_same_ids(sandbox, fleek):
    before = fleek.site()
    fleek.add(githubSource=GITHUB)
    fleek.push(before)
    fleek.edit(before, autoPublishing=False)
    sandbox.admin("POST", "reset", {})
    after = fleek.site()
    assert (after["id"], after["latestDeploy"]["id"]) == (before["id"], before["latestDeploy"]["id"])
    assert after["deploySettings"]["autoPublishing"] and len(fleek.ask(BY_TEAM, team=TEAM)["sites"]) == 1


def test_every_switch_and_setting_is_tested_and_the_guide_names_no_other(sandbox):
    text = "".join(file.read_text(encoding="utf-8") for file in pathlib.Path(__file__).parent.glob("test_fleek*.py"))
    names = [
        name for kind in ("switches", "settings") for name in sandbox.admin("GET", kind) if name.startswith("fleek_")
    ]
    assert len(names) > 20 and [name for name in names if name not in text] == []
    guide = (ROOT / "docs" / "docsite" / "rst" / "sandbox_guide.rst").read_text(encoding="utf-8")
    assert set(re.findall(r"``(fleek_\w+)``", guide)) <= set(names)
