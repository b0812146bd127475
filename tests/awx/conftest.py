# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests with awx.awx, AWX's own packages, ansible-runner, ansible-builder and ansible-navigator: make awx"""

from __future__ import annotations

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "sandbox"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))

from controller import Controller
from jobs import PLATFORMS, PROJECT, REPOSITORY, credential_type, credentials, set_up
from sandbox_client import Client, Process


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    """A client of a sandbox. Each test uses sites and tenants of its own."""
    process = Process(tmp_path_factory.mktemp("sandbox"), "--quiet")
    client = Client(process.port)
    yield client
    client.session.close()
    process.stop()


def started():
    """An empty controller, which knows the repository of the example project."""
    running = Controller({REPOSITORY: PROJECT})
    yield running
    running.close()


controller = pytest.fixture(started)
shared = pytest.fixture(started, scope="session")


@pytest.fixture(scope="session")
def created(shared, sandbox):
    """The output of the first run for all platforms, with credentials for the sandbox, on the shared controller.

    Another organization has objects of the same names.
    """
    other = shared.named("organizations", "Other")["id"]
    fleek = shared.create("credential_types", credential_type("fleek"))["id"]
    shared.create("credentials", {"name": "webops fleek", "organization": other, "credential_type": fleek})
    shared.create("inventories", {"name": "webops local", "organization": other})
    owner = shared.named("organizations", "Default")["id"]
    fields = [{"id": "host", "label": "Host"}, {"id": "password", "label": "Password", "secret": True}]
    kind = {"name": "Container Registry", "kind": "cloud", "inputs": {"fields": fields}}
    registry = shared.create("credential_types", kind)["id"]
    shared.create("credentials", {"name": "registry", "organization": owner, "credential_type": registry})
    return set_up(
        *(shared, "-vvv"),
        awx_credentials=credentials(sandbox.url),
        awx_image_credential="registry",
        awx_platforms=PLATFORMS,
    )
