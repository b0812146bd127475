# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs all benchmarks, says whether each aim is met, and compares the values with those that are stored.

With --store, the results become the stored ones (results.json), and the benchmarks page is written anew. Only use it on
an otherwise idle machine, whose load is stored as well. Other arguments are passed to the benchmarks.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import page
from report import VARIABLE, Aim

HERE = pathlib.Path(__file__).resolve().parent
# The arguments of each benchmark with --quick. Values of other sizes have other names, so they are not compared.
QUICK = {
    "doors": ["--count", "10", "--rounds", "1"],
    "start": ["--count", "10", "--rounds", "1", "--items", "500"],
    "content": ["--submissions", "1200", "6000", "--count", "5", "--rounds", "1"],
    "deploys": ["--files", "1000", "--rounds", "1"],
    "uploads": ["--rounds", "1", "--no-limits", "--large", "200000000", "--latency", "0.03"],
    "estates": ["--sites", "20", "--rounds", "1", "--items", "3", "1"],
    "lists": ["--sites", "300", "--variables", "1000", "--submissions", "2000", "--rounds", "1"],
    "slices": ["--sites", "4", "--slices", "4"],
    "scaling": [
        "--files",
        "10",
        "100",
        "1000",
        "--resources",
        "1",
        "10",
        "100",
        "--latency",
        "0",
        "30",
        "--rounds",
        "1",
    ],
}


def measured(name, arguments, note):
    """The results of one benchmark. Its output is passed on. note: for readers of the page."""
    with tempfile.TemporaryDirectory() as directory:
        record = pathlib.Path(directory) / "record.json"
        command = [sys.executable, str(HERE / f"{name}.py"), *arguments]
        load = os.getloadavg()[0]
        status = subprocess.run(command, env={**os.environ, VARIABLE: str(record)}).returncode
        if not record.exists():
            sys.exit(f"{name}.py failed with status {status}.")
        about = {
            "date": datetime.date.today().isoformat(),
            "cores": len(os.sched_getaffinity(0)),
            # Before the benchmark: its own part does not count.
            "load": round(load, 1),
            "arguments": arguments,
            "note": note,
        }
        return {"measured": about, **json.loads(record.read_text(encoding="utf-8"))}


def compared(name, result, stored):
    """(a line for each aim, number of aims whose value is worse than the stored one)"""
    before = {aim["name"]: Aim(**aim) for aim in stored.get(name, {}).get("aims", ())}
    lines, worse = [], 0
    for aim in (Aim(**aim) for aim in result["aims"]):
        change = "nothing to compare with"
        if aim.name in before:
            change, is_worse = aim.change(before[aim.name])
            worse += is_worse
        lines.append(f"{'met    ' if aim.is_met else 'NOT MET'}  {name}: {aim.text}; {change}")
    return lines, worse


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes and one round, a few minutes in all")
    parser.add_argument("--only", nargs="+", choices=list(QUICK), default=list(QUICK), metavar="NAME")
    parser.add_argument("--store", action="store_true", help="store the results, and write the page")
    parser.add_argument("--fail-if-worse", action="store_true", help="exit with status 1 if a value is worse")
    parser.add_argument("--note", default="", help="a sentence about the machine, which is stored with the results")
    arguments, others = parser.parse_known_args()
    stored = page.results()
    lines, worse = [], 0
    for name in arguments.only:
        print(f"==> {name}", flush=True)
        result = measured(name, [*(QUICK[name] if arguments.quick else []), *others], arguments.note)
        more, number = compared(name, result, stored)
        lines, worse = lines + more, worse + number
        if arguments.store:
            # After each one, so that nothing is lost if a later one fails.
            page.store({**page.results(), name: result})
    print("\nSummary:", *lines, sep="\n")
    print(f"{worse} values are worse than the stored ones." if worse else "No value is worse than the stored one.")
    return 1 if worse and arguments.fail_if_worse else 0


if __name__ == "__main__":
    sys.exit(main())
