# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties of the manifest for random trees and patterns, compared with a slow reference implementation."""

from __future__ import annotations

import fnmatch
import os
import pathlib
import tempfile
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.webops.paas.plugins.module_utils._netlify.manifest import build_manifest, diff_manifests
from ansible_collections.webops.paas.plugins.module_utils._netlify.patterns import ManifestError, platform_skips

NAMES = ["a", "b", "ab", "a.b", "-", ".a", ".git", ".well-known", "node_modules", "__MACOSX", "é"]
SEGMENTS = [
    "a",
    "b",
    "ab",
    ".a",
    ".git",
    ".well-known",
    "node_modules",
    "*",
    "?",
    "**",
    "a*",
    "*b",
    "*.*",
    ".*",
    "[ab]",
    "[!a]",
    "[a-c]b",
    "??",
    "a**b",
    "[-]",
    "*a*b*",
]

contents = st.binary(max_size=40)
paths = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join)
patterns = st.builds(
    lambda start, segments, end: start + "/".join(segments) + end,
    st.sampled_from(["", "", "/"]),
    st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=4),
    st.sampled_from(["", "", "/"]),
)
pattern_lists = st.lists(patterns, max_size=3)


def without_conflicts(tree):
    """Drops impossible combinations: a file where another path needs a directory."""
    directories = {parent for path in tree for parent in parents(path)}
    return {path: content for path, content in tree.items() if path not in directories}


trees = st.dictionaries(paths, contents, min_size=1, max_size=12).map(without_conflicts)


# --- The reference: slow, and literally the rules of the documentation ---


def parents(path):
    """Every directory above a path, from the top."""
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


def segments_match(pattern, names):
    if not pattern:
        return not names
    if pattern == ["**"]:
        return bool(names)
    if pattern[0] == "**":
        return any(segments_match(pattern[1:], names[skipped:]) for skipped in range(len(names) + 1))
    return bool(names) and fnmatch.fnmatchcase(names[0], pattern[0]) and segments_match(pattern[1:], names[1:])


def matches(pattern, path, is_dir):
    if pattern.endswith("/"):
        pattern = pattern[:-1]
        if not is_dir:
            return False
    if "/" not in pattern:
        return fnmatch.fnmatchcase(path.split("/")[-1], pattern)
    return segments_match(pattern.removeprefix("/").split("/"), path.split("/"))


def covers(pattern, path, is_dir=False):
    return matches(pattern, path, is_dir) or any(matches(pattern, parent, True) for parent in parents(path))


def is_kept(path, include, exclude):
    if any(covers(pattern, path) for pattern in exclude):
        return False
    if any(covers(pattern, path) for pattern in include if "/" in pattern.removesuffix("/")):
        return True
    steps = [(parent, True) for parent in parents(path)] + [(path, False)]
    return all(
        not platform_skips(step, is_dir) or any(covers(pattern, step, is_dir) for pattern in include)
        for step, is_dir in steps
    )


# --- The code under test ---


def write_tree(root, tree):
    for path, content in tree.items():
        target = pathlib.Path(root, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return root


def write_zip(path, tree):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in tree.items():
            archive.writestr(name, content)
    return path


def outcome(src, **options):
    """(files, digest, bytes), or None when there is nothing to deploy."""
    try:
        with build_manifest(src, **options) as manifest:
            return manifest.files, manifest.digest, manifest.total_bytes
    except ManifestError as error:
        assert "no files to deploy" in error.message
        return None


@settings(max_examples=400, deadline=None)
@given(tree=trees, include=pattern_lists, exclude=pattern_lists)
def test_selection_is_as_documented_for_directories_and_zips(tree, include, exclude):
    with tempfile.TemporaryDirectory() as place:
        from_directory = outcome(write_tree(f"{place}/site", tree), include=include, exclude=exclude)
        from_zip = outcome(write_zip(f"{place}/site.zip", tree), include=include, exclude=exclude)
    assert from_directory == from_zip
    kept = sorted(path for path in tree if is_kept(path, include, exclude))
    assert list(from_directory[0] if from_directory else []) == kept


@settings(max_examples=100, deadline=None)
@given(tree=trees, data=st.data())
def test_order_and_dates_do_not_matter(tree, data):
    shuffled = dict(data.draw(st.permutations(list(tree.items()))))
    with tempfile.TemporaryDirectory() as place:
        first = outcome(write_tree(f"{place}/1", tree))
        write_tree(f"{place}/2", shuffled)
        for path in shuffled:
            os.utime(f"{place}/2/{path}", (data.draw(st.integers(0, 2**31)),) * 2)
        assert outcome(f"{place}/2") == first
        assert outcome(write_zip(f"{place}/3", shuffled)) == first


@settings(max_examples=100, deadline=None)
@given(one=trees, other=trees)
def test_digests_are_equal_exactly_when_the_files_are(one, other):
    with tempfile.TemporaryDirectory() as place:
        first = outcome(write_tree(f"{place}/1", one), include=["**"])
        second = outcome(write_tree(f"{place}/2", other), include=["**"])
    assert (first[1] == second[1]) == (one == other)


manifests = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("12"))


@given(current=manifests, wanted=manifests, limit=st.integers(0, 9))
def test_a_diff_leads_from_current_to_wanted(current, wanted, limit):
    diff = diff_manifests(current, wanted)
    result = {path: sha1 for path, sha1 in current.items() if path not in diff.removed}
    result.update({path: wanted[path] for path in diff.added + diff.changed})
    assert result == wanted
    assert bool(diff) == (current != wanted)
    summary = diff.summary(limit)
    listed = sum(len(summary[name]) for name in ("added", "changed", "removed"))
    assert listed + summary["omitted"] + summary["counts"]["unchanged"] == len(current.keys() | wanted.keys())
    assert all(len(summary[name]) <= limit for name in ("added", "changed", "removed"))
