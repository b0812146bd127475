# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two files with the secrets of an estate. An export completes them, and loses nothing that is in them. PRIVATE to
the collection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import yaml

from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting import writing
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.documents import Names
from ansible_collections.webops.paas.plugins.plugin_utils._estate.files import EstateError

# A variable in an example that an export has written, with its comment.
EXAMPLE_ENTRY = re.compile(r'^# .*\n(vault_[a-z0-9_]+): ""\n', re.MULTILINE)


def example_of(names: Names, present: str, platforms: Iterable[str]) -> str:
    """secrets.example.yml: all variables, to be filled in.

    present: the text of the file. platforms: those that are exported as a whole; of the others the file keeps what this
    export has not seen.
    """
    whole = tuple(f"vault_{platform}_" for platform in platforms)
    kept = {
        entry[1]: entry[0]
        for entry in EXAMPLE_ENTRY.finditer(present)
        if entry[1] not in names.secrets and not entry[1].startswith(whole)
    }
    return writing.example_of(names, kept)


def values_of(names: Names, present: str) -> str:
    """secrets.yml in plain, to be encrypted: the values that can be read.

    present: the decrypted text of the file. It keeps its other variables, such as those that somebody has filled in
    because they cannot be read. It is returned as it is if nothing in it differs. Raises EstateError.
    """
    before = _variables(present)
    kept = {
        name: node for name, node in before.items() if name not in names.secrets or names.secrets[name].value is None
    }
    text = writing.values_of(names, kept)
    after = _variables(text)
    return present if present and _data(before) == _data(after) else text


def _variables(text: str) -> dict[str, yaml.Node]:
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        raise EstateError(["secrets.yml is not valid YAML."]) from None
    if tree is None:
        return {}
    if not isinstance(tree, yaml.MappingNode):
        raise EstateError(["secrets.yml must be a mapping of variables."])
    return {str(key.value): value for key, value in tree.value}


def _data(variables: dict[str, yaml.Node]) -> dict[str, str]:
    """Comparable, whatever the style."""
    return {name: yaml.serialize(node, canonical=True) for name, node in variables.items()}
