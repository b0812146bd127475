# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms that Netlify found in deployed pages, and their submissions. PRIVATE to the collection.

A submission has no field for spam. Netlify lists verified submissions, or spam with state=spam, so the list that
contains a submission determines its state.
"""

from __future__ import annotations

import collections
import datetime
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import (
    NetlifyClient,
    address_of,
    below_site,
    instead_of_404,
    not_found,
)

# 24 digits today, 40 in old forms.
FORM_ID = re.compile(r"[0-9a-f]{24}|[0-9a-f]{40}")
VERIFIED, SPAM = "verified", "spam"
PAGE = 100

_FORM_KEYS = ("id", "site_id", "name", "submission_count", "created_at", "last_submission_at", "honeypot", "recaptcha")
_SUBMISSION_TEXTS = (
    "id",
    "number",
    "title",
    "email",
    "name",
    "first_name",
    "last_name",
    "company",
    "summary",
    "body",
    "form_id",
    "form_name",
    "site_name",
    "site_url",
    "created_at",
)


class FormsClient(NetlifyClient):
    def list_forms(self, site_id: str | None = None) -> Iterator[JsonObject]:
        """Yields the forms of a site, or of all sites.

        The operation for all sites is no longer documented (a server without it returns 404).
        """
        if site_id is None:
            return self._linked("/forms", "listForms")
        return self._linked(f"/sites/{part(site_id)}/forms", "listSiteForms")

    def delete_form(self, site_id: str, form_id: str) -> None:
        """Also deletes its submissions."""
        self.delete_if_there("DELETE", f"/sites/{part(site_id)}/forms/{part(form_id)}", "deleteSiteForm")

    def list_submissions(
        self, *, site_id: str | None = None, form_id: str | None = None, spam: bool = False, whole: bool = False
    ) -> Iterator[JsonObject]:
        """Yields submissions, verified ones or spam: of a form, of a site, or of all sites (undocumented, as forms).

        whole: see C(streamed).
        """
        path, operation = "/submissions", "listSubmissions"
        if form_id is not None:
            path, operation = f"/forms/{part(form_id)}/submissions", "listFormSubmissions"
        elif site_id is not None:
            path, operation = f"/sites/{part(site_id)}/submissions", "listSiteSubmissions"
        read = self.streamed if whole else self.pages
        return read(path, operation=operation, query={"state": "spam"} if spam else {})

    def get_submission(self, submission_id: str) -> JsonObject | None:
        """One OpenAPI of Netlify has an object as the response, the other an array."""
        try:
            answer: JsonObject | list[JsonObject] = self.http.request(
                "GET", f"/submissions/{part(submission_id)}", operation="listFormSubmission", shape=object
            ).data
        except ApiError as error:
            if error.status == 404:
                return None
            raise
        return next(iter(answer), None) if isinstance(answer, list) else answer

    def delete_submission(self, submission_id: str) -> None:
        self.delete_if_there("DELETE", f"/submissions/{part(submission_id)}", "deleteSubmission")

    def mark_submission(self, submission_id: str, spam: bool) -> None:
        mark, operation = ("spam", "markSubmissionSpam") if spam else ("ham", "markSubmissionHam")
        self.http.request("PUT", f"/submissions/{part(submission_id)}/{mark}", operation=operation)


def form_view(form: JsonObject) -> JsonObject:
    return {
        **{key: form.get(key) for key in _FORM_KEYS},
        "paths": form.get("paths") or [],
        "fields": form.get("fields") or [],
    }


def submission_view(submission: JsonObject, state: str) -> JsonObject:
    """state: of the list that it was in."""
    return {
        **{key: submission.get(key) for key in _SUBMISSION_TEXTS},
        "data": submission.get("data") or {},
        "human_fields": submission.get("human_fields") or {},
        "ordered_human_fields": submission.get("ordered_human_fields") or [],
        "state": state,
    }


def verified_view(submission: JsonObject) -> JsonObject:
    return submission_view(submission, VERIFIED)


# -- forms -------------------------------------------------------------------------------------------------------------


def forms_of(client: FormsClient, site: str | None) -> Iterator[JsonObject]:
    """Yields form_views of a site, by any reference, or of all sites that the token has access to."""
    if site is None:
        forms = _of_all(client, client.list_forms, client.list_forms)
    else:
        forms = _below(site, client.list_forms(address_of(site)))
    return map(form_view, forms)


def find_form(client: FormsClient, site: str, reference: str) -> JsonObject | None:
    """A form of a site by its id or its name."""
    found = [form for form in forms_of(client, site) if reference in (form["id"], form["name"])]
    if len(found) > 1:
        raise PaasError(
            f"The site {site} has {len(found)} forms named {reference!r}: {', '.join(form['id'] for form in found)}. "
            "Select one by its ID.",
            code="ambiguous",
        )
    return found[0] if found else None


def _below(site: str, rows: Iterable[JsonObject]) -> Iterator[JsonObject]:
    with below_site(site):
        yield from rows


def _of_all(
    client: FormsClient,
    list_all: Callable[[], Iterator[JsonObject]],
    list_of_site: Callable[[str], Iterable[JsonObject]],
) -> Iterator[JsonObject]:
    """Yields the rows of the operation for all sites.

    It is no longer documented. If the server does not have it, the list of each site is read.
    """
    rows = list_all()
    try:
        first = list(itertools.islice(rows, 1))
    except ApiError as error:
        if error.status != 404:
            raise
        for site in client.list_sites(whole=True):
            yield from list_of_site(site["id"])
        return
    yield from first
    yield from rows


# -- submissions -------------------------------------------------------------------------------------------------------


def moment_of(option: str, text: str) -> datetime.datetime:
    """A date (00:00 UTC) or a time in ISO 8601; UTC without a zone."""
    try:
        moment = _parsed(text)
    except ValueError:
        raise InvalidInput(
            option, f"`{option}` must be a date or a time such as 2026-11-01 or 2026-11-01T08:15:30Z, got {text!r}."
        ) from None
    return moment


def _parsed(text: str) -> datetime.datetime:
    # Python before 3.11 does not support Z or fractions with other than three or six digits.
    text = re.sub(r"\.(\d{1,6})\d*", lambda found: "." + found.group(1).ljust(6, "0"), text.strip())
    moment = datetime.datetime.fromisoformat(re.sub("[Zz]$", "+00:00", text))
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)


def _created(submission: JsonObject) -> datetime.datetime | None:
    try:
        return _parsed(submission.get("created_at") or "")
    except ValueError:
        return None


class Selection:
    """A selection of submissions: of a form, a site or all; verified, spam or both; since a time or after a number.

    params: the options site, form, state, since, after_number and limit.
    """

    def __init__(self, params: JsonObject) -> None:
        self.site, self.form, self.limit = params["site"], params["form"], params["limit"]
        if self.form is not None and self.site is None and not FORM_ID.fullmatch(self.form):
            raise InvalidInput(
                "form",
                f"`form` must be an ID unless `site` is set, got {self.form!r}. Names of forms are unique only within "
                "a site.",
            )
        if self.limit is not None and self.limit < 1:
            raise InvalidInput("limit", f"`limit` must be 1 or more, got {self.limit}.")
        self.since = None if params["since"] is None else moment_of("since", params["since"])
        self.after_number = params["after_number"]
        # Otherwise, the list is read only as far as needed.
        self.is_whole = (self.limit, self.since, self.after_number) == (None, None, None)
        self.states = (VERIFIED, SPAM) if params["state"] == "both" else (params["state"],)

    def views(self, client: FormsClient) -> Iterator[JsonObject]:
        """Yields submission_views, a page at a time in memory."""
        scope = self._scope(client)
        rows = (submission_view(row, state) for state in self.states for row in self._recent(scope(state == SPAM)))
        return itertools.islice(rows, self.limit)

    def _scope(self, client: FormsClient) -> Callable[[bool], Iterator[JsonObject]]:
        """A function that yields the rows of the scope: verified ones, or spam."""
        site, form_id = self.site, self.form
        if site is not None and form_id is not None and not FORM_ID.fullmatch(form_id):
            form = find_form(client, site, form_id)
            if form is None:
                message = f"The form {form_id!r} of the site {site} does not exist."
                raise not_found(message, "listSiteForms", sought=form_id)
            form_id = form["id"]
        if form_id is not None:
            return lambda spam: _of_form(client, form_id, spam, self.is_whole)
        if site is not None:
            return lambda spam: _below(
                site, client.list_submissions(site_id=address_of(site), spam=spam, whole=self.is_whole)
            )
        return lambda spam: _of_all(
            client,
            lambda: client.list_submissions(spam=spam, whole=self.is_whole),
            lambda site_id: client.list_submissions(site_id=site_id, spam=spam, whole=self.is_whole),
        )

    def _recent(self, rows: Iterator[JsonObject]) -> Iterator[JsonObject]:
        if self.since is not None:
            rows = newest_first(rows, _created, self.since)
            rows = (row for row in rows if (_created(row) or self.since) >= self.since)
        if self.after_number is not None:
            rows = newest_first(rows, lambda row: row.get("number"), self.after_number)
            rows = (row for row in rows if row.get("number") is None or row["number"] > self.after_number)
        return _once(rows)


def _of_form(client: FormsClient, form_id: str, spam: bool, is_whole: bool) -> Iterator[JsonObject]:
    message = f"The form {form_id} does not exist on Netlify, or this token has no access to it."
    with instead_of_404(message, sought=form_id):
        yield from client.list_submissions(form_id=form_id, spam=spam, whole=is_whole)


def newest_first(rows: Iterable[JsonObject], value_of: Callable[[JsonObject], Any], bound: Any) -> Iterator[JsonObject]:
    """Yields rows until a complete page is below the bound, if all rows so far were in descending order.

    The order is not documented; in any other order, all rows are read.
    """
    below, before, is_descending = 0, None, True
    for row in rows:
        value = value_of(row)
        if value is not None:
            is_descending = is_descending and (before is None or value <= before)
            before = value
            below += value < bound
        yield row
        if is_descending and below >= PAGE:
            return


def _once(rows: Iterable[JsonObject]) -> Iterator[JsonObject]:
    """Skips rows that are repeated on the next page because of new submissions."""
    latest: collections.deque[str | None] = collections.deque(maxlen=PAGE)
    for row in rows:
        if row.get("id") not in latest:
            latest.append(row.get("id"))
            yield row


def require_submissions(client: FormsClient, ids: list[str]) -> list[JsonObject]:
    """The submission_views of the given IDs. Raises ApiError if one of them does not exist."""
    found = {submission_id: client.get_submission(submission_id) for submission_id in ids}
    missing = [submission_id for submission_id, submission in found.items() if submission is None]
    if missing:
        raise not_found(
            f"Submissions not found, or this token has no access to them: {', '.join(missing)}. Nothing was changed.",
            "listFormSubmission",
            sought=ids,
        )
    submissions = [submission for submission in found.values() if submission is not None]
    spam = spam_among(client, submissions)
    return [submission_view(each, SPAM if each["id"] in spam else VERIFIED) for each in submissions]


def spam_among(client: FormsClient, submissions: list[JsonObject]) -> set[str]:
    """The IDs of the submissions that are spam. Reads one list for each form, as far as needed."""
    by_scope: dict[tuple[str, str | None], JsonObject] = {}
    for submission in submissions:
        scope = (
            ("form_id", submission["form_id"])
            if submission.get("form_id")
            else ("site_id", urlsplit(submission.get("site_url") or "").hostname)
        )
        if scope[1] is None:
            raise PaasError(
                f"Netlify does not return the form of the submission {submission['id']}, so the task cannot determine "
                "whether it is spam.",
                code="unknown_state",
            )
        by_scope.setdefault(scope, {})[submission["id"]] = submission
    found: set[str] = set()
    for (kind, reference), wanted in by_scope.items():
        moments = [moment for moment in map(_created, wanted.values()) if moment is not None]
        scope_of: dict[str, Any] = {kind: reference}
        rows = client.list_submissions(**scope_of, spam=True)
        if len(moments) == len(wanted):
            rows = newest_first(rows, _created, min(moments))
        missing = set(wanted)
        for row in rows:
            missing.discard(row["id"])
            if not missing:
                break
        found |= wanted.keys() - missing
    return found
