# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the existing objects of a kind are found, to delete those that nobody declares. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject


@dataclass(frozen=True)
class Member:
    """An existing object. id: as the plans of tasks have it. options: of the task that deletes it, beside its scope and
    C(state). names: by which tasks on other objects refer to it.
    """

    id: Any
    options: JsonObject
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Members:
    """Where undeclared objects of a class are deleted, and how they are found.

    option: the option that names the scope: what they belong to, or their team; None if they belong to the account of
    the token. of: C(key) of the class whose objects are the scopes; None where only options name them.
    identify: (client, name of a scope) -> its ID. listed: (client, name of the scope) -> its members, without those
    that must not be deleted. Without it the class is a set with the option purge; empty: the options that declare such
    a set without members, None where nobody knows which members of an undeclared set the platform needs.
    Both functions can send reads, and raise PaasError.
    """

    option: str | None = None
    of: str | None = None
    identify: Callable[[Any, str], Any] | None = None
    listed: Callable[[Any, str | None], Iterable[Member]] | None = None
    empty: JsonObject | None = None
