#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_metadata_info
version_added: 0.1.0
short_description: Get the metadata of a Hasura Cloud tenant
description:
  - Returns the metadata as the tenant exports it, whether it is consistent, and the inconsistent objects in it.
  - Secrets are masked as described for M(webops.paas.hasura_metadata). For metadata with its secrets, use
    O(webops.paas.hasura_metadata#module:backup_path) of that module, or Hasura's CLI.
  - Sends three requests, and another with O(check_remote_schema_permissions=true).
extends_documentation_fragment:
  - webops.paas.hasura
  - webops.paas.hasura.tenant
  - webops.paas.hasura.admin_secret
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.info_module
  - webops.paas.attributes.actiongroup_hasura
author:
  - webops.paas contributors (@webops-paas)
options:
  check_remote_schema_permissions:
    description:
      - Whether to return which roles have permissions for remote schemas, and whether the tenant enforces them.
      - A tenant enforces them only if its variable E(HASURA_GRAPHQL_ENABLE_REMOTE_SCHEMA_PERMISSIONS) is V(true).
        Otherwise each role can use all fields of a remote schema, whatever its permissions are. The module then warns.
      - The tenant must have its config API enabled, which is the default.
    type: bool
    default: false
    version_added: 1.1.0
seealso:
  - ref: ansible_collections.webops.paas.docsite.hasura_guide
    description: Recipes for Hasura Cloud.
  - module: webops.paas.hasura_metadata
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.hasura_metadata_info -a name=hello-hasura

- name: Get the metadata of the tenant
  webops.paas.hasura_metadata_info:
    name: hello-hasura
  register: found

- name: Check that the metadata is consistent
  ansible.builtin.assert:
    that: found.metadata.is_consistent
    fail_msg: "{{ found.metadata.inconsistent_objects }}"

- name: Find out whether the permissions of remote schemas are enforced
  webops.paas.hasura_metadata_info:
    name: hello-hasura
    check_remote_schema_permissions: true
  register: found

- name: Show the roles that have permissions
  ansible.builtin.debug:
    msg: "{{ found.metadata.remote_schema_permissions }}"
"""

RETURN = r"""
metadata:
  description:
    - Metadata of the tenant and its consistency.
  returned: success
  type: dict
  contains:
    tenant_id:
      description: ID of the tenant.
      type: str
      sample: 7a79cf94-0e53-4520-a560-1b02bf522f08
    resource_version:
      description: Version of the metadata, which increases with each change.
      type: int
      sample: 2
    is_consistent:
      description: Whether all objects are consistent.
      type: bool
      sample: true
    inconsistent_objects:
      description: Inconsistent objects, each with its C(name), C(type) and C(reason).
      type: list
      elements: dict
      sample:
        - name: source default
          type: source
          reason: "Inconsistent object: environment variable 'PG_DATABASE_URL' not set"
    remote_schema_permissions:
      description: Permissions of remote schemas. V(null) without O(check_remote_schema_permissions=true). C(roles) has
        the roles with permissions for each remote schema. C(is_enforced) is V(null) if the tenant does not return it.
      type: dict
      sample:
        is_enforced: true
        roles:
          stock: [user]
    content:
      description: Metadata as the tenant exports it, with secrets masked.
      type: dict
      sample:
        version: 3
        sources: []
  sample:
    tenant_id: 7a79cf94-0e53-4520-a560-1b02bf522f08
    resource_version: 2
    is_consistent: true
    inconsistent_objects: []
    remote_schema_permissions:
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
    - Keys of the result whose values only Hasura Cloud can provide. They are V(null) in check mode.
  returned: in check mode, if the tenant does not exist yet
  type: list
  elements: str
  sample: [tenant_id]
error:
  description:
    - Machine-readable details of the failure.
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

from ..module_utils._kernel.module import FLAG, Info, JsonObject, Module
from ..module_utils._hasura import api, masking, metadata
from ..module_utils._hasura.endpoint import MetadataEndpoint
from ..module_utils._kernel.plan import UNKNOWN


class MetadataInfo(Info[api.HasuraClient]):
    key = "metadata"

    def nothing(self) -> JsonObject:
        found = dict.fromkeys(
            ("tenant_id", *metadata.CONSISTENCY_KEYS, "content", "remote_schema_permissions"), UNKNOWN
        )
        return found if self.params["check_remote_schema_permissions"] else {**found, "remote_schema_permissions": None}

    def fetch(self) -> JsonObject:
        tenant_id, endpoint, state = metadata.read_tenant(self.client, self.params)
        return {
            "tenant_id": tenant_id,
            **metadata.consistency_of(endpoint, state),
            "remote_schema_permissions": self._permissions(endpoint, state),
            "content": masking.masked(state.content),
        }

    def _permissions(self, endpoint: MetadataEndpoint, state: metadata.State) -> JsonObject | None:
        if not self.params["check_remote_schema_permissions"]:
            return None
        found = metadata.remote_schema_permissions(endpoint, state)
        if found["is_enforced"] is False and found["roles"]:
            self.warn(
                f"The tenant does not enforce the permissions of its remote schemas ({', '.join(found['roles'])}), so "
                "each role can use all fields of them. Set the variable "
                "HASURA_GRAPHQL_ENABLE_REMOTE_SCHEMA_PERMISSIONS of the tenant to true."
            )
        return found


MODULE = Module(
    MetadataInfo,
    options=dict(
        **api.REFERENCE_OPTIONS,
        admin_secret=api.ADMIN_SECRET,
        check_remote_schema_permissions=FLAG,
    ),
    **api.ONE_REFERENCE,
)


if __name__ == "__main__":
    MODULE.run()
