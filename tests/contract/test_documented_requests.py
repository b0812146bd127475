# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Number of requests of a converged run: the documentation of each module matches its scenarios."""

from __future__ import annotations

import re

import pytest
from harness import MODULES, definition_of, documentation_of
from scenarios import SCENARIOS

NUMBERS = {word: number for number, word in enumerate(("no", "one", "two", "three", "four", "five"))}
# "no" counts only in "no request", not in "no longer" or "no file".
NUMBER = re.compile(r"\b(?:no(?= requests?\b)|one|two|three|four|five)\b")


def counted_reads(module: str) -> set[int]:
    """The numbers of requests in scenarios of converged runs; scenarios that never converge do not count."""
    return {
        scenario.reads
        for scenario in SCENARIOS
        if scenario.module == module and scenario.twice and not scenario.refused_again
    }


def said_of_requests(module: str) -> str:
    """The only item of the description that contains a number."""
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
