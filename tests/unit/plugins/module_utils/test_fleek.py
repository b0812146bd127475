# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleek's client and the rules of its deploys, on answers that are told beforehand."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    LostAnswer,
    PaasError,
    WaitFailed,
)
from ansible_collections.webops.paas.plugins.module_utils._fleek import api as _fleek
from ansible_collections.webops.paas.plugins.module_utils._fleek import deploys as _fleek_deploys
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._kernel.reconcile import reconcile
from ansible_collections.webops.paas.plugins.modules.fleek_auth_info import AuthInfo
from ansible_collections.webops.paas.plugins.modules.fleek_deploy import Deploy

SHA = "8d1f0b6c3a5e7f9b2d4c6a8e0f1b3d5c7a9e1f2b"
OTHER_SHA = "1b3d5c7a9e1f2b8d1f0b6c3a5e7f9b2d4c6a8e0f"
# One content, as version 0 and as version 1.
CID_0 = "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n"
CID_1 = "bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"
OTHER_CID = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG"


class FakeClock:
    def __init__(self):
        self.slept = []

    def monotonic(self):
        return sum(self.slept)

    def sleep(self, seconds):
        self.slept.append(seconds)


class FakeHttp:
    """Answers with what it was given, one after the other, the last one for ever; asked has (operation, variables) of each call."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.clock = FakeClock()
        self.redactor = Redactor()
        self.confirmed_writes = []

    def request(self, method, path, *, operation, body, **more):
        self.asked.append((operation, body["variables"]))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        errors = {"errors": answer["errors"]} if "errors" in answer else {}
        return SimpleNamespace(status=200, data={"data": {operation: answer.get("data")}, **errors})

    def refusal(self, method, path, *, operation, answer):
        error = answer.data["errors"][0]
        return ApiError(error["message"], operation=operation, status=answer.status, code=error.get("errorType"))

    @property
    def operations(self):
        return [operation for operation, _variables in self.asked]


def is_(data):
    return {"data": data}


def refused(message, kind):
    return {"data": None, "errors": [{"message": message, "errorType": kind}]}


def deploy(number, status="DEPLOYED", commit=SHA, branch="main", published=False, ended=True, **more):
    return {
        "id": f"deploy-{number}",
        "status": status,
        "published": published,
        "completedAt": "2026-11-20T08:16:41.000Z" if ended else None,
        "repository": {"commit": commit, "branch": branch},
        "ipfsHash": None,
        **more,
    }


def building(number, **more):
    return deploy(number, "IN_PROGRESS", ended=False, **more)


def site(published=None, latest=None, cid=None, auto=True):
    source = (
        {"__typename": "IpfsSource", "cid": cid}
        if cid
        else {"__typename": "Repository", "type": "GITHUB", "url": "x", "branch": "main"}
    )
    return {
        "id": "site-1",
        "slug": "calm-king-1",
        "publishedDeploy": published,
        "latestDeploy": latest or published,
        "deploySettings": {"autoPublishing": auto, "source": source},
    }


def latest(found):
    return is_({"id": "site-1", "latestDeploy": found})


def listed(*deploys, token=None):
    return is_({"deploys": list(deploys), "nextToken": token})


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
    return reconcile(Deploy(options, _fleek.FleekClient(http), http.clock, None), False, False)


# -- client ------------------------------------------------------------------------------------------------------------


def test_the_key_is_sent_as_it_is():
    request = SimpleNamespace(headers={})
    _fleek.FleekClient.credential("a2V5==")(request)
    assert request.headers == {"Authorization": "a2V5=="}


def test_a_url_without_a_path_gets_the_usual_one():
    assert _fleek.FleekClient.complete_url("https://fleek.example.com") == "https://fleek.example.com/graphql"
    assert _fleek.FleekClient.complete_url("https://example.com/api") == "https://example.com/api"


@pytest.mark.parametrize("answer", [is_(None), refused("Site not found", "NotFound"), refused("no such site", None)])
def test_not_found_with_and_without_an_error(answer):
    assert _fleek.FleekClient(FakeHttp(answer)).get_site("site-1") is None


@pytest.mark.parametrize(
    "error",
    [ApiError("answered 404: Not Found", status=404), ApiError("host not found", status=None, code="unreachable")],
)
def test_an_address_that_is_not_found_is_no_missing_site(error):
    with pytest.raises(ApiError):
        _fleek.FleekClient(FakeHttp(error)).get_site("site-1")


def test_pages_go_on_over_an_empty_one():
    http = FakeHttp(listed(deploy(3), token="a"), listed(token="b"), listed(deploy(1)))
    assert [found["id"] for found in _fleek.FleekClient(http).list_deploys("site-1")] == ["deploy-3", "deploy-1"]
    assert [variables["nextToken"] for _operation, variables in http.asked] == [None, "a", "b"]


def test_a_token_that_repeats_ends_the_list_with_an_error():
    http = FakeHttp(listed(deploy(1), token="a"))
    with pytest.raises(ApiError) as caught:
        list(_fleek.FleekClient(http).list_deploys("site-1"))
    assert caught.value.code == "endless_pages" and len(http.asked) == 2


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_commit_is_not_sent(empty):
    http = FakeHttp(is_({"id": "deploy-1", "status": "IN_PROGRESS"}))
    _fleek.FleekClient(http).trigger_deploy("site-1", empty)
    assert http.asked == [("triggerDeploy", {"siteId": "site-1"})]


@pytest.mark.parametrize("answer", [None, False])
def test_a_purge_that_was_not_done_is_an_error(answer):
    with pytest.raises(ApiError) as caught:
        _fleek.FleekClient(FakeHttp(is_(answer))).purge_cache("site-1")
    assert caught.value.code == "nothing_made"


# -- key ---------------------------------------------------------------------------------------------------------------


def ask_for_the_key(answer):
    http = FakeHttp(answer)
    return reconcile(AuthInfo({}, _fleek.FleekClient(http), http.clock, None), False, False)


@pytest.mark.parametrize(
    "answer",
    [
        ApiError("answered 401 (is the token right, and not expired?)", status=401),
        ApiError("You are not authorized to make this call.", status=400, code="UnauthorizedException"),
        refused("You are not authorized to make this call.", "UnauthorizedException"),
        refused("wrong", "UNAUTHENTICATED"),
    ],
)
def test_a_refused_key_is_a_result(answer):
    outcome = ask_for_the_key(answer)
    assert outcome["valid"] is False and outcome["reason"]


def test_other_failures_say_nothing_about_the_key():
    with pytest.raises(ApiError):
        ask_for_the_key(ApiError("answered 403", status=403))


# -- what is the same --------------------------------------------------------------------------------------------------


def test_both_versions_of_a_cid_are_the_same():
    assert not _fleek.SAME_CID.differs(CID_0, CID_1)
    assert not _fleek.SAME_CID.differs(CID_1, CID_1.upper().replace("B", "b", 1))
    assert _fleek.SAME_CID.differs(CID_0, OTHER_CID)
    assert _fleek.SAME_CID.differs(None, CID_0)


@pytest.mark.parametrize(
    "text", ["", "hello", "ipfs://" + CID_0, "/ipfs/" + CID_1, CID_0[:-1], CID_1 + "!", "b" + "a" * 40]
)
def test_what_is_no_cid_is_refused(text):
    with pytest.raises(InvalidInput):
        _fleek.check_cid("cid", text)


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/Example/Shop",
        "https://github.com/example/shop.git",
        "git@github.com:example/shop.git",
        "https://github.com/example/shop/",
    ],
)
def test_a_repository_may_be_written_in_many_ways(url):
    assert not _fleek.SAME_REPOSITORY.differs("https://github.com/example/shop", url)


def test_other_repositories_differ():
    assert _fleek.SAME_REPOSITORY.differs("https://github.com/example/shop", "https://github.com/example/shop2")
    assert _fleek.SAME_REPOSITORY.differs("https://github.com/example/shop", "https://example.com/example/shop")


@pytest.mark.parametrize(
    "wanted,commit,same",
    [
        (SHA, SHA, True),
        (SHA[:7], SHA, True),
        (SHA.upper(), SHA, True),
        (SHA, SHA[:7], True),
        (SHA, OTHER_SHA, False),
        (SHA, "HEAD", False),
        (SHA, None, False),
        (SHA, SHA[:6], False),
    ],
)
def test_commits_are_compared_by_their_first_digits(wanted, commit, same):
    assert _fleek_deploys.is_commit(wanted, deploy(1, commit=commit)) is same


# -- logs --------------------------------------------------------------------------------------------------------------


def test_a_log_is_masked_by_value_and_by_name_and_then_cut():
    log = _fleek.Log(
        Redactor(),
        [{"name": "API_SECRET", "value": "canary-1"}, {"name": "HIDDEN", "value": None}, {"name": "ONE", "value": "1"}],
    )
    lines = log.end(
        "begin\n\x1b[31mexport API_SECRET=canary-1\x1b[0m\nHIDDEN: 'canary two'\ncurl https://example.com/?k=canary%2D1\n"
        '"HIDDEN": "canary three"\n[1/10] MY_HIDDEN=seen\n' + "x" * 600 + "\n\n",
        6,
    )
    assert len(lines) == 6 and "canary" not in "".join(lines)
    assert lines[0] == "export API_SECRET=********" and lines[2] == "curl https://example.com/?k=********"
    assert lines[4] == "[********/10] MY_HIDDEN=seen" and lines[5] == "x" * 500


def test_no_log_is_an_empty_one():
    log = _fleek.Log(Redactor(), [])
    assert log.end(None, 20) == [] and log.end("a", 0) == []


# -- deploys -----------------------------------------------------------------------------------------------------------


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
    error = failing("FAILED", ApiError("answered 500", status=500))
    assert "FAILED" in error.message and "answered 500" in error.message and error.results["deploy"]["log"] is None


def test_a_status_that_nobody_knows_is_not_waited_for_for_ever():
    http = FakeHttp(is_(site()), is_({"id": "deploy-1", "status": "QUEUED"}), latest(deploy(1, "QUEUED", ended=False)))
    with pytest.raises(WaitFailed) as caught:
        run(http, commit=SHA)
    assert "QUEUED" in caught.value.message and caught.value.results["deploy"]["status"] == "QUEUED"


@pytest.mark.parametrize("answer", [is_(None), refused("internal", "InternalFailure")])
def test_a_deploy_that_was_started_all_the_same_is_followed(answer):
    """Null, or errors beside it, do not tell that nothing was started."""
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
        LostAnswer("lost"),
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
        is_(site(latest=failed)), listed(failed), LostAnswer("lost"), listed(*since), latest(deploy(since[0]["id"][-1]))
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
    """Unlike where auto publishing is off, it will be published."""
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


# -- sites -------------------------------------------------------------------------------------------------------------


def test_several_sites_of_one_source_are_listed():
    source = {"deploySettings": {"source": {"url": "https://github.com/example/shop", "branch": "main"}}}
    http = FakeHttp(
        is_({"sites": [{"id": "1", "slug": "one", **source}, {"id": "2", "slug": "two", **source}], "nextToken": None})
    )
    params = {
        "cid": None,
        "repository_url": "https://github.com/example/shop",
        "repository_branch": "main",
        "team_id": "team",
    }
    with pytest.raises(PaasError) as caught:
        _fleek.site_from_source(_fleek.FleekClient(http), params)
    assert "one (1), two (2)" in caught.value.message
    assert _fleek.site_from_source(_fleek.FleekClient(http), {**params, "repository_branch": "next"}) is None


@pytest.mark.parametrize("kind,option", [("ipfs", "repository_branch"), ("github", "cid")])
def test_a_source_of_another_kind_is_refused(kind, option):
    params = {**dict.fromkeys(("repository_url", "repository_branch", "cid")), option: "x"}
    with pytest.raises(PaasError) as caught:
        _fleek.check_kind_of_source({"slug": "one", "source_type": kind}, params)
    assert option in caught.value.message
