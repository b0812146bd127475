# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import importlib.util
import json
import pathlib
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "demo" / "make_site.py"
URL = "https://demo-shop.example.com"


def load():
    spec = importlib.util.spec_from_file_location("make_site", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make_site = load()


def contents(directory):
    found = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(name="site", scope="module")
def fixture_site(tmp_path_factory):
    directory = tmp_path_factory.mktemp("site")
    make_site.write_site(directory)
    return contents(directory)


class Page(HTMLParser):
    """Collects links and ids, and checks that elements are closed in the order in which they were opened."""

    VOID = {"meta", "link", "img"}

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.open = [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.links += [values[name] for name in ("href", "src") if name in values]
        if values.get("property") == "og:image":
            self.links.append(values["content"])
        if "id" in values:
            self.ids.append(values["id"])
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def file_of(address):
    path = urlsplit(address).path[1:]
    return path + "index.html" if path == "" or path.endswith("/") else path


def test_it_has_some_hundred_files_of_the_usual_kinds(site):
    assert len(site) == make_site.FILES
    for path in (
        "index.html",
        "404.html",
        "_headers",
        "_redirects",
        "robots.txt",
        "sitemap.xml",
        "feed.xml",
        ".well-known/security.txt",
        "assets/site.css",
    ):
        assert site[path]


@pytest.mark.parametrize("release", [1, 2])
def test_every_link_leads_to_a_file_and_every_page_and_picture_is_linked(tmp_path, release):
    make_site.write_site(tmp_path, release)
    site = contents(tmp_path)
    pages = {path: Page(text.decode()) for path, text in site.items() if path.endswith(".html")}
    linked = {"404.html", "index.html"}
    for path, page in pages.items():
        for link in page.links:
            target = urljoin(f"{URL}/{path}", link)
            assert target.startswith(URL), f"{path} links to another site: {link}"
            assert file_of(target) in site, f"{path} links to {link}, which does not exist"
            linked.add(file_of(target))
            fragment = urlsplit(target).fragment
            assert not fragment or fragment in pages[file_of(target)].ids
    for link in re.findall(r'url\("([^"]+)"\)', site["assets/site.css"].decode()):
        linked.add(file_of(urljoin(f"{URL}/assets/site.css", link)))
    assert linked <= set(site)
    assert {path for path in site if path.endswith((".html", ".svg"))} <= linked


def test_sitemap_feed_and_robots_name_what_exists(site):
    addresses = [each.text for each in ET.fromstring(site["sitemap.xml"]).iter() if each.tag.endswith("loc")]
    assert {file_of(each) for each in addresses} == {p for p in site if p.endswith(".html")} - {"404.html"}
    feed = [each.get("href") for each in ET.fromstring(site["feed.xml"]).iter() if each.tag.endswith("link")]
    assert feed and all(file_of(each) in site for each in feed)
    assert f"{URL}/sitemap.xml" in site["robots.txt"].decode()


def test_pictures_are_well_formed(site):
    pictures = [text for path, text in site.items() if path.endswith(".svg")]
    assert len({*pictures}) == len(pictures) > 100
    for text in pictures:
        assert ET.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"


def test_the_same_arguments_give_the_same_bytes(tmp_path, site):
    make_site.main([str(tmp_path)])
    assert contents(tmp_path) == site


def test_a_release_changes_a_few_files_visibly(tmp_path, site):
    make_site.write_site(tmp_path, release=2)
    second = contents(tmp_path)
    assert len(second) == len(site)
    changed = {path for path in site.keys() & second.keys() if site[path] != second[path]}
    assert changed == {"index.html", "about.html", "release.json", "releases/index.html", "sitemap.xml"}
    assert second.keys() - site.keys() == {"releases/2.html", "releases/preview-3.html"}
    assert "releases/preview-2.html" in site.keys() - second.keys()
    for release, files in ((1, site), (2, second)):
        assert json.loads(files["release.json"])["release"] == release
        home = files["index.html"].decode()
        assert f"Release {release}.0 is live" in home
        assert f"Release {release}.0" in home.partition("<footer>")[2]


@pytest.mark.parametrize("files, size", [(1000, 27_000_000), (777, 3_000_001), (401, None)])
def test_files_and_bytes_are_exact(tmp_path, files, size):
    counted = make_site.write_site(tmp_path, files=files, size=size)
    written = contents(tmp_path)
    assert counted == (len(written), sum(len(text) for text in written.values()))
    assert len(written) == files
    assert size in (None, counted[1])


def test_too_small_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="--files: 10 is too small"):
        make_site.write_site(tmp_path / "new", files=10)
    with pytest.raises(SystemExit, match="--bytes: 1000 is too small"):
        make_site.write_site(tmp_path / "new", size=1000)
    assert not (tmp_path / "new").exists()


def test_only_its_own_directory_is_replaced(tmp_path):
    make_site.write_site(tmp_path / "site", release=2)
    make_site.write_site(tmp_path / "site", release=1)
    assert not (tmp_path / "site" / "releases" / "2.html").exists()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "release.json").write_text("{}")
    with pytest.raises(SystemExit, match="not empty"):
        make_site.write_site(mine)
    assert contents(mine) == {"release.json": b"{}"}
