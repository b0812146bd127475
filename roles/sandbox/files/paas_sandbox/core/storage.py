# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Contents that clients upload, found by their digest: small ones in memory, large ones in a temporary directory."""

from __future__ import annotations

import contextlib
import hashlib
import pathlib
import shutil
import tempfile
from collections.abc import AsyncIterator

IN_MEMORY = 256 * 1024


class Content:
    """Bytes that were received: either held (`data`) or spooled to a file (`file`, with no `data`)."""

    __slots__ = ("digest", "size", "data", "file")

    def __init__(self, digest: str, size: int, data: bytes, file: pathlib.Path | None) -> None:
        self.digest = digest
        self.size = size
        self.data = data
        self.file = file

    def read(self) -> bytes:
        return self.data if self.file is None else self.file.read_bytes()

    def held(self) -> Content:
        """The same contents, in memory."""
        return self if self.file is None else Content(self.digest, self.size, self.read(), None)

    def drop(self) -> None:
        """Discard contents that are not kept in the store."""
        if self.file is not None:
            self.file.unlink(missing_ok=True)


class Store:
    """All contents, each once. The directory is made when first needed and goes with `close`."""

    def __init__(self) -> None:
        self._contents: dict[str, Content] = {}
        self._directory: pathlib.Path | None = None
        self._files = 0

    def __len__(self) -> int:
        return len(self._contents)

    def get(self, digest: str) -> Content | None:
        return self._contents.get(digest)

    def read(self, digest: str) -> bytes:
        """Contents that must be there."""
        return self._contents[digest].read()

    async def receive(self, stream: AsyncIterator[bytes], algorithm: str) -> Content:
        """Read a request body to its end. `algorithm` is sha1 or sha256."""
        hashing = hashlib.new(algorithm, usedforsecurity=False)
        held: list[bytes] = []
        size = 0
        file = spool = None
        with contextlib.ExitStack() as opened:
            try:
                async for part in stream:
                    hashing.update(part)
                    size += len(part)
                    held.append(part)
                    if spool is None and size > IN_MEMORY:
                        file = self._new_file()
                        spool = opened.enter_context(file.open("wb"))
                    if spool is not None:
                        spool.writelines(held)
                        held.clear()
            except BaseException:
                if file is not None:
                    file.unlink(missing_ok=True)
                raise
        if file is not None:
            return Content(hashing.hexdigest(), size, b"", file)
        return Content(hashing.hexdigest(), size, held[0] if len(held) == 1 else b"".join(held), None)

    def add(self, data: bytes, algorithm: str) -> Content:
        """Keep bytes that are at hand."""
        digest = hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()
        file = None
        if len(data) > IN_MEMORY:
            file = self._new_file()
            file.write_bytes(data)
        return self.keep(Content(digest, len(data), data if file is None else b"", file))

    def keep(self, content: Content) -> Content:
        """Keep what was received; a second copy of the same contents is dropped."""
        known = self._contents.setdefault(content.digest, content)
        if known is not content:
            content.drop()
        return known

    def digests(self) -> set[str]:
        return set(self._contents)

    def snapshot(self) -> dict[str, Content]:
        return {digest: content.held() for digest, content in self._contents.items()}

    def restore(self, contents: dict[str, Content]) -> None:
        self.close()
        self._contents.update(contents)

    def close(self) -> None:
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None
        self._contents.clear()

    def _new_file(self) -> pathlib.Path:
        if self._directory is None:
            self._directory = pathlib.Path(tempfile.mkdtemp(prefix="paas-sandbox-"))
        self._files += 1
        return self._directory / str(self._files)
