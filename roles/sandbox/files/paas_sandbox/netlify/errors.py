# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netlify's error responses. There are several shapes; each function has the source of its shape."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from ..core.call import json_response, text_response


class ApiError(Exception):
    """Ends a request with an error."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


def envelope(status: int, message: str) -> Response:
    """fact: netlify 0 [S]: {"code": int, "message": str}"""
    return json_response({"code": status, "message": message}, status)


def refused(status: int, message: str) -> ApiError:
    return ApiError(envelope(status, message))


def access_denied() -> ApiError:
    """fact: netlify 0 [O]"""
    return refused(401, "Access Denied")


def not_found() -> ApiError:
    """fact: netlify 0 [O]: a routed path whose object is not there, or is somebody else's"""
    return refused(404, "Not Found")


def unrouted() -> Response:
    """fact: netlify 0 [O]: a path that is not routed"""
    return text_response("Not Found", 404)


def invalid(field: str, *messages: str) -> ApiError:
    """fact: netlify 0 [O]: {"errors": {"subdomain": ["must be unique"]}}, without code and message"""
    return ApiError(json_response({"errors": {field: list(messages)}}, 422))


def server_error() -> ApiError:
    """fact: netlify 0 [O]"""
    return ApiError(json_response({"status": 500, "error": "Internal Server Error"}, 500))


def mismatch(name: str) -> ApiError:
    """fact: netlify 0 [O]: `errors` is a string here"""
    return ApiError(json_response({"errors": f"Uploaded file {name} did not match deploy"}, 422))


def rate_limited(headers: dict[str, str]) -> Response:
    """fact: netlify 0 [O]"""
    body: dict[str, Any] = {"code": 429, "message": "API Request rate limit surpassed for application"}
    return json_response(body, 429, headers)
