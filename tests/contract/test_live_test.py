# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""make live-test, with the sandbox in place of the real platform: it reports differences, and leaves nothing behind."""

from __future__ import annotations

import os
import pathlib
import signal
import sys
import threading
import time

import pytest
from harness import ROOT
from scenarios.netlify import site, sites

from playbooks import COLLECTIONS

sys.path.insert(0, str(ROOT / "tests" / "live"))

import run_live_test
from shapes import differences, shape_of

PREFIX = "webops-paas-live-"


@pytest.fixture
def account(new_world, monkeypatch):
    """A world with existing objects and one different status; its tokens are in the environment of this process."""
    world = new_world({"restore_status": 201})
    site(world, "shop")
    for name in os.environ:
        if name.startswith(run_live_test.PREFIXES):
            monkeypatch.delenv(name)
    for name, value in world.environment.items():
        if name.startswith(run_live_test.PREFIXES):
            monkeypatch.setenv(name, value)
    monkeypatch.delenv(run_live_test.CREATE_VARIABLE, raising=False)
    monkeypatch.setenv("PATH", f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("SANDBOX_PYTHON", os.environ.get("SANDBOX_PYTHON", sys.executable))
    return world


def existing(world):
    """Everything that the test could have changed, without what changes by reading."""
    state = world.sandbox.admin("GET", "state")
    state["netlify"].pop("files")  # contents of all earlier deploys
    return {platform: state[platform] for platform in run_live_test.TOKENS}


@pytest.mark.playbook
def test_the_report_names_what_differs_and_nothing_is_left(account, tmp_path):
    before = existing(account)
    assert run_live_test.main([str(COLLECTIONS), str(tmp_path)]) == 0
    assert existing(account) == before
    report = (tmp_path / "report.md").read_text()
    assert "`restoreSiteDeploy`: status 201; on the sandbox 200" in report
    created = {call["operation"] for call in account.sandbox.calls() if call["write"]}
    assert "createSite" in created and "createTenant" not in created
    values = [account.environment[variable] for variable in run_live_test.TOKENS.values()]
    assert not [value for value in (*values, PREFIX, "shop", "hello-hasura") if value in report]
    # The responses of each platform were compared.
    assert "No response was recorded" not in report and "was not sent to the sandbox" not in report


@pytest.mark.playbook
def test_an_interrupt_leaves_nothing(account):
    account.sandbox.admin(
        "POST",
        "faults",
        {"platform": "netlify", "operation": "uploadDeployFile", "kind": "slow", "seconds": 60, "times": 1},
    )

    def interrupt():
        ends_at = time.monotonic() + 60
        while time.monotonic() < ends_at:
            if any(call["operation"] == "createSiteDeploy" for call in account.sandbox.calls()):
                break
            time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=interrupt, daemon=True).start()
    with (
        pytest.raises(KeyboardInterrupt),
        run_live_test.interruptible(),
        run_live_test.Stage("webops-paas-live-") as stage,
    ):
        stage.env["ANSIBLE_COLLECTIONS_PATH"] = str(COLLECTIONS)
        run = run_live_test.Run(stage, ["netlify"], ["netlify"], account.environment)
        run.perform()
    operations = [call["operation"] for call in account.sandbox.calls()]
    assert "createSite" in operations and "deleteSite" in operations
    assert [each["name"] for each in sites(account)] == ["shop"]


def test_without_a_token_it_says_what_to_set(monkeypatch, capsys):
    for variable in run_live_test.TOKENS.values():
        monkeypatch.delenv(variable, raising=False)
    assert run_live_test.main(["--check"]) == 2
    told = capsys.readouterr().err
    assert "0 tasks" in told and all(variable in told for variable in run_live_test.TOKENS.values())


@pytest.mark.parametrize("allowed", ["fleek", "netlify,flightcontrol"])
def test_nothing_is_created_that_could_not_be_deleted(monkeypatch, capsys, allowed):
    monkeypatch.setenv(run_live_test.TOKENS["netlify"], "nfp_x")
    monkeypatch.setenv(run_live_test.CREATE_VARIABLE, allowed)
    assert run_live_test.main(["--check"]) == 2
    assert run_live_test.CREATE_VARIABLE in capsys.readouterr().err


def test_differences_of_shapes():
    sandbox = [{"id": "a", "plan": None, "gone": 1, "env": {"A": "x"}, "size": 1}]
    real = [{"id": 5, "plan": "pro", "env": {"SECRET_NAME": "y"}, "size": None, "new": {"deep": True}, "/a/path": 1}]
    assert list(differences(shape_of(real), shape_of(sandbox))) == [
        "`[].gone` is missing",
        "`[].id` is number; on the sandbox string",
        "`[].new` (object) is not known to the sandbox",
        "`[].size` is null; on the sandbox number",
    ]
    assert not list(differences(shape_of([]), shape_of(sandbox)))
