# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The minimum cost of an estate: a client with requests that sends the fewest requests, by default over 8 connections.

It reads all that is declared and compares it, or creates everything in an account that has nothing. It retries nothing
and checks nothing that it wrote, unless it reads back, like apply, what Netlify may return nothing about. Used as
C(plain_estate.py API_URL TOKEN ESTATE read|create|create_and_read [CONNECTIONS]); prints as JSON how many sites
differ, and the seconds without those that Python needs to start and to import libraries, in all and on CPUs.
"""

from __future__ import annotations

import concurrent.futures
import itertools
import json
import sys
import threading
import time

import requests
import yaml

url, token, estate, what, *connections = sys.argv[1:]
CONNECTIONS = int(connections[0]) if connections else 8
own = threading.local()


def send(method, path, body=None, **query):
    if not hasattr(own, "session"):
        own.session = requests.Session()
        own.session.trust_env = False
        own.session.headers["Authorization"] = f"Bearer {token}"
    response = own.session.request(method, url + path, json=body, params=query)
    response.raise_for_status()
    return response.json() if response.content else None


def env_of(options):
    return [
        {"key": key, "values": [{"context": "all", "value": value}], "is_secret": False}
        for key, value in options["env_vars"].items()
    ]


def is_same(declared, found):
    """Whether all declared parts of a site equal the existing ones."""
    env, snippets, metadata, hooks = found
    return (
        {row["key"]: row["values"][0]["value"] for row in env} == declared["netlify_env_vars"]["env_vars"]
        and [{key: row[key] for key in ("title", "general")} for row in snippets]
        == declared["netlify_snippets"]["snippets"]
        and metadata == declared["netlify_metadata"]["metadata"]
        and [(hook["title"], hook["branch"]) for hook in hooks]
        == [(declared["netlify_build_hook"]["title"], declared["netlify_build_hook"]["branch"])]
    )


def read(pool, declared):
    sites = {}
    for page in itertools.count(1):
        rows = send("GET", "/sites", filter="all", page=page, per_page=100)
        sites.update((row["name"], row) for row in rows)
        if len(rows) < 100:
            break

    def differs(name):
        site, wanted = sites[name], declared[name]
        below = f"/sites/{site['id']}"
        found = (
            send("GET", f"/accounts/{site['account_slug']}/env", site_id=site["id"]),
            send("GET", f"{below}/snippets"),
            send("GET", f"{below}/metadata"),
            send("GET", f"{below}/build_hooks"),
        )
        email = wanted["netlify_site"]["notification_email"]
        return site["notification_email"] != email or not is_same(wanted, found)

    return sum(pool.map(differs, declared))


def create(pool, declared):
    def make(name):
        wanted = declared[name]
        site = send("POST", "/sites", wanted["netlify_site"])
        below = f"/sites/{site['id']}"
        send("POST", f"/accounts/{site['account_slug']}/env", env_of(wanted["netlify_env_vars"]), site_id=site["id"])
        for snippet in wanted["netlify_snippets"]["snippets"]:
            send("POST", f"{below}/snippets", {"general_position": "footer", **snippet})
        send("PUT", f"{below}/metadata", wanted["netlify_metadata"]["metadata"])
        if what == "create_and_read":
            send("GET", f"{below}/snippets")
            send("GET", f"{below}/metadata")
        send("POST", f"{below}/build_hooks", {key: wanted["netlify_build_hook"][key] for key in ("title", "branch")})
        return True

    return sum(pool.map(make, declared))


began, began_cpu = time.monotonic(), time.process_time()
by_site: dict = {}
with open(estate, encoding="utf-8") as file:
    for entry in yaml.load(file, Loader=yaml.CSafeLoader):
        [(module, options)] = entry.items()
        by_site.setdefault(options.get("site") or options["name"], {})[module] = options
with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as threads:
    differing = (read if what == "read" else create)(threads, by_site)
seconds, cpu = time.monotonic() - began, time.process_time() - began_cpu
print(json.dumps({"differing": differing, "seconds": seconds, "cpu": cpu}))
