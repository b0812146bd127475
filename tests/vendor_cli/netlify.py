# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netlify's own command line client on the sandbox: usage netlify.py DIRECTORY_OF_CLIENTS WORK_DIRECTORY.

What the client does is looked up in the sandbox, not in what the client prints.
"""

from __future__ import annotations

import copy
import json
import os
import pathlib
import sys
import time
import urllib.parse

from common import Program, Sandbox, perform, require, write
from front import Front
from proxy import Proxy

# Where the client looks for extensions. The host cannot be configured, and while it does not answer, the client knows
# no more of a linked site than its ID.
EXTENSIONS_HOST = "api.netlifysdk.com"
PAGES = 130
ODD_NAME = "odd names/\u00fc + & (1).txt"


class Extensions(Proxy):
    """The host of extensions, of which no site has any; below NETLIFY_API_URL the API goes on to the sandbox.

    A build asks the API's own host for them, without a token, unless that is one of Netlify's.
    """

    def answer(self, path):
        return b"[]" if "/integrations/" in path else None


class Journey:
    """The steps, in order; each public method is one. builder: the client with an API that answers builds."""

    def __init__(self, client, builder, sandbox):
        self._client = client
        self._builder = builder
        self._sandbox = sandbox
        self._name = f"vendor-cli-{int(time.time())}"
        self._host = f"{self._name}.netlify.app"
        self._before = None
        self._first = None
        public = client.project / "public"
        for number in range(PAGES):
            write(public / f"page-{number}.html", f"<h1>page {number}</h1>")
        write(public / "index.html", "<h1>first</h1>")
        write(public / "twin.txt", "the same")
        write(public / "sub" / "twin.txt", "the same")
        write(public / ODD_NAME, "odd")
        write(
            client.project / "functions" / "hello.js",
            "exports.handler = async () => ({ statusCode: 200, body: 'hello' });\n",
        )
        self._files = PAGES + 5  # with the netlify.toml that the client adds

    def _api(self, operation, **data):
        return json.loads(self._client.run("api", operation, "--data", json.dumps(data)))

    def _calls_since(self, number):
        return [entry["operation"] for entry in self._sandbox.requests_since(number) if entry["platform"] == "netlify"]

    def _find_site(self):
        return next(
            (site for site in self._sandbox.admin("state")["netlify"]["sites"] if site["name"] == self._name), None
        )

    def _deploys(self):
        site = self._site()
        deploys = self._sandbox.admin("state")["netlify"]["deploys"]
        return [deploy for deploy in deploys if deploy["site_id"] == site["id"]]

    def _deploy(self, *arguments):
        """Run a deploy; answers it, and how many files were uploaded for it."""
        known = {deploy["id"] for deploy in self._deploys()}
        last = self._sandbox.last_call()
        self._run_deploy("--functions", "functions", *arguments)
        new = [deploy for deploy in self._deploys() if deploy["id"] not in known]
        require(len(new) == 1, f"{len(new)} deploys were made")
        require(new[0]["state"] == "ready", f"the deploy is {new[0]['state']}: {new[0]['error_message']}")
        require(new[0]["files"] == self._files, f"the deploy has {new[0]['files']} files, not {self._files}")
        require(list(new[0]["functions"]) == ["hello"], f"the deploy's functions are {list(new[0]['functions'])}")
        return new[0], self._calls_since(last).count("uploadDeployFile")

    def _run_deploy(self, *arguments, succeeds=True):
        self._client.run("deploy", "--no-build", "--dir", "public", *arguments, succeeds=succeeds)

    def _site(self):
        site = self._find_site()
        require(site is not None, f"the site {self._name} is not there")
        return site

    def _shows(self, host, text, path="/"):
        status, content = self._sandbox.page(host, path)
        require((status, content) == (200, text), f"http://{host}{path} shows {status} {content!r}, not {text!r}")

    def create_site(self):
        self._client.run(
            "sites:create",
            "--name",
            self._name,
            "--account-slug",
            os.environ.get("NETLIFY_ACCOUNT_SLUG", "sandbox-team"),
        )
        require(self._site()["published_deploy_id"] is None, "a new site has a published deploy")
        return self._name

    def deploy_draft(self):
        deploy, uploads = self._deploy()
        require(deploy["draft"] and not deploy["published"], "a draft was published")
        require(uploads == self._files, f"{uploads} uploads for {self._files} files")
        own = f"{deploy['id']}--{self._host}"
        self._shows(own, "<h1>first</h1>")
        self._shows(own, "odd", f"/{ODD_NAME}")
        require(self._sandbox.page(self._host)[0] == 404, "the site shows something before it was published")
        return f"{uploads} uploads"

    def deploy_production(self):
        self._first, uploads = self._deploy("--prod", "--message", "first release")
        require(uploads == 0, f"{uploads} files were uploaded again")
        require(self._first["published"] and self._first["title"] == "first release", "it was not published")
        self._shows(self._host, "<h1>first</h1>")
        return "published, nothing uploaded again"

    def deploy_a_change(self):
        write(self._client.project / "public" / "index.html", "<h1>second</h1>")
        deploy, uploads = self._deploy("--prod")
        require(uploads == 1, f"{uploads} uploads for one changed file")
        require(deploy["published"], "it was not published")
        self._shows(self._host, "<h1>second</h1>")
        self._shows(f"{self._first['id']}--{self._host}", "<h1>first</h1>")
        return "1 upload; the old deploy is still at its own address"

    def deploy_alias(self):
        write(self._client.project / "public" / "index.html", "<h1>third</h1>")
        deploy, _uploads = self._deploy("--alias", "next")
        require(deploy["branch"] == "next" and not deploy["published"], "the alias is wrong, or it was published")
        self._shows(f"next--{self._host}", "<h1>third</h1>")
        self._shows(self._host, "<h1>second</h1>")
        return f"next--{self._host}"

    def unlink_and_link(self):
        self._client.run("unlink")
        self._client.run("link", "--name", self._name)
        shown = json.loads(self._client.run("status", "--json"))["siteData"]
        require(shown["site-id"] == self._site()["id"], f"the client is linked to {shown}")
        require(shown["site-name"] == self._name, f"the client is linked to {shown}")
        return shown["site-name"]

    def set_environment_variables(self):
        self._client.run("env:set", "COLOR", "red")
        self._client.run("env:set", "COLOR", "blue", "--context", "production", "--force")
        self._client.run("env:set", "PASSWORD", "canary", "--context", "production", "--secret", "--force")
        self._client.run("env:set", "GONE", "soon")
        self._client.run("env:unset", "GONE")
        for context, color in (("production", "blue"), ("deploy-preview", "red")):
            found = json.loads(self._client.run("env:list", "--json", "--context", context))
            require(found.get("COLOR") == color, f"COLOR is {found.get('COLOR')} in {context}")
            require("GONE" not in found, "the deleted variable is still there")
            require("canary" not in found.values(), "a secret is shown")
        return "one for each context, a secret, a deletion"

    def build_and_deploy(self):
        command = 'mkdir -p public && echo "$COLOR" > public/built.txt'
        write(self._client.project / "netlify.toml", f"[build]\ncommand = '{command}'\npublish = 'public'\n")
        known = {deploy["id"] for deploy in self._deploys()}
        self._builder.run("deploy", "--prod", "--functions", "functions")
        new = [deploy for deploy in self._deploys() if deploy["id"] not in known]
        require(len(new) == 1 and new[0]["published"], f"{len(new)} deploys were made, or it was not published")
        self._shows(self._host, "blue\n", "/built.txt")
        return "built with the site's variables, and published"

    def show_hooks(self):
        self._api(
            "createHookBySiteId",
            site_id=self._site()["id"],
            body={"type": "email", "event": "deploy_failed", "data": {"email": "ops@example.com"}},
        )
        shown = self._client.run("status:hooks")
        require("deploy_failed" in shown, f"the client shows {shown}")
        return "1 notification"

    def manage_dns(self):
        domain = f"{self._name}.example.org"
        zone = self._api("createDnsZone", body={"name": domain, "account_slug": self._site()["account_slug"]})["id"]
        record = {"type": "CNAME", "hostname": f"www.{domain}", "value": self._host}
        record_id = self._api("createDnsRecord", zone_id=zone, body=record)["id"]
        found = self._api("getDnsRecords", zone_id=zone)
        require([each["id"] for each in found] == [record_id], f"the zone has {found}")
        self._client.run("api", "deleteDnsZone", "--data", json.dumps({"zone_id": zone}))
        return "a zone with 1 record"

    def list_sites_and_deploys(self):
        sites = [site["name"] for site in json.loads(self._client.run("sites:list", "--json"))]
        require(self._name in sites, f"the client lists {sites}")
        deploys = self._api("listSiteDeploys", site_id=self._site()["id"])
        require(len(deploys) == 4, f"the client lists {len(deploys)} deploys")
        return f"{len(sites)} sites, {len(deploys)} deploys"

    def lock(self):
        self._api("lockDeploy", deploy_id=self._site()["published_deploy_id"])
        require(self._site()["locked"], "the site is not locked")
        last = self._sandbox.last_call()
        self._run_deploy("--prod", succeeds=False)
        require("createSiteDeploy" not in self._calls_since(last), "a deploy was made on a locked site")
        return "locked, and a production deploy refused"

    def restore(self):
        self._api("restoreSiteDeploy", site_id=self._site()["id"], deploy_id=self._first["id"])
        require(self._site()["published_deploy_id"] == self._first["id"], "the first deploy is not published")
        self._shows(self._host, "<h1>first</h1>")
        return self._first["id"]

    def unlock(self):
        self._api("unlockDeploy", deploy_id=self._first["id"])
        require(not self._site()["locked"], "the site is still locked")
        return "unlocked"

    def delete_site(self):
        self._client.run("sites:delete", self._site()["id"], "--force")
        require(self._find_site() is None, "the site is still there")
        require(self._sandbox.page(self._host)[0] == 404, "the site is still served")
        return "gone"


STEPS = (
    Journey.create_site,
    Journey.deploy_draft,
    Journey.deploy_production,
    Journey.deploy_a_change,
    Journey.deploy_alias,
    Journey.list_sites_and_deploys,
    Journey.unlink_and_link,
    Journey.set_environment_variables,
    Journey.show_hooks,
    Journey.manage_dns,
    Journey.lock,
    Journey.restore,
    Journey.unlock,
    Journey.build_and_deploy,
    Journey.delete_site,
)


def main():
    clients, work = map(pathlib.Path, sys.argv[1:])
    sandbox = Sandbox()
    extensions = Extensions(urllib.parse.urlsplit(sandbox.url).netloc)
    with Front((EXTENSIONS_HOST,), extensions.server_port, work) as tls:
        client = Program(
            [clients / "node_modules" / ".bin" / "netlify"],
            work,
            ("NETLIFY_API_URL", "NETLIFY_AUTH_TOKEN"),
            NETLIFY_TELEMETRY_DISABLED="1",
            NODE_EXTRA_CA_CERTS=str(tls.certificate),
            NODE_OPTIONS=f"--require={pathlib.Path(__file__).with_name('hosts.cjs')}",
            VENDOR_HOSTS=EXTENSIONS_HOST,
            VENDOR_PORT=str(tls.port),
        )
        builder = copy.copy(client)
        path = urllib.parse.urlsplit(client.environment["NETLIFY_API_URL"]).path
        builder.environment = {**client.environment, "NETLIFY_API_URL": extensions.url + path}
        return perform("netlify-cli", Journey(client, builder, sandbox), STEPS)


if __name__ == "__main__":
    sys.exit(main())
