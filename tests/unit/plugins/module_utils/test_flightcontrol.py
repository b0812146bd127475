# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flightcontrol's client beyond the contract suite: responses that no server should send, and files."""

from __future__ import annotations

import json

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, LostAnswer
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.api import error_text, message_of
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.deployments import failures, is_done
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.env import Memory
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.hooks import Hook, HooksClient
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.invalidations import (
    InvalidationsClient,
    invalidation_view,
)
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.jobs import JobsClient
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.scaling import ScalingClient
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.services import ServicesClient
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.responses import Response

SECRET = "canary0123456789"
HOOK = f"https://app.flightcontrol.dev/api/deploy-hook/1234/{SECRET}"


class FakeHttp:
    """Returns the next of the given responses to each request, or raises it.

    asked: (method, URL, credential, further arguments) of each request.
    """

    def __init__(self, *answers, base_url="https://api.flightcontrol.dev", auth="the key"):
        self.answers = list(answers)
        self.base_url, self.auth = base_url, auth
        self.redactor = Redactor()
        self.confirmed_writes = []
        self.asked = []

    def at(self, base_url, auth=None):
        other = FakeHttp(base_url=base_url, auth=auth)
        other.answers, other.asked = self.answers, self.asked
        return other

    def request(self, method, path, **more):
        self.asked.append((method, self.base_url + path, self.auth, more))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        found = Response(200, {}, b"")
        found.data = answer
        return found


class Client(ServicesClient, HooksClient, ScalingClient, InvalidationsClient, JobsClient):
    """The requests of these tests."""


def client(*answers):
    return Client(FakeHttp(*answers))


# -- services ----------------------------------------------------------------------------------------------------------


def page(ids, more):
    return {"services": [{"id": name} for name in ids], "hasMore": more}


def test_pages_follow_what_was_answered_and_not_what_was_asked_for():
    """A server that returns fewer services than requested, and a service that moves to the next page meanwhile."""
    asking = client(page("ab", True), page("bc", True), page("d", False))
    assert [service["id"] for service in asking.list_services(projectId="p", type=None)] == ["a", "b", "c", "d"]
    queries = [more["query"] for _method, _url, _auth, more in asking.http.asked]
    assert queries == [{"projectId": "p", "skip": skip, "take": 100} for skip in (0, 2, 4)]


@pytest.mark.parametrize("stuck", [page("", True), page("ab", True)])
def test_pages_that_bring_nothing_new_end(stuck):
    asking = client(page("ab", True), stuck, stuck)
    with pytest.raises(ApiError) as caught:
        list(asking.list_services())
    assert caught.value.code == "endless_pages" and len(asking.http.asked) == 2
    assert caught.value.details["operation"] == "getServices"


def test_a_last_page_may_be_empty():
    assert [service["id"] for service in client(page("a", True), page("", False)).list_services()] == ["a"]


# -- deploy hooks ------------------------------------------------------------------------------------------------------


def hook(url=HOOK):
    return Hook("hook_url", url, Redactor())


@pytest.mark.parametrize("success", [True, "true", "True"])
def test_a_hook_gets_no_credential(success):
    asking = client({"success": success, "deploymentId": "d"})
    assert asking.trigger(hook(), branch="main", force=True) == "d"
    ((method, url, auth, more),) = asking.http.asked
    assert (method, url, auth) == ("GET", HOOK, None) and more["idempotent"] is False
    assert more["query"] == {"branch": "main", "force": "true"}
    assert asking.http.confirmed_writes == ["triggerDeployHook"]


def test_a_preview_hook_has_pull_request_and_commit_in_its_path():
    asking = client({"success": "true", "deploymentId": "d"})
    asking.trigger(hook(HOOK + "/"), pr_number=7, commit="0123456", force=False)
    ((_method, url, _auth, more),) = asking.http.asked
    assert url == f"{HOOK}/7/0123456" and more["query"] == {}


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"success": False},
        {"success": "false", "deploymentId": "d"},
        {"success": True},
        {"success": None, "message": SECRET},
    ],
)
def test_a_hook_that_did_not_trigger_is_no_success_and_no_secret(answer):
    asking = client(answer)
    known = Hook("hook_url", HOOK, asking.http.redactor)
    with pytest.raises(ApiError) as caught:
        asking.trigger(known)
    assert (
        caught.value.code == "not_triggered"
        and SECRET not in str(caught.value)
        and SECRET not in str(caught.value.details)
    )
    assert not asking.http.confirmed_writes


def test_a_lost_answer_says_what_may_have_happened():
    asking = client(LostAnswer("It was lost.", code="lost_response"), LostAnswer("It was lost.", code="lost_response"))
    for call, text in (
        (lambda: asking.trigger(hook()), "A deployment may have been triggered"),
        (lambda: asking.create_job_execution("s", "cleanup"), "The job may have been started"),
    ):
        with pytest.raises(LostAnswer) as caught:
            call()
        assert str(caught.value).startswith("It was lost. ") and text in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        SECRET,
        f"{HOOK}/7/0123456",
        f"{HOOK}?force=true",
        f"{HOOK}#x",
        f"{HOOK} {SECRET}",
        HOOK.replace("https", "http"),
        HOOK.replace("app.", f"user:{SECRET}@app."),
    ],
)
def test_a_hook_that_is_none_is_refused_without_being_quoted(url):
    with pytest.raises(InvalidInput) as caught:
        hook(url)
    assert SECRET not in str(caught.value)


def test_white_space_around_a_hook_is_none_of_it():
    found = hook(f" {HOOK}\n")
    assert (found.base_url, found.path) == ("https://app.flightcontrol.dev", f"/api/deploy-hook/1234/{SECRET}")


# -- answers in many forms ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer,status,completed",
    [
        ({"status": "InProgress"}, "InProgress", False),
        ({"status": "COMPLETED"}, "COMPLETED", True),
        ({"Id": "I", "Status": "Completed"}, "Completed", True),
        ({"invalidation": {"id": "i", "status": "completed"}}, "completed", True),
        ({"Invalidation": {"Status": "InProgress"}}, "InProgress", False),
        ({"status": 200, "invalidation": {"status": "InProgress"}}, "InProgress", False),
        ({}, None, None),
        (None, None, None),
        ([], None, None),
        ("Completed", None, None),
        ({"status": None}, None, None),
    ],
)
def test_the_status_of_an_invalidation(answer, status, completed):
    assert invalidation_view("i", answer) == {"id": "i", "status": status, "completed": completed}


@pytest.mark.parametrize(
    "error,text",
    [
        (None, None),
        ("", None),
        ("text", "text"),
        ({"message": "m"}, "m"),
        ({"error": "e"}, "e"),
        ({"x": 1}, '{"x": 1}'),
        ({"BUILD_ERROR": "no", "hint": "fix"}, "BUILD_ERROR: no; hint: fix"),
        ([{"BUILD_ERROR": "no"}, "late", None, [{"message": "m"}]], "BUILD_ERROR: no; late; m"),
        ([], None),
        ({}, None),
    ],
)
def test_an_error_is_a_text_or_none(error, text):
    assert error_text(error) == text


@pytest.mark.parametrize(
    "answer,text",
    [([{"message": "m"}], "m"), ({"message": "m"}, "m"), ([], None), (None, None), ("x", None), ([1], None)],
)
def test_the_message_of_an_edit(answer, text):
    assert message_of(answer) == text


# -- when a deployment has ended ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status,services,done",
    [
        ("SUCCESS", ["SUCCESS", "NO_CHANGE"], True),
        ("SUCCESS", ["SUCCESS", "DEPLOYING"], False),
        ("NO_CHANGE", [], True),
        ("INPROGRESS", ["SUCCESS"], False),
        ("IN_PROGRESS", ["ERROR"], False),
        ("VERIFYING", ["SUCCESS"], False),
        ("BUILD_ERROR", ["PENDING_DEPENDENCY"], True),
        ("Cancelled", [], True),
        (None, [], False),
    ],
)
def test_when_a_deployment_is_done(status, services, done):
    assert is_done({"status": status, "serviceDeployments": [{"status": service} for service in services]}) is done


def test_a_service_that_failed_counts_although_the_deployment_succeeded():
    found = {
        "status": "SUCCESS",
        "environmentGivenId": "production",
        "serviceDeployments": [
            {"status": "ERROR", "error": {"message": f"no {SECRET}"}, "service": {"serviceGivenId": "web"}}
        ],
    }
    redactor = Redactor()
    redactor.add_quoted(SECRET)
    assert failures(found, redactor.clean_quote) == ["production, web: ERROR (no ********)"]


def test_canceled_services_come_after_the_one_that_is_the_reason():
    services = [
        {"status": status, "error": error, "service": {"serviceGivenId": name}}
        for name, status, error in (
            ("worker", "CANCELLED", None),
            ("web", "BUILD_ERROR", [{"BUILD_ERROR": "Something broke"}]),
            ("db", "NO_CHANGE", None),
        )
    ]
    found = {"status": "BUILD_ERROR", "environmentGivenId": "production", "serviceDeployments": services}
    assert failures(found, str) == [
        "production, web: BUILD_ERROR (BUILD_ERROR: Something broke)",
        "production, worker: CANCELLED",
    ]


# -- the memory of variables -------------------------------------------------------------------------------------------


def memory(tmp_path, target="environment:e"):
    return Memory(str(tmp_path / "sent.json"), target)


VARIABLES = {"A": ("plain_text", "1"), "B": ("from_service", {"id": "db", "value": "url"})}


def test_a_memory_has_marks_and_no_values(tmp_path):
    ours = memory(tmp_path)
    assert ours.sent(VARIABLES) == {}
    ours.remember(VARIABLES)
    assert ours.sent(VARIABLES) == VARIABLES and ours.sent({}) == {"A": None, "B": None}
    content = json.loads((tmp_path / "sent.json").read_text())
    assert content.keys() == {"format", "salt", "sent"} and all(
        len(mark) == 64 for mark in content["sent"]["environment:e"].values()
    )
    for other in (("plain_text", "2"), ("parameter_store", "1")):
        assert ours.sent({"A": other})["A"] is None
    assert memory(tmp_path, "service:e").sent(VARIABLES) == {}


def test_equal_values_have_different_marks(tmp_path):
    """Otherwise the file would reveal which variables are equal, here and in other environments."""
    for target in ("environment:e", "environment:f"):
        memory(tmp_path, target).remember({"A": ("plain_text", "1"), "B": ("plain_text", "1")})
    sent = json.loads((tmp_path / "sent.json").read_text())["sent"]
    assert len({mark for marks in sent.values() for mark in marks.values()}) == 4


def test_the_salt_is_kept_and_each_file_has_its_own(tmp_path):
    salts = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        memory(tmp_path / name).remember(VARIABLES)
        memory(tmp_path / name).remember({"C": ("plain_text", "3")})
        salts.append(json.loads((tmp_path / name / "sent.json").read_text())["salt"])
        assert memory(tmp_path / name).sent(VARIABLES) == {**VARIABLES, "C": None}
    assert salts[0] != salts[1]


def test_without_a_path_nothing_is_known():
    nothing = Memory(None, "environment:e")
    nothing.check()
    nothing.remember(VARIABLES)
    assert nothing.sent(VARIABLES) == {}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"format": 2, "salt": "a", "sent": {}}',
        '{"format": 1, "salt": 1, "sent": {}}',
        '{"format": 1, "salt": "a", "sent": {"e": {"A": 1}}}',
        '{"format": 1, "salt": "a", "sent": []}',
    ],
)
def test_a_file_of_somebody_else_is_left_alone(tmp_path, content):
    (tmp_path / "sent.json").write_text(content)
    with pytest.raises(InvalidInput):
        memory(tmp_path).check()
    assert (tmp_path / "sent.json").read_text() == content
