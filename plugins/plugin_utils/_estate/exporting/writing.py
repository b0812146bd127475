# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents as YAML, in which foreign text is never a template, a comment or syntax. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.documents import (
    Beside,
    Document,
    Names,
    Secret,
    file_names,
    secrets_in,
)

# The first line of each file that an export writes: by it a later one knows its own.
MARK = "# Written by webops.paas.export"
TEMPLATE = re.compile(r"\{\{|\{%|\{#")
# What ansible-core before 2.19 makes lists, dictionaries and booleans of, unless a filter says that it is a text.
CONVERTED = re.compile(r"[\[{]|(?:True|False)\Z")
# What YAML 1.1 readers and editors could take for the end of a line.
BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class _Dumper(yaml.SafeDumper):
    """directory: the one beside the file."""

    names: Names
    directory: str

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists are indented below their key, as ansible-lint wants them."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    if TEMPLATE.search(text):
        return dumper.represent_scalar("!unsafe", text, style='"')
    if BREAKS.search(text.replace("\n", "")):
        style: str | None = '"'
    else:
        style = "|" if "\n" in text and not re.search(r"[ \t]$", text, re.MULTILINE) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _secret(dumper: _Dumper, secret: Secret) -> yaml.ScalarNode:
    text = " | string" if CONVERTED.match(secret.value or "") else ""
    template = "{{ " + dumper.names.of(secret) + text + " }}"
    return dumper.represent_scalar("tag:yaml.org,2002:str", template, style='"')


def _beside(dumper: _Dumper, option: Beside) -> yaml.ScalarNode:
    return _text(dumper, f"{dumper.directory}/{option.path}")


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Secret, _secret)
_Dumper.add_representer(Beside, _beside)


def texts_of(documents: list[Document]) -> tuple[dict[str, str], Names]:
    """({path below the root: text}, the secrets) of all documents."""
    names = Names(
        secret for document in documents for entry in document.entries for secret in secrets_in(entry.options)
    )
    texts = {}
    for path, document in file_names(documents):
        texts[f"{path}.yml"] = text_of(document, names, path.rpartition("/")[2])
        texts.update((f"{path}/{name}", f"{MARK}\n{text}") for name, text in (document.files or {}).items())
    return texts, names


def kept_directories(documents: list[Document]) -> tuple[str, ...]:
    """Those whose files of an earlier export are kept."""
    return tuple(f"{path}/" for path, document in file_names(documents) if document.files is None)


def text_of(document: Document, names: Names, directory: str = "") -> str:
    """directory: the name of the one beside the file."""
    lines = [MARK, ""]
    for entry in document.entries:
        lines += [f"# {_comment(comment)}" for comment in entry.comments]
        if entry.module:
            lines.append(_yaml([{entry.module: entry.options}], names, directory).rstrip("\n"))
    if not any(entry.module for entry in document.entries):
        lines.append("[]")
    return "\n".join(lines) + "\n"


def example_of(names: Names, kept: Mapping[str, str]) -> str:
    """secrets.example.yml: all variables, to be filled in. kept: further ones, as they are written, with comments."""
    lines = [
        MARK,
        "# Copy this file to secrets.yml, fill in the values, encrypt it with ansible-vault, and pass it",
        "# with -e @secrets.yml.",
        "---",
    ]
    entries = dict(kept)
    for name, secret in names.secrets.items():
        hint = "" if secret.value is not None else " It cannot be read."
        if TEMPLATE.search(secret.value or ""):
            hint = " It has characters of a template: write it as !unsafe with the value in quotes."
        entries[name] = f'# {_comment(secret.meaning)}{hint}\n{name}: ""\n'
    return "\n".join([*lines, ""]) + ("".join(entries[name] for name in sorted(entries)) or "{}\n")


def values_of(names: Names, kept: Mapping[str, yaml.Node]) -> str:
    """secrets.yml in plain, to be encrypted: the values that can be read. kept: further ones, as they are written."""
    values = {name: _Plain(secret.value or "") for name, secret in names.secrets.items()}
    return _yaml(dict(sorted({**values, **kept}.items())), names)


class _Plain(str):
    """A value of a variable: a template in it must not be one."""


_Dumper.add_multi_representer(yaml.Node, lambda _dumper, node: node)
_Dumper.add_representer(_Plain, lambda dumper, text: _text(dumper, str(text)))


def _yaml(data: Any, names: Names, beside: str = "") -> str:
    class Dumper(_Dumper):
        directory = beside

    Dumper.names = names
    written: str = yaml.dump(
        data, Dumper=Dumper, allow_unicode=True, sort_keys=False, default_flow_style=False, width=120
    )
    return written


def _comment(text: str) -> str:
    return BREAKS.sub(" ", text).strip()
