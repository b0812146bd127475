# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_deploy with its own number of parallel uploads, beside fixed numbers and beside the vendor's client.

Prints tables, and whether each aim is met:

- a cold deploy takes at most 1.3 times as long as with the best fixed number, with 0, 30 and 150 ms added to responses;
- with the rate limit of the platform, it takes at most 1.1 times as long as with 8, and is refused no more often;
- with the vendor's client, if there is one, it is 4 times as fast with 30 ms added and 6 times with 150 ms;
- an unchanged site takes at most 1.3 times as long to read as sha1sum needs for it on as many cores.

Every figure is the median of several runs, in turn, so that a busy moment of the machine hits all.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

from deploys import Bench
from harness import Sandbox, World
from make_site import write_site
from report import Aim, conclude, table

VENDOR = pathlib.Path(__file__).resolve().parents[1] / "vendor_cli"
sys.path.append(str(VENDOR))

from front import Front
from netlify import EXTENSIONS_HOST

FIXED = (4, 8, 16, 32, 64)
LATENCIES = (0.0, 0.03, 0.15)
# How much faster than the vendor's client, by latency.
FASTER = {0.03: 4, 0.15: 6}
HASH = """
import sys, time
from ansible_collections.webops.paas.plugins.module_utils._netlify.manifest import build_manifest
began = time.monotonic()
build_manifest(sys.argv[1])
print(time.monotonic() - began)
"""


class Uploads(Bench):
    def cold(self, source, **options):
        """(seconds of a first deploy as a task, seconds of the whole process)."""
        self.new_site()
        began = time.monotonic()
        seconds = self.task(
            "webops.paas.netlify_deploy", site="shop", src=str(source), poll_interval=0.1, **options, **self.connection
        )
        return seconds, time.monotonic() - began

    def vendor(self, program, source):
        """Seconds of a first deploy with the vendor's client, whose own host for extensions is the sandbox, too."""
        site_id = self.new_site()
        port = urlsplit(self.world.sandbox.url).port
        with Front((EXTENSIONS_HOST,), port, self.directory) as front:
            return self.vendor_behind(front, program, site_id, source)

    def vendor_behind(self, front, program, site_id, source):
        environment = {
            **os.environ,
            **self.world.environment,
            "CI": "true",
            "HOME": str(self.directory),
            "NETLIFY_SITE_ID": site_id,
            "NETLIFY_TELEMETRY_DISABLED": "1",
            "NODE_EXTRA_CA_CERTS": str(front.certificate),
            "NODE_OPTIONS": f"--require={VENDOR / 'hosts.cjs'}",
            "VENDOR_HOSTS": EXTENSIONS_HOST,
            "VENDOR_PORT": str(front.port),
        }
        command = [program, "deploy", "--prod", "--no-build", "--dir", str(source), "--site", site_id]
        began = time.monotonic()
        subprocess.run(command, env=environment, cwd=self.directory, check=True, capture_output=True)
        return time.monotonic() - began

    def sweep(self, source, latency, program, fixed):
        """{number, "auto" or "vendor": median of seconds}; those of "auto" as a task, and "whole" as a process."""
        self.latency = latency
        taken = {name: [] for name in (*fixed, "auto", "whole", *(["vendor"] if program else []))}
        for _round in range(self.rounds):
            for number in fixed:
                taken[number].append(self.cold(source, concurrency=number)[0])
            seconds, whole = self.cold(source)
            taken["auto"].append(seconds)
            taken["whole"].append(whole)
            if program:
                taken["vendor"].append(self.vendor(program, source))
        return {name: statistics.median(seconds) for name, seconds in taken.items()}

    def limited(self, source, **options):
        """(seconds, requests that were refused) of a first deploy with the rate limit of the platform."""
        self.world.sandbox.reset(limits="real")
        self.world.api("POST", "/sites", {"name": "shop"})
        last = self.world.sandbox.admin("GET", "requests")["last"]
        seconds = self.task(
            "webops.paas.netlify_deploy", site="shop", src=str(source), poll_interval=0.1, **options, **self.connection
        )
        calls = self.world.sandbox.admin("GET", f"requests?since={last}")["requests"]
        return seconds, sum(call["status"] == 429 for call in calls)


def hashing(directory, size, rounds):
    """(seconds to read and compare a site of that many bytes, seconds that sha1sum needs on as many cores)."""
    source, block = directory / "large", random.Random(1).randbytes(1024 * 1024)
    source.mkdir()
    for number in range(size // (16 * len(block))):
        with open(source / f"{number}.bin", "wb") as stream:
            stream.write(b"%d" % number)
            for _each in range(16):
                stream.write(block)
    cores = str(len(os.sched_getaffinity(0)))
    ours, theirs = [], []
    for _round in range(rounds):
        run = subprocess.run([sys.executable, "-c", HASH, str(source)], check=True, capture_output=True, text=True)
        ours.append(float(run.stdout))
        began = time.monotonic()
        subprocess.run(f"ls {source}/* | xargs -P {cores} -n 4 sha1sum", shell=True, check=True, capture_output=True)
        theirs.append(time.monotonic() - began)
    shutil.rmtree(source)
    return statistics.median(ours), statistics.median(theirs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--bytes", type=int, default=27_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", type=int, default=2 * 1024**3, help="bytes of the site to hash; 0 for none")
    parser.add_argument("--latency", type=float, nargs="+", default=LATENCIES)
    parser.add_argument("--fixed", type=int, nargs="+", default=FIXED, help="numbers of parallel uploads")
    parser.add_argument("--no-limits", action="store_true", help="without the runs at the platform's rate limit")
    program = os.environ.get("BENCHMARK_NETLIFY_CLI") or shutil.which("netlify")
    parser.add_argument("--netlify-cli", default=program, help="the vendor's client")
    arguments = parser.parse_args()
    directory = pathlib.Path(tempfile.mkdtemp())
    sandbox = Sandbox(directory)
    rows, aims = [], []
    try:
        bench = Uploads(World(sandbox, directory), directory, arguments.rounds)
        source = directory / "site"
        write_site(source, release=1, files=arguments.files, size=arguments.bytes)
        for latency in arguments.latency:
            label = f"{latency * 1000:.0f} ms added"
            print(f"==> {label}", file=sys.stderr, flush=True)
            found = bench.sweep(source, latency, arguments.netlify_cli, arguments.fixed)
            best = min(found[number] for number in arguments.fixed)
            rows += [
                (label, f"concurrency: {name}", found[name], found[name] / best) for name in (*arguments.fixed, "auto")
            ]
            aims.append(Aim(f"{label}: auto, compared with the best fixed number", found["auto"] / best, 1.3))
            if "vendor" in found:
                times = found["vendor"] / found["whole"]
                rows.append((label, "netlify deploy, whole process, beside ours", found["vendor"], times))
                wanted = FASTER.get(latency, 1)
                aims.append(Aim(f"{label}: times as fast as Netlify's CLI", times, wanted, is_minimum=True))
        if not arguments.no_limits:
            print("==> the rate limit", file=sys.stderr, flush=True)
            (fixed, refused), (auto, more) = bench.limited(source, concurrency=8), bench.limited(source)
            rows.append(("the platform's rate limit", f"concurrency: 8, {refused} refused", fixed, 1.0))
            rows.append(("", f"concurrency: auto, {more} refused", auto, auto / fixed))
            aims.append(Aim("rate limit: auto, compared with 8", auto / fixed, 1.1))
            aims.append(Aim("rate limit: refused requests, at most those with 8", more, refused, unit="requests"))
        if arguments.large:
            print("==> digests", file=sys.stderr, flush=True)
            ours, theirs = hashing(directory, arguments.large, arguments.rounds)
            rows.append((f"{arguments.large / 1e9:.1f} GB", "sha1sum on as many cores", theirs, 1.0))
            rows.append(("", "digests of netlify_deploy", ours, ours / theirs))
            aims.append(Aim(f"digests of {arguments.large / 1e9:.1f} GB, compared with sha1sum", ours / theirs, 1.3))
    finally:
        sandbox.close()
        shutil.rmtree(directory)
    table(rows, ("run", "of", "seconds", "ratio"))
    return conclude(aims)


if __name__ == "__main__":
    sys.exit(main())
