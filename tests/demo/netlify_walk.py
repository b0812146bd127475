# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netlify: a website is released, released again, changed, broken, and rolled back."""

from __future__ import annotations

import hashlib
import json
import re
import time

import make_site
from stage import expect
from walk import Walk, say, traffic

SITE = "demo-shop"
FILES = re.compile(r"[Ff]iles: added (\d+), changed (\d+), removed (\d+), unchanged (\d+)")
DIFF = re.compile(r"^[-+] .*$", re.MULTILINE)
REPORTED_DEPLOY = re.compile(r"Live now: .*?\(([0-9a-f]{24})")


def report_of(output):
    """The lines of the role's report that the failed task prints."""
    start = output.rindex('"demo-shop: ')
    return json.loads("[" + output[start : output.index("]", start)] + "]")


def files_of(outcome):
    """Files added, changed, removed and unchanged, as reported."""
    found = FILES.search(outcome.output)
    expect(found is not None, "the playbook reports its files")
    return tuple(int(number) for number in found.groups())


class NetlifyWalk(Walk):
    """It also starts the sandbox, as the playbook webops.paas.demo does."""

    platforms = ("netlify",)

    def __init__(self, stage):
        super().__init__(stage)
        self.site_dir = stage.root / "site"

    def generate(self, release):
        """Writes the website; returns {served path: content}."""
        make_site.write_site(self.site_dir, release)
        return {
            "/" + path.relative_to(self.site_dir).as_posix(): path.read_bytes()
            for path in self.site_dir.rglob("*")
            if path.is_file()
        }

    def release(self, number, *arguments, status=0):
        """The same playbook as for Netlify itself: it verifies the release, and rolls it back on failure."""
        variables = {
            "netlify_site_name": SITE,
            "netlify_src": str(self.site_dir),
            "netlify_release_title": f"Release {number}",
            "netlify_release_verify": [
                {
                    "url": "/",
                    "contains": ["Things for the long way round"],
                    "response_headers": {"X-Content-Type-Options": "^nosniff$"},
                },
                {"url": "/store/tent", "status": [301], "response_headers": {"Location": "/shop/tent$"}},
                {"url": "/release.json", "json": {"release": number}},
                {"url": "/no/such/page", "status": [404]},
            ],
            # The checks after a rollback cover only what every release has.
            "netlify_release_rollback_verify": [{"url": "/", "contains": ["Things for the long way round"]}],
            # The sandbox serves plain http, and no DNS points to it.
            "netlify_release_verify_https": False,
            "netlify_release_verify_timeout": 5,
            "netlify_release_connect_to": [f"::{self.sandbox.address}"],
        }
        return self.playbook(
            "netlify_release", "-e", json.dumps(variables), *arguments, env_file=self.stage.env_file, status=status
        )

    def expect_served(self, files, host=f"{SITE}.netlify.app"):
        """Compare every file byte by byte; returns the result as text."""
        for path, content in files.items():
            status, body = self.sandbox.page(host, path)
            expect(status == 200 and body == content, f"http://{host}{path} serves the file (status {status})")
        status, front = self.sandbox.page(host, "/")
        expect(status == 200 and front == files["/index.html"], f"http://{host}/ is the front page (status {status})")
        return f"{len(files)} of {len(files)} files byte for byte"

    def walk(self):
        started = time.monotonic()
        first_files = self.generate(1)
        contents = len({hashlib.sha1(content).hexdigest() for content in first_files.values()})
        say("Write a website", started, f"{len(first_files)} files, release 1")

        started = time.monotonic()
        demo_variables = self.stage.sandbox_variables(
            f"demo_src={self.site_dir}", f"demo_site_name={SITE}", "netlify_title='Release 1'"
        )
        first = self.playbook("demo", *demo_variables)
        expect(files_of(first) == (len(first_files), 0, 0, 0), f"all files are new, not {files_of(first)}")
        expect(first.count("createSite") == 1, "one site was created")
        expect(first.count("createSiteDeploy") == 1, "one deploy was created")
        expect(first.count("uploadDeployFile") == contents, f"each of {contents} contents was uploaded once")
        live_first = self.sandbox.live(SITE)
        expect(live_first["title"] == "Release 1", "release 1 is live")
        served_first = self.expect_served(first_files)
        say(
            "First run: start the sandbox, create the site, deploy, check it",
            started,
            traffic(first.requests),
            first.recap,
        )

        started = time.monotonic()
        second = self.playbook("demo", *demo_variables)
        expect(second.changed == 0, f"the second run changes nothing, not {second.changed} things")
        self.expect_nothing_sent(second)
        say("Second run: deploy the same files", started, traffic(second.requests), second.recap)

        started = time.monotonic()
        second_files = self.generate(2)
        differing = (
            len(second_files.keys() - first_files.keys()),
            sum(first_files.get(path, content) != content for path, content in second_files.items()),
            len(first_files.keys() - second_files.keys()),
            sum(first_files.get(path) == content for path, content in second_files.items()),
        )
        expect(all(differing), f"release 2 adds, changes, removes and leaves files: {differing}")
        predicted = self.release(2, "--check", "--diff")
        expect(predicted.changed == 1, f"--check predicts one change, not {predicted.changed}")
        expect(files_of(predicted) == differing, f"--check predicts {differing}, not {files_of(predicted)}")
        shown = DIFF.findall(predicted.output)
        expect(len(shown) >= sum(differing[:3]), "--diff shows each file that differs")
        self.expect_nothing_sent(predicted)
        expect(self.sandbox.live(SITE)["id"] == live_first["id"], "release 1 is still live")
        self.expect_served(first_files)
        say(
            "Predict release 2 with --check --diff",
            started,
            traffic(predicted.requests),
            *shown,
            predicted.recap,
        )

        started = time.monotonic()
        real = self.release(2)
        expect(
            real.changed == predicted.changed and files_of(real) == files_of(predicted), "what was predicted was done"
        )
        known = {hashlib.sha1(content).hexdigest() for content in first_files.values()}
        fresh = {hashlib.sha1(content).hexdigest() for content in second_files.values()} - known
        expect(real.count("uploadDeployFile") == len(fresh), f"only the {len(fresh)} new contents were uploaded")
        live_second = self.sandbox.live(SITE)
        expect(live_second["title"] == "Release 2", "release 2 is live")
        expect(REPORTED_DEPLOY.search(real.output)[1] == live_second["id"], "the playbook reports the live deploy")
        served_second = self.expect_served(second_files)
        self.expect_served(first_files, f"{live_first['id']}--{SITE}.netlify.app")
        say("Deploy release 2", started, traffic(real.requests), real.recap)

        started = time.monotonic()
        again = self.release(2)
        expect(again.changed == 0, f"the second run of release 2 changes nothing, not {again.changed} things")
        self.expect_nothing_sent(again)
        say("Deploy release 2, second run", started, traffic(again.requests), again.recap)

        started = time.monotonic()
        self.generate(3)
        (self.site_dir / "index.html").write_text("<h1>It works</h1>\n", encoding="utf-8")
        broken = self.release(3, status=2)
        expect(broken.failed == 1, "the broken release fails")
        expect(
            broken.count("createSiteDeploy") == 1 and broken.count("restoreSiteDeploy") == 1,
            "it was live, and was rolled back",
        )
        live_again = self.sandbox.live(SITE)
        expect(live_again["id"] == live_second["id"], "release 2 is live again")
        self.expect_served(second_files)
        expect("ROLLED BACK. " in broken.output, "the playbook says that it rolled back")
        expect(REPORTED_DEPLOY.search(broken.output)[1] == live_second["id"], "the playbook reports the live deploy")
        say(
            "Release 3, its front page broken on purpose, is rolled back",
            started,
            traffic(broken.requests),
            *report_of(broken.output),
            broken.recap,
        )

        started = time.monotonic()
        rollback = [
            "netlify_rollback",
            "-e",
            f"netlify_site_name={SITE}",
            "-e",
            f"netlify_bad_deploy={live_second['id']}",
        ]
        back = self.playbook(*rollback, env_file=self.stage.env_file)
        expect(back.changed == 1, f"the rollback is one change, not {back.changed}")
        expect(back.count("uploadDeployFile") == 0, "a rollback uploads nothing")
        expect(self.sandbox.live(SITE)["id"] == live_first["id"], "release 1 is live again")
        self.expect_served(first_files)
        say("Roll back to release 1", started, traffic(back.requests), back.recap)

        started = time.monotonic()
        back_again = self.playbook(*rollback, env_file=self.stage.env_file)
        expect(back_again.changed == 0, f"the second rollback changes nothing, not {back_again.changed} things")
        self.expect_nothing_sent(back_again)
        say("Roll back to release 1, second run", started, traffic(back_again.requests), back_again.recap)

        added, changed, removed, _unchanged = differing
        return [
            ("First run", f"a new site with {len(first_files)} files, {traffic(first.requests)}"),
            ("", f"http://{SITE}.netlify.app served {served_first}"),
            ("Second run", f"changed={second.changed}, {traffic(second.requests)}"),
            (
                "Release 2 predicted",
                f"{added} files added, {changed} changed, {removed} removed; "
                f"{traffic(predicted.requests)}, visitors still saw release 1",
            ),
            ("Release 2", f"as predicted; {real.count('uploadDeployFile')} files uploaded, the rest was known"),
            ("", f"http://{SITE}.netlify.app served {served_second}"),
            ("", f"http://{live_first['id']}--{SITE}.netlify.app still served release 1"),
            ("Second run", f"changed={again.changed}, {traffic(again.requests)}"),
            ("Release 3, broken", "failed its checks and was rolled back; visitors see release 2"),
            ("Rollback", f"release 1 was live again, {traffic(back.requests)}, no upload"),
            ("Second run", f"changed={back_again.changed}, {traffic(back_again.requests)}"),
        ]
