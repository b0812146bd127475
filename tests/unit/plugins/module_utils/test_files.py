# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that a task writes."""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import signal
import socket
import stat
import tempfile

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
        pytest.raises(PaasError, match="`dest`: .*/no/file .*No such file"),
        _files.replacing("dest", str(tmp_path / "no" / "file")),
    ):
        pass
    with pytest.raises(InvalidInput, match="`dest`: .*/no/file does not exist"):
        _files.check_writable("dest", str(tmp_path / "no" / "file"))
    with pytest.raises(InvalidInput, match="`dest` .*regular file"):
        _files.check_writable("dest", str(tmp_path))
    _files.check_writable("dest", str(tmp_path / "file"))


def test_json_is_private_and_comes_back(tmp_path):
    path = str(tmp_path / "state.json")
    assert _files.read_json("state_file", path) is None
    _files.write_json("state_file", path, {"ключ": [1, "two"]})
    assert mode_of(path) == 0o600 and _files.read_json("state_file", path) == {"ключ": [1, "two"]}


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "\x00", "[" * 100_000, '{"a": ' * 100_000, b"\xff"])
def test_what_is_no_json_object_is_not_taken_for_one(tmp_path, content):
    (tmp_path / "state.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InvalidInput, match="`state_file`: .*state.json .*JSON object"):
        _files.read_json("state_file", str(tmp_path / "state.json"))


@pytest.fixture
def in_time():
    """A test that blocks on a FIFO fails."""

    def give_up(_number, _frame):
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(5)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def a_fifo(path):
    os.mkfifo(path)


def a_socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def a_device(path):
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))
    except PermissionError:
        # Only root can create one.
        path.symlink_to("/dev/null")


@pytest.mark.parametrize("is_linked", [False, True])
@pytest.mark.parametrize("make", [a_fifo, a_socket, a_device, os.mkdir])
def test_only_regular_files_are_read_and_replaced(tmp_path, in_time, make, is_linked):
    path = tmp_path / "special"
    make(path)
    given = tmp_path / "link" if is_linked else path
    if is_linked:
        given.symlink_to(path)
    before = os.lstat(path)

    def replace():
        with _files.replacing("dest", str(given)) as stream:
            stream.write(b"new")

    for act in (
        replace,
        lambda: _files.write_json("dest", str(given), {}),
        lambda: _files.read_json("dest", str(given)),
        lambda: _files.digest("dest", str(given)),
        lambda: _files.check_writable("dest", str(given)),
    ):
        with pytest.raises(InvalidInput, match=f"`dest` .*regular file, but {given} is a "):
            act()
    after = os.lstat(path)
    assert (before.st_ino, before.st_mode) == (after.st_ino, after.st_mode)
    assert sorted(os.listdir(tmp_path)) == sorted({"special", given.name})


@pytest.fixture
def full_disk():
    """No file of this process can become longer than 1000 bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_temporary_files_for_which_there_is_no_space(full_disk):
    place = f"cannot be written to {tempfile.gettempdir()}: .*TMPDIR"
    with pytest.raises(PaasError, match=place) as failure, _files.temporary_file() as stream:
        stream.write(b"x" * 100_000)
    assert failure.value.details["code"] == "unwritable"
    with (
        pytest.raises(PaasError, match=place),
        _files.temporary_directory() as directory,
        open(f"{directory}/file", "wb") as stream,
    ):
        stream.write(b"x" * 100_000)
    assert not os.path.exists(directory)


def test_no_directory_for_temporary_files(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no"))
    with pytest.raises(PaasError, match="cannot be written to .*/no: No such file"), _files.temporary_directory():
        pass


def test_an_error_of_something_else_is_not_taken_for_one_of_temporary_files():
    with pytest.raises(ConnectionRefusedError), _files.temporary_directory():
        raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")


@pytest.mark.parametrize(
    "content,line",
    [
        ('{"a": 1,\n "b": {"a": 1},\n "a": 2}', 3),
        ('{"a": [{"x": 1}, {"y": ":{\\"",\n"y": 2}]}', 2),
        ('{"a": {"\\u0062": 1,\n\n"b": 1}, "broken": ', 3),
        ('{"a": 1, "b": "a:", "a": {}}', 1),
    ],
)
def test_a_key_that_appears_twice_is_refused_with_its_line(tmp_path, content, line):
    (tmp_path / "state.json").write_text(content)
    with pytest.raises(InvalidInput, match=rf"`state_file`: .*state\.json.*(line {line})"):
        _files.read_json("state_file", str(tmp_path / "state.json"))


def test_keys_of_different_objects_may_be_equal(tmp_path):
    (tmp_path / "state.json").write_text('{"a": [{"b": 1}, {"b": {"a": {"b": 2}}}], "b": "a"}')
    assert _files.read_json("state_file", str(tmp_path / "state.json"))["b"] == "a"


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
    """A clock that only sleeping advances."""

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
        pytest.raises(PaasError, match="`state_file`: .*state.json.lock .* 5 s") as caught,
        _files.locked("state_file", path, Watch(), 5),
    ):
        pass
    assert caught.value.details["code"] == "locked"
    with _files.locked("state_file", path, Watch(), 5):
        pass
