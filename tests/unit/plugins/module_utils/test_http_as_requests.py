# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done without the library requests has the result that the library has, which is not imported for it."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
from urllib.parse import urldefrag, urlsplit

import pytest
import requests

from ansible_collections.webops.paas.plugins.module_utils._http import third_party, trust
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.responses import Response
from ansible_collections.webops.paas.plugins.module_utils._http.session import PLAIN_URL, Connection, prepared
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import Server, get

pytestmark = pytest.mark.usefixtures("plain_environment")

DIRECTORY = pathlib.Path(trust.__file__).parents[6]
OCTETS = [f"%{number:02X}" for number in range(256)]
PATHS = [
    "/a",
    "/api/v1/sites/shop.example.com/files/img%2Flogo%20big.png",
    "/a/%C3%BC",
    "/a/%7Eb",
    "/a/%2e%2e/b",
    "/a/../b",
    "/a/./b",
    "/a//b",
    "/a/",
    "/",
    "",
    "/~a/.b/-c/_d",
    "/a;b=c,d:e@f!g$h&i'j(k)l*m+n",
    "/ü b",
    "/a?b=c d#e",
    "/%zz",
    *(f"/a{octet}b/{octet}" for octet in OCTETS),
]
QUERIES = [
    None,
    {},
    {"page": 1, "per_page": 100},
    {"a b": "ü&=+~/%20", "empty": "", "none": None, "many": ["x", "y z", None], "pair": (1, 2.5)},
    {"yes": True, "no": False, "none": None},
    {"nothing": None},
    {"nothing": []},
]


def by_requests(url, query):
    request = requests.PreparedRequest()
    request.prepare_url(url, query)
    return urldefrag(request.url).url.removesuffix(request.path_url), request.path_url


@pytest.mark.parametrize(
    "host", ["api.example.com", "127.0.0.1:8080", "API.Example.com", "[::1]:80", "a-1.b:443", "a.example."]
)
def test_the_url_of_a_request(host):
    for url in (f"https://{host}{path}" for path in PATHS):
        for query in QUERIES:
            assert prepared(url, query) == by_requests(url, query), (url, query)


def test_urls_of_platforms_need_nothing_else():
    kept = [octet for octet in OCTETS if PLAIN_URL.fullmatch(f"https://api.example.com/a{octet}")]
    # All that urllib.parse.quote encodes.
    unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    assert kept == [octet for number, octet in enumerate(OCTETS) if chr(number) not in unreserved]


@pytest.mark.parametrize(
    "header",
    [
        "",
        '<https://a.test/x?page=2>; rel="next", <https://a.test/x?page=9>; rel="last"',
        "<https://a.test/x?page=2>; rel=next",
        "<https://a.test/x?page=2>;rel='next'",
        '<https://a.test/x>; title="a"; rel="prev",<https://a.test/y>; rel="first"',
        "<https://a.test/x>",
        "nonsense",
    ],
)
def test_links(header):
    links = requests.utils.parse_header_links(header)
    expected = {link["rel"]: link["url"] for link in links if "rel" in link}
    assert Response(200, {"Link": header}, b"").links == expected


def test_links_by_the_standard():
    """RFC 8288: any number of relations, in any case, and not in the URL. The library does not read these."""
    url = 'https://a.test/x,y;rel="prev"?page=2'
    response = Response(200, {"Link": f'<{url}>; REL="Next last"; title="<b>; rel=first"'}, b"")
    assert response.links == {"next": url, "last": url}


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"no_proxy": "*"},
        {"NO_PROXY": "example.com"},
        {"HTTPS_PROXY": "http://proxy.test:3128"},
        {"https_proxy": "http://proxy.test:3128", "no_proxy": "example.com"},
        {"https_proxy": "http://proxy.test:3128", "no_proxy": "other.test"},
        {"all_proxy": "http://proxy.test:1"},
        {"http_proxy": "http://proxy.test:1"},
        {"ftp_proxy": "http://proxy.test:1"},
    ],
)
def test_the_proxy_of_the_environment(monkeypatch, environment):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    url = "https://api.example.com/v1"
    chosen = requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url))
    proxy = Connection(url, redactor=Redactor()).proxy
    assert proxy == (chosen and chosen.removeprefix("http://"))


def test_the_certificate_authorities_by_default(tls_server, connect, certificate, monkeypatch):
    assert third_party.ca_bundle() == requests.utils.DEFAULT_CA_BUNDLE_PATH == requests.certs.where()
    monkeypatch.setattr(trust, "ca_bundle", lambda: certificate)
    assert get(connect(tls_server.url)).status == 200


SOCKS = """if True:
    import socket
    PROXY_TYPE_SOCKS4, PROXY_TYPE_SOCKS5, ProxyError = 1, 2, OSError
    def create_connection(address, proxy_type, proxy_addr, proxy_port, **_options):
        assert (address, proxy_type) == (("api.example.com", 443), PROXY_TYPE_SOCKS5)
        return socket.create_connection((proxy_addr, proxy_port))
"""
THROUGH_SOCKS = """if True:
    from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
    http = Http("Netlify", "https://api.example.com", validate_certs=False, retries=0)
    print(http.request("GET", "/sites", operation="listSites").status)
"""


def test_a_socks_proxy(tls_server, tmp_path):
    """With a double of the library PySocks, which requests needs for it."""
    (tmp_path / "socks.py").write_text(SOCKS)
    proxy = f"socks5h://127.0.0.1:{urlsplit(tls_server.url).port}"
    printed = run(THROUGH_SOCKS, f"{tmp_path}:{DIRECTORY}", https_proxy=proxy)
    assert printed == "200\n" and tls_server.seen[0].headers["host"] == "api.example.com"


# A distribution's own requests, from which these files are taken.
DISTRIBUTIONS = {
    "its certs.py": {"__init__.py": "raise SystemExit('imported')", "certs.py": "def where(): return {bundle!r}"},
    "more files than certs.py": {
        "__init__.py": "from . import certs",
        "certs.py": "from .own import where",
        "own.py": "def where(): return {bundle!r}",
    },
    "no certs.py": {"__init__.py": "import types; certs = types.ModuleType('certs'); certs.where = lambda: {bundle!r}"},
    "a bundle in an archive": {
        "__init__.py": "from . import utils",
        "certs.py": "def where(): return '/archive.zip/bundle'",
        "utils.py": "def extract_zipped_paths(path): return {{'/archive.zip/bundle': {bundle!r}}}[path]",
    },
}


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_the_certificate_authorities_of_a_distribution(tmp_path, name):
    (tmp_path / "requests").mkdir()
    bundle = str(tmp_path / "bundle.pem")
    pathlib.Path(bundle).touch()
    for path, text in DISTRIBUTIONS[name].items():
        (tmp_path / "requests" / path).write_text(text.format(bundle=bundle))
    script = (
        "from ansible_collections.webops.paas.plugins.module_utils._http import third_party\n"
        "print(third_party.ca_bundle())"
    )
    assert run(script, f"{tmp_path}:{DIRECTORY}").strip() == bundle


SCRIPT = """if True:
    import sys
    from ansible_collections.webops.paas.plugins.module_utils._http.third_party import ca_bundle
    from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
    url, ca_path = sys.argv[1:]
    ca_bundle()
    with_proxy = Http("Netlify", "https://api.example.com")
    http = Http("Netlify", url, ca_path=ca_path)
    http.request("GET", "/sites/a%20b", operation="listSites", query={"page": 1}).links
    http.request("POST", "/sites", operation="createSite", body={"name": "a"})
    print("requests" in sys.modules)
"""


def run(script, path, *arguments, **environment):
    environment = {**os.environ, "PYTHONPATH": path, **environment}
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


BROKEN = """if True:
    from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError
    from ansible_collections.webops.paas.plugins.module_utils._http.third_party import REQUESTS_IMPORT_ERROR
    from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
    try:
        Http("Netlify", "https://api.example.com")
    except PaasError as error:
        print(REQUESTS_IMPORT_ERROR, error.code, error.library, "hidden" in str(error))
"""


def test_a_broken_library(tmp_path):
    (tmp_path / "requests").mkdir()
    (tmp_path / "requests" / "__init__.py").write_text("raise ImportError('hidden')")
    printed = run(BROKEN, f"{tmp_path}:{DIRECTORY}", https_proxy="http://proxy.test:3128")
    assert printed == "None missing_library requests True\n"


@pytest.mark.parametrize("proxy, is_imported", [("", False), ("http://proxy.test:3128", True)])
def test_a_usual_request_does_not_import_it(tls_server, certificate, proxy, is_imported):
    environment = {"https_proxy": proxy} if proxy else {}
    printed = run(SCRIPT, str(DIRECTORY), tls_server.url, certificate, **environment)
    assert printed == f"{is_imported}\n" and len(tls_server.seen) == 2


def test_a_usual_request_without_tls_does_not_import_it():
    with Server() as server:
        assert run(SCRIPT, str(DIRECTORY), server.url, "") == "False\n"
