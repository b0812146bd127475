# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import io
import os
import socket
import stat
import zipfile

import pytest

from ansible_collections.webops.paas.plugins.module_utils._netlify.manifest import build_manifest
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.trees import (
    paths_of,
    refusal,
    sha1,
    write_tree,
    write_zip,
    zip_of,
)


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
        ("out.txt", "/etc/passwd", "outside"),
        ("d/out", "../..", "outside"),
        ("out", "../site2", "outside"),
        ("gone", "nowhere", "broken"),
        ("gone", "index.html/x", "broken"),
        ("self", "self", "loop"),
        ("top", ".", "loop"),
        ("d/up", "..", "loop"),
        ("d/e/up", "../../d", "loop"),
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
    monkeypatch.setattr(
        io, "FileIO", lambda path, **how: denied(path) if path in unreadable else real_file(path, **how)
    )
    assert "cannot be read (Permission denied): a.html, d/c.html." in refusal(site).message


# -- what a zip must not have -----------------------------------------------------------------------------------------


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
    """The same zip without the flag for UTF-8 names, as Unix tools write it."""
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
