# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every run of every module must keep to."""

from __future__ import annotations

from harness import Outcome, World, definition_of, platform_of
from scenarios import Scenario

from ansible_collections.webops.paas.plugins.module_utils._core.codes import CODES


def succeeded(outcome: Outcome) -> Outcome:
    assert not outcome.failed, outcome.result
    return outcome


def failed_clearly(outcome: Outcome, scenario: Scenario) -> None:
    """The result has a message and a structured error, but no traceback, no internal error and no secret."""
    result = outcome.result
    assert outcome.failed
    assert isinstance(result["msg"], str) and len(result["msg"]) > 20, result
    assert "Traceback" not in result["msg"] and "defect in webops.paas" not in result["msg"], result["msg"]
    assert isinstance(result["error"], dict) and result["error"].get("platform"), result
    assert result["error"]["code"] in CODES, result["error"]
    assert result["changed"] in (True, False)
    keeps_secrets(outcome, scenario)


def keeps_secrets(outcome: Outcome, scenario: Scenario, *more: str) -> None:
    seen = outcome.everything()
    for secret in (*scenario.secrets, *more):
        assert secret not in seen, f"{secret} in {seen}"


def token_of(world: World, scenario: Scenario) -> list[str]:
    """A list, which is empty for a module without such an option."""
    return (
        [world.platform_options(platform_of(scenario.module))["token"]]
        if "token" in definition_of(scenario.module).spec["argument_spec"]
        else []
    )


def called(outcome: Outcome) -> list[tuple[str, str]]:
    """(the sandbox's name for the platform, operation) of each request."""
    return [(call["platform"], call["operation"]) for call in outcome.calls]
