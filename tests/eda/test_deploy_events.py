# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of the event source on each platform, and its options."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json

import pytest
import yaml
from ansible_rulebook.util import substitute_variables
from notifications import DEPLOY, OTHER, SECRET, SOURCE, Rulebook, running, token


def test_the_memory_of_digests_is_bounded(source):
    seen = source["Seen"](3600, 3)
    for number in range(1000):
        seen.add(bytes([number % 256, number // 256]))
    assert len(seen.until) == 3 and bytes([231, 3]) in seen and bytes([0, 0]) not in seen
    nothing = source["Seen"](0, 3)  # a window of 0 seconds
    nothing.add(b"x")
    assert b"x" not in nothing and not nothing.until


def test_payloads_have_no_secrets_and_no_templates(source):
    payload = {
        "title": "{{ lookup('pipe', 'id') }} {% if x %} {# note #} {{{ plain { text }",
        "{{ key }}": [{"access_token": "t0ken", "password": "", "has_password": True, "tokens": 3}],
        "env": {"API_KEY": "k", "cookies": {"a": "b"}},
        "repo_url": "https://user:pw@example.com/x",
        "note": f"the secret is {SECRET}",
        "deep": {"Authorization": ["Bearer x"]},
    }
    shown = source["harmless"](payload, [SECRET])
    assert shown == {
        "title": "{ { lookup('pipe', 'id') }} { % if x %} { # note #} { { { plain { text }",
        "{ { key }}": [{"access_token": "********", "password": "", "has_password": True, "tokens": 3}],
        "env": {"API_KEY": "********", "cookies": "********"},
        "repo_url": "https://********@example.com/x",
        "note": "the secret is ********",
        "deep": {"Authorization": "********"},
    }


def test_payloads_have_nothing_that_ansible_evaluates_without_delimiters(source):
    title = "#jinja2: variable_start_string:'[[', variable_end_string:']]'\n[[ lookup('pipe', 'id') ]]"
    payload = {"title": title, "form": {"__ansible_vault": "x", "a": "b"}, "note": "x $ANSIBLE_VAULT;1.1;AES256"}
    assert source["harmless"](payload, [SECRET]) == {
        "title": title.replace("#", "# "),
        "form": {"_ _ansible_vault": "x", "a": "b"},
        "note": "x $ ANSIBLE_VAULT;1.1;AES256",
    }


def test_payloads_have_no_half_characters(source):
    # Ansible does not read a file of variables that has one.
    shown = source["harmless"]({"title": "cut \ud83d", "\ud83d": "\U0001f600 \0"}, [SECRET])
    assert shown == {"title": "cut ?", "?": "\U0001f600 \0"} == yaml.safe_load(yaml.safe_dump(shown))


def test_a_password_in_a_url_can_have_an_at_sign(source):
    texts = {"https://user:p@ss@example.com/x@y": "https://********@example.com/x@y", "http://a/?b@c": "http://a/?b@c"}
    assert {text: source["harmless"](text, [SECRET]) for text in texts} == texts


def test_payloads_have_nothing_that_stops_the_rule_engine(source):
    payload = {"": 1, "form": [{"": "x"}], "k" * 60_000: 2, "numbers": [1e999, -1e999, 10**999, 5, 1.5, True]}
    assert source["harmless"](payload, [SECRET]) == {
        "(empty)": 1,
        "form": [{"(empty)": "x"}],
        "k" * 1000: 2,
        "numbers": [None, None, None, 5, 1.5, True],
    }


@pytest.mark.parametrize(
    "key, value",
    [
        ("id", "{{ x }}"),
        ("id", "-o"),
        ("id", "a b"),
        ("id", "1\n"),
        ("site_id", "../other"),
        ("name", "{% x %}"),
        ("branch", "--upload-pack=x"),
        ("branch", "a{{b}}"),
        ("commit_ref", "HEAD"),
        ("ssl_url", "file:///etc/passwd"),
        ("ssl_url", "https://a@b/"),
        ("ssl_url", "https://example.com/{{x}}"),
        ("context", "production\n"),
        ("state", "Ready!"),
        ("commit_ref", 5),
    ],
)
def test_values_of_another_form_are_null(source, key, value):
    names = {"id": "deploy_id", "name": "site", "commit_ref": "commit", "ssl_url": "url"}
    options = source["read_options"]({"secret": SECRET, "port": 0})
    event = source["event_of"](options, json.dumps({**DEPLOY, key: value}).encode())
    assert event[names.get(key, key)] is None
    assert event["kind"] == ("other" if key in ("id", "site_id", "state") else "deploy")
    good = source["event_of"](options, json.dumps(DEPLOY).encode())
    assert {name for name in good if good[name] is None} == set()


@pytest.mark.parametrize(
    "state, outcome",
    [
        ("ready", "succeeded"),
        ("error", "failed"),
        ("rejected", "failed"),
        ("building", "pending"),
        ("old", "succeeded"),
    ],
)
def test_outcomes_of_netlify(source, state, outcome):
    options = source["read_options"]({"secret": SECRET, "port": 0})
    assert source["event_of"](options, json.dumps({**DEPLOY, "state": state}).encode())["outcome"] == outcome


def test_other_notifications_of_netlify(source):
    options = source["read_options"]({"secret": SECRET, "port": 0})
    event = source["event_of"](options, json.dumps({"id": "5", "form_id": "6", "site_id": "7"}).encode())
    assert (event["kind"], event["site_id"], event["state"], event["outcome"]) == ("other", "7", None, None)


def test_flightcontrol_through_github(source, caplog):
    body = json.dumps(
        {
            "deployment_status": {"state": "success", "environment_url": "https://api.example.com"},
            "deployment": {
                "sha": DEPLOY["commit_ref"],
                "ref": "main",
                "payload": {
                    "deployment": {
                        "deploymentId": "clcpcxekt000lc9ojqtgtc26y",
                        "projectId": "cluagwibz000ka6p9uzas7p26",
                        "environmentId": "clcpcxekw000mc9oj8cjfwd2f",
                        "environmentGivenId": "production",
                    }
                },
            },
        }
    ).encode()

    def signed(body, secret=SECRET):
        return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

    async def scenario():
        async with running(source, caplog, platform="flightcontrol") as listening:
            bad = (signed(body, OTHER), signed(body + b" "), signed(body)[7:], "", signed(body).upper(), "sha256=\xe9")
            for signature in bad:
                assert (await listening.post(body, X_Hub_Signature_256=signature))[:2] == (401, b"")
            assert (await listening.post(body, X_Webhook_Signature=token(body)))[0] == 401
            assert (await listening.post(body, X_Hub_Signature_256=signed(body)))[0] == 200
            ping = b'{"zen": "x", "deployment": 5}'  # GitHub sends other events too
            assert (await listening.post(ping, X_Hub_Signature_256=signed(ping)))[0] == 200
            return await listening.raised(2)

    event, other = asyncio.run(scenario())
    assert (event["site"], event["site_id"]) == ("cluagwibz000ka6p9uzas7p26", "clcpcxekw000mc9oj8cjfwd2f")
    assert (event["deploy_id"], event["outcome"]) == ("clcpcxekt000lc9ojqtgtc26y", "succeeded")
    assert (event["context"], event["branch"], event["commit"]) == ("production", "main", DEPLOY["commit_ref"])
    assert event["url"] == "https://api.example.com" and other["kind"] == "other"


def test_generic_notifications(source, caplog):
    body = json.dumps({"state": "failed", "site": "docs", "deploy_id": "7", "url": "https://docs.example.com"}).encode()

    async def scenario():
        async with running(
            source, caplog, platform="generic", header="X-Ci-Secret", secret=[OTHER, SECRET]
        ) as listening:
            for secret in ("", "x", SECRET[:-1], SECRET + "x", "\xe9"):
                assert (await listening.post(body, X_Ci_Secret=secret))[:2] == (401, b"")
            assert (await listening.post(body, X_Webhook_Secret=SECRET))[0] == 401
            assert (await listening.post(body, X_Ci_Secret=SECRET))[0] == 200
            return await listening.raised(1)

    (event,) = asyncio.run(scenario())
    assert (event["kind"], event["state"], event["outcome"]) == ("deploy", "failed", "failed")
    assert (event["site"], event["deploy_id"], event["url"]) == ("docs", "7", "https://docs.example.com")


@pytest.mark.parametrize(
    "wrong, named",
    [
        ({"port": None}, "port"),
        ({"port": 70000}, "port"),
        ({"port": True}, "port"),
        ({"port": "x"}, "port"),
        ({"secret": None}, "secret"),
        ({"secret": ""}, "secret"),
        ({"secret": []}, "secret"),
        ({"secret": "short-canary"}, "secret"),
        ({"secret": [SECRET, 5]}, "secret"),
        ({"secret": {"a": 1}}, "secret"),
        ({"secret": " " * 20}, "secret"),
        ({"secret_file": "/etc/x"}, "secret_file"),
        ({"secret": None, "secret_file": "/does/not/exist"}, "secret_file"),
        ({"secret": None, "secret_file": "a\0b"}, "secret_file"),
        ({"platform": "fleek"}, "platform"),
        ({"path": "webhook"}, "path"),
        ({"path": 5}, "path"),
        ({"header": "a b"}, "header"),
        ({"replay_window": -1}, "replay_window"),
        ({"request_timeout": 0}, "request_timeout"),
        ({"queue_size": 0}, "queue_size"),
        ({"hosts": "x"}, "hosts"),
        ({"host": "[::1]"}, "host"),
        ({"host": "203.0.113.9"}, "host"),
        ({"host": "a" * 64}, "host"),
    ],
)
def test_wrong_options_are_refused_by_name(source, wrong, named):
    with pytest.raises(ValueError) as caught:
        asyncio.run(source["main"](Rulebook(), {"secret": SECRET, "port": 0, **wrong}))
    assert named in str(caught.value)
    assert SECRET not in repr(caught.value) and "short-canary" not in repr(caught.value)


def test_the_documentation_lists_the_options_and_their_defaults(source):
    documented = yaml.safe_load(source["DOCUMENTATION"])["options"]
    defaults = {**source["TEXTS"], **{name: limits[2] for name, limits in source["NUMBERS"].items()}}
    assert {name: option.get("default") for name, option in documented.items()} == {
        "secret": None,
        "secret_file": None,
        **defaults,
    }
    assert documented["platform"]["choices"] == list(source["CHECKS"]) == list(source["READERS"])
    sources = [entry for ruleset in yaml.safe_load(source["EXAMPLES"]) for entry in ruleset["sources"]]
    used = {name for entry in sources for name in entry["webops.paas.deploy_webhook"]}
    assert used <= set(documented)


def test_rules_pass_ids_on_as_strings(source):
    rulebooks = [source["EXAMPLES"], *(path.read_text() for path in (SOURCE.parents[2] / "rulebooks").glob("*.yml"))]
    rules = [rule for text in rulebooks for ruleset in yaml.safe_load(text) for rule in ruleset["rules"]]
    actions = [arguments for rule in rules for arguments in rule["action"].values()]
    passed = {name: value for action in actions for name, value in action.get("extra_vars", {}).items()}
    passed = {name: value for name, value in passed.items() if "event." in value}
    assert passed.keys() == {"netlify_site_name", "netlify_deploy"}
    event = {"site_id": "1234", "deploy_id": "5246543580354454e2000001"}
    assert {*substitute_variables(passed, {"event": event}).values()} == {*event.values()}
