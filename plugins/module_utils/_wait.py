# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Poll until done, failed or out of time. PRIVATE to the collection."""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._errors import WaitFailed


def wait_until(poll, done, *, what: str, clock, timeout: float, interval: float, show=str):
    """Calls poll() until done(state) is true and returns that state.

    poll: reads the state; done: a predicate, which raises WaitFailed for a state that cannot end well.
    what: names what is awaited, for the message. timeout and interval: seconds; the first poll comes at once.
    show: a short text of a state, for the message. A state that nobody knows is waited for like any other, but
    never beyond the timeout, and the message names it.
    """
    ends_at = clock.monotonic() + timeout
    while True:
        state = poll()
        if done(state):
            return state
        left = ends_at - clock.monotonic()
        if left <= 0:
            raise WaitFailed(f"{what} did not end within {timeout:g} s; its last state was {show(state)}. It goes on by itself: "
                             "run again to wait on, or raise wait_timeout.", code="wait_timeout")
        clock.sleep(min(interval, left))
