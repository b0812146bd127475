# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Base of the lookup plugins, which return an address of an object of a platform. PRIVATE to the collection.

Each file in plugins/lookup/ is this class with the definition of an info module. The class of that module runs inside
this process, with the same client, options and error messages as its tasks."""

from __future__ import annotations

from typing import Any, ClassVar

from ansible.errors import AnsibleLookupError
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http import third_party
from ansible_collections.webops.paas.plugins.module_utils._http.session import Sessions
from ansible_collections.webops.paas.plugins.module_utils._http.shared import Shared
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Module, perform

# Those of the info module that a lookup has too.
OPTIONS = ("token", "api_url", "validate_certs", "ca_path", "timeout", "retries", "deadline")


class PlatformLookup(LookupBase):
    """info: the info module that finds the object that a term names.

    named_by: the option of the info module that takes a term. noun: the kind of object, for messages. addresses: the
    keys of an item that can have its address; the first one that is set is returned.
    """

    info: Module
    named_by: ClassVar[str]
    noun: ClassVar[str]
    addresses: ClassVar[tuple[str, ...]]

    def run(self, terms: list[Any], variables: JsonObject | None = None, **kwargs: Any) -> list[str]:
        """One address for each term. Terms share the reads of one call. Nothing is kept for later calls, because tasks
        in between can change addresses. Raises AnsibleLookupError.
        """
        if third_party.REQUESTS_IMPORT_ERROR:
            raise self._error(missing_required_lib("requests"))
        options = {name: _plain(value) for name, value in kwargs.items() if value is not None}
        shared, sessions = Shared(reads=True), Sessions()
        return [self._address(term, options, shared=shared, sessions=sessions) for term in terms]

    def _params(self, term: Any, options: JsonObject) -> JsonObject:
        """The options of the info module, which have the same environment variables as in its tasks."""
        if not isinstance(term, str) or not term.strip():
            raise self._error(f"a term must be the name of a {self.noun}, got {term!r}.")
        spec = self.info.spec["argument_spec"]
        known = {name for option in OPTIONS for name in (option, *spec[option].get("aliases", ()))}
        unknown = sorted(options.keys() - known)
        if unknown:
            raise self._error(f"unsupported options: {', '.join(unknown)}. Supported options: {', '.join(OPTIONS)}.")
        validated = ArgumentSpecValidator(**self.info.spec).validate({**options, self.named_by: str(term)})
        if validated.error_messages:
            raise self._error("; ".join(validated.error_messages) + ".")
        params: JsonObject = validated.validated_parameters
        return params

    def _address(self, term: Any, options: JsonObject, **common: Any) -> str:
        params = self._params(term, options)
        result = perform(self.info, params, check_mode=False, want_diff=False, warn=Display().warning, **common)
        if result.get("failed"):
            raise self._error(result["msg"])
        found = result[self.info.task.key]
        platform = self.info.client.PLATFORM
        if not found:
            raise self._error(f"{platform} has no {self.noun} {str(term)!r}, or the token has no access to it.")
        if len(found) > 1:
            ids = ", ".join(str(item["id"]) for item in found)
            raise self._error(f"{platform} has {len(found)} {self.noun}s named {str(term)!r}, with the IDs {ids}.")
        address = next((found[0][key] for key in self.addresses if found[0].get(key)), None)
        if address is None:
            raise self._error(f"{platform} returns no address of the {self.noun} {str(term)!r}.")
        return str(address)

    def _error(self, message: str) -> AnsibleLookupError:
        return AnsibleLookupError(f"webops.paas.{self._name()}: {message}")

    def _name(self) -> str:
        return type(self).__module__.rpartition(".")[2]


def _plain(value: Any) -> Any:
    """Texts without the types that Ansible gives to vaulted and tagged ones."""
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)
