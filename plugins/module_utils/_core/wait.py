# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Poll until an operation ends, write until the state is as declared, create exactly once. PRIVATE to the
collection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, LostAnswer, WaitFailed
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject

State = TypeVar("State")
Work = TypeVar("Work")
Made = TypeVar("Made")

# Seconds before the second poll. The pauses then double up to the interval, so that fast operations are not delayed.
FIRST_PAUSE = 0.1
# Maximum number of attempts to create, each after a look-up that found nothing.
CREATE_ATTEMPTS = 3
# Maximum number of failed writes of one task.
WRITE_ATTEMPTS = 5
# Longest pause after a lost response, in seconds.
LONGEST_PAUSE = 8
# Statuses of refusals that another writer cannot have caused.
FINAL_STATUS = (None, 401, 403, 429)


@dataclass(frozen=True)
class Patience:
    """How long and how often to poll.

    timeout, interval: seconds. The first poll is immediate, and the first pauses are shorter than interval.
    progress: called with a sentence after each poll that is not the last one; see Http.progress.
    since: the time (monotonic) from which timeout counts, if the task waits for several operations together; default
    now."""

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

    poll: reads the state. done: a predicate, which raises WaitFailed for a state of failure.
    what: the name of the operation, for messages. show: a short text of a state, for messages. An unknown state is
    polled like any other until the timeout, and the message names it.
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
                "progress. To wait longer, raise `wait_timeout`.",
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
    """Writes until no work is left, and returns the final state. Used for all writes whose effect must be certain.

    due(state): the work that is left, empty or None when all is done. write(state, work): sends the work, or a part of
    it, and returns the state afterwards. read(): reads the state.
    After a lost response, or a refusal that another run may have caused, the state is read before anything is sent
    again. If the same work is still due after a refusal, the refusal is raised. Raises the error of write after that
    many failures. is_final(error): the error is raised at once. pause(error, failures): seconds before the state is
    read.
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
    """Whether the platform responded, so that the effect of the request is certain."""
    return not isinstance(error, LostAnswer)


def _is_final(error: ApiError) -> bool:
    return is_refusal(error) and error.status in FINAL_STATUS


def _pause(error: ApiError, failures: int) -> float:
    """The platform may still be processing the request, so the state is read after the pause."""
    return min(2**failures, LONGEST_PAUSE) if isinstance(error, LostAnswer) else 0


def create_once(
    create: Callable[[], Made],
    look_up: Callable[[], Made | None],
    clock: Clock,
    *,
    is_final: Callable[[ApiError], bool] | None = None,
) -> tuple[Made, bool]:
    """Creates one object and never two: (the result of create, True), or (the result of look_up, False).

    A create is sent again only if its response was lost and look_up finds nothing. Raises the error of create.
    is_final: as for write_until; use is_refusal if no other creation can conflict.
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


# How often, and after how many seconds, the first of several runs looks whether the others have given way.
GIVE_WAY_READS, GIVE_WAY_PAUSE = 20, 0.5


def first_of(
    made: JsonObject,
    alike: Callable[[], Sequence[JsonObject]],
    delete: Callable[[JsonObject], None],
    clock: Clock,
) -> tuple[JsonObject, bool]:
    """What stays of an object that this run has just created: (made, True), or (that of another run, False).

    For platforms that let two runs create the same at the same time. Each run reads again after its creation. The later
    one finds both, and deletes its own; the first waits for that. If it waits in vain, the other run has read before
    the two were listed together, and the first deletes its own.
    alike: reads all objects that are the same, in the order in which they were created.
    """
    found = alike()
    for _read in range(GIVE_WAY_READS):
        if len(found) < 2 or found[0]["id"] != made["id"]:
            break
        clock.sleep(GIVE_WAY_PAUSE)
        found = alike()
    own = next((each for each in found if each["id"] == made["id"]), None)
    others = [each for each in found if each is not own]
    if not others:
        return made, True
    if own is not None:
        delete(own)
    return others[0], False
