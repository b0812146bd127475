# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import os
import zipfile

import pytest

from ansible_collections.webops.paas.plugins.module_utils._netlify.functions import build_functions
from ansible_collections.webops.paas.plugins.module_utils._netlify.patterns import ManifestError
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.trees import write_tree, write_zip


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
    settings = {name: bundle.settings for name, bundle in found.items()}
    assert settings.pop("go") == {"runtime": "provided.al2"}
    assert all(each == {"runtime": "js"} for each in settings.values())
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


@pytest.mark.parametrize(
    "package,words",
    [
        (b'{"type": "module",\n"type": "commonjs"}', r"f/package\.json.*'type'.*\(line 2\)"),
        (b'{"type": ', "f "),
        (b"\xff", "f "),
        (b"[" * 100_000, r"f/package\.json"),
    ],
)
def test_a_package_file_that_is_not_clear_is_refused(functions, package, words):
    write_tree(functions / "f", {"index.js": b"", "package.json": package})
    with pytest.raises(ManifestError, match=words):
        bundled(functions)


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
        ("f.ts", "netlify build"),
        ("f.go", "netlify build"),
        ("README.md", "netlify build"),
        ("package.json", "netlify build"),
        ("f/main.js", "without a file"),
        ("f/deep/f.js", "without a file"),
        ("f/f.ts", "without a file"),
        ("f g.js", "letters"),
        ("f.test.js", "letters"),
        ("é.js", "letters"),
        ("f.js/f.js", "letters"),
        ("f.zip", "not zip files"),
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
    message = functions_refusal(functions / "nope")
    assert "`functions_dir` must be a directory" in message and str(functions / "nope") in message
