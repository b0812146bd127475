# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A started sandbox for these tests."""

from __future__ import annotations

import fleek_client
import flightcontrol_client
import hasura_client
import pytest
from fleek_client import Fleek
from flightcontrol_client import Flightcontrol
from hasura_client import Hasura
from sandbox_client import SECOND_TOKEN, Client, Process


def pytest_configure(config):
    config.addinivalue_line("markers", "postgres: needs PostgreSQL, which the sandbox starts")


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    process = Process(tmp_path_factory.mktemp("sandbox"), "--quiet")
    yield process
    assert process.stop() == 0, process.errors
    assert process.errors == ""


@pytest.fixture
def sandbox(server):
    """A client of a sandbox in its seeded state."""
    client = Client(server.port)
    client.admin("POST", "reset", {})
    yield client
    client.session.close()


@pytest.fixture
def second(sandbox):
    """The same sandbox for the owner of the second team."""
    client = Client(sandbox.port, SECOND_TOKEN)
    yield client
    client.session.close()


@pytest.fixture
def start(tmp_path):
    """Start further sandboxes; those still running at the end are stopped."""
    started = []

    def make(*arguments, **environment):
        directory = tmp_path / str(len(started))
        directory.mkdir()
        started.append(Process(directory, *arguments, **environment))
        return started[-1]

    yield make
    for process in started:
        process.stop()


@pytest.fixture
def fc(sandbox):
    """A client of Flightcontrol's first organization."""
    client = Flightcontrol(sandbox.port)
    yield client
    client.session.close()


@pytest.fixture
def other_fc(fc):
    """The second organization."""
    client = Flightcontrol(fc.port, flightcontrol_client.SECOND_KEY)
    yield client
    client.session.close()


@pytest.fixture
def hasura(sandbox):
    return Hasura(sandbox)


@pytest.fixture
def other_hasura(sandbox):
    """The second user."""
    return Hasura(sandbox, hasura_client.SECOND_TOKEN)


@pytest.fixture
def fleek(sandbox):
    return Fleek(sandbox)


@pytest.fixture
def second_fleek(sandbox):
    return Fleek(sandbox, fleek_client.SECOND_KEY)


@pytest.fixture
def site(sandbox):
    return sandbox.site("docs")


@pytest.fixture
def slow(sandbox):
    """A sandbox in which each long state of a deploy takes ten seconds of the clock."""
    sandbox.admin("PATCH", "settings", {"deploy_preparing_seconds": 10, "deploy_processing_seconds": 10})
    return sandbox
