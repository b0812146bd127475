# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups of what a task replaces at a tenant, in a file with mode 0600, from which a later task can restore it.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterator

from ansible_collections.webops.paas.plugins.module_utils._core import files
from ansible_collections.webops.paas.plugins.module_utils._core.clock import Clock
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject

# The options of modules that write and restore backups.
BACKUP_OPTIONS = dict(backup_path=dict(type="path"), restore_from=dict(type="path"))


class Backup(ABC):
    """The options backup_path, the file that is written, and restore_from, the file that is restored.

    Such a file is a JSON object with the tenant's ID as C(tenant_id), and the data of a subclass. Data of an earlier
    run is kept: that run may have failed halfway, and its data is the original state.
    """

    WHAT = "contents"

    def __init__(self, params: JsonObject, tenant_id: str, restored: JsonObject | None = None) -> None:
        """restored: the result of to_restore. Raises PaasError if a file is of another tenant."""
        self._path: str | None = params["backup_path"]
        self._tenant_id = tenant_id
        if restored is not None:
            self._check_tenant("restore_from", params["restore_from"], restored)
        self.earlier = self._read_earlier()

    @staticmethod
    @abstractmethod
    def is_whole(kept: JsonObject) -> bool:
        """Whether the content is that of a subclass."""

    @classmethod
    def to_restore(cls, params: JsonObject) -> JsonObject | None:
        """The content of the file restore_from; None without that option.

        Raises InvalidInput, also when backup_path cannot be written.
        """
        if params["backup_path"]:
            files.check_writable("backup_path", params["backup_path"])
        path = params["restore_from"]
        kept = cls._read("restore_from", path) if path else None
        if path and kept is None:
            raise InvalidInput("restore_from", f"`restore_from` does not exist: {path}.")
        return kept

    def path(self, is_written: bool) -> str | None:
        """The option backup_path if the file exists; otherwise None. is_written: whether this task writes it."""
        return self._path if is_written or self.earlier is not None else None

    @contextlib.contextmanager
    def locked(self, clock: Clock, timeout: float) -> Iterator[None]:
        """Locks the file from reading it to the end of the writes at the tenant. Waits for up to timeout seconds.

        Otherwise a parallel run could back up what this run wrote as the original state.
        """
        if not self._path:
            yield
            return
        with files.locked("backup_path", self._path, clock, timeout):
            self.earlier = self._read_earlier()
            yield

    def keep(self, content: JsonObject) -> None:
        """Writes the file; without the option backup_path it does nothing."""
        if self._path:
            files.write_json("backup_path", self._path, {"tenant_id": self._tenant_id, **content})

    def _read_earlier(self) -> JsonObject | None:
        """The content of the file from an earlier run."""
        earlier = self._read("backup_path", self._path) if self._path else None
        if earlier is not None:
            self._check_tenant("backup_path", self._path, earlier)
        return earlier

    @classmethod
    def _read(cls, option: str, path: str) -> JsonObject | None:
        kept = files.read_json(option, path)
        if kept is not None and not (isinstance(kept.get("tenant_id"), str) and cls.is_whole(kept)):
            raise InvalidInput(
                option, f"`{option}`: {path} is not a backup of {cls.WHAT}. Move the file away, or set another path."
            )
        return kept

    def _check_tenant(self, option: str, path: str | None, kept: JsonObject) -> None:
        if kept["tenant_id"] != self._tenant_id:
            raise PaasError(
                f"`{option}`: {path} has the {self.WHAT} of another tenant, {kept['tenant_id']}, not of "
                f"{self._tenant_id}. Move the file away, or set another path.",
                code="other_tenant",
                option=option,
            )
