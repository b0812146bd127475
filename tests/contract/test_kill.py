# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netlify_deploy killed (SIGKILL) at random points: the live site is always one complete release, and the next run
completes the started deploy without creating a second one.
"""

from __future__ import annotations

import random

import pytest
from killing import Process
from scenarios.netlify import deploys, site


def release(world, number: int, files: int) -> str:
    """A directory with that many files, of which each names the release."""
    directory = world.directory / "site"
    for page in range(files):
        path = directory / f"section-{page % 10}" / f"page-{page}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<p>release {number} page {page}</p>")
    (directory / "index.html").write_text(f"<p>release {number}</p>")
    return str(directory)


def live_release(world, files: int) -> int:
    """The number of the release that visitors see; fails when they see parts of two.

    A deploy that had all of its files when its run was killed goes live by itself, maybe between two of these visits:
    then all is looked at again.
    """
    while True:
        number = front_page(world)
        pages = {
            page: world.visit("shop.netlify.app", f"/section-{page % 10}/page-{page}.html")
            for page in random.sample(range(files), 25)
        }
        if front_page(world) == number:
            break
    for page, seen in pages.items():
        assert seen == (200, f"<p>release {number} page {page}</p>"), f"half a release: {seen}"
    return number


def front_page(world) -> int:
    status, text = world.visit("shop.netlify.app")
    assert status == 200, text
    return int(text.split()[1].removesuffix("</p>"))


def kill_often(world, kills: int, seed: int, files: int) -> None:
    chance = random.Random(seed)
    site(world)
    options = {**world.platform_options(), "site": "shop", "src": release(world, 0, files)}
    result, requests = Process(world, "netlify_deploy", options).finish()
    assert result["changed"] is True
    assert live_release(world, files) == 0
    interrupted = 0
    for number in range(1, kills + 1):
        release(world, number, files)
        interrupted += Process(world, "netlify_deploy", options).kill_at(chance.randrange(1, requests), chance)
        assert live_release(world, files) in (number - 1, number)
        finished = world.run("netlify_deploy", options)
        assert not finished.failed, finished.result
        assert live_release(world, files) == number
        assert len(deploys(world)) == min(100, number + 1), [
            (item["state"], item["title"]) for item in deploys(world)[:4]
        ]
        again = world.run("netlify_deploy", options)
        assert again.result["changed"] is False and not again.writes
    assert interrupted >= kills / 2, f"only {interrupted} of {kills} runs were killed before their end"


@pytest.mark.kill
@pytest.mark.parametrize("seed", range(2))
def test_killed_at_any_point(world, seed):
    kill_often(world, 10, seed, 100)


@pytest.mark.kill
@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 110))
def test_killed_at_any_point_often(world, seed):
    kill_often(world, 20, seed, 300)
