# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant's endpoint: the requests and the credential that are sent there."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience
from ansible_collections.webops.paas.plugins.module_utils._hasura.endpoint import MetadataEndpoint, wait_until_up
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth

API = "https://data.pro.hasura.io/v1/graphql"
ENDPOINT = "https://shop.hasura.app/v1/graphql"
TOKEN = HeaderAuth("Authorization", "pat secret")


class Places:
    """An Http that records the URL and the credential of each derived Http."""

    auth = TOKEN
    base_url = API

    def __init__(self, answer=None):
        self.at_ = []
        self.answer = answer
        self.redactor = Redactor()

    def at(self, base_url, auth=None):
        self.at_.append((base_url, auth))
        return self

    def request(self, method, path, **more):
        if isinstance(self.answer, Exception):
            raise self.answer
        self.asked = (method, path, more)
        return SimpleNamespace(content=self.answer, data=self.answer)


@pytest.mark.parametrize(
    "secret,credential", [(None, TOKEN), ("", TOKEN), ("hush", HeaderAuth("x-hasura-admin-secret", "hush"))]
)
@pytest.mark.parametrize("endpoint", [ENDPOINT, "https://shop.hasura.app", "https://shop.hasura.app/"])
def test_health_is_asked_without_a_credential_and_all_else_with_one(endpoint, secret, credential):
    http = Places(b" OK\n")
    assert MetadataEndpoint(http, endpoint, admin_secret=secret).healthz() == "OK"
    assert http.at_ == [("https://shop.hasura.app", None), ("https://shop.hasura.app", credential)]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://shop.hasura.app/v1/graphql",
        "ftp://shop.hasura.app",
        "https://user:pass@shop.hasura.app",
        "",
        "https://a b",
    ],
)
def test_no_credential_goes_to_an_endpoint_that_is_none(endpoint):
    http = Places()
    with pytest.raises(InvalidInput):
        MetadataEndpoint(http, endpoint)
    assert not http.at_


@pytest.mark.parametrize(
    "is_trusted,endpoint,api_url,trusted_hosts",
    [
        (True, "https://shop.hasura.app/v1/graphql", API, []),
        (True, "https://SHOP.eu.hasura.app.:8443", API, []),
        (True, "https://data.pro.hasura.io/tenants/shop", API, []),
        (True, "https://graphql.example.com", API, ["api.example.com", "GraphQL.example.com"]),
        (True, "https://graphql.example.com", API, ["*.example.com"]),
        (True, "http://127.0.0.1:8080/hasura", "http://localhost:8080/v1/graphql", []),
        (True, "http://shop.localhost:8080", "http://[::1]:8080/v1/graphql", []),
        (False, "https://hasura.app", API, []),
        (False, "https://shop.hasura.app.example.com", API, []),
        (False, "https://shophasura.app", API, []),
        (False, "https://pro.hasura.io", API, []),
        (False, "https://example.com", API, ["*.example.com"]),
        (False, "https://graphql.example.com", API, ["example.com"]),
        (False, "http://127.0.0.1:8080", API, []),
        (False, "https://localhost", API, []),
        (False, "https://10.0.0.1", "http://127.0.0.1:8080", []),
    ],
)
def test_a_credential_goes_to_trusted_hosts_alone(is_trusted, endpoint, api_url, trusted_hosts):
    http = Places()
    http.base_url = api_url
    with contextlib.nullcontext() if is_trusted else pytest.raises(PaasError) as raised:
        MetadataEndpoint(http, endpoint, trusted_hosts, "hush")
    if not is_trusted:
        assert raised.value.details == {"code": "untrusted_host", "option": "trusted_hosts"}
        assert all(auth is None for _url, auth in http.at_)


def test_what_is_sent_to_the_metadata_api():
    http = Places({})
    endpoint = MetadataEndpoint(http, ENDPOINT)
    for call, body, is_write, idempotent in (
        (endpoint.export_metadata, {"type": "export_metadata", "args": {}, "version": 2}, False, True),
        (endpoint.get_inconsistent_metadata, {"type": "get_inconsistent_metadata", "args": {}}, False, True),
        (
            lambda: endpoint.replace_metadata({"version": 3}, allow_inconsistent=False, resource_version=7),
            {
                "type": "replace_metadata",
                "version": 2,
                "resource_version": 7,
                "args": {"allow_inconsistent_metadata": False, "metadata": {"version": 3}},
            },
            True,
            False,
        ),
        (
            endpoint.reload_metadata,
            {"type": "reload_metadata", "args": {"reload_sources": True, "reload_remote_schemas": True}},
            True,
            True,
        ),
        (
            lambda: endpoint.reload_metadata(sources=False, remote_schemas=False, event_triggers=True),
            {
                "type": "reload_metadata",
                "args": {"reload_sources": False, "reload_remote_schemas": False, "recreate_event_triggers": True},
            },
            True,
            True,
        ),
        (endpoint.drop_inconsistent_metadata, {"type": "drop_inconsistent_metadata", "args": {}}, True, True),
    ):
        assert call() == {}
        method, path, more = http.asked
        assert (method, path, more["body"], more["is_write"], more["idempotent"]) == (
            "POST",
            "/v1/metadata",
            body,
            is_write,
            idempotent,
        )


@pytest.mark.parametrize("status", [401, 403, 429, None])
def test_what_passes_by_itself_is_waited_for_and_nothing_else(status):
    clock = SimpleNamespace(monotonic=lambda: 0.0, random=lambda: 0.5)
    error = ApiError("no", status=status, code="foreign_redirect")
    client = SimpleNamespace(http=Places(error))
    with pytest.raises(ApiError) as raised:
        wait_until_up(
            client,
            {"name": "shop", "endpoint": ENDPOINT, "active": True, "id": "t1"},
            Patience(clock, 10, 1),
            print,
        )
    # This clock cannot wait.
    assert raised.value is error
