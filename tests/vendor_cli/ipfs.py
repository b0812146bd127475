# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IPFS' own client of the RPC API on the sandbox: usage ipfs.py DIRECTORY_OF_CLIENTS WORK_DIRECTORY."""

from __future__ import annotations

import pathlib
import sys

from common import Program, Sandbox, perform, require, write

FILES = {
    "index.html": "<h1>IPFS</h1>",
    "empty.txt": "",
    "sub/deep/odd name \u00fc & (1).txt": "odd",
    "one block.txt": "x" * 262144,
    "two blocks.txt": "x" * 262145,
    "two levels.txt": "0123456789abcdef" * 16384 * 180,
}


class Journey:
    def __init__(self, client, sandbox):
        self._client = client
        self._sandbox = sandbox
        for name, text in FILES.items():
            write(client.project / "site" / name, text)

    def _add(self, version):
        answer = self._client.data(f"{self._sandbox.url}/api/v0", "site", version)
        added, computed = answer["added"], answer["computed"]
        differing = {path: (added.get(path), cid) for path, cid in computed.items() if added.get(path) != cid}
        require(not differing and len(added) == len(computed), f"other CIDs than the importer's: {differing}")
        for name, text in FILES.items():
            found = self._sandbox.page("127.0.0.1", f"/ipfs/{added['site']}/{name}")
            require(found == (200, text), f"{name} reads as {found[0]} with {len(found[1])} characters")
        return f"{len(added)} CIDs are the importer's, all files can be read back"

    def add_a_directory(self):
        return self._add("0")

    def add_it_with_cids_of_version_1(self):
        return self._add("1")


def main():
    clients, work = map(pathlib.Path, sys.argv[1:])
    client = Program(["node", clients / "ipfs.mjs"], work)
    return perform(
        "kubo-rpc-client", Journey(client, Sandbox()), (Journey.add_a_directory, Journey.add_it_with_cids_of_version_1)
    )


if __name__ == "__main__":
    sys.exit(main())
