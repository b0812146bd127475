# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a sandbox holds: the platforms, and what they share."""

from __future__ import annotations

from typing import Any

from .clock import Clock
from .faults import Faults
from .limits import Limits
from .options import Options
from .platform import Ground, Platform
from .requestlog import RequestLog
from .snapshots import Comparable, Snapshot
from .storage import Store


class Sandbox:
    """All platforms behind one port."""

    def __init__(self, platforms: list[type[Platform[Any]]], limits: str, seed: int, url: str) -> None:
        self.initial_limits = limits
        self.clock = Clock()
        self.switches = Options("switch", [switch for platform in platforms for switch in platform.switches])
        self.settings = Options("setting", [setting for platform in platforms for setting in platform.settings])
        self.limits = Limits(limits)
        self.store = Store()
        self.log = RequestLog()
        self.ground = Ground(self.clock, self.switches, self.settings, self.limits, self.store, seed, url)
        self.platforms = [platform(self.ground) for platform in platforms]
        self.surfaces = [surface for platform in self.platforms for surface in platform.surfaces()]
        self.faults = Faults(self.surfaces)
        self._snapshots: dict[str, Snapshot] = {}

    def reset(self) -> None:
        """Reset everything except switches, settings and limits."""
        self.clock.reset()
        self.store.close()
        self._forget()
        for platform in self.platforms:
            platform.reset()

    def _forget(self) -> None:
        self.log.reset()
        self.faults.clear()

    def take_snapshot(self, name: str) -> None:
        """Keep all that clients can see, and the clock, under a name; without the log of requests and the faults."""
        self._snapshots[name] = Snapshot(
            self.clock.now(),
            self.limits.snapshot(),
            self.switches.values(),
            self.settings.values(),
            self.store.snapshot(),
            [platform.freeze() for platform in self.platforms],
        )

    def restore(self, name: str) -> None:
        """Begin again with a snapshot. Raises ValueError."""
        snapshot = self._snapshots.get(name)
        if snapshot is None:
            raise ValueError(f"unknown snapshot {name!r}")
        self.clock.reset(snapshot.moment)
        self._forget()
        self.limits.restore(*snapshot.limits)
        self.switches.reset(snapshot.switches)
        self.settings.reset(snapshot.settings)
        self.store.restore(snapshot.contents)
        for platform, state in zip(self.platforms, snapshot.states, strict=True):
            platform.thaw(*state)

    def digest(self) -> str:
        """The same for two states if no client can tell them apart, see Comparable."""
        comparable = Comparable(self.clock.start, self.clock.now(), self.ground)
        mode, windows = self.limits.snapshot()
        comparable.add([mode, windows if mode != "none" else {}])
        comparable.add([self.switches.values(), self.settings.values()])
        comparable.add([self.store.digests(), self.faults.describe()])
        for platform in self.platforms:
            platform.compare(comparable)
        return comparable.digest()

    def seed(self) -> None:
        """Make the states that no client has asked for yet, before something changes that they depend on."""
        for platform in self.platforms:
            _state = platform.state_now

    def close(self) -> None:
        for platform in self.platforms:
            platform.close()
        self.store.close()
