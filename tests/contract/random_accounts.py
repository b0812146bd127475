# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random accounts on all platforms, and random estates that declare such accounts."""

from __future__ import annotations

import string

from hypothesis import strategies as st
from scenarios import fleek, flightcontrol, hasura

from ansible_collections.webops.paas.plugins.module_utils._core import spelling

# Texts that YAML or Jinja would interpret as something else.
HOSTILE = (
    "NO",
    "on",
    "1.10",
    "12:30:45",
    "0755",
    "0o17",
    "~",
    "null",
    "=",
    "<<",
    "{{ lookup('pipe', 'id') }}",
    "{% if x %}",
    "{# note #}",
    "!vault |",
    "- item: {a: b} # no comment",
    "  led by blanks",
    "ends with a blank ",
    "two\nlines",
    "tab\there",
    "quote \" and '",
    "@handle",
    "*alias",
    "&anchor",
    "%TAG",
    "\N{SNOWMAN}",
)
# Modules refuse them as names, see test_names_that_modules_refuse.
REFUSED = spelling.WORDS
TEXTS = st.sampled_from(HOSTILE) | st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30
)
KEYS = st.text(string.ascii_uppercase + "_", min_size=1, max_size=12).filter(lambda word: word not in REFUSED)
WORDS = st.text(string.ascii_lowercase, min_size=1, max_size=10).filter(lambda word: word not in REFUSED)
SNIPPETS = st.lists(
    st.fixed_dictionaries(
        {"title": TEXTS.filter(lambda text: text.strip() == text), "general": TEXTS},
        optional={"general_position": st.sampled_from(["head", "footer"]), "goal": TEXTS},
    ),
    max_size=3,
    unique_by=lambda snippet: snippet["title"],
)
SITES = st.fixed_dictionaries(
    {
        "env": st.dictionaries(KEYS, TEXTS | st.just(""), max_size=3),
        # Modules refuse the words that YAML makes of an unquoted yes or null.
        "metadata": st.dictionaries(WORDS.filter(lambda word: word not in spelling.WORDS), TEXTS, max_size=3),
        "snippets": SNIPPETS,
        "hooks": st.lists(WORDS, max_size=2, unique=True),
        "notifications": st.booleans(),
        # A split test, traffic rules and a log drain.
        "traffic": st.booleans(),
        "settings": st.fixed_dictionaries(
            {},
            optional={
                "custom_domain": WORDS.map(lambda word: f"{word}.example.com"),
                "notification_email": WORDS.map(lambda word: f"{word}@example.com"),
                "force_ssl": st.booleans(),
                "hud_enabled": st.booleans(),
                "cdp_enabled_contexts": st.sets(st.sampled_from(["branch-deploy", "deploy-preview"])).map(sorted),
                "build_timelimit": st.integers(1, 60),
                "build_settings": st.just({"skip_automatic_builds": True, "cmd": "make"}),
                "processing_settings": st.just({"html": {"pretty_urls": True}, "ignore_html_forms": True}),
            },
        ),
    }
)
SHARES = {"main": 75, "next": 25}
DRAIN_URL = "https://logs.example.com/a-secret-path"
ACCOUNTS = st.fixed_dictionaries(
    {
        "sites": st.dictionaries(WORDS, SITES, max_size=3),
        "zones": st.dictionaries(WORDS.map(lambda word: f"{word}.example"), st.sets(WORDS, max_size=3), max_size=2),
        "tenants": st.dictionaries(WORDS, st.dictionaries(KEYS, TEXTS | st.just(""), max_size=3), max_size=2),
        # {repository: (branch, command of the build)} on Fleek.
        "repositories": st.dictionaries(WORDS, st.tuples(WORDS, TEXTS | st.none()), max_size=2),
        # {environment on Flightcontrol: instances of its service "web"}
        "instances": st.dictionaries(st.sampled_from(["production", "staging"]), st.integers(1, 9)),
    }
)


def make_account(world, account):
    """Without our modules."""
    _make_sites(world, account["sites"])
    _make_zones(world, account["zones"])
    for name, env in account["tenants"].items():
        tenant_id = hasura.nameless(world)["id"]
        hasura.hasura(
            world,
            "mutation($id: uuid!, $name: String!) { updateTenantName(tenantId: $id, name: $name) { tenant { id } } }",
            id=tenant_id,
            name=name,
        )
        if env:
            hasura.set_env_of(world, tenant_id, env)
    for repository, (branch, command) in account["repositories"].items():
        build = {} if command is None else {"buildSettings": {"buildCommand": command}}
        source = {"url": f"https://github.com/example/{repository}", "branch": branch}
        fleek.add_site(world, githubSource=source, **build)
    for environment, count in account["instances"].items():
        service = flightcontrol.service(world, environment=environment)["id"]
        order = {"operation": "set", "count": count}
        world.rest("flightcontrol", "POST", f"/v1/services/{service}/scaling", order)
    world.sandbox.admin("POST", "clock", {"advance": 60})


def _make_sites(world, sites):
    domains = set()
    for name, site in sites.items():
        domain = site["settings"].get("custom_domain")
        site_settings = {
            key: value for key, value in site["settings"].items() if domain not in domains or key != "custom_domain"
        }
        domains.add(domain)
        made = world.api("POST", "/sites", {"name": name, **site_settings})
        slug, site_id = made["account_slug"], made["id"]
        rows = [{"key": key, "values": [{"context": "all", "value": text}]} for key, text in site["env"].items()]
        if rows:
            world.api("POST", f"/accounts/{slug}/env?site_id={site_id}", rows)
        for snippet in site["snippets"]:
            world.api("POST", f"/sites/{site_id}/snippets", {"general_position": "footer", **snippet})
        if site["metadata"]:
            world.api("PUT", f"/sites/{site_id}/metadata", site["metadata"])
        for title in site["hooks"]:
            world.api("POST", f"/sites/{site_id}/build_hooks", {"title": title, "branch": "main"})
        if site["notifications"]:
            data = {"url": "https://hooks.example.com/services/a-secret-path"}
            world.api(
                "POST",
                f"/hooks?site_id={site_id}",
                {"site_id": site_id, "type": "url", "event": "deploy_created", "data": data},
            )
        if site["traffic"]:
            _make_traffic(world, site_id)


def _make_traffic(world, site_id):
    test = world.api("POST", f"/sites/{site_id}/traffic_splits", {"branch_tests": SHARES})
    world.api("POST", f"/sites/{site_id}/traffic_splits/{test['id']}/publish")
    rule = {"action": "deny", "type": "geo", "data": {"countries": ["NO"]}, "description": "no"}
    world.api("PUT", f"/sites/{site_id}/firewall_rule_set", {"published": {"default": "allow", "rules": [rule]}})
    drain = {"destination": "http", "format": "ndjson", "log_types": '["deploys"]'}
    world.api("POST", f"/sites/{site_id}/log_drains", {**drain, "service_config": {"url": DRAIN_URL}})


def _make_zones(world, zones):
    for zone, hosts in zones.items():
        zone_id = world.api(
            "POST", "/dns_zones", {"name": zone, "account_slug": world.environment["NETLIFY_ACCOUNT_SLUG"]}
        )["id"]
        for host in hosts:
            world.api(
                "POST",
                f"/dns_zones/{zone_id}/dns_records",
                {"type": "A", "hostname": f"{host}.{zone}", "value": "192.0.2.1"},
            )


def entries_of(world, account, present):
    """The same, declared; what is not declared stays. present: the account to which the entries are applied.

    A domain that another site has is not declared, because check mode cannot know that Netlify refuses it.
    """
    entries: list = []
    owners: dict = {}
    for name, site in [*present["sites"].items(), *account["sites"].items()]:
        owners.setdefault(site["settings"].get("custom_domain"), name)
    for name, site in account["sites"].items():
        is_taken = owners[site["settings"].get("custom_domain")] != name
        given = {key: value for key, value in site["settings"].items() if not is_taken or key != "custom_domain"}
        if "processing_settings" in given:
            given["processing_settings"] = {"pretty_urls": True, "ignore_html_forms": True}
        entries.append({"netlify_site": {"name": name, **given}})
        if site["env"]:
            entries.append({"netlify_env_vars": {"site": name, "env_vars": site["env"], "purge": True}})
        entries.append({"netlify_snippets": {"site": name, "snippets": site["snippets"], "purge": True}})
        entries.append({"netlify_metadata": {"site": name, "metadata": site["metadata"], "purge": True}})
        entries += [{"netlify_build_hook": {"site": name, "title": title, "branch": "main"}} for title in site["hooks"]]
        if site["notifications"]:
            hook = {"type": "url", "event": "deploy_created", "url": "https://hooks.example.com/services/a-secret-path"}
            entries.append({"netlify_hook": {"site": name, **hook}})
        if site["traffic"]:
            entries += _traffic_entries({"site": name})
    for zone, hosts in account["zones"].items():
        entries.append({"netlify_dns_zone": {"name": zone}})
        entries += [
            {"netlify_dns_record": {"zone": zone, "type": "A", "hostname": host, "value": "192.0.2.1"}}
            for host in hosts
        ]
    for name, env in account["tenants"].items():
        entries.append({"hasura_tenant": {"name": name, "cloud": "aws", "region": "us-east-2"}})
        if env:
            entries.append({"hasura_env_vars": {"name": name, "env_vars": env}})
    for repository, (branch, command) in account["repositories"].items():
        build = {} if command is None else {"build_settings": {"build_command": command}}
        source = {"repository_url": f"https://github.com/example/{repository}", "repository_branch": branch}
        entries.append({"fleek_site": {**source, **build, "team_id": world.environment["FLEEK_TEAM_ID"]}})
    for environment, count in account["instances"].items():
        service = flightcontrol.service(world, environment=environment)["id"]
        entries.append({"flightcontrol_scaling": {"service_id": service, "count": count}})
    return entries


def _traffic_entries(site):
    rules = [{"action": "deny", "countries": ["NO"], "description": "no"}]
    drain = {"destination": "http", "format": "ndjson", "log_types": ["deploys"], "url": DRAIN_URL}
    return [
        {"netlify_split_test": {**site, "branches": SHARES, "active": True}},
        {"netlify_traffic_rules": {**site, "published": {"default_action": "allow", "rules": rules}}},
        {"netlify_log_drain": {**site, **drain}},
    ]
