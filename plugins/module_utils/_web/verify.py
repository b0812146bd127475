# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs checks in parallel until all pass or the time is over. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence

from ansible_collections.webops.paas.plugins.module_utils._core.amounts import counted
from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError, WaitFailed
from ansible_collections.webops.paas.plugins.module_utils._core.parallel import in_parallel
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, wait_until
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
from ansible_collections.webops.paas.plugins.module_utils._web.check import Check

# Number of parallel checks.
CONCURRENCY = 8


def hold(http: Http, checks: Sequence[Check], patience: Patience, *, again: bool, began: float) -> None:
    """Runs the checks in parallel, once, or repeatedly until each has passed once or the time is over.

    began: the time (monotonic) from which the timeout counts. If all checks have run before, the first run comes after
    a pause.
    """
    ends_at = min(began + patience.timeout, http.clock.monotonic() + max(0.0, http.remaining()))
    is_seen = all(check.attempts for check in checks)

    def look() -> None:
        nonlocal is_seen
        if is_seen:
            is_seen = False
            return
        now = http.clock.monotonic()
        in_parallel(
            http,
            [check for check in checks if not check.ok and check.not_before <= now],
            lambda own, check: check.look(own),
            CONCURRENCY,
            lambda done, total: f"{done} of {total} URLs checked",
            is_one_platform=False,
        )

    def is_over(_state: None) -> bool:
        return not again or all(check.ok or check.not_before > ends_at for check in checks)

    # The checks have more precise messages.
    with contextlib.suppress(WaitFailed):
        wait_until(
            look,
            is_over,
            dataclasses.replace(patience, timeout=ends_at - http.clock.monotonic()),
            what="Verification",
            show=lambda _state: f"{sum(bool(check.ok) for check in checks)} of {counted(len(checks), 'check')} passed",
        )


def failure(checks: Sequence[Check], seconds: float) -> PaasError | None:
    """One error for all failed checks, None without any; skipped checks do not count."""
    failed = [check for check in checks if check.ok is False]
    if not failed:
        return None
    first = failed[0]
    error = PaasError(
        f"{len(failed)} of {counted(len(checks), 'check')} failed within {seconds:.0f} s. "
        + " ".join(map(sentence, failed)),
        operation="verify",
        method=first.method,
        url=first.shown_url,
        status=first.status,
        code="check_failed",
    )
    retry_at = [check.retry_at for check in failed if check.retry_at]
    if retry_at:
        error.details["retry_at"] = max(retry_at)
    error.results = {"checks": [check.result() for check in checks]}
    return error


def sentence(check: Check) -> str:
    """What is wrong with a check that does not hold."""
    asked = f" The server asks to wait until {check.retry_at}." if check.retry_at else ""
    return f"{check.method} {check.shown_url} {'; '.join(check.problems)}{_looks(check.attempts)}.{asked}"


def _looks(attempts: int) -> str:
    return f" ({attempts} attempts)" if attempts > 1 else ""
