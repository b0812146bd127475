# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared parts of the tests of the release roles."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.plugins.filter.release import RELEASES, release_state

FAILED = {"failed": True, "msg": "it failed"}
PASSES = {"checks": [{"url": "https://site/", "ok": True, "problems": []}]}
FAILS = {"failed": True, "msg": "a check failed", "checks": [{"url": "https://site/", "ok": False, "problems": ["x"]}]}
NEW = {"id": "new"}
OLD = {"id": "old"}
OTHER = {"id": "other"}
HASH = "0123456789abcdef0123456789abcdef01234567"
OLD_HASH = "fedcba9876543210fedcba9876543210fedcba98"


def state(platform, options, results):
    prefix = f"{platform}_release_"
    seen = {prefix + name: value for name, value in options.items()}
    seen.update({f"{prefix}_{name}": value for name, value in results.items()})
    return release_state(seen, platform)


def assert_outcome(release, outcome):
    """The report of a case has its outcome and a matching message."""
    report = release["report"]
    assert report["outcome"] == outcome
    assert report["message"][0].startswith(("shop: ", "e1: "))
    assert "{" not in report["message"][0]
    assert ("What failed: no" in report["message"]) == bool(report["error"])
    # Nothing becomes known after a failure.
    assert not (report["error"] and any("not known yet" in line for line in report["message"]))
    # A person reads it in five seconds: a few lines.
    assert len(report["message"]) <= 8


def each_outcome(platform):
    """Parametrize a test over the outcomes of a platform's role."""
    return pytest.mark.parametrize("outcome", [outcome.name for outcome in RELEASES[platform].OUTCOMES])
