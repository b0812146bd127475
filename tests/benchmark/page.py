# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the results in results.json into the benchmarks page of the documentation.

Between the comments C(.. results of NAME) and C(.. end of results), everything is generated: tables, plots and aims of
the benchmark NAME. With --check, nothing is written; the exit status is 1 if the page and the results disagree.
"""

from __future__ import annotations

import argparse
import difflib
import json
import math
import pathlib
import re
import sys
import textwrap
from html import escape

from report import Aim

HERE = pathlib.Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
PAGE = HERE.parents[1] / "docs" / "docsite" / "rst" / "benchmarks.rst"
PLACE = re.compile(r"^\.\. results of (\w+)\n.*?^\.\. end of results$", re.MULTILINE | re.DOTALL)
COLUMNS = 120

# Plots: size of the drawing, and of the area between the axes.
WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 440, 30, 260
COLORS = ("#0b62a4", "#c0392b", "#2e8b57", "#8e44ad", "#7f6000")


def results():
    return json.loads(RESULTS.read_text(encoding="utf-8"))


def store(found):
    """Writes the results, and the page."""
    RESULTS.write_text(json.dumps(dict(sorted(found.items())), indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")


def written(page, found):
    """The page with the results. Raises KeyError for a benchmark without results."""
    return PLACE.sub(lambda place: f".. results of {place[1]}\n\n{section(found[place[1]])}\n.. end of results", page)


def section(result):
    parts = [paragraph(result["measured"])]
    parts += map(list_table, result["tables"])
    parts += map(figure, result["plots"])
    aims = [Aim(**aim) for aim in result["aims"]]
    if aims:
        parts.append("Goals and results:\n\n" + "".join(map(bullet, aims)))
    return "\n".join(parts)


def paragraph(measured):
    text = f"Measured on {measured['date']} on {measured['cores']} cores. Load before: {measured['load']:g}."
    if measured["arguments"]:
        text += f" Arguments: ``{' '.join(measured['arguments'])}``."
    if measured["note"]:
        text += f" {measured['note']}"
    return textwrap.fill(text, COLUMNS, break_on_hyphens=False) + "\n"


def list_table(one):
    lines = [f".. list-table:: {one['title']}".rstrip(), "   :header-rows: 1", ""]
    for row in [one["header"], *one["rows"]]:
        lines += [f"   {'*' if number == 0 else ' '} - {cell}".rstrip() for number, cell in enumerate(row)]
    return "\n".join(lines) + "\n"


def bullet(aim):
    text = f"{'Met' if aim.is_met else 'Not met'}: {aim.text}"
    return textwrap.fill(text, COLUMNS, initial_indent="- ", subsequent_indent="  ") + "\n"


# -- plots -------------------------------------------------------------------------------------------------------------


def figure(plot):
    """The plot inside the page: the documentation's build copies no images."""
    lines = [f"{'   '}{line}" for line in svg(plot)]
    assert all(len(line) <= COLUMNS for line in lines)
    return "\n".join([".. raw:: html", "", *lines]) + "\n"


class Axis:
    """Logarithmic, in tens. begin, end: where it is drawn."""

    def __init__(self, values, begin, end):
        positive = [value for value in values if value > 0]
        self.low = math.floor(math.log10(min(positive)))
        self.high = max(self.low + 1, math.ceil(math.log10(max(positive))))
        self.begin, self.end = begin, end

    def at(self, value):
        """Zero has no logarithm: it is drawn at the begin."""
        part = (math.log10(value) - self.low) / (self.high - self.low) if value > 0 else 0.0
        return round(self.begin + (self.end - self.begin) * part, 1)

    def marks(self):
        return [10**exponent for exponent in range(self.low, self.high + 1)]


def svg(plot):
    """Lines of an SVG drawing."""
    points = [point for line in plot["lines"].values() for point in line]
    across = Axis([x for x, _y in points], LEFT, RIGHT)
    upwards = Axis([y for _x, y in points], BOTTOM, TOP)
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img"'
    yield f'  font-family="sans-serif" font-size="11" aria-label="{escape(plot["title"])}">'
    yield f'<text x="{LEFT}" y="18" font-size="13">{escape(plot["title"])}</text>'
    for mark in across.marks():
        yield f'<path d="M{across.at(mark)} {TOP}V{BOTTOM}" stroke="#ddd"/>'
        yield f'<text x="{across.at(mark)}" y="{BOTTOM + 15}" text-anchor="middle">{mark:,g}</text>'
    for mark in upwards.marks():
        yield f'<path d="M{LEFT} {upwards.at(mark)}H{RIGHT}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 6}" y="{upwards.at(mark) + 4}" text-anchor="end">{mark:,g}</text>'
    yield f'<text x="{RIGHT}" y="{BOTTOM + 32}" text-anchor="end">{escape(plot["x"])}</text>'
    yield f'<text x="14" y="{BOTTOM}" transform="rotate(-90 14 {BOTTOM})">{escape(plot["y"])}</text>'
    for number, (name, line) in enumerate(plot["lines"].items()):
        color, y = COLORS[number], TOP + 10 + 18 * number
        yield f'<polyline fill="none" stroke="{color}" stroke-width="2" points="'
        yield from textwrap.wrap(" ".join(f"{across.at(x)},{upwards.at(y)}" for x, y in line), COLUMNS - 10)
        yield '"/>'
        yield f'<path d="M{RIGHT + 14} {y}h20" stroke="{color}" stroke-width="2"/>'
        yield f'<text x="{RIGHT + 40}" y="{y + 4}">{escape(name)}</text>'
    yield "</svg>"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, but say if the page is stale")
    arguments = parser.parse_args()
    if not arguments.check:
        store(results())
        return 0
    before = PAGE.read_text(encoding="utf-8")
    after = written(before, results())
    sys.stdout.writelines(difflib.unified_diff(before.splitlines(True), after.splitlines(True), "page", "results"))
    return 0 if before == after else 1


if __name__ == "__main__":
    sys.exit(main())
