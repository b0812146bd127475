# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of functions: the option functions_config, and the manifest that the vendor's build writes beside the zips.
PRIVATE to the collection.

Settings have the names of the API: runtime, invocation_mode and timeout of an upload, schedule, and those of a
deploy's functions_config. Empty ones are left out, as by the vendor's command line client.
Sources: Netlify's OpenAPI, and the requests of that client.
"""

from __future__ import annotations

import fnmatch
import hashlib
import importlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core import spelling
from ansible_collections.webops.paas.plugins.module_utils._core.checks import check_unique
from ansible_collections.webops.paas.plugins.module_utils._core.documents import parse_json
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.ranges import between
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._netlify.patterns import ManifestError

# The list of what was built, in the directory of functions and in that of edge functions.
MANIFEST = "manifest.json"
MANIFEST_VERSION = 1
BACKGROUND = "background"
# The end of the names of functions that run in the background without any setting.
BACKGROUND_NAME = "-background"
# What functions_config of a deploy can have.
CONFIG_KEYS = (
    "display_name",
    "generator",
    "build_data",
    "routes",
    "excluded_routes",
    "priority",
    "traffic_rules",
    "region",
    "memory",
    "vcpu",
    "event_subscriptions",
)
# Settings that Netlify does not return.
HIDDEN_KEYS = (*CONFIG_KEYS, "invocation_mode", "timeout")
# Names in the manifest of the build that differ.
_IN_MANIFEST = {
    "display_name": "displayName",
    "build_data": "buildData",
    "excluded_routes": "excludedRoutes",
    "traffic_rules": "trafficRules",
    "event_subscriptions": "eventSubscriptions",
    "invocation_mode": "invocationMode",
}
_SCHEDULE = re.compile(r"@[a-z]+|\S+( +\S+){4}")
# The numbers in each field of a cron expression: minute, hour, day of the month, month, day of the week.
_CRON = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
# The argument spec of functions_config.
OPTION = dict(
    type="list",
    elements="dict",
    options=dict(
        name=dict(type="str", required=True),
        schedule=dict(type="str"),
        background=dict(type="bool"),
        timeout=dict(type="int"),
        region=dict(type="str"),
        memory=dict(type="int"),
        vcpu=dict(type="float"),
        display_name=dict(type="str"),
        generator=dict(type="str"),
        build_data=dict(type="dict"),
    ),
)
_RANGES: dict[str, Callable[[str, float], None]] = {
    "timeout": between(1),
    "memory": between(1024, 4096),
    "vcpu": between(0.5, 2),
}


def declared_settings(given: Iterable[JsonObject]) -> dict[str, JsonObject]:
    """{name: settings} of the option functions_config. Empty texts are kept, because they remove a setting of the
    build. Raises InvalidInput.
    """
    found: dict[str, JsonObject] = {}
    items = list(given)
    check_unique("functions_config", (item["name"] for item in items))
    for number, item in enumerate(items):
        option = f"functions_config[{number}]"
        settings = {key: value for key, value in item.items() if value is not None and key != "name"}
        for key in _RANGES.keys() & settings.keys():
            _RANGES[key](f"{option}.{key}", settings[key])
        spelling.check_keys(f"{option}.build_data", settings.get("build_data"))
        if {"memory", "vcpu"} <= settings.keys():
            raise InvalidInput(option, f"`{option}.memory` and `{option}.vcpu` are mutually exclusive.")
        if settings.get("schedule") and not _is_schedule(settings["schedule"]):
            raise InvalidInput(
                f"{option}.schedule",
                f"`{option}.schedule` must be a cron expression with 5 fields (minute, hour, day of the month, month, "
                f"day of the week), such as '0 5 * * 1', or a word such as @daily, got {settings['schedule']!r}.",
            )
        if "region" in settings:
            settings["region"] = settings["region"].lower()
        found[item["name"]] = settings
    return found


def _is_schedule(text: str) -> bool:
    """Whether it may be a cron expression. Names of days, and what follows a slash, are left to Netlify."""
    fields = [re.sub(r"/\d+", "", field) for field in text.split()]
    return _SCHEDULE.fullmatch(text) is not None and (
        text.startswith("@")
        or all(
            lowest <= int(number) <= highest
            for field, (lowest, highest) in zip(fields, _CRON, strict=True)
            for number in re.findall(r"\d+", field)
        )
    )


def applied(name: str, built: JsonObject, declared: JsonObject) -> JsonObject:
    """The settings of a function: those of its build, overridden by the declared ones."""
    found = {**built, **declared}
    is_background = found.pop(BACKGROUND, None)
    # The size of a function is one of the two.
    for size, other in (("memory", "vcpu"), ("vcpu", "memory")):
        if size in declared:
            found.pop(other, None)
    if name.endswith(BACKGROUND_NAME) or is_background:
        found["invocation_mode"] = BACKGROUND
    elif is_background is False and found.get("invocation_mode") == BACKGROUND:
        del found["invocation_mode"]
    return _cleaned(found) or {}


def built_settings(text: str, option: str = "functions_dir") -> dict[str, tuple[str, JsonObject]]:
    """{name: (file name, settings)} of the manifest that the vendor's build writes. Raises ManifestError.

    The manifest has absolute paths of the machine that built the functions; the files are beside it.
    """
    try:
        manifest = parse_json(text)
        if manifest["version"] != MANIFEST_VERSION:
            raise ValueError(f"its version is {manifest['version']!r} instead of {MANIFEST_VERSION}")
        return {
            str(function["name"]): (re.split(r"[/\\]", function["path"])[-1], _built(function))
            for function in manifest["functions"]
        }
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "it has unexpected content"
        raise ManifestError(
            option,
            f"`{option}`: the {MANIFEST} is not a list of functions as `netlify build` writes it: {reason}.",
        ) from None


def _built(function: JsonObject) -> JsonObject:
    found = {key: function.get(_IN_MANIFEST.get(key, key)) for key in (*HIDDEN_KEYS, "schedule")}
    runtime = function.get("runtimeVersion") or function["runtime"]
    return {**found, "runtime": runtime, "traffic_rules": _traffic_rules(found["traffic_rules"])}


def _traffic_rules(rules: JsonObject | None) -> JsonObject | None:
    if not rules:
        return None
    action = rules.get("action") or {}
    config = action.get("config") or {}
    limit = config.get("rateLimitConfig") or {}
    return {
        "action": {
            "type": action.get("type"),
            "config": {
                "rate_limit_config": {
                    "algorithm": limit.get("algorithm"),
                    "window_size": limit.get("windowSize"),
                    "window_limit": limit.get("windowLimit"),
                },
                "aggregate": config.get("aggregate"),
                "to": config.get("to"),
            },
        }
    }


def toml_schedules(text: str) -> dict[str, str]:
    """{pattern of function names: cron expression} of a netlify.toml. Raises ManifestError.

    Only Python 3.11 or later can read TOML, so a file without schedules is not parsed.
    """
    if "schedule" not in text:
        return {}
    try:
        toml = importlib.import_module("tomllib")
    except ImportError:
        raise ManifestError(
            "project_dir",
            "`project_dir`: reading the schedules in its netlify.toml requires Python 3.11 or later. Set "
            "`functions_config` instead, or run `netlify build` first.",
        ) from None
    try:
        functions = toml.loads(text).get("functions", {})
        found = {name: values.get("schedule") for name, values in functions.items() if isinstance(values, dict)}
    except (ValueError, AttributeError, RecursionError) as error:
        raise ManifestError("project_dir", f"`project_dir`: its netlify.toml cannot be read: {error}.") from None
    found.setdefault("*", functions.get("schedule"))
    return {pattern: schedule for pattern, schedule in found.items() if isinstance(schedule, str)}


def schedule_of(name: str, schedules: Mapping[str, str]) -> str | None:
    """The schedule of the pattern that matches with the most characters, one without a wildcard first."""

    def weight(pattern: str) -> tuple[int, bool]:
        return len(pattern.replace("*", "")) - ("*" in pattern), "*" not in pattern

    matching = [pattern for pattern in schedules if fnmatch.fnmatchcase(name, pattern)]
    return schedules[max(matching, key=weight)] if matching else None


def _cleaned(value: Any) -> Any:
    """Without nulls, empty texts, empty lists and empty objects, at any depth; None if nothing is left."""
    if isinstance(value, dict):
        items = ((key, _cleaned(item)) for key, item in value.items())
        return {key: item for key, item in items if item is not None} or None
    if isinstance(value, list):
        return [item for item in map(_cleaned, value) if item is not None] or None
    return None if value == "" else value


def configs_of(settings: Mapping[str, JsonObject]) -> dict[str, JsonObject]:
    """functions_config of a deploy. settings: by the name of the function."""
    found = {
        name: {key: values[key] for key in CONFIG_KEYS if key in values} for name, values in sorted(settings.items())
    }
    return {name: config for name, config in found.items() if config}


def upload_query(settings: JsonObject) -> JsonObject:
    """The query of a function's upload."""
    return {key: settings.get(key) for key in ("runtime", "invocation_mode", "timeout")}


def mark_of(settings: Mapping[str, JsonObject], environment: Iterable[JsonObject]) -> str:
    """A digest of what Netlify does not return, empty if there is nothing. It is part of the titles that the module
    makes, because there is no other place to find it again.

    The values of variables are not part of it: a digest that everybody can read must not help to guess a secret.
    """
    hidden = {
        name: {key: value for key, value in values.items() if key in HIDDEN_KEYS and not _is_implied(name, key, value)}
        for name, values in settings.items()
    }
    content = [
        {name: values for name, values in hidden.items() if values},
        sorted([variable["key"], variable["is_secret"]] for variable in environment),
    ]
    if not any(content):
        return ""
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:12]


def _is_implied(name: str, key: str, value: object) -> bool:
    """Whether a setting follows from the name of the function."""
    return key == "invocation_mode" and name.endswith(BACKGROUND_NAME) and value == BACKGROUND
