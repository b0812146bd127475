# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment variables and old deploys with other writers, or a platform that does not apply what it accepts."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, LostAnswer, PaasError
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._kernel.task import reconcile
from ansible_collections.webops.paas.plugins.module_utils._netlify import deploys, env
from ansible_collections.webops.paas.plugins.modules.netlify_env_vars import EnvVars


class FakeClock:
    def __init__(self):
        self.slept = 0.0

    def monotonic(self):
        return self.slept

    def sleep(self, seconds):
        self.slept += seconds


class Client:
    PLATFORM = "Netlify"

    def __init__(self):
        self.http = self
        self.redactor = Redactor()
        self.clock = FakeClock()
        self.writes = []


# -- environment variables ---------------------------------------------------------------------------------------------


class Variables(Client):
    """meanwhile: {name of a write: another client's change just before it, once}."""

    def __init__(self, **texts):
        super().__init__()
        self.rows = {}
        for key, text in texts.items():
            self.put({"key": key, "values": [{"context": "all", "value": text}]})
        self.meanwhile = {}

    def put(self, body):
        self.rows[body["key"]] = {"is_secret": False, "scopes": list(env.SCOPES), **body}
        return self.rows[body["key"]]

    def texts(self):
        return {key: row["values"][0]["value"] for key, row in self.rows.items()}

    def list_env_vars(self, account, site_id):
        return list(self.rows.values())

    def create_env_vars(self, account, variables, site_id):
        self.begin("create", [body["key"] for body in variables])
        taken = [body["key"] for body in variables if body["key"] in self.rows]
        if taken:
            raise ApiError(f"{taken[0]} already exists", status=409, code="conflict")
        return [self.put(body) for body in variables]

    def update_env_var(self, account, key, variable, site_id):
        self.begin("update", [key])
        if key not in self.rows:
            raise ApiError("Not Found", status=404, code="not_found")
        return self.put(variable)

    def delete_env_var(self, account, key, site_id):
        self.begin("delete", [key])
        self.rows.pop(key, None)

    def begin(self, name, keys):
        self.writes.append((name, *keys))
        self.meanwhile.pop(name, lambda: None)()


def declare(client, always=False, secrets=(), **texts):
    params = {
        "site": None,
        "account_slug": "team",
        "env_vars": None,
        "variables": [
            {"key": key, "value": text, "values": None, "scopes": None, "is_secret": key in secrets or None}
            for key, text in texts.items()
        ],
        "update_secrets": "always" if always else "on_create",
        "absent": None,
        "purge": False,
        "protect": None,
    }
    return reconcile(EnvVars(params, client, client.clock, print), check_mode=False, want_diff=True)["env_vars"]


def test_what_somebody_else_has_created_is_changed_and_the_rest_created():
    client = Variables()
    client.meanwhile["create"] = lambda: client.put({"key": "A", "values": [{"context": "all", "value": "theirs"}]})
    result = declare(client, A="1", B="2")
    assert client.texts() == {"A": "1", "B": "2"} and result["names"] == ["A", "B"]
    assert client.writes == [("create", "A", "B"), ("create", "B"), ("update", "A")]


def test_what_somebody_else_has_deleted_is_created_again():
    client = Variables(A="0")
    client.meanwhile["update"] = client.rows.clear
    declare(client, A="1")
    assert client.texts() == {"A": "1"} and client.writes == [("update", "A"), ("create", "A")]


def test_a_refusal_that_nobody_else_caused_is_told_and_not_tried_again():
    client = Variables()

    def refuse():
        raise ApiError("No.", status=422, code="invalid")

    client.meanwhile["create"] = refuse
    with pytest.raises(ApiError, match="^No.$"):
        declare(client, A="1")
    assert client.writes == [("create", "A")]


def test_a_creation_whose_answer_is_lost_is_looked_up():
    client = Variables()

    def create_and_lose():
        client.put({"key": "A", "values": [{"context": "all", "value": "1"}]})
        raise LostAnswer("lost", status=None, code="lost_response")

    client.meanwhile["create"] = create_and_lose
    declare(client, A="1")
    assert client.writes == [("create", "A")] and client.clock.slept > 0


def test_secrets_are_sent_once_a_run_even_with_always():
    client = Variables(A="0")
    client.rows["A"]["is_secret"] = True
    declare(client, A="1", B="2", secrets=("A", "B"), always=True)
    assert client.writes == [("create", "B"), ("update", "A")]
    assert client.rows["B"]["scopes"] == list(env.SECRET_SCOPES)


def test_a_change_that_is_accepted_and_not_made_is_an_error():
    client = Variables(A="0")
    client.put = lambda body: client.rows["A"]
    with pytest.raises(PaasError, match="Netlify accepted the changes of A but"):
        declare(client, A="1")
    assert client.writes == [("update", "A")]


@pytest.mark.parametrize(
    "scopes, was_secret, is_secret, sent",
    [
        (["builds", "post-processing"], False, None, ["builds", "post-processing"]),
        (["builds", "post_processing"], False, True, ["builds"]),
        (["post_processing"], False, True, ["builds", "functions", "runtime"]),
        (["builds", "functions", "runtime"], True, False, None),
        (["builds"], True, False, ["builds"]),
        (["builds", "functions", "runtime"], True, None, ["builds", "functions", "runtime"]),
    ],
)
def test_scopes_that_are_not_declared(scopes, was_secret, is_secret, sent):
    """Scopes stay, unless a secret cannot have them, or they were only those of a secret."""
    found = env.Variable.of({"key": "A", "values": [], "scopes": scopes, "is_secret": was_secret})
    assert env.Variable("A", {env.EVERYWHERE: "1"}, is_secret=is_secret).body(found).get("scopes") == sent


ALL = frozenset(env.SCOPES)
SOME = frozenset(["builds"])


@pytest.mark.parametrize(
    "declared, before, sent",
    [
        (None, None, None),
        (None, ALL, None),
        (None, SOME, ["builds"]),
        (ALL, None, None),
        (ALL, ALL, None),
        (ALL, SOME, list(env.SCOPES)),
        (SOME, None, ["builds"]),
        (SOME, ALL, ["builds"]),
        (SOME, SOME, ["builds"]),
    ],
)
def test_scopes_are_sent_only_where_not_all_are_meant(declared, before, sent):
    """Plans without granular scopes refuse each request that contains scopes."""
    found = before and env.Variable("A", {env.EVERYWHERE: "0"}, before, False)
    assert env.Variable("A", {env.EVERYWHERE: "1"}, declared).body(found).get("scopes") == sent


def test_values_are_masked_by_place():
    given = [
        {"key": "A", "value": {"a": 1}, "values": None},
        {"key": "all", "values": [{"context": "all", "branch": None, "value": "all"}]},
    ]
    assert env.masked(given) == [
        {"key": "A", "value": "********"},
        {"key": "all", "values": [{"context": "all", "value": "********"}]},
    ]
    assert env.masked(None) is None and env.masked("x") == "********"


# -- old deploys -------------------------------------------------------------------------------------------------------

NOW = 1_800_000_000
PARAMS = {"drafts": True, "releases": True, "branches": ["next"], "states": None, "keep": None, "older_than_days": None}


def deploy(name, days, **more):
    return {
        "id": name,
        "state": "ready",
        "context": "production",
        "created_at": deploys.time_text(NOW - days * deploys.DAY),
        **more,
    }


# Newest first, as Netlify lists them.
DEPLOYS = [
    deploy("building", 0, state="processing"),
    deploy("release 2", 1),
    deploy("draft 2", 2, draft=True, context="deploy-preview"),
    deploy("next 2", 3, branch="next", context="branch-deploy"),
    deploy("main", 3, branch="main", context="branch-deploy"),
    deploy("pull request", 4, branch="next", context="deploy-preview"),
    deploy("failed", 8, state="error"),
    deploy("draft 1", 9, draft=True, context="production"),
    deploy("next 1", 10, branch="next", context="branch-deploy", state="old"),
    deploy("release from next", 11, branch="next"),
    deploy("release 1", 12, state="current"),
]


@pytest.mark.parametrize(
    "params, gone",
    [
        ({"keep": 0}, ["release from next", "next 1", "draft 1", "failed", "next 2", "draft 2", "release 2"]),
        ({"keep": 1}, ["release from next", "next 1", "draft 1", "failed"]),
        ({"older_than_days": 8.5}, ["release from next", "next 1", "draft 1"]),
        ({"older_than_days": 2.5, "keep": 1}, ["release from next", "next 1", "draft 1", "failed"]),
        ({"older_than_days": 10_000_000}, []),
        ({"keep": 0, "states": ["ready"], "drafts": False}, ["release from next", "next 1", "next 2", "release 2"]),
        ({"keep": 0, "states": ["error"]}, ["failed"]),
        ({"keep": 0, "branches": None, "releases": False}, ["draft 1", "draft 2"]),
    ],
)
def test_which_deploys_are_old(params, gone):
    """The live deploy always stays; so do unfinished deploys and previews of pull requests."""
    assert [each["id"] for each in deploys.doomed(DEPLOYS, "release 1", {**PARAMS, **params}, NOW)] == gone


def test_a_release_that_was_rolled_back_counts_as_one_of_the_newest():
    """The live release stays in addition, at any position, so keep never deletes more after a rollback."""
    listed = [deploy("rolled back", 1), deploy("second", 2), deploy("live", 3), deploy("oldest", 4)]
    params = {**PARAMS, "drafts": False, "branches": None}
    gone = {
        keep: [each["id"] for each in deploys.doomed(listed, "live", {**params, "keep": keep}, NOW)]
        for keep in (0, 1, 2, 3)
    }
    assert gone == {0: ["oldest", "second", "rolled back"], 1: ["oldest", "second"], 2: ["oldest"], 3: ["oldest"]}


def test_a_deploy_that_went_live_in_the_meantime_stays():
    client, warnings = Client(), []

    def refuse(_deploy_id):
        raise ApiError("The published deploy cannot be deleted", status=422, code="invalid")

    client.delete_deploy = refuse
    client.get_site = lambda _site: {"published_deploy": {"id": "a"}}
    assert deploys.prune(client, "site", {"id": "a"}, warnings.append) is False
    [warning] = warnings
    assert warning.startswith("The deploy a went live in the meantime")
    with pytest.raises(ApiError, match="cannot be deleted"):
        deploys.prune(client, "site", {"id": "b"}, warnings.append)
