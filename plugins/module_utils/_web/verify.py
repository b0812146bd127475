# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many checks: looked at side by side until they hold or time is up. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence

from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError, WaitFailed
from ansible_collections.webops.paas.plugins.module_utils._core.parallel import in_parallel
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, wait_until
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
from ansible_collections.webops.paas.plugins.module_utils._web.check import Check

# Checks that are looked at in the same moment.
CONCURRENCY = 8


def hold(http: Http, checks: Sequence[Check], patience: Patience, *, again: bool) -> None:
    """Looks at the checks side by side, once, or again and again until each has held once or patience is over."""
    ends_at = http.clock.monotonic() + min(patience.timeout, max(0.0, http.remaining()))

    def look() -> None:
        now = http.clock.monotonic()
        in_parallel(
            http,
            [check for check in checks if not check.ok and check.not_before <= now],
            lambda own, check: check.look(own),
            CONCURRENCY,
        )

    def is_over(_state: None) -> bool:
        return not again or all(check.ok or check.not_before > ends_at for check in checks)

    # Each check knows better what is missing.
    with contextlib.suppress(WaitFailed):
        wait_until(
            look,
            is_over,
            dataclasses.replace(patience, timeout=ends_at - http.clock.monotonic()),
            what="verification",
            show=lambda _state: f"{sum(bool(check.ok) for check in checks)} of {len(checks)} checks passed",
        )


def failure(checks: Sequence[Check], seconds: float) -> PaasError | None:
    """One error for all checks that do not hold, None without any; those that were not looked at do not count."""
    failed = [check for check in checks if check.ok is False]
    if not failed:
        return None
    sentences = []
    for check in failed:
        asked = f" The server asks to wait until {check.retry_at}." if check.retry_at else ""
        sentences.append(
            f"{check.method} {check.shown_url} {'; '.join(check.problems)}{_looks(check.attempts)}.{asked}"
        )
    first = failed[0]
    error = PaasError(
        f"{len(failed)} of {len(checks)} checks failed within {seconds:.0f} s. " + " ".join(sentences),
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


def _looks(attempts: int) -> str:
    return f" ({attempts} attempts)" if attempts > 1 else ""
