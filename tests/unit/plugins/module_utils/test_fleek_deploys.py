# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of Fleek's deploys, with prepared responses."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    LostAnswer,
    PaasError,
    WaitFailed,
)
from ansible_collections.webops.paas.plugins.module_utils._fleek.deploys import DeploysClient
from ansible_collections.webops.paas.plugins.module_utils._kernel.task import reconcile
from ansible_collections.webops.paas.plugins.modules.fleek_deploy import Deploy
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.fleek_answers import (
    CID_0,
    CID_1,
    OTHER_CID,
    OTHER_SHA,
    SHA,
    FakeHttp,
    building,
    deploy,
    is_,
    latest,
    listed,
    refused,
    site,
)


def run(http, **params):
    options = {
        "site": "calm-king-1",
        "site_id": None,
        "commit": None,
        "force": False,
        "retry_deploy_id": None,
        "wait": True,
        "wait_timeout": 60,
        "poll_interval": 1,
        **params,
    }
    return reconcile(Deploy(options, DeploysClient(http), http.clock, None), False, False)


def test_follows_its_own_deploy_when_another_push_comes():
    http = FakeHttp(
        is_(site(deploy(1, commit=OTHER_SHA))),
        listed(deploy(1, commit=OTHER_SHA)),
        is_({"id": "deploy-2", "status": "IN_PROGRESS"}),
        latest(building(2)),
        latest(building(3)),
        listed(building(3), deploy(2, published=True)),
    )
    outcome = run(http, commit=SHA)
    assert outcome["changed"] and outcome["deploy"]["id"] == "deploy-2" and outcome["previous_commit"] == OTHER_SHA


def test_a_deploy_that_is_not_listed_yet_is_waited_for():
    http = FakeHttp(
        is_(site()), is_({"id": "deploy-1", "status": "IN_PROGRESS"}), latest(None), listed(), latest(deploy(1))
    )
    assert run(http, commit=SHA)["deploy"]["status"] == "DEPLOYED"


def failing(status, *answers):
    http = FakeHttp(
        is_(site(deploy(1, commit=OTHER_SHA))),
        listed(),
        is_({"id": "deploy-2", "status": "IN_PROGRESS"}),
        latest(deploy(2, status)),
        *answers,
    )
    with pytest.raises(WaitFailed) as caught:
        run(http, commit=SHA)
    return caught.value


@pytest.mark.parametrize("status", ["FAILED", "CANCELLED", "TIMED_OUT"])
def test_a_bad_end_fails_with_the_end_of_the_log(status):
    log = "".join(f"line {number} canary-1\n" for number in range(100))
    error = failing(
        status,
        is_(
            {
                "latestDeploy": {"id": "deploy-2", "log": log},
                "buildSettings": {"environmentVariables": [{"name": "A", "value": "canary-1"}]},
            }
        ),
    )
    assert (
        status in error.message
        and "line 99 ********" in error.message
        and "line 79" not in error.message
        and "canary" not in str(error.results)
    )
    assert error.results["deploy"]["status"] == status and len(error.results["deploy"]["log"]) == 20
    assert error.results["previous_commit"] == OTHER_SHA


def test_the_log_of_a_deploy_that_is_not_the_latest_is_looked_for_in_the_list():
    error = failing(
        "FAILED",
        is_({"latestDeploy": {"id": "deploy-3", "log": "another"}, "buildSettings": {"environmentVariables": []}}),
        listed({"id": "deploy-3", "log": "another"}, {"id": "deploy-2", "log": "mine"}),
    )
    assert error.results["deploy"]["log"] == ["mine"]


def test_a_bad_end_is_told_also_when_its_log_cannot_be_read():
    error = failing("FAILED", ApiError("answered 500", status=500, code="server_error"))
    assert "FAILED" in error.message and "answered 500" in error.message and error.results["deploy"]["log"] is None


def test_a_status_that_nobody_knows_is_not_waited_for_for_ever():
    http = FakeHttp(is_(site()), is_({"id": "deploy-1", "status": "QUEUED"}), latest(deploy(1, "QUEUED", ended=False)))
    with pytest.raises(WaitFailed) as caught:
        run(http, commit=SHA)
    assert "QUEUED" in caught.value.message and caught.value.results["deploy"]["status"] == "QUEUED"


@pytest.mark.parametrize("answer", [is_(None), refused("internal", "InternalFailure")])
def test_a_deploy_that_was_started_all_the_same_is_followed(answer):
    """Null, with or without errors, does not prove that nothing was started."""
    http = FakeHttp(
        is_(site(deploy(1, commit=OTHER_SHA))),
        listed(deploy(1, commit=OTHER_SHA)),
        answer,
        listed(building(2), deploy(1, commit=OTHER_SHA)),
        latest(deploy(2, published=True)),
    )
    assert run(http, commit=SHA)["deploy"]["id"] == "deploy-2"
    assert http.operations.count("triggerDeploy") == 1


def test_null_and_no_deploy_is_a_failed_trigger():
    http = FakeHttp(is_(site()), is_(None), listed())
    with pytest.raises(ApiError) as caught:
        run(http, commit=SHA)
    assert (
        "did not start" in caught.value.message
        and caught.value.code == "nothing_made"
        and http.operations.count("triggerDeploy") == 1
    )


@pytest.mark.parametrize(
    "since,times",
    [
        ([building(2)], 1),
        ([building(2, commit=None)], 1),
        ([building(2, commit=OTHER_SHA)], 2),
        ([building(2, branch="feature")], 2),
        ([], 2),
    ],
)
def test_after_a_lost_answer_it_is_looked_up(since, times):
    first = deploy(1, commit=SHA, status="FAILED")
    http = FakeHttp(
        is_(site(latest=first)),
        listed(first),
        LostAnswer("lost", code="lost_response"),
        listed(*since, first),
        *([is_({"id": "deploy-2", "status": "IN_PROGRESS"})] if times == 2 else []),
        latest(deploy(2)),
    )
    assert run(http, commit=SHA)["deploy"]["id"] == "deploy-2"
    assert http.operations.count("triggerDeploy") == times


@pytest.mark.parametrize("again", ["same", "new"])
def test_a_lost_retry_is_looked_up(again):
    failed = deploy(1, "FAILED")
    since = [building(1)] if again == "same" else [building(2), failed]
    http = FakeHttp(
        is_(site(latest=failed)),
        listed(failed),
        LostAnswer("lost", code="lost_response"),
        listed(*since),
        latest(deploy(since[0]["id"][-1])),
    )
    assert run(http, retry_deploy_id="deploy-1")["deploy"]["id"] == since[0]["id"]
    assert http.operations.count("retryDeploy") == 1


def test_a_retry_is_needless_when_a_newer_deploy_of_the_commit_did_not_fail():
    http = FakeHttp(
        is_(site()), listed(deploy(4, "FAILED"), deploy(3), deploy(2, commit=OTHER_SHA), deploy(1, "FAILED"))
    )
    outcome = run(http, retry_deploy_id="deploy-1")
    assert not outcome["changed"] and outcome["deploy"]["id"] == "deploy-3"


def test_a_deploy_that_is_not_there_cannot_be_retried():
    with pytest.raises(ApiError) as caught:
        run(FakeHttp(is_(site()), listed(deploy(2))), retry_deploy_id="deploy-1")
    assert caught.value.code == "not_found" and "deploy-1" in caught.value.message


def test_a_preview_of_the_commit_is_not_joined():
    preview = building(2, branch="feature")
    http = FakeHttp(
        is_(site(latest=preview)), listed(preview), is_({"id": "deploy-3", "status": "IN_PROGRESS"}), latest(deploy(3))
    )
    assert run(http, commit=SHA)["changed"]


def test_an_older_release_that_was_replaced_is_deployed_again():
    """Unlike with auto publishing off, it will be published."""
    http = FakeHttp(
        is_(site(deploy(2, commit=OTHER_SHA))),
        listed(deploy(2, commit=OTHER_SHA), deploy(1)),
        is_({"id": "deploy-3"}),
        latest(deploy(3)),
    )
    assert run(http, commit=SHA)["changed"]
    http = FakeHttp(is_(site(deploy(2, commit=OTHER_SHA), auto=False)), listed(deploy(2, commit=OTHER_SHA), deploy(1)))
    assert run(http, commit=SHA)["deploy"]["id"] == "deploy-1"


def test_ipfs_content_that_is_published_is_not_published_again():
    http = FakeHttp(is_(site(deploy(1, commit=None, ipfsHash=CID_0), cid=CID_1)))
    assert not run(http)["changed"]


def test_joined_ipfs_deploy_of_an_older_cid_is_told():
    http = FakeHttp(
        is_(site(latest=building(1, commit=None), cid=CID_0)), latest(deploy(1, commit=None, ipfsHash=OTHER_CID))
    )
    with pytest.raises(WaitFailed) as caught:
        run(http)
    assert caught.value.details["code"] == "other_content" and OTHER_CID in caught.value.message


def test_a_joined_deploy_that_tells_no_cid_counts():
    """On the Internet Computer."""
    http = FakeHttp(is_(site(latest=building(1, commit=None), cid=CID_0)), latest(deploy(1, commit=None)))
    assert not run(http)["changed"]


def test_an_ipfs_site_has_no_commits():
    with pytest.raises(PaasError) as caught:
        run(FakeHttp(is_(site(cid=CID_0))), commit=SHA)
    assert caught.value.details["code"] == "no_commits"


def test_a_site_that_is_not_there_says_what_id_and_slug_are():
    with pytest.raises(ApiError) as caught:
        run(FakeHttp(is_(None)), site_id="calm-king-1")
    assert "slug" in caught.value.message and caught.value.code == "not_found"
