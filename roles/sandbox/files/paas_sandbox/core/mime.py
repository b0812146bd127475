# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Media types by file name, the same on every machine."""

from __future__ import annotations

import mimetypes

_TYPES = mimetypes.MimeTypes()
for _ending, _type in {
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".js": "application/javascript",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "application/javascript",
    ".otf": "font/otf",
    ".toml": "application/toml",
    ".ttf": "font/ttf",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".yaml": "text/yaml",
    ".yml": "text/yaml",
}.items():
    _TYPES.add_type(_type, _ending)
_WITH_CHARSET = (
    "application/javascript",
    "application/json",
    "application/manifest+json",
    "application/xml",
    "image/svg+xml",
)


def mime_type(path: str) -> str:
    return _TYPES.guess_type(path.rsplit("/", 1)[-1])[0] or "application/octet-stream"


def content_type(path: str) -> str:
    """As a served page has it: with a charset where the contents are text."""
    kind = mime_type(path)
    return f"{kind}; charset=UTF-8" if kind.startswith("text/") or kind in _WITH_CHARSET else kind
