# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A generic GraphQL client of the sandbox's Hasura Cloud and its tenants."""

from __future__ import annotations

TOKEN = "hasura-sandbox-0123456789abcdef0123456789abcdef"
SECOND_TOKEN = "hasura-second-fedcba9876543210fedcba9876543210"
SLUG = "hello-hasura"
FOREIGN_SLUG = "strangers-hasura"
SECRET = "HASURA_GRAPHQL_ADMIN_SECRET"
TENANT = "id slug fqdn cloud region active maintenance_mode project { id name endpoint plan_name }"


class Hasura:
    """A client with a token; `sandbox` is the client of the same sandbox's admin interface."""

    def __init__(self, sandbox, token=TOKEN):
        self.sandbox = sandbox
        self.token = token

    # control plane

    def post(self, query, headers=None, timeout=10, **variables):
        """The raw response, whose status is always 200."""
        if headers is None:
            headers = {"Authorization": f"pat {self.token}"}
        response = self.sandbox.session.post(
            f"{self.sandbox.url}/v1/graphql",
            headers=headers,
            timeout=timeout,
            json={"query": query, "variables": variables},
        )
        assert response.status_code == 200, response.text
        return response

    def ask(self, query, **variables):
        """The data of the only root field of the request; there must be no errors."""
        answer = self.post(query, **variables).json()
        assert "errors" not in answer, answer
        [value] = answer["data"].values()
        return value

    def error(self, query, headers=None, **variables):
        """The only error of a response without data."""
        answer = self.post(query, headers, **variables).json()
        assert list(answer) == ["errors"], answer
        [error] = answer["errors"]
        assert sorted(error) == ["extensions", "message"]
        return error

    def create(self, wait=True, **arguments):
        """A new tenant, by default ready and with its variables at the workers."""
        arguments = {"cloud": "aws", "region": "us-east-2", **arguments}
        answer = self.ask(CREATE, **arguments)
        if wait:
            self.sandbox.advance(5)
        return answer["tenant"]

    def tenant(self, slug=SLUG):
        found = self.ask(
            f"query ($slug: String!) {{ tenant(where: {{slug: {{_eq: $slug}}}}) {{ {TENANT} }} }}", slug=slug
        )
        return found[0] if found else None

    def by_id(self, tenant_id):
        return self.ask(f"query ($id: uuid!) {{ tenant_by_pk(id: $id) {{ {TENANT} }} }}", id=tenant_id)

    def delete(self, tenant):
        return self.ask("mutation ($id: uuid!) { deleteTenant(tenantId: $id) { status } }", id=tenant["id"])

    def rename(self, tenant, name):
        return self.ask(RENAME, id=tenant["id"], name=name)["tenant"]

    def env(self, tenant):
        return self.ask("query ($id: uuid!) { getTenantEnv(tenantId: $id) { hash envVars } }", id=tenant["id"])

    def set_env(self, tenant, current=None, **variables):
        current = current or self.env(tenant)["hash"]
        return self.ask(UPDATE_ENV, id=tenant["id"], hash=current, envs=pairs(variables))

    def drop_env(self, tenant, *keys):
        return self.ask(DELETE_ENV, id=tenant["id"], hash=self.env(tenant)["hash"], keys=list(keys))

    def config_status(self, tenant, active=True):
        query = """query ($id: uuid!, $where: config_status_bool_exp!) {
            config_status(where: {_and: [{tenant_id: {_eq: $id}}, {worker_state: {_eq: "live"}}, $where]}) {
                hash message is_active worker_id } }"""
        return self.ask(query, id=tenant["id"], where={"is_active": {"_eq": True}} if active else {})

    # tenants

    def call(self, method, path, slug=SLUG, headers=None, **options):
        """Send a request to a tenant below its path on loopback, as its owner."""
        headers = {"Authorization": f"pat {self.token}"} if headers is None else headers
        return self.sandbox.session.request(
            method, f"{self.sandbox.url}/hasura/tenants/{slug}{path}", headers=headers, timeout=10, **options
        )

    def health(self, slug=SLUG, strict=False):
        response = self.call("GET", "/healthz" + ("?strict=true" if strict else ""), slug, headers={})
        return response.status_code, response.text

    def command(self, kind, args=None, slug=SLUG, expect=200, headers=None, **more):
        response = self.call("POST", "/v1/metadata", slug, headers, json={"type": kind, "args": args or {}, **more})
        assert response.status_code == expect, response.text
        return response.json()

    def admin(self, expect=200, **body):
        return self.sandbox.admin("POST", "hasura/tenant", body, expect)


CREATE = f"""mutation ($cloud: String!, $region: String!, $name: String, $plan: String, $envs: [UpdateEnvsObject]) {{
    createTenant(cloud: $cloud, region: $region, name: $name, plan: $plan, envs: $envs) {{
        id name tenant {{ {TENANT} }} }} }}"""
LEGACY = """mutation ($url: String) {
    createTenant(cloud: "aws", region: "us-east-2", databaseUrl: $url) { id name } }"""
RENAME = f"""mutation ($id: uuid!, $name: String!) {{
    updateTenantName(tenantId: $id, name: $name) {{ tenant {{ {TENANT} }} }} }}"""
UPDATE_ENV = """mutation ($id: uuid!, $hash: String!, $envs: [UpdateEnvObject!]!) {
    updateTenantEnv(tenantId: $id, currentHash: $hash, envs: $envs) { hash envVars } }"""
DELETE_ENV = """mutation ($id: uuid!, $hash: String!, $keys: [String!]!) {
    deleteTenantEnv(tenantId: $id, currentHash: $hash, deleteEnvs: $keys) { hash envVars } }"""


def pairs(variables):
    return [{"key": key, "value": value} for key, value in variables.items()]


def source(*tables, name="default", variable="PG_DATABASE_URL", **more):
    """Metadata of one source, with tables by name or complete, and the URL of its database in a variable."""
    return {
        "version": 3,
        "sources": [
            {
                "name": name,
                "kind": "postgres",
                "tables": [{"table": table} if isinstance(table, str) else table for table in tables],
                "configuration": {"connection_info": {"database_url": {"from_env": variable}}},
                **more,
            }
        ],
    }


UNKNOWN = "7a79cf94-0e53-4520-a560-1b02bf522f08"


UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"


PROJECTS = "query { projects { id } }"
