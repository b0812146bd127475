# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Split tests, which divide the visitors of a site between branches. PRIVATE to the collection.

Source: Netlify's public OpenAPI. It has no operation that deletes a split test.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core import spelling
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import NetlifyClient, address_of, below_site

_KEYS = ("id", "site_id", "path", "created_at", "updated_at")


class SplitTestsClient(NetlifyClient):
    def list_split_tests(self, site: str) -> Iterator[JsonObject]:
        """site: a name, ID or domain, as in all methods. Only the larger OpenAPI has pages."""
        with below_site(site):
            yield from self.pages(_path(site), operation="getSplitTests", whole=True)

    def create_split_test(self, site: str, branches: JsonObject) -> JsonObject:
        """branches: {branch: percentage}. Returns the new split test."""
        return self.json_object("POST", _path(site), "createSplitTest", {"branch_tests": branches})

    def update_split_test(self, site: str, test_id: str, branches: JsonObject) -> None:
        """branches: {branch: percentage} of all branches."""
        path, body = f"{_path(site)}/{part(test_id)}", {"branch_tests": branches}
        self.http.request("PUT", path, operation="updateSplitTest", body=body, idempotent=True)

    def set_active(self, site: str, test_id: str, active: bool) -> None:
        """Starts or stops a split test."""
        path = f"{_path(site)}/{part(test_id)}/{'publish' if active else 'unpublish'}"
        operation = "enableSplitTest" if active else "disableSplitTest"
        self.http.request("POST", path, operation=operation, idempotent=True)


def _path(site: str) -> str:
    return f"/sites/{part(address_of(site))}/traffic_splits"


def split_test_view(test: JsonObject) -> JsonObject:
    """{id, site_id, path, created_at, updated_at, branches: {branch: percentage}, active}. Raises PaasError."""
    return {
        **{key: test.get(key) for key in _KEYS},
        "branches": shares_of(test),
        "active": bool(test.get("active")),
    }


def find_split_test(client: SplitTestsClient, site: str) -> JsonObject | None:
    """The active split test, or else the newest one."""
    return max(client.list_split_tests(site), key=lambda test: (is_active(test), _age(test)), default=None)


def is_active(test: JsonObject) -> bool:
    return bool(test.get("active"))


def _age(test: JsonObject) -> str:
    return str(test.get("created_at") or "")


def shares_of(test: JsonObject) -> JsonObject:
    """{branch: percentage}. Raises PaasError for a form that is not known."""
    return dict(_share(row) for row in test.get("branches") or [])


def _share(row: JsonObject) -> tuple[str, float]:
    """(branch, percentage). Netlify documents that a row is an object, but not its keys: accepted are
    {branch, percentage}, {name, percentage}, and {a branch: its percentage} as in requests.
    """
    if "percentage" in row:
        name, share = row.get("branch") or row.get("name"), row["percentage"]
    else:
        name, share = next(iter(row.items())) if len(row) == 1 else (None, None)
    if isinstance(name, str) and _is_number(share):
        return name, share
    raise PaasError(
        "Netlify returned the branches of a split test in a form that this version does not know: an object with the "
        f"keys [{', '.join(sorted(row))}].",
        code="incomplete_answer",
    )


def check_shares(option: str, branches: JsonObject) -> None:
    """Checks the option branches, {branch: percentage}. Raises InvalidInput."""
    spelling.check_keys(option, branches)
    if not branches or not all(name.strip() for name in map(str, branches)):
        raise InvalidInput(option, f"`{option}` must have the name and percentage of at least one branch.")
    for name, share in branches.items():
        if not 0 <= _number(share) <= 100:
            raise InvalidInput(option, f"`{option}` must have percentages from 0 to 100, got {share!r} for {name!r}.")
    total = sum(map(_number, branches.values()))
    if total != 100:
        raise InvalidInput(option, f"The percentages of `{option}` must add up to 100, got {total:g}.")


def declared_shares(branches: JsonObject) -> JsonObject:
    """{branch: percentage} with numbers, which templates can turn into strings."""
    return {str(name): _number(share) for name, share in branches.items()}


def _number(value: Any) -> float:
    """An integer if the number is whole; -1 for what is not a number, so that the check of the range refuses it."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return -1
    try:
        number = float(value)
    except ValueError:
        return -1
    return int(number) if number.is_integer() else number


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
