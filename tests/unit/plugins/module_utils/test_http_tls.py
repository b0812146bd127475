# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS and proxies, against real servers."""

from __future__ import annotations

import base64
import select
import socket
import ssl
import threading
import time
import warnings

import pytest
from urllib3.exceptions import HTTPWarning

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, LostAnswer
from ansible_collections.webops.paas.plugins.module_utils._http import trust
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.certificates import self_signed
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import (
    TOKEN,
    Server,
    cut,
    drip,
    everything,
    failing,
    get,
    post,
    reply,
    reset,
    then_cut,
)

pytestmark = pytest.mark.usefixtures("plain_environment")


def test_certificates_are_verified_and_that_is_not_repeated(tls_server, connect, clock):
    error = failing(ApiError, post, connect(tls_server.url))
    assert (
        error.code == "unreachable"
        and "TLS failed" in str(error)
        and "certificate" in str(error)
        and "ca_path" in str(error)
    )
    assert not tls_server.seen and not clock.slept


def test_ca_path_as_file_and_directory(tls_server, connect, certificate, tmp_path):
    get(connect(tls_server.url, ca_path=certificate))
    assert tls_server.seen[0].headers["authorization"]
    assert failing(ApiError, get, connect(tls_server.url, ca_path=str(tmp_path))).code == "unreachable"


def test_a_ca_path_that_is_none(tls_server, connect, clock, tmp_path):
    (tmp_path / "text").write_text("no certificate")
    for name in ("text", "missing"):
        error = failing(ApiError, get, connect(tls_server.url, ca_path=str(tmp_path / name)))
        assert error.code == "unreachable" and not clock.slept


def test_verification_can_be_switched_off(tls_server, connect, recwarn, monkeypatch, tmp_path):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing"))
    get(connect(tls_server.url, validate_certs=False))
    assert len(tls_server.seen) == 1
    assert not [warning for warning in recwarn.list if issubclass(warning.category, HTTPWarning)]


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environment_may_name_authorities(tls_server, connect, certificate, monkeypatch, tmp_path, name):
    monkeypatch.setenv(name, certificate)
    get(connect(tls_server.url))
    failing(ApiError, get, connect(tls_server.url, ca_path=str(tmp_path)))
    assert len(tls_server.seen) == 1


def test_another_host_s_certificate_is_refused(tls_server, connect, certificate, clock):
    error = failing(ApiError, get, connect(f"https://localhost:{tls_server.port}", ca_path=certificate))
    assert error.code == "unreachable" and "TLS failed" in str(error)
    assert not tls_server.seen and not clock.slept


def told_of_tls(connect, clock, url, **options):
    """The message of a failure that nothing cures."""
    error = failing(ApiError, post, connect(url, **options))
    assert error.code == "unreachable" and "TLS failed" in str(error) and not clock.slept
    return str(error)


def test_another_host_name_is_no_matter_of_authorities(tls_server, connect, certificate, clock):
    told = told_of_tls(connect, clock, f"https://localhost:{tls_server.port}", ca_path=certificate)
    assert "another host name" in told and "ca_path" not in told


def test_a_certificate_that_has_ended_is_no_matter_of_authorities(connect, clock, tmp_path):
    path = tmp_path / "ended.pem"
    path.write_text("".join(self_signed([], ["127.0.0.1"], ends=b"210101000000Z")), encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with Server(context) as server:
        told = told_of_tls(connect, clock, server.url, ca_path=str(path))
    assert "Renew" in told and "ca_path" not in told


def test_a_version_of_tls_is_no_matter_of_authorities(connect, certificate, clock):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with Server(context) as server:
        told = told_of_tls(connect, clock, server.url, ca_path=certificate)
    assert "version" in told and "ca_path" not in told


def test_a_server_that_speaks_no_tls_is_no_matter_of_authorities(connect, clock):
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def speak():
            with plain.accept()[0] as connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(1000)

        thread = threading.Thread(target=speak)
        thread.start()
        told = told_of_tls(connect, clock, f"https://127.0.0.1:{plain.getsockname()[1]}")
        thread.join(5)
    assert "does not use TLS" in told and "ca_path" not in told


def test_tls_spoken_to_a_server_without(server, connect, clock):
    error = failing(ApiError, get, connect(server.url.replace("http:", "https:"), timeout=0.2, retries=1))
    assert error.code in ("unreachable", "lost_response", "timeout")
    assert not server.seen


@pytest.mark.parametrize("step", [cut, reset, then_cut(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}")])
def test_a_tls_connection_that_breaks_is_no_matter_of_certificates(tls_server, connect, certificate, step):
    http = connect(tls_server.url, ca_path=certificate)
    tls_server.say(reply(), step, reply(), step, reply(200, {"id": 1}))
    get(http)
    assert failing(LostAnswer, post, http, shape=dict).code == "lost_response"
    get(http)
    assert get(http, shape=dict).data == {"id": 1}


def test_timeouts_hold_under_tls_too(tls_server, connect, certificate):
    tls_server.say(drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x" * 1000))
    began = time.monotonic()
    assert "timed out" in str(
        failing(ApiError, get, connect(tls_server.url, ca_path=certificate, timeout=0.2, retries=0))
    )
    assert time.monotonic() - began < 1.5


@pytest.fixture
def proxied(monkeypatch, server):
    """Every proxy variable names the plain server, with a password."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://user:pr%2Fxy-canary@127.0.0.1:{server.port}")
    return server


def tunnel_to(port):
    """What a proxy does after CONNECT."""

    def step(connection):
        with socket.create_connection(("127.0.0.1", port)) as target:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            both = {connection: target, target: connection}
            while True:
                for source in select.select(list(both), [], [], 10)[0]:
                    data = source.recv(65536)
                    if not data:
                        return False
                    both[source].sendall(data)

    return step


def test_a_proxy_of_the_environment_is_used(proxied, tls_server, connect, certificate):
    proxied.say(tunnel_to(tls_server.port))
    http = connect("https://api.example.test/v1", ca_path=certificate)
    get(http)
    post(http)
    http.close()
    (connecting,) = proxied.seen
    assert (connecting.method, connecting.target) == ("CONNECT", "api.example.test:443")
    assert base64.b64decode(connecting.headers["proxy-authorization"].split()[1]) == b"user:pr/xy-canary"
    assert "authorization" not in connecting.headers
    assert [seen.headers["authorization"] for seen in tls_server.seen] == [f"Bearer {TOKEN}"] * 2
    assert "proxy-authorization" not in tls_server.seen[0].headers


def test_authorities_that_were_read_ahead_are_for_the_server_behind_a_proxy(
    proxied, tls_server, connect, certificate, monkeypatch
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate)
    trust.read_ahead()
    proxied.say(tunnel_to(tls_server.port))
    get(connect("https://api.example.test/v1"))
    assert tls_server.sni == ["api.example.test"] and len(tls_server.seen) == 1


def test_the_proxy_follows_the_environment_of_each_task(connect, monkeypatch):
    found = []
    settings = [
        ("HTTPS_PROXY", "http://one.example:3128"),
        ("https_proxy", "http://two.example:3128"),
        ("No_Proxy", "*"),
    ]
    for name, value in settings:
        monkeypatch.setenv(name, value)
        found.append(connect("https://api.example.test/v1").connection.proxy)
    assert found == ["one.example:3128", "two.example:3128", None]


def test_a_cut_through_a_proxy_is_a_lost_answer(proxied, tls_server, connect, certificate):
    proxied.say(tunnel_to(tls_server.port), tunnel_to(tls_server.port))
    http = connect("https://api.example.test/v1", ca_path=certificate)
    tls_server.say(cut, reset)
    failing(LostAnswer, post, http)
    failing(LostAnswer, post, http)
    assert len(tls_server.seen) == 2


def test_a_proxy_that_refuses_or_is_not_there(proxied, connect, monkeypatch):
    proxied.say(reply(407, b"pr/xy-canary pr%2Fxy-canary"), reply(502, b""))
    http = connect("https://api.example.test/v1", retries=0)
    for status in ("407", "502"):
        error = failing(ApiError, post, http)
        assert error.code == "unreachable" and status in str(error) and "canary" not in everything(error, http)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        monkeypatch.setenv("https_proxy", f"http://user:canary@127.0.0.1:{bound.getsockname()[1]}")
        http = connect("https://api.example.test/v1", retries=0)
        error = failing(ApiError, post, http)
        assert f"the proxy 127.0.0.1:{bound.getsockname()[1]}" in str(error)
    assert error.code == "unreachable" and "refused" in str(error) and "canary" not in everything(error, http)


def test_a_proxy_that_says_its_password_is_quoted_without_it(proxied, connect):
    proxied.say(then_cut(b"HTTP/1.1 407 no user:pr/xy-canary, pr%2Fxy-canary\r\nContent-Length: 0\r\n\r\n"))
    http = connect("https://api.example.test/v1", retries=0)
    error = failing(ApiError, post, http)
    assert "407 no user:" in str(error) and "canary" not in everything(error, http)


@pytest.mark.parametrize(
    "proxy",
    ["http://", "::::", "http://user:canary@", "http://[::1", "http://user:canary@h:port", "http://user:canary@h:0"],
)
def test_a_proxy_setting_that_is_no_url_is_refused_before_any_call(connect, monkeypatch, proxy):
    monkeypatch.setenv("https_proxy", proxy)
    error = failing(InvalidInput, connect, "https://api.example.test/v1")
    assert "proxy" in str(error) and "canary" not in str(error)


@pytest.mark.parametrize(
    "proxy", ["foo://user:canary@127.0.0.1:1", "http://user:canary@a..b:1", "http://user:canary@" + "a" * 64 + ":1"]
)
def test_a_proxy_setting_that_cannot_work(connect, clock, monkeypatch, proxy):
    monkeypatch.setenv("https_proxy", proxy)
    http = connect("https://api.example.test/v1", retries=1)
    error = failing(ApiError, post, http)
    assert error.code == "unreachable" and "canary" not in everything(error, http)


def test_no_proxy_holds(proxied, connect, monkeypatch):
    monkeypatch.setenv("no_proxy", "example.test")

    def unknown(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    failing(ApiError, get, connect("https://api.example.test", retries=0))
    assert not proxied.seen


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_proxy_is_never_used_for_this_machine(proxied, connect, host):
    with Server() as target:
        get(connect(f"http://{host}:{target.port}/api"))
        assert [seen.target for seen in target.seen] == ["/api/sites"]
    assert not proxied.seen


def test_a_proxy_is_never_used_for_this_machine_under_tls(proxied, tls_server, connect, certificate):
    get(connect(tls_server.url, ca_path=certificate))
    assert len(tls_server.seen) == 1 and not proxied.seen
