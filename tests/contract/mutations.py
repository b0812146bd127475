# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of test_mutations.py: rules whose removal a test must detect.

It covers rules whose loss causes hidden damage: a second deploy, a disclosed secret, a wrong prediction.
"""

from __future__ import annotations

from dataclasses import dataclass

from scenarios import BAD_INPUT

UTILS, MODULES = "plugins/module_utils", "plugins/modules"


@dataclass(frozen=True)
class Mutation:
    """One removed rule.

    file: path in the collection. selection: pytest IDs below tests; at least one of these tests must fail.
    """

    name: str
    file: str
    text: str
    replacement: str
    selection: tuple[str, ...]


def contract(*tests: str) -> tuple[str, ...]:
    return tuple(f"contract/test_contract.py::test_{test}" for test in tests)


def rules(*tests: str) -> tuple[str, ...]:
    return tuple(f"contract/test_rules.py::test_{test}" for test in tests)


def unit(file: str, *tests: str) -> tuple[str, ...]:
    return tuple(f"unit/plugins/module_utils/test_{file}.py::test_{test}" for test in tests)


def refuses(module: str, options: dict) -> tuple[str, ...]:
    """The test of one entry of BAD_INPUT, at any position."""
    place = BAD_INPUT.index(next(entry for entry in BAD_INPUT if entry[:2] == (module, options)))
    return contract(f"refuses_bad_input_before_the_first_call[{module}-options{place}-names{place}]")


TWO_WRITERS = ("contract/test_two_writers.py::test_two_writers_lose_nothing[race_of_threads]",)

MUTATIONS = (
    # What a task declares, and its result.
    Mutation(
        "changed always true",
        f"{UTILS}/_kernel/task.py",
        '{"changed": plan.changed, **result}',
        '{"changed": True, **result}',
        contract("converges[netlify_site-unchanged]"),
    ),
    Mutation(
        "what is not declared is cleared",
        f"{UTILS}/_kernel/shapes.py",
        "return self.params.get(name) is not None",
        "return True",
        rules("what_is_not_declared_stays_as_it_is"),
    ),
    Mutation(
        "an accepted change is believed",
        f"{UTILS}/_kernel/shapes.py",
        "left = self._left(state, changes, visible)\n        if left:\n            state",
        "left = []\n        if left:\n            state",
        contract("copes_with_either_way_of_the_platform[netlify_site-update]"),
    ),
    Mutation(
        "diff not of the plan",
        f"{UTILS}/_kernel/task.py",
        '"after": diff.after,',
        '"after": result,',
        contract("predicts[netlify_site-create]"),
    ),
    Mutation(
        "unknown_until_applied dropped",
        f"{UTILS}/_kernel/task.py",
        "        if unknown:",
        "        if False:",
        contract("predicts[netlify_site-create]"),
    ),
    Mutation(
        "input checked after the first read",
        f"{UTILS}/_kernel/task.py",
        "task.check_input()\n",
        "task.plan()\n        task.check_input()\n",
        refuses("netlify_metadata", {"site": "shop", "absent": ["a"], "purge": True}),
    ),
    Mutation(
        "values that are the same are written",
        f"{UTILS}/_kernel/collection.py",
        "is_due = self.differs(found, wanted) or",
        "is_due = True or",
        contract("converges[hasura_env_vars-unchanged]"),
    ),
    Mutation(
        "purge takes what is protected",
        f"{UTILS}/_kernel/collection.py",
        "self.purge and key not in self.protected",
        "self.purge",
        contract("converges[hasura_env_vars-purge]"),
    ),
    # Check mode.
    Mutation(
        "no check-mode guard",
        f"{UTILS}/_kernel/task.py",
        "prediction.result if check_mode or is_done else task.carry_out(plan)",
        "prediction.result if is_done else task.carry_out(plan)",
        contract("predicts[netlify_site-create]"),
    ),
    # Comparing.
    Mutation(
        "empty is not null",
        f"{UTILS}/_core/compare.py",
        'return None if value == "" else value',
        "return value",
        contract("converges[netlify_site-unchanged]"),
    ),
    Mutation(
        "a declared null is a value",
        f"{UTILS}/_core/compare.py",
        "{key: value for key, value in wanted.items() if value is not None}",
        "dict(wanted)",
        rules("what_is_not_declared_stays_as_it_is"),
    ),
    # Requests.
    Mutation(
        "no retry",
        f"{UTILS}/_http/transport.py",
        "if attempt >= self.retries and not is_limit:",
        "if True:",
        contract("survives[netlify_site-unchanged-500]"),
    ),
    Mutation(
        "waits for limits use up the retries",
        f"{UTILS}/_http/transport.py",
        "asked >= LIMIT_SECONDS",
        "asked >= math.inf",
        unit("http_retries", "limits_do_not_use_up_the_retries[Retry-After]"),
    ),
    Mutation(
        "POST repeated after a cut connection",
        f"{UTILS}/_http/transport.py",
        "lost=not idempotent)\n                if not idempotent or polled or error.final:",
        "lost=not idempotent)\n                if False:",
        contract("survives[netlify_deploy-first-cut-after]"),
    ),
    Mutation(
        "POST repeated after a 500",
        f"{UTILS}/_http/transport.py",
        "if not transient or not (idempotent or unprocessed) or polled",
        "if not transient or polled",
        contract("survives[netlify_deploy-first-500-after]"),
    ),
    Mutation(
        "a cut answer taken for whole",
        f"{UTILS}/_http/bodies.py",
        "except (Broken, OSError, urllib3.exceptions.HTTPError):\n        if not is_refusal:\n            raise",
        "except (OSError, urllib3.exceptions.HTTPError):\n        return b'{}'",
        rules("half_an_answer_is_never_taken_for_the_whole[netlify_site_info-one-truncated]"),
    ),
    Mutation(
        "Retry-After ignored",
        f"{UTILS}/_http/responses.py",
        'asked = _seconds_or_date(self.headers.get("Retry-After"), now)',
        "asked = None",
        rules("waits_as_long_as_it_is_asked_to[retry-after]", "waits_as_long_as_it_is_asked_to[retry-after-date]"),
    ),
    Mutation(
        "more sent than is left",
        f"{UTILS}/_core/adaptive.py",
        "self._left is None or in_flight < max(1, self._left)",
        "True",
        unit("adaptive", "no_more_is_sent_than_is_left[8]"),
    ),
    Mutation(
        "deadline ignored",
        f"{UTILS}/_http/transport.py",
        "return self._ends_at - self.clock.monotonic()",
        "return self.deadline",
        rules("ends_before_its_deadline"),
    ),
    Mutation(
        "each byte has the whole timeout",
        f"{UTILS}/_http/adapter.py",
        "if self._ends_at is None:",
        "if True:",
        unit("http_requests", "a_server_that_drips_bytes_does_not_outlast_the_timeout[body]"),
    ),
    Mutation(
        "redirect followed to another host",
        f"{UTILS}/_http/calls.py",
        "if not is_own:",
        "if False:",
        rules("follows_nobody_to_another_host[302]"),
    ),
    # Connections that outlive a task.
    Mutation(
        "what was idle for long stays open",
        f"{UTILS}/_http/session.py",
        "while self._idle and self._idle[0][1] < oldest:",
        "while False:",
        unit("http_sessions", "a_connection_that_was_idle_for_long_is_closed"),
    ),
    # Waiting.
    Mutation(
        "no look-up after a lost create",
        f"{UTILS}/_core/wait.py",
        "made = look_up()",
        "made = None",
        contract("survives[netlify_deploy-first-cut-after]"),
    ),
    Mutation(
        "deploy not awaited",
        f"{UTILS}/_netlify/uploads.py",
        "        if wait:\n",
        "        if False:\n",
        contract("converges[netlify_deploy-first]"),
    ),
    # Secrets.
    Mutation(
        "no redaction",
        f"{UTILS}/_http/redaction.py",
        "masked = pattern.sub(MASK, value) if pattern else value",
        "masked = value",
        contract("keeps_secrets[netlify_site-create]"),
    ),
    Mutation(
        "only the token redacted",
        f"{UTILS}/_kernel/module.py",
        "redactor.add(*module.secrets(params))",
        "pass",
        contract("keeps_secrets[hasura_preview_app-create]"),
    ),
    Mutation(
        "values quoted by the platform are told",
        f"{UTILS}/_http/redaction.py",
        "self._quoted_secrets |= _bare(secrets)",
        "pass",
        contract("keeps_secrets[hasura_env_vars-set]"),
    ),
    Mutation(
        "password in the diff",
        f"{MODULES}/netlify_site.py",
        "Secret(), secret=True, no_log=True",
        "Secret(), no_log=True",
        contract(
            "converges[netlify_site-create-with-everything]", "keeps_secrets[netlify_site-create-with-everything]"
        ),
    ),
    Mutation(
        "values masked wherever their text stands",
        f"{UTILS}/_kernel/module.py",
        "return no_log_values - (by_place - {str(secret) for secret in self.secrets(params)})",
        "return no_log_values",
        (
            "contract/test_playbooks.py::test_values_that_may_be_anything_leave_the_result_intact"
            "[hasura_env_vars-module]",
        ),
    ),
    Mutation(
        "a backup that another run has written is replaced",
        f"{UTILS}/_hasura/backups.py",
        "            self.earlier = self._read_earlier()\n            yield",
        "            yield",
        ("contract/test_local_files.py::test_a_backup_of_metadata_keeps_the_original",),
    ),
    # GraphQL.
    Mutation(
        "GraphQL's errors overlooked in a 200",
        f"{UTILS}/_http/graphql.py",
        'if response.data.get("errors")',
        'response.data["data"] = response.data.get("data") or {}\n        if False',
        contract("survives[fleek_site_info-by-slug-200-errors]"),
    ),
    Mutation(
        "a mutation repeated after a cut connection",
        f"{UTILS}/_http/graphql.py",
        "found = self._ask(field, document, variables, idempotent=idempotent)",
        "found = self._ask(field, document, variables, idempotent=True)",
        contract("survives[fleek_deploy-commit-cut-after]"),
    ),
    # What must never be sent twice.
    Mutation(
        "a deploy hook called again",
        f"{UTILS}/_flightcontrol/api.py",
        '**request, "idempotent": False}',
        '**request, "idempotent": True}',
        contract("survives[flightcontrol_deploy-by-hook-cut-after]"),
    ),
    Mutation(
        "another deploy of the commit made beside a running one",
        f"{UTILS}/_fleek/deploys.py",
        "return self.is_from_ipfs or self._is_no_preview(deploy) and self.has_content_of(deploy)",
        "return False",
        contract("converges[fleek_deploy-joins]"),
    ),
    # Two writers.
    Mutation(
        "no second attempt after somebody else's write",
        f"{UTILS}/_hasura/env.py",
        "return error.status in FINAL_STATUS or error.code in FINAL_CODES",
        "return True",
        TWO_WRITERS,
    ),
    Mutation(
        "the lock is passed by",
        f"{UTILS}/_hasura/env.py",
        "return read_env(client, tenant_id), False",
        "return env, False",
        TWO_WRITERS,
    ),
    # Two jobs.
    Mutation(
        "a deploy of the same title is taken for one's own",
        f"{UTILS}/_netlify/uploads.py",
        "files == self.manifest.files\n            and",
        "True\n            and",
        ("contract/test_netlify_deploys.py::test_own_is_found_behind_that_of_somebody_else",),
    ),
    Mutation(
        "a deploy of somebody else canceled",
        f"{UTILS}/_netlify/uploads.py",
        'if deploy["id"] == self._created_id and',
        "if",
        ("contract/test_netlify_deploys.py::test_only_a_deploy_of_this_run_is_canceled[422]",),
    ),
    Mutation(
        "newer submissions end the reading",
        f"{UTILS}/_netlify/forms.py",
        "below += value < bound",
        "below += value > bound",
        unit("netlify_content", "reading_ends_after_a_page_of_older_ones"),
    ),
    # DNS, and permanent deletions.
    Mutation(
        "a record that Netlify manages is replaced",
        f"{UTILS}/_netlify/dns.py",
        'if record["managed"] or (record',
        "if (record",
        unit("netlify_dns", "a_record_that_netlify_manages_is_left_alone"),
    ),
    Mutation(
        "the live deploy pruned",
        f"{UTILS}/_netlify/deploys.py",
        "not is_live\n            and number_of",
        "number_of",
        contract("converges[netlify_deploy_prune-releases]"),
    ),
)
