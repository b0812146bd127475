# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sandbox cannot be made to do: others who change things in between, lists in unusual orders, lies."""

from __future__ import annotations

import hashlib
import io

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core import compare as _compare
from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    LostAnswer,
    PaasError,
)
from ansible_collections.webops.paas.plugins.module_utils._kernel.task import reconcile
from ansible_collections.webops.paas.plugins.module_utils._netlify import files, forms, snippets
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import NetlifyClient
from ansible_collections.webops.paas.plugins.modules.netlify_file import File
from ansible_collections.webops.paas.plugins.modules.netlify_snippets import Snippets as AllSnippets

SITE_ID = "3970e0fe-8564-4903-9a55-c5f8de49fb8b"


class FakeClock:
    def __init__(self):
        self.slept = 0.0

    def monotonic(self):
        return self.slept

    def sleep(self, seconds):
        self.slept += seconds


class Client(NetlifyClient):
    """A client without a network: tests give it the methods that they need."""

    def __init__(self, **methods):
        self.http = self
        self.clock = FakeClock()
        vars(self).update(methods)


def lost(*unused):
    raise LostAnswer("the answer is lost", status=None, code="lost_response")


# -- snippets ----------------------------------------------------------------------------------------------------------


class Snippets(Client):
    """A site's snippets, whose ids are their places in the list."""

    def __init__(self, *titles):
        super().__init__()
        self.titles = list(titles)
        self.writes = 0

    def list_snippets(self, _site):
        return [{"id": number, "title": title, "general": ""} for number, title in enumerate(self.titles)]

    def create_snippet(self, _site, body):
        self.writes += 1
        self.titles.append(body["title"])
        return {"id": len(self.titles) - 1, **body}

    def delete_snippet(self, _site, snippet_id):
        self.writes += 1
        del self.titles[snippet_id]


def test_a_lost_deletion_takes_no_other_snippet_with_it():
    client = Snippets("a", "b", "c")
    delete = client.delete_snippet
    client.delete_snippet = lambda site, snippet_id: (delete(site, snippet_id), lost())
    listed = snippets.listed(client, "shop")
    snippets.delete(client, "shop", listed[0], listed)
    assert client.titles == ["b", "c"] and client.writes == 1


def test_a_deletion_that_was_lost_on_the_way_there_finds_the_snippet_under_its_new_id():
    client = Snippets("a", "b", "c")
    listed, delete, attempts = snippets.listed(client, "shop"), client.delete_snippet, []

    def first_lost(site, snippet_id):
        attempts.append(snippet_id)
        if len(attempts) == 1:
            client.titles.remove("a")
            lost()
        delete(site, snippet_id)

    client.delete_snippet = first_lost
    snippets.delete(client, "shop", listed[1], listed)
    assert client.titles == ["c"] and attempts == [1, 0]


def test_several_of_one_title_are_listed():
    with pytest.raises(PaasError, match=r"3 snippets with the title 'a'.*id 0.*id 2.*id 3"):
        snippets.the_one(snippets.listed(Snippets("a", "b", "a", "a"), "shop"), "a")


def declare(client, *declared, check_mode=False, purge=False):
    params = {"site": "shop", "snippets": [{"title": "a", **each} for each in declared], "purge": purge}
    return reconcile(AllSnippets(params, client, client.clock, print), check_mode, want_diff=True)


def test_a_snippet_that_is_answered_as_created_and_is_not_there_is_not_created_again():
    client = Snippets()
    client.create_snippet = lambda _site, body: {"id": 0, **body}
    with pytest.raises(PaasError, match=r" of a but did not apply") as caught:
        declare(client, {})
    assert caught.value.details["code"] == "not_applied"


def test_purge_keeps_the_twin_that_is_as_declared():
    client = Snippets("a", "a", "a")
    texts = ("old", "new", "old")
    client.list_snippets = lambda _site: [
        {"id": number, "title": title, "general": text}
        for number, (title, text) in enumerate(zip(client.titles, texts, strict=False))
    ]
    predicted = declare(client, {"general": "new"}, check_mode=True, purge=True)
    assert predicted["changes"] == {"created": [], "updated": [], "deleted": ["a", "a"]}
    assert [snippet["general"] for snippet in predicted["snippets"]] == ["new"]
    assert list(predicted["diff"]["before"]) == ["a (id 0)", "a (id 2)"]
    assert predicted["diff"]["after"] == {}


# -- metadata ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "one,other,same",
    [
        (True, 1, False),
        ({"a": [1, {"b": False}]}, {"a": [1, {"b": 0}]}, False),
        ({"a": 1.0}, {"a": 1}, True),
        ({"a": None}, {}, False),
        ([1, 2], [2, 1], False),
        ({"a": 1, "b": [None]}, {"b": [None], "a": 1}, True),
        ("1", 1, False),
    ],
)
def test_json_values_are_compared_as_json_has_them(one, other, same):
    assert _compare.is_same_json(one, other) is same


# -- files -------------------------------------------------------------------------------------------------------------


class Releases(Client):
    """A site on which somebody else publishes a release each time before it is looked at, until there are no more."""

    def __init__(self, *others):
        super().__init__()
        self.contents = {"0": {"index.html": "0"}}
        self.live, self.others, self.created = "0", list(others), []

    def deploy(self, deploy_id):
        return {"id": deploy_id, "state": "ready", "site_id": SITE_ID, "context": "production"}

    def get_site(self, _reference):
        site = {"id": SITE_ID, "name": "shop", "published_deploy": self.deploy(self.live)}
        if self.others:
            self.live = str(len(self.contents))
            self.contents[self.live] = self.others.pop(0)
        return site

    def list_site_files(self, _site, deploy_id):
        return [
            {"path": f"/{path}", "sha": hashlib.sha1(text.encode()).hexdigest(), "deploy_id": deploy_id}
            for path, text in self.contents[deploy_id].items()
        ]

    def list_deploys(self, _site, **unused):
        return iter([])

    def create_deploy(self, _site, body, _title):
        self.created.append(body["files"])
        self.live = "ours"
        return {**self.deploy("ours"), "required": []}

    def get_deploy(self, deploy_id):
        return self.deploy(deploy_id)


def edited(client, *files):
    params = {
        "site": "shop",
        "title": None,
        "wait": True,
        "wait_timeout": 9,
        "poll_interval": 1,
        "files": files or [{"path": "a.txt", "src": None, "content": "a", "state": "present"}],
    }
    return reconcile(File(params, client, client.clock, print), check_mode=False, want_diff=True)


@pytest.fixture(autouse=True)
def no_threads(monkeypatch):
    monkeypatch.setattr(
        "ansible_collections.webops.paas.plugins.module_utils._netlify.uploads.in_parallel", lambda *unused: None
    )


def test_a_release_of_somebody_else_in_between_is_not_lost():
    client = Releases({"index.html": "1", "new.html": "1"})
    result = edited(client)
    assert [sorted(files) for files in client.created] == [["a.txt", "index.html", "new.html"]]
    assert client.created[0]["index.html"] == hashlib.sha1(b"1").hexdigest()
    assert result["previous_deploy_id"] == "1" and result["files"]["added"] == ["a.txt"] and result["changed"]


def test_a_release_that_has_the_file_already_leaves_nothing_to_do():
    client = Releases({"index.html": "1", "a.txt": "a"})
    result = edited(client)
    assert client.created == [] and result["changed"] is False and result["deploy"]["id"] == "1"
    assert result["diff"]["before"] == result["diff"]["after"]


def test_releases_without_end_are_not_waited_out():
    client = Releases(*({"index.html": str(number)} for number in range(20)))
    with pytest.raises(PaasError, match="changed 3 times.*Nothing was sent"):
        edited(client)
    assert client.created == []


def test_the_last_file_is_not_taken_away():
    client = Releases()
    with pytest.raises(PaasError, match="without any file"):
        edited(client, {"path": "index.html", "state": "absent"})
    assert client.created == []


def test_content_that_the_live_deploy_has_and_netlify_has_lost_is_named():
    client = Releases()
    client.create_deploy = lambda *unused: {
        **client.deploy("ours"),
        "state": "uploading",
        "required": [hashlib.sha1(b"0").hexdigest()],
    }
    client.cancel_deploy = lambda _deploy: None
    with pytest.raises(ApiError, match="no longer stored") as caught:
        edited(client)
    assert caught.value.code == "unknown_digest"


def sending(content):
    """A download_site_file."""

    def download(_site, _path, into):
        into.seek(0)
        into.truncate()
        into.write(content)

    return download


def test_a_download_that_meets_a_release_begins_anew():
    contents = {"old": b"old", "new": b"new"}
    told = [{"path": "/a", "sha": hashlib.sha1(contents["new"]).hexdigest()}]
    into = io.BytesIO()
    client = Client(download_site_file=sending(contents["new"]), get_site_file=lambda _site, _path: told[0])
    file = files.download(client, "shop", {"path": "a", "sha1": hashlib.sha1(contents["old"]).hexdigest()}, into)
    assert into.getvalue() == b"new" and file["sha1"] == told[0]["sha"]


def test_a_download_whose_digest_is_never_right_is_refused():
    client = Client(
        download_site_file=sending(b"x"),
        get_site_file=lambda _site, _path: {"path": "/a", "sha": "0" * 40},
    )
    with pytest.raises(PaasError, match="SHA-1, 0{40}") as caught:
        files.download(client, "shop", {"path": "a", "sha1": "0" * 40}, io.BytesIO())
    assert caught.value.details["code"] == "wrong_digest"


@pytest.mark.parametrize("path", ["", "/", "a/", "//a", "a/../b", ".", "a#b", "a?b", "a\0b", "a\udc80"])
def test_paths_that_no_site_has_are_refused(path):
    with pytest.raises(InvalidInput):
        files.checked_path("path", path)


# -- forms and submissions ---------------------------------------------------------------------------------------------


def rows(numbers):
    return [
        {
            "id": str(number),
            "number": number,
            "created_at": f"2026-11-{1 + number // 100:02}T00:00:{number % 60:02}.000Z",
        }
        for number in numbers
    ]


def read_of(listed, bound):
    """How many rows are read until everything above the bound is known."""
    return len(list(forms.newest_first(listed, lambda row: row["number"], bound)))


def test_reading_ends_after_a_page_of_older_ones():
    assert read_of(rows(range(900, 0, -1)), 850) == 900 - 850 + 1 + forms.PAGE


@pytest.mark.parametrize("numbers", [range(1, 900), [*range(5), *range(900, 0, -1)]], ids=["oldest first", "mixed"])
def test_in_another_order_all_are_read(numbers):
    assert read_of(rows(numbers), 850) == len(list(numbers))


def test_rows_of_one_value_are_in_order():
    """Several of one second, and a number that comes again on the next page."""
    listed = rows([900, 900, *range(900, 0, -1)])
    assert read_of(listed, 850) == 2 + 900 - 850 + 1 + forms.PAGE


def test_one_that_goes_up_again_ends_the_trust_in_the_order():
    """Also when it stays below the first one."""
    listed = rows([900, 10, 20, *range(9, 0, -1), *range(200, 0, -1)])
    assert read_of(listed, 250) == len(listed)


def test_one_without_a_value_does_not_tell_on_which_side_it_is():
    older = rows(range(849, 0, -1))
    assert read_of([*older[:50], {"number": None}, *older[50:]], 850) == forms.PAGE + 1


def selection(**options):
    return forms.Selection(
        {
            "site": None,
            "form": "5f0c1b2a9d8e7f6a5b4c3d2e",
            "state": "verified",
            "since": None,
            "after_number": None,
            "limit": None,
            **options,
        }
    )


def test_rows_that_come_again_on_the_next_page_are_left_out():
    listed = rows([5, 4, 3, 4, 3, 2])
    client = Client(list_submissions=lambda **unused: iter(listed))
    assert [view["number"] for view in selection().views(client)] == [5, 4, 3, 2]


@pytest.mark.parametrize(
    "since,expected",
    [
        ("2026-11-03", [250, 200]),
        ("2026-11-03T00:00:15Z", [200]),
        ("2026-11-03 01:00:15+01:00", [200]),
        ("2026-11-03T00:00:20Z", [200]),
        ("2026-11-03T00:00:20.001Z", []),
    ],
)
def test_since(since, expected):
    client = Client(list_submissions=lambda **unused: iter(rows([250, 200, 150])))
    assert [view["number"] for view in selection(since=since).views(client)] == expected


@pytest.mark.parametrize("number,expected", [(149, [250, 200, 150]), (150, [250, 200]), (250, [])])
def test_after_number(number, expected):
    client = Client(list_submissions=lambda **unused: iter(rows([250, 200, 150])))
    assert [view["number"] for view in selection(after_number=number).views(client)] == expected


def test_where_the_calls_for_everything_are_gone_each_site_is_asked():
    def gone(**unused):
        if unused.get("site_id") is None:
            raise ApiError("Not Found", status=404, code="not_found")
        yield {"id": unused["site_id"], "number": 1}

    client = Client(list_submissions=gone, list_sites=lambda **unused: [{"id": "1"}, {"id": "2"}])
    assert [view["id"] for view in selection(form=None, state="both").views(client)] == ["1", "2", "1", "2"]


def test_spam_is_looked_for_as_far_back_as_the_oldest_of_those_that_are_asked_about():
    spam = [
        {**row, "created_at": f"2026-11-01T00:{row['number'] // 60:02}:{row['number'] % 60:02}Z"}
        for row in rows(range(900, 0, -1))
    ]
    read = []
    client = Client(list_submissions=lambda **unused: (read.append(row) or row for row in spam))
    by_number = {row["number"]: {**row, "form_id": "f"} for row in spam}
    for wanted in ([850, 300], [300, 850]):
        read.clear()
        asked = [by_number[number] for number in wanted]
        asked.append({**by_number[600], "id": "none of them"})
        assert forms.spam_among(client, asked) == {"850", "300"}
        assert len(read) < len(spam)
    read.clear()
    assert forms.spam_among(client, [by_number[1], {"id": "x", "form_id": "f"}]) == {"1"} and len(read) == len(spam)


def test_spam_is_looked_for_where_the_submission_says_it_belongs():
    asked = []

    def listed(spam, **scope):
        asked.append(scope)
        return iter([{"id": "a"}, {"id": "b"}])

    client = Client(list_submissions=listed)
    found = forms.spam_among(
        client,
        [{"id": "a", "form_id": "f"}, {"id": "x", "form_id": "f"}, {"id": "b", "site_url": "http://shop.netlify.app"}],
    )
    assert found == {"a", "b"} and asked == [{"form_id": "f"}, {"site_id": "shop.netlify.app"}]
    with pytest.raises(PaasError, match="does not return the form of the submission a"):
        forms.spam_among(client, [{"id": "a"}])
