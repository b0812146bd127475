#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_log_drain
version_added: 1.1.0
short_description: Manage log drains of a Netlify site
description:
  - Creates, updates and deletes a log drain, which sends the logs of a site to another service.
  - B(Preview:) The requests are known only from Netlify's Terraform provider. Not all of Netlify's plans include the
    feature.
  - The module finds a log drain by its destination. If several have the same destination, the task fails and lists
    them. Select one of them with O(drain_id).
  - Netlify verifies an S3 bucket with a file in it. The module does not do that.
  - A converged run sends two requests, or one if O(site) is an ID.
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
    support: partial
    details:
      - If Netlify does not return the authorization header, O(update_authorization_header=always) sends it and reports
        a change in each run.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - Name, ID or domain of the site. The task fails if the site does not exist.
    type: str
    required: true
    aliases: [site_id, domain]
  state:
    description:
      - Whether the log drain should exist.
    type: str
    choices: [present, absent]
    default: present
  destination:
    description:
      - Service that receives the logs. It cannot be changed after creation.
      - Required unless O(drain_id) is set.
    type: str
    choices: [axiom, azure, datadog, http, logflare, newrelic, s3, splunkcloud]
  drain_id:
    description:
      - ID of the log drain. The task fails if the log drain does not exist, unless O(state=absent).
    type: str
  log_types:
    description:
      - Types of logs to send. The order does not matter. Required to create a log drain.
    type: list
    elements: str
    choices: [deploys, edge_functions, functions, user_traffic, waf_logs]
  format:
    description:
      - Format of the logs. A new log drain has V(json) if it is not set.
    type: str
    choices: [json, ndjson]
  exclude_pii:
    description:
      - Whether to exclude personally identifiable information (PII) of visitors from the logs.
    type: bool
  url:
    description:
      - URL that receives the logs. Required to create a log drain for V(datadog), V(http) and V(newrelic).
      - The URL can contain a key, so RV(log_drain.url) contains it only up to the host.
    type: str
  authorization_header:
    description:
      - Value of the C(Authorization) header of the requests with logs.
    type: str
  update_authorization_header:
    description:
      - When to send O(authorization_header) if Netlify does not return it.
      - V(on_create) sends it when the log drain is created, and together with other changes.
      - V(always) sends it in each run, unless Netlify returns the same header.
    type: str
    choices: [on_create, always]
    default: on_create
  tags:
    description:
      - Tags to send with the logs. They replace all existing ones. Values are sent as strings, and are not treated as
        secrets.
      - Required to create a log drain for V(newrelic).
    type: dict
  integration_name:
    description:
      - Name of the integration.
    type: str
  bucket_name:
    description:
      - Name of the S3 bucket. Required to create a log drain for V(s3), together with O(bucket_region), O(path) and
        O(verification_filename).
    type: str
  bucket_region:
    description:
      - Region of the S3 bucket.
    type: str
  path:
    description:
      - Path in the S3 bucket.
    type: str
  verification_filename:
    description:
      - Name of the file that verifies the S3 bucket.
    type: str
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_guide
    description: Recipes for sites, deploys and log drains.
  - module: webops.paas.netlify_hook
"""

EXAMPLES = r"""
# Delete a log drain from the command line:
# ansible localhost -m webops.paas.netlify_log_drain -a "site=webops-paas-blog destination=http state=absent"

- name: Send the logs of functions and deploys to the log server
  webops.paas.netlify_log_drain:
    site: webops-paas-blog
    destination: http
    url: https://logs.example.com/netlify
    log_types: [functions, deploys]
    format: ndjson
    exclude_pii: true
    tags:
      site: blog
"""

RETURN = r"""
log_drain:
  description:
    - The log drain after the task, or the predicted one in check mode; V(null) if it does not exist.
  returned: success
  type: dict
  contains:
    url:
      description:
        - URL that receives the logs, up to its host.
      type: str
      returned: success
      sample: https://logs.example.com/********
  sample:
    id: 5f9f1c0e8d3b2a0007c1d2e3
    site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    destination: http
    format: ndjson
    log_types: [deploys, functions]
    exclude_pii: true
    url: https://logs.example.com/********
    tags: {site: blog}
    integration_name:
    bucket_name:
    bucket_region:
    path:
    verification_filename:
unknown_until_applied:
  description:
    - Keys of the result whose values only Netlify can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [id, site_id]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: LogDrainsCreate
    method: POST
    path: /api/v1/sites/3970e0fe-8564-4903-9a55-c5f8de49fb8b/log_drains
    status: 422
    code: invalid
    platform_code: 422
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import Field, JsonObject, Module, Resource
from ..module_utils._core.compare import UNORDERED, Secret
from ..module_utils._netlify import api, drains, hooks


class LogDrain(Resource[drains.DrainsClient]):
    key = "log_drain"
    members = drains.DRAINS
    named_by = ("drain_id", "destination")
    of_new = {"format": "json", **dict.fromkeys(("url", "tags", *drains.PLAIN))}
    fields = {
        "destination": Field("str", choices=list(drains.DESTINATIONS), create_only=True),
        "log_types": Field("list", UNORDERED, elements="str", choices=list(drains.LOG_TYPES)),
        "format": Field("str", choices=["json", "ndjson"]),
        "exclude_pii": Field("bool"),
        "tags": Field("dict"),
        **dict.fromkeys(drains.PLAIN, Field("str")),
        # The view lacks them: is_declared compares them with the log drain's settings.
        "url": Field("str", Secret(), secret=True, no_log=True),
        drains.HEADER: Field("str", Secret(), secret=True, no_log=True),
    }

    def check_input(self) -> None:
        drains.check_drain(self.params, self.client.http.redactor, self.warn)

    def view(self, state: JsonObject) -> JsonObject:
        return drains.drain_view(state)

    def is_declared(self, name: str, current: JsonObject | None) -> bool:
        value = self.params[name]
        if current is None or value is None or not self.fields[name].secret:
            return super().is_declared(name, current)
        known = drains.settings_of(current).get(name)
        if name == drains.HEADER and known is None:
            return bool(value) and self.params["update_authorization_header"] == "always"
        return bool(known != (value or None))

    def wanted(self, current: JsonObject | None) -> JsonObject:
        wanted = super().wanted(current)
        return {**wanted, **({"tags": drains.declared_tags(wanted["tags"])} if "tags" in wanted else {})}

    def predicted(self, current: JsonObject | None, changes: JsonObject) -> JsonObject:
        url = {"url": hooks.shown_url(changes["url"])} if "url" in changes else {}
        return {**super().predicted(current, changes), **url}

    def read(self) -> JsonObject | None:
        return drains.find_drain(self.client, self.params)

    def alike(self) -> list[JsonObject]:
        return drains.drains_alike(self.client, self.params)

    def check_new(self) -> None:
        drains.check_new(self.params)

    def create(self, wanted: JsonObject) -> JsonObject:
        return self.client.create_log_drain(self.client.site_id_of(self.params["site"]), drains.drain_body({}, wanted))

    def update(self, current: JsonObject, changes: JsonObject) -> JsonObject:
        header = self.params[drains.HEADER]
        if header is None and drains.may_have_hidden_header(current):
            self.warn(
                f"Netlify does not return whether the log drain {current['id']} has an authorization header. If it has "
                f"one, this change may have removed it. Set `{drains.HEADER}` to keep it."
            )
        body = drains.drain_body(current, {**changes, **({} if header is None else {drains.HEADER: header})})
        return self.client.update_log_drain(self.client.site_id_of(self.params["site"]), current["id"], body)

    def delete(self, current: JsonObject) -> None:
        self.client.delete_log_drain(self.client.site_id_of(self.params["site"]), current["id"])


MODULE = Module(
    LogDrain,
    options=dict(
        site=api.SITE,
        drain_id=dict(api.ID, own_id=True),
        update_authorization_header=dict(
            type="str", choices=["on_create", "always"], default="on_create", no_log=False
        ),
    ),
)

if __name__ == "__main__":
    MODULE.run()
