# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people send with forms: taken from browsers, given out through the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from ..core.call import Call, json_response
from ..core.clock import iso
from ..core.routes import Route
from . import errors, notify
from .api import Request
from .model import Form, Submission
from .pages import FORM_NAME
from .state import State
from .views import site_addresses

RECAPTCHA = "g-recaptcha-response"
# what Akismet, a common judge of spam, documents for tests: an author and an address that are spam always
SPAM = ("viagra-test-123", "akismet-guaranteed-spam@example.com")
MOST_AT_ONCE = 100_000


async def take(state: State, form: Form, fields: Any, call: Call) -> None:
    """A browser has sent a form; `fields` is starlette's FormData."""
    data: dict[str, Any] = {}
    for name, value in fields.multi_items():
        if name in (FORM_NAME, RECAPTCHA, form.honeypot):
            continue
        value = await _upload(value) if isinstance(value, UploadFile) else value
        data[name] = value if name not in data else f"{data[name]}, {value}"
    trapped = form.honeypot is not None and bool(fields.get(form.honeypot))
    if trapped and state.ground.switches["honeypot"] == "dropped":
        return
    data |= {
        "ip": call.client.host if call.client else "127.0.0.1",
        "user_agent": call.headers.get("user-agent", ""),
        "referrer": call.headers.get("referer", ""),
    }
    submission = add(state, form, data, trapped or is_spam(data), call.now)
    if not submission.spam:
        notify.send(state, form.site, "submission_created", submission_view(state, submission), call.now, form)


async def _upload(upload: UploadFile) -> dict[str, Any]:
    """Files are described, not kept [?]."""
    return {"filename": upload.filename, "type": upload.content_type, "size": upload.size}


def is_spam(data: dict[str, Any]) -> bool:
    return any(sign in str(value) for value in data.values() for sign in SPAM)


def add(state: State, form: Form, data: dict[str, Any], spam: bool, moment: float) -> Submission:
    form.last_number += 1
    form.last_submission_at = max(moment, form.last_submission_at or moment)
    submission = Submission(state.new_id(), form, form.last_number, moment, data, spam)
    form.submissions[submission.id] = submission
    return submission


def make(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """For tests: many submissions of a form at once, one second apart, the last one now.

    Takes site (id or domain), form (id or name), count (1), spam (false) and data, which is added to each.
    """
    unknown = sorted(set(body) - {"site", "form", "count", "spam", "data"})
    if unknown:
        raise ValueError(f"submissions does not support {', '.join(unknown)}")
    reference = str(body.get("site"))
    site = state.sites.get(reference) or state.domain_owner(reference) or state.name_owner(reference)
    form = None if site is None else site.form(str(body.get("form")))
    if form is None:
        raise ValueError("site and form must be those of a deployed form")
    count, data = body.get("count", 1), body.get("data", {})
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_AT_ONCE:
        raise ValueError(f"count must be a number from 1 to {MOST_AT_ONCE}")
    if not isinstance(data, dict):
        raise ValueError("data must be an object")
    now = state.ground.clock.now()
    made = [
        add(
            state,
            form,
            {
                "name": f"Visitor {number}",
                "email": f"visitor{number}@example.com",
                "message": f"Message {number}",
                "ip": "127.0.0.1",
                "user_agent": "sandbox",
                "referrer": "",
                **data,
            },
            body.get("spam") is True,
            now - count + number,
        )
        for number in range(1, count + 1)
    ]
    return {"form_id": form.id, "first_id": made[0].id, "last_id": made[-1].id, "count": count}


def submission_view(state: State, submission: Submission) -> dict[str, Any]:
    """fact: netlify 4 [S][T]; human_fields and ordered_human_fields [O]; what is derived how is unknown [?]"""
    data, form = submission.data, submission.form
    own = {key: value for key, value in data.items() if key not in ("ip", "user_agent", "referrer")}
    name = data.get("name") or " ".join(data[key] for key in ("first_name", "last_name") if data.get(key)) or None
    first, _space, last = str(name or "").partition(" ")
    text = next((data[key] for key in ("message", "body", "comment", "comments") if data.get(key)), None)
    return {
        "id": submission.id,
        "number": submission.number,
        "title": data.get("title"),
        "email": data.get("email"),
        "name": name,
        "first_name": data.get("first_name") or first or None,
        "last_name": data.get("last_name") or last or None,
        "company": data.get("company"),
        "summary": text if text is None else str(text)[:100],
        "body": text,
        "data": data,
        "human_fields": {_human(key): value for key, value in own.items()},
        "ordered_human_fields": [{"title": _human(key), "name": key, "value": value} for key, value in own.items()],
        "created_at": iso(submission.created_at),
        "site_url": site_addresses(state, form.site)[0],
        "site_name": form.site.name,
        "form_id": form.id,
        "form_name": form.name,
    }


def _human(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").title()


def list_site_submissions(request: Request) -> Response:
    return of_forms(request, request.site().forms.values())


def list_form_submissions(request: Request) -> Response:
    wanted = request.call.parameters["form_id"]
    form = next((site.forms[wanted] for site in request.sites() if wanted in site.forms), None)
    if form is None:
        raise errors.not_found()
    return of_forms(request, [form])


def list_submissions(request: Request) -> Response:
    request.legacy("all_forms_and_submissions")
    return of_forms(request, [form for site in request.sites() for form in site.forms.values()])


def of_forms(request: Request, forms: Iterable[Form]) -> Response:
    """fact: netlify 4 [G]: state=spam gives spam, anything else verified ones; newest first [?]"""
    spam = request.query("state") == "spam"
    found = [submission for form in forms for submission in form.submissions.values() if submission.spam == spam]
    found.sort(key=lambda submission: (submission.created_at, submission.number), reverse=True)
    page, headers = request.page(found)
    return json_response([submission_view(request.state, submission) for submission in page], headers=headers)


def get_submission(request: Request) -> Response:
    """fact: netlify 4: an object [T], an array [S]"""
    view = submission_view(request.state, _submission(request))
    return json_response([view] if request.switches["submission_answer"] == "array" else view)


def delete_submission(request: Request) -> Response:
    submission = _submission(request)
    del submission.form.submissions[submission.id]
    return Response(b"", 204)


def mark_spam(request: Request) -> Response:
    return _mark(request, True)


def mark_ham(request: Request) -> Response:
    return _mark(request, False)


def _mark(request: Request, spam: bool) -> Response:
    """fact: netlify 4 [G]; the status is not documented [?]"""
    submission = _submission(request)
    submission.spam = spam
    if request.switches["submission_mark_status"] == 204:
        return Response(b"", 204)
    return json_response(submission_view(request.state, submission))


def _submission(request: Request) -> Submission:
    wanted = request.call.parameters["submission_id"]
    for site in request.sites():
        for form in site.forms.values():
            if wanted in form.submissions:
                return form.submissions[wanted]
    raise errors.not_found()


ROUTES = [
    Route(
        "GET",
        "/submissions",
        "listSubmissions",
        list_submissions,
        "netlify 4, 10: undocumented, in public code [O]; [seed]",
    ),
    Route("GET", "/sites/{site_id}/submissions", "listSiteSubmissions", list_site_submissions, "netlify 4 [S][T][G]"),
    Route("GET", "/forms/{form_id}/submissions", "listFormSubmissions", list_form_submissions, "netlify 4 [S][G]"),
    Route(
        "GET", "/submissions/{submission_id}", "listFormSubmission", get_submission, "netlify 4: object [T], array [S]"
    ),
    Route("DELETE", "/submissions/{submission_id}", "deleteSubmission", delete_submission, "netlify 4: 204 [S][T]"),
    Route("PUT", "/submissions/{submission_id}/spam", "markSubmissionSpam", mark_spam, "netlify 4 [G], status [?]"),
    Route("PUT", "/submissions/{submission_id}/ham", "markSubmissionHam", mark_ham, "netlify 4 [G], status [?]"),
]
