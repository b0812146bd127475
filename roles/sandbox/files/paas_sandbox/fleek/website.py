# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a build makes of a commit: a small website that shows where it comes from, always the same for the same."""

from __future__ import annotations

import html
import json

STYLE = b"body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; }\n"
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{name}</title><link rel="stylesheet" href="./assets/style.css"></head>
<body>
<h1>{name}</h1>
<p>Built from commit <code>{commit}</code> of branch <code>{branch}</code>: {message}</p>
</body>
</html>
"""


def build(name: str, repository: dict[str, str | None]) -> dict[str, bytes]:
    """{path: contents}. `repository` has the keys of DeployRepository."""
    shown = {key: html.escape(value or "") for key, value in {"name": name, **_origin(repository)}.items()}
    facts = {"site": name, **_origin(repository)}
    return {
        "index.html": PAGE.format(**shown).encode(),
        "assets/style.css": STYLE,
        "build.json": (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode(),
    }


def _origin(repository: dict[str, str | None]) -> dict[str, str | None]:
    return {key: repository[key] for key in ("commit", "branch", "message")}
