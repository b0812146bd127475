# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the class of a module: from the options of a task to a client, and from errors to results. PRIVATE to the
collection.

A module file declares one C(MODULE = Module(...)) and calls C(MODULE.run()). Other callers (tests, in-process
execution) call C(perform) with validated options. Only this file uses AnsibleModule.
"""

from __future__ import annotations

import contextlib
import os
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core import interpreter

# The following imports can use the syntax of Python 3.10.
interpreter.refuse_older()

from ansible.module_utils.basic import AnsibleModule, env_fallback, missing_required_lib
from ansible.module_utils.common.parameters import remove_values

from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.diffs import readable
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, PaasError, telling
from ansible_collections.webops.paas.plugins.module_utils._core.ranges import between
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.unknown import UNKNOWN
from ansible_collections.webops.paas.plugins.module_utils._core.version import HOMEPAGE
from ansible_collections.webops.paas.plugins.module_utils._http import third_party
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.session import Sessions
from ansible_collections.webops.paas.plugins.module_utils._http.shared import Shared
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
from ansible_collections.webops.paas.plugins.module_utils._http.urls import ConnectTo, checked_url
from ansible_collections.webops.paas.plugins.module_utils._kernel.options import (
    by_name,
    check_given,
    is_path,
    is_secret,
    leaves,
    located,
    naming,
    secrets_in,
    suggestion,
    with_any,
)
from ansible_collections.webops.paas.plugins.module_utils._kernel.parents import parents_below, replaced_below
from ansible_collections.webops.paas.plugins.module_utils._kernel.plan import Plan
from ansible_collections.webops.paas.plugins.module_utils._kernel.shapes import STATE, Field, Info, Operation, Resource
from ansible_collections.webops.paas.plugins.module_utils._kernel.task import Parent, reconcile

__all__ = [
    "BOOL",
    "FLAG",
    "INT",
    "STATE",
    "STR",
    "STRS",
    "WAIT_OPTIONS",
    "ApiError",
    "Field",
    "Info",
    "InvalidInput",
    "JsonObject",
    "Module",
    "Operation",
    "PaasError",
    "Resource",
    "between",
    "perform",
    "telling",
]

# The options that most modules share.
STR = dict(type="str")
STRS = dict(type="list", elements="str")
INT = dict(type="int")
BOOL = dict(type="bool")
FLAG = dict(type="bool", default=False)
# The options of modules that wait.
WAIT_OPTIONS = dict(
    wait=dict(type="bool", default=True),
    wait_timeout=dict(type="float", default=1200),
    poll_interval=dict(type="float", default=1),
)


class Module:
    """A module's definition: its class and its options.

    task: a subclass of a shape, Shape[Client] or Collection[Client, Member]. The client class carries the facts of its
    connection (PLATFORM, DEFAULT_URL, URL_ENV, TOKEN_ENV, credential(), complete_url()). A client without a DEFAULT_URL
    has no API, and its modules have no options of a connection. Its OPTIONS, if any, are further ones of these.
    options: the module's own argument spec. Beside Ansible's keys an option can have C(check), a function (option,
    value) that raises InvalidInput, called for each item of a list, and not for an option that is omitted; C(env), the
    environment variables that it falls back to; and C(mask), a function: what stands below such an option is masked
    where it stands, by the function, and not wherever else its text occurs in the result, as no_log does. The class
    keeps such secrets out of its result itself. The function also gets what is refused for its type.
    C(parent) is true of options that name what another task creates and this one needs: its site, zone or tenant, the
    deploy to publish. C(own_id) is true of the ID of something inside of that, which nothing new has. Check mode goes
    by both, see C(Task.plan_without_parent).
    token_needed: (options) -> why they need a token, an empty text where they need none; without it all need one.
    constraints: required_if, mutually_exclusive and so on, as AnsibleModule takes them.
    """

    def __init__(
        self,
        task: type[Any],
        options: JsonObject | None = None,
        token_needed: Callable[[JsonObject], str] | None = None,
        **constraints: Any,
    ) -> None:
        self.task = task
        self.client = task.client_class
        self.token_needed = token_needed
        own = {**_connection_options(self.client), **task.options(), **(options or {})}
        self.checks = {name: option["check"] for name, option in own.items() if "check" in option}
        self.parents = tuple(name for name, option in own.items() if option.get("parent"))
        self.parents_below = parents_below(own)
        self.own_ids = tuple(name for name, option in own.items() if option.get("own_id"))
        self.masked = {name: option["mask"] for name, option in own.items() if "mask" in option}
        spec = {name: _for_ansible(**option) for name, option in own.items()}
        self.spec: JsonObject = dict(argument_spec=spec, **constraints)
        self.paths = with_any(spec, is_path)
        self._secrets = with_any({name: spec[name] for name in spec if name not in self.masked}, is_secret)

    def run(self) -> None:
        """Runs the module as an Ansible module."""
        ansible_module = _AnsibleModule(self)
        if third_party.REQUESTS_IMPORT_ERROR:
            ansible_module.fail_json(
                missing_required_lib("requests"),
                exception=third_party.REQUESTS_IMPORT_ERROR,
                **refusal(self, "missing_library"),
            )
        result = perform(
            self,
            ansible_module.params,
            check_mode=ansible_module.check_mode,
            want_diff=ansible_module._diff,
            warn=ansible_module.warn,
        )
        if result.get("failed"):
            ansible_module.fail_json(**result)
        ansible_module.exit_json(**result)

    def options(self, params: JsonObject) -> JsonObject:
        """Validated options by their names alone."""
        return by_name(params, self.spec["argument_spec"])

    def check(self, params: JsonObject) -> None:
        """Calls the checks of the options that are set. Raises InvalidInput."""
        check_given(params, self.spec.get("required_one_of") or (), self.checks)

    def with_empty_parents(self, given: JsonObject) -> JsonObject:
        """The options of a task for check mode, in which an ID from an earlier task is null.

        It becomes an empty text, which argument specs accept. Info modules treat an optional one as omitted.
        """
        groups = [[name] for name, option in self.spec["argument_spec"].items() if option.get("required")]
        groups += self.spec.get("required_one_of") or ()
        groups += [] if issubclass(self.task, Info) else [list(self.parents)]
        found = dict(given)
        for group in groups:
            names = [name for option in group for name in self._names(option) if name in given]
            if all(given[name] is None for name in names):
                found.update(
                    (name, "")
                    for option in set(group) & set(self.parents)
                    for name in self._names(option)
                    if name in given
                )
        return replaced_below(found, self.parents_below, None, "")

    def with_unknown_parents(self, params: JsonObject) -> JsonObject:
        """Validated options for check mode, with UNKNOWN instead of an empty text for an ID that is not known yet."""
        marked = {**params, **{name: UNKNOWN for name in self.parents if params[name] == ""}}
        return replaced_below(marked, self.parents_below, "", UNKNOWN)

    def _names(self, option: str) -> list[str]:
        return [option, *self.spec["argument_spec"][option].get("aliases", ())]

    def suggestion(self, params: JsonObject) -> str:
        """What the refusal of unknown options adds to Ansible's own words."""
        return suggestion(params, self.spec["argument_spec"])

    def secrets(self, params: JsonObject) -> set[Any]:
        """The values to mask everywhere: those of options with no_log."""
        return set(secrets_in(params, self._secrets))

    def shown(self, params: JsonObject) -> JsonObject:
        """The options as Ansible shows them, before values are masked everywhere."""
        spec = self.spec["argument_spec"]
        by_place = {
            spelled: mask(params[spelled])
            for name, mask in self.masked.items()
            for spelled in (name, *spec[name].get("aliases", ()))
            if spelled in params
        }
        return {**params, **by_place}

    def looked_for(self, params: JsonObject, no_log_values: set[Any]) -> set[Any]:
        """The no_log values of Ansible that are masked everywhere."""
        by_place = {str(leaf) for name in self.masked for leaf in leaves(params.get(name))}
        return no_log_values - (by_place - {str(secret) for secret in self.secrets(params)})


def _connection_options(client: type[Any]) -> JsonObject:
    connection = dict(
        validate_certs=dict(type="bool", default=True),
        ca_path=dict(type="path"),
        timeout=dict(type="float", default=30),
        deadline=dict(type="float", default=1800),
    )
    if client.DEFAULT_URL is None:
        return connection
    return dict(
        token=dict(type="str", no_log=True, aliases=["api_key", "auth_token"], env=client.TOKEN_ENV),
        api_url=dict(type="str", default=client.DEFAULT_URL, env=client.URL_ENV),
        **getattr(client, "OPTIONS", {}),
        **connection,
        retries=dict(type="int", default=5),
    )


def _for_ansible(
    check: object = None,
    mask: object = None,
    parent: bool = False,
    own_id: bool = False,
    env: Sequence[str] = (),
    **option: Any,
) -> JsonObject:
    """The argument spec of an option for Ansible."""
    if "options" in option:
        option["options"] = {name: _for_ansible(**below) for name, below in option["options"].items()}
    return {**option, "fallback": (from_environment, list(env))} if env else option


def from_environment(*names: str) -> str:
    """The first environment variable that is not empty: AWX also sets those of fields that were left empty."""
    return str(env_fallback(*(name for name in names if os.environ.get(name))))


class _AnsibleModule(AnsibleModule):
    """An AnsibleModule that masks secrets at their places, also if its validation refuses an option, and whose refusals
    have an C(error).
    """

    def __init__(self, definition: Module) -> None:
        self._definition = definition
        super().__init__(supports_check_mode=True, **definition.spec)

    def exit_json(self, **result: Any) -> None:
        super().exit_json(**self._masked(result))

    def fail_json(self, msg: str, **result: Any) -> None:
        msg += self._definition.suggestion(self.params)
        super().fail_json(msg, **self._masked({**refusal(self._definition), **result}))

    def _masked(self, result: JsonObject) -> JsonObject:
        secrets = self._definition.looked_for(self.params, self.no_log_values)
        result = masked({**result, "invocation": {"module_args": self._definition.shown(self.params)}}, secrets)
        # What Ansible masks afterwards: warnings, and once more all the rest.
        words = " ".join(map(str, own_words(result.get("error") or {}).values()))
        self.no_log_values.intersection_update(secret for secret in secrets if str(secret) not in words)
        return result


def refuse_to_run(name: str, spec: JsonObject) -> None:
    """For the process of such a module: its action plugin does the work."""
    message = interpreter.only_in_the_controller(name, "a process of its own")
    AnsibleModule(supports_check_mode=True, **spec).fail_json(message, error={"code": "invalid_input"})


def refusal(module: Module, code: str = "invalid_input") -> JsonObject:
    """The result, besides its message, of a task that is refused before its class is created."""
    return {"error": {"platform": module.client.PLATFORM.lower(), "code": code}, "changed": False}


def perform(
    module: Module,
    params: JsonObject,
    *,
    check_mode: bool,
    want_diff: bool,
    warn: Callable[[str], None],
    clock: Clock | None = None,
    progress: Callable[[str], None] | None = None,
    sessions: Sessions | None = None,
    shared: Shared | None = None,
    parent: Parent = "may_be_missing",
    observe: Callable[[Plan], None] | None = None,
    only_check: bool = False,
) -> JsonObject:
    """Runs a module's class on validated options and returns the result; a failure is a result with C(failed).

    progress: called with a sentence at intervals during long operations. sessions: connections that outlive this run;
    see Sessions. shared: what tasks that run side by side have in common. observe, parent: see reconcile. only_check:
    checks the options and sends nothing.
    """
    http = None
    redactor = Redactor()
    params = located(params, module.paths)
    try:
        redactor.add(*module.secrets(params))
        # Options that are a single secret. For others the classes know the parts.
        redactor.add_quoted(*(params[name] for name in module.masked))
        http = _connect(
            module,
            params,
            redactor=redactor,
            warn=warn,
            progress=progress,
            clock=clock or Clock(),
            sessions=sessions,
            shared=shared,
        )
        # Info modules can ignore an invalid row. Other modules cannot, because they would create what is missing.
        http.skips_odd_rows = not module.task.has_diff
        if check_mode:
            params = module.with_unknown_parents(params)
        task = module.task(module.options(params), module.client(http), http.clock, http.warn, http.progress)
        module.check(params)
        if only_check:
            task.check_input()
            return {"changed": False}
        result = reconcile(
            task, check_mode, want_diff, module.parents, module.own_ids, http.left_out, observe=observe, parent=parent
        )
        if "diff" in result:
            result["diff"] = readable(remove_values(result["diff"], {str(it) for it in module.secrets(params) if it}))
        return result
    except PaasError as error:
        if error.code == "not_found":
            _explain_not_found(error, module, module.options(params), http)
        hint = f" {missing_required_lib(error.library)}" if error.library else ""
        failure = _failure(
            error.message + hint, {"platform": module.client.PLATFORM.lower(), **error.details}, http, redactor
        )
        return {**error.results, **failure}
    except RecursionError:
        message = "An option, a file or a response of the platform is nested too deeply."
        return _failure(message, {"platform": module.client.PLATFORM.lower(), "code": "too_deep"}, http, redactor)
    except Exception as error:
        # A defect of this collection. Its traceback can contain a secret, so only the place is reported.
        place = traceback.extract_tb(error.__traceback__)[-1]
        return _failure(
            f"This is a defect in webops.paas: {type(error).__name__} in {os.path.basename(place.filename)} line "
            f"{place.lineno}: {error}. Please report it at {HOMEPAGE}/issues.",
            {"code": "internal_error"},
            http,
            redactor,
        )
    finally:
        if http is not None:
            http.close()


def ask(module: Module, params: JsonObject, question: Callable[[Any], Any], **surroundings: Any) -> Any:
    """question(the platform's client): what several tasks need to know.

    params: validated options, of which those of the connection count. surroundings: clock, sessions and shared, as for
    C(perform). Raises PaasError.
    """
    http = _connect(module, params, redactor=Redactor(), **surroundings)
    with contextlib.closing(http):
        return question(module.client(http))


def _explain_not_found(error: PaasError, module: Module, params: JsonObject, http: Http | None) -> None:
    """Names the option; where rows of a list were left out, nobody knows whether one of them was meant."""
    option = error.details.get("option") or naming(error, params, [*module.parents, *module.own_ids])
    if option is not None:
        error.details["option"] = option
    if http is not None and http.left_out:
        error.message += f" It may be an entry that cannot be used. {' '.join(http.left_out)}"
        error.details["code"] = "incomplete_answer"


def _failure(message: str, details: JsonObject, http: Http | None, redactor: Redactor) -> JsonObject:
    return {
        "failed": True,
        "msg": redactor.clean(message),
        "error": {**redactor.clean(details), **own_words(details)},
        "changed": bool(http is not None and http.confirmed_writes),
    }


def own_words(error: JsonObject) -> JsonObject:
    """The part of an C(error) that is never masked, even where a short secret occurs in it."""
    return {key: error[key] for key in ("platform", "operation", "method", "code", "option") if key in error}


def masked(result: JsonObject, secrets: set[Any]) -> JsonObject:
    """A result with secrets masked as Ansible masks them, but for what is true, false, null or a word of our own."""
    kept = {key: value for key, value in result.items() if value is None or isinstance(value, bool)}
    found: JsonObject = {**remove_values(result, secrets), **kept}
    if isinstance(result.get("error"), dict):
        found["error"] = {**found["error"], **own_words(result["error"])}
    return found


def _connect(module: Module, params: JsonObject, *, redactor: Redactor, **surroundings: Any) -> Http:
    """surroundings: the arguments of Http that do not follow from the options."""
    client = module.client
    has_api = client.DEFAULT_URL is not None
    token = _checked_token(module, params, redactor) if has_api else None
    for option in ("timeout", "deadline", "wait_timeout", "poll_interval"):
        if params.get(option) is not None and not params[option] > 0:
            raise InvalidInput(option, f"`{option}` must be greater than 0, got {params[option]:g}.")
    if has_api and params["retries"] < 0:
        raise InvalidInput("retries", f"`retries` must be 0 or more, got {params['retries']}.")
    if params["ca_path"] and not os.path.exists(params["ca_path"]):
        raise InvalidInput("ca_path", f"`ca_path` does not exist: {params['ca_path']}.")
    connection = {name: params[name] for name in ("validate_certs", "ca_path", "timeout", "deadline")}
    connection.update(surroundings, redactor=redactor, connect_to=ConnectTo(params.get("connect_to") or ()))
    if not has_api:
        return Http(client.PLATFORM, "", **connection)
    return Http(
        client.PLATFORM,
        client.complete_url(checked_url(params["api_url"])),
        client.credential(token) if token else None,
        retries=params["retries"],
        **connection,
    )


def _checked_token(module: Module, params: JsonObject, redactor: Redactor) -> str:
    """The token, or an empty text if it is neither set nor required."""
    token = (params["token"] or "").strip()
    # Tokens from files often end in white space, which is not part of the secret.
    redactor.add(token)
    reason = module.token_needed(params) if module.token_needed else "Every task requires it."
    # Not checked by the argument spec, whose message would not name the environment variable.
    if not token and reason:
        variable = module.client.TOKEN_ENV[0]
        words = f"`token` is missing or empty. Set `token` or the environment variable {variable}. {reason}"
        raise InvalidInput("token", words)
    if not token.isascii() or not token.isprintable() or " " in token:
        raise InvalidInput(
            "token", "`token` must not contain white space or other characters that are not allowed in an HTTP header."
        )
    return token
