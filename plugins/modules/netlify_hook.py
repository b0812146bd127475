#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_hook
version_added: 0.1.0
short_description: Create, update and delete a notification of a Netlify site
description:
  - A notification (Netlify's API calls it a hook) tells a URL, a mailbox or a chat of one kind of event on a site.
  - A notification is found by its type, its event, its receiver (O(url) or O(email)) and, if that is given, its form.
    When several fit, the task fails and lists them, and O(hook_id) says which one is meant.
  - The URL of a receiver is taken for a secret, as those of Slack are. It is returned up to its host.
  - A run that changes nothing sends two reads, one when O(site) is an id. One that creates a notification, or changes
    O(event), also reads which types and events Netlify has.
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
      - Netlify may not answer the signature secret. Then with O(update_signature_secret=always) every run sends it and
        reports a change.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - The site, by name, id or one of its domains. A site that does not exist is an error.
    type: str
    required: true
    aliases: [site_id, domain]
  state:
    description:
      - Whether the notification shall exist.
      - Netlify itself deletes a notification whose receiver answers with the status 410.
    type: str
    choices: [present, absent]
    default: present
  hook_id:
    description:
      - Finds the notification by its id. It must exist, unless O(state=absent).
      - Then O(event), O(url), O(email) and O(form) say what it shall have.
    type: str
    aliases: [id]
  type:
    description:
      - How the receiver is told, for example V(url), V(email), V(slack) or V(github_commit_status).
      - Needed unless O(hook_id) is given. Cannot be changed.
    type: str
  event:
    description:
      - What the receiver is told of, for example V(deploy_created) (a deploy is live), V(deploy_building),
        V(deploy_failed), V(deploy_locked), V(deploy_unlocked) or V(submission_created). An event that Netlify does not
        have for the type is refused, also in check mode.
      - Needed unless O(hook_id) is given. One notification is for one event.
    type: str
  url:
    description:
      - Where a C(POST) with the event goes; with O(type=slack) the URL that Slack has given.
      - Netlify refuses private addresses.
    type: str
  email:
    description:
      - The mail address.
    type: str
  data:
    description:
      - Further settings of the type, by the names that C(GET /hooks/types) of Netlify's API lists.
      - Those that Netlify answers are compared. Others are sent when the notification is created, and along with other
        changes.
    type: dict
  signature_secret:
    description:
      - With O(type=url), what Netlify signs the notification with, so that the receiver can tell who sends it. The
        guide on builds and hooks shows how to check it.
      - Give it whenever you declare such a notification. Netlify may not answer it, and a change of other settings
        sends all of them.
    type: str
  update_signature_secret:
    description:
      - When O(signature_secret) is sent.
      - With V(on_create) when the notification is created, and along with other changes.
      - With V(always) by every run, unless Netlify answers it and it is the same.
    type: str
    choices: [on_create, always]
    default: on_create
  form:
    description:
      - The form, by name or id, whose submissions are told of. An empty string means all forms of the site.
      - Part of what a notification is found by. Without it the form does not matter.
    type: str
  enabled:
    description:
      - Whether the notification is sent at all. Netlify switches off notifications whose receivers fail for long.
    type: bool
seealso:
  - module: webops.paas.netlify_submission_info
  - module: webops.paas.netlify_build_hook
"""

EXAMPLES = r"""
- name: The status page is told of each release
  webops.paas.netlify_hook:
    site: webops-paas-blog
    type: url
    event: deploy_created
    url: https://status.example.com/netlify
    signature_secret: "{{ vault_status_page_secret | default('a long random text') }}"

- name: Somebody learns of failures
  webops.paas.netlify_hook:
    site: webops-paas-blog
    type: email
    event: deploy_failed
    email: ops@example.com
    enabled: true

- name: Nobody is told by mail any more
  webops.paas.netlify_hook:
    site: webops-paas-blog
    type: email
    event: deploy_failed
    email: ops@example.com
    state: absent
"""

RETURN = r"""
hook:
  description:
    - The notification after the task, or as it will be (check mode); V(null) when it does not exist.
    - Of a URL all that is behind the host is masked.
  returned: success
  type: dict
  sample:
    id: 5f9f1c0e8d3b2a0007c1d2e3
    site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    type: url
    event: deploy_created
    url: https://status.example.com/********
    email:
    form:
    form_id:
    enabled: true
    created_at: "2026-11-20T08:15:30.000Z"
    updated_at: "2026-11-20T08:15:30.000Z"
unknown_until_applied:
  description:
    - Keys of the result that only Netlify can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [id, updated_at]
error:
  description:
    - What failed, for machines.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: createHookBySiteId
    method: POST
    path: /api/v1/hooks
    status: 422
    code: invalid
    platform_code: 422
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import Field, InvalidInput, JsonObject, Module, Resource
from ..module_utils._core.compare import Secret
from ..module_utils._core.variables import masked, masked_whole
from ..module_utils._kernel.plan import Plan
from ..module_utils._netlify import api, hooks


class Hook(Resource[hooks.HooksClient]):
    key = "hook"
    # Nobody else adds these to a new one.
    of_new = {"url": None, "email": None}
    always_recomputed = ("updated_at",)
    fields = {
        "type": Field("str", create_only=True, check=hooks.check_word),
        "event": Field("str", check=hooks.check_word),
        "email": Field("str"),
        "enabled": Field("bool"),
        "form": Field("str", recomputes=("form_id",)),
        # The view lacks them: is_declared compares them with the hook's data, and what differs there is sent.
        "url": Field("str", Secret(), secret=True, no_log=True),
        # Masked where they stand: they may be anything.
        "data": Field("dict", Secret(), secret=True, no_log=True, mask=masked),
        hooks.SECRET: Field("str", Secret(), secret=True, no_log=True, mask=masked_whole),
    }

    def check_input(self) -> None:
        for option in ("type", "event"):
            if self.params[option] is None and self.params["hook_id"] is None:
                raise InvalidInput(option, f"{option} is needed, unless hook_id says which notification is meant.")
        hooks.check_receiver(self.params, self.client.http.redactor)

    def view(self, state: JsonObject) -> JsonObject:
        return hooks.hook_view(state, self.params["form"])

    def is_declared(self, name: str, current: JsonObject | None) -> bool:
        value = self.params[name]
        if current is None or value is None or not self.fields[name].secret:
            return super().is_declared(name, current)
        known = current.get("data") or {}
        if name == "data":
            return any(key in known and known[key] != wanted for key, wanted in value.items())
        is_sent = name != hooks.SECRET or self.params["update_signature_secret"] == "always"
        return bool(is_sent and known.get(name) != value)

    def predicted(self, current: JsonObject | None, changes: JsonObject) -> JsonObject:
        url = {"url": hooks.shown_url(changes["url"])} if "url" in changes else {}
        is_of_all = not changes.get("form") and (current is None or "form" in changes)
        of_all = dict.fromkeys(("form", "form_id")) if is_of_all else {}
        return {**super().predicted(current, changes), **url, **of_all}

    def read(self) -> JsonObject | None:
        return hooks.find_hook(self.client, self.params)

    def plan(self) -> Plan:
        plan = super().plan()
        for change in plan.writes:
            if change.after and {"type", "event"} & self.differing(change.before).keys():
                hooks.check_known(self.client, change.after["type"], change.after["event"])
        return plan

    def create(self, wanted: JsonObject) -> JsonObject:
        site_id = self.client.site_id_of(self.params["site"])
        body = self._body({}, wanted, self.params["enabled"] is False)
        with hooks.explained(self.params):
            return self.client.create_hook(site_id, body)

    def update(self, current: JsonObject, changes: JsonObject) -> JsonObject:
        state, hook_id = current, current["id"]
        if changes.get("enabled") is not True or len(changes) > 1:
            body = self._body(current, changes, changes.get("enabled") is False or bool(current.get("disabled")))
            with hooks.explained(self.params):
                state = self.client.update_hook(hook_id, body)
        return self.client.enable_hook(hook_id) if changes.get("enabled") else state

    def _body(self, hook: JsonObject, changes: JsonObject, is_disabled: bool) -> JsonObject:
        known, secret = hook.get("data") or {}, self.params[hooks.SECRET]
        if hook.get("type") == "url" and not known.get(hooks.SECRET) and not secret:
            self.warn(
                f"Netlify does not say whether the notification {hook['id']} has a signature secret. If it has one, "
                "this change may have removed it: give signature_secret along."
            )
        sent = {name for name in hooks.SETTINGS if name in changes} | ({hooks.SECRET} if secret else set())
        data = {**(self.params["data"] or {}), **{name: self.params[name] for name in sent}}
        return hooks.hook_body(hook, changes, data, is_disabled)

    def delete(self, current: JsonObject) -> None:
        self.client.delete_hook(current["id"])


MODULE = Module(
    Hook,
    options=dict(
        site=api.SITE,
        hook_id=dict(api.ID, aliases=["id"], own_id=True),
        update_signature_secret=dict(type="str", choices=["on_create", "always"], default="on_create", no_log=False),
    ),
)


if __name__ == "__main__":
    MODULE.run()
