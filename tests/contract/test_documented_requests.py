# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests a converged run sends: the documentation of each module says what its scenarios count."""

from __future__ import annotations

import re

import pytest
from harness import MODULES, definition_of, documentation_of
from scenarios import SCENARIOS

NUMBERS = {word: number for number, word in enumerate(("no", "one", "two", "three", "four", "five"))}
# "no" counts only as "no request": "no longer" and "no file" are other things.
NUMBER = re.compile(r"\b(?:no(?= requests?\b)|one|two|three|four|five)\b")


def counted_reads(module: str) -> set[int]:
    """What the scenarios of converged runs count; none of those that never converge."""
    return {
        scenario.reads
        for scenario in SCENARIOS
        if scenario.module == module and scenario.twice and not scenario.refused_again
    }


def said_of_requests(module: str) -> str:
    """The one item of the description that gives a number."""
    kind = "Sends"
    if definition_of(module).task.has_diff:
        kind += "|A converged run sends|With .*?, a converged run sends"
    if not counted_reads(module):
        kind = "Each run .*?sends"
    said = re.compile(rf"(?:{kind}) (?:no|one|two|three|four|five)\b")
    [item] = [item for item in documentation_of(module, "DOCUMENTATION")["description"] if said.match(item)]
    return str(item)


@pytest.mark.parametrize("module", MODULES)
def test_the_documented_number_of_requests_is_true(module: str) -> None:
    reads = counted_reads(module)
    documented = {NUMBERS[word] for word in NUMBER.findall(said_of_requests(module))}
    assert documented
    if reads:
        assert documented <= reads
        assert min(documented) == min(reads)
