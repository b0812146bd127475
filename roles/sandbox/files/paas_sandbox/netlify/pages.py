# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTML pages: which forms they have, and what is put into them before they are served."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from liquid import Environment
from liquid.exceptions import LiquidError

from .model import Snippet

NOT_FIELDS = ("submit", "button", "image", "reset")
FORM_NAME = "form-name"


class Templates(Environment):
    """Liquid that comes to an end whatever a template says."""

    loop_iteration_limit = 100_000
    output_stream_limit = 10_000_000


LIQUID = Templates()


@dataclass
class FoundForm:
    """A form that the platform takes care of."""

    name: str
    action: str | None
    honeypot: str | None
    recaptcha: bool
    after_start_tag: int
    fields: dict[str, str] = field(default_factory=dict)  # name -> type

    @property
    def names_itself(self) -> bool:
        return FORM_NAME in self.fields


class Page(HTMLParser):
    """Where in a page its forms and the ends of its head and body are. Scripts and comments are not looked into."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[FoundForm] = []
        self._lines = [0, *(index + 1 for index, letter in enumerate(text) if letter == "\n")]
        self._text = text
        self._open: FoundForm | None = None
        self._positions: dict[str, int] = {}
        self.feed(text)
        self.close()

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    @property
    def head_end(self) -> int:
        """Before </head>; without one, before <body>, or at the start."""
        return self._positions.get("/head", self._positions.get("body", 0))

    @property
    def body_end(self) -> int:
        """Before the last </body>; without one, before </html>, or at the end."""
        return self._positions.get("/body", self._positions.get("/html", len(self._text)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "body":
            self._positions.setdefault("body", self._here())
        elif tag == "form":
            self._open = self._form(given)
        elif self._open is not None:
            self._field(self._open, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "head":
            self._positions.setdefault("/head", self._here())
        elif tag in ("body", "html"):
            self._positions["/" + tag] = self._here()

    def _form(self, given: dict[str, str | None]) -> FoundForm | None:
        """fact: netlify 4: forms with `netlify` or data-netlify="true" [G]; the name of one without a name is
        unknown [?]"""
        if "netlify" not in given and given.get("data-netlify") != "true":
            return None
        found = FoundForm(
            name=given.get("name") or f"form {len(self.forms) + 1}",
            action=given.get("action") or None,
            honeypot=given.get("netlify-honeypot") or given.get("data-netlify-honeypot"),
            recaptcha=_recaptcha(given),
            after_start_tag=self._here() + len(self.get_starttag_text() or ""),
        )
        self.forms.append(found)
        return found

    @staticmethod
    def _field(form: FoundForm, tag: str, given: dict[str, str | None]) -> None:
        form.recaptcha = form.recaptcha or _recaptcha(given)
        name = given.get("name")
        kind = {"input": given.get("type") or "text", "textarea": "textarea", "select": "select"}.get(tag)
        if name and kind and kind not in NOT_FIELDS:
            form.fields.setdefault(name, kind)


def _recaptcha(given: dict[str, str | None]) -> bool:
    return "netlify-recaptcha" in given or given.get("data-netlify-recaptcha") == "true"


def forms_of(content: bytes) -> list[FoundForm]:
    if b"netlify" not in content.lower():
        return []
    return Page(decode(content)).forms


def decode(content: bytes) -> str:
    """Bytes that are not UTF-8 come back as they were from `encode`."""
    return content.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def with_additions(
    content: bytes, snippets: Iterable[Snippet], metadata: dict[str, Any], forms: bool, submitted: bool
) -> bytes:
    """A page with its snippets, and each of its forms with a hidden field that tells the form's name."""
    additions = [
        (position, render(code, metadata))
        for snippet in snippets
        for code, position in _codes(snippet, submitted)
        if code
    ]
    if not additions and not (forms and b"netlify" in content.lower()):
        return content
    text = decode(content)
    page = Page(text)
    places = [(page.head_end if position == "head" else page.body_end, code) for position, code in additions]
    if forms:
        places += [
            (form.after_start_tag, f'<input type="hidden" name="{FORM_NAME}" value="{html.escape(form.name)}">')
            for form in page.forms
            if not form.names_itself
        ]
    # From the end, so that places stay right; stable, so that what has the same place keeps its order.
    places.sort(key=lambda entry: entry[0])
    for place, code in reversed(places):
        text = text[:place] + code + text[place:]
    return encode(text)


def _codes(snippet: Snippet, submitted: bool) -> list[tuple[str, str]]:
    codes = [(snippet.general, snippet.general_position)]
    return [*codes, (snippet.goal, snippet.goal_position)] if submitted else codes


def render(code: str, metadata: dict[str, Any]) -> str:
    """fact: netlify 3 [G]: metadata by Liquid. What a faulty template gives is unknown [?]: here it stays as it is."""
    try:
        return LIQUID.from_string(code).render(metadata)
    except LiquidError:
        return code
