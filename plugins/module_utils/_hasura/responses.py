# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Hasura's responses must have, by operation: the fields that this collection reads. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.webops.paas.plugins.module_utils._http.shape import ID, TEXT, Kind, Rows, Values

# The command that runs SQL, by the kind of source.
RUN_SQL = {
    "postgres": "run_sql",
    "citus": "citus_run_sql",
    "cockroach": "cockroach_run_sql",
    "mssql": "mssql_run_sql",
    "bigquery": "bigquery_run_sql",
}
PROJECT = {"id": ID, "endpoint": TEXT, "name?": str, "plan_name?": str}
TENANT = {
    "id": ID,
    "slug?": str,
    "project": PROJECT,
    **dict.fromkeys(("cloud?", "region?", "fqdn?", "active_status_reason?", "created_at?"), str),
    "active?": bool,
    "maintenance_mode?": bool,
}
ENV = {"hash?": str, "envVars": {"environment?": dict}}
DOMAIN = {
    "id": ID,
    "fqdn": TEXT,
    **dict.fromkeys(("tenant_id?", "dns_validation?", "ssl_status?", "ssl_message?"), str),
}
CONSISTENCY = {
    "is_consistent?": bool,
    "inconsistent_objects?": [{"name?": str, "type?": str}],
}
TASK = {
    "name": TEXT,
    "task_events": [{"event_type": str, "error?": object}],
}

RESPONSES: Mapping[str, Kind] = {
    "tenant": Rows(TENANT),
    "tenant_by_pk": TENANT,
    "createTenant": {"id": ID, "name?": str},
    "updateTenantName": {"tenant?": TENANT},
    "deleteTenant": {"status?": str},
    "region": Rows({"cloud": str, "name": str, "nat_ip?": str}),
    "config_status": [{"hash": str, "message": str}],
    **dict.fromkeys(("getTenantEnv", "updateTenantEnv", "deleteTenantEnv"), ENV),
    "custom_domain": Rows(DOMAIN),
    "insert_custom_domain_one": DOMAIN,
    "createGitHubPreviewApp": {"githubPreviewAppJobID": ID},
    "jobs_by_pk": {"id": ID, "status?": str, "tasks": [TASK]},
    "export_metadata": {"resource_version?": int, "metadata": dict},
    **dict.fromkeys(("get_inconsistent_metadata", "reload_metadata", "replace_metadata"), CONSISTENCY),
    "config": {"is_remote_schema_permissions_enabled?": bool},
    "get_catalog_state": {
        "cli_state?": {
            "migrations?": Values(Values(bool)),
            "settings?": Values(str),
        }
    },
    "set_catalog_state": {"message?": str},
    **dict.fromkeys((*RUN_SQL.values(), "run_sql_read_only"), {"result_type": TEXT, "result?": [[(type(None), str)]]}),
    "version": {"version?": str, "server_type?": str},
}
