# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes each result, as callbacks get it, as a JSON line to the file that the variable TASK_RESULTS names.

With the variable PACKED_MODULES, a directory, programs keep there the modules that they have packed, which takes longer
than running one. With the variable PLAY_GATE, a port on which the suite listens, each play waits until the suite has
prepared it.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket

from ansible import constants
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: task_results
type: notification
short_description: Writes the result of each task
description:
  - Appends one JSON line a task or item to the file that the environment variable E(TASK_RESULTS) names.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "task_results"

    def v2_playbook_on_start(self, playbook):
        if "PACKED_MODULES" in os.environ:
            with contextlib.suppress(FileExistsError):
                os.symlink(os.environ["PACKED_MODULES"], os.path.join(constants.DEFAULT_LOCAL_TMP, "ansiballz_cache"))

    def v2_playbook_on_play_start(self, play):
        if "PLAY_GATE" in os.environ:
            with socket.create_connection(("127.0.0.1", int(os.environ["PLAY_GATE"]))) as gate:
                gate.sendall(play.get_name().encode() + b"\n")
                gate.recv(1)

    def v2_runner_on_ok(self, result):
        self._write(result, False)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._write(result, True)

    def v2_runner_item_on_ok(self, result):
        self._write(result, False)

    def v2_runner_item_on_failed(self, result):
        self._write(result, True)

    def _write(self, result, failed):
        # Newer versions of ansible-core have a public name for it.
        content = getattr(result, "result", None) or result._result
        task = getattr(result, "task", None) or result._task
        with open(os.environ["TASK_RESULTS"], "a", encoding="utf-8") as file:
            file.write(
                json.dumps({"task": task.get_name(), "result": {**content, "failed": failed}}, default=str) + "\n"
            )
