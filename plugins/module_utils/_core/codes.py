# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The closed list of error codes. This module util is PRIVATE to the collection.

C(error.code) of every failed task is one of these; what a platform calls the failure is C(error.platform_code). The
page docs/docsite/rst/error_codes.rst is generated from this table: python3 tests/tools/new_module.py --errors
"""

from __future__ import annotations

# {code: what it means}, in alphabetical order.
CODES: dict[str, str] = {
    "ambiguous": "Several objects match the options. Select one by its ID.",
    "builds_stopped": "Builds of the site are stopped.",
    "cancelled": "The request was not sent, because another request of the same task failed.",
    "check_failed": "A check of ``verify`` failed.",
    "conflict": "The request conflicts with the current state (409), or violates a constraint such as a unique name.",
    "create_only": "The option can only be set when the resource is created.",
    "deadline": "The requests of the task took longer than ``deadline``.",
    "deploy_failed": "The deploy failed on the platform.",
    "deploy_gone": "The deploy was deleted while the task was waiting for it.",
    "deployment_failed": "At least one deployment could not be started, or failed on the platform.",
    "dns_validation": "The custom domain could not be validated through DNS.",
    "domain_taken": "Another site or tenant has the domain. Remove it there first.",
    "endless_pages": "The platform returned the same page of a list twice.",
    "exists": "An object with that ID already exists.",
    "failed": "The job failed on the platform.",
    "forbidden": "The token is valid but does not permit the request (403).",
    "foreign_redirect": "The platform redirected to another host. Such redirects are not followed.",
    "gone": "The platform no longer has the object, or the API operation.",
    "incomplete_answer": "The response lacks a field that the task needs, has another type of value in it, or is about "
    "another object.",
    "inconsistent_metadata": "Hasura reports inconsistent objects in the metadata.",
    "internal_error": "A defect in this collection. Please report it.",
    "invalid": "The platform rejected the request as invalid (400, 422 and other 4xx).",
    "invalid_input": (
        "An option has an invalid value. ``error.option`` names the option, unless Ansible itself rejected the options."
    ),
    "invalid_response": "The response is not what the API documents: not JSON, or JSON of another type.",
    "is_live": "The deploy is live, so it was not deleted.",
    "job_failed": "The job ended with an error on the platform.",
    "last_owner": "The change would leave the team without an owner.",
    "locked": "The site is locked to a deploy, or another process holds the lock on a file.",
    "lost_response": "The connection was lost before the whole response arrived. A write may have been processed; the "
    "message says so.",
    "maintenance_mode": "The project is in maintenance mode.",
    "missing_library": "A Python library is missing.",
    "name_taken": "The name is already in use on the platform. Choose another.",
    "no_commits": "A site that is published from IPFS has no commits.",
    "no_custom_domain": "The site has no custom domain.",
    "no_match": "No environment matches, so nothing was deployed.",
    "no_metadata": "The response to ``export_metadata`` has no metadata.",
    "no_place": "To create the project, ``cloud`` and ``region`` are required.",
    "no_plan": "This version of the API does not support ``plan``.",
    "no_previous": "The site has no earlier release to roll back to.",
    "no_result": "The platform returned neither a result nor an error.",
    "not_active": "The project is not active, so the task does not wait for it.",
    "not_applied": "The platform accepted a change but did not apply it.",
    "not_cancelable": "The deploy has finished and cannot be canceled.",
    "not_connected": "The site is not connected to a repository.",
    "not_found": "The object does not exist, or the token has no access to it (404). ``error.option`` names the option "
    "that names it, where that is certain.",
    "not_possible": "The platform has no API operation for the change.",
    "not_ready": "The deploy is not ready, so it cannot be published.",
    "not_triggered": "The deploy hook did not start a deployment.",
    "nothing_left": "The site would be left without files.",
    "nothing_live": "The site has no live deploy.",
    "nothing_made": "The platform accepted the request but created nothing. Try again.",
    "old_python": "The Python that runs the module is older than 3.10.",
    "other_content": "The deploy in progress published different content.",
    "other_source": "The site has a different kind of source.",
    "other_team": "The site belongs to a different team.",
    "other_tenant": "The domain or the file belongs to a different tenant.",
    "out_of_range": "The instance count would be out of the platform's range.",
    "rate_limited": "The rate limit was reached (429).",
    "redirect": "The platform redirected a write. Such redirects are not followed.",
    "redirect_loop": "The request was redirected too many times.",
    "refused": "The platform refused the request. See ``msg`` and ``error.platform_code`` for the reason.",
    "releases_meanwhile": "The live deploy changed repeatedly while the files were being compared.",
    "renewal_failed": "The certificate was not renewed.",
    "server_error": "The platform failed (5xx). A write may have been processed; the message says so.",
    "several_matches": "Several objects match the options. Select one by its ID.",
    "skipped": "The job was skipped in favor of a newer one.",
    "timeout": "The response did not arrive within ``timeout``. A write may have been processed; the message says so.",
    "too_deep": "An option, a file or a response is nested too deeply.",
    "too_large": "The response is larger than the limit of this collection.",
    "unauthorized": "The platform did not accept the token (401).",
    "unfinished_creation": "A previous run may have created the project without completing it.",
    "unknown_digest": "Netlify requires a file that the task does not have.",
    "unknown_state": "The platform does not return the state of the object.",
    "unreachable": "No connection could be established. Nothing was sent.",
    "unreadable": "A file to be sent cannot be read.",
    "untrusted_host": "The platform returned a host that is not trusted, so the token is not sent to it.",
    "unwritable": "A file cannot be written.",
    "wait_timeout": "The task stopped waiting after ``wait_timeout``. The operation may still complete.",
    "wrong_digest": "A downloaded file does not have the expected digest.",
    "zone_taken": "The DNS zone already exists, in another team or account.",
}
