# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The message of a module under a Python that is too old. Part of make matrix: no other test needs these Pythons."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from harness import MODULES

from ansible_collections.webops.paas.plugins.module_utils._core import version as _version

pytestmark = pytest.mark.old_python

ROOT = _version.__file__.partition("ansible_collections")[0]
PACKAGE = "ansible_collections.webops.paas.plugins.modules"
# In the same way as ansible-core's wrapper.
RUN = f"""if True:
    import runpy, sys
    for name in sys.argv[1:]:
        try:
            runpy.run_module('{PACKAGE}.' + name, run_name='__main__')
        except SystemExit as error:
            sys.stdout.write(str(error.code) + '\\n')
"""


def interpreter(version: str) -> str:
    found = shutil.which(f"python{version}")
    assert found, f"this test needs a python{version} in PATH"
    return found


@pytest.mark.parametrize("version", ["3.7", "3.8", "3.9"])
def test_an_old_python_gets_one_sentence_from_every_module(version):
    executable = interpreter(version)
    done = subprocess.run(
        [executable, "-c", RUN, *MODULES],
        env={"PYTHONPATH": ROOT, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert not done.stderr, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 2 * len(MODULES) and set(lines[1::2]) == {"1"}
    for line in lines[::2]:
        result = json.loads(line)
        assert result["failed"] and not result["changed"] and result["error"] == {"code": "old_python"}
        for word in (f"Python {version}", "3.10", "ansible_python_interpreter"):
            assert word in result["msg"]


@pytest.mark.playbook
def test_an_old_python_gets_one_sentence_from_a_task(doors):
    """Python 3.9: all supported versions of ansible-core can still manage it."""
    task = {
        "name": "Asked",
        "webops.paas.netlify_site_info": {"site": "shop", "token": "t"},
        "vars": {"ansible_python_interpreter": interpreter("3.9")},
        "ignore_errors": True,
    }
    _output, results = doors.results([task], {})
    [result] = results["Asked"]
    assert result["failed"] and result["error"] == {"code": "old_python"}, result
    assert "Python 3.10" in result["msg"] and "python3.9" in result["msg"]
