#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_metadata_info
version_added: 0.1.0
short_description: Get the metadata of a Hasura Cloud tenant, and whether it is consistent
description:
  - Answers the metadata as the tenant exports it, and the objects in it that do not fit their surroundings.
  - Secrets are masked where they stand, as M(webops.paas.hasura_metadata) says. A copy with them is what that module
    writes to O(webops.paas.hasura_metadata#module:backup_path), and Hasura's CLI exports.
  - Three reads.
extends_documentation_fragment:
  - webops.paas.hasura
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_hasura
author:
  - webops.paas contributors (@webops-paas)
options:
  tenant_id:
    description:
      - The tenant, by its id, which is not the project's.
    type: str
  name:
    description:
      - The tenant, by its project's name. Either O(tenant_id), O(name) or O(slug).
    type: str
  slug:
    description:
      - The tenant, by its slug, the first part of its host name.
    type: str
  admin_secret:
    description:
      - The tenant's admin secret, for its own API. If not given, the environment variable
        E(HASURA_GRAPHQL_ADMIN_SECRET) is used.
      - Without it O(token) is sent to the tenant as well, which takes it like Hasura Cloud itself does.
    type: str
seealso:
  - module: webops.paas.hasura_metadata
"""

EXAMPLES = r"""
- name: What the tenant has
  webops.paas.hasura_metadata_info:
    name: hello-hasura
  register: found

- name: All of it fits
  ansible.builtin.assert:
    that: found.metadata.is_consistent
    fail_msg: "{{ found.metadata.inconsistent_objects }}"
"""

RETURN = r"""
metadata:
  description:
    - The metadata, and what there is to say of it.
  returned: success
  type: dict
  contains:
    tenant_id:
      description: The tenant's id.
      type: str
    resource_version:
      description: The number that grows with each change of the metadata.
      type: int
    is_consistent:
      description: Whether all objects fit their surroundings.
      type: bool
    inconsistent_objects:
      description: Those that do not, each with its C(name), C(type) and C(reason).
      type: list
      elements: dict
    content:
      description: The metadata as the tenant exports it, with secrets masked.
      type: dict
  sample:
    tenant_id: 7a79cf94-0e53-4520-a560-1b02bf522f08
    resource_version: 2
    is_consistent: true
    inconsistent_objects: []
    content:
      version: 3
      sources:
        - name: default
          kind: postgres
          configuration:
            connection_info:
              database_url:
                from_env: PG_DATABASE_URL
              isolation_level: read-committed
              use_prepared_statements: false
          tables:
            - table:
                name: users
                schema: public
unknown_until_applied:
  description:
    - Keys of the result that are not known yet; they are V(null) in a prediction.
  returned: in check mode, as long as the tenant does not exist
  type: list
  elements: str
  sample: [tenant_id]
error:
  description:
    - What failed, for machines.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: hasura
    operation: export_metadata
    method: POST
    path: /v1/metadata
    status: 401
    code: unauthorized
    platform_code: access-denied
    request_id:
"""

from ..module_utils._kernel.module import Info, JsonObject, Module
from ..module_utils._hasura import api, masking, metadata
from ..module_utils._kernel.plan import UNKNOWN


class MetadataInfo(Info[api.HasuraClient]):
    key = "metadata"

    def nothing(self) -> JsonObject:
        return dict.fromkeys(("tenant_id", *metadata.TOLD, "content"), UNKNOWN)

    def fetch(self) -> JsonObject:
        tenant_id, endpoint = metadata.endpoint_of(self.client, self.params)
        state = metadata.read_metadata(endpoint)
        return {"tenant_id": tenant_id, **metadata.told(endpoint, state), "content": masking.masked(state.content)}


MODULE = Module(MetadataInfo, options=dict(**api.REFERENCE_OPTIONS, admin_secret=api.ADMIN_SECRET), **api.ONE_REFERENCE)


if __name__ == "__main__":
    MODULE.run()
