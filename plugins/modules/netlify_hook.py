#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_hook
version_added: 0.1.0
short_description: Manage notifications (webhooks, email, Slack) of a Netlify site
description:
  - Creates, updates and deletes a notification of a site, which Netlify's API calls a hook. It sends one type of event
    to one receiver, such as a webhook, an email address or a Slack channel.
  - A notification is identified by O(type), O(event) and its receiver (O(url) or O(email)), and by O(form) if that is
    set. If several notifications match, the task fails and lists them. Use O(hook_id) to select one of them.
  - The URL of a receiver can be a credential, as it is for Slack. The module returns it up to its host only.
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
      - If Netlify does not return the signature secret, O(update_signature_secret=always) sends it and reports a change
        in each run.
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
      - Whether the notification should exist.
      - Netlify deletes a notification if its receiver responds with the status 410.
    type: str
    choices: [present, absent]
    default: present
  hook_id:
    description:
      - ID of the notification. It must exist unless O(state=absent).
      - If set, O(event), O(url), O(email) and O(form) are settings to change, and do not identify the notification.
    type: str
    aliases: [id]
  type:
    description:
      - Type of the receiver, for example V(url), V(email), V(slack) or V(github_commit_status).
      - Required unless O(hook_id) is set. It cannot be changed.
    type: str
  event:
    description:
      - Event to send, for example V(deploy_created) (a deploy is live), V(deploy_building), V(deploy_failed),
        V(deploy_locked), V(deploy_unlocked) or V(submission_created).
      - Before the module creates a notification or changes its event, it checks that Netlify supports the event for
        this type, also in check mode.
      - Required unless O(hook_id) is set.
    type: str
  url:
    description:
      - URL that receives the event as a C(POST) request. With O(type=slack), the webhook URL from Slack.
      - Netlify rejects private addresses.
    type: str
  email:
    description:
      - Email address of the receiver.
    type: str
  data:
    description:
      - Additional settings of the type, with the names that C(GET /hooks/types) of Netlify's API lists.
      - Settings that Netlify returns are compared. Other settings are sent only when the notification is created, or
        together with other changes.
    type: dict
  signature_secret:
    description:
      - Secret that Netlify signs the notification with. The receiver uses it to verify that Netlify is the sender.
        Possible with O(type=url) only. See the guide for how to verify a signature.
      - Set it in each task that manages such a notification. If Netlify does not return the secret, a change of another
        setting would remove it.
    type: str
  update_signature_secret:
    description:
      - When to send O(signature_secret).
      - V(on_create) sends it when the notification is created, and together with other changes.
      - V(always) sends it in each run, unless Netlify returns the same secret.
    type: str
    choices: [on_create, always]
    default: on_create
  form:
    description:
      - Name or ID of the form whose submissions are sent. An empty string means all forms of the site.
      - If set, it is part of what identifies the notification.
      - B(Preview:) It is known only from the API description in Netlify's Terraform provider.
    type: str
  enabled:
    description:
      - Whether the notification is sent. Netlify disables a notification whose receiver fails for a long time.
    type: bool
seealso:
  - module: webops.paas.netlify_build_hook
  - module: webops.paas.netlify_submission_info
  - ref: ansible_collections.webops.paas.docsite.netlify_builds_guide
    description: Recipes for builds, build hooks, notifications and certificates.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_hook \
#   -a 'site=webops-paas-blog hook_id=5f9f1c0e8d3b2a0007c1d2e3 state=absent'

- name: Send releases to the status page
  webops.paas.netlify_hook:
    site: webops-paas-blog
    type: url
    event: deploy_created
    url: https://status.example.com/netlify
    signature_secret: "{{ vault_status_page_secret | default('a long random text') }}"

- name: Send failed and locked deploys by email
  webops.paas.netlify_hook:
    site: webops-paas-blog
    type: email
    event: "{{ item }}"
    email: ops@example.com
    enabled: true
  loop: [deploy_failed, deploy_locked]

- name: Preview the removal of an email notification
  webops.paas.netlify_hook:
    site: webops-paas-blog
    type: email
    event: deploy_locked
    email: ops@example.com
    state: absent
  check_mode: true
  diff: true
  register: preview

- name: Stop sending failed deploys by email
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
    - The notification after the task, or the predicted one in check mode. V(null) if it does not exist.
    - Everything after the host of a URL is masked.
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
    - Keys of the result whose values only Netlify can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [id, updated_at]
error:
  description:
    - Machine-readable details of the failure.
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
    members = hooks.HOOKS
    named_by = ("hook_id", "type", "event", "form", "email", "url")
    # Netlify does not add these to a new one.
    of_new = {"url": None, "email": None}
    always_recomputed = ("updated_at",)
    fields = {
        "type": Field("str", create_only=True, check=hooks.check_word),
        "event": Field("str", check=hooks.check_word),
        # The view lacks url, data and the secret: is_declared compares them with the hook's data.
        "url": Field("str", Secret(), secret=True, no_log=True),
        "email": Field("str"),
        # Masked by key, because the values may be any text.
        "data": Field("dict", Secret(), secret=True, no_log=True, mask=masked),
        hooks.SECRET: Field("str", Secret(), secret=True, no_log=True, mask=masked_whole),
        "form": Field("str", recomputes=("form_id",)),
        "enabled": Field("bool"),
    }

    def check_input(self) -> None:
        for option in ("type", "event"):
            if self.params[option] is None and self.params["hook_id"] is None:
                raise InvalidInput(option, f"`{option}` is required unless `hook_id` is set.")
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

    def alike(self) -> list[JsonObject]:
        return hooks.hooks_alike(self.client, self.params)

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
                f"Netlify does not return whether the notification {hook['id']} has a signature secret. If it has one, "
                "this change may have removed it. Set `signature_secret` to keep it."
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
