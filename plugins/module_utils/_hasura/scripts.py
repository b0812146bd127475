# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SQL files that run once at the engine of a tenant, and their record in its catalog state. PRIVATE to the collection.

The record and the SQL are in different databases, and the engine offers no lock and no version of the record (hasura 10
[SRV]). So a script is marked before it runs, and recorded afterwards. A mark that stays means that nobody knows whether
the script took effect, and stops other runs and Hasura's CLI.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, LostAnswer, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.unknown import UNKNOWN
from ansible_collections.webops.paas.plugins.module_utils._hasura.api import HasuraClient, reference_of, tenant_view
from ansible_collections.webops.paas.plugins.module_utils._hasura.endpoint import MetadataEndpoint
from ansible_collections.webops.paas.plugins.module_utils._hasura.metadata import read_metadata
from ansible_collections.webops.paas.plugins.module_utils._hasura.responses import RUN_SQL
from ansible_collections.webops.paas.plugins.module_utils._hasura.sql_files import SqlFile, failed_statement, texts

# The kinds whose engine accepts no_transaction.
POSTGRES = ("postgres", "citus", "cockroach")
# An error is quoted only for a file with at most this number of texts, because all of them must be masked in it.
QUOTABLE_TEXTS = 300
REFUSE, TOOK_EFFECT, NO_EFFECT = "refuse", "took_effect", "no_effect"
# The argument spec of the option unfinished.
UNFINISHED = dict(type="str", choices=[REFUSE, TOOK_EFFECT, NO_EFFECT], default=REFUSE)
_CHECK_THE_DATABASE = (
    f"Check the database, and run the task again with `unfinished: {TOOK_EFFECT}` or `unfinished: {NO_EFFECT}`."
)


class SqlEndpoint(MetadataEndpoint):
    """The commands of a tenant that run SQL and keep the CLI's state."""

    def get_catalog_state(self) -> JsonObject:
        """The state of the CLI: {migrations: {source: {version: dirty}}, settings: {name: text}, ...}."""
        state: JsonObject | None = self._metadata("get_catalog_state", {}).get("cli_state")
        return state or {}

    def set_catalog_state(self, state: JsonObject) -> None:
        """Replaces the whole state of the CLI."""
        self._metadata("set_catalog_state", {"type": "cli", "state": state}, is_write=True)

    def run_sql(self, kind: str, source: str, sql: str, *, no_transaction: bool = False) -> None:
        """Runs statements in one transaction, or outside of one with no_transaction. kind: that of the source.

        Raises LostAnswer if they may have run.
        """
        more = {"no_transaction": True} if no_transaction and kind in POSTGRES else {}
        self._query(RUN_SQL[kind], RUN_SQL[kind], {"source": source, "sql": sql, **more}, is_write=True)

    def select(self, kind: str, source: str, sql: str) -> list[list[str]]:
        """The rows of a query in a read-only transaction, without the row of the names of the columns."""
        arguments = {"source": source, "sql": sql, "read_only": True}
        found = self._query(RUN_SQL[kind], "run_sql_read_only", arguments, is_write=False)
        rows: list[list[str]] = found.get("result") or []
        return rows[1:]

    def _query(self, command: str, operation: str, arguments: JsonObject, *, is_write: bool) -> JsonObject:
        found: JsonObject = self.http.request(
            "POST",
            "/v2/query",
            operation=operation,
            body={"type": command, "args": arguments},
            idempotent=not is_write,
            shape=dict,
            is_write=is_write,
        ).data
        return found


def _kinds_of(endpoint: SqlEndpoint, needed: Iterable[str]) -> tuple[dict[str, str], PaasError | None]:
    """({source: its kind}, the error for the first needed source that does not exist). That error is not raised,
    because in check mode an earlier task may be about to add the source.

    Raises PaasError if Hasura cannot run SQL in a needed source.
    """
    kinds = {
        str(source.get("name")): "postgres" if source.get("kind") in (None, "pg") else str(source["kind"])
        for source in read_metadata(endpoint).content.get("sources") or []
        if isinstance(source, dict)
    }
    missing = None
    for name in needed:
        if name not in kinds:
            missing = missing or PaasError(
                f"The tenant has no source {name!r}, but the project has SQL for it. The sources of the tenant are: "
                f"{', '.join(kinds) or 'none'}. Add the source with webops.paas.hasura_metadata first.",
                code="no_source",
            )
        elif kinds[name] not in RUN_SQL:
            raise PaasError(
                f"Hasura cannot run SQL in the source {name}, because its kind is {kinds[name]}.", code="no_source"
            )
    return kinds, missing


@dataclass(frozen=True)
class Tenant:
    """Where scripts run.

    endpoint: None for a tenant that check mode predicts. kinds: {source: its kind}. missing: the error for a source
    that does not exist. state: that of the CLI.
    """

    tenant_id: str
    endpoint: SqlEndpoint | None
    kinds: dict[str, str]
    missing: PaasError | None
    state: JsonObject

    @classmethod
    def of(cls, client: HasuraClient, params: JsonObject, needed: Iterable[str]) -> Tenant:
        """By the options tenant_id, name or slug, trusted_hosts and admin_secret. needed: sources. Raises PaasError."""
        tenant = tenant_view(client.require_tenant(**reference_of(params)))
        endpoint = SqlEndpoint(client.http, tenant["endpoint"], params["trusted_hosts"], params["admin_secret"])
        return cls(tenant["id"], endpoint, *_kinds_of(endpoint, needed), endpoint.get_catalog_state())

    @classmethod
    def new(cls) -> Tenant:
        """One that an earlier task would create, in check mode."""
        return cls(UNKNOWN, None, {}, None, {})


class Script(ABC):
    """One file to run, and its record in the catalog state, which C(mark), C(record) and C(unmark) change in place."""

    def __init__(self, source: str, file: SqlFile) -> None:
        self.source = source
        self.file = file

    @property
    @abstractmethod
    def label(self) -> str:
        """Its name in messages and diffs."""

    @abstractmethod
    def is_marked(self, state: JsonObject) -> bool:
        """Whether a run of it began, and its outcome is unknown."""

    @abstractmethod
    def is_due(self, state: JsonObject) -> bool:
        """Whether it must run, unless it is marked."""

    @abstractmethod
    def mark(self, state: JsonObject) -> None:
        """Records that it begins to run."""

    @abstractmethod
    def record(self, state: JsonObject) -> None:
        """Records that it took effect."""

    @abstractmethod
    def unmark(self, state: JsonObject) -> None:
        """Records that it had no effect."""


Scripts = TypeVar("Scripts", bound=Script)


@dataclass(frozen=True)
class Resolution:
    """What the user says about a marked script."""

    script: Script
    took_effect: bool

    def record(self, state: JsonObject) -> None:
        (self.script.record if self.took_effect else self.script.unmark)(state)

    @property
    def sides(self) -> tuple[str, str, str]:
        """(label, state before, state after), for a plan."""
        return self.script.label, "unfinished", "finished" if self.took_effect else "not run"


@dataclass(frozen=True)
class Batch(Generic[Scripts]):
    """What a task does at a tenant. steps: the scripts to run, in order. resolutions: those of all marked scripts."""

    tenant: Tenant
    resolutions: Sequence[Resolution]
    steps: Sequence[Scripts]

    @property
    def only_recorded(self) -> list[Resolution]:
        """The resolutions of scripts that do not run again."""
        labels = {script.label for script in self.steps}
        return [each for each in self.resolutions if each.script.label not in labels]

    @property
    def missing(self) -> PaasError | None:
        """Why the steps cannot run."""
        return self.tenant.missing if self.steps else None

    @property
    def doubts(self) -> list[str]:
        """The warnings of check mode."""
        missing = self.missing
        return [] if missing is None else [f"{missing.message} Check mode predicts the result as if it existed."]

    def view(self) -> JsonObject:
        """{tenant_id, resolved}, for a result."""
        resolved = [{"script": each.script.label, "took_effect": each.took_effect} for each in self.resolutions]
        return {"tenant_id": self.tenant.tenant_id, "resolved": resolved}

    def run(self, result: Callable[[Sequence[Scripts]], JsonObject], *, reloads: bool = False) -> None:
        """Runs the steps, and stops at the first error. Raises PaasError.

        result: makes the result that a failed task returns from the scripts that were recorded. reloads: whether the
        tenant reads the schemas of its databases again after scripts were run.
        """
        done: list[Scripts] = []
        endpoint = self.tenant.endpoint
        if endpoint is None:
            raise AssertionError("scripts run at a tenant that exists")
        try:
            if self.missing is not None:
                raise self.missing
            _run(endpoint, self.tenant.kinds, self, done)
            if done and reloads:
                _reload(endpoint)
        except PaasError as error:
            error.results = {**result(done), **error.results}
            raise


def entries(state: JsonObject, *keys: str) -> JsonObject:
    """The object at a path of keys in the state, created if it is missing."""
    for key in keys:
        if not isinstance(state.get(key), dict):
            state[key] = {}
        state = state[key]
    return state


def _run(endpoint: SqlEndpoint, kinds: dict[str, str], batch: Batch[Scripts], done: list[Scripts]) -> None:
    """Appends to done the scripts that are recorded. Marked scripts that run again stay marked until then."""
    again = {resolution.script.label for resolution in batch.resolutions}
    others: Sequence[Resolution] = batch.only_recorded
    ended: Scripts | None = None
    for script in batch.steps:
        _update_record(endpoint, done, ended, others, script, is_known=script.label in again)
        ended, others = None, []
        _execute(endpoint, kinds[script.source], script, done)
        ended = script
    if ended is not None or others:
        _update_record(endpoint, done, ended, others, None)


def _update_record(
    endpoint: SqlEndpoint,
    done: list[Scripts],
    ended: Scripts | None,
    resolutions: Sequence[Resolution],
    begun: Scripts | None,
    *,
    is_known: bool = False,
) -> None:
    """Reads the state and writes it once, with the end of one script and the beginning of the next one.

    is_known: whether the user has decided about the mark of the script that begins.
    """
    try:
        state = endpoint.get_catalog_state()
        if ended is not None:
            ended.record(state)
        for resolution in resolutions:
            resolution.record(state)
        if begun is not None:
            if begun.is_marked(state) and not is_known:
                raise _unfinished([begun])
            if not begun.is_marked(state) and not begun.is_due(state):
                raise PaasError(f"Another run has just applied {begun.label}. Run the task again.", code="conflict")
            begun.mark(state)
        endpoint.set_catalog_state(state)
    except PaasError as error:
        if ended is not None:
            error.message += (
                f" The SQL of {ended.label} took effect, but that is not recorded. Run the task again with "
                f"`unfinished: {TOOK_EFFECT}`."
            )
        raise
    if ended is not None:
        done.append(ended)


def _execute(endpoint: SqlEndpoint, kind: str, script: Script, done: Sequence[Script]) -> None:
    found = texts(script.file.text)
    is_quotable = len(found) <= QUOTABLE_TEXTS
    if is_quotable:
        endpoint.http.redactor.add_quoted(*found)
    endpoint.http.progress(f"Running {script.file.path}")
    try:
        endpoint.run_sql(kind, script.source, script.file.text, no_transaction=script.file.no_transaction)
    except LostAnswer as error:
        error.message += (
            f" The SQL of {script.file.path} may have been executed. {_CHECK_THE_DATABASE} {_applied_before(done)}"
        )
        raise
    except ApiError as error:
        if not is_quotable:
            error.message = f"Hasura {error.details['operation']} failed with the status {error.status}."
        _explain(error, script)
        _remove_mark(endpoint, script, error)
        error.message += f" {_applied_before(done)}"
        raise


def _explain(error: ApiError, script: Script) -> None:
    """Adds the file to the error, and the statement if it is certain."""
    place = failed_statement(script.file.text, error.message) if error.platform_code == "postgres-error" else None
    error.message += f" The error is in {script.file.path}"
    error.message += "." if place is None else f", line {place[0]}: {place[1]}."
    if script.file.no_transaction:
        error.message += (
            " The file runs without a transaction, so statements before the failed one may have taken effect. "
            f"{_CHECK_THE_DATABASE}"
        )
    error.details.update({"file": script.file.path, "line": place and place[0]})


def _remove_mark(endpoint: SqlEndpoint, script: Script, error: ApiError) -> None:
    """The failed script had no effect, unless it runs without a transaction."""
    if script.file.no_transaction and error.platform_code is not None:
        return
    try:
        state = endpoint.get_catalog_state()
        script.unmark(state)
        endpoint.set_catalog_state(state)
    except ApiError as failure:
        error.message += f" Its mark could not be removed ({failure.message}). Use `unfinished: {NO_EFFECT}` next time."


def _reload(endpoint: SqlEndpoint) -> None:
    try:
        endpoint.reload_metadata(remote_schemas=False)
    except PaasError as error:
        error.message += (
            " The migrations are applied. Reload the sources with `reload_sources: true` of "
            "webops.paas.hasura_metadata."
        )
        raise


def _applied_before(done: Sequence[Script]) -> str:
    return f"Applied before: {', '.join(script.label for script in done)}." if done else "Nothing was applied before."


def _unfinished(scripts: Sequence[Script]) -> PaasError:
    names = ", ".join(script.label for script in scripts)
    return PaasError(
        f"It is unknown whether {names} took effect: an earlier run did not receive the response, or another run is "
        f"still in progress. {_CHECK_THE_DATABASE}",
        code="unfinished_script",
    )


def resolutions_of(marked: Sequence[Script], choice: str) -> list[Resolution]:
    """choice: the option unfinished. Raises PaasError if it is to refuse marked scripts."""
    if marked and choice == REFUSE:
        raise _unfinished(marked)
    return [Resolution(script, choice == TOOK_EFFECT) for script in marked]
