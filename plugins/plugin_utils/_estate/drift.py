# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of what differs, for people and for machines. PRIVATE to the collection."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

from ansible_collections.webops.paas.plugins.module_utils._core.amounts import counted
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject

# Characters that XML 1.0 does not allow.
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
UNCHANGED = ("unchanged", "skipped")
# What an action of check mode says about the platform.
FOUND = {"created": "missing", "updated": "different", "deleted": "should not exist"}
# How many resources a sentence names; the other reports have all.
QUOTED = 20


def _rows(result: JsonObject) -> list[JsonObject]:
    return [row for row in result.get("resources", []) if row["action"] not in UNCHANGED]


def _found(row: JsonObject) -> str:
    action = str(row["action"])
    return FOUND.get(action, action)


def _line(row: JsonObject, outcome: str) -> str:
    reason = f": {row['msg']}" if row.get("msg") else ""
    return f"{row['file']}:{row['line']} {row['module']} {row['name']}: {outcome}{reason}"


def sentence(result: JsonObject) -> str:
    """What differs and what could not be compared, a sentence each."""
    rows, total = _rows(result), result.get("counts", {}).get("total", 0)
    if not rows:
        return result.get("msg") or f"Nothing differs in {counted(total, 'resource')}."
    differing = [f"{row['module']} {row['name']} ({_found(row)})" for row in rows if row["action"] != "failed"]
    failed = [f"{row['module']} {row['name']} ({row.get('msg')})" for row in rows if row["action"] == "failed"]
    verb = "differs" if len(differing) == 1 else "differ"
    of_all = f"of {counted(total, 'resource')}"
    found = [f"{len(differing)} {of_all} {verb}: {_listed(differing)}."] if differing else []
    found += [f"{len(failed)} {of_all} could not be compared: {_listed(failed)}."] if failed else []
    return " ".join(found)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:QUOTED]) + (f" and {len(names) - QUOTED} more" if len(names) > QUOTED else "")


def text(result: JsonObject) -> str:
    return "\n".join([sentence(result), *(_line(row, _found(row)) for row in _rows(result))])


def summary(result: JsonObject) -> str:
    """What a run has done, or will do in check mode."""
    counts = result.get("counts", {})
    numbers = [f"{number} {action}" for action, number in counts.items() if number and action != "total"]
    lines = [_line(row, row["action"]) for row in _rows(result)]
    return "\n".join([f"{counted(counts.get('total', 0), 'resource')}: {', '.join(numbers)}.", *lines])


def as_json(result: JsonObject) -> str:
    shown = {key: result[key] for key in ("changed", "counts", "resources", "diff", "msg", "error") if key in result}
    return json.dumps(shown, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def markdown(result: JsonObject) -> str:
    rows = _rows(result)
    lines = ["# Drift", "", sentence(result), ""]
    if rows:
        lines += ["| File | Module | Name | Found | Message |", "| --- | --- | --- | --- | --- |"]
        lines += [
            f"| {_cell(row['file'])}:{row['line']} | `{row['module']}` | {_cell(row['name'])} | {_found(row)} | "
            f"{_cell(row.get('msg') or '')} |"
            for row in rows
        ]
        lines.append("")
    for title, difference in _diffs(result):
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", difference)), 3)
        lines += [f"## {_cell(title)}", "", f"{fence}diff", difference.rstrip("\n"), fence, ""]
    return "\n".join(lines)


def junit(result: JsonObject) -> str:
    """One test case a resource, which fails if the resource differs: the format as Jenkins and GitLab read it."""
    rows = result.get("resources", [])
    differences = dict(_diffs(result))
    errors = [row for row in rows if row["action"] == "failed"]
    failures = [row for row in _rows(result) if row["action"] != "failed"]
    skipped = [row for row in rows if row["action"] == "skipped"]
    counts = {"tests": len(rows), "failures": len(failures), "errors": len(errors), "skipped": len(skipped)}
    suite = ElementTree.Element("testsuite", {"name": "drift", **{name: str(counts[name]) for name in counts}})
    for row in rows:
        place = f"{row['file']}:{row['line']} {row['module']} {row['name']}"
        case = ElementTree.SubElement(suite, "testcase", classname=_xml(row["module"]), name=_xml(place))
        if row["action"] == "failed":
            code = (row.get("error") or {}).get("code", "")
            ElementTree.SubElement(case, "error", type=_xml(code), message=_xml(row.get("msg", "")))
        elif row["action"] == "skipped":
            ElementTree.SubElement(case, "skipped")
        elif row["action"] != "unchanged":
            failure = ElementTree.SubElement(case, "failure", type=_xml(row["action"]), message=_xml(_found(row)))
            failure.text = _xml(differences.get(place, ""))
    return ElementTree.tostring(suite, encoding="unicode") + "\n"


def _diffs(result: JsonObject) -> Iterator[tuple[str, str]]:
    """(title, unified diff) of each resource that differs."""
    for diff in result.get("diff") or []:
        before, after = diff["before"].splitlines(True), diff["after"].splitlines(True)
        yield diff["before_header"], "".join(difflib.unified_diff(before, after, "is", "declared"))


def _cell(value: object) -> str:
    return re.sub(r"\s+", " ", str(value)).replace("|", "\\|").replace("<", "&lt;")


def _xml(value: object) -> str:
    return NOT_XML.sub("?", str(value))


FORMATS: dict[str, Callable[[JsonObject], str]] = {
    "text": text,
    "summary": summary,
    "sentence": sentence,
    "markdown": markdown,
    "json": as_json,
    "junit": junit,
}
