# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A project as C(netlify build) leaves it, with functions of every kind."""

from __future__ import annotations

import hashlib
import json
import time
import zipfile
from pathlib import Path

# What the build knows of each function, beside its name and path.
FUNCTIONS = {
    "report": {"runtime": "js", "schedule": "0 5 * * 1", "priority": 10, "buildData": {}, "mainFile": "/src/report.js"},
    "mail-background": {"runtime": "js", "invocationMode": "background", "priority": 10},
    "api": {
        "runtime": "js",
        "runtimeVersion": "nodejs22.x",
        "invocationMode": "stream",
        "timeout": 20,
        "region": "fra",
        "memory": 2048,
        "displayName": "The API",
        "generator": "my-framework@1.2.3",
        "buildData": {"bootstrapVersion": "2.14.0", "runtimeAPIVersion": 2},
        "priority": 0,
        "routes": [
            {
                "pattern": "/api/:id",
                "expression": "^\\/api(?:\\/([^\\/]+?))\\/?$",
                "methods": [],
                "prefer_static": True,
            },
            {"pattern": "/api", "literal": "/api", "methods": ["GET", "POST"]},
        ],
        "excludedRoutes": [{"pattern": "/api/internal", "literal": "/api/internal"}],
        "trafficRules": {
            "action": {
                "type": "rate_limit",
                "config": {
                    "rateLimitConfig": {"windowLimit": 10, "windowSize": 60, "algorithm": "sliding_window"},
                    "aggregate": {"keys": [{"type": "ip"}, {"type": "domain"}]},
                },
            }
        },
    },
}
ROUTE = {"function": "geo", "pattern": "^/geo/?$", "excluded_patterns": [], "path": "/geo"}
TOML = '[[redirects]]\nfrom = "/old"\nto = "/"\n\n[functions.report]\nschedule = "0 5 * * 1"\n'
CONFIG = {"skew_protection": {"patterns": [".*"], "sources": [{"type": "cookie", "name": "nf_deploy"}]}}


def built_project(directory: Path, functions: dict | None = None, edge: str = "geo") -> Path:
    """Writes a project again. functions: as FUNCTIONS; edge: the code of the edge functions."""
    functions = FUNCTIONS if functions is None else functions
    output = directory / ".netlify"
    listed = []
    for name, known in functions.items():
        path = output / "functions" / f"{name}.zip"
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(zipfile.ZipInfo(f"{name}.js"), f"exports.handler = '{name}'")
        listed.append({**known, "name": name, "path": str(path)})
    manifest = {"functions": listed, "system": {}, "timestamp": round(time.time() * 1000), "version": 1}
    bundles = {"eszip2": f"{edge} as eszip", "tar": f"{edge} as tar"}
    assets = {kind: f"{hashlib.sha256(text.encode()).hexdigest()}.{kind}" for kind, text in bundles.items()}
    texts = {
        "functions/manifest.json": json.dumps(manifest),
        "edge-functions-dist/manifest.json": json.dumps(
            {
                "bundles": [{"asset": asset, "format": kind} for kind, asset in assets.items()],
                "routes": [ROUTE],
                "post_cache_routes": [],
                "function_config": {},
            }
        ),
        **{f"edge-functions-dist/{assets[kind]}": text for kind, text in bundles.items()},
        "deploy-config/deploy-config.json": json.dumps(CONFIG),
        "internal/db/migrations/0001_first.sql": "create table a (b int);\n",
        "../netlify.toml": TOML,
    }
    for path, text in texts.items():
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_text(text, encoding="utf-8")
    return directory
