# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of the contract suite. To test a new module, add a file with its scenarios to this directory; nothing
else is needed.

A file has SCENARIOS, and BAD_INPUT: (module, options, what the message must name), refused before the first call. It
can have C(secrets_of_platform(world)): secrets that the platform returns without being asked, and that must not
appear anywhere.
"""

from __future__ import annotations

import importlib
import pathlib

from scenarios.base import CANARY, Scenario

FILES = [
    importlib.import_module(f"scenarios.{path.stem}")
    for path in sorted(pathlib.Path(__file__).parent.glob("[a-z]*.py"))
    if path.stem != "base"
]
SCENARIOS = tuple(scenario for file in FILES for scenario in file.SCENARIOS)
BAD_INPUT = tuple(entry for file in FILES for entry in file.BAD_INPUT)

__all__ = ["BAD_INPUT", "CANARY", "SCENARIOS", "Scenario", "secrets_of_platforms"]


def secrets_of_platforms(world) -> list:
    return [
        secret for file in FILES if hasattr(file, "secrets_of_platform") for secret in file.secrets_of_platform(world)
    ]
