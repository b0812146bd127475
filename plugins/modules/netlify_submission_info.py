#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_submission_info
version_added: 0.1.0
short_description: Get submissions of Netlify forms, as a result or as a file
description:
  - Answers the submissions of a form, of a site or of all sites, or writes them to a file. Nothing is changed on
    Netlify.
  - Submissions hold personal data. They are this module's result, so give the task C(no_log), or use O(dest).
  - Takes one read for each hundred submissions of each of the declared states; one more for a O(form) that is given by
    name; and without O(site) and O(form), where the server does not have the undocumented call for all submissions any
    more, those of each site.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_netlify
attributes:
  check_mode:
    support: full
    details:
      - Submissions are read, and O(dest) is left as it is.
  diff_mode:
    support: full
    details:
      - Of O(dest) the digests and the number of submissions are shown, not the content.
  idempotent:
    support: full
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - The site, by name, id or one of its domains. A site that does not exist is an error.
    type: str
    aliases: [site_id, domain]
  form:
    description:
      - Only submissions of this form, by its id, or together with O(site) by its name.
    type: str
    aliases: [form_id]
  state:
    description:
      - Verified submissions, those that Netlify or somebody took for spam, or both. Each says in C(state) which it is.
    type: str
    choices: [verified, spam, both]
    default: verified
  since:
    description:
      - Only submissions of this moment or later, a date (V(2026-11-01)) or a time (V(2026-11-01T08:15:30Z)), in UTC
        unless it names a zone.
      - Reading ends after a hundred older ones, if the server lists the newest first; otherwise all are read.
    type: str
  after_number:
    description:
      - Only submissions with a higher number, for example those after C(last_number) of an earlier run. Needs O(form),
        since each form has its own numbers.
    type: int
  limit:
    description:
      - At most so many submissions. Without it, all of them.
    type: int
  dest:
    description:
      - Writes the submissions to this file, one JSON object a line, readable by its owner only, instead of answering
        them. With one page at a time in memory, whatever their number.
      - The file is replaced as a whole, or not at all. The task reports a change when the file gets another content.
    type: path
seealso:
  - module: webops.paas.netlify_form_info
  - module: webops.paas.netlify_submission
"""

EXAMPLES = r"""
- name: What was sent with the contact form in November
  webops.paas.netlify_submission_info:
    site: webops-paas-shop
    form: contact
    since: "2026-11-01"
  register: november
  no_log: true

- name: How many that are
  ansible.builtin.debug:
    var: november.count

- name: All of it, spam too, is in a file
  webops.paas.netlify_submission_info:
    site: webops-paas-shop
    state: both
    dest: submissions.jsonl
"""

RETURN = r"""
submissions:
  description:
    - The submissions, in Netlify's order, verified ones first; empty when none matches. With O(dest) V(null).
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
    - How many they are.
  returned: success
  type: int
  sample: 1
last_number:
  description:
    - The highest number among them, V(null) when there are none.
  returned: success
  type: int
  sample: 13
file:
  description:
    - The file that has them, V(null) without O(dest).
  returned: success
  type: dict
  sample:
    dest: submissions.jsonl
    sha1: 20828dcdf2cd07e5980fe52759101591bf5014ab
    size: 27232
error:
  description:
    - What failed, for machines.
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

from ..module_utils._kernel.module import STR, JsonObject, Module, Operation, between, cached_property
from ..module_utils._core import files
from ..module_utils._kernel.plan import Change, Diff, Plan, Prediction
from ..module_utils._netlify import api, forms


class SubmissionInfo(Operation[forms.FormsClient]):
    """No Info: with dest it changes a file, whose new state has the spool that it is copied from."""

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
            self.progress(f"{count} submissions read")
            yield row

    def _spooled(self, rows: Iterable[JsonObject]) -> JsonObject:
        """Writes the rows to a file without a name."""
        spool = self.opened.enter_context(files.temporary_file())
        digest, count, last = hashlib.sha1(usedforsecurity=False), 0, 0
        for row in rows:
            # In ASCII, so that no reader takes a character of the text for the end of a line.
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
        [change], result = plan.changes, self.predict(plan).result
        if change.key is None:
            return Diff({}, {})
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
