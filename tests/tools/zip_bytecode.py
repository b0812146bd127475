# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Caches the bytecode of what Python imports from zip files, the form in which Ansible starts a module.

Python itself does not cache it, and compiling takes most of a module's run time. noxfile.py installs this file into
the test environments, where every Python process imports it at startup.
"""

from __future__ import annotations

import _imp
import marshal
import os
import sys
import types
import zipimport

DIRECTORY = os.path.join(sys.prefix, "zip-bytecode")
KEY = 0

compile_anew = zipimport._compile_source


def compile_once(pathname: str, source: bytes) -> types.CodeType:
    path = os.path.join(DIRECTORY, f"{_imp.source_hash(KEY, source).hex()}-{len(source)}")
    try:
        with open(path, "rb") as file:
            code = marshal.loads(file.read())
        _imp._fix_co_filename(code, pathname)
        return code
    except (OSError, EOFError, ValueError, TypeError):
        code = compile_anew(pathname, source)
    own = f"{path}.{os.getpid()}"
    try:
        os.makedirs(DIRECTORY, exist_ok=True)
        with open(own, "wb") as file:
            file.write(marshal.dumps(code))
        os.replace(own, path)
    except OSError:
        # The directory belongs to another user, or the disk is full.
        pass
    return code


zipimport._compile_source = compile_once
