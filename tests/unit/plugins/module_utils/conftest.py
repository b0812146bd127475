# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of several files: a tree to deploy."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.tests.unit.plugins.module_utils.trees import paths_of, write_tree, zip_of


@pytest.fixture(name="site")
def fixture_site(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    return site


@pytest.fixture(params=["directory", "zip"])
def deployed(request, tmp_path):
    """The paths that are deployed of a tree with the given paths, from a directory and from a zip of it."""

    def select(paths, **options):
        if request.param == "zip":
            return paths_of(zip_of(tmp_path / "site.zip", paths), **options)
        return paths_of(write_tree(tmp_path / "site", paths), **options)

    return select
