# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an export is asked for. PRIVATE to the collection."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.documents import Document

# Options of every platform's export, apart from those of its connection.
OPTIONS: JsonObject = {
    "names": dict(type="list", elements="str"),
    "concurrency": dict(type="int", default=8),
}


def is_selected(params: JsonObject, name: str) -> bool:
    patterns = params["names"]
    return not patterns or any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def useless_patterns(patterns: Sequence[str], documents: Sequence[Document]) -> list[str]:
    """Those that select none of the documents: probably misspelled."""
    names = {document.selected_by or document.name for document in documents}
    return [pattern for pattern in patterns if not any(fnmatch.fnmatchcase(name, pattern) for name in names)]
