# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Single files of the live site. PRIVATE to the collection.

Netlify no longer has operations to change single files. A change is a new deploy with the manifest of the published
one.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
from typing import BinaryIO
from urllib.parse import quote

from ansible_collections.webops.paas.plugins.module_utils._core import files as local_files
from ansible_collections.webops.paas.plugins.module_utils._core.checks import check_unique
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.unknown import UNKNOWN
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import address_of, not_found
from ansible_collections.webops.paas.plugins.module_utils._netlify.deploys import DeploysClient
from ansible_collections.webops.paas.plugins.module_utils._netlify.manifest import Manifest, normalise_path
from ansible_collections.webops.paas.plugins.module_utils._netlify.sources import Stream, is_forbidden, is_plain

# Maximum number of downloads of a file whose content does not have the listed digest.
ATTEMPTS = 3
RAW_FILE = "application/vnd.bitballoon.v1.raw"


class FilesClient(DeploysClient):
    def get_site_file(self, site_id: str, path: str) -> JsonObject | None:
        """path: without a slash at its beginning, as in all methods here."""
        return self.json_object_or_none(
            "GET", f"/sites/{part(site_id)}/files/{quote(path, safe='/')}", "getSiteFileByPathName"
        )

    def download_site_file(self, site_id: str, path: str, into: BinaryIO) -> None:
        """The file as it was uploaded, before processing. The Content-Type of the request selects this."""
        self.http.request(
            "GET",
            f"/sites/{part(site_id)}/files/{quote(path, safe='/')}",
            operation="getSiteFileByPathName",
            headers={"Content-Type": RAW_FILE},
            into=into,
        )


def file_view(file: JsonObject) -> JsonObject:
    """{path, sha1, size, mime_type}; the path without the slash that Netlify writes at its beginning."""
    return {
        "path": normalise_path(file["path"]),
        "sha1": file.get("sha"),
        "size": file.get("size"),
        "mime_type": file.get("mime_type"),
    }


def checked_path(option: str, path: str) -> str:
    """A path below the site in the form of Manifest.files: /about/index.html is about/index.html. All paths that can be
    deployed are accepted.
    """
    bare = normalise_path(path)
    if is_forbidden(bare):
        raise InvalidInput(option, f"`{option}` must not contain # or ?, which Netlify refuses in paths, got {path!r}.")
    if not is_plain(bare):
        raise InvalidInput(
            option, f"`{option}` must be the path of a file below the site, such as about/index.html, got {path!r}."
        )
    return bare


PATH = dict(type="str", check=checked_path)


def find_file(client: FilesClient, site: str, path: str) -> JsonObject | None:
    """A file_view, None when the file does not exist on the live site. Raises ApiError when the site does not exist."""
    file = client.get_site_file(address_of(site), normalise_path(path))
    if file is None:
        # Both are a 404.
        client.require_site(site)
        return None
    return file_view(file)


def new_file(path: str) -> JsonObject:
    """The file_view of a file that is not deployed yet."""
    return {**dict.fromkeys(file_view({"path": ""}), UNKNOWN), "path": normalise_path(path)}


def require_file(client: FilesClient, site: str, path: str) -> JsonObject:
    file = find_file(client, site, path)
    if file is None:
        message = f"The file {path} does not exist in the live deploy of {site}."
        raise not_found(message, "getSiteFileByPathName", sought=path)
    return file


def download(client: FilesClient, site: str, file: JsonObject, into: BinaryIO) -> JsonObject:
    """Writes the content to a file, which must also be readable, and returns the file_view with its digest. Retries if
    a release in between changed the file.
    """
    for attempt in range(ATTEMPTS):
        if attempt:
            file = require_file(client, site, file["path"])
        client.download_site_file(address_of(site), file["path"], into)
        into.seek(0)
        if local_files.digest_of(into) == file["sha1"]:
            return file
    raise PaasError(
        f"The download of {file['path']} did not have the expected SHA-1, {file['sha1']}, in {ATTEMPTS} attempts. "
        "Nothing was written.",
        code="wrong_digest",
    )


class Edit:
    """Declared changes of files of a site.

    files: [{path, state present or absent, src or content}], as the option of that name has them.
    """

    def __init__(self, option: str, files: list[JsonObject]) -> None:
        self.removed: set[str] = set()
        self._digests: dict[str, str] = {}
        self._parts = _Parts()
        paths = [checked_path(f"{option}[{number}].path", file["path"]) for number, file in enumerate(files)]
        check_unique(option, paths)
        for number, (path, file) in enumerate(zip(paths, files, strict=True)):
            if file["state"] == "absent":
                self.removed.add(path)
            else:
                self._digests[path] = self._parts.add(f"{option}[{number}]", path, file["src"], file["content"])

    def applied_to(self, current: dict[str, str]) -> Manifest:
        """All files of the site afterwards. current: {path: sha1}."""
        wanted = {path: sha1 for path, sha1 in current.items() if path not in self.removed}
        wanted.update(self._digests)
        return Manifest(self._parts, dict(sorted(wanted.items())), self._parts.sizes)


class _Parts:
    """The contents of the task, in the form that a Manifest reads."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}
        self._sources: dict[str, str | bytes] = {}

    def add(self, option: str, path: str, src: str | None, content: str | None) -> str:
        """The SHA-1 of the added content."""
        try:
            self._sources[path] = str(src) if content is None else content.encode()
            with self.open(path) as stream:
                digest = local_files.digest_of(stream)
                self.sizes[path] = stream.tell()
        except UnicodeEncodeError:
            raise InvalidInput(
                f"{option}.content", f"`{option}.content` must be UTF-8 text. For other content, set `src` to a file."
            ) from None
        except OSError as error:
            raise InvalidInput(
                f"{option}.src",
                f"`{option}.src` must be a file that can be read, got {src}: {error.strerror or error}. To deploy a "
                "directory, use webops.paas.netlify_deploy.",
            ) from None
        return digest

    def open(self, path: str, size: int | None = None) -> Stream:
        source = self._sources[path]
        if isinstance(source, bytes):
            return io.BytesIO(source)
        with contextlib.ExitStack() as opened:
            stream = opened.enter_context(local_files.open_regular(source))
            if size is not None and os.fstat(stream.fileno()).st_size != size:
                raise OSError(errno.ESTALE, "its size has changed")
            opened.pop_all()
            return stream

    def close(self) -> None:
        """Keeps no files open."""
