# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the sandbox with a clock that another process can also move forward without a request: python moved_sandbox.py
FILE OPTIONS, with the options of paas_sandbox.

The modules under test pause so often that requests to the admin interface, one for each pause, would be a third of all.
"""

from __future__ import annotations

import gc
import mmap
import pathlib
import sys


def moments(file: pathlib.Path) -> memoryview:
    """The file's contents: seconds by which the clock has been moved."""
    if not file.exists():
        file.write_bytes(bytes(8))
    with file.open("r+b") as stream:
        return memoryview(mmap.mmap(stream.fileno(), 8)).cast("d")


def main() -> int:
    from paas_sandbox import __main__ as program
    from paas_sandbox.core import clock, sandbox

    moved = moments(pathlib.Path(sys.argv.pop(1)))

    class MovedClock(clock.Clock):
        @property
        def offset(self) -> float:
            return self._rest + moved[0]

        @offset.setter
        def offset(self, seconds: float) -> None:
            self._rest = seconds - moved[0]

    sandbox.Clock = MovedClock
    # As in the process of the tests.
    gc.freeze()
    gc.set_threshold(20_000)
    return program.main()


if __name__ == "__main__":
    sys.exit(main())
