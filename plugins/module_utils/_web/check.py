# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One entry of the option urls: the expected response of a URL, and the result of the check. PRIVATE to the
collection.
"""

from __future__ import annotations

import base64
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from typing import NoReturn
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.variables import text_of
from ansible_collections.webops.paas.plugins.module_utils._http.calls import explain
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor, shortened
from ansible_collections.webops.paas.plugins.module_utils._http.responses import Response, json_of
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
from ansible_collections.webops.paas.plugins.module_utils._http.urls import (
    DEFAULT_PORTS,
    ConnectTo,
    is_loopback,
    is_web_url,
)
from ansible_collections.webops.paas.plugins.module_utils._web.client import LOOKED_AT, look
from ansible_collections.webops.paas.plugins.module_utils._web.json_path import (
    NOTHING,
    is_as_expected,
    parse_path,
    value_at,
)
from ansible_collections.webops.paas.plugins.module_utils._web.masking import credentials, masked_url, texts_in

MAX_REDIRECTS = 10
# Maximum length of quotations of a server in a problem.
QUOTED_CHARACTERS = 200
# Methods that change nothing (RFC 9110 9.2.1).
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
METHODS = (*SAFE_METHODS, "POST", "PUT", "PATCH", "DELETE")
# The argument spec of an entry.
URL_OPTIONS: JsonObject = {
    "url": dict(type="str", required=True, no_log=True, parent=True),
    "method": dict(type="str", choices=list(METHODS), default="GET"),
    "headers": dict(type="dict", no_log=True),
    "body": dict(type="raw", no_log=True),
    "status": dict(type="list", elements="int", default=[200]),
    **dict.fromkeys(("contains", "matches", "not_contains"), dict(type="list", elements="str")),
    "response_headers": dict(type="dict"),
    "json": dict(type="dict"),
    "follow_redirects": dict(type="str", choices=["none", "same_host", "all"], default="none"),
    "certificate_days": dict(type="int"),
    "max_seconds": dict(type="float"),
    "validate_certs": dict(type="bool"),
    "ca_path": dict(type="path"),
}
# What a platform returns for a name that no site has.
NOT_THERE = frozenset({404, 410})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Headers that another host may also get.
HARMLESS_HEADERS = frozenset({"Accept", "Accept-Language", "User-Agent"})
# Shorter credentials are masked only in quotations of the server; in other words of a message they would hide harmless
# text.
LONG_ENOUGH_TO_TELL = 8
# Shorter parts of bodies and cookies (1, de, yes) are not masked.
LONG_ENOUGH_TO_HIDE = 4


class Check:
    """One entry of urls, validated, and its result.

    place: how the entry is named in messages. options: the suboptions. defaults: the task's validate_certs and ca_path.
    connect_to: a ConnectTo. Raises InvalidInput.
    """

    def __init__(self, place: str, options: JsonObject, defaults: JsonObject, connect_to: ConnectTo) -> None:
        self._place = place
        self._expected = options
        self._trust = {
            name: defaults[name] if options[name] is None else options[name] for name in ("validate_certs", "ca_path")
        }
        self.method: str = options["method"]
        given_url = options["url"].strip()
        self._check_url(given_url)
        self._headers = self._checked_headers(options["headers"] or {})
        secrets = [secret for secret in credentials(given_url, self._headers) if secret]
        self.url = self._without_user(given_url)
        self.shown_url = masked_url(given_url)
        self._body = options["body"].encode("utf-8") if isinstance(options["body"], str) else options["body"]
        self._check_expectations()
        self._check_way(secrets, connect_to)
        self.credentials = {secret for secret in secrets if len(secret) >= LONG_ENOUGH_TO_TELL}
        cookies = (value for pair in self._headers.get("Cookie", "").split(";") for value in pair.split("=", 1)[1:])
        parts = [text for text in (*cookies, *texts_in(options["body"])) if len(text) >= LONG_ENOUGH_TO_HIDE]
        self._redactor = Redactor()
        self._redactor.add(*secrets, self._headers.get("Authorization", "").partition(" ")[2], *parts)
        self._redactor_of_own_words = Redactor()
        self._redactor_of_own_words.add(*self.credentials)
        # The result.
        self.ok: bool | None = None
        self.problems: list[str] = []
        self.status: int | None = None
        self.seconds: float | None = None
        self.redirected_to: str | None = None
        self.certificate_days_left: int | None = None
        self.attempts = 0
        self._is_unreachable = False
        self._certificate_ends_at: float | None = None
        # Time (monotonic) before which the server does not accept requests. retry_at: the same as text.
        self.not_before = float("-inf")
        self.retry_at: str | None = None

    @property
    def is_write(self) -> bool:
        return self.method not in SAFE_METHODS

    @property
    def may_be_missing(self) -> bool:
        """Whether it does not hold, and the reason may be that nothing exists at its URL yet."""
        return self.ok is False and (self._is_unreachable or self.status in NOT_THERE)

    def result(self) -> JsonObject:
        """The result of the check, as the module returns it."""
        return {
            "url": self.shown_url,
            "method": self.method,
            "ok": self.ok,
            "skipped": self.ok is None,
            "status": self.status,
            "seconds": self.seconds,
            "attempts": self.attempts,
            "redirected_to": self.redirected_to,
            "certificate_days_left": self.certificate_days_left,
            "problems": self.problems,
        }

    # -- options ------------------------------------------------------------------------------------------

    def _refuse(self, option: str, message: str) -> NoReturn:
        raise InvalidInput(f"{self._place}.{option}", f"`{self._place}.{option}` {message}")

    def _check_url(self, url: str) -> None:
        if not is_web_url(url):
            # An invalid URL can contain a password anywhere.
            self._refuse(
                "url", "must be a URL that begins with http:// or https://, such as https://www.example.com/path."
            )

    def _checked_headers(self, headers: JsonObject) -> dict[str, str]:
        checked = {}
        for name, value in headers.items():
            if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
                self._refuse("headers", f"has {name!r}, which is not a valid name of an HTTP header.")
            if value is None:
                continue
            text = text_of(value).strip()
            if not text.isprintable() or any(ord(character) > 255 for character in text):
                self._refuse(
                    "headers", f"has a value for {name} with characters that are not allowed in an HTTP header."
                )
            checked[name.title()] = text
        return checked

    def _without_user(self, url: str) -> str:
        """Moves user name and password of a URL to the header Authorization."""
        parts = urlsplit(url)
        if "@" not in parts.netloc:
            return url
        pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        self._headers.setdefault("Authorization", "Basic " + base64.b64encode(pair.encode("utf-8")).decode("ascii"))
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))

    def _check_expectations(self) -> None:
        expected = self._expected
        for status in expected["status"]:
            if not 100 <= status <= 599:
                self._refuse("status", f"must be HTTP statuses from 100 to 599, got {status}.")
        if not expected["status"]:
            self._refuse("status", "must not be empty. Set at least one status, such as 200.")
        if self.method == "HEAD":
            for option in ("contains", "not_contains", "matches", "json"):
                if expected[option]:
                    self._refuse(option, "and `method: HEAD` are mutually exclusive: a response to HEAD has no body.")
        for option, patterns in (
            ("matches", expected["matches"] or []),
            ("response_headers", (expected["response_headers"] or {}).values()),
        ):
            for pattern in patterns:
                try:
                    re.compile(text_of(pattern))
                except re.error as error:
                    self._refuse(option, f"has {pattern!r}, which is not a valid regular expression: {error}.")
        for path in expected["json"] or {}:
            try:
                parse_path(path)
            except ValueError:
                self._refuse(
                    "json", f'has {path!r}, which is not a valid path such as data.items[0].id or ["odd.key"].name.'
                )
        for option in ("certificate_days", "max_seconds"):
            if expected[option] is not None and expected[option] <= 0:
                self._refuse(option, f"must be greater than 0, got {expected[option]:g}.")
        if expected["ca_path"] is not None and not os.path.exists(expected["ca_path"]):
            self._refuse("ca_path", f"does not exist: {expected['ca_path']}.")
        if expected["certificate_days"] is not None and not self._trust["validate_certs"]:
            self._refuse(
                "certificate_days",
                "requires `validate_certs: true`: the dates of an unverified certificate are not reliable.",
            )

    def _check_way(self, secrets: list[str], connect_to: ConnectTo) -> None:
        parts = urlsplit(self.url)
        target = connect_to.target(self.url)
        host = target[0].strip("[]") if target else parts.hostname
        if secrets and parts.scheme == "http" and not is_loopback(host):
            self._refuse(
                "url",
                f"must be an https URL, got {self.shown_url}: plain http would send the credential in `headers` or "
                "`url` unencrypted, and is allowed for loopback hosts only (localhost, *.localhost, 127.0.0.0/8, "
                "::1).",
            )

    # -- one attempt
    # ----------------------------------------------------------------------------------------------------

    def look(self, http: Http) -> None:
        """Sends the request, follows redirects and stores the result. Never raises for what the server does."""
        self.attempts += 1
        self.status = self.redirected_to = self.certificate_days_left = None
        self._certificate_ends_at, self._is_unreachable = None, False
        began = http.clock.monotonic()
        try:
            response = self._visit(http)
        except ApiError as error:
            self._is_unreachable = error.code == "unreachable"
            self.seconds = round(http.clock.monotonic() - began, 3)
            self.problems = [f"failed: {self._redactor_of_own_words.clean(error.message)}"]
        else:
            self.seconds = round(http.clock.monotonic() - began, 3)
            self.status = response.status
            if self._certificate_ends_at is not None:
                self.certificate_days_left = int((self._certificate_ends_at - http.clock.now()) // 86400)
            self.problems = list(self._problems(response))
            self._heed(response, http)
        self.ok = not self.problems

    def _visit(self, http: Http) -> Response:
        """The final response: the first one that is not a redirect, or whose redirect must not be followed."""
        method, url, body = self.method, self.url, self._body
        headers = {"Accept": "*/*", **self._headers}
        for _hop in range(MAX_REDIRECTS + 1):
            response = look(http, method, url, headers=headers, body=body, **self._trust)
            if response.certificate_ends_at is not None:
                self._certificate_ends_at = min(
                    response.certificate_ends_at, self._certificate_ends_at or response.certificate_ends_at
                )
            if not _is_redirect(response):
                return response
            try:
                target = urljoin(url, response.headers["Location"])
            except ValueError:
                return response
            self.redirected_to = self._redactor.clean(masked_url(target))
            if not self._may_follow(target):
                return response
            knows_us = _is_as_trusted(url, target)
            if response.status == 303 and method != "HEAD" or response.status in (301, 302) and method == "POST":
                # As browsers do (RFC 9110 15.4).
                method, body = "GET", None
                headers = {name: value for name, value in headers.items() if not name.startswith("Content-")}
            if not knows_us:
                if body is not None or method not in SAFE_METHODS:
                    return response
                headers = {name: value for name, value in headers.items() if name in HARMLESS_HEADERS}
            url = self._without_credentials(target)
        raise ApiError(
            f"was redirected more than {MAX_REDIRECTS} times, last to {self.redirected_to}", code="redirect_loop"
        )

    def _may_follow(self, target: str) -> bool:
        follow = self._expected["follow_redirects"]
        if follow == "none" or not is_web_url(target):
            return False
        return follow == "all" or urlsplit(target).hostname == urlsplit(self.url).hostname

    @staticmethod
    def _without_credentials(url: str) -> str:
        parts = urlsplit(url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))

    def _heed(self, response: Response, http: Http) -> None:
        """Keeps the end of a rate limit. A server that is not ready yet (503) cannot know when it is."""
        wait = response.asked_wait(http.clock.now()) if response.status == 429 else None
        self.not_before = http.clock.monotonic() + wait if wait else float("-inf")
        self.retry_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(http.clock.now() + wait)) if wait else None

    # -- problems of a response --------------------------------------------------------------------------------

    def _quoted(self, text: str) -> str:
        """A quotation of a server for a message."""
        text = " ".join(self._redactor.clean(text).split()).rstrip(".")
        return shortened(text, QUOTED_CHARACTERS)

    def _problems(self, response: Response) -> Iterator[str]:
        expected = self._expected
        if response.status not in expected["status"]:
            yield self._wrong_status(response)
        if expected["max_seconds"] is not None and (self.seconds or 0) > expected["max_seconds"]:
            yield f"took {self.seconds:g} s, more than {expected['max_seconds']:g} s"
        if expected["certificate_days"] is not None:
            yield from self._about_certificate(expected["certificate_days"])
        yield from self._about_headers(response.headers, expected["response_headers"] or {})
        yield from self._about_text(response)
        if expected["json"]:
            yield from self._about_json(response, expected["json"])

    def _wrong_status(self, response: Response) -> str:
        wanted = " or ".join(map(str, self._expected["status"]))
        to = self._quoted(self.redirected_to) if self.redirected_to else None
        if to and _is_redirect(response):
            return f"returned {response.status} instead of {wanted}, and its redirect to {to} is not followed"
        after = f" after a redirect to {to}" if to else ""
        said = self._quoted(explain(response, self._redactor.clean)[0])
        return f"returned {response.status}{after} instead of {wanted}" + (f" ({said})" if said else "")

    def _about_certificate(self, least: float) -> Iterator[str]:
        left = self.certificate_days_left
        if left is None or self._certificate_ends_at is None:
            yield "has no TLS certificate"
        elif left < least:
            ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._certificate_ends_at))
            yield f"has a certificate that is valid for {left} more days (until {ends}), less than {least}"

    def _about_headers(self, headers: Mapping[str, str], wanted: JsonObject) -> Iterator[str]:
        for name, pattern in wanted.items():
            value = headers.get(name)
            if value is None:
                yield f"has no header {name}"
            elif not re.search(text_of(pattern), value):
                yield f"has the header {name} with the value {self._quoted(value)!r}, which does not match {pattern!r}"

    def _about_text(self, response: Response) -> Iterator[str]:
        text, where = _text(response), _where(response)
        for wanted in self._expected["contains"] or []:
            if wanted not in text:
                yield f"does not contain {wanted!r}{where}"
        for wanted in self._expected["matches"] or []:
            if not re.search(wanted, text):
                yield f"does not match {wanted!r}{where}"
        for unwanted in self._expected["not_contains"] or []:
            if unwanted in text:
                yield f"contains {unwanted!r}"

    def _about_json(self, response: Response, wanted: JsonObject) -> Iterator[str]:
        try:
            data = json_of(response.content)
        except (ValueError, RecursionError):
            said = self._quoted(explain(response, self._redactor.clean)[0]) or "empty"
            yield f"did not return JSON{_where(response)} ({said})"
            return
        for path, expected in wanted.items():
            found = value_at(data, parse_path(path))
            if not is_as_expected(found, expected):
                has = "nothing" if found is NOTHING else self._quoted(json.dumps(found, ensure_ascii=False))
                yield f"has {has} at {path or 'the top'} instead of {json.dumps(expected, ensure_ascii=False)}"


def _is_redirect(response: Response) -> bool:
    return response.status in REDIRECTS and bool(response.headers.get("Location"))


def _is_as_trusted(url: str, target: str) -> bool:
    """Whether the target may get credentials for the URL: it has the same host and port, or is its https URL."""
    (scheme, host, port), (new_scheme, new_host, new_port) = _place(url), _place(target)
    return host == new_host and (
        (scheme, port) == (new_scheme, new_port) or (scheme, port, new_scheme, new_port) == ("http", 80, "https", 443)
    )


def _place(url: str) -> tuple[str, str | None, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS[parts.scheme]


def _text(response: Response) -> str:
    charset = re.search(r"charset=\"?([\w.:-]+)", response.headers.get("Content-Type") or "")
    try:
        return response.content.decode(charset.group(1) if charset else "utf-8", "replace")
    except (LookupError, ValueError):
        # An unknown encoding, or one that is not for bodies (idna, undefined).
        return response.content.decode("utf-8", "replace")


def _where(response: Response) -> str:
    return f" in its first {LOOKED_AT // 1024**2} MiB" if len(response.content) >= LOOKED_AT else ""


def unsent(url: str, method: str) -> JsonObject:
    """The result of a check that cannot be made."""
    return {
        "url": url,
        "method": method,
        "ok": None,
        "skipped": True,
        **dict.fromkeys(("status", "seconds", "redirected_to", "certificate_days_left")),
        "attempts": 0,
        "problems": [],
    }
