# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom domains of Hasura Cloud. PRIVATE to the collection."""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, PaasError, WaitFailed
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, wait_until
from ansible_collections.webops.paas.plugins.module_utils._hasura.api import HasuraClient

COLUMNS = "id fqdn tenant_id cert dns_validation ssl_status ssl_message created_at"


class DomainClient(HasuraClient):
    def custom_domain(self, fqdn: str) -> JsonObject | None:
        """None if no tenant of this account has the host name; domains of other accounts are not visible."""
        found = self.rows(
            "custom_domain",
            f"query custom_domain($fqdn: String!) {{ custom_domain(where: {{fqdn: {{_eq: $fqdn}}}}) {{ {COLUMNS} }} }}",
            {"fqdn": fqdn},
        )
        return found[0] if found else None

    def insert_custom_domain(self, tenant_id: str, fqdn: str) -> JsonObject:
        try:
            return self.written(
                "insert_custom_domain_one",
                "mutation insert_custom_domain_one($object: custom_domain_insert_input!) "
                f"{{ insert_custom_domain_one(object: $object) {{ {COLUMNS} }} }}",
                {"object": {"tenant_id": tenant_id, "fqdn": fqdn}},
            )
        except ApiError as error:
            if error.code == "conflict":
                error.details["code"] = "domain_taken"
                error.message += (
                    f" {fqdn} belongs to another tenant, perhaps of another account. Remove it there first."
                )
            raise

    def delete_custom_domain(self, domain_id: str) -> None:
        """One that does not exist counts as deleted."""
        self.mutate(
            "delete_custom_domain_by_pk",
            "mutation delete_custom_domain_by_pk($id: uuid!) { delete_custom_domain_by_pk(id: $id) { id } }",
            {"id": domain_id},
            idempotent=True,
        )


def other_tenant(domain: JsonObject) -> PaasError:
    return PaasError(
        f"{domain['fqdn']} belongs to another tenant, {domain['tenant_id']}. Remove it there first.",
        code="other_tenant",
        option="fqdn",
    )


def wait_until_validated(client: DomainClient, tenant: JsonObject, fqdn: str, patience: Patience) -> JsonObject:
    """Waits until DNS proves that the domain belongs to the tenant; returns the domain. Raises PaasError."""

    def look() -> JsonObject:
        domain = client.custom_domain(fqdn) or {}
        if domain and domain["tenant_id"] != tenant["id"]:
            raise other_tenant(domain)
        return domain

    def done(domain: JsonObject) -> bool:
        if not domain or domain["dns_validation"] == "failed":
            what = (
                "could not be validated through DNS. Create the DNS record that the dashboard shows, then remove the "
                "domain and add it again"
                if domain
                else "was removed while the task waited for its validation"
            )
            raise WaitFailed(f"The custom domain {fqdn} {what}.", code="dns_validation", operation="custom_domain")
        return bool(domain["dns_validation"] == "succeeded")

    return wait_until(
        look,
        done,
        patience,
        what=f"The DNS validation of {fqdn}",
        show=lambda domain: str(domain["dns_validation"]),
    )


def domain_view(domain: JsonObject, tenant: JsonObject) -> JsonObject:
    """The shape that leaves a module. tenant: the tenant of the domain."""
    return {**{key: domain.get(key) for key in COLUMNS.split()}, "tenant_fqdn": tenant.get("fqdn")}
