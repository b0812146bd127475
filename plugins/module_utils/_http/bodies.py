# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies of responses: unpacked and read within a limit, so that no server fills memory or disk. PRIVATE to the
collection.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from ansible_collections.webops.paas.plugins.module_utils._http.failures import Broken
from ansible_collections.webops.paas.plugins.module_utils._http.third_party import urllib3

READ_BLOCK = 64 * 1024
# Value of Accept-Encoding. Bodies are unpacked here, because urllib3 unpacks whole blocks: 64 KiB can become 64 MiB.
ACCEPTED_ENCODING = "gzip"
# Bytes of an unpacked body, in memory and on disk. No platform documents responses or files of nearly this size.
LONGEST_BODY = 64 * 1024**2
LONGEST_DOWNLOAD = 8 * 1024**3
# For zlib: the largest window, and a gzip header.
GZIP = zlib.MAX_WBITS | 16


class Unwritable(Exception):
    """The file that gets a body cannot be written. C(error): the OSError, which is not one of the connection."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


def read_content(
    response: urllib3.response.HTTPResponse,
    prefix: int | None = None,
    into: BinaryIO | None = None,
    received: Callable[[int], None] | None = None,
) -> bytes:
    """The body. prefix: only this number of its first bytes. into: a file to write the body to; empty bytes are
    returned. received: called with the number of bytes in the file so far.

    Without a prefix, the body of a refusal is read as far as it arrived and can be quoted. It is not written to the
    file.
    Raises Broken, Unwritable, OSError, urllib3's HTTPError.
    """
    is_refusal = prefix is None and response.status >= 300
    if is_refusal:
        prefix, into = READ_BLOCK, None
    longest = LONGEST_DOWNLOAD if into else LONGEST_BODY
    blocks, size = [], 0
    try:
        for block in _unpacked(response):
            size += len(block)
            if prefix is None and size > longest:
                raise Broken(f"the response is larger than {longest // 1024**2} MiB", code="too_large", final=True)
            if into:
                _write(into, block)
                if received:
                    received(size)
            else:
                blocks.append(block)
            if prefix is not None and size >= prefix:
                return b"".join(blocks)[:prefix]
    except (Broken, OSError, urllib3.exceptions.HTTPError):
        if not is_refusal:
            raise
    # urllib3 before 2 accepts a truncated body as complete.
    if response.length_remaining and not is_refusal:
        raise Broken(f"the connection was lost {response.length_remaining} bytes before the end of the response")
    return b"".join(blocks)


def _write(into: BinaryIO, block: bytes) -> None:
    try:
        into.write(block)
    except OSError as error:
        raise Unwritable(error) from None


def _unpacked(response: urllib3.response.HTTPResponse) -> Iterator[bytes]:
    blocks = response.stream(READ_BLOCK, decode_content=False)
    encoding = (response.headers.get("Content-Encoding") or "").strip().lower()
    return _gunzipped(blocks) if encoding in ("gzip", "x-gzip") else blocks


def _gunzipped(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Unpacked blocks of at most READ_BLOCK bytes. Data after the compressed data is ignored."""
    inflate = None
    for block in blocks:
        while block:
            if inflate is None or inflate.eof and block.startswith(b"\x1f"):
                inflate = zlib.decompressobj(GZIP)
            if inflate.eof:
                break
            try:
                yield inflate.decompress(block, READ_BLOCK)
            except zlib.error:
                raise Broken("the response is not valid gzip data") from None
            block = inflate.unconsumed_tail or inflate.unused_data
    if inflate is not None:
        yield inflate.flush()
        if not inflate.eof:
            raise Broken("the gzip data of the response is truncated")
