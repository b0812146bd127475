# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account that the vendors' clients have made is exported and applied: usage estate.py DIRECTORY_OF_CLIENTS WORK.

Applying the export changes nothing, and applied to an empty account it gives the same files. The modules run as users
run them, by ansible-playbook.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import fleek
import hasura
import netlify
from common import Program, perform, require
from common import Sandbox as Visited

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "tests" / "contract"), str(ROOT / "tests" / "tools")]

import sync_tree

sync_tree.link_tree()
sys.path.insert(0, str(sync_tree.BUILD))

from harness import Sandbox

from playbooks import Bench

SITES = 12
# What only the platform can make: the names of sites on Fleek, and deploy keys.
INVENTED = re.compile(r"fleek/|netlify/account\.yml")
DEPLOY_KEY = re.compile(r"^# The deploy key .*\n", re.MULTILINE)


class Estate:
    """The steps, in order; each public method is one."""

    def __init__(self, clients: Path, work: Path, sandbox: Sandbox) -> None:
        self._clients = clients
        self._work = work
        self._sandbox = sandbox
        self._visited = Visited()
        self._bench = Bench(work)
        self._password = self._bench.directory / "password"
        self._password.write_text("open sesame", encoding="utf-8")

    # -- the vendors' clients ------------------------------------------------------------------------------------------

    def make_with_javascript_client(self) -> str:
        inherited = ("NETLIFY_API_URL", "NETLIFY_AUTH_TOKEN")
        client = Program(["node", self._clients / "make_sites.mjs"], self._own("javascript"), inherited)
        return f"{client.data(str(SITES))} objects on Netlify, {SITES} of them sites"

    def make_with_netlify_cli(self) -> str:
        with netlify.front(self._visited, self._own("netlify-front")) as tls:
            client = netlify.program(self._clients, self._own("netlify-cli"), tls)
            journey = netlify.Journey(client, self._visited)
            for step in (
                journey.create_site,
                journey.deploy_at_once,
                journey.set_variables,
                journey.hide_a_secret,
            ):
                step()
        return "a site with a deploy, variables and secrets"

    def make_with_fleek_cli(self) -> str:
        with fleek.front(self._visited, self._own("fleek-front")) as tls:
            client = fleek.program([self._clients / "node_modules" / ".bin" / "fleek"], self._own("fleek-cli"), tls)
            journey = fleek.Journey(client, self._visited)
            journey.init_makes_a_site()
            journey.deploy()
        return "a site with a deploy"

    def make_with_graphqurl(self) -> str:
        client = Program([self._clients / "node_modules" / ".bin" / "gq"], self._own("graphqurl"))
        journey = hasura.Journey(client, self._visited)
        journey.create_a_project()
        journey.rename_it()
        journey.change_its_environment()
        return "a project with variables on Hasura Cloud"

    # -- the collection ------------------------------------------------------------------------------------------------

    def export(self) -> str:
        self._play("export", "export_dir=estate", "export_secrets=vault")
        texts = self._texts("estate")
        require({path.split("/")[0] for path in texts} >= {"fleek", "flightcontrol", "hasura", "netlify"}, str(texts))
        require(not any("canary" in text for text in texts.values()), "a file shows a secret")
        self._sends_no_write()
        return f"{len(texts)} files"

    def export_again(self) -> str:
        before = self._texts("estate", encrypted=True)
        self._play("export", "export_dir=estate", "export_secrets=vault")
        require(self._texts("estate", encrypted=True) == before, "a file has changed")
        return "no byte has changed"

    def apply(self) -> str:
        self._write_what_cannot_be_read()
        output = self._play("apply", "apply_src=estate", "@estate/secrets.yml", "@unreadable.yml")
        found = re.search(r"(\d+) resources?: (\d+) unchanged\.", output)
        require(found is not None and found[1] == found[2] and "changed=0" in output, output)
        self._sends_no_write()
        return f"{found[1] if found else 0} resources, changed=0, no write"

    def rebuild(self) -> str:
        before = self._texts("estate")
        self._sandbox.reset()
        self._play("apply", "apply_src=estate", "@estate/secrets.yml", "@unreadable.yml")
        self._play("export", "export_dir=again", "export_secrets=vault")
        after = self._texts("again")
        differing = sorted(
            path
            for path in before.keys() | after.keys()
            if not INVENTED.match(path) and DEPLOY_KEY.sub("", before.get(path, "")) != after.get(path)
        )
        require(not differing, "\n".join(f"{path}:\n{before.get(path)}\n{after.get(path)}" for path in differing))
        output = self._play("apply", "apply_src=estate", "@estate/secrets.yml", "@unreadable.yml")
        require("changed=0" in output, output)
        return "an empty account becomes the same"

    def _own(self, name: str) -> Path:
        path = self._work / name
        path.mkdir()
        return path

    def _play(self, name: str, *variables: str) -> str:
        self._sandbox.forget()
        extra = [word for variable in variables for word in ("-e", variable)]
        command = self._bench.command(
            "ansible-playbook",
            f"webops.paas.{name}",
            "--vault-password-file",
            str(self._password),
            *extra,
            **self._sandbox.environment,
        )
        done = subprocess.run(**command, stdout=subprocess.PIPE, text=True, timeout=600, check=False)
        require(done.returncode == 0, f"the playbook {name} ended with {done.returncode}:\n{done.stdout}")
        return str(done.stdout)

    def _sends_no_write(self) -> None:
        writes = [call for call in self._sandbox.calls() if call["write"]]
        require(not writes, f"sent {writes}")

    def _texts(self, name: str, encrypted: bool = False) -> dict[str, str]:
        directory = self._bench.directory / name
        return {
            path.relative_to(directory).as_posix(): path.read_text(encoding="utf-8")
            for path in directory.rglob("*")
            if path.is_file() and (encrypted or path.name != "secrets.yml")
        }

    def _write_what_cannot_be_read(self) -> None:
        """Netlify does not return the values of secrets; the user fills them in."""
        example = self._texts("estate")["secrets.example.yml"]
        names = re.findall(r"It cannot be read\.\n(\w+):", example)
        require(names, "all secrets can be read")
        text = "".join(f"{name}: filled in\n" for name in names)
        (self._bench.directory / "unreadable.yml").write_text(text, encoding="utf-8")


STEPS = (
    Estate.make_with_javascript_client,
    Estate.make_with_netlify_cli,
    Estate.make_with_fleek_cli,
    Estate.make_with_graphqurl,
    Estate.export,
    Estate.export_again,
    Estate.apply,
    Estate.rebuild,
)


def main() -> int:
    clients, work = map(Path, sys.argv[1:])
    os.environ.setdefault("SANDBOX_PYTHON", sys.executable)
    sandbox = Sandbox(work)
    os.environ.update(sandbox.environment)
    try:
        return perform("estate", Estate(clients, work, sandbox), STEPS)
    finally:
        sandbox.close()


if __name__ == "__main__":
    sys.exit(main())
