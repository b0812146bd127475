# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fleek's switches and settings."""

from __future__ import annotations

from ..core.options import Setting, Switch

SWITCHES = (
    # the form of responses
    Switch(
        "fleek_error_form",
        ("appsync", "apollo"),
        "errors carry errorType, as the service behind Fleek's web app has it, or extensions.code [INFER]",
    ),
    Switch(
        "fleek_unauthorized_status", (401, 200, 400), "HTTP status of the response to a wrong key: unknown [UNKNOWN]"
    ),
    Switch(
        "fleek_validation_status",
        (200, 400),
        "HTTP status for a query that does not fit the schema: 200 or 400, by the kind of server [UNKNOWN]",
    ),
    Switch("fleek_error_status", (200, 400, 401), "HTTP status when a field fails with an error [UNKNOWN]"),
    Switch(
        "fleek_unknown_id",
        ("null", "null_with_error"),
        "all root fields are nullable [DOC]; whether an unknown ID also causes an error is unknown [UNKNOWN]",
    ),
    Switch(
        "fleek_foreign_id",
        ("as_unknown", "unauthorized"),
        "a key is for one team [CLI]; how IDs of another team are refused is unknown [UNKNOWN]",
    ),
    Switch(
        "fleek_content_type", ("any", "json"), "a published client sends text/plain [3P]; the docs send JSON [SEED]"
    ),
    Switch(
        "fleek_paging",
        ("full_pages", "short_pages", "repeated_token"),
        "pages may be shorter than the limit, even empty, although more follow [INFER]; a faulty server returns the "
        "same token repeatedly [UNKNOWN]",
    ),
    Switch(
        "fleek_env_values",
        ("returned", "null"),
        "the values of build variables are nullable [DOC]; whether they are returned is unknown [INFER]",
    ),
    Switch(
        "fleek_ipfs_hash",
        ("v0", "v1"),
        "ipfsHash as Qm..., which adding to IPFS returns by default, or as bafy...: unknown [UNKNOWN]",
    ),
    # deploys
    Switch(
        "fleek_deploy_result",
        ("deployed", "failed", "cancelled", "timed_out"),
        "final status of deploys that start now; TIMED_OUT is a status that the published schema does not have",
    ),
    Switch("fleek_trigger_result", ("deploy", "null"), "a null response means a failed trigger [CLI]"),
    Switch("fleek_retry", ("new_deploy", "same_deploy"), "whether retryDeploy creates a new deploy [UNKNOWN]"),
    Switch("fleek_retry_of_success", ("accepted", "refused"), "retryDeploy of a deploy that succeeded [UNKNOWN]"),
    Switch(
        "fleek_unknown_commit",
        ("failed_deploy", "error"),
        "triggerDeploy with a commit that the repository does not have [UNKNOWN]",
    ),
    Switch(
        "fleek_commit_answer",
        ("resolved", "as_given"),
        "whether a deploy has the full commit when HEAD or an abbreviated commit was requested [UNKNOWN]",
    ),
    Switch("fleek_new_site", ("waits", "deploys"), "whether addSite starts a first deploy [UNKNOWN]"),
    # what is served
    Switch(
        "fleek_cdn",
        ("purged_by_deploy", "until_purged"),
        "whether the site's CDN serves a new deploy at once, or the old one until purgeCache [UNKNOWN]",
    ),
    Switch("fleek_gateway_unknown", (504, 404), "a CID that no node has: gateways time out, and some return 404"),
)

SETTINGS = (
    Setting("fleek_queue_seconds", 0.05, "seconds that a deploy is queued: IN_PROGRESS, startedAt null"),
    Setting("fleek_build_seconds", 0.05, "seconds that a build takes"),
    Setting("fleek_log_lines", 3, "number of additional lines in a build log"),
    Setting("fleek_page_size", 20, "number of sites or deploys on a page without a limit"),
)
