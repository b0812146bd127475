# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an interpreter is the one of this process."""

from __future__ import annotations

import pathlib
import sys

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core import interpreter


@pytest.fixture
def environment(tmp_path, monkeypatch) -> pathlib.Path:
    """A virtual environment and another one, both with the same Python."""
    for name in ("own", "other"):
        (tmp_path / name / "bin").mkdir(parents=True)
        for link in ("python", "python3"):
            (tmp_path / name / "bin" / link).symlink_to(sys.executable)
    (tmp_path / "own" / "bin" / "tool").write_text("")
    (tmp_path / "linked").symlink_to("own")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "own" / "bin" / "python"))
    return tmp_path


@pytest.mark.parametrize(
    "path, expected",
    [
        ("own/bin/python", True),
        ("own/bin/python3", True),
        ("own/bin/../bin/python3", True),
        ("linked/bin/python3", True),
        ("other/bin/python", False),
        ("other/bin/python3", False),
        ("own/bin/tool", False),
        ("own/bin/none", False),
    ],
)
def test_another_name_in_the_same_directory_is_the_same_python(environment, path, expected):
    assert interpreter.is_own(f"{environment}/{path}") is expected


@pytest.mark.parametrize("path", ["", "python3", "{{ undefined }}", "/usr/bin/env python3", "a\0b"])
def test_what_is_not_a_path_is_another_one(environment, path):
    assert interpreter.is_own(path) is False
