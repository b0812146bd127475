# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts with rules for redirects and headers, read as by Netlify's own parsers.

What those make of a sample is in data/netlify_rules.json. tests/vendor_cli/rules.py has recorded it, and compares
hundreds of other rules.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess

import pytest
from sandbox_client import SOURCE, sandbox_python

HERE = pathlib.Path(__file__).parent
RECORDED = json.loads((HERE / "data" / "netlify_rules.json").read_text(encoding="utf-8"))
NAMES = ("redirects", "redirect_errors", "headers", "header_errors", "matches", "added")


@pytest.fixture(scope="module")
def results():
    """What the sandbox makes of each case of the sample; None for those that its Python is too old for."""
    done = subprocess.run(
        [sandbox_python(), HERE / "rules_of_sandbox.py"],
        input=json.dumps([entry["case"] for entry in RECORDED]),
        env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_the_sample_is_large():
    redirects, headers, matches = (
        sum(len(entry["vendor"].get(name, [])) for entry in RECORDED) for name in ("redirects", "headers", "matches")
    )
    assert (redirects > 200, headers > 100, matches > 100) == (True, True, True)


@pytest.mark.parametrize("name", NAMES)
def test_the_sandbox_reads_rules_as_the_vendor_does(results, name):
    different = [
        (entry["case"], result.get(name), entry["vendor"].get(name))
        for entry, result in zip(RECORDED, results, strict=True)
        if result is not None and result.get(name) != entry["vendor"].get(name)
    ]
    assert different == []
