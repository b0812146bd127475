# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prepared responses of Fleek, for the tests of its client and of its deploys."""

from __future__ import annotations

from types import SimpleNamespace

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.plugins.module_utils._http.redaction import Redactor

SHA = "8d1f0b6c3a5e7f9b2d4c6a8e0f1b3d5c7a9e1f2b"
OTHER_SHA = "1b3d5c7a9e1f2b8d1f0b6c3a5e7f9b2d4c6a8e0f"
# The same content, as version 0 and as version 1.
CID_0 = "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n"
CID_1 = "bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"
OTHER_CID = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG"


class FakeClock:
    def __init__(self):
        self.slept = []

    def monotonic(self):
        return sum(self.slept)

    def sleep(self, seconds):
        self.slept.append(seconds)


class FakeHttp:
    """Returns the given responses one after the other, and the last one for ever.

    asked: (operation, variables) of each call.
    """

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.clock = FakeClock()
        self.redactor = Redactor()
        self.confirmed_writes = []

    def request(self, method, path, *, operation, body, **more):
        self.asked.append((operation, body["variables"]))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        errors = {"errors": answer["errors"]} if "errors" in answer else {}
        return SimpleNamespace(status=200, data={"data": {operation: answer.get("data")}, **errors})

    def refusal(self, method, path, *, operation, answer):
        error = answer.data["errors"][0]
        return ApiError(
            error["message"],
            operation=operation,
            status=answer.status,
            code="refused",
            platform_code=error.get("errorType"),
        )

    @property
    def operations(self):
        return [operation for operation, _variables in self.asked]


def is_(data):
    return {"data": data}


def refused(message, kind):
    return {"data": None, "errors": [{"message": message, "errorType": kind}]}


def deploy(number, status="DEPLOYED", commit=SHA, branch="main", published=False, ended=True, **more):
    return {
        "id": f"deploy-{number}",
        "status": status,
        "published": published,
        "completedAt": "2026-11-20T08:16:41.000Z" if ended else None,
        "repository": {"commit": commit, "branch": branch},
        "ipfsHash": None,
        **more,
    }


def building(number, **more):
    return deploy(number, "IN_PROGRESS", ended=False, **more)


def site(published=None, latest=None, cid=None, auto=True):
    source = (
        {"__typename": "IpfsSource", "cid": cid}
        if cid
        else {"__typename": "Repository", "type": "GITHUB", "url": "x", "branch": "main"}
    )
    return {
        "id": "site-1",
        "slug": "calm-king-1",
        "publishedDeploy": published,
        "latestDeploy": latest or published,
        "deploySettings": {"autoPublishing": auto, "source": source},
    }


def latest(found):
    return is_({"id": "site-1", "latestDeploy": found})


def listed(*deploys, token=None):
    return is_({"deploys": list(deploys), "nextToken": token})
