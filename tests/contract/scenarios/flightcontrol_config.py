# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that configure Flightcontrol: read from this machine, without a request."""

from __future__ import annotations

import json
from collections.abc import Callable

from scenarios.base import CANARY, Scenario

VARIABLES = {"SECRET": f"{CANARY}-value", "ORIGIN": {"fromService": {"id": "web", "value": "origin"}}}
WEB = {"id": "web", "name": "Web", "type": "web", "cpu": 0.5, "memory": 1, "envVariables": VARIABLES}
WORKER = {"id": "worker", "name": "Worker", "type": "worker", "cpu": 0.5, "memory": 1, "dependsOn": ["web"]}


def config(*services: dict) -> dict:
    return {
        "environments": [
            {
                "id": "production",
                "name": "Production",
                "region": "us-west-2",
                "source": {"branch": "main"},
                "services": list(services),
            }
        ]
    }


def of(content: object, name: str = "flightcontrol.json", **more: object) -> Callable:
    def options(world) -> dict:
        path = world.directory / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return {"src": str(path), **more}

    return options


MODULE = "flightcontrol_config_info"
UNKNOWN = config({**WEB, "helthCheckPath": "/"})

SCENARIOS = (
    Scenario("flightcontrol_config_info", "json", of(config(WEB, WORKER)), changes=False, reads=0, secrets=(CANARY,)),
    Scenario(
        "flightcontrol_config_info", "yaml", of(json.dumps(config(WEB)), "flightcontrol.yaml"), changes=False, reads=0
    ),
    Scenario("flightcontrol_config_info", "unknown-ignored", of(UNKNOWN, on_unknown="ignore"), changes=False, reads=0),
)

BAD_INPUT = (
    (MODULE, {}, ["src"]),
    (MODULE, {"src": "/no/such/flightcontrol.json"}, ["src", "/no/such/flightcontrol.json"]),
    (MODULE, {"src": "/tmp/flightcontrol.cue"}, ["src", ".json"]),
    (MODULE, of("{"), ["src", "JSON", "line 1"]),
    (MODULE, of(config({**WEB, "cpu": "1"})), ["src", "environments[0].services[0].cpu", '"1"', "0.125"]),
    (MODULE, of(config(WORKER)), ["environments[0].services[0].dependsOn[0]", '"web"', "worker"]),
    (MODULE, of(config(WEB, WEB)), ["environments[0].services[1].id", "unique"]),
    (MODULE, of(UNKNOWN, on_unknown="fail"), ["helthCheckPath", "Did you mean healthCheckPath"]),
    (MODULE, of(config(), on_unknown="other"), ["on_unknown", "warn", "ignore"]),
)
