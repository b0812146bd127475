# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mirror the checkout into a tree where Ansible finds it as a collection.

    sync_tree.py [TREE]

Copies what git tracks, and what it neither tracks nor ignores, to TREE/ansible_collections/webops/paas (TREE is .build
of the checkout by default) and deletes what is no longer there. The copy is a git repository of its own, because
ansible-test skips everything below a directory that a parent repository ignores. May run several times at once.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pathlib
import shutil
import subprocess

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]

# Written into the copy by ansible-test and by run.py, and left alone here.
KEPT = (".git", ".ansible", "tests/output", "tests/integration/inventory", "tests/integration/integration_config.yml")


def collection_dir(tree):
    """The collection's directory below TREE."""
    return pathlib.Path(tree) / "ansible_collections" / "webops" / "paas"


def wanted_files():
    """Relative paths of the files to copy, as text."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout.decode()
    # A file that was deleted but not yet committed is listed although it is gone.
    return {path for path in listing.split("\0") if path and os.path.lexists(CHECKOUT / path)}


def is_current(source, target):
    """Whether target is already the same kind of file with the same content, judged by size, time and mode."""
    if not os.path.lexists(target) or source.is_symlink() != target.is_symlink():
        return False
    if source.is_symlink():
        return os.readlink(source) == os.readlink(target)
    ours, theirs = source.stat(), target.stat()
    return (ours.st_size, ours.st_mtime_ns, ours.st_mode) == (theirs.st_size, theirs.st_mtime_ns, theirs.st_mode)


def copy(source, target):
    """Put a copy in place in one step, so that a reader never sees half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        shutil.copy2(source, partial, follow_symlinks=False)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def update(source, target):
    """Let target be as source is; a source that vanished since it was listed leaves no target."""
    try:
        if not is_current(source, target):
            copy(source, target)
    except FileNotFoundError:
        if os.path.lexists(source):
            raise
        target.unlink(missing_ok=True)


def delete_stale(root, wanted):
    """Remove files that are not wanted and the directories that this leaves empty."""
    wanted_directories = {parent.as_posix() for path in wanted for parent in pathlib.PurePosixPath(path).parents}

    def is_kept(path):
        if path.parent.name == "__pycache__":
            return path.parent.parent.as_posix() in wanted_directories
        return path.as_posix() in wanted or path.as_posix() in KEPT

    directories = []
    for directory, subdirectories, files in os.walk(root):
        here = pathlib.Path(directory)
        links = [name for name in subdirectories if (here / name).is_symlink()]
        subdirectories[:] = [
            name
            for name in subdirectories
            if name not in links and (here / name).relative_to(root).as_posix() not in KEPT
        ]
        directories += [here / name for name in subdirectories]
        for name in files + links:
            if not is_kept((here / name).relative_to(root)):
                (here / name).unlink(missing_ok=True)
    for directory in reversed(directories):
        if not any(directory.iterdir()):
            directory.rmdir()


def sync(tree):
    """Bring the copy below TREE up to date; returns the collection's directory in it."""
    root = collection_dir(tree)
    root.mkdir(parents=True, exist_ok=True)
    with open(pathlib.Path(tree) / ".sync.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / ".git").exists():
            subprocess.run(["git", "init", "-q", str(root)], check=True)
        wanted = wanted_files()
        delete_stale(root, wanted)
        for path in wanted:
            update(CHECKOUT / path, root / path)
    return root


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "tree",
        nargs="?",
        type=os.path.abspath,
        default=CHECKOUT / ".build",
        metavar="TREE",
        help="where ansible_collections/webops/paas goes (.build of the checkout by default)",
    )
    sync(parser.parse_args().tree)
