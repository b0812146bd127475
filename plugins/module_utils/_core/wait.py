# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Poll until done, failed or out of time; create once. PRIVATE to the collection."""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, LostAnswer, WaitFailed

# Seconds before the second look; the pauses then double up to the interval, so that what is quick is not held up.
FIRST_PAUSE = 0.1
# How often a create is sent in all, each time after a look-up that found nothing.
CREATE_ATTEMPTS = 3


def wait_until(
    poll,
    done,
    *,
    what: str,
    clock,
    timeout: float,
    interval: float,
    show=str,
    progress=None,
    since: float | None = None,
):
    """Calls poll() until done(state) is true and returns that state.

    poll: reads the state; done: a predicate, which raises WaitFailed for a state that cannot end well.
    what: names what is awaited, for the message. timeout and interval: seconds; the first poll comes at once, the next
    ones come sooner than interval.
    show: a short text of a state, for the message. A state that nobody knows is waited for like any other, but
    never beyond the timeout, and the message names it.
    progress: called with a sentence after each poll that does not end it; see Http.progress.
    since: the time (monotonic) from which timeout counts, where several things are waited for together; default now.
    """
    ends_at = (clock.monotonic() if since is None else since) + timeout
    pause = FIRST_PAUSE
    while True:
        state = poll()
        if done(state):
            return state
        left = ends_at - clock.monotonic()
        if left <= 0:
            raise WaitFailed(
                f"{what} did not end within {timeout:g} s; its last state was {show(state)}. It goes on by itself: "
                "run again to wait on, or raise wait_timeout.",
                code="wait_timeout",
            )
        if progress is not None:
            progress(f"{what}: {show(state)}")
        clock.sleep(min(pause, interval, left))
        pause *= 2


def create_once(create, look_up, clock):
    """Creates without ever making two: (what create answered, True), or (what look_up found, False).

    After a lost answer, or a refusal that another run may have caused, it is looked up before anything else; only a
    create whose answer was lost, and of which there is no trace, is sent again. Raises what create raised.
    """
    attempt = 1
    while True:
        try:
            return create(), True
        except ApiError as error:
            is_lost = isinstance(error, LostAnswer)
            if not is_lost and (error.status is None or error.status in (401, 403, 429)):
                raise
            if is_lost:
                # The platform may still be at it: the look-up comes after the pause, just before it would be sent again.
                clock.sleep(2**attempt)
            try:
                found = look_up()
            except ApiError as failure:
                failure.message += f" It was tried because of this: {error.message}"
                raise
            if found is not None:
                return found, False
            if not is_lost or attempt == CREATE_ATTEMPTS:
                raise
        attempt += 1
