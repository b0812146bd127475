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
import functools
import html
import http.client
import io
import ipaddress
import json
import math
import os
import random
import re
import ssl
import threading
import time
import traceback
from urllib.parse import unquote, urljoin, urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, LostAnswer
from ansible_collections.webops.paas.plugins.module_utils._core.version import HOMEPAGE, VERSION

try:
    import requests
    import requests.adapters
    import urllib3
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
# Small bodies go out in one piece with their headers, larger ones in blocks.
READ_BLOCK = 64 * 1024
# One day. More seconds than a socket takes would be an error.
LONGEST_TIMEOUT = 86400.0
# A server that asks to wait for longer than a year has sent something else than a time.
LONGEST_WAIT = 366 * 86400.0
# How often progress is told, in seconds; what is over sooner passes without a word.
PROGRESS_EVERY = 5.0
# What a platform says is quoted in messages up to this many characters.
QUOTED_CHARACTERS = 500
# What Http.look reads of a body.
LOOKED_AT = 8 * 1024 * 1024
# Answers that tell of a passing condition (RFC 9110 and RFC 6585); every 5xx counts too.
TRANSIENT_STATUS = frozenset({408, 425, 429})
# What OpenSSL calls the failures that come before anything was sent and that trying again does not cure.
FINAL_TLS_REASONS = frozenset(
    {
        "CERTIFICATE_VERIFY_FAILED",
        "NO_CERTIFICATE_OR_CRL_FOUND",
        "NO_PROTOCOLS_AVAILABLE",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "TLSV1_UNRECOGNIZED_NAME",
        "UNSUPPORTED_PROTOCOL",
        "WRONG_VERSION_NUMBER",
    }
)


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
        if not value.isascii() or not value.isprintable():
            raise InvalidInput("token", f"What goes into the header {header} has characters that no header can have.")
        self._header = header
        self._value = value

    def __eq__(self, other) -> bool:
        return isinstance(other, HeaderAuth) and (self._header, self._value) == (other._header, other._value)

    def __hash__(self) -> int:
        return hash((self._header, self._value))

    def __call__(self, request):
        request.headers[self._header] = self._value
        return request


def no_auth(request):
    """For calls without a credential; keeps requests from looking into ~/.netrc."""
    return request


class Redactor:
    """Replaces secrets in texts, also where a server echoes them quoted, escaped or percent-encoded."""

    MASK = "********"
    # Of what is looked for in quotes only, shorter values (1, eu) are masked as whole words.
    LONG_ENOUGH_ANYWHERE = 4

    def __init__(self) -> None:
        self._secrets: set[str] = set()
        self._pattern = None
        self._quoted_secrets: set[str] = set()
        self._quoted_pattern = None

    def add(self, *secrets) -> None:
        """White space around a secret is none of it; what is no text or empty is passed over."""
        self._secrets.update(_bare(secrets))
        self._pattern = self._pattern_of(self._secrets)
        self._quoted_pattern = self._pattern_of(self._secrets | self._quoted_secrets, self._secrets)

    def add_quoted(self, *secrets) -> None:
        """Secrets that may be anything (true, 1, production): they are looked for in what a platform says, never in our own words."""
        self._quoted_secrets.update(_bare(secrets))
        self._quoted_pattern = self._pattern_of(self._secrets | self._quoted_secrets, self._secrets)

    def clean(self, value):
        """value: text, or a list or dict of such; numbers and booleans are left as they are."""
        return self._replaced(self._pattern, value)

    def clean_quote(self, value):
        """The same for what a platform has said: an error's text, a build log."""
        return self._replaced(self._quoted_pattern, value)

    def _replaced(self, pattern, value):
        if isinstance(value, str):
            return pattern.sub(self.MASK, value) if pattern else value
        if isinstance(value, dict):
            return {self._replaced(pattern, key): self._replaced(pattern, item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._replaced(pattern, item) for item in value]
        return value

    def _pattern_of(self, secrets: set, anywhere: set | None = None):
        longest_first = sorted(secrets, key=lambda secret: (-len(secret), secret))
        patterns = []
        for secret in longest_first:
            pattern = "".join(map(_spellings, secret))
            is_short = anywhere is not None and secret not in anywhere and len(secret) < self.LONG_ENOUGH_ANYWHERE
            patterns.append(rf"(?<![^\W_]){pattern}(?![^\W_])" if is_short else pattern)
        return re.compile("|".join(patterns)) if patterns else None


def _bare(secrets) -> set:
    return {secret.strip() for secret in secrets if isinstance(secret, str) and secret.strip()}


def _spellings(character: str) -> str:
    """A pattern of all the ways in which servers and Python write a character: JSON, repr, URL (also twice), HTML."""
    if character.isascii() and character.isalnum():
        return character
    number = ord(character)
    units = character.encode("utf-16-be", "surrogatepass")
    in_url = [f"{byte:02x}" for byte in character.encode("utf-8", "surrogatepass")]
    ways = {
        re.escape(character),
        r"\\" + re.escape(character),
        re.escape(html.escape(character)),
        re.escape(repr(character)[1:-1]),
        re.escape(ascii(character)[1:-1]),
        re.escape(json.dumps(character)[1:-1]),
        "(?i:" + "".join(f"%(?:25)?{byte}" for byte in in_url) + ")",
        "(?i:" + "".join(rf"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)) + ")",
        f"(?i:&#(?:0*{number}|x0*{number:x});)",
    }
    if character == " ":
        ways.add(r"\+")
    return "(?:" + "|".join(sorted(ways, key=len, reverse=True)) + ")"


class Answer:
    """What came back: C(status), C(headers) (case-insensitive), C(content) bytes, C(data) parsed JSON or None.

    C(certificate_ends_at): seconds since the epoch, None without a verified certificate. C(asked_wait): seconds that the
    server asks to wait before the next call, None when it does not.
    """

    def __init__(self, status: int, headers, content: bytes, certificate_ends_at: float | None = None) -> None:
        self.status = status
        self.headers = headers
        self.content = content
        self.certificate_ends_at = certificate_ends_at
        self.asked_wait: float | None = None
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
    host = (host or "").lower()
    if host in ("localhost", "::1") or re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.localhost", host):
        return True
    try:
        return ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return False


def checked_url(url: str, option: str = "api_url") -> str:
    """A base URL without a trailing slash; refuses what a credential must not be sent to.

    Host names are plain ASCII, so that this function and the one that connects cannot read a URL differently.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        usable = (
            parts.scheme in ("http", "https")
            and parts.port != 0
            and url.isascii()
            and url.isprintable()
            and not re.search(r"[\s\\]", url)
            and re.fullmatch(r"[a-z0-9_.-]+|[0-9a-f:]+(\.[0-9.]+)?", host)
        )
    except ValueError:
        usable = False
    if usable and "@" in parts.netloc:
        raise InvalidInput(option, f"{option} must not carry a user name or password; use the token option.")
    if usable and ("?" in url or "#" in url):
        raise InvalidInput(option, f"{option} must not have a query or a fragment.")
    if not usable:
        # What is not understood is quoted only where no password or token can hide in it.
        shown = repr(url) if re.fullmatch(r"[\w./:-]{0,100}", url) else "what was given"
        raise InvalidInput(
            option, f"{option} must be a URL such as https://api.example.com/v1, in plain ASCII, and {shown} is none."
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise InvalidInput(
            option,
            f"{option} is plain http ({url}): a token would travel readable. Use https; plain http is "
            "accepted for loopback hosts only (localhost, *.localhost, 127.0.0.0/8, ::1).",
        )
    return url.rstrip("/")


class _TimedReader(io.RawIOBase):
    """Reads one answer from a socket within the socket's timeout.

    The socket's own timeout begins anew with every byte, so that a server that drips bytes could hold a task for ever.
    """

    def __init__(self, raw, sock) -> None:
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._timeout = sock.gettimeout()
        self._ends_at = None if self._timeout is None else time.monotonic() + self._timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if self._ends_at is None:
            return self._raw.readinto(buffer)
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        try:
            return self._raw.readinto(buffer)
        finally:
            self._sock.settimeout(self._timeout)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    def __init__(self, sock, *args, **kwargs) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock))
        self.sock = sock


class ConnectTo:
    """Where to connect instead of where a URL leads, as curl's --connect-to; certificates and Host header stay the URL's.

    rules: texts "HOST1:PORT1:HOST2:PORT2". The first whose HOST1 and PORT1 are the URL's holds; an empty one is any. An
    empty HOST2 or PORT2 is the URL's own. An IPv6 address stands in brackets.
    """

    RULE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]*):(\d{0,5}):(\[[0-9A-Fa-f:.]+\]|[\w.-]*):(\d{0,5})", re.ASCII)

    def __init__(self, rules=(), option: str = "connect_to") -> None:
        self._rules = []
        for rule in rules:
            matched = self.RULE.fullmatch(rule.strip())
            ports = [int(port or 1) for port in matched.group(2, 4)] if matched else []
            if not matched or not all(0 < port < 65536 for port in ports):
                raise InvalidInput(
                    option,
                    f"{option} has {rule!r}, which is not of the form HOST1:PORT1:HOST2:PORT2, for example "
                    "www.example.com:443:192.0.2.1:443.",
                )
            self._rules.append(tuple(part.lower() for part in matched.groups()))

    @property
    def rules(self) -> tuple:
        return tuple(self._rules)

    def target(self, url: str):
        """(host, port) to connect to, None where no rule holds."""
        _scheme, host, port = _origin(url)
        for from_host, from_port, to_host, to_port in self._rules:
            if from_host in ("", host.lower()) and from_port in ("", str(port)):
                return to_host or host, int(to_port or port)
        # This machine by definition (RFC 6761): a resolver that does not know it, or that lies, is not asked.
        return ("127.0.0.1", port) if host.lower().endswith(".localhost") else None


def _certificate_end(response) -> float | None:
    """Until when the server's certificate is valid (epoch). One that was not verified has no parsed form."""
    sock = response.raw._original_response.sock
    certificate = sock.getpeercert() if hasattr(sock, "getpeercert") else None
    return float(ssl.cert_time_to_seconds(certificate["notAfter"])) if certificate else None


@functools.cache
def _adapter_class():
    """The adapter of all sessions; made once, when requests is known to be there."""

    def timed(pool):
        """A pool class of urllib3 whose connections read their answers with a _TimedResponse."""
        connection = type("Connection", (pool.ConnectionCls,), {"response_class": _TimedResponse})
        return type("ConnectionPool", (pool,), {"ConnectionCls": connection})

    pools = {"http": timed(urllib3.HTTPConnectionPool), "https": timed(urllib3.HTTPSConnectionPool)}

    class Adapter(requests.adapters.HTTPAdapter):
        """connect_to: a ConnectTo."""

        def __init__(self, connect_to: ConnectTo) -> None:
            self.connect_to = connect_to
            super().__init__()

        def send(self, request, *args, **kwargs):
            target = self.connect_to.target(request.url)
            if target is not None:
                parts = urllib3.util.parse_url(request.url)
                request.headers.setdefault("Host", parts.netloc)
                if parts.scheme == "https":
                    # urllib3 compares the certificate with this name, and sends it as SNI.
                    self.poolmanager.connection_pool_kw["server_hostname"] = parts.host.strip("[]")
                request.url = parts._replace(host=target[0], port=target[1]).url
            return super().send(request, *args, **kwargs)

        def init_poolmanager(self, *args, **kwargs):
            super().init_poolmanager(*args, **kwargs)
            self.poolmanager.pool_classes_by_scheme = pools

        def proxy_manager_for(self, *args, **kwargs):
            manager = super().proxy_manager_for(*args, **kwargs)
            manager.pool_classes_by_scheme = pools
            return manager

    return Adapter


def _new_session(connect_to: ConnectTo):
    """A requests session of which only the parts are used that a single host needs."""
    session = requests.Session()
    # Read once, in Http: asking the environment again for each request takes longer than all the rest.
    session.trust_env = False
    session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json"})
    session.mount("https://", _adapter_class()(connect_to))
    session.mount("http://", _adapter_class()(connect_to))
    return session


class _Upload:
    """A stream as a body: exactly as many bytes as were announced, and only until the deadline."""

    def __init__(self, stream, size: int, remaining) -> None:
        self._stream = stream
        self._size = self._left = size
        self._remaining = remaining

    def __len__(self) -> int:
        return self._size

    def read(self, size: int = -1) -> bytes:
        if self._left and self._remaining() <= 0:
            raise TimeoutError("timed out")
        block = self._stream.read(self._left if size < 0 else min(size, self._left)) if self._left else b""
        if self._left and not block:
            raise OSError("what was being sent has become shorter")
        self._left -= len(block)
        return block


class Sessions:
    """Connections that outlive a task, for the next one that asks the same platform in the same way.

    Only what the transport needs is kept: nothing that a task has asked, been told or counted.
    """

    # Seconds after which an idle connection is not trusted any more: servers close theirs after 5 s or later (Node.js: 5 s),
    # and a request that meets a closing connection is lost without an answer.
    LONGEST_IDLE = 3.0

    def __init__(self, monotonic=time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._idle: list[tuple] = []

    def take(self, key):
        """A session that was given back under the key a moment ago, or None."""
        with self._lock:
            self._close_old()
            for number, (kept_key, _since, session) in enumerate(self._idle):
                if kept_key == key:
                    del self._idle[number]
                    return session
        return None

    def give_back(self, key, session) -> None:
        with self._lock:
            self._close_old()
            self._idle.append((key, self._monotonic(), session))

    def _close_old(self) -> None:
        oldest = self._monotonic() - self.LONGEST_IDLE
        for _key, since, session in self._idle:
            if since < oldest:
                session.close()
        self._idle = [kept for kept in self._idle if kept[1] >= oldest]


class Http:
    """Requests to one platform within one task.

    base_url: as C(checked_url) returns it. timeout: seconds for one request. retries: how often one call is
    repeated. deadline: seconds for everything this object and its clones do. warn: called with a sentence.
    progress: called with a sentence now and then while something takes long. sessions: where connections come from and go
    to; without it they end with this object.
    Proxies and a CA bundle (REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE) come from the environment, as it is at the beginning.
    """

    def __init__(
        self,
        platform: str,
        base_url: str,
        auth=None,
        *,
        validate_certs: bool = True,
        ca_path: str | None = None,
        timeout: float = 30.0,
        retries: int = 5,
        deadline: float = 1800.0,
        clock: Clock | None = None,
        warn=None,
        redactor: Redactor | None = None,
        connect_to: ConnectTo | None = None,
        progress=None,
        sessions: Sessions | None = None,
    ) -> None:
        self.platform = platform
        self.base_url = base_url
        self.auth = auth or no_auth
        self.connect_to = connect_to or ConnectTo()
        self._trust(validate_certs, ca_path)
        self.timeout = timeout
        self.retries = retries
        self.deadline = deadline
        self.clock = clock or Clock()
        self.redactor = redactor or Redactor()
        self._ends_at = self.clock.monotonic() + deadline
        self._warn = warn or (lambda message: None)
        self._progress = progress
        # When the last word on progress was said (monotonic): shared by all clones.
        self._told = [self.clock.monotonic()]
        self.lock = threading.Lock()
        # Until when (monotonic) an operation is not to be asked for, as the platform told any of the clones.
        self._held: dict[str, float] = {}
        # Once it is set nothing more is sent, repetitions and the rest of a stream included.
        self.cancelled = threading.Event()
        # One entry per write that the platform confirmed: a failing task can say that it has changed something.
        self.confirmed_writes: list[str] = []
        self._session = None
        self._sessions = sessions
        self._others: list[Http] = []
        self._proxies = self._environment_proxies()

    def _trust(self, validate_certs: bool, ca_path: str | None) -> None:
        self.verify = (
            (ca_path or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True)
            if validate_certs
            else False
        )
        if not validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def _environment_proxies(self) -> dict:
        # A proxy that the environment names is never meant for this machine itself, nor for a host that was chosen to connect to.
        if not self.base_url or is_loopback(urlsplit(self.base_url).hostname) or self.connect_to.target(self.base_url):
            return {}
        proxy = requests.utils.select_proxy(self.base_url, requests.utils.get_environ_proxies(self.base_url))
        if not proxy:
            return {}
        proxy = proxy if "://" in proxy else f"http://{proxy}"
        try:
            parts = urlsplit(proxy)
            usable = parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise InvalidInput(
                "https_proxy",
                "The proxy that the environment names (https_proxy or all_proxy) is not a URL such as "
                "http://proxy.example.com:3128.",
            )
        self.redactor.add(parts.password, unquote(parts.password or ""))
        return {urlsplit(self.base_url).scheme: proxy}

    def clone(self) -> Http:
        """The same, with a connection of its own: for another thread (a requests session is not thread-safe)."""
        twin = object.__new__(Http)
        twin.__dict__.update(self.__dict__, _session=None, _others=[])
        return twin

    def at(self, base_url: str, auth=None) -> Http:
        """The same for another address of the platform, with a credential of its own; closed together with this one."""
        other = self.clone()
        other.base_url, other.auth = base_url, auth or no_auth
        other._proxies = other._environment_proxies()
        self._others.append(other)
        return other

    def close(self) -> None:
        for other in self._others:
            other.close()
        session, self._session = self._session, None
        if session is None:
            return
        if self._sessions is None:
            session.close()
        else:
            self._sessions.give_back(self._same_connection(), session)

    def _same_connection(self) -> tuple:
        """What must be equal for a connection to be used again."""
        return self.base_url, self.auth, self.verify, tuple(self._proxies.items()), self.connect_to.rules

    def _open_session(self):
        kept = self._sessions.take(self._same_connection()) if self._sessions else None
        return kept or _new_session(self.connect_to)

    def remaining(self) -> float:
        """Seconds until the deadline."""
        return self._ends_at - self.clock.monotonic()

    def warn(self, message: str) -> None:
        with self.lock:
            self._warn(self.redactor.clean(message))

    def progress(self, message: str) -> None:
        """Says how far it has come; passed over when the last word on it is not long ago."""
        if self._progress is None:
            return
        with self.lock:
            now = self.clock.monotonic()
            if now - self._told[0] >= PROGRESS_EVERY:
                self._told[0] = now
                self._progress(self.redactor.clean(message))

    # -- one call ------------------------------------------------------------------------------------------------------

    def request(
        self,
        method: str,
        path: str,
        *,
        operation: str,
        query: dict | None = None,
        body=None,
        stream=None,
        headers: dict | None = None,
        idempotent: bool | None = None,
        retry_status=(),
        shape=None,
        is_write: bool | None = None,
        polled: bool = False,
    ) -> Answer:
        """Sends one call and returns the answer with a 2xx status; all else raises.

        operation: the platform's name for the call. path: below base_url, percent-encoded. body: sent as JSON.
        stream: a function that opens the bytes to send, anew for each attempt (a context manager).
        idempotent: sending it again does no harm; default by method (RFC 9110, PATCH and POST not). A call that is
        not is repeated only when it provably was not processed, else C(LostAnswer) is raised.
        retry_status: further statuses to treat as passing. shape: the type that the JSON answer must have (dict, list;
        object: any, or no body at all), None when the body does not matter. is_write: default everything but GET and HEAD.
        Raises ApiError, LostAnswer.
        """
        is_write = method not in ("GET", "HEAD") if is_write is None else is_write
        call = _Call(self, method, path, operation, is_write)
        idempotent = method in ("GET", "HEAD", "PUT", "DELETE") if idempotent is None else idempotent
        attempt = 0
        while True:
            self._hold(call)
            call.check_may_be_sent()
            asked = None
            try:
                answer = self._send(call, query, body, stream, headers, shape)
            except _Unreachable as error:
                failure = call.error(f"could not connect to {call.host}: {error}", code="unreachable")
                if error.final or polled:
                    raise failure from None
            except _Broken as error:
                failure = call.error(str(error), code="no_answer", lost=not idempotent)
                if not idempotent or polled:
                    raise failure from None
            else:
                if 200 <= answer.status < 300:
                    return answer
                transient = answer.status in TRANSIENT_STATUS or answer.status >= 500 or answer.status in retry_status
                unprocessed = answer.status == 429
                failure = call.refusal(answer, lost=transient and not unprocessed and not idempotent)
                if not transient or not (idempotent or unprocessed) or polled and not unprocessed:
                    raise failure
                asked = self._asked_wait(answer)
            if attempt >= self.retries:
                if attempt:
                    failure.message += f" (tried {attempt + 1} times)"
                raise failure
            self._pause(call, failure, attempt, asked)
            attempt += 1

    def pages(
        self, path: str, *, operation: str, query: dict | None = None, per_page: int = 100, limit: int | None = None
    ):
        """Yields the rows of a paginated list (page and per_page, Link header), each page as it is needed.

        Ends at a page without rel="next", or, where a server sends no such Link at all, at a short page. The page number
        is counted here; the URLs of the Link header are not followed, since they name the platform's own host.
        """
        page, found, before = 1, 0, None
        while True:
            answer = self.request(
                "GET",
                path,
                operation=operation,
                query={**(query or {}), "page": page, "per_page": per_page},
                shape=list,
            )
            if answer.data and answer.data == before:
                raise _Call(self, "GET", path, operation).error(
                    f"answered page {page} with the very rows of page {page - 1}, so the list would never end",
                    code="endless_pages",
                    status=answer.status,
                )
            for row in answer.data:
                yield row
                found += 1
                if limit is not None and found >= limit:
                    return
            relations = {
                link.get("rel") for link in requests.utils.parse_header_links(answer.headers.get("Link") or "")
            }
            more = (
                "next" in relations if relations & {"next", "prev", "first", "last"} else len(answer.data) >= per_page
            )
            if not more or not answer.data:
                return
            page, before = page + 1, answer.data

    def refusal(self, method: str, path: str, *, operation: str, answer: Answer) -> ApiError:
        """The error of an answer that refuses whatever its status says, as GraphQL's do."""
        return _Call(self, method, path, operation).refusal(answer)

    def look(
        self,
        method: str,
        url: str,
        *,
        operation: str,
        headers: dict | None = None,
        body=None,
        validate_certs: bool = True,
        ca_path: str | None = None,
    ) -> Answer:
        """Sends one request to any URL and returns the answer as it is, whatever its status.

        No credential is added, nothing is repeated, no redirect followed; the connection is a new one, as a visitor's. Of the
        body LOOKED_AT bytes are read. body: sent as it is when it is bytes, else as JSON.
        Raises ApiError, whose message is only what went wrong, when no whole answer came.
        """
        parts = urlsplit(url)
        own = self.clone()
        own.base_url, own.auth, own._sessions = f"{parts.scheme}://{parts.netloc}", no_auth, None
        own._trust(validate_certs, ca_path)
        own._proxies = own._environment_proxies()
        call = _Call(own, method, parts.path, operation)
        stream = (lambda: io.BytesIO(body)) if isinstance(body, bytes) else None
        try:
            answer = own._exchange(call, url, None, None if stream else body, stream, headers, LOOKED_AT)
            answer.asked_wait = own._asked_wait(answer)
            return answer
        except _Unreachable as error:
            raise ApiError(f"could not connect to {call.host}: {error}", code="unreachable") from None
        except _Broken as error:
            raise ApiError(str(error), code="no_answer") from None
        finally:
            own.close()

    # -- its parts -----------------------------------------------------------------------------------------------------

    def _send(self, call: _Call, query, body, stream, headers, shape) -> Answer:
        """One attempt, redirects on the same host included."""
        url = self.base_url + call.path
        for _hop in range(MAX_REDIRECTS + 1):
            answer = self._exchange(call, url, query, body, stream, headers)
            target = answer.headers.get("Location") if answer.status in (301, 302, 303, 307, 308) else None
            if target is None:
                break
            url, query = self._redirected(call, answer.status, url, target), None
        else:
            raise call.error(f"was redirected more than {MAX_REDIRECTS} times", code="redirect_loop")
        if 200 <= answer.status < 300 and shape is not None:
            answer.data = _parsed(answer.content, shape)
        return answer

    def _redirected(self, call: _Call, status: int, url: str, location: str) -> str:
        try:
            target = urljoin(url, location)
            is_own = _origin(target) == _origin(self.base_url)
            host = urllib3.util.parse_url(self.redactor.clean(target)).host
        except ValueError:
            is_own, host = False, None
        if not is_own:
            raise call.error(
                f"answered {status} with a redirect to another host ({host}), which is not followed",
                code="foreign_redirect",
                status=status,
            )
        if call.method not in ("GET", "HEAD"):
            raise call.error(
                f"answered {status} with a redirect, which is not followed for a {call.method}",
                code="redirect",
                status=status,
            )
        return target

    def _exchange(self, call: _Call, url: str, query, body, stream, headers, limit: int | None = None) -> Answer:
        if self._session is None:
            self._session = self._open_session()
        budget = max(0.001, min(self.timeout, self.remaining(), LONGEST_TIMEOUT))
        headers = {**self._session.headers, **(headers or {})}
        with contextlib.ExitStack() as opened:
            data = None
            if stream is not None:
                data = self._body(call, stream, opened)
            elif body is not None:
                data = json.dumps(body, separators=(",", ":")).encode("utf-8")
                headers.setdefault("Content-Type", "application/json")
            try:
                request = requests.PreparedRequest()
                request.prepare_method(call.method)
                request.prepare_url(url, query)
                request.prepare_headers(headers)
                request.body = data
                request.prepare_auth(self.auth)
                # The adapter alone: a session's own send() also keeps cookies and prepares redirects.
                response = self._session.get_adapter(url).send(
                    request,
                    stream=True,
                    timeout=(min(CONNECT_TIMEOUT, budget), budget),
                    verify=self.verify,
                    proxies=self._proxies,
                )
                opened.callback(response.close)
                certificate_end = _certificate_end(response)
                if call.is_write and 200 <= response.status_code < 300:
                    self.confirmed_writes.append(call.operation)
                return Answer(response.status_code, response.headers, _content(response, limit), certificate_end)
            except (OSError, urllib3.exceptions.HTTPError) as error:
                # requests' own exceptions are OSErrors.
                raise _understood(error, budget) from None

    def _body(self, call: _Call, stream, opened):
        try:
            data = opened.enter_context(stream())
            size = requests.utils.super_len(data)
            # None sends Content-Length: 0, where requests would send a stream that is empty in chunks.
            return _Upload(data, size, self._time_to_send) if size > READ_BLOCK else data.read(size) or None
        except OSError as error:
            raise call.error(
                f"was not sent: what is to be sent cannot be read ({error.strerror or error})", code="unreadable"
            ) from None

    def _time_to_send(self) -> float:
        """Seconds that are left for a body that is being sent."""
        return 0.0 if self.cancelled.is_set() else self.remaining()

    def _asked_wait(self, answer: Answer) -> float | None:
        """Seconds that the server asks to wait: Retry-After (seconds or date), then X-RateLimit-Reset (epoch or date)."""
        if answer.status not in (429, 503):
            return None
        now = self.clock.now()
        asked = _seconds_or_date(answer.headers.get("Retry-After"), now)
        if asked is None and answer.status == 429:
            asked = _seconds_or_date(answer.headers.get("X-RateLimit-Reset"), now)
        if asked is None or asked > LONGEST_WAIT:
            return None
        # A moment that has just passed, or a clock that is off: never repeat at once.
        return max(asked, 1.0)

    def _pause(self, call: _Call, failure: ApiError, attempt: int, asked: float | None) -> None:
        """Waits before the next attempt; raises the failure at once when the deadline would come first."""
        left = max(0.0, self.remaining())
        if asked is None:
            delay = min(BACKOFF_CAP, BACKOFF_BASE * 2**attempt) * (0.5 + self.clock.random() / 2)
            if delay >= left:
                failure.message += (
                    f" The deadline of {self.deadline:g} s for the whole task leaves no time to try again."
                )
                raise failure
        else:
            until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.clock.now() + asked))
            if asked >= left:
                failure.message += (
                    f" The platform asks to wait until {until} ({asked:.0f} s), which is beyond this task's deadline "
                    f"({left:.0f} s are left). Run again after that time, or raise the deadline option."
                )
                failure.details["retry_at"] = until
                raise failure
            if self._is_news(call, asked):
                reason = "limits the rate of" if failure.status == 429 else "is not available for"
                self.warn(f"{self.platform} {reason} {call.operation}: waiting {asked:.0f} s, until {until}.")
            # Several runs that were told the same moment should not all come back in that moment.
            delay = min(asked + self.clock.random(), (asked + left) / 2)
        self.clock.sleep(delay)

    def _is_news(self, call: _Call, asked: float) -> bool:
        """Lets all clones wait; False when one of them was told about the same moment before."""
        moment = self.clock.monotonic() + asked
        with self.lock:
            is_later = moment > self._held.get(call.operation, -math.inf) + 1.0
            if is_later:
                self._held[call.operation] = moment
        return is_later

    def _hold(self, call: _Call) -> None:
        """A limit that one upload has met holds for all of them: none asks before the time is up."""
        left = self._held.get(call.operation, -math.inf) - self.clock.monotonic()
        if left > 0:
            self.clock.sleep(min(left + self.clock.random(), max(0.0, self.remaining())))


class _Call:
    """One call's names, and the errors that carry them."""

    def __init__(self, http: Http, method: str, path: str, operation: str, is_write: bool = False) -> None:
        self.http = http
        self.is_write = is_write
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
            platform=self.http.platform.lower(),
            operation=self.operation,
            method=self.method,
            path=path,
            status=details.pop("status", None),
            code=details.pop("code", None),
            request_id=details.pop("request_id", None),
        )

    def refusal(self, answer: Answer, lost: bool = False) -> ApiError:
        clean = self.http.redactor.clean_quote
        message, code = explain(answer, clean)
        # First cleaned, then cut: half a secret is a secret too.
        message, request_id = _bounded(clean(message)), _bounded(clean(answer.headers.get("X-Request-Id") or ""))
        # GraphQL refuses with a 200.
        what = (f"answered {answer.status}" if answer.status >= 300 else "answered with an error") + (
            f": {message}" if message else " without a message"
        )
        if answer.status == 401:
            what += " (is the token right, and not expired?)"
        return self.error(
            what.rstrip("."), lost=lost, status=answer.status, request_id=request_id or None, code=clean(code)
        )

    def check_may_be_sent(self) -> None:
        if self.http.cancelled.is_set():
            raise self.error("was not sent: another call of this task has failed", code="cancelled")
        if self.http.remaining() <= 0:
            raise self.error(
                f"was not sent: the deadline of {self.http.deadline:g} s for the whole task has passed", code="deadline"
            )


def explain(answer: Answer, clean=str) -> tuple[str, object]:
    """(message, code) out of an error answer of any shape; not shortened, and still to be cleaned of secrets.

    clean: masks secrets in a text that is about to be taken apart, and with it perhaps a secret.

    Seen in fact: {"code", "message"}; {"errors": {field: [texts]}}; {"errors": "text"}; {"error": "text"};
    {"status", "error"}; {"error", "code", "internal": [{"name", "reason"}]}; GraphQL {"errors": [{"message", "extensions":
    {"code"}}]}; {"message", "errorCode"}; HTML; plain text; nothing.
    """
    try:
        data = json.loads(answer.content)
    except (ValueError, RecursionError):
        return _plain(clean(answer.content.decode("utf-8-sig", "replace").strip())), None
    # Decoded and written anew: a server may escape characters that the redactor would then have to guess.
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    if not isinstance(data, dict):
        return text, None
    code = data.get("errorCode", data.get("code"))
    for key in ("message", "errors", "error"):
        found = data.get(key)
        if isinstance(found, str) and found.strip():
            return found.strip() + _reasons(data.get("internal")), code
        if isinstance(found, dict) and found:
            if isinstance(found.get("message"), str):
                return found["message"], found.get("code", code)
            return "; ".join(f"{field} {_texts(texts)}" for field, texts in found.items()), code
        if isinstance(found, list) and found:
            first = found[0] if isinstance(found[0], dict) else {}
            extensions = first.get("extensions")
            if code is None:
                code = (extensions.get("code") if isinstance(extensions, dict) else None) or first.get("errorType")
            return "; ".join(
                _texts(item["message"] if isinstance(item, dict) and "message" in item else item) for item in found
            ), code
    return text if data else "", code


def _reasons(internal) -> str:
    """What is told of single objects besides the error itself; of their definitions nothing, as those may be long, and secret."""
    objects = internal if isinstance(internal, list) else []
    told = "; ".join(
        f"{item['name']}: {item['reason']}"
        for item in objects
        if isinstance(item, dict) and item.keys() >= {"name", "reason"}
    )
    return told and f" ({told})"


def _texts(value) -> str:
    if isinstance(value, list):
        return ", ".join(map(_texts, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(text: str) -> str:
    """The gist of an HTML page: its title, else its text."""
    if not text.startswith("<"):
        return text
    title = re.search(r"<(title|h1)[^>]*>(.*?)</\1>", text, re.IGNORECASE | re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", title.group(2) if title else text)).split())


def _bounded(text: str) -> str:
    return text if len(text) <= QUOTED_CHARACTERS else text[:QUOTED_CHARACTERS] + " [...]"


def _content(response, limit: int | None) -> bytes:
    """The whole body, or so many bytes of it; without a limit, of a refusal as much as came and as is worth quoting."""
    is_refusal = limit is None and response.status_code >= 300
    blocks, size = [], 0
    try:
        for block in response.iter_content(READ_BLOCK):
            blocks.append(block)
            size += len(block)
            if is_refusal:
                break
            if limit is not None and size >= limit:
                return b"".join(blocks)[:limit]
    except (OSError, urllib3.exceptions.HTTPError):
        if not is_refusal:
            raise
    # urllib3 before 2 takes a body that was cut short for whole.
    if response.raw.length_remaining and not is_refusal:
        raise _Broken(f"the connection was lost {response.raw.length_remaining} bytes before the end of the answer")
    return b"".join(blocks)


def _parsed(content: bytes, shape):
    if not content and isinstance(None, shape):
        return None
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise _Broken("answered with something that is not whole JSON") from None
    if not isinstance(data, shape):
        raise _Broken(f"answered with a JSON {type(data).__name__} where a {shape.__name__} was expected")
    return data


def _understood(error: Exception, budget: float) -> Exception:
    """An exception of requests or urllib3 as _Unreachable, when certainly nothing was sent, or as _Broken."""
    causes = list(_causes(error))
    reason = _in_words(causes[-1])
    if isinstance(error, requests.exceptions.InvalidHeader):
        # Its text has the value.
        return _Unreachable("a header value is not valid", final=True)
    if isinstance(error, ValueError) or not isinstance(
        error, (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, TimeoutError)
    ):
        # A URL or a proxy's URL that cannot be used; a CA bundle that is not there.
        return _Unreachable(reason, final=True)
    if any(
        isinstance(cause, (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError))
        for cause in causes
    ):
        return _Unreachable(reason)
    if "Tunnel connection failed" in reason:
        return _Unreachable(f"the proxy refused: {reason}")
    if any(
        getattr(cause, "reason", None) in FINAL_TLS_REASONS or type(cause).__name__ == "CertificateError"
        for cause in causes
        if isinstance(cause, ssl.SSLError) or isinstance(cause, ValueError)
    ):
        return _Unreachable(f"TLS failed: {reason}. For a private certificate authority set ca_path", final=True)
    if any(isinstance(cause, (TimeoutError, urllib3.exceptions.ReadTimeoutError)) for cause in causes):
        return _Broken(f"timed out after {budget:g} s without a whole answer")
    return _Broken(f"the connection was lost before a whole answer came ({reason})")


def _causes(error: BaseException):
    """The exception and those that it holds, from the outermost to the innermost."""
    seen: set[int] = set()
    while isinstance(error, BaseException) and id(error) not in seen:
        seen.add(id(error))
        yield error
        reason = getattr(error, "reason", None)
        error = (
            reason
            if isinstance(reason, BaseException)
            else next((item for item in error.args if isinstance(item, BaseException)), error.__cause__)
        )


def _in_words(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = str(error.args[-1] if error.args else error) or type(error).__name__
    # urllib3 writes the object in front: "<...HTTPConnection object at 0x...>: Failed to ...", or its repr as host=..., port=...
    return _bounded(re.sub(r"^(<[^>]*>|HTTPS?Connection\([^)]*\)):\s*", "", text).rstrip("."))


def _seconds_or_date(value: str | None, now: float) -> float | None:
    """Seconds from now, None for what is neither: seconds, an epoch (also in milliseconds), an HTTP or ISO 8601 date."""
    if not value:
        return None
    value = value.strip()
    try:
        number = float(value)
    except ValueError:
        moment = _epoch(value)
        return None if moment is None else moment - now
    if not math.isfinite(number):
        return None
    if number < 1e9:
        return number
    return (number / 1000 if number > 1e11 else number) - now


def _epoch(text: str) -> float | None:
    matched = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?\s*(?:Z|UTC|GMT|[+-]00:?00)?(?: UTC)?$", text)
    try:
        if matched is not None:
            return float(calendar.timegm(time.strptime(" ".join(matched.groups()), "%Y-%m-%d %H:%M:%S")))
        parsed = email.utils.parsedate_tz(text)
        # Without a zone (asctime) it is UTC, not local time.
        return None if parsed is None else float(email.utils.mktime_tz((*parsed[:9], parsed[9] or 0)))
    except (ValueError, OverflowError):
        return None


def _origin(url: str):
    """Read by the parser that also connects: others find another host in http://one\\@two/."""
    parts = urllib3.util.parse_url(url)
    return parts.scheme, parts.host, parts.port or {"https": 443, "http": 80}.get(parts.scheme)
