# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""flightcontrol.json: how it is read and checked. PRIVATE to the collection.

The structure is in config_schema, the rules between its parts are here. Source: docs/platforms/flightcontrol.md,
sections 4.1 and 4.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core import data_files
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.config_schema import (
    CONFIG,
    DATABASES,
    OUTPUTS,
)
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.structure import (
    Problem,
    Report,
    below,
    similar,
    told,
)

SUFFIXES = (data_files.JSON_SUFFIX, *data_files.YAML_SUFFIXES)

# The severities of problems in results.
ERROR, UNKNOWN = "error", "unknown"

# (place, object)
Placed = tuple[str, JsonObject]


def read(option: str, path: str) -> Any:
    """The content of a file. Raises InvalidInput, naming the option, and data_files.NoYaml."""
    if not path.endswith(SUFFIXES):
        raise InvalidInput(option, f"`{option}` must be a file whose name ends in .json, .yaml or .yml, got {path}.")
    return data_files.parse(option, path, data_files.read_text(option, path))


def problems_of(document: Any) -> Report:
    """All problems of the content of a file."""
    report = Report()
    CONFIG.check(document, "", report)
    environments = _objects(document, "environments", "")
    _check_unique(environments, report)
    for place, environment in environments:
        _check_environment(place, environment, report)
    _check_project_variables(document, environments, report)
    return report


def problem_view(problem: Problem) -> JsonObject:
    """{place, message, severity}"""
    return {
        "place": problem.place,
        "message": problem.message,
        "severity": UNKNOWN if problem.is_doubt else ERROR,
    }


def sentences(problems: Iterable[JsonObject]) -> str:
    """problems: as C(problem_view) returns them."""
    return " ".join(f"{problem['place'] or 'The file'} {problem['message']}" for problem in problems)


def environments_of(document: JsonObject) -> list[JsonObject]:
    """[{id, name, region, branch, is_preview, services: [{id, name, type, depends_on}]}] of a valid document, without
    values of variables.
    """
    return [_environment_view(environment) for _place, environment in _objects(document, "environments", "")]


def _environment_view(environment: JsonObject) -> JsonObject:
    return {
        "id": environment["id"],
        "name": environment["name"],
        "region": environment["region"],
        "branch": environment["source"].get("branch"),
        "is_preview": environment["source"].get("pr") is True,
        "services": [
            {
                "id": service["id"],
                "name": service["name"],
                "type": service["type"],
                "depends_on": service.get("dependsOn") or [],
            }
            for service in environment["services"]
        ],
    }


# -- rules between parts -----------------------------------------------------------------------------------------------


def _check_environment(place: str, environment: JsonObject, report: Report) -> None:
    services = _objects(environment, "services", place)
    source = environment.get("source")
    if isinstance(source, dict):
        _check_source(below(place, "source"), source, report)
    _check_unique(services, report)
    ids = _ids(services)
    for where, service in services:
        _check_dependencies(where, service, ids, report)
        _check_image(where, service, ids, report)
        _check_service(where, service, report)
    _check_cycles(services, report)
    types = {service["id"]: service.get("type") for _where, service in _identified(services)}
    for where, reference in _references(environment, place):
        if _check_service_id(below(where, "id"), reference["id"], ids, report):
            _check_output(where, reference, types[reference["id"]], report)


def _check_source(place: str, source: JsonObject, report: Report) -> None:
    is_preview = source.get("pr") is True
    if not is_preview and "branch" not in source:
        report.error(place, "must have branch, or pr: true for preview environments.")
    for key in ("branch",) if is_preview else ("filter",):
        if key in source:
            report.doubt(below(place, key), f"is not known {'with' if is_preview else 'without'} pr: true.")


def _check_unique(objects: Iterable[Placed], report: Report) -> None:
    first: dict[str, str] = {}
    for place, item in _identified(objects):
        other = first.setdefault(item["id"], place)
        if other != place:
            report.error(below(place, "id"), f"must be unique: {other} has the ID {told(item['id'])} too.")


def _check_service_id(place: str, service_id: str, ids: list[str], report: Report) -> bool:
    """Whether it is one of the IDs; reports an error if it is not."""
    if service_id not in ids:
        report.error(
            place,
            f"must be the ID of a service of the same environment, got {told(service_id)}.{similar(service_id, ids)}",
        )
    return service_id in ids


def _check_dependencies(place: str, service: JsonObject, ids: list[str], report: Report) -> None:
    needed = service.get("dependsOn")
    for number, other in enumerate(needed if isinstance(needed, list) else ()):
        where = f"{below(place, 'dependsOn')}[{number}]"
        if isinstance(other, str) and other == service.get("id"):
            report.error(where, "must be another service: a service cannot depend on itself.")
        elif isinstance(other, str):
            _check_service_id(where, other, ids, report)


def _check_cycles(services: list[Placed], report: Report) -> None:
    """Leaves out services that depend on themselves, because these are already reported."""
    needs = {
        service["id"]: [other for other in service.get("dependsOn") or () if other != service["id"]]
        for _place, service in _identified(services)
        if isinstance(service.get("dependsOn") or [], list)
    }
    places = {service["id"]: place for place, service in reversed(_identified(services))}
    done: set[str] = set()
    for start in needs:
        cycle = _cycle(start, needs, done)
        if cycle:
            report.error(below(places[cycle[0]], "dependsOn"), f"is circular: {' -> '.join(cycle)}.")
            done.update(cycle)


def _cycle(start: str, needs: dict[str, list[Any]], done: set[str]) -> list[str]:
    """A cycle that can be reached from a service, its first member twice; empty without one. done: the services from
    which none can be reached, or whose cycle is known; completed here."""
    way: list[str] = []
    # (service, the services that it needs and that have not been looked at)
    open_: list[tuple[str, Iterator[Any]]] = [(start, iter(needs[start]))] if start not in done else []
    while open_:
        service, others = open_[-1]
        if len(way) < len(open_):
            way.append(service)
        other = next(others, None)
        if other is None:
            done.add(way.pop())
            open_.pop()
        elif isinstance(other, str) and other in way:
            return [*way[way.index(other) :], other]
        elif isinstance(other, str) and other in needs and other not in done:
            open_.append((other, iter(needs[other])))
    return []


def _check_image(place: str, service: JsonObject, ids: list[str], report: Report) -> None:
    image = service.get("containerImage", {})
    image = image if isinstance(image, dict) else {}
    old = service.get("fromService")
    for where, other in (
        (below(below(place, "containerImage"), "fromService"), image.get("fromService")),
        (below(place, "fromService"), old),
    ):
        if isinstance(other, str) and other:
            _check_service_id(where, other, ids, report)
    if service.get("buildType") == "fromService" and not (image.get("fromService") or old):
        report.error(place, "must have containerImage.fromService, because buildType is fromService.")
    if service.get("buildType") == "fromRepository" and not {"registryId", "repository"} <= image.keys():
        report.error(
            place, "must have containerImage with registryId and repository, because buildType is fromRepository."
        )


def _check_service(place: str, service: JsonObject, report: Report) -> None:
    _check_order(place, service, "minInstances", "maxInstances", report)
    target = service.get("target")
    if isinstance(target, dict):
        _check_order(below(place, "target"), target, "clusterMinInstances", "clusterMaxInstances", report)
    function = service.get("lambda")
    if (
        isinstance(function, dict)
        and function.get("packageType") == "zip"
        and service.get("buildType") == "nixpacks"
        and "outputDirectory" not in service
    ):
        report.error(place, "must have outputDirectory, because lambda.packageType is zip and buildType is nixpacks.")
    for where, port in _objects(service, "ports", place):
        check = port.get("healthCheck")
        if port.get("protocol") == "udp" and isinstance(check, dict) and "tcpPort" not in check:
            report.error(below(where, "healthCheck"), "must have tcpPort, because protocol is udp.")
    versions = DATABASES.get(str(service.get("engine"))) if service.get("type") == "rds" else None
    version = service.get("engineVersion")
    if versions and isinstance(version, str) and version not in versions:
        report.doubt(
            below(place, "engineVersion"),
            f"is {told(version)}, which is not known for {service['engine']}. Known are {', '.join(versions)}.",
        )


def _check_order(place: str, item: JsonObject, least: str, most: str, report: Report) -> None:
    low, high = item.get(least), item.get(most)
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
        report.error(below(place, most), f"must be at least {least}, which is {low}, got {high}.")


# -- references of variables -------------------------------------------------------------------------------------------


def _references(value: Any, place: str) -> Iterator[Placed]:
    """(place, {id, value}) of all C(fromService) in the environment variables below a value."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _references(item, f"{place}[{number}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "envVariables" and isinstance(item, dict):
                yield from _references_of(item, below(place, key))
            else:
                yield from _references(item, below(place, key))


def _references_of(variables: JsonObject, place: str) -> Iterator[Placed]:
    for name, value in variables.items():
        reference = value.get("fromService") if isinstance(value, dict) else None
        if isinstance(reference, dict) and isinstance(reference.get("id"), str) and reference["id"]:
            yield below(below(place, name), "fromService"), reference


def _check_output(place: str, reference: JsonObject, type_: Any, report: Report) -> None:
    types = OUTPUTS.get(str(reference.get("value")))
    if types and isinstance(type_, str) and type_ not in types:
        report.doubt(
            below(place, "value"),
            f"is {told(reference['value'])}, which is known for services of type {' and '.join(types)}, but "
            f"{reference['id']} has type {type_}.",
        )


def _check_project_variables(document: Any, environments: list[Placed], report: Report) -> None:
    """All environments inherit them."""
    variables = document.get("envVariables") if isinstance(document, dict) else None
    known = [(place, _ids(_objects(environment, "services", place))) for place, environment in environments]
    for place, reference in _references_of(variables if isinstance(variables, dict) else {}, "envVariables"):
        lacking = [where for where, ids in known if reference["id"] not in ids]
        if lacking and len(lacking) == len(known):
            every = list(dict.fromkeys(service_id for _where, ids in known for service_id in ids))
            _check_service_id(below(place, "id"), reference["id"], every, report)
        elif lacking:
            report.doubt(
                below(place, "id"), f"is {told(reference['id'])}, which is not a service of {', '.join(lacking)}."
            )


# -- reading a document of any content ---------------------------------------------------------------------------------


def _objects(parent: Any, key: str, place: str) -> list[Placed]:
    items = parent.get(key) if isinstance(parent, dict) else None
    return [
        (f"{below(place, key)}[{number}]", item)
        for number, item in enumerate(items if isinstance(items, list) else ())
        if isinstance(item, dict)
    ]


def _identified(objects: Iterable[Placed]) -> list[Placed]:
    return [(place, item) for place, item in objects if isinstance(item.get("id"), str) and item["id"]]


def _ids(objects: Iterable[Placed]) -> list[str]:
    return [item["id"] for _place, item in _identified(objects)]
