# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Makefile calls: run the named target's steps, one line each, and say how it ended.

Steps that do not need each other run at the same time. A step that fails prints all that it said; the others still
run. Everything that is made lands in .build, .cache and .venv of the checkout. Needs only the standard library.
"""

from __future__ import annotations

import base64
import concurrent.futures
import configparser
import dataclasses
import fcntl
import glob
import hashlib
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
import typing

from sync_tree import CHECKOUT, sync

BUILD = CHECKOUT / ".build"
CACHE = CHECKOUT / ".cache"
VENVS = CHECKOUT / ".venv"
LOGS = BUILD / "logs"
STEP_LIMIT_SECONDS = 40 * 60

# Settings of the person who calls that must not reach the tests: least of all a token of a real account.
FOREIGN_SETTINGS = ("ANSIBLE_", "NETLIFY_", "FLEEK_", "HASURA_", "FLIGHTCONTROL_", "SANDBOX_", "PYTEST_", "PYTHON")


class StepFailed(Exception):
    """A step did not do what it should; the text says what, the log holds the rest."""


def read_pins():
    """The pins as a mapping of section to its options."""
    pins = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    pins.optionxform = str
    path = CHECKOUT / "tests" / "tools" / "pins.ini"
    pins.read_string(path.read_text(encoding="utf-8"), source=str(path))
    return pins


PINS = read_pins()


def pinned(*sections):
    """The requirement lines of the named sections of the pins."""
    return [line for section in sections for line in PINS[section]["requirements"].strip().splitlines()]


# ---------------------------------------------------------------------------------------------------------------------
# Steps


@dataclasses.dataclass
class Step:
    """One line of output: a name, what it does with its log, and the steps that must have succeeded before."""

    name: str
    action: typing.Callable[["Log"], typing.Optional[str]]
    needs: tuple[str, ...] = ()


class Log:
    """The log file of a step, and the processes that the step starts."""

    running: typing.ClassVar[set] = set()
    running_lock: typing.ClassVar[threading.Lock] = threading.Lock()

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
        with open(self.path, "ab") as log:
            process = subprocess.Popen(
                command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        with self.running_lock:
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


def end(process):
    """End a process together with what it started."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)
    except ProcessLookupError:
        pass
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def perform(step):
    """Run one step and print its line; returns whether it succeeded."""
    log = Log(step.name)
    started = time.monotonic()
    try:
        remark = step.action(log)
        problem = None
    except (StepFailed, OSError, subprocess.SubprocessError) as error:
        problem = str(error)
    seconds = f"{time.monotonic() - started:.0f} s"
    if problem is None:
        print(f"==> {step.name} ... ok ({'; '.join(filter(None, (seconds, remark)))})", flush=True)
        return True
    print(f"==> {step.name} ... FAILED ({seconds}): {problem}\n{log.text().rstrip()}\n==> end of {step.name}", flush=True)
    return False


def perform_all(title, steps, jobs):
    """Run the steps, up to `jobs` at a time, each after those that it needs; returns the exit status."""
    print(f"{title}: {len(steps)} steps, {jobs} at a time, logs in {LOGS.relative_to(CHECKOUT)}/", flush=True)
    assert {need for step in steps for need in step.needs} <= {step.name for step in steps}
    started = time.monotonic()
    waiting, outcome, futures = list(steps), {}, {}
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
                done, _unfinished = concurrent.futures.wait(
                    futures, return_when=concurrent.futures.FIRST_COMPLETED)
                for future in done:
                    outcome[futures.pop(future).name] = future.result()
        except KeyboardInterrupt:
            waiting.clear()
            with Log.running_lock:
                processes = list(Log.running)
            for process in processes:
                end(process)
            print(f"{title}: interrupted", flush=True)
            return 130
    failed = [name for name, succeeded in outcome.items() if not succeeded]
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    if failed:
        print(f"failed: {', '.join(failed)}")
    print(f"{title}: {len(outcome) - len(failed)} steps passed, {len(failed)} failed, in {minutes} min {seconds} s")
    print(f"{len(outcome) - len(failed)} passed, {len(failed)} failed", flush=True)
    return 1 if failed else 0


# ---------------------------------------------------------------------------------------------------------------------
# Environments


def check_machine():
    """Stop with one line for each thing that the machine lacks."""
    missing = []
    if sys.version_info < (3, 11):
        missing.append(f"Python 3.11 or newer is needed as python3; this is {sys.version.split()[0]} ({sys.executable})")
    if shutil.which("git") is None:
        missing.append("missing system package: git")
    try:
        __import__("venv")
        __import__("ensurepip")
    except ImportError:
        missing.append("missing system package: python3-venv (Python's venv and ensurepip modules)")
    if missing:
        sys.exit("\n".join(missing))


def without_shims(path):
    """PATH without pyenv's shims: they exist for Pythons that are not there, which ansible-test does not expect."""
    return [directory for directory in path.split(os.pathsep) if directory and not directory.endswith("/shims")]


def interpreters():
    """The Pythons of this machine as a mapping of "3.12" to the interpreter's path."""
    directories = without_shims(os.environ.get("PATH", os.defpath))
    directories += sorted(glob.glob(os.path.expanduser("~/.pyenv/versions/*/bin")), reverse=True)
    directories += ["/usr/local/bin", "/usr/bin"]
    found = {}
    for minor in range(10, 15):
        for directory in directories:
            path = os.path.join(directory, f"python3.{minor}")
            usable = os.access(path, os.X_OK) and subprocess.run(
                [path, "-c", "import venv, ensurepip"], check=False, capture_output=True).returncode == 0
            if usable:
                found[f"3.{minor}"] = path
                break
    return found


def own_environment():
    """The environment of the caller without what would change the tests, and with Ansible's files in the checkout."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN_SETTINGS)}
    env.pop("VIRTUAL_ENV", None)
    env.update(
        LC_ALL="C.UTF-8",
        ANSIBLE_ASYNC_DIR=str(CACHE / "ansible" / "async"),
        ANSIBLE_COLLECTIONS_PATH=str(BUILD),
        ANSIBLE_CONFIG=str(CHECKOUT / "tests" / "tools" / "ansible.cfg"),
        ANSIBLE_HOME=str(CACHE / "ansible"),
        ANSIBLE_LOCAL_TEMP=str(CACHE / "ansible" / "tmp"),
        ANSIBLE_REMOTE_TEMP=str(CACHE / "ansible" / "remote-tmp"),
        ANSIBLE_NOCOLOR="1",
        HYPOTHESIS_STORAGE_DIRECTORY=str(CACHE / "hypothesis"),
        PYTHONPYCACHEPREFIX=str(CACHE / "pycache"),
        SANDBOX_PYTHON=str(VENVS / "sandbox" / "bin" / "python"),
    )
    return env


def venv_environment(venv):
    """own_environment() with the named virtual environment in front, and a home directory inside the checkout."""
    env = own_environment()
    # The dev environment follows for shellcheck, which ansible-test looks for.
    env["PATH"] = os.pathsep.join(
        [str(VENVS / venv / "bin"), str(VENVS / "dev" / "bin"), *without_shims(env.get("PATH", os.defpath))])
    env["HOME"] = str(CACHE / "home")
    for name in [name for name in env if name.startswith("XDG_")]:
        del env[name]
    return env


def quiet_environment():
    """The caller's environment for pip."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def make_venv(venv, python, requirements):
    """A step's action: a virtual environment with these requirements, made again when anything of it changed."""

    def action(log):
        lines = requirements()
        directory = VENVS / venv
        stamp = directory / "made-from.sha256"
        recipe = "\n".join([str(directory), os.path.realpath(python), *lines])
        wanted = hashlib.sha256(recipe.encode()).hexdigest()
        VENVS.mkdir(exist_ok=True)
        with open(VENVS / f".{venv}.lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
                return "was there"
            env = quiet_environment()
            log.run(python, "-m", "venv", "--clear", directory, env=env)
            log.run(directory / "bin" / "python", "-m", "pip", "install", "--no-input", "--disable-pip-version-check",
                    *lines, env=env)
            stamp.write_text(wanted, encoding="utf-8")
        return None

    return Step(f"environment {venv}", action)


def sandbox_requirements():
    path = CHECKOUT / "roles" / "sandbox" / "files" / "requirements.txt"
    lines = (line.split(" #")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def dev_venv():
    return make_venv("dev", sys.executable, lambda: pinned("core", "tests", "lint"))


def sandbox_venv():
    return make_venv("sandbox", sys.executable, sandbox_requirements)


def importer_venv():
    return make_venv("importer", sys.executable, lambda: pinned("core", "importer"))


def core_venv(version, python):
    return make_venv(core_name(version), python, lambda: [f"ansible-core=={version}", *pinned("tests")])


def core_name(version):
    return "core-" + ".".join(version.split(".")[:2])


def write_private(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def carry_pip_configuration(log):
    """Give the home directory inside the checkout the pip configuration that holds outside of it.

    ansible-test hides pip's environment variables from the pip that it runs, so these go into the file as well.
    """
    listing = subprocess.run(
        [VENVS / "dev" / "bin" / "python", "-m", "pip", "config", "list"],
        env=quiet_environment(), check=True, capture_output=True, text=True).stdout
    options = {}
    for line in listing.splitlines():
        key, _equals, value = line.partition("=")
        section, _dot, option = key.rpartition(".")
        value = value.strip("'\"").replace("\\n", "\n")
        options.setdefault("global" if section == ":env:" else section, {})[option] = value
    for option, variable in (("cert", "REQUESTS_CA_BUNDLE"), ("proxy", "HTTPS_PROXY"), ("proxy", "https_proxy")):
        if os.environ.get(variable):
            options.setdefault("global", {}).setdefault(option, os.environ[variable])
    lines = []
    for section, settings in options.items():
        lines.append(f"[{section}]")
        lines += [f"{option} = " + "\n    ".join(value.split()) for option, value in settings.items()]
    write_private(CACHE / "home" / ".config" / "pip" / "pip.conf", "\n".join(lines) + "\n")
    log.say("pip configuration carried over")


PIP_BOOTSTRAP = '''\
import base64, os, runpy, sys, tempfile

WHEEL = {wheel!r}
path = os.path.join(tempfile.mkdtemp(), {name!r})
with open(path, "wb") as file:
    file.write(base64.b85decode(WHEEL))
sys.path.insert(0, path)
sys.argv = ["pip", "install", "--upgrade"] + [
    word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
'''


def prepare_ansible_test(venv):
    """A step: what ansible-test installs for itself, with pip brought by the package index that the machine uses."""

    def action(log):
        carry_pip_configuration(log)
        version = PINS["ansible-test-pip"][core_of(venv)]
        bootstrap = CACHE / "home" / ".ansible" / "test" / "cache" / f"get_pip_{version.replace('.', '_')}.py"
        if not bootstrap.exists():
            wheels = CACHE / "wheels"
            log.run(VENVS / "dev" / "bin" / "python", "-m", "pip", "download", "--no-deps", "--no-input",
                    "--disable-pip-version-check", "--only-binary", ":all:", "-d", wheels, f"pip=={version}",
                    env=quiet_environment())
            wheel = wheels / f"pip-{version}-py3-none-any.whl"
            write_private(
                bootstrap, PIP_BOOTSTRAP.format(wheel=base64.b85encode(wheel.read_bytes()), name=wheel.name))
        ansible_test_run(log, venv, own_tree(f"{venv}-venvs"), "sanity", "--prime-venvs")

    return Step(f"ansible-test's own environments for {venv}", action, ("environment dev", f"environment {venv}"))


def core_of(venv):
    """The minor version of the ansible-core in a virtual environment, such as "2.19"."""
    found = next((VENVS / venv).glob("lib/python3.*/site-packages/ansible_core-*.dist-info"))
    return ".".join(found.name.removeprefix("ansible_core-").split(".")[:2])


def python_of(venv):
    """The Python version of a virtual environment, such as "3.11"."""
    return next((VENVS / venv / "lib").glob("python3.*")).name.removeprefix("python")


def ansible_test_run(log, venv, tree, command, *arguments):
    """Run ansible-test in a tree, for the Python of the virtual environment alone; returns its output."""
    return log.run(
        VENVS / venv / "bin" / "ansible-test", command, "--local", "--python", python_of(venv), "--color", "no",
        *arguments, cwd=tree, env=venv_environment(venv))


# ---------------------------------------------------------------------------------------------------------------------
# What is checked


def summary(output):
    """pytest's closing lines without their decoration, such as "12 passed in 0.31s"."""
    return ", ".join(re.findall(r"^=* ?(\d+ (?:passed|failed|error|skipped).*?) ?=*$", output, re.MULTILINE)) or None


def own_tree(name):
    """A copy of the collection for this step alone, so that steps can run side by side."""
    return sync(BUILD / "trees" / name)


def refuse(output, pattern, what):
    """Fail the step for lines that the command itself did not count as a failure."""
    lines = [line for line in output.splitlines() if re.search(pattern, line)]
    if lines:
        raise StepFailed(f"{what}: {lines[0].strip()}" + (f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""))


def ansible_test(venv, command, *arguments, prepare=None):
    """A step's action: ansible-test in the virtual environment, on a tree of its own."""

    def action(log):
        tree = own_tree(f"{venv}-{command}")
        if prepare:
            prepare(tree)
        output = ansible_test_run(log, venv, tree, command, *arguments)
        # Both of these end with status 0.
        refuse(output, r"All targets skipped|No tests applicable", "ansible-test checked nothing")
        refuse(output, r"^WARNING: (?!Using locale|Reviewing previous)", "ansible-test warned")
        return summary(output)

    return action


def pytest(venv, *arguments):
    def action(log):
        temporary = CACHE / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        output = log.run(
            VENVS / venv / "bin" / "python", "-m", "pytest", "-o", f"cache_dir={CACHE / 'pytest'}", "-ra",
            "--color=no", "--strict-markers", *arguments,
            env=venv_environment(venv) | {"PYTHONPATH": str(BUILD), "PYTEST_DEBUG_TEMPROOT": str(temporary)})
        return summary(output)

    return action


def integration(venv):
    """A step's action: all integration targets."""

    def tell_which_python_has_the_sandbox(tree):
        # ansible-test passes no environment on.
        write_private(tree / "tests" / "integration" / "integration_config.yml",
                      f"---\nsandbox_python: {VENVS / 'sandbox' / 'bin' / 'python'}\n")

    return ansible_test(venv, "integration", "--continue-on-error", prepare=tell_which_python_has_the_sandbox)


def lint_ansible(log):
    tree = own_tree("ansible-lint")
    output = log.run(VENVS / "dev" / "bin" / "ansible-lint", "--profile", "production", "--offline", "--nocolor",
                     "--strict", cwd=tree, env=venv_environment("dev") | {"ANSIBLE_COLLECTIONS_PATH": str(tree.parents[2])})
    refuse(output, r"^WARNING", "ansible-lint warned")
    found = re.search(r"\d+ files processed", output)
    return found.group() if found else None


def lint_docs(log):
    tree = own_tree("antsibull-docs")
    log.run(VENVS / "dev" / "bin" / "antsibull-docs", "lint-collection-docs", "--plugin-docs",
            "--validate-collection-refs=all", ".", cwd=tree, env=venv_environment("dev"))


def lint_changelog(log):
    tree = own_tree("antsibull-changelog")
    tool = VENVS / "dev" / "bin" / "antsibull-changelog"
    log.run(tool, "lint", cwd=tree, env=venv_environment("dev"))
    log.run(tool, "lint-changelog-yaml", "--strict", "changelogs/changelog.yaml", cwd=tree, env=venv_environment("dev"))


def build(log):
    tree = own_tree("build")
    output = BUILD / "dist"
    shutil.rmtree(output, ignore_errors=True)
    log.run(VENVS / "dev" / "bin" / "ansible-galaxy", "collection", "build", "--output-path", output, cwd=tree,
            env=venv_environment("dev"))
    megabytes = tarball().stat().st_size / 1e6
    if megabytes > 20:
        raise StepFailed(f"the tarball has {megabytes:.1f} MB; 20 are allowed")
    return f"{tarball().relative_to(CHECKOUT)}, {megabytes:.2f} MB"


def tarball():
    """The built collection."""
    return next((BUILD / "dist").glob("webops-paas-*.tar.gz"))


def install(log):
    directory = BUILD / "installed"
    shutil.rmtree(directory, ignore_errors=True)
    env = venv_environment("dev") | {"ANSIBLE_COLLECTIONS_PATH": str(directory)}
    galaxy = VENVS / "dev" / "bin" / "ansible-galaxy"
    output = log.run(galaxy, "collection", "install", tarball(), "-p", directory, "--offline", env=env)
    output += log.run(galaxy, "collection", "verify", "webops.paas", "-p", directory, "--offline", env=env)
    refuse(output, r"^\[?(WARNING|ERROR)", "ansible-galaxy warned")


def galaxy_importer(log):
    settings = BUILD / "galaxy-importer.cfg"
    settings.write_text(
        "[galaxy-importer]\nCHECK_REQUIRED_TAGS = True\nCHECK_CHANGELOG = True\nRUN_ANSIBLE_TEST = False\n",
        encoding="utf-8")
    env = venv_environment("importer") | {"GALAXY_IMPORTER_CONFIG": str(settings)}
    output = log.run(VENVS / "importer" / "bin" / "python", "-m", "galaxy_importer.main", tarball(), cwd=BUILD, env=env)
    refuse(output, r"\b(WARNING|ERROR|CRITICAL)\b", "galaxy-importer complained")


# ---------------------------------------------------------------------------------------------------------------------
# Targets


def clean_copy():
    return Step("clean copy", lambda log: sync(BUILD) and None)


def lint_steps():
    return [
        Step("ansible-test sanity", ansible_test("dev", "sanity"),
             ("ansible-test's own environments for dev",)),
        Step("ansible-lint", lint_ansible, ("environment dev",)),
        Step("antsibull-docs", lint_docs, ("environment dev",)),
        Step("antsibull-changelog", lint_changelog, ("environment dev",)),
    ]


def build_steps():
    return [
        Step("collection build", build, ("environment dev",)),
        Step("collection install and verify", install, ("collection build",)),
    ]


def test_steps():
    both = ("environment dev", "environment sandbox")
    return [
        dev_venv(),
        sandbox_venv(),
        importer_venv(),
        prepare_ansible_test("dev"),
        clean_copy(),
        Step("contract suite", pytest("dev", "tests/contract", "-m", "not kill and not soak", "-n", "auto"),
             (*both, "clean copy")),
        Step("ansible-test integration",
             integration("dev"), both),
        Step("kill test", pytest("dev", "tests/contract", "-m", "kill and not soak"), (*both, "clean copy")),
        *lint_steps(),
        Step("ansible-test units", ansible_test("dev", "units"), ("environment dev",)),
        Step("sandbox's own tests", pytest("dev", "tests/sandbox", "-n", "auto"), (*both, "clean copy")),
        *build_steps(),
        Step("galaxy-importer", galaxy_importer, ("collection build", "environment importer")),
    ]


def make_test():
    return perform_all("make test", test_steps(), default_jobs())


def make_lint():
    return perform_all("make lint", [dev_venv(), prepare_ansible_test("dev"), *lint_steps()], default_jobs())


def make_build():
    return perform_all("make build", [dev_venv(), *build_steps()], 1)


def make_soak():
    steps = [
        dev_venv(),
        sandbox_venv(),
        clean_copy(),
        Step("soak", pytest("dev", "tests/contract", "-m", "soak", "-n", "auto"),
             ("environment dev", "environment sandbox", "clean copy")),
    ]
    return perform_all("make soak", steps, 2)


def make_matrix():
    present = interpreters()
    print(f"Python on this machine: {', '.join(present)}", flush=True)
    steps = [dev_venv(), sandbox_venv(), clean_copy()]
    for version, pythons in PINS["matrix"].items():
        python = next((name for name in pythons.split() if name in present), None)
        if python is None:
            print(f"ansible-core {version}: left out, because it needs one of Python {pythons}", flush=True)
            continue
        venv = core_name(version)
        ready = f"environment {venv}"
        label = f"{venv} on Python {python}:"
        steps += [
            core_venv(version, present[python]),
            prepare_ansible_test(venv),
            Step(f"{label} ansible-test sanity", ansible_test(venv, "sanity"),
                 (f"ansible-test's own environments for {venv}",)),
            Step(f"{label} ansible-test units", ansible_test(venv, "units"), (ready,)),
            Step(f"{label} ansible-test integration",
                 integration(venv),
                 (ready, "environment sandbox")),
            Step(f"{label} contract suite's playbooks", pytest(venv, "tests/contract", "-m", "playbook", "-n", "2"),
                 (ready, "environment sandbox", "clean copy")),
        ]
    return perform_all("make matrix", steps, default_jobs())


def foreground(command, extra_steps, title):
    """Make what the command needs, then become the command."""
    status = perform_all(title, extra_steps, 2)
    if status == 0:
        env = own_environment()
        env["PATH"] = os.pathsep.join([str(VENVS / "dev" / "bin"), *without_shims(env.get("PATH", os.defpath))])
        env.update({name: value for name, value in os.environ.items() if name.startswith("SANDBOX_")})
        sys.stdout.flush()
        os.chdir(CHECKOUT)
        env["PYTHONPATH"] = str(CHECKOUT / "roles" / "sandbox" / "files")
        os.execvpe(str(command[0]), [str(word) for word in command], env)
    return status


def make_sandbox():
    command = [VENVS / "sandbox" / "bin" / "python", "-m", "paas_sandbox", "--env-file", ".sandbox.env"]
    return foreground(command, [sandbox_venv()], "make sandbox")


def make_vendor_cli():
    return foreground(["tests/vendor_cli/run.sh"], [sandbox_venv()], "make vendor-cli")


def make_demo():
    status = perform_all("make demo", [dev_venv(), sandbox_venv(), *build_steps()], 2)
    return status or foreground(["tests/demo/run.sh", tarball()], [], "make demo")


def make_clean():
    for path in (BUILD, CACHE, VENVS, CHECKOUT / ".sandbox.env"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        print(f"==> removed {path.relative_to(CHECKOUT)}")
    return 0


def default_jobs():
    return max(2, min(4, len(os.sched_getaffinity(0))))


TARGETS = {
    "build": make_build,
    "clean": make_clean,
    "demo": make_demo,
    "lint": make_lint,
    "matrix": make_matrix,
    "sandbox": make_sandbox,
    "soak": make_soak,
    "test": make_test,
    "vendor-cli": make_vendor_cli,
}


def main(arguments):
    if len(arguments) != 1 or arguments[0] not in TARGETS:
        sys.exit(f"usage: run.py {'|'.join(TARGETS)}")
    check_machine()
    return TARGETS[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
