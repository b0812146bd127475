# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hasura Cloud: preview apps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.base import CANARY, Scenario
from scenarios.hasura import (
    DATABASE_URL,
    SOON,
    hasura,
    tenants,
)

if TYPE_CHECKING:
    from harness import World

PREVIEW = {
    "name": "preview",
    "github_token": CANARY + "-token",
    "repository": "example/shop",
    "branch": "new-prices",
    "directory": "hasura",
    "cloud": "aws",
    "region": "us-east-2",
    "env_vars": {"PG_DATABASE_URL": DATABASE_URL, "COUNT": 1},
}


def has_preview(world: World) -> None:
    """Exactly one project of this name exists, the one that was requested last."""
    (found,) = [tenant for tenant in tenants(world) if tenant["name"] == "preview"]
    assert found["env"]["PG_DATABASE_URL"] == DATABASE_URL and found["env"]["COUNT"] == "1"


def is_scheduled(world: World) -> None:
    assert [job for job in world.sandbox.state("hasura")["jobs"] if job["project_name"] == "preview"]


def preview(world: World) -> None:
    payload = {
        "githubPersonalAccessToken": "t",
        "githubRepoDetails": {"owner": "o", "repo": "r", "branch": "b", "directory": "."},
        "projectOptions": {
            "name": "preview",
            "cloud": "aws",
            "region": "us-east-2",
            "plan": "cloud_free",
            "envVars": [],
        },
    }
    hasura(
        world,
        "mutation($payload: CreateGithubPreviewAppInputPayload!) "
        "{ createGitHubPreviewApp(payload: $payload) { githubPreviewAppJobID } }",
        payload=payload,
    )
    world.sandbox.admin("POST", "clock", {"advance": 5})
    world.sandbox.state("hasura")


def no_preview(world: World) -> None:
    assert "preview" not in [tenant["name"] for tenant in tenants(world)]


SCENARIOS = (
    Scenario(
        "hasura_preview_app",
        "create",
        {**PREVIEW, **SOON},
        given=preview,
        secrets=(CANARY,),
        twice=False,
        reason="Each run with O(state=present) creates the project again",
        once=("createGitHubPreviewApp",),
        fails_under=(
            ("preview_app_job", "failed"),
            ("preview_app_job", "skipped"),
            ("preview_deploy_job", "failed"),
            ("preview_deploy_job", "skipped"),
        ),
        holds=has_preview,
    ),
    Scenario(
        "hasura_preview_app",
        "create-without-waiting",
        {**PREVIEW, "wait": False},
        secrets=(CANARY,),
        twice=False,
        reason="Each run with O(state=present) creates the project again",
        once=("createGitHubPreviewApp",),
        holds=is_scheduled,
    ),
    Scenario("hasura_preview_app", "delete", {"name": "preview", "state": "absent"}, given=preview, holds=no_preview),
    Scenario(
        "hasura_preview_app",
        "delete-absent",
        {"name": "preview", "state": "absent", "wait": False},
        changes=False,
        holds=no_preview,
    ),
)


BAD_INPUT = (
    ("hasura_preview_app", {"state": "absent"}, ["name"]),
    ("hasura_preview_app", {"name": "preview"}, ["github_token", "repository", "branch", "cloud", "region"]),
    ("hasura_preview_app", {**PREVIEW, "name": "Preview"}, ["name", "'Preview'"]),
    ("hasura_preview_app", {**PREVIEW, "repository": "shop"}, ["repository", "owner/name", "'shop'"]),
    ("hasura_preview_app", {**PREVIEW, "branch": " "}, ["branch"]),
    ("hasura_preview_app", {**PREVIEW, "env_vars": {"A B": "1"}}, ["env_vars", "A B"]),
    (
        "hasura_preview_app",
        {**PREVIEW, "env_vars": {"HASURA_GRAPHQL_METADATA_DATABASE_URL": "1"}},
        ["env_vars", "METADATA_DATABASE_URL"],
    ),
)
