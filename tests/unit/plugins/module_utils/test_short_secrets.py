# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret so short that it occurs in words for machines."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.parameters import PASS_VARS

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.test_module import perform, raising, run_for_real

OWN_WORDS = {"platform": "netlify", "operation": "listSites", "method": "GET", "code": "invalid", "option": "site"}
# Since 2.21, ansible-core returns the options of a module only on request.
WITH_OPTIONS = {"_ansible_inject_invocation": True} if "inject_invocation" in PASS_VARS else {}


@pytest.mark.parametrize("secret", ["i", "et"])
def test_a_short_secret_leaves_the_words_for_machines_as_they_are(secret):
    """Through both doors; everything else that contains it is masked."""
    act = raising(ApiError("still visible: no site", path=f"/{secret}", **OWN_WORDS))
    result, _warnings = perform(act, token=secret)
    assert OWN_WORDS.items() <= result["error"].items() and secret not in result["error"]["path"] + result["msg"]
    status, result, _output = run_for_real(
        {"token": secret, "name": "a", **WITH_OPTIONS},
        body="from test_module import *; Things.act = staticmethod("
        f"raising(ApiError('still visible: no site', path='/{secret}', **{OWN_WORDS!r})))",
    )
    assert status == 1 and OWN_WORDS.items() <= result["error"].items()
    assert secret not in result["error"]["path"] + result["msg"]
    assert result["invocation"]["module_args"]["token"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def test_a_short_secret_leaves_the_code_of_a_refused_option_as_it_is():
    status, result, _output = run_for_real({"token": "in", "secrets": "in"})
    assert status == 1 and result["error"]["code"] == "invalid_input"
