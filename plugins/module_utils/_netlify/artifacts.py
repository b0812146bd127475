# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Built files that are uploaded by their SHA-256: zips of functions, bundles of edge functions. PRIVATE to the
collection.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from ansible_collections.webops.paas.plugins.module_utils._netlify.patterns import ManifestError
from ansible_collections.webops.paas.plugins.module_utils._netlify.sources import UNREADABLE

# Bytes that are read at once.
BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Artifact:
    """A file to upload. option: the option that it comes from. sha256: in hex. size: in bytes."""

    option: str
    path: str
    sha256: str
    size: int

    def open(self) -> BinaryIO:
        return open(self.path, "rb")

    def check_unchanged(self) -> None:
        """Reads the file again; ManifestError if its content has changed."""
        try:
            is_same = digest_of(self.path)[0] == self.sha256
        except (*UNREADABLE, ValueError):
            is_same = False
        if not is_same:
            raise ManifestError(
                self.option,
                f"`{self.option}` changed while it was being deployed: {self.path} has different content now. Run the "
                "task again when no other process writes to it.",
            )


def digest_of(path: str) -> tuple[str, int]:
    """(sha256 in hex, size in bytes) of a file."""
    with open(path, "rb") as stream:
        digest = hashlib.sha256()
        while block := stream.read(BLOCK):
            digest.update(block)
        return digest.hexdigest(), stream.tell()
