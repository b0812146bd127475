# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual environments, and the environment variables that commands run with."""

from __future__ import annotations

import base64
import configparser
import fcntl
import glob
import hashlib
import os
import shutil
import subprocess
import sys

from steps import Step
from sync_tree import CHECKOUT, sync

BUILD = CHECKOUT / ".build"
CACHE = CHECKOUT / ".cache"
VENVS = CHECKOUT / ".venv"

# Settings of the person who calls that must not reach the tests: least of all a token of a real account.
FOREIGN_SETTINGS = ("ANSIBLE_", "NETLIFY_", "FLEEK_", "HASURA_", "FLIGHTCONTROL_", "SANDBOX_", "PYTEST_", "PYTHON")


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


def check_machine():
    """Stop with one line for each thing that the machine lacks."""
    missing = []
    if sys.version_info < (3, 11):
        missing.append(
            f"Python 3.11 or newer is needed as python3; this is {sys.version.split()[0]} ({sys.executable})"
        )
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
            usable = (
                os.access(path, os.X_OK)
                and subprocess.run([path, "-c", "import venv, ensurepip"], check=False, capture_output=True).returncode
                == 0
            )
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
        [str(VENVS / venv / "bin"), str(VENVS / "dev" / "bin"), *without_shims(env.get("PATH", os.defpath))]
    )
    home = CACHE / "home"
    # antsibull-docs writes a log to it.
    home.mkdir(parents=True, exist_ok=True)
    env["HOME"] = str(home)
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
            log.run(
                directory / "bin" / "python",
                "-m",
                "pip",
                "install",
                "--no-input",
                "--disable-pip-version-check",
                *lines,
                env=env,
            )
            stamp.write_text(wanted, encoding="utf-8")
        return None

    return Step(f"environment {venv}", action)


def sandbox_requirements():
    path = CHECKOUT / "roles" / "sandbox" / "files" / "requirements.txt"
    lines = (line.split(" #")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def dev_venv():
    return make_venv("dev", sys.executable, lambda: pinned("core", "tests", "lint", "molecule"))


def sandbox_venv():
    return make_venv("sandbox", sys.executable, sandbox_requirements)


def docs_venv():
    return make_venv("docs", sys.executable, lambda: pinned("core", "docs"))


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
        env=quiet_environment(),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
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


PIP_BOOTSTRAP = """\
import base64, os, runpy, sys, tempfile

WHEEL = {wheel!r}
path = os.path.join(tempfile.mkdtemp(), {name!r})
with open(path, "wb") as file:
    file.write(base64.b85decode(WHEEL))
sys.path.insert(0, path)
sys.argv = ["pip", "install", "--upgrade"] + [
    word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


def own_tree(name):
    """A copy of the collection for this step alone, so that steps can run side by side."""
    return sync(BUILD / "trees" / name)


def prepare_ansible_test(venv):
    """A step: what ansible-test installs for itself, with pip brought by the package index that the machine uses."""

    def action(log):
        carry_pip_configuration(log)
        version = PINS["ansible-test-pip"][core_of(venv)]
        bootstrap = CACHE / "home" / ".ansible" / "test" / "cache" / f"get_pip_{version.replace('.', '_')}.py"
        if not bootstrap.exists():
            wheels = CACHE / "wheels"
            log.run(
                VENVS / "dev" / "bin" / "python",
                "-m",
                "pip",
                "download",
                "--no-deps",
                "--no-input",
                "--disable-pip-version-check",
                "--only-binary",
                ":all:",
                "-d",
                wheels,
                f"pip=={version}",
                env=quiet_environment(),
            )
            wheel = wheels / f"pip-{version}-py3-none-any.whl"
            write_private(bootstrap, PIP_BOOTSTRAP.format(wheel=base64.b85encode(wheel.read_bytes()), name=wheel.name))
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
        VENVS / venv / "bin" / "ansible-test",
        command,
        "--local",
        "--python",
        python_of(venv),
        "--color",
        "no",
        *arguments,
        cwd=tree,
        env=venv_environment(venv),
    )
