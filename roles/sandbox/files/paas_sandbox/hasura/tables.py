# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows as the control plane's tables have them, and Hasura's way of asking for them.

A row is a dict: its columns, and its relationships as functions that graphql-core calls with (info, arguments) and
this module without arguments. Times are seconds since the epoch until they are returned.
"""

from __future__ import annotations

import datetime
import functools
import re
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from .errors import refused

Row = dict[str, Any]


def is_uuid(text: Any) -> bool:
    try:
        uuid.UUID(text)
    except (ValueError, AttributeError, TypeError):
        return False
    return True


def checked_uuid(text: str) -> str:
    """The id as rows have it. Raises the engine's complaint about any other text [INFER]."""
    if not is_uuid(text):
        raise refused("data-exception", f'invalid input syntax for type uuid: "{text}"')
    return str(uuid.UUID(text))


def related(rows: Callable[[], list[Row]]) -> Callable[..., list[Row]]:
    """An array relationship."""
    return lambda info=None, **arguments: select(rows(), **arguments)


def one(row: Callable[[], Row | None]) -> Callable[..., Row | None]:
    """An object relationship."""
    return lambda info=None: row()


def select(
    rows: Iterable[Row],
    where: Any = None,
    order_by: Any = None,
    limit: int | None = None,
    offset: int | None = None,
    distinct_on: list[str] | None = None,
) -> list[Row]:
    """fact: hasura 4: the whole query syntax; order, then distinct, then offset and limit [K]"""
    for name, number in (("limit", limit), ("offset", offset)):
        if number is not None and number < 0:
            raise refused("validation-failed", f"unexpected negative value for {name}")
    found = [row for row in rows if where is None or holds(where, row)]
    keys = [key for term in order_by or [] for key in _order(term)]
    if (
        distinct_on
        and keys
        and {path for path, _direction in keys[: len(distinct_on)]} != {(column,) for column in distinct_on}
    ):
        raise refused("validation-failed", '"distinct_on" columns must match initial "order_by" columns')
    for path, direction in reversed(keys):
        found.sort(key=functools.partial(_sort_key, path, direction), reverse=direction.startswith("desc"))
    if distinct_on:
        first: dict[tuple[Any, ...], Row] = {}
        for row in found:
            first.setdefault(tuple(row[column] for column in distinct_on), row)
        found = list(first.values())
    return found[offset or 0 :][:limit]


def aggregate(rows: list[Row]) -> Row:
    """The result of <table>_aggregate over rows that `select` found."""

    def count(info: Any, columns: list[str] | None = None, distinct: bool = False) -> int:
        values = [tuple(row[column] for column in columns) if columns else (number,) for number, row in enumerate(rows)]
        values = [value for value in values if None not in value]
        return len(set(values)) if distinct else len(values)

    def extreme(choose: Callable[..., Any]) -> Row:
        columns = [name for name, value in rows[0].items() if not callable(value)] if rows else []
        return {
            name: choose(values)
            for name in columns
            if (values := [row[name] for row in rows if isinstance(row[name], (str, int, float))])
        }

    return {"aggregate": {"count": count, "max": extreme(max), "min": extreme(min)}, "nodes": rows}


def holds(expression: dict[str, Any], row: Row) -> bool:
    """Whether a row fulfils a <table>_bool_exp; its parts are combined with AND."""
    return all(_part(name, value, row) for name, value in expression.items())


def _part(name: str, value: Any, row: Row) -> bool:
    if value is None:
        raise refused("validation-failed", f"unexpected null value for '{name}'")
    if name == "_and":
        return all(holds(each, row) for each in value)
    if name == "_or":
        return any(holds(each, row) for each in value)
    if name == "_not":
        return not holds(value, row)
    if callable(row[name]):
        other = row[name]()
        return any(holds(value, each) for each in (other if isinstance(other, list) else [other]) if each is not None)
    return all(_compare(name, operator, operand, row[name]) for operator, operand in value.items())


def _compare(column: str, operator: str, operand: Any, value: Any) -> bool:
    """One comparison. NULL fulfils none but _is_null, as in SQL."""
    if operand is None:
        raise refused("validation-failed", f"unexpected null value for '{operator}'")
    if operator == "_is_null":
        return (value is None) is operand
    wanted = [_operand(column, each) for each in operand] if isinstance(operand, list) else _operand(column, operand)
    try:
        return value is not None and OPERATORS[operator](value, wanted)
    except re.error as error:
        raise refused("data-exception", f"invalid regular expression: {error}") from error


def _operand(column: str, value: Any) -> Any:
    if column == "id" or column.endswith("_id"):
        return checked_uuid(value)
    if column.endswith("_at"):
        return _moment(value)
    return value


def _moment(text: str) -> float:
    try:
        moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise refused("data-exception", f'invalid input syntax for type timestamp with time zone: "{text}"') from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)).timestamp()


def _like(value: str, pattern: str, flags: int = 0) -> bool:
    parts = re.split(r"([%_])", pattern)
    text = "".join({"%": ".*", "_": "."}.get(part, re.escape(part)) for part in parts)
    return re.fullmatch(text, value, flags | re.DOTALL) is not None


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "_eq": lambda value, operand: value == operand,
    "_neq": lambda value, operand: value != operand,
    "_in": lambda value, operand: value in operand,
    "_nin": lambda value, operand: value not in operand,
    "_gt": lambda value, operand: value > operand,
    "_gte": lambda value, operand: value >= operand,
    "_lt": lambda value, operand: value < operand,
    "_lte": lambda value, operand: value <= operand,
    "_like": _like,
    "_nlike": lambda value, operand: not _like(value, operand),
    "_ilike": lambda value, operand: _like(value, operand, re.IGNORECASE),
    "_nilike": lambda value, operand: not _like(value, operand, re.IGNORECASE),
    "_regex": lambda value, operand: re.search(operand, value) is not None,
    "_nregex": lambda value, operand: re.search(operand, value) is None,
    "_iregex": lambda value, operand: re.search(operand, value, re.IGNORECASE) is not None,
    "_niregex": lambda value, operand: re.search(operand, value, re.IGNORECASE) is None,
}


def _order(term: dict[str, Any], before: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    """The columns of an order_by object, through object relationships, with their directions."""
    keys: list[tuple[tuple[str, ...], str]] = []
    for name, value in term.items():
        if isinstance(value, dict):
            keys += _order(value, (*before, name))
        elif value is not None:
            keys.append(((*before, name), value))
    return keys


def _sort_key(path: tuple[str, ...], direction: str, row: Row) -> tuple[bool, Any]:
    """NULL is last when ascending and first when descending, unless the direction says otherwise."""
    value: Any = row
    for name in path:
        value = value[name] if value is not None else None
        value = value() if callable(value) else value
    null_is_greater = direction not in ("asc_nulls_first", "desc_nulls_last")
    return (value is None) is null_is_greater, value if value is not None else ""


def by_key(rows: Iterable[Row], key: dict[str, str]) -> Row | None:
    """<table>_by_pk: the row, or None."""
    wanted = {name: _operand(name, value) for name, value in key.items()}
    return next((row for row in rows if all(row[name] == value for name, value in wanted.items())), None)


def timestamp(moment: float) -> str:
    """2021-05-13T07:12:03.123456+00:00, as PostgreSQL writes it"""
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).isoformat(timespec="microseconds")
