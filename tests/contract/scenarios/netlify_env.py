# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment variables of sites and teams."""

from __future__ import annotations

from scenarios.base import CANARY, Scenario
from scenarios.netlify import site, site_without_content

TEAM = "/accounts/sandbox-team/env"
ALL = "all"


def variable(key, value=None, **more):
    """A variable in the form of the API; value: for all contexts, or {context or "branch:NAME": text}."""
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
    """Exactly these variables exist; values: {key: text for all contexts, or {place: text}}."""

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
    "env_vars": {"NODE_VERSION": 22, "FEATURE": "true", "EMPTY": "", "GREETING": CANARY + "-greeting"},
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
# Secrets in the contexts all and dev.
EXPLICIT_CONTEXTS = (("env_secret_contexts", "explicit"),)
IN_PRODUCTION = {"values": [{"context": "production", "value": CANARY}], "is_secret": True}

ENV_VARS = (
    Scenario(
        "netlify_env_vars",
        "everything",
        EVERYTHING,
        given=with_variables,
        reads=2,
        secrets=(CANARY,),
        holds=everything_set,
        # API_URL keeps its scopes, which need a paid plan.
        fails_under=FREE_PLAN + EXPLICIT_CONTEXTS,
    ),
    Scenario(
        "netlify_env_vars",
        "first",
        {
            "site": "shop",
            "env_vars": {"A": "1", "B": "production"},
            "variables": [
                {"key": "TOKEN", **IN_PRODUCTION},
                {"key": "C", "value": "x", "is_secret": False},
            ],
        },
        given=site_without_content,
        reads=2,
        secrets=(CANARY,),
        holds=variables_are(A="1", B="production", C="x", TOKEN={"production": None}),
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
        "on-every-plan",
        {
            "site": "shop",
            "env_vars": {"CHANGED": "2"},
            "variables": [
                {"key": "NEW", "value": "1", "scopes": ["builds", "functions", "runtime", "post-processing"]},
                {"key": "TOKEN", **IN_PRODUCTION},
            ],
        },
        given=lambda world: (site(world), world.api("POST", of_site(world), [variable("CHANGED", "1")])),
        reads=2,
        secrets=(CANARY,),
        holds=variables_are(CHANGED="2", NEW="1", TOKEN={"production": None}),
    ),
    Scenario(
        "netlify_env_vars",
        "becomes-a-secret",
        {
            "site": "shop",
            "variables": [
                {"key": "OLD", **IN_PRODUCTION},
                {"key": "TOKEN", "values": [{"context": "production", "value": CANARY + "-2"}], "is_secret": False},
            ],
        },
        given=with_variables,
        reads=2,
        secrets=(CANARY,),
        holds=variables_are(
            "NODE_VERSION", "API_URL", "KEPT", OLD={"production": None}, TOKEN={"production": CANARY + "-2"}
        ),
    ),
    Scenario(
        "netlify_env_vars",
        "secrets-always",
        {
            "site": "shop",
            "variables": [{"key": "TOKEN", **IN_PRODUCTION}],
            "update_secrets": "always",
        },
        given=with_variables,
        secrets=(CANARY,),
        twice=False,
        reason="Netlify never returns a secret",
        holds=variables_are("NODE_VERSION", "API_URL", "KEPT", "OLD", TOKEN={"production": None}),
    ),
    Scenario(
        "netlify_env_vars",
        "team",
        {"account_slug": "sandbox-team", "env_vars": {"TZ": "Europe/Berlin", "NEW": "1"}, "absent": ["OTHER"]},
        given=of_team,
        holds=variables_are(of=lambda world: TEAM, TZ="Europe/Berlin", NEW="1"),
    ),
)


SCENARIOS = ENV_VARS

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
)
