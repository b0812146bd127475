# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Poll until done, failed or out of time; write until it is as wanted; create once. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, LostAnswer, WaitFailed

State = TypeVar("State")
Work = TypeVar("Work")
Made = TypeVar("Made")

# Seconds before the second look; the pauses then double up to the interval, so that what is quick is not held up.
FIRST_PAUSE = 0.1
# How often a create is sent in all, each time after a look-up that found nothing.
CREATE_ATTEMPTS = 3
# How many writes of one task may fail before it gives up.
WRITE_ATTEMPTS = 5
# Seconds; the pauses after lost responses double up to this.
LONGEST_PAUSE = 8
# Statuses of refusals that no other writer has caused.
FINAL_STATUS = (None, 401, 403, 429)


@dataclass(frozen=True)
class Patience:
    """How long to wait, and how.

    timeout, interval: seconds; the first poll comes at once, the next ones come sooner than interval.
    progress: called with a sentence after each poll that does not end the waiting; see Http.progress.
    since: the time (monotonic) from which timeout counts, where several things are waited for together; default now.
    """

    clock: Clock
    timeout: float
    interval: float
    progress: Callable[[str], None] | None = None
    since: float | None = None


def wait_until(
    poll: Callable[[], State],
    done: Callable[[State], bool],
    patience: Patience,
    *,
    what: str,
    show: Callable[[State], str] = str,
) -> State:
    """Calls poll() until done(state) is true and returns that state.

    poll: reads the state; done: a predicate, which raises WaitFailed for a state that cannot end well.
    what: names what is awaited, for the message. show: a short text of a state, for the message. An unknown state is
    waited for like any other, but never beyond the timeout, and the message names it.
    """
    ends_at = (patience.clock.monotonic() if patience.since is None else patience.since) + patience.timeout
    pause = FIRST_PAUSE
    while True:
        state = poll()
        if done(state):
            return state
        left = ends_at - patience.clock.monotonic()
        if left <= 0:
            raise WaitFailed(
                f"{what} did not finish within {patience.timeout:g} s (last state: {show(state)}). It is still in "
                "progress; run the task again to keep waiting, or raise `wait_timeout`.",
                code="wait_timeout",
            )
        if patience.progress is not None:
            patience.progress(f"{what}: {show(state)}")
        patience.clock.sleep(min(pause, patience.interval, left))
        pause *= 2


def write_until(
    state: State,
    due: Callable[[State], Work],
    write: Callable[[State, Work], State],
    read: Callable[[], State],
    clock: Clock,
    *,
    attempts: int = WRITE_ATTEMPTS,
    is_final: Callable[[ApiError], bool] | None = None,
    pause: Callable[[ApiError, int], float] | None = None,
) -> State:
    """Writes until nothing is due any more, and returns the state then. The rule for every write that must not be
    guessed about.

    due(state): the work that is left, empty or None when there is none. write(state, work): sends it, or a part of it,
    and returns the state afterwards. read(): the state, read anew.
    After a lost response, or a refusal that another run may have caused, the state is read before anything is sent
    again; a refusal after which the same work is due was meant as one. Raises what write raised, after that many
    failures. is_final(error): no reading can help. pause(error, failures): seconds before the state is read.
    """
    failures = 0
    while work := due(state):
        try:
            state = write(state, work)
        except ApiError as error:
            failures += 1
            if (is_final or _is_final)(error):
                raise
            seconds = (pause or _pause)(error, failures)
            if seconds:
                clock.sleep(seconds)
            try:
                state = read()
            except ApiError as failure:
                failure.message += f" That was a check after this error: {error.message}"
                raise
            left = due(state)
            if left and (failures == attempts or not isinstance(error, LostAnswer) and left == work):
                raise
    return state


def is_refusal(error: ApiError) -> bool:
    """Whether the platform has responded, so that there is no doubt about what became of the request."""
    return not isinstance(error, LostAnswer)


def _is_final(error: ApiError) -> bool:
    return is_refusal(error) and error.status in FINAL_STATUS


def _pause(error: ApiError, failures: int) -> float:
    """The platform may still be at it: the look comes after the pause, just before it would be sent again."""
    return min(2**failures, LONGEST_PAUSE) if isinstance(error, LostAnswer) else 0


def create_once(
    create: Callable[[], Made],
    look_up: Callable[[], Made | None],
    clock: Clock,
    *,
    is_final: Callable[[ApiError], bool] | None = None,
) -> tuple[Made, bool]:
    """Creates without ever making two: (what create returned, True), or (what look_up found, False).

    Only a create whose response was lost, and of which there is no trace, is sent again. Raises what create raised.
    is_final: as of write_until; is_refusal, where nobody else's creation can be in the way.
    """

    def found() -> tuple[Made, bool] | None:
        made = look_up()
        return None if made is None else (made, False)

    def is_due(made: tuple[Made, bool] | None) -> bool:
        return made is None

    made = write_until(
        None,
        is_due,
        lambda _none, _due: (create(), True),
        found,
        clock,
        attempts=CREATE_ATTEMPTS,
        is_final=is_final,
    )
    if made is None:
        raise AssertionError("what was created is neither returned nor found")
    return made
