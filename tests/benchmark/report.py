# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a benchmark has measured: printed for people, and written as JSON for run.py.

The JSON is an object with C(tables), C(plots) and C(aims), as they are returned by C(recorded).
"""

from __future__ import annotations

import json
import os
import pathlib
from typing import NamedTuple

# The file for the JSON; without it, the benchmark only prints.
VARIABLE = "BENCHMARK_RECORD"
# Part by which a value may get worse before it counts.
TOLERANCE = 0.15

_record = {"tables": [], "plots": [], "aims": []}


class Aim(NamedTuple):
    """A measured value that must not be above the limit, or not below it.

    name: equal in all runs that measure the same. unit: of the value. note: for people, not compared.
    """

    name: str
    value: float
    limit: float
    is_minimum: bool = False
    unit: str = "times"
    note: str = ""

    @property
    def is_met(self):
        return self.value >= self.limit if self.is_minimum else self.value <= self.limit

    @property
    def text(self):
        bound = "at least" if self.is_minimum else "at most"
        note = f" ({self.note})" if self.note else ""
        return f"{self.name}: {self.value:.2f} {self.unit}, {bound} {self.limit:g}{note}"

    def change(self, before):
        """A sentence about the same aim in an earlier run, and whether it is worse now."""
        limits = before.value / (1 + TOLERANCE), before.value * (1 + TOLERANCE)
        is_up, is_down = self.value > limits[1], self.value < limits[0]
        is_worse, is_better = (is_down, is_up) if self.is_minimum else (is_up, is_down)
        word = "worse" if is_worse else "better" if is_better else "as before"
        return f"was {before.value:.2f}, now {self.value:.2f}: {word}", is_worse


def table(rows, header, title=""):
    """Prints a table. All cells are shown as they are, numbers with two digits after the point."""
    cells = [[f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    _record["tables"].append({"title": title, "header": list(header), "rows": cells})
    if title:
        print(title)
    widths = [max(map(len, column)) for column in zip(header, *cells, strict=True)]
    for row in [list(header), *cells]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print()


def plot(title, x, y, lines):
    """Records a plot with logarithmic axes. x, y: their labels. lines: {name: [(x, y)]}"""
    _record["plots"].append({"title": title, "x": x, "y": y, "lines": lines})


def conclude(aims):
    """Prints whether each aim is met; returns the exit status."""
    _record["aims"] = [aim._asdict() for aim in aims]
    for aim in aims:
        print(f"- {'met' if aim.is_met else 'NOT MET'}: {aim.text}")
    if path := os.environ.get(VARIABLE):
        pathlib.Path(path).write_text(json.dumps(_record), encoding="utf-8")
    return 0 if all(aim.is_met for aim in aims) else 1
