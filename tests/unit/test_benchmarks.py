# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks page, and the results that it is generated from."""

from __future__ import annotations

import importlib
import pathlib
import re
import sys
from xml.etree import ElementTree

import pytest

BENCHMARKS = pathlib.Path(__file__).resolve().parents[1] / "benchmark"


@pytest.fixture(scope="module")
def page():
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield importlib.import_module("page")
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def run(page):
    return importlib.import_module("run")


def test_the_page_shows_the_stored_results(page):
    """If it fails: python tests/benchmark/page.py"""
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.written(text, page.results()) == text
    assert {place[1] for place in page.PLACE.finditer(text)} == page.results().keys()


def test_no_other_value_gets_into_the_page(page):
    """What would be pasted by hand is replaced."""
    text = page.PAGE.read_text(encoding="utf-8")
    forged = re.sub(r"(     - )\d+\.\d\d$", r"\g<1>0.01", text, count=1, flags=re.MULTILINE)
    assert forged != text and page.written(forged, page.results()) == text


def test_each_benchmark_is_run_and_stored(page, run):
    others = {"report", "page", "run", "plain_client", "plain_estate", "plain_list"}
    assert {path.stem for path in BENCHMARKS.glob("*.py")} - others == run.QUICK.keys() == page.results().keys()


def test_benchmarks_know_the_arguments_of_quick_runs(run):
    for name, arguments in run.QUICK.items():
        script = (BENCHMARKS / f"{name}.py").read_text(encoding="utf-8")
        unknown = [each for each in arguments if each.startswith("--") and f'add_argument("{each}"' not in script]
        assert not unknown, name


def test_a_plot_is_a_drawing_with_every_point(page):
    lines = {"ours": [[1, 0.5], [10, 0.5], [50_000, 90]], "<plain> & others": [[0, 0.1], [300, 7]]}
    drawing = "\n".join(page.svg({"title": "a & b", "x": "files", "y": "seconds", "lines": lines}))
    root = ElementTree.fromstring(drawing)
    drawn = [each for each in root.iter() if each.tag.endswith("polyline")]
    assert [len(each.get("points").split()) for each in drawn] == [3, 2]
    assert all(len(line) <= 120 for line in drawing.splitlines())
    for each in drawn:
        for point in each.get("points").split():
            x, y = map(float, point.split(","))
            assert page.LEFT <= x <= page.RIGHT and page.TOP <= y <= page.BOTTOM


def result(**values):
    aim = {"limit": 1.5, "is_minimum": False, "unit": "times", "note": ""}
    return {"aims": [{**aim, "name": name, "value": value} for name, value in values.items()]}


def test_a_worse_value_is_visible(run):
    lines, worse = run.compared("deploys", result(cold=1.40, warm=1.0, new=1), {"deploys": result(cold=1.08, warm=1.1)})
    assert worse == 1
    assert "was 1.08, now 1.40: worse" in lines[0] and "as before" in lines[1] and "was" not in lines[2]


def test_for_a_minimum_less_is_worse(run):
    fast, slow = result(faster=6.0), result(faster=4.0)
    for each in (fast, slow):
        each["aims"][0]["is_minimum"] = True
    assert run.compared("a", slow, {"a": fast})[1] == 1
    assert run.compared("a", fast, {"a": slow})[1] == 0
