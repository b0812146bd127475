# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a token may go."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part
from ansible_collections.webops.paas.plugins.module_utils._http.urls import checked_url
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import failing

pytestmark = pytest.mark.usefixtures("plain_environment")


@pytest.mark.parametrize(
    "url",
    [
        "https://api.netlify.com",
        "https://api.netlify.com/api/v1",
        "HTTPS://API.netlify.com:8443/x",
        "http://localhost",
        "http://localhost:8080/api",
        "http://LOCALHOST",
        "http://site.localhost:1",
        "http://a.b-c.localhost",
        "http://127.0.0.1",
        "http://127.255.255.254:65535",
        "http://[::1]:80/x",
        "https://[2001:db8::1]/x",
        "https://10.0.0.1",
        "https://a_b.example.test",
        " https://api.netlify.com\n",
    ],
)
def test_urls_that_may_get_a_token(url):
    assert checked_url(url) == url.strip()


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "localhost.evil.com",
        "127.0.0.1.nip.io",
        "127.1",
        "127.0.0.1.",
        "localhost.",
        "localhost..",
        "0.0.0.0",
        "0",
        "2130706433",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "127.0.0.01",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::1%25eth0]",
        "[::1%eth0]",
        "[0:0:0:0:0:0:0:1]",
        ".localhost",
        "localhost.localdomain",
        "ip6-localhost",
        "evil.com\\.localhost",
        "evil.com%2f.localhost",
        "evil.com%23.localhost",
        "evil.com;.localhost",
        "notlocalhost",
        "user@localhost",
        "localhost@evil.com",
        "user:secret@localhost",
        "@localhost",
        "localhost\\@evil.com",
        "evil.com#.localhost",
        "evil.com?.localhost",
        "evil.com\t.localhost",
        "evil.com\n.localhost",
        "evil.com .localhost",
        "evil.com\0.localhost",
        "ⓛocalhost",
        "127。0。0。1",
        "127.0.0.1\u3002evil.com",
        "localhost:80@evil.com",
        "localhost,evil.com",
        "a..localhost",
        "10.0.0.1",
        "169.254.169.254",
        "localhost:0",
        "localhost:x",
        "localhost:99999",
    ],
)
def test_plain_http_goes_to_this_machine_only(host):
    for path in ("", "/", "/api/v1"):
        error = failing(InvalidInput, checked_url, f"http://{host}{path}", "api_url")
        assert error.option == "api_url" and "api_url" in str(error) and "secret" not in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "api.netlify.com",
        "ftp://api.netlify.com",
        "https://",
        "https:///x",
        "https:api.netlify.com",
        "//api.netlify.com",
        "https://user:secret@a.test",
        "https://secret@a.test",
        "https://u:sec/ret@a.test",
        "https:/u:secret@a.test",
        "https://a.test?token=secret",
        "https://a.test/#secret",
        "https://a.test/?",
        "https://a.test#",
        "https://a.test/a b",
        "https://a.test\\evil.test",
        "https://[::1",
        "https://a.test:port",
        "https://bücher.test",
        "https://a.test/\x1b[31m",
        "javascript:x//y",
    ],
)
def test_urls_that_are_refused(url):
    error = failing(InvalidInput, checked_url, url)
    assert "secret" not in str(error) and "sec/ret" not in str(error)


@pytest.mark.parametrize("value", [None, "", ".", ".."])
def test_what_would_make_another_path_is_no_part_of_one(value):
    """DELETE /sites/ID/hooks/.. would be sent as DELETE /sites/ID/."""
    with pytest.raises(ApiError, match="Nothing was sent") as failure:
        part(value)
    assert failure.value.details["code"] == "incomplete_answer"


@pytest.mark.parametrize("value,text", [("a/b", "a%2Fb"), ("...", "..."), ("../..", "..%2F.."), (7, "7")])
def test_a_part_of_a_path_stays_one(value, text):
    assert part(value) == text
