# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""URLs: which may get a credential, and to which host they connect. PRIVATE to the collection."""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._http.third_party import urllib3

DEFAULT_PORTS = {"http": 80, "https": 443}
# Compiled here, so that this happens once, before Ansible forks a process for each task.
LOCAL_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.localhost")
HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+(%25\w+)?")
UNSAFE = re.compile(r"[\s\\]")


@functools.lru_cache(maxsize=64)
def is_loopback(host: str | None) -> bool:
    """True for localhost, *.localhost, 127/8 and ::1, literally: DNS is never asked (it could lie)."""
    host = (host or "").lower()
    if host in ("localhost", "::1") or LOCAL_NAME.fullmatch(host):
        return True
    try:
        return ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return False


def is_web_url(url: str) -> bool:
    """Whether it is an http or https URL that all parsers read alike: without backslashes, white space and invalid
    hosts.
    """
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https")
            and parts.port != 0
            and HOST.fullmatch(parts.hostname or "") is not None
            and url.isprintable()
            and UNSAFE.search(url) is None
        )
    except ValueError:
        return False


@functools.lru_cache(maxsize=64)
def checked_url(url: str, option: str = "api_url") -> str:
    """The base URL without a trailing slash. Raises InvalidInput for a URL that a credential must not be sent to.

    Host names must be ASCII, so that this function and the one that connects cannot read a URL differently.
    """
    url = url.strip()
    # Addresses of platforms have no zone (%25eth0).
    usable = is_web_url(url) and url.isascii() and "%" not in urlsplit(url).netloc.rpartition("@")[2]
    if usable and "@" in urlsplit(url).netloc:
        raise InvalidInput(option, f"`{option}` must not contain a user name or password. Use `token` instead.")
    if usable and ("?" in url or "#" in url):
        raise InvalidInput(option, f"`{option}` must not have a query or a fragment.")
    if not usable:
        # An invalid URL is quoted only if it cannot contain a password or token.
        shown = f", got {url!r}" if re.fullmatch(r"[\w./:-]{0,100}", url) else ""
        raise InvalidInput(
            option,
            f"`{option}` must be an ASCII URL that begins with http:// or https://, such as "
            f"https://api.example.com/v1{shown}.",
        )
    parts = urlsplit(url)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise InvalidInput(
            option,
            f"`{option}` must be an https URL, got {url}: plain http would send the token unencrypted, and is allowed "
            "for loopback hosts only (localhost, *.localhost, 127.0.0.0/8, ::1).",
        )
    return url.rstrip("/")


def origin(url: str) -> tuple[str | None, str, int | None]:
    """(scheme, host, port), read by the parser that also connects: others find another host in http://one\\@two/.

    Raises ValueError.
    """
    parts = urllib3.util.parse_url(url)
    return parts.scheme, parts.host or "", parts.port or DEFAULT_PORTS.get(parts.scheme or "")


class ConnectTo:
    """Connects to another host than that of the URL, as --connect-to of curl; certificates and the Host header stay
    those of the URL.

    rules: texts "HOST1:PORT1:HOST2:PORT2". The first rule with the HOST1 and PORT1 of the URL applies; empty ones match
    any. An empty HOST2 or PORT2 is that of the URL. IPv6 addresses are in brackets. Raises InvalidInput.
    """

    RULE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]*):(\d{0,5}):(\[[0-9A-Fa-f:.]+\]|[\w.-]*):(\d{0,5})", re.ASCII)

    def __init__(self, rules: Iterable[str] = (), option: str = "connect_to") -> None:
        parsed = []
        for rule in rules:
            matched = self.RULE.fullmatch(rule.strip())
            ports = [int(port or 1) for port in matched.group(2, 4)] if matched else []
            if not matched or not all(0 < port < 65536 for port in ports):
                raise InvalidInput(
                    option,
                    f"`{option}` must have the form HOST1:PORT1:HOST2:PORT2, such as "
                    f"www.example.com:443:192.0.2.1:443, got {rule!r}.",
                )
            parsed.append(tuple(part.lower() for part in matched.groups()))
        self.rules = tuple(parsed)

    def target(self, url: str) -> tuple[str, int | None] | None:
        """(host, port) to connect to, None if no rule applies."""
        if not self.rules and ".localhost" not in url.lower():
            return None
        _scheme, host, port = origin(url)
        for from_host, from_port, to_host, to_port in self.rules:
            if from_host in ("", host.lower()) and from_port in ("", str(port)):
                return to_host or host, int(to_port) if to_port else port
        # This machine by definition (RFC 6761), so no resolver is used.
        return ("127.0.0.1", port) if host.lower().endswith(".localhost") else None
