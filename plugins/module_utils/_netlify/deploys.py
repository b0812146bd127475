# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a deploy on Netlify goes through, for the modules that make, follow or publish one. PRIVATE to the collection.

Sources: Netlify's API guide for the digest method and the asynchronous one; its command line client and its Go client
for what they do where the guide is silent.
"""

from __future__ import annotations

import collections.abc
import contextlib
import hashlib
import itertools

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, PaasError, WaitFailed
from ansible_collections.webops.paas.plugins.module_utils._core.parallel import in_parallel
from ansible_collections.webops.paas.plugins.module_utils._core.wait import create_once, wait_until
from ansible_collections.webops.paas.plugins.module_utils._netlify import manifest as _manifest
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import deploy_view, require_site

# "old" and "current" appear in listings of old sites instead of "ready".
GOOD_STATES = frozenset({"ready", "current", "old"})
# A canceled deploy is said to end in error, or in a state of its own.
BAD_STATES = frozenset({"error", "rejected", "canceled"})
# The manifest can still be sent (again), and files are taken.
OPEN_STATES = frozenset({"new", "preparing", "prepared", "uploading"})
# The answer to an asynchronous manifest is complete.
COMPARED_STATES = frozenset({"prepared", "uploading", "uploaded", "processing", "processed"}) | GOOD_STATES

# Requests are cut after 30 s; the vendor's client sends manifests of more files than this asynchronously.
ASYNC_ABOVE = 100
# How far back a branch's or a draft's newest deploy is looked for, and how far a run's own unfinished one.
LOOK_BACK = 500
LOOK_BACK_UNFINISHED = 100

# What still changes in a deploy that is on its way.
MOVING = ["functions", "locked", "published_at", "state", "updated_at"]
# Of each kind this many files are shown in a diff.
SHOWN = 50


def failure_of(deploy: dict) -> str | None:
    """Why a deploy ended badly, None unless it did."""
    if deploy.get("state") not in BAD_STATES:
        return None
    return f"ended in state {deploy['state']}: {deploy.get('error_message') or 'Netlify gives no reason'}"


def wait_for(client, deploy_id: str, states: collections.abc.Container, **patience) -> dict:
    """Follows a deploy until its state is one of states; raises WaitFailed when it ends badly, disappears or takes too long.

    patience: as _wait.wait_until takes it.
    """

    def poll() -> dict:
        deploy = client.get_deploy(deploy_id)
        if deploy is None:
            raise WaitFailed(
                f"The deploy {deploy_id} is gone: somebody deleted it while it was awaited.", code="deploy_gone"
            )
        return deploy

    def done(deploy: dict) -> bool:
        reason = failure_of(deploy)
        if reason:
            raise WaitFailed(f"The deploy {deploy_id} {reason}. The live site is as it was.", code="deploy_failed")
        return deploy.get("state") in states

    return wait_until(
        poll, done, what=f"The deploy {deploy_id}", show=lambda deploy: str(deploy.get("state")), **patience
    )


def files_of(client, deploy: dict | None) -> dict[str, str]:
    """{path: sha1} of a deploy, {} of none."""
    if deploy is None:
        return {}
    return {file["path"]: file["sha"] for file in client.list_deploy_files(deploy["id"])}


def functions_of(deploy: dict | None) -> dict[str, str]:
    """{name: sha256 of the zip} of a deploy."""
    return {
        function["n"]: function.get("d")
        for function in (deploy or {}).get("available_functions") or []
        if function.get("n")
    }


def fits(deploy: dict, params: dict) -> bool:
    """Whether a deploy has the declared state, branch and production; a server may know a filter and not apply it."""
    is_production = deploy.get("context") == "production"
    return (
        params["state"] in (None, deploy.get("state"))
        and params["branch"] in (None, deploy.get("branch"))
        and params["production"] in (None, is_production)
    )


def matching(client, site_id: str, params: dict):
    """Yields deploys that fit, newest first, at most params["limit"] of them."""
    filters = {"state": params["state"], "branch": params["branch"], "production": params["production"] or None}
    found = (
        deploy
        for deploy in client.list_deploys(site_id, per_page=min(100, params["limit"] or 100), **filters)
        if fits(deploy, params)
    )
    return itertools.islice(found, params["limit"])


def chosen_release(client, site: dict, params: dict) -> dict | None:
    """The deploy that shall be live, by deploy_id, previous and instead_of; the live one itself when it is to stay.

    None when instead_of says that nothing is to be done at all, not even to the lock.
    """
    live = site.get("published_deploy")
    live_id, guard = live and live["id"], params["instead_of"]
    if params["deploy_id"] and params["deploy_id"] == live_id:
        return live
    if guard not in (None, live_id):
        # A rollback that was cut short before its lock is finished; a newer release of somebody else is left alone.
        lacks_lock = live is not None and params["locked"] not in (None, bool(live.get("locked")))
        former = _former(client, site, guard) if params["previous"] and lacks_lock else None
        return live if former is not None and former["id"] == live_id else None
    if params["deploy_id"]:
        return _publishable(client, site, params["deploy_id"])
    if not params["previous"]:
        return live
    former = _former(client, site, live_id)
    if former is None:
        raise PaasError(
            f"The site {site['name']} has no release before {live_id} that could be put back.", code="no_previous"
        )
    return former


def _publishable(client, site: dict, deploy_id: str) -> dict:
    deploy = client.get_deploy(deploy_id)
    if deploy is None or deploy.get("site_id") != site["id"]:
        raise ApiError(
            f"The site {site['name']} has no deploy {deploy_id}; it may have been deleted.",
            platform="netlify",
            operation="getDeploy",
            status=404,
            code="not_found",
        )
    if deploy.get("state") not in GOOD_STATES:
        raise PaasError(
            f"The deploy {deploy['id']} cannot be published: its state is {deploy.get('state')}, not ready.",
            code="not_ready",
        )
    return deploy


def _former(client, site: dict, deploy_id: str | None) -> dict | None:
    """The newest release that is older than a deploy. Not simply what was live before it: that may be a newer release that was taken back."""
    listed = list(client.list_deploys(site["id"], limit=LOOK_BACK))
    end = next((deploy["created_at"] for deploy in listed if deploy["id"] == deploy_id), "")
    older = [
        deploy
        for deploy in listed
        if deploy.get("published_at") and deploy.get("state") in GOOD_STATES and deploy["created_at"] < end
    ]
    return max(older, key=lambda deploy: deploy["published_at"], default=None)


def wait_until_live(client, site_id: str, deploy_id: str, patience: dict) -> dict:
    """Answers the published deploy once it is the one."""
    return wait_until(
        lambda: require_site(client, site_id).get("published_deploy") or {},
        lambda live: live.get("id") == deploy_id,
        what=f"Publishing the deploy {deploy_id}",
        show=lambda live: f"that {live.get('id')} is live",
        **patience,
    )


def cancel(client, deploy_id: str) -> dict:
    """Ends a deploy. A refusal because it has ended already (a first attempt whose answer was lost) counts as done."""
    try:
        return client.cancel_deploy(deploy_id)
    except ApiError as error:
        deploy = client.get_deploy(deploy_id) if error.status == 422 else None
        if deploy is None or deploy.get("state") not in BAD_STATES:
            raise
        return deploy


def check_not_live(client, deploy: dict) -> None:
    site = client.get_site(deploy["site_id"]) or {}
    if (site.get("published_deploy") or {}).get("id") == deploy["id"]:
        raise PaasError(
            f"The deploy {deploy['id']} is the live one of {site.get('name')} and is not deleted. Publish another one first.",
            code="is_live",
        )


def content_title(manifest, functions) -> str:
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
        self.body = {"branch": branch} if branch else {"draft": True} if is_draft else {}

    def compared(self, client, site: dict | None) -> dict | None:
        """The deploy whose content counts as what is there now."""
        if site is None:
            return None
        if self.is_production:
            return site.get("published_deploy")
        query = {"branch": self.branch} if self.branch else {}
        return next(
            (
                deploy
                for deploy in client.list_deploys(site["id"], limit=LOOK_BACK, **query)
                if deploy.get("state") in GOOD_STATES
                and self.has(deploy)
                and (self.branch or deploy.get("title") == self.title)
            ),
            None,
        )

    def has(self, deploy: dict) -> bool:
        """Whether a listed deploy went to the same place."""
        if self.is_draft:
            return bool(deploy.get("draft"))
        if self.branch:
            return not deploy.get("draft") and deploy.get("branch") == self.branch
        return not deploy.get("draft") and deploy.get("context") in (None, "production")

    def to_come(self, site: dict | None, functions) -> tuple[dict, list]:
        """(deploy_view of a deploy that is about to be made, the keys of it that only Netlify can tell)."""
        known = {
            "site_id": site and site["id"],
            "title": self.title,
            "draft": self.is_draft,
            "functions": sorted(functions),
        }
        blank = dict.fromkeys(deploy_view({}))
        return {**blank, **known}, sorted(blank.keys() - known.keys())

    def check_not_locked(self, site: dict | None) -> None:
        if self.is_production and ((site or {}).get("published_deploy") or {}).get("locked"):
            raise PaasError(
                f"The site {site['name']} is locked: Netlify would process a production deploy and not publish it. Nothing was sent. "
                "Unlock it with webops.paas.netlify_publish, or deploy with draft=true.",
                code="locked",
            )

    def follow(self, client, deploy: dict, warn, patience: dict) -> dict:
        """Waits until a deploy is ready and, for production, tells when it is not the live one all the same."""
        deploy = wait_for(client, deploy["id"], GOOD_STATES, **patience)
        if self.is_production:
            site = require_site(client, deploy["site_id"])
            live = site.get("published_deploy") or {}
            if live.get("id") != deploy["id"] and live.get("locked"):
                raise WaitFailed(
                    f"The deploy {deploy['id']} is ready, but not live: the site {site['name']} was locked meanwhile, with the deploy "
                    f"{live.get('id')} live. webops.paas.netlify_publish can make it live.",
                    code="locked",
                )
            if live.get("id") != deploy["id"]:
                warn(
                    f"The deploy {deploy['id']} is ready, but another one is live: {live.get('id')}. Does something else deploy to {site['name']}?"
                )
        return deploy


class Change:
    """What a deploy would change; false when nothing.

    compared: a deploy or None. functions: {name: FunctionBundle}, None to leave them as they are. current: {path: sha1} of
    the compared deploy when that is known already.
    files: a _manifest.ManifestDiff. functions: {name: sha256} afterwards. before, after: the sides of the diff.
    """

    def __init__(
        self, client, compared: dict | None, manifest, functions: dict | None, current: dict | None = None
    ) -> None:
        if current is None:
            current = _manifest.comparable(files_of(client, compared), manifest.files)
        current_functions = functions_of(compared)
        self.files = _manifest.diff_manifests(current, manifest.files)
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

    site: None when it does not exist (yet), which fails when something is to be sent. functions: {name: FunctionBundle} or
    None; those that stay as they are go along by their digest.
    """

    def __init__(
        self, client, site: dict | None, target: Target, manifest, functions: dict | None, change: Change
    ) -> None:
        self.client = client
        self.site = site
        self.target = target
        self.manifest = manifest
        self.bundles = functions or {}
        self.is_async = len(manifest.files) > ASYNC_ABOVE
        self.body = {"files": manifest.files, **target.body}
        self.functions = change.functions
        if change.functions:
            self.body["functions"] = {name: digest for name, digest in change.functions.items() if digest}
        if self.is_async:
            self.body["async"] = True
        # Listed before anything was created: what is not among them came later.
        self._seen: set = set()
        self.sent = {"files": 0, "bytes": 0}

    def is_own(self, deploy: dict) -> bool:
        """Whether a listed deploy can be one that an earlier run of the same task has begun."""
        return deploy.get("title") == self.target.title and self.target.has(deploy)

    def begun_before(self, compared: dict | None, restart: bool) -> dict | None:
        """What an earlier run left, if it can be completed or is on its way: the newest of our own; None with restart."""
        if self.site is None:
            return None
        own = None
        for deploy in self.client.list_deploys(self.site["id"], limit=LOOK_BACK_UNFINISHED):
            self._seen.add(deploy["id"])
            if own is None and self.is_own(deploy):
                own = deploy
        if restart or own is None or own.get("state") in BAD_STATES:
            return None
        return own if own.get("state") not in GOOD_STATES or self._became_current(own, compared) else None

    def _became_current(self, own: dict, compared: dict | None) -> bool:
        """Whether a ready deploy of ours took its place between two reads of this run, rather than lost it before."""
        if compared is not None and compared["id"] == own["id"]:
            return False
        return (
            not self.target.is_production
            or (require_site(self.client, self.site["id"]).get("published_deploy") or {}).get("id") == own["id"]
        )

    def is_on_its_way(self, deploy: dict) -> bool:
        """Whether a deploy that was begun before has all of our content already, so that there is only to wait for it."""
        if deploy.get("state") in OPEN_STATES:
            return False
        is_same = _manifest.comparable(files_of(self.client, deploy), self.manifest.files) == self.manifest.files
        # Functions are listed when all is processed; until then the title tells, if it names the content.
        return is_same and (
            functions_of(deploy) == self.functions
            or self.target.title_names_content
            and deploy["state"] not in GOOD_STATES
        )

    def open(self, begun: dict | None) -> dict:
        """The deploy to fill: the one that was begun before, with our manifest, or a new one."""
        if self.site is None:
            raise ApiError(
                "Nothing was deployed: there is no such site. Create it with webops.paas.netlify_site first.",
                platform="netlify",
                operation="getSite",
                status=404,
                code="not_found",
            )
        if begun is not None and begun.get("state") in OPEN_STATES:
            return self._taken_up(begun)
        made, is_answer = create_once(
            lambda: self.client.create_deploy(self.site["id"], self.body, self.target.title),
            self._made_meanwhile,
            self.client.http.clock,
        )
        return made if is_answer else self._taken_up(made)

    def _made_meanwhile(self) -> dict | None:
        for deploy in self.client.list_deploys(self.site["id"], limit=LOOK_BACK_UNFINISHED):
            if deploy["id"] in self._seen:
                return None
            if self.is_own(deploy):
                return deploy
        return None

    def _taken_up(self, deploy: dict) -> dict:
        """The answer that was lost: only a manifest that is sent again tells reliably what is missing."""
        if deploy.get("state") in OPEN_STATES:
            return self.client.update_deploy(self.site["id"], deploy["id"], self.body)
        return deploy

    def fill(self, deploy: dict, concurrency: int, patience: dict) -> None:
        """Uploads what is required. A refusal by the platform cancels the deploy; a lost connection leaves it to the next run."""
        try:
            if self.is_async and deploy.get("state") not in COMPARED_STATES:
                deploy = wait_for(self.client, deploy["id"], COMPARED_STATES, **patience)
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

    def _missing(self, deploy: dict) -> list:
        """(kind, name) of each upload: one path per digest is enough."""
        paths = {sha: path for path, sha in reversed(self.manifest.files.items()) if self.manifest.has(path)}
        names = {bundle.sha256: name for name, bundle in self.bundles.items()}
        jobs = [("file", paths.get(sha), sha) for sha in dict.fromkeys(deploy.get("required") or [])]
        jobs += [("function", names.get(sha), sha) for sha in dict.fromkeys(deploy.get("required_functions") or [])]
        for kind, name, sha in jobs:
            if name is None:
                self._abandon(deploy["id"])
                raise ApiError(
                    f"Netlify asks for a {kind} with the digest {sha}, which this task does not have: one of the live deploy is no longer "
                    "stored there."
                    + (" Give functions_dir." if kind == "function" else " Deploy the whole directory."),
                    platform="netlify",
                    operation="createSiteDeploy",
                    code="unknown_digest",
                )
        return [(kind, name) for kind, name, _sha in jobs]

    def _send(self, http, deploy_id: str, kind: str, name: str) -> None:
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
            self.client.upload_function(http, deploy_id, name, bundle.runtime, lambda: open(bundle.path, "rb"))
        with http.lock:
            self.sent["files"] += 1
            self.sent["bytes"] += size

    def _abandon(self, deploy_id: str) -> None:
        """Best effort: the deploy cannot be completed, and its failure is about to be told."""
        with contextlib.suppress(ApiError):
            cancel(self.client, deploy_id)
