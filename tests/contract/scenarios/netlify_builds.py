# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netlify's builds, build hooks, notifications, deploy keys and certificates."""

from __future__ import annotations

import base64
import hashlib

from scenarios.base import CANARY, Scenario
from scenarios.netlify import DEPLOYS_FAIL, deploy_by_hand, deploys, only_site, site, site_without_content, sites
from scenarios.netlify_content import with_forms

REPOSITORY = {"provider": "github", "repo_path": "example/shop", "branch": "main", "cmd": "make"}
BUILDS_FAIL = (("build_result", "error"), *DEPLOYS_FAIL)


def commit_of(branch):
    """The newest commit of a branch of the repository, as the stand-in has it."""
    return hashlib.sha1(f"{REPOSITORY['repo_path']} {branch}".encode()).hexdigest()


def connected(world):
    site(world, repo=REPOSITORY)


def connected_with_a_queue(world):
    """Builds wait for a while before they begin: what a task that does not wait sees is always the same."""
    connected(world)
    world.sandbox.admin("PATCH", "settings", {"build_seconds": 300})


def locked(world):
    connected(world)
    world.api("POST", f"/deploys/{deploy_by_hand(world, {'index.html': 'first'})['id']}/lock")


def build_by_hand(branch="main", seconds=0.05):
    """A build that our modules did not start; it takes so many seconds."""

    def given(world):
        connected(world)
        world.sandbox.admin("PATCH", "settings", {"build_seconds": seconds})
        world.ids["deploy"] = world.api("POST", f"/sites/{world.ids['shop']}/builds?branch={branch}&title=Given")[
            "deploy_id"
        ]
        if seconds < 1:
            world.sandbox.admin("POST", "clock", {"advance": 5})

    return given


def built(count=None, **expected):
    """The newest deploy is of a build and has these values; so many builds exist."""

    def holds(world):
        newest = deploys(world)[0]
        assert newest["build_id"] and {key: newest[key] for key in expected} == expected, newest
        found = world.api("GET", f"/sites/{world.ids['shop']}/builds")
        assert count in (None, len(found)), found

    return holds


def built_and_live(world):
    built(branch="main")(world)
    assert only_site(world)["published_deploy"]["id"] == deploys(world)[0]["id"]


EACH_BUILDS = {"twice": False, "reason": "Each run triggers a build"}

BUILDS = (
    Scenario(
        "netlify_build",
        "production",
        {"site": "shop", "clear_cache": True},
        given=connected,
        fails_under=BUILDS_FAIL,
        holds=built_and_live,
        **EACH_BUILDS,
    ),
    Scenario(
        "netlify_build",
        "branch-without-waiting",
        {"site": "shop", "branch": "next", "title": "Preview", "wait": False},
        given=connected_with_a_queue,
        holds=built(branch="next", title="Preview", context="branch-deploy"),
        **EACH_BUILDS,
    ),
    Scenario(
        "netlify_build",
        "locked",
        {"site": "shop"},
        given=locked,
        fails_under=BUILDS_FAIL,
        holds=built(branch="main"),
        **EACH_BUILDS,
    ),
    Scenario(
        "netlify_build",
        "commit",
        {"site": "shop", "commit": commit_of("main")[:9]},
        given=connected,
        fails_under=BUILDS_FAIL,
        holds=built(1, commit_ref=commit_of("main")),
    ),
    Scenario(
        "netlify_build",
        "commit-of-branch",
        {"site": "shop", "branch": "next", "commit": commit_of("next").upper(), "title": "Next"},
        given=connected,
        reads=2,
        fails_under=BUILDS_FAIL,
        holds=built(1, title="Next"),
    ),
    Scenario(
        "netlify_build",
        "commit-is-live",
        {"site": "shop", "commit": commit_of("main")},
        given=build_by_hand(),
        changes=False,
        holds=built(1, title="Given"),
    ),
    Scenario(
        "netlify_build",
        "joins-the-commit",
        {"site": "shop", "commit": commit_of("main")},
        given=build_by_hand(seconds=30),
        changes=False,
        fails_under=BUILDS_FAIL[1:],
        holds=built(1, title="Given"),
    ),
    Scenario(
        "netlify_build",
        "joins-what-runs",
        {"site": "shop", "branch": "next", "title": "Given", "join_running": True, "wait": False},
        given=build_by_hand("next", seconds=100_000),
        changes=False,
        reads=2,
        holds=built(1, title="Given"),
    ),
)

CMS = {"title": "CMS", "branch": "main"}


def with_build_hooks(*hooks):
    def given(world):
        connected(world)
        for hook in hooks:
            world.ids[hook["title"]] = world.api("POST", f"/sites/{world.ids['shop']}/build_hooks", hook)["id"]

    return given


def has_build_hooks(*expected):
    """The site has exactly these."""

    def holds(world):
        found = sorted(
            world.api("GET", f"/sites/{world.ids['shop']}/build_hooks"),
            key=lambda hook: (hook["title"], hook["branch"]),
        )
        wanted = sorted(
            ({"draft": False, **hook} for hook in expected), key=lambda hook: (hook["title"], hook["branch"])
        )
        assert [{key: hook[key] for key in ("title", "branch", "draft")} for hook in found] == wanted, found

    return holds


def revealed(world):
    with_build_hooks(CMS)(world)
    world.ids["revealed"] = True


def secrets_of_platform(world) -> list:
    """A build hook's id is all that its URL is made of."""
    if world.ids.get("revealed"):
        return []
    hooks = [hook for item in sites(world) for hook in world.api("GET", f"/sites/{item['id']}/build_hooks")]
    return [hook[key] for hook in hooks for key in ("id", "url")]


BUILD_HOOKS = (
    Scenario(
        "netlify_build_hook",
        "create",
        {"site": "shop", **CMS, "draft": True},
        given=with_build_hooks({"title": "cms", "branch": "main"}),
        holds=has_build_hooks({**CMS, "draft": True}, {"title": "cms", "branch": "main"}),
    ),
    Scenario(
        "netlify_build_hook",
        "create-title-alone",
        {"site": "shop", "title": "CMS"},
        given=connected,
        holds=has_build_hooks(CMS),
    ),
    Scenario(
        "netlify_build_hook",
        "update",
        {"site": "shop", **CMS, "branch": "next", "draft": True},
        given=with_build_hooks(CMS),
        holds=has_build_hooks({"title": "CMS", "branch": "next", "draft": True}),
    ),
    Scenario(
        "netlify_build_hook",
        "rename-one-of-twins",
        lambda world: {"site": world.ids["shop"], "hook_id": world.ids["CMS"], "title": "Editors"},
        given=with_build_hooks({**CMS, "branch": "next"}, CMS),
        holds=has_build_hooks({**CMS, "branch": "next"}, {**CMS, "title": "Editors"}),
    ),
    Scenario(
        "netlify_build_hook",
        "unchanged",
        {"site": "shop", **CMS, "draft": False},
        given=with_build_hooks(CMS),
        changes=False,
        holds=has_build_hooks(CMS),
    ),
    Scenario(
        "netlify_build_hook",
        "revealed",
        {"site": "shop", "title": "CMS", "reveal": True},
        given=revealed,
        changes=False,
        holds=has_build_hooks(CMS),
    ),
    Scenario(
        "netlify_build_hook",
        "delete",
        {"site": "shop", "title": "CMS", "state": "absent"},
        given=with_build_hooks(CMS, {**CMS, "title": "B"}),
        holds=has_build_hooks({**CMS, "title": "B"}),
    ),
    Scenario(
        "netlify_build_hook",
        "delete-by-id",
        lambda world: {"site": "shop", "hook_id": world.ids["CMS"], "state": "absent"},
        given=with_build_hooks({**CMS, "branch": "next"}, CMS),
        holds=has_build_hooks({**CMS, "branch": "next"}),
    ),
    Scenario(
        "netlify_build_hook",
        "delete-absent",
        {"site": "shop", "title": "CMS", "state": "absent"},
        given=connected,
        changes=False,
        holds=has_build_hooks(),
    ),
)

RECEIVER = f"https://hooks.example.com/{CANARY}/in?key={CANARY}"
TO_URL = {"type": "url", "event": "deploy_created", "data": {"url": RECEIVER, "signature_secret": CANARY + "-secret"}}
TO_MAIL = {"type": "email", "event": "submission_created", "data": {"email": "ops@example.com"}}
TO_GITHUB = {
    "type": "github_commit_status",
    "event": "deploy_failed",
    "data": {"access_token": CANARY + "-token", "target": "1"},
}


def with_hooks(*hooks, base=site_without_content):
    def given(world):
        base(world)
        for hook in hooks:
            world.ids["hook"] = world.api("POST", f"/hooks?site_id={world.ids['shop']}", hook)["id"]

    return given


def has_hooks(*expected):
    """The site has exactly these, each with at least these values; a signature secret only where the platform answers it."""

    def holds(world):
        found = world.api("GET", f"/hooks?site_id={world.ids['shop']}")
        is_hidden = world.sandbox.admin("GET", "switches")["hook_secret_answer"]["value"] == "hidden"
        assert len(found) == len(expected), found
        for hook, wanted in zip(sorted(found, key=str_of), sorted(expected, key=str_of)):
            wanted = {
                **wanted,
                "data": {
                    key: value for key, value in wanted["data"].items() if not is_hidden or key != "signature_secret"
                },
            }
            assert {key: hook[key] for key in wanted} == wanted, (hook, wanted)

    return holds


def str_of(hook):
    return hook["type"], hook["event"], sorted(hook["data"].items()), str(hook.get("form_name"))


HOOKS = (
    Scenario(
        "netlify_hook",
        "create-with-data",
        {
            "site": "shop",
            "type": "github_commit_status",
            "event": "deploy_failed",
            "data": TO_GITHUB["data"],
            "enabled": False,
        },
        given=site_without_content,
        reads=2,
        secrets=(CANARY,),
        holds=has_hooks({**TO_GITHUB, "disabled": True}),
    ),
    Scenario(
        "netlify_hook",
        "create",
        {
            "site": "shop",
            "type": "url",
            "event": "deploy_created",
            "url": RECEIVER,
            "signature_secret": CANARY + "-secret",
        },
        given=with_hooks(TO_MAIL),
        reads=2,
        secrets=(CANARY,),
        holds=has_hooks(TO_URL, TO_MAIL),
    ),
    Scenario(
        "netlify_hook",
        "create-for-another-form",
        {"site": "shop", "type": "email", "event": "submission_created", "email": "ops@example.com", "form": "raffle"},
        given=with_hooks({**TO_MAIL, "form_name": "contact"}, TO_MAIL, base=with_forms(0, 0, ("contact", "raffle"))),
        reads=2,
        holds=has_hooks(
            {**TO_MAIL, "form_name": "contact"}, {**TO_MAIL, "form_name": "raffle"}, {**TO_MAIL, "form_name": None}
        ),
    ),
    Scenario(
        "netlify_hook",
        "update-by-id",
        lambda world: {
            "site": world.ids["shop"],
            "hook_id": world.ids["hook"],
            "event": "deploy_failed",
            "url": RECEIVER + "2",
            "enabled": False,
            "signature_secret": CANARY + "-secret",
        },
        given=with_hooks(
            {**TO_URL, "data": {"url": "https://old.example.com", "signature_secret": CANARY + "-secret"}}
        ),
        secrets=(CANARY,),
        holds=has_hooks(
            {**TO_URL, "event": "deploy_failed", "disabled": True, "data": {**TO_URL["data"], "url": RECEIVER + "2"}}
        ),
    ),
    Scenario(
        "netlify_hook",
        "update-data",
        {
            "site": "shop",
            "type": "github_commit_status",
            "event": "deploy_failed",
            "data": {"access_token": CANARY + "-new"},
            "enabled": True,
        },
        given=with_hooks({**TO_GITHUB, "disabled": True}),
        reads=2,
        secrets=(CANARY,),
        holds=has_hooks({**TO_GITHUB, "disabled": False, "data": {"access_token": CANARY + "-new", "target": "1"}}),
    ),
    Scenario(
        "netlify_hook",
        "all-forms",
        lambda world: {"site": world.ids["shop"], "hook_id": world.ids["hook"], "form": ""},
        given=with_hooks({**TO_MAIL, "form_name": "contact"}, base=with_forms()),
        holds=has_hooks({**TO_MAIL, "form_name": None}),
    ),
    Scenario(
        "netlify_hook",
        "enable",
        lambda world: {
            "site": world.ids["shop"],
            "type": "url",
            "event": "deploy_created",
            "url": RECEIVER,
            "enabled": True,
        },
        given=with_hooks({**TO_URL, "disabled": True}),
        secrets=(CANARY,),
        holds=has_hooks({**TO_URL, "disabled": False}),
    ),
    Scenario(
        "netlify_hook",
        "secret-always",
        {
            "site": "shop",
            "type": "url",
            "event": "deploy_created",
            "url": RECEIVER,
            "signature_secret": CANARY + "-new",
            "update_signature_secret": "always",
        },
        given=with_hooks(TO_URL),
        secrets=(CANARY,),
        twice=False,
        reason="Then with O(update_signature_secret=always) every run sends it",
        holds=has_hooks({**TO_URL, "data": {"url": RECEIVER, "signature_secret": CANARY + "-new"}}),
    ),
    Scenario(
        "netlify_hook",
        "unchanged",
        {
            "site": "shop",
            "type": "url",
            "event": "deploy_created",
            "url": RECEIVER,
            "signature_secret": "other " + CANARY,
            "form": "",
            "enabled": True,
        },
        given=with_hooks(TO_URL),
        changes=False,
        reads=2,
        secrets=(CANARY,),
        holds=has_hooks(TO_URL),
    ),
    Scenario(
        "netlify_hook",
        "delete",
        {"site": "shop", "type": "email", "event": "submission_created", "email": "ops@example.com", "state": "absent"},
        given=with_hooks(TO_URL, TO_MAIL),
        reads=2,
        secrets=(CANARY,),
        holds=has_hooks(TO_URL),
    ),
    Scenario(
        "netlify_hook",
        "delete-absent",
        lambda world: {"site": world.ids["shop"], "hook_id": "5f9f1c0e8d3b2a0007c1d2e3", "state": "absent"},
        given=with_hooks(TO_MAIL),
        changes=False,
        holds=has_hooks(TO_MAIL),
    ),
)


def with_key(world):
    key = world.api("POST", "/deploy_keys")
    world.ids["key"] = key["id"]
    site(world, repo={**REPOSITORY, "deploy_key_id": key["id"]})


def without_key(world):
    with_key(world)
    world.api("DELETE", f"/deploy_keys/{world.ids['key']}")


def keys(world):
    return [key["id"] for key in world.api("GET", "/deploy_keys")]


def uses_its_key(world):
    """The site is connected as it was, by a key that exists. No other is left, unless the site did not take one and it could not be deleted."""
    settings = only_site(world)["build_settings"]
    assert {"repo_path": "example/shop", "repo_branch": "main", "cmd": "make"}.items() <= settings.items(), settings
    assert settings["deploy_key_id"] in keys(world)
    calls = world.sandbox.calls()
    is_refused = any(call["operation"] == "updateSite" and call["fault"] for call in calls)
    is_deleted = any(call["operation"] == "deleteDeployKey" and call["processed"] for call in calls)
    assert len(keys(world)) == 1 or is_refused and not is_deleted, keys(world)


def has_a_key(world):
    assert keys(world)


def has_no_key(world):
    assert not keys(world)


DEPLOY_KEYS = (
    Scenario("netlify_deploy_key", "new-for-site", {"site": "shop"}, given=connected, reads=2, holds=uses_its_key),
    Scenario(
        "netlify_deploy_key",
        "site-has-one",
        {"site": "shop"},
        given=with_key,
        reads=2,
        changes=False,
        holds=uses_its_key,
    ),
    Scenario(
        "netlify_deploy_key",
        "by-id",
        lambda world: {"deploy_key_id": world.ids["key"]},
        given=with_key,
        changes=False,
        holds=uses_its_key,
    ),
    Scenario(
        "netlify_deploy_key",
        "new",
        {},
        twice=False,
        reason="Without O(site) and O(deploy_key_id) each run creates a key",
        holds=has_a_key,
    ),
    Scenario(
        "netlify_deploy_key",
        "delete",
        lambda world: {"deploy_key_id": world.ids["key"], "state": "absent"},
        given=with_key,
        holds=has_no_key,
    ),
    Scenario(
        "netlify_deploy_key",
        "delete-absent",
        lambda world: {"deploy_key_id": world.ids["key"], "state": "absent"},
        given=without_key,
        changes=False,
    ),
)

# Made for these tests; who has its key does not matter.
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
    """The same, with another end (YYYYMMDDhhmmss)."""
    content = base64.b64decode("".join(CERTIFICATE.splitlines()[1:-1])).replace(b"21261029001448Z", f"{end}Z".encode())
    return "-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(content).decode() + "-----END CERTIFICATE-----\n"


# Nobody reads more of it here than its first and last line.
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
    Scenario("netlify_ssl", "being-issued", {"site": "shop"}, given=is_being_issued, changes=False, holds=ISSUED),
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
        reason="With O(update_certificate=always) every run installs the certificate",
        holds=INSTALLED,
    ),
)

SCENARIOS = BUILDS + BUILD_HOOKS + HOOKS + DEPLOY_KEYS + CERTIFICATES

BAD_INPUT = (
    ("netlify_build", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_build", {"site": "shop", "branch": " "}, ["branch"]),
    ("netlify_build", {"site": "shop", "title": "a\nb"}, ["title"]),
    ("netlify_build", {"site": "shop", "commit": "HEAD"}, ["commit", "HEAD"]),
    ("netlify_build", {"site": "shop", "poll_interval": 0}, ["poll_interval", "0"]),
    ("netlify_build_hook", {"site": "no_such_name", "title": "CMS"}, ["site", "no_such_name"]),
    ("netlify_build_hook", {"site": "shop"}, ["title", "hook_id"]),
    ("netlify_build_hook", {"site": "shop", "title": ""}, ["title"]),
    ("netlify_build_hook", {"site": "shop", "title": "CMS", "branch": " "}, ["branch"]),
    ("netlify_build_hook", {"site": "shop", "hook_id": "a/b"}, ["hook_id"]),
    (
        "netlify_hook",
        {"site": "no_such_name", "type": "email", "event": "deploy_failed", "email": "a@example.com"},
        ["site", "no_such_name"],
    ),
    ("netlify_hook", {"site": "shop", "event": "deploy_failed", "email": "a@example.com"}, ["type"]),
    ("netlify_hook", {"site": "shop", "type": "email", "email": "a@example.com"}, ["event"]),
    ("netlify_hook", {"site": "shop", "hook_id": "../x"}, ["hook_id", "../x"]),
    ("netlify_hook", {"site": "shop", "type": "slack", "event": "deploy_failed"}, ["url", "slack"]),
    ("netlify_hook", {"site": "shop", "type": "email", "event": "deploy_failed"}, ["email"]),
    ("netlify_hook", {"site": "shop", "type": "email", "event": "deploy_failed", "email": "ops"}, ["email", "ops"]),
    (
        "netlify_hook",
        {"site": "shop", "type": "url", "event": "deploy_failed", "url": "hooks.example.com"},
        ["url", "https://"],
    ),
    (
        "netlify_hook",
        {
            "site": "shop",
            "type": "url",
            "event": "deploy_failed",
            "url": "https://a.example.com",
            "email": "a@example.com",
        },
        ["email", "url"],
    ),
    (
        "netlify_hook",
        {"site": "shop", "type": "email", "event": "deploy_failed", "email": "a@example.com", "signature_secret": "x"},
        ["signature_secret"],
    ),
    (
        "netlify_hook",
        {
            "site": "shop",
            "type": "url",
            "event": "deploy_failed",
            "url": "https://a.example.com",
            "data": {"email": "x"},
        },
        ["data", "email"],
    ),
    ("netlify_deploy_key", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_deploy_key", {"deploy_key_id": "a/b"}, ["deploy_key_id", "a/b"]),
    ("netlify_deploy_key", {"site": "shop", "deploy_key_id": "5f9f1c0e8d3b2a0007c1d2e3"}, ["site", "deploy_key_id"]),
    ("netlify_deploy_key", {"site": "shop", "state": "absent"}, ["deploy_key_id", "absent"]),
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
