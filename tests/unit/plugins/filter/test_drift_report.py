# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of what differs, in each format."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest

from ansible_collections.webops.paas.plugins.plugin_utils._estate import drift

# What Jenkins' schema of JUnit's format (jenkins-junit.xsd) has: {element: (attributes, required ones, children)}.
JUNIT = {
    "testsuite": (
        {
            "name",
            "tests",
            "failures",
            "errors",
            "skipped",
            "disabled",
            "time",
            "timestamp",
            "hostname",
            "id",
            "package",
        },
        {"name"},
        {"testcase", "properties", "system-out", "system-err"},
    ),
    "testcase": (
        {"name", "classname", "time", "status", "assertions"},
        {"name"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "error": ({"type", "message"}, set(), set()),
    "failure": ({"type", "message"}, set(), set()),
    "skipped": ({"message"}, set(), set()),
}
HOSTILE = "a | b < c & \x00 `code` \N{SNOWMAN}\nnext ``` line"


def row(line, action, **more):
    name = {"file": "netlify/shop.yml", "line": line, "module": "netlify_site", "name": f"shop-{line}"}
    return {**name, "action": action, "changed": action == "updated", **more}


def result_of(*rows, **more):
    counts = {"total": len(rows)}
    for each in rows:
        counts[each["action"]] = counts.get(each["action"], 0) + 1
    place = "netlify/shop.yml:2 netlify_site shop-2"
    diff = [{"before_header": place, "after_header": place, "before": "a: 1\n", "after": f"a: '{HOSTILE}'\n"}]
    return {"changed": True, "resources": list(rows), "counts": counts, "diff": diff, **more}


FAILED = {"msg": "Netlify getSite failed: 403", "error": {"code": "forbidden"}}
MIXED = result_of(row(1, "unchanged"), row(2, "updated"), row(3, "failed", **FAILED), row(4, "skipped"))


def check_junit(element):
    attributes, required, children = JUNIT[element.tag]
    assert required <= set(element.attrib) <= attributes
    for child in element:
        assert child.tag in children
        check_junit(child)


def test_junit():
    suite = ElementTree.fromstring(drift.junit(MIXED))
    check_junit(suite)
    assert suite.tag == "testsuite"
    counted = {name: suite.attrib[name] for name in ("tests", "failures", "errors", "skipped")}
    assert counted == {"tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    cases = suite.findall("testcase")
    assert [[child.tag for child in case] for case in cases] == [[], ["failure"], ["error"], ["skipped"]]
    assert cases[1][0].text.startswith("--- ") and cases[2][0].attrib == {"type": "forbidden", "message": FAILED["msg"]}


def test_json_has_everything():
    assert json.loads(drift.as_json(MIXED)) == MIXED


def test_markdown_cannot_be_broken():
    text = drift.markdown(result_of(row(2, "updated", name=HOSTILE), row(3, "failed", msg=HOSTILE)))
    table = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(table) == 4 and {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {6}
    fences = [line for line in text.splitlines() if line.startswith("````")]
    assert len(fences) == 2


@pytest.mark.parametrize("form", ["text", "sentence", "markdown", "summary"])
def test_a_failure_is_not_a_difference(form):
    text = drift.FORMATS[form](MIXED)
    assert "netlify_site" in text and "shop-3" in text and FAILED["msg"] in text
    if form != "summary":
        assert "1 of 4 resources differs:" in text and "1 of 4 resources could not be compared:" in text


def test_nothing_differs():
    result = {**result_of(row(1, "unchanged")), "diff": []}
    assert drift.sentence(result).startswith("Nothing differs")
    assert drift.markdown(result).count("|") == 0
    assert ElementTree.fromstring(drift.junit(result)).attrib["failures"] == "0"


def test_a_run_that_failed_before_anything_was_compared():
    result = {"failed": True, "msg": "shop.yml:1: 'colour' is not an option.", "changed": False}
    assert drift.sentence(result) == result["msg"]
    for form in drift.FORMATS.values():
        assert form(result)


def test_a_sentence_stays_readable():
    rows = [row(line, "updated") for line in range(200)]
    sentence = drift.sentence(result_of(*rows))
    assert "200 of 200" in sentence and "180 more" in sentence and len(sentence) < 1000
    assert drift.text(result_of(*rows)).count("\n") == 200
