# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os

import pytest

from ansible_collections.webops.paas.plugins.module_utils._netlify.manifest import build_manifest
from ansible_collections.webops.paas.plugins.module_utils._netlify.patterns import ManifestError
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.trees import paths_of, refusal, write_tree, zip_of


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "_redirects",
        "_headers",
        "netlify.toml",
        ".well-known/security.txt",
        "a/.well-known/x",
        "a/b/c/d/e",
        "a/node_modules/x",
        "a/bower_components/x",
        "node_modules2/x",
        "MACOSX/x",
        "a b/ü.html",
        "%20.html",
        "x/i..html",
    ],
)
def test_kept(deployed, path):
    assert deployed([path]) == [path]


@pytest.mark.parametrize(
    "path",
    [
        ".htaccess",
        ".git/config",
        "a/.git/config",
        "a/.DS_Store",
        ".well-known/.hidden",
        ".well-known.bak/x",
        "node_modules/x/y.js",
        "bower_components/x",
        "__MACOSX/x",
        "a/__MACOSX/x",
        "__MACOSX.txt",
        "a/.well-known",
        "...",
    ],
)
def test_skipped(deployed, path):
    assert deployed(["index.html", path]) == ["index.html"]
    assert deployed(["index.html", path], include=[path]) == sorted(["index.html", path])
    assert deployed(["index.html", path], include=[path], exclude=["/" + path]) == ["index.html"]


def test_a_single_top_directory_of_a_zip_stays(tmp_path):
    assert paths_of(zip_of(tmp_path / "a.zip", ["site/index.html", "site/a.css"])) == ["site/a.css", "site/index.html"]


# -- patterns ---------------------------------------------------------------------------------------------------------


PATTERN_CASES = [
    # pattern, paths that it matches, paths that it does not
    ("*.map", ["a.map", "d/e/a.map", ".map", "x.map/below"], ["a.map2", "amap", "map"]),
    ("a.html", ["a.html", "d/a.html", "a.html/below"], ["A.html", "xa.html", "aXhtml"]),
    ("/a", ["a", "a/b"], ["d/a", "ab"]),
    ("/*.txt", ["a.txt"], ["d/a.txt"]),
    ("drafts/", ["drafts/x", "d/drafts/x/y"], ["drafts", "d/drafts", "mydrafts/x"]),
    ("/drafts/", ["drafts/x"], ["d/drafts/x", "drafts"]),
    ("d/drafts", ["d/drafts", "d/drafts/x"], ["drafts", "e/d/drafts"]),
    ("d/drafts/", ["d/drafts/x"], ["d/drafts", "e/d/drafts/x"]),
    ("d/*", ["d/a", "d/a/b"], ["d", "e/d/a"]),
    ("d/*.html", ["d/a.html"], ["d/e/a.html"]),
    ("d/*/x", ["d/e/x"], ["d/x", "d/e/f/x"]),
    ("d/**/x", ["d/x", "d/e/x", "d/e/f/x"], ["x", "dx", "e/d/x"]),
    ("d/**", ["d/x", "d/e/x", "d/new\nline"], ["d", "dd/x"]),
    ("**/x", ["x", "d/x", "d/e/x"], ["dx"]),
    ("**", ["x", "d/x"], []),
    ("**/**/x", ["x", "d/e/x"], ["y"]),
    ("**/", ["d/x"], ["x"]),
    ("a**b", ["ab", "aXb", "d/aXXb"], ["a/b", "aX/Xb"]),
    ("?.css", ["a.css", "d/é.css"], ["ab.css", ".css"]),
    ("d?x", ["dax"], ["d/x", "dx"]),
    ("[ab].css", ["a.css", "b.css"], ["c.css", "ab.css", "[.css"]),
    ("[!ab].css", ["c.css", "!.css"], ["a.css", "b.css", "ab.css"]),
    ("d[!a]x", ["dbx"], ["dax", "d/x"]),
    ("[a-c]1", ["a1", "b1", "c1"], ["d1", "-1"]),
    ("[]x]", ["]", "x"], ["a", "[]x]"]),
    ("[!]x]", ["a"], ["]", "x"]),
    ("[a-]", ["a", "-"], ["b"]),
    ("[[*^&|]1", ["[1", "*1", "^1", "&1", "|1"], ["a1"]),
    ("a+(b).{2}$", ["a+(b).{2}$"], ["aabxx"]),
    ("a b", ["a b", "d/a b/c"], ["ab"]),
]


@pytest.mark.parametrize("kind", ["directory", "zip"])
@pytest.mark.parametrize("pattern, covered, others", PATTERN_CASES, ids=[case[0] for case in PATTERN_CASES])
def test_patterns(tmp_path, pattern, covered, others, kind):
    for number, path in enumerate([*covered, *others]):
        write = zip_of if kind == "zip" else write_tree
        src = write(tmp_path / str(number), [path])
        try:
            left = paths_of(src, exclude=[pattern], rules=lambda *unused: False)
        except ManifestError as error:
            assert "no files to deploy" in error.message
            left = []
        assert left == ([] if path in covered else [path])


def test_excluding_everything_leaves_nothing(site):
    write_tree(site, ["a", "d/b"])
    assert refusal(site, exclude=["**"]).option == "src"
    assert paths_of(site, exclude=["**/"]) == ["a"]


HIDDEN = [
    ".env",
    ".git/config",
    ".git/.htaccess",
    ".git/hooks/x",
    ".github/workflows/ci.yml",
    ".github/workflows/x.txt",
    ".htaccess",
    "d/.htaccess",
    "node_modules/p/.htaccess",
    "node_modules/p/index.js",
    "d/.cache/.htaccess",
]


@pytest.mark.parametrize(
    "include, back",
    [
        ([], []),
        (["index.html"], []),
        ([".git"], [".git/.htaccess", ".git/config", ".git/hooks/x"]),
        ([".git/"], [".git/.htaccess", ".git/config", ".git/hooks/x"]),
        ([".git/hooks/"], [".git/hooks/x"]),
        ([".git/*"], [".git/.htaccess", ".git/config", ".git/hooks/x"]),
        ([".github/workflows/*.yml"], [".github/workflows/ci.yml"]),
        ([".htaccess"], [".htaccess", "d/.htaccess"]),
        (["/.htaccess"], [".htaccess"]),
        ([".htaccess/"], []),
        (
            ["**/.htaccess"],
            [".git/.htaccess", ".htaccess", "d/.cache/.htaccess", "d/.htaccess", "node_modules/p/.htaccess"],
        ),
        (["d/**/.htaccess"], ["d/.cache/.htaccess", "d/.htaccess"]),
        (["node_modules/p/*.js"], ["node_modules/p/index.js"]),
        (["node_modules/p/*.js", ".htaccess"], [".htaccess", "d/.htaccess", "node_modules/p/index.js"]),
        (["node_modules"], ["node_modules/p/index.js"]),
        (
            ["node_modules", ".htaccess"],
            [".htaccess", "d/.htaccess", "node_modules/p/.htaccess", "node_modules/p/index.js"],
        ),
        (["**"], sorted(HIDDEN)),
        ([".*", "node_modules"], sorted(HIDDEN)),
    ],
)
def test_include_brings_back(deployed, include, back):
    if include == ["node_modules"]:
        # A pattern that matches a directory matches everything below it, including dot files.
        back = ["node_modules/p/.htaccess", *back]
    assert deployed([*HIDDEN, "index.html"], include=include) == sorted([*back, "index.html"])


def test_skipped_directories_are_not_walked_without_need(site, monkeypatch):
    write_tree(site, ["index.html", "node_modules/a/b.js", ".git/config", "private/x"])
    seen = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: seen.append(os.path.relpath(path, site)) or scandir(path))
    build_manifest(site, include=[".htaccess", ".git/hooks/"], exclude=["private/"])
    assert sorted(seen) == [".", ".git"]


def test_exclude_wins_over_include(deployed):
    paths = [".git/config", ".git/secret", "index.html"]
    assert deployed(paths, include=[".git"], exclude=["secret"]) == [".git/config", "index.html"]


@pytest.mark.parametrize("option", ["include", "exclude"])
@pytest.mark.parametrize(
    "pattern", ["", "/", "//", "a//b", "./a", "a/..", "../x", "!a", "a\\b", "[a", "a/[b/c]", "[z-a]"]
)
def test_bad_patterns_are_refused(site, option, pattern):
    write_tree(site, ["index.html"])
    error = refusal(site, **{option: ["ok", pattern]})
    assert error.option == option
    assert f"'{pattern}'" in error.message and "Allowed" in error.message


def test_other_rules_can_be_given(site):
    write_tree(site, [".a", "b", "c/.d"])
    assert paths_of(site, rules=lambda path, is_dir: path == "b") == [".a", "c/.d"]
