# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netlify's switches, settings and rate limits."""

from __future__ import annotations

from ..core.limits import Limit
from ..core.options import Setting, Switch

SWITCHES = (
    # where the sources disagree
    Switch("delete_site_status", (204, 200), "204 in both OpenAPIs [S][T], 200 in the guide [G] and the seed"),
    Switch("restore_status", (200, 201), "200 measured [O] and [T], 201 in [S]"),
    Switch("cancel_status", (200, 201), "200 in [T], 201 in [S]"),
    Switch("ratelimit_reset", ("epoch", "date"), "X-RateLimit-Reset: epoch seconds [G], sometimes a UTC date text [O]"),
    Switch(
        "deploy_states",
        ("ready", "old_current"),
        "a finished deploy is `ready` [S]; old sites list `current` for the published one and `old` for others [G]",
    ),
    Switch(
        "locked_site",
        ("not_published", "published_and_unlocked"),
        "a production deploy to a locked site is not published [C]; older reports: published, and unlocked [O]",
    ),
    Switch(
        "domain_aliases_update",
        ("applied", "ignored"),
        "an update of domain_aliases was reported to return 200 and change nothing [O]",
    ),
    Switch("access_token_query", ("accepted", "refused"), "?access_token= is not documented, but was seen to work [O]"),
    Switch("password_answer", ("null", "absent"), "site objects have `password` null or lack it [O]"),
    Switch("has_password_answer", ("present", "absent"), "only newer responses have `has_password` [O]"),
    Switch(
        "create_with_files_answer",
        ("site", "seed"),
        "POST /sites with files: today's response is not documented; the seed's is a short object and a Location",
    ),
    Switch(
        "upload_after_complete",
        ("accepted", "no_records_matched"),
        "a second upload of a digest once all are there: the command line client does it [C]; 422 was seen [O]",
    ),
    Switch(
        "required_while_uploading",
        ("empty", "missing"),
        "GET of a deploy that is uploading returned `required: []` [O]; the specification says nothing",
    ),
    Switch(
        "deploy_files",
        ("both", "by_site", "by_deploy"),
        "files of a deploy: GET /sites/{id}/files?deploy_id= is in one specification [T], the other does not have "
        "the parameter [S]; GET /deploys/{id}/files is in neither, but in use [O]",
    ),
    # what is not documented
    Switch("listed_sites", ("full", "short"), "whether a row of a list of sites has all fields of a site: unknown [?]"),
    Switch(
        "new_site",
        ("empty", "has_defaults"),
        "whether a new site has a snippet, a variable, metadata and a build hook from the start: unknown [?]",
    ),
    Switch(
        "add_member_response",
        ("new", "all"),
        "whether the response to an invitation lists the new member or all members: unknown [?]",
    ),
    Switch("bare_name_lookup", ("not_found", "found"), "a site by its bare name: not documented [?]"),
    Switch("name_upper_case", ("lowered", "kept"), "upper case in a site's name: unknown [?]"),
    Switch(
        "invalid_name",
        ("refused", "hyphenated"),
        "other characters than letters, digits, dots and hyphens in a name: unknown [?]",
    ),
    Switch(
        "site_creation_limit",
        ("shared", "own"),
        "the 4th site of a minute is refused [O]; whether it counts together with deploys is unknown [?]",
    ),
    Switch(
        "nested_update",
        ("merged", "replaced"),
        "a PATCH with some keys of build_settings or processing_settings: whether the other keys change is unknown [?]",
    ),
    Switch("repo_branch_update", ("ignored", "applied"), "PATCH of repo_branch has no effect, `branch` does [O]"),
    Switch(
        "create_ignores",
        ("ignored", "applied"),
        "domain_aliases, managed_dns and force_ssl are ignored at creation [O]; the specification lists them",
    ),
    Switch(
        "unproven_settings",
        ("applied", "ignored"),
        "whether PATCH changes build_timelimit and skip_automatic_builds, which no known client writes: unknown [?]",
    ),
    Switch(
        "unlinked_settings",
        ("build", "nothing"),
        "what is left of build_settings when the repository is unlinked: unknown [?]",
    ),
    Switch("analytics_plan", ("available", "unavailable"), "teams without a payment method get no Analytics [T]"),
    Switch("site_password_plan", ("available", "unavailable"), "plans without site passwords refuse them with 422 [O]"),
    Switch(
        "functions_region_plan", ("available", "unavailable"), "free plans refuse functions_region, even unchanged [C]"
    ),
    Switch(
        "certificate",
        ("automatic", "none"),
        "force_ssl needs an active certificate; when a custom domain gets one depends on its DNS [?]",
    ),
    Switch(
        "enable_enabled_site", (204, 422), "enabling a site that is not disabled: 204 and 422 are both documented [T]"
    ),
    Switch(
        "branch_deploy_url",
        ("alias", "permalink"),
        "deploy_url of a branch deploy: by its branch, as the command line client prints it [C], or by its ID [?]",
    ),
    Switch("draft_context", ("deploy-preview", "production"), "the context of a draft without a branch: unknown [?]"),
    Switch(
        "concurrent_upload_limit",
        ("absent", "shown"),
        "whether deploys have the field, which a schema requires that no operation uses [T], is unknown [?]",
    ),
    Switch(
        "unfinished_files",
        ("shown", "uploaded_only", "empty", "not_found"),
        "the list of files of a deploy that is not finished: unknown [?]",
    ),
    Switch(
        "edge_function_bundles",
        ("required", "files_only"),
        "which bundles of edge functions the server requires in addition to their files: unknown [?]",
    ),
    Switch("deploy_result", ("ready", "error", "rejected"), "result of the processing of deploys that start it now"),
    Switch(
        "cancel_result",
        ("error", "canceled"),
        "a cancelled deploy: public code expects `error` with a text, or `canceled` [O]",
    ),
    Switch("cancel_finished", (422, 200), "cancelling a deploy that has ended: unknown [?]"),
    Switch(
        "delete_published_status", (422, 403, 405), "deleting the published deploy is refused [O]; how is unknown [?]"
    ),
    Switch(
        "c1_file_names",
        ("accepted", "refused"),
        "a file name with U+0089 was refused in 2018 [O]; today's behavior is unknown [?]",
    ),
    Switch("unknown_upload_path", (404, 422), "uploading a path that is not in the manifest: unknown [?]"),
    Switch("restore_locked_site", ("stays_locked", "unlocked"), "restoring a deploy on a locked site: unknown [?]"),
    # snippets, metadata, files
    Switch(
        "snippet_ids",
        ("stable", "renumbered"),
        "after a delete the IDs of the others stay, or become positions in the list again: unknown [?]",
    ),
    Switch("snippet_put_status", (200, 204), "PUT of a snippet: 200 and the snippet [T], 204 [S]"),
    Switch(
        "snippet_partial_put",
        ("replaced", "merged"),
        'a PUT "replaces" [G]; whether fields that are not sent are cleared is unknown [?]',
    ),
    Switch(
        "snippet_put_id",
        ("required", "optional"),
        "the body of a PUT must have the ID [T], or need not [S]; how one without is refused is unknown [?]",
    ),
    Switch("snippet_title", ("required", "optional"), "a title is required according to an old client's docs [B]"),
    Switch(
        "snippets_take_effect",
        ("next_deploy", "at_once"),
        "whether deploys that were processed before show a change: unknown [?]",
    ),
    Switch("metadata_put_status", (200, 204), "PUT of metadata: 200 and the object [T], 204 [S]"),
    Switch(
        "raw_file_header",
        ("content_type", "content_type_or_accept"),
        "raw contents are requested with Content-Type [G]; one client that sent Accept got the description [O]",
    ),
    # redirects and headers
    Switch(
        "redirect_other_3xx",
        ("redirected", "rendered"),
        "rules with 307, 308 and other 3xx than 301 to 303: the development server redirects [C]; older documentation "
        "says that the target is rendered with this status [D]",
    ),
    Switch(
        "redirect_query",
        ("contains", "exact"),
        "a rule with parameters of the query matches visits with more parameters [P], or does not [D]",
    ),
    Switch(
        "redirect_to_itself",
        ("applied", "ignored"),
        "a rule that leads to its own path is applied by the vendor's library [P], or ignored [D]",
    ),
    Switch(
        "rewrite_headers",
        ("of_request", "of_target"),
        "whether a file to which a visit is rewritten has the headers for the path of the visit, or for its own, as on "
        "the development server [C]: unknown [?]",
    ),
    # forms, submissions, users
    Switch(
        "all_forms_and_submissions",
        ("served", "gone"),
        "GET /forms and GET /submissions are no longer documented [seed], but in public code [O]",
    ),
    Switch(
        "legacy_users",
        ("gone", "served"),
        "GET /users and /users/{id}/sites, forms, submissions were for resellers [B]; no document has them now",
    ),
    Switch("submission_answer", ("object", "array"), "GET of a submission: an object [T], an array [S]"),
    Switch(
        "submission_mark_status",
        (200, 204),
        "marking a submission as spam or ham [G]: 200 and the submission, or 204: not documented [?]",
    ),
    Switch(
        "honeypot",
        ("spam", "dropped"),
        "a submission with a filled honeypot field is spam, or is discarded: unknown [?]",
    ),
    # environment variables
    Switch("env_existing_key", (409, 422), "creating a variable that exists: 409, or 422 as for other errors [T]"),
    Switch("env_patch_status", (200, 201), "PATCH of a variable: 200 [T], 201 [S]"),
    Switch(
        "env_patch_beside_all",
        ("kept", "split"),
        "PATCH of one context of a variable with a value for all: that value stays, or becomes one for each other "
        "context, as the command line client does itself when it deletes one [C]; the server [?]",
    ),
    Switch(
        "env_scope_spelling",
        ("post_processing", "post-processing"),
        "post_processing in one specification [T], post-processing in the other [S] and the Terraform provider",
    ),
    Switch(
        "env_scopes_plan",
        ("available", "unavailable"),
        "plans without granular scopes refuse each request that has scopes, with 403 [O], but a secret must have "
        "builds, functions and runtime [TF]",
    ),
    Switch(
        "env_secret_post_processing",
        ("refused", "accepted"),
        "secrets in the scope post-processing are refused with 422 [O]",
    ),
    Switch(
        "env_secret_contexts",
        ("any", "explicit"),
        "secrets in the context `all` are in the documentation of the Terraform provider [TF]; the command line client "
        "refuses `all` and `dev`, and sends an empty value for `dev` [C]; how the server refuses is unknown [?]",
    ),
    Switch(
        "env_secret_value",
        ("empty", "masked", "absent"),
        "the value of a secret cannot be read [S]; what is returned instead is unknown [?]",
    ),
    Switch(
        "env_last_value",
        ("variable_stays", "variable_goes"),
        "the command line client deletes a variable's only value and then sets others, so the variable stays [C]; "
        "otherwise [?]",
    ),
    Switch(
        "env_doubled_path",
        ("gone", "served"),
        "one specification writes /api/v1 twice before /sites/{id}/env [S]; whether that is served is unknown [?]",
    ),
    # builds and notifications
    Switch("build_result", ("ready", "error"), "result of builds that start now"),
    Switch(
        "build_commit_and_review",
        ("built", "ignored"),
        "commit_sha and review_id of a build are in one specification [T], not in the other [S]",
    ),
    Switch(
        "build_unlinked_status",
        (422, 404),
        "a build of a site without a repository: 400, 404 and 422 are documented [S], but not when each is returned "
        "[?]",
    ),
    Switch("hook_disabled", ("applied", "ignored"), "`disabled` in POST and PUT of a notification: in [S], not in [T]"),
    Switch(
        "restore_event",
        ("none", "deploy_created"),
        "whether a deploy that is restored sends deploy_created once more: unknown [?]",
    ),
    Switch("hook_partial_put", ("merged", "replaced"), "an update of a notification with some fields: unknown [?]"),
    Switch(
        "hook_secret_answer",
        ("shown", "hidden"),
        "whether the signature secret of a notification can be read: unknown [?]",
    ),
    Switch(
        "hook_addresses",
        ("loopback_too", "public_only"),
        "private addresses are refused [O]; loopback addresses are not refused here, so that notifications can be "
        "tested",
    ),
    # certificates, DNS, split tests
    Switch("ssl_dns", ("good", "bad"), "a certificate for a domain whose DNS does not point to Netlify is refused [S]"),
    Switch(
        "ssl_of_default_domain",
        ("not_found", "wildcard"),
        "GET of the certificate of a site without a custom domain: unknown [?]",
    ),
    Switch(
        "dns_duplicate_record",
        ("accepted", "refused"),
        "duplicates were seen after parallel runs [O]; whether one alone is refused is unknown [?]",
    ),
    Switch(
        "dns_second_cname",
        ("accepted", "refused"),
        "a second CNAME or ALIAS record of the same name: not allowed in DNS; the platform [?]",
    ),
    Switch("dns_https_records", ("accepted", "refused"), "HTTPS records are in one specification [T], not in [S]"),
    Switch("dns_short_hostname", ("completed", "refused"), "a record's host name without the zone's: unknown [?]"),
    Switch("dns_transfer_answer", ("result", "zone"), "transfer of a zone: {success, error} [T], the zone [S]"),
    Switch("split_put_status", (200, 201), "PUT of a split test: 200 [T], 201 [S]"),
    Switch(
        "split_branches",
        ("branch", "name", "pair"),
        "a branch in a response: {branch, percentage}, {name, percentage}, or as in requests: unknown [?]",
    ),
    Switch("new_split_test", ("inactive", "active"), "whether a new split test runs at once: unknown [?]"),
    Switch(
        "second_split_test",
        ("replaces", "refused"),
        "one split test runs at a time [O]; publishing another stops it, or is refused: unknown [?]",
    ),
    Switch(
        "firewall_addresses",
        ("kept", "networks"),
        "an IP address of a traffic rule is returned as it was sent, or as a network such as 192.0.2.1/32: unknown [?]",
    ),
    Switch(
        "log_drain_list",
        ("array", "object", "not_found"),
        "log drains of a site: a list in the text of the description, one object in its schema [T]; not_found: a list, "
        "but 404 if the site has none [?]",
    ),
    Switch(
        "log_drain_header",
        ("shown", "hidden"),
        "whether the authorization header of a log drain can be read: unknown [?]",
    ),
    # for people with a browser
    Switch(
        "site_urls",
        ("platform", "localhost"),
        "URLs in responses: the platform's own names, or http://NAME.localhost:PORT, which browsers can open",
    ),
)

SETTINGS = (
    Setting("deploy_preparing_seconds", 0.05, "seconds that an asynchronous deploy compares its digests"),
    Setting("deploy_processing_seconds", 0.05, "seconds from the last upload of a deploy until it is ready"),
    Setting("build_seconds", 0.05, "seconds that a build takes"),
    Setting("certificate_seconds", 0.05, "seconds until a certificate is issued"),
    Setting("certificate_valid_seconds", 90 * 86400, "seconds that a certificate is valid then"),
)

# fact: netlify 0 [G]: 500 requests a minute; 3 deploys a minute and 100 a day
REQUESTS = (Limit("netlify requests", 500, 60),)
DEPLOYS = (Limit("netlify deploys a minute", 3, 60), Limit("netlify deploys a day", 100, 86400))
# fact: netlify 0 [O]: the 4th site of a minute is refused
SITES = (Limit("netlify sites a minute", 3, 60),)
