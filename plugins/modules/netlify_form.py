#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_form
version_added: 0.1.0
short_description: Delete a form of a Netlify site and its submissions
description:
  - Deletes a form and all its submissions permanently. Later submissions to the form are rejected.
  - Netlify creates forms from deployed pages, so the API cannot create or change them. Deploying a page with the form
    creates it again.
  - A converged run sends one request.
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
  site:
    description:
      - Name, ID or domain of the site. The task fails if the site does not exist.
    type: str
    required: true
    aliases: [site_id, domain]
  form:
    description:
      - Name or ID of the form.
    type: str
    required: true
    aliases: [form_id, name]
  state:
    description:
      - Whether the form should exist. Only V(absent) is possible.
    type: str
    choices: [absent]
    required: true
seealso:
  - module: webops.paas.netlify_form_info
  - module: webops.paas.netlify_submission_info
  - ref: ansible_collections.webops.paas.docsite.netlify_forms_guide
    description: Recipes for forms and submissions.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_form \
#   -a 'site=webops-paas-shop form=raffle state=absent' --check

- name: Preview how many submissions the deletion removes
  webops.paas.netlify_form:
    site: webops-paas-shop
    form: raffle
    state: absent
  check_mode: true
  register: preview

- name: Delete the form of last year's raffle and its submissions
  webops.paas.netlify_form:
    site: webops-paas-shop
    form: raffle
    state: absent
"""

RETURN = r"""
form:
  description:
    - Always V(null), because the form does not exist after the task.
  returned: success
  type: dict
  sample:
deleted_submissions:
  description:
    - Number of verified submissions that are deleted with the form, as counted by Netlify. V(0) if the form did not
      exist.
  returned: success
  type: int
  sample: 3
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: deleteSiteForm
    method: DELETE
    path: /api/v1/sites/3970e0fe-8564-4903-9a55-c5f8de49fb8b/forms/5f0c1b2a9d8e7f6a5b4c3d2e
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import InvalidInput, Module, Operation
from ..module_utils._kernel.plan import Change, Diff, Plan, Prediction
from ..module_utils._netlify import api, forms


class Form(Operation[forms.FormsClient]):
    def check_input(self) -> None:
        if not self.params["form"].strip():
            raise InvalidInput("form", "`form` must not be empty. Give the name or ID of a form.")

    def plan(self) -> Plan:
        form = forms.find_form(self.client, self.params["site"], self.params["form"])
        return Plan([] if form is None else [Change.delete(form["id"], form)])

    def plan_without_parent(self) -> Plan:
        return Plan()

    def predict(self, plan: Plan) -> Prediction:
        submissions = sum(form["submission_count"] or 0 for form in plan.before.values())
        return Prediction({"form": None, "deleted_submissions": submissions})

    def diff(self, plan: Plan) -> Diff:
        before = {key: change.before[key] for change in plan.writes for key in ("id", "name", "submission_count")}
        return Diff(before, {})

    def apply(self, plan: Plan) -> None:
        [change] = plan.writes
        self.client.delete_form(change.before["site_id"] or api.address_of(self.params["site"]), change.key)


MODULE = Module(
    Form,
    options=dict(
        site=api.SITE,
        form=dict(type="str", required=True, aliases=["form_id", "name"]),
        state=dict(type="str", choices=["absent"], required=True),
    ),
)


if __name__ == "__main__":
    MODULE.run()
