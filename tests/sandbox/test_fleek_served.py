# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Fleek serves: published sites, the gateway and upload of IPFS, real CIDs."""

from __future__ import annotations

import io
import json
import tarfile

import pytest
from fleek_client import KEY, SLUG

UNKNOWN = "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n"
EMPTY_DIRECTORY = "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn"


PERIOD = bytes((index * 7 + (index >> 8)) & 255 for index in range(65536))


def pattern(size):
    return (PERIOD * (size // len(PERIOD) + 1))[:size]


def add(sandbox, files, **query):
    """{name: hash}, as the upload of IPFS returns it."""
    response = sandbox.session.post(
        f"{sandbox.url}/api/v0/add",
        params=query,
        timeout=20,
        files=[("file", (path, content)) for path, content in files.items()],
    )
    assert response.status_code == 200, response.text
    return {line["Name"]: line["Hash"] for line in map(json.loads, response.text.splitlines())}


# CIDs, each compared with that of ipfs-unixfs-importer 17 for the same files


@pytest.mark.parametrize(
    "content, cid",
    [
        (b"", "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH"),
        (b"hello world\n", "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o"),
        (pattern(600_000), "QmYEWyer8uMgbuAHKyQoWrWtQoh3BqEQXbUYRbMUSWFZr8"),
        (pattern(50_000_000), "QmTgx7d8xzjnCZ8sSX9TvG5mKXRZeiC4AEUXw6U5BNDnwB"),
    ],
    ids=["empty", "small", "three chunks", "two levels"],
)
def test_files_have_the_cids_that_ipfs_gives_them(sandbox, content, cid):
    assert add(sandbox, {"file": content}) == {"file": cid}
    assert sandbox.page("127.0.0.1", f"/ipfs/{cid}").content == content


@pytest.mark.parametrize(
    "content, cid",
    [
        (b"hello world\n", "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4"),
        (pattern(600_000), "bafybeidtfx2drdcs3chkd22slopllb5xdcrzumm23v7mkkl7mkmcsmkhr4"),
        (pattern(50_000_000), "bafybeigxddpelh2kl3aa7as7rz2kb25afnzauevffqe5yyqlup56tkly6a"),
    ],
    ids=["small", "three chunks", "two levels"],
)
def test_cids_of_version_1(sandbox, content, cid):
    assert add(sandbox, {"file": content}, **{"cid-version": "1"}) == {"file": cid}
    assert sandbox.page("127.0.0.1", f"/ipfs/{cid}").content == content


def test_directories_have_the_cids_that_ipfs_gives_them(sandbox):
    files = {"site/index.html": b"<h1>x</h1>", "site/a/b.txt": b"b", "site/%C3%A9": pattern(600_000)}
    hashes = add(sandbox, files)
    assert hashes == {
        "site/index.html": "QmWub4RVtfxboCy9LBUFVDx4dE4C4C3Vxcd9trAtqarHF5",
        "site/a/b.txt": "QmQLd9KEkw5eLKfr9VwfthiWbuqa9LXhRchWqD4kRPPWEf",
        "site/\u00e9": "QmYEWyer8uMgbuAHKyQoWrWtQoh3BqEQXbUYRbMUSWFZr8",
        "site/a": "QmbQRdypSjuFtdam2YiKfmFur8tfjHQx9z1zw5FHz7jqNG",
        "site": "QmSxRAcGvV1p8vJvvH81uQYBSnyo1zGTxw9fivTsKwm2qa",
    }
    hashes = add(sandbox, {"site/index.html": b"<h1>x</h1>", "site/b.txt": b"b"}, **{"cid-version": "1"})
    assert hashes["site"] == "bafybeic2akzpeq7z4cahtumufii2rqjnpz7tbp6ahqadym7cgztx6tnxc4"
    hashes = add(sandbox, {"site/index.html": b"<h1>x</h1>", "site/a/b.txt": b"b"}, **{"cid-version": "1"})
    assert hashes["site/a"] == "bafybeian3wdnwsgxpofqdtxmhh6phqsvh3cj4helh5bum5nc4npmroan3m"
    assert hashes["site"] == "bafybeibrb5w3zb6z2l56tpykoo6swqd5rf4fzhvvwk7tzqywsy5i7gxd3y"


def test_an_empty_directory_and_a_wrapping_one(sandbox):
    response = sandbox.session.post(
        f"{sandbox.url}/api/v0/add",
        timeout=10,
        params={"wrap-with-directory": "true"},
        files=[("file", ("empty", b"", "application/x-directory"))],
    )
    first, last = map(json.loads, response.text.splitlines())
    assert first == {"Name": "empty", "Hash": EMPTY_DIRECTORY, "Size": "4"} and last["Name"] == ""
    assert sandbox.page("127.0.0.1", f"/ipfs/{last['Hash']}/empty/").status_code == 200


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"data": b"x"},
        {"files": [("file", ("../x", b"x"))]},
        {"data": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
    ],
)
def test_an_upload_of_nothing_good_is_refused(sandbox, options):
    response = sandbox.session.post(f"{sandbox.url}/api/v0/add", timeout=10, **options)
    assert response.status_code == 400 and response.json()["Message"]


def test_uploads_are_taken_under_loopback_names_only(sandbox):
    for host, status in (("localhost", 200), ("ipfs.io", 405), ("ipfs.fleek.co", 405)):
        response = sandbox.session.post(
            f"{sandbox.url}/api/v0/add", timeout=10, files=[("file", ("x", b"x"))], headers={"Host": host}
        )
        assert response.status_code in (status, 404) and (response.status_code == 200) == (status == 200)
    assert sandbox.page("localhost", "/api/v0/cat").status_code == 404


# what Fleek's command line client uploads


def packed(files):
    """A gzipped tar of {path: contents}, directories included where contents are None."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as tar:
        for path, content in files.items():
            member = tarfile.TarInfo(path)
            member.type, member.size = (tarfile.DIRTYPE, 0) if content is None else (tarfile.REGTYPE, len(content))
            tar.addfile(member, io.BytesIO(content or b""))
    return target.getvalue()


def upload(sandbox, content, name=None, key=KEY, host="ipfsapi.fleek.co"):
    """The client sends no file name, so the part looks like an ordinary field."""
    return sandbox.session.post(
        f"{sandbox.url}/api/fleek/upload",
        timeout=20,
        files={"file": (name, content)},
        headers={"X-Api-Key": key, "Host": host},
    )


@pytest.mark.parametrize("host", ["ipfsapi.fleek.co", "127.0.0.1"])
@pytest.mark.parametrize("name", [None, "site.tar.gz"])
def test_a_directory_comes_as_a_tar(sandbox, name, host):
    large = pattern(3_000_000)
    response = upload(
        sandbox,
        packed({"public": None, "public/index.html": b"<h1>x</h1>", "public/empty": None, "public/large": large}),
        name,
        host=host,
    )
    assert response.status_code == 200
    cid = response.json()["ipfsHash"]
    assert sandbox.page("127.0.0.1", f"/ipfs/{cid}/").text == "<h1>x</h1>"
    assert sandbox.page("127.0.0.1", f"/ipfs/{cid}/large").content == large
    assert sandbox.page("127.0.0.1", f"/ipfs/{cid}/empty/").headers["X-Ipfs-Roots"] == f"{cid},{EMPTY_DIRECTORY}"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"text",
        "\u20ac".encode(),
        b"\x1f\x8bnothing",
        packed({"index.html": b"x"}),
        packed({"a/b": b"x", "c": b"x"}),
        packed({}),
        packed({"a/b": b"x", "a/../../c": b"x"}),
    ],
    ids=["empty", "text", "more than Latin-1", "no gzip", "a file", "two entries", "no entry", "a way out"],
)
def test_what_is_not_one_directory_in_a_tar_is_refused(sandbox, content):
    response = upload(sandbox, content)
    assert response.status_code == 400 and response.json()["message"]


def test_a_tar_needs_a_key_and_the_right_host(sandbox):
    content = packed({"public/index.html": b"x"})
    assert upload(sandbox, content, key=f"Bearer {KEY}").status_code == 401
    assert upload(sandbox, content, host="ipfs.io").status_code == 404
    assert sandbox.page("ipfsapi.fleek.co", f"/ipfs/{EMPTY_DIRECTORY}/").status_code == 405


# published sites


@pytest.mark.parametrize("suffix", [".on.fleek.co", ".fleek.localhost", ".fleek.localhost:1234"])
def test_a_published_site_shows_its_commit_and_tells_its_cid(sandbox, fleek, suffix):
    deploy = fleek.site()["publishedDeploy"]
    response = sandbox.page(SLUG + suffix)
    assert response.status_code == 200 and response.headers["content-type"] == "text/html; charset=UTF-8"
    for text in (SLUG, deploy["repository"]["commit"], "main"):
        assert text in response.text
    assert response.headers["x-ipfs-path"] == f"/ipfs/{deploy['ipfsHash']}/"
    assert response.headers["x-ipfs-roots"] == deploy["ipfsHash"]
    facts = sandbox.page(SLUG + suffix, "/build.json")
    assert facts.json()["commit"] == deploy["repository"]["commit"]
    assert facts.headers["x-ipfs-path"] == f"/ipfs/{deploy['ipfsHash']}/build.json"
    root, _file = facts.headers["x-ipfs-roots"].split(",")
    assert root == deploy["ipfsHash"]
    assert sandbox.page(SLUG + suffix, "/", "HEAD").headers["x-ipfs-roots"] == root


def test_the_same_commit_has_the_same_cid_and_another_has_another(fleek):
    site = fleek.site()
    again = fleek.deploy(site)
    assert again["ipfsHash"] == site["publishedDeploy"]["ipfsHash"]
    fleek.push(site, trigger=False)
    assert fleek.deploy(site)["ipfsHash"] != again["ipfsHash"]


def test_what_a_site_does_not_have(sandbox, fleek):
    for slug, path in (
        (SLUG, "/nothing"),
        (SLUG, "/index.html/x"),
        ("nobody", "/"),
        (fleek.add(ipfsSource={"cid": EMPTY_DIRECTORY})["slug"], "/"),
    ):
        assert fleek.page(slug, path).status_code == 404
    assert fleek.page(SLUG, "/", method="POST").status_code == 405
    response = fleek.page(SLUG, "/assets")
    assert (response.status_code, response.headers["location"]) == (301, "/assets/")


def test_served_sites_are_logged_and_can_fail(sandbox, fleek):
    sandbox.fault("servePage", "status", platform="fleek-site", status=502, body="html")
    assert fleek.page(SLUG).status_code == 502
    sandbox.fault("servePage", "throttle", platform="fleek-site", reset="retry-after", seconds=1)
    assert fleek.page(SLUG).headers["retry-after"] == "1"
    assert [(entry["platform"], entry["operation"], entry["status"], entry["write"]) for entry in sandbox.log()] == [
        ("fleek-site", "servePage", 502, False),
        ("fleek-site", "servePage", 429, False),
    ]


# the gateway


@pytest.mark.parametrize("choice, start", [("v0", "Qm"), ("v1", "bafybei")])
def test_the_hash_of_a_deploy_is_the_cid_of_its_directory(sandbox, fleek, choice, start):
    sandbox.switch(fleek_ipfs_hash=choice)
    cid = fleek.site()["publishedDeploy"]["ipfsHash"]
    assert cid.startswith(start)
    for host in ("127.0.0.1", "localhost", "ipfs.fleek.co", "ipfs.io"):
        response = sandbox.page(host, f"/ipfs/{cid}/")
        assert response.content == fleek.page(SLUG).content
        assert response.headers["x-ipfs-path"] == f"/ipfs/{cid}/" and response.headers["x-ipfs-roots"] == cid
        assert "immutable" in response.headers["cache-control"]
    assert fleek.page(SLUG).headers["x-ipfs-roots"] == cid
    files = {
        name: sandbox.page("ipfs.io", f"/ipfs/{cid}/{name}").content
        for name in ("index.html", "assets/style.css", "build.json")
    }
    sandbox.switch(fleek_ipfs_hash="v0")
    assert fleek.upload(files) == fleek.site()["publishedDeploy"]["ipfsHash"]


def test_the_gateway_reads_files_directories_and_lists(sandbox, fleek):
    cid = fleek.upload({"docs/a b.txt": b"text", "docs/<x>.css": b"css"})
    page = sandbox.page("127.0.0.1", f"/ipfs/{cid}/docs/a%20b.txt")
    assert page.content == b"text" and page.headers["content-type"].startswith("text/plain")
    assert len(page.headers["x-ipfs-roots"].split(",")) == 3
    moved = sandbox.page("127.0.0.1", f"/ipfs/{cid}/docs")
    assert (moved.status_code, moved.headers["location"]) == (301, f"/ipfs/{cid}/docs/")
    listing = sandbox.page("127.0.0.1", f"/ipfs/{cid}/docs/").text
    assert "a b.txt" in listing and "&lt;x&gt;.css" in listing and "<x>" not in listing
    again = sandbox.page("127.0.0.1", f"/ipfs/{cid}/docs/a%20b.txt", headers={"If-None-Match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert sandbox.page("127.0.0.1", f"/ipfs/{cid}/", "POST").status_code == 405


@pytest.mark.parametrize("status", [504, 404])
def test_a_cid_that_nobody_has(sandbox, status):
    sandbox.switch(fleek_gateway_unknown=status)
    assert sandbox.page("ipfs.io", f"/ipfs/{UNKNOWN}/").status_code == status


@pytest.mark.parametrize("cid", ["nonsense", UNKNOWN[:-1], "%00", "bagaaierasords4njcts6vs7qvdjfcvgnume4hqohf65zsfgu"])
def test_what_is_no_cid(sandbox, cid):
    assert sandbox.page("127.0.0.1", f"/ipfs/{cid}/").status_code == 400
