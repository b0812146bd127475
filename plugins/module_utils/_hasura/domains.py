# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom domains of Hasura Cloud. PRIVATE to the collection."""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._hasura.api import HasuraClient

COLUMNS = "id fqdn tenant_id cert dns_validation ssl_status ssl_message created_at"


class DomainClient(HasuraClient):
    def custom_domain(self, fqdn: str) -> JsonObject | None:
        """None when no tenant of this account has the host name; domains of other accounts are not seen."""
        found = self.rows(
            "custom_domain",
            f"query custom_domain($fqdn: String!) {{ custom_domain(where: {{fqdn: {{_eq: $fqdn}}}}) {{ {COLUMNS} }} }}",
            {"fqdn": fqdn},
        )
        return found[0] if found else None

    def insert_custom_domain(self, tenant_id: str, fqdn: str) -> JsonObject:
        return self.written(
            "insert_custom_domain_one",
            "mutation insert_custom_domain_one($object: custom_domain_insert_input!) "
            f"{{ insert_custom_domain_one(object: $object) {{ {COLUMNS} }} }}",
            {"object": {"tenant_id": tenant_id, "fqdn": fqdn}},
        )

    def delete_custom_domain(self, domain_id: str) -> None:
        """One that does not exist counts as deleted."""
        self.mutate(
            "delete_custom_domain_by_pk",
            "mutation delete_custom_domain_by_pk($id: uuid!) { delete_custom_domain_by_pk(id: $id) { id } }",
            {"id": domain_id},
            idempotent=True,
        )


def domain_view(domain: JsonObject, tenant: JsonObject) -> JsonObject:
    """The shape that leaves a module. tenant: the one that the domain belongs to."""
    return {**{key: domain.get(key) for key in COLUMNS.split()}, "tenant_fqdn": tenant.get("fqdn")}
