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

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.interpreter import only_in_the_controller
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._kernel.options import check_shapes
from ansible_collections.webops.paas.plugins.plugin_utils._door import Door, as_sent, surroundings
from ansible_collections.webops.paas.plugins.plugin_utils._estate import checks, files
from ansible_collections.webops.paas.plugins.plugin_utils._estate.options import faults_of
from ansible_collections.webops.paas.plugins.plugin_utils._estate.report import refusal
from ansible_collections.webops.paas.plugins.plugin_utils._estate.run import run

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
            return refusal(only_in_the_controller(self.name, obstacle))
        environment: JsonObject = {}
        self._compute_environment_string(environment)
        with surroundings(self._loader.get_basedir(), environment):
            given = {name: value for name, value in as_sent(self._task.args).items() if value is not None}
            try:
                check_shapes(given, self.spec["argument_spec"])
                validated = ArgumentSpecValidator(**self.spec).validate(given)
                if validated.error_messages:
                    return refusal(" ".join(faults_of(validated, given, self.spec)))
                params = validated.validated_parameters
                checks.check(params)
                return self._applied(params, task_vars)
            except InvalidInput as error:
                return refusal(error.message, error.details["option"])
            except files.EstateError as error:
                return refusal(str(error), error.option)

    # -- the run -------------------------------------------------------------------------------------------------------

    def _applied(self, params: JsonObject, task_vars: JsonObject) -> JsonObject:
        if params["src"] is None:
            # Ansible has templated it as any option.
            raws = files.of_content(params["content"])
            options = [raw.options for raw in raws]
        else:
            raws = files.read(params["src"], self._loader)
            options = self._templated(raws, task_vars)
        return run(
            raws,
            options,
            params,
            check_mode=self._task.check_mode,
            want_diff=self._task.diff,
            progress=self._progress(task_vars),
        )

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
