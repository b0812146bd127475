# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For random current and wanted states of a site, the prediction of check mode equals the run, and the run
converges.
"""

from __future__ import annotations

import pytest
from diffs import without_unknown
from harness import World, shuffled
from hypothesis import given, settings
from hypothesis import strategies as st

DOMAINS = st.sampled_from(["one.example.com", "two.example.com", "three.example.org", "four.example.net"])
SETTINGS = {
    "custom_domain": st.sampled_from(["", "www.example.com", "shop.example.org"]),
    "domain_aliases": st.lists(DOMAINS, max_size=4),
    "branch_deploy_custom_domain": st.sampled_from(["", "branches.example.com"]),
    "deploy_preview_custom_domain": st.sampled_from(["", "previews.example.com"]),
    "password": st.sampled_from(["", "open sesame", "other"]),
    "notification_email": st.sampled_from(["", "ops@example.com", "{{ 7 * 7 }}@example.com"]),
    "managed_dns": st.booleans(),
    "processing_settings": st.fixed_dictionaries(
        {}, optional={"pretty_urls": st.booleans(), "ignore_html_forms": st.booleans()}
    ),
    "build_settings": st.fixed_dictionaries(
        {},
        optional={
            "cmd": st.sampled_from(["", "make", "npm run build"]),
            "dir": st.sampled_from(["", "public"]),
            "branch": st.sampled_from(["main", "next"]),
            "repo_path": st.sampled_from(["example/shop", "example/other", ""]),
            "stop_builds": st.booleans(),
            "skip_automatic_builds": st.booleans(),
            "allowed_branches": st.lists(st.sampled_from(["main", "next", "old"]), max_size=3),
        },
    ).filter(lambda settings: settings.get("repo_path") != "" or not {"branch", "allowed_branches"} & settings.keys()),
    "hud_enabled": st.booleans(),
    "cdp_enabled_contexts": st.lists(st.sampled_from(["branch-deploy", "deploy-preview"]), unique=True),
    "analytics_enabled": st.booleans(),
    "build_timelimit": st.sampled_from([15, 30]),
    "build_image": st.sampled_from(["noble", "jammy"]),
    "prerender": st.sampled_from(["", "netlify"]),
    "deploy_retention_in_days": st.sampled_from([30, 60, 90]),
    "enabled": st.booleans(),
}
STATES = st.fixed_dictionaries({}, optional=SETTINGS)


def prediction_equals_what_happens(sandbox, directory, current, wanted) -> None:
    world = World(sandbox, directory)
    if current is not None:
        assert not world.run("netlify_site", {"name": "shop", **current}).failed
    options = {"name": "shop", **wanted}
    predicted = world.run("netlify_site", options, check=True)
    assert not predicted.failed and not predicted.writes, predicted.result
    real = world.run("netlify_site", options)
    assert not real.failed, real.result
    assert bool(real.writes) is real.result["changed"]
    unknown = predicted.result.get("unknown_until_applied", [])
    assert without_unknown(predicted.result, unknown) == without_unknown(real.result, unknown)
    again = world.run("netlify_site", shuffled(options))
    assert again.result["changed"] is False and not again.writes, again.result
    assert len(world.api("GET", "/sites?filter=all")) == 1


@settings(max_examples=100, deadline=None, derandomize=True)
@given(current=st.none() | STATES, wanted=STATES)
def test_prediction_equals_what_happens(sandbox, tmp_path_factory, current, wanted):
    prediction_equals_what_happens(sandbox, tmp_path_factory.getbasetemp(), current, wanted)


@pytest.mark.soak
@settings(max_examples=5000, deadline=None)
@given(current=st.none() | STATES, wanted=STATES)
def test_prediction_equals_what_happens_often(sandbox, tmp_path_factory, current, wanted):
    prediction_equals_what_happens(sandbox, tmp_path_factory.getbasetemp(), current, wanted)
