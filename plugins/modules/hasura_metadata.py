#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_metadata
version_added: 0.1.0
short_description: Manage the whole metadata of a Hasura Cloud tenant
description:
  - Brings the metadata of a tenant (sources, tables, permissions, remote schemas, actions and so on) to the declared
    one, as a whole. What is not declared goes.
  - Nothing is sent when the tenant has it already. An engine exports metadata otherwise than it was sent, so both are
    first written in one way. Names of tables as text or without a schema get the default schema of their source, which
    is V(public) for the Postgres family and V(dbo) for SQL Server; those of data connectors become lists. Null, and
    empty parts of the whole, of a source, a table and its configuration, count as not given, and so do these defaults,
    C(kind) V(postgres), C(isolation_level) V(read-committed), C(use_prepared_statements) V(false), C(is_enum) V(false),
    C(backend_only) and C(allow_aggregations) V(false), an empty C(set) and C(computed_fields) of a permission,
    C(enable_manual) V(false), the engine's own C(retry_conf), C(timeout_seconds) V(60) of remote schemas,
    C(forward_client_headers) V(false), and of actions C(kind) V(synchronous), C(type) V(mutation) and C(timeout) V(30).
    The older C(custom_column_names) is the same as C(column_config). The engine's defaults of C(opentelemetry),
    C(query_tags) and C(api_limits) count as not given. The schemas in permissions of remote schemas are compared
    without white space, comments and the order of their definitions. The order of lists counts only where it has a
    meaning.
  - After a change the metadata is read again. If the tenant then has something else, the task fails and names the
    places.
  - Hasura has a lock, the C(resource_version), and refuses a change when another writer came first. Then the metadata
    is read again and the declared one is sent with the new version, up to five times. When an answer is lost it is
    looked up whether the change has come about.
  - Fails when objects do not fit their surroundings (a table that the database does not have, a variable that is not
    set), and names them; see O(allow_inconsistent).
  - Secrets in metadata are masked where they stand, in results and diffs. Any literal is a secret in the
    C(configuration) of a source, except its host, port, database, user name and the like; in C(backend_configs),
    C(opentelemetry), C(request_transform) and C(response_transform); in the C(value) of a header, the C(payload) of a
    cron trigger and a C(webhook). Of the C(handler) of an action the host is shown. Of any other URL the user
    information and the query are masked. Names of environment variables (C(from_env)) are shown. It is better to keep
    secrets in environment variables.
  - A run that changes nothing takes three reads.
extends_documentation_fragment:
  - webops.paas.hasura
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_hasura
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Secrets are masked; it is told whether one changes.
  idempotent:
    support: partial
    details:
      - A task that declares no metadata and only reloads does so each time, since nothing tells whether a database has
        changed.
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
  metadata:
    description:
      - The metadata, of version 3, or what C(export_metadata) answers.
      - Only one of O(metadata), O(src) and O(restore_from).
    type: dict
  src:
    description:
      - A JSON or YAML file with the metadata on the machine where the module runs, or the directory in which Hasura's
        CLI keeps it (C(version.yaml), C(databases/databases.yaml), C(actions.graphql) and so on).
      - The project's directory works too; its C(config.yaml) can name another C(metadata_directory) or a
        C(metadata_file). Metadata of version 3 is required, which config version 3 has.
      - C(!include FILE) is relative to the file that it stands in. A file outside of the directory is an error, also by
        a link.
      - YAML is read as Hasura's CLI does, as YAML 1.2 (V(yes) is a text). It needs PyYAML; JSON does not.
      - A YAML file in the directory that metadata of version 3 has no place for is an error, so that nothing is left
        out silently.
    type: path
  restore_from:
    description:
      - A file that O(backup_path) has written; the metadata in it is put back. The file stays.
    type: path
  backup_path:
    description:
      - A file on the machine where the module runs, which gets the metadata that is about to be replaced, as the tenant
        exports it. It is readable by its owner only, and written before anything is sent. Check mode writes none.
      - What such a file knows already stays, so that a run after one that failed halfway keeps the metadata from before
        both. So delete it when a release is done. A file with the metadata of another tenant is an error.
      - Several tasks of one tenant may share such a file, also at the same time. A lock file beside it, with the suffix
        C(.lock), makes them wait for each other; it stays.
    type: path
  admin_secret:
    description:
      - The tenant's admin secret, for its own API. If not given, the environment variable
        E(HASURA_GRAPHQL_ADMIN_SECRET) is used.
      - Without it O(token) is sent to the tenant as well, which takes it like Hasura Cloud itself does.
    type: str
  allow_inconsistent:
    description:
      - Whether objects that do not fit their surroundings are taken. The result names them.
    type: bool
    default: false
  reload_sources:
    description:
      - Whether the tenant looks at its databases anew, as is needed after a migration. That is done after the metadata
        was replaced, and also when objects are inconsistent, unless O(allow_inconsistent=true).
      - Without O(metadata), O(src) and O(restore_from) it is done each time.
    type: bool
    default: false
  reload_remote_schemas:
    description:
      - The same for remote schemas.
    type: bool
    default: false
seealso:
  - module: webops.paas.hasura_metadata_info
  - module: webops.paas.hasura_env_vars
"""

EXAMPLES = r"""
- name: The tenant knows its database
  webops.paas.hasura_env_vars:
    name: hello-hasura
    env_vars:
      PG_DATABASE_URL: "{{ vault_database_url | default('postgres://shop:an-example@db.example.com:5432/shop') }}"

- name: Users see their own articles
  webops.paas.hasura_metadata:
    name: hello-hasura
    metadata:
      version: 3
      sources:
        - name: default
          kind: postgres
          configuration:
            connection_info:
              database_url:
                from_env: PG_DATABASE_URL
          tables:
            - table: users
            - table: articles
              select_permissions:
                - role: user
                  permission:
                    columns: [id, title]
                    filter:
                      author_id:
                        _eq: X-Hasura-User-Id
    backup_path: "{{ playbook_dir }}/metadata-before.json"

- name: A file with metadata, such as a repository has
  ansible.builtin.copy:
    dest: "{{ playbook_dir }}/metadata.yaml"
    content: |
      version: 3
      sources: []
    mode: "0600"

- name: What it would change; the directory of Hasura's CLI can be given, too
  webops.paas.hasura_metadata:
    name: hello-hasura
    src: "{{ playbook_dir }}/metadata.yaml"
  check_mode: true
  diff: true

- name: Back to what it was before
  webops.paas.hasura_metadata:
    name: hello-hasura
    restore_from: "{{ playbook_dir }}/metadata-before.json"
"""

RETURN = r"""
metadata:
  description:
    - What became of the metadata, or will (check mode). The metadata itself is answered by
      M(webops.paas.hasura_metadata_info).
  returned: success
  type: dict
  contains:
    tenant_id:
      description: The tenant's id.
      type: str
    changes:
      description: The places that were not as declared.
      type: list
      elements: str
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
    backup_path:
      description: The file of O(backup_path), V(null) when there is nothing in it.
      type: str
  sample:
    tenant_id: 7a79cf94-0e53-4520-a560-1b02bf522f08
    changes: ["sources[default]"]
    resource_version: 2
    is_consistent: true
    inconsistent_objects: []
    backup_path:
unknown_until_applied:
  description:
    - Keys of the result that only Hasura can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [resource_version, is_consistent, inconsistent_objects]
error:
  description:
    - What failed, for machines.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: hasura
    operation: replace_metadata
    method: POST
    path: /v1/metadata
    status: 400
    code: invalid
    platform_code: unexpected
    request_id:
"""

from ..module_utils._kernel.module import FLAG, InvalidInput, JsonObject, Module, Operation, cached_property
from ..module_utils._core import spelling
from ..module_utils._hasura import api, backups, differences, masking, metadata, normal_form, project
from ..module_utils._hasura.endpoint import MetadataEndpoint
from ..module_utils._kernel.plan import UNKNOWN, Change, Diff, Plan, Prediction


class Metadata(Operation[api.HasuraClient]):
    """The parent is {tenant_id, endpoint, backup, state, changes, told}: where the metadata is, what was read, how it
    differs, and its consistency if it is not changed.
    """

    def check_input(self) -> None:
        if self.wanted is None and not self.reloads:
            raise InvalidInput(
                "metadata",
                "metadata, src, restore_from, or one of reload_sources and reload_remote_schemas is needed: nothing is "
                "declared.",
            )
        spelling.check_keys("metadata", self.params["metadata"])
        self.client.http.redactor.add_quoted(*masking.secrets(self.wanted))

    @cached_property
    def restored(self) -> JsonObject | None:
        return metadata.MetadataBackup.to_restore(self.params)

    @cached_property
    def wanted(self) -> JsonObject | None:
        """None when the metadata is only reloaded."""
        if self.restored is not None:
            return dict(self.restored["metadata"])
        if self.params["metadata"] is not None:
            return metadata.checked("metadata", self.params["metadata"])
        return metadata.checked("src", project.load("src", self.params["src"])) if self.params["src"] else None

    @property
    def reloads(self) -> dict[str, bool]:
        return {what: True for what in ("sources", "remote_schemas") if self.params[f"reload_{what}"]}

    def plan(self) -> Plan:
        tenant_id, endpoint = metadata.endpoint_of(self.client, self.params)
        return self._plan(tenant_id, endpoint, metadata.read_metadata(endpoint))

    def plan_without_parent(self) -> Plan:
        return self._plan(UNKNOWN, None, metadata.NEW)

    def _plan(self, tenant_id: str, endpoint: MetadataEndpoint | None, state: metadata.State) -> Plan:
        backup = metadata.MetadataBackup(self.params, tenant_id, self.restored)
        before, after = normal_form.normal(state.content), normal_form.normal(self.wanted or state.content)
        parent: JsonObject = {"tenant_id": tenant_id, "endpoint": endpoint, "backup": backup, "state": state}
        parent.update(changes=differences.differences(before, after), told=None)
        if parent["changes"]:
            return Plan([Change.keep(None, parent), Change.update("metadata", before, after)])
        if endpoint is None and not self.reloads:
            return Plan([Change.keep(None, parent)])
        told = self.wanted and endpoint and metadata.told(endpoint, state)
        if not told or self.reloads and not (told["is_consistent"] or self.params["allow_inconsistent"]):
            return Plan([Change.keep(None, parent), Change.create("reloaded", sorted(self.reloads))])
        plan = Plan([Change.keep(None, {**parent, "told": told})])
        metadata.check_consistent(self.predict(plan).result["metadata"], self.params["allow_inconsistent"])
        return plan

    def predict(self, plan: Plan) -> Prediction:
        parent, told = plan.parent, plan.parent["told"]
        known = {**{key: parent[key] for key in ("tenant_id", "changes")}, **(told or dict.fromkeys(metadata.TOLD))}
        known["backup_path"] = parent["backup"].path(bool(parent["changes"]))
        return Prediction({"metadata": known}, () if told else metadata.TOLD)

    def diff(self, plan: Plan) -> Diff:
        if not plan.before:
            return super().diff(plan)
        return Diff(*masking.sides(plan.before["metadata"], plan.after["metadata"]))

    def apply(self, plan: Plan) -> metadata.State:
        state: metadata.State = plan.parent["state"]
        endpoint, backup = plan.parent["endpoint"], plan.parent["backup"]
        if self.wanted is not None and plan.parent["changes"]:
            allowed = dict(allow_inconsistent=self.params["allow_inconsistent"])
            with backup.locked(self.clock, self.client.http.remaining()):
                state = metadata.replace_metadata(endpoint, state, self.wanted, backup.write, **allowed)
        if self.reloads:
            endpoint.reload_metadata(**{"sources": False, "remote_schemas": False, **self.reloads})
        return state

    def settle(self, plan: Plan, outcome: metadata.State) -> JsonObject:
        view = {**self.predict(plan).result["metadata"], **metadata.told(plan.parent["endpoint"], outcome)}
        metadata.check_consistent(view, self.params["allow_inconsistent"])
        return {"metadata": view}


MODULE = Module(
    Metadata,
    options=dict(
        **api.REFERENCE_OPTIONS,
        metadata=dict(type="dict", no_log=True, mask=masking.masked_option),
        src=dict(type="path"),
        **backups.BACKUP_OPTIONS,
        admin_secret=api.ADMIN_SECRET,
        allow_inconsistent=FLAG,
        reload_sources=FLAG,
        reload_remote_schemas=FLAG,
    ),
    required_one_of=[api.REFERENCE],
    mutually_exclusive=[api.REFERENCE, ("metadata", "src", "restore_from")],
)


if __name__ == "__main__":
    MODULE.run()
