# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the tests of the HTTP transport: a server, a clock, a client."""

from __future__ import annotations

import os

import pytest

from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.transport.http_server import (
    TOKEN,
    FakeClock,
    Server,
)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def server():
    with Server() as running:
        yield running


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def connect(clock):
    """connect(url, ...) -> Http with a token and the fake clock; http.warnings has what it warned of."""
    opened = []

    def make(url, token=TOKEN, **options):
        warnings = []
        redactor = Redactor()
        redactor.add(token)
        options = {
            "auth": HeaderAuth("Authorization", f"Bearer {token}"),
            "clock": clock,
            "warn": warnings.append,
            "redactor": redactor,
            "timeout": 5.0,
            **options,
        }
        http = Http("Netlify", url, **options)
        http.warnings = warnings
        opened.append(http)
        return http

    yield make
    for http in opened:
        http.close()


@pytest.fixture
def http(server, connect):
    return connect(server.url)
