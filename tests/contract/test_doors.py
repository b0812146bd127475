# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both doors return the same for every relevant keyword of a task, and each task goes through the required door."""

from __future__ import annotations

import http.server
import json
import re
import sys
import threading

import pytest
from doors import DOORS, NOWHERE, Case, connected
from scenarios import CANARY
from scenarios.netlify import site, site_with_pages

pytestmark = pytest.mark.playbook


def used_door(output: str, module: str) -> str:
    """The door of a single task, from output with -vvv."""
    return "module" if re.search(rf"Using module file .*/{module}\.py", output) else "fast"


def test_keywords_of_a_task(world, doors):
    """Keywords that change a result or its output; also relative paths and module_defaults of the playbook."""
    site_with_pages(world)
    site(world, "other", notification_email="{{ 7*7 }}{{ lookup('env', 'HOME') }}@example.com")
    connection = connected(world, "netlify_site_info", {})
    # ansible-core prints the lines of the playbook with a failing task, and the items of a loop.
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
    # The last result belongs to the whole loop.
    assert [item["failed"] for item in results["loop"][:3]] == [False, True, False]
    assert [len(item["sites"]) for item in results["loop and environment"][:2]] == [1, 1]
    assert first["failed_when"]["failed"] is True and first["failed_when"]["sites"]
    assert first["template text of the platform"]["sites"][0]["notification_email"].startswith("{{ 7*7 }}")
    assert not first["a relative path"]["failed"] and "no/such." in first["a path that is not there"]["msg"]
    assert CANARY not in results["output"]
    assert secret not in results["output"].replace(f"NETLIFY_AUTH_TOKEN={secret}", "")


def test_what_is_registered(world, doors):
    """A registered result, and its use in a template."""
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
    if "async" in keywords:
        environment = {"ANSIBLE_ASYNC_DIR": str(doors.directory / "async")}
    hosts = json.loads((doors.directory / "inventory.yml").read_text())
    # Also local, but with another interpreter, which ends every module immediately.
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
    # Whether become works depends on the user, and whether packages are found through a link on the Python.
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
    """A server without sites, which records (connection, credential) of each request."""
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
