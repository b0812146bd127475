# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netlify's own command line client on the sandbox: usage netlify.py DIRECTORY_OF_CLIENTS WORK_DIRECTORY.

The checks read the effects of the client from the sandbox, not from the client's output.
"""

from __future__ import annotations

import json
import os
import pathlib
import sys
import time
from typing import Any

from common import Failed, Program, Sandbox, perform, require, write
from front import Front

# Where the client looks for extensions. The host cannot be configured. While it does not respond, the client knows
# only the ID of a linked site.
EXTENSIONS_HOST = "api.netlifysdk.com"
PAGES = 130
ODD_NAME = "odd names/\u00fc + & (1).txt"


class Journey:
    """The steps, in order; each public method is one."""

    def __init__(self, client: Program, sandbox: Sandbox) -> None:
        self._client = client
        self._sandbox = sandbox
        self._name = f"vendor-cli-{int(time.time())}"
        self._host = f"{self._name}.netlify.app"
        self._first: dict[str, Any] = {}
        self._start = sandbox.last_call()
        self._files = PAGES + 5  # with the netlify.toml that the client adds
        for number in range(PAGES):
            self._write(f"page-{number}.html", f"page {number}")
        self._write("index.html", "first")
        self._write("twin.txt", "the same")
        self._write("sub/twin.txt", "the same")
        self._write(ODD_NAME, "odd")
        # The client sends these as a part of the netlify.toml that it adds.
        write(client.project / "public" / "_redirects", "/old/:page /twin.txt?page=:page 302!\n")
        write(client.project / "public" / "_headers", "/twin.txt\n  X-Kind: text\n")
        write(
            client.project / "functions" / "hello.js",
            f"exports.handler = async () => ({{ statusCode: 200, body: '{self._name}' }});\n",
        )
        self._configure()

    def _text(self, title: str) -> str:
        """Content that differs from earlier runs on the same sandbox, which never requests an uploaded file again."""
        return f"<h1>{title}</h1><p>{self._name}</p>"

    def _write(self, path: str, title: str) -> None:
        write(self._client.project / "public" / path, self._text(title))

    def _configure(self, build: str = "") -> None:
        headers = f"[[headers]]\nfor = '/*'\n[headers.values]\nX-Release = '{self._name}'\n"
        write(self._client.project / "netlify.toml", f"{build}{headers}")

    def _api(self, operation: str, **data: Any) -> Any:
        return json.loads(self._client.run("api", operation, "--data", json.dumps(data)))

    def _calls_since(self, number: int) -> list[str]:
        return [entry["operation"] for entry in self._sandbox.requests_since(number) if entry["platform"] == "netlify"]

    def _find_site(self) -> dict[str, Any] | None:
        return next(
            (site for site in self._sandbox.admin("state")["netlify"]["sites"] if site["name"] == self._name), None
        )

    def _deploys(self) -> list[dict[str, Any]]:
        site = self._site()
        deploys = self._sandbox.admin("state")["netlify"]["deploys"]
        return [deploy for deploy in deploys if deploy["site_id"] == site["id"]]

    def _deploy(self, *arguments: str) -> tuple[dict[str, Any], int]:
        """Run a deploy; returns it, and the number of files that were uploaded for it."""
        known = {deploy["id"] for deploy in self._deploys()}
        last = self._sandbox.last_call()
        self._run_deploy("--functions", "functions", *arguments)
        new = [deploy for deploy in self._deploys() if deploy["id"] not in known]
        require(len(new) == 1, f"{len(new)} deploys were made")
        require(new[0]["state"] == "ready", f"the deploy is {new[0]['state']}: {new[0]['error_message']}")
        require(new[0]["files"] == self._files, f"the deploy has {new[0]['files']} files, not {self._files}")
        require(list(new[0]["functions"]) == ["hello"], f"the deploy's functions are {list(new[0]['functions'])}")
        return new[0], self._calls_since(last).count("uploadDeployFile")

    def _run_deploy(self, *arguments: str, succeeds: bool = True) -> None:
        self._client.run("deploy", "--no-build", "--dir", "public", *arguments, succeeds=succeeds)

    def _site(self) -> dict[str, Any]:
        site = self._find_site()
        if site is None:
            raise Failed(f"the site {self._name} is not there")
        return site

    def _shows(self, host: str, title: str, path: str = "/") -> None:
        self._shows_text(host, self._text(title), path)

    def _shows_text(self, host: str, text: str, path: str) -> None:
        status, content = self._sandbox.page(host, path)
        require((status, content) == (200, text), f"http://{host}{path} shows {status} {content!r}, not {text!r}")

    def create_site(self) -> str:
        self._client.run(
            "sites:create",
            "--name",
            self._name,
            "--account-slug",
            os.environ.get("NETLIFY_ACCOUNT_SLUG", "sandbox-team"),
        )
        require(self._site()["published_deploy_id"] is None, "a new site has a published deploy")
        return self._name

    def deploy_draft(self) -> str:
        deploy, uploads = self._deploy()
        require(deploy["draft"] and not deploy["published"], "a draft was published")
        require(uploads == self._files, f"{uploads} uploads for {self._files} files")
        own = f"{deploy['id']}--{self._host}"
        self._shows(own, "first")
        self._shows(own, "odd", f"/{ODD_NAME}")
        require(self._sandbox.page(self._host)[0] == 404, "the site shows something before it was published")
        return f"{uploads} uploads"

    def deploy_at_once(self) -> str:
        """For a journey without a draft."""
        deploy, uploads = self._deploy("--prod")
        require(deploy["published"], "it was not published")
        return f"{uploads} uploads"

    def deploy_production(self) -> str:
        self._first, uploads = self._deploy("--prod", "--message", "first release")
        require(uploads == 0, f"{uploads} files were uploaded again")
        require(self._first["published"] and self._first["title"] == "first release", "it was not published")
        self._shows(self._host, "first")
        return "published, nothing uploaded again"

    def apply_rules(self) -> str:
        status, headers = self._sandbox.look(self._host, "/old/7")
        location = headers.get("location")
        require((status, location) == (302, "/twin.txt?page=7"), f"it redirects with {status} to {location}")
        headers = self._sandbox.look(self._host, "/twin.txt")[1]
        found = (headers.get("x-kind"), headers.get("x-release"))
        require(found == ("text", self._name), f"the headers are {found}")
        return "a redirect, and headers of _headers and netlify.toml"

    def deploy_a_change(self) -> str:
        self._write("index.html", "second")
        deploy, uploads = self._deploy("--prod")
        require(uploads == 1, f"{uploads} uploads for one changed file")
        require(deploy["published"], "it was not published")
        self._shows(self._host, "second")
        self._shows(f"{self._first['id']}--{self._host}", "first")
        return "1 upload; the old deploy is still at its own address"

    def deploy_alias(self) -> str:
        self._write("index.html", "third")
        deploy, _uploads = self._deploy("--alias", "next")
        require(deploy["branch"] == "next" and not deploy["published"], "the alias is wrong, or it was published")
        self._shows(f"next--{self._host}", "third")
        self._shows(self._host, "second")
        return f"next--{self._host}"

    def unlink_and_link(self) -> str:
        site_id = self._site()["id"]
        for option, value in (("--id", site_id), ("--name", self._name)):
            self._client.run("unlink")
            self._client.run("link", option, value)
        shown = self._client.data("status", "--json")["siteData"]
        linked = (shown.get("site-id"), shown.get("site-name"))
        require(linked == (site_id, self._name), f"the client is linked to {shown}")
        return f"by ID and by name, {self._name}"

    def _values(self, key: str) -> dict[str, str]:
        """The values of a variable: {context or branch: value}."""
        values = self._site()["variables"].get(key, [])
        return {value["context_parameter"] or value["context"]: value["value"] for value in values}

    def _has_values(self, key: str, **values: str) -> None:
        wanted = {context.replace("_", "-"): value for context, value in values.items()}
        require(self._values(key) == wanted, f"{key} is {self._values(key)}")

    def set_variables(self) -> str:
        self._client.run("env:set", "COLOR", "red")
        self._has_values("COLOR", all="red")
        self._client.run("env:set", "COLOR", "green", "--force")
        self._has_values("COLOR", all="green")
        self._client.run("env:set", "SIZE", "10", "--context", "production", "deploy-preview", "feature")
        self._client.run("env:set", "SIZE", "12", "--context", "production", "--force")
        self._has_values("SIZE", production="12", deploy_preview="10", feature="10")
        self._client.run("env:set", "LIMIT", "5", "--scope", "functions", "runtime")
        site = self._site()
        scopes = self._api("getEnvVar", account_id=site["account"], site_id=site["id"], key="LIMIT")["scopes"]
        require(scopes == ["functions", "runtime"], f"the scopes are {scopes}")
        return "for all contexts, for single ones and a branch, with scopes"

    def hide_a_secret(self) -> str:
        self._client.run("env:set", "PASSWORD", "canary", "--context", "production", "--secret")
        self._has_values("PASSWORD", production="canary")
        listed = self._client.run("env:list", "--plain", "--context", "production")
        require("PASSWORD" in listed and "canary" not in listed, f"the client shows {listed}")
        self._client.run("env:set", "TOKEN", "canary", "--secret", succeeds=False)
        require(not self._values("TOKEN"), "a secret was set for all contexts")
        return "listed without its value; refused without a context"

    def read_variables(self) -> str:
        for context, size in (("production", "12"), ("deploy-preview", "10"), ("branch:feature", "10")):
            found = self._client.data("env:list", "--json", "--context", context)
            require((found["COLOR"], found["SIZE"]) == ("green", size), f"in {context} the variables are {found}")
        got = self._client.data("env:get", "SIZE", "--json", "--context", "production")
        require(got == {"SIZE": "12"}, f"the client gets {got}")
        return "3 lists, 1 value"

    def unset_variables(self) -> str:
        self._client.run("env:unset", "LIMIT", "--force")
        self._has_values("LIMIT")
        self._client.run("env:unset", "SIZE", "--context", "deploy-preview", "--force")
        self._has_values("SIZE", production="12", feature="10")
        self._client.run("env:unset", "COLOR", "--context", "production", "--force")
        self._has_values("COLOR", **dict.fromkeys(("deploy_preview", "branch_deploy", "dev", "dev_server"), "green"))
        return "one, one of its contexts, and one context of all"

    def import_variables(self) -> str:
        write(self._client.project / "more.env", "COLOR=blue\nQUOTED='a b'\n")
        self._client.run("env:import", "more.env")
        self._has_values("COLOR", all="blue")
        self._has_values("QUOTED", all="a b")
        self._has_values("SIZE", production="12", feature="10")
        write(self._client.project / "only.env", "COLOR=violet\n")
        self._client.run("env:import", "only.env", "--replace-existing")
        require(list(self._site()["variables"]) == ["COLOR"], f"there are {list(self._site()['variables'])}")
        return "added, then all replaced"

    def build(self) -> str:
        command = 'echo "$CONTEXT $COLOR" > public/built.txt'
        self._configure(f"[build]\ncommand = '{command}'\npublish = 'public'\n")
        built = self._client.project / "public" / "built.txt"
        for context in ("production", "deploy-preview"):
            self._client.run("build", "--context", context)
            text = built.read_text(encoding="utf-8").strip()
            require(text == f"{context} violet", f"built with {text!r}")
        self._files += 1
        return "with the variables of two contexts"

    def build_and_deploy(self) -> str:
        write(self._client.project / "public" / "built.txt", "")
        known = {deploy["id"] for deploy in self._deploys()}
        self._client.run("deploy", "--build", "--prod", "--functions", "functions")
        new = [deploy for deploy in self._deploys() if deploy["id"] not in known]
        require(len(new) == 1 and new[0]["published"], f"{len(new)} deploys were made, or it was not published")
        require(list(new[0]["functions"]) == ["hello"], f"the functions are {list(new[0]['functions'])}")
        self._shows_text(self._host, "production violet\n", "/built.txt")
        return "built with the site's variables, and published"

    def manage_hooks(self) -> str:
        site_id = self._site()["id"]
        hook = {"type": "url", "event": "deploy_failed", "data": {"url": "https://hooks.example.com/in"}}
        hook_id = self._api("createHookBySiteId", site_id=site_id, body=hook)["id"]
        self._api("updateHook", hook_id=hook_id, body={**hook, "event": "deploy_created"})
        hooks = [(each["id"], each["type"], each["event"]) for each in self._site()["hooks"]]
        require(hooks == [(hook_id, "url", "deploy_created")], f"the hooks are {hooks}")
        shown = self._client.run("status:hooks")
        require(hook_id in shown and "deploy_created" in shown, f"the client shows {shown}")
        self._client.run("api", "deleteHook", "--data", json.dumps({"hook_id": hook_id}))
        require(not self._site()["hooks"], "the hook is still there")
        return "made, changed, shown, deleted"

    def manage_dns(self) -> str:
        domain = f"{self._name}.example.org"
        zone_id = self._api("createDnsZone", body={"name": domain, "account_slug": self._site()["account"]})["id"]
        record = {"type": "CNAME", "hostname": f"www.{domain}", "value": self._host, "ttl": 3600}
        record_id = self._api("createDnsRecord", zone_id=zone_id, body=record)["id"]
        found = self._api("getDnsRecords", zone_id=zone_id)
        require([each["id"] for each in found] == [record_id], f"the zone has {found}")
        self._client.run(
            "api", "deleteDnsRecord", "--data", json.dumps({"zone_id": zone_id, "dns_record_id": record_id})
        )
        require(self._api("getDnsRecords", zone_id=zone_id) == [], "the record is still there")
        self._client.run("api", "deleteDnsZone", "--data", json.dumps({"zone_id": zone_id}))
        require(zone_id not in [each["id"] for each in self._api("getDnsZones")], "the zone is still there")
        return "a zone and a record; the client has no commands of its own for them"

    def list_sites_and_deploys(self) -> str:
        sites = [site["name"] for site in self._client.data("sites:list", "--json")]
        require(self._name in sites, f"the client lists {sites}")
        found = [site["name"] for site in self._client.data("sites:search", self._name, "--json")]
        require(found == [self._name], f"the client finds {found}")
        deploys = self._api("listSiteDeploys", site_id=self._site()["id"])
        require(len(deploys) == 4, f"the client lists {len(deploys)} deploys")
        return f"{len(sites)} sites, {len(deploys)} deploys"

    def lock(self) -> str:
        self._api("lockDeploy", deploy_id=self._site()["published_deploy_id"])
        require(self._site()["locked"], "the site is not locked")
        last = self._sandbox.last_call()
        self._run_deploy("--prod", succeeds=False)
        require("createSiteDeploy" not in self._calls_since(last), "a deploy was made on a locked site")
        return "locked, and a production deploy refused"

    def restore(self) -> str:
        self._api("restoreSiteDeploy", site_id=self._site()["id"], deploy_id=self._first["id"])
        require(self._site()["published_deploy_id"] == self._first["id"], "the first deploy is not published")
        self._shows(self._host, "first")
        return str(self._first["id"])

    def unlock(self) -> str:
        self._api("unlockDeploy", deploy_id=self._first["id"])
        require(not self._site()["locked"], "the site is still locked")
        return "unlocked"

    def delete_site(self) -> str:
        self._client.run("sites:delete", self._site()["id"], "--force")
        require(self._find_site() is None, "the site is still there")
        require(self._sandbox.page(self._host)[0] == 404, "the site is still served")
        calls = self._calls_since(self._start)
        require("unrouted" not in calls, "the client sent a request that the sandbox does not know")
        return f"gone; {len(set(calls))} operations were called"


STEPS = (
    Journey.create_site,
    Journey.deploy_draft,
    Journey.deploy_production,
    Journey.apply_rules,
    Journey.deploy_a_change,
    Journey.deploy_alias,
    Journey.list_sites_and_deploys,
    Journey.unlink_and_link,
    Journey.set_variables,
    Journey.hide_a_secret,
    Journey.read_variables,
    Journey.unset_variables,
    Journey.import_variables,
    Journey.manage_hooks,
    Journey.manage_dns,
    Journey.lock,
    Journey.restore,
    Journey.unlock,
    Journey.build,
    Journey.build_and_deploy,
    Journey.delete_site,
)


def program(clients: pathlib.Path, work: pathlib.Path, tls: Front) -> Program:
    """The client, whose connections to the host of extensions go to the front."""
    return Program(
        [clients / "node_modules" / ".bin" / "netlify"],
        work,
        ("NETLIFY_API_URL", "NETLIFY_AUTH_TOKEN"),
        NETLIFY_TELEMETRY_DISABLED="1",
        NODE_EXTRA_CA_CERTS=str(tls.certificate),
        NODE_OPTIONS=f"--require={pathlib.Path(__file__).with_name('hosts.cjs')}",
        VENDOR_HOSTS=EXTENSIONS_HOST,
        VENDOR_PORT=str(tls.port),
    )


def front(sandbox: Sandbox, work: pathlib.Path) -> Front:
    return Front((EXTENSIONS_HOST,), sandbox.port, work)


def main() -> int:
    clients, work = map(pathlib.Path, sys.argv[1:])
    sandbox = Sandbox()
    with front(sandbox, work) as tls:
        return perform("netlify-cli", Journey(program(clients, work, tls), sandbox), STEPS)


if __name__ == "__main__":
    sys.exit(main())
