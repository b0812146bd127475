# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a URL should answer, and whether it does. PRIVATE to the collection.

A C(Check) is one entry of the option urls; C(hold) looks at many of them until they hold or time is up.
"""

from __future__ import annotations

import base64
import json
import os
import re
import time
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit, urlunsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    PaasError,
    WaitFailed,
)
from ansible_collections.webops.paas.plugins.module_utils._core.parallel import in_parallel
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, wait_until
from ansible_collections.webops.paas.plugins.module_utils._http.calls import explain
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor
from ansible_collections.webops.paas.plugins.module_utils._http.urls import is_loopback
from ansible_collections.webops.paas.plugins.module_utils._web.client import LOOKED_AT, look

# Checks that are looked at in the same moment.
CONCURRENCY = 8
MAX_REDIRECTS = 10
# What a server says is quoted in a problem up to this many characters.
QUOTED_CHARACTERS = 200
# Methods that change nothing (RFC 9110 9.2.1).
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
METHODS = (*SAFE_METHODS, "POST", "PUT", "PATCH", "DELETE")
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What another host may be told of the headers that are meant for the first one.
HARMLESS_HEADERS = frozenset({"Accept", "Accept-Language", "User-Agent"})
# Headers and parts of a query that carry a credential, told by their names.
SECRET_NAME = re.compile(
    r"(?i)auth|cookie|credential|jwt|passw|pwd|secret|session|signature|token|api-?_?key|(^|[-_.])(key|sig|code|sas)$"
)
# Shorter credentials are masked in quoted words of the server only; in ours they would hide what is no secret.
LONG_ENOUGH_TO_TELL = 8
# Shorter parts of bodies and cookies (1, de, yes) are masked nowhere.
LONG_ENOUGH_TO_HIDE = 4


# -- secrets are masked where they stand -------------------------------------------------------------------------------


def masked_url(url: str) -> str:
    """Without user name, password and the credentials of a query, told by their names. A fragment is never sent."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return Redactor.MASK
    netloc = f"{Redactor.MASK}@{parts.netloc.rpartition('@')[2]}" if "@" in parts.netloc else parts.netloc
    query = "&".join(
        f"{pair.partition('=')[0]}={Redactor.MASK}"
        if "=" in pair and SECRET_NAME.search(unquote(pair.partition("=")[0]))
        else pair
        for pair in parts.query.split("&")
    )
    return urlunsplit((parts.scheme, netloc, parts.path, query, ""))


def masked(urls):
    """The option urls as it may be shown."""
    return [
        {
            **entry,
            "url": masked_url(entry["url"]),
            "body": None if entry["body"] is None else Redactor.MASK,
            "headers": entry["headers"]
            and {
                name: Redactor.MASK if SECRET_NAME.search(name) else value for name, value in entry["headers"].items()
            },
        }
        for entry in urls
    ]


def _credentials(url: str, headers: dict):
    """Values that no one may see, from the headers and the URL."""
    for name, value in headers.items():
        if SECRET_NAME.search(name):
            yield value
            # "Bearer TOKEN", "Basic ...": the server may quote the second part alone.
            yield value.partition(" ")[2]
    parts = urlsplit(url)
    # A user name alone is a token.
    secret = parts.password or parts.username or ""
    yield secret
    yield unquote(secret)
    for name, value in parse_qsl(parts.query):
        if SECRET_NAME.search(name):
            yield value


def _texts_in(value):
    """All texts and numbers of a body."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts_in(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


# -- a place in JSON ---------------------------------------------------------------------------------------------------

STEP = re.compile(r"\[(-?\d+)\]|\[\"((?:[^\"\\]|\\.)*)\"\]|\.?([^.\[\]\"]+)")
NOTHING = object()


def parse_path(path: str) -> list:
    """Keys and indexes of a path such as C(data.items[0].id) or C(["odd.key"]); an empty path is the whole document.

    Raises ValueError.
    """
    steps, at = [], 0
    while at < len(path):
        step = STEP.match(path, at)
        if step is None or at == 0 and path.startswith("."):
            raise ValueError(path)
        index, quoted, name = step.groups()
        steps.append(int(index) if index is not None else name if name is not None else json.loads(f'"{quoted}"'))
        at = step.end()
    return steps


def value_at(data, steps: list):
    """NOTHING where the path leads nowhere."""
    for step in steps:
        if (
            isinstance(step, int)
            and isinstance(data, list)
            and -len(data) <= step < len(data)
            or isinstance(step, str)
            and isinstance(data, dict)
            and step in data
        ):
            data = data[step]
        else:
            return NOTHING
    return data


def is_as_expected(found, expected) -> bool:
    """null stands for nothing at all, too; a text for the number or boolean written so, as templates make them."""
    if expected is None:
        return found is None or found is NOTHING
    if isinstance(expected, str) and isinstance(found, (bool, int, float)):
        return json.dumps(found) == expected.strip().lower()
    if isinstance(found, bool) is not isinstance(expected, bool):
        return False
    return found == expected


# -- one check ---------------------------------------------------------------------------------------------------------


class Check:
    """One entry of urls, validated, and what came of it.

    place: how the entry is named in messages. options: the suboptions. defaults: the task's validate_certs and ca_path.
    connect_to: a ConnectTo. Raises InvalidInput.
    """

    def __init__(self, place: str, options: dict, defaults: dict, connect_to) -> None:
        self._place = place
        self._expected = options
        self._trust = {
            name: defaults[name] if options[name] is None else options[name] for name in ("validate_certs", "ca_path")
        }
        self.method = options["method"]
        given_url = options["url"].strip()
        self._check_url(given_url)
        self._headers = self._checked_headers(options["headers"] or {})
        credentials = [secret for secret in _credentials(given_url, self._headers) if secret]
        self.url = self._without_user(given_url)
        self.shown_url = masked_url(given_url)
        self._body = options["body"].encode("utf-8") if isinstance(options["body"], str) else options["body"]
        self._check_expectations()
        self._check_way(credentials, connect_to)
        self.credentials = {secret for secret in credentials if len(secret) >= LONG_ENOUGH_TO_TELL}
        cookies = (value for pair in self._headers.get("Cookie", "").split(";") for value in pair.split("=", 1)[1:])
        parts = [text for text in (*cookies, *_texts_in(options["body"])) if len(text) >= LONG_ENOUGH_TO_HIDE]
        self._redactor = Redactor()
        self._redactor.add(*credentials, self._headers.get("Authorization", "").partition(" ")[2], *parts)
        self._redactor_of_own_words = Redactor()
        self._redactor_of_own_words.add(*self.credentials)
        # What came of it.
        self.ok: bool | None = None
        self.problems: list[str] = []
        self.status = self.seconds = self.redirected_to = self.certificate_days_left = None
        self.attempts = 0
        # Seconds of the clock: the server does not want to be asked sooner. retry_at: the same for people.
        self.not_before = float("-inf")
        self.retry_at: str | None = None

    @property
    def is_write(self) -> bool:
        return self.method not in SAFE_METHODS

    def result(self) -> dict:
        """What the module returns of it."""
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

    # -- what was asked for ------------------------------------------------------------------------------------------

    def _refuse(self, option: str, message: str):
        raise InvalidInput(f"{self._place}.{option}", f"{self._place}.{option} {message}")

    def _check_url(self, url: str) -> None:
        if not _is_url(url):
            # What is not understood may hold a password anywhere.
            self._refuse("url", "must be a URL such as https://www.example.com/path; the given one is none.")

    def _checked_headers(self, headers: dict) -> dict:
        checked = {}
        for name, value in headers.items():
            if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
                self._refuse("headers", f"has {name!r}, which no header can be called.")
            if value is None:
                continue
            text = str(value).strip()
            if not text.isprintable() or any(ord(character) > 255 for character in text):
                self._refuse("headers", f"has a value for {name} with characters that no header can have.")
            checked[name.title()] = text
        return checked

    def _without_user(self, url: str) -> str:
        """User name and password of a URL become the header that stands for them."""
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
                self._refuse("status", f"has {status}, which is no HTTP status.")
        if not expected["status"]:
            self._refuse("status", "is empty; name at least one, such as 200.")
        if self.method == "HEAD":
            for option in ("contains", "not_contains", "matches", "json"):
                if expected[option]:
                    self._refuse(option, "looks at a body, and an answer to HEAD has none.")
        for option, patterns in (
            ("matches", expected["matches"] or []),
            ("response_headers", (expected["response_headers"] or {}).values()),
        ):
            for pattern in patterns:
                try:
                    re.compile(str(pattern))
                except re.error as error:
                    self._refuse(option, f"has {pattern!r}, which is no regular expression: {error}.")
        for path in expected["json"] or {}:
            try:
                parse_path(path)
            except ValueError:
                self._refuse("json", f'has {path!r}, which is no path such as data.items[0].id or ["odd.key"].name.')
        for option in ("certificate_days", "max_seconds"):
            if expected[option] is not None and expected[option] <= 0:
                self._refuse(option, f"must be greater than 0, not {expected[option]:g}.")
        if expected["ca_path"] is not None and not os.path.exists(expected["ca_path"]):
            self._refuse("ca_path", f"does not exist: {expected['ca_path']}.")
        if expected["certificate_days"] is not None and not self._trust["validate_certs"]:
            self._refuse(
                "certificate_days",
                "needs validate_certs: the dates of a certificate that nobody has verified say nothing.",
            )

    def _check_way(self, credentials: list, connect_to) -> None:
        parts = urlsplit(self.url)
        target = connect_to.target(self.url)
        host = target[0].strip("[]") if target else parts.hostname
        if credentials and parts.scheme == "http" and not is_loopback(host):
            self._refuse(
                "url",
                f"is plain http ({self.shown_url}): the credential in headers or URL would travel readable. Use https; "
                "plain http is accepted for loopback hosts only (localhost, *.localhost, 127.0.0.0/8, ::1).",
            )

    # -- one look ----------------------------------------------------------------------------------------------------

    def look(self, http) -> None:
        """One visit, redirects included; says what came of it. Never raises for what the server does."""
        self.attempts += 1
        self.status = self.redirected_to = self.certificate_days_left = None
        self._certificate_ends_at: float | None = None
        began = http.clock.monotonic()
        try:
            answer = self._visit(http)
        except ApiError as error:
            self.seconds = round(http.clock.monotonic() - began, 3)
            self.problems = [f"did not answer: {self._redactor_of_own_words.clean(error.message)}"]
        else:
            self.seconds = round(http.clock.monotonic() - began, 3)
            self.status = answer.status
            if self._certificate_ends_at is not None:
                self.certificate_days_left = int((self._certificate_ends_at - http.clock.now()) // 86400)
            self.problems = list(self._problems(answer))
            self._heed(answer, http)
        self.ok = not self.problems

    def _visit(self, http):
        """The answer that counts: the first one that is no redirect, or is one that is not to be followed."""
        method, url, headers, body = self.method, self.url, {"Accept": "*/*", **self._headers}, self._body
        for _hop in range(MAX_REDIRECTS + 1):
            answer = look(http, method, url, headers=headers, body=body, **self._trust)
            if answer.certificate_ends_at is not None:
                self._certificate_ends_at = min(
                    answer.certificate_ends_at, self._certificate_ends_at or answer.certificate_ends_at
                )
            location = answer.headers.get("Location") if answer.status in REDIRECTS else None
            if not location:
                return answer
            try:
                target = urljoin(url, location)
            except ValueError:
                return answer
            self.redirected_to = self._redactor.clean(masked_url(target))
            if not self._may_follow(target):
                return answer
            knows_us = _is_as_trusted(url, target)
            if answer.status == 303 and method != "HEAD" or answer.status in (301, 302) and method == "POST":
                # As browsers do (RFC 9110 15.4).
                method, body = "GET", None
                headers = {name: value for name, value in headers.items() if not name.startswith("Content-")}
            if not knows_us:
                if body is not None or method not in SAFE_METHODS:
                    return answer
                headers = {name: value for name, value in headers.items() if name in HARMLESS_HEADERS}
            url = self._without_credentials(target)
        raise ApiError(f"was redirected more than {MAX_REDIRECTS} times, last to {self.redirected_to}")

    def _may_follow(self, target: str) -> bool:
        follow = self._expected["follow_redirects"]
        if follow == "none" or not _is_url(target):
            return False
        return follow == "all" or urlsplit(target).hostname == urlsplit(self.url).hostname

    @staticmethod
    def _without_credentials(url: str) -> str:
        parts = urlsplit(url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))

    def _heed(self, answer, http) -> None:
        """A server that limits the rate says when to come back; a server that is not ready yet (503) cannot know."""
        wait = answer.asked_wait(http.clock.now()) if answer.status == 429 else None
        self.not_before = http.clock.monotonic() + wait if wait else float("-inf")
        self.retry_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(http.clock.now() + wait)) if wait else None

    # -- what is wrong with an answer --------------------------------------------------------------------------------

    def _quoted(self, text: str) -> str:
        """What a server said: first cleaned, then cut, since half a secret is a secret too."""
        text = " ".join(self._redactor.clean(text).split()).rstrip(".")
        return text if len(text) <= QUOTED_CHARACTERS else text[:QUOTED_CHARACTERS] + " [...]"

    def _problems(self, answer):
        expected = self._expected
        if answer.status not in expected["status"]:
            yield self._wrong_status(answer)
        if expected["max_seconds"] is not None and self.seconds > expected["max_seconds"]:
            yield f"took {self.seconds:g} s, more than {expected['max_seconds']:g} s"
        if expected["certificate_days"] is not None:
            yield from self._about_certificate(expected["certificate_days"])
        yield from self._about_headers(answer.headers, expected["response_headers"] or {})
        yield from self._about_text(answer)
        if expected["json"]:
            yield from self._about_json(answer, expected["json"])

    def _wrong_status(self, answer) -> str:
        wanted = " or ".join(map(str, self._expected["status"]))
        if self.redirected_to:
            to = self._quoted(self.redirected_to)
            return f"answered {answer.status}, a redirect to {to} that is not followed, instead of {wanted}"
        said = self._quoted(explain(answer, self._redactor.clean)[0])
        return f"answered {answer.status} instead of {wanted}" + (f" ({said})" if said else "")

    def _about_certificate(self, least: float):
        left = self.certificate_days_left
        if left is None:
            yield "has no TLS certificate"
        elif left < least:
            ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._certificate_ends_at))
            yield f"its certificate is valid for {left} more days (until {ends}), less than {least}"

    def _about_headers(self, headers, wanted: dict):
        for name, pattern in wanted.items():
            value = headers.get(name)
            if value is None:
                yield f"has no header {name}"
            elif not re.search(str(pattern), value):
                yield f"its header {name} is {self._quoted(value)!r}, which does not match {pattern!r}"

    def _about_text(self, answer):
        text, where = _text(answer), _where(answer)
        for wanted in self._expected["contains"] or []:
            if wanted not in text:
                yield f"does not contain {wanted!r}{where}"
        for wanted in self._expected["matches"] or []:
            if not re.search(wanted, text):
                yield f"does not match {wanted!r}{where}"
        for unwanted in self._expected["not_contains"] or []:
            if unwanted in text:
                yield f"contains {unwanted!r}"

    def _about_json(self, answer, wanted: dict):
        try:
            data = json.loads(answer.content)
        except (ValueError, RecursionError):
            yield f"is no JSON{_where(answer)} ({self._quoted(explain(answer, self._redactor.clean)[0]) or 'empty'})"
            return
        for path, expected in wanted.items():
            found = value_at(data, parse_path(path))
            if not is_as_expected(found, expected):
                has = "nothing" if found is NOTHING else self._quoted(json.dumps(found, ensure_ascii=False))
                yield f"has {has} at {path or 'the top'} instead of {json.dumps(expected, ensure_ascii=False)}"


def _is_url(url: str) -> bool:
    """Whether all parsers read it alike: no backslash, no white space, a host without odd characters."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https")
            and parts.port != 0
            and re.fullmatch(r"[\w.-]+|[0-9a-f:.]+(%25\w+)?", parts.hostname or "") is not None
            and url.isprintable()
            and re.search(r"[\s\\]", url) is None
        )
    except ValueError:
        return False


def _is_as_trusted(url: str, target: str) -> bool:
    """Whether what was meant for a URL may go to the target as well: the same host and port, or its https."""
    (scheme, host, port), (new_scheme, new_host, new_port) = map(_origin, (url, target))
    return host == new_host and (
        (scheme, port) == (new_scheme, new_port) or (scheme, port, new_scheme, new_port) == ("http", 80, "https", 443)
    )


def _origin(url: str):
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]


def _text(answer) -> str:
    charset = re.search(r"charset=\"?([\w.:-]+)", answer.headers.get("Content-Type") or "")
    try:
        return answer.content.decode(charset.group(1) if charset else "utf-8", "replace")
    except LookupError:
        return answer.content.decode("utf-8", "replace")


def _where(answer) -> str:
    return f" in its first {LOOKED_AT // 1024**2} MiB" if len(answer.content) >= LOOKED_AT else ""


# -- many checks -------------------------------------------------------------------------------------------------------


def hold(http, checks: list, *, wait: bool, timeout: float, interval: float) -> None:
    """Looks at the checks, side by side, until each has held once; with wait again and again, for timeout seconds."""
    ends_at = http.clock.monotonic() + min(timeout, max(0.0, http.remaining()))

    def look():
        now = http.clock.monotonic()
        in_parallel(
            http,
            [check for check in checks if not check.ok and check.not_before <= now],
            lambda own, check: check.look(own),
            CONCURRENCY,
        )

    def is_over(_state) -> bool:
        return not wait or all(check.ok or check.not_before > ends_at for check in checks)

    try:
        wait_until(
            look,
            is_over,
            Patience(http.clock, ends_at - http.clock.monotonic(), interval, http.progress),
            what="verification",
            show=lambda _state: f"{sum(bool(check.ok) for check in checks)} of {len(checks)} checks hold",
        )
    except WaitFailed:
        # Each check knows better what is missing.
        pass


def failure(checks: list, seconds: float) -> PaasError | None:
    """One error for all checks that do not hold, None without any; those that were not looked at do not count."""
    failed = [check for check in checks if check.ok is False]
    if not failed:
        return None
    sentences = []
    for check in failed:
        asked = f" The server asks to wait until {check.retry_at}." if check.retry_at else ""
        sentences.append(
            f"{check.method} {check.shown_url} {'; '.join(check.problems)}{_looks(check.attempts)}.{asked}"
        )
    first = failed[0]
    error = PaasError(
        f"{len(failed)} of {len(checks)} checks failed within {seconds:.0f} s. " + " ".join(sentences),
        operation="verify",
        method=first.method,
        url=first.shown_url,
        status=first.status,
        code="check_failed",
    )
    retry_at = [check.retry_at for check in failed if check.retry_at]
    if retry_at:
        error.details["retry_at"] = max(retry_at)
    error.results = {"checks": [check.result() for check in checks]}
    return error


def _looks(attempts: int) -> str:
    return f" (looked {attempts} times)" if attempts > 1 else ""
