# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API calls on forms. They are born from deployed HTML (see postprocessing.py)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.responses import Response

from ..core.call import json_response
from ..core.clock import iso
from ..core.routes import Route
from . import errors
from .api import Request
from .model import Form


def form_view(form: Form) -> dict[str, Any]:
    """fact: netlify 4 [S]; honeypot, recaptcha, last_submission_at [T]; whether spam counts is unknown [?]"""
    return {
        "id": form.id,
        "site_id": form.site.id,
        "name": form.name,
        "paths": form.paths,
        "submission_count": sum(not submission.spam for submission in form.submissions.values()),
        "fields": form.fields,
        "honeypot": form.honeypot is not None,
        "recaptcha": form.recaptcha,
        "last_submission_at": iso(form.last_submission_at),
        "created_at": iso(form.created_at),
    }


def list_site_forms(request: Request) -> Response:
    return _list(request.site().forms.values())


def list_forms(request: Request) -> Response:
    request.legacy("all_forms_and_submissions")
    return _list(form for site in request.sites() for form in site.forms.values())


def _list(forms: Iterable[Form]) -> Response:
    return json_response([form_view(form) for form in forms])


def get_form(request: Request) -> Response:
    return json_response(form_view(_form(request)))


def delete_form(request: Request) -> Response:
    """fact: netlify 4: by id or name [T]; its submissions go too, later posts to it are 404 [G]"""
    form = _form(request)
    del form.site.forms[form.id]
    return Response(b"", 204)


def _form(request: Request) -> Form:
    form = request.site().form(request.call.parameters["form_id"])
    if form is None:
        raise errors.not_found()
    return form


ROUTES = [
    Route("GET", "/forms", "listForms", list_forms, "netlify 4, 10: undocumented, in public code [O]; [seed]"),
    Route("GET", "/sites/{site_id}/forms", "listSiteForms", list_site_forms, "netlify 4 [S][T]"),
    Route("GET", "/sites/{site_id}/forms/{form_id}", "getSiteForm", get_form, "netlify 4 [T]"),
    Route("DELETE", "/sites/{site_id}/forms/{form_id}", "deleteSiteForm", delete_form, "netlify 4: 204, 404 [S][T]"),
]
