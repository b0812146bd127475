# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of a platform as hosts of an inventory. PRIVATE to the collection.

Each file in plugins/inventory/ is this class with the definition of an info module. The class of that module runs
inside this process, with the same client, options and error messages as its tasks. The items of its result become
hosts."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from typing import Any, ClassVar

from ansible.errors import AnsibleParserError
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.version import VERSION
from ansible_collections.webops.paas.plugins.module_utils._http import third_party
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Module, perform

# Names that Ansible reserves.
TAKEN = frozenset({"all", "ungrouped", "localhost", "127.0.0.1"})


class PlatformInventory(BaseInventoryPlugin, Constructable, Cacheable):
    """info: the info module whose items become hosts; the plugin has those of its options that it documents.

    filters: {option: key}; an item is omitted if its value of the key is not among the values of the option.
    grouped_by: {word: key}; the value of the key determines a group, PLATFORM_word_value. Each key of an item becomes a
    variable, PLATFORM_key.
    """

    info: Module
    filters: ClassVar[dict[str, str]] = {}
    grouped_by: ClassVar[dict[str, str]] = {}

    @property
    def _platform(self) -> str:
        return str(self.info.client.PLATFORM).lower()

    def verify_file(self, path: str) -> bool:
        if not super().verify_file(path):
            return False
        is_ours = re.fullmatch(rf"(?:.*\.)?{self._platform}\.ya?ml", os.path.basename(path)) is not None
        if not is_ours:
            # Where the plugin is enabled, Ansible also asks about files that are not meant for it.
            show = self.display.warning if self._is_named_in(path) else self.display.vvv
            show(
                f"{self.NAME} does not support a file of this name: it must be {self._platform}.yml, or end in "
                f".{self._platform}.yml or .yaml."
            )
        return is_ours

    def _is_named_in(self, path: str) -> bool:
        with open(path, encoding="utf-8", errors="replace") as file:
            return re.search(rf"^plugin:\s*[\"']?{re.escape(self.NAME)}\b", file.read(), re.MULTILINE) is not None

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        named = self._named(self._items(path, cache))
        self.inventory.add_group(self._platform)
        for name, item in sorted(named.items()):
            self._add(name, item)

    # -- options -------------------------------------------------------------------------------------------------------

    def set_options(self, task_keys: Any = None, var_options: Any = None, direct: JsonObject | None = None) -> None:
        """Checks the options in the file like those of a module: Ansible itself ignores unknown names here, and reads
        invalid booleans as false."""
        given = dict(direct or {})
        names = {
            name: option
            for option, definition in self.option_definitions.items()
            for name in (option, *(definition.get("aliases") or ()))
        }
        unknown = sorted(str(name) for name in given if name not in names)
        if unknown:
            raise self._error(
                f"unsupported options: {', '.join(unknown)}. Supported options: "
                f"{', '.join(sorted(self.option_definitions))}."
            )
        spec = self._spec()
        own = {name: self._evaluated(name, given.pop(name)) for name in list(given) if names[name] in spec}
        validated = ArgumentSpecValidator(spec).validate(
            {name: value for name, value in own.items() if value is not None}
        )
        if validated.error_messages:
            raise self._error("; ".join(validated.error_messages) + ".")
        self._params = validated.validated_parameters
        for name in spec:
            if self.option_definitions[name].get("required") and not self._params[name]:
                variable = self.option_definitions[name]["env"][0]["name"]
                raise self._error(f"`{name}` is missing or empty. Set `{name}` or the environment variable {variable}.")
        super().set_options(
            task_keys,
            var_options,
            {**given, **{name: self._params[name] for name in spec if self._params[name] is not None}},
        )

    def _spec(self) -> JsonObject:
        """The argument spec of all options except Ansible's own."""
        hostname = self.option_definitions["hostname"]
        return {
            **{
                name: option
                for name, option in self.info.spec["argument_spec"].items()
                if name in self.option_definitions
            },
            **{name: dict(type="list", elements="str") for name in self.filters},
            "hostname": dict(type="list", elements="str", choices=hostname["choices"], default=hostname["default"]),
        }

    def _evaluated(self, option: str, value: Any) -> Any:
        """Evaluates templates in the values of options, such as look-ups of tokens, with the extra variables."""
        self.templar.available_variables = self._vars
        try:
            value = self.templar.template(value)
        except Exception as error:
            raise self._error(f"`{option}` cannot be evaluated: {error}") from None
        # Vaulted and tagged values become plain text too.
        return value if value is None or isinstance(value, (bool, int, float, list, dict)) else str(value)

    # -- items ---------------------------------------------------------------------------------------------------------

    def _items(self, path: str, cache: bool) -> list[JsonObject]:
        """The items of the info module, from the cache if that is allowed. cache: false to refresh the cache."""
        if not self.get_option("cache"):
            return self._chosen(self._fetched())
        key = self._cache_key(path)
        items = None
        if cache:
            with contextlib.suppress(KeyError):
                items = self._cache[key]
        if items is None:
            items = self._fetched()
            self._cache[key] = items
        return self._chosen(items)

    def _cache_key(self, path: str) -> str:
        """The key of the cache, which depends on the options and the token. A few characters of a hash do not disclose
        them.
        """
        asked = {name: value for name, value in self._params.items() if name not in {"hostname", *self.filters}}
        digest = hashlib.sha256(json.dumps([VERSION, asked], sort_keys=True).encode()).hexdigest()
        return f"{self.get_cache_key(path)}_{digest[:12]}"

    def _fetched(self) -> list[JsonObject]:
        if third_party.REQUESTS_IMPORT_ERROR:
            raise self._error(missing_required_lib("requests"))
        params = {name: self._params.get(name) for name in self.info.spec["argument_spec"]}
        result = perform(self.info, params, check_mode=False, want_diff=False, warn=self.display.warning)
        if result.get("failed"):
            raise self._error(result["msg"])
        items: list[JsonObject] = result[self.info.task.key]
        return items

    def _chosen(self, items: list[JsonObject]) -> list[JsonObject]:
        wanted = {key: self._params[option] for option, key in self.filters.items() if self._params[option] is not None}
        return [item for item in items if all(item[key] in values for key, values in wanted.items())]

    # -- hosts ---------------------------------------------------------------------------------------------------------

    def _named(self, items: list[JsonObject]) -> dict[str, JsonObject]:
        """{name of the host: item}. The ID is appended to all hosts with the same name, so that names do not depend on
        the order.
        """
        wished: dict[str, list[JsonObject]] = {}
        for item in items:
            parts = [str(item[key]) for key in self._params["hostname"] if item[key]]
            wished.setdefault(_host_name(*parts), []).append(item)
        named = {}
        for name, same in wished.items():
            is_free = len(same) == 1 and name and name not in TAKEN | {self._platform}
            named.update({name if is_free else _host_name(name, str(item["id"])): item for item in same})
        return named

    def _add(self, name: str, item: JsonObject) -> None:
        variables = {f"{self._platform}_{key}": never_evaluated(value) for key, value in item.items()}
        self.inventory.add_host(name, group=self._platform)
        for variable, value in variables.items():
            self.inventory.set_variable(name, variable, value)
        for word, key in self.grouped_by.items():
            if item[key]:
                group = self.inventory.add_group(self._sanitize_group_name(f"{self._platform}_{word}_{item[key]}"))
                self.inventory.add_host(name, group=group)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict=strict)

    def _error(self, message: str) -> AnsibleParserError:
        return AnsibleParserError(f"{self.NAME}: {message}")


def _host_name(*parts: str) -> str:
    """Never begins with a hyphen, which programs would read as an option."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", "-".join(parts)).lstrip("-")


def never_evaluated(value: Any) -> Any:
    """Data of the platform is not a template. Only texts that look like templates are tagged, so that printed
    inventories stay readable.
    """
    if isinstance(value, dict):
        return {key: never_evaluated(item) for key, item in value.items()}
    if isinstance(value, list):
        return [never_evaluated(item) for item in value]
    return wrap_var(value) if isinstance(value, str) and "{" in value else value
