# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The process itself: start, output and end."""

from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import socket
import stat
import subprocess
import threading
import time

import pytest
import requests
from sandbox_client import SOURCE, TOKEN, Client, sandbox_python


def test_the_env_file_is_there_while_it_runs(start, tmp_path):
    env_file = tmp_path / "sandbox.env"
    process = start("--env-file", str(env_file))
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    printed = subprocess.run(
        ["sh", "-c", '. "$1"; env', "sh", str(env_file)], env={}, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    variables = dict(line.split("=", 1) for line in printed.splitlines())
    url = f"http://127.0.0.1:{process.port}"
    expected = {
        "SANDBOX_URL": url,
        "NETLIFY_API_URL": f"{url}/api/v1",
        "NETLIFY_AUTH_TOKEN": TOKEN,
        "NETLIFY_ACCOUNT_SLUG": "sandbox-team",
    }
    assert {name: variables[name] for name in expected} == expected
    assert requests.get(f"{url}/_sandbox/health", timeout=5).json()["ready"] is True
    assert process.stop() == 0
    assert not env_file.exists() and not process.port_file.exists()
    assert url in process.output and TOKEN in process.output and "curl" in process.output


def test_the_printed_examples_work(start):
    process = start()
    printed = ""
    while "Try:\n" not in printed or not printed.endswith("\n"):
        printed += os.read(process.process.stdout.fileno(), 65536).decode()
    examples = printed.partition("Try:\n")[2].splitlines()
    assert len(examples) >= 3
    for example in map(str.strip, examples):
        command = example.replace("curl", "curl -sS --noproxy '*'", 1)
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
        assert done.stdout and not done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_quickly_whatever_is_going_on(start, number, tmp_path):
    env_file = tmp_path / "sandbox.env"
    process = start("--quiet", "--env-file", str(env_file))
    client = Client(process.port)
    client.fault("getCurrentUser", "hang_before", seconds=60)
    client.fault("listSites", "slow", seconds=60)
    threads = [
        threading.Thread(target=_swallow, args=(client.url + path,))
        for path in ("/api/v1/user", f"/api/v1/sites?access_token={TOKEN}")
    ]
    for thread in threads:
        thread.start()
    idle = socket.create_connection(("127.0.0.1", process.port))
    half = socket.create_connection(("127.0.0.1", process.port))
    half.sendall(b"POST /api/v1/sites HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
    time.sleep(0.2)
    begin = time.monotonic()
    os.kill(process.process.pid, number)
    assert process.stop() == 0
    assert time.monotonic() - begin < 2
    assert process.errors == ""
    assert not env_file.exists()
    for thread in threads:
        thread.join(5)
    idle.close()
    half.close()


def _swallow(url):
    with contextlib.suppress(requests.RequestException):
        requests.get(url, timeout=30)


def test_nothing_stays_behind(start, tmp_path):
    process = start("--quiet", TMPDIR=str(tmp_path))
    client = Client(process.port)
    site = client.site("docs")
    deploy = client.deploy(site, {"big.bin": b"x" * 1_000_000})
    [directory] = (path for path in tmp_path.iterdir() if path.name.startswith("paas-sandbox-"))
    assert len(list(directory.iterdir())) == 1
    client.upload(deploy, "big.bin", b"y" * 1_000_000, 422)
    client.upload(deploy, "big.bin", b"x" * 1_000_000, 200)
    with socket.create_connection(("127.0.0.1", process.port)) as connection:
        connection.sendall(
            f"PUT /api/v1/deploys/{deploy['id']}/files/big.bin HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {TOKEN}\r\nContent-Length: 1000000\r\n\r\n".encode()
        )
        connection.sendall(b"x" * 700_000)
        _until(lambda: len(list(directory.iterdir())) == 2)
    _until(lambda: len(list(directory.iterdir())) == 1)
    process.stop()
    assert not directory.exists()


def _until(condition):
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com"])
def test_only_loopback_is_served(host):
    done = _run("--host", host)
    assert done.returncode == 1 and "cannot listen" in done.stderr


def test_a_port_in_use_is_told(server):
    done = _run("--port", str(server.port))
    assert done.returncode == 1 and str(server.port) in done.stderr and "Traceback" not in done.stderr


def test_a_wrong_limits_variable_is_told():
    done = _run(SANDBOX_LIMITS="many")
    assert done.returncode == 2 and "SANDBOX_LIMITS" in done.stderr


def test_ipv6_loopback(start):
    if not pathlib.Path("/proc/net/if_inet6").exists():
        pytest.skip("no IPv6 here")
    process = start("--quiet", "--host", "::1")
    assert requests.get(f"http://[::1]:{process.port}/_sandbox/health", timeout=5).json()["ready"] is True


def test_answers_are_not_held_back_by_the_kernel(sandbox):
    """Without TCP_NODELAY each response would take 40 ms."""
    begin = time.monotonic()
    for _turn in range(50):
        sandbox.call("GET", "/user", 200)
    assert time.monotonic() - begin < 1.5


def _run(*arguments, **environment):
    return subprocess.run(
        [sandbox_python(), "-m", "paas_sandbox", *arguments],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SOURCE), **environment},
    )
