# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fleek's switches and settings."""

from __future__ import annotations

from ..core.options import Setting, Switch

SWITCHES = (
    # the form of answers
    Switch(
        "fleek_error_form",
        ("appsync", "apollo"),
        "errors carry errorType, as the service behind Fleek's web app has it, or extensions.code [INFER]",
    ),
    Switch("fleek_unauthorized_status", (401, 200, 400), "HTTP status of an answer to a wrong key: unknown [UNKNOWN]"),
    Switch(
        "fleek_validation_status",
        (200, 400),
        "HTTP status for a query that does not fit the schema: 200 or 400, by the kind of server [UNKNOWN]",
    ),
    Switch("fleek_error_status", (200, 400, 401), "HTTP status when a field fails with an error [UNKNOWN]"),
    Switch(
        "fleek_unknown_id",
        ("null", "null_with_error"),
        "all root fields are nullable [DOC]; whether an unknown id also gives an error is unknown [UNKNOWN]",
    ),
    Switch(
        "fleek_foreign_id",
        ("as_unknown", "unauthorized"),
        "a key is for one team [CLI]; how ids of another team are refused is unknown [UNKNOWN]",
    ),
    Switch(
        "fleek_content_type", ("any", "json"), "a published client sends text/plain [3P]; the docs send JSON [SEED]"
    ),
    Switch(
        "fleek_paging",
        ("full_pages", "short_pages", "repeated_token"),
        "pages may be shorter than the limit although more follow, even empty [INFER]; a faulty server answers the "
        "same token for ever [UNKNOWN]",
    ),
    Switch(
        "fleek_env_values",
        ("returned", "null"),
        "the values of build variables are nullable [DOC]; whether they are answered is unknown [INFER]",
    ),
    Switch(
        "fleek_ipfs_hash",
        ("v0", "v1"),
        "ipfsHash as Qm..., what adding to IPFS answers by default, or as bafy...: unknown [UNKNOWN]",
    ),
    # deploys
    Switch(
        "fleek_deploy_result",
        ("deployed", "failed", "cancelled", "timed_out"),
        "how deploys end that are made now; TIMED_OUT is a status that the published schema does not have",
    ),
    Switch("fleek_trigger_result", ("deploy", "null"), "a null answer means a failed trigger [CLI]"),
    Switch("fleek_retry", ("new_deploy", "same_deploy"), "whether retryDeploy makes a new deploy [UNKNOWN]"),
    Switch("fleek_retry_of_success", ("accepted", "refused"), "retryDeploy of a deploy that succeeded [UNKNOWN]"),
    Switch(
        "fleek_unknown_commit",
        ("failed_deploy", "error"),
        "triggerDeploy with a commit that the repository lacks [UNKNOWN]",
    ),
    Switch(
        "fleek_commit_answer",
        ("resolved", "as_given"),
        "whether a deploy names the whole commit when HEAD or a part of it was asked for [UNKNOWN]",
    ),
    Switch("fleek_new_site", ("waits", "deploys"), "whether addSite starts a first deploy [UNKNOWN]"),
    # what is served
    Switch(
        "fleek_cdn",
        ("purged_by_deploy", "until_purged"),
        "whether the site's CDN shows a new deploy at once, or the old one until purgeCache [UNKNOWN]",
    ),
    Switch("fleek_gateway_unknown", (504, 404), "a CID that nobody has: gateways give up after a while, some say 404"),
)

SETTINGS = (
    Setting("fleek_queue_seconds", 0.05, "how long a deploy is queued: IN_PROGRESS, startedAt null"),
    Setting("fleek_build_seconds", 0.05, "how long a deploy is built"),
    Setting("fleek_log_lines", 3, "how many lines a build writes to its log beside the usual ones"),
    Setting("fleek_page_size", 20, "how many sites or deploys a page has when no limit is given"),
)
