#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: verify
version_added: 0.1.0
short_description: Check the responses of URLs
description:
  - Looks at one or several URLs as a visitor does, and fails unless each answers as declared, with one message that
    names every URL that does not, and why.
  - URLs that do not hold yet are looked at again, until all have held once or O(wait_timeout) has passed.
  - One request for each URL whose first answer holds, and one for each redirect that is followed.
  - The module changes nothing by itself and always reports C(changed=false). Checks with another method than C(GET),
    C(HEAD) and C(OPTIONS) may change something nevertheless. They are sent when all others have held, as often as it
    takes until they hold too; in check mode they are not sent and are reported as skipped.
  - A server that answers 429 and says when to come back is not asked before that time.
extends_documentation_fragment:
  - webops.paas.connection.visit
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_all
author:
  - webops.paas contributors (@webops-paas)
options:
  urls:
    description:
      - What to look at.
    type: list
    elements: dict
    required: true
    suboptions:
      url:
        description:
          - An C(http) or C(https) URL. A user name and password in it are sent as basic authentication.
          - Values of its query whose names tell that they are credentials (C(token), C(api_key), C(signature) and the
            like) are masked in all output, and so are user name and password. A secret in the path is not recognised.
          - With a credential in O(urls[].headers) or in the URL, plain C(http) is accepted for loopback hosts only.
        type: str
        required: true
      method:
        description:
          - How to ask.
        type: str
        choices: [GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE]
        default: GET
      headers:
        description:
          - Headers to send. The values of C(Authorization), C(Cookie), C(X-Api-Key) and others whose names tell that
            they are credentials are masked in all output.
          - Other hosts, where a redirect may lead, get C(Accept), C(Accept-Language) and C(User-Agent) at most.
        type: dict
      body:
        description:
          - What to send; a text as it is, anything else as JSON. It may hold secrets and is never shown; texts and
            numbers of it with four characters or more are masked where the server's answer is quoted.
          - It is never sent to another host.
        type: raw
      status:
        description:
          - The statuses that are right.
        type: list
        elements: int
        default: [200]
      contains:
        description:
          - Texts that the answer must contain, each of them. Of an answer the first 8 MiB are looked at.
        type: list
        elements: str
      matches:
        description:
          - Regular expressions that the answer must match somewhere, each of them.
        type: list
        elements: str
      not_contains:
        description:
          - Texts that the answer must not contain.
        type: list
        elements: str
      response_headers:
        description:
          - Headers that the answer must have, each with a regular expression that its value must match somewhere. An
            empty one matches any value.
        type: dict
      json:
        description:
          - Values that the answer, a JSON document, must have, by their paths.
          - A path is made of keys and indexes, such as C(data.items[0].id); C([-1]) is the last item; a key with
            other characters is written C(["odd.key"]). The empty path is the whole document.
          - V(null) stands for nothing at all, too. A text also stands for the number or the boolean that is written
            so.
        type: dict
      follow_redirects:
        description:
          - With V(none), a redirect is an answer like any other. With V(same_host), it is followed as long as the
            host is the same, whatever the port; with V(all), wherever it leads. The last answer counts.
          - O(urls[].headers) and O(urls[].body) go along on the same port and from C(http) to its C(https) only.
          - A redirect that would take a body or another method than C(GET), C(HEAD) and C(OPTIONS) to another host is
            not followed.
        type: str
        choices: [none, same_host, all]
        default: none
      certificate_days:
        description:
          - For how many days the TLS certificate must still be valid; with redirects, each certificate on the way.
        type: int
      max_seconds:
        description:
          - How long one look may take, from the beginning to the last byte, redirects included.
        type: float
      validate_certs:
        description:
          - Whether the TLS certificate is verified. If not given, as the task's O(validate_certs) says.
        type: bool
      ca_path:
        description:
          - A file or directory with the certificates of the authorities to trust. If not given, the task's
            O(ca_path).
        type: path
  allow_empty:
    description:
      - Whether an empty list of O(urls) is accepted, and passes. Otherwise it fails the task, because nothing would be
        checked.
    type: bool
    default: false
  connect_to:
    description:
      - Where to connect instead of where a URL leads, as C(--connect-to) of C(curl), to check a site before its DNS
        points there. The Host header and what is compared with the TLS certificate stay those of the URL.
      - Each has the form C(HOST1:PORT1:HOST2:PORT2). The first whose C(HOST1) and C(PORT1) are those of the URL
        holds. An empty C(HOST1) or C(PORT1) is any; an empty C(HOST2) or C(PORT2) is the URL's own. An IPv6 address
        stands in brackets.
      - A proxy that the environment names is not used for such a connection.
    type: list
    elements: str
  wait:
    description:
      - Whether URLs that do not hold yet are looked at again.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds until all must have held. A look that has begun by then is let finish.
    type: float
    default: 60
  poll_interval:
    description:
      - Seconds between two looks; the first looks follow each other faster.
    type: float
    default: 1
seealso:
  - module: webops.paas.netlify_deploy
  - module: webops.paas.netlify_publish
"""

EXAMPLES = r"""
- name: The shop is there, and says so quickly
  webops.paas.verify:
    urls:
      - url: https://webops-paas-shop.netlify.app/
        contains: ["<h1>"]
        response_headers:
          Content-Type: ^text/html
        certificate_days: 14
        max_seconds: 5
      - url: https://webops-paas-shop.netlify.app/no-such-page
        status: [404]

- name: Wait until a new domain answers, and its address without www leads to it
  webops.paas.verify:
    urls:
      - url: https://www.example.com/
      - url: http://example.com/
        status: [301, 308]
        response_headers:
          Location: ^https://www\.example\.com/$
    wait_timeout: 600
    poll_interval: 10

- name: Check a site on its new host, before the DNS points there
  webops.paas.verify:
    urls:
      - url: https://www.example.com/
        contains: [Welcome]
    connect_to:
      - www.example.com:443:192.0.2.10:443

- name: Ask an API with a secret
  webops.paas.verify:
    urls:
      - url: https://api.example.com/v1/graphql
        method: POST
        headers:
          X-Hasura-Admin-Secret: "{{ admin_secret }}"
        body:
          query: "{ products(limit: 1) { id } }"
        json:
          errors:
          data.products[0].id: 1
"""

RETURN = r"""
unknown_until_applied:
  description:
    - Keys of the checks that are not known yet; they are V(null) in a prediction.
  returned: in check mode, when a URL is empty because an earlier task would return it
  type: list
  elements: str
  sample: [url]
checks:
  description:
    - What came of each check, in the order of O(urls).
  returned: success, and when a check failed
  type: list
  elements: dict
  contains:
    url:
      description: The URL, with its secrets masked.
      type: str
    method:
      description: How it was asked.
      type: str
    ok:
      description: Whether it holds; V(null) when it was not sent.
      type: bool
    skipped:
      description: Whether it was not sent, because of check mode or because others did not hold.
      type: bool
    status:
      description: The status of the last answer; V(null) when there was none.
      type: int
    seconds:
      description: How long the last look took.
      type: float
    attempts:
      description: How often it was looked at.
      type: int
    redirected_to:
      description: Where the last redirect led, whether it was followed or not; V(null) when there was none.
      type: str
    certificate_days_left:
      description: For how many whole days the TLS certificate is still valid; V(null) without a verified one.
      type: int
    problems:
      description: What is wrong, a sentence each; empty when it holds.
      type: list
      elements: str
  sample:
    - url: https://webops-paas-shop.netlify.app/
      method: GET
      ok: true
      skipped: false
      status: 200
      seconds: 0.142
      attempts: 1
      redirected_to:
      certificate_days_left: 73
      problems: []
error:
  description:
    - What failed, for machines; of the first check that failed.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: web
    operation: verify
    method: GET
    url: https://webops-paas-shop.netlify.app/
    status: 404
    code: check_failed
"""


from ..module_utils._kernel.module import BOOL, FLAG, INT, STRS, WAIT_OPTIONS, InvalidInput, Module, Operation
from ..module_utils._core import spelling
from ..module_utils._http.urls import ConnectTo
from ..module_utils._kernel.plan import UNKNOWN, Change, Plan, Prediction, cached_property
from ..module_utils._web.check import METHODS, Check, unsent
from ..module_utils._web.client import WebClient
from ..module_utils._web.masking import masked
from ..module_utils._web.verify import failure, hold


class Verify(Operation[WebClient]):
    """Checks that only read are made by the plan; those that send something are its changes.

    Whether what they send changes anything nobody can tell, so that the result never says so.
    """

    has_diff = False

    @cached_property
    def pages(self) -> list[Check]:
        connect_to = ConnectTo(self.params["connect_to"] or ())
        return [
            Check(f"urls[{number}]", options, self.params, connect_to)
            for number, options in enumerate(self.params["urls"])
            if options["url"] is not UNKNOWN
        ]

    def check_input(self) -> None:
        if not self.params["urls"] and not self.params["allow_empty"]:
            raise InvalidInput(
                "urls", "urls is empty, so nothing would be checked. Add a URL, or set allow_empty to true."
            )
        for number, entry in enumerate(self.params["urls"]):
            for option in ("headers", "response_headers"):
                spelling.check_texts(f"urls[{number}].{option}", entry[option] or {}, self.warn)
            spelling.check_names(f"urls[{number}].json", entry["json"] or {})
        for check in self.pages:
            self.client.http.redactor.add(*check.credentials)

    def plan(self) -> Plan:
        for number, entry in enumerate(self.params["urls"]):
            if entry["url"] is UNKNOWN:
                self.warn(
                    f"urls[{number}].url is empty: in check mode the addresses that earlier tasks would return are not "
                    "known yet. It is not checked."
                )
        self._hold([check for check in self.pages if not check.is_write])
        return Plan(
            Change.update(number, check, check) if check.is_write else Change.keep(number, check)
            for number, check in enumerate(self.pages)
        )

    def predict(self, plan: Plan) -> Prediction:
        made = iter(self.pages)
        checks = [
            unsent(entry["url"], entry["method"]) if entry["url"] is UNKNOWN else next(made).result()
            for entry in self.params["urls"]
        ]
        return Prediction({"changed": False, "checks": checks})

    def apply(self, plan: Plan) -> None:
        self._hold([change.after for change in plan.writes])

    def _hold(self, checks: list[Check]) -> None:
        began = self.clock.monotonic()
        hold(self.client.http, checks, self.patience, again=self.params["wait"])
        failed = failure(self.pages, self.clock.monotonic() - began)
        if failed is not None:
            raise failed


MODULE = Module(
    Verify,
    options=dict(
        urls=dict(
            type="list",
            elements="dict",
            required=True,
            mask=masked,
            options=dict(
                url=dict(type="str", required=True, no_log=True, parent=True),
                method=dict(type="str", choices=list(METHODS), default="GET"),
                headers=dict(type="dict", no_log=True),
                body=dict(type="raw", no_log=True),
                status=dict(type="list", elements="int", default=[200]),
                contains=STRS,
                matches=STRS,
                not_contains=STRS,
                response_headers=dict(type="dict"),
                json=dict(type="dict"),
                follow_redirects=dict(type="str", choices=["none", "same_host", "all"], default="none"),
                certificate_days=INT,
                max_seconds=dict(type="float"),
                validate_certs=BOOL,
                ca_path=dict(type="path"),
            ),
        ),
        allow_empty=FLAG,
        connect_to=STRS,
        **{**WAIT_OPTIONS, "wait_timeout": dict(type="float", default=60)},
    ),
)


if __name__ == "__main__":
    MODULE.run()
