# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One deploy by digest: where it goes, what it changes, and the upload. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, PaasError, WaitFailed
from ansible_collections.webops.paas.plugins.module_utils._core.parallel import in_parallel
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, create_once
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import not_found
from ansible_collections.webops.paas.plugins.module_utils._netlify.deploys import (
    BAD_STATES,
    COMPARED_STATES,
    GOOD_STATES,
    LOOK_BACK,
    LOOK_BACK_UNFINISHED,
    MOVING,
    OPEN_STATES,
    DeploysClient,
    cancel,
    deploy_view,
    files_of,
    functions_of,
    live_of,
    wait_for,
)
from ansible_collections.webops.paas.plugins.module_utils._netlify.functions import FunctionBundle
from ansible_collections.webops.paas.plugins.module_utils._netlify.manifest import (
    Manifest,
    comparable,
    diff_manifests,
)

# Requests are cut after 30 s; the vendor's client sends manifests of more files than this asynchronously.
ASYNC_ABOVE = 100
# Of each kind this many files are shown in a diff.
SHOWN = 50
# By name. Instead of an empty one, None leaves those of the site as they are.
Functions = dict[str, FunctionBundle]


def content_title(manifest: Manifest, functions: Functions | None) -> str:
    """Names the content, so that a run that was interrupted is found again, and never mistaken for another release."""
    content = manifest.digest + "".join(
        f"\n{name} {bundle.sha256}" for name, bundle in sorted((functions or {}).items())
    )
    return f"webops.paas {hashlib.sha1(content.encode(), usedforsecurity=False).hexdigest()[:12]}"


class Target:
    """Where a deploy goes: production, a branch, or a draft."""

    def __init__(self, title: str | None, branch: str | None, is_draft: bool, content_title: str) -> None:
        self.title = title or content_title
        self.title_names_content = not title
        self.branch = branch
        self.is_draft = is_draft
        self.is_production = not (branch or is_draft)
        self.body: JsonObject = {"branch": branch} if branch else {"draft": True} if is_draft else {}

    def compared(self, client: DeploysClient, site: JsonObject | None) -> JsonObject | None:
        """The deploy whose content counts as what is there now."""
        if site is None:
            return None
        if self.is_production:
            return live_of(site) or None
        return next(
            (
                deploy
                for deploy in client.list_deploys(site["id"], limit=LOOK_BACK, branch=self.branch or None)
                if deploy.get("state") in GOOD_STATES
                and self.has(deploy)
                and (self.branch or deploy.get("title") == self.title)
            ),
            None,
        )

    def has(self, deploy: JsonObject) -> bool:
        """Whether a listed deploy went to the same place."""
        if self.is_draft:
            return bool(deploy.get("draft"))
        if self.branch:
            return not deploy.get("draft") and deploy.get("branch") == self.branch
        return not deploy.get("draft") and deploy.get("context") in (None, "production")

    def to_come(self, site: JsonObject | None, functions: Iterable[str]) -> tuple[JsonObject, list[str]]:
        """(deploy_view of a deploy that is about to be made, the keys of it that only Netlify can tell)."""
        known = {
            "site_id": site and site["id"],
            "title": self.title,
            "draft": self.is_draft,
            "functions": sorted(functions),
        }
        blank = dict.fromkeys(deploy_view({}))
        return {**blank, **known}, sorted(blank.keys() - known.keys())

    def check_not_locked(self, site: JsonObject | None) -> None:
        if site is not None and self.is_production and live_of(site).get("locked"):
            raise PaasError(
                f"The site {site['name']} is locked: Netlify would process a production deploy and not publish it. "
                "Nothing was sent. Unlock it with webops.paas.netlify_publish, or deploy with draft=true.",
                code="locked",
            )

    def follow(
        self, client: DeploysClient, deploy: JsonObject, warn: Callable[[str], None], patience: Patience
    ) -> JsonObject:
        """Waits until a deploy is ready; for production, warns when it is not the live one then."""
        deploy = wait_for(client, deploy["id"], GOOD_STATES, patience)
        if self.is_production:
            site = client.require_site(deploy["site_id"])
            live = live_of(site)
            if live.get("id") != deploy["id"] and live.get("locked"):
                raise WaitFailed(
                    f"The deploy {deploy['id']} is ready, but not live: the site {site['name']} was locked meanwhile, "
                    f"with the deploy {live.get('id')} live. webops.paas.netlify_publish can make it live.",
                    code="locked",
                )
            if live.get("id") != deploy["id"]:
                warn(
                    f"The deploy {deploy['id']} is ready, but another one is live: {live.get('id')}. "
                    f"Does something else deploy to {site['name']}?"
                )
        return deploy


class Difference:
    """What a deploy would change; false when nothing.

    compared: a deploy or None. functions: {name: FunctionBundle}, None to leave them as they are.
    current: {path: sha1} of the compared deploy when that is known already.

    files: a ManifestDiff. functions: {name: sha256} afterwards. before, after: the sides of the diff.
    """

    def __init__(
        self,
        client: DeploysClient,
        compared: JsonObject | None,
        manifest: Manifest,
        functions: Functions | None,
        current: dict[str, str] | None = None,
    ) -> None:
        if current is None:
            current = comparable(files_of(client, compared), manifest.files)
        current_functions = functions_of(compared)
        self.compared = compared
        self.files = diff_manifests(current, manifest.files)
        self.functions = (
            current_functions if functions is None else {name: bundle.sha256 for name, bundle in functions.items()}
        )
        self._differs = bool(self.files) or self.functions != current_functions
        gone, come = (
            self.files.changed[:SHOWN] + self.files.removed[:SHOWN],
            self.files.added[:SHOWN] + self.files.changed[:SHOWN],
        )
        self.before = {
            "files": {path: current[path] for path in sorted(gone)},
            "number_of_files": len(current),
            "functions": current_functions,
        }
        self.after = {
            "files": {path: manifest.files[path] for path in sorted(come)},
            "number_of_files": len(manifest.files),
            "functions": self.functions,
        }

    def __bool__(self) -> bool:
        return self._differs


class Upload:
    """One deploy by digest: created or taken up again, and filled with what Netlify does not have yet.

    site: None when it does not exist (yet), which fails when something is to be sent.
    functions: {name: FunctionBundle} or None; those that stay as they are go along by their digest.
    """

    def __init__(
        self,
        client: DeploysClient,
        site: JsonObject | None,
        target: Target,
        manifest: Manifest,
        functions: Functions | None,
        difference: Difference,
    ) -> None:
        self.client = client
        self.site = site
        self.target = target
        self.manifest = manifest
        self.bundles = functions or {}
        self.is_async = len(manifest.files) > ASYNC_ABOVE
        self.body: JsonObject = {"files": manifest.files, **target.body}
        self.difference = difference
        self.functions = difference.functions
        if difference.functions:
            self.body["functions"] = {name: digest for name, digest in difference.functions.items() if digest}
        if self.is_async:
            self.body["async"] = True
        # Listed before anything was created: what is not among them came later.
        self._seen: set[str] = set()
        self.sent = {"files": 0, "bytes": 0}

    def predicted(self, begun: JsonObject | None, is_sent: bool) -> tuple[JsonObject, list[str]]:
        """(the result as far as it is known before, the keys of it that only Netlify can tell).

        begun: the deploy to join. is_sent: whether anything is uploaded at all.
        """
        compared = self.difference.compared
        known = {"previous_deploy_id": compared and compared["id"], "files": self.difference.files.summary()}
        if is_sent:
            deploy, unknown = self.target.to_come(self.site, self.difference.functions)
            return {"deploy": deploy, **known, "uploaded": None}, sorted([*unknown, "uploaded"])
        shown = begun or compared
        unknown = MOVING if begun else []
        return {"deploy": shown and deploy_view(shown), **known, "uploaded": {"files": 0, "bytes": 0}}, unknown

    def finished(self, deploy: JsonObject, wait: bool, warn: Callable[[str], None], patience: Patience) -> JsonObject:
        """The deploy_view of what was sent or joined, once it is done if it is waited for."""
        if wait:
            return deploy_view(self.target.follow(self.client, deploy, warn, patience))
        return deploy_view(self.client.get_deploy(deploy["id"]) or deploy)

    def is_own(self, deploy: JsonObject) -> bool:
        """Whether a listed deploy can be one that an earlier run of the same task has begun."""
        return deploy.get("title") == self.target.title and self.target.has(deploy)

    def begun_before(self, compared: JsonObject | None, restart: bool) -> JsonObject | None:
        """What an earlier run left, if it can be completed or is on its way: the newest of our own.

        None with restart.
        """
        if self.site is None:
            return None
        own: JsonObject | None = None
        for deploy in self.client.list_deploys(self.site["id"], limit=LOOK_BACK_UNFINISHED):
            self._seen.add(deploy["id"])
            if own is None and self.is_own(deploy):
                own = deploy
        if restart or own is None or own.get("state") in BAD_STATES:
            return None
        return own if own.get("state") not in GOOD_STATES or self._became_current(own, compared) else None

    def _became_current(self, own: JsonObject, compared: JsonObject | None) -> bool:
        """Whether a ready deploy of ours took its place between two reads of this run, rather than lost it before."""
        if compared is not None and compared["id"] == own["id"]:
            return False
        return not self.target.is_production or live_of(self.client.require_site(own["site_id"])).get("id") == own["id"]

    def is_on_its_way(self, deploy: JsonObject) -> bool:
        """Whether a deploy that was begun before has all of our content already, so that only waiting is left."""
        if deploy.get("state") in OPEN_STATES:
            return False
        is_same = comparable(files_of(self.client, deploy), self.manifest.files) == self.manifest.files
        # Functions are listed when all is processed; until then the title tells, if it names the content.
        return is_same and (
            functions_of(deploy) == self.functions
            or self.target.title_names_content
            and deploy["state"] not in GOOD_STATES
        )

    def open(self, begun: JsonObject | None) -> JsonObject:
        """The deploy to fill: the one that was begun before, with our manifest, or a new one."""
        if self.site is None:
            raise not_found(
                "Nothing was deployed: there is no such site. Create it with webops.paas.netlify_site first.", "getSite"
            )
        site_id = self.site["id"]
        if begun is not None and begun.get("state") in OPEN_STATES:
            return self._taken_up(begun)
        made, is_answer = create_once(
            lambda: self.client.create_deploy(site_id, self.body, self.target.title),
            lambda: self._made_meanwhile(site_id),
            self.client.http.clock,
        )
        return made if is_answer else self._taken_up(made)

    def _made_meanwhile(self, site_id: str) -> JsonObject | None:
        for deploy in self.client.list_deploys(site_id, limit=LOOK_BACK_UNFINISHED):
            if deploy["id"] in self._seen:
                return None
            if self.is_own(deploy):
                return deploy
        return None

    def _taken_up(self, deploy: JsonObject) -> JsonObject:
        """The response that was lost: only a manifest that is sent again tells reliably what is missing."""
        if deploy.get("state") in OPEN_STATES:
            return self.client.update_deploy(deploy["site_id"], deploy["id"], self.body)
        return deploy

    def fill(self, deploy: JsonObject, concurrency: int, patience: Patience) -> None:
        """Uploads what is required.

        A refusal by the platform cancels the deploy; a lost connection leaves it to the next run.
        """
        try:
            if self.is_async and deploy.get("state") not in COMPARED_STATES:
                deploy = wait_for(self.client, deploy["id"], COMPARED_STATES, patience)
            in_parallel(
                self.client.http,
                self._missing(deploy),
                lambda http, job: self._send(http, deploy["id"], *job),
                concurrency,
            )
        except ApiError as error:
            if error.status is not None and 400 <= error.status < 500 and error.status not in (401, 404, 408, 425, 429):
                self._abandon(deploy["id"])
            raise

    def _missing(self, deploy: JsonObject) -> list[tuple[str, str]]:
        """(kind, name) of each upload: one path per digest is enough."""
        paths = {sha: path for path, sha in reversed(self.manifest.files.items()) if self.manifest.has(path)}
        names = {bundle.sha256: name for name, bundle in self.bundles.items()}
        jobs = [("file", paths.get(sha), sha) for sha in dict.fromkeys(deploy.get("required") or [])]
        jobs += [("function", names.get(sha), sha) for sha in dict.fromkeys(deploy.get("required_functions") or [])]
        for kind, name, sha in jobs:
            if name is None:
                self._abandon(deploy["id"])
                raise ApiError(
                    f"Netlify asks for a {kind} with the digest {sha}, which this task does not have: one of the live "
                    "deploy is no longer stored there."
                    + (" Give functions_dir." if kind == "function" else " Deploy the whole directory."),
                    platform="netlify",
                    operation="createSiteDeploy",
                    code="unknown_digest",
                )
        return [(kind, name) for kind, name, _sha in jobs if name is not None]

    def _send(self, http: Http, deploy_id: str, kind: str, name: str) -> None:
        if kind == "file":
            size = self.manifest.size(name)
            try:
                self.client.upload_file(http, deploy_id, name, lambda: self.manifest.open(name))
            except ApiError as error:
                if error.status == 422 and "match" in error.message:
                    error.message += (
                        f" {name} was changed while it was being deployed; run again when nothing writes to src."
                    )
                raise
        else:
            bundle = self.bundles[name]
            size = bundle.size
            self.client.upload_function(http, deploy_id, name, bundle.runtime, bundle.open)
        with http.lock:
            self.sent["files"] += 1
            self.sent["bytes"] += size

    def _abandon(self, deploy_id: str) -> None:
        """Best effort: the deploy cannot be completed, and its failure is about to be told."""
        with contextlib.suppress(ApiError):
            cancel(self.client, deploy_id)
