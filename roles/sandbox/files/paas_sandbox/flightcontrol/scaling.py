# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instances: how many are wanted, how many run, and the autoscaler.

fact: flightcontrol 2.5 [DOC]: autoscaling is on when minimum and maximum differ, with a cooldown of 300 seconds. Its
load is not known to anybody; here it rises to the maximum and falls to the minimum again, one instance each time.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..core.options import Options
from .model import SCALABLE, Instance, Service


def change(settings: Options, service: Service, count: int, now: float) -> None:
    """Start or stop as many instances as it takes."""
    seconds = settings["flightcontrol_instance_seconds"]
    service.instances = [instance for instance in service.instances if instance.stopped_at > now]
    kept = [instance for instance in service.instances if instance.stopped_at == float("inf")]
    for _turn in range(count - len(kept)):
        service.instances.append(Instance(now + seconds))
    # those that have not started yet go first, and at once
    for instance in reversed(kept[count:]):
        if instance.ready_at > now:
            service.instances.remove(instance)
        else:
            instance.stopped_at = now + seconds
    service.desired = count
    service.updated_at = now


def plan_move(settings: Options, service: Service, now: float) -> None:
    """The autoscaler looks again after its cooldown."""
    cooldown = settings["flightcontrol_autoscaler_seconds"]
    service.next_move = now + cooldown if service.autoscaled and cooldown else float("inf")


def settle(settings: Options, services: Iterable[Service], now: float) -> None:
    """Let the autoscaler do what is due."""
    for service in services:
        if service.type in SCALABLE and service.next_move <= now:
            _catch_up(settings, service, now)


def _catch_up(settings: Options, service: Service, now: float) -> None:
    cooldown = settings["flightcontrol_autoscaler_seconds"]
    if not cooldown:
        plan_move(settings, service, now)
        return
    moves = int((now - service.next_move) // cooldown) + 1
    # up and down again leads back to the start, so whole turns beyond the first can be left out
    turn = 2 * (service.maximum - service.minimum)
    skipped = max(0, (moves - turn) // turn) * turn
    moment = service.next_move + skipped * cooldown
    for _move in range(moves - skipped):
        _move_once(settings, service, moment)
        moment += cooldown
    service.next_move = moment


def _move_once(settings: Options, service: Service, moment: float) -> None:
    if not service.minimum <= service.desired <= service.maximum:
        change(settings, service, min(max(service.desired, service.minimum), service.maximum), moment)
        return
    if service.desired == service.maximum:
        service.rising = False
    elif service.desired == service.minimum:
        service.rising = True
    change(settings, service, service.desired + (1 if service.rising else -1), moment)
