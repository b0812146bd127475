# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hasura Cloud's clients and changes of variables, with prepared responses."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    LostAnswer,
    PaasError,
    WaitFailed,
)
from ansible_collections.webops.paas.plugins.module_utils._core.wait import WRITE_ATTEMPTS, Patience
from ansible_collections.webops.paas.plugins.module_utils._hasura import api, env
from ansible_collections.webops.paas.plugins.module_utils._hasura.tenants import TenantClient
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor

TENANT_ID = "7a79cf94-0e53-4520-a560-1b02bf522f08"
ENDPOINT = "https://shop.hasura.app/v1/graphql"


class FakeClock:
    def __init__(self):
        self.slept = []

    def monotonic(self):
        return sum(self.slept)

    def sleep(self, seconds):
        self.slept.append(seconds)

    def random(self):
        return 0.5


class ControlPlane:
    """An Http that returns the columns that a token can read, or prepared responses."""

    def __init__(self, unseen=(), quote='"', answers=None):
        self.unseen = unseen
        self.quote = quote
        self.answers = answers or {}
        self.documents = []
        self.redactor = Redactor()
        self.confirmed_writes = []

    def request(self, method, path, *, operation, body, **more):
        self.documents.append(body["query"])
        for kind, column in self.unseen:
            if re.search(rf"\b{column}\b", body["query"]):
                message = f"field {self.quote}{column}{self.quote} not found in type: '{kind}'"
                return SimpleNamespace(status=200, data={"errors": [{"message": message}]})
        return SimpleNamespace(status=200, data={"data": {operation: self.answers.get(operation)}})

    def refusal(self, method, path, *, operation, answer):
        return ApiError(
            f"Hasura {operation} failed: {answer.data['errors'][0]['message']}.",
            operation=operation,
            status=200,
            code="invalid",
            platform_code="validation-failed",
        )


@pytest.mark.parametrize("quote", ["'", '"'])
def test_columns_that_a_token_does_not_see_are_not_asked_for_again(quote):
    """The known types are those of the console, which can read more."""
    http = ControlPlane(
        [("tenant", "active_status_reason"), ("projects", "plan_name"), ("tenant", "created_at")],
        quote,
        {
            "tenant_by_pk": {
                "id": TENANT_ID,
                "slug": "shop",
                "cloud": "aws",
                "project": {"id": "p", "endpoint": ENDPOINT, "name": "shop"},
            }
        },
    )
    client = api.HasuraClient(http)
    view = api.tenant_view(client.tenant_by_pk(TENANT_ID))
    assert (view["name"], view["cloud"], view["plan"], view["created_at"]) == ("shop", "aws", None, None)
    asked = len(http.documents)
    client.tenants()
    assert len(http.documents) == asked + 1 == 5
    assert not re.search("active_status_reason|plan_name|created_at", http.documents[-1])


@pytest.mark.parametrize("kind,column", [("tenant", "slug"), ("query_root", "tenant"), ("tenant_bool_exp", "region")])
def test_other_fields_that_are_missing_are_an_error(kind, column):
    http = ControlPlane([(kind, column)])
    with pytest.raises(ApiError) as raised:
        api.HasuraClient(http).tenants()
    assert len(http.documents) == 1 and ("invalid token" in str(raised.value)) is (kind == "query_root")


def test_a_mutation_that_answers_nothing_is_no_success():
    client = TenantClient(ControlPlane())
    for call in (
        lambda: client.create_tenant(cloud="aws", region="us-east-2"),
        lambda: client.update_tenant_name(TENANT_ID, "shop"),
        lambda: client.update_tenant_env(TENANT_ID, "0", {"A": "1"}),
    ):
        with pytest.raises(ApiError) as raised:
            call()
        assert raised.value.code == "no_result"


@pytest.mark.parametrize(
    "message,code,is_told",
    [
        ("field 'tenant' not found in type: 'query_root'", "validation-failed", True),
        ('field "deleteTenant" not found in type: "mutation_root"', "validation-failed", True),
        ("no mutations exist", "validation-failed", True),
        ("no such type exists in the schema: 'tenant_bool_exp'", "validation-failed", True),
        ("no such type exists in the schema: 'UpdateEnvsObject'", "validation-failed", False),
        ("Authentication hook unauthorized this request", None, True),
        ("restricted", "access-denied", True),
        ("'createTenant' has no argument named 'envs'", "validation-failed", False),
    ],
)
def test_what_a_wrong_token_gets_to_hear(message, code, is_told):
    assert (api.hint(message, code) is not None) is is_told


def test_two_matches_are_listed():
    found = [
        {"id": number, "slug": f"shop-{number}", "cloud": "aws", "region": "r", "project": {"name": "shop"}}
        for number in "12"
    ]
    with pytest.raises(PaasError, match=r"2 tenants match name shop: 1 \(shop, aws r.*; 2 \(shop.*tenant_id"):
        api.only(found, "name shop")
    assert api.only(found[:1], "") is found[0] and api.only([], "") is None


def test_a_url_without_a_path_is_completed():
    assert api.HasuraClient.complete_url("https://data.pro.hasura.io") == api.HasuraClient.DEFAULT_URL
    assert api.HasuraClient.complete_url("http://localhost:1/x") == "http://localhost:1/x"


# -- variables ---------------------------------------------------------------------------------------------------------


def test_variables_of_both_floors_are_one():
    found = env.Env.of(
        {"hash": "h", "envVars": {"HASURA_GRAPHQL_ENABLE_CONSOLE": True, "LEVEL": 1, "environment": {"OWN": "x"}}}
    )
    assert found.texts == {"HASURA_GRAPHQL_ENABLE_CONSOLE": "true", "LEVEL": "1", "OWN": "x"}
    assert env.Env.of({"hash": "h", "envVars": {"A": "1"}}).values == {"A": "1"}
    assert env.Env.of({"hash": "h", "envVars": {"A": "1", "environment": None}}).values == {"A": "1"}


def test_a_meaning_is_not_mixed_up_with_another():
    found = env.Env("h", {"YES": True, "ONE": 1, "TEXT": "true", "DATA": {"a": [1, True]}})
    wanted = {"YES": "1", "ONE": "true", "TEXT": " true", "DATA": '{"a": [1, true] }', "NEW": "x"}
    assert found.spelled(wanted) == {**wanted, "DATA": '{"a":[1,true]}'}
    assert found.spelled({"YES": " true", "DATA": "{"}) == {"YES": "true", "DATA": "{"}


class Writer:
    """A client with other writers: before each of its writes, the next of their changes is applied."""

    def __init__(self, *theirs, fail=()):
        self.values = {"OWN": "0", "THEIRS": "0"}
        self.theirs = list(theirs)
        self.fail = list(fail)
        self.writes = 0
        self.hash = 0

    def explanation(self, _tenant_id):
        return ""

    def get_tenant_env(self, _tenant_id):
        return {"hash": str(self.hash), "envVars": dict(self.values)}

    def update_tenant_env(self, tenant_id, current_hash, values):
        self.writes += 1
        if self.theirs:
            self.values.update(self.theirs.pop(0))
            self.hash += 1
        failures, self.fail = self.fail[:1], self.fail[1:]
        for error in failures:
            if not isinstance(error, LostAnswer):
                raise error
        if current_hash != str(self.hash):
            raise ApiError("somebody came first", status=200, code="refused")
        self.values.update(values)
        self.hash += 1
        for error in failures:
            raise error
        return self.get_tenant_env(tenant_id)

    def delete_tenant_env(self, tenant_id, current_hash, names):
        assert current_hash == str(self.hash)
        self.values = {name: text for name, text in self.values.items() if name not in names}
        self.hash += 1
        return self.get_tenant_env(tenant_id)


def changed(client, wanted, absent=(), purge=False):
    def decide(now):
        to_set = {name: text for name, text in wanted.items() if now.texts.get(name) != text}
        return env.Changes(to_set, [name for name in now.texts if name in absent or purge and name not in wanted])

    return env.change_env(client, TENANT_ID, env.read_env(client, TENANT_ID), decide, FakeClock())


def test_whoever_came_first_is_kept():
    client = Writer({"THEIRS": "1"}, {"THEIRS": "2"})
    assert changed(client, {"OWN": "1"}).values == {"OWN": "1", "THEIRS": "2"} and client.writes == 3


def test_what_another_has_done_is_not_done_again():
    client = Writer({"OWN": "1"})
    assert changed(client, {"OWN": "1"}).values["OWN"] == "1" and client.writes == 1


def test_a_purge_takes_what_has_come_in_the_meantime():
    assert changed(Writer({"NEWER": "1"}), {"OWN": "1"}, purge=True).values == {"OWN": "1"}


def test_a_lost_answer_is_answered_by_reading():
    client = Writer(fail=[LostAnswer("lost", code="lost_response")])
    assert changed(client, {"OWN": "1"}, absent=["THEIRS"]).values == {"OWN": "1"} and client.writes == 1


def test_somebody_who_always_comes_first_ends_it():
    client = Writer(*({"THEIRS": str(number)} for number in range(1, 100)))
    with pytest.raises(ApiError, match="somebody came first"):
        changed(client, {"OWN": "1"})
    assert client.writes == WRITE_ATTEMPTS and client.values["OWN"] == "0"


@pytest.mark.parametrize(
    "error",
    [
        ApiError("no", status=200, code="refused"),
        ApiError("no", status=403, code="forbidden"),
        ApiError("no", status=429, code="rate_limited"),
        ApiError("no", code="deadline"),
    ],
)
def test_what_is_refused_for_itself_is_not_sent_again(error):
    client = Writer(fail=[error])
    with pytest.raises(ApiError):
        changed(client, {"OWN": "1"})
    assert client.writes == 1


# -- backups -----------------------------------------------------------------------------------------------------------


def backup_of(path, *attempts):
    """The content of the file after these attempts of one task, each (variables, names to set, names to remove)."""
    options = {"backup_path": str(path), "restore_from": str(path)}
    backup = env.EnvBackup(options, TENANT_ID)
    for values, to_set, to_remove in attempts:
        backup.write(env.Env("h", values), env.Changes(dict.fromkeys(to_set, "new"), list(to_remove)))
    kept = env.EnvBackup.to_restore(options)
    return kept["values"], kept["absent"]


def test_within_a_task_the_last_value_that_was_not_its_own_is_kept(tmp_path):
    """The first attempt was refused, because another writer was faster."""
    attempts = [({"A": "1", "B": "1"}, "AN", "B"), ({"A": "2", "B": "1"}, "AN", "B")]
    assert backup_of(tmp_path / "file", *attempts) == ({"A": "2", "B": "1"}, ["N"])


def test_within_a_task_what_was_done_already_stays_known(tmp_path):
    """The update was accepted, and the removal was not."""
    assert backup_of(
        tmp_path / "file", ({"A": "1", "B": "1"}, "AN", "B"), ({"A": "new", "B": "1", "N": "new"}, "", "B")
    ) == ({"A": "1", "B": "1"}, ["N"])


def test_over_tasks_the_first_value_is_kept(tmp_path):
    backup_of(tmp_path / "file", ({"A": "1"}, "AN", ""))
    assert backup_of(tmp_path / "file", ({"A": "2", "N": "2", "C": "1"}, "ANC", "")) == ({"A": "1", "C": "1"}, ["N"])


def test_a_worker_of_an_old_environment_is_waited_for():
    rows = [
        [],
        [{"hash": "older", "message": env.CONFIGURED}],
        [{"hash": "old", "message": env.CONFIGURED}],
        [{"hash": "new", "message": "Configuring"}],
        [{"hash": "new", "message": env.CONFIGURED}],
    ]
    client = SimpleNamespace(
        config_status=lambda _id: rows.pop(0), tenant_by_pk=lambda _id: {"active": True}, http=ControlPlane()
    )
    env.wait_for_workers(client, TENANT_ID, {"old", "older"}, Patience(FakeClock(), 60, 1))
    assert not rows


@pytest.mark.parametrize("quote", ["'", '"'])
def test_workers_that_a_token_does_not_see_are_not_waited_for(quote):
    client = env.EnvClient(ControlPlane([("query_root", "config_status")], quote))
    clock = FakeClock()
    env.wait_for_workers(client, TENANT_ID, {"old", "older"}, Patience(clock, 60, 1))
    assert not clock.slept


def test_a_tenant_that_sleeps_has_no_worker_to_wait_for():
    clock = FakeClock()
    asleep = {"active": False, "active_status_reason": "unused"}
    client = env.EnvClient(ControlPlane(answers={"config_status": [], "tenant_by_pk": asleep}))
    env.wait_for_workers(client, TENANT_ID, (), Patience(clock, 60, 1))
    with pytest.raises(WaitFailed, match="no worker.*unused.*dashboard"):
        env.wait_for_workers(client, TENANT_ID, {"old", "older"}, Patience(clock, 60, 1))
    assert not clock.slept
