# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long lists: pages that are read side by side, and rows that move to other pages meanwhile."""

from __future__ import annotations

import threading

import pytest
from harness import with_each_hit
from scenarios.netlify import deploy_by_hand, site

FORM = '<form name="contact" data-netlify="true"><input name="email"></form>'
MODULE = "netlify_submission_info"
# Requests in a minute.
LIMIT = 500


def form_of(world, count):
    """The ID of a form with that many submissions."""
    site(world)
    deploy_by_hand(world, {"index.html": FORM})
    more(world, count)
    return world.api("GET", "/sites/shop.netlify.app/forms")[0]["id"]


def more(world, count):
    world.sandbox.admin("POST", "netlify/submissions", {"site": "shop", "form": "contact", "count": count})


def remove(world, form_id, page):
    [first, *_others] = world.api("GET", f"/forms/{form_id}/submissions?page={page}")
    world.api("DELETE", f"/submissions/{first['id']}")


CHANGES = {
    "the newest is deleted": lambda world, form_id: remove(world, form_id, 1),
    "one in the middle is deleted": lambda world, form_id: remove(world, form_id, 4),
    "one arrives": lambda world, form_id: more(world, 1),
    "a page arrives": lambda world, form_id: more(world, 100),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("before", [2, 5, 12])
def test_what_exists_all_the_time_is_listed_once(world, change, before):
    form_id = form_of(world, 1050)
    changed = threading.Event()

    def send(exchange, url):
        CHANGES[change](world, form_id)
        changed.set()
        return exchange(url)

    with with_each_hit("listFormSubmissions", before - 1, 1, send):
        outcome = world.run(MODULE, {"form": form_id})
    assert changed.is_set() and not outcome.failed and not outcome.warnings
    listed = [submission["number"] for submission in outcome.result["submissions"]]
    assert len(set(listed)) == len(listed)
    gone = {"the newest is deleted": 1050, "one in the middle is deleted": 750}.get(change)
    assert set(listed) >= set(range(1, 1051)) - {gone}


@pytest.mark.parametrize("before", [2, 3])
def test_the_order_of_the_list_is_kept(world, before):
    names = [site(world, f"site-{number:03}")["name"] for number in range(210)]
    order = [each["name"] for page in (1, 2, 3) for each in world.api("GET", f"/sites?page={page}")]
    assert sorted(order) == sorted(names)

    def send(exchange, url):
        world.api("DELETE", f"/sites/{order[5]}.netlify.app")
        return exchange(url)

    with with_each_hit("listSites", before - 1, 1, send):
        outcome = world.run("netlify_site_info", {})
    assert [each["name"] for each in outcome.result["sites"]] == order[:5] + order[6:]
    assert not outcome.warnings


def test_a_list_that_never_rests_gets_a_warning(world):
    form_id = form_of(world, 350)

    def send(exchange, url):
        more(world, 1)
        return exchange(url)

    with with_each_hit("listFormSubmissions", 0, None, send):
        outcome = world.run(MODULE, {"form": form_id})
    assert len(outcome.warnings) == 1 and "listFormSubmissions" in outcome.warnings[0]
    assert {row["number"] for row in outcome.result["submissions"]} >= set(range(1, 351))


@pytest.mark.parametrize(
    "count, options, pages",
    [
        (90, {}, [1]),
        (190, {}, [1, 1, 2]),
        (450, {}, [1, 1, 2, 3, 4, 5, 5]),
        (450, {"limit": 150}, [1, 2]),
        (450, {"after_number": 420}, [1, 2]),
    ],
)
def test_each_page_is_requested_once_and_the_ends_twice(world, count, options, pages):
    form_id = form_of(world, count)
    world.sandbox.forget()
    outcome = world.run(MODULE, {"form": form_id, **options})
    asked = [int(call["query"]["page"]) for call in outcome.calls]
    assert sorted(asked) == pages


def test_pages_are_read_side_by_side(world):
    form_id = form_of(world, 1050)
    together = threading.Barrier(4, timeout=20)

    def send(exchange, url):
        together.wait()
        return exchange(url)

    with with_each_hit("listFormSubmissions", 2, 4, send):
        outcome = world.run(MODULE, {"form": form_id})
    assert [row["number"] for row in outcome.result["submissions"]] == list(range(1050, 0, -1))


def test_all_connections_obey_the_rate_limit(world):
    world.sandbox.reset(limits="real")
    form_id = form_of(world, 3050)
    for _each in range(LIMIT - 12 - len(world.sandbox.calls())):
        world.api("GET", "/user")
    world.sandbox.forget()
    outcome = world.run(MODULE, {"form": form_id})
    assert len(outcome.warnings) == 1
    assert not [call for call in outcome.calls if call["status"] == 429]
    assert len(outcome.result["submissions"]) == 3050 and len(outcome.calls) == 33
