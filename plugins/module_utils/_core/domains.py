# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Domain names as options: their normal form, and which are valid. PRIVATE to the collection."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput

_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?"
# A last label of digits only would be an IP address.
_DOMAIN = re.compile(rf"(?=.{{1,253}}$)(?P<wildcard>\*\.)?({_LABEL}\.)*(?!\d+$){_LABEL}")


def normal(name: str | None) -> str:
    """The normal form of a domain name: lower case, without surrounding white space and without the final dot."""
    return (name or "").strip().removesuffix(".").lower()


def is_domain(name: str, *, wildcard: bool = False, short: bool = False) -> bool:
    """Whether it is a domain name in any spelling. wildcard: the prefix "*." is allowed. short: one label is
    allowed.
    """
    found = _DOMAIN.fullmatch(normal(name))
    return bool(found and (wildcard or not found["wildcard"]) and (short or "." in normal(name)))


def check_domain(option: str, name: str) -> None:
    if not is_domain(name):
        raise invalid_domain(option, name)


def check_domain_or_empty(option: str, name: str) -> None:
    """An empty text removes the domain."""
    if name:
        check_domain(option, name)


def check_wildcard_domain(option: str, name: str) -> None:
    if not is_domain(name, wildcard=True):
        raise invalid_domain(option, name)


def invalid_domain(
    option: str, name: str, what: str = "a domain name such as www.example.com", *, short: bool = False
) -> InvalidInput:
    """what: the kind of name that is expected. short: as of is_domain."""
    better = _suggestion(name, short)
    return InvalidInput(option, f"`{option}` must be {what}, got {name!r}." + (f" Use {better!r}." if better else ""))


def _suggestion(name: str, short: bool) -> str:
    """The domain name of a URL, or the ASCII form of an internationalized name; empty if there is no valid one."""
    try:
        host = normal(unicodedata.normalize("NFC", urlsplit(name if "//" in name else f"//{name}").hostname or ""))
        better = host.encode("idna").decode("ascii")
        # Some letters have a different ASCII form in each version of the standard, which does not convert back.
        is_certain = better.encode("ascii").decode("idna") == host
    except ValueError:
        return ""
    return better if is_certain and is_domain(better, short=short) and better != normal(name) else ""
