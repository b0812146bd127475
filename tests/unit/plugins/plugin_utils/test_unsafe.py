# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of a platform are marked as unsafe, so that Ansible does not treat them as templates.

ansible-core 2.19 and newer evaluate nothing unless it is marked as a template, so that only older ones would show that
a mark is missing: here it is seen with each of them.
"""

from __future__ import annotations

import json

import pytest

from ansible_collections.webops.paas.plugins.plugin_utils._door import as_received
from ansible_collections.webops.paas.plugins.plugin_utils._inventory import never_evaluated

TEMPLATE = "{{ lookup('ansible.builtin.pipe', 'id') }}"
SAID = {"name": TEMPLATE, "rows": [{"deep": [TEMPLATE, 1, None]}], "plain": "shop"}


@pytest.fixture(name="marked")
def fixture_marked(monkeypatch):
    """The texts that were marked, those in dicts and lists included."""
    texts = []

    def mark(value):
        texts.append(json.dumps(value))
        return value

    for function in (as_received, never_evaluated):
        monkeypatch.setattr(f"{function.__module__}.wrap_var", mark)
    return texts


def test_results_of_the_action_plugins_are_marked(marked):
    assert as_received(SAID, set()) == SAID
    assert "".join(marked).count("lookup") == 2


def test_variables_of_inventories_are_marked(marked):
    assert never_evaluated(SAID) == SAID
    assert marked == [json.dumps(TEMPLATE)] * 2
