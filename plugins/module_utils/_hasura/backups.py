# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task replaces at a tenant, in a private file, so that a later task can put it back. PRIVATE to the collection."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ansible_collections.webops.paas.plugins.module_utils._core import files as _files
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError


class Backup(ABC):
    """The file is a JSON object with the tenant's id as C(tenant_id), and what a subclass keeps.

    What it knows from an earlier run stays: that run may have failed halfway, and what it found is what there was before.
    """

    WHAT = "contents"

    def __init__(self, path: str, tenant_id: str) -> None:
        self._path = path
        self._tenant_id = tenant_id
        self._kept = self._read("backup_path", path)
        if self._kept is not None:
            self._check_tenant("backup_path", path, self._kept, tenant_id)

    @staticmethod
    @abstractmethod
    def is_whole(kept: dict) -> bool:
        """Whether what was read is what a subclass writes."""

    @property
    def exists(self) -> bool:
        return self._kept is not None

    def keep(self, content: dict) -> None:
        kept = {"tenant_id": self._tenant_id, **content}
        _files.write_json("backup_path", self._path, kept)
        self._kept = kept

    @classmethod
    def to_restore(cls, path: str | None) -> dict | None:
        """What the file of the option restore_from keeps; None without a path. Raises InvalidInput."""
        kept = cls._read("restore_from", path) if path else None
        if path and kept is None:
            raise InvalidInput("restore_from", f"restore_from does not exist: {path}.")
        return kept

    @classmethod
    def check_to_restore(cls, path: str | None, kept: dict | None, tenant_id: str) -> None:
        """Raises PaasError for what another tenant had."""
        if kept is not None:
            cls._check_tenant("restore_from", path, kept, tenant_id)

    @classmethod
    def _read(cls, option: str, path: str) -> dict | None:
        kept = _files.read_json(option, path)
        if kept is not None and not (isinstance(kept.get("tenant_id"), str) and cls.is_whole(kept)):
            raise InvalidInput(
                option, f"{option}: {path} is no backup of {cls.WHAT}. Move it away, or name another file."
            )
        return kept

    @classmethod
    def _check_tenant(cls, option: str, path, kept: dict, tenant_id: str) -> None:
        if kept["tenant_id"] != tenant_id:
            raise PaasError(
                f"{option}: {path} has the {cls.WHAT} of another tenant, {kept['tenant_id']}; this one is {tenant_id}. Move it away, or "
                "name another file.",
                code="other_tenant",
                option=option,
            )
