# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""actions.graphql of a Hasura project: the signatures of actions and their types, as metadata has them.

PRIVATE to the collection.

The part of GraphQL's schema language (specification of October 2021, section 3) that Hasura's CLI writes there: object,
input, enum and scalar types, C(extend) of Query and Mutation, descriptions. What metadata cannot represent (directives,
default values, interfaces, unions) is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject

TOKEN = re.compile(
    r'''
    (?P<ignored>[\s,\ufeff]+|\#[^\n\r]*)
  | (?P<block>"""(?:\\"""|(?!""").)*""")
  | (?P<string>"(?:\\.|[^"\\\n\r])*")
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<mark>[{}()\[\]:!=@|&])
''',
    re.VERBOSE | re.DOTALL,
)
# Tokens of the complete language, for the schemas of remote schemas, and the keywords that begin a definition.
KEYWORDS = frozenset({"schema", "scalar", "type", "interface", "union", "enum", "input", "directive", "extend"})
ANY_TOKEN = re.compile(
    r'"""(?:\\"""|(?!""").)*"""|"(?:\\.|[^"\\\n\r])*"|(?P<comment>\#[^\n\r]*)|[\w.+-]+|[^\s,\ufeff]', re.DOTALL
)
DEFAULT_ROOTS = "schema { query : Query }"
ROOTS = {"Query": "query", "Mutation": "mutation"}


class SdlError(ValueError):
    """The text is invalid; the message has the line."""


@dataclass
class Types:
    """actions: {name: {"type", "arguments", "output_type", "comment"?}}; the others as in custom_types."""

    actions: dict[str, JsonObject] = field(default_factory=dict)
    objects: list[JsonObject] = field(default_factory=list)
    input_objects: list[JsonObject] = field(default_factory=list)
    scalars: list[JsonObject] = field(default_factory=list)
    enums: list[JsonObject] = field(default_factory=list)


def parse(text: str) -> Types:
    """Raises SdlError."""
    return _Parser(text).types()


def canonical(text: Any) -> Any:
    """A form that is equal for schemas that differ only in white space, comments, commas and the order of definitions.

    An engine reformats the schemas in its metadata. Other values than texts are returned unchanged.
    """
    if not isinstance(text, str):
        return text
    definitions: list[list[str]] = [[]]
    depth, before, is_pending = 0, "", False
    for match in ANY_TOKEN.finditer(text):
        token = match[0]
        if match["comment"]:
            continue
        is_description = token.startswith('"')
        if is_description:
            token = json.dumps(_string(token))
        # A name follows a keyword or @, and can be the same word.
        is_keyword = token in KEYWORDS and before not in KEYWORDS - {"schema", "extend"} and before != "@"
        if depth == 0 and (is_description or is_keyword):
            if not is_pending:
                definitions.append([])
            is_pending = is_description or token == "extend"
        depth += (token in ("{", "(", "[")) - (token in ("}", ")", "]"))
        definitions[-1].append(token)
        before = token if depth == 0 else ""
    found = sorted(" ".join(definition) for definition in definitions if definition)
    return "\n".join(definition for definition in found if definition != DEFAULT_ROOTS)


def printed(types: Types) -> str:
    """The text that C(parse) reads as these types, as Hasura's CLI writes it, if their names are valid."""
    blocks = []
    for name, action in types.actions.items():
        root = {kind: root for root, kind in ROOTS.items()}.get(action["type"], "")
        fields = [{"name": name, "type": action["output_type"], "arguments": action["arguments"]}]
        blocks.append(f"type {root} {{\n{_printed_fields(fields)}}}\n")
    for keyword, kind in (("input", types.input_objects), ("type", types.objects)):
        blocks += [f"{_about(each)}{keyword} {each['name']} {{\n{_printed_fields(each['fields'])}}}\n" for each in kind]
    for each in types.enums:
        values = "".join(f"{_about(value, '  ')}  {value['value']}\n" for value in each["values"])
        blocks.append(f"{_about(each)}enum {each['name']} {{\n{values}}}\n")
    blocks += [f"{_about(each)}scalar {each['name']}\n" for each in types.scalars]
    return "\n".join(blocks)


def _printed_fields(fields: list[JsonObject]) -> str:
    return "".join(
        f"{_about(each, '  ')}  {each['name']}{_printed_arguments(each.get('arguments'))}: {each['type']}\n"
        for each in fields
    )


def _printed_arguments(arguments: list[JsonObject] | None) -> str:
    if not arguments:
        return ""
    if any("description" in each for each in arguments):
        return (
            "(\n" + "".join(f"{_about(each, '    ')}    {each['name']}: {each['type']}\n" for each in arguments) + "  )"
        )
    return "(" + ", ".join(f"{each['name']}: {each['type']}" for each in arguments) + ")"


def _about(each: JsonObject, indent: str = "") -> str:
    """A description, before what it describes."""
    if "description" not in each:
        return ""
    text = each["description"]
    block = f'"""{text}"""'
    plain = bool(TOKEN.fullmatch(block)) and "\\" not in text and not text.endswith('"') and _block(text) == text
    return f"{indent}{block if plain and chr(10) not in text else json.dumps(text)}\n"


def _string(token: str) -> str:
    if token.startswith('"""'):
        return _block(token[3:-3].replace('\\"""', '"""'))
    try:
        return str(json.loads(token))
    except ValueError:
        return token


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._split())
        self._at = 0

    def _split(self) -> Iterator[tuple[str, str, int]]:
        """(kind, text, position) of each token, and one for the end."""
        at = 0
        while at < len(self._text):
            match = TOKEN.match(self._text, at)
            if match is None:
                raise SdlError(f"line {self._line(at)}: unexpected {self._text[at]!r}")
            kind = str(match.lastgroup)
            if kind != "ignored":
                yield kind, match[0], at
            at = match.end()
        yield "end", "the end", at

    def _line(self, position: int) -> int:
        return self._text.count("\n", 0, position) + 1

    def _refuse(self, wanted: str) -> NoReturn:
        _kind, text, position = self._tokens[self._at]
        raise SdlError(f"line {self._line(position)}: expected {wanted}, got {text[:40]!r}")

    def _next(self) -> str:
        return self._tokens[self._at][1]

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _skip(self, mark: str) -> bool:
        is_there = self._tokens[self._at][:2] == ("mark", mark)
        self._at += is_there
        return is_there

    def _need(self, mark: str) -> None:
        if not self._skip(mark):
            self._refuse(mark)

    def _name(self) -> str:
        if self._tokens[self._at][0] != "name":
            self._refuse("a name")
        return self._take()

    def _until(self, end: str, one: Callable[[], JsonObject], taken: Iterable[str] = ()) -> list[JsonObject]:
        """taken: names that are already declared."""
        found: list[JsonObject] = []
        names = set(taken)
        while not self._skip(end):
            position = self._tokens[self._at][2]
            found.append(one())
            self._add(names, found[-1].get("name", found[-1].get("value")), position)
        return found

    def _add(self, names: set[str], name: Any, position: int) -> None:
        if name in names:
            raise SdlError(f"line {self._line(position)}: {name} is declared twice")
        names.add(name)

    def _description(self) -> JsonObject:
        kind, text, _position = self._tokens[self._at]
        if kind == "block":
            self._at += 1
            return {"description": _block(text[3:-3].replace('\\"""', '"""'))}
        if kind == "string":
            try:
                found = json.loads(text)
            except ValueError:
                self._refuse("a text")
            self._at += 1
            return {"description": found}
        return {}

    # what there is

    def types(self) -> Types:
        found, names = Types(), set[str]()
        while self._tokens[self._at][0] != "end":
            about = self._description()
            is_extension = self._next() == "extend" and bool(self._take())
            kind = self._name()
            if kind not in ("type", "input", "enum", "scalar") or is_extension and kind != "type":
                self._at -= 1
                self._refuse("type, input, enum, scalar or extend type")
            position = self._tokens[self._at][2]
            name = self._name()
            if name not in ROOTS:
                self._add(names, name, position)
            if kind == "scalar":
                found.scalars.append({"name": name, **about})
                continue
            self._need("{")
            if kind == "enum":
                found.enums.append({"name": name, **about, "values": self._until("}", self._value)})
            elif kind == "input":
                found.input_objects.append({"name": name, **about, "fields": self._until("}", self._typed)})
            elif name in ROOTS:
                for action in self._until("}", self._field, found.actions):
                    found.actions[action["name"]] = _action(action, ROOTS[name])
            elif is_extension:
                self._at -= 2
                self._refuse("Query or Mutation")
            else:
                found.objects.append({"name": name, **about, "fields": self._until("}", self._field)})
        return found

    def _value(self) -> JsonObject:
        about = self._description()
        return {"value": self._name(), **about}

    def _typed(self) -> JsonObject:
        """A field of an input, or an argument."""
        about = self._description()
        name = self._name()
        self._need(":")
        return {"name": name, "type": self._type(), **about}

    def _field(self) -> JsonObject:
        about = self._description()
        name = self._name()
        arguments = {"arguments": self._until(")", self._typed)} if self._skip("(") else {}
        self._need(":")
        return {"name": name, "type": self._type(), **arguments, **about}

    def _type(self) -> str:
        if self._skip("["):
            inner = f"[{self._type()}]"
            self._need("]")
        else:
            inner = self._name()
        return inner + "!" * self._skip("!")


def _block(text: str) -> str:
    """The value of a block string: without the common indentation of its lines, except the first, and without empty
    lines around it.
    """
    first, *others = re.split(r"\r\n|[\r\n]", text)
    indents = [len(line) - len(line.lstrip(" \t")) for line in others if line.strip(" \t")]
    lines = [first, *(line[min(indents, default=0) :] for line in others)]
    while lines and not lines[0].strip(" \t"):
        del lines[0]
    while lines and not lines[-1].strip(" \t"):
        del lines[-1]
    return "\n".join(lines)


def _action(found: JsonObject, kind: str) -> JsonObject:
    comment = {"comment": found["description"]} if "description" in found else {}
    return {"type": kind, "arguments": found.get("arguments", []), "output_type": found["type"], **comment}
