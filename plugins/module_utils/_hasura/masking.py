# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets in the metadata of a Hasura tenant, by their places. PRIVATE to the collection.

At some places any literal can be a secret: connections, headers, templates, payloads. There everything is masked except
known harmless values. At any other place only the user info and the query of URLs are masked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

from ansible_collections.webops.paas.plugins.module_utils._core.compare import MASK, SECRET_AFTER, SECRET_BEFORE
from ansible_collections.webops.paas.plugins.module_utils._core.labels import LABELS, label
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.variables import masked_whole

# The keys of dictionaries, and the labels of a list's items as tuples of one.
Path = tuple[Any, ...]
Replace = Callable[[Path, str], str]
# The keys whose texts are shown, if all other texts are secret; None if only parts of URLs are secret.
Shown: TypeAlias = "frozenset[str] | None"

# The values of these keys are names of environment variables or files.
NAMES = frozenset({"from_env", "value_from_env", "webhook_from_env", "url_from_env", "dynamic_from_file"})
CONNECTION = NAMES | {
    "database",
    "datasets",
    "extensions_schema",
    "host",
    "isolation_level",
    "name",
    "project_id",
    "sslmode",
    "username",
}
TRANSFORM = frozenset({"action", "content_type", "method", "remove_headers", "template_engine"})
TELEMETRY = NAMES | {"data_types", "name", "protocol", "status", "traces_propagators"}
NOTHING: frozenset[str] = frozenset()
CONFIGURATION: Path = ("configuration",)
# Places where any text can be a secret: the end of the path (None: an item of a list), and the keys whose texts are
# shown nevertheless. If nothing is shown, numbers are masked too. The last matching entry applies.
PLACES: tuple[tuple[Path, frozenset[str]], ...] = (
    (CONFIGURATION, CONNECTION),
    (("configuration", "value"), NAMES),
    (("template_variables",), NAMES),
    (("service_account",), NAMES),
    (("backend_configs",), NAMES | {"display_name"}),
    (("opentelemetry",), TELEMETRY),
    (("resource_attributes", None, "value"), NOTHING),
    (("request_transform",), TRANSFORM),
    (("response_transform",), TRANSFORM),
    (("add_headers",), NOTHING),
    (("form_template",), NOTHING),
    (("query_params",), NOTHING),
    (("headers", None, "value"), NOTHING),
    (("cron_triggers", None, "payload"), NOTHING),
    (("webhook",), NAMES),
)
# These contain a configuration of another kind: its names in the GraphQL schema.
WITHIN_DATABASE = ("tables", "functions")
# Here the path of a URL is a secret too; the host is shown, or the variable with the beginning of the URL.
HOOKS: tuple[Path, ...] = (("handler",), ("validate_input", "definition", "url"))

HOOK = re.compile(
    r"(?P<shown>(?:\{\{\s*\w+\s*\}\}|[a-z][a-z0-9+.-]*://[^\s/?#@{}]*(?=[/?#]|\Z))/?)?(?P<secret>.*)",
    re.DOTALL | re.IGNORECASE,
)
URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)(?P<rest>[^\s\"'<>]+)", re.IGNORECASE)
HOST = re.compile(r"(\[[^]]*\]|[^:@]*)(:[0-9]*)?")
# Request templates: references to variables, without texts and numbers; the keys of JSON; what is left beside them.
EXPRESSION = re.compile(r"\{\{(?![^{}]*(?<![\w$.\[])\d)[\s\w$.\[\]()=!<>&|?,-]*\}\}")
JSON_KEY = re.compile(r"\"\w+\"\s*:")
PUNCTUATION = re.compile(r"[\s{}\[\],:\"]*")
PASSWORD = re.compile(r"(?:^|;)\s*(?:pwd|password)\s*=\s*([^;]+)", re.IGNORECASE)


class Hidden(str):
    """A text that is a secret wherever in the metadata it stands."""


class HiddenInt(int):
    """The same for an integer."""


class HiddenFloat(float):
    """The same for another number."""


HIDDEN = (Hidden, HiddenInt, HiddenFloat)


def masked(metadata: Any) -> Any:
    """The metadata with secrets masked. metadata: any value; no shape is required."""
    return _replaced(metadata, lambda path, secret: MASK)


def masked_option(metadata: Any) -> Any:
    """The option metadata as Ansible shows it."""
    return masked(metadata) if isinstance(metadata, dict) else masked_whole(metadata)


def secrets(metadata: Any) -> set[str]:
    """The secrets to mask in quotations of the platform."""
    found: set[str] = set()

    def note(_path: Path, secret: str) -> str:
        found.update(_pieces(secret))
        return secret

    _replaced(metadata, note)
    return found


def without_secrets(metadata: Any, replace: Callable[[Path, Any], Any], also: Callable[[str], bool]) -> Any:
    """The metadata with each text or number that contains a secret replaced as a whole, by replace(path, value).

    also(text): whether another text is replaced too.
    """

    def leaf(path: Path, value: Any, shown: Shown) -> Any:
        found: list[str] = []

        def note(_path: Path, secret: str) -> str:
            found.append(secret)
            return secret

        _leaf_replaced(path, value, shown, note)
        return replace(path, value) if any(found) or isinstance(value, str) and also(value) else value

    return _walked(metadata, leaf)


def outside_of_places(path: Path) -> int:
    """The number of steps of a path before any text can be a secret, the labels of a list's items among them."""
    for length in range(1, len(path)):
        if any(_ends(path[:length], end) for end, _keys in PLACES):
            return length
    return len(path)


def sides(before: JsonObject, after: JsonObject) -> tuple[JsonObject, JsonObject]:
    """(before, after) of a diff, both in normal form. For secrets, the diff shows only whether they are equal."""
    former: dict[Path, list[str]] = {}
    hidden: set[Path] = set()

    def note(path: Path, value: Any, _shown: Shown) -> Any:
        if isinstance(value, HIDDEN):
            hidden.add(path)
        return value

    _walked(after, note)

    def remember(path: Path, secret: str) -> str:
        former.setdefault(path, []).append(secret)
        return SECRET_BEFORE

    shown_before = _replaced(before, remember, hidden)

    def compare(path: Path, secret: str) -> str:
        return SECRET_BEFORE if secret in former.get(path, ()) else SECRET_AFTER

    return _sorted(shown_before), _sorted(_replaced(after, compare, hidden))


def _sorted(value: Any) -> Any:
    """With keys in a fixed order: the engine and projects have them in any. The names of items come first."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda key: (key not in LABELS, str(key)))}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _pieces(secret: str) -> Iterator[str]:
    """A secret and its parts that a message can quote alone: passwords, values of a query."""
    yield secret
    try:
        password = urlsplit(secret).password
    except ValueError:
        password = None
    # The user info of a URL can be quoted without the URL.
    yield unquote(password or secret.partition(":")[2] if "://" not in secret else password or "")
    yield from PASSWORD.findall(secret)
    query = secret.rpartition("?")[2]
    if "=" in query:
        yield query
        yield from (unquote(part.partition("=")[2]) for part in query.split("&"))


def _replaced(value: Any, replace: Replace, hidden: Container[Path] = ()) -> Any:
    """replace(path, secret) returns the replacement. hidden: paths that are secret in any case."""

    def leaf(path: Path, part: Any, shown: Shown) -> Any:
        return _leaf_replaced(path, part, NOTHING if path in hidden else shown, replace)

    return _walked(value, leaf)


def _leaf_replaced(path: Path, value: Any, shown: Shown, replace: Replace) -> Any:
    if isinstance(value, HIDDEN):
        return replace(path, str(value))
    if shown is not None and isinstance(value, str):
        return value if is_bare_template(value) else replace(path, value)
    if shown is NOTHING and isinstance(value, (int, float)) and not isinstance(value, bool):
        return replace(path, str(value))
    return _url_masked(value, replace, path) if isinstance(value, str) else value


def is_bare_template(text: str) -> bool:
    """Whether a request template has no literal that could be a secret: it only refers to what the request has."""
    outside = EXPRESSION.sub("", text)
    return outside != text and PUNCTUATION.fullmatch(JSON_KEY.sub("", outside)) is not None


def _walked(value: Any, leaf: Callable[[Path, Any, Shown], Any], path: Path = (), shown: Shown = None) -> Any:
    """leaf(path, value, shown) returns what replaces a value that is neither a dict nor a list."""
    if isinstance(value, dict):
        return {key: _part_walked(part, leaf, (*path, key), shown) for key, part in value.items()}
    if isinstance(value, list):
        return [_part_walked(item, leaf, (*path, (label(item),)), shown) for item in value]
    return leaf(path, value, shown)


def _part_walked(value: Any, leaf: Callable[[Path, Any, Shown], Any], path: Path, shown: Shown) -> Any:
    if shown is not NOTHING:
        for end, keys in PLACES:
            if _ends(path, end) and not (end == CONFIGURATION and any(name in path for name in WITHIN_DATABASE)):
                shown = keys
        texts = value if isinstance(value, list) else [value]
        if shown and path[-1] in shown and all(isinstance(text, str) for text in texts):
            shown = None
    return _walked(value, leaf, path, shown)


def _ends(path: Path, end: Path) -> bool:
    last = path[-len(end) :]
    return len(last) == len(end) and all(
        isinstance(step, tuple) if wanted is None else step == wanted for step, wanted in zip(last, end, strict=True)
    )


def _url_masked(text: str, replace: Replace, path: Path) -> str:
    if any(_ends(path, end) for end in HOOKS):
        hook = HOOK.fullmatch(text)
        return text if hook is None else _joined(path, replace, hook["shown"] or "", hook["secret"])
    masked_text = URL.sub(lambda url: url["scheme"] + _rest_masked(url["scheme"], url["rest"], replace, path), text)
    # A URL can begin with the name of a variable.
    return _query_masked(text, replace, path) if path[-1:] == ("url",) and masked_text == text else masked_text


def _rest_masked(scheme: str, rest: str, replace: Replace, path: Path) -> str:
    """rest: a URL without its scheme."""
    before = ""
    if "@" in rest:
        user, _at, host = rest.rpartition("@")
        authority = re.split("[/?#]", rest, maxsplit=1)[0]
        if "@" in authority:
            user, _at, host = authority.rpartition("@")
            host += rest[len(authority) :]
        # Passwords are often not percent-encoded, although they should be; the path of a web page can contain an @.
        if "@" in authority or not (scheme.lower().startswith("http") and HOST.fullmatch(authority)):
            before, rest = replace(path, user) + "@", host
    return before + _query_masked(rest, replace, path)


def _query_masked(text: str, replace: Replace, path: Path) -> str:
    begin, mark, query = text.partition("?")
    return _joined(path, replace, begin + mark, query)


def _joined(path: Path, replace: Replace, shown: str, secret: str) -> str:
    return shown + (replace(path, secret) if secret else "")
