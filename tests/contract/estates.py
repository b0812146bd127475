# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apply and export estates in this process: the code of the actions, without Ansible."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from dataclasses import dataclass, field

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from harness import CONNECTIONS, SharedClock, World

from ansible_collections.webops.paas.plugins.module_utils._kernel.module import perform
from ansible_collections.webops.paas.plugins.plugin_utils._door import as_sent
from ansible_collections.webops.paas.plugins.plugin_utils._estate import entries, files, purging, report
from ansible_collections.webops.paas.plugins.plugin_utils._estate.engine import Engine
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting import writing
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.action import EXPORTS
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.documents import Names
from ansible_collections.webops.paas.plugins.plugin_utils._estate.order import ordered


@dataclass
class Applied:
    """result: the module's result. planned: the plan. calls: the requests of both."""

    result: dict
    planned: dict
    calls: list = field(default_factory=list)

    @property
    def writes(self) -> list:
        return [call for call in self.calls if call["write"]]

    @property
    def actions(self) -> dict:
        return {(row["module"], row["name"]): row["action"] for row in self.result["resources"]}


def applied(
    world: World,
    content: list,
    *,
    check: bool = False,
    keep_going: bool = False,
    concurrency: int = 4,
    between: Callable[[], object] = lambda: None,
    purge: tuple[str, ...] = (),
    only: dict | None = None,
    limit: int = 1000,
    **connect,
) -> Applied:
    """Plans and applies entries on the world's sandbox. between: called after planning. limit: max_deletions."""
    raws = files.of_content(content)
    return _applied(
        world,
        raws,
        [raw.options for raw in raws],
        check,
        keep_going=keep_going,
        concurrency=concurrency,
        between=between,
        purge=purge,
        only=only,
        limit=limit,
        **connect,
    )


def applied_files(world: World, directory: pathlib.Path, variables: dict, *, check: bool = False) -> Applied:
    """Plans and applies the files of a directory."""
    loader = DataLoader()
    raws = files.read(str(directory), loader)
    templar = Templar(loader, variables)
    return _applied(world, raws, [as_sent(templar.template(raw.options)) for raw in raws], check)


def _applied(
    world: World,
    raws: list,
    options: list,
    check: bool,
    *,
    keep_going: bool = False,
    concurrency: int = 4,
    between: Callable[[], object] = lambda: None,
    purge: tuple[str, ...] = (),
    only: dict | None = None,
    limit: int = 1000,
    **connect,
) -> Applied:
    kinds = purging.kinds_of(purge)
    connections = {platform: {**world.platform_options(platform), **connect} for platform in CONNECTIONS}
    connections["fleek"]["team_id"] = world.environment["FLEEK_TEAM_ID"]
    checked = entries.checked(raws, options, connections, kinds)
    engine = Engine(
        ordered(purging.with_context(checked, entries.chosen(checked, only or {}), kinds)),
        lambda _entry, result: result,
        concurrency=concurrency,
        keep_going=keep_going,
        clock=SharedClock(world.sandbox),
    )
    planned = purging.planned(engine, checked, kinds, only or {})
    between()
    outcomes = planned
    is_too_much = report.too_many_deletions(planned, limit)
    if not check and not is_too_much and not any(outcome.failed for outcome in planned):
        outcomes = engine.apply(planned)
    return Applied(report.result_of(outcomes, True), report.result_of(planned, True), world.sandbox.news())


def exported(world: World, directory: pathlib.Path, *platforms: str) -> Names:
    """Writes an export to a directory that does not exist yet; returns the secrets that it has."""
    documents = []
    for platform in platforms:
        options = {**world.platform_options(platform), "names": None, "concurrency": 4}
        if platform == "fleek":
            options["team_id"] = world.environment["FLEEK_TEAM_ID"]
        validated = ArgumentSpecValidator(**EXPORTS[platform].spec).validate(options)
        assert not validated.error_messages
        result = perform(
            EXPORTS[platform],
            validated.validated_parameters,
            check_mode=False,
            want_diff=False,
            warn=print,
            clock=SharedClock(world.sandbox),
        )
        assert not result.get("failed"), result
        documents += result["documents"]
    texts, found = writing.texts_of(documents)
    for path, text in texts.items():
        file = directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8"))
    world.sandbox.news()
    return found


def contents(directory: pathlib.Path) -> dict:
    return {
        path.relative_to(directory).as_posix(): path.read_text(encoding="utf-8")
        for path in directory.rglob("*")
        if path.is_file()
    }
