# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hasura's own GraphQL client on the sandbox: usage hasura.py DIRECTORY_OF_CLIENTS WORK_DIRECTORY.

Hasura Cloud has no client for its API. So Hasura's generic GraphQL client sends the requests of other clients: each
document of hasura.graphql, at least once.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import sys
import time

from common import Program, Sandbox, perform, require

DOCUMENTS = pathlib.Path(__file__).with_name("hasura.graphql")
NAMES = re.findall(r"^(?:query|mutation) (\w+)", DOCUMENTS.read_text(encoding="utf-8"), re.MULTILINE)


class Journey:
    """The steps, in order; each public method is one."""

    def __init__(self, client, sandbox):
        self._client = client
        self._sandbox = sandbox
        self._url = os.environ["HASURA_CLOUD_API_URL"]
        self._authorization = ["--header", f"Authorization: pat {os.environ['HASURA_CLOUD_ACCESS_TOKEN']}"]
        self._sent = set()
        self._id = self._project = None
        self._name = f"vendor-cli-{int(time.time())}"

    def _send(self, document, **variables):
        self._sent.add(document)
        return self._client.data(
            self._url,
            *self._authorization,
            "--queryFile",
            str(DOCUMENTS),
            "--operationName",
            document,
            "--variablesJSON",
            json.dumps(variables),
        )["data"]

    def _tenant(self):
        tenants = self._sandbox.admin("state")["hasura"]["tenants"]
        return next((tenant for tenant in tenants if tenant["id"] == self._id), None)

    def _until(self, what, holds):
        deadline = time.monotonic() + 30
        while not holds():
            require(time.monotonic() < deadline, f"{what} does not come")

    def _ended(self, job):
        """The job, after it has ended."""
        found = {}

        def has_ended():
            found.update(self._send("jobStatus", id=job)["jobs_by_pk"])
            return found["status"] in ("success", "failed")

        self._until("the job's end", has_ended)
        return found

    def export_the_schema(self):
        text = self._client.run(self._url, *self._authorization, "--introspect")
        require("createTenant(" in text and "input UpdateEnvsObject" in text, f"this is no schema:\n{text[:400]}")
        return f"{len(text.splitlines())} lines"

    def create_a_project(self):
        made = self._send(
            "createTenant",
            cloud="aws",
            region="us-east-2",
            name=self._name,
            plan="cloud_free",
            envs=[{"key": "PG_DATABASE_URL", "value": "postgres://db.example.com/app"}],
        )["createTenant"]
        self._id, self._project = made["id"], made["tenant"]["project"]["id"]
        require(self._tenant()["name"] == made["name"], f"{made['name']} is {self._tenant()['name']}")
        found = self._send("tenantByPk", id=self._id)["tenant_by_pk"]
        require(found["project"]["id"] == self._project, f"the tenant is {found}")
        return made["name"]

    def rename_it(self):
        self._send("updateTenantName", id=self._id, name=self._name)
        require(self._tenant()["name"] == self._name, f"it is called {self._tenant()['name']}")
        renamed = self._send("renameProject", id=self._project, name=f"{self._name}-b")["update_projects_by_pk"]
        require(self._tenant()["slug"] == renamed["name"] == f"{self._name}-b", f"it is called {renamed}")
        self._name = renamed["name"]
        return self._name

    def find_it(self):
        project = self._send("projectByPk", id=self._project)["project"]
        require(project["tenant"]["id"] == self._id and project["name"] == self._name, f"the project is {project}")
        for document, variables, field in (
            ("projectsByName", {"name": self._name}, "projects"),
            ("tenantsByName", {"name": self._name}, "tenant"),
            ("tenantsBySlug", {"slug": self._name}, "tenant"),
        ):
            found = self._send(document, **variables)[field]
            require(len(found) == 1 and found[0]["id"] in (self._id, self._project), f"{document} finds {found}")
        return "by id, name and slug"

    def change_its_environment(self):
        found = self._send("getTenantEnv", id=self._id)["getTenantEnv"]
        first = self._send(
            "updateTenantEnv",
            id=self._id,
            currentHash=found["hash"],
            envs=[{"key": "HASURA_GRAPHQL_ADMIN_SECRET", "value": "s3cret=: x"}, {"key": "OTHER", "value": "x"}],
        )["updateTenantEnv"]
        self._send("deleteTenantEnv", id=self._id, currentHash=first["hash"], env=["OTHER"])
        tenant = self._tenant()
        require(first["hash"] not in (found["hash"], tenant["hash"]), "the hash did not change")
        require(
            "OTHER" not in tenant["env"] and tenant["env"]["HASURA_GRAPHQL_ADMIN_SECRET"] == "s3cret=: x",
            f"the environment is {sorted(tenant['env'])}",
        )
        return f"{len(tenant['env'])} variables"

    def refuse_an_old_hash(self):
        before = self._tenant()["hash"]
        printed = self._client.run(
            self._url,
            *self._authorization,
            "--queryFile",
            str(DOCUMENTS),
            "--operationName",
            "updateTenantEnv",
            "--variablesJSON",
            json.dumps({"id": self._id, "currentHash": "0" * 40, "envs": [{"key": "A", "value": "b"}]}),
            succeeds=False,
        )
        require(self._tenant()["hash"] == before, f"it was changed:\n{printed}")
        return "the client says that it failed"

    def wait_for_the_workers(self):
        def configured():
            rows = self._send("configStatus", id=self._id)["config_status"]
            return rows and all(
                (row["hash"], row["message"]) == (self._tenant()["hash"], "Service configured successfully")
                for row in rows
            )

        self._until("the new configuration", configured)
        return "all have the new configuration"

    def ask_the_tenant(self):
        """Both with the admin secret and with the owner's token."""
        endpoint = self._tenant()["endpoint"]
        query = ["--query", "{ __typename }"]
        for header in ("x-hasura-admin-secret: s3cret=: x", self._authorization[1]):
            found = self._client.data(endpoint, "--header", header, *query)
            require(found == {"data": {"__typename": "query_root"}}, f"the tenant answers {found}")
        self._client.run(endpoint, *query, succeeds=False)
        return endpoint

    def add_and_remove_a_domain(self):
        domain = self._send("createCustomDomain", id=self._id, fqdn=f"{self._name}.example.org")
        made = domain["insert_custom_domain_one"]
        domains = self._sandbox.admin("state")["hasura"]["custom_domains"]
        require(made["fqdn"] in [row["fqdn"] for row in domains], f"there are {domains}")
        self._send("deleteCustomDomain", id=made["id"])
        require(
            made["id"] not in [row["id"] for row in self._sandbox.admin("state")["hasura"]["custom_domains"]],
            "it is still there",
        )
        return made["fqdn"]

    def list_gateway_addresses(self):
        regions = self._send("gatewayIps")["region"]
        require(regions and all(region["nat_ip"] for region in regions), f"these are {regions}")
        return f"{len(regions)} addresses"

    def make_a_preview_app(self):
        job = self._send(
            "createPreviewApp",
            token="ghp_sandbox",
            owner="sandbox",
            repo="app",
            branch="main",
            directory="/hasura",
            cloud="aws",
            region="us-east-2",
            plan="cloud_free",
            name=f"{self._name}-preview",
            env=[{"key": "A", "value": "b"}],
        )["createGitHubPreviewApp"]["githubPreviewAppJobID"]
        for _scheduling_then_deployment in range(2):
            found = self._ended(job)
            require(found["status"] == "success", f"the job is {found}")
            event = found["tasks"][-1]["task_events"][0]
            job = (event["public_event_data"] or {}).get("githubDeploymentJobID", job)
        names = [tenant["name"] for tenant in self._sandbox.admin("state")["hasura"]["tenants"]]
        require(f"{self._name}-preview" in names, f"there are {names}")
        return f"{self._name}-preview"

    def delete_it(self):
        self._send("deleteTenant", id=self._id)
        require(self._tenant() is None, "it is still there")
        require(self._send("tenantByPk", id=self._id) == {"tenant_by_pk": None}, "the client still finds it")
        require(self._sent == set(NAMES), f"never sent: {set(NAMES) - self._sent}")
        return "gone"


STEPS = (
    Journey.export_the_schema,
    Journey.create_a_project,
    Journey.rename_it,
    Journey.find_it,
    Journey.change_its_environment,
    Journey.refuse_an_old_hash,
    Journey.wait_for_the_workers,
    Journey.ask_the_tenant,
    Journey.add_and_remove_a_domain,
    Journey.list_gateway_addresses,
    Journey.make_a_preview_app,
    Journey.delete_it,
)


def main():
    clients, work = map(pathlib.Path, sys.argv[1:])
    client = Program([clients / "node_modules" / ".bin" / "gq"], work)
    return perform("graphqurl", Journey(client, Sandbox()), STEPS)


if __name__ == "__main__":
    sys.exit(main())
