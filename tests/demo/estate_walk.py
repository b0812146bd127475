# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All platforms: export existing resources, delete a site by hand, detect the drift, and recreate the site."""

from __future__ import annotations

import json
import re
import time

from stage import expect
from walk import Walk, say, traffic

SITE = "lantern-archive"
SECRET = "a-value-that-no-file-shows"


class EstateWalk(Walk):
    platforms = ("fleek", "flightcontrol", "hasura", "netlify")

    def netlify(self, method, path, body=None):
        """A change made outside of Ansible, such as by an operator in the browser."""
        environment = self.stage.sandbox_environment()
        status, answer = self.sandbox.call(
            method,
            f"/api/v1/{path}",
            None if body is None else json.dumps(body),
            **{"Authorization": f"Bearer {environment['NETLIFY_AUTH_TOKEN']}", "Content-Type": "application/json"},
        )
        expect(status < 300 or method == "GET", f"the sandbox takes {method} {path} (status {status})")
        return json.loads(answer) if answer and status < 300 else None

    def estate(self, name, *variables):
        words = [word for variable in variables for word in ("-e", variable)]
        return self.playbook(name, *words, "--vault-password-file", str(self.password), env_file=self.stage.env_file)

    @property
    def password(self):
        return self.stage.root / "vault-password"

    def walk(self):
        directory = self.stage.root / "estate"
        self.password.write_text("open sesame", encoding="utf-8")
        site = self.netlify("POST", "sites", {"name": SITE})
        values = [{"key": "API_KEY", "values": [{"context": "production", "value": SECRET}]}]
        self.netlify("POST", f"accounts/{site['account_slug']}/env?site_id={site['id']}", values)

        started = time.monotonic()
        exported = self.estate("export", f"export_dir={directory}", "export_secrets=vault")
        self.expect_nothing_sent(exported)
        files = [path for path in directory.rglob("*") if path.is_file()]
        expect({path.relative_to(directory).parts[0] for path in files} >= set(self.platforms), "all are exported")
        expect(not any(SECRET in path.read_text(encoding="utf-8") for path in files), "no file shows a secret")
        say("Export all platforms", started, f"{len(files)} files; {traffic(exported.requests)}")

        started = time.monotonic()
        self.netlify("DELETE", f"sites/{site['id']}")
        secrets = f"@{directory / 'secrets.yml'}"
        drift = self.estate("drift", f"drift_src={directory}", secrets)
        self.expect_nothing_sent(drift)
        expect(f"netlify_site {SITE} (missing)" in drift.output, "drift names the site that is missing")
        [reported] = re.findall(r'"(\d+ of \d+ resources? differs?[^"\\]*)', drift.output)
        say("Delete a site by hand, and report the drift", started, traffic(drift.requests), reported)

        started = time.monotonic()
        applied = self.estate("apply", f"apply_src={directory}", secrets)
        expect(self.netlify("GET", f"sites/{SITE}.netlify.app") is not None, "the site exists again")
        again = self.estate("apply", f"apply_src={directory}", secrets)
        expect(again.changed == 0 and again.writes == 0, "applying the estate again changes nothing")
        say("Apply the estate", started, traffic(applied.requests), f"again: {traffic(again.requests)}")
        return [("Whole estate", f"{len(files)} files exported; a deleted site was found and created again")]
