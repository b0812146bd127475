#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_metadata
version_added: 0.1.0
short_description: Set the metadata of a Netlify site
description:
  - Sets or removes keys of the metadata object of a site. Snippets can use its values, for example C({{ theme }}); see
    M(webops.paas.netlify_snippet).
  - Netlify can only replace the whole object. To change some keys, the module reads the object, changes it and writes
    it back. A key that another client writes in between is lost.
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
  metadata:
    description:
      - Keys to set, and their values. A value can be any JSON value, including V(null), and is replaced as a whole.
    type: dict
    default: {}
  absent:
    description:
      - Keys to remove.
    type: list
    elements: str
    default: []
  purge:
    description:
      - Whether to remove all keys that are not in O(metadata). With an empty O(metadata), this removes all keys.
    type: bool
    default: false
seealso:
  - module: webops.paas.netlify_metadata_info
  - module: webops.paas.netlify_snippet
  - ref: ansible_collections.webops.paas.docsite.netlify_snippets_guide
    description: Recipes for snippets, metadata and single files.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_metadata \
#   -a '{"site": "webops-paas-shop", "metadata": {"theme": "dark"}}'

- name: Set the theme and the telephone number for snippets
  webops.paas.netlify_metadata:
    site: webops-paas-shop
    metadata:
      theme: dark
      telephone: "+49 30 901820"

- name: Set the metadata and remove all other keys
  webops.paas.netlify_metadata:
    site: webops-paas-shop
    metadata:
      theme: dark
      telephone: "+49 30 901820"
      opening_hours: [9, 17]
    purge: true

- name: Preview the removal of the opening hours
  webops.paas.netlify_metadata:
    site: webops-paas-shop
    absent: [opening_hours]
  check_mode: true
  diff: true
  register: preview
"""

RETURN = r"""
metadata:
  description:
    - The whole metadata object after the task, or the predicted one in check mode.
  returned: success
  type: dict
  sample:
    telephone: "+49 30 901820"
    theme: dark
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: updateSiteMetadata
    method: PUT
    path: /api/v1/sites/webops-paas-shop.netlify.app/metadata
    status: 401
    code: unauthorized
    platform_code: 401
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from typing import Any

from ..module_utils._kernel.module import FLAG, InvalidInput, JsonObject, Module, PaasError
from ..module_utils._core import spelling
from ..module_utils._core.checks import check_disjoint
from ..module_utils._core.compare import is_same_json
from ..module_utils._kernel.collection import Collection
from ..module_utils._kernel.plan import Change, Plan, cached_property
from ..module_utils._netlify import api, sites


class Metadata(Collection[sites.SitesClient, Any]):
    """Netlify can only replace the metadata as a whole."""

    is_whole = True
    members = sites.METADATA

    def check_input(self) -> None:
        spelling.check_keys("metadata", self.declared)
        check_disjoint(self.declared, self.absent, "`metadata`")
        if self.purge and self.absent:
            raise InvalidInput(
                "absent",
                "`absent` and `purge=true` are mutually exclusive. `purge` removes all keys not in `metadata`.",
            )

    @cached_property
    def declared(self) -> JsonObject:
        metadata: JsonObject = self.params["metadata"]
        return metadata

    def differs(self, found: Any, wanted: Any) -> bool:
        return not is_same_json(found, wanted)

    def read(self, parent: None = None) -> JsonObject:
        return sites.metadata_of(self.client, self.params["site"])

    def write(self, parent: None, members: JsonObject, changes: list[Change]) -> JsonObject:
        self.client.replace_metadata(api.address_of(self.params["site"]), self.applied(members, changes))
        return self.read()

    def not_applied(self, members: JsonObject, changes: list[Change]) -> PaasError:
        return PaasError(
            "Netlify accepted the metadata but did not apply it, or another client changed it at the same time. "
            f"Its keys are now: {', '.join(sorted(members)) or 'none'}.",
            code="not_applied",
        )

    def result(self, plan: Plan, members: JsonObject) -> JsonObject:
        return {"metadata": members}


MODULE = Module(
    Metadata,
    options=dict(
        site=api.SITE,
        metadata=dict(type="dict", default={}),
        absent=dict(type="list", elements="str", default=[]),
        purge=FLAG,
    ),
)


if __name__ == "__main__":
    MODULE.run()
