# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An interpreter that is already running, since starting one takes longer than what a module then does.

    running_python.py SOCKET [MODULE...]

serves programs on a Unix socket: it has imported Python's own modules, requests and those that are named, and forks for
each program. A named module can have a function C(after_fork), which is called in each of these processes. It imports
nothing of the collection by itself. The client, which Ansible takes for an interpreter, passes its arguments,
environment, directory and standard streams, and ends as the program ends. Without arguments, the program is what its
standard input contains. Programs run one after the other.
"""

from __future__ import annotations

import array
import contextlib
import gc
import importlib
import marshal
import os
import pathlib
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Callable, Iterator

# What modules import, too, besides that which this file imports.
IMPORTED = ("argparse", "concurrent.futures.thread", "difflib", "requests", "syslog", "traceback", "uuid", "zipfile")
# Only modules that are part of the interpreter itself, without the search for packages: this takes 10 ms.
CLIENT = """\
#!{python} -IS
import array, marshal, os, sys, _socket
server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
server.connect({path!r})
data = marshal.dumps((sys.argv[1:], dict(os.environ), os.getcwd()))
streams = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))]
server.sendmsg([len(data).to_bytes(8, "big")], streams)
while data:
    data = data[server.send(data):]
os._exit((server.recv(1) or b"\\x01")[0])
"""


@contextlib.contextmanager
def running_python(directory: pathlib.Path, env: dict[str, str], *imported: str) -> Iterator[pathlib.Path]:
    """The client's path while a server runs. env: the environment of the server. imported: names of modules."""
    client = directory / "running-python"
    with tempfile.TemporaryDirectory(dir="/tmp") as short:
        # The path of a socket must be short.
        path = pathlib.Path(short) / "socket"
        # What is printed on a terminal can differ.
        silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        server = subprocess.Popen([sys.executable, __file__, str(path), *imported], env=env, **silent)
        try:
            while not path.exists():
                assert server.poll() is None, "the running Python did not start"
                time.sleep(0.01)
            client.write_text(CLIENT.format(python=sys.executable, path=str(path)))
            client.chmod(0o700)
            yield client
        finally:
            server.terminate()
            server.wait()


class RunningPythons:
    """Clients of servers that start when they are first needed, one for each configuration, and run until the end.

    imported: names of modules.
    """

    def __init__(self, *imported: str) -> None:
        self._imported = imported
        self._running = contextlib.ExitStack()
        self._clients: dict[tuple[tuple[str, str], ...], pathlib.Path] = {}

    def client(self, configuration: dict[str, str], env: dict[str, str]) -> pathlib.Path:
        """env: that of the server if it has to be started."""
        key = tuple(sorted(configuration.items()))
        if key not in self._clients:
            directory = self._running.enter_context(tempfile.TemporaryDirectory())
            running = running_python(pathlib.Path(directory), env, *self._imported)
            self._clients[key] = self._running.enter_context(running)
        return self._clients[key]

    def end(self) -> None:
        self._clients.clear()
        self._running.close()


def serve(path: str, after_fork: list[Callable[[], None]]) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(f"{path}.new")
        listener.listen()
        os.rename(f"{path}.new", path)
        listener.settimeout(5)
        parent = os.getppid()
        # The parent may have been killed.
        while os.getppid() == parent:
            try:
                connection, _address = listener.accept()
            except TimeoutError:
                continue
            size, [(_level, _type, descriptors)], _flags, _from = connection.recvmsg(8, socket.CMSG_SPACE(12))
            streams = array.array("i", descriptors)
            data = b""
            while len(data) < int.from_bytes(size, "big"):
                data += connection.recv(1 << 20)
            process = os.fork()
            if process == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                listener.close()
                connection.close()
                arguments, environment, directory = marshal.loads(data)
                for number, stream in enumerate(streams):
                    os.dup2(stream, number)
                    os.close(stream)
                os.environ.clear()
                os.environ.update(environment)
                os.chdir(directory)
                for prepare in after_fork:
                    prepare()
                run(arguments)
                return
            for stream in streams:
                os.close(stream)
            _process, status = os.waitpid(process, 0)
            with contextlib.suppress(OSError), connection:
                connection.send(bytes([os.waitstatus_to_exitcode(status) & 255]))


def run(arguments: list[str]) -> None:
    sys.argv[:] = arguments or [""]
    sys.path[0] = os.path.dirname(sys.argv[0])
    if arguments:
        runpy.run_path(arguments[0], run_name="__main__")
    else:
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        exec(compile(sys.stdin.buffer.read(), "<stdin>", "exec"), main.__dict__)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit())
    modules = [importlib.import_module(name) for name in (*IMPORTED, *sys.argv[2:])]
    # So that the processes share memory, and the garbage collector leaves it alone.
    gc.freeze()
    serve(sys.argv[1], [module.after_fork for module in modules if hasattr(module, "after_fork")])
