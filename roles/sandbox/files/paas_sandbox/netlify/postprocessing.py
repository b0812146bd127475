# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the platform does with a deploy's pages before it shows them: it finds forms, and takes up snippets."""

from __future__ import annotations

import copy
import urllib.parse

from ..core.mime import mime_type
from . import pages
from .model import Deploy, Form
from .state import State


def run(state: State, deploy: Deploy, moment: float) -> None:
    """fact: netlify 3 [?]: snippets take effect with the next deploy"""
    site = deploy.site
    deploy.snippets = tuple(copy.copy(snippet) for snippet in site.snippets)
    deploy.metadata = copy.deepcopy(site.metadata)
    if not site.processing_settings.get("ignore_html_forms"):
        _find_forms(state, deploy, moment)


def _find_forms(state: State, deploy: Deploy, moment: float) -> None:
    """fact: netlify 4 [G]: forms are born from the HTML of a deploy. One that is not there any more stays [?]."""
    paths: dict[str, list[str]] = {}
    for path, digest in deploy.manifest.items():
        if mime_type(path) != "text/html":
            continue
        for found in _forms_of_content(state, digest):
            form = deploy.site.form(found.name)
            if form is None or form.name != found.name:
                form = Form(state.new_id(), deploy.site, found.name, moment)
                deploy.site.forms[form.id] = form
            paths.setdefault(found.name, []).append(path.removesuffix(".html"))
            form.fields = [
                {"name": name, "type": kind}
                for name, kind in found.fields.items()
                if name not in (pages.FORM_NAME, found.honeypot)
            ]
            form.honeypot, form.recaptcha, form.action = found.honeypot, found.recaptcha, _local(path, found.action)
    for form in deploy.site.forms.values():
        form.paths = sorted(paths.get(form.name, form.paths))


def _forms_of_content(state: State, digest: str) -> list[pages.FoundForm]:
    """Looked for once in each page: most pages of a deploy were in the one before."""
    if digest not in state.forms_of_contents:
        content = state.ground.store.get(digest)
        state.forms_of_contents[digest] = [] if content is None else pages.forms_of(content.read())
    return state.forms_of_contents[digest]


def _local(page: str, action: str | None) -> str | None:
    """The path of a form's action, when it is on the same site."""
    if not action:
        return None
    target = urllib.parse.urlsplit(urllib.parse.urljoin(page, action))
    return target.path if not target.netloc else None
