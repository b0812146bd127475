# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata of Hasura: how it is replaced, and how it is backed up."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    LostAnswer,
    PaasError,
)
from ansible_collections.webops.paas.plugins.module_utils._hasura import metadata
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.hasura_exported import EXPORTED

# -- replacing ---------------------------------------------------------------------------------------------------------


class Engine:
    """An endpoint that keeps metadata.

    trouble: what happens instead of each replacement, in turn: functions of the engine and of the replacement.
    """

    def __init__(self, *trouble, keeps=lambda metadata: metadata, has_lock=True):
        self.trouble, self.keeps, self.has_lock = list(trouble), keeps, has_lock
        clock = SimpleNamespace(sleep=lambda seconds: None, random=lambda: 0.5)
        self.http = SimpleNamespace(redactor=Redactor(), clock=clock)
        self.version, self.metadata, self.sent = 1, {"version": 3, "sources": []}, []

    def export_metadata(self):
        return {"resource_version": self.version, "metadata": self.metadata} if self.has_lock else self.metadata

    def replace_metadata(self, metadata, *, allow_inconsistent, resource_version):
        self.sent.append((resource_version, allow_inconsistent))
        if self.trouble:
            self.trouble.pop(0)(self, lambda: self.keep(metadata))
        else:
            self.keep(metadata)

    def keep(self, metadata):
        self.metadata, self.version = self.keeps(metadata), self.version + 1


def change(engine):
    kept = []
    state = metadata.replace_metadata(
        engine,
        metadata.read_metadata(engine),
        EXPORTED,
        allow_inconsistent=False,
        before_write=kept.append,
    )
    return state, kept


def lost_afterwards(_engine, replace):
    replace()
    raise LostAnswer("lost", status=None, code="lost_response")


def lost_before(_engine, _replace):
    raise LostAnswer("lost", status=None, code="lost_response")


def conflict(_engine, _replace):
    raise ApiError("conflict", status=409, code="conflict")


def others_come(engine, replace):
    replace()
    engine.metadata, engine.version = {"version": 3, "sources": [{"name": "theirs"}]}, engine.version + 1


@pytest.mark.parametrize(
    "trouble,sent",
    [
        ((), 1),
        ((conflict,), 2),
        ((lost_afterwards,), 1),
        ((lost_before,), 2),
        ((others_come,), 2),
        ((conflict,) * 4, 5),
    ],
)
def test_it_is_written_until_it_is_there(trouble, sent):
    engine = Engine(*trouble)
    state, kept = change(engine)
    assert (
        len(engine.sent) == len(kept) == sent
        and engine.metadata == EXPORTED
        and state.resource_version == engine.version
    )


def test_the_lock_is_the_version_that_was_read_last():
    engine = Engine(others_come)
    _state, kept = change(engine)
    assert [version for version, _allowed in engine.sent] == [1, 3] and kept[1].content["sources"] == [
        {"name": "theirs"}
    ]
    engine = Engine(has_lock=False)
    assert change(engine)[0].resource_version is None and engine.sent == [(None, False)]


@pytest.mark.parametrize("trouble", [conflict, lost_before, others_come])
def test_it_ends_after_five_attempts(trouble):
    engine = Engine(*[trouble] * 9)
    with pytest.raises(PaasError):
        change(engine)
    assert len(engine.sent) == 5


@pytest.mark.parametrize("status", [400, 401, 403, 429])
def test_a_refusal_is_not_repeated(status):
    def refuse(_engine, _replace):
        raise ApiError("refused", status=status, code="refused")

    engine = Engine(refuse)
    with pytest.raises(ApiError, match="refused"):
        change(engine)
    assert len(engine.sent) == 1


@pytest.mark.parametrize("has_lock", [True, False])
def test_what_an_engine_drops_is_an_error_that_names_it(has_lock):
    engine = Engine(
        keeps=lambda metadata: {key: part for key, part in metadata.items() if key not in ("network", "actions")},
        has_lock=has_lock,
    )
    with pytest.raises(PaasError, match="actions, network") as failure:
        change(engine)
    assert failure.value.details["code"] == "not_applied" and len(engine.sent) == 1


def test_inconsistent_objects_are_named_without_their_definitions():
    answer = {
        "is_consistent": False,
        "inconsistent_objects": [
            {"name": f"table {number}", "type": "table", "reason": "no hush", "definition": {"x": "hush"}}
            for number in range(7)
        ],
    }
    redactor = SimpleNamespace(clean_quote=lambda text: text.replace("hush", "****"))
    endpoint = SimpleNamespace(http=SimpleNamespace(redactor=redactor), get_inconsistent_metadata=lambda: answer)
    found = metadata.consistency_of(endpoint, metadata.State(7, {}))
    assert found["resource_version"] == 7
    assert found["inconsistent_objects"][0] == {"name": "table 0", "type": "table", "reason": "no ****"}
    with pytest.raises(PaasError, match=r"table 0 \(no \*\*\*\*\).*table 4 .*2 more") as failure:
        metadata.check_consistent({"tenant_id": "t", **found}, allow_inconsistent=False)
    assert failure.value.results["metadata"]["is_consistent"] is False
    metadata.check_consistent({"tenant_id": "t", **found}, allow_inconsistent=True)
    metadata.check_consistent({"tenant_id": "t", "is_consistent": True}, allow_inconsistent=False)


# -- backups -----------------------------------------------------------------------------------------------------------


def test_a_backup_keeps_what_was_first(tmp_path):
    path = str(tmp_path / "kept.json")
    options = {"backup_path": path, "restore_from": path}
    first = metadata.MetadataBackup(options, "t")
    assert first.path(False) is None and first.path(True) == path
    first.write(metadata.State(1, {"version": 3, "sources": []}))
    # Another writer came in between.
    first.write(metadata.State(2, EXPORTED))
    assert (
        metadata.MetadataBackup.to_restore(options)["metadata"] == EXPORTED and os.stat(path).st_mode & 0o777 == 0o600
    )
    second = metadata.MetadataBackup(options, "t")
    second.write(metadata.State(3, {"version": 3, "sources": [1]}))
    assert second.path(False) == path and metadata.MetadataBackup.to_restore(options)["metadata"] == EXPORTED
    with pytest.raises(PaasError, match="another tenant"):
        metadata.MetadataBackup(options, "u")
    (tmp_path / "kept.json").write_text("{}")
    with pytest.raises(InvalidInput, match="not a backup"):
        metadata.MetadataBackup(options, "t")
