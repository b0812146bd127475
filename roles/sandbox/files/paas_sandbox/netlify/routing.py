# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of a deploy for redirects and headers."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from . import header_rules, redirect_matching, redirect_rules
from .model import Deploy
from .rule_text import Rules
from .state import State

# fact: netlify 13.1 [D][C][O]: the files of a deploy that have rules
FILES = ("/_redirects", "/_headers", "/netlify.toml")
MORE = "https://docs.netlify.com/routing"


@dataclass(frozen=True)
class Routing:
    """The rules of one deploy."""

    redirects: Rules
    headers: Rules


def of(state: State, deploy: Deploy) -> Routing:
    """The rules in the files of a deploy."""
    return _parsed(*(_content(state, deploy, path) for path in FILES))


def messages(state: State, deploy: Deploy) -> list[dict[str, str]]:
    """What the summary of a deploy says of its rules.

    fact: netlify 2 [O]: the texts of a deploy without errors; others are unknown [?]
    """
    routing = of(state, deploy)
    return [
        _message("redirect", f"{MORE}/redirects/", routing.redirects),
        _message("header", f"{MORE}/headers/", routing.headers),
    ]


def notes(state: State, deploy: Deploy) -> list[str]:
    """Problems of the rules, for people: errors, and conditions that never hold in the sandbox."""
    routing = of(state, deploy)
    return [
        *routing.redirects.errors,
        *routing.headers.errors,
        *(
            f"{rule['from']}: the condition {name} never holds in the sandbox"
            for rule in routing.redirects.rules
            for name in rule["conditions"]
            if name not in redirect_matching.CONDITIONS
        ),
    ]


def _message(kind: str, link: str, rules: Rules) -> dict[str, Any]:
    count = len(rules.rules)
    if rules.errors:
        description = f"{len(rules.errors)} {kind} rules have errors and are ignored."
    elif count:
        description = f"All {kind} rules deployed without errors."
    else:
        description = f"This deploy did not include any {kind} rules. [Learn more about {kind}s]({link})."
    return {
        "type": "warning" if rules.errors else "info",
        "title": f"{count or 'No'} {kind} {'rule' if count == 1 else 'rules'} processed",
        "description": description,
        "details": "\n".join(rules.errors),
    }


def _content(state: State, deploy: Deploy, path: str) -> bytes | None:
    digest = deploy.manifest.get(path)
    content = None if digest is None else state.ground.store.get(digest)
    return None if content is None else content.read()


@functools.lru_cache(maxsize=256)
def _parsed(redirects: bytes | None, headers: bytes | None, config: bytes | None) -> Routing:
    """Most deploys have the rules of the one before."""
    config_text = _text(config)
    return Routing(redirect_rules.parse(_text(redirects), config_text), header_rules.parse(_text(headers), config_text))


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "replace")
