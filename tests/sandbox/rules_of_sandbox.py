# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the sandbox makes of texts with rules for redirects and headers, and which rule it applies to a visit.

Runs in the sandbox's environment, with its package in PYTHONPATH. Reads and prints JSON, as tests/vendor_cli/rules.mjs.
"""

from __future__ import annotations

import json
import sys
import urllib.parse

from paas_sandbox.netlify import header_rules, redirect_matching, redirect_rules


def result(case):
    redirects = redirect_rules.parse(case.get("redirects"), case.get("config"))
    headers = header_rules.parse(case.get("headers"), case.get("config"))
    found = {
        "redirects": redirects.rules,
        "redirect_errors": len(redirects.errors),
        "headers": headers.rules,
        "header_errors": len(headers.errors),
    }
    if "visits" in case:
        found["matches"] = [match(redirects.rules, visit) for visit in case["visits"]]
    if "paths" in case:
        found["added"] = [header_rules.headers_for(headers.rules, path) for path in case["paths"]]
    return found


def match(rules, visit):
    """The target, the status and whether it is forced."""
    address = urllib.parse.urlsplit(visit["url"])
    found = redirect_matching.first_match(
        rules,
        redirect_matching.Visit(
            scheme=address.scheme,
            host=address.hostname,
            path=urllib.parse.unquote(address.path),
            query=address.query,
            language=visit.get("language", "en"),
            country=visit.get("country", ""),
            cookies=visit.get("cookies", {}),
        ),
        redirect_matching.Reading(),
    )
    return found and {"to": found.target, "status": found.status, "force": found.force}


if __name__ == "__main__":
    # Before Python 3.11, the sandbox cannot read netlify.toml.
    json.dump(
        [None if "config" in case and sys.version_info < (3, 11) else result(case) for case in json.load(sys.stdin)],
        sys.stdout,
    )
