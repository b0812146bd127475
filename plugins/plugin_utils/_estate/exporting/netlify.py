# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What exists on Netlify, as entries. PRIVATE to the collection."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.marks import mark
from ansible_collections.webops.paas.plugins.module_utils._core.parallel import in_parallel
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Info, Module
from ansible_collections.webops.paas.plugins.module_utils._netlify import (
    builds,
    dns,
    drains,
    env,
    firewall,
    hooks,
    sites,
    snippets,
    splits,
)
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.documents import (
    Document,
    Entry,
    Secret,
    declarable,
    readable,
    secret_or_empty,
)
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.selecting import OPTIONS, is_selected

# Options of a site whose empty value is what a new site has.
PLAIN = (
    "custom_domain",
    "domain_aliases",
    "branch_deploy_custom_domain",
    "deploy_preview_custom_domain",
    "notification_email",
    "functions_region",
    "prerender",
    "deploy_retention_in_days",
    "cdp_enabled_contexts",
    "build_timelimit",
)
FLAGS = (
    "force_ssl",
    "managed_dns",
    "prevent_non_git_prod_deploys",
    "hud_enabled",
    "rum_enabled",
    "analytics_enabled",
)
# IDs of the account that the repository was linked with: they mean nothing elsewhere.
IDS = ("deploy_key_id", "installation_id")


class Netlify(Info[sites.SitesClient]):
    key = "documents"

    def fetch(self) -> list[Document]:
        rows = [
            row
            for row in self.client.list_sites(whole=True)
            if self._is_of_team(row) and is_selected(self.params, str(row.get("name")))
        ]
        several = len({row.get("account_slug") for row in rows}) > 1
        documents: list[Document] = []
        lock = threading.Lock()

        def export(http: Http, row: JsonObject) -> None:
            document = Document("netlify/sites", str(row["name"]), _site_entries(http, row, several))
            with lock:
                documents.append(document)

        in_parallel(self.client.http, rows, export, self.params["concurrency"])
        if not self.params["names"]:
            documents += self._teams({str(row["account_slug"]) for row in rows if row.get("account_slug")})
            documents += self._others()
        documents += self._zones()
        return documents

    def _is_of_team(self, row: JsonObject) -> bool:
        return self.params["account_slugs"] is None or row.get("account_slug") in self.params["account_slugs"]

    def _teams(self, slugs: set[str]) -> Iterator[Document]:
        client = env.EnvClient(self.client.http)
        for slug in sorted(slugs):

            def variables(slug: str = slug) -> Iterator[Entry]:
                yield from _variables({"account_slug": slug}, ("netlify", slug), slug, client.list_env_vars(slug))

            def rules(slug: str = slug) -> Iterator[Entry]:
                rules_client = firewall.FirewallClient(self.client.http)
                return _traffic_rules(rules_client, rules_client.owner_of(None, slug), {"account_slug": slug})

            entries = [
                *readable("Environment variables of the team", variables),
                *readable("Traffic rules of the team", rules),
            ]
            if entries:
                yield Document("netlify/teams", slug, entries)

    def _zones(self) -> Iterator[Document]:
        client = dns.DnsClient(self.client.http)
        for zone in client.list_dns_zones(whole=True):
            if self._is_of_team(zone) and is_selected(self.params, str(zone.get("name"))):

                def read(zone: JsonObject = zone) -> Iterator[Entry]:
                    yield from _zone_entries(client, zone)

                yield Document("netlify/zones", str(zone["name"]), readable("DNS records", read))

    def _others(self) -> Iterator[Document]:
        def read() -> Iterator[Entry]:
            keys = list(builds.DeployKeysClient(self.client.http).list_deploy_keys())
            if keys:
                yield Entry(
                    comments=[
                        f"Deploy keys are not exported, because their IDs belong to the account. It has {len(keys)}."
                    ]
                )

        entries = readable("Deploy keys", read)
        if entries:
            yield Document("netlify", "account", entries)


MODULE = Module(Netlify, options=dict(**OPTIONS, account_slugs=dict(type="list", elements="str")))


def _site_entries(http: Http, row: JsonObject, with_team: bool) -> list[Entry]:
    name, site_id, words = str(row["name"]), str(row["id"]), ("netlify", str(row["name"]))

    def variables() -> Iterator[Entry]:
        rows = env.EnvClient(http).list_env_vars(str(row["account_slug"]), site_id)
        return _variables({"site": name}, words, name, rows)

    def injected() -> Iterator[Entry]:
        return _snippets(name, snippets.SnippetsClient(http).list_snippets(site_id))

    def metadata() -> Iterator[Entry]:
        found = sites.SitesClient(http).get_metadata(site_id)
        names, comments = declarable(found)
        if names:
            yield Entry("netlify_metadata", {"site": name, "metadata": {key: found[key] for key in names}}, comments)
        elif comments:
            yield Entry(comments=comments)

    def build_hooks() -> Iterator[Entry]:
        return _build_hooks(name, hooks.HooksClient(http).list_build_hooks(site_id))

    def notifications() -> Iterator[Entry]:
        return _notifications(name, hooks.HooksClient(http).list_hooks(site_id))

    def split_tests() -> Iterator[Entry]:
        return _split_tests(name, splits.SplitTestsClient(http).list_split_tests(site_id))

    def log_drains() -> Iterator[Entry]:
        return _log_drains(name, drains.DrainsClient(http).list_log_drains(site_id))

    def rules() -> Iterator[Entry]:
        return _traffic_rules(firewall.FirewallClient(http), firewall.Owner("Site", site_id), {"site": name})

    return [
        _site(row, with_team),
        *readable("Environment variables", variables),
        *readable("Snippets", injected),
        *readable("Metadata", metadata),
        *readable("Build hooks", build_hooks),
        *readable("Notifications", notifications),
        *readable("Split tests", split_tests),
        *readable("Traffic rules", rules),
        *readable("Log drains", log_drains),
    ]


def _site(row: JsonObject, with_team: bool) -> Entry:
    view = sites.site_view(row)
    options: JsonObject = {"name": view["name"]}
    if with_team and view["account_slug"]:
        options["account_slug"] = view["account_slug"]
    options.update((name, view[name]) for name in PLAIN if view[name])
    options.update((name, True) for name in FLAGS if view[name])
    if not view["enabled"]:
        options["enabled"] = False
    processing = {name: value for name, value in view["processing_settings"].items() if value is not None}
    if any(processing.values()):
        options["processing_settings"] = processing
    build = {
        name: value
        for name, value in view["build_settings"].items()
        if value not in (None, [], False) and name not in IDS
    }
    if build:
        options["build_settings"] = build
    comments = []
    if build.get("repo_path") and any(view["build_settings"][name] for name in IDS):
        comments.append("The deploy key or the installation that reads the repository is not exported.")
    if view["has_password"]:
        comments.append("The site has a password, which cannot be read.")
    return Entry("netlify_site", options, comments)


def _variables(target: JsonObject, words: tuple[str, ...], whose: str, rows: list[JsonObject]) -> Iterator[Entry]:
    known = {variable.key: variable for variable in map(env.Variable.of, rows)}
    names, comments = declarable(known)
    found = [known[key] for key in names]
    if not found:
        yield from ([Entry(comments=comments)] if comments else [])
        return
    comments += [
        f"The values of {variable.key} cannot be read." for variable in found if None in variable.values.values()
    ]
    yield Entry(
        "netlify_env_vars", {**target, "variables": [_variable(variable, words, whose) for variable in found]}, comments
    )


def _variable(variable: env.Variable, words: tuple[str, ...], whose: str) -> JsonObject:
    def text(place: env.Place) -> Secret | str:
        context, branch = place
        where = [] if place == env.EVERYWHERE else [branch or context]
        meaning = " ".join(["Value of", variable.key, "of", whose, *(f"in {word}" for word in where)])
        return secret_or_empty((*words, variable.key, *where), meaning + ".", variable.values[place])

    options: JsonObject = {"key": variable.key}
    if set(variable.values) == {env.EVERYWHERE}:
        options["value"] = text(env.EVERYWHERE)
    else:
        options["values"] = [
            {"context": context, **({"branch": branch} if branch else {}), "value": text((context, branch))}
            for context, branch in sorted(variable.values, key=lambda place: (place[0], place[1] or ""))
        ]
    usual = env.SECRET_SCOPES if variable.is_secret else env.SCOPES
    if variable.scopes and variable.scopes != frozenset(usual):
        options["scopes"] = env.in_order(variable.scopes)
    if variable.is_secret:
        options["is_secret"] = True
    return options


def _snippets(site: str, rows: Sequence[JsonObject]) -> Iterator[Entry]:
    views = [snippets.snippet_view(row) for row in rows]
    titles = Counter(view["title"] for view in views)
    shown = [view for view in views if view["title"] and titles[view["title"]] == 1]
    comments = []
    if len(shown) < len(views):
        comments.append("Snippets without a title or with the title of another one are not exported.")
    declared = [
        {"title": view["title"], **{key: view[key] for key, usual in snippets.DEFAULTS.items() if view[key] != usual}}
        for view in sorted(shown, key=lambda view: str(view["title"]))
    ]
    if declared:
        yield Entry("netlify_snippets", {"site": site, "snippets": declared}, comments)
    elif comments:
        yield Entry(comments=comments)


def _build_hooks(site: str, rows: Sequence[JsonObject]) -> Iterator[Entry]:
    titles = Counter(row.get("title") for row in rows)
    for row in sorted(rows, key=lambda row: str(row.get("title"))):
        if not row.get("title") or titles[row["title"]] > 1:
            yield Entry(comments=["A build hook without a title, or with that of another one, is not exported."])
            continue
        options: JsonObject = {"site": site, "title": row["title"], "branch": row.get("branch")}
        yield Entry("netlify_build_hook", {**options, **({"draft": True} if row.get("draft") else {})})


def _notifications(site: str, rows: Sequence[JsonObject]) -> Iterator[Entry]:
    for row in sorted(rows, key=lambda row: [str(row.get(key)) for key in ("type", "event", "created_at", "id")]):
        data = row.get("data") or {}
        kind, event = str(row.get("type")), str(row.get("event"))
        words = ("netlify", site, "hook", kind, event, str(data.get("url") or data.get("email") or ""))
        options: JsonObject = {"site": site, "type": kind, "event": event}
        form = row.get("form_name")
        if form:
            options["form"] = form
        if data.get("email"):
            options["email"] = data["email"]
        if data.get("url"):
            options["url"] = Secret(_short(words), f"URL of the notification {kind} {event} of {site}.", data["url"])
        others = {key: value for key, value in data.items() if key not in hooks.SETTINGS and value not in (None, "")}
        if others:
            options["data"] = {
                key: _other(value, (*_short(words), key), f"{key} of the notification {kind} {event} of {site}.")
                for key, value in sorted(others.items())
            }
        if row.get("disabled"):
            options["enabled"] = False
        yield Entry("netlify_hook", options)


def _split_tests(site: str, rows: Iterable[JsonObject]) -> Iterator[Entry]:
    """Those that are not active are only history."""
    for row in filter(splits.is_active, rows):
        try:
            branches = splits.shares_of(row)
        except PaasError as error:
            yield Entry(comments=[f"The split test is not exported: {error.message}"])
            continue
        comments = declarable(branches)[1]
        options = {"site": site, "branches": branches, "active": True}
        yield Entry(comments=comments) if comments else Entry("netlify_split_test", options)


def _traffic_rules(client: firewall.FirewallClient, owner: firewall.Owner, target: JsonObject) -> Iterator[Entry]:
    found = client.get_rule_set(owner)
    if found is None:
        return
    view, comments = firewall.rule_sets_view(found), []
    options = dict(target)
    for name in firewall.SETS:
        rules = [firewall.without_defaults(rule) for rule in view[name]["rules"]]
        if not all(map(firewall.is_declarable, rules)):
            comments.append(f"The rules for {name} deploys are not exported, because one has a kind that is unknown.")
        elif rules or view[name]["default_action"] != firewall.OPEN["default_action"]:
            options[name] = {"default_action": view[name]["default_action"], "rules": rules}
    if options.keys() & set(firewall.SETS):
        yield Entry("netlify_traffic_rules", options, comments)
    elif comments:
        yield Entry(comments=comments)


def _log_drains(site: str, rows: Sequence[JsonObject]) -> Iterator[Entry]:
    targets = Counter(row["destination"] for row in rows)
    for row in sorted(rows, key=lambda row: str(row["destination"])):
        view, settings = drains.drain_view(row), drains.settings_of(row)
        target = view["destination"]
        if targets[target] > 1 or target not in drains.DESTINATIONS:
            yield Entry(comments=[f"A log drain for {target} is not exported, because no task can declare it."])
            continue
        options: JsonObject = {"site": site, "destination": target, "log_types": view["log_types"]}
        options.update({key: view[key] for key in ("format", *drains.PLAIN) if view[key]})
        options["exclude_pii"] = view["exclude_pii"]
        if view["tags"]:
            options["tags"] = view["tags"]
        for key in ("url", drains.HEADER):
            if key in settings:
                words = ("netlify", site, "log_drain", str(target), key)
                options[key] = Secret(words, f"{key} of the log drain {target} of {site}.", settings[key])
        yield Entry("netlify_log_drain", options)


def _other(value: Any, words: tuple[str, ...], meaning: str) -> Any:
    return Secret(words, meaning, value) if isinstance(value, str) else value


def _short(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without the target: a URL is itself a secret; it only tells apart what would have one name."""
    return words[:-1] if not words[-1] else (*words[:-1], mark(words[-1]))


def _zone_entries(client: dns.DnsClient, zone: JsonObject) -> Iterator[Entry]:
    name = str(zone["name"])
    options: JsonObject = {"name": name}
    if zone.get("ipv6_enabled"):
        options["ipv6_enabled"] = True
    yield Entry("netlify_dns_zone", options)
    records = [dns.record_view(row) for row in client.list_dns_records(str(zone["id"]))]
    for record in sorted(records, key=lambda record: [str(record[key]) for key in ("hostname", "type", "value", "id")]):
        if not record["managed"]:
            details = {key: record[key] for key in dns.DETAILS if record[key] is not None}
            comments = ["The target of the record cannot be read."] if record["type"] == "SRV" else []
            yield Entry(
                "netlify_dns_record",
                {
                    "zone": name,
                    "type": record["type"],
                    "hostname": record["hostname"],
                    "value": record["value"],
                    **details,
                },
                comments,
            )
