# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flightcontrol's switches and settings. No rate limits are published; 429 comes as an ordered fault only."""

from __future__ import annotations

from ..core.options import Setting, Switch

SWITCHES = (
    # where the sources disagree
    Switch(
        "flightcontrol_hook_success",
        ("boolean", "string"),
        "`success` of a deploy hook: a boolean on one page and in a public program [DOC][Go], a string in [seed]",
    ),
    Switch(
        "flightcontrol_created_at",
        ("space", "rfc3339"),
        "createdAt of a deployment: '2023-01-09 22:10:02.381' without a zone [DOC], a date-time in [seed]",
    ),
    Switch(
        "flightcontrol_unauthorized",
        ("error_code", "error"),
        "401 with message and errorCode, or with `error` alone: two pages of the documentation [DOC]",
    ),
    Switch(
        "flightcontrol_environment_edit",
        ("both", "patch", "post"),
        "editing: PATCH on the project [seed], POST on the environment [DOC]; the other one is then 404",
    ),
    Switch(
        "flightcontrol_edit_answer",
        ("list", "object"),
        "the response to an edit: a list of messages [DOC], or one message [INFER]",
    ),
    Switch("flightcontrol_scaling_read", ("present", "missing"), "GET of the scaling: in [DOC], not in [seed]"),
    Switch(
        "flightcontrol_from_service",
        ("both", "string", "object"),
        "values of fromService: strings [seed], objects of id and value [DOC]; `both` accepts either",
    ),
    Switch(
        "flightcontrol_service_times",
        ("present", "absent"),
        "createdAt and updatedAt of listed services: in [seed], absent in the sample of [DOC]",
    ),
    Switch("flightcontrol_web_type", ("web", "fargate"), "a web service's type inside a deployment: both in [DOC]"),
    # what is not documented
    Switch(
        "flightcontrol_create_environment_answer",
        ("list", "object", "empty"),
        "the response to the creation of an environment [?]",
    ),
    Switch(
        "flightcontrol_environment_exists",
        ("created", "refused"),
        "creating an environment with a name that the project already has: a second one, or 400 [?]",
    ),
    Switch(
        "flightcontrol_foreign",
        (404, 403),
        "an object of another account: 403 is documented for scaling, which always returns it; otherwise unknown [?]",
    ),
    Switch("flightcontrol_take_over_100", ("refused", "clamped"), "more than 100 services a page [?]"),
    Switch(
        "flightcontrol_no_page", ("null", "missing"), "nextPage and previousPage of the last and the first page [?]"
    ),
    Switch("flightcontrol_remove_below_zero", ("clamped", "refused"), "removing more instances than exist [?]"),
    Switch(
        "flightcontrol_set_outside_range",
        ("accepted", "clamped"),
        "setting an autoscaled service outside its range: applied until the autoscaler acts, or clamped [?]",
    ),
    Switch("flightcontrol_same_key_twice", ("last_wins", "refused"), "one variable in two groups of a request [?]"),
    Switch(
        "flightcontrol_invalidation_body",
        ("status", "upper_case", "aws", "nested", "empty"),
        "the body of an invalidation's status [?]",
    ),
    Switch(
        "flightcontrol_new_deployment",
        ("visible", "late"),
        "a new deployment is visible at once, or 404 for flightcontrol_visibility_seconds [INFER]",
    ),
    Switch(
        "flightcontrol_hook_refused",
        ("status", "success_false"),
        "a deploy hook that does not trigger: 400 or 404, or 200 with success false [?]",
    ),
    Switch(
        "flightcontrol_unknown_commit",
        ("refused", "deployment_error"),
        "deploying a commit that the branch does not have: refused, or a deployment that ends in ERROR [?]",
    ),
    Switch("flightcontrol_no_match", ("empty", 404), "deploying by a filter that matches no environment [?]"),
    Switch(
        "flightcontrol_environment_error",
        ("string", "object"),
        "the error of one environment inside the 200 of POST /v1/deployments [?]",
    ),
    Switch(
        "flightcontrol_service_error",
        ("object", "string", "null", "list"),
        "the error of a service that failed: three forms in [DOC], a list of {status: text} in [DOC 2023]",
    ),
    # what is to happen
    Switch(
        "flightcontrol_deployment_result",
        ("SUCCESS", "NO_CHANGE", "CANCELLED", "ERROR", "BUILD_ERROR", "DEPLOY_ERROR", "never"),
        "final status of deployments that start now; SUCCESS becomes NO_CHANGE where nothing changes; `never` does "
        "not end",
    ),
    Switch(
        "flightcontrol_unknown_status",
        ("none", "passing", "final"),
        "deployments that start now pass through, or stay in, an undocumented status (VERIFYING)",
    ),
    Switch(
        "flightcontrol_partial_failure",
        ("none", "first", "all"),
        "environments that POST /v1/deployments cannot deploy, inside its 200",
    ),
    Switch(
        "flightcontrol_job_result",
        ("COMPLETED", "COMPLETED_nonzero", "ERROR", "ERROR_without_exit_code", "CANCELLED", "never"),
        "final status of job executions that start now",
    ),
    Switch(
        "flightcontrol_cloudfront",
        ("fresh", "stale"),
        "what CloudFront serves after a deploy: the new commit, or the old one until its path is invalidated",
    ),
    # for people with a browser
    Switch(
        "flightcontrol_service_urls",
        ("platform", "localhost"),
        "serviceDomain: as on the platform, or http://NAME.flightcontrol.localhost:PORT for browsers",
    ),
)

SETTINGS = (
    Setting(
        "flightcontrol_deployment_seconds", 0.05, "seconds that a deployment takes once the previous one has ended"
    ),
    Setting(
        "flightcontrol_visibility_seconds", 0.05, "seconds that a new deployment is 404 when it is not visible at once"
    ),
    Setting("flightcontrol_instance_seconds", 0.05, "seconds that an instance takes to start or to stop"),
    Setting(
        "flightcontrol_autoscaler_seconds", 300, "cooldown of the autoscaler in seconds; 0 disables the autoscaler"
    ),
    Setting("flightcontrol_secret_seconds", 0.05, "seconds that the processing of managed secrets takes"),
    Setting("flightcontrol_invalidation_seconds", 0.05, "seconds that an invalidation takes"),
    Setting("flightcontrol_job_seconds", 0.05, "seconds that a job execution takes"),
)
