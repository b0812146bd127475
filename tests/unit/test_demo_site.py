# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "demo"))

import make_site


def contents(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }


@pytest.fixture(name="releases", scope="module")
def fixture_releases(tmp_path_factory):
    """The files of three releases, one written over the other."""
    directory, found = tmp_path_factory.mktemp("site"), []
    for release in (1, 2, 1):
        make_site.write_site(directory, release)
        found.append(contents(directory))
    return found


def test_the_same_arguments_give_the_same_bytes(releases):
    assert len(releases[0]) == make_site.FILES
    assert releases[0] == releases[2]


def test_a_release_adds_changes_and_removes_a_few_files_visibly(releases):
    first, second = releases[:2]
    assert second.keys() - first.keys() == {"releases/2.html", "releases/preview-3.html"}
    assert len(first.keys() - second.keys()) == 2 and "releases/preview-2.html" in first.keys() - second.keys()
    changed = {path for path in first.keys() & second.keys() if first[path] != second[path]}
    assert {"index.html", "about.html", "release.json"} <= changed and len(changed) < 6
    for release, files in enumerate((first, second), 1):
        assert json.loads(files["release.json"])["release"] == release
        assert f"Release {release}.0 is live" in files["index.html"].decode()


def test_every_link_leads_to_a_file(releases):
    for files in releases:
        for path, content in files.items():
            text = content.decode()
            assert not re.search(r"@\w+@", text), path
            for link in re.findall(r'(?:href|src)="/([^"#]*)"', text) if path.endswith(".html") else ():
                assert (link or "index.html") in files, f"{path} links to {link}"


@pytest.mark.parametrize("files, size", [(1000, 27_000_000), (777, 3_000_001), (401, None)])
def test_files_and_bytes_are_exact(tmp_path, files, size):
    make_site.write_site(tmp_path, files=files, size=size)
    written = contents(tmp_path)
    assert len(written) == files
    assert size in (None, sum(len(content) for content in written.values()))


def test_too_small_is_refused(tmp_path):
    with pytest.raises(ValueError, match="too few"):
        make_site.write_site(tmp_path, files=10)
    with pytest.raises(ValueError, match="too few"):
        make_site.write_site(tmp_path, size=1000)
