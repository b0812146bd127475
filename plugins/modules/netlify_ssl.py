#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_ssl
version_added: 0.1.0
short_description: Request, renew or install the certificate of a Netlify site
description:
  - Lets Netlify get a certificate of Let's Encrypt for the domains of a site, or installs one of your own.
  - A site with any certificate is left as it is, unless O(certificate) or O(renew_within) ask for more. Netlify has no
    call that deletes a certificate, or that goes back from one of your own to Let's Encrypt.
  - C(NAME.netlify.app) needs no certificate. A site without a custom domain is refused.
  - A run that changes nothing and does not wait sends one read.
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
      - With O(update_certificate=always) every run installs the certificate.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - The site, by name, id or one of its domains.
    type: str
    required: true
    aliases: [name, site_id, domain]
  certificate:
    description:
      - A certificate of your own, in PEM form. Needs O(key) and O(ca_certificates).
      - One that has expired, or that is not a certificate, is refused before anything is sent.
    type: str
  key:
    description:
      - Its private key, in PEM form and not encrypted. It never is in a result or a message, and never in a URL.
    type: str
  ca_certificates:
    description:
      - The certificates of the authorities between it and a root, in PEM form.
    type: str
  update_certificate:
    description:
      - When O(certificate) is installed although the site has one of your own.
      - With V(on_change) when that one ends at another time, which is all that Netlify tells of it. A certificate that
        was made anew with exactly the same end is not noticed.
      - With V(always) by every run.
    type: str
    choices: [on_change, always]
    default: on_change
  renew_within:
    description:
      - Renews a certificate of Let's Encrypt that ends within so many days, 1 to 89. Netlify does so by itself in time;
        this is for the case that it has failed.
    type: int
seealso:
  - module: webops.paas.netlify_site
"""

EXAMPLES = r"""
- name: The blog has a domain
  webops.paas.netlify_site:
    name: webops-paas-blog
    custom_domain: blog.example.com

- name: The domain has a certificate, and for at least two more weeks
  webops.paas.netlify_ssl:
    site: webops-paas-blog
    renew_within: 14

- name: There is a certificate to try things with
  ansible.builtin.command:
    cmd: openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN=blog.example.com -keyout blog.key -out blog.pem
    creates: blog.pem

- name: The domain has a certificate of your own
  webops.paas.netlify_ssl:
    site: webops-paas-blog
    certificate: "{{ lookup('ansible.builtin.file', 'blog.pem') }}"
    key: "{{ lookup('ansible.builtin.file', 'blog.key') }}"
    ca_certificates: "{{ lookup('ansible.builtin.file', 'blog.pem') }}"
"""

RETURN = r"""
certificate:
  description:
    - The certificate after the task, or as it will be (check mode). C(custom) says whether it is one of your own.
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
    - Keys of the result that only Netlify can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [created_at, domains, expires_at]
error:
  description:
    - What failed, for machines.
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
from ..module_utils._kernel.plan import Change, Diff, Plan, Prediction, cached_property
from ..module_utils._netlify import api, certificates


class Ssl(Operation[certificates.SslClient]):
    """A certificate that is created or updated: a given one is installed, else Netlify provisions or renews one."""

    @cached_property
    def end(self) -> float | None:
        """When the given certificate expires."""
        return self.params["certificate"] and certificates.checked_end("certificate", self.params["certificate"])

    def check_input(self) -> None:
        if self.params["certificate"] is not None:
            self.client.http.redactor.add_quoted(*(line for line in self.params["key"].split() if len(line) > 16))
            end = certificates.checked_end("certificate", self.params["certificate"])
            certificates.checked_end("ca_certificates", self.params["ca_certificates"])
            certificates.check_key("key", self.params["key"])
            if end <= self.clock.now():
                raise InvalidInput("certificate", f"certificate has expired on {certificates.time_text(end)}.")

    def plan(self) -> Plan:
        current = self.client.get_certificate(api.address_of(self.params["site"]))
        if current is not None and not self._is_due(current):
            is_ready = current.get("state") in certificates.READY and not current.get("renew_running")
            return Plan(
                [Change.keep("certificate", current)], current if self.params["wait"] and not is_ready else None
            )
        if current is None:
            certificates.check_has_domain(self.client, self.params["site"])
            return self.plan_without_parent()
        return Plan([Change.update("certificate", current, self._new)])

    def plan_without_parent(self) -> Plan:
        return Plan([Change.create("certificate", self._new)])

    @property
    def _new(self) -> JsonObject:
        """The certificate that there will be, as the diff has it."""
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
        if not plan.changed:
            return Diff({}, {})
        [change] = plan.writes
        before = change.before and {key: change.before.get(key) for key in ("state", "expires_at")}
        return Diff(before or {}, change.after)

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
