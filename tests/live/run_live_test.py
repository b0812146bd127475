# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the guide "First run against a real account", and report what differs from the sandbox.

    run_live_test.py COLLECTIONS OUTPUT     COLLECTIONS: a directory with the installed collection
    run_live_test.py --check                only tells whether a token is set

A platform is tested if its token is in the environment: read-only tasks, tasks in check mode, and, where
LIVE_TEST_CREATE allows it, one throwaway resource under a random name, which is always deleted at the end. OUTPUT gets
report.md, which contains no value of the account, and the log of ansible-playbook, which does.

Exit status: 0, 1 for a task that failed or a resource that is left, 2 without a token, 130 after an interrupt.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "demo"))

from report import Record, report_of
from stage import Mismatch, Stage, expect, ignore_signals, interruptible

HERE = Path(__file__).resolve().parent
TOKENS = {
    "netlify": "NETLIFY_AUTH_TOKEN",
    "hasura": "HASURA_CLOUD_ACCESS_TOKEN",
    "flightcontrol": "FLIGHTCONTROL_API_KEY",
    "fleek": "FLEEK_API_KEY",
}
# The others' APIs cannot delete what they create.
CAN_CREATE = ("netlify", "hasura")
CREATE_VARIABLE = "LIVE_TEST_CREATE"
PREFIXES = ("NETLIFY_", "HASURA_", "FLIGHTCONTROL_", "FLEEK_")


class Run:
    """The tasks for some platforms, once, with one throwaway name."""

    def __init__(
        self, stage: Stage, platforms: list[str], create: list[str], env: dict[str, str], *, is_sandbox: bool = False
    ) -> None:
        self.name = f"webops-paas-live-{secrets.token_hex(4)}"
        self.output = ""
        self._stage = stage
        self._platforms = platforms
        self._create = create
        self._is_sandbox = is_sandbox
        self._files = stage.root / self.name
        for release in ("first", "second"):
            (self._files / release).mkdir(parents=True)
            page = f"<h1>The {release} release of {self.name}</h1>\n"
            (self._files / release / "index.html").write_text(page, encoding="utf-8")
        self._record = stage.root / f"{self.name}.jsonl"
        self._env = {
            **env,
            "ANSIBLE_CALLBACKS_ENABLED": "live_record",
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "LIVE_RECORD": str(self._record),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(HERE),
        }

    def perform(self) -> Record:
        """Runs all tasks and always cleans up. A failed task is recorded and does not end the run."""
        try:
            self.output += self._play("live.yml", self._platforms)
            self.clean_up()
        except BaseException:
            # Only the first signal raises: nothing interrupts this.
            ignore_signals()
            self.clean_up()
            raise
        return Record(self._record)

    def clean_up(self) -> None:
        """Deletes the objects with the throwaway name; raises Mismatch if one may still exist."""
        created = [platform for platform in self._platforms if platform in self._create]
        if created:
            try:
                self.output += self._play("clean.yml", created)
            except Mismatch as error:
                raise Mismatch(f"{self.name} may still exist on {' or '.join(created)}; delete it. {error}") from None

    def _play(self, playbook: str, platforms: list[str]) -> str:
        inventory = {
            "all": {
                "hosts": dict.fromkeys(platforms, {}),
                "vars": {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            }
        }
        (self._stage.work / "inventory.json").write_text(json.dumps(inventory), encoding="utf-8")
        variables = {
            "live_name": self.name,
            "live_create": self._create,
            "live_directory": str(self._files),
            "live_is_sandbox": self._is_sandbox,
        }
        return str(
            self._stage.run(
                *("ansible-playbook", "-i", "inventory.json", HERE / playbook, "-e", json.dumps(variables)),
                env=self._env,
            )
        )


@contextlib.contextmanager
def started_sandbox(stage: Stage) -> Iterator[dict[str, str]]:
    """A sandbox without rate limits; its variables."""
    stage.sandbox_directory.mkdir()
    command = [stage.sandbox_python or sys.executable, "-m", "paas_sandbox", "--port", "0", "--limits", "none"]
    process = subprocess.Popen(
        [*command, "--quiet", "--env-file", str(stage.env_file)],
        env={**stage.env, "PYTHONPATH": str(HERE.parents[1] / "roles" / "sandbox" / "files")},
        start_new_session=True,
    )
    try:
        while not stage.env_file.exists():
            expect(process.poll() is None, "the sandbox has started")
            time.sleep(0.05)
        yield stage.sandbox_environment()
    finally:
        process.terminate()
        process.wait()


def has_failed(record: Record, platforms: list[str]) -> bool:
    return any(outcome.startswith("failed") for platform in platforms for outcome in record.tasks(platform).values())


def test(stage: Stage, output: Path, platforms: list[str], create: list[str]) -> int:
    print("Run the tasks on the sandbox, to compare with", flush=True)
    with started_sandbox(stage) as environment:
        # Creates every kind of object, for more responses to compare with.
        sandbox = Run(stage, platforms, list(CAN_CREATE), environment, is_sandbox=True).perform()

    env = {name: value for name, value in os.environ.items() if name.startswith(PREFIXES)}
    run = Run(stage, platforms, create, env)
    allowed = [platform for platform in platforms if platform in create]
    print(f"Run the tasks on {', '.join(platforms)}", flush=True)
    if allowed:
        print(f"On {' and '.join(allowed)}, everything that this test creates is named {run.name}", flush=True)
    try:
        real = run.perform()
    finally:
        (output / "ansible-playbook.log").write_text(run.output, encoding="utf-8")

    versions = f"ansible-core {version('ansible-core')}, Python {sys.version.split()[0]}"
    scopes = {
        platform: "read-only tasks, check mode" + (", a throwaway resource" if platform in allowed else "")
        for platform in platforms
    }
    report = report_of(scopes, versions, real, sandbox)
    (output / "report.md").write_text(report, encoding="utf-8")
    print(f"\n{report}\nThis report is in {output / 'report.md'}. Nothing that the test created is left.", flush=True)
    return 1 if has_failed(real, platforms) else 0


def main(arguments: list[str]) -> int:
    platforms = [platform for platform, variable in TOKENS.items() if os.environ.get(variable)]
    create = [word.strip() for word in os.environ.get(CREATE_VARIABLE, "netlify").split(",") if word.strip()]
    if not platforms:
        print(f"live test: 0 tasks. No token is set. Set one or more of {', '.join(TOKENS.values())}.", file=sys.stderr)
        return 2
    if unknown := sorted({*create} - {*CAN_CREATE}):
        print(
            f"live test: {CREATE_VARIABLE} can contain {', '.join(CAN_CREATE)}, got {', '.join(unknown)}.",
            file=sys.stderr,
        )
        return 2
    if arguments == ["--check"]:
        return 0
    if len(arguments) != 2:
        print("usage: run_live_test.py COLLECTIONS OUTPUT", file=sys.stderr)
        return 2
    collections, output = (Path(argument).resolve() for argument in arguments)
    output.mkdir(parents=True, exist_ok=True)
    try:
        with interruptible(), Stage("webops-paas-live-") as stage:
            stage.env["ANSIBLE_COLLECTIONS_PATH"] = str(collections)
            return test(stage, output, platforms, create)
    except Mismatch as error:
        print(f"live test: FAILED: {error}", flush=True)
        return 1
    except KeyboardInterrupt:
        print("live test: interrupted. Nothing that it created is left.", flush=True)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
