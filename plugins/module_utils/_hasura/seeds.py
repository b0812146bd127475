# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds of a tenant's sources, recorded by the digest of their content. PRIVATE to the collection.

Hasura's CLI records no seeds. It keeps settings of the catalog state that it does not know (hasura 10 [CLI]).
"""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._hasura.scripts import Script, entries
from ansible_collections.webops.paas.plugins.module_utils._hasura.sql_files import SqlFile

# Begins the record of a seed that began to run; the digest that was recorded before follows.
MARK = "unfinished "


class SeedScript(Script):
    """One seed. is_always: whether it also runs if its content has run before."""

    def __init__(self, source: str, file: SqlFile, *, is_always: bool) -> None:
        super().__init__(source, file)
        self._is_always = is_always

    @property
    def label(self) -> str:
        return self.file.path

    @property
    def _setting(self) -> str:
        return f"webops.paas/seed/{self.source}/{self.file.path}"

    def _recorded(self, state: JsonObject) -> str:
        return str(entries(state, "settings").get(self._setting, ""))

    def is_marked(self, state: JsonObject) -> bool:
        return self._recorded(state).startswith(MARK)

    def is_due(self, state: JsonObject) -> bool:
        return self._is_always or self._recorded(state) != self.file.digest

    def mark(self, state: JsonObject) -> None:
        former = self._recorded(state).removeprefix(MARK)
        entries(state, "settings")[self._setting] = MARK + former

    def record(self, state: JsonObject) -> None:
        entries(state, "settings")[self._setting] = self.file.digest

    def unmark(self, state: JsonObject) -> None:
        former = self._recorded(state).removeprefix(MARK)
        entries(state, "settings")[self._setting] = former
        if not former:
            del entries(state, "settings")[self._setting]
