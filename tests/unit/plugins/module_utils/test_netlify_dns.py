# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DNS records: what takes the place of what, and what becomes of them when the platform refuses."""

from __future__ import annotations

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError
from ansible_collections.webops.paas.plugins.module_utils._netlify import dns

NAME = "www.example.com"
PROBE = f"{dns.PROBE}.{NAME}"


class Clock:
    def monotonic(self):
        return 0.0

    def sleep(self, seconds):
        raise AssertionError("nothing here is waited for")


class Records:
    """Refuses a second record of a name (with one_of_each: of the same value). bad: what it refuses of one that is
    valid elsewhere."""

    def __init__(self, *values, bad=(), one_of_each=False):
        self.http = self
        self.clock = Clock()
        self.writes = []
        self.rows = [row(value, f"id {value}", type="A" if one_of_each else "CNAME") for value in values]
        self.bad = bad
        self.one_of_each = one_of_each

    def list_dns_records(self, zone):
        return list(self.rows)

    def create_dns_record(self, zone, body):
        self.writes.append(("create", body["hostname"], body["value"]))
        beside = [each["value"] for each in self.rows if each["hostname"] == body["hostname"]]
        if body["value"] in beside if self.one_of_each else beside:
            raise ApiError("No.", status=422, code="invalid")
        if body["hostname"] == NAME and (body["value"] in self.bad or body.get("ttl") in self.bad):
            raise ApiError("refused", status=422, code="invalid")
        self.rows.append({**body, "id": f"new {body['hostname']}"})
        return self.rows[-1]

    def delete_dns_record(self, zone, record_id):
        self.writes.append(("delete", record_id))
        self.rows = [each for each in self.rows if each["id"] != record_id]


def row(value, record_id=None, **more):
    return dns.record_view({"id": record_id, "type": "CNAME", "hostname": NAME, "value": value, "ttl": 60, **more})


def test_where_both_cannot_be_there_the_old_one_goes_first():
    client = Records("old.example.net")
    client.rows.append(row("killed.example.net", "left by a run that was killed", hostname=PROBE))
    old = [each for each in client.rows if each["hostname"] == NAME]
    made = dns.Replacement(client, "zone", row("new.example.net"), old).carry_out()
    assert made["id"] == f"new {NAME}"
    assert [(each["hostname"], each["value"]) for each in client.rows] == [(NAME, "new.example.net")]
    assert client.writes == [
        ("create", NAME, "new.example.net"),
        ("delete", "left by a run that was killed"),
        ("create", PROBE, "new.example.net"),
        ("delete", f"new {PROBE}"),
        ("delete", "id old.example.net"),
        ("create", NAME, "new.example.net"),
    ]


def test_what_was_deleted_for_a_record_that_is_refused_is_put_back():
    client = Records("old.example.net", bad=("new.example.net",))
    with pytest.raises(ApiError, match="refused.*restored: www.example.com has old.example.net again"):
        dns.Replacement(client, "zone", row("new.example.net"), client.list_dns_records("zone")).carry_out()
    assert [(each["value"], each["ttl"]) for each in client.rows] == [("old.example.net", 60)]


def test_when_it_cannot_be_put_back_that_is_told():
    client = Records("old.example.net", bad=("new.example.net", "old.example.net"))
    with pytest.raises(ApiError, match="www.example.com has no CNAME record now"):
        dns.Replacement(client, "zone", row("new.example.net"), client.list_dns_records("zone")).carry_out()


def test_a_refusal_for_another_reason_leaves_the_old_record_alone():
    client = Records("192.0.2.1", bad=("192.0.2.2",), one_of_each=True)
    with pytest.raises(ApiError, match="^refused$"):
        dns.Replacement(client, "zone", row("192.0.2.2", type="A"), client.list_dns_records("zone")).carry_out()
    assert client.writes == [("create", NAME, "192.0.2.2")]


@pytest.mark.parametrize("reason", ["ttl is too low", "record already exists", "value must be unique"])
def test_a_record_that_is_refused_elsewhere_too_deletes_nothing(reason):
    """Whatever the platform says: its words are no fact."""
    client = Records("old.example.net")

    def refuse(_zone, _body):
        raise ApiError(reason, status=422, code="invalid")

    client.create_dns_record = refuse
    with pytest.raises(ApiError, match=f"^{reason}$"):
        dns.Replacement(client, "zone", row("new.example.net"), client.list_dns_records("zone")).carry_out()
    assert client.writes == [] and len(client.rows) == 1


def test_an_https_record_is_never_deleted_before_its_successor_exists():
    """Its target could not be put back."""
    client = Records("alpn=h2", one_of_each=True)
    old = [row("alpn=h2", "id alpn=h2", type="HTTPS")]
    with pytest.raises(ApiError, match="^No.$"):
        dns.Replacement(client, "zone", {**row("alpn=h2", type="HTTPS"), "target": "."}, old).carry_out()
    assert client.writes == [("create", NAME, "alpn=h2")]


def test_of_several_only_the_one_in_the_way_goes_first_and_it_comes_back():
    """Solo: one address with another ttl takes the place of three."""
    addresses = ("192.0.2.1", "192.0.2.2", "192.0.2.3")
    client = Records(*addresses, bad=(5,), one_of_each=True)
    made = row("192.0.2.1", type="A", ttl=5)
    with pytest.raises(ApiError, match="refused.*restored: www.example.com has 192.0.2.1, 192.0.2.2, 192.0.2.3 again"):
        dns.Replacement(client, "zone", made, client.list_dns_records("zone")).carry_out()
    assert sorted((each["value"], each["ttl"]) for each in client.rows) == [(address, 60) for address in addresses]
    assert [write for write in client.writes if write[0] == "delete"] == [
        ("delete", f"new {PROBE}"),
        ("delete", "id 192.0.2.1"),
    ]


def test_all_that_was_deleted_is_put_back():
    client = Records("a.example.net", "b.example.net", bad=("new.example.net",))
    create = client.create_dns_record
    # Two of a kind of which a name should have one; they may be put back as they were.
    client.create_dns_record = lambda zone, body: (
        create(zone, body)
        if body["value"] == "new.example.net" or body["hostname"] == PROBE
        else client.rows.append({**body, "id": "again"}) or client.rows[-1]
    )
    with pytest.raises(
        ApiError, match="records .* were restored: www.example.com has a.example.net, b.example.net again"
    ):
        dns.Replacement(client, "zone", row("new.example.net"), client.list_dns_records("zone")).carry_out()
    assert [each["value"] for each in client.rows] == ["a.example.net", "b.example.net"]


@pytest.mark.parametrize(
    "hostname, expected",
    [
        ("@", "example.com"),
        ("", "example.com"),
        ("example.com.", "example.com"),
        ("WWW", "www.example.com"),
        ("www.example.com", "www.example.com"),
        ("*", "*.example.com"),
        ("*.shop", "*.shop.example.com"),
        ("*.Example.com.", "*.example.com"),
        ("10.2", "10.2.example.com"),
        ("_dmarc", "_dmarc.example.com"),
        ("badexample.com", "badexample.com.example.com"),
    ],
)
def test_host_names_in_a_zone(hostname, expected):
    assert dns.hostname_in("example.com", hostname) == expected


@pytest.mark.parametrize(
    "kind, one, other, same",
    [
        ("AAAA", "2001:DB8::1", "2001:db8:0::1", True),
        ("TXT", "A", "a", False),
        ("CNAME", "A.example.", "a.example", True),
        ("A", "odd", "odd", True),
    ],
)
def test_values_that_mean_the_same(kind, one, other, same):
    assert dns.same_value(kind, one, other) is same


def declaration(**params):
    names = (*dns.DETAILS, dns.UNREADABLE, "replaces")
    return dns.Declaration({**dict.fromkeys(names), "solo": False, "state": "present", **params}, NAME)


@pytest.mark.parametrize(
    "replaces, gone",
    [
        (None, []),
        ("v=spf1*", ["v=spf1 a ~all", "v=spf1 b ~all"]),
        ("v=spf1 a ~all", ["v=spf1 a ~all"]),
        ("V=SPF1*", []),
        ("v=spf1 ?", []),
    ],
)
def test_values_that_a_record_replaces(replaces, gone):
    texts = ["v=spf1 a ~all", "verification=1", "v=spf1 b ~all"]
    rows = [row(text, text, type="TXT") for text in texts] + [row("v=spf1 a ~all", "other name", type="TXT")]
    rows[-1]["hostname"] = "mail.example.com"
    declared = declaration(type="TXT", value="v=spf1 new ~all", replaces=replaces)
    kept, made, old = declared.steps(rows)
    assert kept is None and made["value"] == "v=spf1 new ~all" and [each["id"] for each in old] == gone
    after = [each for each in rows if each not in old] + [made]
    assert declared.steps(after) == (made, None, [])
    expected = 2 - len(gone) > 0
    assert [("v=spf1" in doubt and "`replaces: v=spf1*`" in doubt) for doubt in declared.doubts(after)] == (
        [True] if expected else []
    )


@pytest.mark.parametrize(
    "kind, value, is_doubtful",
    [
        ("TXT", '"v=DKIM1; p=a" "b"', True),
        ("TXT", 'he said "hi"', False),
        ("CAA", '"ca.example.net"', True),
        ("TXT", "plain", False),
    ],
)
def test_a_quoted_value_is_warned_about(kind, value, is_doubtful):
    doubts = declaration(type=kind, value=value).doubts([])
    assert [("double quotes" in doubt) for doubt in doubts] == ([True] if is_doubtful else [])


def test_a_record_that_netlify_manages_is_left_alone():
    """Also one of a type that anybody may create."""
    row = {"id": "1", "type": "A", "hostname": "www.example.com", "value": "192.0.2.1", "managed": True}
    declared = declaration(type="A", value=None, state="absent")
    assert declared.steps([dns.record_view(row)]) == (None, None, [])
    assert declared.steps([dns.record_view({**row, "managed": False})])[2]
