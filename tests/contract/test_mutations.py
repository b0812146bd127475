# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The suite checks itself: take a rule out of the collection, and a test must fail.

Each mutation replaces one text in a copy of the collection. A text that is no longer there exactly once fails: then the
rule has moved, and the table must follow it.
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

import pytest
from harness import ROOT
from scenarios import BAD_INPUT

from ansible_collections.webops.paas.plugins.module_utils._http import transport

COLLECTION = pathlib.Path("ansible_collections/webops/paas")
UTILS, MODULES = "plugins/module_utils", "plugins/modules"
# Nobody listens on the discard port of the loopback interface: what a mutation would send elsewhere ends there.
NOWHERE = "http://127.0.0.1:9"
WITHOUT = shutil.ignore_patterns("__pycache__")


@dataclass(frozen=True)
class Mutation:
    """One rule taken out.

    file: below the collection. selection: pytest's names of the tests of which at least one must notice.
    """

    name: str
    file: str
    text: str
    replacement: str
    selection: tuple


def contract(*tests: str) -> tuple:
    return tuple(f"test_contract.py::test_{test}" for test in tests)


def rules(*tests: str) -> tuple:
    return tuple(f"test_rules.py::test_{test}" for test in tests)


def refuses(module: str, options: dict) -> tuple:
    """The test of one entry of BAD_INPUT, wherever it stands."""
    place = BAD_INPUT.index(next(entry for entry in BAD_INPUT if entry[:2] == (module, options)))
    return contract(f"refuses_bad_input_before_the_first_call[{module}-options{place}-names{place}]")


TWO_WRITERS = ("test_two_writers.py::test_two_writers_lose_nothing[race_of_threads]",)

MUTATIONS = (
    # Converges.
    Mutation(
        "changed always true",
        f"{UTILS}/_kernel/task.py",
        '{"changed": plan.changed, **result}',
        '{"changed": True, **result}',
        contract("converges[netlify_site-unchanged]"),
    ),
    Mutation(
        "changed always false",
        f"{UTILS}/_kernel/task.py",
        '{"changed": plan.changed, **result}',
        '{"changed": False, **result}',
        contract("converges[netlify_site-create]"),
    ),
    Mutation(
        "empty is not null",
        f"{UTILS}/_core/compare.py",
        'return None if value == "" else value',
        "return value",
        contract("converges[netlify_site-unchanged]"),
    ),
    Mutation(
        "unordered list compared ordered",
        f"{UTILS}/_core/compare.py",
        "return _members(current) != _members(wanted)",
        "return list(current or []) != list(wanted or [])",
        contract("converges[netlify_site-create-with-everything]"),
    ),
    Mutation(
        "a declared null is a value",
        f"{UTILS}/_core/compare.py",
        "{key: value for key, value in wanted.items() if value is not None}",
        "dict(wanted)",
        rules("what_is_not_declared_stays_as_it_is"),
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
        "password sent each time",
        f"{MODULES}/netlify_site.py",
        'return is_declared and self.view(current)["has_password"] is (self.params["password"] == "")',
        "return True",
        contract("converges[netlify_site-update]"),
    ),
    Mutation(
        "second page never read",
        f"{UTILS}/_netlify/api.py",
        "if not more or not rows:",
        "if True:",
        contract("converges[netlify_site_info-all-pages]"),
    ),
    Mutation(
        "a page too many",
        f"{UTILS}/_netlify/api.py",
        "if not more or not rows:",
        "if not rows:",
        contract("converges[netlify_site_info-all-pages]"),
    ),
    Mutation(
        "one more read",
        f"{MODULES}/netlify_site.py",
        '            return site\n        if self.params["state"]',
        "            return self.client.require_site(site['id'])\n        if self.params[\"state\"]",
        contract("converges[netlify_site-unchanged]"),
    ),
    Mutation(
        "unfinished deploy not resumed",
        f"{MODULES}/netlify_deploy.py",
        "upload.begun_before(compared, restart=force)",
        "None",
        contract("converges[netlify_deploy-resumes]"),
    ),
    Mutation(
        "deploy not awaited",
        f"{UTILS}/_netlify/uploads.py",
        "        if wait:\n",
        "        if False:\n",
        contract("converges[netlify_deploy-first]"),
    ),
    Mutation(
        "functions forgotten",
        f"{UTILS}/_netlify/uploads.py",
        "bool(self.files) or self.functions != current_functions",
        "bool(self.files)",
        rules("a_changed_function_alone_is_a_change"),
    ),
    # Predicts.
    Mutation(
        "no check-mode guard",
        f"{UTILS}/_kernel/task.py",
        "prediction.result if check_mode or is_done else task.carry_out(plan)",
        "prediction.result if is_done else task.carry_out(plan)",
        contract("predicts[netlify_site-create]"),
    ),
    Mutation(
        "diff not of the plan",
        f"{UTILS}/_kernel/task.py",
        '"after": diff.after if outcome["changed"] else diff.before}',
        '"after": result}',
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
        "a prediction that forgets what follows",
        f"{MODULES}/netlify_site.py",
        '{"has_password": bool(changes["password"])} if "password" in changes else {}',
        "{}",
        contract("predicts[netlify_site-update]"),
    ),
    # Survives.
    Mutation(
        "no retry",
        f"{UTILS}/_http/transport.py",
        "if attempt >= self.retries:",
        "if True:",
        contract("survives[netlify_site-unchanged-500]"),
    ),
    Mutation(
        "retries without end",
        f"{UTILS}/_http/transport.py",
        "if attempt >= self.retries:",
        "if False:",
        rules("asks_no_more_often_than_retries_allow[2]"),
    ),
    Mutation(
        "POST repeated after a cut connection",
        f"{UTILS}/_http/transport.py",
        "lost=not idempotent)\n                if not idempotent or polled:",
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
        "POST not repeated after a 429",
        f"{UTILS}/_http/transport.py",
        "unprocessed = status == 429",
        "unprocessed = False",
        rules("a_create_that_was_refused_for_its_rate_waits_and_is_sent_again"),
    ),
    Mutation(
        "no look-up after a lost create",
        f"{UTILS}/_core/wait.py",
        "made = look_up()",
        "made = None",
        contract("survives[netlify_deploy-first-cut-after]"),
    ),
    Mutation(
        "lost create not sent again",
        f"{UTILS}/_core/wait.py",
        "CREATE_ATTEMPTS = 3",
        "CREATE_ATTEMPTS = 1",
        contract("survives[netlify_site-create-cut-before]"),
    ),
    Mutation(
        "half an answer taken for whole",
        f"{UTILS}/_http/responses.py",
        'raise Broken("answered with something that is not whole JSON") from None',
        "return shape()",
        rules("half_an_answer_is_never_taken_for_the_whole[netlify_site_info-one-garbled]"),
    ),
    Mutation(
        "a cut answer taken for whole",
        f"{UTILS}/_http/responses.py",
        "except (OSError, urllib3.exceptions.HTTPError):\n        if not is_refusal:\n            raise",
        "except (OSError, urllib3.exceptions.HTTPError):\n        return b'{}'",
        rules("half_an_answer_is_never_taken_for_the_whole[netlify_site_info-one-truncated]"),
    ),
    Mutation(
        "gone is not deleted",
        f"{UTILS}/_http/rest.py",
        "self.http.request(method, path, operation=operation, query=query)\n"
        "        except ApiError as error:\n"
        "            if error.status != 404:",
        "self.http.request(method, path, operation=operation, query=query)\n"
        "        except ApiError as error:\n"
        "            if True:",
        contract("survives[netlify_site-delete-cut-after]"),
    ),
    Mutation(
        "a failed upload overlooked",
        f"{UTILS}/_core/parallel.py",
        "raise failures[0]",
        "return",
        contract("survives[netlify_deploy-first-403]"),
    ),
    Mutation(
        "a 401 in the middle of uploads",
        f"{UTILS}/_netlify/deploys.py",
        "            retry_status=(401,),\n",
        "",
        rules("a_401_in_the_middle_of_uploads_passes"),
    ),
    Mutation(
        "a refused release left behind",
        f"{UTILS}/_netlify/uploads.py",
        "cancel(self.client, deploy_id)",
        "pass",
        rules("a_release_that_the_platform_refuses_is_given_up"),
    ),
    Mutation(
        "many files sent at once",
        f"{UTILS}/_netlify/uploads.py",
        "len(manifest.files) > ASYNC_ABOVE",
        "False",
        rules("many_files_are_announced_asynchronously_and_few_are_not"),
    ),
    Mutation(
        "previous without instead_of",
        f"{UTILS}/_netlify/deploys.py",
        "if guard not in (None, live_id):",
        "if False:",
        contract("converges[netlify_publish-previous-and-lock]"),
    ),
    Mutation(
        "the release before is the one published last",
        f"{UTILS}/_netlify/deploys.py",
        ' and deploy["created_at"] < end',
        ' and deploy["id"] != deploy_id',
        rules("the_release_before_is_never_one_that_was_taken_back"),
    ),
    Mutation(
        "Retry-After ignored",
        f"{UTILS}/_http/responses.py",
        'asked = _seconds_or_date(self.headers.get("Retry-After"), now)',
        "asked = None",
        rules("waits_as_long_as_it_is_asked_to[retry-after]", "waits_as_long_as_it_is_asked_to[retry-after-date]"),
    ),
    Mutation(
        "X-RateLimit-Reset ignored",
        f"{UTILS}/_http/responses.py",
        'asked = _seconds_or_date(self.headers.get("X-RateLimit-Reset"), now)',
        "asked = None",
        contract("survives[netlify_site-create-429-too-long]"),
    ),
    Mutation(
        "waits beyond the deadline",
        f"{UTILS}/_http/transport.py",
        "if asked >= left:",
        "if False:",
        contract("survives[netlify_site-create-429-too-long]"),
    ),
    Mutation(
        "deadline ignored",
        f"{UTILS}/_http/transport.py",
        "return self._ends_at - self.clock.monotonic()",
        "return self.deadline",
        rules("ends_before_its_deadline"),
    ),
    Mutation(
        "redirect followed to another host",
        f"{UTILS}/_http/transport.py",
        "if not is_own:",
        "if False:",
        rules("follows_nobody_to_another_host[302]"),
    ),
    # Keeps secrets.
    Mutation(
        "no redaction",
        f"{UTILS}/_http/redaction.py",
        "return pattern.sub(MASK, value) if pattern else value",
        "return value",
        contract("keeps_secrets[netlify_site-create]"),
    ),
    Mutation(
        "only the token redacted",
        f"{UTILS}/_kernel/module.py",
        "redactor.add(*module.secrets(params))",
        "pass",
        contract("keeps_secrets[netlify_site-create-with-everything]"),
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
        "password without no_log",
        f"{MODULES}/netlify_site.py",
        "Secret(), secret=True, no_log=True",
        "Secret(), secret=True, no_log=False",
        ("test_playbooks.py::test_failures_are_told_in_words",),
    ),
    Mutation(
        "jwt_secret in the result",
        f"{UTILS}/_netlify/sites.py",
        '"deploy_retention_in_days")\n',
        '"deploy_retention_in_days", "jwt_secret")\n',
        rules("what_the_platform_keeps_in_a_site_stays_there[netlify_site]"),
    ),
    Mutation(
        "a key in the result that nobody documented",
        f"{UTILS}/_netlify/sites.py",
        '"deploy_retention_in_days")\n',
        '"deploy_retention_in_days", "jwt_secret")\n',
        contract("documents_itself[netlify_site-create]"),
    ),
    # Refuses bad input.
    Mutation(
        "plain http",
        f"{UTILS}/_http/urls.py",
        'if parts.scheme == "http" and not is_loopback(parts.hostname):',
        "if False:",
        refuses("netlify_site", {"name": "shop", "api_url": "http://api.example.com"}),
    ),
    Mutation(
        "bad names",
        f"{MODULES}/netlify_site.py",
        '"name": api.check_site_name, ',
        "",
        refuses("netlify_site", {"name": "a.b"}),
    ),
    Mutation(
        "bad ids",
        f"{UTILS}/_netlify/api.py",
        'if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", value):',
        "if False:",
        refuses("netlify_publish", {"site": "shop", "deploy_id": "../x"}),
    ),
    Mutation(
        "input checked after the first read",
        f"{UTILS}/_kernel/task.py",
        "task.check_options()\n        plan = task.plan()",
        "plan = task.plan()\n        task.check_options()",
        refuses("netlify_site", {"name": "a.b"}),
    ),
    Mutation(
        "release on a locked site",
        f"{MODULES}/netlify_deploy.py",
        "self.target.check_not_locked(site)",
        "pass",
        rules("a_locked_site_refuses_a_release_before_one_is_made"),
    ),
    Mutation(
        "site of another team",
        f"{MODULES}/netlify_site.py",
        'team in (None, site.get("account_slug"), site.get("account_id"))',
        "True",
        rules("a_site_of_another_team_is_left_alone"),
    ),
    Mutation(
        "the live deploy deleted",
        f"{MODULES}/netlify_deploy_state.py",
        "deploys.check_not_live(self.client, deploy)",
        "pass",
        rules("the_live_deploy_is_not_deleted"),
    ),
    Mutation(
        "a filter that filters nothing",
        f"{UTILS}/_netlify/deploys.py",
        'params["production"] in (None, is_production)',
        "True",
        rules("info_leaves_out_what_does_not_match"),
    ),
    Mutation(
        "limit ignored",
        f"{UTILS}/_netlify/deploys.py",
        'itertools.islice(found, params["limit"])',
        "found",
        rules("info_leaves_out_what_does_not_match"),
    ),
    Mutation(
        "white space of a token",
        f"{UTILS}/_kernel/module.py",
        'token = (params["token"] or "").strip()',
        'token = params["token"] or ""',
        rules("a_token_may_end_in_white_space"),
    ),
    # Says what failed.
    Mutation(
        "a failure that hides what was changed",
        f"{UTILS}/_kernel/module.py",
        "bool(http is not None and http.confirmed_writes)",
        "False",
        rules("what_it_waits_for_counts_against_wait_timeout"),
    ),
    Mutation(
        "an error without its operation",
        f"{UTILS}/_http/calls.py",
        "operation=self.operation,\n            method=self.method",
        "operation=None,\n            method=self.method",
        contract("survives[netlify_site-unchanged-500]"),
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
        "a query is not repeated",
        f"{UTILS}/_http/graphql.py",
        "return self._ask(field, document, variables, idempotent=True)\n\n    def mutate",
        "return self._ask(field, document, variables, idempotent=False)\n\n    def mutate",
        contract("survives[fleek_site_info-by-slug-500]"),
    ),
    Mutation(
        "a mutation repeated after a cut connection",
        f"{UTILS}/_http/graphql.py",
        "found = self._ask(field, document, variables, idempotent=idempotent)",
        "found = self._ask(field, document, variables, idempotent=True)",
        contract("survives[fleek_deploy-commit-cut-after]"),
    ),
    Mutation(
        "another deploy of the commit made beside a running one",
        f"{UTILS}/_fleek/deploys.py",
        "return self.is_from_ipfs or self._is_no_preview(deploy) and self.has_content_of(deploy)",
        "return False",
        contract("converges[fleek_deploy-joins]"),
    ),
    Mutation(
        "a deploy that was published meanwhile made again",
        f"{UTILS}/_fleek/deploys.py",
        'deploy["published"] or not self.site',
        "not self.site",
        rules("a_deploy_that_ends_between_two_reads_is_not_made_again"),
    ),
    # Environment variables.
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
    Mutation(
        "values quoted by the platform are told",
        f"{UTILS}/_http/redaction.py",
        "self._quoted_secrets.update(_bare(secrets))",
        "pass",
        contract("keeps_secrets[hasura_env_vars-set]"),
    ),
    Mutation(
        "values masked wherever their text stands",
        f"{UTILS}/_kernel/module.py",
        "return no_log_values - (by_place - self.secrets(params))",
        "return no_log_values",
        ("test_playbooks.py::test_values_that_may_be_anything_leave_the_result_intact[hasura_env_vars-module]",),
    ),
    Mutation(
        "what was sent is not remembered",
        f"{UTILS}/_flightcontrol/env.py",
        "hmac.compare_digest(mark, marks[name])",
        "False",
        contract("converges[flightcontrol_env_vars-environment-remembered]"),
    ),
    # What must never be sent twice.
    Mutation(
        "a deploy hook called again",
        f"{UTILS}/_flightcontrol/api.py",
        '**request, "idempotent": False}',
        '**request, "idempotent": True}',
        contract("survives[flightcontrol_deploy-by-hook-cut-after]"),
    ),
)


def copy_of_the_collection(directory: pathlib.Path) -> pathlib.Path:
    """What the suite needs, where Ansible and Python find it as a collection."""
    tree = directory / COLLECTION
    tested = pathlib.Path(transport.__file__).parents[2]
    shutil.copytree(tested, tree / "plugins", ignore=WITHOUT)
    for part in ("meta", "roles/sandbox/files", "tests/contract"):
        shutil.copytree(ROOT / part, tree / part, ignore=WITHOUT)
    return tree


def suite(directory: pathlib.Path, selection) -> subprocess.CompletedProcess:
    """Runs these tests of the copy in a process of their own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    env.update(
        PYTHONPATH=str(directory),
        ANSIBLE_COLLECTIONS_PATH=str(directory),
        PYTHONDONTWRITEBYTECODE="1",
        http_proxy=NOWHERE,
        https_proxy=NOWHERE,
        no_proxy="127.0.0.1,localhost",
    )
    options = [
        "-q",
        "--exitfirst",
        "--tb=short",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--basetemp",
        str(directory / "tmp"),
    ]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *(f"tests/contract/{test}" for test in selection)],
        cwd=directory / COLLECTION,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )


def test_without_a_mutation_all_of_them_pass(tmp_path):
    copy_of_the_collection(tmp_path)
    selection = list(dict.fromkeys(test for mutation in MUTATIONS for test in mutation.selection))
    run = suite(tmp_path, selection)
    assert run.returncode == 0, run.stdout
    assert f"{len(selection)} passed" in run.stdout, run.stdout


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: re.sub(r"\W+", "-", mutation.name))
def test_a_mutation_is_noticed(tmp_path, mutation):
    target = copy_of_the_collection(tmp_path) / mutation.file
    source = target.read_text(encoding="utf-8")
    found = source.count(mutation.text)
    assert found == 1, f"{mutation.file} has this {found} times: {mutation.text}"
    mutated = source.replace(mutation.text, mutation.replacement)
    compile(mutated, mutation.file, "exec")
    target.write_text(mutated, encoding="utf-8")
    run = suite(tmp_path, mutation.selection)
    assert run.returncode == 1, f"it survives: {run.stdout}"
    assert "This is a defect in webops.paas" not in run.stdout, f"it breaks the code instead of a rule: {run.stdout}"
