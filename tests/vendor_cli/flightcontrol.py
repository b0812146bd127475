# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schemathesis on the sandbox, with Flightcontrol's OpenAPI text: usage flightcontrol.py DIRECTORY_OF_CLIENTS WORK.

It generates valid and invalid requests for each operation. Every response must be one that the text describes.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from common import Program, Sandbox, perform, require, write

TEXT = Path(__file__).resolve().parents[2] / "roles/sandbox/files/paas_sandbox/flightcontrol/openapi.yaml"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
REQUESTS = 10  # for each operation


class Journey:
    """The steps, in order."""

    def __init__(self, client: Program, sandbox: Sandbox) -> None:
        self._client = client
        self._sandbox = sandbox
        self._url = os.environ["FLIGHTCONTROL_API_URL"]
        self._authorization = f"Bearer {os.environ['FLIGHTCONTROL_API_KEY']}"
        self._before = sandbox.last_call()

    def prepare(self) -> str:
        """Objects that the operations can use, because a generated request cannot guess an ID."""
        state = self._sandbox.admin("state")["flightcontrol"]
        project = next(each for each in state["projects"] if each["id"] == os.environ["FLIGHTCONTROL_PROJECT_ID"])
        environment = next(each for each in state["environments"] if each["project_id"] == project["id"])
        services = {each["type"]: each for each in state["services"] if each["environment_id"] == environment["id"]}
        job = services["scheduler"]["jobs"][0]["given_id"]
        run_path = f"/v1/services/{services['scheduler']['id']}/job/{job}/execution"
        invalidation_path = f"/v1/services/{services['static']['id']}/cloudfront/invalidation"
        self._configure(
            {
                "projectId": project["id"],
                "environmentId": environment["id"],
                "serviceId": services["web"]["id"],
                "deploymentId": environment["deployments"][0],
                "invalidationId": self._post(invalidation_path, paths=["/*"])["invalidationId"],
                "executionId": self._post(run_path)["jobExecutionId"],
            },
            {
                "createCloudFrontInvalidation": {"serviceId": services["static"]["id"]},
                "createJobExecution": {"serviceId": services["scheduler"]["id"], "jobGivenId": job},
                "triggerDeployHook": {"envId": environment["hook_id"], "secret": environment["hook_secret"]},
                "triggerPreviewDeployHook": {
                    "previewEnvId": project["preview"]["hook_id"],
                    "secret": project["preview"]["hook_secret"],
                    "prNumber": 7,
                    "commitSHA": state["deployments"][0]["commit"],
                },
            },
        )
        self._post("/v1/deployments", repoUrl=project["repo_url"], branch=environment["source"]["branch"])
        return str(project["name"])

    def _post(self, path: str, **body: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self._sandbox.post(self._url + path, self._authorization, **body)
        return answer

    def _configure(self, shared: dict[str, Any], own: dict[str, dict[str, Any]]) -> None:
        """shared: parameters of all operations; own: of single ones, by their ID."""
        sections = [("[parameters]", shared)]
        for operation, parameters in own.items():
            sections.append(
                (f'[[operations]]\ninclude-operation-id = "{operation}"\n[operations.parameters]', parameters)
            )
        text = ""
        for title, parameters in sections:
            text += "\n".join([title, *(f"{name} = {json.dumps(value)}" for name, value in parameters.items()), ""])
        write(self._client.project / "schemathesis.toml", text)

    def call_each_operation(self) -> str:
        output = self._client.run(
            "run",
            str(TEXT),
            f"--url={self._url}",
            f"--header=Authorization: {self._authorization}",
            f"--max-examples={REQUESTS}",
            f"--checks={CHECKS}",
            "--phases=fuzzing",
            "--generation-deterministic",
            "--no-color",
        )
        found = re.findall(r"(\d+) generated", output)
        require(found, f"schemathesis made no requests:\n{output}")
        return f"{found[0]} requests, all responses are described"

    def compare_with_the_log(self) -> str:
        """Fail if an operation was only refused, which would prove little."""
        calls = [call for call in self._sandbox.requests_since(self._before) if "flightcontrol" in call["platform"]]
        described = set(re.findall(r"operationId: (\w+)", TEXT.read_text(encoding="utf-8")))
        missing = described - {call["operation"] for call in calls if call["status"] < 400}
        require(not missing, f"never successful: {', '.join(sorted(missing))}")
        return f"{len(described)} operations succeed; the statuses are {sorted({call['status'] for call in calls})}"


STEPS = (Journey.prepare, Journey.call_each_operation, Journey.compare_with_the_log)


def main() -> int:
    clients, work = map(Path, sys.argv[1:])
    client = Program([clients / "python" / "bin" / "schemathesis"], work)
    return perform("schemathesis", Journey(client, Sandbox()), STEPS)


if __name__ == "__main__":
    sys.exit(main())
