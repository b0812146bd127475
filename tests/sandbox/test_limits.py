# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rate limits, with the clock advanced instead of waiting."""

from __future__ import annotations

import re

from sandbox_client import Client

MESSAGE = {"code": 429, "message": "API Request rate limit surpassed for application"}


def limits(sandbox, mode, **switches):
    sandbox.admin("POST", "reset", {"limits": mode, "switches": switches})


def status_of_deploys(sandbox, site, count):
    return [sandbox.call("POST", f"/sites/{site['id']}/deploys", json={}).status_code for _turn in range(count)]


def test_each_answer_tells_where_one_stands(sandbox):
    limits(sandbox, "real")
    now = sandbox.admin("GET", "clock")["now"]
    headers = sandbox.call("GET", "/user").headers
    assert (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]) == ("500", "499")
    assert 58 < int(headers["x-ratelimit-reset"]) - now < 62
    assert sandbox.call("GET", "/sites/none.netlify.app").headers["x-ratelimit-remaining"] == "498"


def test_500_requests_a_minute(sandbox, second):
    limits(sandbox, "real")
    for _turn in range(500):
        sandbox.call("GET", "/user", 200)
    response = sandbox.call("GET", "/user", 429)
    assert response.json() == MESSAGE
    assert response.headers["x-ratelimit-remaining"] == "0"
    second.call("GET", "/user", 200)
    sandbox.advance(61)
    sandbox.call("GET", "/user", 200)


def test_3_deploys_a_minute_and_100_a_day(sandbox):
    limits(sandbox, "real", site_creation_limit="own")
    site = sandbox.site("docs")
    assert status_of_deploys(sandbox, site, 4) == [200, 200, 200, 429]
    response = sandbox.call("POST", f"/sites/{site['id']}/deploys", 429, json={})
    assert response.headers["x-ratelimit-limit"] == "3"
    sandbox.call("GET", "/user", 200)
    assert len(sandbox.get(f"/sites/{site['id']}/deploys")) == 3
    for _turn in range(32):
        sandbox.advance(61)
        assert status_of_deploys(sandbox, site, 3) == [200] * 3
    sandbox.advance(61)
    assert status_of_deploys(sandbox, site, 2) == [200, 429]
    response = sandbox.call("POST", f"/sites/{site['id']}/deploys", 429, json={})
    assert response.headers["x-ratelimit-limit"] == "100"
    assert int(response.headers["x-ratelimit-reset"]) - sandbox.admin("GET", "clock")["now"] > 80000
    sandbox.advance(86400)
    assert status_of_deploys(sandbox, site, 1) == [200]


def test_the_4th_site_of_a_minute_is_refused(sandbox):
    for switch, then in (("own", 200), ("shared", 429)):
        limits(sandbox, "real", site_creation_limit=switch)
        sites = [sandbox.site() for _turn in range(3)]
        assert sandbox.call("POST", "/sites", 429, json={"name": "docs"}).json() == MESSAGE
        sandbox.call("GET", "/sites/docs.netlify.app", 404)
        assert status_of_deploys(sandbox, sites[0], 1) == [then]
        sandbox.advance(61)
        sandbox.site("docs")


def test_uploads_and_restores_are_no_deploys(sandbox):
    limits(sandbox, "real", site_creation_limit="own")
    site = sandbox.site("docs")
    for number in range(3):
        deploy = sandbox.deploy(site, {"index.html": b"%d" % number})
    sandbox.call("POST", f"/sites/{site['id']}/deploys/{deploy['id']}/restore", 200)
    sandbox.call("POST", f"/sites/{site['id']}/deploys", 429, json={})


def test_a_zip_sent_to_a_site_is_a_deploy(sandbox):
    limits(sandbox, "real")
    sites = [sandbox.site() for _turn in range(3)]
    sandbox.call("PUT", f"/sites/{sites[0]['id']}", 429, data=b"PK", headers={"Content-Type": "application/zip"})


def test_scaled_limits_are_a_hundred_times_the_real_ones(sandbox):
    limits(sandbox, "scaled", site_creation_limit="own")
    site = sandbox.site("docs")
    assert status_of_deploys(sandbox, site, 301) == [200] * 300 + [429]


def test_no_limits(sandbox):
    limits(sandbox, "none")
    site = sandbox.site("docs")
    assert set(status_of_deploys(sandbox, site, 320)) == {200}
    assert sandbox.call("GET", "/user").headers["x-ratelimit-limit"] == "500"


def test_the_reset_may_be_a_date_text(sandbox):
    sandbox.switch(ratelimit_reset="date")
    reset = sandbox.call("GET", "/user").headers["x-ratelimit-reset"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", reset)


def test_the_environment_sets_the_mode(start):
    for arguments, environment, limit in (
        ((), {"SANDBOX_LIMITS": "real"}, "500"),
        (("--limits", "none"), {"SANDBOX_LIMITS": "scaled"}, "500"),
        ((), {"SANDBOX_LIMITS": ""}, "50000"),
    ):
        client = Client(start("--quiet", *arguments, **environment).port)
        assert client.call("GET", "/user").headers["x-ratelimit-limit"] == limit
        client.session.close()


def test_limits_change_without_a_reset(sandbox):
    limits(sandbox, "none")
    sites = [sandbox.site(f"site-{number}") for number in range(5)]
    assert sandbox.admin("POST", "limits", {"limits": "real"}) == {"limits": "real"}
    for status in (200, 200, 200, 429):
        sandbox.call("POST", f"/sites/{sites[0]['id']}/deploys", status, json={"files": {}})
    assert len(sandbox.get("/sites")) >= 5
    sandbox.admin("POST", "limits", {"limits": "few"}, 400)
