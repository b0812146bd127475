# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""GraphQL's reference implementation reads both schemas: usage graphql_tools.py DIRECTORY_OF_CLIENTS WORK_DIRECTORY.

It must accept all requests that the clients of both platforms send.
"""

from __future__ import annotations

import os
import pathlib
import sys

from common import Program, perform, require

HERE = pathlib.Path(__file__).parent


class Journey:
    def __init__(self, client):
        self._client = client

    def _read(self, url, authorization, file):
        answer = self._client.data(url, authorization, str(HERE / file))
        require(not answer["wrong"], "\n".join(answer["wrong"]))
        return f"{answer['types']} types, {len(answer['documents'])} documents of clients are valid"

    def fleek(self):
        return self._read(os.environ["FLEEK_API_URL"], os.environ["FLEEK_API_KEY"], "fleek.graphql")

    def hasura(self):
        return self._read(
            os.environ["HASURA_CLOUD_API_URL"], f"pat {os.environ['HASURA_CLOUD_ACCESS_TOKEN']}", "hasura.graphql"
        )


def main():
    clients, work = map(pathlib.Path, sys.argv[1:])
    client = Program(["node", clients / "schema.mjs"], work)
    return perform("graphql", Journey(client), (Journey.fleek, Journey.hasura))


if __name__ == "__main__":
    sys.exit(main())
