# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build logs of Fleek, masked. PRIVATE to the collection."""

from __future__ import annotations

import re

from ansible_collections.webops.paas.plugins.module_utils._core.compare import MASK
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor

# Logs can be very long, and come with every deploy of a page.
PER_PAGE_WITH_LOGS = 10
# The values to mask in a log; requested only if a log is shown.
VARIABLES = "buildSettings { environmentVariables { name value } }"


class Log:
    """Masks build logs of a site: the values of its build variables, and the text after their names.

    variables: [{name, value}] as the API has them; a value may be null.
    """

    # A line of a log can be a complete minified file.
    LONGEST_LINE = 500

    def __init__(self, redactor: Redactor, variables: list[JsonObject]) -> None:
        self._redactor = redactor
        # Such a value can be any text (1, true), so it is masked in logs and errors only.
        redactor.add_quoted(*(variable.get("value") for variable in variables))
        names = "|".join(sorted((re.escape(variable["name"]) for variable in variables), key=len, reverse=True))
        self._named = (
            re.compile(rf"""(?<!\w)({names})(["']?\s*[=:]\s*)("[^"\n]*"|'[^'\n]*'|[^\s"']+)""") if names else None
        )

    def end(self, text: str | None, lines: int) -> list[str]:
        """The last lines, masked before they are shortened: a part of a secret is a secret too."""
        text = self._redactor.clean_quote(text or "")
        if self._named:
            text = self._named.sub(rf"\1\2{MASK}", text)
        ends = [line.rstrip()[: self.LONGEST_LINE] for line in text.rstrip().splitlines()]
        return ends[-lines:] if lines else []


def log_of(site: JsonObject, redactor: Redactor) -> Log:
    """site: as the API has it, with VARIABLES."""
    return Log(redactor, site["buildSettings"]["environmentVariables"])
