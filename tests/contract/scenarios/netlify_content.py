# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snippets, metadata and files of sites."""

from __future__ import annotations

import hashlib

from scenarios.base import Scenario
from scenarios.netlify import (
    DEPLOYS_FAIL,
    PAGES,
    deployed,
    deploys,
    kept_deploys,
    live,
    site,
    site_with_pages,
    site_without_content,
    tree,
)

VISITORS = {"title": "Visitors", "general": "<script src='/count.js'></script>", "general_position": "head"}
IMPRINT = {"title": "Imprint", "general": "<footer>Example Ltd</footer>", "goal": "<p>Thanks, {{ theme }}</p>"}
SALE = {"title": "Sale", "general": "<b>Sale</b>"}


def with_snippets(*snippets):
    def given(world):
        site(world)
        for snippet in snippets:
            world.api("POST", f"/sites/{world.ids['shop']}/snippets", snippet)

    return given


def snippets(world):
    return world.api("GET", "/sites/shop.netlify.app/snippets")


def has_snippets(*expected):
    """The site has exactly these snippets, each with at least these fields."""

    def holds(world):
        found = sorted(snippets(world), key=lambda snippet: (snippet["title"], snippet["general"]))
        wanted = sorted(expected, key=lambda snippet: (snippet["title"], snippet["general"]))
        assert len(found) == len(wanted), found
        assert [{key: have[key] for key in want} for have, want in zip(found, wanted, strict=True)] == wanted, found

    return holds


SNIPPETS = (
    Scenario(
        "netlify_snippet",
        "create",
        {"site": "shop", **VISITORS},
        given=with_snippets(IMPRINT),
        holds=has_snippets(VISITORS, IMPRINT),
    ),
    Scenario(
        "netlify_snippet",
        "update",
        {"site": "shop", "title": "Imprint", "general": "<p>New</p>", "goal": "", "goal_position": "head"},
        given=with_snippets(VISITORS, IMPRINT),
        holds=has_snippets(
            VISITORS, {"title": "Imprint", "general": "<p>New</p>", "goal": "", "goal_position": "head"}
        ),
    ),
    Scenario(
        "netlify_snippet",
        "id-zero-renamed",
        lambda world: {"site": world.ids["shop"], "snippet_id": 0, "title": "Counter"},
        given=with_snippets(VISITORS, VISITORS),
        holds=has_snippets({**VISITORS, "title": "Counter"}, VISITORS),
    ),
    Scenario(
        "netlify_snippet",
        "unchanged",
        {"site": "shop", "title": "Visitors", "general_position": "head", "goal": ""},
        given=with_snippets(VISITORS),
        changes=False,
        holds=has_snippets(VISITORS),
    ),
    Scenario(
        "netlify_snippet",
        "delete",
        {"site": "shop", "title": "Visitors", "state": "absent"},
        given=with_snippets(VISITORS, IMPRINT, SALE),
        holds=has_snippets(IMPRINT, SALE),
    ),
    Scenario(
        "netlify_snippet",
        "delete-id-zero-of-twins",
        {"site": "shop", "snippet_id": 0, "title": "Sale", "general": "old", "state": "absent"},
        given=with_snippets({**SALE, "general": "old"}, SALE, IMPRINT),
        holds=has_snippets(SALE, IMPRINT),
    ),
    Scenario(
        "netlify_snippet",
        "delete-absent",
        {"site": "shop", "title": "Visitors", "state": "absent"},
        given=with_snippets(IMPRINT),
        changes=False,
        holds=has_snippets(IMPRINT),
    ),
    Scenario(
        "netlify_snippets",
        "several",
        {"site": "shop", "snippets": [{**VISITORS}, {**IMPRINT, "general_position": "head"}]},
        given=with_snippets(IMPRINT, SALE),
        holds=has_snippets(VISITORS, {**IMPRINT, "general_position": "head"}, SALE),
    ),
    Scenario(
        "netlify_snippets",
        "exactly-these",
        {"site": "shop", "snippets": [{**VISITORS}, {"title": "Sale"}, {**IMPRINT}], "purge": True},
        given=with_snippets(
            SALE, {**VISITORS, "general": "old"}, VISITORS, {"title": "A"}, SALE, {"title": "B"}, VISITORS
        ),
        holds=has_snippets(VISITORS, IMPRINT, SALE),
    ),
    Scenario(
        "netlify_snippets",
        "none",
        {"site": "shop", "snippets": [], "purge": True},
        given=with_snippets(SALE, SALE),
        holds=has_snippets(),
    ),
    Scenario(
        "netlify_snippets",
        "fifty-unchanged",
        {
            "site": "shop",
            "purge": True,
            "snippets": [{**SALE, "title": f"Sale {number}", "goal": ""} for number in range(50)],
        },
        given=with_snippets(*({**SALE, "title": f"Sale {number}"} for number in range(50))),
        changes=False,
    ),
    Scenario("netlify_snippet_info", "all", {"site": "shop"}, given=with_snippets(VISITORS, SALE), changes=False),
    Scenario(
        "netlify_snippet_info",
        "id-zero",
        {"site": "shop", "snippet_id": 0, "title": "Visitors"},
        given=with_snippets(VISITORS, SALE),
        changes=False,
    ),
)

METADATA = {"telephone": "+49 30 901820", "theme": "dark"}


def with_metadata(**metadata):
    return lambda world: world.api("PUT", f"/sites/{site(world)['id']}/metadata", metadata)


def has_metadata(**expected):
    def holds(world):
        assert world.api("GET", "/sites/shop.netlify.app/metadata") == expected

    return holds


METADATA_SCENARIOS = (
    Scenario(
        "netlify_metadata",
        "first",
        {"site": "shop", "metadata": METADATA},
        given=site_without_content,
        holds=has_metadata(**METADATA),
    ),
    Scenario(
        "netlify_metadata",
        "merge-and-absent",
        {"site": "shop", "metadata": {"theme": {"dark": True, "size": [{"width": 2.5}]}}, "absent": ["old", "older"]},
        given=with_metadata(theme={"dark": 1, "size": [{"width": 2.5}]}, old=None, telephone=""),
        holds=has_metadata(theme={"dark": True, "size": [{"width": 2.5}]}, telephone=""),
    ),
    Scenario(
        "netlify_metadata",
        "replace",
        {"site": "shop", "metadata": {"theme": None, "telephone": 1}, "purge": True},
        given=with_metadata(old=[], theme=""),
        holds=has_metadata(theme=None, telephone=1),
    ),
    Scenario(
        "netlify_metadata",
        "unchanged",
        {"site": "shop", "metadata": {"theme": "dark"}, "absent": ["old"]},
        given=with_metadata(**METADATA),
        changes=False,
        holds=has_metadata(**METADATA),
    ),
    Scenario("netlify_metadata_info", "all", {"site": "shop"}, given=with_metadata(**METADATA), changes=False),
)


def has_files(count=None, **expected):
    """The live site serves exactly these files of PAGES; the given number of deploys exists."""

    def holds(world):
        found = {file["path"].removeprefix("/") for file in world.api("GET", "/sites/shop.netlify.app/files")}
        for path, text in expected.items():
            path = path.replace("__", ".")
            assert (path in found) is (text is not None), (path, found)
            assert text is None or world.visit("shop.netlify.app", f"/{path}") == (200, text)
        left = kept_deploys(world)
        assert count is None or len(left) == count, [(item["id"], item["state"], item["title"]) for item in left]

    return holds


def with_function(world):
    """A live deploy with a function, and one file whose content Netlify still stores."""
    site(world)
    made = world.run(
        "netlify_deploy",
        {
            "site": "shop",
            "src": tree(world, PAGES, "given"),
            "functions_dir": tree(world, {"hello.js": "exports.handler = 1"}, "given-fun"),
        },
    )
    assert not made.failed, made.result


def has_function(world):
    assert [function["n"] for function in deploys(world)[0]["available_functions"]] == ["hello"]


def unfinished_edit(world):
    """The state after a run was killed before its upload."""
    site_with_pages(world)
    files = {file["path"]: file["sha"] for file in world.api("GET", "/sites/shop.netlify.app/files")}
    world.api(
        "POST",
        f"/sites/{world.ids['shop']}/deploys?title=Hours",
        {"files": {**files, "/hours.txt": sha1_of("9 to 17")}},
    )


def sha1_of(text):
    return hashlib.sha1(text.encode()).hexdigest()


def saved(name, text):
    def holds(world):
        assert (world.directory / name).read_text() == text
        assert [path.name for path in (world.directory / name).parent.iterdir() if path.name.startswith(".")] == []

    return holds


def files_to_download(world):
    site_with_pages(world)
    tree(world, {"index.html": "old"}, "downloads")


FILES = (
    Scenario(
        "netlify_file",
        "add-replace-delete",
        lambda world: {
            "site": "shop",
            "files": [
                {"path": "/hours.txt", "content": "9 to 17"},
                {"path": "index.html", "src": tree(world, {"new.html": "<h1>two</h1>"}, "new") + "/new.html"},
                {"path": "copy.html", "content": "<h1>about</h1>"},
                {"path": "empty.txt", "state": "absent"},
                {"path": "never.txt", "state": "absent"},
            ],
        },
        given=site_with_pages,
        reads=2,
        fails_under=DEPLOYS_FAIL,
        holds=has_files(
            2, hours__txt="9 to 17", index__html="<h1>two</h1>", copy__html="<h1>about</h1>", empty__txt=None
        ),
    ),
    Scenario(
        "netlify_file",
        "beside-a-function",
        {"site": "shop", "files": [{"path": "index.html", "content": "two"}], "title": "Two"},
        given=with_function,
        reads=2,
        fails_under=DEPLOYS_FAIL,
        holds=lambda world: (has_files(2, index__html="two")(world), has_function(world)),
    ),
    Scenario(
        "netlify_file",
        "first",
        {
            "site": "shop",
            "files": [{"path": "index.html", "content": "<h1>one</h1>"}, {"path": "a.html", "state": "absent"}],
        },
        given=site_without_content,
        reads=2,
        fails_under=DEPLOYS_FAIL,
        holds=deployed(1),
    ),
    Scenario(
        "netlify_file",
        "resumes",
        {"site": "shop", "files": [{"path": "hours.txt", "content": "9 to 17"}], "title": "Hours"},
        given=unfinished_edit,
        reads=2,
        fails_under=DEPLOYS_FAIL,
        holds=has_files(2, hours__txt="9 to 17"),
    ),
    Scenario(
        "netlify_file",
        "unchanged",
        lambda world: {
            "site": world.ids["shop"],
            "files": [{"path": "index.html", "content": PAGES["index.html"]}, {"path": "x", "state": "absent"}],
        },
        given=site_with_pages,
        changes=False,
        reads=2,
        holds=lambda world: (has_files(1)(world), live(world, PAGES["index.html"])),
    ),
    Scenario(
        "netlify_file",
        "nothing-to-take-away",
        {"site": "shop", "files": [{"path": "index.html", "state": "absent"}]},
        given=site_without_content,
        changes=False,
        holds=has_files(0),
    ),
    Scenario("netlify_file_info", "all", {"site": "shop"}, given=site_with_pages, changes=False),
    Scenario(
        "netlify_file_info", "one", {"site": "shop", "path": "/a b+c&d.txt"}, given=site_with_pages, changes=False
    ),
    Scenario(
        "netlify_file_info", "none", {"site": "shop", "path": "no.html"}, given=site_with_pages, changes=False, reads=2
    ),
    Scenario(
        "netlify_file_download",
        "new",
        lambda world: {"site": "shop", "path": "a b+c&d.txt", "dest": str(world.directory / "copy.txt")},
        given=site_with_pages,
        local=True,
        holds=saved("copy.txt", "odd name"),
    ),
    Scenario(
        "netlify_file_download",
        "into-a-directory",
        lambda world: {"site": "shop", "path": "/index.html", "dest": str(world.directory / "downloads")},
        given=files_to_download,
        local=True,
        holds=saved("downloads/index.html", PAGES["index.html"]),
    ),
    Scenario(
        "netlify_file_download",
        "unchanged",
        lambda world: {
            "site": "shop",
            "path": "index.html",
            "dest": tree(world, {"index.html": PAGES["index.html"]}, "same") + "/index.html",
        },
        given=site_with_pages,
        changes=False,
        holds=saved("same/index.html", PAGES["index.html"]),
    ),
)


SCENARIOS = SNIPPETS + METADATA_SCENARIOS + FILES

BAD_INPUT = (
    ("netlify_snippet", {"site": "no_such_name", "title": "A"}, ["site", "no_such_name"]),
    ("netlify_snippet", {"site": "shop", "title": " "}, ["title"]),
    ("netlify_snippet", {"site": "shop"}, ["title", "snippet_id"]),
    ("netlify_snippet", {"site": "shop", "snippet_id": 0, "state": "absent"}, ["title", "snippet_id", "absent"]),
    (
        "netlify_snippet",
        {"site": "shop", "title": "A", "goal_position": "top"},
        ["goal_position", "top", "head", "footer"],
    ),
    ("netlify_snippets", {"site": "a/b", "snippets": []}, ["site", "a/b"]),
    ("netlify_snippets", {"site": "shop", "snippets": [{**SALE}, {**VISITORS}, {**SALE}]}, ["snippets", "'Sale'"]),
    ("netlify_snippets", {"site": "shop", "snippets": [{**SALE}, {"title": ""}]}, ["snippets[1].title"]),
    ("netlify_snippets", {"site": "shop", "snippets": [{"general": "x"}]}, ["snippets", "title"]),
    ("netlify_snippet_info", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_metadata", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_metadata", {"site": "shop", "metadata": {"a": 1}, "absent": ["a", "b"]}, ["absent", "metadata", "a"]),
    ("netlify_metadata", {"site": "shop", "absent": ["a"], "purge": True}, ["absent", "purge"]),
    ("netlify_metadata_info", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_file", {"site": "no_such_name", "files": []}, ["site", "no_such_name"]),
    ("netlify_file", {"site": "shop", "files": [{"path": "a"}]}, ["state", "src", "content"]),
    ("netlify_file", {"site": "shop", "files": [{"path": "a", "src": "a", "content": "b"}]}, ["src", "content"]),
    (
        "netlify_file",
        {"site": "shop", "files": [{"path": "a", "src": "no/such/file"}]},
        ["files[0].src", "no/such/file"],
    ),
    (
        "netlify_file",
        lambda world: {"site": "shop", "files": [{"path": "a", "src": tree(world, PAGES)}]},
        ["files[0].src", "netlify_deploy"],
    ),
    (
        "netlify_file",
        {"site": "shop", "files": [{"path": "a", "content": "b"}, {"path": "/a", "state": "absent"}]},
        ["files", "'a'", "more than once"],
    ),
    ("netlify_file", {"site": "shop", "files": [{"path": "../a", "content": "b"}]}, ["files[0].path", "'../a'"]),
    ("netlify_file", {"site": "shop", "files": [{"path": "/", "content": "b"}]}, ["files[0].path", "'/'"]),
    ("netlify_file", {"site": "shop", "files": [{"path": "a", "content": "\udc80"}]}, ["files[0].content", "UTF-8"]),
    ("netlify_file", {"site": "shop", "files": [{"path": "a#b", "content": "b"}]}, ["files[0].path", "a#b", "#"]),
    (
        "netlify_file",
        {"site": "shop", "files": [{"path": "a", "content": "b"}], "wait_timeout": 0},
        ["wait_timeout", "0"],
    ),
    ("netlify_file_info", {"site": "shop", "path": "a//b"}, ["path", "a//b"]),
    ("netlify_file_download", {"site": "shop", "path": "a?b", "dest": "x"}, ["path", "a?b"]),
    ("netlify_file_download", {"site": "shop", "path": "a", "dest": "no/such/file"}, ["dest", "no/such/file"]),
    ("netlify_file_download", {"site": "shop", "path": "a", "dest": "new/"}, ["dest", "new/"]),
)
