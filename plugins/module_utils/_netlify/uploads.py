# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One deploy by digest: its changes, and the upload. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable
from typing import NamedTuple

from ansible_collections.webops.paas.plugins.module_utils._core.adaptive import MOST, mixed
from ansible_collections.webops.paas.plugins.module_utils._core.amounts import counted, size_words
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.parallel import in_parallel
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._core.wait import Patience, create_once, write_until
from ansible_collections.webops.paas.plugins.module_utils._http.transport import Http
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import not_found
from ansible_collections.webops.paas.plugins.module_utils._netlify.artifacts import Artifact
from ansible_collections.webops.paas.plugins.module_utils._netlify.deploys import (
    BAD_STATES,
    COMPARED_STATES,
    GOOD_STATES,
    LOOK_BACK_UNFINISHED,
    MOVING,
    OPEN_STATES,
    DeploysClient,
    cancel,
    deploy_view,
    files_of,
    live_of,
    shown_files,
    wait_for,
)
from ansible_collections.webops.paas.plugins.module_utils._netlify.function_settings import configs_of, upload_query
from ansible_collections.webops.paas.plugins.module_utils._netlify.functions import (
    Functions,
    functions_of,
    regions_of,
    schedules_of,
)
from ansible_collections.webops.paas.plugins.module_utils._netlify.manifest import Manifest, comparable, diff_manifests
from ansible_collections.webops.paas.plugins.module_utils._netlify.patterns import ManifestError
from ansible_collections.webops.paas.plugins.module_utils._netlify.targets import Target, mark_in

# Requests are limited to 30 s; the vendor's client sends manifests with more files than this asynchronously.
ASYNC_ABOVE = 100
# Refusals that a change in between may have caused; the state of the deploy shows the reason.
UNSETTLED_STATUS = (400, 404, 409, 422)
# Refusals that may not occur in another run.
PASSING_STATUS = (401, 404, 408, 425, 429)
# Number of refused files after which no further files are uploaded.
REFUSALS = 8
# An item to upload: ("file", path), ("function", name) or ("edge function", sha256).
Job = tuple[str, str]


class Extras(NamedTuple):
    """What only some deploys have.

    edge_functions: bundles by format. environment: [{key, value, is_secret, scopes}] of this deploy. mark: of what
    Netlify does not return, see C(mark_of) in _netlify.function_settings; None if the task declares nothing of it.
    """

    edge_functions: dict[str, Artifact] = {}
    environment: list[JsonObject] = []
    mark: str | None = None


NO_EXTRAS = Extras()


class Difference:
    """The changes of a deploy; false without changes.

    compared: a deploy or None. functions: {name: FunctionBundle}, None to keep them.
    current: {path: sha1} of the compared deploy when that is known already. mark: see Extras.

    files: a ManifestDiff. functions: {name: sha256} afterwards. schedules: {name: cron expression} afterwards. configs:
    {name: settings} of functions to send.
    """

    def __init__(
        self,
        client: DeploysClient,
        compared: JsonObject | None,
        manifest: Manifest,
        functions: Functions | None,
        current: dict[str, str] | None = None,
        mark: str | None = None,
    ) -> None:
        if current is None:
            current = comparable(files_of(client, compared), manifest.files)
        current_functions, current_schedules = functions_of(compared), schedules_of(compared)
        self.compared = compared
        self.files = diff_manifests(current, manifest.files)
        self.functions = (
            current_functions if functions is None else {name: bundle.sha256 for name, bundle in functions.items()}
        )
        settings = {name: bundle.settings for name, bundle in (functions or {}).items()}
        if functions is None:
            # Of functions that are kept, only these settings can be read. Others are lost.
            self.schedules = current_schedules
            self.configs = {name: {"region": region} for name, region in sorted(regions_of(compared).items())}
        else:
            self.schedules = {name: values["schedule"] for name, values in settings.items() if "schedule" in values}
            self.configs = configs_of(settings)
        current_mark = "" if compared is None else mark_in(compared)
        has_other_settings = None not in (mark, current_mark) and mark != current_mark
        self._differs = (
            bool(self.files)
            or self.functions != current_functions
            or self.schedules != current_schedules
            or has_other_settings
        )
        self._current, self._wanted = current, manifest.files
        # What differs besides the files, before and after.
        self._others: tuple[JsonObject, JsonObject] = (
            {"functions": current_functions, "schedules": current_schedules},
            {"functions": self.functions, "schedules": self.schedules},
        )
        if has_other_settings:
            for side, text in zip(self._others, (current_mark, mark), strict=True):
                side["settings"] = text or None

    def __bool__(self) -> bool:
        return self._differs

    def sides(self) -> tuple[JsonObject, JsonObject]:
        """Of the diff: the files by what becomes of them, changed ones with their digests."""
        files = self.files
        counts = [f"{number} {kind}" for kind, number in files.summary()["counts"].items() if number]
        before = {
            "changed": {path: self._current[path] for path in files.changed},
            "removed": files.removed,
        }
        after = {
            "counts": ", ".join(counts),
            "added": files.added,
            "changed": {path: self._wanted[path] for path in files.changed},
        }
        return _side(before, self._others[0]), _side(after, self._others[1])


def _side(files: JsonObject, others: JsonObject) -> JsonObject:
    """Of a diff, without what is empty."""
    side = {"files": {kind: paths for kind, paths in files.items() if paths}, **others}
    return {kind: value for kind, value in side.items() if value or kind == "settings"}


class Upload:
    """One deploy by digest: created or resumed, with an upload of the content that Netlify does not have yet.

    site: None when it does not exist (yet), which is an error if something must be sent.
    functions: {name: FunctionBundle} or None; unchanged functions are sent by their digest only.
    """

    def __init__(
        self,
        client: DeploysClient,
        site: JsonObject | None,
        target: Target,
        manifest: Manifest,
        functions: Functions | None,
        difference: Difference,
        extras: Extras = NO_EXTRAS,
    ) -> None:
        self.client = client
        self.site = site
        self.target = target
        self.manifest = manifest
        self.bundles = functions or {}
        self.artifacts: dict[Job, Artifact] = {("function", name): bundle for name, bundle in self.bundles.items()}
        self.artifacts.update((("edge function", bundle.sha256), bundle) for bundle in extras.edge_functions.values())
        self.is_async = len(manifest.files) > ASYNC_ABOVE
        self.difference = difference
        self.functions = difference.functions
        self.body: JsonObject = {"files": manifest.files, **target.body, **_rest_of_body(difference, extras)}
        if self.is_async:
            self.body["async"] = True
        # Listed before anything is created, to recognize newer deploys.
        self._seen: set[str] = set()
        # The deploy that this run certainly created; only this one can be canceled.
        self._created_id: str | None = None
        self.sent = {"files": 0, "bytes": 0}

    def predicted(self, begun: JsonObject | None, is_sent: bool) -> tuple[JsonObject, list[str]]:
        """(the predicted result, its keys that only Netlify can determine).

        begun: the deploy to join. is_sent: whether anything is uploaded.
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
        """The deploy_view of the deploy that was sent or joined, after it is done if the task waits."""
        if wait:
            return deploy_view(self.target.follow(self.client, deploy, warn, patience))
        return deploy_view(self.client.get_deploy(deploy["id"]) or deploy)

    def to_join(self, *, restart: bool = False) -> tuple[JsonObject | None, bool]:
        """(a deploy of an earlier run to complete or to join, whether anything must be sent). Raises PaasError."""
        self.target.check_not_locked(self.site)
        begun = self._begun_before(restart)
        return begun, begun is None or begun.get("state") in OPEN_STATES

    def _begun_before(self, restart: bool) -> JsonObject | None:
        """A deploy of an earlier run that can be completed or joined: the newest one with the same content.

        None with restart. Deploys with the same title but other content belong to somebody else.
        """
        if self.site is None:
            return None
        listed = list(self.client.list_deploys(self.site["id"], limit=LOOK_BACK_UNFINISHED))
        self._seen.update(deploy["id"] for deploy in listed)
        if restart:
            return None
        compared = self.difference.compared
        newer = itertools.takewhile(lambda deploy: compared is None or deploy["id"] != compared["id"], listed)
        for deploy in filter(self._has_our_name, newer):
            if deploy.get("state") in GOOD_STATES:
                return deploy if self._became_current(deploy) and self._has_our_content(deploy) else None
            if self._has_our_content(deploy):
                return deploy
        return None

    def _has_our_name(self, deploy: JsonObject) -> bool:
        """Whether a listed deploy has not failed and has the same title and target, which is not unique."""
        return (
            deploy.get("title") == self.target.title
            and deploy.get("state") not in BAD_STATES
            and self.target.has(deploy)
        )

    def _has_our_content(self, deploy: JsonObject) -> bool:
        """Whether a deploy has exactly the content of this task.

        A title that identifies the content is enough, unless a file contradicts it. Functions are not listed before the
        processing ends: until then, a deploy with functions and another title cannot be recognized.
        """
        files = comparable(shown_files(self.client, deploy) or {}, self.manifest.files)
        if self.target.title_names_content and deploy.get("state") not in GOOD_STATES:
            return files.items() <= self.manifest.files.items()
        return (
            files == self.manifest.files
            and functions_of(deploy) == self.functions
            and schedules_of(deploy) == self.difference.schedules
            and not deploy.get("required_functions")
            and not deploy.get("required_edge_functions")
        )

    def _became_current(self, own: JsonObject) -> bool:
        """Whether a ready deploy of this content went live between two reads of this run, not before."""
        return not self.target.is_production or live_of(self.client.require_site(own["site_id"])).get("id") == own["id"]

    def open(self, begun: JsonObject | None) -> JsonObject:
        """The deploy to upload to: the one that was started before, with this manifest, or a new one."""
        if self.site is None:
            raise not_found("Nothing was deployed. Create the site with webops.paas.netlify_site first.", "getSite")
        if begun is not None:
            return self._taken_up(begun)
        site_id = self.site["id"]
        made, is_response = create_once(
            lambda: self.client.create_deploy(site_id, self.body, self.target.title),
            lambda: self._made_meanwhile(site_id),
            self.client.http.clock,
        )
        if not is_response:
            return self._taken_up(made)
        self._created_id = made["id"]
        return made

    def _made_meanwhile(self, site_id: str) -> JsonObject | None:
        listed = self.client.list_deploys(site_id, limit=LOOK_BACK_UNFINISHED)
        new = itertools.takewhile(lambda deploy: deploy["id"] not in self._seen, listed)
        return next((each for each in new if self._has_our_name(each) and self._has_our_content(each)), None)

    def _taken_up(self, deploy: JsonObject) -> JsonObject:
        """Replaces a lost response: only sending the manifest again returns reliably what is missing."""
        if deploy.get("state") not in OPEN_STATES:
            return deploy
        try:
            return self.client.update_deploy(deploy["site_id"], deploy["id"], self.body)
        except ApiError as error:
            now = self.client.get_deploy(deploy["id"]) if error.status in UNSETTLED_STATUS else None
            if now is None or now.get("state") in OPEN_STATES:
                raise
            # Another run completed it.
            return now

    def fill(self, deploy: JsonObject, concurrency: int | None, patience: Patience) -> None:
        """Uploads the required content. concurrency: number of uploads at the same time, None for the best number.

        The text of a refusal is not interpreted. Instead, the file and the deploy, which may already be complete, are
        read again. A final refusal cancels the deploy if this run created it; after a lost connection the deploy is
        left to the next run.
        """
        refused: list[tuple[Job, ApiError]] = []

        def send(http: Http, job: Job) -> None:
            try:
                self._send(http, deploy["id"], job)
            except ApiError as error:
                if error.status not in UNSETTLED_STATUS:
                    raise
                self._check_unchanged(job)
                refused.append((job, error))
                if len(refused) > REFUSALS:
                    raise
            else:
                self._count(http, job)

        def send_all(deploy: JsonObject, jobs: list[Job]) -> JsonObject:
            refused.clear()
            before, total = self.sent["bytes"], size_words(sum(map(self._size, jobs)))

            def told(done: int, files: int) -> str:
                return (
                    f"{done} of {counted(files, 'file')} uploaded, {size_words(self.sent['bytes'] - before)} of {total}"
                )

            most = _upload_limit(deploy) or MOST
            in_parallel(self.client.http, mixed(jobs, self._size), send, concurrency, told, most)
            if refused:
                raise refused[0][1]
            return {**deploy, **dict.fromkeys(("required", "required_functions", "required_edge_functions"), [])}

        def looked_at() -> JsonObject:
            now = wait_for(self.client, deploy["id"], COMPARED_STATES, patience)
            now = self._compared(self._taken_up(now), patience)
            missing = self._missing(now)
            for job, _error in refused:
                if job not in missing:
                    self._count(self.client.http, job)
            return now

        try:
            write_until(
                self._compared(deploy, patience),
                self._missing,
                send_all,
                looked_at,
                self.client.http.clock,
                is_final=lambda error: error.status not in UNSETTLED_STATUS,
            )
        except (ApiError, ManifestError) as error:
            if deploy["id"] == self._created_id and _is_hopeless(error):
                with contextlib.suppress(ApiError):  # best effort
                    cancel(self.client, deploy["id"])
            raise

    def _compared(self, deploy: JsonObject, patience: Patience) -> JsonObject:
        """Waits until the deploy has the list of required content."""
        if self.is_async and deploy.get("state") not in COMPARED_STATES:
            return wait_for(self.client, deploy["id"], COMPARED_STATES, patience)
        return deploy

    def _missing(self, deploy: JsonObject) -> list[Job]:
        """One path per digest is enough."""
        paths = {sha: path for path, sha in reversed(self.manifest.files.items()) if self.manifest.has(path)}
        jobs = [("file", paths.get(sha), sha) for sha in dict.fromkeys(deploy.get("required") or [])]
        for kind in ("function", "edge function"):
            names = {artifact.sha256: name for (each, name), artifact in self.artifacts.items() if each == kind}
            required = deploy.get(f"required_{kind.replace(' ', '_')}s") or []
            jobs += [(kind, names.get(sha), sha) for sha in dict.fromkeys(required)]
        for kind, name, sha in jobs:
            if name is None:
                raise self._unknown_digest(kind, sha)
        return [(kind, name) for kind, name, _sha in jobs if name is not None]

    def _unknown_digest(self, kind: str, sha: str) -> ApiError:
        if sha in self.manifest.files.values() or sha in self.functions.values():
            reason = "which this task does not have: a file of the live deploy is no longer stored on Netlify." + (
                " Set `functions_dir`." if kind == "function" else " Deploy the whole directory."
            )
        else:
            reason = (
                "which is not in the list that was sent, because something else changed the deploy. Run the task again."
            )
        return ApiError(
            f"Netlify requires a {kind} with the digest {sha}, {reason}",
            platform="netlify",
            operation="createSiteDeploy",
            code="unknown_digest",
        )

    def _send(self, http: Http, deploy_id: str, job: Job) -> None:
        kind, name = job
        if kind == "file":
            self.client.upload_file(http, deploy_id, name, lambda: self.manifest.open(name))
        elif kind == "function":
            bundle = self.bundles[name]
            self.client.upload_function(http, deploy_id, name, upload_query(bundle.settings), bundle.open)
        else:
            self.client.upload_edge_functions(http, deploy_id, name, self.artifacts[job].open)

    def _check_unchanged(self, job: Job) -> None:
        if job in self.artifacts:
            self.artifacts[job].check_unchanged()
        else:
            self.manifest.check_unchanged(job[1])

    def _count(self, http: Http, job: Job) -> None:
        with http.lock:
            self.sent["files"] += 1
            self.sent["bytes"] += self._size(job)

    def _size(self, job: Job) -> int:
        return self.artifacts[job].size if job in self.artifacts else self.manifest.size(job[1])


def _rest_of_body(difference: Difference, extras: Extras) -> JsonObject:
    """What the body of a deploy has besides its files and its target, without what is empty."""
    parts = {
        "functions": {name: digest for name, digest in difference.functions.items() if digest},
        "function_schedules": [{"name": name, "cron": cron} for name, cron in sorted(difference.schedules.items())],
        "functions_config": difference.configs,
        "edge_functions": {name: bundle.sha256 for name, bundle in extras.edge_functions.items()},
        "environment": extras.environment,
    }
    return {name: part for name, part in parts.items() if part}


def _upload_limit(deploy: JsonObject) -> int | None:
    """How many uploads at the same time Netlify accepts, if it says so."""
    limit = deploy.get("concurrent_upload_limit")
    return limit if isinstance(limit, int) and limit > 0 else None


def _is_hopeless(error: PaasError) -> bool:
    """Whether no other run can complete the deploy."""
    if not isinstance(error, ApiError):
        return True
    is_refusal = error.status is not None and 400 <= error.status < 500 and error.status not in PASSING_STATUS
    return is_refusal or error.code == "unknown_digest"
