# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deployed sites as a browser sees them."""

from __future__ import annotations

import pytest
from sandbox_client import sha1

HOST = "docs.netlify.app"
FILES = {
    "index.html": b"home",
    "about.html": b"about",
    "guide/index.html": b"guide",
    "404.html": b"lost",
    "app.js": b"1",
    "data.json": b"{}",
    "logo.png": b"\x89PNG",
    "a b.txt": b"space",
    "no-ending": b"?",
}


@pytest.fixture
def site(sandbox):
    return sandbox.site("docs")


@pytest.mark.parametrize(
    "path, content, content_type",
    [
        ("/", b"home", "text/html; charset=UTF-8"),
        ("/index.html", b"home", "text/html; charset=UTF-8"),
        ("/about", b"about", "text/html; charset=UTF-8"),
        ("/guide/", b"guide", "text/html; charset=UTF-8"),
        ("/app.js?x=1", b"1", "application/javascript; charset=UTF-8"),
        ("/data.json", b"{}", "application/json; charset=UTF-8"),
        ("/logo.png", b"\x89PNG", "image/png"),
        ("/a%20b.txt", b"space", "text/plain; charset=UTF-8"),
        ("/no-ending", b"?", "application/octet-stream"),
    ],
)
def test_pages(sandbox, site, path, content, content_type):
    sandbox.deploy(site, FILES)
    response = sandbox.page(HOST, path)
    assert (response.status_code, response.content) == (200, content)
    assert response.headers["content-type"] == content_type
    assert response.headers["etag"] == f'"{sha1(content)}"'
    head = sandbox.page(HOST, path, "HEAD")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(content)))


def test_a_page_that_was_seen_before_is_not_sent_again(sandbox, site):
    sandbox.deploy(site, FILES)
    etag = sandbox.page(HOST).headers["etag"]
    response = sandbox.page(HOST, headers={"If-None-Match": etag})
    assert (response.status_code, response.content) == (304, b"")
    assert sandbox.page(HOST, headers={"If-None-Match": '"other"'}).status_code == 200


def test_missing_pages(sandbox, site):
    sandbox.deploy(site, FILES)
    response = sandbox.page(HOST, "/nothing", headers={"If-None-Match": f'"{sha1(b"lost")}"'})
    assert (response.status_code, response.content) == (404, b"lost")
    sandbox.deploy(site, {"index.html": b"home"})
    assert sandbox.page(HOST, "/nothing").status_code == 404
    assert b"lost" not in sandbox.page(HOST, "/nothing").content


def test_writing_is_not_allowed(sandbox, site):
    sandbox.deploy(site, FILES)
    assert sandbox.page(HOST, "/", "POST").status_code == 405


def test_unknown_and_empty_sites_are_not_found(sandbox, site):
    for host in (
        HOST,
        "other.netlify.app",
        "x--docs.netlify.app",
        "taken.netlify.app",
        "nobody.example.com",
        "docs.localhost",
    ):
        assert sandbox.page(host).status_code == 404


def test_every_name_of_a_site_leads_to_it(sandbox, site):
    sandbox.call(
        "PATCH",
        f"/sites/{site['id']}",
        200,
        json={"custom_domain": "www.example.com", "domain_aliases": ["example.org"]},
    )
    sandbox.deploy(site, FILES)
    for host in (
        HOST,
        "DOCS.netlify.app:80",
        "docs.localhost",
        f"docs.localhost:{sandbox.port}",
        "www.example.com",
        "example.org",
        f"{site['id']}.netlify.app",
    ):
        assert sandbox.page(host).content == b"home", host


def test_old_deploys_stay_at_their_own_address(sandbox, site):
    first = sandbox.deploy(site, {"index.html": b"1"})
    second = sandbox.deploy(site, {"index.html": b"2"})
    draft = sandbox.deploy(site, {"index.html": b"3"}, draft=True)
    for deploy, content in ((first, b"1"), (second, b"2"), (draft, b"3")):
        for parent in ("docs.netlify.app", f"docs.localhost:{sandbox.port}"):
            assert sandbox.page(f"{deploy['id']}--{parent}").content == content
    sandbox.call("DELETE", f"/deploys/{first['id']}", 204)
    assert sandbox.page(f"{first['id']}--{HOST}").status_code == 404


def test_a_deploy_is_reachable_at_its_own_address_once_processed(sandbox, site):
    sandbox.admin("PATCH", "settings", {"deploy_processing_seconds": 10})
    deploy = sandbox.deploy(site, {"index.html": b"1"}, wait=False)
    own = f"{deploy['id']}--{HOST}"
    assert sandbox.page(own).status_code == 404
    sandbox.advance(9)
    assert (sandbox.page(own).status_code, sandbox.page(HOST).status_code) == (200, 404)
    sandbox.advance(2)
    assert sandbox.page(HOST).status_code == 200


def test_a_branch_shows_its_newest_deploy(sandbox, site):
    for content in (b"1", b"2"):
        sandbox.deploy(site, {"index.html": content}, branch="feature/x", draft=True)
    assert sandbox.page(f"feature-x--{HOST}").content == b"2"


def test_names_with_double_hyphens(sandbox, site):
    other = sandbox.site("a--docs")
    sandbox.deploy(site, {"index.html": b"branch"}, branch="a")
    assert sandbox.page("a--docs.netlify.app").status_code == 404
    sandbox.deploy(other, {"index.html": b"site"})
    assert sandbox.page("a--docs.netlify.app").content == b"site"


def test_a_password_protects_a_site(sandbox, site):
    sandbox.deploy(site, FILES)
    sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"password": "open sesame"})
    response = sandbox.page(HOST, "/about")
    assert response.status_code == 401 and b"about" not in response.content and b"<form" in response.content
    assert sandbox.page(HOST, "/about", "POST", data={"password": "wrong"}).status_code == 401
    response = sandbox.page(HOST, "/about", "POST", data={"password": "open sesame"})
    assert (response.status_code, response.headers["location"]) == (303, "/about")
    cookie = response.headers["set-cookie"].split(";")[0]
    sandbox.session.cookies.clear()
    assert sandbox.page(HOST, "/about", headers={"Cookie": cookie}).content == b"about"
    assert "sesame" not in cookie
    sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"password": "changed"})
    assert sandbox.page(HOST, "/about", headers={"Cookie": cookie}).status_code == 401


def test_a_disabled_site_is_not_served(sandbox, site):
    sandbox.deploy(site, FILES)
    sandbox.call("PUT", f"/sites/{site['id']}/disable?reason=tidy", 204)
    assert sandbox.page(HOST).status_code == 503
    sandbox.call("PUT", f"/sites/{site['id']}/enable", 204)
    assert sandbox.page(HOST).content == b"home"


def test_functions_are_named_but_not_run(sandbox, site):
    sandbox.deploy(site, FILES)
    assert sandbox.page(HOST, "/.netlify/functions/hello").status_code == 404


def test_the_api_answers_under_its_own_host_name(sandbox, site):
    response = sandbox.session.get(
        f"{sandbox.url}/api/v1/sites/{site['id']}",
        timeout=5,
        headers={"Host": "api.netlify.com", "Authorization": f"Bearer {sandbox.token}"},
    )
    assert response.json()["id"] == site["id"]
    assert sandbox.page(HOST, "/api/v1/sites").status_code == 404
