# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import hashlib
import io
import os
import random
import socket
import stat
import sys
import tracemalloc
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from ansible_collections.webops.paas.plugins.module_utils._netlify.manifest import (
    BLOCK,
    Manifest,
    ManifestError,
    build_functions,
    build_manifest,
    comparable,
    diff_manifests,
    normalise_path,
)


def sha1(content):
    return hashlib.sha1(content).hexdigest()


def write_tree(root, tree):
    """tree: {path: bytes}, or a list of paths that then have their own path as content."""
    for path in tree:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(tree[path] if isinstance(tree, dict) else path.encode())
    return root


def write_zip(path, entries, method=zipfile.ZIP_DEFLATED):
    """entries: (name or ZipInfo, bytes) pairs."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def zip_of(path, names):
    return write_zip(path, [(name, name.encode()) for name in names])


def paths_of(src, **options):
    with build_manifest(src, **options) as manifest:
        return list(manifest.files)


def refusal(src, **options):
    with pytest.raises(ManifestError) as caught:
        build_manifest(src, **options)
    return caught.value


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


# --- The manifest ---


def test_files_digest_and_sizes(site):
    write_tree(site, {"index.html": b"<h1>", "css/a.css": b"", "b.bin": bytes(3 * BLOCK + 1)})
    manifest = build_manifest(str(site))
    assert manifest.files == {"b.bin": sha1(bytes(3 * BLOCK + 1)), "css/a.css": sha1(b""), "index.html": sha1(b"<h1>")}
    assert list(manifest.files) == sorted(manifest.files)
    assert manifest.total_bytes == 3 * BLOCK + 5
    assert [manifest.size(path) for path in manifest.files] == [3 * BLOCK + 1, 0, 4]


def test_equal_trees_have_equal_digests_whatever_their_dates_and_order(tmp_path):
    tree = {f"d{number % 3}/{number}.html": b"x%d" % number for number in range(30)}
    first = write_tree(tmp_path / "first", tree)
    second = write_tree(tmp_path / "second", dict(reversed(tree.items())))
    for path in tree:
        os.utime(second / path, (1, 1))
    with build_manifest(first) as one, build_manifest(second) as other:
        assert one.files == other.files
        assert one.digest == other.digest


@pytest.mark.parametrize("change", [{"a": b"2"}, {"b": b"1"}, {"a": b"1", "b": b""}])
def test_other_content_path_or_file_gives_another_digest(tmp_path, change):
    one = build_manifest(write_tree(tmp_path / "one", {"a": b"1"}))
    other = build_manifest(write_tree(tmp_path / "other", change))
    assert one.digest != other.digest


def test_a_zip_equals_its_directory(tmp_path, site):
    tree = {"index.html": b"a" * 5000, "dir/page.html": b"", "dir/ü.html": b"u", "_headers": b"/*"}
    write_tree(site, tree)
    archive = write_zip(tmp_path / "no-extension", [("dir/", b""), *reversed(tree.items())])
    with build_manifest(site) as one, build_manifest(archive) as other:
        assert one.files == other.files
        assert (one.digest, one.total_bytes) == (other.digest, other.total_bytes)


def test_a_link_to_the_source_is_followed(tmp_path, site):
    write_tree(site, ["index.html"])
    (tmp_path / "current").symlink_to(site)
    assert paths_of(tmp_path / "current") == ["index.html"]


@pytest.mark.parametrize(
    "make",
    [
        lambda path: None,
        lambda path: path.write_bytes(b"<h1>"),
        lambda path: path.write_bytes(b""),
        os.mkfifo,
    ],
)
def test_other_sources_are_refused(tmp_path, make):
    make(tmp_path / "given")
    error = refusal(tmp_path / "given")
    assert error.option == "src"
    assert str(tmp_path / "given") in error.message
    assert "directory" in error.message and "zip" in error.message


def test_a_broken_zip_is_refused(tmp_path):
    archive = zip_of(tmp_path / "site.zip", ["index.html"])
    content = archive.read_bytes()
    archive.write_bytes(content.replace(b"PK\x01\x02", b"PK\x01\x09"))
    assert "cannot be read" in refusal(archive).message


@pytest.mark.parametrize("tree, options", [([], {}), ([".git/config"], {}), (["a.html"], {"exclude": ["*.html"]})])
def test_nothing_to_deploy_is_refused(site, tree, options):
    write_tree(site, tree)
    error = refusal(site, **options)
    assert (error.option, "no file to deploy" in error.message) == ("src", True)


def test_forbidden_paths_are_all_named_before_anything_is_read(site, monkeypatch):
    write_tree(site, ["ok.html", "a#b.html", "d/c?.html", "q?/e.html"])
    monkeypatch.setattr(
        "ansible_collections.webops.paas.plugins.module_utils._netlify.manifest._hashed",
        lambda *unused: pytest.fail("read"),
    )
    message = refusal(site).message
    assert all(path in message for path in ("a#b.html", "d/c?.html", "q?/e.html", "# or ?"))
    assert "ok.html" not in message


def test_named_paths_are_bounded(site):
    write_tree(site, [f"{number:04}#" for number in range(500)])
    message = refusal(site).message
    assert "0009#" in message and "0010#" not in message
    assert "and 490 more" in message


def test_forbidden_paths_can_be_excluded(deployed):
    assert deployed(["a#.html", "b.html"], exclude=["*#*"]) == ["b.html"]


def test_several_problems_are_named_at_once(site):
    write_tree(site, ["a#"])
    (site / "gone").symlink_to("nowhere")
    message = refusal(site).message
    assert "a#" in message and "gone" in message and "exclude" in message


# --- File rules ---


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


# --- Patterns ---


PATTERN_CASES = [
    # pattern, what it covers, what it does not
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
        if kind == "zip":
            src = zip_of(tmp_path / str(number), [path])
        else:
            src = write_tree(tmp_path / str(number), [path])
        try:
            left = paths_of(src, exclude=[pattern], rules=lambda *unused: False)
        except ManifestError as error:
            assert "no file to deploy" in error.message
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
        # What covers a directory covers everything below it, dot files too.
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


# --- Links and special files ---


def test_links_inside_the_tree_are_followed(site):
    write_tree(site, {"real/a.html": b"A", "real/deep/b.html": b"B", ".store/c.html": b"C"})
    (site / "a.html").symlink_to("real/a.html")
    (site / "copy").symlink_to(site / "real")
    (site / "real" / "deep" / "up.html").symlink_to("../a.html")
    (site / "stored").symlink_to(".store")
    with build_manifest(site) as manifest:
        assert manifest.files == {
            "a.html": sha1(b"A"),
            "real/a.html": sha1(b"A"),
            "copy/a.html": sha1(b"A"),
            "real/deep/b.html": sha1(b"B"),
            "copy/deep/b.html": sha1(b"B"),
            "stored/c.html": sha1(b"C"),
            "real/deep/up.html": sha1(b"A"),
            "copy/deep/up.html": sha1(b"A"),
        }
        with manifest.open("copy/deep/up.html") as body:
            assert body.read() == b"A"


def link(site, name, target):
    (site / name).parent.mkdir(parents=True, exist_ok=True)
    (site / name).symlink_to(target)


@pytest.mark.parametrize(
    "name, target, said",
    [
        ("out.txt", "/etc/passwd", "leave"),
        ("d/out", "../..", "leave"),
        ("out", "../site2", "leave"),
        ("gone", "nowhere", "nothing"),
        ("gone", "index.html/x", "nothing"),
        ("self", "self", "themselves"),
        ("top", ".", "themselves"),
        ("d/up", "..", "themselves"),
        ("d/e/up", "../../d", "themselves"),
    ],
)
def test_other_links_are_refused_unless_left_out(site, name, target, said):
    write_tree(site, ["index.html"])
    write_tree(site.parent / "site2", ["x"])
    link(site, name, target)
    error = refusal(site)
    assert error.option == "src"
    assert said in error.message and name in error.message
    assert paths_of(site, exclude=[name]) == ["index.html"]
    (site / name).rename(site / ".hidden")
    assert paths_of(site) == ["index.html"]


def test_links_that_cross_are_a_loop(site):
    write_tree(site, ["a/x", "b/y"])
    link(site, "a/to_b", "../b")
    assert paths_of(site) == ["a/to_b/y", "a/x", "b/y"]
    link(site, "b/to_a", "../a")
    assert "a/to_b/to_a" in refusal(site).message


def test_special_files_are_refused(site):
    write_tree(site, ["index.html"])
    os.mkfifo(site / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.getcwd()
        os.chdir(site)
        try:
            server.bind("sock")
        finally:
            os.chdir(here)
        message = refusal(site).message
    assert "pipe, sock" in message
    assert paths_of(site, exclude=["pipe", "sock"]) == ["index.html"]


def test_names_that_are_not_utf8_are_refused(site):
    write_tree(site, ["index.html"])
    with open(os.fsencode(site) + b"/caf\xe9.html", "wb"):
        pass
    assert "UTF-8: caf\\udce9.html" in refusal(site).message
    assert paths_of(site, exclude=["caf?.html"]) == ["index.html"]


def test_names_keep_their_bytes(site):
    decomposed, composed = "u\u0308.html", "\u00fc.html"
    write_tree(site, [decomposed, composed])
    assert paths_of(site) == [decomposed, composed]


def test_unreadable_files_and_directories_are_all_named(site, monkeypatch):
    write_tree(site, ["a.html", "b.html", "d/c.html", "e.html"])
    real_scandir = os.scandir

    def denied(path):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", lambda path: denied(path) if path.endswith("d/") else real_scandir(path))
    message = refusal(site).message
    assert "cannot be read (Permission denied): d." in message
    monkeypatch.setattr(os, "scandir", real_scandir)
    real_file = io.FileIO
    unreadable = (str(site / "a.html"), str(site / "d" / "c.html"))
    monkeypatch.setattr(io, "FileIO", lambda path: denied(path) if path in unreadable else real_file(path))
    assert "cannot be read (Permission denied): a.html, d/c.html." in refusal(site).message


# --- What a zip must not have ---


def member(name, mode=0):
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    info.external_attr = mode << 16
    return info


@pytest.mark.parametrize(
    "name", ["/etc/x", "../x", "a/../../x", "a/./b", "a//b", "a\\b", "..", "C:/x", "./../x", "x\0y"]
)
def test_names_that_are_not_plain_paths_are_refused(tmp_path, name):
    error = refusal(write_zip(tmp_path / "a.zip", [("index.html", b""), (member(name), b"x")]))
    assert error.option == "src"
    assert name.replace("\0", "\\0") in error.message and "plain relative paths" in error.message


def test_names_that_start_with_dot_slash_are_fine(tmp_path):
    archive = write_zip(tmp_path / "a.zip", [("./", b""), ("./index.html", b"1"), ("./d/ü.html", b"2")])
    with build_manifest(archive) as manifest:
        assert manifest.files == {"index.html": sha1(b"1"), "d/ü.html": sha1(b"2")}
        with manifest.open("d/ü.html") as body:
            assert body.read() == b"2"


@pytest.mark.parametrize("mode, said", [(stat.S_IFLNK | 0o777, "symbolic links"), (stat.S_IFIFO, "named pipes")])
def test_links_and_special_files_in_a_zip_are_refused(tmp_path, mode, said):
    archive = write_zip(tmp_path / "a.zip", [("index.html", b""), (member("odd", mode), b"/etc/passwd")])
    message = refusal(archive).message
    assert said in message and "odd" in message
    assert paths_of(archive, exclude=["odd"]) == ["index.html"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("a", "a"), ("a", "./a")])
def test_duplicate_names_are_refused(tmp_path, names):
    archive = write_zip(tmp_path / "a.zip", [(name, b"x") for name in names])
    assert "same name: a." in refusal(archive).message


def test_encrypted_entries_are_refused(tmp_path):
    archive = zip_of(tmp_path / "a.zip", ["index.html", "secret.html"])
    content = bytearray(archive.read_bytes())
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    archive.write_bytes(content)
    assert "encrypted entries: secret.html" in refusal(archive).message


def unflagged(archive):
    """The same zip without the mark that its names are UTF-8, as Unix tools write it."""
    content = bytearray(archive.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] &= ~0x08
            at = content.find(signature, at + 4)
    archive.write_bytes(content)
    return archive


def test_names_are_utf8_without_the_mark_too(tmp_path):
    with build_manifest(unflagged(zip_of(tmp_path / "a.zip", ["é/日本.html"]))) as manifest:
        assert manifest.files == {"é/日本.html": sha1("é/日本.html".encode())}
        with manifest.open("é/日本.html") as body:
            assert body.read() == "é/日本.html".encode()


def test_names_in_a_zip_that_are_not_utf8_are_refused(tmp_path):
    archive = zip_of(tmp_path / "a.zip", ["index.html", "cafX.html"])
    archive.write_bytes(archive.read_bytes().replace(b"cafX", b"caf\xe9"))
    assert "UTF-8: caf\\xe9.html" in refusal(archive).message


def test_a_damaged_member_is_named(tmp_path):
    archive = write_zip(tmp_path / "a.zip", [("ok", b"fine"), ("bad", b"content")], zipfile.ZIP_STORED)
    archive.write_bytes(archive.read_bytes().replace(b"content", b"cOntent"))
    message = refusal(archive).message
    assert "cannot be read" in message and "bad" in message


# --- Bodies ---


@pytest.fixture(params=["directory", "stored", "deflated"])
def opened(request, tmp_path):
    tree = {"empty": b"", "small": b"0123456789", "big": random.Random(1).randbytes(300_000) + bytes(3_000_000)}
    if request.param == "directory":
        src = write_tree(tmp_path / "site", tree)
    else:
        method = zipfile.ZIP_STORED if request.param == "stored" else zipfile.ZIP_DEFLATED
        src = write_zip(tmp_path / "site.zip", tree.items(), method)
    with build_manifest(src) as manifest:
        yield manifest, tree


def test_bodies_have_their_length_and_content(opened):
    manifest, tree = opened
    for path, content in tree.items():
        for size in (1000, 16384, 10**9, -1, None):
            with manifest.open(path) as body:
                assert len(body) == len(content)
                blocks = []
                while block := body.read(size):
                    blocks.append(block)
                assert b"".join(blocks) == content
                assert len(body) == len(content)
                assert body.read(1) == b""
                assert not hasattr(body, "tell") and not hasattr(body, "fileno")


def test_bodies_are_read_from_many_threads_at_once(tmp_path):
    tree = {f"{number}.bin": random.Random(number).randbytes(5000 + 1000 * number) for number in range(60)}
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for src in (write_tree(tmp_path / "site", tree), write_zip(tmp_path / "site.zip", tree.items())):
            with build_manifest(src) as manifest, ThreadPoolExecutor(8) as pool:

                def read(path, manifest=manifest):
                    digest = hashlib.sha1()
                    with manifest.open(path) as body:
                        while block := body.read(777):
                            digest.update(block)
                    return digest.hexdigest()

                wanted = [*tree] * 5
                assert list(pool.map(read, wanted)) == [manifest.files[path] for path in wanted]
    finally:
        sys.setswitchinterval(interval)


def test_unknown_paths(opened):
    manifest, _tree = opened
    with pytest.raises(KeyError):
        manifest.open("nope")
    with pytest.raises(KeyError):
        manifest.size("nope")


@pytest.mark.parametrize("content", [b"shorter", b"longer than before", None])
def test_a_file_that_changed_its_size_is_refused(site, content):
    write_tree(site, {"index.html": b"0123456789"})
    manifest = build_manifest(site)
    (site / "index.html").unlink()
    if content is not None:
        (site / "index.html").write_bytes(content)
    with pytest.raises(ManifestError) as caught:
        manifest.open("index.html")
    assert "index.html" in caught.value.message and "changed" in caught.value.message


def test_a_file_cut_short_while_it_is_read_is_refused(site):
    write_tree(site, {"index.html": b"0123456789"})
    with build_manifest(site).open("index.html") as body:
        assert body.read(4) == b"0123"
        os.truncate(site / "index.html", 6)
        assert body.read(4) == b"45"
        with pytest.raises(ManifestError) as caught:
            body.read(4)
    assert "shorter" in caught.value.message


def test_a_file_that_grows_while_it_is_read_keeps_its_length(site):
    write_tree(site, {"index.html": b"0123456789"})
    with build_manifest(site).open("index.html") as body:
        with open(site / "index.html", "ab") as stream:
            stream.write(b"more")
        assert body.read() == b"0123456789"
        assert body.read() == b""


def test_a_zip_that_changed_is_refused(tmp_path):
    content = bytes(100_000) + b"content" + bytes(100_000)
    archive = write_zip(tmp_path / "a.zip", [("a", content)], zipfile.ZIP_STORED)
    with build_manifest(archive) as manifest:
        changed = archive.read_bytes().replace(b"content", b"cOntent")
        with open(archive, "r+b") as stream:
            stream.write(changed)
        with pytest.raises(ManifestError) as caught, manifest.open("a") as body:
            body.read()
    assert "changed" in caught.value.message


def test_the_zip_is_closed(tmp_path, monkeypatch):
    closed = []
    close = zipfile.ZipFile.close
    monkeypatch.setattr(zipfile.ZipFile, "close", lambda self: closed.append(self.filename) or close(self))
    good, bad = zip_of(tmp_path / "good.zip", ["a"]), zip_of(tmp_path / "bad.zip", ["a#"])
    closed.clear()
    with build_manifest(good) as manifest:
        assert isinstance(manifest, Manifest) and not closed
    assert str(good) in closed
    refusal(bad)
    assert str(bad) in closed


@pytest.mark.parametrize("kind", ["directory", "zip"])
def test_memory_for_ten_thousand_files(tmp_path, kind):
    names = [f"section-{number % 100}/page-{number}.html" for number in range(10_000)]
    src = write_tree(tmp_path / "site", names) if kind == "directory" else zip_of(tmp_path / "site.zip", names)
    del names
    tracemalloc.start()
    try:
        manifest = build_manifest(src)
        kept, _peak = tracemalloc.get_traced_memory()
        strings = sum(sys.getsizeof(path) + sys.getsizeof(digest) for path, digest in manifest.files.items())
        assert (kept - strings) / len(manifest.files) < 300
        tracemalloc.reset_peak()
        before, _peak = tracemalloc.get_traced_memory()
        for path in list(manifest.files)[:50]:
            with manifest.open(path) as body:
                body.read(16384)
        assert tracemalloc.get_traced_memory()[1] - before < 2 * BLOCK
        manifest.close()
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["directory", "zip"])
def test_memory_does_not_grow_with_the_size_of_a_file(tmp_path, kind):
    tree = {"big": bytes(40 * BLOCK)}
    src = write_tree(tmp_path / "site", tree) if kind == "directory" else write_zip(tmp_path / "a.zip", tree.items())
    del tree
    tracemalloc.start()
    try:
        with build_manifest(src) as manifest, manifest.open("big") as body:
            assert sum(len(block) for block in iter(lambda: body.read(BLOCK), b"")) == 40 * BLOCK
        assert tracemalloc.get_traced_memory()[1] < 8 * BLOCK
    finally:
        tracemalloc.stop()


# --- Comparing ---


def test_normalise_path():
    assert [normalise_path(path) for path in ("/a/b", "a/b", "/")] == ["a/b", "a/b", ""]


def test_comparable_drops_the_generated_file_unless_it_is_wanted():
    current = {"/a": "1", "/netlify.toml": "2", "/d/netlify.toml": "3"}
    assert comparable(current, {"a": "1"}) == {"a": "1", "d/netlify.toml": "3"}
    assert comparable(current, {"netlify.toml": "x"}) == {"a": "1", "netlify.toml": "2", "d/netlify.toml": "3"}
    assert len(current) == 3


def test_diff():
    diff = diff_manifests({"a": "1", "b": "1", "z": "1", "y": "1"}, {"b": "1", "a": "2", "d": "1", "c": "1"})
    assert (diff.added, diff.changed, diff.removed, diff.unchanged) == (["c", "d"], ["a"], ["y", "z"], 1)
    assert diff
    assert not diff_manifests({"a": "1"}, {"a": "1"})
    assert diff_manifests({"a": "1"}, {})


def test_summary_is_bounded_and_counts_everything():
    diff = diff_manifests({"gone": "1", "same": "1"}, {f"{number:03}": "1" for number in range(120)} | {"same": "1"})
    assert diff.summary() == {
        "counts": {"added": 120, "changed": 0, "removed": 1, "unchanged": 1},
        "added": [f"{number:03}" for number in range(50)],
        "changed": [],
        "removed": ["gone"],
        "omitted": 70,
    }
    assert diff.summary(limit=1)["added"] == ["000"]
    assert diff.summary(limit=200)["omitted"] == 0


# --- Functions ---


@pytest.fixture(name="functions")
def fixture_functions(tmp_path):
    (tmp_path / "functions").mkdir()
    (tmp_path / "work").mkdir()
    return tmp_path / "functions"


def bundled(functions):
    return build_functions(functions, functions.parent / "work")


def unpacked(bundle):
    with zipfile.ZipFile(bundle.path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def functions_refusal(functions):
    with pytest.raises(ManifestError) as caught:
        bundled(functions)
    assert caught.value.option == "functions_dir"
    return caught.value.message


def test_functions_of_every_kind(functions):
    write_tree(
        functions,
        {
            "one.js": b"1",
            "two.mjs": b"2",
            "three.cjs": b"3",
            "four/four.js": b"4",
            "four/lib/x.json": b"{}",
            "four/.hidden": b"",
            "four/node_modules/p/.bin": b"",
            "four/node_modules/p/index.js": b"p",
            ".DS_Store": b"",
            "node_modules/q/q.js": b"q",
        },
    )
    write_zip(functions / "five-5_.zip", [("five-5_.js", b"5")])
    write_zip(functions / "go.zip", [("bootstrap", b"\x7fELF")])
    found = bundled(functions)
    assert list(found) == ["five-5_", "four", "go", "one", "three", "two"]
    assert unpacked(found["one"]) == {"one.js": b"1"}
    assert unpacked(found["two"]) == {"two.mjs": b"2"}
    assert unpacked(found["three"]) == {"three.cjs": b"3"}
    assert unpacked(found["four"]) == {"four.js": b"4", "lib/x.json": b"{}", "node_modules/p/index.js": b"p"}
    assert found["five-5_"].path == str(functions / "five-5_.zip")
    assert {name: bundle.runtime for name, bundle in found.items() if bundle.runtime != "js"} == {"go": "provided.al2"}
    for bundle in found.values():
        with open(bundle.path, "rb") as stream:
            content = stream.read()
        assert (bundle.sha256, bundle.size) == (hashlib.sha256(content).hexdigest(), len(content))


@pytest.mark.parametrize(
    "files, started",
    [
        ({"index.js": b""}, {"f.js": b'module.exports = require("./index.js");\n'}),
        ({"index.cjs": b""}, {"f.cjs": b'module.exports = require("./index.cjs");\n'}),
        ({"index.mjs": b""}, {"f.mjs": b'export * from "./index.mjs";\n'}),
        ({"index.js": b"", "package.json": b'{"type": "module"}'}, {"f.js": b'export * from "./index.js";\n'}),
        ({"index.js": b"", "package.json": b"{}"}, {"f.js": b'module.exports = require("./index.js");\n'}),
        ({"index.js": b"", "package.json": b"[]"}, {"f.js": b'module.exports = require("./index.js");\n'}),
        ({"index.js": b"", "f.mjs": b""}, {"f.js": b'module.exports = require("./index.js");\n'}),
        ({"index.js": b"", "f.js": b"mine"}, {}),
        ({"index.mjs": b"", "f.mjs": b"mine"}, {}),
    ],
)
def test_a_start_file_is_made_for_an_index_file(functions, files, started):
    write_tree(functions / "f", files)
    assert unpacked(bundled(functions)["f"]) == {**files, **started}


def test_a_function_named_index_starts_itself(functions):
    write_tree(functions, {"index/index.js": b"mine"})
    assert unpacked(bundled(functions)["index"]) == {"index.js": b"mine"}


def test_the_digest_of_a_function_is_known(functions):
    """The exact digest: it must be the same on every machine, and stay the same."""
    write_tree(functions, {"f/f.js": b"exports.handler = 1;\n", "f/b/ü.txt": b"x" * 5000, "f/a.txt": b""})
    first = bundled(functions)["f"]
    for path in ("f/f.js", "f/a.txt"):
        os.utime(functions / path, (1, 1))
        os.chmod(functions / path, 0o755)
    assert bundled(functions)["f"] == first
    assert first.sha256 == "e27d60f8e8020169d393a5a44adbf8d0c9c0194a25e87f8d2ad4a471686e9cde"
    with zipfile.ZipFile(first.path) as archive:
        assert archive.namelist() == ["a.txt", "b/ü.txt", "f.js"]
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o100644}
        assert {info.extra for info in archive.infolist()} == {b""}


@pytest.mark.parametrize(
    "path, said",
    [
        ("f.ts", "built first"),
        ("f.go", "built first"),
        ("README.md", "built first"),
        ("package.json", "built first"),
        ("f/main.js", "without a file"),
        ("f/deep/f.js", "without a file"),
        ("f/f.ts", "without a file"),
        ("f g.js", "letters"),
        ("f.test.js", "letters"),
        ("é.js", "letters"),
        ("f.js/f.js", "letters"),
        ("f.zip", "are none"),
    ],
)
def test_functions_that_cannot_run_are_refused(functions, path, said):
    write_tree(functions, ["ok.js", path])
    message = functions_refusal(functions)
    assert said in message and path.partition("/")[0] in message
    assert "ok.js" not in message and "exclude" not in message


@pytest.mark.parametrize("paths", [("f.js", "f.mjs"), ("f.js", "f/f.js"), ("f/index.js", "f.cjs")])
def test_two_functions_of_one_name_are_refused(functions, paths):
    write_tree(functions, paths)
    assert "same name" in functions_refusal(functions)


def test_links_out_of_the_functions_are_refused(functions):
    write_tree(functions, ["f/f.js", "shared/shared.js"])
    (functions / "f" / "shared.js").symlink_to("../shared/shared.js")
    assert unpacked(bundled(functions)["f"])["shared.js"] == b"shared/shared.js"
    (functions / "f" / "out").symlink_to("/etc/passwd")
    assert "f/out" in functions_refusal(functions)


def test_a_broken_package_file_is_named(functions):
    write_tree(functions, {"f/index.js": b"", "f/package.json": b"{"})
    assert "function f " in functions_refusal(functions)


def test_no_functions_and_no_directory(functions):
    assert not bundled(functions)
    assert "not a directory" in functions_refusal(functions / "nope")
