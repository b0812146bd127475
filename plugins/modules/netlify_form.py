#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_form
version_added: 0.1.0
short_description: Delete a form of a Netlify site with all its submissions
description:
  - Netlify makes forms from deployed pages, so none can be created or changed through the API.
  - A deleted form takes its submissions with it, for good. What visitors still send with it is refused; when its page
    is deployed again, Netlify makes the form anew.
  - A run that changes nothing sends one read.
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
      - The site, by name, id or one of its domains. A site that does not exist is an error.
    type: str
    required: true
    aliases: [site_id, domain]
  form:
    description:
      - The form, by name or id.
    type: str
    required: true
    aliases: [form_id, name]
  state:
    description:
      - The form shall not exist.
    type: str
    choices: [absent]
    required: true
seealso:
  - module: webops.paas.netlify_form_info
  - module: webops.paas.netlify_submission_info
"""

EXAMPLES = r"""
- name: The form of last year's raffle is gone, with what was sent
  webops.paas.netlify_form:
    site: webops-paas-shop
    form: raffle
    state: absent
"""

RETURN = r"""
form:
  description:
    - Always V(null), since the form does not exist afterwards.
  returned: success
  type: dict
  sample:
deleted_submissions:
  description:
    - How many verified submissions went with the form, by Netlify's own count; 0 when there was no such form.
  returned: success
  type: int
  sample: 3
error:
  description:
    - What failed, for machines.
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
            raise InvalidInput("form", "form must be the name or the id of a form, and is empty.")

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
