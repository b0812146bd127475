# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DNS zones and their records."""

from __future__ import annotations

from scenarios.base import Scenario
from scenarios.netlify import site

# -- DNS ---------------------------------------------------------------------------------------------------------------

ZONE = "example.com"


def zone(world):
    world.ids["zone"] = world.api("POST", "/dns_zones", {"name": ZONE, "account_slug": "sandbox-team"})["id"]


def with_records(*records):
    """records: (type, hostname, value, other fields)."""

    def given(world):
        zone(world)
        # Netlify has its own records in the zone.
        site(world, custom_domain=f"www.{ZONE}")
        for kind, hostname, value, more in records:
            made = world.api(
                "POST", f"/dns_zones/{ZONE}/dns_records", {"type": kind, "hostname": hostname, "value": value, **more}
            )
            world.ids[value] = made["id"]

    return given


def records_are(*expected):
    """expected: (type, hostname, value, ttl) of all records except Netlify's own."""

    def holds(world):
        found = [
            (row["type"], row["hostname"], row["value"], row["ttl"])
            for row in world.api("GET", f"/dns_zones/{ZONE}/dns_records")
            if not row["managed"]
        ]
        assert sorted(found) == sorted(expected), found

    return holds


def sip_port_is(port):
    def holds(world):
        records_are(("SRV", "_sip._tcp.example.com", "sip.example.net", 3600))(world)
        assert [row["port"] for row in world.api("GET", f"/dns_zones/{ZONE}/dns_records") if row["type"] == "SRV"] == [
            port
        ]

    return holds


def zones_are(*names):
    def holds(world):
        assert sorted(found["name"] for found in world.api("GET", "/dns_zones")) == sorted(names)

    return holds


def record(kind, hostname, value=None, **more):
    return {"zone": ZONE, "type": kind, "hostname": hostname, "value": value, **more}


MAIL = (("MX", ZONE, "mx1.example.net", {"priority": 10}), ("MX", ZONE, "mx2.example.net", {"priority": 20}))
TEXTS = (
    ("TXT", "@", "v=spf1 include:a.example ~all", {"ttl": 600}),
    ("TXT", "@", "google-site-verification=abc", {}),
)
TWO_ADDRESSES = (("A", "www", "192.0.2.1", {"ttl": 300}), ("A", "www", "192.0.2.2", {"ttl": 300}))

DNS = (
    Scenario(
        "netlify_dns_zone",
        "create",
        {"name": "Example.com.", "account_slug": "sandbox-team", "ipv6_enabled": True},
        holds=zones_are(ZONE),
    ),
    Scenario("netlify_dns_zone", "create-plain", {"name": ZONE}, holds=zones_are(ZONE)),
    Scenario(
        "netlify_dns_zone",
        "unchanged",
        {"name": ZONE, "ipv6_enabled": False},
        given=with_records(*MAIL),
        changes=False,
        holds=zones_are(ZONE),
    ),
    Scenario(
        "netlify_dns_zone",
        "enable-ipv6",
        {"name": ZONE, "ipv6_enabled": True},
        given=with_records(*MAIL),
        holds=zones_are(ZONE),
    ),
    Scenario(
        "netlify_dns_zone", "delete", {"name": ZONE, "state": "absent"}, given=with_records(*MAIL), holds=zones_are()
    ),
    Scenario("netlify_dns_zone", "delete-absent", {"name": ZONE, "state": "absent"}, changes=False, holds=zones_are()),
    Scenario("netlify_dns_zone_info", "one", {"name": ZONE}, given=with_records(*MAIL), changes=False),
    Scenario("netlify_dns_zone_info", "none", {"name": ZONE}, changes=False),
    Scenario("netlify_dns_zone_info", "all", {"account_slug": "sandbox-team"}, given=zone, changes=False),
    Scenario(
        "netlify_dns_record",
        "first",
        record("A", "www", "192.0.2.1", ttl=300),
        given=zone,
        holds=records_are(("A", "www.example.com", "192.0.2.1", 300)),
    ),
    Scenario(
        "netlify_dns_record",
        "one-more",
        lambda world: {**record("MX", "@", "MX3.example.net.", priority=30), "zone": world.ids["zone"]},
        given=with_records(*MAIL),
        holds=records_are(
            *(("MX", ZONE, f"mx{number}.example.net", 3600) for number in (1, 2)),
            ("MX", ZONE, "MX3.example.net.", 3600),
        ),
    ),
    Scenario(
        "netlify_dns_record",
        "unchanged",
        record("MX", "example.com.", "MX2.example.net.", priority=20),
        given=with_records(*MAIL),
        changes=False,
        holds=records_are(*(("MX", ZONE, f"mx{number}.example.net", 3600) for number in (1, 2))),
    ),
    Scenario(
        "netlify_dns_record",
        "another-ttl",
        record("A", "www", "192.0.2.1", ttl=600),
        given=with_records(*TWO_ADDRESSES),
        holds=records_are(("A", "www.example.com", "192.0.2.1", 600), ("A", "www.example.com", "192.0.2.2", 300)),
    ),
    Scenario(
        "netlify_dns_record",
        "solo",
        record("A", "www.example.com", "192.0.2.3", solo=True),
        given=with_records(*TWO_ADDRESSES),
        holds=records_are(("A", "www.example.com", "192.0.2.3", 300)),
    ),
    Scenario(
        "netlify_dns_record",
        "solo-is-there",
        record("A", "www.example.com", "192.0.2.2", solo=True),
        given=with_records(*TWO_ADDRESSES),
        holds=records_are(("A", "www.example.com", "192.0.2.2", 300)),
    ),
    Scenario(
        "netlify_dns_record",
        "doubles",
        record("A", "www", "192.0.2.1"),
        given=with_records(*TWO_ADDRESSES, ("A", "www", "192.0.2.1", {"ttl": 600})),
        holds=records_are(("A", "www.example.com", "192.0.2.1", 300), ("A", "www.example.com", "192.0.2.2", 300)),
    ),
    Scenario(
        "netlify_dns_record",
        "cname",
        record("CNAME", "blog", "new.example.net"),
        given=with_records(("CNAME", "blog", "old.example.net", {"ttl": 60})),
        holds=records_are(("CNAME", "blog.example.com", "new.example.net", 60)),
    ),
    Scenario(
        "netlify_dns_record",
        "service",
        record("SRV", "_sip._tcp", "sip.example.net", priority=1, weight=2, port=5060),
        given=with_records(("SRV", "_sip._tcp", "sip.example.net", {"priority": 1, "weight": 2, "port": 5061})),
        holds=sip_port_is(5060),
    ),
    Scenario(
        "netlify_dns_record",
        "replaces",
        record("TXT", "@", "v=spf1 include:b.example ~all", replaces="v=spf1*"),
        given=with_records(*TEXTS),
        holds=records_are(
            ("TXT", ZONE, "v=spf1 include:b.example ~all", 600), ("TXT", ZONE, "google-site-verification=abc", 3600)
        ),
    ),
    Scenario(
        "netlify_dns_record",
        "wildcard",
        record("CNAME", "*", "edge.example.net"),
        given=with_records(("CNAME", f"*.{ZONE}", "old.example.net", {"ttl": 60})),
        holds=records_are(("CNAME", f"*.{ZONE}", "edge.example.net", 60)),
    ),
    Scenario(
        "netlify_dns_record",
        "wildcard-is-there",
        record("CNAME", f"*.{ZONE}.", "Edge.example.net."),
        given=with_records(("CNAME", f"*.{ZONE}", "edge.example.net", {})),
        changes=False,
        holds=records_are(("CNAME", f"*.{ZONE}", "edge.example.net", 3600)),
    ),
    Scenario(
        "netlify_dns_record",
        "certificate-authority",
        record("CAA", "@", "ca.example.net", flag=128, tag="IssueMail"),
        given=zone,
        holds=records_are(("CAA", ZONE, "ca.example.net", 3600)),
    ),
    Scenario(
        "netlify_dns_record",
        "https",
        record("HTTPS", "@", "alpn=h2,h3", weight=1, target="."),
        given=zone,
        fails_under=(("dns_https_records", "refused"),),
        holds=records_are(("HTTPS", ZONE, "alpn=h2,h3", 3600)),
    ),
    Scenario(
        "netlify_dns_record",
        "no-such-service",
        record("SRV", "_sip._tcp", ".", priority=0, weight=0, port=0),
        given=zone,
        holds=records_are(("SRV", "_sip._tcp.example.com", ".", 3600)),
    ),
    Scenario(
        "netlify_dns_record",
        "delete",
        record("A", "www", "192.0.2.1", state="absent"),
        given=with_records(*TWO_ADDRESSES),
        holds=records_are(("A", "www.example.com", "192.0.2.2", 300)),
    ),
    Scenario(
        "netlify_dns_record",
        "delete-all",
        record("A", "www", state="absent"),
        given=with_records(*TWO_ADDRESSES),
        holds=records_are(),
    ),
    Scenario(
        "netlify_dns_record",
        "delete-absent",
        record("A", "www", state="absent"),
        given=zone,
        changes=False,
        holds=records_are(),
    ),
)


SCENARIOS = DNS

BAD_INPUT = (
    ("netlify_dns_zone", {"name": "example"}, ["name", "example"]),
    ("netlify_dns_zone", {"name": "*.example.com"}, ["name", "*.example.com"]),
    ("netlify_dns_zone_info", {"name": "a/b.com"}, ["name", "a/b.com"]),
    ("netlify_dns_record", {**record("A", "www", "192.0.2.1"), "zone": "example"}, ["zone", "example"]),
    ("netlify_dns_record", record("A", "www"), ["value", "present"]),
    ("netlify_dns_record", record("TXT", "www", " "), ["value"]),
    ("netlify_dns_record", record("A", "www", "2001:db8::1"), ["value", "IPv4", "2001:db8::1"]),
    ("netlify_dns_record", record("AAAA", "www", "192.0.2.1"), ["value", "IPv6", "192.0.2.1"]),
    ("netlify_dns_record", record("CNAME", "www", "https://example.net"), ["value", "https://example.net"]),
    ("netlify_dns_record", record("NETLIFY", "www", "shop.netlify.app"), ["type", "NETLIFY", "CNAME"]),
    ("netlify_dns_record", record("MX", "@", "mx.example.net"), ["priority", "MX"]),
    ("netlify_dns_record", record("A", "@", "192.0.2.1", priority=1), ["priority", "A"]),
    ("netlify_dns_record", record("A", "@", "192.0.2.1", ttl=0), ["ttl", "0"]),
    (
        "netlify_dns_record",
        record("SRV", "_sip._tcp", "sip.example.net", priority=1, weight=1, port=70000),
        ["port", "70000"],
    ),
    ("netlify_dns_record", record("A", "www.other.com.", "192.0.2.1"), ["hostname", "www.other.com.", "example.com"]),
    ("netlify_dns_record", record("A", "a b", "192.0.2.1"), ["hostname", "a b"]),
    ("netlify_dns_record", record("A", "münchen", "192.0.2.1"), ["hostname", "münchen", "'xn--mnchen-3ya'"]),
    ("netlify_dns_record", record("A", "a.*", "192.0.2.1"), ["hostname", "a.*"]),
    ("netlify_dns_record", record("CNAME", "www", "192.0.2.1"), ["value", "192.0.2.1", "CNAME"]),
    ("netlify_dns_record", record("MX", "@", ".", priority=0), ["value", "MX"]),
    ("netlify_dns_record", record("CAA", "@", "ca.example.net", flag=0, tag="issue mail"), ["tag", "issue mail"]),
    ("netlify_dns_record", record("HTTPS", "@", "alpn=h2", weight=1), ["target", "HTTPS"]),
    ("netlify_dns_record", record("HTTPS", "@", "alpn=h2", weight=1, target="a/b"), ["target", "a/b"]),
    ("netlify_dns_record", record("A", "@", "192.0.2.1", target="."), ["target", "A"]),
    ("netlify_dns_record", record("TXT", "@", "new", replaces="old", solo=True), ["replaces", "solo"]),
)
