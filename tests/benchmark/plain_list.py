# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The minimum cost of a list: thirty lines with requests, one page after the other on one connection.

It retries nothing and checks nothing. Used as C(plain_list.py URL TOKEN [FILE]); URL is that of a list with a query.
The rows are kept, or written to the file as JSON lines. Prints its seconds without imports, its MB, and the number of
rows, as JSON.
"""

from __future__ import annotations

import json
import sys
import time

import requests

url, token, *file = sys.argv[1:]
began = time.monotonic()
session = requests.Session()
session.trust_env = False
session.headers["Authorization"] = f"Bearer {token}"
rows, count, page = [], 0, 1
with open(file[0] if file else "/dev/null", "w", encoding="utf-8") as stream:
    while True:
        response = session.get(url, params={"page": page, "per_page": 100})
        response.raise_for_status()
        for row in response.json():
            count += 1
            if file:
                stream.write(json.dumps(row) + "\n")
            else:
                rows.append(row)
        if "next" not in response.links:
            break
        page += 1
seconds = time.monotonic() - began
with open("/proc/self/status", encoding="utf-8") as status:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(json.dumps({"seconds": seconds, "memory": peak / 1024, "rows": count}))
