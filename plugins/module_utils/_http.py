# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTP session: auth, TLS, timeouts, retries, rate limits, redaction. PRIVATE to the collection.

Knows neither Ansible nor any platform's resources: usable from plain Python as
C(Http("Netlify", "https://api.netlify.com/api/v1", auth=HeaderAuth("Authorization", "Bearer ..."))).

The only place that imports C(requests).
"""

from __future__ import annotations

import calendar
import contextlib
import email.utils
import html
import ipaddress
import json
import random
import re
import threading
import time
import traceback
from urllib.parse import quote, urlsplit

from ansible_collections.webops.paas.plugins.module_utils._errors import ApiError, InvalidInput, LostAnswer
from ansible_collections.webops.paas.plugins.module_utils._version import HOMEPAGE, VERSION

try:
    import requests
    import requests.adapters
    import urllib3.exceptions
except ImportError:
    requests = None
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

USER_AGENT = f"webops.paas/{VERSION} (Ansible collection; {HOMEPAGE})"
CONNECT_TIMEOUT = 10.0
BACKOFF_BASE = 0.5
BACKOFF_CAP = 30.0
MAX_REDIRECTS = 5
READ_BLOCK = 64 * 1024
# What a platform says is quoted in messages up to this many characters.
QUOTED_CHARACTERS = 500
# Answers that tell of a passing condition (RFC 9110 and RFC 6585); every 5xx counts too.
TRANSIENT_STATUS = frozenset({408, 425, 429})


class Clock:
    """Time and chance, in one object that tests replace so that they never really wait."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def random(self) -> float:
        """A number from 0 to below 1."""
        return random.random()


class HeaderAuth:
    """Puts a credential into a header.

    An auth object rather than a session header: with a plain header requests lets ~/.netrc replace it.
    """

    def __init__(self, header: str, value: str) -> None:
        self._header = header
        self._value = value

    def __call__(self, request):
        request.headers[self._header] = self._value
        return request


def no_auth(request):
    """For calls without a credential; keeps requests from looking into ~/.netrc."""
    return request


class Redactor:
    """Replaces secrets in texts, also where a server echoes them quoted, escaped or percent-encoded."""

    MASK = "********"

    def __init__(self) -> None:
        self._forms: list[str] = []

    def add(self, *secrets) -> None:
        for secret in secrets:
            if not isinstance(secret, str) or not secret:
                continue
            forms = {secret, secret.strip(), quote(secret, safe=""), quote(secret), html.escape(secret), repr(secret)[1:-1],
                     json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
            self._forms = sorted(forms.union(self._forms) - {""}, key=len, reverse=True)

    def clean(self, value):
        """value: text, or a list or dict of such; numbers and booleans are left as they are."""
        if isinstance(value, str):
            for form in self._forms:
                value = value.replace(form, self.MASK)
            return value
        if isinstance(value, dict):
            return {self.clean(key): self.clean(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.clean(item) for item in value]
        return value


class Answer:
    """What came back: C(status), C(headers) (case-insensitive), C(content) bytes, C(data) parsed JSON or None."""

    def __init__(self, status: int, headers, content: bytes) -> None:
        self.status = status
        self.headers = headers
        self.content = content
        self.data = None


class _Unreachable(Exception):
    """No connection came about, so nothing was processed. C(final): trying again cannot help."""

    def __init__(self, reason: str, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class _Broken(Exception):
    """The request was (at least partly) sent and no whole answer came back."""


def is_loopback(host: str | None) -> bool:
    """True for localhost, *.localhost, 127/8 and ::1, literally: DNS is never asked (it could lie)."""
    if not host:
        return False
    host = host.rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_url(url: str, option: str = "api_url") -> str:
    """A base URL without a trailing slash; refuses what a credential must not be sent to."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and " " not in url
    except ValueError:
        usable = False
    if not usable:
        shown = re.sub(r"//[^/@]*@", "//", url)
        raise InvalidInput(option, f"{option} must be a URL such as https://api.example.com/v1, not {shown!r}.")
    if parts.username or parts.password:
        raise InvalidInput(option, f"{option} must not carry a user name or password; use the token option.")
    if parts.query or parts.fragment:
        raise InvalidInput(option, f"{option} must not have a query or a fragment: {url!r}.")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise InvalidInput(option, f"{option} is plain http ({url}): a token would travel readable. Use https; plain http is "
                                   "accepted for loopback hosts only (localhost, *.localhost, 127.0.0.0/8, ::1).")
    return url.rstrip("/")


class Http:
    """Requests to one platform within one task.

    base_url: as C(checked_url) returns it. timeout: seconds for one request. retries: how often one call is
    repeated. deadline: seconds for everything this object and its clones do. warn: called with a sentence.
    before_request: called as (method, path) before each attempt, for progress and tests.
    """

    def __init__(self, platform: str, base_url: str, auth=None, *, validate_certs: bool = True, ca_path: str | None = None,
                 timeout: float = 30.0, retries: int = 5, deadline: float = 1800.0, clock: Clock | None = None,
                 warn=None, redactor: Redactor | None = None) -> None:
        self.platform = platform
        self.base_url = base_url
        self.auth = auth or no_auth
        self.verify = (ca_path or True) if validate_certs else False
        self.timeout = timeout
        self.retries = retries
        self.deadline = deadline
        self.clock = clock or Clock()
        self.redactor = redactor or Redactor()
        self._ends_at = self.clock.monotonic() + deadline
        self._warn = warn or (lambda message: None)
        self.lock = threading.Lock()
        # One entry per write that the platform confirmed: a failing task can say that it has changed something.
        self.confirmed_writes: list[str] = []
        self._session = None
        if not validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def clone(self) -> Http:
        """The same, with a connection of its own: for another thread (a requests session is not thread-safe)."""
        twin = object.__new__(Http)
        twin.__dict__.update(self.__dict__, _session=None)
        return twin

    def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def remaining(self) -> float:
        """Seconds until the deadline."""
        return self._ends_at - self.clock.monotonic()

    def warn(self, message: str) -> None:
        with self.lock:
            self._warn(self.redactor.clean(message))

    # -- one call ------------------------------------------------------------------------------------------------------

    def request(self, method: str, path: str, *, operation: str, query: dict | None = None, body=None, stream=None,
                headers: dict | None = None, idempotent: bool | None = None, retry_status=(), shape=None,
                is_write: bool | None = None) -> Answer:
        """Sends one call and returns the answer with a 2xx status; all else raises.

        operation: the platform's name for the call. path: below base_url, percent-encoded. body: sent as JSON.
        stream: a function that opens the bytes to send, anew for each attempt (a context manager).
        idempotent: sending it again does no harm; default by method (RFC 9110, PATCH and POST not). A call that is
        not is repeated only when it provably was not processed, else C(LostAnswer) is raised.
        retry_status: further statuses to treat as passing. shape: the type that the JSON answer must have (dict, list),
        None when the body does not matter. is_write: default everything but GET and HEAD.
        Raises ApiError, LostAnswer.
        """
        call = _Call(self, method, path, operation)
        idempotent = method in ("GET", "HEAD", "PUT", "DELETE") if idempotent is None else idempotent
        is_write = method not in ("GET", "HEAD") if is_write is None else is_write
        attempt = 0
        while True:
            call.check_deadline()
            wait = None
            try:
                answer = self._send(call, query, body, stream, headers, shape)
            except _Unreachable as error:
                failure = call.error(f"could not connect to {call.host}: {error}", code="unreachable")
                if error.final:
                    raise failure from None
            except _Broken as error:
                failure = call.error(str(error), code="no_answer", lost=not idempotent)
                if not idempotent:
                    raise failure from None
            else:
                if 200 <= answer.status < 300:
                    if is_write:
                        self.confirmed_writes.append(operation)
                    return answer
                transient = answer.status in TRANSIENT_STATUS or answer.status >= 500 or answer.status in retry_status
                unprocessed = answer.status == 429
                failure = call.refusal(answer, lost=transient and not unprocessed and not idempotent)
                if not transient or not (idempotent or unprocessed):
                    raise failure
                wait = self._asked_wait(answer)
            if attempt >= self.retries:
                failure.message += f" (tried {attempt + 1} times)"
                raise failure
            self._pause(call, failure, attempt, wait)
            attempt += 1

    def pages(self, path: str, *, operation: str, query: dict | None = None, per_page: int = 100, limit: int | None = None):
        """Yields the rows of a paginated list (page and per_page, Link header), each page as it is needed.

        Ends at a page without rel="next", or, where a server sends no Link at all, at a short page. The page number is
        counted here; the URLs of the Link header are not followed, since they name the platform's own host.
        """
        page, found = 1, 0
        while True:
            answer = self.request("GET", path, operation=operation, query={**(query or {}), "page": page, "per_page": per_page}, shape=list)
            for row in answer.data:
                yield row
                found += 1
                if limit is not None and found >= limit:
                    return
            link = answer.headers.get("Link")
            more = 'rel="next"' in link if link else len(answer.data) >= per_page
            if not more or not answer.data:
                return
            page += 1

    # -- its parts -----------------------------------------------------------------------------------------------------

    def _send(self, call: _Call, query, body, stream, headers, shape) -> Answer:
        """One attempt, redirects on the same host included."""
        url = self.base_url + call.path
        for _hop in range(MAX_REDIRECTS + 1):
            answer = self._exchange(call, url, query, body, stream, headers)
            target = answer.headers.get("Location") if answer.status in (301, 302, 303, 307, 308) else None
            if target is None:
                break
            target = requests.compat.urljoin(url, target)
            if _origin(target) != _origin(self.base_url):
                raise call.error(f"answered {answer.status} with a redirect to another host ({urlsplit(target).hostname}), which is not followed",
                                 code="foreign_redirect", status=answer.status)
            if call.method not in ("GET", "HEAD"):
                raise call.error(f"answered {answer.status} with a redirect, which is not followed for a {call.method}", code="redirect",
                                 status=answer.status)
            url, query = target, None
        else:
            raise call.error(f"was redirected more than {MAX_REDIRECTS} times", code="redirect_loop")
        if 200 <= answer.status < 300 and shape is not None:
            answer.data = _parsed(answer.content, shape)
        return answer

    def _exchange(self, call: _Call, url: str, query, body, stream, headers) -> Answer:
        session = self._open_session()
        budget = max(0.001, min(self.timeout, self.remaining()))
        data, headers = None, dict(headers or {})
        with contextlib.ExitStack() as opened:
            if stream is not None:
                data = opened.enter_context(stream())
            elif body is not None:
                data = json.dumps(body, separators=(",", ":")).encode("utf-8")
                headers.setdefault("Content-Type", "application/json")
            try:
                response = session.request(call.method, url, params=query, data=data, headers=headers, auth=self.auth, verify=self.verify,
                                           timeout=(min(CONNECT_TIMEOUT, budget), budget), allow_redirects=False, stream=True)
                opened.callback(response.close)
                return Answer(response.status_code, response.headers, self._content(response, budget))
            except requests.exceptions.SSLError as error:
                raise _Unreachable(f"TLS failed: {_root_cause(error)}. For a private certificate authority set ca_path.", final=True) from None
            except (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError) as error:
                raise _Unreachable(_root_cause(error)) from None
            except requests.exceptions.InvalidHeader as error:
                raise _Unreachable(f"a header value is not valid ({type(error).__name__})", final=True) from None
            except requests.exceptions.Timeout:
                raise _Broken(f"timed out after {budget:g} s without an answer") from None
            except requests.exceptions.RequestException as error:
                if isinstance(getattr(error.args[0] if error.args else None, "reason", None), urllib3.exceptions.NewConnectionError):
                    raise _Unreachable(_root_cause(error)) from None
                raise _Broken(f"the connection was lost before a whole answer came ({_root_cause(error)})") from None

    def _content(self, response, budget: float) -> bytes:
        """The body, read in blocks: a server that drips bytes must not outlast the timeout."""
        ends_at = self.clock.monotonic() + budget
        blocks = []
        for block in response.iter_content(READ_BLOCK):
            blocks.append(block)
            if self.clock.monotonic() > ends_at:
                raise _Broken(f"timed out after {budget:g} s in the middle of an answer")
        content = b"".join(blocks)
        announced = response.headers.get("Content-Length")
        if (announced and announced.isdigit() and "Content-Encoding" not in response.headers
                and response.request.method != "HEAD" and len(content) < int(announced)):
            raise _Broken(f"the connection was lost after {len(content)} of {announced} bytes")
        return content

    def _open_session(self):
        if self._session is None:
            self._session = requests.Session()
            # A proxy that the environment names is never meant for this machine itself.
            self._session.trust_env = not is_loopback(urlsplit(self.base_url).hostname)
            self._session.headers["User-Agent"] = USER_AGENT
            self._session.headers["Accept"] = "application/json"
        return self._session

    def _asked_wait(self, answer: Answer) -> float | None:
        """Seconds that the server asks to wait: Retry-After (seconds or date), then X-RateLimit-Reset (epoch or date)."""
        if answer.status not in (429, 503):
            return None
        now = self.clock.now()
        asked = _seconds_or_date(answer.headers.get("Retry-After"), now, relative=True)
        if asked is None and answer.status == 429:
            asked = _seconds_or_date(answer.headers.get("X-RateLimit-Reset"), now, relative=False)
        # A moment that has just passed, or a clock that is off: never repeat at once.
        return None if asked is None else max(asked, 1.0)

    def _pause(self, call: _Call, failure: ApiError, attempt: int, asked: float | None) -> None:
        if asked is not None:
            until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.clock.now() + asked))
            if asked > self.remaining():
                failure.message += (f" The platform asks to wait until {until} ({asked:.0f} s), which is beyond this task's deadline "
                                    f"({max(0, self.remaining()):.0f} s are left). Run again after that time, or raise the deadline option.")
                failure.details["retry_at"] = until
                raise failure
            if failure.status == 429:
                self.warn(f"{self.platform} limits the rate of {call.operation}: waiting {asked:.0f} s, until {until}.")
            delay = asked + self.clock.random()
        else:
            delay = min(BACKOFF_CAP, BACKOFF_BASE * 2 ** attempt) * (0.5 + self.clock.random() / 2)
        self.clock.sleep(max(0.0, min(delay, self.remaining())))


class _Call:
    """One call's names, and the errors that carry them."""

    def __init__(self, http: Http, method: str, path: str, operation: str) -> None:
        self.http = http
        self.method = method
        self.path = path
        self.operation = operation
        parts = urlsplit(http.base_url)
        self.host = parts.netloc
        self.full_path = parts.path + path

    def error(self, what: str, *, lost: bool = False, **details) -> ApiError:
        clean = self.http.redactor.clean
        path = clean(self.full_path)
        if lost:
            what += ". It may or may not have been processed"
        return (LostAnswer if lost else ApiError)(
            f"{self.http.platform} {self.operation} failed: {self.method} {path} {clean(what)}.",
            platform=self.http.platform.lower(), operation=self.operation, method=self.method, path=path,
            status=details.pop("status", None), code=details.pop("code", None), request_id=details.pop("request_id", None))

    def refusal(self, answer: Answer, lost: bool = False) -> ApiError:
        message, code = explain(answer)
        request_id = answer.headers.get("X-Request-Id")
        what = f"answered {answer.status}" + (f": {message}" if message else " without a message")
        if answer.status == 401:
            what += " (is the token right, and not expired?)"
        return self.error(what.rstrip("."), lost=lost, status=answer.status, request_id=self.http.redactor.clean(request_id),
                          code=self.http.redactor.clean(code) if code is not None else None)

    def check_deadline(self) -> None:
        if self.http.remaining() <= 0:
            raise self.error(f"was not sent: the deadline of {self.http.deadline:g} s for the whole task has passed", code="deadline")


def explain(answer: Answer) -> tuple[str, object]:
    """(message, code) out of an error answer of any shape.

    Seen in fact: {"code", "message"}; {"errors": {field: [texts]}}; {"errors": "text"}; {"error": "text"};
    {"status", "error"}; GraphQL {"errors": [{"message", "extensions": {"code"}}]}; {"message", "errorCode"}; HTML; plain
    text; nothing.
    """
    text = answer.content.decode("utf-8", "replace").strip()
    try:
        data = json.loads(text)
    except ValueError:
        return _bounded(_plain(text)), None
    if not isinstance(data, dict):
        return _bounded(text), None
    code = data.get("errorCode", data.get("code"))
    for key in ("message", "errors", "error"):
        found = data.get(key)
        if isinstance(found, str) and found.strip():
            return _bounded(found.strip()), code
        if isinstance(found, dict) and found:
            if isinstance(found.get("message"), str):
                return _bounded(found["message"]), found.get("code", code)
            return _bounded("; ".join(f"{field} {_texts(texts)}" for field, texts in found.items())), code
        if isinstance(found, list) and found:
            if code is None and isinstance(found[0], dict):
                code = (found[0].get("extensions") or {}).get("code") or found[0].get("errorType")
            return _bounded("; ".join(_texts(item.get("message") if isinstance(item, dict) else item) for item in found)), code
    return _bounded(text), code


def _texts(value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _plain(text: str) -> str:
    """The gist of an HTML page: its title, else its text."""
    if not text.startswith("<"):
        return text
    title = re.search(r"<(title|h1)[^>]*>(.*?)</\1>", text, re.IGNORECASE | re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", title.group(2) if title else text)).split())


def _bounded(text: str) -> str:
    return text if len(text) <= QUOTED_CHARACTERS else text[:QUOTED_CHARACTERS] + "..."


def _parsed(content: bytes, shape):
    try:
        data = json.loads(content)
    except ValueError:
        raise _Broken("answered with something that is not whole JSON") from None
    if not isinstance(data, shape):
        raise _Broken(f"answered with a JSON {type(data).__name__} where a {shape.__name__} was expected")
    return data


def _root_cause(error: BaseException) -> str:
    """The innermost reason of a nested exception of requests, in a few words."""
    seen = 0
    while seen < 8:
        seen += 1
        inner = getattr(error, "reason", None)
        if not isinstance(inner, BaseException):
            inner = next((item for item in error.args if isinstance(item, BaseException)), None) or error.__cause__
        if inner is None:
            break
        error = inner
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = str(error.args[-1] if error.args else error) or type(error).__name__
    # urllib3 writes the object in front: "<...HTTPConnection object at 0x...>: Failed to ...", or its repr as host=..., port=...
    return _bounded(re.sub(r"^(<[^>]*>|HTTPS?Connection\([^)]*\)):\s*", "", text).rstrip("."))


def _seconds_or_date(value: str | None, now: float, relative: bool) -> float | None:
    """Seconds from now. A number means seconds (relative) or an epoch; else an HTTP or ISO 8601 date."""
    if not value:
        return None
    value = value.strip()
    try:
        number = float(value)
    except ValueError:
        moment = _epoch(value)
        return None if moment is None else moment - now
    if number != number or number in (float("inf"), float("-inf")):
        return None
    return number if relative else number - now


def _epoch(text: str) -> float | None:
    parsed = email.utils.parsedate_tz(text)
    if parsed is not None:
        try:
            return float(email.utils.mktime_tz(parsed))
        except (ValueError, OverflowError):
            return None
    matched = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?\s*(?:Z|UTC|\+00:?00)?$", text)
    if matched is None:
        return None
    try:
        return float(calendar.timegm(time.strptime(" ".join(matched.groups()), "%Y-%m-%d %H:%M:%S")))
    except ValueError:
        return None


def _origin(url: str):
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)
