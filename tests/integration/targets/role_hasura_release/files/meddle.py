# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else, at work: meddle.py SANDBOX TOKEN TENANT NAME VALUE sets a variable of a tenant, and clears its
metadata.
"""

from __future__ import annotations

import json
import sys
import urllib.request


def post(url, token, body):
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Authorization": f"pat {token}", "Content-Type": "application/json"}
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return json.load(answer)


def main(sandbox, token, name, key, value):
    api = f"{sandbox}/v1/graphql"
    query = "query ($slug: String!) { tenant(where: {slug: {_eq: $slug}}) { id } }"
    tenants = post(api, token, {"query": query, "variables": {"slug": name}})["data"]["tenant"]
    tenant_id = tenants[0]["id"]
    query = "query ($id: uuid!) { getTenantEnv(tenantId: $id) { hash } }"
    lock = post(api, token, {"query": query, "variables": {"id": tenant_id}})["data"]["getTenantEnv"]["hash"]
    post(
        api,
        token,
        {
            "query": "mutation ($id: uuid!, $hash: String!, $envs: [UpdateEnvObject!]!) "
            "{ updateTenantEnv(tenantId: $id, currentHash: $hash, envs: $envs) { hash } }",
            "variables": {"id": tenant_id, "hash": lock, "envs": [{"key": key, "value": value}]},
        },
    )
    post(f"{sandbox}/hasura/tenants/{name}/v1/metadata", token, {"type": "clear_metadata", "args": {}})


if __name__ == "__main__":
    main(*sys.argv[1:])
