# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployed sites, as visitors see them."""

from __future__ import annotations

from collections.abc import Callable

from scenarios.base import CANARY, Scenario
from scenarios.netlify import PAGES, deploy_by_hand, site, site_with_pages


def to_sandbox(world, *hosts: str) -> list:
    """Only plain http connections to these hosts go to the sandbox."""
    return [f"{host}:80:{world.sandbox.url.removeprefix('http://')}" for host in hosts]


def seen(**check) -> dict:
    return {"url": "http://shop.netlify.app/", **check}


def checks(*urls: dict, hosts=("shop.netlify.app",), **more) -> Callable:
    return lambda world: {
        "urls": list(urls),
        "connect_to": to_sandbox(world, *hosts),
        "wait_timeout": 20,
        "poll_interval": 5,
        **more,
    }


SCENARIOS = (
    Scenario("verify", "one", checks(seen(contains=["<h1>one</h1>"])), given=site_with_pages, changes=False),
    Scenario("verify", "none", checks(allow_empty=True), changes=False, reads=0),
    Scenario(
        "verify",
        "several",
        checks(
            seen(
                matches=["<h1>[a-z]+"],
                not_contains=["two"],
                response_headers={"Content-Type": "^text/html"},
                max_seconds=60,
            ),
            seen(url="http://shop.netlify.app/no-such-page", status=[404, 410]),
            seen(url="http://www.example.com/css/site.css", method="HEAD"),
            hosts=("shop.netlify.app", "www.example.com"),
        ),
        given=lambda world: (
            site(world, custom_domain="www.example.com"),
            deploy_by_hand(world, PAGES),
        ),
        changes=False,
        reads=3,
    ),
    Scenario(
        "verify",
        "json-and-secrets",
        checks(
            seen(
                url=f"http://shop.netlify.app/status.json?token={CANARY}-query",
                headers={"Authorization": f"Bearer {CANARY}-header", "X-Environment": "production"},
                body={"password": f"{CANARY}-body"},
                json={"state": "up", "parts[1].name": "two", "parts[-1].count": 2},
            )
        ),
        given=lambda world: (
            site(world),
            deploy_by_hand(
                world, {"status.json": '{"state": "up", "parts": [{"name": "one"}, {"name": "two", "count": 2}]}'}
            ),
        ),
        changes=False,
        secrets=(CANARY,),
    ),
)

BAD_INPUT = (
    ("verify", {}, ["urls"]),
    ("verify", {"urls": []}, ["urls", "empty", "allow_empty"]),
    ("verify", {"urls": [seen(), seen(url="shop.netlify.app")]}, ["urls[1].url", "https://"]),
    ("verify", {"urls": [seen(url="http://shop netlify.app")]}, ["urls[0].url"]),
    ("verify", {"urls": [seen(headers={"Cookie": "a=b"})]}, ["urls[0].url", "http://shop.netlify.app/", "https"]),
    ("verify", {"urls": [seen(headers={"X Y": "a"})]}, ["urls[0].headers", "X Y"]),
    ("verify", {"urls": [seen(headers={"X-Y": "a\nb"})]}, ["urls[0].headers", "X-Y"]),
    ("verify", {"urls": [seen(status=[42])]}, ["urls[0].status", "42"]),
    ("verify", {"urls": [seen(matches=["(a"])]}, ["urls[0].matches", "(a"]),
    ("verify", {"urls": [seen(response_headers={"Server": "*"})]}, ["urls[0].response_headers", "*"]),
    ("verify", {"urls": [seen(json={"a..b": 1})]}, ["urls[0].json", "a..b"]),
    ("verify", {"urls": [seen(method="HEAD", contains=["a"])]}, ["urls[0].contains", "HEAD"]),
    ("verify", {"urls": [seen(certificate_days=0)]}, ["urls[0].certificate_days", "0"]),
    (
        "verify",
        {"urls": [seen(certificate_days=9, validate_certs=False)]},
        ["urls[0].certificate_days", "validate_certs"],
    ),
    ("verify", {"urls": [seen(ca_path="no/such/file")]}, ["urls[0].ca_path", "no/such/file"]),
    ("verify", {"urls": [seen(follow_redirects="some")]}, ["follow_redirects", "some", "same_host"]),
    ("verify", {"urls": [seen()], "connect_to": ["shop.netlify.app:80"]}, ["connect_to", "shop.netlify.app:80"]),
    ("verify", {"urls": [seen()], "poll_interval": 0}, ["poll_interval", "0"]),
)
