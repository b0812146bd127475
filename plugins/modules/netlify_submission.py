#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_submission
version_added: 0.1.0
short_description: Delete submissions of Netlify forms, or mark them as spam or not spam
description:
  - Deletes submissions, or marks them as spam or not spam.
  - Netlify does not return whether a single submission is spam. To determine it, the module searches the list of the
    form's spam, and reads only as much of it as needed.
  - A converged run sends one request for each submission. With O(state=spam) or O(state=ham), it also sends one request
    for each form and each page of 100 spam submissions.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_netlify
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
author:
  - webops.paas contributors (@webops-paas)
options:
  submission_ids:
    description:
      - IDs of the submissions.
    type: list
    elements: str
    required: true
    aliases: [submission_id]
  state:
    description:
      - V(absent) deletes the submissions permanently.
      - V(spam) marks them as spam, V(ham) as verified. Each submission must exist then.
    type: str
    choices: [absent, spam, ham]
    required: true
seealso:
  - module: webops.paas.netlify_submission_info
  - module: webops.paas.netlify_form_info
  - ref: ansible_collections.webops.paas.docsite.netlify_forms_guide
    description: Recipes for forms and submissions.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_submission \
#   -a 'submission_id=5231110b5803540aeb000019 state=spam'

- name: Get the spam submissions
  webops.paas.netlify_submission_info:
    site: webops-paas-shop
    state: spam
  register: spam
  no_log: true

- name: Mark the submissions of a customer as not spam
  webops.paas.netlify_submission:
    submission_ids: "{{ spam.submissions | selectattr('email', 'eq', 'customer@example.com')
      | map(attribute='id') | list }}"
    state: ham

- name: Delete the other spam submissions
  webops.paas.netlify_submission:
    submission_ids: "{{ spam.submissions | rejectattr('email', 'eq', 'customer@example.com')
      | map(attribute='id') | list }}"
    state: absent
"""

RETURN = r"""
submissions:
  description:
    - The submissions after the task, or the predicted ones in check mode, without the submitted content. Empty if they
      do not exist.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5231110b5803540aeb000019
      number: 13
      form_id: 5f0c1b2a9d8e7f6a5b4c3d2e
      form_name: contact
      created_at: "2026-11-20T08:15:30.000Z"
      state: verified
changed_ids:
  description:
    - IDs of the submissions that the task changed, or would change in check mode.
  returned: success
  type: list
  elements: str
  sample: [5231110b5803540aeb000019]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: deleteSubmission
    method: DELETE
    path: /api/v1/submissions/5231110b5803540aeb000019
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import Module, Operation
from ..module_utils._kernel.plan import Change, Diff, Plan, Prediction
from ..module_utils._netlify import api, forms

SHOWN = ("id", "number", "form_id", "form_name", "created_at", "state")


class Submission(Operation[forms.FormsClient]):
    """Plans one change for each submission, with submission_views as states."""

    def plan(self) -> Plan:
        ids, state = sorted(set(self.params["submission_ids"])), self.params["state"]
        if state == "absent":
            found = {key: self.client.get_submission(key) for key in ids}
            return Plan(Change.delete(key, submission) for key, submission in found.items() if submission is not None)
        after = forms.SPAM if state == "spam" else forms.VERIFIED
        views = forms.require_submissions(self.client, ids)
        return Plan(Change.to(view["id"], view, {**view, "state": after}) for view in views)

    def predict(self, plan: Plan) -> Prediction:
        shown = [{key: view[key] for key in SHOWN} for view in plan.after.values()]
        return Prediction({"submissions": shown, "changed_ids": [change.key for change in plan.writes]})

    def diff(self, plan: Plan) -> Diff:
        before = {each.key: each.before["state"] if each.after else "present" for each in plan.writes}
        return Diff(before, {each.key: each.after["state"] if each.after else "absent" for each in plan.writes})

    def apply(self, plan: Plan) -> None:
        for change in plan.writes:
            if change.action == "delete":
                self.client.delete_submission(change.key)
            else:
                self.client.mark_submission(change.key, self.params["state"] == "spam")


MODULE = Module(
    Submission,
    options=dict(
        submission_ids=dict(type="list", elements="str", required=True, aliases=["submission_id"], check=api.check_id),
        state=dict(type="str", choices=["absent", "spam", "ham"], required=True),
    ),
)


if __name__ == "__main__":
    MODULE.run()
