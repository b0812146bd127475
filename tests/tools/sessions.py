# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sessions of noxfile.py share: environments, commands whose output is checked, ansible-test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nox
from sync_tree import CACHE, CHECKOUT, VENVS, copy_tree

TOOLS = CHECKOUT / "tests" / "tools"
# ansible-test forks a process for each test, which takes more time than most tests. In make test, pytest runs them all,
# and ansible-test those of one file for each of its two contexts.
UNITS = ("units", "tests/unit/plugins/")
UNITS_SAMPLE = (
    *("units", "--num-workers", "1"),  # starting another takes longer than these tests
    *("tests/unit/plugins/module_utils/test_module.py", "tests/unit/plugins/filter/test_release.py"),
)
# Older versions also want setuptools and wheel.
PIP_BOOTSTRAP = """\
import runpy, shutil, sys, sysconfig

shutil.copytree({tree!r}, sysconfig.get_path("purelib"), dirs_exist_ok=True)
if others := [word for word in sys.argv[1:] if not word.startswith(("-", "pip=="))]:
    sys.argv = ["pip", "install", "--disable-pip-version-check", *others]
    runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


def carry_pip_configuration() -> None:
    """Copy the pip configuration of the user to the home directory inside the checkout.

    ansible-test hides pip's environment variables from the pip that it runs, so these are written to the file as well.
    """
    command = [sys.executable, "-m", "pip", "config", "list"]
    listing = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    # pip's way to say that it must not compile: Python compiles what is imported, which is a small part.
    options: dict[str, dict[str, str]] = {"global": {"retries": "10"}, "install": {"no-compile": "no"}}
    for section, option, value in re.findall(r"^(.+)\.([^.=]+)=(.*)$", listing, re.MULTILINE):
        words = value.strip("'\"").replace("\\n", " ").split()
        options.setdefault("global" if section == ":env:" else section, {})[option] = "\n    ".join(words)
    for option, variable in (("cert", "REQUESTS_CA_BUNDLE"), ("proxy", "HTTPS_PROXY"), ("proxy", "https_proxy")):
        if os.environ.get(variable):
            options["global"].setdefault(option, os.environ[variable])
    path = CACHE / "home" / ".config" / "pip" / "pip.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    lines = [[f"[{name}]", *(f"{key} = {value}" for key, value in options[name].items())] for name in options]
    path.write_text("\n".join(line for section in lines for line in section) + "\n", encoding="utf-8")


def install(session: nox.Session, lines: list[str]) -> None:
    """Install exactly these packages, unless they are installed."""
    venv = Path(session.virtualenv.location)
    done = venv / "installed.txt"
    wanted = "\n".join(lines)
    if not done.exists() or done.read_text(encoding="utf-8") != wanted:
        own = (venv / "bin" / "pip").exists()
        pip = ("python", "-m", "pip") if own else (sys.executable, "-m", "pip", "--python", venv / "bin" / "python")
        options = ("install", "-qq", "--no-input", "--disable-pip-version-check")
        session.run(*pip, *options, *lines, external=True)
        done.write_text(wanted, encoding="utf-8")


def keep_zip_bytecode(venv: Path) -> None:
    """Let modules that Ansible starts with this environment's Python be compiled once: see the file's own words."""
    packages = next(venv.glob("lib/python3.*/site-packages"))
    shutil.copy2(CHECKOUT / "tests" / "tools" / "zip_bytecode.py", packages)
    (packages / "zip_bytecode.pth").write_text("import zip_bytecode\n", encoding="utf-8")


def note(text: str) -> None:
    """Print a text that is shown with the result of a successful session."""
    print("".join(f">> {line}\n" for line in text.splitlines()), end="", flush=True)


def checked(
    session: nox.Session,
    *command: str | Path,
    refuse: str = r"^\[?(DEPRECATION WARNING|WARNING|ERROR|CRITICAL)",
    **options,
) -> str:
    """Run a command; returns its output. Also fails for lines that the command itself does not report as a failure."""
    output = str(session.run(*command, silent=True, external=True, log=False, **options))
    print(output, flush=True)
    if found := re.search(rf"(?:{refuse}).*", output, re.MULTILINE):
        session.error(f"{Path(command[0]).name} ended with status 0, but said: {found[0]}")
    return output


def checker(
    session: nox.Session, program: str, *arguments: str | Path, env: dict[str, str] | None = None, **options
) -> str:
    """Run a program of the environment checkers, as `checked` does."""
    programs = VENVS / "checkers" / "bin"
    return checked(session, programs / program, *arguments, env=(env or {}) | first_on_path(programs), **options)


def first_on_path(programs: Path) -> dict[str, str]:
    return {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}


def pytest(session: nox.Session, *arguments: str, **options) -> str:
    command = ("python", "-m", "pytest", "--color=no", *arguments)
    output = checked(session, *command, refuse=r"^INTERNALERROR", **options)
    note(", ".join(re.findall(r"^=* ?(\d+ passed.*?) ?=*$", output, re.MULTILINE)))
    return output


def ansible_test(
    session: nox.Session, venv: Path, command: str, *arguments: str, source: Path | None = None
) -> tuple[Path, str]:
    """ansible-test of a virtual environment on a new copy of the collection, for that environment's Python alone.

    source: the collection's directory; None for the checkout. Returns the copy and the output.
    """
    tree = copy_tree(f"{venv.name}-{command}", source)
    if command == "integration":  # which passes no environment on
        integration = tree / "tests" / "integration"
        variables = f"---\nsandbox_python: {os.environ['SANDBOX_PYTHON']}\n"
        (integration / "integration_config.yml").write_text(variables, encoding="utf-8")
        configuration = (TOOLS / "ansible.cfg").read_text(encoding="utf-8")
        configuration = configuration.replace("callback_plugins = ", f"callback_plugins = {TOOLS}{os.sep}")
        (integration / "integration.cfg").write_text(configuration, encoding="utf-8")
    if command == "sanity":
        provide_pip(session, venv)
    packages = next(venv.glob("lib/python3.*"))
    with session.chdir(tree):
        output = checked(
            session,
            venv / "bin" / "ansible-test",
            *(command, "--local", "--python", packages.name.removeprefix("python"), "--color", "no", *arguments),
            # The first two end with status 0. ansible-test repeats its own warnings at the end; those of the pip that
            # it runs are about this machine's package index.
            refuse=r"All targets skipped|No tests applicable|"
            r"^WARNING: Reviewing previous .*\n(WARNING: Using locale.*\n)*WARNING: (?!Using locale)",
            env=first_on_path(venv / "bin"),
        )
    note(", ".join(re.findall(r"^=* ?(\d+ passed.*?) ?=*$", output, re.MULTILINE)))
    return tree, output


def provide_pip(session: nox.Session, venv: Path) -> None:
    """Provide the pip that ansible-test would download, from the package index of this machine.

    It is compiled once, instead of in each of the environments that sanity tests have.
    """
    found = next(venv.glob("lib/python3.*/site-packages/ansible_core-*.dist-info"))
    pips = nox.project.load_toml(CHECKOUT / "pyproject.toml")["tool"]["webops-paas"]["ansible-test-pip"]
    version = pips[".".join(found.name.removeprefix("ansible_core-").split(".")[:2])]
    script = CACHE / "home" / ".ansible" / "test" / "cache" / f"get_pip_{version.replace('.', '_')}.py"
    tree = CACHE / "wheels" / f"pip-{version}"
    if not script.exists():
        options = ("--quiet", "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check", "--no-input")
        download = (sys.executable, "-m", "pip", "download", *options, "-d", CACHE / "wheels", f"pip=={version}")
        session.run(*download, external=True)
        shutil.unpack_archive(CACHE / "wheels" / f"pip-{version}-py3-none-any.whl", tree, "zip")
        shutil.copy2(TOOLS / "sanity_startup.py", tree)
        (tree / "sanity_startup.pth").write_text("import sanity_startup\n", encoding="utf-8")
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(PIP_BOOTSTRAP.format(tree=str(tree)), encoding="utf-8")
    # Beside the files, where also a Python without this process's settings finds it.
    env = {"PYTHONPYCACHEPREFIX": None}
    session.run(venv / "bin" / "python", "-m", "compileall", "-q", str(tree), external=True, env=env)
