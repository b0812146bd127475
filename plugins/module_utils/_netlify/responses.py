# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Netlify's responses must have, by operation: the fields that this collection reads. PRIVATE to the
collection.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.webops.paas.plugins.module_utils._http.shape import ID, TEXT, Kind, Rows

ACCOUNT = {"id": ID, "slug": TEXT, "name?": str, "owner_ids?": [str], "roles_allowed?": [str]}
EVENT = {
    "id": ID,
    "payload?": dict.fromkeys(("action?", "actor_id?", "actor_name?", "actor_email?", "log_type?", "timestamp?"), str),
}
MEMBER = {"id": ID, "email?": str, "full_name?": str, "role?": str, "site_access?": str, "site_ids?": [str]}
USER = {"id": ID, "email?": str, "full_name?": str, "login_providers?": [str]}
FUNCTION = {"n?": str, "name?": str, "d?": str, "sha?": str}
PUBLISHED = {
    "id": ID,
    **dict.fromkeys(
        (
            "state?",
            "site_id?",
            "branch?",
            "context?",
            "title?",
            "created_at?",
            "updated_at?",
            "published_at?",
            "error_message?",
            "commit_ref?",
            "deploy_ssl_url?",
            "ssl_url?",
            "review_url?",
            "build_id?",
        ),
        str,
    ),
    "required?": [str],
    "required_functions?": [str],
    "required_edge_functions?": [str],
    "available_functions?": [FUNCTION],
    "function_schedules?": [{"name?": str, "cron?": str}],
    "functions_region_overrides?": [{"name?": str, "region?": str}],
    "summary?": {"messages?": [dict]},
}
DEPLOY = {**PUBLISHED, "state": TEXT}
SITE = {
    "id": ID,
    **dict.fromkeys(
        (
            "name?",
            "account_id?",
            "account_slug?",
            "account_name?",
            "url?",
            "ssl_url?",
            "default_domain?",
            "custom_domain?",
            "branch_deploy_custom_domain?",
            "deploy_preview_custom_domain?",
            "state?",
            "functions_region?",
        ),
        str,
    ),
    "domain_aliases?": [str],
    "cdp_enabled_contexts?": [str],
    "processing_settings?": {"html?": dict},
    "build_settings?": {
        "allowed_branches?": [str],
        **dict.fromkeys(("repo_path?", "repo_branch?", "branch?", "provider?", "cmd?", "dir?", "base?"), str),
    },
    "published_deploy?": PUBLISHED,
}
FILE = {"path": TEXT, "sha?": str, "size?": int, "mime_type?": str}
SNIPPET = {"id": int, **dict.fromkeys(("title?", "general?", "general_position?", "goal?", "goal_position?"), str)}
RECORD = {"id": ID, "type": TEXT, "hostname": TEXT, "value": (str, int), "site_id?": str, "managed?": bool, "tag?": str}
ZONE = {
    "id": ID,
    "name": TEXT,
    "records?": [RECORD],
    "dns_servers?": [str],
    **dict.fromkeys(("account_id?", "account_slug?", "site_id?", "domain?"), object),
}
VARIABLE = {
    "key": TEXT,
    "scopes?": [str],
    "values?": [{"context": TEXT, "context_parameter?": str, "value?": str}],
    "is_secret?": bool,
}
HOOK = {
    "id": ID,
    "type": TEXT,
    "event": TEXT,
    "form_id?": ID,
    "data?": dict.fromkeys(("url?", "email?", "signature_secret?", "channel?"), str),
    "disabled?": bool,
}
BUILD_HOOK = {"id": ID, "title?": str, "branch?": str, "url?": str}
BUILD = {"id": ID, "deploy_id?": ID, "sha?": str, "done?": bool, "error?": str, "created_at?": str}
FORM = {
    "id": ID,
    "name": str,
    "site_id?": ID,
    "paths?": [str],
    "fields?": [dict],
    "created_at?": str,
    "submission_count?": int,
}
SUBMISSION = {
    "id": ID,
    "number?": int,
    "created_at?": str,
    "form_id?": ID,
    "form_name?": str,
    "site_name?": str,
    "data?": dict,
    "ordered_human_fields?": [dict],
}
CERTIFICATE = {
    "state": TEXT,
    "domains?": [str],
    "expires_at?": str,
    "created_at?": str,
    "updated_at?": str,
    "renewal_error_message?": str,
}
KEY = {"id": ID, "public_key": TEXT}
RULE_SET = {
    "default?": str,
    "rules?": [
        {
            "action?": str,
            "data?": dict.fromkeys(("addresses?", "countries?", "subregions?"), [str]),
            "description?": str,
            "disabled?": bool,
        }
    ],
}
RULE_SETS = {"published?": RULE_SET, "unpublished?": RULE_SET}
DRAIN = {
    "id": ID,
    "destination": TEXT,
    "log_types?": (str, [str]),
    "format?": str,
    "exclude_pii?": bool,
    "service_config?": {"url?": str, "authorization_header?": str, "tags?": dict},
}
SPLIT_TEST = {"id": ID, "branches?": [dict], "active?": bool, "created_at?": str}

RESPONSES: Mapping[str, Kind] = {
    "getCurrentUser": USER,
    "listUsers": Rows(USER),
    "listAccountsForUser": Rows(ACCOUNT),
    "listMembersForAccount": Rows(MEMBER),
    "updateAccountMember": MEMBER,
    "listAccountAuditEvents": Rows(EVENT),
    **dict.fromkeys(("createSite", "createSiteInTeam", "getSite", "unlinkSiteRepo", "updateSite"), SITE),
    **dict.fromkeys(("listSites", "listSitesForAccount", "listUserSites"), Rows(SITE)),
    **dict.fromkeys(
        (
            "cancelSiteDeploy",
            "createSiteDeploy",
            "lockDeploy",
            "restoreSiteDeploy",
            "unlockDeploy",
            "updateSiteDeploy",
        ),
        DEPLOY,
    ),
    "getDeploy": {**DEPLOY, "site_id": ID},
    # They are put in order.
    "listSiteDeploys": Rows({**DEPLOY, "created_at": TEXT}),
    "getSiteFileByPathName": FILE,
    **dict.fromkeys(("listDeployFiles", "listSiteFiles"), Rows(FILE)),
    "createSiteSnippet": SNIPPET,
    "listSiteSnippets": Rows(SNIPPET),
    **dict.fromkeys(("createDnsZone", "getDnsZone", "enableDnsZoneIpv6"), ZONE),
    "getDnsZones": Rows(ZONE),
    "createDnsRecord": RECORD,
    "getDnsRecords": Rows(RECORD),
    **dict.fromkeys(("createEnvVars", "getEnvVars"), Rows(VARIABLE)),
    "updateEnvVar": VARIABLE,
    **dict.fromkeys(("createHookBySiteId", "enableHook", "updateHook"), HOOK),
    "listHooksBySiteId": Rows(HOOK),
    "listHookTypes": Rows({"name": TEXT, "events?": [str]}),
    **dict.fromkeys(("createSiteBuildHook", "getSiteBuildHook"), BUILD_HOOK),
    "listSiteBuildHooks": Rows(BUILD_HOOK),
    "createSiteBuild": BUILD,
    "listSiteBuilds": Rows(BUILD),
    **dict.fromkeys(("listForms", "listSiteForms", "listUserForms"), Rows(FORM)),
    # One OpenAPI of Netlify has an object, the other an array.
    "listFormSubmission": ([SUBMISSION], SUBMISSION),
    **dict.fromkeys(("markSubmissionHam", "markSubmissionSpam"), SUBMISSION),
    **dict.fromkeys(
        ("listFormSubmissions", "listSiteSubmissions", "listSubmissions", "listUserSubmissions"), Rows(SUBMISSION)
    ),
    **dict.fromkeys(("provisionSiteTLSCertificate", "showSiteTLSCertificate"), CERTIFICATE),
    **dict.fromkeys(("createDeployKey", "getDeployKey"), KEY),
    "listDeployKeys": Rows(KEY),
    **dict.fromkeys(("getAccountFirewallRuleSet", "getSiteFirewallRuleSet"), RULE_SETS),
    # The description returns one log drain, its text says a list.
    "LogDrainsIndex": (Rows(DRAIN), DRAIN),
    **dict.fromkeys(("LogDrainsCreate", "LogDrainsUpdate"), DRAIN),
    "createSplitTest": SPLIT_TEST,
    "getSplitTests": Rows(SPLIT_TEST),
}
