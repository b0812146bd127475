# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netlify's environment variables, DNS, old deploys and cache."""

from __future__ import annotations

from scenarios.base import CANARY, Scenario
from scenarios.netlify import deploy_by_hand, deploys, live, site, site_without_content

TEAM = "/accounts/sandbox-team/env"
ALL = "all"


def variable(key, value=None, **more):
    """As the API takes one; value: for all contexts, or {context or "branch:NAME": text}."""
    values = value if isinstance(value, dict) else {ALL: value}
    return {"key": key, "values": [entry(place, text) for place, text in values.items()], **more}


def entry(place, text):
    context, _colon, branch = place.partition(":")
    return {"context": context, "value": text, **({"context_parameter": branch} if branch else {})}


def of_site(world):
    return f"{TEAM}?site_id={world.ids['shop']}"


def with_variables(world):
    site(world)
    world.api(
        "POST",
        of_site(world),
        [
            variable("NODE_VERSION", "20"),
            variable(
                "API_URL",
                {"production": "https://api.example.com/" + CANARY, "dev": "http://localhost"},
                scopes=["builds", "runtime"],
            ),
            variable("OLD", CANARY + "-old"),
            variable("KEPT", "1"),
            variable(
                "TOKEN",
                {"production": CANARY + "-token", "dev": "dev"},
                is_secret=True,
                scopes=["builds", "functions", "runtime"],
            ),
        ],
    )


def of_team(world):
    world.api("POST", TEAM, [variable("TZ", "UTC"), variable("OTHER", "1")])


def variables_are(*keys, of=of_site, **values):
    """Exactly these; values: {key: text for all contexts, or {place: text}}."""

    def holds(world):
        found = {row["key"]: row for row in world.api("GET", of(world))}
        assert sorted(found) == sorted({*keys, *values}), sorted(found)
        for key, expected in values.items():
            shown = {
                ":".join(filter(None, (value["context"], value["context_parameter"]))): value.get("value")
                for value in found[key]["values"]
            }
            if found[key]["is_secret"]:
                shown = {place: text if place == "dev" else None for place, text in shown.items()}
            assert shown == (expected if isinstance(expected, dict) else {ALL: expected}), (key, shown)

    return holds


EVERYTHING = {
    "site": "shop",
    "env_vars": {"NODE_VERSION": 22, "FEATURE": True, "EMPTY": "", "GREETING": CANARY + "-greeting"},
    "variables": [
        {
            "key": "API_URL",
            "values": [
                {"context": "production", "value": "https://api.example.com/" + CANARY},
                {"context": "branch", "branch": "next", "value": "https://next.example.com"},
                {"context": "branch", "branch": "main", "value": {"a": 1}},
            ],
        },
        {
            "key": "TOKEN",
            "values": [{"context": "production", "value": CANARY + "-token-2"}, {"context": "dev", "value": "dev2"}],
        },
        {"key": "NEW_TOKEN", "value": CANARY + "-new", "is_secret": True},
    ],
    "absent": ["OLD", "NEVER_THERE"],
}


def everything_set(world):
    variables_are(
        "KEPT",
        NODE_VERSION="22",
        FEATURE="true",
        EMPTY="",
        GREETING=CANARY + "-greeting",
        API_URL={
            "production": "https://api.example.com/" + CANARY,
            "branch:next": "https://next.example.com",
            "branch:main": '{"a":1}',
        },
        TOKEN={"production": None, "dev": "dev2"},
        NEW_TOKEN={ALL: None},
    )(world)
    found = {row["key"]: row for row in world.api("GET", of_site(world))}
    assert found["API_URL"]["scopes"] == ["builds", "runtime"], "scopes that are not declared stay as they are"
    assert found["NEW_TOKEN"]["is_secret"] and found["TOKEN"]["is_secret"]


def scopes_set(world):
    variables_are("API_URL", "OLD", "TOKEN", NODE_VERSION="20", KEPT="1")(world)
    scopes = {
        row["key"]: {scope.replace("_", "-") for scope in row["scopes"]} for row in world.api("GET", of_site(world))
    }
    assert scopes["NODE_VERSION"] == {"builds", "post-processing"} and len(scopes["KEPT"]) == 4


FREE_PLAN = (("env_scopes_plan", "unavailable"),)

ENV_VARS = (
    Scenario(
        "netlify_env_vars",
        "everything",
        EVERYTHING,
        given=with_variables,
        reads=2,
        secrets=(CANARY,),
        holds=everything_set,
        # API_URL has scopes of a paid plan, and keeps them.
        fails_under=FREE_PLAN,
    ),
    Scenario(
        "netlify_env_vars",
        "first",
        {
            "site": "shop",
            "env_vars": {"A": "1", "B": "production"},
            "variables": [
                {"key": "TOKEN", "value": CANARY, "is_secret": True},
                {"key": "C", "value": "x", "is_secret": False},
            ],
        },
        given=site_without_content,
        reads=2,
        secrets=(CANARY,),
        holds=variables_are(A="1", B="production", C="x", TOKEN={ALL: None}),
    ),
    Scenario(
        "netlify_env_vars",
        "unchanged",
        lambda world: {
            "site": world.ids["shop"],
            "env_vars": {"NODE_VERSION": 20, "KEPT": "1"},
            "variables": [
                {
                    "key": "API_URL",
                    "values": [
                        {"context": "dev", "value": "http://localhost"},
                        {"context": "production", "value": "https://api.example.com/" + CANARY},
                    ],
                    "scopes": ["runtime", "builds"],
                    "is_secret": False,
                },
                {
                    "key": "TOKEN",
                    "values": [
                        {"context": "production", "value": CANARY + "-other"},
                        {"context": "dev", "value": "dev"},
                    ],
                    "is_secret": True,
                },
            ],
            "absent": ["GONE"],
        },
        given=with_variables,
        changes=False,
        reads=2,
        secrets=(CANARY,),
        holds=variables_are("NODE_VERSION", "API_URL", "OLD", "KEPT", TOKEN={"production": None, "dev": "dev"}),
    ),
    Scenario(
        "netlify_env_vars",
        "purge",
        {"site": "shop", "env_vars": {"NODE_VERSION": "20"}, "purge": True, "protect": ["KEPT", "TOKEN"]},
        given=with_variables,
        reads=2,
        secrets=(CANARY,),
        holds=variables_are("NODE_VERSION", "KEPT", "TOKEN"),
    ),
    Scenario(
        "netlify_env_vars",
        "scopes",
        {
            "site": "shop",
            "variables": [
                {"key": "NODE_VERSION", "value": "20", "scopes": ["builds", "post_processing"]},
                {"key": "KEPT", "value": "1", "scopes": ["post-processing", "builds", "functions", "runtime"]},
            ],
        },
        given=with_variables,
        reads=2,
        fails_under=FREE_PLAN,
        holds=scopes_set,
    ),
    Scenario(
        "netlify_env_vars",
        "becomes-a-secret",
        {
            "site": "shop",
            "variables": [
                {"key": "OLD", "value": CANARY, "is_secret": True},
                {"key": "TOKEN", "values": [{"context": "production", "value": CANARY + "-2"}], "is_secret": False},
            ],
        },
        given=with_variables,
        reads=2,
        secrets=(CANARY,),
        holds=variables_are("NODE_VERSION", "API_URL", "KEPT", OLD={ALL: None}, TOKEN={"production": CANARY + "-2"}),
    ),
    Scenario(
        "netlify_env_vars",
        "secrets-always",
        {
            "site": "shop",
            "variables": [{"key": "TOKEN", "value": CANARY + "-3", "is_secret": True}],
            "update_secrets": "always",
        },
        given=with_variables,
        secrets=(CANARY,),
        twice=False,
        reason="Netlify never answers a secret",
        holds=variables_are("NODE_VERSION", "API_URL", "KEPT", "OLD", TOKEN={ALL: None}),
    ),
    Scenario(
        "netlify_env_vars",
        "team",
        {"account_slug": "sandbox-team", "env_vars": {"TZ": "Europe/Berlin", "NEW": "1"}, "absent": ["OTHER"]},
        given=of_team,
        holds=variables_are(of=lambda world: TEAM, TZ="Europe/Berlin", NEW="1"),
    ),
)


# -- DNS ---------------------------------------------------------------------------------------------------------------

ZONE = "example.com"


def zone(world):
    world.ids["zone"] = world.api("POST", "/dns_zones", {"name": ZONE, "account_slug": "sandbox-team"})["id"]


def with_records(*records):
    """records: (type, hostname, value, what else)."""

    def given(world):
        zone(world)
        # Netlify keeps records of its own in the zone.
        site(world, custom_domain=f"www.{ZONE}")
        for kind, hostname, value, more in records:
            made = world.api(
                "POST", f"/dns_zones/{ZONE}/dns_records", {"type": kind, "hostname": hostname, "value": value, **more}
            )
            world.ids[value] = made["id"]

    return given


def records_are(*expected):
    """expected: (type, hostname, value, ttl) of all that are not Netlify's own."""

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


# -- old deploys, and the cache ----------------------------------------------------------------------------------------


def many_deploys(world):
    """Three releases, of which the second is live; three drafts; two deploys of next, one of main; one that waits for a file."""
    site(world)
    for name, body in (
        ("first", {}),
        ("second", {}),
        ("third", {}),
        ("draft 1", {"draft": True}),
        ("draft 2", {"draft": True}),
        ("draft 3", {"draft": True}),
        ("next 1", {"branch": "next"}),
        ("next 2", {"branch": "next"}),
        ("main 1", {"branch": "main"}),
    ):
        world.ids[name] = deploy_by_hand(world, {"index.html": name}, **body)["id"]
    world.api("POST", f"/sites/{world.ids['shop']}/deploys/{world.ids['second']}/restore")
    world.ids["waiting"] = world.api("POST", f"/sites/{world.ids['shop']}/deploys", {"files": {"late.html": "0" * 40}})[
        "id"
    ]


def left_are(*names):
    def holds(world):
        found = {deploy["id"] for deploy in deploys(world)}
        assert found == {world.ids[name] for name in names}, [
            name for name, deploy_id in world.ids.items() if deploy_id in found
        ]
        live(world, "second")

    return holds


def purged(*tags):
    """At least once, and never anything else."""

    def holds(world):
        purges = [
            purge["cache_tags"]
            for found in world.sandbox.admin("GET", "state")["netlify"]["sites"]
            for purge in found["purges"]
        ]
        assert purges and all(purge == (list(tags) or None) for purge in purges), purges

    return holds


EVERY_DEPLOY = ("first", "second", "third", "draft 1", "draft 2", "draft 3", "next 1", "next 2", "main 1", "waiting")

PRUNE = (
    Scenario(
        "netlify_deploy_prune",
        "drafts-and-a-branch",
        {"site": "shop", "drafts": True, "branches": ["next", "other"], "keep": 1},
        given=many_deploys,
        reads=2,
        holds=left_are("first", "second", "third", "draft 3", "next 2", "main 1", "waiting"),
    ),
    Scenario(
        "netlify_deploy_prune",
        "releases",
        {"site": "shop", "releases": True, "keep": 0},
        given=many_deploys,
        reads=2,
        holds=left_are("second", *EVERY_DEPLOY[3:]),
    ),
    Scenario(
        "netlify_deploy_prune",
        "waiting",
        {"site": "shop", "releases": True, "states": ["uploading", "prepared"], "keep": 0},
        given=many_deploys,
        reads=2,
        holds=left_are(*EVERY_DEPLOY[:-1]),
    ),
    Scenario(
        "netlify_deploy_prune",
        "unchanged",
        {"site": "shop", "drafts": True, "releases": True, "branches": ["next", "main"], "older_than_days": 30},
        given=many_deploys,
        changes=False,
        reads=2,
        holds=left_are(*EVERY_DEPLOY),
    ),
    Scenario(
        "netlify_deploy_prune",
        "limited",
        {"site": "shop", "drafts": True, "keep": 0, "limit": 1},
        given=many_deploys,
        twice=False,
        reason="more deploys to delete than O(limit)",
        holds=lambda world: live(world, "second"),
    ),
)

CACHE = (
    Scenario(
        "netlify_cache",
        "all",
        {"site": "shop"},
        given=site_without_content,
        twice=False,
        reason="nobody can ask what the cache holds",
        holds=purged(),
    ),
    Scenario(
        "netlify_cache",
        "tags",
        {"site": "www.example.com", "cache_tags": ["prices", "a-1", "prices"]},
        given=lambda world: site(world, custom_domain="www.example.com"),
        twice=False,
        reason="nobody can ask what the cache holds",
        holds=purged("a-1", "prices"),
    ),
)

SCENARIOS = ENV_VARS + DNS + PRUNE + CACHE

BAD_INPUT = (
    ("netlify_env_vars", {"env_vars": {"A": "1"}}, ["site", "account_slug"]),
    ("netlify_env_vars", {"site": "shop", "account_slug": "team", "env_vars": {"A": "1"}}, ["site", "account_slug"]),
    ("netlify_env_vars", {"site": "no_such_name", "env_vars": {"A": "1"}}, ["site", "no_such_name"]),
    ("netlify_env_vars", {"account_slug": " ", "env_vars": {"A": "1"}}, ["account_slug"]),
    ("netlify_env_vars", {"site": "shop"}, ["env_vars", "variables", "absent", "purge"]),
    ("netlify_env_vars", {"site": "shop", "env_vars": {"A-B": "1"}}, ["env_vars", "A-B"]),
    ("netlify_env_vars", {"site": "shop", "env_vars": {"A": None}}, ["env_vars", "A", "absent"]),
    ("netlify_env_vars", {"site": "shop", "env_vars": {"A": "1"}, "absent": ["A"]}, ["absent", "env_vars", "A"]),
    ("netlify_env_vars", {"site": "shop", "absent": ["1A"]}, ["absent", "1A"]),
    ("netlify_env_vars", {"site": "shop", "purge": True, "protect": ["A B"]}, ["protect", "A B"]),
    (
        "netlify_env_vars",
        {"site": "shop", "env_vars": {"A": "1"}, "variables": [{"key": "A", "value": "1"}]},
        ["variables[0]", "A"],
    ),
    ("netlify_env_vars", {"site": "shop", "variables": [{"key": "A B", "value": "1"}]}, ["variables[0].key", "A B"]),
    ("netlify_env_vars", {"site": "shop", "variables": [{"key": "A"}]}, ["value", "values"]),
    ("netlify_env_vars", {"site": "shop", "variables": [{"key": "A", "value": None}]}, ["variables[0]", "A", "absent"]),
    ("netlify_env_vars", {"site": "shop", "variables": [{"key": "A", "values": []}]}, ["variables[0]", "A", "absent"]),
    (
        "netlify_env_vars",
        {"site": "shop", "variables": [{"key": "A", "value": "1", "values": []}]},
        ["value", "values"],
    ),
    (
        "netlify_env_vars",
        {"site": "shop", "variables": [{"key": "A", "values": [{"context": "everywhere", "value": "1"}]}]},
        ["everywhere", "production"],
    ),
    (
        "netlify_env_vars",
        {"site": "shop", "variables": [{"key": "A", "values": [{"context": "branch", "value": "1"}]}]},
        ["variables[0].values[0].branch"],
    ),
    (
        "netlify_env_vars",
        {"site": "shop", "variables": [{"key": "A", "values": [{"context": "dev", "branch": "x", "value": "1"}]}]},
        ["values[0].branch"],
    ),
    (
        "netlify_env_vars",
        {"site": "shop", "variables": [{"key": "A", "values": [{"context": "dev", "value": None}]}]},
        ["values[0].value"],
    ),
    (
        "netlify_env_vars",
        {"site": "shop", "variables": [{"key": "A", "values": [{"context": "dev", "value": "1"}] * 2}]},
        ["variables[0].values", "dev"],
    ),
    (
        "netlify_env_vars",
        {"site": "shop", "variables": [{"key": "A", "value": "1", "scopes": []}]},
        ["variables[0].scopes"],
    ),
    (
        "netlify_env_vars",
        {"site": "shop", "variables": [{"key": "A", "value": "1", "scopes": ["post-processing"], "is_secret": True}]},
        ["variables[0].scopes", "post-processing", "builds"],
    ),
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
    ("netlify_deploy_prune", {"site": "no_such_name", "drafts": True, "keep": 1}, ["site", "no_such_name"]),
    ("netlify_deploy_prune", {"site": "shop", "keep": 1}, ["drafts", "releases", "branches"]),
    ("netlify_deploy_prune", {"site": "shop", "drafts": True}, ["keep", "older_than_days"]),
    ("netlify_deploy_prune", {"site": "shop", "drafts": True, "keep": -1}, ["keep", "-1"]),
    ("netlify_deploy_prune", {"site": "shop", "drafts": True, "older_than_days": -1}, ["older_than_days", "-1"]),
    ("netlify_deploy_prune", {"site": "shop", "drafts": True, "keep": 1, "limit": 0}, ["limit", "0"]),
    ("netlify_deploy_prune", {"site": "shop", "branches": ["a b"], "keep": 1}, ["branches", "a b"]),
    ("netlify_cache", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_cache", {"site": "shop", "cache_tags": []}, ["cache_tags"]),
    ("netlify_cache", {"site": "shop", "cache_tags": ["a,b"]}, ["cache_tags", "a,b"]),
)
