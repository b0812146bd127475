#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_submission_info
version_added: 0.1.0
short_description: Get submissions of Netlify forms, or write them to a file
description:
  - Returns the submissions of a form, of a site or of all sites, or writes them to a file. It changes nothing on
    Netlify.
  - Submissions contain personal data. Set C(no_log) on the task, or use O(dest).
  - Sends one request for each page of 100 submissions, separately for verified submissions and spam. A O(form) that is
    given by name takes one more request.
  - If there are several pages and neither O(limit), O(since) nor O(after_number), up to two more requests detect that
    submissions were created or deleted meanwhile; then it reads the list again. Submissions that the first reading
    missed come last.
  - Without O(site) and O(form), it uses a request that Netlify no longer documents. If Netlify refuses it, the module
    lists the sites and requests the submissions of each site.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_netlify
attributes:
  check_mode:
    support: full
    details:
      - Reads the submissions and does not change O(dest).
  diff_mode:
    support: full
    details:
      - Shows the digests of O(dest) and the number of submissions, not the content.
  idempotent:
    support: full
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - Name, ID or domain of the site. The task fails if the site does not exist.
      - If neither O(site) nor O(form) is set, the module returns the submissions of all sites that the token has access
        to.
      - B(Preview:) The request for the submissions of all sites is not documented. It is known from public code.
    type: str
    aliases: [site_id, domain]
  form:
    description:
      - ID of the form whose submissions are returned, or its name if O(site) is set.
    type: str
    aliases: [form_id]
  state:
    description:
      - Which submissions are returned, verified ones, spam, or both. The key C(state) of each submission shows which it
        is.
    type: str
    choices: [verified, spam, both]
    default: verified
  since:
    description:
      - Date (V(2026-11-01)) or time (V(2026-11-01T08:15:30Z)) of the oldest submission to return. UTC unless it has a
        time zone.
      - If Netlify lists the newest submissions first, the module stops reading after 100 older ones. Otherwise it reads
        all of them.
    type: str
  after_number:
    description:
      - Number of a submission. Only submissions with a higher number are returned, for example those after
        C(last_number) of an earlier run.
      - Requires O(form), because each form has its own numbers.
    type: int
  limit:
    description:
      - Maximum number of submissions to return. If not set, the module returns all of them.
    type: int
  dest:
    description:
      - Path of a file to write the submissions to, one JSON object for each line, instead of returning them. Only the
        owner can read the file. Memory use does not depend on the number of submissions.
      - The file is replaced atomically. The task reports a change if the content of the file changes.
    type: path
seealso:
  - module: webops.paas.netlify_form_info
  - module: webops.paas.netlify_submission
  - ref: ansible_collections.webops.paas.docsite.netlify_forms_guide
    description: Recipes for forms and submissions.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_submission_info -a 'site=webops-paas-shop limit=5'

- name: Get the submissions of the contact form since November 1
  webops.paas.netlify_submission_info:
    site: webops-paas-shop
    form: contact
    since: "2026-11-01"
  register: november
  no_log: true

- name: Show the number of submissions
  ansible.builtin.debug:
    var: november.count

- name: Write all submissions to a file, including spam
  webops.paas.netlify_submission_info:
    site: webops-paas-shop
    state: both
    dest: submissions.jsonl
"""

RETURN = r"""
submissions:
  description:
    - The matching submissions in Netlify's order, verified ones first. Empty if none matches, V(null) with O(dest).
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5231110b5803540aeb000019
      number: 13
      title:
      email: test@example.com
      name: Mathias Biilmann
      first_name: Mathias
      last_name: Biilmann
      company:
      summary: Hello, World
      body: Hello, World
      data:
        name: Mathias Biilmann
        email: test@example.com
        message: Hello, World
        ip: 127.0.0.1
        user_agent: Mozilla/5.0
        referrer: https://webops-paas-shop.netlify.app/
      human_fields:
        Name: Mathias Biilmann
        Email: test@example.com
        Message: Hello, World
      ordered_human_fields:
        - title: Name
          name: name
          value: Mathias Biilmann
      form_id: 5f0c1b2a9d8e7f6a5b4c3d2e
      form_name: contact
      site_name: webops-paas-shop
      site_url: http://webops-paas-shop.netlify.app
      created_at: "2026-11-20T08:15:30.000Z"
      state: verified
count:
  description:
    - Number of matching submissions.
  returned: success
  type: int
  sample: 1
last_number:
  description:
    - Highest number of the matching submissions, for O(after_number) of a later run. V(null) if none matches.
  returned: success
  type: int
  sample: 13
file:
  description:
    - The file that contains the submissions. V(null) without O(dest).
  returned: success
  type: dict
  sample:
    dest: submissions.jsonl
    sha1: 20828dcdf2cd07e5980fe52759101591bf5014ab
    size: 27232
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: listFormSubmissions
    method: GET
    path: /api/v1/forms/5f0c1b2a9d8e7f6a5b4c3d2e/submissions
    status: 404
    code: not_found
    platform_code: 404
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator

from ..module_utils._kernel.module import STR, JsonObject, Module, Operation, between
from ..module_utils._core import files
from ..module_utils._core.amounts import counted
from ..module_utils._kernel.plan import Change, Diff, Plan, Prediction, cached_property
from ..module_utils._netlify import api, forms


class SubmissionInfo(Operation[forms.FormsClient]):
    """Not an Info class: with dest, it changes a file. The new state includes the spool to copy it from."""

    @cached_property
    def selection(self) -> forms.Selection:
        return forms.Selection(self.params)

    def check_input(self) -> None:
        _checked = self.selection
        if self.params["dest"] is not None:
            files.check_writable("dest", self.params["dest"])

    def plan(self) -> Plan:
        return self._plan(self._counted(self.selection.views(self.client)))

    def plan_without_parent(self) -> Plan:
        return self._plan([])

    def _plan(self, rows: Iterable[JsonObject]) -> Plan:
        dest = self.params["dest"]
        if dest is None:
            return Plan([Change.keep(None, list(rows))])
        return Plan([Change.of_file("dest", dest, self._spooled(rows))])

    def _counted(self, rows: Iterable[JsonObject]) -> Iterator[JsonObject]:
        for count, row in enumerate(rows, start=1):
            self.progress(f"{counted(count, 'submission')} read")
            yield row

    def _spooled(self, rows: Iterable[JsonObject]) -> JsonObject:
        """Writes the rows to an unnamed temporary file. Returns {spool, sha1, size, count, last_number}."""
        spool = self.opened.enter_context(files.temporary_file())
        digest, count, last = hashlib.sha1(usedforsecurity=False), 0, 0
        for row in rows:
            # ASCII, because some readers treat Unicode separators in the text as line ends.
            line = json.dumps(row).encode("ascii") + b"\n"
            spool.write(line)
            digest.update(line)
            count, last = count + 1, max(row["number"] or 0, last)
        return {
            "spool": spool,
            "sha1": digest.hexdigest(),
            "size": spool.tell(),
            "count": count,
            "last_number": last or None,
        }

    def predict(self, plan: Plan) -> Prediction:
        [change] = plan.changes
        if change.key is None:
            last = max((row["number"] or 0 for row in change.after), default=0) or None
            return Prediction(
                {"submissions": change.after, "count": len(change.after), "last_number": last, "file": None}
            )
        file = {"dest": change.key, "sha1": change.after["sha1"], "size": change.after["size"]}
        told = {key: change.after[key] for key in ("count", "last_number")}
        return Prediction({"submissions": None, **told, "file": file})

    def diff(self, plan: Plan) -> Diff:
        result = self.predict(plan).result
        return Diff(files.shown(plan.before), {**result["file"], "submissions": result["count"]})

    def apply(self, plan: Plan) -> None:
        [change] = plan.writes
        change.after["spool"].seek(0)
        with files.replacing("dest", change.key, files.PRIVATE) as stream:
            shutil.copyfileobj(change.after["spool"], stream)


MODULE = Module(
    SubmissionInfo,
    options=dict(
        site=dict(api.SITE, required=False),
        form=dict(type="str", aliases=["form_id"]),
        state=dict(type="str", choices=["verified", "spam", "both"], default="verified"),
        since=STR,
        after_number=dict(type="int", check=between(0)),
        limit=dict(type="int", check=between(1)),
        dest=dict(type="path"),
    ),
    required_by={"after_number": ["form"]},
)


if __name__ == "__main__":
    MODULE.run()
