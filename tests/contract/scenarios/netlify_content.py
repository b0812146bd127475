# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Netlify's sites have besides deploys: snippets, metadata, single files, forms and submissions; and users."""

from __future__ import annotations

from scenarios.base import Scenario
from scenarios.netlify import site, site_without_content

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
    """The site has exactly these, each with at least these fields."""

    def holds(world):
        found = sorted(snippets(world), key=lambda snippet: (snippet["title"], snippet["general"]))
        wanted = sorted(expected, key=lambda snippet: (snippet["title"], snippet["general"]))
        assert [{key: have[key] for key in want} for have, want in zip(found, wanted)] == wanted and len(found) == len(wanted), found

    return holds


SNIPPETS = (
    Scenario("netlify_snippet", "create", {"site": "shop", **VISITORS}, given=with_snippets(IMPRINT), holds=has_snippets(VISITORS, IMPRINT)),
    Scenario(
        "netlify_snippet",
        "update",
        {"site": "shop", "title": "Imprint", "general": "<p>New</p>", "goal": "", "goal_position": "head"},
        given=with_snippets(VISITORS, IMPRINT),
        holds=has_snippets(VISITORS, {"title": "Imprint", "general": "<p>New</p>", "goal": "", "goal_position": "head"}),
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
        given=with_snippets(SALE, {**VISITORS, "general": "old"}, VISITORS, {"title": "A"}, SALE, {"title": "B"}, VISITORS),
        holds=has_snippets(VISITORS, IMPRINT, SALE),
    ),
    Scenario("netlify_snippets", "none", {"site": "shop", "snippets": [], "purge": True}, given=with_snippets(SALE, SALE), holds=has_snippets()),
    Scenario(
        "netlify_snippets",
        "fifty-unchanged",
        {"site": "shop", "purge": True, "snippets": [{**SALE, "title": f"Sale {number}", "goal": ""} for number in range(50)]},
        given=with_snippets(*({**SALE, "title": f"Sale {number}"} for number in range(50))),
        changes=False,
    ),
    Scenario("netlify_snippet_info", "all", {"site": "shop"}, given=with_snippets(VISITORS, SALE), changes=False),
    Scenario("netlify_snippet_info", "id-zero", {"site": "shop", "snippet_id": 0, "title": "Visitors"}, given=with_snippets(VISITORS, SALE), changes=False),
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
        "netlify_metadata", "first", {"site": "shop", "metadata": METADATA}, given=site_without_content, holds=has_metadata(**METADATA)
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

SCENARIOS = SNIPPETS + METADATA_SCENARIOS

BAD_INPUT = (
    ("netlify_snippet", {"site": "no_such_name", "title": "A"}, ["site", "no_such_name"]),
    ("netlify_snippet", {"site": "shop", "title": " "}, ["title"]),
    ("netlify_snippet", {"site": "shop"}, ["title", "snippet_id"]),
    ("netlify_snippet", {"site": "shop", "snippet_id": 0, "state": "absent"}, ["title", "snippet_id", "absent"]),
    ("netlify_snippet", {"site": "shop", "title": "A", "goal_position": "top"}, ["goal_position", "top", "head", "footer"]),
    ("netlify_snippets", {"site": "a/b", "snippets": []}, ["site", "a/b"]),
    ("netlify_snippets", {"site": "shop", "snippets": [{**SALE}, {**VISITORS}, {**SALE}]}, ["snippets", "'Sale'"]),
    ("netlify_snippets", {"site": "shop", "snippets": [{**SALE}, {"title": ""}]}, ["snippets[1].title"]),
    ("netlify_snippets", {"site": "shop", "snippets": [{"general": "x"}]}, ["snippets", "title"]),
    ("netlify_snippet_info", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_metadata", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_metadata", {"site": "shop", "metadata": {"a": 1}, "absent": ["a", "b"]}, ["absent", "metadata", "a"]),
    ("netlify_metadata", {"site": "shop", "absent": ["a"], "purge": True}, ["absent", "purge"]),
    ("netlify_metadata_info", {"site": "no_such_name"}, ["site", "no_such_name"]),
)
