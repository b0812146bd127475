# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths of a checkout, and the two forms in which Ansible finds it as a collection.

As a script, it creates the linked tree: the directory for PYTHONPATH and ANSIBLE_COLLECTIONS_PATH is .build.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD, CACHE, VENVS = CHECKOUT / ".build", CHECKOUT / ".cache", CHECKOUT / ".venv"
COLLECTION = Path("ansible_collections", "webops", "paas")

# Settings of the user that must not reach the tests, such as a token of a real account.
FOREIGN = ("ANSIBLE_", "FLEEK_", "FLIGHTCONTROL_", "HASURA_", "NETLIFY_", "PYTEST_", "PYTHON", "SANDBOX_", "XDG_")


def own_environment(environment: Mapping[str, str], programs: Path) -> dict[str, str]:
    """The user's environment without such settings, and with all written files inside the checkout.

    programs: the directory of programs that comes first on PATH.
    """
    env = {name: value for name, value in environment.items() if not name.startswith(FOREIGN)}
    env.pop("VIRTUAL_ENV", None)
    # pyenv has shims for Pythons that are not installed, which ansible-test does not expect. dev has shellcheck for it.
    path = [entry for entry in env.get("PATH", os.defpath).split(os.pathsep) if not entry.endswith("/shims")]
    env |= {
        "ANSIBLE_ASYNC_DIR": str(CACHE / "ansible" / "async"),
        "ANSIBLE_COLLECTIONS_PATH": str(BUILD),
        "ANSIBLE_CONFIG": str(CHECKOUT / "tests" / "tools" / "ansible.cfg"),
        "ANSIBLE_HOME": str(CACHE / "ansible"),
        "ANSIBLE_LOCAL_TEMP": str(CACHE / "ansible" / "tmp"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_REMOTE_TEMP": str(CACHE / "ansible" / "remote-tmp"),
        # A copy of the collection below .cache is not a part of the checkout's repository.
        "GIT_CEILING_DIRECTORIES": str(CACHE),
        "HOME": str(CACHE / "home"),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(CACHE / "hypothesis"),
        "LC_ALL": "C.UTF-8",
        "PATH": os.pathsep.join(dict.fromkeys([str(programs), *path, str(VENVS / "dev" / "bin")])),
        "PYTHONPYCACHEPREFIX": str(CACHE / "pycache"),
        "SANDBOX_PYTHON": environment.get("SANDBOX_PYTHON") or str(VENVS / "sandbox" / "bin" / "python"),
        "TMPDIR": str(CACHE / "tmp"),
    }
    for name in ("HOME", "TMPDIR"):
        Path(env[name]).mkdir(parents=True, exist_ok=True)
    return env


def link_tree() -> None:
    """Link the checkout as a collection in .build: always up to date, and usable by everything except ansible-test."""
    tree = BUILD / COLLECTION
    wanted = {path.name: path for path in CHECKOUT.iterdir() if not path.name.startswith(".")}
    tree.mkdir(parents=True, exist_ok=True)
    for present in tree.iterdir():
        if present.is_symlink() and present.name in wanted:
            del wanted[present.name]
        elif present.is_dir() and not present.is_symlink():
            shutil.rmtree(present)
        else:
            present.unlink()
    for name, path in wanted.items():
        (tree / name).symlink_to(path)


def copy_tree(name: str, source: Path | None = None) -> Path:
    """Copy a collection to a tree of that name; returns the collection's directory in it.

    source: its directory; None for the tracked and untracked files of the checkout, except ignored ones.
    """
    tree = CACHE / "trees" / name / COLLECTION
    shutil.rmtree(tree, ignore_errors=True)
    if source:
        shutil.copytree(source, tree, symlinks=True)
    else:
        listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        files = subprocess.run(listing, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True).stdout.split("\0")
        for path in filter(None, files):
            if os.path.lexists(CHECKOUT / path):  # not deleted without a commit
                (tree / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(CHECKOUT / path, tree / path, follow_symlinks=False)
    # Of its own, because ansible-test skips everything below a directory that a parent repository ignores.
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    return tree


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit("usage: sync_tree.py")
    link_tree()
