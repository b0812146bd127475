# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees to deploy, as directories and as zips."""

from __future__ import annotations

import hashlib
import zipfile

import pytest

from ansible_collections.webops.paas.plugins.module_utils._netlify.manifest import build_manifest
from ansible_collections.webops.paas.plugins.module_utils._netlify.patterns import ManifestError


def sha1(content):
    return hashlib.sha1(content).hexdigest()


def write_tree(root, tree):
    """tree: {path: bytes}, or a list of paths that then have their own path as content."""
    for path in tree:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(tree[path] if isinstance(tree, dict) else path.encode())
    return root


def write_zip(path, entries, method=zipfile.ZIP_DEFLATED):
    """entries: (name or ZipInfo, bytes) pairs."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def zip_of(path, names):
    return write_zip(path, [(name, name.encode()) for name in names])


def paths_of(src, **options):
    with build_manifest(src, **options) as manifest:
        return list(manifest.files)


def refusal(src, **options):
    with pytest.raises(ManifestError) as caught:
        build_manifest(src, **options)
    return caught.value
