# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms, submissions and users."""

from __future__ import annotations

import json

from scenarios.base import Scenario
from scenarios.netlify import (
    deploy_by_hand,
    site,
)

CONTACT = """<form name="contact" data-netlify="true"><input name="name"><input type="email" name="email">
<textarea name="message"></textarea></form>"""


def with_forms(verified=0, spam=0, forms=("contact",)):
    """A live page with forms, and the given number of submissions of the first one."""

    def given(world):
        site(world)
        deploy_by_hand(world, {"index.html": "".join(CONTACT.replace("contact", name) for name in forms)})
        for count, is_spam in ((verified, False), (spam, True)):
            if count:
                made = world.sandbox.admin(
                    "POST", "netlify/submissions", {"site": "shop", "form": forms[0], "count": count, "spam": is_spam}
                )
                world.ids.update({"form": made["form_id"], "first spam" if is_spam else "first": made["first_id"]})
                world.ids.update({"last spam" if is_spam else "last": made["last_id"]})

    return given


def has_forms(*names):
    def holds(world):
        assert sorted(form["name"] for form in world.api("GET", "/sites/shop.netlify.app/forms")) == sorted(names)

    return holds


def has_submissions(verified, spam):
    def holds(world):
        for count, query in ((verified, ""), (spam, "&state=spam")):
            assert len(world.api("GET", f"/sites/shop.netlify.app/submissions?per_page=100{query}")) == count

    return holds


def is_spam(world, name):
    return world.ids[name] in [
        item["id"] for item in world.api("GET", "/sites/shop.netlify.app/submissions?state=spam")
    ]


def all_written(world):
    lines = [json.loads(line) for line in (world.directory / "all.jsonl").read_text().splitlines()]
    assert [line["state"] for line in lines] == ["verified"] * 130 + ["spam"] * 2
    assert len({line["id"] for line in lines}) == 132 and {line["form_name"] for line in lines} == {"contact"}
    assert (world.directory / "all.jsonl").stat().st_mode & 0o777 == 0o600


FORMS = (
    Scenario("netlify_form_info", "site", {"site": "shop"}, given=with_forms(3, 1), changes=False),
    Scenario(
        "netlify_form_info", "all", {"form": "raffle"}, given=with_forms(0, 0, ("contact", "raffle")), changes=False
    ),
    Scenario(
        "netlify_form",
        "delete",
        {"site": "shop", "form": "raffle", "state": "absent"},
        given=with_forms(3, 0, ("raffle", "contact")),
        holds=has_forms("contact"),
    ),
    Scenario(
        "netlify_form",
        "delete-by-id",
        lambda world: {"site": world.ids["shop"], "form": world.ids["form"], "state": "absent"},
        given=with_forms(1),
        holds=has_forms(),
    ),
    Scenario(
        "netlify_form",
        "delete-absent",
        {"site": "shop", "form": "raffle", "state": "absent"},
        given=with_forms(),
        changes=False,
        holds=has_forms("contact"),
    ),
    Scenario("netlify_submission_info", "site", {"site": "shop"}, given=with_forms(3, 1), changes=False),
    Scenario(
        "netlify_submission_info", "everything", {"state": "both"}, given=with_forms(2, 1), changes=False, reads=2
    ),
    Scenario(
        "netlify_submission_info",
        "form-by-name-since",
        {"site": "shop", "form": "contact", "since": "2020-01-01", "after_number": 2, "limit": 5},
        given=with_forms(9),
        changes=False,
        reads=2,
    ),
    Scenario(
        "netlify_submission_info",
        "newest-of-many",
        lambda world: {"form": world.ids["form"], "after_number": 240},
        given=with_forms(250),
        changes=False,
        reads=2,
    ),
    Scenario(
        "netlify_submission_info",
        "to-a-file",
        lambda world: {"site": "shop", "state": "both", "dest": str(world.directory / "all.jsonl")},
        given=with_forms(130, 2),
        local=True,
        reads=4,
        holds=all_written,
    ),
    Scenario(
        "netlify_submission",
        "delete",
        lambda world: {"submission_ids": [world.ids["first"], world.ids["last spam"]], "state": "absent"},
        given=with_forms(3, 2),
        reads=2,
        holds=has_submissions(2, 1),
    ),
    Scenario(
        "netlify_submission",
        "delete-absent",
        {"submission_ids": ["5231110b5803540aeb000019"], "state": "absent"},
        changes=False,
    ),
    Scenario(
        "netlify_submission",
        "spam",
        lambda world: {"submission_ids": [world.ids["first"], world.ids["first spam"]], "state": "spam"},
        given=with_forms(3, 1),
        reads=3,
        holds=lambda world: (has_submissions(2, 2)(world), is_spam(world, "first")),
    ),
    Scenario(
        "netlify_submission",
        "ham",
        lambda world: {"submission_ids": [world.ids["first spam"]], "state": "ham"},
        given=with_forms(1, 1),
        reads=2,
        holds=has_submissions(2, 0),
    ),
    Scenario(
        "netlify_submission",
        "is-ham",
        lambda world: {"submission_ids": [world.ids["last"]], "state": "ham"},
        given=with_forms(1, 1),
        changes=False,
        reads=2,
        holds=has_submissions(1, 1),
    ),
)


def reseller(world):
    with_forms(2)(world)
    world.sandbox.admin("PATCH", "switches", {"legacy_users": "served"})
    world.ids["user"] = world.api("GET", "/user")["id"]


USERS = (
    Scenario("netlify_user_info", "own", {}, changes=False, reads=2),
    Scenario(
        "netlify_user_info",
        "all-of-a-reseller",
        lambda world: {"all_users": True, "user_id": world.ids["user"], "gather": ["sites", "forms", "submissions"]},
        given=reseller,
        changes=False,
        reads=5,
    ),
)


SCENARIOS = FORMS + USERS

BAD_INPUT = (
    ("netlify_form_info", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_form", {"site": "no_such_name", "form": "contact", "state": "absent"}, ["site", "no_such_name"]),
    ("netlify_form", {"site": "shop", "form": "", "state": "absent"}, ["form"]),
    ("netlify_form", {"site": "shop", "form": "contact", "state": "present"}, ["state", "present", "absent"]),
    ("netlify_submission_info", {"site": "no_such_name"}, ["site", "no_such_name"]),
    ("netlify_submission_info", {"form": "contact"}, ["form", "contact", "site"]),
    ("netlify_submission_info", {"site": "shop", "since": "yesterday"}, ["since", "yesterday", "2026-11-01"]),
    ("netlify_submission_info", {"site": "shop", "after_number": 3}, ["after_number", "form"]),
    ("netlify_submission_info", {"limit": 0}, ["limit", "0"]),
    ("netlify_submission_info", {"state": "ham"}, ["state", "ham", "verified"]),
    ("netlify_submission_info", {"dest": "no/such/file"}, ["dest", "no/such/file"]),
    ("netlify_submission", {"submission_ids": ["a/b"], "state": "spam"}, ["submission_ids", "a/b"]),
    ("netlify_submission", {"submission_ids": ["5231110b5803540aeb000019"]}, ["state"]),
    (
        "netlify_submission",
        {"submission_ids": ["5231110b5803540aeb000019"], "state": "verified"},
        ["state", "verified", "ham"],
    ),
    ("netlify_user_info", {"user_id": "../x"}, ["user_id", "../x"]),
    ("netlify_user_info", {"gather": ["deploys"]}, ["gather", "deploys"]),
)
