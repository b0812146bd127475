# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both doors give the same: every option of every module in every form, and every keyword of a task that matters.

Each playbook runs its tasks through one door and then through the other. What callbacks get (all that is printed, also at
-vvvv) must be equal but for DIFFERENCES, which the page docs/docsite/rst/fast_door.rst tells to users.
"""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import pathlib
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from harness import MEASURED, MODULES, definition_of, platform_of
from scenarios import CANARY, SCENARIOS
from scenarios.netlify import PAGES, site, site_with_pages, tree

from playbooks import COLLECTIONS, Bench

pytestmark = pytest.mark.playbook

DOORS = {"fast": True, "module": False}
# Keys of a result that may differ, wherever they stand.
DIFFERENCES = MEASURED | {
    # The platform gives each request another one.
    "request_id",
    # Where Ansible adds a traceback or a word about one: the fast door has none.
    "exception",
}
# What Ansible lists in another order in each process.
IN_NO_ORDER = re.compile(r"Valid booleans include: .*")
# Where nobody listens: what forgets the sandbox's URL shall reach nobody.
NOWHERE = "http://127.0.0.1:9"
PLAY = [
    sys.executable,
    str(pathlib.Path(sys.executable).parent / "ansible-playbook"),
    "-i",
    "inventory.yml",
    "playbook.yml",
]
PASSWORD = b"of the vault"
# One value of each type as a playbook may well have it, and one that the type does not take.
PLAIN = {
    "str": "text",
    "bool": "yes",
    "int": "3",
    "float": "2.5",
    "list": "one,two",
    "dict": "one=two",
    "path": "~/no/such",
    "raw": "raw",
}
BAD = {
    "str": {"a": "text"},
    "bool": "perhaps",
    "int": "many",
    "float": "many",
    "list": {"a": "text"},
    "dict": "text",
    "path": {"a": "text"},
    "raw": ["a", {"b": "text"}],
}
# The scenario whose options a module's cases begin with, where it is not the one with most options.
RICHEST = {"verify": "several"}


class Vaulted(str):
    """A text that stands encrypted in the playbook."""


class Dumper(yaml.SafeDumper):
    pass


def _vaulted(dumper, value):
    encrypted = VaultLib([("default", VaultSecret(PASSWORD))]).encrypt(str(value), VaultSecret(PASSWORD)).decode()
    return dumper.represent_scalar("!vault", encrypted, style="|")


Dumper.add_representer(Vaulted, _vaulted)


@dataclass
class Case:
    """One task: its options, and the keywords besides."""

    name: str
    options: dict
    keywords: dict = field(default_factory=dict)


def forms(name: str, option: dict, given) -> list:
    """(form, value) of one option; None is an explicit null."""
    kind = option.get("type", "str")
    found = [
        ("null", None),
        ("plain", PLAIN[kind]),
        ("bad type", BAD[kind]),
        ("template", "{{ no_such_variable | default('text') }}"),
    ]
    if given is not None:
        found.append(("given", given))
    if option.get("choices"):
        found += [("choice", option["choices"][-1]), ("no choice", "nonsense")]
    text = str(given) if isinstance(given, (str, int, float)) else PLAIN[kind]
    found.append(("vault", {"list": [Vaulted(text)], "dict": {"key": Vaulted(text)}}.get(kind, Vaulted(text))))
    return found


# What every option is tried in, beside the base, which has it set or not: the rest adds nothing when another option of the same kind
# has been through it.
ESSENTIAL = {"bad type", "vault"}


def kind_of(option: dict) -> tuple:
    """What of an option's specification decides how Ansible treats its value."""
    return (
        option.get("type", "str"),
        option.get("elements"),
        *(bool(option.get(key)) for key in ("choices", "no_log", "fallback", "aliases", "options")),
    )


def cases_of(name: str, option: dict, base: dict, essential: bool = False) -> list:
    """All forms of one option, or the essential ones, in place of what the base has."""
    rest = {key: value for key, value in base.items() if key != name and key not in option.get("aliases", ())}
    given = base.get(name)
    found = [Case(f"{name} unset", rest)] if name in base or not essential else []
    found += [
        Case(f"{name} {form}", {**rest, name: value})
        for form, value in forms(name, option, given)
        if form in ESSENTIAL or not essential
    ]
    usual = given if given is not None else PLAIN[option.get("type", "str")]
    for alias in option.get("aliases", ()):
        found += [
            Case(f"{name} as {alias}", {**rest, alias: usual}),
            Case(f"{name} and {alias}", {**rest, name: usual, alias: usual}),
        ]
    if option.get("fallback"):
        for variable in option["fallback"][1]:
            for form, value in (("given", usual), ("empty", ""), ("vault", Vaulted(usual))):
                found.append(Case(f"{name} from {variable} {form}", rest, {"environment": {variable: value}}))
    for sub_name, sub_option in (option.get("options") or {}).items():
        inner = given[0] if isinstance(given, list) else given or {}
        for case in cases_of(sub_name, sub_option, inner, essential):
            value = [case.options, *given[1:]] if isinstance(given, list) else case.options
            found.append(Case(f"{name}.{case.name}", {**rest, name: value}, case.keywords))
    return found


def options_to_try(module: str) -> dict:
    """The options that are not the very same in a module before this one."""
    before: list = []
    for other in MODULES[: MODULES.index(module)]:
        before += definition_of(other).spec["argument_spec"].items()
    return {
        name: option
        for name, option in definition_of(module).spec["argument_spec"].items()
        if (name, option) not in before
    }


class TwoDoors(Bench):
    """Runs each case through both doors, in one playbook."""

    def compare(self, cases: list, *, module: str, play: dict | None = None, arguments=(), **environment: str) -> dict:
        """{name of the case: result, without DIFFERENCES}, which both doors gave; the output besides, by the name "output"."""
        tasks = [
            {
                "name": f"{door}: {case.name}",
                f"webops.paas.{module}": case.options,
                "ignore_errors": True,
                **case.keywords,
                "vars": {**case.keywords.get("vars", {}), "webops_paas_fast": is_fast},
            }
            for case in cases
            for door, is_fast in DOORS.items()
        ]
        output, results = self.results(tasks, play or {}, *arguments, **environment)
        given = {case.name: [results[f"{door}: {case.name}"] for door in DOORS] for case in cases}
        assert not {name: differing(*both) for name, both in given.items() if both[0] != both[1]}
        return {"output": output, **{name: both[0] for name, both in given.items()}}

    def results(self, tasks: list, play: dict, *arguments: str, **environment: str):
        """(output, {name of the task: its results, one for each item})."""
        written = self.directory / "results"
        written.write_text("")
        (self.directory / "password").write_bytes(PASSWORD)
        content = [{"name": "Doors", "hosts": "localhost", "gather_facts": False, **play, "tasks": tasks}]
        (self.directory / "playbook.yml").write_text(yaml.dump(content, Dumper=Dumper, sort_keys=False))
        output = self.run(
            "ansible-playbook",
            "--vault-password-file",
            "password",
            "playbook.yml",
            *arguments,
            **{
                "TASK_RESULTS": str(written),
                "ANSIBLE_CALLBACKS_ENABLED": "task_results",
                "ANSIBLE_INJECT_INVOCATION": "true",
                "ANSIBLE_CALLBACK_PLUGINS": str(pathlib.Path(__file__).parent / "callback_plugins"),
                **environment,
            },
        )
        results: dict = {}
        for line in written.read_text().splitlines():
            entry = json.loads(line)
            results.setdefault(entry["task"], []).append(without_differences(entry["result"]))
        return output, results


def differing(fast: list, ordinary: list) -> list:
    """What a person needs to see: of each item's result the keys that differ, as (fast, ordinary)."""
    return (
        [len(fast), len(ordinary)]
        if len(fast) != len(ordinary)
        else [
            {
                key: (one.get(key), other.get(key))
                for key in {**one, **other}
                if one.get(key) != other.get(key) or (key in one) != (key in other)
            }
            for one, other in zip(fast, ordinary)
        ]
    )


def without_differences(value):
    if isinstance(value, dict):
        return {key: without_differences(item) for key, item in value.items() if key not in DIFFERENCES}
    if isinstance(value, list):
        return [without_differences(item) for item in value]
    return (
        IN_NO_ORDER.sub(lambda found: " ".join(sorted(found.group().replace(",", "").split())), value)
        if isinstance(value, str)
        else value
    )


@pytest.fixture
def doors(tmp_path):
    return TwoDoors(tmp_path)


def connected(world, module: str, options: dict) -> dict:
    """With what the module needs to reach the sandbox."""
    names = definition_of(module).spec["argument_spec"]
    return {
        **{name: value for name, value in world.platform_options(platform_of(module)).items() if name in names},
        **options,
    }


def parts() -> list:
    """(module, names of options), so that each has about the same number of cases."""
    found = []
    for module in MODULES:
        names, size = [], 0
        for name, option in options_to_try(module).items():
            names.append(name)
            size += len(cases_of(name, option, {}, not is_first_of_its_kind(module, name)))
            if size >= 40:
                found.append((module, names))
                names, size = [], 0
        if names:
            found.append((module, names))
    return found


def is_first_of_its_kind(module: str, name: str) -> bool:
    """Whether no option before it, in the order of parts(), is treated alike."""
    before: list = []
    for other in MODULES[: MODULES.index(module) + 1]:
        for other_name, option in options_to_try(other).items():
            if (other, other_name) == (module, name):
                return kind_of(option) not in before
            before.append(kind_of(option))
    raise ValueError(name)


def of_check_mode(world, module: str) -> dict:
    """Options for a prediction that succeeds; the platform is as they need it."""
    scenarios = [scenario for scenario in SCENARIOS if scenario.module == module]
    chosen = [scenario for scenario in scenarios if scenario.name == RICHEST.get(module)] or sorted(
        scenarios, key=lambda scenario: -len(json.dumps(scenario.options, default=str))
    )
    chosen[0].given(world)
    options = connected(world, module, chosen[0].options_for(world))
    # What cannot succeed shall fail at once.
    return {
        **options,
        **{
            name: value
            for name, value in (("wait", False), ("retries", 0))
            if name in definition_of(module).spec["argument_spec"]
        },
    }


@pytest.mark.parametrize(
    "module,names", parts(), ids=lambda value: value if isinstance(value, str) else "-".join(value[:1])
)
def test_every_option(world, doors, module, names):
    """Those of a new kind in every form. In check mode, so that every task meets the same state."""
    compare_options(world, doors, module, names, lambda name: not is_first_of_its_kind(module, name))


@pytest.mark.soak
@pytest.mark.parametrize(
    "module,names", parts(), ids=lambda value: value if isinstance(value, str) else "-".join(value[:1])
)
def test_every_option_in_every_form(world, doors, module, names):
    compare_options(world, doors, module, names, lambda name: False)


def compare_options(world, doors, module, names, is_essential):
    base = of_check_mode(world, module)
    cases = [
        Case("base", base),
        Case("unsupported", {**base, "nonsense": CANARY}),
        Case("unsupported alone", {"nonsense": 1}),
    ]
    spec = definition_of(module).spec["argument_spec"]
    for name in names:
        cases += cases_of(name, spec[name], base, is_essential(name))
    results = doors.compare(cases, module=module, play={"check_mode": True, "diff": True}, https_proxy=NOWHERE)
    assert not results["base"][0]["failed"], results["base"]
    assert "Unsupported parameters for" in results["unsupported"][0]["msg"]


# -- Keywords of a task ------------------------------------------------------------------------------------------------


def used_door(output: str, module: str) -> str:
    """The door of a single task, from output with -vvv."""
    return "module" if re.search(rf"Using module file .*/{module}\.py", output) else "fast"


def test_keywords_of_a_task(world, doors):
    """Of those that change a result or what is shown of it; the playbook's relative paths and its module_defaults too."""
    site_with_pages(world)
    site(world, "other", notification_email="{{ 7*7 }}{{ lookup('env', 'HOME') }}@example.com")
    connection = connected(world, "netlify_site_info", {})
    # Core prints the lines of a playbook that a failing task stands in, and the items of a loop.
    secret, token = connection.pop("token"), "{{ tokens[0] }}"
    variables = {"tokens": [secret, "nfp_wrong_" + CANARY, secret]}
    defaults = {
        "group/webops.paas.netlify": {**connection, "site": "other"},
        "webops.paas.netlify_site_info": {"site": "shop"},
    }
    cases = [
        Case("defaults of the module before those of the group", {"token": token}),
        Case("options before defaults", {"token": token, "site": "other"}),
        Case("a failure", {"token": "wrong"}),
        Case("null is not omitted", {"token": None}, {"environment": {"NETLIFY_AUTH_TOKEN": token}}),
        Case("omit is", {"token": "{{ omit }}"}, {"environment": {"NETLIFY_AUTH_TOKEN": token}}),
        Case("loop", {"token": "{{ tokens[item] }}"}, {"loop": [0, 1, 2]}),
        Case("loop and environment", {}, {"loop": [1, 2], "environment": {"NETLIFY_AUTH_TOKEN": token}}),
        Case("no_log", {"token": token}, {"no_log": True}),
        Case("no_log of a failure", {"token": "wrong"}, {"no_log": True}),
        Case(
            "failed_when",
            {"token": token},
            {"register": "found", "failed_when": "found.sites | length == 1", "changed_when": True},
        ),
        Case(
            "until",
            {"token": token},
            {"register": "found", "until": "found.sites | length == 2", "retries": 1, "delay": 0},
        ),
        Case("check mode", {"token": token}, {"check_mode": True}),
        Case("diff", {"token": token}, {"diff": True}),
        Case("by its short name", {"token": token}, {"collections": ["webops.paas"]}),
        Case("delegated to this host", {"token": token}, {"delegate_to": "localhost"}),
        Case("template text of the platform", {"token": token, "site": "other"}),
        Case("a relative path", {"token": token, "ca_path": "playbook.yml"}),
        Case("a path that is not there", {"token": token, "ca_path": "no/such"}),
        Case("a path at home", {"token": token, "ca_path": "~"}),
        Case("a secret that is part of the result", {"token": "shop"}),
        Case(
            "a proxy of the environment",
            {"token": token, "api_url": "https://api.example.com", "retries": 0},
            {"environment": {"https_proxy": NOWHERE}},
        ),
        Case("a number in the environment", {}, {"environment": {"NETLIFY_AUTH_TOKEN": 12345}}),
        Case("options as text", {}, {"args": {"token": token, "retries": "0"}}),
    ]
    results = doors.compare(
        cases,
        module="netlify_site_info",
        play={"module_defaults": defaults, "vars": variables},
        arguments=("-vvv",),
        https_proxy=NOWHERE,
    )
    first = {name: items[0] for name, items in results.items() if name != "output"}
    for name, found in (
        ("defaults of the module before those of the group", "shop"),
        ("options before defaults", "other"),
        ("omit is", "shop"),
    ):
        assert [item["name"] for item in first[name]["sites"]] == [found]
    assert first["a failure"]["error"]["status"] == 401 and first["null is not omitted"]["error"]["option"] == "token"
    # The last result is that of the whole loop.
    assert [item["failed"] for item in results["loop"][:3]] == [False, True, False]
    assert [len(item["sites"]) for item in results["loop and environment"][:2]] == [1, 1]
    assert first["failed_when"]["failed"] is True and first["failed_when"]["sites"]
    assert first["template text of the platform"]["sites"][0]["notification_email"].startswith("{{ 7*7 }}")
    assert not first["a relative path"]["failed"] and "no/such." in first["a path that is not there"]["msg"]
    assert CANARY not in results["output"]
    assert secret not in results["output"].replace(f"NETLIFY_AUTH_TOKEN={secret}", "")


def test_what_is_registered(world, doors):
    """A registered result, and what a template makes of it."""
    site(world, "shop", notification_email="{{ 7*7 }}@example.com")
    options = connected(world, "netlify_site_info", {"site": "shop"})
    tasks = []
    for door, is_fast in DOORS.items():
        tasks += [
            {
                "name": "Asked",
                "webops.paas.netlify_site_info": options,
                "register": door,
                "vars": {"webops_paas_fast": is_fast},
            },
            {
                "name": f"Shown {door}",
                "ansible.builtin.debug": {
                    "msg": [
                        f"{{{{ {door} }}}}",
                        f"{{{{ {door}.sites[0].notification_email }}}}",
                        f"{{{{ {door}.sites | type_debug }}}}",
                    ]
                },
            },
        ]
    _output, results = doors.results(tasks, {})
    shown = [results[f"Shown {door}"][0]["msg"] for door in DOORS]
    assert shown[0] == shown[1]
    assert shown[0][1] == "{{ 7*7 }}@example.com"


@pytest.mark.parametrize(
    "keywords,environment,door",
    [
        ({}, {}, "fast"),
        ({"vars": {"ansible_python_interpreter": "auto_silent"}}, {}, "fast"),
        ({"vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}}, {}, "fast"),
        ({"vars": {"ansible_python_interpreter": "{{ lookup('file', 'link') }}"}}, {}, "module"),
        ({"vars": {"webops_paas_fast": False}}, {}, "module"),
        ({"vars": {"webops_paas_fast": "{{ 'no' }}"}}, {}, "module"),
        ({}, {"WEBOPS_PAAS_FAST": "0"}, "module"),
        ({}, {"WEBOPS_PAAS_FAST": ""}, "fast"),
        ({"vars": {"webops_paas_fast": True}}, {"WEBOPS_PAAS_FAST": "0"}, "fast"),
        ({"async": 30, "poll": 1}, {}, "module"),
        ({"delegate_to": "localhost"}, {}, "fast"),
        ({"delegate_to": "elsewhere"}, {}, "module"),
        ({"become": True}, {}, "module"),
        ({}, {"PYTHONPATH": "without_requests"}, "module"),
    ],
    ids=lambda value: value if isinstance(value, str) else json.dumps(value).replace(" ", ""),
)
def test_which_door(world, doors, keywords, environment, door):
    site(world, "shop")
    (doors.directory / "python").symlink_to(sys.executable)
    (doors.directory / "link").write_text(str(doors.directory / "python"))
    (doors.directory / "without_requests").mkdir()
    (doors.directory / "without_requests" / "requests.py").write_text("raise ImportError('hidden')")
    environment = {"ANSIBLE_ASYNC_DIR": str(doors.directory / "async"), **environment}
    hosts = json.loads((doors.directory / "inventory.yml").read_text())
    # Local as well, but with another interpreter: one that ends every module at once.
    hosts["all"]["hosts"]["elsewhere"] = {"ansible_connection": "local", "ansible_python_interpreter": "/bin/false"}
    (doors.directory / "inventory.yml").write_text(json.dumps(hosts))
    task = {
        "name": "Asked",
        "webops.paas.netlify_site_info": connected(world, "netlify_site_info", {"site": "shop"}),
        **keywords,
        "ignore_errors": True,
    }
    output, results = doors.results([task], {}, "-vvv", **environment)
    assert used_door(output, "netlify_site_info") == door
    # Who runs this decides whether it may become root, and the Python whether its packages are found through a link.
    may_fail = "become" in keywords or "lookup" in json.dumps(keywords)
    cannot_succeed = keywords.get("delegate_to") == "elsewhere" or "PYTHONPATH" in environment
    assert may_fail or ("sites" in results["Asked"][-1]) is not cannot_succeed
    assert (
        "PYTHONPATH" not in environment
        or "Failed to import the required Python library (requests)" in results["Asked"][-1]["msg"]
    )


@pytest.mark.parametrize("value,environment", [("perhaps", {}), (None, {"WEBOPS_PAAS_FAST": "perhaps"})])
def test_a_switch_that_is_neither(doors, value, environment):
    task = {
        "name": "Asked",
        "webops.paas.netlify_site_info": {"site": "shop"},
        "ignore_errors": True,
        "vars": {"webops_paas_fast": value} if value else {},
    }
    _output, results = doors.results([task], {}, **environment)
    assert ("WEBOPS_PAAS_FAST" if environment else "webops_paas_fast") + " must be true or false" in results["Asked"][
        0
    ]["msg"]


# -- One connection ----------------------------------------------------------------------------------------------------


@pytest.fixture
def listening():
    """A server that has no site, and notes (connection, credential) of each request."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            seen.append((self.client_address, self.headers["Authorization"]))
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", seen
    server.shutdown()
    thread.join()
    server.server_close()


def test_one_connection_for_each_token_of_a_loop(doors, listening):
    url, seen = listening
    tokens = ["first", "second", "first", "second", "first"]
    task = {
        "name": "Asked",
        "webops.paas.netlify_site": {"name": "shop", "state": "absent", "api_url": url, "token": "{{ item }}"},
        "loop": tokens,
    }
    doors.results([task, task], {})
    assert [credential for _connection, credential in seen] == [f"Bearer {token}" for token in tokens] * 2
    first, second = seen[: len(tokens)], seen[len(tokens) :]
    assert len(set(first)) == len({connection for connection, _credential in first}) == 2
    assert not set(first) & set(second), "a connection outlives its task"


# -- Long work ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def slow_deploy(world):
    """Options of a deploy of which every upload takes longer than a test has time."""
    site(world, "shop")
    world.sandbox.admin(
        "POST",
        "faults",
        {"platform": "netlify", "operation": "uploadDeployFile", "kind": "slow", "seconds": 60, "times": None},
    )
    options = {
        "site": "shop",
        "src": tree(world, {f"{number}.html": f"page {number}" for number in range(30)}),
        **world.platform_options(),
    }
    yield {**options, "timeout": 90}
    world.sandbox.admin("DELETE", "faults")


def test_a_timeout_ends_uploads_at_once(doors, slow_deploy):
    task = {"name": "Deployed", "webops.paas.netlify_deploy": slow_deploy, "timeout": 3, "ignore_errors": True}
    began = time.monotonic()
    _output, results = doors.results([task], {})
    assert time.monotonic() - began < 20
    # The words differ from core to core; all name the time.
    assert results["Deployed"][0]["failed"] and re.search(r"\b3\b", results["Deployed"][0]["msg"])


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_uploads_at_once(world, doors, slow_deploy, sent):
    play = [
        {
            "name": "Doors",
            "hosts": "localhost",
            "gather_facts": False,
            "tasks": [{"name": "Deployed", "webops.paas.netlify_deploy": slow_deploy}],
        }
    ]
    (doors.directory / "playbook.yml").write_text(json.dumps(play))
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(COLLECTIONS)),
        "LC_ALL": "C.UTF-8",
    }
    # Whoever is started in the background ignores SIGINT, and so does what it starts; a terminal's programs do not.
    running = subprocess.Popen(
        PLAY,
        cwd=doors.directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    ends_at = time.monotonic() + 30
    while not any(call["operation"] == "createSiteDeploy" for call in world.sandbox.calls()):
        assert time.monotonic() < ends_at and running.poll() is None, "no deploy was begun"
        time.sleep(0.05)
    # As a terminal does it: to the whole group.
    os.killpg(running.pid, sent)
    began = time.monotonic()
    running.communicate(timeout=20)
    assert running.returncode and time.monotonic() - began < 10
    while True:
        try:
            os.killpg(running.pid, 0)
        except ProcessLookupError:
            break
        assert time.monotonic() - began < 10, "a process of the playbook lives on"
        time.sleep(0.05)


def on_a_terminal(doors, task: dict, **environment: str) -> str:
    """What ansible-playbook prints on a terminal."""
    (doors.directory / "playbook.yml").write_text(
        json.dumps([{"name": "Doors", "hosts": "localhost", "gather_facts": False, "tasks": [task]}])
    )
    ours, theirs = pty.openpty()
    env = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(COLLECTIONS)),
        "LC_ALL": "C.UTF-8",
        **environment,
    }
    running = subprocess.Popen(PLAY, cwd=doors.directory, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    printed = b""
    with contextlib.suppress(OSError):
        while block := os.read(ours, 65536):
            printed += block
    os.close(ours)
    assert running.wait(60) == 0, printed.decode()
    return printed.decode()


@pytest.mark.parametrize(
    "keywords,environment,is_told",
    [
        ({}, {}, True),
        ({"no_log": True}, {}, False),
        ({}, {"AWX_ISOLATED_DATA_DIR": "/nowhere"}, False),
        ({}, {"RUNNER_OMIT_EVENTS": "False"}, False),
        ({"vars": {"webops_paas_fast": False}}, {}, False),
    ],
    ids=["terminal", "no_log", "AWX", "ansible-runner", "module"],
)
def test_progress_is_told_on_a_terminal(world, doors, keywords, environment, is_told):
    world.sandbox.admin("PATCH", "settings", {"deploy_processing_seconds": 7})
    site(world, "shop")
    options = {"site": "shop", "src": tree(world, PAGES), **world.platform_options()}
    printed = on_a_terminal(
        doors, {"name": "Deployed", "webops.paas.netlify_deploy": options, **keywords}, **environment
    )
    told = re.findall(r"^\[localhost\] webops\.paas\.netlify_deploy: The deploy \w+: \w+\s*$", printed, re.MULTILINE)
    assert (0 < len(told) <= 2) if is_told else not told, printed


def test_ansible_runner(world, doors):
    """As AWX runs playbooks: the events of both doors are equal, no file that is left has the token, nobody tells progress."""
    world.sandbox.admin("PATCH", "settings", {"deploy_processing_seconds": 7})
    site(world, "shop")
    secret = world.platform_options()["token"]
    cases = [
        Case("found", {"site": "shop"}),
        Case("loop", {"site": "{{ item }}"}, {"loop": ["shop", "none"]}),
        Case("refused", {"site": "shop", "token": "nfp_wrong_" + CANARY}, {"ignore_errors": True}),
    ]
    tasks = [
        {
            "name": f"{door}: {case.name}",
            "webops.paas.netlify_site_info": case.options,
            "vars": {"webops_paas_fast": is_fast},
            **case.keywords,
        }
        for case in cases
        for door, is_fast in DOORS.items()
    ]
    tasks.append({"name": "Deployed", "webops.paas.netlify_deploy": {"site": "shop", "src": tree(world, PAGES)}})
    project = doors.directory / "project"
    project.mkdir()
    (project / "playbook.yml").write_text(
        json.dumps([{"name": "Doors", "hosts": "localhost", "gather_facts": False, "tasks": tasks}])
    )
    for place, content in {
        "inventory/hosts.json": (doors.directory / "inventory.yml").read_text(),
        "env/envvars": json.dumps(
            {"NETLIFY_AUTH_TOKEN": "{token}", "NETLIFY_API_URL": world.platform_options()["api_url"]}
        ),
    }.items():
        (doors.directory / place).parent.mkdir(exist_ok=True)
        (doors.directory / place).write_text(content.replace("{token}", secret))
    programs = str(pathlib.Path(sys.executable).parent)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ansible_runner",
            "run",
            str(doors.directory),
            "-p",
            "playbook.yml",
            "-vvv",
            "--ident",
            "doors",
        ],
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(COLLECTIONS)),
            "LC_ALL": "C.UTF-8",
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "ANSIBLE_INJECT_INVOCATION": "true",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    artifacts = doors.directory / "artifacts"
    events = [json.loads(path.read_text()) for path in sorted(artifacts.glob("*/job_events/*.json"))]
    results: dict = {}
    for event in sorted(events, key=lambda event: event["counter"]):
        data = event.get("event_data", {})
        if "res" in data:
            results.setdefault(data["task"], []).append(without_differences(data["res"]))
    for case in cases:
        fast, ordinary = (results[f"{door}: {case.name}"] for door in DOORS)
        assert fast and fast == ordinary, (case.name, differing(fast, ordinary))
    assert results["Deployed"][-1]["changed"] is True
    # In "command" the runner itself keeps the environment that it was given, whatever it runs.
    left = "".join(
        path.read_text(errors="replace") for path in artifacts.rglob("*") if path.is_file() and path.name != "command"
    )
    assert secret not in left + done.stdout
    assert "netlify_deploy: The deploy" not in done.stdout, "progress was told"
