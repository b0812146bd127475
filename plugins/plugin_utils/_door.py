# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In-process execution: the class of a module, run inside the controller process. PRIVATE to the collection.

Each file in plugins/action/ is this class with the definition of its module. If the module must run in its own process
(another machine, user or interpreter, in the background), Ansible's normal action starts the ordinary module. The
differences for users are listed in docs/docsite/rst/in_process_execution.rst.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.module_utils.common import json as ansible_json
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.warnings import get_warning_messages
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action.normal import ActionModule as Normal
from ansible.utils.display import Display
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.interpreter import is_own
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http import third_party
from ansible_collections.webops.paas.plugins.module_utils._http.session import Sessions, read_ahead
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Module, masked, perform, refusal
from ansible_collections.webops.paas.plugins.module_utils._kernel.options import check_shapes

SWITCH_VARIABLE = "webops_paas_fast"
SWITCH_ENVIRONMENT = "WEBOPS_PAAS_FAST"

# Set by ansible-runner, and so by AWX, which collect the output.
COLLECTORS = ("AWX_ISOLATED_DATA_DIR", "RUNNER_OMIT_EVENTS")


def _is_watched() -> bool:
    """Whether a person sees the output immediately."""
    is_collected = (
        any(name in os.environ for name in COLLECTORS)
        or C.config.get_config_value("DEFAULT_STDOUT_CALLBACK") == "awx_display"
    )
    return sys.stdout.isatty() and not is_collected


# Determined when Ansible loads this file, in the process with the terminal, which gets the output of workers.
IS_WATCHED = _is_watched()

# Once, in the process that forks the workers.
read_ahead()

# Sessions of the worker process, which Ansible forks for one task: they are kept for the items of its loop.
SESSIONS = Sessions()


class Door(Normal):
    """module: the definition of the module to run."""

    module: Module

    def run(self, tmp: Any = None, task_vars: JsonObject | None = None) -> JsonObject:
        task_vars = task_vars or {}
        try:
            check_shapes(self._task.args, self.module.spec["argument_spec"])
        except InvalidInput as error:
            refused = refusal(self.module)
            return {**refused, "failed": True, "msg": error.message, "error": {**refused["error"], **error.details}}
        if self._task.check_mode:
            self._task.args = self.module.with_empty_parents(self._task.args)
        if not self._is_fast(task_vars):
            handed_over: JsonObject = super().run(tmp, task_vars)
            return handed_over
        environment: JsonObject = {}
        self._compute_environment_string(environment)
        with surroundings(self._loader.get_basedir(), environment):
            return self._result(as_sent(self._task.args), task_vars)

    # -- choice of execution
    # ----------------------------------------------------------------------------------------------------

    def _is_fast(self, task_vars: JsonObject) -> bool:
        return self._obstacle(task_vars) is None and self._is_switched_on(task_vars)

    def _obstacle(self, task_vars: JsonObject) -> str | None:
        """Because of what it cannot run in the controller process, for people; None if it can."""
        if self._task.async_val:
            return "`async`"
        if self._connection.transport != "local":
            return f"the connection {self._connection.transport}"
        if self._connection.become:
            return "`become`"
        if third_party.REQUESTS_IMPORT_ERROR:
            return "an Ansible whose Python lacks the library requests"
        if sys.platform == "darwin":
            # Reading the proxies terminates forked processes such as Ansible's workers.
            return "macOS"
        interpreter = self._interpreter(task_vars)
        may_be_own = interpreter.startswith("auto") or is_own(interpreter)
        return None if may_be_own else f"the interpreter {interpreter}"

    def _is_switched_on(self, task_vars: JsonObject) -> bool:
        name, value = SWITCH_ENVIRONMENT, os.environ.get(SWITCH_ENVIRONMENT) or True
        if SWITCH_VARIABLE in task_vars:
            name, value = SWITCH_VARIABLE, self._templar.template(task_vars[SWITCH_VARIABLE])
        try:
            return bool(boolean(value))
        except TypeError:
            raise AnsibleActionFail(f"{name} must be true or false.") from None

    def _interpreter(self, task_vars: JsonObject) -> str:
        """The interpreter of modules."""
        if self._task.delegate_to:
            task_vars = (task_vars.get("ansible_delegated_vars") or {}).get(self._task.delegate_to, task_vars)
        return str(self._templar.template(C.config.get_config_value("INTERPRETER_PYTHON", variables=task_vars)))

    # -- what AnsibleModule does ---------------------------------------------------------------------------------------

    def _result(self, given: JsonObject, task_vars: JsonObject) -> JsonObject:
        recorded = len(get_warning_messages())
        validated = ArgumentSpecValidator(**self.module.spec).validate(given)
        params = {**given, **validated.validated_parameters}
        secrets = set(validated._no_log_values)
        # Before ansible-core 2.19, warnings about suboptions are recorded for the whole process, including those of
        # earlier items.
        warnings = list(get_warning_messages()[recorded:])
        warnings += [
            f"Both option {both['option']} and its alias {both['alias']} are set." for both in validated._warnings
        ]
        if validated.error_messages:
            message = validated.errors.msg
            if isinstance(validated.errors[0], UnsupportedError):
                message = f"Unsupported parameters for ({self._task.action}) module: {message}"
            result = {"failed": True, "msg": message + self.module.suggestion(given), **refusal(self.module)}
        else:
            result = perform(
                self.module,
                params,
                check_mode=self._task.check_mode,
                want_diff=self._task.diff,
                warn=warnings.append,
                progress=self._progress(task_vars),
                sessions=SESSIONS,
            )
        if _has_invocation(task_vars):
            result["invocation"] = {"module_args": self.module.shown(params)}
        for key, messages in (("warnings", list(dict.fromkeys(warnings))), ("deprecations", validated._deprecations)):
            if messages:
                result[key] = messages
        return as_received(result, self.module.looked_for(params, secrets))

    def _progress(self, task_vars: JsonObject) -> Callable[[str], None] | None:
        """A function that shows progress, None if nobody would see it."""
        if not IS_WATCHED or self._task.no_log:
            return None
        whose = f"[{task_vars.get('inventory_hostname')}] {self._task.action}"
        return lambda message: Display().display(f"{whose}: {message}")


def _has_invocation(task_vars: JsonObject) -> bool:
    """ansible-core 2.21 and newer omit it by default; older versions always have it."""
    try:
        return bool(C.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
    except AnsibleError:
        return True


def as_sent(args: JsonObject) -> JsonObject:
    """The options of a task as the process of a module gets them: plain JSON, without tags and wrappers of the
    controller.
    """
    sent: JsonObject = json.loads(json.dumps(args, **ENCODER))
    return sent


def _encoder() -> JsonObject:
    """The arguments of json.dumps for options."""
    if hasattr(ansible_json, "get_module_encoder"):
        return {"cls": ansible_json.get_module_encoder("legacy", ansible_json.Direction.CONTROLLER_TO_MODULE)}
    # ansible-core before 2.19
    return {"cls": ansible_json.AnsibleJSONEncoder, "vault_to_text": True}


# Found before Ansible forks a process for each task, since it is imported.
ENCODER = _encoder()


def as_received(result: JsonObject, secrets: set[Any]) -> JsonObject:
    """A result as from the process of a module: secrets are masked, and it is never evaluated as a template."""
    received: JsonObject = wrap_var(json.loads(json.dumps(masked(result, secrets))))
    return received


@contextlib.contextmanager
def surroundings(directory: str, environment: JsonObject) -> Iterator[None]:
    """The working directory and the environment that the process of a module would have.

    They are those of the whole process, which Ansible forked for this task only.
    """
    environment = {str(name): str(value) for name, value in environment.items()}
    before = {name: os.environ.get(name) for name in environment}
    try:
        origin = os.getcwd()
    except OSError:
        # The directory was deleted, so it cannot be restored.
        origin = directory
    try:
        os.environ.update(environment)
        os.chdir(directory)
        yield
    finally:
        os.chdir(origin)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
