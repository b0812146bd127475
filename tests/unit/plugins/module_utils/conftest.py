# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of several files: a tree to deploy, servers and their clients."""

from __future__ import annotations

import os
import ssl

import pytest

from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.certificates import self_signed
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import TOKEN, FakeClock, Server
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.trees import paths_of, write_tree, zip_of


@pytest.fixture(name="site")
def fixture_site(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    return site


@pytest.fixture(params=["directory", "zip"])
def deployed(request, tmp_path):
    """The paths that are deployed of a tree with the given paths, from a directory and from a zip of it."""

    def select(paths, **options):
        if request.param == "zip":
            return paths_of(zip_of(tmp_path / "site.zip", paths), **options)
        return paths_of(write_tree(tmp_path / "site", paths), **options)

    return select


@pytest.fixture(name="plain_environment")
def fixture_plain_environment(monkeypatch, tmp_path):
    """Removes the machine's settings for proxies, CA bundles and netrc."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture(name="server")
def fixture_server():
    with Server() as running:
        yield running


@pytest.fixture(name="clock")
def fixture_clock():
    return FakeClock()


@pytest.fixture(name="connect")
def fixture_connect(clock):
    """connect(url, ...) -> Http with a token and the fake clock; http.warnings contains its warnings."""
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
            # The clock is simulated, but this is in real seconds: on a busy machine, a few can pass in between.
            "timeout": 60.0,
            **options,
        }
        http = Http("Netlify", url, **options)
        http.warnings = warnings
        opened.append(http)
        return http

    yield make
    for http in opened:
        http.close()


@pytest.fixture(name="http")
def fixture_http(server, connect):
    return connect(server.url)


@pytest.fixture
def other():
    with Server() as running:
        yield running


@pytest.fixture(scope="session", name="certificate")
def fixture_certificate(tmp_path_factory):
    """The path of a file with a certificate for 127.0.0.1, api and www.example.test, its own authority, and the key."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_text("".join(self_signed(["api.example.test", "www.example.test"], ["127.0.0.1"])), encoding="ascii")
    return str(path)


@pytest.fixture
def tls_server(certificate):
    """sni: the names that clients requested."""
    asked = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda connection, name, unused: asked.append(name)
    with Server(context) as running:
        running.sni = asked
        yield running
