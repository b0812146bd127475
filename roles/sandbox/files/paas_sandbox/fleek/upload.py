# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Fleek's command line client uploads: a directory as a gzipped tar."""

from __future__ import annotations

import io
import tarfile

from starlette.datastructures import UploadFile

from ..core.call import Call
from .ipfs import Blocks, Node

LARGEST = 268435456  # bytes, the most that the client sends


class BadArchive(ValueError):
    """What was uploaded is not one directory in a gzipped tar."""


async def archive(call: Call) -> bytes:
    """The bytes of the form's `file`. Raises BadArchive, and what reading a form raises.

    The client names no file, which makes its part an ordinary field: text. A gzip's second byte is never UTF-8, so
    the text was read as Latin-1 and gives all bytes back.
    """
    part = (await call.form(max_part_size=LARGEST)).get("file")
    if isinstance(part, UploadFile):
        return await part.read()
    try:
        return (part or "").encode("latin-1")
    except UnicodeEncodeError as error:
        raise BadArchive("file is not a gzipped tar") from error


def add_archive(blocks: Blocks, content: bytes) -> Node:
    """The archive's one top directory, with all below it. Raises BadArchive."""
    nodes: dict[str, Node] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as tar:
            for member in tar:
                path = member.name.strip("/")
                if ".." in path.split("/"):
                    raise BadArchive(f"invalid path: {member.name}")
                if member.isdir():
                    nodes[path] = blocks.add_directory({})
                elif member.isfile() and (file := tar.extractfile(member)) is not None:
                    nodes[path] = blocks.add_file(file.read())
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BadArchive("file is not a gzipped tar") from error
    top = list(blocks.tree(nodes).values())
    if len(top) != 1 or not top[0].is_directory:
        raise BadArchive("the archive must hold one directory")
    return top[0]
