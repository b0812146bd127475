# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hasura Cloud's switches, settings, and the places and plans that it knows."""

from __future__ import annotations

from ..core.options import Setting, Switch

SWITCHES = (
    # where the sources disagree
    Switch(
        "create_flavor",
        ("current", "legacy"),
        "createTenant has the arguments name, plan and envs today [SCHEMA]; it had databaseUrl in the seed and in "
        "[TF1]",
    ),
    Switch("create_name", ("ignored", "applied"), "createTenant ignores the name [ISS 9732]; the schema lists it"),
    Switch(
        "free_v2_with_envs",
        ("error_after_creation", "error", "accepted"),
        "cloud_free_v2 with envs returns GenericServerError [ISS 9731], although projects were created",
    ),
    Switch(
        "bad_token",
        ("fields_vanish", "access_denied"),
        "tables and mutations are hidden [ISS 6676] [ACTION], or the authentication hook refuses [ACTION]",
    ),
    Switch(
        "token_columns",
        ("all", "documented"),
        "a token sees less than the console [SCHEMA]; unknown is what: all of a tenant, or what [DOC] shows of it",
    ),
    Switch(
        "error_quotes",
        ("double", "single"),
        'field "x" not found [ISS 6676]; newer engines write the name in single quotes',
    ),
    Switch(
        "unchanged_env",
        ("refused", "accepted"),
        "an update of variables that changes nothing returns an error [INF]; this is not documented",
    ),
    Switch(
        "env_layout",
        ("nested", "flat"),
        "variables of users are below environment [INF] [TF2]; the console reads both places [CON]",
    ),
    Switch(
        "env_value_types",
        ("typed", "text"),
        "known settings may be typed JSON [INF]: booleans, objects; or the text that was sent",
    ),
    Switch(
        "stale_config_status",
        ("kept", "removed"),
        "rows of config_status for former environments stay with is_active false [CON], or are removed [UNKNOWN]",
    ),
    # what is not documented
    Switch("unknown_env_keys", ("ignored", "refused"), "deleteTenantEnv with keys that do not exist [UNKNOWN]"),
    Switch(
        "unknown_tenant_env",
        ("null", "error"),
        "getTenantEnv of a tenant that does not exist or belongs to another account [UNKNOWN]",
    ),
    Switch(
        "deleted_name", ("free", "reserved"), "whether the name of a deleted project is available at once [UNKNOWN]"
    ),
    Switch(
        "keep_alive",
        ("kept", "closed"),
        "whether the control plane closes the connection after each response, with Connection: close [UNKNOWN]",
    ),
    Switch(
        "unready_answer",
        ("status", "no_answer"),
        "a tenant that starts, is renamed or hibernates: a 503, or a closed connection [UNKNOWN]",
    ),
    Switch(
        "strict_health", (500, 200), "/healthz?strict=true with inconsistent objects is 500 in newer engines [INFER]"
    ),
    Switch(
        "metadata_lock",
        ("when_given", "ignored"),
        "a resource_version that is not the stored one is refused with 409 [K]; older calls do not send it",
    ),
    Switch(
        "metadata_defaults",
        ("filled", "as_sent"),
        "metadata is exported with defaults, sorted, without empty parts [K]; or as it was sent",
    ),
    Switch(
        "unknown_metadata_keys",
        ("refused", "dropped"),
        "unknown keys outside of tables: unknown; unknown keys of tables are refused [K]",
    ),
    Switch(
        "sql_execution",
        ("executed", "recorded"),
        "SQL runs on a private PostgreSQL, if it is installed; or it is only recorded, and each of it succeeds",
    ),
    Switch(
        "sql_error_details",
        ("internal", "none"),
        "`internal` has the message and SQLSTATE of a failed statement [SRV]; Hasura Cloud omitted it [ISS 5329]",
    ),
    Switch("preview_app_job", ("success", "failed", "skipped"), "final status of the first job of a preview app"),
    Switch("preview_deploy_job", ("success", "failed", "skipped"), "final status of the second job of a preview app"),
    Switch("custom_domain_dns", ("succeeded", "pending", "failed"), "result of the DNS validation of a custom domain"),
    # for people with a shell
    Switch(
        "tenant_urls",
        ("loopback", "platform"),
        "a project's endpoint: below the sandbox's own URL, which clients can reach, or https://SLUG.hasura.app",
    ),
)

SETTINGS = (
    Setting("hasura_ready_seconds", 0.05, "seconds until a new tenant responds"),
    Setting("hasura_worker_seconds", 0.05, "seconds until the last worker has a changed environment"),
    Setting("hasura_workers", 2, "number of workers of a new tenant, at least one"),
    Setting("hasura_rename_seconds", 0.05, "seconds until a renamed tenant responds under its new name"),
    Setting("hasura_reserved_seconds", 60, "seconds that the name of a deleted project stays reserved, if it does"),
    Setting("hasura_job_seconds", 0.1, "seconds that each of the two jobs of a preview app takes"),
    Setting("hasura_domain_seconds", 0.05, "seconds that the validation of a custom domain takes"),
)

# fact: hasura 9 [DOC]: the places; an address for each, from the range for documentation
REGIONS = {
    "aws": (
        "us-east-2",
        "us-east-1",
        "us-west-1",
        "us-west-2",
        "eu-west-1",
        "eu-west-2",
        "eu-central-1",
        "ca-central-1",
        "ap-northeast-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-south-1",
    ),
    "gcp": ("us-west2", "us-central1", "us-west1", "us-east4", "europe-west3", "europe-west1"),
    "azure": ("eastus", "francecentral"),
}
INACTIVE_REGIONS = (("aws", "us-gov-west-1"),)
# fact: hasura 9
PLANS = ("cloud_free", "cloud_free_v2", "cloud_payg", "cloud_shared", "pro", "cloud_dedicated_vpc")
DEFAULT_PLAN = "cloud_free"
