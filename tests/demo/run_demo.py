# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Demonstrate the built collection: on each platform, a release, the same again, a change, and a rollback.

    run_demo.py TARBALL

The demo runs in a temporary directory, with the collection installed from the tarball and its own sandbox. It reads the
requests, the live releases and the served pages from the sandbox itself, never from the modules. Exits with status 1 at
the first unexpected result.
"""

from __future__ import annotations

import contextlib
import pathlib
import sys
import time

from estate_walk import EstateWalk
from fleek_walk import FleekWalk
from flightcontrol_walk import FlightcontrolWalk
from hasura_walk import HasuraWalk
from netlify_walk import NetlifyWalk
from stage import Mismatch, Sandbox, Stage, expect, interruptible
from walk import say

# The first one starts the sandbox.
WALKS = (NetlifyWalk, FleekWalk, HasuraWalk, FlightcontrolWalk, EstateWalk)


def show(stage, tarball):
    """Performs the demo; returns the lines of its summary."""
    started = time.monotonic()
    stage.install(tarball)
    say("Install the collection from its tarball", started, tarball.name)

    summary = [line for walk in WALKS for line in walk(stage).walk()]

    started = time.monotonic()
    sandbox = Sandbox(stage.sandbox_environment()["SANDBOX_URL"])
    stage.run("ansible-playbook", "webops.paas.sandbox", *stage.sandbox_variables("sandbox_state=stopped"))
    expect(not sandbox.answers(), "the sandbox has ended")
    say("Stop the sandbox", started, "it no longer responds")

    expect(not any(stage.work.iterdir()), "the working directory is still empty")
    return summary


def main(arguments):
    if len(arguments) != 1:
        sys.exit("usage: run_demo.py TARBALL")
    tarball = pathlib.Path(arguments[0]).resolve(strict=True)
    print(
        "The demo installs the collection and deploys to the sandbox, a local server with the APIs of the platforms.",
        flush=True,
    )
    started = time.monotonic()
    try:
        with contextlib.ExitStack() as opened:
            opened.enter_context(interruptible())
            summary = show(opened.enter_context(Stage("webops-paas-demo-")), tarball)
    except Mismatch as error:
        print(f"demo: FAILED: {error}", flush=True)
        return 1
    except KeyboardInterrupt:
        print("demo: interrupted; everything is stopped and removed", flush=True)
        return 130
    print(
        f"\nWhat was shown in {time.monotonic() - started:.0f} s; "
        "each line was checked at the sandbox, not taken from the modules. The host names exist only there:"
    )
    for title, text in summary:
        print(f"  {title:20} {text}")
    print("\ndemo: ok", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
