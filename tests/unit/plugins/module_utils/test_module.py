# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""_module: from options to a client and back, through a real AnsibleModule where that has a say."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._http.session import HeaderAuth
from ansible_collections.webops.paas.plugins.module_utils._kernel import module as _module
from ansible_collections.webops.paas.plugins.module_utils._kernel.shapes import Info

TOKEN = "nfp_canary-0123456789"
# Where the collection is imported from.
ROOT = _module.__file__.partition("ansible_collections")[0]


class Client:
    PLATFORM = "Netlify"
    DEFAULT_URL = "https://api.example.test/api/v1"
    URL_ENV = ("EXAMPLE_API_URL",)
    TOKEN_ENV = ("EXAMPLE_AUTH_TOKEN", "EXAMPLE_API_TOKEN")

    def __init__(self, http):
        self.http = http

    @staticmethod
    def credential(token):
        return HeaderAuth("Authorization", f"Bearer {token}")

    @staticmethod
    def complete_url(url):
        return url + "/completed"


class Things(Info[Client]):
    """Answers what it was given; act: what it does before."""

    key = "things"
    act = staticmethod(lambda task: None)

    def fetch(self):
        type(self).act(self)
        http = self.client.http
        return [
            {
                "url": http.base_url,
                "auth": http.auth.headers["Authorization"].replace(TOKEN, "the token"),
                "verify": http.connection.verify,
                "timeout": http.timeout,
                "retries": http.retries,
                "deadline": http.deadline,
            }
        ]


SUBOPTIONS = {"plain": {"type": "str"}, "hidden": {"type": "str", "no_log": True}}
MODULE = _module.Module(
    Things,
    dict(
        name=dict(type="str"),
        secrets=dict(type="dict", no_log=True),
        one=dict(type="dict", options=SUBOPTIONS),
        many=dict(type="list", elements="dict", options=SUBOPTIONS),
        **_module.WAIT_OPTIONS,
    ),
    required_one_of=[("name", "one", "many", "secrets")],
)


def params(**given):
    return {
        "token": TOKEN,
        "api_url": Client.DEFAULT_URL,
        "validate_certs": True,
        "ca_path": None,
        "timeout": 30.0,
        "retries": 5,
        "deadline": 1800.0,
        "wait": True,
        "wait_timeout": 1200.0,
        "poll_interval": 1.0,
        "name": "a",
        "secrets": None,
        "one": None,
        "many": None,
        **given,
    }


def perform(act=None, **given):
    warnings = []
    kind = type("Acting", (Things,), {"act": staticmethod(act or (lambda task: None))})
    module = _module.Module(
        kind, {name: MODULE.spec["argument_spec"][name] for name in ("name", "secrets", "one", "many")}
    )
    result = _module.perform(
        module, params(**given), check_mode=False, want_diff=True, warn=warnings.append, clock=Clock()
    )
    json.dumps(result)
    return result, warnings


# -- the specification -------------------------------------------------------------------------------------------------


def test_the_specification():
    spec = MODULE.spec
    assert spec["required_one_of"]
    options = spec["argument_spec"]
    assert (
        options["token"]["no_log"] is True
        and "required" not in options["token"]
        and options["token"]["aliases"] == ["api_key", "auth_token"]
    )
    assert options["api_url"]["default"] == Client.DEFAULT_URL
    assert {
        "validate_certs",
        "ca_path",
        "timeout",
        "retries",
        "deadline",
        "wait",
        "wait_timeout",
        "poll_interval",
        "name",
    } <= set(options)


def test_what_becomes_of_the_options(tmp_path):
    result, warnings = perform(
        token=f" {TOKEN}\n", api_url="http://127.0.0.1:1/", ca_path=str(tmp_path), timeout=1.5, retries=0, deadline=7.0
    )
    assert result == {
        "changed": False,
        "things": [
            {
                "url": "http://127.0.0.1:1/completed",
                "auth": "Bearer the token",
                "verify": str(tmp_path),
                "timeout": 1.5,
                "retries": 0,
                "deadline": 7.0,
            }
        ],
    }
    assert not warnings
    assert perform(validate_certs=False, ca_path=str(tmp_path))[0]["things"][0]["verify"] is False


@pytest.mark.parametrize(
    "option, value",
    [
        ("token", ""),
        ("token", " \n"),
        ("token", f"{TOKEN} {TOKEN}"),
        ("token", f"{TOKEN}\nX-Evil: 1"),
        ("token", f"{TOKEN}é"),
        ("token", f"{TOKEN}\0"),
        ("token", f"{TOKEN}\t{TOKEN}"),
        ("timeout", 0.0),
        ("timeout", -1.0),
        ("timeout", float("nan")),
        ("deadline", 0.0),
        ("wait_timeout", -5.0),
        ("poll_interval", 0.0),
        ("retries", -1),
        ("ca_path", "/does/not/exist"),
        ("api_url", "http://example.test"),
        ("api_url", ""),
        ("api_url", "example.test"),
        ("api_url", f"https://{TOKEN}@example.test"),
        ("api_url", f"https://example.test?token={TOKEN}"),
    ],
)
def test_bad_options_are_refused_by_name(option, value):
    result, _warnings = perform(act=lambda task: pytest.fail("a call"), **{option: value})
    assert result["failed"] and not result["changed"]
    assert option in result["msg"] and result["error"] == {
        "platform": "netlify",
        "option": option,
        "code": "invalid_input",
    }
    assert TOKEN not in json.dumps(result)


# -- failures ----------------------------------------------------------------------------------------------------------


def raising(error):
    def act(task):
        raise error

    return act


def test_a_failure_is_a_sentence_and_details():
    result, _warnings = perform(
        raising(
            ApiError(
                "It did not work.", platform="netlify", operation="x", status=500, code="server_error", request_id="r"
            )
        )
    )
    assert result == {
        "failed": True,
        "changed": False,
        "msg": "It did not work.",
        "error": {"platform": "netlify", "operation": "x", "status": 500, "code": "server_error", "request_id": "r"},
    }


def test_a_failure_after_a_confirmed_write_says_that_something_changed():
    def act(task):
        task.client.http.confirmed_writes.append("createSite")
        raise PaasError("half done", code="refused")

    assert perform(act)[0]["changed"] is True


HIDDEN = {
    "secrets": {"a": "s3cret-one", "b": ["s3cret-two"]},
    "one": {"plain": "visible", "hidden": "s3cret-three"},
    "many": [{"hidden": "s3cret/four", "plain": None}, {"hidden": None, "plain": "visible"}],
}


@pytest.mark.parametrize(
    "error",
    [
        functools.partial(PaasError, code="refused"),
        functools.partial(ApiError, code="refused"),
        functools.partial(InvalidInput, "option"),
        RuntimeError,
        KeyError,
        ValueError,
    ],
)
def test_no_secret_leaves_with_a_failure_or_a_warning(error):
    text = f"{TOKEN} s3cret-one s3cret-two s3cret-three s3cret%2Ffour visible"

    def act(task):
        task.warn(text)
        raise error(text)

    result, warnings = perform(act, token=f"{TOKEN}\n", **HIDDEN)
    told = json.dumps([result, warnings])
    assert "s3cret" not in told and "canary" not in told and "visible" in result["msg"] and warnings


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("odd"),
        ZeroDivisionError("odd"),
        UnicodeDecodeError("utf-8", b"x", 0, 1, "odd"),
    ],
)
def test_a_defect_is_told_as_one_without_a_traceback(error):
    result, _warnings = perform(raising(error))
    assert (
        "defect in webops.paas" in result["msg"]
        and type(error).__name__ in result["msg"]
        and "test_module.py line" in result["msg"]
    )
    assert (
        "/issues" in result["msg"] and "Traceback" not in result["msg"] and os.sep + "test_module" not in result["msg"]
    )
    assert result["error"]["code"] == "internal_error"


def test_what_is_nested_too_deeply_is_no_defect():
    result, _warnings = perform(raising(RecursionError("maximum recursion depth exceeded")))
    assert result["failed"] and result["error"]["code"] == "too_deep" and "nested too deeply" in result["msg"]


def test_an_interrupt_is_no_failure_and_closes_the_connection():
    closed = []

    def act(task):
        task.client.http.close = lambda: closed.append(1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        perform(act)
    assert closed == [1]


# -- through AnsibleModule ---------------------------------------------------------------------------------------------


def run_for_real(options, *, environment=None, without_requests=False, body=""):
    """main() in a process of its own, with the options where Ansible puts them; (status, result, all output)."""
    script = f"""if True:
        import json, sys
        from ansible.module_utils import basic
        from ansible_collections.webops.paas.plugins.module_utils._http import third_party
        sys.path.insert(0, {os.path.dirname(__file__)!r})
        import test_module
        if {without_requests}:
            third_party.REQUESTS_IMPORT_ERROR = "the import error"
        {body}
        basic._ANSIBLE_ARGS = json.dumps({{"ANSIBLE_MODULE_ARGS": json.loads(sys.argv[1])}}).encode()
        if hasattr(basic, "_ANSIBLE_PROFILE"):
            basic._ANSIBLE_PROFILE = "legacy"
        test_module.MODULE.run()
    """
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("EXAMPLE_")},
        "PYTHONPATH": ROOT,
        **(environment or {}),
    }
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps(options)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        result = json.loads(done.stdout)
    except ValueError:
        raise AssertionError(done.stdout + done.stderr) from None
    return done.returncode, result, done.stdout + done.stderr


def test_main_with_options():
    status, result, output = run_for_real({"auth_token": TOKEN, "name": "a"})
    assert status == 0 and result["things"][0]["url"] == Client.DEFAULT_URL + "/completed" and not result["changed"]
    assert TOKEN not in output


def test_main_with_the_environment():
    status, result, output = run_for_real(
        {"name": "a"}, environment={"EXAMPLE_API_TOKEN": TOKEN, "EXAMPLE_API_URL": "http://localhost:1"}
    )
    assert (
        status == 0
        and result["things"][0]["url"] == "http://localhost:1/completed"
        and result["things"][0]["auth"] == "Bearer the token"
    )
    assert TOKEN not in output
    status, result, output = run_for_real(
        {"name": "a", "api_url": "http://localhost:2"},
        environment={
            "EXAMPLE_AUTH_TOKEN": TOKEN,
            "EXAMPLE_API_TOKEN": "other",
            "EXAMPLE_API_URL": "http://localhost:1",
        },
    )
    assert (
        result["things"][0]["url"] == "http://localhost:2/completed"
        and result["things"][0]["auth"] == "Bearer the token"
    )


def test_main_without_a_token_or_without_what_is_required():
    status, result, _output = run_for_real({"name": "a"})
    assert status == 1 and "token" in result["msg"]
    status, result, _output = run_for_real({"token": TOKEN})
    assert status == 1 and "one of the following is required: name, one, many, secrets" in result["msg"]


def test_a_token_that_only_some_options_need():
    """Without one no credential goes out; where one is needed the message says why."""
    seen = []

    class Looking(Things):
        def fetch(self):
            auth = self.client.http.auth
            seen.append(auth and auth.headers)
            return []

    module = _module.Module(
        Looking,
        {"name": dict(type="str")},
        token_needed=lambda given: "Waiting needs it." if given["wait"] else "",
    )

    def run(**given):
        return _module.perform(module, params(**given), check_mode=False, want_diff=False, warn=None)

    refused = run(token=" ")
    assert refused["error"]["option"] == "token" and not seen
    assert "EXAMPLE_AUTH_TOKEN" in refused["msg"] and refused["msg"].endswith("Waiting needs it.")
    assert "failed" not in run(token=None, wait=False) and seen == [None]
    assert "failed" not in run(wait=False) and seen[1] == {"Authorization": f"Bearer {TOKEN}"}
    assert run(token="two words", wait=False)["error"]["option"] == "token"


def test_main_with_a_failure():
    status, result, output = run_for_real(
        {"token": f"{TOKEN}\n", "name": "a"},
        body="from test_module import *; "
        "Things.act = staticmethod(raising(ApiError(f'no {TOKEN}', code='refused', platform_code=7)))",
    )
    assert (
        status == 1
        and result["failed"]
        and result["msg"].startswith("no ****")
        and result["error"]["platform_code"] == 7
        and result["changed"] is False
    )
    assert TOKEN not in output


def test_main_without_requests():
    status, result, _output = run_for_real({"token": TOKEN, "name": "a"}, without_requests=True)
    assert status == 1 and "Failed to import the required Python library (requests)" in result["msg"]


def test_a_misspelled_option_is_told_what_it_may_be():
    """Also in suboptions; a name that resembles none gets no advice."""
    found = MODULE.suggestion({"nmae": 1, "name": "x", "many": [{"hiden": 1}, {"plain": "x"}], "zzz": 1})
    assert "`name`" in found and "`nmae`" in found and "`hidden`" in found and "zzz" not in found
    assert not MODULE.suggestion({"name": "x", "auth_token": "t", "one": {"plain": "x"}})


def test_an_alias_leaves_no_second_key_beside_the_name_it_stands_for():
    """At any depth: what a class compares with the platform has the names of the options only."""
    inner = {"path": dict(type="str", aliases=["repo"]), "free": dict(type="dict")}
    spec = {
        "name": dict(type="str", aliases=["title"]),
        "one": dict(type="dict", options=inner, aliases=["first"]),
        "many": dict(type="list", elements="dict", options={"inner": dict(type="dict", options=inner)}),
    }
    module = _module.Module(Things, spec)
    given = {"title": "x", "first": {"repo": "a/b", "free": {"repo": "c"}}, "many": [{"inner": {"repo": "d/e"}}]}
    validated = ArgumentSpecValidator(**module.spec).validate({**given, "token": TOKEN}).validated_parameters
    options = module.options(validated)
    assert {name: options[name] for name in spec} == {
        "name": "x",
        "one": {"path": "a/b", "free": {"repo": "c"}},
        "many": [{"inner": {"path": "d/e", "free": None}}],
    }
    assert options.keys() == module.spec["argument_spec"].keys()
