# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long work through both doors: it stops at once on a signal, reports progress, and runs under ansible-runner."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import pty
import re
import signal
import subprocess
import sys
import time

import pytest
from doors import DOORS, PLAY, Case, differing, without_differences
from scenarios import CANARY
from scenarios.netlify import PAGES, site, tree

from playbooks import COLLECTIONS

pytestmark = pytest.mark.playbook


@pytest.fixture
def slow_deploy(world):
    """Options of a deploy in which every upload takes longer than the test."""
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
    # The words differ between versions of ansible-core; all contain the time.
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
    # A background process and its children ignore SIGINT; programs in a terminal do not.
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
    # Like a terminal: to the whole process group.
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


def on_a_terminal(doors, tasks: list, **environment: str) -> dict[str, str]:
    """{name of a task: what ansible-playbook prints on a terminal meanwhile}."""
    (doors.directory / "playbook.yml").write_text(
        json.dumps([{"name": "Doors", "hosts": "localhost", "gather_facts": False, "tasks": tasks}])
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
    parts = re.split(r"^TASK \[(.*?)\].*$", printed.decode(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def deploy_of(world, name: str, files: dict, **options) -> dict:
    """A task that deploys these files to a new site."""
    site(world, name)
    given = {"site": name, "src": tree(world, files, name), **options, **world.platform_options()}
    return {"name": name, "webops.paas.netlify_deploy": given}


def is_told_states(printed: str) -> bool:
    told = re.findall(r"^\[localhost\] webops\.paas\.netlify_deploy: The deploy \w+: \w+\s*$", printed, re.MULTILINE)
    assert len(told) <= 2, printed
    return bool(told)


def test_progress_is_told_on_a_terminal(world, doors):
    """The states of a deploy; its files and bytes, if an upload takes longer than the pause between two messages."""
    world.sandbox.admin("PATCH", "settings", {"deploy_processing_seconds": 7})
    world.sandbox.admin(
        "POST",
        "faults",
        {"platform": "netlify", "operation": "uploadDeployFile", "kind": "slow", "seconds": 3, "times": 2},
    )
    tasks = [
        deploy_of(world, "uploads", {"a.html": "a" * 3000, "b.html": "b" * 2000}, concurrency=1),
        deploy_of(world, "states", PAGES),
        {**deploy_of(world, "no-log", PAGES), "no_log": True},
        {**deploy_of(world, "module", PAGES), "vars": {"webops_paas_fast": False}},
    ]
    printed = on_a_terminal(doors, tasks)
    assert re.search(
        r"^\[localhost\] webops\.paas\.netlify_deploy: 2 of 2 files uploaded, 5\.0 kB of 5\.0 kB\s*$",
        printed.pop("uploads"),
        re.MULTILINE,
    ), printed
    told = {name: is_told_states(text) for name, text in printed.items()}
    assert told == {"states": True, "no-log": False, "module": False}, printed


@pytest.mark.parametrize("name,value", [("AWX_ISOLATED_DATA_DIR", "/nowhere"), ("RUNNER_OMIT_EVENTS", "False")])
def test_no_progress_is_told_to_what_collects_it(world, doors, name, value):
    world.sandbox.admin("PATCH", "settings", {"deploy_processing_seconds": 7})
    printed = on_a_terminal(doors, [deploy_of(world, "shop", PAGES)], **{name: value})
    assert not is_told_states(printed["shop"])


def test_ansible_runner(world, doors):
    """As AWX runs playbooks: the events of both doors are equal, no remaining file contains the token, no progress is
    reported.
    """
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
    # The runner itself stores its own environment in "command", regardless of what it runs.
    left = "".join(
        path.read_text(errors="replace") for path in artifacts.rglob("*") if path.is_file() and path.name != "command"
    )
    assert secret not in left + done.stdout
    assert "netlify_deploy: The deploy" not in done.stdout, "progress was told"
