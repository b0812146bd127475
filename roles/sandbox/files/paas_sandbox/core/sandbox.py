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
        ground = Ground(self.clock, self.switches, self.settings, self.limits, self.store, seed, url)
        self.platforms = [platform(ground) for platform in platforms]
        self.surfaces = [surface for platform in self.platforms for surface in platform.surfaces()]
        self.faults = Faults(tuple(surface.label for surface in self.surfaces))

    def reset(self) -> None:
        """Reset everything except switches, settings and limits."""
        self.clock.reset()
        self.store.close()
        self.log.reset()
        self.faults.clear()
        for platform in self.platforms:
            platform.reset()

    def seed(self) -> None:
        """Make the states that no client has asked for yet, before something changes that they depend on."""
        for platform in self.platforms:
            _state = platform.state_now

    def close(self) -> None:
        self.store.close()
