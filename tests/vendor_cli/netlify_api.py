# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netlify's own JavaScript client on the sandbox: usage netlify_api.py DIRECTORY_OF_CLIENTS WORK_DIRECTORY.

It calls each described operation that the collection uses.
"""

from __future__ import annotations

import ast
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from common import Program, perform, require

SOURCES = Path(__file__).resolve().parents[2] / "plugins" / "module_utils" / "_netlify"


def texts(directory: Path) -> Iterator[str]:
    """All strings in the Python files of a directory."""
    for path in directory.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


class Journey:
    def __init__(self, client: Program, description: Path) -> None:
        self._client = client
        paths = json.loads(description.read_text(encoding="utf-8"))["paths"]
        methods = [described for each in paths.values() for name, described in each.items() if name != "parameters"]
        self._used = {described["operationId"] for described in methods} & set(texts(SOURCES))

    def call_each_operation(self) -> str:
        called = set(self._client.data(f"vendor-api-{int(time.time())}"))
        missing = sorted(self._used - called)
        require(not missing, f"the collection also uses {', '.join(missing)}")
        return f"{len(called)} operations, among them all {len(self._used)} that the collection uses"


def main() -> int:
    clients, work = map(Path, sys.argv[1:])
    inherited = ("NETLIFY_API_URL", "NETLIFY_AUTH_TOKEN", "SANDBOX_URL")
    client = Program(["node", clients / "netlify_api.mjs"], work, inherited)
    description = clients / "node_modules" / "@netlify" / "open-api" / "dist" / "swagger.json"
    return perform("@netlify/api", Journey(client, description), (Journey.call_each_operation,))


if __name__ == "__main__":
    sys.exit(main())
