# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source of a Fleek site: a repository or a CID, each of which has several spellings. PRIVATE to the collection."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput


class _Same:
    """A comparator (see _compare) of texts with several spellings. normal: text -> the compared form."""

    def __init__(self, normal: Callable[[str], Any]) -> None:
        self._normal = normal

    def differs(self, current: Any, wanted: Any) -> bool:
        return bool(self._normal(current or "") != self._normal(wanted or ""))

    def after(self, current: Any, wanted: Any) -> Any:
        return wanted


def normal_repository(url: str) -> str:
    """GitHub ignores the case of owner and name, and a suffix .git."""
    found = re.fullmatch(
        r"(?:https?://(?:www\.)?|git@|ssh://git@)?github\.com[:/]+([^/]+)/([^/]+?)(?:\.git)?/?",
        url.strip(),
        re.IGNORECASE,
    )
    return "/".join(found.groups()).lower() if found else url.strip()


def normal_cid(cid: str) -> bytes | str:
    """The bytes of a CID of version 1, for both versions and the usual bases; other texts are not changed."""
    try:
        if re.fullmatch(r"Qm[1-9A-HJ-NP-Za-km-z]{44}", cid):
            return b"\x01\x70" + _base58(cid)
        if re.fullmatch(r"[bB][A-Za-z2-7]{20,200}", cid):
            data = base64.b32decode(cid[1:].upper() + "=" * (-len(cid[1:]) % 8))
        elif re.fullmatch(r"z[1-9A-HJ-NP-Za-km-z]{20,200}", cid):
            data = _base58(cid[1:])
        elif re.fullmatch(r"[fF][0-9A-Fa-f]{20,400}", cid):
            data = bytes.fromhex(cid[1:])
        else:
            return cid
    except ValueError:
        return cid
    return data if data[:1] == b"\x01" else cid


def _base58(text: str) -> bytes:
    number = 0
    for character in text:
        number = number * 58 + "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".index(character)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


SAME_REPOSITORY = _Same(normal_repository)
SAME_CID = _Same(normal_cid)


def check_cid(option: str, value: str) -> None:
    if isinstance(normal_cid(value), str):
        raise InvalidInput(
            option,
            f"`{option}` must be a CID of IPFS such as QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG or bafy..., "
            f"without the prefix ipfs:// or /ipfs/, got {value!r}.",
        )
