# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_log_drain"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from scenarios.base import CANARY, Scenario
from scenarios.netlify import site_without_content

RECEIVER = f"https://logs.example.com/{CANARY}"
HEADER = {"authorization_header": f"Bearer {CANARY}-header"}
HTTP = {"destination": "http", "format": "ndjson", "log_types": ["deploys", "functions"], "exclude_pii": True}
TO_SERVER = {"site": "shop", **HTTP, "url": RECEIVER}
BUCKET = {
    "bucket_name": "logs",
    "bucket_region": "eu-north-1",
    "path": "netlify/",
    "verification_filename": "verify.txt",
}


def with_drain(settings: dict[str, Any], **fields: Any) -> Callable[[Any], None]:
    """One log drain, since one of the forms of the list has no more."""

    def given(world: Any) -> None:
        site_without_content(world)
        drain = {**HTTP, **fields}
        body = {**drain, "log_types": json.dumps(drain["log_types"]), "service_config": settings}
        world.ids["drain"] = world.api("POST", f"/sites/{world.ids['shop']}/log_drains", body)["id"]

    return given


def has_drain(settings: dict[str, Any], **fields: Any) -> Callable[[Any], None]:
    def holds(world: Any) -> None:
        [drain] = drains_of(world)
        wanted = {**HTTP, **fields}
        if "authorization_header" not in drain["service_config"]:
            settings_seen = {key: value for key, value in settings.items() if key != "authorization_header"}
        else:
            settings_seen = settings
        assert drain["service_config"] == settings_seen
        found = {**drain, "log_types": sorted(json.loads(drain["log_types"]))}
        assert {key: found[key] for key in wanted} == wanted

    return holds


def has_none(world: Any) -> None:
    assert drains_of(world) == []


def drains_of(world: Any) -> list[dict[str, Any]]:
    """Whatever form the list has."""
    world.sandbox.admin("PATCH", "switches", {"log_drain_list": "array"})
    return world.api("GET", f"/sites/{world.ids['shop']}/log_drains")


SCENARIOS = (
    Scenario(
        "netlify_log_drain",
        "creates",
        {**TO_SERVER, **HEADER},
        given=site_without_content,
        reads=2,
        holds=has_drain({"url": RECEIVER, **HEADER}),
    ),
    Scenario(
        "netlify_log_drain",
        "creates-for-a-bucket",
        lambda world: {
            "site": world.ids["shop"],
            "destination": "s3",
            "log_types": ["waf_logs"],
            "tags": {"site": "shop"},
            **BUCKET,
        },
        given=site_without_content,
        holds=has_drain(
            {**BUCKET, "tags": {"site": "shop"}},
            destination="s3",
            log_types=["waf_logs"],
            format="json",
            exclude_pii=False,
        ),
    ),
    Scenario(
        "netlify_log_drain",
        "changes",
        {**TO_SERVER, "log_types": ["user_traffic"], "exclude_pii": False, **HEADER},
        given=with_drain({"url": f"{RECEIVER}/old", **HEADER}),
        reads=2,
        holds=has_drain({"url": RECEIVER, **HEADER}, log_types=["user_traffic"], exclude_pii=False),
    ),
    Scenario(
        "netlify_log_drain",
        "changes-by-id",
        lambda world: {"site": world.ids["shop"], "drain_id": world.ids["drain"], "format": "json"},
        given=with_drain({"url": RECEIVER}),
        holds=has_drain({"url": RECEIVER}, format="json"),
    ),
    Scenario(
        "netlify_log_drain",
        "clears",
        lambda world: {"site": world.ids["shop"], "destination": "http", "tags": {}, "integration_name": "", **HEADER},
        given=with_drain({"url": RECEIVER, "tags": {"site": "shop"}, "integration_name": "Logs", **HEADER}),
        holds=has_drain({"url": RECEIVER, **HEADER}),
    ),
    Scenario(
        "netlify_log_drain",
        "header-always",
        {**TO_SERVER, **HEADER, "update_authorization_header": "always"},
        given=with_drain({"url": RECEIVER, "authorization_header": f"Bearer {CANARY}-old"}),
        twice=False,
        reason="O(update_authorization_header=always) sends it and reports a change in each run",
        holds=has_drain({"url": RECEIVER, **HEADER}),
    ),
    Scenario(
        "netlify_log_drain",
        "is-there",
        {**TO_SERVER, "log_types": ["functions", "deploys"]},
        given=with_drain({"url": RECEIVER}),
        changes=False,
        reads=2,
        holds=has_drain({"url": RECEIVER}),
    ),
    Scenario(
        "netlify_log_drain",
        "deletes",
        {"site": "shop", "destination": "http", "state": "absent"},
        given=with_drain({"url": RECEIVER}),
        reads=2,
        holds=has_none,
    ),
    Scenario(
        "netlify_log_drain",
        "deletes-nothing",
        lambda world: {"site": world.ids["shop"], "drain_id": "5f9f1c0e8d3b2a0007c1d2e3", "state": "absent"},
        given=with_drain({"url": RECEIVER}),
        changes=False,
        holds=has_drain({"url": RECEIVER}),
    ),
)

# (module, options, what the message must name) of input that is refused before the first request.
BAD_INPUT = (
    ("netlify_log_drain", {**TO_SERVER, "site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_log_drain", {"site": "shop", "log_types": ["deploys"]}, ["destination"]),
    ("netlify_log_drain", {"site": "shop", "drain_id": "../x"}, ["drain_id", "../x"]),
    ("netlify_log_drain", {**TO_SERVER, "url": "logs.example.com"}, ["url", "https://"]),
    ("netlify_log_drain", {**TO_SERVER, "log_types": []}, ["log_types"]),
    ("netlify_log_drain", {**TO_SERVER, "log_types": ["everything"]}, ["log_types", "everything"]),
)
