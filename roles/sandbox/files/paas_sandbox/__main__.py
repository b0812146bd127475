# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start the sandbox: paas-sandbox, or python -m paas_sandbox"""

from __future__ import annotations

import argparse
import os
import pathlib
import sys
from typing import Any

from .core import server
from .core.app import Application
from .core.limits import MODES
from .core.platform import Platform
from .fleek import Fleek
from .flightcontrol import Flightcontrol
from .hasura import Hasura
from .netlify import Netlify

# Netlify last: it serves every other name below localhost.
PLATFORMS: list[type[Platform[Any]]] = [Fleek, Flightcontrol, Hasura, Netlify]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="paas-sandbox", description="A local server that emulates the APIs of hosting platforms."
    )
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 selects a free port (default)")
    parser.add_argument("--env-file", type=pathlib.Path, help="write export lines to this file while running")
    parser.add_argument("--port-file", type=pathlib.Path, help="write the port number to this file while running")
    parser.add_argument(
        "--limits",
        choices=MODES,
        default=os.environ.get("SANDBOX_LIMITS") or "scaled",
        help="rate limits: a hundred times those of the platforms (scaled), those of the platforms (real), or none; "
        "the environment variable SANDBOX_LIMITS sets the default (%(default)s)",
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of generated names and IDs (default: %(default)s)")
    parser.add_argument("--quiet", action="store_true", help="print nothing but errors")
    arguments = parser.parse_args()
    if arguments.limits not in MODES:
        parser.error(f"SANDBOX_LIMITS must be one of {', '.join(MODES)}")
    return server.run(
        lambda url: Application(PLATFORMS, arguments.limits, arguments.seed, url),
        arguments.host,
        arguments.port,
        arguments.env_file,
        arguments.port_file,
        arguments.quiet,
    )


if __name__ == "__main__":
    sys.exit(main())
