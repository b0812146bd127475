# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of tenants that get the access token or the admin secret. PRIVATE to the collection.

The control plane returns the endpoint of a tenant. A credential is sent only to trusted hosts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput, PaasError
from ansible_collections.webops.paas.plugins.module_utils._http.urls import is_loopback

# The hosts of all tenants without a custom domain are subdomains of this one.
PLATFORM_HOSTS = "*.hasura.app"
HOST = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*|[0-9a-f:.]+", re.I)


def check_host(option: str, host: str) -> None:
    """Raises InvalidInput unless it is a host name, *. with a host name, or an address."""
    if not HOST.fullmatch(host):
        raise InvalidInput(
            option,
            f"`{option}` must have host names such as graphql.example.com or *.example.com, without scheme, port and "
            f"path, got {host!r}.",
        )


def is_trusted(endpoint: str, api_url: str, trusted_hosts: Iterable[str]) -> bool:
    """Whether a credential may be sent to the endpoint of a tenant. Both URLs: as C(checked_url) accepts them.

    Trusted are the host of the API, *.hasura.app, the given hosts (*. matches all subdomains), and loopback hosts if
    the API is on one.
    """
    host, api_host = _host(endpoint), _host(api_url)
    return (
        host == api_host
        or any(_is_match(host, trusted.lower()) for trusted in (PLATFORM_HOSTS, *trusted_hosts))
        or is_loopback(host)
        and is_loopback(api_host)
    )


def check_trusted(endpoint: str, api_url: str, trusted_hosts: Iterable[str], option: str = "trusted_hosts") -> None:
    """Raises PaasError unless a credential may be sent to the endpoint of a tenant."""
    if not is_trusted(endpoint, api_url, trusted_hosts):
        raise PaasError(
            f"Hasura Cloud returned {_host(endpoint)} as the tenant's host, which is not a subdomain of hasura.app. "
            f"Neither the token nor the admin secret was sent there. If you trust this host, add it to `{option}`.",
            code="untrusted_host",
            option=option,
        )


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").rstrip(".")


def _is_match(host: str, trusted: str) -> bool:
    return host.endswith(trusted[1:]) if trusted.startswith("*.") else host == trusted
