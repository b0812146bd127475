# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of the roles, except the decisions of each release role."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.webops.paas.plugins.filter.release import (
    FilterModule,
    release_failure,
    release_state,
    verify_entries,
)
from ansible_collections.webops.paas.tests.unit.plugins.filter.releases import FAILED, state


def test_a_connection_has_only_what_is_given():
    assert state("fleek", {"token": "t", "api_url": ""}, {})["connection"] == {"token": "t"}
    assert state("netlify", {"token": None}, {})["connection"] == {}


class Rendered(dict):
    """Like the containers of newer versions of Ansible: a copy of the whole is not rendered."""

    def __getitem__(self, key):
        return super().__getitem__(key).replace("{{ name }}", "shop")


def test_members_are_read_one_by_one():
    assert state("fleek", Rendered(token="{{ name }}"), {})["connection"] == {"token": "{{ name }}"}
    rendered = release_state(Rendered(fleek_release_token="{{ name }}"), "fleek")
    assert rendered["connection"] == {"token": "shop"}
    assert verify_entries([Rendered(url="{{ name }}")]) == [{"url": "shop"}]


def test_verify_entries():
    assert verify_entries(["https://a/", {"url": "https://b/"}, {}]) == [
        {"url": "https://a/"},
        {"url": "https://b/"},
        {},
    ]


def test_release_failure():
    assert release_failure({"failed": True, "msg": "no"}, "Deploy") == "no"
    assert release_failure({"failed": True}, "Deploy") == "Deploy failed"
    loop = {"failed": True, "msg": "One or more items failed", "results": [{"msg": "fine"}, FAILED]}
    assert release_failure(loop, "Deploy") == "it failed"


def test_an_unknown_platform_is_refused():
    with pytest.raises(AnsibleFilterError, match="platform must be one of fleek, flightcontrol, hasura, netlify"):
        release_state({}, "heroku")


def test_all_filters_are_there():
    assert sorted(FilterModule().filters()) == ["release_failure", "release_state", "verify_entries"]
