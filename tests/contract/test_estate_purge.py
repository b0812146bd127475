# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Purging: what exists in the declared scope of an estate and is not declared is deleted, and nothing else."""

from __future__ import annotations

import re

import pytest
from estates import applied
from harness import ROOT, documentation_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.webops.paas.plugins.plugin_utils._estate import entries, purging
from ansible_collections.webops.paas.plugins.plugin_utils._estate.files import EstateError

NETLIFY = tuple(
    name for name, each in entries.declarable().items() if each.task.members is not None and name.startswith("netlify_")
)
TEAM = "sandbox-team"
# Those that need no zone whose team is named, and no other kind for the same members.
BELOW_SITES = tuple(name for name in NETLIFY if name not in ("netlify_dns_zone", "netlify_snippets"))
SHOP = {"netlify_site": {"name": "shop"}}
HOOK = {"type": "url", "event": "deploy_created"}


def converges(world, content, purge, **how):
    """Check mode predicts the run, and the next run changes nothing."""
    predicted = applied(world, content, purge=purge, check=True, **how)
    assert not predicted.writes and not predicted.result.get("failed"), predicted.result
    run = applied(world, content, purge=purge, **how)
    assert not run.result.get("failed"), run.result
    assert (run.actions, run.result["counts"], run.result["diff"]) == (
        predicted.actions,
        predicted.result["counts"],
        predicted.result["diff"],
    )
    settled = applied(world, content, purge=purge, **how)
    assert settled.result["changed"] is False and not settled.writes, settled.result
    return run


# -- each kind ---------------------------------------------------------------------------------------------------------

# module: (options of the declared member, options of the other one)
KINDS = {
    "netlify_build_hook": ({"title": "Nightly", "branch": "main"}, {"title": "Old", "branch": "main"}),
    "netlify_hook": ({**HOOK, "url": "https://example.com/new"}, {**HOOK, "url": "https://example.com/old"}),
    "netlify_log_drain": (
        {"destination": "http", "url": "https://logs.example.com/new", "log_types": ["deploys"]},
        {"destination": "azure", "url": "https://logs.example.com/old", "log_types": ["deploys"]},
    ),
    "netlify_snippet": ({"title": "Visitors", "general": "1"}, {"title": "Old", "general": "2"}),
    "netlify_dns_record": (
        {"type": "A", "hostname": "www", "value": "192.0.2.1"},
        {"type": "A", "hostname": "www", "value": "192.0.2.2"},
    ),
    "netlify_env_vars": ({"env_vars": {"API_URL": "new"}}, {"env_vars": {"OLD": "old"}}),
    "netlify_metadata": ({"metadata": {"theme": "dark"}}, {"metadata": {"old": 1}}),
    "netlify_snippets": (
        {"snippets": [{"title": "Visitors", "general": "1"}]},
        {"snippets": [{"title": "Old", "general": "2"}]},
    ),
}


def below(kind):
    if kind == "netlify_dns_record":
        return {"netlify_dns_zone": {"name": "example.com"}}, {"zone": "example.com"}
    return SHOP, {"site": "shop"}


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_members_of_what_is_declared(world, kind, declared):
    """Also if nothing of that kind is declared any more."""
    parent, where = below(kind)
    mine, other = ({kind: {**where, **options}} for options in KINDS[kind])
    applied(world, [parent, mine])
    applied(world, [other])
    content = [parent, mine] if declared else [parent]
    assert applied(world, content).result["changed"] is False
    run = converges(world, content, (kind,))
    assert run.result["changed"] is True and "created" not in run.actions.values()
    assert run.actions[next(iter(parent)), next(iter(parent.values()))["name"]] == "unchanged"
    assert applied(world, [mine]).result["changed"] is not declared


# -- teams and accounts ------------------------------------------------------------------------------------------------


def names(world, path):
    return {row["name"] for row in world.api("GET", path)}


def test_sites_of_the_declared_teams(world):
    """Sites of other teams stay, and so do sites that an entry of any kind refers to."""
    for name in ("shop", "old", "blog", "docs"):
        world.api("POST", f"/{TEAM}/sites", {"name": name, **({"custom_domain": "docs.org"} if name == "docs" else {})})
    world.api("POST", "/second-team/sites", {"name": "partner"})
    content = [
        {"netlify_site": {"name": "shop", "account_slug": TEAM}},
        {"netlify_metadata": {"site": "blog", "metadata": {"theme": "dark"}}},
        {"netlify_metadata": {"site": "docs.org", "metadata": {"theme": "dark"}}},
    ]
    run = converges(world, content, ("netlify_site",))
    assert [action for action in run.actions.values() if action != "unchanged"].count("deleted") == 1
    assert names(world, "/sites?filter=all") == {"shop", "blog", "docs", "partner"}


def test_zones_of_the_declared_teams(world):
    for name, team in (("example.com", TEAM), ("old.com", TEAM), ("used.com", TEAM), ("partner.com", "second-team")):
        world.api("POST", "/dns_zones", {"name": name, "account_slug": team})
    content = [
        {"netlify_dns_zone": {"name": "example.com", "account_slug": TEAM}},
        {"netlify_dns_record": {"zone": "Used.com.", "type": "A", "hostname": "www", "value": "192.0.2.1"}},
    ]
    converges(world, content, ("netlify_dns_zone",))
    assert names(world, "/dns_zones") == {"example.com", "used.com", "partner.com"}


def test_deploy_keys_that_no_site_uses(world):
    applied(world, [SHOP, {"netlify_deploy_key": {"site": "shop"}}, {"netlify_site": {"name": "blog"}}])
    applied(world, [{"netlify_deploy_key": {"site": "blog"}}])
    for _each in range(2):
        world.api("POST", "/deploy_keys")
    assert applied(world, [SHOP], purge=("netlify_deploy_key",)).result["changed"] is False
    run = converges(world, [{"netlify_deploy_key": {"site": "shop"}}], ("netlify_deploy_key",))
    assert run.result["counts"]["deleted"] == 2 and len(world.api("GET", "/deploy_keys")) == 2


@pytest.mark.parametrize("kind", ["netlify_site", "netlify_dns_zone"])
def test_a_team_must_be_named(world, kind):
    with pytest.raises(EstateError, match="account_slug") as caught:
        applied(world, [SHOP, {"netlify_dns_zone": {"name": "example.com"}}], purge=(kind,))
    assert caught.value.option == "purge" and not world.sandbox.news()


# -- what is never deleted ---------------------------------------------------------------------------------------------


def test_records_of_the_platform_and_name_servers_stay(world):
    zone = {"netlify_dns_zone": {"name": "example.com"}}
    site = {"netlify_site": {"name": "shop", "custom_domain": "www.example.com"}}
    applied(world, [zone, site])
    for row in (
        {"type": "NS", "hostname": "part.example.com", "value": "ns1.example.net"},
        {"type": "TXT", "hostname": "example.com", "value": "v=spf1 -all"},
        {"type": "MX", "hostname": "example.com", "value": "mail.example.com", "priority": 10},
        {"type": "MX", "hostname": "example.com", "value": "mail.example.com", "priority": 20},
    ):
        world.api("POST", "/dns_zones/example.com/dns_records", row)
    converges(world, [zone, site], ("netlify_dns_record",))
    kinds = {row["type"] for row in world.api("GET", "/dns_zones/example.com/dns_records")}
    assert kinds == {"NETLIFY", "NS"}


def test_variables_of_a_tenant_that_declares_none_stay(world):
    """Hasura Cloud sets variables of its own."""
    tenant = {"hasura_tenant": {"name": "shop-api", "cloud": "aws", "region": "us-east-2"}}
    applied(world, [tenant, {"hasura_env_vars": {"name": "shop-api", "env_vars": {"OLD": "1"}}}])
    assert applied(world, [tenant], purge=("hasura_env_vars",)).result["changed"] is False
    mine = {"hasura_env_vars": {"name": "shop-api", "env_vars": {"NEW": "1"}}}
    run = converges(world, [tenant, mine], ("hasura_env_vars",))
    assert run.actions["hasura_env_vars", "shop-api"] == "updated"


def test_an_entry_can_keep_what_it_does_not_declare(world):
    applied(world, [SHOP, {"netlify_env_vars": {"site": "shop", "env_vars": {"OLD": "1"}}}])
    mine = {"netlify_env_vars": {"site": "shop", "env_vars": {"NEW": "1"}, "purge": False}}
    assert converges(world, [SHOP, mine], ("netlify_env_vars",)).result["counts"]["deleted"] == 0


def test_what_is_named_in_several_ways_is_one_site(world):
    hooks = [{"title": title, "branch": "main"} for title in ("One", "Two", "Old")]
    applied(world, [SHOP, *({"netlify_build_hook": {"site": "shop", **hook}} for hook in hooks)])
    [site] = world.api("GET", "/sites")
    spelled = (site["id"], "shop.netlify.app")
    content = [{"netlify_build_hook": {"site": site, **hook}} for site, hook in zip(spelled, hooks, strict=False)]
    run = converges(world, content, ("netlify_build_hook",))
    assert run.result["counts"]["deleted"] == 1
    assert {hook["title"] for hook in world.api("GET", "/sites/shop.netlify.app/build_hooks")} == {"One", "Two"}


@pytest.mark.parametrize("ids", ["stable", "renumbered"])
def test_snippets_with_the_same_title_or_none(new_world, ids):
    world = new_world({"snippet_ids": ids, "snippet_title": "optional"})
    world.api("POST", "/sites", {"name": "shop"})
    for title, general in (("Old", "1"), ("Mine", "2"), ("Old", "3"), ("", "4"), ("Gone", "5"), ("Mine too", "6")):
        snippet = {"title": title, "general": general, "general_position": "footer"}
        world.api("POST", "/sites/shop.netlify.app/snippets", snippet)
    content = [
        SHOP,
        {"netlify_snippet": {"site": "shop", "title": "Mine", "general": "2"}},
        {"netlify_snippets": {"site": "shop", "snippets": [{"title": "Mine too", "general": "6"}]}},
    ]
    run = converges(world, content, ("netlify_snippet",), concurrency=8)
    assert run.result["counts"]["deleted"] == 3
    left = {row["general"] for row in world.api("GET", "/sites/shop.netlify.app/snippets")}
    # Without a title, a snippet cannot be deleted by a task.
    assert left == {"2", "4", "6"}


def test_entries_that_contradict_each_other_are_refused(world):
    applied(world, [SHOP, {"netlify_snippet": {"site": "shop", "title": "Visitors", "general": "1"}}])
    content = [
        {"netlify_snippet": {"site": "shop", "title": "Visitors", "general": "1"}},
        {"netlify_snippets": {"site": "shop.netlify.app", "snippets": []}},
    ]
    with pytest.raises(EstateError, match="content:2 .* content:1"):
        applied(world, content, purge=("netlify_snippets",))
    assert len(world.api("GET", "/sites/shop.netlify.app/snippets")) == 1


@pytest.mark.parametrize("site", ["new", "declared", "by another name"])
def test_what_the_next_run_would_purge_is_not_created(world, site):
    if site != "new":
        applied(world, [SHOP])
    content = [
        {"netlify_snippet": {"site": "shop", "title": "Visitors", "general": "1"}},
        {"netlify_snippets": {"site": "shop", "purge": True, "snippets": [{"title": "Other", "general": "2"}]}},
    ]
    if site == "by another name":
        content[1]["netlify_snippets"]["site"] = world.api("GET", "/sites")[0]["id"]
    else:
        content.append(SHOP)
    with pytest.raises(EstateError, match="content:2 .* content:1"):
        applied(world, content)
    assert not [call for call in world.sandbox.news() if call["write"]]
    content[1]["netlify_snippets"]["snippets"].append({"title": "Visitors", "general": "1"})
    assert not applied(world, content[1:], check=True).result.get("failed")


def test_what_exists_cannot_be_read(world):
    applied(world, [SHOP, {"netlify_build_hook": {"site": "shop", "title": "Old", "branch": "main"}}])
    world.sandbox.admin(
        "POST", "faults", {"platform": "netlify", "operation": "listSiteBuildHooks", "kind": "status", "status": 403}
    )
    with pytest.raises(EstateError, match="purge"):
        applied(world, [SHOP, {"netlify_site": {"name": "new"}}], purge=("netlify_build_hook",))
    assert names(world, "/sites") == {"shop"}


# -- limits and selections ---------------------------------------------------------------------------------------------


def old_hooks(world, *sites):
    for site in sites:
        applied(world, [{"netlify_site": {"name": site}}])
        for title in ("One", "Two"):
            world.api("POST", f"/sites/{site}.netlify.app/build_hooks", {"title": title, "branch": "main"})
    world.sandbox.news()


def test_purging_counts_as_deletion(world):
    old_hooks(world, "shop")
    run = applied(world, [SHOP, {"netlify_site": {"name": "new"}}], purge=("netlify_build_hook",), limit=1)
    assert not run.writes and names(world, "/sites") == {"shop"}


@pytest.mark.parametrize(
    "only,left",
    [
        ({"names": ["blog"]}, {"shop": 2, "blog": 0}),
        ({"kinds": ["netlify_build_hook"]}, {"shop": 0, "blog": 0}),
        ({"kinds": ["netlify_metadata"]}, {"shop": 2, "blog": 2}),
        ({"platforms": ["netlify"], "names": ["Two"]}, {"shop": 1, "blog": 1}),
    ],
)
def test_only_what_is_selected_is_purged(world, only, left):
    """Entries that are not selected are declared all the same."""
    old_hooks(world, "shop", "blog")
    mine = {"netlify_build_hook": {"site": "shop", "title": "Mine", "branch": "main"}}
    applied(world, [mine])
    content = [
        SHOP,
        {"netlify_site": {"name": "blog"}},
        mine,
        {"netlify_metadata": {"site": "shop", "metadata": {"a": 1}}},
        {"netlify_build_hook": {"site": "blog", "title": "Two", "branch": "main", "state": "absent"}},
    ]
    run = applied(world, content, purge=("netlify_build_hook",), only=only)
    assert not run.result.get("failed"), run.result
    found = {site: world.api("GET", f"/sites/{site}.netlify.app/build_hooks") for site in left}
    assert {site: len([hook for hook in found[site] if hook["title"] != "Mine"]) for site in left} == left
    assert any(hook["title"] == "Mine" for hook in found["shop"])


def test_deletions_come_last(world):
    old_hooks(world, "shop")
    world.api("POST", f"/{TEAM}/sites", {"name": "old"})
    content = [
        {"netlify_site": {"name": "shop", "account_slug": TEAM}},
        {"netlify_build_hook": {"site": "shop", "title": "New", "branch": "main"}},
        {"netlify_site": {"name": "new"}},
    ]
    run = converges(world, content, BELOW_SITES, concurrency=8)
    order = [call["operation"] for call in run.writes]
    assert sorted(order[:2]) == ["createSite", "createSiteBuildHook"], order
    assert order[2:] == ["deleteSiteBuildHook", "deleteSiteBuildHook", "deleteSite"] or set(order[2:]) == {
        "deleteSiteBuildHook",
        "deleteSite",
    }


@pytest.mark.parametrize("kind", ["netlify_sites", "netlify_deploy", "hasura_tenant", "fleek_site", ""])
def test_other_kinds_are_refused(kind):
    with pytest.raises(EstateError, match="netlify_build_hook") as caught:
        purging.kinds_of([kind])
    assert caught.value.option == "purge"


def test_the_documentation_lists_the_kinds():
    words = " ".join(documentation_of("apply", "DOCUMENTATION")["options"]["purge"]["description"])
    guide = (ROOT / "docs" / "docsite" / "rst" / "estate_guide.rst").read_text()
    kinds = {name for name, each in entries.declarable().items() if each.task.members is not None}
    assert set(re.findall(r"V\((\w+)\)", words)) == kinds
    assert all(f"``{kind}``" in guide for kind in kinds)


# -- any account -------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(["one", "two", "six", "ten"])
MEMBERS = st.fixed_dictionaries(
    {
        "netlify_build_hook": st.sets(WORDS, max_size=3),
        "netlify_snippet": st.sets(WORDS, max_size=3),
        "netlify_env_vars": st.sets(WORDS, max_size=3),
        "netlify_metadata": st.sets(WORDS, max_size=3),
        "netlify_hook": st.sets(WORDS, max_size=3),
    }
)
ACCOUNTS = st.dictionaries(WORDS, MEMBERS, min_size=1, max_size=3)


def estate(account):
    """Entries that declare an account: {site: {module: names of members}}."""
    for name, kinds in account.items():
        yield {"netlify_site": {"name": name, "account_slug": TEAM}}
        for kind, found in kinds.items():
            for word in sorted(found):
                if kind == "netlify_build_hook":
                    yield {kind: {"site": name, "title": word, "branch": "main"}}
                elif kind == "netlify_snippet":
                    yield {kind: {"site": name, "title": word, "general": word}}
                elif kind == "netlify_hook":
                    yield {kind: {"site": name, **HOOK, "url": f"https://example.com/{word}"}}
            values = dict.fromkeys(sorted(found), "x")
            if kind == "netlify_env_vars" and values:
                yield {kind: {"site": name, "env_vars": {word.upper(): "x" for word in values}}}
            if kind == "netlify_metadata" and values:
                yield {kind: {"site": name, "metadata": values}}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=ACCOUNTS, after=ACCOUNTS, ids=st.sampled_from(["stable", "renumbered"]))
def test_an_account_becomes_what_is_declared(new_world, before, after, ids):
    world = new_world({"snippet_ids": ids})
    applied(world, list(estate(before)))
    converges(world, list(estate(after)), BELOW_SITES)
    assert names(world, "/sites") == set(after)
    for name, members in after.items():
        site = f"/sites/{name}.netlify.app"
        assert {row["title"] for row in world.api("GET", f"{site}/build_hooks")} == members["netlify_build_hook"]
        assert {row["title"] for row in world.api("GET", f"{site}/snippets")} == members["netlify_snippet"]
        assert set(world.api("GET", f"{site}/metadata")) == members["netlify_metadata"]
