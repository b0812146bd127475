# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Migrations of a tenant's sources: which ones are recorded, and which ones a task runs. PRIVATE to the collection.

The record is that of Hasura's CLI (config v3), so both can be used in turn. The CLI marks a version whose run is not
finished as dirty.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._hasura.scripts import (
    POSTGRES,
    Resolution,
    Script,
    Tenant,
    entries,
)
from ansible_collections.webops.paas.plugins.module_utils._hasura.sql_files import Migration, SqlFile

Direction = Literal["up", "down"]
# Where earlier versions of the CLI keep what it copies into the catalog state.
LEGACY = """SELECT table_name FROM information_schema.tables
WHERE table_schema = 'hdb_catalog' AND table_name = 'schema_migrations'"""


def _down_setting(source: str, version: int) -> str:
    """The name of the setting that exists while a down.sql runs, because a dirty version does not tell the direction.
    The CLI keeps settings that it does not know.
    """
    return f"webops.paas/down/{source}/{version}"


class MigrationScript(Script):
    """One direction of a migration."""

    def __init__(self, source: str, migration: Migration, direction: Direction, file: SqlFile) -> None:
        super().__init__(source, file)
        self.migration = migration
        self.direction: Direction = direction

    @property
    def label(self) -> str:
        return f"{self.source}/{self.migration.label}"

    @property
    def _version(self) -> str:
        return str(self.migration.version)

    @property
    def _setting(self) -> str:
        return _down_setting(self.source, self.migration.version)

    def is_marked(self, state: JsonObject) -> bool:
        return entries(state, "migrations", self.source).get(self._version) is True

    def is_due(self, state: JsonObject) -> bool:
        return (self._version in entries(state, "migrations", self.source)) is (self.direction == "down")

    def mark(self, state: JsonObject) -> None:
        entries(state, "migrations", self.source)[self._version] = True
        settings = entries(state, "settings")
        settings.pop(self._setting, None)
        if self.direction == "down":
            settings[self._setting] = "unfinished"

    def record(self, state: JsonObject) -> None:
        self._set(state, is_applied=self.direction == "up")

    def unmark(self, state: JsonObject) -> None:
        self._set(state, is_applied=self.direction == "down")

    def _set(self, state: JsonObject, *, is_applied: bool) -> None:
        versions = entries(state, "migrations", self.source)
        if is_applied:
            versions[self._version] = False
        else:
            versions.pop(self._version, None)
        entries(state, "settings").pop(self._setting, None)

    @property
    def step(self) -> JsonObject:
        """{source, version, name, direction, can_undo}, for a result."""
        return {
            "source": self.source,
            "version": self.migration.version,
            "name": self.migration.name,
            "direction": self.direction,
            "can_undo": (self.migration.down if self.direction == "up" else self.migration.up) is not None,
        }


class Source:
    """The migrations of one source, in files and as recorded.

    files: {version: migration}. applied: recorded versions. marked: migrations whose outcome is unknown.
    """

    def __init__(self, name: str, files: list[Migration], state: JsonObject) -> None:
        """state: that of the CLI. Raises PaasError if it has other versions than numbers."""
        self.name = name
        self.files = {migration.version: migration for migration in files}
        recorded = (state.get("migrations") or {}).get(name) or {}
        strange = [version for version in recorded if not version.isdecimal()]
        if strange:
            raise PaasError(
                f"The catalog state of the tenant has a version of {name} that is not a number: {strange[0]!r}.",
                code="incomplete_answer",
                operation="get_catalog_state",
            )
        self.applied = {int(version) for version, dirty in recorded.items() if not dirty}
        settings = state.get("settings") or {}
        self.marked: list[MigrationScript] = []
        for version in sorted(int(version) for version, dirty in recorded.items() if dirty):
            migration = self.files.get(version) or Migration(version, "unknown", None, None)
            is_down = _down_setting(name, version) in settings
            file = (migration.down if is_down else migration.up) or SqlFile("", "")
            self.marked.append(MigrationScript(name, migration, "down" if is_down else "up", file))

    def settle(self, resolutions: Iterable[Resolution]) -> None:
        """Counts the marked migrations as applied or not, as the user says."""
        for resolution in resolutions:
            script = resolution.script
            if isinstance(script, MigrationScript) and script.source == self.name:
                if resolution.took_effect is (script.direction == "up"):
                    self.applied.add(script.migration.version)
                self.marked = []

    # -- what must run

    def up(self, to: int | None = None) -> list[MigrationScript]:
        """Those that are not applied, up to a version, in order. Raises PaasError."""
        due = [each for version, each in self.files.items() if version not in self.applied]
        return [
            self._script(migration, "up", migration.up) for migration in due if to is None or migration.version <= to
        ]

    def down(self, versions: Iterable[int]) -> list[MigrationScript]:
        """versions: applied ones. The last one comes first. Raises PaasError."""
        migrations = [
            self.files.get(version) or Migration(version, "unknown", None, None)
            for version in sorted(versions, reverse=True)
        ]
        return [self._script(migration, "down", migration.down) for migration in migrations]

    def undo(self, versions: set[int]) -> list[MigrationScript]:
        """Those of some versions that are applied. Raises PaasError, also if a later one would stay applied."""
        due = self.applied & versions
        later = [version for version in sorted(self.applied - versions) if due and version > min(due)]
        if later:
            raise PaasError(
                f"The source {self.name} has later migrations, which can depend on those of `undo`: "
                f"{', '.join(map(str, later))}. Nothing was rolled back.",
                code="conflict",
                option="undo",
            )
        return self.down(due)

    def last(self, count: int) -> list[int]:
        """The last applied versions. Raises PaasError if there are fewer."""
        if count > len(self.applied):
            raise PaasError(
                f"`down` is {count}, but the source {self.name} has only {len(self.applied)} applied migrations.",
                code="no_previous",
                option="down",
            )
        return sorted(self.applied)[-count:]

    def goto(self, version: int) -> list[MigrationScript]:
        """Up to a version, or down to it; 0 rolls back all. Raises PaasError."""
        if max(self.applied, default=0) <= version:
            return self.up(version)
        return self.down(applied for applied in self.applied if applied > version)

    def _script(self, migration: Migration, direction: Direction, file: SqlFile | None) -> MigrationScript:
        if file is None:
            raise PaasError(
                f"The migration {self.name}/{migration.label} has no {direction}.sql, or an empty one, so it cannot be "
                f"{'applied' if direction == 'up' else 'rolled back'}. Nothing was changed.",
                code="missing_script",
            )
        return MigrationScript(self.name, migration, direction, file)

    def after(self, scripts: Iterable[MigrationScript]) -> JsonObject:
        """Its state once these have run: {name, current, pending, missing}."""
        applied = set(self.applied)
        for script in scripts:
            if script.source == self.name:
                (applied.add if script.direction == "up" else applied.discard)(script.migration.version)
        return {
            "name": self.name,
            "current": max(applied, default=None),
            "pending": [each.label for version, each in self.files.items() if version not in applied],
            "missing": sorted(applied - self.files.keys()),
        }


def check_not_copied(tenant: Tenant, sources: Iterable[Source]) -> None:
    """Raises PaasError if the record of a source is still where earlier versions of the CLI kept it.

    Sends a request for each source without a record.
    """
    if tenant.endpoint is None or tenant.state.get("isStateCopyCompleted"):
        return
    for source in sources:
        if source.applied or source.marked or not source.files or tenant.kinds.get(source.name) not in POSTGRES:
            continue
        if tenant.endpoint.select(tenant.kinds[source.name], source.name, LEGACY):
            raise PaasError(
                f"The database of the source {source.name} has the table hdb_catalog.schema_migrations, in which "
                "Hasura's CLI recorded migrations before config version 3. Let the CLI copy it first: hasura migrate "
                f"status --database-name {source.name}.",
                code="legacy_record",
            )
