# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The website of the demo and the benchmarks: the files in site, and any number of pages from templates.

The same arguments produce the same bytes. Each release adds, changes and removes a few files.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
SITE = HERE / "site"
FILES = 320
PICTURES = ("lantern", "mug", "tent")
STORY = "We left before the wind came up and had the ridge to ourselves. If it rattles, it is not finished. "


def fill(text: str, **values: object) -> str:
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    return text


def pages(release: int, files: int) -> Iterator[tuple[str, str]]:
    """Each path and its text, for the given number of files; an item's text has room for a story."""
    item, release_page, preview = (
        (HERE / "templates" / f"{name}.html").read_text(encoding="utf-8") for name in ("item", "release", "preview")
    )
    static = [path for path in sorted(SITE.rglob("*")) if path.is_file()]
    for path in static:
        yield path.relative_to(SITE).as_posix(), fill(path.read_text(encoding="utf-8"), release=release)
    for number in range(1, release + 1):
        yield f"releases/{number}.html", fill(release_page, number=number)
    yield f"releases/preview-{release + 1}.html", fill(preview, next=release + 1)
    items = files - len(static) - release - 1
    if items < len(PICTURES):
        raise ValueError(f"{files} files are too few for this site")
    for number in range(1, items + 1):
        picture = PICTURES[(number - 1) % len(PICTURES)]
        yield f"shop/{number}.html", fill(item, number=number, picture=picture, next=number % items + 1)


def write_site(directory: Path, release: int = 1, files: int = FILES, size: int | None = None) -> None:
    """Write the site to the directory, which is replaced. size: total bytes of all files; None for no fixed size."""
    shutil.rmtree(directory, ignore_errors=True)
    texts = dict(pages(release, files))
    items = [path for path, text in texts.items() if "@story@" in text]
    smallest = sum(len(text.encode()) for text in texts.values()) - len("@story@") * len(items)
    room = len(STORY) * len(items) if size is None else size - smallest
    if room < 0:
        raise ValueError(f"{size} bytes are too few for {files} files of this site")
    share, rest = divmod(room, len(items))
    for number, path in enumerate(items):
        length = share + (number < rest)
        texts[path] = fill(texts[path], story=(STORY * (length // len(STORY) + 1))[:length])
    for path, text in texts.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(text.encode())
