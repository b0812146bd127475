# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netlify's sites and deploys."""

from __future__ import annotations

import hashlib
import time
import zipfile

from scenarios.base import CANARY, Scenario


def site(world, name="shop", **settings):
    made = world.api("POST", "/sandbox-team/sites", {"name": name, **settings})
    world.ids[name] = made["id"]
    return made


def sites(world):
    return world.api("GET", "/sites?filter=all&per_page=100")


def secrets_of_platform(world) -> list:
    """The secrets that Netlify returns with every site."""
    return [site[key] for site in sites(world) for key in ("jwt_secret", "deploy_hook")]


def only_site(world, name="shop", **expected):
    found = [item for item in sites(world) if item["name"] == name]
    assert len(found) == 1, f"{len(found)} sites named {name}"
    for key, value in expected.items():
        assert found[0][key] == value, (key, found[0][key])
    return found[0]


def no_site(world, name="shop"):
    assert not [item for item in sites(world) if item["name"] == name]


def tree(world, files: dict, name="src") -> str:
    """A directory with these files, which each call writes again."""
    directory = world.directory / name
    for path, content in files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(content.encode())
    return str(directory)


def zipped(world, files: dict) -> str:
    """The same files as a zip file."""
    path = world.directory / "site.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return str(path)


PAGES = {
    "index.html": "<h1>one</h1>",
    "about/index.html": "<h1>about</h1>",
    "a b+c&d.txt": "odd name",
    "empty.txt": "",
    "css/site.css": "h1{}",
}
MANY = {f"page-{number:03}.html": f"<p>{number % 7}</p>" for number in range(120)}


def deploy_by_hand(world, files: dict, name="shop", **body):
    """A finished deploy that was not created by our modules."""
    contents = {hashlib.sha1(content.encode()).hexdigest(): (path, content) for path, content in files.items()}
    made = world.api(
        "POST",
        f"/sites/{world.ids[name]}/deploys",
        {"files": {path: sha for sha, (path, _text) in contents.items()}, **body},
    )
    for sha in made["required"]:
        path, content = contents[sha]
        world.api("PUT", f"/deploys/{made['id']}/files/{path}", None, data=content.encode())
    world.sandbox.admin("POST", "clock", {"advance": 5})
    ends_at = time.monotonic() + 5
    while time.monotonic() < ends_at:
        made = world.api("GET", f"/deploys/{made['id']}")
        if made["state"] in ("ready", "current", "old"):
            return made
    raise AssertionError(made["state"])


def two_releases(world):
    site(world)
    world.ids["first"] = deploy_by_hand(world, {"index.html": "first"})["id"]
    world.ids["second"] = deploy_by_hand(world, {"index.html": "second"})["id"]


def live(world, text, name="shop"):
    assert world.visit(f"{name}.netlify.app") == (200, text)


def live_and_unlocked(world, text):
    live(world, text)
    assert not only_site(world)["published_deploy"]["locked"]


def deploys(world, name="shop"):
    return world.api("GET", f"/sites/{world.ids.get(name) or only_site(world, name)['id']}/deploys?per_page=100")


def kept_deploys(world):
    """Deploys, except failed and canceled ones, and those that modules ignore because their files are unknown."""
    listed = [item for item in deploys(world) if item["state"] not in ("error", "canceled", "rejected")]
    if world.sandbox.admin("GET", "switches")["unfinished_files"]["value"] == "shown":
        return listed
    return [item for item in listed if item["state"] != "uploading"]


def deployed(count, text=PAGES["index.html"], is_live=True):
    """The content is served, and exactly this number of deploys exists, not counting abandoned ones."""

    def holds(world):
        listed = kept_deploys(world)
        assert len(listed) == count, [(item["id"], item["state"], item["title"]) for item in listed]
        assert listed[0]["state"] in ("ready", "current", "old"), listed[0]["state"]
        if is_live:
            live(world, text)
        else:
            assert world.visit(f"{listed[0]['id']}--shop.netlify.app") == (200, text)

    return holds


def site_without_content(world):
    site(world)


def site_with_pages(world):
    site(world)
    deploy_by_hand(world, PAGES)


def unfinished_upload(world):
    """The state after a run was killed between two uploads: a manifest, and half of its files."""
    site(world)
    manifest = {path: hashlib.sha1(content.encode()).hexdigest() for path, content in PAGES.items()}
    made = world.api("POST", f"/sites/{world.ids['shop']}/deploys?title=Release", {"files": manifest})
    world.api("PUT", f"/deploys/{made['id']}/files/index.html", None, data=PAGES["index.html"].encode())


def waiting_deploy(world):
    site(world)
    made = world.api(
        "POST", f"/sites/{world.ids['shop']}/deploys", {"files": {"index.html": hashlib.sha1(b"x").hexdigest()}}
    )
    world.ids["waiting"] = made["id"]


DEPLOYS_FAIL = (("deploy_result", "error"), ("deploy_result", "rejected"))


def canceled(world):
    states = [item["state"] for item in deploys(world)]
    assert states in (["error"], ["canceled"]), states


ALL_SITE_OPTIONS = dict(
    name="shop",
    account_slug="sandbox-team",
    custom_domain="www.example.com",
    domain_aliases=["shop.example.com", "example.com", "a.example.com"],
    branch_deploy_custom_domain="branches.example.com",
    deploy_preview_custom_domain="previews.example.com",
    password=CANARY + "-password",
    notification_email="ops@example.com",
    force_ssl=True,
    managed_dns=False,
    processing_settings={"pretty_urls": False, "ignore_html_forms": True},
    build_settings={
        "provider": "github",
        "repo_path": "example/shop",
        "branch": "main",
        "cmd": "make site",
        "dir": "public",
        "allowed_branches": ["main", "next"],
        "stop_builds": True,
        "installation_id": 4711,
    },
    build_image="jammy",
    functions_region="us-east-2",
    prerender="netlify",
    prevent_non_git_prod_deploys=False,
    deploy_retention_in_days=60,
    hud_enabled=True,
    cdp_enabled_contexts=["deploy-preview", "branch-deploy"],
    rum_enabled=True,
    enabled=False,
)

SCENARIOS = (
    Scenario(
        "netlify_site", "create", {"name": "shop"}, holds=lambda world: only_site(world, account_slug="sandbox-team")
    ),
    Scenario(
        "netlify_site",
        "create-with-everything",
        ALL_SITE_OPTIONS,
        secrets=(CANARY,),
        fails_under=(
            ("site_password_plan", "unavailable"),
            ("functions_region_plan", "unavailable"),
            ("domain_aliases_update", "ignored"),
            ("certificate", "none"),
        ),
        holds=lambda world: only_site(
            world, custom_domain="www.example.com", disabled=True, force_ssl=True, notification_email="ops@example.com"
        ),
    ),
    Scenario(
        "netlify_site",
        "update",
        dict(ALL_SITE_OPTIONS, account_slug=None),
        given=site_without_content,
        secrets=(CANARY,),
        fails_under=(
            ("site_password_plan", "unavailable"),
            ("functions_region_plan", "unavailable"),
            ("domain_aliases_update", "ignored"),
        ),
        holds=lambda world: only_site(world, custom_domain="www.example.com", disabled=True),
    ),
    Scenario(
        "netlify_site",
        "unchanged",
        {"name": "shop", "notification_email": "", "domain_aliases": []},
        given=site_without_content,
        changes=False,
        holds=only_site,
    ),
    Scenario(
        "netlify_site",
        "domain-spelling",
        {
            "name": "shop",
            "custom_domain": "WWW.Example.com.",
            "domain_aliases": ["Shop.Example.com", "shop.example.com."],
            "branch_deploy_custom_domain": "Branches.example.com",
        },
        given=lambda world: world.api(
            "PATCH",
            f"/sites/{site(world)['id']}",
            {
                "custom_domain": "www.example.com",
                "domain_aliases": ["shop.example.com"],
                "branch_deploy_custom_domain": "branches.example.com",
            },
        ),
        changes=False,
        fails_under=(("domain_aliases_update", "ignored"),),
        holds=lambda world: only_site(world, custom_domain="www.example.com", domain_aliases=["shop.example.com"]),
    ),
    Scenario(
        "netlify_site",
        "alias-in-suboptions",
        {"name": "shop", "build_settings": {"provider": "github", "repo": "example/shop", "branch": "main"}},
        given=lambda world: world.api(
            "PATCH",
            f"/sites/{site(world)['id']}",
            {"repo": {"provider": "github", "repo_path": "example/shop", "branch": "main"}},
        ),
        changes=False,
        holds=only_site,
    ),
    Scenario(
        "netlify_site",
        "domain-in-capitals",
        {"name": "shop", "custom_domain": "Shop.Example", "domain_aliases": ["A.Example."]},
        fails_under=(("domain_aliases_update", "ignored"),),
        holds=lambda world: only_site(world, custom_domain="shop.example", domain_aliases=["a.example"]),
    ),
    Scenario(
        "netlify_site",
        "clear",
        {
            "name": "shop",
            "custom_domain": "",
            "domain_aliases": [],
            "notification_email": "",
            "password": "",
            "enabled": True,
        },
        given=lambda world: world.api(
            "PATCH",
            f"/sites/{site(world)['id']}",
            {
                "custom_domain": "www.example.com",
                "domain_aliases": ["example.com"],
                "notification_email": "ops@example.com",
                "password": "x",
            },
        ),
        fails_under=(("domain_aliases_update", "ignored"),),
        holds=lambda world: only_site(world, custom_domain=None, notification_email=None),
    ),
    Scenario(
        "netlify_site",
        "rename",
        lambda world: {"site_id": world.ids["old"], "name": "shop"},
        given=lambda world: site(world, "old"),
        holds=lambda world: (only_site(world), no_site(world, "old")),
    ),
    Scenario(
        "netlify_site",
        "enable",
        {"domain": "www.example.com", "enabled": True},
        given=lambda world: (
            site(world, custom_domain="www.example.com"),
            world.api("PUT", f"/sites/{world.ids['shop']}/disable?reason=tidy"),
        ),
        holds=lambda world: only_site(world, disabled=False),
    ),
    Scenario("netlify_site", "delete", {"name": "shop", "state": "absent"}, given=site_without_content, holds=no_site),
    Scenario("netlify_site", "delete-absent", {"name": "shop", "state": "absent"}, changes=False, holds=no_site),
    Scenario(
        "netlify_site",
        "password-always",
        {"name": "shop", "password": CANARY + "-password", "update_password": "always"},
        given=site_without_content,
        secrets=(CANARY,),
        twice=False,
        reason="Netlify never returns the password",
        fails_under=(("site_password_plan", "unavailable"),),
        holds=only_site,
    ),
    Scenario("netlify_site_info", "one", {"site": "shop"}, given=site_without_content, changes=False),
    Scenario(
        "netlify_site_info",
        "all-pages",
        {},
        given=lambda world: [site(world, f"shop-{number:03}") for number in range(101)],
        changes=False,
        reads=3,
    ),
    Scenario(
        "netlify_site_info",
        "search-in-team",
        {"search": "ho", "account_slug": "sandbox-team"},
        given=site_without_content,
        changes=False,
    ),
)

BAD_INPUT = (
    ("netlify_site", {"name": "a.b"}, ["name", "'a.b'", "a-b"]),
    ("netlify_site", {"name": "Shop"}, ["name", "'Shop'", "shop"]),
    ("netlify_site", {"name": ""}, ["name"]),
    ("netlify_site", {"name": "x" * 64}, ["name", "63"]),
    ("netlify_site", {"site_id": "../user"}, ["site_id", "../user"]),
    ("netlify_site", {"domain": "a b.example.com"}, ["domain", "a b.example.com"]),
    ("netlify_site", {}, ["name", "site_id", "domain"]),
    (
        "netlify_site",
        {"name": "shop", "custom_domain": "https://Shop.example/"},
        ["custom_domain", "https://Shop.example/", "'shop.example'"],
    ),
    ("netlify_site", {"name": "shop", "custom_domain": "shop.bücher.example"}, ["custom_domain", "xn--bcher-kva"]),
    ("netlify_site", {"name": "shop", "custom_domain": "shop"}, ["custom_domain", "'shop'"]),
    ("netlify_site", {"name": "shop", "domain_aliases": ["a.example", ""]}, ["domain_aliases", "''"]),
    (
        "netlify_site",
        {"name": "shop", "custom_domain": "a.example", "domain_aliases": ["A.example."]},
        ["domain_aliases", "custom_domain", "a.example"],
    ),
    (
        "netlify_site",
        {"name": "shop", "branch_deploy_custom_domain": "a b.example"},
        ["branch_deploy_custom_domain", "a b.example"],
    ),
    (
        "netlify_site",
        {"name": "shop", "deploy_preview_custom_domain": "192.0.2.1"},
        ["deploy_preview_custom_domain", "192.0.2.1"],
    ),
    ("netlify_site", {"name": "shop", "state": "gone"}, ["state", "gone", "present"]),
    ("netlify_site", {"name": "shop", "timeout": 0}, ["timeout", "0"]),
    ("netlify_site", {"name": "shop", "retries": -1}, ["retries", "-1"]),
    ("netlify_site", {"name": "shop", "deadline": -5}, ["deadline", "-5"]),
    ("netlify_site", {"name": "shop", "ca_path": "no/such/file"}, ["ca_path", "no/such/file"]),
    (
        "netlify_site",
        {"name": "shop", "api_url": "http://api.example.com"},
        ["api_url", "http://api.example.com", "https"],
    ),
    ("netlify_site", {"name": "shop", "api_url": "netlify"}, ["api_url", "netlify"]),
    ("netlify_site", {"name": "shop", "token": "  "}, ["token", "NETLIFY_AUTH_TOKEN"]),
    ("netlify_site", {"name": "shop", "token": "two words"}, ["token"]),
    ("netlify_site_info", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_site_info", {"site": "a", "search": "b"}, ["site", "search"]),
)
