# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netlify's cache in front of sites. PRIVATE to the collection."""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import NetlifyClient, no_site


class CacheClient(NetlifyClient):
    def purge_cache(self, site_id: str, tags: list | None = None) -> None:
        """All of a site's pages, or those that were answered with one of these tags. To purge twice does no harm."""
        body = {"site_id": site_id, **({"cache_tags": tags} if tags else {})}
        try:
            self.http.request("POST", "/purge", operation="purgeCache", body=body, idempotent=True)
        except ApiError as error:
            raise no_site(site_id, "purgeCache") if error.status == 404 else error


def check_tags(option: str, tags: list | None) -> None:
    """An empty list would purge everything, which nobody who gives one has in mind."""
    if tags is not None and not tags:
        raise InvalidInput(option, f"{option} is empty. Leave it out to purge all of the site's cache.")
    for tag in tags or []:
        if not tag.strip() or "," in tag or not tag.isascii() or not tag.isprintable():
            raise InvalidInput(
                option,
                f"{option} has {tag!r}; a tag is made of printable ASCII characters without a comma, as in the header "
                "Netlify-Cache-Tag.",
            )
