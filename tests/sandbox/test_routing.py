# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deployed sites with rules for redirects and headers, as a browser sees them."""

from __future__ import annotations

import base64

import pytest
from deploying import archive, send_zip

HOST = "rules.netlify.app"
PAGES = {
    "index.html": b"home",
    "about.html": b"about",
    "guide/index.html": b"guide",
    "file": b"file",
    "404.html": b"lost",
    "style.css": b"css",
}


@pytest.fixture
def site(sandbox):
    return sandbox.site("rules")


@pytest.fixture
def deploy(sandbox, site):
    """Deploys pages with rules."""

    def with_rules(redirects=None, headers=None, config=None, **options):
        texts = {"_redirects": redirects, "_headers": headers, "netlify.toml": config}
        rules = {path: text.encode() for path, text in texts.items() if text is not None}
        return sandbox.deploy(site, {**PAGES, **rules}, **options)

    return with_rules


@pytest.fixture
def visit(sandbox):
    """(path) -> the status, the Location, and the content unless it is a redirect."""

    def result(path, host=HOST, **headers):
        response = sandbox.page(host, path, headers=headers)
        location = response.headers.get("location")
        return (response.status_code, location) if location is not None else (response.status_code, response.content)

    return result


def test_redirects(deploy, visit):
    deploy(
        "/old /new\n"
        "/temporary /new 302\n"
        "/other 303 # nothing\n"
        "/see /new 303\n"
        "/blog/* /posts/:splat\n"
        "/news/:year/:slug /archive/:slug-:year 302\n"
        "/away https://example.com/page?a=1#top 301\n"
        "/caf\u00e9 /tea/\u00fc 301\n"
    )
    assert visit("/old") == visit("/old/") == (301, "/new")
    assert visit("/temporary") == (302, "/new")
    assert visit("/see") == (303, "/new")
    assert visit("/blog/a/b.html") == (301, "/posts/a/b.html")
    assert visit("/blog/a%20b") == (301, "/posts/a%20b")
    assert visit("/blog") == (301, "/posts/")
    assert visit("/news/2026/hello") == (302, "/archive/hello-2026")
    assert visit("/news/2026") == (404, b"lost")
    assert visit("/away") == (301, "https://example.com/page?a=1#top")
    assert visit("/caf%C3%A9") == (301, "/tea/%C3%BC")
    assert visit("/Old") == (404, b"lost")
    assert visit("/other") == (404, b"lost")


def test_the_first_rule_wins_and_those_of_the_file_come_first(deploy, visit):
    deploy(
        "/a /first\n/a /second\n/jobs/ninja /careers/ninja\n/jobs/* /careers\n",
        config='[[redirects]]\nfrom = "/a"\nto = "/third"\n[[redirects]]\nfrom = "/b"\nto = "/fourth"\nstatus = 302\n',
    )
    assert visit("/a") == (301, "/first")
    assert visit("/b") == (302, "/fourth")
    assert visit("/jobs/ninja") == (301, "/careers/ninja")
    assert visit("/jobs/other") == (301, "/careers")


def test_a_file_wins_unless_the_rule_is_forced(deploy, visit):
    deploy("/file /new 301\n/style.css /new 301!\n/about /index.html 200!\n/* /index.html 200\n")
    assert visit("/file") == (200, b"file")
    assert visit("/style.css") == (301, "/new")
    assert visit("/about") == (200, b"home")
    assert visit("/guide/") == (200, b"guide")
    assert visit("/app/route") == (200, b"home")
    assert visit("/.netlify/functions/none")[0] == 404


def test_rewrites_have_the_status_of_the_rule(deploy, visit):
    deploy("/shop /about 404\n/us /about.html 200\n/teapot /file 418\n/en/* /guide 404\n/none /nowhere 200\n")
    assert visit("/shop") == (404, b"about")
    assert visit("/us") == (200, b"about")
    assert visit("/teapot") == (418, b"file")
    assert visit("/en/x") == (404, b"guide")
    assert visit("/none") == (404, b"lost")


def test_the_query_is_passed_on_unless_the_target_has_one(deploy, visit):
    deploy("/a /b\n/c /d?x=1 302\n/store id=:id /posts/:id\n/fixed id=7 /seven\n/q id=:id /?param=:id\n")
    assert visit("/a?y=2&z=%20") == (301, "/b?y=2&z=%20")
    assert visit("/c?y=2") == (302, "/d?x=1")
    assert visit("/store?id=5")[0] == 301
    assert visit("/store?id=5")[1].partition("?")[0] == "/posts/5"
    assert visit("/store") == (404, b"lost")
    assert visit("/fixed?id=7")[1].partition("?")[0] == "/seven"
    assert visit("/fixed?id=8") == (404, b"lost")
    assert visit("/q?id=8") == (301, "/?param=8")


def test_conditions(sandbox, site, deploy, visit):
    deploy(
        "/ /anz 302! Country=au,nz\n/ /he 302! Language=he\n/beta /new 302 Cookie=beta\n/admin/* /file 200 Role=admin\n"
    )
    assert visit("/") == (200, b"home")
    assert visit("/", Cookie="nf_country=nz") == (302, "/anz")
    assert visit("/", Cookie="nf_country=de") == (200, b"home")
    assert visit("/", **{"Accept-Language": "he-IL,en"}) == (302, "/he")
    assert visit("/", **{"Accept-Language": "en,he"}) == (200, b"home")
    assert visit("/", Cookie="nf_lang=he") == (302, "/he")
    assert visit("/beta") == (404, b"lost")
    assert visit("/beta", Cookie="beta=1") == (302, "/new")
    assert visit("/admin/x") == (404, b"lost")
    (shown,) = sandbox.admin("GET", "state")["netlify"]["deploys"]
    assert [note for note in shown["rule_notes"] if "Role" in note and "/admin/*" in note] == shown["rule_notes"]


def test_rules_of_a_domain(sandbox, site, deploy, visit):
    sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"custom_domain": "www.example.com"})
    deploy("http://www.example.com/* https://example.org/:splat 301!\n")
    assert visit("/about") == (200, b"about")
    assert visit("/about", host="www.example.com") == (301, "https://example.org/about")


def test_a_rewrite_to_another_site_stays_on_this_machine(sandbox, site, second, deploy, visit):
    other = sandbox.site("other-rules")
    sandbox.deploy(other, {"page.html": b"other", "_redirects": b"/x /page 200\n"})
    second.deploy(second.site("of-another-team"), {"page.html": b"secret"})
    deploy(
        "/api/* https://api.example.com/:splat 200\n"
        "/other/* https://other-rules.netlify.app/:splat 200\n"
        "/secret https://of-another-team.netlify.app/page 200\n"
    )
    status, content = visit("/api/v1")
    assert status == 501 and b"https://api.example.com/v1" in content
    assert visit("/other/page") == (200, b"other")
    assert visit("/other/x")[0] == 404
    assert visit("/secret")[0] == 404


@pytest.mark.parametrize("switch, expected", [("redirected", (308, "/about")), ("rendered", (308, b"about"))])
def test_other_redirects(sandbox, deploy, visit, switch, expected):
    sandbox.switch(redirect_other_3xx=switch)
    deploy("/a /about 308\n")
    assert visit("/a") == expected


@pytest.mark.parametrize("switch, expected", [("contains", 301), ("exact", 404)])
def test_other_parameters_of_the_query(sandbox, deploy, visit, switch, expected):
    sandbox.switch(redirect_query=switch)
    deploy("/store id=:id /posts/:id\n")
    assert visit("/store?id=5")[0] == 301
    assert visit("/store?id=5&page=2")[0] == expected


@pytest.mark.parametrize("switch, expected", [("applied", (301, "/guide/")), ("ignored", (302, "/about"))])
def test_rules_that_lead_to_themselves(sandbox, deploy, visit, switch, expected):
    sandbox.switch(redirect_to_itself=switch)
    deploy("/guide /guide/ 301!\n/guide /about 302!\n")
    assert visit("/guide/") == expected


def test_headers(sandbox, site, deploy):
    deploy(
        "/to /about 200\n/from /about\n",
        "/*\n  X-Frame-Options: DENY\n  Link: </a>\n  Link: </b>\n  X-\u00fc: 1\n"
        "/about\n  X-Frame-Options: SAMEORIGIN\n  x-\u0075: \u00fc\n  Server: mine\n  Content-Length: 1\n"
        "/*.css\n  Cache-Control: public, max-age=31536000\n  Content-Type: text/x-css\n",
        "[[headers]]\nfor = '/guide/*'\n[headers.values]\nX-Guide = '1'\nLink = '</c>'\n",
    )
    home, about, css, guide = (sandbox.page(HOST, path).headers for path in ("/", "/about", "/style.css", "/guide/"))
    assert (home["x-frame-options"], home["link"]) == ("DENY", "</a>, </b>")
    assert (about["x-frame-options"], about["server"], about["content-length"]) == ("SAMEORIGIN", "Netlify", "5")
    assert about["x-u"].encode("latin-1").decode() == "\u00fc"
    assert (css["cache-control"], css["content-type"]) == ("public, max-age=31536000", "text/x-css")
    assert (guide["x-guide"], guide["link"]) == ("1", "</c>")
    assert sandbox.page(HOST, "/nothing").headers["x-frame-options"] == "DENY"
    assert "x-frame-options" not in sandbox.page(HOST, "/from").headers
    again = sandbox.page(HOST, "/", headers={"If-None-Match": home["etag"]})
    assert (again.status_code, again.headers["x-frame-options"]) == (304, "DENY")


@pytest.mark.parametrize("switch, expected", [("of_request", "request"), ("of_target", "target")])
def test_headers_of_a_rewrite(sandbox, deploy, switch, expected):
    sandbox.switch(rewrite_headers=switch)
    deploy("/to /about 200\n", "/to\n  X-Rule: request\n/about\n  X-Rule: target\n")
    assert sandbox.page(HOST, "/to").headers["x-rule"] == expected


def test_basic_authentication(sandbox, deploy, visit):
    deploy(None, "/guide/*\n  Basic-Auth: ann:one bob:two\n")
    assert visit("/") == (200, b"home")
    response = sandbox.page(HOST, "/guide/")
    assert (response.status_code, response.headers["www-authenticate"].split()[0]) == (401, "Basic")
    for user, status in ((b"bob:two", 200), (b"bob:one", 401), (b"eve:two", 401)):
        response = sandbox.page(HOST, "/guide/", headers={"Authorization": f"Basic {base64.b64encode(user).decode()}"})
        assert response.status_code == status
        assert "basic-auth" not in response.headers


def test_pretty_urls(sandbox, site, deploy, visit):
    deploy()
    assert visit("/about/?x=1") == (301, "/about?x=1")
    assert visit("/guide?x=1") == (301, "/guide/?x=1")
    for path in ("/about", "/about.html", "/guide/", "/guide/index.html", "/"):
        assert visit(path)[0] == 200
    settings = {"processing_settings": {"html": {"pretty_urls": False}}}
    sandbox.call("PATCH", f"/sites/{site['id']}", 200, json=settings)
    assert (visit("/about/"), visit("/guide")) == ((200, b"about"), (200, b"guide"))


def test_rules_belong_to_a_deploy(sandbox, deploy, visit):
    first = deploy("/a /one\n")
    draft = deploy("/a /two\n", draft=True)
    branch = deploy("/a /three\n", branch="next")
    assert visit("/a") == visit("/a", host=f"{first['id']}--{HOST}") == (301, "/one")
    assert visit("/a", host=f"{draft['id']}--{HOST}") == (301, "/two")
    assert visit("/a", host=f"{branch['branch']}--{HOST}") == (301, "/three")


def test_rules_of_a_zip(sandbox, site, visit):
    send_zip(
        sandbox, "POST", f"/sites/{site['id']}/deploys", archive({"index.html": b"1", "_redirects": b"/a /zip\n"}), 200
    )
    sandbox.advance(1)
    assert visit("/a") == (301, "/zip")


def test_rules_with_errors_are_ignored(sandbox, deploy, visit):
    deployed = deploy("/bad\n/a /b nonsense\n/good /new\n", "X-A: 1\n/*\n  X-B: 2\n", "[[redirects]\n")
    assert visit("/good") == (301, "/new")
    assert sandbox.page(HOST).headers["x-b"] == "2"
    (shown,) = sandbox.admin("GET", "state")["netlify"]["deploys"]
    assert [rule["from"] for rule in shown["redirects"]] == ["/good"]
    assert [rule["for"] for rule in shown["headers"]] == ["/*"]
    lines = [note.partition(":")[0] for note in shown["rule_notes"]]
    assert lines[:2] == ["_redirects, line 1", "_redirects, line 2"] and "_headers, line 1" in lines
    assert [message["type"] for message in deployed["summary"]["messages"]] == ["warning", "warning"]


def test_values_that_no_rule_should_have(sandbox, deploy, visit):
    deploy(
        "/a https://[bad 200\n/b /[x\n/c /about 999\n/d /about 0\n",
        "/*\n  X-A: a\x07b\n  X B: 1\n  X-C: 1\n/(*\n  X-D: 1\n",
        "[[redirects]]\nfrom = '/e'\nto = 7\nquery = {day = 2026-01-01}\nconditions = {Country = 1}\n"
        "[[redirects]]\nfrom = '/f'\nto = 7\n[[redirects]]\nfrom = '/g'\nto = '/about'\nquery = 'x'\n",
    )
    assert (visit("/a"), visit("/b")[0], visit("/c"), visit("/d")) == (
        (404, b"lost"),
        301,
        (200, b"about"),
        (200, b"about"),
    )
    assert (visit("/e?day=2026-01-01")[0], visit("/f"), visit("/g")) == (404, (301, "7"), (301, "/about"))
    headers = sandbox.page(HOST, "/(x").headers
    assert [name for name in ("x-a", "x b", "x-c", "x-d") if name in headers] == ["x-c"]
    (shown,) = sandbox.admin("GET", "state")["netlify"]["deploys"]
    assert len(shown["redirects"]) == 7


def test_the_summary_of_a_deploy_counts_its_rules(deploy):
    def titles(deployed):
        return [message["title"] for message in deployed["summary"]["messages"]]

    assert titles(deploy()) == ["No redirect rules processed", "No header rules processed"]
    assert titles(deploy("/a /b\n/c /d\n/e /f\n", "/*\n  X-A: 1\n")) == [
        "3 redirect rules processed",
        "1 header rule processed",
    ]
    unfinished = deploy("/a /b\n", wait=False)
    assert unfinished["summary"]["messages"] == []


def test_posts_are_not_redirected(sandbox, deploy):
    deploy("/form /new\n")
    assert sandbox.page(HOST, "/form", "POST", data={"a": "b"}).status_code == 405
