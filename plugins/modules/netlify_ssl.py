#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_ssl
version_added: 0.1.0
short_description: Request, renew or install the TLS certificate of a Netlify site
description:
  - Requests a Let's Encrypt certificate for the domains of a site, renews it, or installs a custom certificate.
  - B(Preview:) Only a third-party guide documents the renewal request, so O(renew_within) may not work.
  - If the site has a certificate, the module does not replace it unless O(certificate) or O(renew_within) require it.
    Netlify's API can neither delete a certificate nor return from a custom certificate to Let's Encrypt.
  - The task fails if the site has no custom domain. C(NAME.netlify.app) always has a certificate. In check mode, if the
    site does not exist yet, the task assumes that it will have a custom domain, and warns.
  - A converged run sends one request. While it waits for a certificate, it sends another for each check.
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.wait
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
      - With O(update_certificate=always), the module installs the certificate in each run.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - Name, ID or domain of the site. The task fails if the site does not exist.
    type: str
    required: true
    aliases: [name, site_id, domain]
  certificate:
    description:
      - Custom certificate to install, in PEM format. Requires O(key) and O(ca_certificates).
      - An expired certificate is rejected before the first request.
    type: str
  key:
    description:
      - Private key of O(certificate), in PEM format and not encrypted. It never occurs in results, messages or URLs.
    type: str
  ca_certificates:
    description:
      - Intermediate certificates between O(certificate) and a root, in PEM format.
    type: str
  update_certificate:
    description:
      - When to install O(certificate) if the site has a custom certificate.
      - V(on_change) installs it if the expiration times differ, because Netlify returns nothing else to compare. It
        does not detect a certificate with the same expiration time.
      - V(always) installs it in each run.
    type: str
    choices: [on_change, always]
    default: on_change
  renew_within:
    description:
      - Number of days before expiration, V(1) to V(89), in which a Let's Encrypt certificate is renewed. Netlify
        normally renews it automatically. Use this option if that failed.
      - Mutually exclusive with O(certificate).
    type: int
seealso:
  - module: webops.paas.netlify_site
  - ref: ansible_collections.webops.paas.docsite.netlify_builds_guide
    description: Recipes for builds, build hooks, notifications and certificates.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_ssl -a 'site=webops-paas-blog renew_within=14' --check

- name: Set the domain of the blog
  webops.paas.netlify_site:
    name: webops-paas-blog
    custom_domain: blog.example.com

- name: Ensure a certificate that is valid for at least two more weeks
  webops.paas.netlify_ssl:
    site: webops-paas-blog
    renew_within: 14

- name: Create a self-signed certificate for a test
  ansible.builtin.command:
    cmd: openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN=blog.example.com -keyout blog.key -out blog.pem
    creates: blog.pem

- name: Install a custom certificate
  webops.paas.netlify_ssl:
    site: webops-paas-blog
    certificate: "{{ lookup('ansible.builtin.file', 'blog.pem') }}"
    key: "{{ lookup('ansible.builtin.file', 'blog.key') }}"
    ca_certificates: "{{ lookup('ansible.builtin.file', 'blog.pem') }}"
"""

RETURN = r"""
certificate:
  description:
    - The certificate after the task, or the predicted one in check mode. C(custom) shows whether it is a custom
      certificate.
  returned: success
  type: dict
  sample:
    state: issued
    domains: [blog.example.com]
    custom: false
    expires_at: "2027-02-18T08:15:30.000Z"
    created_at: "2026-11-20T08:15:30.000Z"
    updated_at: "2026-11-20T08:15:30.000Z"
unknown_until_applied:
  description:
    - Keys of the result whose values only Netlify can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [created_at, domains, expires_at]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: provisionSiteTLSCertificate
    method: POST
    path: /api/v1/sites/webops-paas-blog.netlify.app/ssl
    status: 422
    code: invalid
    platform_code: 422
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""


from ..module_utils._kernel.module import STR, WAIT_OPTIONS, InvalidInput, JsonObject, Module, Operation, between
from ..module_utils._core.compare import SECRET_AFTER, SECRET_BEFORE
from ..module_utils._kernel.plan import Change, Diff, Plan, Prediction, cached_property
from ..module_utils._netlify import api, certificates


class Ssl(Operation[certificates.SslClient]):
    """Creates or updates the certificate: installs a custom one, or lets Netlify provision or renew one."""

    @cached_property
    def end(self) -> float | None:
        """Expiration time of the custom certificate, in seconds since the epoch; None without one."""
        return self.params["certificate"] and certificates.checked_end("certificate", self.params["certificate"])

    def check_input(self) -> None:
        if self.params["certificate"] is not None:
            self.client.http.redactor.add_quoted(*(line for line in self.params["key"].split() if len(line) > 16))
            end = certificates.checked_end("certificate", self.params["certificate"])
            certificates.checked_end("ca_certificates", self.params["ca_certificates"])
            certificates.check_key("key", self.params["key"])
            if end <= self.clock.now():
                raise InvalidInput(
                    "certificate", f"`certificate` expired on {certificates.time_text(end)}. Provide a valid one."
                )

    def plan(self) -> Plan:
        current = self.client.get_certificate(api.address_of(self.params["site"]))
        if current is not None and not self._is_due(current):
            is_ready = current.get("state") in certificates.READY and not current.get("renew_running")
            return Plan(
                [Change.keep("certificate", current)], current if self.params["wait"] and not is_ready else None
            )
        if current is None:
            certificates.check_has_domain(self.client, self.params["site"])
            return Plan([Change.create("certificate", self._new)])
        return Plan([Change.update("certificate", current, self._new)])

    def plan_without_parent(self) -> Plan:
        self.warn("If the site then has no custom domain, the task fails.")
        return Plan([Change.create("certificate", self._new)])

    @property
    def _new(self) -> JsonObject:
        """The new certificate, as the diff shows it."""
        return {
            "state": "issued" if self.end is None else "custom",
            "expires_at": self.end and certificates.time_text(self.end),
        }

    def _is_due(self, current: JsonObject) -> bool:
        if self.end is None:
            return certificates.is_due(current, self.params["renew_within"], self.clock.now())
        return self.params["update_certificate"] == "always" or not certificates.is_installed(current, self.end)

    def predict(self, plan: Plan) -> Prediction:
        [change], blank = plan.changes, dict.fromkeys(certificates.certificate_view({}))
        known: JsonObject = {"custom": False} if self.end is None else {"state": "custom", "custom": True}
        if not (self.end or self.params["wait"]):
            known["expires_at"] = None
        if not plan.changed:
            known = {} if plan.join else certificates.certificate_view(change.after)
        return Prediction({"certificate": {**blank, **known}}, sorted(blank.keys() - known.keys()))

    def diff(self, plan: Plan) -> Diff:
        [change] = plan.writes
        before = change.before and {key: change.before.get(key) for key in ("state", "expires_at")}
        if self.end is None:
            return Diff(before or {}, change.after)
        return Diff({**before, "key": SECRET_BEFORE} if before else {}, {**change.after, "key": SECRET_AFTER})

    def apply(self, plan: Plan) -> JsonObject | None:
        [change], site = plan.writes, self.params["site"]
        if self.end is not None:
            given = (self.params[name] for name in ("certificate", "key", "ca_certificates"))
            return certificates.install(self.client, site, *given)
        if change.action == "create":
            return certificates.provision(self.client, site)
        certificates.renew(self.client, site, change.before)
        return None if self.params["wait"] else self.client.get_certificate(api.address_of(site)) or change.before

    def settle(self, plan: Plan, outcome: JsonObject) -> JsonObject:
        if self.params["wait"]:
            outcome = certificates.wait_until_ready(self.client, self.params["site"], self.patience)
        return {"certificate": certificates.certificate_view(outcome)}


MODULE = Module(
    Ssl,
    options=dict(
        site=api.NAMED_SITE,
        certificate=STR,
        key=dict(type="str", no_log=True),
        ca_certificates=STR,
        update_certificate=dict(type="str", choices=["on_change", "always"], default="on_change"),
        renew_within=dict(type="int", check=between(1, certificates.LIFETIME - 1)),
        **WAIT_OPTIONS,
    ),
    required_together=[("certificate", "key", "ca_certificates")],
    mutually_exclusive=[("certificate", "renew_within")],
)


if __name__ == "__main__":
    MODULE.run()
