# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps: run them side by side, print one line for each, and all that a step said when it fails."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import os
import pathlib
import re
import shlex
import signal
import subprocess
import threading
import time
import traceback
import typing

from sync_tree import CHECKOUT

LOGS = CHECKOUT / ".build" / "logs"
STEP_LIMIT_SECONDS = 40 * 60


class StepFailed(Exception):
    """A step did not do what it should; the text says what, the log holds the rest."""


@dataclasses.dataclass
class Step:
    """One line of output: a name, what it does with its log, and the steps that must have succeeded before.

    The action may return a remark for that line; further lines of the remark are printed below it.
    """

    name: str
    action: typing.Callable[[Log], str | None]
    needs: tuple[str, ...] = ()


class Log:
    """The log file of a step, and the processes that the step starts."""

    running: typing.ClassVar[set] = set()
    running_lock: typing.ClassVar[threading.Lock] = threading.Lock()
    interrupted: typing.ClassVar[threading.Event] = threading.Event()

    def __init__(self, name):
        LOGS.mkdir(parents=True, exist_ok=True)
        self.path = LOGS / (re.sub(r"[^A-Za-z0-9.]+", "-", name) + ".log")
        self.path.write_text("", encoding="utf-8")

    def say(self, text):
        with open(self.path, "a", encoding="utf-8") as log:
            log.write(text + "\n")

    def text(self):
        return self.path.read_text(encoding="utf-8", errors="replace")

    def run(self, *command, cwd=CHECKOUT, env=None):
        """Run a command with its output going to the log; returns that output, raises StepFailed unless it exits 0."""
        command = [str(word) for word in command]
        self.say("$ " + shlex.join(command))
        start = self.path.stat().st_size
        with self.running_lock, open(self.path, "ab") as log:
            if self.interrupted.is_set():
                raise StepFailed("interrupted")
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self.running.add(process)
        try:
            status = process.wait(STEP_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            end(process)
            raise StepFailed(f"{command[0]} did not end within {STEP_LIMIT_SECONDS // 60} minutes") from None
        finally:
            with self.running_lock:
                self.running.discard(process)
        with open(self.path, "rb") as log:
            log.seek(start)
            output = log.read().decode("utf-8", "replace")
        if status:
            raise StepFailed(f"{pathlib.Path(command[0]).name} ended with status {status}")
        return output


def end(*processes):
    """End processes together with what they started; those that do not go within five seconds are killed."""
    for process in processes:
        signal_group(process, signal.SIGTERM)
    patience = time.monotonic() + 5
    for process in processes:
        try:
            process.wait(max(0.1, patience - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        # Also when the process itself has gone: something that it started may be left.
        signal_group(process, signal.SIGKILL)
        process.wait()


def signal_group(process, number):
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def perform(step):
    """Run one step and print its line; returns whether it succeeded."""
    log = Log(step.name)
    started = time.monotonic()
    try:
        remark = step.action(log)
        problem = None
    except StepFailed as failure:
        problem = str(failure)
    except Exception as error:
        log.say(traceback.format_exc())
        problem = repr(error)
    seconds = f"{time.monotonic() - started:.0f} s"
    if Log.interrupted.is_set():
        return False
    if problem is None:
        remark, _newline, details = (remark or "").partition("\n")
        print(f"==> {step.name} ... ok ({'; '.join(filter(None, (seconds, remark)))})", flush=True)
        if details:
            print(details, flush=True)
        return True
    print(
        f"==> {step.name} ... FAILED ({seconds}): {problem}\n{log.text().rstrip()}\n==> end of {step.name}", flush=True
    )
    return False


def perform_all(title, steps, jobs):
    """Run the steps, up to `jobs` at a time, each after those that it needs; returns the exit status."""
    print(f"{title}: {len(steps)} steps, {jobs} at a time, logs in {LOGS.relative_to(CHECKOUT)}/", flush=True)
    assert {need for step in steps for need in step.needs} <= {step.name for step in steps}
    started = time.monotonic()
    waiting, outcome, futures = list(steps), {}, {}
    # Whoever ends this process, ends the steps.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        try:
            while waiting or futures:
                for step in list(waiting):
                    failed = [name for name in step.needs if outcome.get(name) is False]
                    if failed:
                        waiting.remove(step)
                        outcome[step.name] = False
                        print(f"==> {step.name} ... FAILED: not run, because it needs: {', '.join(failed)}", flush=True)
                    elif len(futures) < jobs and all(name in outcome for name in step.needs):
                        waiting.remove(step)
                        futures[pool.submit(perform, step)] = step
                done, _unfinished = concurrent.futures.wait(futures, return_when=concurrent.futures.FIRST_COMPLETED)
                for future in done:
                    outcome[futures.pop(future).name] = future.result()
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            with Log.running_lock:
                Log.interrupted.set()
                processes = list(Log.running)
            end(*processes)
            print(f"{title}: interrupted", flush=True)
            return 130
    failed = [name for name, succeeded in outcome.items() if not succeeded]
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    if failed:
        print(f"failed: {', '.join(failed)}")
    print(f"{title}: {len(outcome) - len(failed)} steps passed, {len(failed)} failed, in {minutes} min {seconds} s")
    print(f"{len(outcome) - len(failed)} passed, {len(failed)} failed", flush=True)
    return 1 if failed else 0
