# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Snapshots of the states of all platforms, and digests with which two states can be compared."""

from __future__ import annotations

import datetime
import hashlib
import io
import marshal
import math
import pickle
import random
import re
from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from .storage import Content

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
MINUTE = 60
SEQUENCES = (list, tuple, deque)
ATOMS = (int, bool, type(None), bytes)


@dataclass(frozen=True)
class Snapshot:
    """`states` has what each platform's `freeze` returned."""

    moment: float
    limits: tuple[str, dict[tuple[str, str], list[float]]]
    switches: dict[str, Any]
    settings: dict[str, Any]
    contents: dict[str, Content]
    states: list[tuple[float, bytes | None]]


class _Pickler(pickle.Pickler):
    def __init__(self, stream: io.BytesIO, ground: Any) -> None:
        super().__init__(stream, pickle.HIGHEST_PROTOCOL)
        self._ground = ground

    def persistent_id(self, obj: Any) -> str | None:
        return "ground" if obj is self._ground else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, ground: Any) -> None:
        super().__init__(stream)
        self._ground = ground

    def persistent_load(self, pid: Any) -> Any:
        return self._ground


def frozen(state: Any, ground: Any) -> bytes:
    """A copy of a state without the ground that it refers to: the clock and the switches exist once."""
    stream = io.BytesIO()
    _Pickler(stream, ground).dump(state)
    return stream.getvalue()


def thawed(data: bytes, ground: Any) -> Any:
    return _Unpickler(io.BytesIO(data), ground).load()


class Comparable:
    """Collects what clients can see, for a digest that is the same for two states that no client can tell apart.

    All objects and values count. Moments since `start` count by their order and their distance in minutes, because a
    delay of some seconds moves all of them; what is due within the next minute counts by its exact distance. Older
    moments are values like any other.
    """

    def __init__(self, start: float, now: float, ground: Any) -> None:
        """`ground` is left out, as in a snapshot."""
        self._start = start
        self._now = now
        self._ground = ground
        self._numbers: dict[int, int] = {}
        # values without parts; Ellipsis goes before the kind and the number of the parts of any other
        self._values: list[Any] = [(now - start) // MINUTE]
        self._moments: list[int] = []  # their places among the values

    def add(self, value: Any) -> None:
        """Raises ValueError for a value that it cannot compare."""
        kind = type(value)
        if kind is str:
            if len(value) == 24 and ISO.fullmatch(value):
                self.add(datetime.datetime.fromisoformat(f"{value[:-1]}+00:00").timestamp())
            else:
                self._values.append(value)
        elif kind is float:
            if self._start <= value < math.inf:
                self._moments.append(len(self._values))
            self._values.append(value)
        elif kind in ATOMS:
            self._values.append(value)
        elif kind in SEQUENCES:
            self._add_parts("list", value)
        elif kind is dict:
            self._add_parts("keys", value)
            self._add_parts("values", value.values())
        elif kind is set:
            self._add_parts("set", sorted(value, key=lambda item: str(getattr(item, "id", item))))
        elif kind is random.Random:
            self._add_parts("random", (hash(value.getstate()),))
        elif value is not self._ground:
            self._add_object(value)

    def due(self, moments: Iterable[float]) -> None:
        """Moments that no attribute has, at which something happens."""
        self._add_parts("due", [moment for moment in moments if moment > self._now])

    def digest(self) -> str:
        ranks = {moment: rank for rank, moment in enumerate(sorted({self._values[place] for place in self._moments}))}
        for place in self._moments:
            moment = self._values[place]
            seconds = moment - self._now
            self._values[place] = (ranks[moment], seconds if 0 < seconds < MINUTE else seconds // MINUTE)
        # of this version, in which equal values are written in one way
        return hashlib.sha256(marshal.dumps(self._values, 2)).hexdigest()

    def _add_parts(self, kind: str, parts: Collection[Any]) -> None:
        self._values += (..., kind, len(parts))
        for part in parts:
            self.add(part)

    def _add_object(self, value: Any) -> None:
        """Objects refer to each other in circles: each is described once."""
        number = self._numbers.get(id(value))
        if number is None:
            self._numbers[id(value)] = len(self._numbers)
            self._add_parts(type(value).__name__, vars(value).values())
        else:
            self._values += (..., "object", number)
