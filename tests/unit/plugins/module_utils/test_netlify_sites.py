# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent about a site and its repository."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.plugins.module_utils._netlify import build_settings, sites

LINK = {"provider": "github", "repo_path": "example/shop"}


def view(**build_settings):
    return sites.site_view({"build_settings": build_settings})


def sent(declared, current=None):
    """The body for declared build settings, {key of the body: what is below}."""
    settings = build_settings.BuildSettings().after((current or {}).get("build_settings"), declared)
    return sites.site_body({"build_settings": settings}, current, {"build_settings": declared})


@pytest.mark.parametrize("current", [None, view(), view(cmd="make")], ids=["new", "bare", "with a command"])
@pytest.mark.parametrize(
    "declared, branches",
    [
        ({**LINK}, None),
        ({**LINK, "branch": "main"}, ["main"]),
        ({**LINK, "branch": "main", "allowed_branches": None}, ["main"]),
        ({**LINK, "branch": "main", "allowed_branches": []}, []),
        ({**LINK, "branch": "main", "allowed_branches": ["a", "main"]}, ["a", "main"]),
    ],
)
def test_branches_that_a_new_link_allows(declared, branches, current):
    repo = sent(declared, current)["repo"]
    assert repo.get("allowed_branches") == branches and repo.get("repo_branch") == declared.get("branch")


def test_a_link_has_the_id_of_the_repository():
    assert sent({**LINK, "repo_id": 4711})["repo"] == {**LINK, "id": 4711}
    assert sent({**LINK, "repo_id": 4711, "cmd": "make"}, view(**LINK)) == {"build_settings": {**LINK, "cmd": "make"}}


def test_a_site_that_is_linked_keeps_its_branches():
    every = view(**LINK, repo_branch="main")
    assert sent({"branch": "next"}, every) == {"build_settings": {**LINK, "branch": "next"}}
    assert "allowed_branches" not in sent({"repo_path": "example/other", "branch": "next"}, every)["repo"]
    some = view(**LINK, repo_branch="main", allowed_branches=["main"])
    assert sent({"repo_path": "example/other"}, some)["repo"]["allowed_branches"] == ["main"]
    assert sent({"allowed_branches": []}, some)["build_settings"]["allowed_branches"] == []
