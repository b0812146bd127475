# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IPFS as far as a website needs it: files and directories as UnixFS, addressed by their real CIDs.

The blocks are those that `ipfs add` makes with its defaults: chunks of 256 KiB below balanced nodes of at most 174
links, all dag-pb, so that a CID here is the CID that the same directory has anywhere. Directories are never sharded.
Links hold CIDs too: what is added with CIDs of version 1 has other blocks from the second level on.
"""

from __future__ import annotations

import functools
import hashlib
import pathlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

CHUNK = 262144
LINKS = 174
DIRECTORY, FILE = 1, 2  # UnixFS types


class BadCid(ValueError):
    """A text that is not a CID."""


@functools.cache
def _formats() -> Any:
    """The library. Most sandboxes need no CID, and start faster without it."""
    import multiformats

    return multiformats


@functools.lru_cache(4096)
def _cid(digest: bytes, codec: str, version: int) -> str:
    first = _formats().CID("base32", 1, codec, ("sha2-256", digest))
    return str(first if version or codec == "raw" else first.set(version=0, base="base58btc"))


@dataclass(frozen=True)
class Node:
    """A block with everything below it: contents of a file, or entries of a directory. `codec` is dag-pb or raw."""

    digest: bytes
    codec: str
    cumulative: int  # bytes of this block and all below it, as links tell it
    data: bytes = b""
    entries: dict[str, Node] | None = field(default=None, compare=False)

    def cid(self, version: int = 0) -> str:
        """Version 0 is Qm..., which `ipfs add` returns by default; version 1 is bafy..., the same block."""
        return _cid(self.digest, self.codec, version)

    @property
    def is_directory(self) -> bool:
        return self.entries is not None


class Blocks:
    """Everything that was added, found by any form of its CID."""

    def __init__(self) -> None:
        self._nodes: dict[bytes, Node] = {}

    def __len__(self) -> int:
        return len(self._nodes)

    def find(self, cid: str) -> Node | None:
        """Raises BadCid."""
        return self._nodes.get(digest_of(cid))

    def add_file(self, data: bytes, raw_leaves: bool = False, version: int = 0) -> Node:
        chunks = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)] or [b""]
        level = [(_leaf(chunk, raw_leaves), len(chunk)) for chunk in chunks]
        while len(level) > 1:
            level = [_joined(level[start : start + LINKS], version) for start in range(0, len(level), LINKS)]
        top = level[0][0]
        return self._keep(Node(top.digest, top.codec, top.cumulative, data))

    def add_directory(self, entries: dict[str, Node], version: int = 0) -> Node:
        ordered = dict(sorted(entries.items(), key=lambda entry: entry[0].encode()))
        links = b"".join(_link(name, node, version) for name, node in ordered.items())
        return self._keep(_block(links, _number(1, DIRECTORY), ordered.values(), entries=ordered))

    def add_tree(self, files: dict[str, bytes]) -> Node:
        """A directory of {"path/of/file": contents}."""
        return self.add_directory(self.tree({path: self.add_file(data) for path, data in files.items()}))

    def tree(self, files: dict[str, Node], version: int = 0) -> dict[str, Node]:
        """The top entries of {"path/of/file": node}, with the directories between made."""
        nested: dict[str, dict[str, Node]] = {}
        top = {}
        for path, node in files.items():
            name, slash, rest = path.partition("/")
            if slash:
                nested.setdefault(name, {})[rest] = node
            else:
                top[name] = node
        for name, below in nested.items():
            known = top[name].entries or {} if name in top else {}
            top[name] = self.add_directory({**known, **self.tree(below, version)}, version)
        return top

    def _keep(self, node: Node) -> Node:
        return self._nodes.setdefault(node.digest, node)


def digest_of(cid: str) -> bytes:
    """The sha2-256 digest in a CID of either version. Raises BadCid."""
    try:
        parsed = _formats().CID.decode(cid)
    except (LookupError, TypeError, ValueError) as error:
        raise BadCid(f"{cid!r} is not a CID") from error
    if parsed.hashfun.name != "sha2-256" or parsed.codec.name not in ("dag-pb", "raw"):
        raise BadCid(f"{cid!r} is not the CID of a file or a directory")
    digest: bytes = parsed.raw_digest
    return digest


def walk(root: Node, path: str) -> list[Node] | None:
    """The nodes from the root to a path below it; None when the path does not exist."""
    nodes = [root]
    for part in pathlib.PurePosixPath(path).parts:
        below = (nodes[-1].entries or {}).get(part)
        if below is None:
            return None
        nodes.append(below)
    return nodes


def _leaf(chunk: bytes, raw: bool) -> Node:
    if raw:
        return Node(hashlib.sha256(chunk).digest(), "raw", len(chunk))
    return _block(b"", _number(1, FILE) + (_bytes(2, chunk) if chunk else b"") + _number(3, len(chunk)), ())


def _joined(parts: list[tuple[Node, int]], version: int) -> tuple[Node, int]:
    """A node above chunks of a file, and how much of the file is below it."""
    size = sum(part for _node, part in parts)
    unixfs = _number(1, FILE) + _number(3, size) + b"".join(_number(4, part) for _node, part in parts)
    nodes = [node for node, _part in parts]
    return _block(b"".join(_link("", node, version) for node in nodes), unixfs, nodes), size


def _block(links: bytes, unixfs: bytes, below: Iterable[Node], entries: dict[str, Node] | None = None) -> Node:
    """A dag-pb block: its links go before its data."""
    block = links + _bytes(1, unixfs)
    cumulative = len(block) + sum(node.cumulative for node in below)
    return Node(hashlib.sha256(block).digest(), "dag-pb", cumulative, entries=entries)


def _link(name: str, node: Node, version: int) -> bytes:
    newer = version == 1 or node.codec == "raw"
    cid = (
        bytes(_formats().CID("base32", 1, node.codec, ("sha2-256", node.digest)))
        if newer
        else b"\x12\x20" + node.digest
    )
    return _bytes(2, _bytes(1, cid) + _bytes(2, name.encode()) + _number(3, node.cumulative))


def _number(tag: int, value: int) -> bytes:
    """A varint field of a protobuf message."""
    return _encoded(tag << 3) + _encoded(value)


def _bytes(tag: int, value: bytes) -> bytes:
    """A length-delimited field of a protobuf message."""
    return _encoded(tag << 3 | 2) + _encoded(len(value)) + value


def _encoded(number: int) -> bytes:
    encoded: bytes = _formats().varint.encode(number)
    return encoded
