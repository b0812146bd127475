# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Common features of all GraphQL endpoints, tested with Fleek's: operations, the log, faults, introspection."""

from __future__ import annotations

import email.utils
import json
import os
import socket
import subprocess
import time

import pytest
import requests
from fleek_client import KEY
from sandbox_client import SOURCE, sandbox_python

CUT = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)
TRIGGER = "mutation ($site: ID!) { triggerDeploy(siteId: $site) { id status } }"


@pytest.fixture
def site(sandbox, fleek):
    found = fleek.site()
    sandbox.admin("DELETE", "requests")
    return found


def entry(sandbox):
    return sandbox.log()[-1]


def deploys(sandbox):
    return len(sandbox.admin("GET", "state")["fleek"]["deploys"])


@pytest.mark.parametrize(
    "query, operation, write",
    [
        ("{ __typename }", "__typename", False),
        ("{ __schema { queryType { name } } }", "introspection", False),
        ('{ __typename __type(name: "Site") { name } }', "introspection", False),
        ('{ getSiteBySlug(slug: "x") { id } }', "getSiteBySlug", False),
        ('{ __typename mine: getSiteById(siteId: "x") { id } }', "getSiteById", False),
        (
            '{ a: getSiteById(siteId: "x") { id } getSiteBySlug(slug: "x") { id } b: getSiteById(siteId: "y") { id } }',
            "getSiteById+getSiteBySlug",
            False,
        ),
        (
            'query Q { ...F ... on Query { getSiteBySlug(slug: "x") { id } } } '
            'fragment F on Query { getSiteById(siteId: "x") { id } }',
            "getSiteById+getSiteBySlug",
            False,
        ),
        ("{ ...F } fragment F on Query { ...F __typename }", "__typename", False),
        ('mutation { purgeCache(input: {siteId: "x"}) }', "purgeCache", True),
        ("{ nothingLikeThis }", "nothingLikeThis", False),
    ],
)
def test_a_call_is_named_by_its_root_fields(sandbox, fleek, query, operation, write):
    fleek.post(query)
    assert (entry(sandbox)["operation"], entry(sandbox)["write"]) == (operation, write)
    assert entry(sandbox)["json"] == {"query": query, "variables": {}}
    assert entry(sandbox)["headers"]["authorization"] == "<redacted>"


def test_operation_name_chooses(sandbox, fleek):
    both = 'query A { __typename } mutation B { purgeCache(input: {siteId: "x"}) }'
    assert fleek.post(both, 200, operation="A").json() == {"data": {"__typename": "Query"}}
    assert (entry(sandbox)["operation"], entry(sandbox)["write"]) == ("__typename", False)
    fleek.post(both, 200, operation="B")
    assert (entry(sandbox)["operation"], entry(sandbox)["write"]) == ("purgeCache", True)
    for wrong in ({"operation": "C"}, {}):
        assert fleek.post(both, **wrong).json()["errors"]
        assert entry(sandbox)["operation"] == "unreadable"


@pytest.mark.parametrize(
    "body",
    [
        '{"query": "{ __typename }"}}',
        "",
        "[]",
        '"{ __typename }"',
        "null",
        "{}",
        '{"query": 1}',
        '{"query": ""}',
        '{"query": "{ __typename"}',
        '{"query": "{ __typename }", "variables": []}',
        "\udcff",
        '{"query": "{ __typename }", "operationName": 1}',
        '[{"query": "{ __typename }"}]',
        '{"query": "fragment F on Query { __typename }"}',
    ],
)
def test_a_body_that_is_no_query_is_an_error_and_no_crash(sandbox, body):
    response = sandbox.session.post(
        f"{sandbox.url}/graphql",
        data=body.encode("utf-8", "surrogateescape"),
        timeout=10,
        headers={"Authorization": KEY, "Content-Type": "application/json"},
    )
    assert response.status_code in (200, 400) and response.json()["errors"][0]["message"]
    assert entry(sandbox)["operation"] == "unreadable" and entry(sandbox)["status"] == response.status_code


@pytest.mark.parametrize(
    "query, variables, message",
    [
        ("{ getSiteById(siteId: 1.5) { id } }", {}, "ID cannot represent"),
        ("query ($x: ID!) { getSiteById(siteId: $x) { id } }", {}, "$x"),
        ("{ getSiteById { id } }", {}, "siteId"),
        ("{ getSiteBySlug(slug: 1) { id } }", {}, "String cannot represent"),
        ("mutation ($input: PurgeCacheInput!) { purgeCache(input: $input) }", {"input": {"siteId": 1}}, "siteId"),
        ("subscription { deploySubscription }", {}, "subscription"),
    ],
)
def test_what_does_not_fit_the_schema_is_refused(fleek, query, variables, message):
    response = fleek.post(query, 200, **variables).json()
    assert message in response["errors"][0]["message"] and response["data"] is None


def test_introspection_describes_the_schema(fleek):
    types = {
        kind["name"]: kind
        for kind in fleek.ask(
            "{ __schema { types { name kind enumValues { name } fields { name type { kind name } } } } }"
        )["types"]
    }
    assert [value["name"] for value in types["DeployStatus"]["enumValues"]] == [
        "IN_PROGRESS",
        "DEPLOYED",
        "FAILED",
        "CANCELLED",
    ]
    assert all(field["type"]["kind"] != "NON_NULL" for root in ("Query", "Mutation") for field in types[root]["fields"])
    assert types["SiteSource"]["kind"] == "UNION"


def test_any_content_type_is_read(sandbox):
    response = sandbox.session.post(
        f"{sandbox.url}/graphql",
        data='{"query": "{ __typename }"}',
        timeout=10,
        headers={"Authorization": KEY, "Content-Type": "text/plain;charset=UTF-8"},
    )
    assert response.json() == {"data": {"__typename": "Query"}}
    assert entry(sandbox)["operation"] == "__typename"


def test_other_methods_are_refused(sandbox):
    for method in ("GET", "PUT", "DELETE"):
        response = sandbox.page("127.0.0.1", "/graphql?query=%7B__typename%7D", method)
        assert response.status_code == 405 and response.headers["allow"] == "POST" and response.json()["errors"]
        assert entry(sandbox)["operation"] == "unrouted"
    assert sandbox.page("api.fleek.co", "/other", "POST").status_code == 404


def test_a_call_whose_body_never_comes_is_logged_unread(sandbox):
    with socket.create_connection(("127.0.0.1", sandbox.port)) as connection:
        connection.sendall(b'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"query"')
        deadline = time.monotonic() + 5
        while not sandbox.log():
            assert time.monotonic() < deadline
    unread = entry(sandbox)
    assert (unread["platform"], unread["operation"], unread["processed"]) == ("fleek", "", False)


# faults


@pytest.mark.parametrize(
    "kind, details, processed",
    [
        ("cut_before", {}, False),
        ("cut_after", {}, True),
        ("hang_before", {"seconds": 0.1}, False),
        ("hang_after", {"seconds": 0.1}, True),
        ("truncated", {}, True),
    ],
)
def test_cut_calls(sandbox, fleek, site, kind, details, processed):
    before = deploys(sandbox)
    sandbox.fault("triggerDeploy", kind, platform="fleek", **details)
    with pytest.raises(CUT):
        fleek.post(TRIGGER, site=site["id"])
    assert deploys(sandbox) - before == int(processed)
    hit = entry(sandbox)
    assert (hit["fault"], hit["processed"], hit["write"]) == (kind, processed, True)
    assert hit["json"]["variables"] == {"site": site["id"]}


def test_garbled_and_slow(sandbox, fleek, site):
    sandbox.fault("triggerDeploy", "garbled", platform="fleek")
    with pytest.raises(ValueError):
        fleek.post(TRIGGER, 200, site=site["id"]).json()
    sandbox.fault("triggerDeploy", "slow", platform="fleek", seconds=0.2)
    begin = time.monotonic()
    assert fleek.ask(TRIGGER, site=site["id"])["status"] == "IN_PROGRESS"
    assert time.monotonic() - begin > 0.15


def test_a_redirect(sandbox, fleek):
    sandbox.fault("__typename", "redirect", platform="fleek", location="http://127.0.0.1:1/")
    response = sandbox.session.post(
        f"{sandbox.url}/graphql",
        json={"query": "{ __typename }"},
        timeout=10,
        allow_redirects=False,
        headers={"Authorization": KEY},
    )
    assert (response.status_code, response.headers["location"]) == (302, "http://127.0.0.1:1/")


@pytest.mark.parametrize("processed", [False, True])
def test_an_error_with_status_200_can_be_ordered(sandbox, fleek, site, processed):
    before = deploys(sandbox)
    body = {"data": {"triggerDeploy": None}, "errors": [{"message": "Something broke", "path": ["triggerDeploy"]}]}
    sandbox.fault(
        "triggerDeploy",
        "status",
        platform="fleek",
        status=200,
        body_text=json.dumps(body),
        headers={"Content-Type": "application/json"},
        processed=processed,
    )
    response = fleek.post(TRIGGER, 200, site=site["id"])
    assert response.json() == body and response.headers["content-type"] == "application/json"
    assert deploys(sandbox) - before == int(processed)
    assert (entry(sandbox)["processed"], entry(sandbox)["status"]) == (processed, 200)


def test_ordered_failures_have_the_platforms_form(sandbox, fleek):
    sandbox.fault("__typename", "status", platform="fleek", status=503)
    response = fleek.post("{ __typename }", 503)
    assert response.json() == {"errors": [{"message": "Service Unavailable", "errorType": "InternalFailure"}]}
    assert response.headers["x-amzn-requestid"]
    sandbox.switch(fleek_error_form="apollo")
    sandbox.fault("__typename", "throttle", platform="fleek", reset="retry-after", seconds=3)
    response = fleek.post("{ __typename }", 429)
    assert response.json() == {"errors": [{"message": "Rate exceeded", "extensions": {"code": "TOO_MANY_REQUESTS"}}]}
    assert response.headers["retry-after"] == "3"


def test_throttling_has_each_form_of_reset(sandbox, fleek):
    now = sandbox.admin("GET", "clock")["now"]
    for reset in ("none", "retry-after-date", "epoch", "date"):
        sandbox.fault("__typename", "throttle", platform="fleek", reset=reset, seconds=60)
        headers = fleek.post("{ __typename }", 429).headers
        if reset == "none":
            assert "retry-after" not in headers and "x-ratelimit-reset" not in headers
        elif reset == "retry-after-date":
            assert abs(email.utils.parsedate_to_datetime(headers["retry-after"]).timestamp() - now - 60) < 5
        elif reset == "epoch":
            assert abs(int(headers["x-ratelimit-reset"]) - now - 60) < 5
        else:
            assert headers["x-ratelimit-reset"].endswith(" UTC")


def test_a_fault_hits_its_operation_only(sandbox, fleek, site):
    sandbox.fault("triggerDeploy", "status", platform="fleek", skip=1)
    sandbox.fault("*", "status", platform="netlify", status=503, times=None)
    assert fleek.ask("{ __typename }") == "Query"
    assert fleek.site()["id"] == site["id"]
    assert [fleek.post(TRIGGER, site=site["id"]).status_code for _turn in range(3)] == [200, 500, 200]
    assert sandbox.call("GET", "/user").status_code == 503


# schema files


@pytest.mark.parametrize(
    "resolvers, scalars, problem",
    [
        ({"Query": {"a": len}}, {}, ""),
        ({"Query": {}}, {}, "no resolver for a of Query"),
        ({"Query": {"a": len, "b": len}}, {}, "Query.b"),
        ({"Query": {"a": len}, "Other": {"a": len}}, {}, "Other.a"),
        ({"Query": {"a": len}}, {"Date": len}, "scalar Date"),
    ],
)
def test_resolvers_must_fit_the_schema_file(tmp_path, resolvers, scalars, problem):
    file = tmp_path / "test.graphql"
    file.write_text("type Query { a: Int }")
    code = (
        "import sys, pathlib\nfrom paas_sandbox.core.graphql import load_schema\n"
        f"load_schema(pathlib.Path(sys.argv[1]), {resolvers}, {scalars})"
    ).replace("<built-in function len>", "len")
    done = subprocess.run(
        [sandbox_python(), "-c", code, str(file)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if problem:
        assert done.returncode == 1 and "ValueError" in done.stderr and problem in done.stderr
    else:
        assert done.returncode == 0, done.stderr


def test_fields_and_types_are_listed_with_their_facts(sandbox):
    listed = {entry["operation"]: entry for entry in sandbox.admin("GET", "routes") if entry["platform"] == "fleek"}
    assert listed["triggerDeploy"]["method"] == "MUTATION" and listed["getSiteById"]["method"] == "QUERY"
    assert listed["Site.slug"]["fact"] == "fleek 2 [DOC]: same as the name"
    assert listed["Site.name"]["fact"] == "fleek 2 [DOC]"
    assert {"DateTime", "SiteSource", "DeployStatus", "EditDeploySettings.siteId"} <= set(listed)
