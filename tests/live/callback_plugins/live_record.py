# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records what a platform responds, without any value: the operation, the status, and the keys of the JSON body.

It replaces a method of the collection's HTTP client before Ansible forks its workers, so it sees the requests of each
module that runs in the controller process.
"""

from __future__ import annotations

import functools
import json
import os

from ansible.plugins.callback import CallbackBase
from shapes import shape_of

from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http

DOCUMENTATION = """
name: live_record
type: notification
short_description: Record tasks and the keys of responses
description:
  - Appends one JSON line per task and per response to the file that the environment variable E(LIVE_RECORD) names.
  - The lines contain no value of a response and no message.
"""


def write(**line):
    """One write call per line: the threads of an upload share the file."""
    with open(os.environ["LIVE_RECORD"], "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def recorded(exchange):
    @functools.wraps(exchange)
    def wrapper(self, call, *arguments, **keywords):
        response = exchange(self, call, *arguments, **keywords)
        try:
            body = json.loads(response.content or b"null")
        except ValueError:
            body = None
        write(platform=call.platform, operation=call.operation, status=response.status, shape=shape_of(body))
        return response

    return wrapper


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "live_record"

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        Http.exchange = recorded(Http.exchange)

    def v2_runner_on_ok(self, result):
        self._write(result, "changed" if content_of(result).get("changed") else "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        error = content_of(result).get("error")
        names = [str(error[key]) for key in ("code", "operation", "status") if error.get(key)] if error else []
        self._write(result, " ".join(["failed", *names]))

    def v2_runner_on_skipped(self, result):
        self._write(result, "skipped")

    def _write(self, result, outcome):
        task = getattr(result, "task", None) or result._task
        host = getattr(result, "host", None) or result._host
        if task.action.startswith("webops.paas."):
            write(platform=host.get_name(), task=task.get_name(), outcome=outcome)


def content_of(result):
    # Newer versions of ansible-core have a public name for it.
    return getattr(result, "result", None) or result._result
