#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hasura_metadata
version_added: 0.1.0
short_description: Replace, reload or clean up the metadata of a Hasura Cloud tenant
description:
  - Replaces the metadata of a tenant (sources, tables, permissions, remote schemas, actions and so on) with the
    declared metadata as a whole. Objects that are not declared are removed.
  - The module sends nothing if the tenant already has the declared metadata. The engine exports metadata in another
    form than it was sent, so the module ignores differences without effect, as the notes list them.
  - After a change, the module reads the metadata again. If it differs from the declared metadata, the task fails and
    names the differences.
  - Hasura rejects a change if another writer changed the metadata first, which it detects by the C(resource_version).
    The module then reads the metadata again and sends the declared metadata with the new version, up to five times. If
    a response is lost, the module checks whether the change took effect.
  - The task fails if objects are inconsistent, and names them. Examples are a table that the database does not have, or
    a variable that is not set. See O(allow_inconsistent).
  - Secrets in metadata are masked in results and diffs, as the notes describe. It is better to keep secrets in
    environment variables and to refer to them with C(from_env).
  - A converged run sends three requests.
extends_documentation_fragment:
  - webops.paas.hasura
  - webops.paas.hasura.tenant
  - webops.paas.hasura.admin_secret
  - webops.paas.connection
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_hasura
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Secrets are masked. The diff shows whether one changes.
  idempotent:
    support: partial
    details:
      - A task that declares no metadata and only reloads does so each time, because the API does not report whether a
        database has changed.
author:
  - webops.paas contributors (@webops-paas)
notes:
  - When metadata is compared, names of tables as text or without a schema get the default schema of their source, which
    is V(public) for the Postgres family and V(dbo) for SQL Server. Names of tables of data connectors become lists.
  - When metadata is compared, null values, empty parts and the engine's defaults are equal to omitted ones. These
    defaults are C(kind) V(postgres), C(isolation_level) V(read-committed), C(use_prepared_statements) V(false),
    C(is_enum) V(false), C(backend_only) and C(allow_aggregations) V(false), an empty C(set) and C(computed_fields) of a
    permission, C(enable_manual) V(false), the engine's C(retry_conf), C(timeout_seconds) V(60) of remote schemas,
    C(forward_client_headers) V(false), the defaults of C(opentelemetry), C(query_tags) and C(api_limits), and C(kind)
    V(synchronous), C(type) V(mutation) and C(timeout) V(30) of actions. The older C(custom_column_names) is equal to
    C(column_config).
  - When metadata is compared, the schemas in permissions of remote schemas are compared without whitespace, comments
    and the order of their definitions. The order of a list is compared only if it has a meaning.
  - Masked in results and diffs are literals in the C(configuration) of a source, except its host, port, database, user
    name and similar settings. Also masked are literals in C(backend_configs), C(opentelemetry), C(request_transform)
    and C(response_transform), the C(value) of a header, the C(payload) of a cron trigger and a C(webhook). For the
    C(handler) of an action, the host is shown. For any other URL, the user information and the query are masked. Names
    of environment variables (C(from_env)) are shown, and so are request templates that only refer to variables.
options:
  metadata:
    description:
      - Metadata of version 3, or the response of C(export_metadata).
      - O(metadata), O(src) and O(restore_from) are mutually exclusive.
    type: dict
  src:
    description:
      - Path on the host where the module runs. It is either a JSON or YAML file with the metadata, or the directory
        in which Hasura's CLI keeps it (C(version.yaml), C(databases/databases.yaml), C(actions.graphql) and so on).
      - The directory of the CLI project is accepted too. Its C(config.yaml) can set another C(metadata_directory) or a
        C(metadata_file). The metadata must have version 3, which config version 3 uses.
      - The path in C(!include FILE) is relative to the file that contains it. Files outside of the directory are not
        allowed, not even through a link.
      - YAML is read as YAML 1.2, as Hasura's CLI does, so V(yes) is a string. This requires PyYAML; JSON does not.
      - The task fails if the directory has a YAML file that is not part of metadata of version 3, so that no file is
        ignored silently.
    type: path
  substitutions:
    description:
      - Values of the placeholders in the files of O(src), by the names of the placeholders. Use it for secrets that
        must not be in the files. The values are masked in results, diffs and messages, wherever in the metadata they
        are.
      - A placeholder is a whole value in a file, either C("!substitute NAME") or the tag C(!substitute NAME). For a
        number it is C(!substitute_number NAME). Part of a value cannot be a placeholder, so texts with C({{ }}) or
        C($), such as request templates, are sent unchanged. In a file of Hasura, no other value begins with
        C(!substitute).
      - The task fails before the first request if a placeholder has no value or an empty one, and names its file and
        line. It warns about values that no placeholder uses.
    type: dict
  restore_from:
    description:
      - Path of a file that O(backup_path) wrote. The metadata in it is restored. The file is kept.
    type: path
  backup_path:
    description:
      - Path of a file on the host where the module runs. The module writes to it the metadata that it is about to
        replace, as the tenant exports it. Only its owner can read the file. It is written before anything is sent.
        Check mode does not write it.
      - Metadata that the file already has is kept, so that after an interrupted run the file has the metadata from
        before the first run. Delete the file when the release is finished. The task fails if the file belongs to
        another tenant.
      - Tasks of one tenant can share the file, also at the same time. They wait for each other with a lock file beside
        it, which has the suffix C(.lock) and is kept.
    type: path
  allow_inconsistent:
    description:
      - Whether to accept inconsistent objects. The result contains them.
    type: bool
    default: false
  reload_sources:
    description:
      - Whether the tenant reads the schemas of its databases again, which is necessary after a migration. This is done
        after the metadata was replaced, and also if objects are inconsistent, unless O(allow_inconsistent=true).
      - Without O(metadata), O(src) and O(restore_from), this is done by each run.
    type: bool
    default: false
  reload_remote_schemas:
    description:
      - Whether the tenant reads its remote schemas again, under the same conditions as O(reload_sources).
    type: bool
    default: false
  recreate_event_triggers:
    description:
      - Whether the tenant creates the SQL triggers of its event triggers in all databases again, under the same
        conditions as O(reload_sources). It is necessary, for example, after a database was restored without them.
    type: bool
    default: false
    version_added: 1.1.0
  drop_inconsistent:
    description:
      - Whether to remove all inconsistent objects from the metadata, for example tables that were dropped in the
        database. The task names them in RV(metadata.changes), and does nothing if all objects are consistent.
      - Objects that are inconsistent only temporarily, for example because their database cannot be reached, are
        removed too. Set O(backup_path) to be able to restore them.
      - Mutually exclusive with the options that replace or reload the metadata. To reload it first, use another task.
    type: bool
    default: false
    version_added: 1.1.0
seealso:
  - ref: ansible_collections.webops.paas.docsite.hasura_guide
    description: Recipes for Hasura Cloud.
  - module: webops.paas.hasura_metadata_info
  - module: webops.paas.hasura_env_vars
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.hasura_metadata -a 'name=hello-hasura src=hasura/metadata' --check --diff

- name: Set the variable with the URL of the database
  webops.paas.hasura_env_vars:
    name: hello-hasura
    env_vars:
      PG_DATABASE_URL: "{{ vault_database_url | default('postgres://shop:an-example@db.example.com:5432/shop') }}"

- name: Let users select their own articles
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

- name: Write a metadata file
  ansible.builtin.copy:
    dest: "{{ playbook_dir }}/metadata.yaml"
    content: |
      version: 3
      sources: []
    mode: "0600"

- name: Write a metadata file without its secret
  ansible.builtin.copy:
    dest: "{{ playbook_dir }}/schemas.yaml"
    content: |
      version: 3
      remote_schemas:
        - name: stock
          definition:
            url_from_env: STOCK_URL
            headers:
              - name: Authorization
                value: "!substitute STOCK_KEY"
    mode: "0600"

- name: Show what it would change
  webops.paas.hasura_metadata:
    name: hello-hasura
    src: "{{ playbook_dir }}/schemas.yaml"
    substitutions:
      STOCK_KEY: "{{ vault_stock_key | default('Bearer an-example') }}"
  check_mode: true
  diff: true

- name: Show what the metadata file (or a directory of Hasura's CLI) would change
  webops.paas.hasura_metadata:
    name: hello-hasura
    src: "{{ playbook_dir }}/metadata.yaml"
  check_mode: true
  diff: true
  register: prediction

- name: Accept a table that the database does not have
  webops.paas.hasura_metadata:
    name: hello-hasura
    metadata:
      version: 3
      sources:
        - name: default
          configuration:
            connection_info:
              database_url:
                from_env: PG_DATABASE_URL
          tables:
            - table: users
            - table: deleted_table
    allow_inconsistent: true

- name: Remove all inconsistent objects from the metadata
  webops.paas.hasura_metadata:
    name: hello-hasura
    drop_inconsistent: true

- name: Restore the metadata from the backup
  webops.paas.hasura_metadata:
    name: hello-hasura
    restore_from: "{{ playbook_dir }}/metadata-before.json"
"""

RETURN = r"""
metadata:
  description:
    - Summary of the change. In check mode, the predicted change. M(webops.paas.hasura_metadata_info) returns the
      metadata itself.
  returned: success
  type: dict
  contains:
    tenant_id:
      description: ID of the tenant.
      type: str
      sample: 7a79cf94-0e53-4520-a560-1b02bf522f08
    changes:
      description: Paths in the metadata that differed from the declared metadata. With O(drop_inconsistent=true), the
        names of the objects that were removed.
      type: list
      elements: str
      sample: ["sources[default]"]
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
    backup_path:
      description: Path of the file in O(backup_path). V(null) if nothing is stored in it.
      type: str
      sample: /srv/releases/metadata-before.json
  sample:
    tenant_id: 7a79cf94-0e53-4520-a560-1b02bf522f08
    changes: ["sources[default]"]
    resource_version: 2
    is_consistent: true
    inconsistent_objects: []
    backup_path:
unknown_until_applied:
  description:
    - Keys of the result whose values only Hasura Cloud can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [resource_version, is_consistent, inconsistent_objects]
error:
  description:
    - Machine-readable details of the failure.
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

from ..module_utils._kernel.module import FLAG, JsonObject, Module, Operation
from ..module_utils._core import checks, spelling, variables
from ..module_utils._hasura import api, backups, differences, masking, metadata, normal_form, project, substitutions
from ..module_utils._hasura.endpoint import MetadataEndpoint
from ..module_utils._kernel.plan import UNKNOWN, Change, Diff, Plan, Prediction, cached_property

# The words after the verb are arguments of C(reload_metadata).
RELOADS = ("reload_sources", "reload_remote_schemas", "recreate_event_triggers")
CONTENTS = ("metadata", "src", "restore_from", *RELOADS)


class Metadata(Operation[api.HasuraClient]):
    """The parent is {tenant_id, endpoint, backup, state, changes}, with the consistency if it does not change."""

    def check_input(self) -> None:
        checks.check_any(self.params, (*CONTENTS, "drop_inconsistent"))
        checks.check_alone(self.params, "drop_inconsistent", CONTENTS, "drop_inconsistent: true")
        spelling.check_keys("metadata", self.params["metadata"])
        self.client.http.redactor.add_quoted(*masking.secrets(self.wanted))

    @cached_property
    def restored(self) -> JsonObject | None:
        return metadata.MetadataBackup.to_restore(self.params)

    @cached_property
    def wanted(self) -> JsonObject | None:
        """None if the metadata is only reloaded."""
        if self.restored is not None:
            return dict(self.restored["metadata"])
        if self.params["metadata"] is not None:
            return metadata.checked("metadata", self.params["metadata"])
        if not self.params["src"]:
            return None
        values = substitutions.declared(self.params["substitutions"], self.client.http.redactor, self.warn)
        loaded = project.load("src", self.params["src"], values, self.warn)
        return metadata.checked("src", loaded)

    @property
    def reloads(self) -> dict[str, bool]:
        return {option.partition("_")[2]: True for option in RELOADS if self.params[option]}

    def plan(self) -> Plan:
        return self._plan(*metadata.read_tenant(self.client, self.params))

    def plan_without_parent(self) -> Plan:
        return self._plan(UNKNOWN, None, metadata.NEW)

    def _plan(self, tenant_id: str, endpoint: MetadataEndpoint | None, state: metadata.State) -> Plan:
        backup = metadata.MetadataBackup(self.params, tenant_id, self.restored)
        before, after = normal_form.normal(state.content), normal_form.normal(self.wanted or state.content)
        changes = self.client.http.redactor.clean_quote(differences.differences(before, after))
        parent: JsonObject = dict(tenant_id=tenant_id, endpoint=endpoint, backup=backup, state=state, changes=changes)
        if changes:
            return Plan([Change.keep(None, parent), Change.update("metadata", before, after)])
        if endpoint is None and not self.reloads:
            return Plan([Change.keep(None, parent)])
        drops = self.params["drop_inconsistent"]
        consistency = (self.wanted or drops) and endpoint and metadata.consistency_of(endpoint, state)
        if drops and consistency and consistency["is_consistent"] is False:
            names = [found["name"] for found in consistency["inconsistent_objects"]]
            return Plan([Change.keep(None, {**parent, "changes": names}), Change.delete("inconsistent objects", names)])
        if not consistency or self.reloads and not (consistency["is_consistent"] or self.params["allow_inconsistent"]):
            return Plan([Change.keep(None, parent), Change.create("reloaded", sorted(self.reloads))])
        plan = Plan([Change.keep(None, {**parent, "consistency": consistency})])
        metadata.check_consistent(self.predict(plan).result["metadata"], self.params["allow_inconsistent"])
        return plan

    def predict(self, plan: Plan) -> Prediction:
        parent, consistency = plan.parent, plan.parent.get("consistency")
        known = {
            **{key: parent[key] for key in ("tenant_id", "changes")},
            **(consistency or dict.fromkeys(metadata.CONSISTENCY_KEYS)),
        }
        known["backup_path"] = parent["backup"].path(bool(parent["changes"]))
        return Prediction({"metadata": known}, () if consistency else metadata.CONSISTENCY_KEYS)

    def diff(self, plan: Plan) -> Diff:
        if "metadata" not in plan.before:
            return super().diff(plan)
        return Diff(*masking.sides(plan.before["metadata"], plan.after["metadata"]))

    def apply(self, plan: Plan) -> metadata.State:
        state: metadata.State = plan.parent["state"]
        endpoint, backup = plan.parent["endpoint"], plan.parent["backup"]
        if plan.before:
            allowed = dict(allow_inconsistent=self.params["allow_inconsistent"])
            with backup.locked(self.clock, self.client.http.remaining()):
                if self.wanted is None:
                    return metadata.drop_inconsistent(endpoint, state, backup.write)
                state = metadata.replace_metadata(endpoint, state, self.wanted, backup.write, **allowed)
        if self.reloads:
            endpoint.reload_metadata(**{"sources": False, "remote_schemas": False, **self.reloads})
        return state

    def settle(self, plan: Plan, outcome: metadata.State) -> JsonObject:
        view = {**self.predict(plan).result["metadata"], **metadata.consistency_of(plan.parent["endpoint"], outcome)}
        metadata.check_consistent(view, self.params["allow_inconsistent"])
        return {"metadata": view}


MODULE = Module(
    Metadata,
    options=dict(
        **api.REFERENCE_OPTIONS,
        metadata=dict(type="dict", no_log=True, mask=masking.masked_option),
        src=dict(type="path"),
        substitutions=dict(type="dict", no_log=True, mask=variables.masked),
        **backups.BACKUP_OPTIONS,
        admin_secret=api.ADMIN_SECRET,
        **dict.fromkeys(("allow_inconsistent", "drop_inconsistent", *RELOADS), FLAG),
    ),
    required_one_of=[api.REFERENCE],
    mutually_exclusive=[api.REFERENCE, ("metadata", "src", "restore_from")],
    required_by={"substitutions": "src"},
)


if __name__ == "__main__":
    MODULE.run()
