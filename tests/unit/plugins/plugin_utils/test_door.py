# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the controller process has read and imported before it forks workers.

These tests are not beside those of module_utils, which ansible-test runs without the controller's part of Ansible.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ansible_collections.webops.paas.tests.unit.plugins.module_utils.certificates import self_signed

SCRIPT = """if True:
    import os, sys
    from ansible_collections.webops.paas.plugins.plugin_utils import _door
    from ansible_collections.webops.paas.plugins.module_utils._http import trust
    print("ssl_context" in trust.settings(os.environ["REQUESTS_CA_BUNDLE"], is_alone=True))
    print("requests" in sys.modules)
"""


@pytest.mark.parametrize("proxies, is_imported", [({}, False), ({"https_proxy": "http://proxy.test:3128"}, True)])
def test_what_workers_need_is_there(tmp_path, proxies, is_imported):
    """So that not each of them has to read or import it."""
    certificate = tmp_path / "both.pem"
    certificate.write_text("".join(self_signed(["api.example.test"], ["127.0.0.1"])), encoding="ascii")
    usual = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    path = os.pathsep.join(filter(None, sys.path))
    environment = {**usual, "REQUESTS_CA_BUNDLE": str(certificate), "PYTHONPATH": path, **proxies}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, check=True, capture_output=True, text=True)
    assert done.stdout == f"True\n{is_imported}\n"
