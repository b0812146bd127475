# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleek's client, and the rules of its sites, with prepared responses."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._fleek.api import FleekClient
from ansible_collections.webops.paas.plugins.module_utils._fleek.deploys import DeploysClient, is_commit
from ansible_collections.webops.paas.plugins.module_utils._fleek.logs import Log
from ansible_collections.webops.paas.plugins.module_utils._fleek.sites import (
    SitesClient,
    check_kind_of_source,
)
from ansible_collections.webops.paas.plugins.module_utils._fleek.sources import SAME_CID, SAME_REPOSITORY, check_cid
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._kernel.task import reconcile
from ansible_collections.webops.paas.plugins.modules.fleek_auth_info import AuthInfo
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.fleek_answers import (
    CID_0,
    CID_1,
    OTHER_CID,
    OTHER_SHA,
    SHA,
    FakeHttp,
    deploy,
    is_,
    listed,
    refused,
)

# -- client ------------------------------------------------------------------------------------------------------------


def test_the_key_is_sent_as_it_is():
    assert FleekClient.credential("a2V5==").headers == {"Authorization": "a2V5=="}


def test_a_url_without_a_path_gets_the_usual_one():
    assert FleekClient.complete_url("https://fleek.example.com") == "https://fleek.example.com/graphql"
    assert FleekClient.complete_url("https://example.com/api") == "https://example.com/api"


@pytest.mark.parametrize("answer", [is_(None), refused("Site not found", "NotFound"), refused("no such site", None)])
def test_not_found_with_and_without_an_error(answer):
    assert FleekClient(FakeHttp(answer)).get_site("site-1") is None


@pytest.mark.parametrize(
    "error",
    [
        ApiError("answered 404: Not Found", status=404, code="not_found"),
        ApiError("host not found", status=None, code="unreachable"),
    ],
)
def test_an_address_that_is_not_found_is_no_missing_site(error):
    with pytest.raises(ApiError):
        FleekClient(FakeHttp(error)).get_site("site-1")


def test_pages_go_on_over_an_empty_one():
    http = FakeHttp(listed(deploy(3), token="a"), listed(token="b"), listed(deploy(1)))
    assert [found["id"] for found in DeploysClient(http).list_deploys("site-1")] == ["deploy-3", "deploy-1"]
    assert [variables["nextToken"] for _operation, variables in http.asked] == [None, "a", "b"]


def test_a_token_that_repeats_ends_the_list_with_an_error():
    http = FakeHttp(listed(deploy(1), token="a"))
    with pytest.raises(ApiError) as caught:
        list(DeploysClient(http).list_deploys("site-1"))
    assert caught.value.code == "endless_pages" and len(http.asked) == 2


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_commit_is_not_sent(empty):
    http = FakeHttp(is_({"id": "deploy-1", "status": "IN_PROGRESS"}))
    DeploysClient(http).trigger_deploy("site-1", empty)
    assert http.asked == [("triggerDeploy", {"siteId": "site-1"})]


@pytest.mark.parametrize("answer", [None, False])
def test_a_purge_that_was_not_done_is_an_error(answer):
    with pytest.raises(ApiError) as caught:
        SitesClient(FakeHttp(is_(answer))).purge_cache("site-1")
    assert caught.value.code == "nothing_made"


# -- key ---------------------------------------------------------------------------------------------------------------


def ask_for_the_key(answer):
    http = FakeHttp(answer)
    return reconcile(AuthInfo({}, FleekClient(http), http.clock, None), False, False)


@pytest.mark.parametrize(
    "answer",
    [
        ApiError("answered 401 (is the token right, and not expired?)", status=401, code="unauthorized"),
        ApiError(
            "You are not authorized to make this call.",
            status=400,
            code="invalid",
            platform_code="UnauthorizedException",
        ),
        refused("You are not authorized to make this call.", "UnauthorizedException"),
        refused("wrong", "UNAUTHENTICATED"),
    ],
)
def test_a_refused_key_is_a_result(answer):
    outcome = ask_for_the_key(answer)
    assert outcome["valid"] is False and outcome["reason"]


def test_other_failures_say_nothing_about_the_key():
    with pytest.raises(ApiError):
        ask_for_the_key(ApiError("answered 403", status=403, code="forbidden"))


# -- what is the same --------------------------------------------------------------------------------------------------


def test_both_versions_of_a_cid_are_the_same():
    assert not SAME_CID.differs(CID_0, CID_1)
    assert not SAME_CID.differs(CID_1, CID_1.upper().replace("B", "b", 1))
    assert SAME_CID.differs(CID_0, OTHER_CID)
    assert SAME_CID.differs(None, CID_0)


@pytest.mark.parametrize(
    "text", ["", "hello", "ipfs://" + CID_0, "/ipfs/" + CID_1, CID_0[:-1], CID_1 + "!", "b" + "a" * 40]
)
def test_what_is_no_cid_is_refused(text):
    with pytest.raises(InvalidInput):
        check_cid("cid", text)


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
    assert not SAME_REPOSITORY.differs("https://github.com/example/shop", url)


def test_other_repositories_differ():
    assert SAME_REPOSITORY.differs("https://github.com/example/shop", "https://github.com/example/shop2")
    assert SAME_REPOSITORY.differs("https://github.com/example/shop", "https://example.com/example/shop")


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
    assert is_commit(wanted, deploy(1, commit=commit)) is same


# -- logs --------------------------------------------------------------------------------------------------------------


def test_a_log_is_masked_by_value_and_by_name_and_then_cut():
    log = Log(
        Redactor(),
        [{"name": "API_SECRET", "value": "canary-1"}, {"name": "HIDDEN", "value": None}, {"name": "ONE", "value": "1"}],
    )
    lines = log.end(
        "begin\n\x1b[31mexport API_SECRET=canary-1\x1b[0m\nHIDDEN: 'canary two'\n"
        "curl https://example.com/?k=canary%2D1\n"
        '"HIDDEN": "canary three"\n[1/10] MY_HIDDEN=seen\n' + "x" * 600 + "\n\n",
        6,
    )
    assert len(lines) == 6 and "canary" not in "".join(lines)
    assert lines[0] == "export API_SECRET=********" and lines[2] == "curl https://example.com/?k=********"
    assert lines[4] == "[********/10] MY_HIDDEN=seen" and lines[5] == "x" * 500


def test_no_log_is_an_empty_one():
    log = Log(Redactor(), [])
    assert log.end(None, 20) == [] and log.end("a", 0) == []


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
        SitesClient(http).site_from_source(params)
    assert "one (1), two (2)" in caught.value.message
    assert SitesClient(http).site_from_source({**params, "repository_branch": "next"}) is None


@pytest.mark.parametrize("kind,option", [("ipfs", "repository_branch"), ("github", "cid")])
def test_a_source_of_another_kind_is_refused(kind, option):
    params = {**dict.fromkeys(("repository_url", "repository_branch", "cid")), option: "x"}
    with pytest.raises(PaasError) as caught:
        check_kind_of_source({"slug": "one", "source_type": kind}, params)
    assert option in caught.value.message
