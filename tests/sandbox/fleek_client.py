# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A generic GraphQL client of the sandbox's Fleek."""

from __future__ import annotations

import json

KEY = "c2FuZGJveC1mbGVlay1ob3N0aW5nLWtleS0wMDAxLWtl="
SECOND_KEY = "c2FuZGJveC1mbGVlay1ob3N0aW5nLWtleS0wMDAyLWtl="
TEAM = "sandbox-team"
SECOND_TEAM = "second-team"
SLUG = "hello-fleek"
DEPLOY = """id status startedAt completedAt ipfsHash previewImage totalTime log published autoPublish
    repository { commit branch owner name message }"""
SITE = f"""id createdBy createdAt updatedAt teamId team {{ id name }} name description slug platform dfinityCanisterId
    buildSettings {{ buildCommand baseDirectoryPath publishDirectoryPath dockerImage
        environmentVariables {{ name value }} }}
    deploySettings {{ autoPublishing prDeployPreviews dfinityUseProxy
        source {{ __typename ... on Repository {{ type url branch }} ... on IpfsSource {{ cid }} }} }}
    publishedDeploy {{ {DEPLOY} }} latestDeploy {{ {DEPLOY} }}"""


class Fleek:
    """A client with a key; `sandbox` is the client of the same sandbox's admin interface and pages."""

    def __init__(self, sandbox, key=KEY):
        self.sandbox = sandbox
        self.key = key

    def post(self, query, expect=None, headers=None, timeout=10, operation=None, **variables):
        """The raw response."""
        response = self.sandbox.session.post(
            f"{self.sandbox.url}/graphql",
            timeout=timeout,
            headers={"Authorization": self.key, **(headers or {})},
            json={"query": query, "variables": variables, **({"operationName": operation} if operation else {})},
        )
        if expect is not None:
            assert response.status_code == expect, response.text
        return response

    def ask(self, query, **variables):
        """The data of the only root field of the request; there must be no errors."""
        answer = self.post(query, 200, **variables).json()
        assert "errors" not in answer, answer
        [value] = answer["data"].values()
        return value

    def errors(self, query, expect=200, **variables):
        return self.post(query, expect, **variables).json()["errors"]

    def site(self, slug=SLUG):
        return self.ask(f"query ($slug: String!) {{ getSiteBySlug(slug: $slug) {{ {SITE} }} }}", slug=slug)

    def add(self, **fields):
        return self.ask(
            f"mutation ($input: AddSiteInput!) {{ addSite(input: $input) {{ {SITE} }} }}",
            input={"teamId": TEAM, "platform": "ipfs", **fields},
        )

    def edit(self, site, **fields):
        return self.ask(
            f"mutation ($input: EditDeploySettings!) {{ editDeploySettings(input: $input) {{ {SITE} }} }}",
            input={"siteId": site["id"], **fields},
        )

    def trigger(self, site, *commit):
        return self.ask(
            f"mutation ($site: ID!, $commit: String) {{ triggerDeploy(siteId: $site, commit: $commit) "
            f"{{ {DEPLOY} }} }}",
            site=site["id"],
            **({"commit": commit[0]} if commit else {}),
        )

    def retry(self, site, deploy):
        return self.ask(
            f"mutation ($site: ID!, $deploy: ID!) {{ retryDeploy(siteId: $site, deployId: $deploy) {{ {DEPLOY} }} }}",
            site=site["id"],
            deploy=deploy["id"],
        )

    def purge(self, site):
        return self.ask(
            "mutation ($input: PurgeCacheInput!) { purgeCache(input: $input) }", input={"siteId": site["id"]}
        )

    def deploys(self, site, **paging):
        return self.ask(
            f"query ($site: ID!, $limit: Int, $nextToken: String) {{ getDeploysBySite(siteId: $site, "
            f"limit: $limit, nextToken: $nextToken) {{ nextToken deploys {{ {DEPLOY} }} }} }}",
            site=site["id"],
            **paging,
        )

    def deploy(self, site, *commit):
        """Trigger a deploy, and advance the clock until it has ended."""
        started = self.trigger(site, *commit)
        self.sandbox.advance(1)
        return next(deploy for deploy in self.deploys(site)["deploys"] if deploy["id"] == started["id"])

    def push(self, site, **details):
        return self.sandbox.admin("POST", "fleek/push", {"site": site["id"], **details})

    def upload(self, files, **query):
        """Add files to IPFS, all in one directory; returns its CID."""
        response = self.sandbox.session.post(
            f"{self.sandbox.url}/api/v0/add",
            timeout=10,
            params={"wrap-with-directory": "true", **query},
            files=[("file", (path, content)) for path, content in files.items()],
        )
        assert response.status_code == 200, response.text
        return json.loads(response.text.splitlines()[-1])["Hash"]

    def page(self, slug, path="/", **options):
        return self.sandbox.page(f"{slug}.on.fleek.co", path, **options)


GITHUB = {"url": "https://github.com/ada/blog.git", "branch": "main", "installationId": 42}


BY_TEAM = (
    "query ($team: ID!, $limit: Int, $nextToken: String) { getSitesByTeam(teamId: $team, limit: $limit, "
    "nextToken: $nextToken) { nextToken sites { slug } } }"
)
