# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flightcontrol's error responses.

fact: flightcontrol 1 [DOC]: {"message": ..., "errorCode": "FC:Request:Error:..."}
"""

from __future__ import annotations

from typing import Any

CODES = {400: "VALIDATION_ERROR", 401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND", 429: "TOO_MANY_REQUESTS"}
NO_PERMISSION = "User doesn't have permission to access this {kind}"


class ApiError(Exception):
    """Ends a request with an error."""

    def __init__(self, status: int, data: Any) -> None:
        super().__init__(status)
        self.status = status
        self.data = data


def envelope(status: int, message: str) -> dict[str, str]:
    """fact: flightcontrol 1 [DOC]; [INFER] codes of other statuses than 400, 401, 403, 404"""
    return {"message": message, "errorCode": f"FC:Request:Error:{CODES.get(status, 'INTERNAL_SERVER_ERROR')}"}


def refused(status: int, message: str) -> ApiError:
    return ApiError(status, envelope(status, message))


def invalid(message: str) -> ApiError:
    return refused(400, message)


def not_found(kind: str) -> ApiError:
    """fact: flightcontrol 2.5 [DOC]: Service not found"""
    return refused(404, f"{kind} not found")


def unauthorized(form: str) -> ApiError:
    """fact: flightcontrol 1 [DOC]: two forms"""
    if form == "error":
        return ApiError(401, {"error": "Please use an API key for this request"})
    return refused(401, "Unauthorized")
