# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Forms in deployed pages, their submissions by browsers, and both through the API."""

from __future__ import annotations

import re
import time

import pytest
import requests

HOST = "docs.netlify.app"
CONTACT = b"""<!doctype html><html><head></head><body>
<form name="contact" method="POST" data-netlify="true" netlify-honeypot="bot-field">
  <input type="hidden" name="form-name" value="contact">
  <p hidden><input name="bot-field"></p>
  <input name="name"> <input type="email" name="email"> <input type="radio" name="size" value="s">
  <input type="radio" name="size" value="l"> <select name="number_of_employees"><option>1</select>
  <textarea name="message"></textarea> <input type="submit" name="go"><button name="b">Go</button>
</form>
<form name="search"><input name="q"></form>
</body></html>"""
SIGN_UP = b"""<body><FORM netlify name='sign "up"' action="thanks"><input name=email type=email>
<div data-netlify-recaptcha="true"></div></FORM><!-- <form netlify name="hidden"> --></body>"""
FIELDS = [
    {"name": "name", "type": "text"},
    {"name": "email", "type": "email"},
    {"name": "size", "type": "radio"},
    {"name": "number_of_employees", "type": "select"},
    {"name": "message", "type": "textarea"},
]


@pytest.fixture
def site(sandbox):
    site = sandbox.site("docs")
    sandbox.deploy(site, {"index.html": CONTACT, "join/index.html": SIGN_UP, "join/thanks.html": b"<b>welcome</b>"})
    return site


@pytest.fixture
def contact(sandbox, site):
    return next(form for form in sandbox.get(f"/sites/{site['id']}/forms") if form["name"] == "contact")


def send(sandbox, path="/", host=HOST, **fields):
    return sandbox.page(host, path, "POST", data={"form-name": "contact", "name": "Ada Sandbox", **fields})


def submissions(sandbox, form, query=""):
    return sandbox.get(f"/forms/{form['id']}/submissions{query}")


def many(sandbox, **order):
    return sandbox.admin("POST", "netlify/submissions", {"site": "docs", "form": "contact", **order})


# forms


def test_forms_are_found_in_pages(sandbox, site):
    contact, sign_up = sandbox.get(f"/sites/{site['id']}/forms")
    assert contact == {
        "id": contact["id"],
        "site_id": site["id"],
        "name": "contact",
        "paths": ["/index"],
        "submission_count": 0,
        "fields": FIELDS,
        "honeypot": True,
        "recaptcha": False,
        "last_submission_at": None,
        "created_at": contact["created_at"],
    }
    assert re.fullmatch("[0-9a-f]{24}", contact["id"])
    assert (sign_up["name"], sign_up["paths"]) == ('sign "up"', ["/join/index"])
    assert (sign_up["fields"], sign_up["recaptcha"]) == ([{"name": "email", "type": "email"}], True)
    assert sandbox.get(f"/sites/{site['id']}/forms/{contact['id']}") == contact
    assert sandbox.get("/sites/docs.netlify.app/forms/contact") == contact
    sandbox.call("GET", f"/sites/{site['id']}/forms/nothing", 404)


def test_a_form_stays_itself_over_deploys(sandbox, site, contact):
    sandbox.deploy(site, {"a.html": CONTACT.replace(b"textarea", b"b"), "b.html": CONTACT})
    again = sandbox.get(f"/sites/{site['id']}/forms/contact")
    assert (again["id"], again["paths"]) == (contact["id"], ["/a", "/b"])
    sandbox.deploy(site, {"index.html": b"no forms"})
    assert sandbox.get(f"/sites/{site['id']}/forms/contact")["paths"] == ["/a", "/b"]


def test_a_site_may_ignore_forms(sandbox, site):
    other = sandbox.site("other", processing_settings={"ignore_html_forms": True})
    sandbox.deploy(other, {"index.html": CONTACT, "join.html": SIGN_UP})
    assert sandbox.get(f"/sites/{other['id']}/forms") == []
    assert sandbox.page("other.netlify.app", "/join").content == SIGN_UP


def test_a_served_form_tells_its_name(sandbox, site):
    assert sandbox.page(HOST).content == CONTACT
    page = sandbox.page(HOST, "/join/").text
    assert 'action="thanks"><input type="hidden" name="form-name" value="sign &quot;up&quot;">' in page
    assert page.count("form-name") == 1


@pytest.mark.parametrize("by", ["id", "name"])
def test_a_deleted_form_is_gone_with_its_submissions(sandbox, site, contact, by):
    send(sandbox)
    [submission] = submissions(sandbox, contact)
    sandbox.call("DELETE", f"/sites/{site['id']}/forms/{contact[by]}", 204)
    assert [form["name"] for form in sandbox.get(f"/sites/{site['id']}/forms")] == ['sign "up"']
    for path in (f"/forms/{contact['id']}/submissions", f"/submissions/{submission['id']}"):
        sandbox.call("GET", path, 404)
    assert send(sandbox).status_code == 404
    sandbox.call("DELETE", f"/sites/{site['id']}/forms/{contact[by]}", 404)
    sandbox.deploy(site, {"index.html": CONTACT})
    reborn = sandbox.get(f"/sites/{site['id']}/forms/contact")
    assert reborn["id"] != contact["id"] and reborn["submission_count"] == 0


# what browsers send


def test_a_submission(sandbox, site, contact):
    response = sandbox.page(
        HOST,
        "/",
        "POST",
        headers={"User-Agent": "Browser", "Referer": f"http://{HOST}/"},
        data=[
            ("form-name", "contact"),
            ("name", "Ada Sandbox"),
            ("email", "ada@example.com"),
            ("number_of_employees", "7"),
            ("message", "Hello, World"),
            ("extra", "x"),
            ("extra", "y"),
            ("bot-field", ""),
        ],
    )
    assert response.status_code == 200 and "Thank you" in response.text
    [submission] = submissions(sandbox, contact)
    own = {
        "name": "Ada Sandbox",
        "email": "ada@example.com",
        "number_of_employees": "7",
        "message": "Hello, World",
        "extra": "x, y",
    }
    assert submission == {
        "id": submission["id"],
        "number": 1,
        "title": None,
        "email": "ada@example.com",
        "name": "Ada Sandbox",
        "first_name": "Ada",
        "last_name": "Sandbox",
        "company": None,
        "summary": "Hello, World",
        "body": "Hello, World",
        "data": {**own, "ip": "127.0.0.1", "user_agent": "Browser", "referrer": f"http://{HOST}/"},
        "human_fields": {
            "Name": "Ada Sandbox",
            "Email": "ada@example.com",
            "Number Of Employees": "7",
            "Message": "Hello, World",
            "Extra": "x, y",
        },
        "ordered_human_fields": [
            {"title": title, "name": name, "value": own[name]}
            for title, name in (
                ("Name", "name"),
                ("Email", "email"),
                ("Number Of Employees", "number_of_employees"),
                ("Message", "message"),
                ("Extra", "extra"),
            )
        ],
        "created_at": submission["created_at"],
        "site_url": "http://docs.netlify.app",
        "site_name": "docs",
        "form_id": contact["id"],
        "form_name": "contact",
    }
    form = sandbox.get(f"/sites/{site['id']}/forms/contact")
    assert (form["submission_count"], form["last_submission_at"]) == (1, submission["created_at"])
    assert [(entry["operation"], entry["write"]) for entry in sandbox.log() if entry["platform"] == "site"] == [
        ("submitForm", True)
    ]


def test_a_submission_with_a_file(sandbox, site, contact):
    response = sandbox.page(
        HOST,
        "/any/path",
        "POST",
        data={"form-name": "contact", "name": "Grace"},
        files={"photo": ("me.png", b"\x89PNG", "image/png")},
    )
    assert response.status_code == 200
    assert submissions(sandbox, contact)[0]["data"]["photo"] == {"filename": "me.png", "type": "image/png", "size": 4}


def test_the_page_that_a_form_names_is_answered(sandbox, site):
    response = sandbox.page(HOST, "/join/thanks", "POST", data={"form-name": 'sign "up"', "email": "a@example.com"})
    assert (response.status_code, response.content) == (200, b"<b>welcome</b>")


def test_goals_are_put_into_pages_after_a_submission_only(sandbox, site):
    sandbox.call(
        "POST",
        f"/sites/{site['id']}/snippets",
        201,
        json={"title": "a", "general": "[general]", "goal": "[goal]", "goal_position": "head"},
    )
    sandbox.deploy(site, {"index.html": CONTACT, "join/index.html": SIGN_UP, "join/thanks.html": b"<b>welcome</b>"})
    thanks = send(sandbox).text
    assert "[goal]</head>" in thanks and "[general]</body>" in thanks
    assert sandbox.page(HOST, "/", "POST", data={"form-name": 'sign "up"'}).text == "[goal]<b>welcome</b>[general]"
    assert "[goal]" not in sandbox.page(HOST).text and "[general]</body>" in sandbox.page(HOST).text


def test_posts_that_are_not_submissions(sandbox, site):
    assert sandbox.page(HOST, "/", "POST", data={"name": "x"}).status_code == 405
    assert sandbox.page(HOST, "/", "POST", json={"form-name": "contact"}).status_code == 405
    assert sandbox.page(HOST, "/", "POST", data={"form-name": "other"}).status_code == 404
    assert sandbox.get(f"/sites/{site['id']}/submissions") == []


def test_a_protected_site_takes_submissions_from_those_who_know_its_password(sandbox, site):
    sandbox.call("PATCH", f"/sites/{site['id']}", 200, json={"password": "p"})
    assert send(sandbox).status_code == 401
    cookie = sandbox.page(HOST, "/", "POST", data={"password": "p"}).headers["set-cookie"].split(";")[0]
    response = sandbox.page(HOST, "/", "POST", data={"form-name": "contact"}, headers={"Cookie": cookie})
    assert response.status_code == 200
    assert len(sandbox.get(f"/sites/{site['id']}/submissions")) == 1


# spam


@pytest.mark.parametrize("honeypot, kept", [("spam", 1), ("dropped", 0)])
def test_who_fills_the_honeypot_sends_spam(sandbox, site, contact, honeypot, kept):
    sandbox.switch(honeypot=honeypot)
    assert send(sandbox, **{"bot-field": "buy"}).status_code == 200
    assert submissions(sandbox, contact) == []
    spam = submissions(sandbox, contact, "?state=spam")
    assert len(spam) == kept and all("bot-field" not in submission["data"] for submission in spam)


def test_signs_of_spam(sandbox, site, contact):
    send(sandbox, name="viagra-test-123")
    send(sandbox, email="akismet-guaranteed-spam@example.com")
    send(sandbox, name="Ada")
    assert [entry["number"] for entry in submissions(sandbox, contact)] == [3]
    assert [entry["number"] for entry in submissions(sandbox, contact, "?state=ham")] == [3]
    assert [entry["number"] for entry in submissions(sandbox, contact, "?state=spam")] == [2, 1]
    assert sandbox.get(f"/sites/{site['id']}/forms/contact")["submission_count"] == 1


@pytest.mark.parametrize("status", [200, 204])
def test_submissions_are_marked(sandbox, site, contact, status):
    sandbox.switch(submission_mark_status=status)
    send(sandbox)
    [submission] = submissions(sandbox, contact)
    for word, spam, ham in (("spam", 1, 0), ("spam", 1, 0), ("ham", 0, 1)):
        response = sandbox.call("PUT", f"/submissions/{submission['id']}/{word}", status)
        assert (response.json() == submission) if status == 200 else response.content == b""
        assert len(submissions(sandbox, contact, "?state=spam")) == spam
        assert len(submissions(sandbox, contact)) == ham
    sandbox.call("PUT", "/submissions/nothing/spam", 404)


# lists


@pytest.mark.parametrize("answer", ["object", "array"])
def test_one_submission(sandbox, site, contact, answer):
    sandbox.switch(submission_answer=answer)
    send(sandbox)
    [submission] = submissions(sandbox, contact)
    got = sandbox.get(f"/submissions/{submission['id']}")
    assert got == ([submission] if answer == "array" else submission)
    sandbox.call("DELETE", f"/submissions/{submission['id']}", 204)
    for method in ("GET", "DELETE"):
        sandbox.call(method, f"/submissions/{submission['id']}", 404)


def test_lists_have_pages_and_begin_with_the_newest(sandbox, site, contact):
    many(sandbox, count=250)
    many(sandbox, count=3, spam=True)
    sandbox.advance(5)
    sandbox.page(HOST, "/", "POST", data={"form-name": 'sign "up"', "email": "a@example.com"})
    first = sandbox.call("GET", f"/sites/{site['id']}/submissions", 200)
    assert (len(first.json()), first.json()[0]["form_name"], first.json()[1]["number"]) == (100, 'sign "up"', 250)
    assert "page=2" in first.links["next"]["url"] and "page=3" in first.links["last"]["url"]
    last = sandbox.call("GET", f"/forms/{contact['id']}/submissions?page=3", 200)
    assert [entry["number"] for entry in last.json()] == list(range(50, 0, -1)) and "next" not in last.links
    assert [entry["number"] for entry in submissions(sandbox, contact, "?state=spam&per_page=2")] == [253, 252]
    created = [entry["created_at"] for entry in submissions(sandbox, contact)]
    assert created == sorted(created, reverse=True) and len(set(created)) == 100


@pytest.mark.parametrize("listed", ["served", "gone"])
def test_all_forms_and_submissions(sandbox, second, site, contact, listed):
    sandbox.switch(all_forms_and_submissions=listed)
    other = sandbox.call("POST", "/second-team/sites", 201, json={"name": "other"}).json()
    sandbox.deploy(other, {"index.html": CONTACT})
    send(sandbox)
    send(sandbox, host="other.netlify.app")
    if listed == "gone":
        for path in ("/forms", "/submissions"):
            response = sandbox.call("GET", path, 404)
            assert response.text == "Not Found"
        return
    assert len(sandbox.get("/forms")) == 3
    assert [entry["site_name"] for entry in sandbox.get("/submissions")] == ["other", "docs"]
    assert [form["site_id"] for form in second.get("/forms")] == [other["id"]]
    assert [entry["site_name"] for entry in second.get("/submissions")] == ["other"]
    second.call("GET", f"/forms/{contact['id']}/submissions", 404)


@pytest.mark.parametrize("users", ["gone", "served"])
def test_users_of_the_seed(sandbox, second, site, users):
    sandbox.switch(legacy_users=users)
    send(sandbox)
    me = sandbox.get("/user")
    paths = ["/users", *(f"/users/{me['id']}/{what}" for what in ("sites", "forms", "submissions"))]
    if users == "gone":
        for path in paths:
            assert sandbox.call("GET", path, 404).text == "Not Found"
        return
    assert [user["id"] for user in sandbox.get("/users")] == [me["id"]]
    assert [len(sandbox.get(path)) for path in paths] == [1, 1, 2, 1]
    for path in paths[1:]:
        assert second.call("GET", path, 404).json()["code"] == 404


# many submissions


def test_thousands_of_submissions_are_made_and_read_quickly(sandbox, site, contact):
    started = time.monotonic()
    made = many(sandbox, count=12000, data={"company": "Example"})
    assert (made["form_id"], made["count"]) == (contact["id"], 12000)
    number, address = 0, f"/forms/{contact['id']}/submissions"
    while address:
        response = sandbox.call("GET", address, 200)
        number += len(response.json())
        address = response.links.get("next", {}).get("url", "").partition("/api/v1")[2]
    assert number == 12000
    assert response.json()[-1]["id"] == made["first_id"] and response.json()[-1]["company"] == "Example"
    assert time.monotonic() - started < 20


def test_wrong_orders_of_submissions_are_refused(sandbox, site):
    for wrong in (
        {"form": "other"},
        {"site": "nowhere"},
        {"site": "taken"},
        {"count": 0},
        {"count": True},
        {"count": 10**9},
        {"data": []},
        {"more": 1},
    ):
        response = sandbox.session.post(
            f"{sandbox.url}/_sandbox/netlify/submissions", timeout=10, json={"site": "docs", "form": "contact", **wrong}
        )
        assert response.status_code == 400 and response.json()["error"], wrong
    assert requests.post(f"{sandbox.url}/_sandbox/netlify/other", json={}, timeout=10).status_code == 404


def test_the_status_page_and_the_state_show_forms_and_snippets(sandbox, site):
    sandbox.call("POST", f"/sites/{site['id']}/snippets", 201, json={"title": "<b>", "general": "x"})
    many(sandbox, count=41)
    many(sandbox, count=2, spam=True)
    page = sandbox.page("127.0.0.1").text
    assert "<td>contact</td><td>/index</td><td>41</td><td>2</td>" in page
    assert "<td>docs</td><td>0</td><td>&lt;b&gt;</td><td>footer</td><td></td>" in page
    [entry] = sandbox.admin("GET", "state")["netlify"]["sites"]
    assert [(form["name"], form["submissions"], form["spam"]) for form in entry["forms"]] == [
        ("contact", 43, 2),
        ('sign "up"', 0, 0),
    ]
    assert [snippet["title"] for snippet in entry["snippets"]] == ["<b>"]
