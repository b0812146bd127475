# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-lint without work that it repeats: it copies each task for each of its rules, and starts ansible-playbook for
the syntax of each playbook and role.

    quick_lint.py ARGUMENT...
"""

from __future__ import annotations

import os
import runpy
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from ansiblelint import utils
from ansiblelint.runner import Runner

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "contract"))

from running_python import running_python

copy_task = utils._sanitize_task
check_syntax = Runner._run_syntax_check_phase
# With the task itself, so that nothing else gets its id.
copies: dict[int, tuple[Any, Any]] = {}


def copy_task_once(task: Any) -> Any:
    if id(task) not in copies:
        copies[id(task)] = (task, copy_task(task))
    return copies[id(task)][1]


def check_syntax_in_running_python(self: Runner, matches: list) -> list:
    env = self.app.runtime.environ
    path = env["PATH"]
    # What ansible-lint sets for each of these programs.
    settings = {"PYTHONWARNINGS": "ignore", "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "False"}
    with (
        tempfile.TemporaryDirectory() as directory,
        running_python(Path(directory), {**env, **settings}, "running_ansible") as client,
    ):
        program = Path(directory, "ansible-playbook")
        program.write_text(f'#!/bin/sh\nexec {client} {shutil.which("ansible-playbook", path=path)} "$@"\n')
        program.chmod(0o700)
        env["PATH"] = os.pathsep.join([directory, path])
        try:
            return check_syntax(self, matches)
        finally:
            env["PATH"] = path


utils._sanitize_task = copy_task_once
Runner._run_syntax_check_phase = check_syntax_in_running_python
runpy.run_module("ansiblelint", run_name="__main__", alter_sys=True)
