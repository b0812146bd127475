# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of the module verify, and shared parts of its tests."""

from __future__ import annotations

import ssl

import pytest

pytest.importorskip("requests")

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.webops.paas.plugins.module_utils._kernel import module as _module
from ansible_collections.webops.paas.plugins.modules import verify
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.http_server import FakeClock, reply

MODULE = verify.MODULE

CANARY = "canary-0f3b9d"
# The dates that self_signed uses in its certificates.
CERTIFICATE_ENDS_AT = ssl.cert_time_to_seconds("Dec 31 23:59:59 2049 GMT")


def run(*urls, check_mode=False, clock=None, doubts=0, **options):
    """The module's result; a text stands for an entry with that URL. doubts: the number of warnings."""
    given = {"urls": [{"url": url} if isinstance(url, str) else url for url in urls], "wait": False, **options}
    validated = ArgumentSpecValidator(**MODULE.spec).validate(given)
    assert not validated.error_messages, validated.error_messages
    warnings = []
    result = _module.perform(
        MODULE,
        validated.validated_parameters,
        check_mode=check_mode,
        want_diff=True,
        warn=warnings.append,
        clock=clock or FakeClock(),
    )
    assert len(warnings) == doubts, warnings
    assert result["changed"] is False and "diff" not in result
    assert "defect" not in result.get("msg", "")
    return result


def only_check(result):
    assert len(result["checks"]) == 1
    return result["checks"][0]


def problems(*urls, **options):
    """The error of the only check, which fails."""
    result = run(*urls, **options)
    check = only_check(result)
    assert result["failed"] is True and check["ok"] is False
    assert all(problem in result["msg"] for problem in check["problems"]) and check["url"] in result["msg"]
    return check["problems"]


def address(server, path="/"):
    return server.url.removesuffix("/api/v1") + path


def moved(to, status=302):
    return reply(status, b"", [("Location", to)])


def headers_of(server):
    return [seen.headers.get("authorization") for seen in server.seen]
