# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a platform provides to be plugged into the sandbox."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from starlette.responses import Response

from .call import Call
from .clock import Clock
from .limits import Limits
from .options import Options, Setting, Switch
from .routes import Route
from .snapshots import Comparable, frozen, thawed
from .storage import Store


@dataclass(frozen=True)
class Ground:
    """What the core provides to each platform."""

    clock: Clock
    switches: Options
    settings: Options
    limits: Limits
    store: Store
    seed: int
    url: str  # URL of the sandbox, without a slash at its end

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])


@dataclass(frozen=True)
class Table:
    """A part of the status page. A cell is text, or (text, address) for a link."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(default_factory=list)


@dataclass(frozen=True)
class Documented:
    """A supported operation or field, and its fact."""

    method: str
    path: str
    operation: str
    fact: str


class Surface(ABC):
    """One kind of traffic of a platform, such as its API or the sites that it serves."""

    label: str  # the `platform` of the request log and of faults
    routes: tuple[Route, ...] = ()
    unlisted: tuple[str, ...] = ("unrouted",)  # names of operations that are not in `documented`

    @abstractmethod
    def claims(self, call: Call) -> bool:
        """True if a request belongs to this surface, by its host and path."""

    async def receive(self, call: Call) -> None:
        """Read the body first, if it determines the operation of a request."""
        return

    @abstractmethod
    def resolve(self, call: Call) -> Route | None:
        """Find the route and set `call.operation`; None if the platform does not have the operation. Can set
        `call.write` if the method does not determine it."""

    @abstractmethod
    async def answer(self, call: Call, route: Route | None, content: bytes) -> Response:
        """Process the request. `content` is the body unless the route is streamed."""

    def finish(self, call: Call, response: Response) -> None:
        """Add the headers that every response of this surface has."""
        return

    def documented(self) -> Iterable[Documented]:
        """All supported operations and fields."""
        return [Documented(route.method, route.path, route.operation, route.fact) for route in self.routes]

    @cached_property
    def operations(self) -> frozenset[str]:
        """The names that `call.operation` can have."""
        return frozenset(entry.operation for entry in self.documented()).union(self.unlisted)

    def has_operation(self, name: str) -> bool:
        return name in self.operations

    @abstractmethod
    def failure(self, call: Call, status: int) -> Response:
        """The platform's own form of an error, for an ordered fault."""

    @abstractmethod
    def throttled(self, call: Call, reset: str, seconds: float) -> Response:
        """The platform's own 429, for an ordered fault; `reset` is one of faults.RESETS."""


StateT = TypeVar("StateT")


class Platform(ABC, Generic[StateT]):
    """A platform of the sandbox. Its state is made when it is first needed, as of the last reset: most clients that
    reset the sandbox use one platform.
    """

    name: str
    switches: tuple[Switch, ...] = ()
    settings: tuple[Setting, ...] = ()
    # states that only tests can cause: POST /_sandbox/PLATFORM/NAME; a handler takes the body, raises ValueError
    admin_calls: dict[str, Callable[[Any, dict[str, Any]], Any]] = {}

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.reset()

    def reset(self) -> None:
        """Restore the initial state."""
        self._reset_at = self.ground.clock.now()
        self._state: StateT | None = None

    def close(self) -> None:
        """End what does not end with the process."""
        return

    def freeze(self) -> tuple[float, bytes | None]:
        """What `thaw` needs to restore the present state."""
        return self._reset_at, None if self._state is None else frozen(self._state, self.ground)

    def thaw(self, reset_at: float, data: bytes | None) -> None:
        self._reset_at = reset_at
        self._state = None if data is None else thawed(data, self.ground)

    def compare(self, comparable: Comparable) -> None:
        comparable.add(self._state)
        if self._state is not None:
            comparable.due(self.due(self._state))

    def due(self, state: StateT) -> Iterable[float]:
        """Moments, past or future, at which something happens although no attribute of the state has them."""
        return ()

    @property
    def state_now(self) -> StateT:
        if self._state is None:
            with self.ground.clock.stopped_at(self._reset_at):
                self._state = self.seeded()
        return self._state

    @abstractmethod
    def seeded(self) -> StateT:
        """A new state, as it is after a reset."""

    @abstractmethod
    def surfaces(self) -> list[Surface]:
        """In the order in which they are asked whether a request is theirs."""

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """Variables that point the platform's tools to the sandbox."""

    @abstractmethod
    def examples(self) -> list[str]:
        """Command lines for a person who has just started the sandbox."""

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """Everything that the admin interface shows as JSON."""

    @abstractmethod
    def tables(self) -> list[Table]:
        """The platform's part of the status page."""
