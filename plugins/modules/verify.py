#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: verify
version_added: 0.1.0
short_description: Check the HTTP responses of URLs, and wait until they are as expected
description:
  - Requests URLs as a visitor does and checks the status, headers, content, JSON values, certificate and response time.
    If a check fails, the task fails with one message that names each failed URL and the reason.
  - Failed checks are retried until all checks have passed or O(wait_timeout) has expired. If a server responds with 429
    and a time to wait, the module does not retry earlier.
  - The module always reports C(changed=false). Checks with a method other than C(GET), C(HEAD) and C(OPTIONS) are sent
    after all other checks have passed, and are retried, too. In check mode, they are skipped.
  - In check mode, an address that cannot be reached or that returns 404 or 410 is a warning, because an earlier task of
    the play may create the site. Any other check that does not pass fails the task, as in a real run.
  - Sends one request for each URL, and another for each redirect that it follows and for each retry. It sends no
    request if O(urls) is empty.
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
      - URLs to check, and the expected responses.
    type: list
    elements: dict
    required: true
    suboptions:
      url:
        description:
          - HTTP or HTTPS URL. A user name and password in it are sent with basic authentication.
          - The user name, the password and query values whose names indicate credentials (such as C(token), C(api_key)
            or C(signature)) are masked in all output. A secret in the path is not recognized.
          - Credentials in the URL or in O(urls[].headers) require HTTPS, except for loopback hosts.
        type: str
        required: true
      method:
        description:
          - HTTP method of the request.
        type: str
        choices: [GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE]
        default: GET
      headers:
        description:
          - Request headers. The values of C(Authorization), C(Cookie), C(X-Api-Key) and other headers whose names
            indicate credentials are masked in all output.
          - If a redirect leads to another host, only C(Accept), C(Accept-Language) and C(User-Agent) are sent to it.
        type: dict
      body:
        description:
          - Body of the request. A string is sent unchanged, any other value as JSON.
          - It can contain secrets and is never shown. If a message quotes the response, strings and numbers of the body
            with four or more characters are masked in it.
          - It is never sent to another host.
        type: raw
      status:
        description:
          - Expected HTTP status codes. The response must have one of them.
        type: list
        elements: int
        default: [200]
      contains:
        description:
          - Strings that the response body must contain. Only the first 8 MiB of the body are checked.
        type: list
        elements: str
      matches:
        description:
          - Regular expressions that must match a part of the response body.
        type: list
        elements: str
      not_contains:
        description:
          - Strings that the response body must not contain.
        type: list
        elements: str
      response_headers:
        description:
          - Headers that the response must have. Each value is a regular expression that must match a part of the
            header's value. An empty string matches any value.
        type: dict
      json:
        description:
          - Values that the response, a JSON document, must have. The keys are paths in the document.
          - A path consists of keys and indexes, such as C(data.items[0].id). C([-1]) is the last item. Write a key with
            other characters as C(["odd.key"]). The empty path is the whole document.
          - V(null) also matches a path that does not exist. A string also matches the number or boolean with the same
            spelling.
        type: dict
      follow_redirects:
        description:
          - Which redirects to follow. V(none) checks the redirect itself, V(same_host) follows redirects to the same
            host on any port, and V(all) follows all redirects. The last response is checked.
          - O(urls[].headers) and O(urls[].body) are only sent along on the same port, and from HTTP to HTTPS of the
            same host.
          - A redirect to another host is not followed if the request has a body or a method other than C(GET), C(HEAD)
            and C(OPTIONS).
        type: str
        choices: [none, same_host, all]
        default: none
      certificate_days:
        description:
          - Minimum number of days for which the TLS certificate must still be valid. With redirects, this applies to
            each certificate on the way.
        type: int
      max_seconds:
        description:
          - Maximum time in seconds until the last byte of the response, including redirects.
        type: float
      validate_certs:
        description:
          - Whether to verify the TLS certificate. If not set, O(validate_certs) of the task applies.
        type: bool
      ca_path:
        description:
          - File or directory with the certificates of the trusted authorities. If not set, O(ca_path) of the task
            applies.
        type: path
  allow_empty:
    description:
      - Whether the task succeeds if O(urls) is empty. By default it fails, because nothing would be checked.
    type: bool
    default: false
  connect_to:
    description:
      - Hosts to connect to instead of those in the URLs, like C(--connect-to) of C(curl). Use it to check a site before
        its DNS points to the new host. The Host header and the name in the TLS certificate remain those of the URL.
      - Each item has the form C(HOST1:PORT1:HOST2:PORT2). The first item whose C(HOST1) and C(PORT1) match the URL
        applies. An empty C(HOST1) or C(PORT1) matches any. An empty C(HOST2) or C(PORT2) means that of the URL. Write
        IPv6 addresses in brackets.
      - Such connections do not use a proxy that is set in the environment.
    type: list
    elements: str
  wait:
    description:
      - Whether to retry failed checks.
    type: bool
    default: true
  wait_timeout:
    description:
      - Maximum time in seconds until all checks must have passed. A request that has started by then is completed.
    type: float
    default: 60
  poll_interval:
    description:
      - Seconds between two attempts. The intervals between the first attempts are shorter.
    type: float
    default: 1
seealso:
  - module: webops.paas.netlify_deploy
  - module: webops.paas.netlify_publish
  - ref: ansible_collections.webops.paas.docsite.netlify_guide
    description: Recipes for Netlify, including checks and automatic rollback.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.verify -a '{"urls": [{"url": "https://www.example.com/"}]}'

- name: Check the start page and the error page of the shop
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

- name: Wait until a new domain serves the site and redirects to www
  webops.paas.verify:
    urls:
      - url: https://www.example.com/
      - url: http://example.com/
        status: [301, 308]
        response_headers:
          Location: ^https://www\.example\.com/$
    wait_timeout: 600
    poll_interval: 10

- name: Check a site on its new host before the DNS points to it
  webops.paas.verify:
    urls:
      - url: https://www.example.com/
        contains: [Welcome]
    connect_to:
      - www.example.com:443:192.0.2.10:443

- name: Check the result of a GraphQL query
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
    - Keys of the checks that are not known yet. They are V(null) in check mode.
  returned: in check mode, if a URL is empty because an earlier task would return it
  type: list
  elements: str
  sample: [url]
checks:
  description:
    - Results of the checks, in the order of O(urls).
  returned: success, or if a check failed
  type: list
  elements: dict
  contains:
    url:
      description: URL of the request, with secrets masked.
      type: str
      sample: https://webops-paas-shop.netlify.app/
    method:
      description: HTTP method of the request.
      type: str
      sample: GET
    ok:
      description: Whether the check passed. V(null) if no request was sent.
      type: bool
      sample: true
    skipped:
      description: Whether the request was not sent, because of check mode or because other checks failed.
      type: bool
      sample: false
    status:
      description: HTTP status code of the last response. V(null) if there was no response.
      type: int
      sample: 200
    seconds:
      description: Duration of the last attempt in seconds.
      type: float
      sample: 0.142
    attempts:
      description: Number of attempts.
      type: int
      sample: 1
    redirected_to:
      description: Target of the last redirect, whether it was followed or not. V(null) if there was no redirect.
      type: str
      sample: https://www.example.com/
    certificate_days_left:
      description: Number of whole days for which the TLS certificate is still valid. V(null) without a verified one.
      type: int
      sample: 73
    problems:
      description: Reasons why the check failed, one sentence each. Empty if it passed.
      type: list
      elements: str
      sample: ["does not contain '<h1>'"]
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
    - Machine-readable details of the first failed check.
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


from ..module_utils._kernel.module import FLAG, STRS, WAIT_OPTIONS, InvalidInput, JsonObject, Module, Operation
from ..module_utils._core import spelling
from ..module_utils._http.urls import ConnectTo
from ..module_utils._kernel.plan import UNKNOWN, Change, Plan, Prediction, cached_property
from ..module_utils._web.check import URL_OPTIONS, Check, unsent
from ..module_utils._web.client import WebClient
from ..module_utils._web.masking import masked
from ..module_utils._web.verify import failure, hold, sentence


class Verify(Operation[WebClient]):
    """The plan performs the checks that only read. Checks that send something are its changes.

    It is not known whether these change anything on the server, so the result is never "changed".
    """

    has_diff = False
    stage = "check"

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
                "urls", "`urls` is empty, so nothing would be checked. Add a URL, or set `allow_empty` to true."
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
                    f"`urls[{number}].url` is empty and is not checked. In check mode, URLs that earlier tasks would "
                    "return are not known yet."
                )
        began, reads = self.clock.monotonic(), [check for check in self.pages if not check.is_write]
        hold(self.client.http, reads, self.patience, again=False, began=began)
        # What exists and is not as expected fails at once in check mode, too.
        if any(check.ok is False and not check.may_be_missing for check in reads):
            self._hold(reads, began)
        changes = [
            Change.update(number, check, check) if check.is_write else Change.keep(number, check)
            for number, check in enumerate(self.pages)
        ]
        return Plan(changes, None if all(check.ok for check in reads) else began)

    def predict(self, plan: Plan) -> Prediction:
        made = iter(self.pages)
        checks = [
            unsent(entry["url"], entry["method"]) if entry["url"] is UNKNOWN else next(made).result()
            for entry in self.params["urls"]
        ]
        doubts = [
            f"{sentence(check)} In check mode the task continues, because an earlier task may create what is missing."
            for check in self.pages
            if check.ok is False
        ]
        return Prediction({"changed": False, "checks": checks}, doubts=doubts)

    def carry_out(self, plan: Plan) -> JsonObject:
        if plan.join is not None:
            self._hold([change.after for change in plan.changes if not change.is_write], plan.join)
        return super().carry_out(plan)

    def apply(self, plan: Plan) -> None:
        self._hold([change.after for change in plan.writes], self.clock.monotonic())

    def _hold(self, checks: list[Check], began: float) -> None:
        hold(self.client.http, checks, self.patience, again=self.params["wait"], began=began)
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
            options=URL_OPTIONS,
        ),
        allow_empty=FLAG,
        connect_to=STRS,
        **{**WAIT_OPTIONS, "wait_timeout": dict(type="float", default=60)},
    ),
)


if __name__ == "__main__":
    MODULE.run()
