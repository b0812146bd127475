# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Estates: many resources in one task, planned together and applied in the order of their dependencies."""

from __future__ import annotations

from collections import Counter

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from estates import SHOP, SITES, applied
from faults import DEADLINE, FAULTS
from harness import MODULES, ROOT, documentation_of

from ansible_collections.webops.paas.plugins.plugin_utils._estate import entries, files, scheduling
from playbooks import Bench, Unsafe, task


def absent(content):
    """Entries that delete an estate: its root objects, with everything that belongs to them."""
    return [
        {"netlify_site": {"name": "shop", "state": "absent"}},
        {"netlify_dns_zone": {"name": "example.com", "state": "absent"}},
        {"hasura_tenant": {"name": "shop-api", "state": "absent"}},
    ]


def by_name(result):
    return {(row["module"], row["name"]): row["action"] for row in result["resources"]}


# -- converges and predicts --------------------------------------------------------------------------------------------


def test_a_new_account(world):
    """The prediction matches the run, and the second run only reads, each object once."""
    predicted = applied(world, SHOP, check=True)
    assert not predicted.writes and not predicted.result.get("failed"), predicted.result
    first = applied(world, SHOP)
    assert by_name(first.result) == by_name(predicted.result) and set(first.actions.values()) == {"created"}
    assert first.result["counts"] == predicted.result["counts"]
    assert first.result["diff"] == predicted.result["diff"]
    second = applied(world, SHOP)
    assert second.result["changed"] is False and not second.writes
    assert set(second.actions.values()) == {"unchanged"} and second.result["diff"] == []
    asked = [
        (call["method"], call["path"], call["operation"]) for call in second.calls if call["platform"] == "netlify"
    ]
    assert len(asked) == len(set(asked)), asked


def test_only_what_differs_is_written(world):
    applied(world, SHOP)
    changed = [*SHOP[1:], {"netlify_snippets": {"site": "shop", "snippets": [], "purge": True}}]
    run = applied(world, changed)
    assert {key: action for key, action in run.actions.items() if action != "unchanged"} == {
        ("netlify_snippets", "shop"): "deleted"
    }
    assert len(run.writes) == 1


def test_parents_come_first_and_go_last(world):
    first = applied(world, SHOP, concurrency=8)
    order = [call["operation"] for call in first.writes]
    assert order.index("createSite") < min(order.index("createEnvVars"), order.index("createSiteSnippet"))
    assert order.index("createDnsZone") < order.index("createDnsRecord")
    gone = applied(
        world,
        [
            {"netlify_site": {"name": "shop", "state": "absent"}},
            {"netlify_build_hook": {"site": "shop", "title": "Nightly", "state": "absent"}},
            {"netlify_site": {"name": "store"}},
        ],
    )
    assert not gone.result.get("failed"), gone.result
    order = [call["operation"] for call in gone.writes]
    assert order == ["createSite", "deleteSiteBuildHook", "deleteSite"]


def test_a_deploy_comes_after_settings_and_before_checks(world):
    folder = world.directory / "public"
    folder.mkdir()
    (folder / "index.html").write_text("<h1>Shop</h1>")
    page = {"url": f"{world.sandbox.url}/", "headers": {"Host": "shop.netlify.app"}, "contains": ["Shop"]}
    content = [
        {"verify": {"urls": [page]}},
        {"netlify_deploy": {"site": "shop", "src": str(folder), "poll_interval": 0.1}},
        *SHOP[:3],
    ]
    predicted = applied(world, content, check=True)
    assert not predicted.result.get("failed") and predicted.actions["verify", "-"] == "skipped"
    first = applied(world, content)
    assert not first.result.get("failed"), first.result
    order = [call["operation"] for call in first.calls if call["write"] or call["platform"] == "site"]
    assert order.index("createSite") < order.index("createEnvVars") < order.index("createSiteDeploy")
    for check in (True, False):
        settled = applied(world, content, check=check)
        assert settled.result["changed"] is False and not settled.writes
        assert settled.actions["verify", "-"] == "unchanged"
    (folder / "index.html").write_text("<h1>Closed</h1>")
    broken = applied(world, [{"verify": {"urls": [page], "wait_timeout": 1}}, content[1]])
    assert broken.result["failed"] and broken.actions["netlify_deploy", "shop"] == "created"
    assert broken.actions["verify", "-"] == "failed"


def test_a_parent_that_nobody_declares_is_an_error_before_the_first_write(world):
    run = applied(world, [{"netlify_site": {"name": "shop"}}, {"netlify_metadata": {"site": "store", "metadata": {}}}])
    assert run.result["failed"] and "store" in run.result["msg"] and not run.writes
    assert by_name(run.result)["netlify_metadata", "store"] == "failed"


# -- refuses -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text,names",
    [
        ("- netlify_sight: {name: shop}", ["shop.yml:1", "netlify_sight"]),
        ("- netlify_site_info: {site: shop}", ["shop.yml:1", "only reads"]),
        ("- netlify_cache: {site: shop}", ["shop.yml:1", "netlify_cache"]),
        ("- apply: {src: estate}", ["shop.yml:1", "apply"]),
        ("# a comment\n- netlify_site: {name: shop, colour: red}", ["shop.yml:2", "colour"]),
        ("- netlify_site: {name: Shop_}", ["shop.yml:1", "name"]),
        ("- netlify_site:\n    name: shop\n    name: store", ["shop.yml:3", "'name'"]),
        ("- netlify_site: {name: shop}\n- netlify_site: {name: shop}", ["shop.yml:2", "twice", "shop.yml:1"]),
        ("- netlify_site: {name: shop}\n  netlify_metadata: {}", ["shop.yml:1", "mapping"]),
        ("- netlify_site", ["shop.yml:1", "mapping"]),
        ("netlify_site: {name: shop}", ["shop.yml:1", "list"]),
        ("- netlify_site: {name: [}", ["shop.yml:1", "YAML"]),
        ('- netlify_site: {name: "{{ vault_name }}"}', ["shop.yml:1", "vault_name"]),
        ('- netlify_site: {name: "{{ shop_name }}"}', ["shop.yml:1", "shop_name"]),
        ("- netlify_env_vars: {site: shop, env_vars: {NO: x}}", ["shop.yml:1", "env_vars"]),
    ],
)
def test_bad_files_are_refused_before_the_first_request(world, tmp_path, text, names):
    estate = tmp_path / "estate"
    estate.mkdir()
    (estate / "shop.yml").write_text(text)
    result = play(world, tmp_path, {"src": str(estate)})
    assert result["failed"] and result["error"]["code"] == "invalid_input"
    for name in names:
        assert name in result["msg"], result["msg"]
    assert not world.sandbox.news()


def play(world, tmp_path, options, variables=None, **keywords):
    bench = Bench(tmp_path)
    tasks = [task("apply", "first", options, ignore_errors=True, **keywords)]
    results, output = bench.play(tasks, variables or {}, **world.environment)
    results["first"]["output"] = output
    return results["first"]


def test_the_limit_of_deletions_holds(world, tmp_path):
    applied(world, SHOP)
    result = play(world, tmp_path, {"content": absent(SHOP), "max_deletions": 2})
    assert result["failed"] and result["error"]["option"] == "max_deletions" and "shop-api" in result["msg"]
    assert not result["changed"] and {row["action"] for row in result["resources"]} == {"skipped"}
    assert len(world.api("GET", "/sites")) == 1 and len(world.api("GET", "/dns_zones")) == 1


def test_triggers_are_the_modules_that_are_not_idempotent():
    found = set()
    for module in MODULES:
        attributes = documentation_of(module, "DOCUMENTATION").get("attributes", {})
        if attributes.get("idempotent", {}).get("support") == "none":
            found.add(module)
    assert found == entries.TRIGGERS
    assert all((ROOT / "plugins" / "modules" / f"{name}.py").exists() for name in entries.CONTROLLER_MODULES)


# -- files -------------------------------------------------------------------------------------------------------------


def test_a_directory_with_vaulted_values(world, tmp_path):
    """Values are templated and decrypted; secrets appear nowhere, not even with -vvvv."""
    bench = Bench(tmp_path)
    password = bench.directory / "password"
    password.write_text("open sesame")
    vault = VaultLib([("default", VaultSecret(b"open sesame"))])
    estate = bench.directory / "estate"
    (estate / "netlify").mkdir(parents=True)
    (estate / "hasura" / "metadata").mkdir(parents=True)
    (estate / "hasura" / "metadata" / "version.yaml").write_text("version: 3")
    (estate / "secrets.yml").write_text("vault_other: these are variables")
    inline = vault.encrypt("inline-canary").decode().replace("\n", "\n          ")
    (estate / "zone.yml").write_bytes(vault.encrypt("- netlify_dns_zone: {name: example.com}"))
    (estate / "netlify" / "shop.yml").write_text(
        "- webops.paas.netlify_site: {name: '{{ prefix }}-shop'}\n"
        "- netlify_env_vars:\n    site: '{{ prefix }}-shop'\n    variables:\n"
        "      - {key: FIRST, value: '{{ vault_first }}'}\n      - {key: OTHER, value: '{{ vault_other }}'}\n"
        f"      - key: INLINE\n        value: !vault |\n          {inline}\n"
    )
    tasks = [task("apply", name, {"src": "estate"}) for name in ("first", "second")]
    variables = {"prefix": "my", "vault_first": "first-canary", "vault_other": "other-canary"}
    results, output = bench.play(tasks, variables, ANSIBLE_VAULT_PASSWORD_FILE=str(password), **world.environment)
    assert results["first"]["counts"]["created"] == 3 and results["second"]["counts"]["unchanged"] == 3
    assert [(row["file"], row["line"]) for row in results["first"]["resources"]] == [
        ("netlify/shop.yml", 1),
        ("netlify/shop.yml", 2),
        ("zone.yml", 1),
    ]
    assert not [name for name in ("first-canary", "other-canary", "inline-canary") if name in output]
    [site] = world.api("GET", "/sites")
    assert site["name"] == "my-shop"


def test_only_some_entries(world, tmp_path):
    result = play(world, tmp_path, {"content": SHOP, "only": {"platforms": ["netlify"], "names": ["exam*"]}})
    assert {row["module"] for row in result["resources"]} == {"netlify_dns_zone", "netlify_dns_record"}
    assert not world.api("GET", "/sites")


def test_purge_of_a_kind(world, tmp_path):
    applied(world, SHOP)
    declared = [{"netlify_env_vars": {"site": "shop", "env_vars": {"OTHER": "x"}}}]
    result = play(world, tmp_path, {"content": declared, "purge": ["netlify_env_vars"]})
    assert not result.get("failed") and result["counts"]["updated"] == 1
    [site] = world.api("GET", "/sites")
    account = site["account_slug"]
    assert [row["key"] for row in world.api("GET", f"/accounts/{account}/env?site_id={site['id']}")] == ["OTHER"]


def test_content_is_not_templated_again(world, tmp_path):
    """The value of a variable is data, even if it looks like a template."""
    hostile = "{{ lookup('pipe', 'echo pwned') }}"
    declared = [
        {"netlify_site": {"name": "shop"}},
        {"netlify_metadata": {"site": "shop", "metadata": {"a": "{{ x }}"}}},
    ]
    result = play(world, tmp_path, {"content": declared}, {"x": Unsafe(hostile)})
    assert not result.get("failed"), result
    assert world.api("GET", "/sites/shop.netlify.app/metadata") == {"a": hostile}


# -- scheduling --------------------------------------------------------------------------------------------------------


def test_work_in_order():
    done = []
    scheduling.run_in_order({3: {2}, 1: set(), 2: {1}}, lambda job: done.append(job) or True, 4, False)
    assert done == [1, 2, 3]


def test_a_circle_is_an_error():
    with pytest.raises(ValueError, match="1, 2"):
        scheduling.run_in_order({1: {2}, 2: {1}}, lambda job: True, 4, False)


def test_an_exception_ends_the_work():
    def work(job):
        raise RuntimeError(job)

    with pytest.raises(RuntimeError):
        scheduling.run_in_order({1: set(), 2: {1}}, work, 2, True)


def test_a_file_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(files.EstateError, match="estate"):
        files.read(str(tmp_path / "estate"), None)


# -- reads are shared --------------------------------------------------------------------------------------------------


def sent(run):
    return Counter(call["operation"] for call in run.calls)


EACH = dict.fromkeys(("getEnvVars", "listSiteSnippets", "getSiteMetadata", "listSiteBuildHooks"), 3)


def test_requests_of_a_first_run(world):
    """The list of sites is read before planning and before writing; a new object is not read before it is written."""
    first = applied(world, SITES)
    assert set(first.actions.values()) == {"created"}
    made = ("createSite", "createEnvVars", "createSiteSnippet", "updateSiteMetadata", "createSiteBuildHook")
    # Reads after the write: whether it was applied, and whether another run has created the same. One more of each kind
    # finds out whether new sites are empty.
    proofs = {"listSiteSnippets": 4, "getSiteMetadata": 4, "listSiteBuildHooks": 4, "getEnvVars": 1}
    assert sent(first) == {"listSites": 2, **dict.fromkeys(made, 3), **proofs}


def test_requests_of_a_converged_estate(world):
    """One list instead of each site, and one site to check whether the list has all fields."""
    applied(world, SITES)
    settled = applied(world, SITES)
    assert settled.result["changed"] is False and sent(settled) == {"listSites": 1, "getSite": 1, **EACH}
    few = applied(world, SITES[:10])
    assert sent(few)["listSites"] == 0 and sent(few)["getSite"] == 2


def test_lists_that_lack_fields_are_not_used(new_world):
    world = new_world({"listed_sites": "short"})
    applied(world, SITES)
    settled = applied(world, SITES)
    assert settled.result["changed"] is False and sent(settled) == {"listSites": 1, "getSite": 3, **EACH}


def test_a_list_of_more_pages_than_it_saves_is_not_read_on(world):
    """An object that is not on the pages that were read may still exist."""
    for number in range(100):
        world.api("POST", "/sites", {"name": f"other-{number}"})
    world.sandbox.news()
    first = applied(world, SITES)
    assert set(first.actions.values()) == {"created"}
    assert sent(first)["listSites"] == 2 and sent(first)["getSite"] == 6


def test_a_site_that_appears_after_planning(world):
    """The list is read again before a write relies on it."""
    run = applied(world, SITES, between=lambda: world.api("POST", "/sites", {"name": "docs"}))
    assert not run.result.get("failed") and run.actions["netlify_site", "docs"] == "updated", run.result
    assert sorted(site["name"] for site in world.api("GET", "/sites")) == ["blog", "docs", "shop"]
    assert applied(world, SITES).result["changed"] is False


def test_what_appears_in_a_site_after_planning(world):
    applied(world, [entry for entry in SITES if "netlify_site" in entry])
    snippet = {"title": "Visitors", "general": "<i>1</i>", "general_position": "footer"}
    run = applied(world, SITES, between=lambda: world.api("POST", "/sites/docs.netlify.app/snippets", snippet))
    assert run.actions["netlify_snippets", "docs"] == "unchanged" and sent(run)["createSiteSnippet"] == 2
    assert len(world.api("GET", "/sites/docs.netlify.app/snippets")) == 1


def test_a_list_is_not_used_after_a_write(world):
    """A site that was deleted in the same run is not taken from a list that was read earlier."""
    applied(world, SITES)
    gone = [{"netlify_site": {"name": name, "state": "absent"}} for name in ("blog", "docs", "shop")]
    assert set(applied(world, gone).actions.values()) == {"deleted"}
    assert world.api("GET", "/sites") == []
    again = applied(world, SITES)
    assert set(again.actions.values()) == {"created"}
    assert [len(world.api("GET", f"/sites/{name}.netlify.app/snippets")) for name in ("blog", "shop")] == [1, 1]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_list_that_cannot_be_read_is_done_without(new_world, fault):
    if not fault.concerns("netlify"):
        return
    world = new_world()
    for expected in ("created", "unchanged"):
        with fault.on(world, "netlify", "listSites", 0, 1 if fault.passing else None):
            run = applied(world, SITES[:1] + SITES[5:6] + SITES[10:11], timeout=5, deadline=DEADLINE)
        assert not run.result.get("failed") and set(run.actions.values()) == {expected}, run.result
        assert len(world.api("GET", "/sites")) == 3


def test_tenants_and_zones_are_listed_once(world):
    content = [
        *({"netlify_dns_zone": {"name": f"{name}.com"}} for name in ("one", "two", "six")),
        *({"hasura_tenant": {"name": name, "cloud": "aws", "region": "us-east-2"}} for name in ("one", "two", "six")),
    ]
    assert set(applied(world, content).actions.values()) == {"created"}
    settled = applied(world, content)
    assert settled.result["changed"] is False
    assert sent(settled) == {"getDnsZones": 1, "getDnsZone": 1, "tenant": 1}
