# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugins as users run them: with ansible-inventory and ansible-playbook, against the sandbox."""

from __future__ import annotations

import json
import pathlib
import re

import pytest
import yaml
from harness import ROOT, World
from inventories import INFO, Inventory, answered, documentation, each_platform, is_quiet, play, populate
from scenarios.fleek import github_site
from scenarios.flightcontrol import project_id
from scenarios.netlify import deploy_by_hand, site

pytestmark = pytest.mark.playbook

TEMPLATE = "{{ 7*7 }}{% raw %}{{ lookup('env', 'HOME') }}@example.com"


def test_there_is_one_for_each_platform():
    assert sorted(path.stem for path in (ROOT / "plugins" / "inventory").glob("*.py")) == sorted(INFO)


@pytest.fixture
def inventory(tmp_path: pathlib.Path, world: World) -> Inventory:
    return Inventory(tmp_path, world)


# -- hosts, variables, groups ------------------------------------------------------------------------------------------


@each_platform
def test_hosts_have_what_the_info_module_answers(inventory, world, platform):
    populate(world)
    expected = answered(world, platform)
    file = inventory.source(platform)
    world.sandbox.forget()
    listed = inventory.listed(file)
    calls = world.sandbox.calls()
    assert len(calls) == 1 and not calls[0]["write"]
    hosts = {name: variables for name, variables in listed["_meta"]["hostvars"].items() if name != "localhost"}
    assert {variables[f"{platform}_id"]: variables for variables in hosts.values()} == {
        item["id"]: {f"{platform}_{key}": value for key, value in item.items()} for item in expected
    }
    assert len(hosts) == len(expected) > 1
    assert set(listed[platform]["hosts"]) == set(hosts)
    for name, variables in hosts.items():
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
        assert name == {
            "netlify": "{netlify_name}",
            "fleek": "{fleek_slug}",
            "hasura": "{hasura_name}",
            "flightcontrol": "{flightcontrol_given_id}-{flightcontrol_id}",
        }[platform].format(**variables)


@each_platform
def test_every_variable_is_documented_and_no_other(world, platform):
    populate(world)
    text = re.sub(r"M\(.*?\)", "", documentation(platform))
    documented = {name for name in re.findall(rf"C\(({platform}_\w+)\)", text) if not re.search("[A-Z]", name)}
    assert documented == {f"{platform}_{key}" for item in answered(world, platform) for key in item}


@pytest.mark.parametrize(
    "platform,groups",
    [
        ("netlify", {"netlify_account_sandbox_team": {"shop", "blog"}, "netlify_state_current": {"shop", "blog"}}),
        ("hasura", {"hasura_cloud_aws": {"hello-hasura", "shop"}, "hasura_region_us_east_2": {"hello-hasura", "shop"}}),
        ("fleek", {"fleek_team_sandbox_team": {"hello-fleek", ...}, "fleek_source_github": {"hello-fleek", ...}}),
    ],
)
def test_groups_that_are_always_made(inventory, world, platform, groups):
    """Dots stand for hosts with generated names."""
    populate(world)
    listed = inventory.listed(inventory.source(platform))
    documented = {
        re.sub("[A-Z]+$", "", name)
        for name in re.findall(rf"C\(({platform}_[a-z_]+_[A-Z]+)\)", documentation(platform))
    }
    for group, hosts in groups.items():
        assert set(listed[group]["hosts"]) >= hosts - {...} and len(listed[group]["hosts"]) >= len(hosts)
        assert any(group.startswith(beginning) for beginning in documented)
    made = {name for name in listed if name.startswith(f"{platform}_")}
    assert all(name.startswith(tuple(documented)) for name in made)


def test_services_are_grouped_by_type_environment_and_project(inventory, world):
    services = answered(world, "flightcontrol")
    listed = inventory.listed(inventory.source("flightcontrol"))
    for group, key in (
        ("type", "type"),
        ("project", "project_id"),
        ("environment", "environment_id"),
        ("preview_environment", "preview_environment_id"),
    ):
        values = {item[key] for item in services} - {None}
        assert values
        for value in values:
            members = {f"{item['given_id']}-{item['id']}" for item in services if item[key] == value}
            assert set(listed[f"flightcontrol_{group}_{value.replace('-', '_')}"]["hosts"]) == members


# Groups in examples that no host of a sandbox is in.
NOBODY = ("asleep", "broken")


@each_platform
def test_examples_run_as_they_stand(inventory, world, platform):
    """Complete, and reduced to the one line that the documentation calls sufficient."""
    populate(world)
    text = documentation(platform, "EXAMPLES")
    example = yaml.safe_load(text)
    name = re.match(r"\s*# ([\w.]+\.yml); this line is enough", text)[1]
    (inventory.directory / name).write_text(text)
    listed = inventory.listed(name, HOME=str(inventory.directory))
    hosts = listed["_meta"]["hostvars"]
    assert len(hosts) > 2
    for group in example["groups"]:
        assert group in NOBODY or listed[group]["hosts"], f"nobody is in {group}"
    for variable in example.get("compose", {}):
        assert any(variable in variables for variables in hosts.values()), variable
    for keyed in example["keyed_groups"]:
        assert any(group.startswith(keyed["prefix"] + "_") for group in listed)
    assert ((inventory.directory / ".cache" / "ansible" / "inventory").exists()) is example.get("cache", False)
    assert len(inventory.hosts(platform)) > 1


def test_sources_of_the_guide_run_as_they_stand(inventory, world):
    populate(world)
    guide = (ROOT / "docs" / "docsite" / "rst" / "inventory_guide.rst").read_text(encoding="utf-8")
    sources = re.findall(r"^   :caption: ([\w.]+\.(\w+)\.yml)\n\n((?:   .*\n|\n)+)", guide, re.MULTILINE)
    assert {platform for _name, platform, _text in sources} == set(INFO)
    (inventory.directory / ".config" / "netlify").mkdir(parents=True)
    (inventory.directory / ".config" / "netlify" / "token").write_text(world.environment["NETLIFY_AUTH_TOKEN"] + "\n")
    for name, platform, text in sources:
        options = {
            **yaml.safe_load(text),
            **({"team_id": world.environment["FLEEK_TEAM_ID"]} if platform == "fleek" else {}),
        }
        environment = {"NETLIFY_AUTH_TOKEN": ""} if "token" in options else {}
        inventory.source(platform, name, **{key: value for key, value in options.items() if key != "plugin"})
        listed = inventory.listed(name, HOME=str(inventory.directory), **environment)
        assert len(listed["_meta"]["hostvars"]) > 2 and all(
            listed[group]["hosts"] for group in options.get("groups", {})
        ), name


def test_constructed_variables_and_groups(inventory, world):
    populate(world)
    options = dict(
        compose={
            "where": "netlify_custom_domain or netlify_default_domain",
            "never": "no_such_variable",
            "whose": "owner ~ '!'",
        },
        groups={"live": "netlify_published_deploy is not none"},
        keyed_groups=[
            {"key": "netlify_account_slug", "prefix": "team"},
            {"key": "netlify_name ~ '_site'", "parent_group": "names"},
            {"key": "netlify_published_deploy.state", "prefix": "deploy"},
        ],
        use_extra_vars=True,
        leading_separator=False,
    )
    listed = inventory.listed(inventory.source("netlify", **options), "-e", "owner=ops")
    hosts = listed["_meta"]["hostvars"]
    assert hosts["shop"]["where"] == "www.example.com" and hosts["blog"]["where"] == "blog.netlify.app"
    assert hosts["shop"]["whose"] == "ops!" and "never" not in hosts["shop"]
    assert listed["live"]["hosts"] == ["blog"] == listed["deploy_ready"]["hosts"]
    assert set(listed["team_sandbox_team"]["hosts"]) == {"shop", "blog"}
    assert set(listed["names"]["children"]) == {"blog_site", "shop_site"}
    assert "no_such_variable" in inventory.failure(
        inventory.source("netlify", strict=True, **options), "-e", "owner=ops"
    )


@pytest.mark.parametrize(
    "platform,options,expected",
    [
        ("netlify", {"account_slug": "sandbox-team"}, {"shop", "blog"}),
        ("netlify", {"search": "sho"}, {"shop"}),
        ("netlify", {"state": "current"}, {"shop", "blog"}),
        ("netlify", {"state": ["error", "uploading"]}, set()),
        ("hasura", {"name": "shop"}, {"shop"}),
        ("hasura", {"cloud": ["gcp", "aws"], "region": "us-east-2"}, {"shop", "hello-hasura"}),
        ("hasura", {"cloud": "gcp"}, set()),
        ("hasura", {"plan": "cloud_shared"}, set()),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else None,
)
def test_filters(inventory, world, platform, options, expected):
    populate(world)
    assert set(inventory.hosts(platform, **options)) == expected


def test_filters_of_services(inventory, world):
    services = answered(world, "flightcontrol")
    for key in ("type", "project_id", "environment_id", "preview_environment_id"):
        value = next(item[key] for item in services if item[key])
        found = inventory.hosts("flightcontrol", **{key: value})
        assert {host["flightcontrol_id"] for host in found.values()} == {
            item["id"] for item in services if item[key] == value
        }
    found = inventory.hosts("flightcontrol", environment_type="preview")
    assert {host["flightcontrol_id"] for host in found.values()} == {
        item["id"] for item in services if item["preview_environment_id"]
    }


@pytest.mark.parametrize("platform,count,requests", [("netlify", 103, 3), ("fleek", 102, 2), ("flightcontrol", 105, 2)])
def test_all_pages_are_read(inventory, world, platform, count, requests):
    """Netlify numbers its pages, so the first one is read again: a row may have moved to it meanwhile."""
    before = len(answered(world, platform))
    if platform == "flightcontrol":
        services = [{"id": f"worker-{number}", "name": f"Worker {number}", "type": "worker"} for number in range(count)]
        world.rest(
            "flightcontrol",
            "POST",
            f"/v1/projects/{project_id(world)}/environments",
            {"name": "many", "region": "us-east-1", "source": {"branch": "many"}, "services": services},
        )
    for number in range(count if platform != "flightcontrol" else 0):
        github_site(world) if platform == "fleek" else site(world, f"agency-{number}")
    world.sandbox.forget()
    assert len(inventory.hosts(platform)) == before + count
    assert len(world.sandbox.calls()) == requests


# -- names of hosts ----------------------------------------------------------------------------------------------------


def test_names_that_clash_are_told_apart_whatever_the_order(inventory, world):
    services = answered(world, "flightcontrol")
    found = inventory.hosts("flightcontrol", hostname=["given_id"])
    names = [item["given_id"] for item in services]
    assert max(map(names.count, names)) > 1, "nothing clashes"
    assert set(found) == {
        item["given_id"] if names.count(item["given_id"]) == 1 else f"{item['given_id']}-{item['id']}"
        for item in services
    }


def test_names_are_valid_and_mean_nothing_else(inventory, world):
    made = {name: site(world, name)["id"] for name in ("all", "localhost", "netlify", "shop")}
    hosts = inventory.hosts("netlify")
    assert set(hosts) == {"shop", *(f"{name}-{made[name]}" for name in ("all", "localhost", "netlify"))}
    assert set(inventory.hosts("netlify", hostname=["account_slug", "custom_domain", "name"])) == {
        f"sandbox-team-{name}" for name in made
    }
    # No site has a custom domain.
    assert set(inventory.hosts("netlify", hostname="custom_domain")) == set(made.values())
    services = answered(world, "flightcontrol")
    with_blanks = inventory.hosts("flightcontrol", hostname=["name", "id"])
    assert set(with_blanks) == {f"{item['name'].replace(' ', '-')}-{item['id']}" for item in services}


def test_no_name_begins_with_a_hyphen(inventory, world):
    """Programs that receive it as an argument would treat it as an option."""
    made = {name: site(world, name)["id"] for name in ("-o", "--x", "x", "-")}
    assert set(inventory.hosts("netlify")) == {"o", f"x-{made['--x']}", f"x-{made['x']}", made["-"]}


# -- what the platform says, and the cache -----------------------------------------------------------------------------

CACHE = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": "kept"}


@each_platform
def test_what_is_cached_is_not_asked_for_again(inventory, world, platform):
    populate(world)
    file = inventory.source(platform, **CACHE)

    def calls(file, *arguments, **environment):
        world.sandbox.forget()
        listed = inventory.listed(file, *arguments, **environment)
        return listed, len(world.sandbox.calls())

    first, sent = calls(file)
    assert sent == 1
    assert calls(file) == (first, 0)
    world.sandbox.forget()
    # The only program of ansible-core 2.16 that supports it.
    play(inventory, [], file, "--flush-cache", "--list-hosts", hosts=platform)
    assert len(world.sandbox.calls()) == 1
    assert calls(file) == (first, 0)
    # Naming, grouping and selecting hosts sends no request to the platform.
    _other, sent = calls(inventory.source(platform, hostname=["id"], keyed_groups=[{"key": f"{platform}_id"}], **CACHE))
    assert sent == 0
    _other, sent = calls(inventory.source(platform, timeout=29, **CACHE))
    assert sent == 1
    kept = [path.read_text() for path in (inventory.directory / "kept").iterdir()]
    assert len(kept) == 2 and all(text for text in kept)
    is_quiet(world, "".join(kept) + "".join(path.name for path in (inventory.directory / "kept").iterdir()))
    items = json.loads(kept[0])
    if isinstance(items, dict):
        # The form of ansible-core 2.19 and newer.
        items = json.loads(items["__payload__"])
    assert sorted(items, key=lambda item: item["id"]) == sorted(answered(world, platform), key=lambda item: item["id"])


def test_a_wrong_token_does_not_get_what_another_one_has_read(inventory, world):
    site(world)
    file = inventory.source("netlify", **CACHE)
    assert "shop" in inventory.listed(file)["_meta"]["hostvars"]
    assert "401" in inventory.failure(file, NETLIFY_AUTH_TOKEN="wrong")


def test_what_the_platform_says_is_never_evaluated(inventory, world):
    site(world, notification_email=TEMPLATE)
    file = inventory.source(
        "netlify",
        compose={"passed_on": "netlify_notification_email", "inside": "[netlify_notification_email]"},
        groups={"found": "netlify_notification_email is match('.*7.7')"},
        **CACHE,
    )
    tasks = [
        {"name": "Shown", "ansible.builtin.debug": {"msg": f"{{{{ {name} }}}}"}}
        for name in ("netlify_notification_email", "passed_on", "inside[0]")
    ]
    tasks.append(
        {
            "name": "Compared",
            "ansible.builtin.assert": {
                "that": [
                    "netlify_notification_email == expected",
                    "passed_on == expected",
                    "inside == [expected]",
                    "'found' in group_names",
                ]
            },
        }
    )
    (inventory.directory / "expected.yml").write_text(f"expected: !unsafe {json.dumps(TEMPLATE)}\n")
    tasks.insert(0, {"name": "Expect", "ansible.builtin.include_vars": {"file": "expected.yml"}})
    for _fresh_or_cached in range(2):
        output = play(inventory, tasks, file)
        assert output.count("7*7") == 3, output
        assert inventory.listed(file)["_meta"]["hostvars"]["shop"]["netlify_notification_email"] == TEMPLATE
    assert len([call for call in world.sandbox.calls() if not call["write"]]) == 1, (
        "the second run was not from the cache"
    )


# -- plays -------------------------------------------------------------------------------------------------------------


def test_a_play_verifies_all_sites(inventory, new_world):
    world = new_world({"site_urls": "localhost"})
    for name in ("shop", "blog", "empty"):
        site(world, name)
        if name != "empty":
            deploy_by_hand(world, {"index.html": f"<h1>{name}</h1>"}, name)
    file = inventory.source(
        "netlify",
        compose={"site_url": "netlify_ssl_url or netlify_url"},
        groups={"live": "netlify_published_deploy is not none"},
    )
    look = {"url": "{{ site_url }}/", "contains": ["<h1>{{ inventory_hostname }}</h1>"]}
    check = {"name": "It answers", "webops.paas.verify": {"urls": [look], "wait": False}}
    output = play(inventory, [check], file, hosts="live")
    recap = output.partition("PLAY RECAP")[2]
    assert (
        re.search(r"blog +: ok=1 .*failed=0", recap)
        and re.search(r"shop +: ok=1 .*failed=0", recap)
        and "empty" not in recap
    )
    is_quiet(world, output)
    # On the controller, from a play with its own connection.
    check["delegate_to"] = "localhost"
    with pytest.raises(AssertionError) as failed:
        play(inventory, [check], file)
    recap = str(failed.value).partition("PLAY RECAP")[2]
    assert re.search(r"empty +: ok=0 .*failed=1", recap) and re.search(r"shop +: ok=1 .*failed=0", recap)


def test_several_platforms_in_one_inventory(inventory, world):
    """A directory of sources; the same name on two platforms is one host with the variables of both."""
    populate(world)
    (inventory.directory / "sources").mkdir()
    for platform in INFO:
        inventory.source(platform, f"sources/{platform}.yml")
    listed = inventory.listed("sources")
    assert set(INFO) <= set(listed)
    both = listed["_meta"]["hostvars"]["shop"]
    assert both["netlify_name"] == both["hasura_name"] == "shop"
    assert not any(name.startswith("ansible_") for name in both)
