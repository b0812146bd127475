# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How deployments come about and end.

fact: flightcontrol 2.1 [DOC][Go]: PENDING while the previous one of the environment is not done, then
PENDING_DEPENDENCY, INPROGRESS, PROVISIONING, BUILDING, DEPLOYING, and one of the ends.
"""

from __future__ import annotations

import fnmatch
from typing import Any

from .model import BUILT, FINISHED, UNKNOWN, Commit, Deployment, Environment, Part, Repository, Service, Timeline
from .state import State

# which part of its time a deployment has behind it when a stage begins; the end is at 1
STAGES = (("PENDING", 0.0), ("INPROGRESS", 0.1), ("PROVISIONING", 0.3), ("BUILDING", 0.5), ("DEPLOYING", 0.8))
WAITING = ("PENDING_DEPENDENCY", 0.2)
# the last stage before an end
LAST_STAGE = {
    "NO_CHANGE": "PROVISIONING",
    "CANCELLED": "PROVISIONING",
    "ERROR": "PROVISIONING",
    "BUILD_ERROR": "BUILDING",
    "DEPLOY_ERROR": "DEPLOYING",
    "SUCCESS": "DEPLOYING",
    "never": "DEPLOYING",
}
FAILURES = ("ERROR", "BUILD_ERROR", "DEPLOY_ERROR")
BEHAVIOURS = {"unbuildable": "BUILD_ERROR", "undeployable": "DEPLOY_ERROR"}
MESSAGES = {
    "ERROR": "The deployment failed",
    "BUILD_ERROR": "The build failed with exit code 1",
    "DEPLOY_ERROR": "The new version did not become healthy",
}


class Refused(Exception):
    """There is nothing that could be deployed; the text is for people."""


def resolve(state: State, repository: Repository, branch: str, sha: str | None) -> Commit:
    """The newest commit of a branch, or the given one. Raises Refused."""
    history = repository.branches.get(branch)
    if not history:
        raise Refused(f"Branch {branch} not found")
    if sha is None:
        return history[-1]
    found = repository.find(sha, branch)
    if found is not None:
        return found[0]
    if state.ground.switches["flightcontrol_unknown_commit"] == "refused":
        raise Refused(f"Commit {sha} not found on branch {branch}")
    return Commit(sha, "", [])


def deploy(state: State, environment: Environment, commit: Commit, branch: str, force: bool, now: float) -> Deployment:
    """Start a deployment, behind those of the environment that are not done."""
    switches, settings = state.ground.switches, state.ground.settings
    previous = environment.deployments[-1] if environment.deployments else None
    start = max(now, previous.end) if previous else now
    duration = settings["flightcontrol_deployment_seconds"]
    results = _results(state, environment, commit, branch, force)
    result = _overall(switches["flightcontrol_deployment_result"], results, force)
    depends = any(service.depends_on for service in environment.services)
    timeline = _timeline(now, start, duration, result, depends, switches["flightcontrol_unknown_status"])
    late = switches["flightcontrol_new_deployment"] == "late"
    deployment = Deployment(
        state.new_id(),
        environment,
        commit,
        branch,
        now,
        timeline,
        now + settings["flightcontrol_visibility_seconds"] if late else now,
    )
    for service in environment.services:
        own = results[service.id] if result in FAILURES or result == "SUCCESS" else result
        deployment.parts[service.id] = Part(
            state.new_id(), service, _part_timeline(timeline, service, own), _error(state, own)
        )
    state.deployments[deployment.id] = deployment
    environment.deployments.append(deployment)
    return deployment


def _results(state: State, environment: Environment, commit: Commit, branch: str, force: bool) -> dict[str, str]:
    """How it ends for each service, by id: what fails takes along what depends on it."""
    results = {service.id: _result(environment, service, commit, branch, force) for service in environment.services}
    failure = state.ground.switches["flightcontrol_deployment_result"]
    if failure not in FAILURES:
        failure = BEHAVIOURS.get(commit.behaviour)
    if environment.project.repository.find(commit.sha) is None:
        failure = "ERROR"
    victim = next((service for service in environment.services if service.type in BUILT), None)
    if failure and victim is not None:
        results[victim.id] = failure
        for service in environment.services:
            if victim.given_id in service.depends_on:
                results[service.id] = "CANCELLED"
    return results


def _overall(wanted: str, results: dict[str, str], force: bool) -> str:
    if wanted != "SUCCESS":
        return wanted
    values = list(results.values())
    failure = next((value for value in values if value in FAILURES), None)
    if failure:
        return failure
    return "NO_CHANGE" if values and not force and all(value == "NO_CHANGE" for value in values) else "SUCCESS"


def _result(environment: Environment, service: Service, commit: Commit, branch: str, force: bool) -> str:
    """fact: flightcontrol 2.9 [DOC]: force ignores watchPaths; flightcontrol 4 [INFER]: new variables are a change"""
    last = _last_success(environment, service)
    if last is None:
        return "SUCCESS"
    if service.type not in BUILT:
        return "NO_CHANGE"
    if force or max(environment.variables.changed_at, service.variables.changed_at) > last.created_at:
        return "SUCCESS"
    if last.commit.sha == commit.sha:
        return "NO_CHANGE"
    if not service.watch_paths:
        return "SUCCESS"
    files = _changed_files(environment.project.repository, branch, last.commit, commit)
    touched = any(fnmatch.fnmatchcase(name, pattern) for name in files for pattern in service.watch_paths)
    return "SUCCESS" if touched else "NO_CHANGE"


def _last_success(environment: Environment, service: Service) -> Deployment | None:
    """The deployment that will be this service's last success once all that are waiting are done."""
    for deployment in reversed(environment.deployments):
        part = deployment.parts.get(service.id)
        if part is not None and part.timeline[-1][1] == "SUCCESS":
            return deployment
    return None


def _changed_files(repository: Repository, branch: str, old: Commit, new: Commit) -> list[str]:
    """Files of the commits between two of one branch, in either direction; else of the new one."""
    history = repository.branches.get(branch, [])
    if old in history and new in history:
        first, last = sorted((history.index(old), history.index(new)))
        return [name for commit in history[first + 1 : last + 1] for name in commit.files]
    return new.files


def _timeline(now: float, start: float, duration: float, result: str, depends: bool, unknown: str) -> Timeline:
    stages = list(STAGES[: 1 + [name for name, _part in STAGES].index(LAST_STAGE[result])])
    if depends:
        stages.insert(2, WAITING)
    timeline = [(now if name == "PENDING" else start + duration * part, name) for name, part in stages]
    if unknown == "passing":
        timeline.append((start + duration * 0.9, UNKNOWN))
    if unknown == "final":
        timeline.append((start + duration, UNKNOWN))
    elif result != "never":
        timeline.append((start + duration, result))
    return timeline


def _part_timeline(whole: Timeline, service: Service, result: str) -> Timeline:
    """As the whole; what depends on others waits for them until they are being deployed."""
    timeline = [entry for entry in whole if service.depends_on or entry[1] != "PENDING_DEPENDENCY"]
    if service.depends_on:
        timeline = [entry for entry in timeline if entry[1] not in ("PROVISIONING", "BUILDING")]
    moment, status = timeline[-1]
    if status in FINISHED:
        timeline[-1] = (moment, result)
    return timeline


def _error(state: State, result: str) -> Any:
    """fact: flightcontrol 2.1 [DOC]: null, an object or a string; [DOC 2023]: a list"""
    if result not in FAILURES:
        return None
    message = MESSAGES[result]
    return {"object": {"message": message}, "string": message, "null": None, "list": [{result: message}]}[
        state.ground.switches["flightcontrol_service_error"]
    ]
