# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Python runs a module. PRIVATE to the collection.

This file, the modules themselves and _kernel/module.py, which they import first, keep to the syntax of Python 3.7, so
that a Python that is too old gets as far as here. The files that are imported after it may use all of 3.10.
"""

from __future__ import annotations

import json
import os
import sys

OLDEST = (3, 10)


def refuse_older() -> None:
    """Fails the module with a message, instead of a traceback, if Python is older than required.

    The rest of the collection cannot be imported by such a Python.
    """
    if sys.version_info >= OLDEST:
        return
    found, needed = (".".join(map(str, version[:2])) for version in (sys.version_info, OLDEST))
    message = (
        f"webops.paas requires Python {needed} or newer on the host where its modules run, but {sys.executable} is "
        f"Python {found}. Set ansible_python_interpreter to a newer Python, or run the task with delegate_to: "
        "localhost."
    )
    failure = {"failed": True, "changed": False, "msg": message, "error": {"code": "old_python"}}
    sys.stdout.write(json.dumps(failure) + "\n")
    raise SystemExit(1)


def is_own(path: str) -> bool:
    """Whether it is the Python of this process, possibly under another name in its directory: python3 for python.

    A link in another directory can belong to another virtual environment.
    """
    own = sys.executable
    if path == own:
        return True
    try:
        return os.path.samefile(path, own) and os.path.samefile(os.path.dirname(path), os.path.dirname(own))
    except (OSError, ValueError):
        return False


def only_in_the_controller(name: str, obstacle: str) -> str:
    """The message of a module that cannot run elsewhere. obstacle: because of what it would have to."""
    return f"webops.paas.{name} runs in the controller process only, and so not with {obstacle}."
