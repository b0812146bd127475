# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import os
import random
import sys
import threading
import tracemalloc
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from ansible_collections.webops.paas.plugins.module_utils._netlify.manifest import (
    BATCH,
    BLOCK,
    Manifest,
    build_manifest,
    comparable,
    diff_manifests,
    normalise_path,
)
from ansible_collections.webops.paas.plugins.module_utils._netlify.patterns import ManifestError
from ansible_collections.webops.paas.plugins.module_utils._netlify.sources import Directory
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.trees import (
    paths_of,
    refusal,
    sha1,
    write_tree,
    write_zip,
    zip_of,
)


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
    assert (error.option, "no files to deploy" in error.message) == ("src", True)


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


# -- bodies -----------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("others", [0, 500])
def test_a_file_that_is_written_to_while_it_is_read_is_noticed(site, monkeypatch, others):
    write_tree(site, {"index.html": b"0123456789", **{f"{number}.html": b"" for number in range(others)}})
    stamp = Directory.stamp

    def written_to_after(stream):
        before = stamp(stream)
        if os.path.basename(stream.name) == "index.html":
            with open(site / "index.html", "r+b") as other:
                other.write(b"9")
            os.utime(site / "index.html", (1, 1))
        return before

    monkeypatch.setattr(Directory, "stamp", staticmethod(written_to_after))
    message = refusal(site).message
    assert "index.html" in message and "changed" in message


@pytest.mark.parametrize("change", ["added", "removed", "added below"])
def test_files_that_come_or_go_while_others_are_read_are_noticed(site, monkeypatch, change):
    write_tree(site, {"a.html": b"", "below/b.html": b""})
    usual = Directory.open

    def opening(self, path, size=None):
        stream = usual(self, path, size)
        if path == "a.html" and change == "removed":
            (site / "below" / "b.html").unlink(missing_ok=True)
        elif path == "a.html":
            (site / ("below" if change == "added below" else "") / "new.html").write_bytes(b"")
        return stream

    monkeypatch.setattr(Directory, "open", opening)
    message = refusal(site).message
    assert ("below/b.html" if change == "removed" else "new.html") in message


@pytest.mark.parametrize("name", [".index.html.swp", "excluded.html"])
def test_files_that_are_not_deployed_may_come_and_go(site, monkeypatch, name):
    write_tree(site, {"a.html": b""})
    usual = Directory.open

    def opening(self, path, size=None):
        (site / name).write_bytes(b"")
        return usual(self, path, size)

    monkeypatch.setattr(Directory, "open", opening)
    with build_manifest(site, exclude=["excluded.html"]) as manifest:
        assert list(manifest.files) == ["a.html"]


def test_digests_are_computed_on_all_cores(site, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: set(range(4)), raising=False)
    together = threading.Barrier(4, timeout=10)
    write_tree(site, {f"{number}.html": b"%d" % number for number in range(4 * BATCH)})
    usual, threads = Directory.open, set()

    def opening(self, path, size=None):
        if threading.get_ident() not in threads:
            threads.add(threading.get_ident())
            together.wait()
        return usual(self, path, size)

    monkeypatch.setattr(Directory, "open", opening)
    with build_manifest(site) as manifest:
        assert manifest.files == {path: sha1(path.removesuffix(".html").encode()) for path in sorted(manifest.files)}
    assert len(threads) == 4 and len(manifest.files) == 4 * BATCH


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


# -- comparing --------------------------------------------------------------------------------------------------------


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
