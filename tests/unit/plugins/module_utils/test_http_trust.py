# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificate authorities that are read before they are needed."""

from __future__ import annotations

import os

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.plugins.module_utils._http import trust
from ansible_collections.webops.paas.plugins.module_utils._http.urls import ConnectTo
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import failing, get, reply, then_cut

pytestmark = pytest.mark.usefixtures("plain_environment")


@pytest.fixture(name="bundle")
def fixture_bundle(certificate, monkeypatch, tmp_path):
    """A file that the environment names and that was read ahead."""
    monkeypatch.setattr(trust, "_READ_AHEAD", {})
    path = tmp_path / "bundle.pem"
    with open(certificate, encoding="ascii") as stream:
        path.write_text(stream.read(), encoding="ascii")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    trust.read_ahead()
    return path


def spoil(path):
    """Nobody can read it anymore, but it looks as before."""
    before = path.stat()
    with open(path, "r+b") as stream:
        stream.write(b"-" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_they_are_read_once(bundle, tls_server, connect):
    spoil(bundle)
    http = connect(tls_server.url)
    tls_server.say(then_cut(reply()))
    get(http)
    # Over another connection.
    get(http)
    assert len(tls_server.seen) == 2


def test_each_thread_reads_its_own(bundle, tls_server, connect):
    http = connect(tls_server.url, retries=0)
    spoil(bundle)
    get(http)
    assert failing(ApiError, get, http.clone()).code == "unreachable"


def test_a_file_that_changed_is_read_again(bundle, tls_server, connect):
    spoil(bundle)
    os.utime(bundle)
    assert failing(ApiError, get, connect(tls_server.url, retries=0)).code == "unreachable"


def test_a_file_that_is_gone(bundle, tls_server, connect):
    bundle.unlink()
    error = failing(ApiError, get, connect(tls_server.url, retries=0))
    assert error.code == "unreachable" and str(bundle) in str(error)


def test_other_authorities_are_not_replaced(bundle, tls_server, connect, tmp_path, monkeypatch):
    other = tmp_path / "other.pem"
    other.write_text("no certificate")
    assert failing(ApiError, get, connect(tls_server.url, ca_path=str(other))).code == "unreachable"
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    assert failing(ApiError, get, connect(tls_server.url)).code == "unreachable"
    assert not tls_server.seen


@pytest.mark.parametrize("is_read_ahead", [True, False])
def test_another_host_name_is_refused_all_the_same(bundle, tls_server, connect, is_read_ahead):
    if not is_read_ahead:
        os.utime(bundle, (1, 1))
    connecting = {"connect_to": ConnectTo([f"::127.0.0.1:{tls_server.port}"])}
    error = failing(ApiError, get, connect("https://other.example.test", **connecting))
    assert "host name" in str(error) and not tls_server.seen
    get(connect("https://api.example.test", **connecting))
    assert tls_server.sni[-1] == "api.example.test"


def test_a_proxy_with_tls_needs_them_for_itself(bundle):
    settings = trust.settings(str(bundle), is_alone=False)
    assert settings == {"cert_reqs": "CERT_REQUIRED", "ca_certs": str(bundle)}
    assert "ssl_context" in trust.settings(str(bundle), is_alone=True)


@pytest.mark.parametrize("content", ["no certificate", None])
def test_what_cannot_be_read_ahead(tls_server, connect, monkeypatch, tmp_path, content):
    monkeypatch.setattr(trust, "_READ_AHEAD", {})
    if content is not None:
        (tmp_path / "bundle.pem").write_text(content)
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "bundle.pem"))
    trust.read_ahead()
    assert failing(ApiError, get, connect(tls_server.url, retries=0)).code == "unreachable"
