# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deploys that come as one zip file."""

from __future__ import annotations

import asyncio
import io
import zipfile
import zlib
from collections.abc import AsyncIterator

from starlette.datastructures import UploadFile

from ..core.storage import Content, Store
from . import errors, progress
from .api import Request
from .model import Account, Deploy, Site

TYPE = "application/zip"
MOST_FILES = 25_000


class BadArchive(ValueError):
    """The bytes are not a usable zip file; the text becomes the deploy's error message."""


async def deploy_zip(request: Request, site: Site, deploy: Deploy, content: Content) -> None:
    """fact: netlify 2 [G]: no `required`, straight to processing; at most 25,000 files. How a bad zip ends is
    unknown [?]: here the deploy ends in `error`, as everything that is found out while processing."""
    state = request.state
    try:
        deploy.manifest = await asyncio.to_thread(_unpack, content, state.ground.store, site.account)
    except BadArchive as error:
        deploy.manifest = {}
        progress.fail(state, deploy, "error", str(error), request.now)
    else:
        progress.start_processing(state, deploy, request.now)
        progress.settle(state, request.now)
    finally:
        content.drop()


async def receive_zip(request: Request) -> Content:
    """The request body as it is."""
    return await request.state.ground.store.receive(request.call.stream(), "sha1")


async def chunks(upload: UploadFile) -> AsyncIterator[bytes]:
    """The contents of a file that came in a form."""
    while part := await upload.read(1 << 20):
        yield part


def _unpack(content: Content, store: Store, account: Account) -> dict[str, str]:
    manifest = {}
    try:
        with zipfile.ZipFile(content.file or io.BytesIO(content.data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_FILES:
                raise BadArchive(f"the zip file has {len(members)} files, at most {MOST_FILES} are allowed")
            for member in members:
                kept = store.add(archive.read(member), "sha1")
                account.known.add(kept.digest)
                manifest["/" + member.filename.lstrip("/")] = kept.digest
    except (zipfile.BadZipFile, EOFError, RuntimeError, zlib.error) as error:
        raise BadArchive(f"the zip file cannot be read: {error}") from error
    return manifest


def refuse_if_empty(content: Content) -> None:
    if content.size == 0:
        raise errors.refused(422, "the zip file is empty")
