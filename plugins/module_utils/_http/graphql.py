# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GraphQL over _http: C(errors) become exceptions, whatever the status. PRIVATE to the collection.

Knows neither Ansible nor any platform. One operation has one root field, which also names it in messages.
"""

from __future__ import annotations


class GraphQL:
    """http: an Http whose base URL is the endpoint. hint: (message, code) -> a sentence that helps, or None."""

    def __init__(self, http, hint=None) -> None:
        self.http = http
        self._hint = hint or (lambda message, code: None)

    def query(self, field: str, document: str, variables: dict | None = None):
        """Reads, and so may be sent again. Returns what the root field answers, None included."""
        return self._ask(field, document, variables, idempotent=True)

    def mutate(self, field: str, document: str, variables: dict | None = None, *, idempotent: bool = False):
        """Writes. idempotent: sending it again does no harm. Raises LostAnswer when it may have been processed."""
        found = self._ask(field, document, variables, idempotent=idempotent)
        # Null and false are how platforms say that they have done nothing.
        if found not in (None, False):
            self.http.confirmed_writes.append(field)
        return found

    def _ask(self, field: str, document: str, variables: dict | None, idempotent: bool):
        # Whether a mutation was processed its answer says, not its status.
        answer = self.http.request(
            "POST",
            "",
            operation=field,
            body={"query": document, "variables": variables or {}},
            idempotent=idempotent,
            shape=dict,
            is_write=False,
        )
        if answer.data.get("errors") or not isinstance(answer.data.get("data"), dict):
            raise self._explained(self.http.refusal("POST", "", operation=field, answer=answer))
        return answer.data["data"].get(field)

    def _explained(self, error):
        hint = self._hint(error.message, error.code)
        if hint:
            error.message += f" {hint}"
        return error
