# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core import compare, domains
from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput


@pytest.mark.parametrize(
    "spelling, expected",
    [
        ("Shop.Example", "shop.example"),
        ("shop.example.", "shop.example"),
        (" shop.example ", "shop.example"),
        ("shop.example..", "shop.example."),
        ("", ""),
        (None, ""),
    ],
)
def test_the_one_spelling(spelling, expected):
    assert domains.normal(spelling) == expected


@pytest.mark.parametrize(
    "name", ["a.b", "A-1.example.", "_dmarc.example.com", "xn--mnchen-3ya.example", f"{'a' * 63}.b"]
)
def test_domain_names(name):
    domains.check_domain("domain", name)


@pytest.mark.parametrize(
    "name, better",
    [
        ("https://Shop.example/about", "shop.example"),
        ("shop.example/", "shop.example"),
        ("shop.example:443", "shop.example"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("MÜNCHEN.example.", "xn--mnchen-3ya.example"),
        # Two versions of the standard encode it differently.
        ("straße.example", None),
        ("localhost", None),
        ("*.example.com", None),
        ("a..example", None),
        ("-a.example", None),
        ("a b.example", None),
        ("192.0.2.1", None),
        ("[::1", None),
        ("a.example..", None),
        (f"{'a' * 64}.example", None),
        (".".join(["a" * 60] * 5), None),
        ("", None),
    ],
)
def test_what_is_no_domain_name(name, better):
    with pytest.raises(InvalidInput) as refused:
        domains.check_domain("domain", name)
    message = str(refused.value)
    assert refused.value.option == "domain" and repr(name) in message
    assert (f"Use {better!r}" in message) if better else "Use" not in message


def test_wildcards_and_short_names_where_they_are_allowed():
    domains.check_wildcard_domain("domain", "*.Example.com")
    assert domains.is_domain("mail", short=True) and not domains.is_domain("mail")
    for name in ("*", "a.*.example.com", "*example.com"):
        with pytest.raises(InvalidInput):
            domains.check_wildcard_domain("domain", name)


def test_spellings_are_compared_as_equal_and_sent_as_one():
    assert not compare.DOMAIN.differs("shop.example", "Shop.Example.")
    assert not compare.DOMAIN.differs(None, "") and compare.DOMAIN.differs("shop.example", "")
    assert compare.DOMAIN.after(None, "Shop.Example.") == "shop.example"
    assert not compare.DOMAINS.differs(["b.example", "a.example"], ["A.example", "B.Example.", "a.example"])
    assert compare.DOMAINS.after(None, ["B.example", "a.Example.", "b.example"]) == ["a.example", "b.example"]
    assert compare.DOMAINS.differs(["a.example"], []) and not compare.DOMAINS.differs(None, [])
