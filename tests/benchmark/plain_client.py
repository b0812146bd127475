# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The minimum cost of a deploy: forty lines with requests that send the same bytes.

It hashes, posts the manifest, puts what is required, one session a thread, and waits. It retries nothing, checks
nothing, and deploys anew each time. Used as C(plain_client.py API_URL TOKEN SITE_ID DIRECTORY CONCURRENCY).
"""

from __future__ import annotations

import concurrent.futures
import hashlib
import pathlib
import sys
import threading
import time
from urllib.parse import quote

import requests

url, token, site, directory, concurrency = sys.argv[1:]
own = threading.local()


def session():
    if not hasattr(own, "session"):
        own.session = requests.Session()
        own.session.trust_env = False
        own.session.headers["Authorization"] = f"Bearer {token}"
    return own.session


def put(job):
    deploy_id, path = job
    content = (pathlib.Path(directory) / path).read_bytes()
    session().put(f"{url}/deploys/{deploy_id}/files/{quote(path)}", data=content).raise_for_status()


paths = sorted(path for path in pathlib.Path(directory).rglob("*") if path.is_file())
files = {path.relative_to(directory).as_posix(): hashlib.sha1(path.read_bytes()).hexdigest() for path in paths}
deploy = session().post(f"{url}/sites/{site}/deploys", json={"files": files, "async": True}).json()
while deploy["state"] in ("new", "preparing"):
    time.sleep(0.1)
    deploy = session().get(f"{url}/deploys/{deploy['id']}").json()
by_digest = {sha: path for path, sha in files.items()}
with concurrent.futures.ThreadPoolExecutor(int(concurrency)) as pool:
    list(pool.map(put, [(deploy["id"], by_digest[sha]) for sha in deploy["required"]]))
while deploy["state"] != "ready":
    time.sleep(0.1)
    deploy = session().get(f"{url}/deploys/{deploy['id']}").json()
