# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""requests with a shorter way for plain requests, on which these tests would else spend more time than the sandbox."""

from __future__ import annotations

import json
import re
import select
import socket

import requests

PLAIN_URL = re.compile(
    r"http://127\.0\.0\.1:(\d+)((?:/(?!\.)[\w~:@!$&'()*+,;=.-]*)+(?:\?[\w~:@!$&'()*+,;=./?-]*)?)", re.ASCII
)
PLAIN_OPTIONS = {"json", "data", "headers", "timeout", "allow_redirects"}
# Longer bodies may be refused before they are sent as a whole.
PLAIN_SIZE = 60_000
END = b"\r\n\r\n"


class QuickSession(requests.Session):
    """Sends what it knows how to send as requests would, and returns a response of requests; leaves all else to it."""

    def __init__(self):
        super().__init__()
        self.trust_env = False
        self._idle = []

    def close(self):
        super().close()
        while self._idle:
            self._idle.pop().close()

    def request(self, method, url, **options):
        message = self._message(method, url, **options)
        if message is None:
            return super().request(method, url, **options)
        response = self._exchange(method, url, message, options.get("timeout"))
        if "set-cookie" in response.headers:
            name, _equals, value = response.headers["set-cookie"].partition(";")[0].partition("=")
            self.cookies.set(name, value)
        if response.is_redirect and options.get("allow_redirects", True):
            raise requests.TooManyRedirects("pass allow_redirects", response=response)
        return response

    def _message(self, method, url, **options):
        """The request as bytes; None if it is not plain."""
        plain, data, content = PLAIN_URL.fullmatch(url), options.get("data"), options.get("json")
        if not plain or self.cookies or not options.keys() <= PLAIN_OPTIONS or not isinstance(data, str | bytes | None):
            return None
        headers = {name.lower(): value for name, value in self.headers.items()}
        headers["host"] = f"127.0.0.1:{plain[1]}"
        headers.update({name.lower(): value for name, value in (options.get("headers") or {}).items()})
        body = data.encode() if isinstance(data, str) else data or b""
        if not data and content is not None:
            body = json.dumps(content, allow_nan=False).encode()
            headers.setdefault("content-type", "application/json")
        if body or method not in ("GET", "HEAD"):
            headers["content-length"] = str(len(body))
        if len(body) > PLAIN_SIZE or not all(isinstance(value, str) and value.isascii() for value in headers.values()):
            return None
        lines = [f"{method} {plain[2]} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        return "\r\n".join(lines).encode("ascii") + body

    def _exchange(self, method, url, message, timeout):
        connection = self._connection(url)
        try:
            connection.settimeout(timeout)
            connection.sendall(message)
            head, content = head_of(connection)
            status, *fields = head.split("\r\n")
            headers = requests.structures.CaseInsensitiveDict()
            for name, value in (field.split(": ", 1) for field in fields):
                headers[name] = f"{headers[name]}, {value}" if name in headers else value
            if method != "HEAD" and "content-length" in headers:
                content = body_of(connection, content, int(headers["content-length"]))
            elif method != "HEAD" and int(status[9:12]) not in (204, 304):
                raise AssertionError(f"{method} {url}: a response without a length: {head!r}")
        except TimeoutError as error:
            connection.close()
            raise requests.ReadTimeout(error) from None
        except BaseException as error:
            connection.close()
            if isinstance(error, OSError) and not isinstance(error, requests.RequestException):
                raise requests.ConnectionError(error) from None
            raise
        if headers.get("connection", "").lower() == "close":
            connection.close()
        else:
            self._idle.append(connection)
        return response_of(url, int(status[9:12]), status[13:], headers, content)

    def _connection(self, url):
        while self._idle:
            connection = self._idle.pop()
            # The server may have closed it meanwhile.
            if not select.select([connection], [], [], 0)[0]:
                return connection
            connection.close()
        port = int(PLAIN_URL.fullmatch(url)[1])
        try:
            connection = socket.create_connection(("127.0.0.1", port))
        except OSError as error:
            raise requests.ConnectionError(error) from None
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


def head_of(connection):
    """The head of a response, and what has come of its body."""
    received = b""
    while END not in received:
        part = connection.recv(65536)
        if not part:
            raise ConnectionResetError("the connection was closed before the end of the response")
        received += part
    head, _end, content = received.partition(END)
    return head.decode("latin-1"), content


def body_of(connection, begun, length):
    body = bytearray(length)
    body[: len(begun)] = begun
    rest = memoryview(body)[len(begun) :]
    try:
        while rest:
            size = connection.recv_into(rest)
            if not size:
                raise requests.exceptions.ChunkedEncodingError("the connection was closed before the end of the body")
            rest = rest[size:]
    except ConnectionError as error:
        raise requests.exceptions.ChunkedEncodingError(error) from None
    return bytes(body)


def response_of(url, status, reason, headers, content):
    response = requests.Response()
    response.url, response.status_code, response.reason, response.headers = url, status, reason, headers
    response.encoding = requests.utils.get_encoding_from_headers(headers)
    response._content = content
    return response
