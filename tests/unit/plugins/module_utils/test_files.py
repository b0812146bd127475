# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that a task leaves behind."""

from __future__ import annotations

import multiprocessing
import os
import stat

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core import files as _files
from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError


def mode_of(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def test_a_file_takes_the_place_of_the_old_one_and_keeps_its_mode(tmp_path):
    target = tmp_path / "file"
    target.write_text("old")
    target.chmod(0o640)
    with _files.replacing("dest", str(target)) as stream:
        stream.write(b"new")
        assert target.read_text() == "old"
    assert target.read_text() == "new" and mode_of(target) == 0o640
    assert os.listdir(tmp_path) == ["file"]


def test_a_new_file_has_the_mode_that_the_umask_says(tmp_path):
    before = os.umask(0o027)
    try:
        with _files.replacing("dest", str(tmp_path / "file")) as stream:
            stream.write(b"new")
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "file") == 0o640


def test_nothing_is_left_of_a_block_that_fails(tmp_path):
    (tmp_path / "file").write_text("old")
    with pytest.raises(KeyError), _files.replacing("dest", str(tmp_path / "file")) as stream:
        stream.write(b"half")
        raise KeyError("broken off")
    assert (tmp_path / "file").read_text() == "old" and os.listdir(tmp_path) == ["file"]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").write_text("old")
    (tmp_path / "link").symlink_to("elsewhere/file")
    with _files.replacing("dest", str(tmp_path / "link")) as stream:
        stream.write(b"new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "elsewhere" / "file").read_text() == "new"


def test_a_directory_that_is_not_there_is_named(tmp_path):
    with (
        pytest.raises(PaasError, match="dest: .*/no/file cannot be written: No such file"),
        _files.replacing("dest", str(tmp_path / "no" / "file")),
    ):
        pass
    with pytest.raises(InvalidInput, match="dest: the directory of .*/no/file does not exist"):
        _files.check_writable("dest", str(tmp_path / "no" / "file"))
    with pytest.raises(InvalidInput, match="dest must be a file"):
        _files.check_writable("dest", str(tmp_path))
    _files.check_writable("dest", str(tmp_path / "file"))


def test_json_is_private_and_comes_back(tmp_path):
    path = str(tmp_path / "state.json")
    assert _files.read_json("state_file", path) is None
    _files.write_json("state_file", path, {"ключ": [1, "two"]})
    assert mode_of(path) == 0o600 and _files.read_json("state_file", path) == {"ключ": [1, "two"]}


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "\x00"])
def test_what_is_no_json_object_is_not_taken_for_one(tmp_path, content):
    (tmp_path / "state.json").write_text(content)
    with pytest.raises(InvalidInput, match="state_file: .*state.json is no JSON object"):
        _files.read_json("state_file", str(tmp_path / "state.json"))


def add_one(path, times):
    for _time in range(times):
        with _files.locked("state_file", path, Clock(), 30):
            count = (_files.read_json("state_file", path) or {"count": 0})["count"]
            _files.write_json("state_file", path, {"count": count + 1})


def test_processes_wait_for_each_other(tmp_path):
    path = str(tmp_path / "state.json")
    processes = [multiprocessing.get_context("fork").Process(target=add_one, args=(path, 20)) for _process in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    assert _files.read_json("state_file", path) == {"count": 80}


class Watch(Clock):
    """A clock that is moved by sleeping only."""

    def __init__(self):
        self.time = 0.0

    def monotonic(self):
        return self.time

    def sleep(self, seconds):
        self.time += seconds


def test_a_lock_is_not_waited_for_for_ever(tmp_path):
    path = str(tmp_path / "state.json")
    with (
        _files.locked("state_file", path, Clock(), 1),
        pytest.raises(PaasError, match="state_file: another process has held .*state.json.lock for 5 s"),
        _files.locked("state_file", path, Watch(), 5),
    ):
        pass
    with _files.locked("state_file", path, Watch(), 5):
        pass
