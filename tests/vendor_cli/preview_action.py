# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hasura's own GitHub action for preview apps on the sandbox: usage preview_action.py CHECKOUT_OF_THE_ACTION WORK."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path
from typing import Any

from common import Program, Sandbox, perform, require

# The runner of actions passes an input in the variable INPUT_ followed by its name in upper case.
INPUTS = {
    "INPUT_REGION": "us-east-2",
    "INPUT_TIER": "cloud_free",
    "INPUT_HASURAPROJECTDIRECTORYPATH": "hasura",
    "INPUT_HASURAENV": "GREETING=a=b;\nCOLOR=red;",
}
GITHUB = {"GITHUB_TOKEN": "ghp_sandbox", "GITHUB_REPOSITORY": "sandbox/app", "GITHUB_HEAD_REF": "feature"}


class Journey:
    def __init__(self, action: Program, sandbox: Sandbox) -> None:
        self._action = action
        self._sandbox = sandbox
        self._name = f"vendor-preview-{int(time.time())}"
        self._first = ""
        action.environment["INPUT_NAME"] = self._name

    def _tenants(self) -> list[dict[str, Any]]:
        tenants = self._sandbox.admin("state")["hasura"]["tenants"]
        return [tenant for tenant in tenants if tenant["slug"] == self._name]

    def _create(self) -> str:
        """The project's ID, which is an output of the action."""
        printed = self._action.run()
        outputs = dict(re.findall(r"::set-output name=(\w+)::(.*)", printed))
        require(outputs.get("projectName") == self._name, f"the action put out {outputs}:\n{printed}")
        tenants = self._tenants()
        require(len(tenants) == 1, f"{len(tenants)} tenants are called {self._name}")
        require(outputs["projectId"] == tenants[0]["project_id"], f"{outputs} for {tenants[0]}")
        found = {name: tenants[0]["env"].get(name) for name in ("GREETING", "COLOR")}
        require(found == {"GREETING": "a=b", "COLOR": "red"}, f"the variables are {found}")
        return str(outputs["projectId"])

    def refuse_a_wrong_token(self) -> str:
        printed = self._action.run(succeeds=False, HASURA_CLOUD_ACCESS_TOKEN="wrong")
        require(not self._tenants(), "it was made nevertheless")
        return printed.strip().splitlines()[-1]

    def create(self) -> str:
        self._first = self._create()
        return self._name

    def create_again(self) -> str:
        require(self._create() != self._first, "the project is still the first one")
        return "another project in the place of the first"

    def delete(self) -> str:
        self._action.run(INPUT_DELETE="true")
        require(not self._tenants(), "it is still there")
        return "gone"

    def delete_again(self) -> str:
        return self._action.run(succeeds=False, INPUT_DELETE="true").strip().splitlines()[-1]


STEPS = (Journey.refuse_a_wrong_token, Journey.create, Journey.create_again, Journey.delete, Journey.delete_again)


def main() -> int:
    checkout, work = map(Path, sys.argv[1:])
    endpoint = {"INPUT_HASURACLOUDGRAPHQLENDPOINT": os.environ["HASURA_CLOUD_API_URL"]}
    action = Program(
        ["node", checkout / "dist" / "index.js"],
        work,
        ("HASURA_CLOUD_ACCESS_TOKEN",),
        **INPUTS,
        **GITHUB,
        **endpoint,
    )
    return perform("hasura-cloud-preview-apps", Journey(action, Sandbox()), STEPS)


if __name__ == "__main__":
    sys.exit(main())
