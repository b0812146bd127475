# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paginated lists of Netlify's REST API. PRIVATE to the collection.

Pages are numbered, so a row moves to another page when an earlier row is created or deleted.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.responses import Response
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http

# Rows of a page, at most.
PER_PAGE = 100
# Pages that are read before the previous ones are used.
AHEAD = 8
# Number of pages for which more connections save time.
WORTH_CONNECTIONS = 5
# More pages than this are not believed, but read one after the other.
MOST_PAGES = 100_000
# How often a list is read that changes while it is read.
READINGS = 2


class Pages:
    """The pages of one list.

    query_of_page: of a page, counted from 1. has_next: whether another page follows a response.
    """

    def __init__(
        self,
        http: Http,
        path: str,
        operation: str,
        query_of_page: Callable[[int], Mapping[str, Any] | None],
        has_next: Callable[[Response], bool],
    ) -> None:
        self._http = http
        self._path = path
        self._operation = operation
        self._query_of_page = query_of_page
        self._has_next = has_next
        # Whether the last reading was of a list that did not change.
        self._is_settled = False

    def _read(self, http: Http, page: int) -> Response:
        query = self._query_of_page(page)
        return http.request("GET", self._path, operation=self._operation, query=query, shape=list)

    def _rows(self, http: Http, page: int) -> list[JsonObject]:
        rows: list[JsonObject] = self._read(http, page).data
        return rows

    def one_by_one(self, first: Response | None = None) -> Iterator[JsonObject]:
        """Yields the rows, and reads a page when it is needed. first: the first page, if it was read already.

        Counts pages itself. The URLs of the Link header are not followed, because they have the platform's own host. A
        repeated page is an error: the list would never end.
        """
        seen: set[bytes] = set()
        for page in itertools.count(1):
            response = first if page == 1 and first is not None else self._read(self._http, page)
            digest = hashlib.sha256(response.content).digest()
            if response.listed and digest in seen:
                raise self._http.call("GET", self._path, operation=self._operation).error(
                    f"returned page {page} with the rows of an earlier page, so the list would never end",
                    code="endless_pages",
                    status=response.status,
                )
            seen.add(digest)
            yield from response.data
            if not response.listed or not self._has_next(response):
                return

    def whole(self) -> Iterator[JsonObject]:
        """Yields all rows, each once, in the order of the list.

        If the Link header has rel="last", pages are read side by side, and the first and the last page once more. If
        other rows are on them, rows have moved while the list was read, so it is read again. (A creation and a deletion
        between these two pages at the same time are not noticed.)
        """
        rows: list[JsonObject] = []
        for _reading in range(READINGS):
            before, rows = rows, list(self._reading(set()))
            if self._is_settled:
                break
        else:
            self._warn()
            rows += _new([row for row in before if "id" in row], set(map(_mark, rows)))
        yield from rows

    def streamed(self) -> Iterator[JsonObject]:
        """Yields what C(whole) returns, a few pages in memory. Rows that the first reading missed come last."""
        seen: set[int] = set()
        for _reading in range(READINGS):
            yield from self._reading(seen)
            if self._is_settled:
                return
        self._warn()

    def _reading(self, seen: set[int]) -> Iterator[JsonObject]:
        """Yields the rows whose IDs were not seen yet."""
        first = self._read(self._http, 1)
        last = last_page(first)
        if last is None:
            yield from _new(self.one_by_one(first), seen)
            self._is_settled = True
            return
        # Before the pages between: what moves their rows from now on moves those of the last page, too.
        ending = self._rows(self._http, last)
        yield from _new(first.data, seen)
        # Rows of the last of two pages cannot be missed.
        ends = {1: first.data} if last == 2 else {1: first.data, last: ending}
        pages = [*range(2, last), *ends]
        lists = self._side_by_side(pages, apart=len(ends))
        for rows in itertools.islice(lists, last - 2):
            yield from _new(rows, seen)
        yield from _new(ending, seen)
        self._is_settled = list(map(_marks, lists)) == list(map(_marks, ends.values()))

    def _side_by_side(self, pages: list[int], apart: int) -> Iterator[list[JsonObject]]:
        """apart: see C(in_order)."""
        if len(pages) < WORTH_CONNECTIONS:
            return (self._rows(self._http, page) for page in pages)
        # Imported here, since most lists are short.
        from ansible_collections.webops.paas.plugins.module_utils._core.parallel import in_order

        return in_order(self._http, pages, self._rows, AHEAD, apart)

    def _warn(self) -> None:
        self._http.warn(
            f"{self._http.platform} {self._operation}: the list changed each time it was read, so entries may be "
            "missing. Run the task again when fewer entries are created or deleted."
        )


def last_page(response: Response) -> int | None:
    """The number of the last page in the Link header. None if there is only one, or if the header does not say it."""
    [number, *_others] = parse_qs(urlsplit(response.links.get("last", "")).query).get("page", [""])
    is_number = number.isascii() and number.isdigit() and len(number) < len(str(MOST_PAGES))
    return int(number) if is_number and int(number) > 1 else None


def _new(rows: Iterable[JsonObject], seen: set[int]) -> Iterator[JsonObject]:
    """The rows whose IDs were not seen: a row that moved to the next page is listed twice."""
    for row in rows:
        mark = _mark(row)
        if "id" not in row or mark not in seen:
            seen.add(mark)
            yield row


def _mark(row: JsonObject) -> int:
    """64 bits in place of the ID, because all of a long list are kept."""
    return hash(str(row.get("id")))


def _marks(rows: list[JsonObject]) -> list[Any]:
    """What identifies the rows of a page, in their order."""
    return [row.get("id", row) for row in rows]
