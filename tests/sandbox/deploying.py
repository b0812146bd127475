# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create deploys by hand, and check their result."""

from __future__ import annotations

import io
import zipfile

from sandbox_client import sha1

INDEX = b"<h1>hello</h1>"


FILES = {"/index.html": INDEX, "/style.css": b"body {}", "/empty.txt": b""}


def create(sandbox, site, query="", **body):
    return sandbox.call("POST", f"/sites/{site['id']}/deploys{query}", 200, json=body).json()


def digests(files):
    return {path: sha1(content) for path, content in files.items()}


def state(sandbox, deploy):
    return sandbox.get(f"/deploys/{deploy['id']}")["state"]


def published(sandbox, site):
    deploy = sandbox.get(f"/sites/{site['id']}")["published_deploy"]
    return deploy and deploy["id"]


def archive(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as writer:
        for path, content in files.items():
            writer.writestr(path, content)
    return target.getvalue()


def send_zip(sandbox, method, path, content, expect):
    return sandbox.call(method, path, expect, data=content, headers={"Content-Type": "application/zip"}).json()
