# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module says to a Python that is too old for it, with those that this machine has."""

from __future__ import annotations

import glob
import json
import os
import pathlib
import pwd
import shutil
import subprocess

import pytest

from ansible_collections.webops.paas.plugins import modules

PACKAGE = "ansible_collections.webops.paas.plugins.modules"
DIRECTORY = pathlib.Path(next(iter(modules.__path__)))
NAMES = sorted(path.stem for path in DIRECTORY.glob("[a-z]*.py"))
# As ansible-core's wrapper does it.
RUN = (
    f"import runpy, sys\nfor name in sys.argv[1:]:\n  try: runpy.run_module('{PACKAGE}.' + name, run_name='__main__')\n"
)
RUN += "  except SystemExit as error: sys.stdout.write(str(error.code) + '\\n')\n"


def interpreters() -> list:
    """Pythons 3.7 to 3.9, one of each: from pyenv, where there is one, else from PATH."""
    root = os.environ.get("PYENV_ROOT") or os.path.join(pwd.getpwuid(os.getuid()).pw_dir, ".pyenv")
    found = {}
    for version in ("3.7", "3.8", "3.9"):
        there = sorted(glob.glob(f"{root}/versions/{version}.*/bin/python")) or [shutil.which(f"python{version}")]
        if there[-1] and "shims" not in there[-1]:
            found[version] = there[-1]
    return sorted(found.items())


@pytest.mark.parametrize("version,executable", interpreters())
def test_an_old_python_gets_one_sentence_from_every_module(version, executable):
    tree = DIRECTORY.parents[4]
    done = subprocess.run(
        [executable, "-c", RUN, *NAMES],
        env={"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert not done.stderr, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 2 * len(NAMES) and set(lines[1::2]) == {"1"}
    for line in lines[::2]:
        result = json.loads(line)
        assert result["failed"] and not result["changed"] and result["error"] == {"code": "old_python"}
        for word in (f"Python {version}", "3.10", "ansible_python_interpreter", executable):
            assert word in result["msg"]
