# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schemathesis on the sandbox with its text of Flightcontrol's API: usage flightcontrol.py DIRECTORY_OF_CLIENTS WORK.

It makes up requests, valid and invalid ones, for each operation; every response must be one that the text describes.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from common import Program, perform, require, write

TEXT = Path(__file__).resolve().parents[2] / "roles/sandbox/files/paas_sandbox/flightcontrol/openapi.yaml"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
REQUESTS = 10  # for each operation
EXISTING = {
    "projectId": "FLIGHTCONTROL_PROJECT_ID",
    "environmentId": "FLIGHTCONTROL_ENVIRONMENT_ID",
    "serviceId": "FLIGHTCONTROL_SERVICE_ID",
}


class Journey:
    def __init__(self, client: Program) -> None:
        self._client = client
        lines = (f'{name} = "{os.environ[variable]}"\n' for name, variable in EXISTING.items())
        write(client.project / "schemathesis.toml", "[parameters]\n" + "".join(lines))

    def call_each_operation(self) -> str:
        output = self._client.run(
            "run",
            str(TEXT),
            f"--url={os.environ['FLIGHTCONTROL_API_URL']}",
            f"--header=Authorization: Bearer {os.environ['FLIGHTCONTROL_API_KEY']}",
            f"--max-examples={REQUESTS}",
            f"--checks={CHECKS}",
            "--phases=fuzzing",
            "--generation-deterministic",
            "--no-color",
        )
        found = re.search(r"(\d+) generated", output)
        require(found is not None, f"schemathesis made no requests:\n{output}")
        return f"{found[1]} requests, all responses are described"


def main() -> int:
    clients, work = map(Path, sys.argv[1:])
    client = Program([clients / "python" / "bin" / "schemathesis"], work)
    return perform("schemathesis", Journey(client), (Journey.call_each_operation,))


if __name__ == "__main__":
    sys.exit(main())
