# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a version: in a tarball, and on Galaxy."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path


def listed_files(tarball: Path) -> object:
    """The names and checksums of the files of a collection. The tarballs themselves differ in the time of the build."""
    with tarfile.open(tarball) as archive:
        listed = archive.extractfile("FILES.json")
        assert listed
        return json.load(listed)


def published_files(version: str, env: dict[str, str]) -> object:
    """listed_files of the version on Galaxy; None if it cannot be downloaded."""
    with tempfile.TemporaryDirectory() as directory:
        command = ["ansible-galaxy", "collection", "download", "--no-deps", "-p", directory, f"webops.paas:{version}"]
        done = subprocess.run(command, env=os.environ | env, capture_output=True, check=False)
        return listed_files(next(Path(directory).glob("webops-paas-*.tar.gz"))) if done.returncode == 0 else None
