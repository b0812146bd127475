# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Estates, and how to apply and export them in this process: the code of the actions, without Ansible."""

from __future__ import annotations

import pathlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from harness import CONNECTIONS, SharedClock, World
from scenarios import fleek, flightcontrol

from ansible_collections.webops.paas.plugins.module_utils._kernel.module import perform
from ansible_collections.webops.paas.plugins.modules.apply import SPEC as APPLY
from ansible_collections.webops.paas.plugins.plugin_utils._door import as_sent
from ansible_collections.webops.paas.plugins.plugin_utils._estate import files, report
from ansible_collections.webops.paas.plugins.plugin_utils._estate.engine import Outcome
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting import writing
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.action import EXPORTS
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.documents import Names
from ansible_collections.webops.paas.plugins.plugin_utils._estate.run import run

SHOP = [
    {"netlify_snippets": {"site": "shop", "snippets": [{"title": "Visitors", "general": "<i>1</i>"}], "purge": True}},
    {"netlify_site": {"name": "shop", "notification_email": "ops@example.com"}},
    {"netlify_env_vars": {"site": "shop.netlify.app", "env_vars": {"API_URL": "https://api.example.com"}}},
    {"netlify_metadata": {"site": "shop", "metadata": {"theme": "dark"}}},
    {"netlify_build_hook": {"site": "shop", "title": "Nightly", "branch": "main"}},
    {"netlify_dns_zone": {"name": "example.com"}},
    {"netlify_dns_record": {"zone": "example.com", "type": "A", "hostname": "www", "value": "192.0.2.1"}},
    {"netlify_dns_record": {"zone": "example.com", "type": "A", "hostname": "api", "value": "192.0.2.2"}},
    {"hasura_env_vars": {"name": "shop-api", "env_vars": {"HASURA_GRAPHQL_ENABLE_CONSOLE": "false"}}},
    {"hasura_tenant": {"name": "shop-api", "cloud": "aws", "region": "us-east-2"}},
]

SITES = [
    entry
    for name in ("blog", "docs", "shop")
    for entry in (
        {"netlify_site": {"name": name, "notification_email": f"{name}@example.com"}},
        {"netlify_env_vars": {"site": name, "env_vars": {"API_URL": f"https://{name}.example.com"}}},
        {"netlify_snippets": {"site": name, "snippets": [{"title": "Visitors", "general": "<i>1</i>"}], "purge": True}},
        {"netlify_metadata": {"site": name, "metadata": {"theme": "dark"}}},
        {"netlify_build_hook": {"site": name, "title": "Nightly", "branch": "main"}},
    )
]


def large(world):
    """30 resources on all platforms."""
    return [
        *SITES,
        *(
            {"netlify_hook": {"site": name, "type": "url", "event": "deploy_failed", **HOOK}}
            for name in ("blog", "docs")
        ),
        *SHOP[5:],
        {"netlify_dns_record": {"zone": "example.com", "type": "MX", "hostname": "@", "value": "mx", "priority": 10}},
        {"netlify_dns_zone": {"name": "example.org"}},
        {"netlify_env_vars": {"account_slug": world.environment["NETLIFY_ACCOUNT_SLUG"], "env_vars": {"TZ": "UTC"}}},
        {"hasura_tenant": {"name": "blog-api", "cloud": "aws", "region": "us-east-2"}},
        {"hasura_env_vars": {"name": "blog-api", "env_vars": {"HASURA_GRAPHQL_ENABLE_CONSOLE": "false"}}},
        {"fleek_site": {"repository_url": "https://github.com/example/shop", "repository_branch": "main"}},
        {"fleek_site": {"repository_url": "https://github.com/example/blog", "repository_branch": "main"}},
        {"flightcontrol_scaling": {"service_id": flightcontrol.service(world)["id"], "count": 3}},
    ]


HOOK = {"url": "https://hooks.example.com/in"}


@dataclass
class Applied:
    """result: the module's result. planned: the plan. calls: the requests of both."""

    result: dict
    planned: dict
    calls: list = field(default_factory=list)

    @property
    def writes(self) -> list:
        return [call for call in self.calls if call["write"]]

    @property
    def actions(self) -> dict:
        return {(row["module"], row["name"]): row["action"] for row in self.result["resources"]}


def applied(
    world: World,
    content: list,
    *,
    check: bool = False,
    keep_going: bool = False,
    concurrency: int = 4,
    between: Callable[[], object] = lambda: None,
    purge: tuple[str, ...] = (),
    only: dict | None = None,
    limit: int = 1000,
    **connect,
) -> Applied:
    """Plans and applies entries on the world's sandbox. between: called after planning. limit: max_deletions."""
    raws = files.of_content(content)
    options = [raw.options for raw in raws]
    return _applied(
        world,
        raws,
        options,
        connect,
        check=check,
        between=between,
        concurrency=concurrency,
        max_deletions=limit,
        only=only,
        purge=list(purge),
        on_error="continue" if keep_going else "stop",
    )


def applied_files(world: World, directory: pathlib.Path, variables: dict, *, check: bool = False) -> Applied:
    """Plans and applies the files of a directory."""
    loader = DataLoader()
    raws = files.read(str(directory), loader)
    templar = Templar(loader, variables)
    return _applied(world, raws, [as_sent(templar.template(raw.options)) for raw in raws], {}, check=check)


def _applied(
    world: World,
    raws: list,
    options: list,
    connect: dict,
    *,
    check: bool,
    between: Callable[[], object] = lambda: None,
    **params,
) -> Applied:
    connections = {platform: {**world.platform_options(platform), **connect} for platform in CONNECTIONS}
    connections["fleek"]["team_id"] = world.environment["FLEEK_TEAM_ID"]
    validated = ArgumentSpecValidator(**APPLY).validate({"content": [], "connections": connections, **params})
    assert not validated.error_messages
    planned = {}

    def observe(outcomes: Sequence[Outcome]) -> None:
        planned.update(report.result_of(outcomes, True))
        between()

    result = run(
        raws,
        options,
        validated.validated_parameters,
        check_mode=check,
        want_diff=True,
        clock=SharedClock(world.sandbox),
        observe=observe,
    )
    return Applied(result, planned, world.sandbox.news())


def exported(world: World, directory: pathlib.Path, *platforms: str) -> Names:
    """Writes an export to a directory that does not exist yet; returns the secrets that it has."""
    documents = []
    for platform in platforms:
        options = {**world.platform_options(platform), "names": None, "concurrency": 4}
        if platform == "fleek":
            options["team_id"] = world.environment["FLEEK_TEAM_ID"]
        validated = ArgumentSpecValidator(**EXPORTS[platform].spec).validate(options)
        assert not validated.error_messages
        result = perform(
            EXPORTS[platform],
            validated.validated_parameters,
            check_mode=False,
            want_diff=False,
            warn=print,
            clock=SharedClock(world.sandbox),
        )
        assert not result.get("failed"), result
        documents += result["documents"]
    texts, found = writing.texts_of(documents)
    for path, text in texts.items():
        file = directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8"))
    world.sandbox.news()
    return found


def contents(directory: pathlib.Path) -> dict:
    return {
        path.relative_to(directory).as_posix(): path.read_text(encoding="utf-8")
        for path in directory.rglob("*")
        if path.is_file()
    }


def objects(world: World) -> Counter:
    """How often each object exists."""
    found: Counter = Counter()
    for site in world.api("GET", "/sites"):
        name, below = site["name"], f"/sites/{site['id']}"
        variables = world.api("GET", f"/accounts/{site['account_slug']}/env?site_id={site['id']}")
        found["site", name] += 1
        found.update(("snippet", name, row["title"]) for row in world.api("GET", f"{below}/snippets"))
        found.update(("build hook", name, row["title"]) for row in world.api("GET", f"{below}/build_hooks"))
        found.update(("hook", name, row["event"]) for row in world.api("GET", f"/hooks?site_id={site['id']}"))
        found.update(("log drain", name, row["destination"]) for row in world.api("GET", f"{below}/log_drains"))
        found.update(("variable", name, row["key"]) for row in variables)
    for zone in world.api("GET", "/dns_zones"):
        records = world.api("GET", f"/dns_zones/{zone['id']}/dns_records")
        found["zone", zone["name"]] += 1
        found.update(("record", row["type"], row["hostname"], row["value"]) for row in records)
    found.update(("tenant", row["name"]) for row in world.sandbox.admin("GET", "state")["hasura"]["tenants"])
    found.update(("source", str(row["deploySettings"]["source"])) for row in fleek.sites(world))
    world.sandbox.news()
    return found
