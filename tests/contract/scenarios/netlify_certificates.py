# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates of sites."""

from __future__ import annotations

import base64

from scenarios.base import CANARY, Scenario
from scenarios.netlify import site

# Generated for these tests; its key protects nothing.
CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBqDCCAU2gAwIBAgIUSXB1em3J9vz9oxuBLPVJkudJVSAwCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPd3d3LmV4YW1wbGUuY29tMCAXDTI2MTEyMjAwMTQ0OFoYDzIx
MjYxMDI5MDAxNDQ4WjAaMRgwFgYDVQQDDA93d3cuZXhhbXBsZS5jb20wWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAARe5QavGJ5zp8rLPpsazvR7xkOEbh9xttxiyINo
rbbn8NZyg0EwToZl3xrt/aE9t25sCDyf567U2cdwzVMUvEWYo28wbTAdBgNVHQ4E
FgQU/6OyYwDFZIN7NpSGztZ40UdXCCIwHwYDVR0jBBgwFoAU/6OyYwDFZIN7NpSG
ztZ40UdXCCIwDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgg93d3cuZXhhbXBs
ZS5jb20wCgYIKoZIzj0EAwIDSQAwRgIhAKEfaCyVtcND3I7C1pCtMfVxAtEMQQuA
d3Dosmzd19QTAiEAruqZq3cf0QXvM2G+Iq5EAlPBj7+M8CX8Ud9vWyTYLvk=
-----END CERTIFICATE-----
"""


def certificate_until(end):
    """The same certificate with another expiration time (YYYYMMDDhhmmss)."""
    content = base64.b64decode("".join(CERTIFICATE.splitlines()[1:-1])).replace(b"21261029001448Z", f"{end}Z".encode())
    return "-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(content).decode() + "-----END CERTIFICATE-----\n"


# Only its first and last line matter here.
KEY = "\n".join(
    [
        "-----BEGIN PRIVATE" + " KEY-----",
        f"{CANARY}MIGHAgEAMBMGByqGSM49AgEG",
        "CCqGSM49AwEHBG0wawIBAQQg",
        "-----END PRIVATE" + " KEY-----",
        "",
    ]
)
OWN = {"site": "shop", "certificate": CERTIFICATE, "key": KEY, "ca_certificates": CERTIFICATE}


def with_domain(world):
    site(world, custom_domain="www.example.com", domain_aliases=["example.com"])


def without_certificate(world):
    world.sandbox.admin("PATCH", "switches", {"certificate": "none"})
    with_domain(world)


def with_own_certificate(end):
    def given(world):
        with_domain(world)
        given = {"certificate": certificate_until(end), "key": KEY, "ca_certificates": CERTIFICATE}
        world.api("POST", f"/sites/{world.ids['shop']}/ssl", given)

    return given


def ends_soon(world):
    with_domain(world)
    world.sandbox.admin("PATCH", "settings", {"certificate_valid_seconds": 10 * 86400})
    world.api("GET", f"/sites/{world.ids['shop']}/ssl")
    world.sandbox.admin("PATCH", "settings", {"certificate_valid_seconds": 90 * 86400})


def is_being_issued(world):
    without_certificate(world)
    world.sandbox.admin("PATCH", "settings", {"certificate_seconds": 20})
    world.api("POST", f"/sites/{world.ids['shop']}/ssl")


def has_certificate(state, end=None):
    def holds(world):
        found = world.api("GET", f"/sites/{world.ids['shop']}/ssl")
        assert found["state"] == state and end in (None, found["expires_at"]), found

    return holds


ISSUED, INSTALLED = has_certificate("issued"), has_certificate("custom", "2126-10-29T00:14:48.000Z")

CERTIFICATES = (
    Scenario(
        "netlify_ssl",
        "provision",
        {"site": "shop"},
        given=without_certificate,
        fails_under=(("ssl_dns", "bad"),),
        holds=ISSUED,
    ),
    Scenario(
        "netlify_ssl",
        "provision-without-waiting",
        {"site": "shop", "wait": False},
        given=without_certificate,
        fails_under=(("ssl_dns", "bad"),),
    ),
    Scenario(
        "netlify_ssl",
        "being-issued",
        {"site": "shop", "poll_interval": 6},
        given=is_being_issued,
        changes=False,
        holds=ISSUED,
    ),
    Scenario(
        "netlify_ssl",
        "has-one",
        lambda world: {"site": world.ids["shop"], "renew_within": 89},
        given=with_domain,
        changes=False,
        holds=ISSUED,
    ),
    Scenario("netlify_ssl", "renew", {"site": "shop", "renew_within": 30}, given=ends_soon, holds=ISSUED),
    Scenario(
        "netlify_ssl", "renew-without-waiting", {"site": "shop", "renew_within": 30, "wait": False}, given=ends_soon
    ),
    Scenario("netlify_ssl", "install", OWN, given=without_certificate, secrets=(CANARY,), holds=INSTALLED),
    Scenario(
        "netlify_ssl", "replace", OWN, given=with_own_certificate("20991231235959"), secrets=(CANARY,), holds=INSTALLED
    ),
    Scenario(
        "netlify_ssl",
        "installed",
        OWN,
        given=with_own_certificate("21261029001448"),
        changes=False,
        secrets=(CANARY,),
        holds=INSTALLED,
    ),
    Scenario(
        "netlify_ssl",
        "install-always",
        {**OWN, "update_certificate": "always"},
        given=with_own_certificate("21261029001448"),
        secrets=(CANARY,),
        twice=False,
        reason="With O(update_certificate=always), the module installs the certificate in each run",
        holds=INSTALLED,
    ),
)


SCENARIOS = CERTIFICATES

BAD_INPUT = (
    ("netlify_ssl", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_ssl", {"site": "shop", "certificate": CERTIFICATE}, ["key", "ca_certificates"]),
    ("netlify_ssl", {**OWN, "certificate": "no certificate"}, ["certificate", "PEM"]),
    (
        "netlify_ssl",
        {**OWN, "certificate": "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"},
        ["certificate", "PEM"],
    ),
    (
        "netlify_ssl",
        {**OWN, "certificate": certificate_until("20200101000000")},
        ["certificate", "expired", "2020-01-01"],
    ),
    ("netlify_ssl", {**OWN, "ca_certificates": KEY}, ["ca_certificates", "PEM"]),
    ("netlify_ssl", {**OWN, "key": CERTIFICATE}, ["key", "PEM"]),
    ("netlify_ssl", {**OWN, "key": KEY.replace("PRIVATE", "ENCRYPTED PRIVATE")}, ["key", "encrypted"]),
    ("netlify_ssl", {**OWN, "renew_within": 10}, ["certificate", "renew_within"]),
    ("netlify_ssl", {"site": "shop", "renew_within": 90}, ["renew_within", "90", "89"]),
    ("netlify_ssl", {"site": "shop", "wait_timeout": 0}, ["wait_timeout", "0"]),
)
