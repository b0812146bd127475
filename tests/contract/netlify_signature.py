# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a receiver checks that a notification comes from Netlify, as the guide to builds, hooks and certificates shows
it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def comes_from_netlify(secret, signature, body):
    """secret: text. signature: the header X-Webhook-Signature, None without one. body: bytes, before any parsing."""
    try:
        header, claims, seal = (signature or "").split(".")
        expected = hmac.new(secret.encode(), f"{header}.{claims}".encode(), hashlib.sha256).digest()
        if json.loads(decoded(header))["alg"] != "HS256" or not hmac.compare_digest(decoded(seal), expected):
            return False
        said = json.loads(decoded(claims))
        return said["iss"] == "netlify" and hmac.compare_digest(said["sha256"], hashlib.sha256(body).hexdigest())
    except (KeyError, TypeError, ValueError):
        return False
