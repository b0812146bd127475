# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of the module apply: it runs in the controller process only. PRIVATE to the collection."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.webops.paas.plugins.module_utils._core.interpreter import only_in_the_controller
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.plugin_utils._door import Door, as_received, as_sent, surroundings
from ansible_collections.webops.paas.plugins.plugin_utils._estate import checks, entries, files, purging, report
from ansible_collections.webops.paas.plugins.plugin_utils._estate.engine import Engine
from ansible_collections.webops.paas.plugins.plugin_utils._estate.options import faults_of
from ansible_collections.webops.paas.plugins.plugin_utils._estate.order import ordered

# The names of secrets that an export leaves out of the files.
SECRET = re.compile(r"\bvault_[a-z0-9_]+\b")
TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


class EstateAction(Door):
    """name: the module's. spec: its argument spec and constraints."""

    name: str
    spec: JsonObject

    def run(self, tmp: Any = None, task_vars: JsonObject | None = None) -> JsonObject:
        task_vars = task_vars or {}
        obstacle = self._obstacle(task_vars)
        if obstacle is not None:
            return self._refused(only_in_the_controller(self.name, obstacle))
        environment: JsonObject = {}
        self._compute_environment_string(environment)
        with surroundings(self._loader.get_basedir(), environment):
            given = {name: value for name, value in as_sent(self._task.args).items() if value is not None}
            validated = ArgumentSpecValidator(**self.spec).validate(given)
            if validated.error_messages:
                return self._refused(" ".join(faults_of(validated, given, self.spec)))
            params = validated.validated_parameters
            try:
                checks.check(params)
                return self._applied(params, task_vars)
            except files.EstateError as error:
                return self._refused(str(error), **({"option": error.option} if error.option else {}))

    @staticmethod
    def _refused(message: str, **details: Any) -> JsonObject:
        return {"failed": True, "msg": message, "changed": False, "error": {"code": "invalid_input", **details}}

    # -- the run -------------------------------------------------------------------------------------------------------

    def _applied(self, params: JsonObject, task_vars: JsonObject) -> JsonObject:
        kinds = purging.kinds_of(params["purge"] or ())
        if params["src"] is None:
            # Ansible has templated it as any option.
            raws = files.of_content(params["content"])
            options = [raw.options for raw in raws]
        else:
            raws = files.read(params["src"], self._loader)
            options = self._templated(raws, task_vars)
        declared = entries.checked(raws, options, params["connections"] or {}, kinds)
        entries.check_for_duplicates(ordered(declared))
        only = params["only"] or {}
        selected = entries.chosen(declared, only)
        if declared and not selected:
            return self._refused("`only` selects none of the entries.", option="only")
        engine = Engine(
            ordered(purging.with_context(declared, selected, kinds)),
            lambda entry, result: as_received(result, entry.definition.looked_for(entry.params, set(entry.no_log))),
            concurrency=params["concurrency"],
            keep_going=params["on_error"] == "continue",
            want_diff=self._task.diff,
            progress=self._progress(task_vars),
        )
        outcomes = purging.planned(engine, declared, kinds, only)
        is_planned = not any(outcome.failed for outcome in outcomes)
        reason = report.too_many_deletions(outcomes, params["max_deletions"]) if is_planned else None
        if is_planned and not reason and not self._task.check_mode:
            outcomes = engine.apply(outcomes)
        elif not self._task.check_mode:
            outcomes = [outcome.not_carried_out() for outcome in outcomes]
        result = report.result_of(outcomes, self._task.diff)
        if reason:
            result.update(self._refused(reason, option="max_deletions"))
        elif not is_planned:
            result.update(changed=False, msg=f"Nothing was changed, since the plan is not complete: {result['msg']}")
        warnings = [
            f"{outcome.entry.raw.place}: {warning}"
            for outcome in outcomes
            for warning in dict.fromkeys([*outcome.entry.warnings, *outcome.warnings])
        ]
        return {**result, **({"warnings": warnings} if warnings else {})}

    # -- templates -----------------------------------------------------------------------------------------------------

    def _templated(self, raws: list[files.Raw], task_vars: JsonObject) -> list[JsonObject]:
        """The options of each entry with their variables filled in. Raises EstateError with all that is missing."""
        found: list[JsonObject] = []
        templars: dict[str, Any] = {}
        faults: list[str] = []
        lacking = False
        for raw in raws:
            missing = sorted({name for name in _secrets_in(raw.options) if not self._has(name, task_vars)})
            if missing:
                faults.append(f"{raw.place}: {', '.join(missing)} must be set and not empty.")
                lacking = True
                continue
            try:
                if _is_plain(raw.options):
                    found.append(json.loads(json.dumps(raw.options)))
                    continue
                if raw.directory not in templars:
                    # Relative paths of lookups begin in the directory of the file.
                    path = [raw.directory, *task_vars.get("ansible_search_path", ())]
                    variables = {**task_vars, "ansible_search_path": path}
                    templars[raw.directory] = self._templar.copy_with_new_env(available_variables=variables)
                options = templars[raw.directory].template(raw.options)
                found.append(as_sent(_without_omitted(options, task_vars.get("omit"))))
            except AnsibleError as error:
                faults.append(f"{raw.place}: {error.message}")
            except TypeError as error:
                # Bytes, for example: YAML has them, and options do not.
                faults.append(f"{raw.place}: {error}")
        if lacking:
            faults.append("Fill in the file with the secrets, and pass it, for example with -e @secrets.yml.")
        if faults:
            raise files.EstateError(faults)
        return found

    def _has(self, name: str, task_vars: JsonObject) -> bool:
        if name not in task_vars:
            return False
        try:
            return self._templar.template(task_vars[name]) not in (None, "")
        except AnsibleError:
            return False


def _secrets_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _secrets_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _secrets_in(item)
    elif isinstance(value, str):
        for template in TEMPLATE.findall(value):
            yield from SECRET.findall(template)


def _is_plain(value: Any) -> bool:
    """Whether there is certainly no template in it, and nothing encrypted; Ansible takes long to find that out."""
    if isinstance(value, dict):
        return all(map(_is_plain, value)) and all(map(_is_plain, value.values()))
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, str):
        return not files.may_be_template(value)
    return value is None or isinstance(value, int | float)


def _without_omitted(value: Any, omit: Any) -> Any:
    """Before ansible-core 2.19 the value of C(omit) is a text."""
    if isinstance(value, dict):
        return {key: _without_omitted(item, omit) for key, item in value.items() if omit is None or item != omit}
    return value
