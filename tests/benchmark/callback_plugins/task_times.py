# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes how long each task took to the file that the environment variable TASK_TIMES names, as JSON lines."""

from __future__ import annotations

import json
import os
import time

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: task_times
type: notification
short_description: Writes how long each task took
description:
  - Appends one JSON line a task to the file that the environment variable E(TASK_TIMES) names.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "task_times"

    def v2_playbook_on_task_start(self, task, is_conditional):
        self._began = time.monotonic()

    def v2_runner_on_ok(self, result):
        self._write(result, False)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._write(result, True)

    def _write(self, result, failed):
        with open(os.environ["TASK_TIMES"], "a", encoding="utf-8") as file:
            file.write(
                json.dumps(
                    {
                        "seconds": time.monotonic() - self._began,
                        "failed": failed,
                        "changed": bool(result._result.get("changed")),
                        "msg": result._result.get("msg"),
                    }
                )
                + "\n"
            )
