# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Called by make: nox runs the sessions in parallel, and its report becomes one line per session.

    run.py TITLE SESSION...

The output of a failed session is shown in full; all logs are in .build/logs. The environment variable JOBS sets the
number of parallel sessions, and NO_SKIPS makes a skipped session a failure.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LOGS = CHECKOUT / ".build" / "logs"
HEADER = re.compile(r"^=+ \S+ (\S+): (success|skipped|failed|aborted)(?:, .*)? =+$")


def main(title: str, *sessions: str) -> int:
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    jobs = os.environ.get("JOBS") or str(max(2, min(4, len(os.sched_getaffinity(0)))))
    command = [CHECKOUT / ".venv" / "nox" / "bin" / "nox", "--nocolor", "-j", jobs, "-s", *sessions]
    nox = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    # nox ends its sessions when it is interrupted. Ctrl-C in a terminal interrupts both processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda _number, _frame: nox.send_signal(signal.SIGINT))
    began, log, verdict = {"": time.monotonic()}, LOGS / "nox.log", "failed"
    outcomes: dict[str, str] = {}
    print(f"{title}: running {', '.join(sessions)}; logs are in {LOGS.relative_to(CHECKOUT)}", flush=True)
    for line in nox.stdout or ():
        header, start = HEADER.match(line), re.match(r"^Starting session (\S+)[.]{3}$", line)
        if start:
            began[start[1]] = time.monotonic()
        elif header:
            name, verdict = header[1], header[2]
            outcomes[name], log = verdict, LOGS / f"{name}.log"
            seconds = f"{time.monotonic() - began.get(name, time.monotonic()):.0f} s"
            print(f"==> {name} ... {'ok' if verdict == 'success' else verdict.upper()} ({seconds})", flush=True)
        else:
            with log.open("a", encoding="utf-8") as file:
                file.write(line)
            if line.startswith("nox > Ran "):
                verdict = "summary"
            if verdict in ("failed", "aborted"):
                print(line, end="", flush=True)
            elif line.startswith(">> ") or (verdict == "skipped" and " needs " in line):
                print("    " + line.removeprefix(">> "), end="", flush=True)
    status = nox.wait()
    passed, skipped = (list(outcomes.values()).count(verdict) for verdict in ("success", "skipped"))
    failed = [name for name, verdict in outcomes.items() if verdict in ("failed", "aborted")]
    for name in failed:
        # Printed again, because a lot of output can follow a failure.
        print(f"the last lines of {name}:", *(LOGS / f"{name}.log").read_text().splitlines()[-12:], sep="\n    ")
    if failed:
        print(f"failed: {', '.join(failed)}")
    minutes, rest = divmod(round(time.monotonic() - began[""]), 60)
    print(f"{title}: took {minutes} min {rest} s")
    print(f"{passed} passed, {len(failed)} failed" + (f", {skipped} skipped" if skipped else ""), flush=True)
    return int(status != 0 or not passed or bool(failed) or (skipped > 0 and bool(os.environ.get("NO_SKIPS"))))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
