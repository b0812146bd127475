# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Single files of the live site. PRIVATE to the collection.

Netlify's calls that changed one file of a site are gone: a change is a new deploy from the manifest of the published one.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os

from ansible_collections.webops.paas.plugins.module_utils._core import files as _files
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._netlify import manifest as _manifest
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import address_of, require_site

# How often a download begins anew when the file's content does not have the digest that was told.
ATTEMPTS = 3


def file_view(file: dict) -> dict:
    """{path, sha1, size, mime_type}; the path without the slash that Netlify writes at its beginning."""
    return {
        "path": _manifest.normalise_path(file["path"]),
        "sha1": file.get("sha"),
        "size": file.get("size"),
        "mime_type": file.get("mime_type"),
    }


def checked_path(option: str, path: str) -> str:
    """A path below the site as Manifest.files has it: /about/index.html is about/index.html."""
    bare = _manifest.normalise_path(path)
    if "#" in bare or "?" in bare:
        raise InvalidInput(option, f"{option} must not have # or ?, which Netlify refuses in paths: {path!r}.")
    if not bare.isprintable() or "\\" in bare or any(segment in ("", ".", "..") for segment in bare.split("/")):
        raise InvalidInput(
            option, f"{option} must be the path of a file below the site, such as about/index.html, not {path!r}."
        )
    return bare


def find_file(client, site: str, path: str) -> dict | None:
    """A file_view, None when the live site has no such file; a site that does not exist is an error."""
    file = client.get_site_file(address_of(site), path)
    if file is None:
        # Both are a 404.
        require_site(client, site)
        return None
    return file_view(file)


def require_file(client, site: str, path: str) -> dict:
    file = find_file(client, site, path)
    if file is None:
        raise ApiError(
            f"The live site of {site} has no file {path}.",
            platform="netlify",
            operation="getSiteFileByPathName",
            status=404,
            code="not_found",
        )
    return file


def download(client, site: str, file: dict) -> tuple[dict, bytes]:
    """(file_view, content) whose digest is right. A release in between may have changed the file: then it begins anew."""
    for attempt in range(ATTEMPTS):
        if attempt:
            file = require_file(client, site, file["path"])
        content = client.download_site_file(address_of(site), file["path"])
        if _files.digest_of(io.BytesIO(content)) == file["sha1"]:
            return file, content
    raise PaasError(
        f"What Netlify sent of {file['path']} does not have the SHA-1 {file['sha1']} that it tells, {ATTEMPTS} times; nothing was written.",
        code="wrong_digest",
    )


class Edit:
    """What becomes of some files of a site.

    files: [{path, state present or absent, src or content}], as the option of that name has them.
    """

    def __init__(self, option: str, files: list) -> None:
        self.removed: set[str] = set()
        self._digests: dict[str, str] = {}
        self._parts = _Parts()
        for number, file in enumerate(files):
            path = checked_path(f"{option}[{number}].path", file["path"])
            if path in self._digests or path in self.removed:
                raise InvalidInput(option, f"{option} names {path} more than once.")
            if file["state"] == "absent":
                self.removed.add(path)
            else:
                self._digests[path] = self._parts.add(f"{option}[{number}]", path, file["src"], file["content"])

    def applied_to(self, current: dict[str, str]):
        """A Manifest of all files that the site then has. current: {path: sha1}."""
        wanted = {path: sha1 for path, sha1 in current.items() if path not in self.removed}
        wanted.update(self._digests)
        return _manifest.Manifest(self._parts, dict(sorted(wanted.items())), self._parts.sizes)


class _Parts:
    """The contents that a task brings along, in the form that a Manifest reads."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}
        self._sources: dict[str, str | bytes] = {}

    def add(self, option: str, path: str, src: str | None, content: str | None) -> str:
        """The SHA-1 of what is added."""
        try:
            self._sources[path] = src if content is None else content.encode()
            with self.open(path) as stream:
                digest = _files.digest_of(stream)
                self.sizes[path] = stream.tell()
        except UnicodeEncodeError:
            raise InvalidInput(
                f"{option}.content", f"{option}.content is no UTF-8 text. Give a file as src instead."
            ) from None
        except OSError as error:
            raise InvalidInput(
                f"{option}.src",
                f"{option}.src: {src} cannot be read: {error.strerror or error}. A file is needed; for directories "
                "there is webops.paas.netlify_deploy.",
            ) from None
        return digest

    def open(self, path: str, size: int | None = None):
        source = self._sources[path]
        if isinstance(source, bytes):
            return io.BytesIO(source)
        with contextlib.ExitStack() as opened:
            stream = opened.enter_context(io.FileIO(source))
            if size is not None and os.fstat(stream.fileno()).st_size != size:
                raise OSError(errno.ESTALE, "its size has changed")
            opened.pop_all()
            return stream

    def close(self) -> None:
        """Nothing is held open."""
