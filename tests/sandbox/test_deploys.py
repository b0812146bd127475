# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netlify deploys: states, attributes and uploads."""

from __future__ import annotations

import socket
import threading
import time

import pytest
import requests
from deploying import FILES, INDEX, archive, create, digests, published, state
from sandbox_client import sha1, sha256

# states


def test_a_deploy_passes_its_states_by_the_clock(slow, site):
    deploy = create(slow, site, files=digests(FILES))
    assert deploy["state"] == "uploading"
    assert deploy["required"] == [sha1(content) for content in FILES.values()]
    slow.upload(deploy, "index.html", INDEX, 200)
    slow.upload(deploy, "style.css", FILES["/style.css"], 200)
    assert state(slow, deploy) == "uploading"
    slow.upload(deploy, "empty.txt", b"", 200)
    seen = []
    for _turn in range(6):
        seen.append(state(slow, deploy))
        slow.advance(2)
    assert seen == ["uploaded", "processing", "processing", "processing", "processed", "ready"]
    after = slow.get(f"/sites/{site['id']}/deploys/{deploy['id']}")
    assert after["published_at"] and after["deploy_time"] == 10 and after["summary"]["status"] == "ready"
    assert published(slow, site) == deploy["id"]
    assert after["deploy_ssl_url"] == f"https://{deploy['id']}--docs.netlify.app"


def test_a_deploy_may_name_a_limit_of_uploads(sandbox, site):
    assert "concurrent_upload_limit" not in create(sandbox, site, files=digests(FILES))
    sandbox.switch(concurrent_upload_limit="shown")
    assert create(sandbox, site, files=digests(FILES))["concurrent_upload_limit"] > 0


def test_the_live_site_changes_only_when_the_new_deploy_is_ready(slow, site):
    first = slow.deploy(site, {"index.html": b"1"}, wait=False)
    slow.advance(11)
    second = slow.deploy(site, {"index.html": b"2"}, wait=False)
    slow.advance(9)
    assert published(slow, site) == first["id"]
    assert slow.page("docs.netlify.app").text == "1"
    slow.advance(2)
    assert published(slow, site) == second["id"]
    assert slow.page("docs.netlify.app").text == "2"


def test_an_empty_post_makes_a_new_deploy_that_takes_no_uploads(sandbox, site):
    deploy = create(sandbox, site)
    assert (deploy["state"], deploy["required"]) == ("new", [])
    response = sandbox.upload(deploy, "index.html", INDEX, 422)
    assert response.json()["message"] == "deploy must be in , not new"
    sandbox.advance(1000)
    assert state(sandbox, deploy) == "new"
    after = sandbox.call(
        "PUT", f"/sites/{site['id']}/deploys/{deploy['id']}", 200, json={"files": digests(FILES)}
    ).json()
    assert (after["id"], after["state"], len(after["required"])) == (deploy["id"], "uploading", 3)


def test_nothing_required_needs_no_upload(slow, site):
    slow.deploy(site, FILES, wait=False)
    deploy = create(slow, site, files=digests(FILES))
    assert (deploy["state"], deploy["required"]) == ("uploaded", [])
    slow.advance(11)
    assert state(slow, deploy) == "ready"


def test_contents_are_known_to_all_sites_of_the_account_and_to_no_other(sandbox, second, site):
    sandbox.deploy(site, FILES)
    other = sandbox.site("other")
    assert create(sandbox, other, files={"/copy.html": sha1(INDEX)})["required"] == []
    foreign = second.site("foreign")
    assert create(second, foreign, files={"/copy.html": sha1(INDEX)})["required"] == [sha1(INDEX)]


def test_an_asynchronous_deploy_is_compared_first(slow, site):
    deploy = create(slow, site, files=digests(FILES), **{"async": True})
    assert (deploy["state"], deploy["required"]) == ("preparing", [])
    assert slow.upload(deploy, "index.html", INDEX).status_code == 422
    slow.advance(11)
    after = slow.get(f"/deploys/{deploy['id']}")
    assert (after["state"], len(after["required"])) == ("prepared", 3)
    slow.advance(100)
    assert state(slow, deploy) == "prepared"
    slow.upload(deploy, "index.html", INDEX, 200)
    assert state(slow, deploy) == "uploading"
    for path in ("/style.css", "/empty.txt"):
        slow.upload(deploy, path, FILES[path], 200)
    slow.advance(11)
    assert state(slow, deploy) == "ready"


def test_an_asynchronous_deploy_without_news_gets_ready_alone(slow, site):
    slow.deploy(site, FILES, wait=False)
    deploy = create(slow, site, files=digests(FILES), **{"async": True})
    states = []
    for wait in (10.5, 10.5, 10.5, 0):
        states.append(state(slow, deploy))
        slow.advance(wait)
    assert states == ["preparing", "prepared", "uploaded", "ready"]


def test_while_uploading_a_get_hides_what_is_required_and_a_repeated_put_tells(sandbox, site):
    deploy = create(sandbox, site, files=digests(FILES))
    sandbox.upload(deploy, "index.html", INDEX, 200)
    path = f"/sites/{site['id']}/deploys/{deploy['id']}"
    assert sandbox.get(path)["required"] == []
    again = sandbox.call("PUT", path, 200, json={"files": digests(FILES)}).json()
    assert again["id"] == deploy["id"]
    assert sorted(again["required"]) == sorted([sha1(b""), sha1(FILES["/style.css"])])
    sandbox.switch(required_while_uploading="missing")
    assert len(sandbox.get(path)["required"]) == 2


def test_a_finished_deploy_takes_no_new_list(sandbox, site):
    deploy = sandbox.deploy(site, FILES)
    sandbox.call("PUT", f"/sites/{site['id']}/deploys/{deploy['id']}", 422, json={"files": {}})
    assert state(sandbox, deploy) == "ready"


@pytest.mark.parametrize("result", ["error", "rejected"])
def test_processing_may_fail(sandbox, site, result):
    good = sandbox.deploy(site, {"index.html": b"good"})
    sandbox.switch(deploy_result=result)
    bad = sandbox.deploy(site, {"index.html": b"bad"})
    assert bad["state"] == result and bad["error_message"]
    assert published(sandbox, site) == good["id"]
    sandbox.call("POST", f"/sites/{site['id']}/deploys/{bad['id']}/restore", 422)


def test_old_sites_call_finished_deploys_old_and_current(sandbox, site):
    first = sandbox.deploy(site, {"index.html": b"1"})
    second = sandbox.deploy(site, {"index.html": b"2"})
    sandbox.switch(deploy_states="old_current")
    assert [deploy["state"] for deploy in sandbox.get(f"/sites/{site['id']}/deploys")] == ["current", "old"]
    assert [deploy["id"] for deploy in sandbox.get(f"/sites/{site['id']}/deploys?state=old")] == [first["id"]]
    assert state(sandbox, second) == "current"


# attributes


def test_title_is_a_query_parameter(sandbox, site):
    deploy = create(sandbox, site, "?title=Release%201", title="ignored")
    assert deploy["title"] == "Release 1"


def test_a_draft_is_never_published_by_itself_but_can_be_restored(sandbox, site):
    live = sandbox.deploy(site, {"index.html": b"live"})
    draft = sandbox.deploy(site, {"index.html": b"draft"}, draft=True)
    assert (draft["state"], draft["draft"], draft["context"]) == ("ready", True, "deploy-preview")
    assert published(sandbox, site) == live["id"]
    after = sandbox.call("POST", f"/sites/{site['id']}/deploys/{draft['id']}/restore", 200).json()
    assert after["published_at"]
    assert published(sandbox, site) == draft["id"]
    sandbox.switch(draft_context="production")
    assert state(sandbox, draft) == "ready"
    assert sandbox.get(f"/deploys/{draft['id']}")["context"] == "production"


def test_an_update_does_not_turn_a_draft_into_a_production_deploy(sandbox, site):
    draft = create(sandbox, site, draft=True)
    sandbox.call("PUT", f"/sites/{site['id']}/deploys/{draft['id']}", 200, json={"files": {}, "draft": False})
    sandbox.advance(1)
    after = sandbox.get(f"/deploys/{draft['id']}")
    assert (after["state"], after["draft"]) == ("ready", True)
    assert published(sandbox, site) is None


def test_a_branch_deploy_has_its_own_address(sandbox, site):
    deploy = sandbox.deploy(site, {"index.html": b"next"}, branch="Feature/One")
    assert (deploy["branch"], deploy["context"]) == ("Feature/One", "branch-deploy")
    assert deploy["subdomain_alias"] == "feature-one"
    assert deploy["deploy_ssl_url"] == "https://feature-one--docs.netlify.app"
    assert published(sandbox, site) is None
    sandbox.switch(branch_deploy_url="permalink")
    assert sandbox.get(f"/deploys/{deploy['id']}")["deploy_url"] == f"http://{deploy['id']}--docs.netlify.app"


def test_lists_are_filtered_newest_first_and_paged(sandbox, site):
    deploys = {}
    for name, body in (("first", {}), ("draft", {"draft": True}), ("branch", {"branch": "next"}), ("second", {})):
        deploys[sandbox.deploy(site, {"index.html": name.encode()}, **body)["id"]] = name
        sandbox.advance(100)
    deploys[create(sandbox, site)["id"]] = "new"
    path = f"/sites/{site['id']}/deploys"

    def names(query):
        return [deploys[deploy["id"]] for deploy in sandbox.get(f"{path}?{query}")]

    assert names("") == ["new", "second", "branch", "draft", "first"]
    assert names("state=new") == ["new"]
    assert names("branch=next") == ["branch"]
    assert names("production=true") == ["new", "second", "first"]
    assert names("deploy-previews=true") == ["draft"]
    assert names("latest-published=true") == ["second"]
    middle = sandbox.admin("GET", "clock")["now"] - 250
    assert names(f"from={middle}") == ["new", "second", "branch"]
    assert names(f"to={middle}") == ["draft", "first"]
    response = sandbox.call("GET", f"{path}?per_page=2&page=2", 200)
    assert [deploys[deploy["id"]] for deploy in response.json()] == ["branch", "draft"]
    assert set(response.links) == {"next", "last", "prev"}
    sandbox.call("GET", f"{path}?from=yesterday", 422)


def test_deploys_of_others_are_not_there(sandbox, second, site):
    deploy = sandbox.deploy(site, FILES)
    other = sandbox.site("other")
    second.call("GET", f"/deploys/{deploy['id']}", 404)
    second.call("POST", f"/deploys/{deploy['id']}/lock", 404)
    sandbox.call("GET", f"/sites/{other['id']}/deploys/{deploy['id']}", 404)
    sandbox.call("POST", f"/sites/{other['id']}/deploys/{deploy['id']}/restore", 404)


# uploads


def test_the_digest_is_checked(sandbox, site):
    deploy = create(sandbox, site, files=digests(FILES))
    response = sandbox.upload(deploy, "index.html", b"changed since", 422)
    assert response.json() == {"errors": "Uploaded file index.html did not match deploy"}
    assert state(sandbox, deploy) == "uploading"
    sandbox.upload(deploy, "index.html", INDEX, 200)


def test_an_upload_answers_the_file(sandbox, site):
    deploy = create(sandbox, site, files=digests(FILES))
    entry = sandbox.upload(deploy, "index.html", INDEX, 200).json()
    assert {key: entry[key] for key in ("id", "path", "sha", "size", "mime_type")} == {
        "id": "/index.html",
        "path": "/index.html",
        "sha": sha1(INDEX),
        "size": len(INDEX),
        "mime_type": "text/html",
    }


def test_one_upload_serves_all_paths_with_the_same_contents(sandbox, site):
    files = {"/a.txt": b"same", "/b.txt": b"same"}
    deploy = create(sandbox, site, files=digests(files))
    assert deploy["required"] == [sha1(b"same")]
    sandbox.upload(deploy, "b.txt", b"same", 200)
    sandbox.upload(deploy, "a.txt", b"same", 200)
    sandbox.advance(1)
    assert state(sandbox, deploy) == "ready"
    sandbox.switch(upload_after_complete="no_records_matched")
    response = sandbox.upload(deploy, "a.txt", b"same", 422)
    assert response.json() == {"code": 422, "message": "No records matched"}


@pytest.mark.parametrize("path", ["//index.html", "/nothing.html", "/INDEX.html"])
def test_a_path_that_the_list_lacks_is_refused(sandbox, site, path):
    deploy = create(sandbox, site, files=digests(FILES))
    url = f"/deploys/{deploy['id']}/files{path}"
    sandbox.call("PUT", url, 404, data=INDEX)
    sandbox.switch(unknown_upload_path=422)
    sandbox.call("PUT", url, 422, data=INDEX)


@pytest.mark.parametrize(
    "path, sent",
    [
        ("a b/ü.txt", "a%20b/%C3%BC.txt"),
        ("a+b&c=d;e,f@g!.txt", "a+b&c=d;e,f@g!.txt"),
        ("a+b&c=d;e,f@g!.txt", "a%2Bb%26c%3Dd%3Be%2Cf%40g%21.txt"),
        ("100%.txt", "100%25.txt"),
        ("d/e/f.txt", "d%2Fe%2Ff.txt"),
    ],
)
def test_paths_are_percent_decoded_once(sandbox, site, path, sent):
    deploy = create(sandbox, site, files={path: sha1(b"x")})
    sandbox.call("PUT", f"/deploys/{deploy['id']}/files/{sent}", 200, data=b"x")
    sandbox.advance(1)
    assert [entry["path"] for entry in sandbox.get(f"/sites/{site['id']}/files")] == [f"/{path}"]


def test_bodies_may_be_chunked_and_large(sandbox, site):
    parts = [bytes([number]) * 300_000 for number in range(8)]
    content = b"".join(parts)
    deploy = create(sandbox, site, files={"big.bin": sha1(content)})
    sandbox.call("PUT", f"/deploys/{deploy['id']}/files/big.bin", 200, data=iter(parts))
    upload = sandbox.log("uploadDeployFile")[0]
    assert upload["headers"]["transfer-encoding"] == "chunked" and upload["body_size"] == len(content)
    sandbox.advance(1)
    assert sandbox.page("docs.netlify.app", "/big.bin").content == content


def test_an_upload_that_the_client_gave_up_did_not_happen(sandbox, site):
    content = b"x" * 1_000_000
    deploy = create(sandbox, site, files={"big.bin": sha1(content)})
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=5) as connection:
        connection.sendall(
            f"PUT /api/v1/deploys/{deploy['id']}/files/big.bin HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {sandbox.token}\r\nContent-Length: {len(content)}\r\n\r\n".encode()
        )
        connection.sendall(content[:700_000])
    deadline = time.monotonic() + 5
    while [(upload["processed"], upload["status"]) for upload in sandbox.log("uploadDeployFile")] != [(False, None)]:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert state(sandbox, deploy) == "uploading"
    sandbox.upload(deploy, "big.bin", content, 200)


def test_parallel_uploads_all_arrive(sandbox, site):
    files = {f"/{number}.txt": b"%d" % number for number in range(200)}
    deploy = create(sandbox, site, files=digests(files))
    paths = list(files)

    def send(part):
        with requests.Session() as session:
            session.trust_env = False
            for path in part:
                url = f"{sandbox.url}/api/v1/deploys/{deploy['id']}/files{path}"
                headers = {"Authorization": f"Bearer {sandbox.token}"}
                assert session.put(url, data=files[path], headers=headers, timeout=10).status_code == 200

    threads = [threading.Thread(target=send, args=(paths[number::8],)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sandbox.advance(1)
    assert state(sandbox, deploy) == "ready"
    assert len(sandbox.get(f"/sites/{site['id']}/files")) == 200


def test_functions_are_known_by_the_sha256_of_their_zip(sandbox, site):
    content = archive({"hello.js": b"exports.handler = 1"})
    deploy = create(sandbox, site, files={"index.html": sha1(INDEX)}, functions={"hello": sha256(content)})
    assert deploy["required_functions"] == [sha256(content)]
    sandbox.upload(deploy, "index.html", INDEX, 200)
    assert state(sandbox, deploy) == "uploading"
    url = f"/deploys/{deploy['id']}/functions"
    wrong = sandbox.call("PUT", f"{url}/hello?runtime=js", 422, data=b"other")
    assert wrong.json() == {"errors": "Uploaded file hello did not match deploy"}
    sandbox.call("PUT", f"{url}/other?runtime=js", 404, data=content)
    sandbox.call("PUT", f"{url}/hello?runtime=js", 200, data=content)
    sandbox.advance(1)
    after = sandbox.get(f"/deploys/{deploy['id']}")
    assert after["state"] == "ready"
    assert [(entry["n"], entry["d"], entry["r"]) for entry in after["available_functions"]] == [
        ("hello", sha256(content), "js")
    ]
    again = create(sandbox, site, files={}, functions={"hello": sha256(content)})
    assert again["required_functions"] == []
    assert [entry["path"] for entry in sandbox.get(f"/deploys/{deploy['id']}/files")] == ["/index.html"]


@pytest.mark.parametrize("body", [{"files": ["index.html"]}, {"files": {"index.html": 1}}, {"functions": "x"}])
def test_a_wrong_list_is_refused_and_makes_no_deploy(sandbox, site, body):
    sandbox.call("POST", f"/sites/{site['id']}/deploys", 422, json=body)
    assert sandbox.get(f"/sites/{site['id']}/deploys") == []
