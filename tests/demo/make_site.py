# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the demo shop, a static website of some hundred files, into a directory.

    python3 make_site.py DIRECTORY [--release N] [--files N] [--bytes N] [--url URL]

The same arguments give the same bytes, on every machine. From one release to the next a few files are added, changed
and removed, as in life. --files and --bytes make larger sites of exactly that size, for measurements:
--files 1000 --bytes 27000000, --files 10000. The directory must be new, empty, or hold a site of this script, which is
replaced.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import html
import pathlib
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

FILES = 320
PER_PAGE = 12
POSTS = 18
MARKER = "release.json"
SHOP = "webops.paas demo shop"
FIRST_DAY = datetime.date(2026, 1, 5)


class Chance:
    """A pseudo-random sequence that is the same in every version of Python."""

    def __init__(self, seed: str) -> None:
        self._state = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")

    def between(self, low: int, high: int) -> int:
        """A number from low to high, both included."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return low + (self._state >> 33) % (high - low + 1)

    def choice(self, options):
        return options[self.between(0, len(options) - 1)]

    def sample(self, options, count: int) -> list:
        rest = list(options)
        return [rest.pop(self.between(0, len(rest) - 1)) for _number in range(count)]


# --- Words ---

WOODS = (
    "Alder",
    "Birch",
    "Cedar",
    "Drift",
    "Elm",
    "Fjord",
    "Gale",
    "Heath",
    "Isle",
    "Juniper",
    "Kelp",
    "Larch",
    "Moor",
    "Northern",
    "Oak",
    "Pine",
    "Quarry",
    "Ridge",
    "Spruce",
    "Tarn",
    "Upland",
    "Vale",
    "Willow",
    "Yew",
    "Ember",
    "Frost",
    "Granite",
    "Harbour",
    "Lichen",
    "Meadow",
    "Osprey",
    "Puffin",
    "Raven",
    "Saltmarsh",
    "Thicket",
    "Wren",
)
CLAIMS = (
    "Made to be repaired, and sold with the parts to do it.",
    "Light enough to forget, strong enough to lean on.",
    "The kind of thing that gets handed on.",
    "Tested through one long wet spring, then tested again.",
    "Plain on purpose: nothing to snag, nothing to lose.",
    "Finished by hand in small batches.",
    "It ages well, and it tells you how it has been used.",
    "Packs flat, dries overnight, asks for little.",
)
SENTENCES = (
    "The path climbs through birch and opens on a view of the whole bay.",
    "We left before the wind came up and had the ridge to ourselves.",
    "A good lantern is mostly about what it does not do: no flicker, no hiss, no glare.",
    "Wool forgives almost everything except a hot wash.",
    "The stove took three matches, which is two fewer than last year.",
    "Rain on canvas is the best argument for staying where you are.",
    "Every seam is sewn twice and sealed once, and the thread is a shade darker so that you can find it.",
    "Carry less than you think, then leave one more thing at home.",
    "The map said footbridge; the river disagreed.",
    "We keep the patterns on paper because paper has never needed an update.",
    "Brass goes dull where nobody touches it and bright where everybody does.",
    "By the second evening nobody looked at a clock.",
    "The workshop smells of beeswax, cut leather and strong tea.",
    "What breaks first is what we redesign first.",
    "Fog lifted at noon and took the silence with it.",
    "A mug should fit the hand in a mitten.",
    "We walked the last hour by headlamp, mostly to save the sunrise for the summit.",
    "The dog approved of the blanket before anyone else had sat down.",
    "There is a short list of knots worth knowing and a long list of knots worth untying.",
    "Salt water finds every shortcut that a maker takes.",
    "The hut book had one entry for the whole of March, and it was a drawing of a sandwich.",
    "Dry socks are a form of wealth.",
    "Some of the oak in this batch came from a barn older than the road that leads to it.",
    "Nothing here needs charging more than once a week.",
    "The compass is right; it is the hill that has moved.",
    "Pack the tent last and you will thank yourself first.",
    "Snow came early, and with it the quiet.",
    "We tried five dyes and kept the one that looked better after a year.",
    "The harbour lights came on one by one, like someone counting.",
    "If it rattles, it is not finished.",
)
GUIDES = (
    ("choose-a-lantern", "Choose a lantern", "How bright, how long, and how it feels to sit beside it."),
    ("wash-wool", "Wash wool without regret", "Cold water, little soap, no hurry."),
    ("mend-a-tent", "Mend a tent in the rain", "A patch that holds until you are home, and the one you sew there."),
    ("fit-a-backpack", "Fit a backpack", "Hips first, shoulders second, straps last."),
    ("read-a-compass", "Read a compass", "Three minutes on the kitchen table save three hours on the moor."),
    ("season-enamel", "Look after enamel", "Chips happen. Rust does not have to."),
    ("light-a-stove", "Light a stove in wind", "Where to stand, what to shield, when to give up."),
    ("pack-for-two-nights", "Pack for two nights", "A list that gets shorter every year."),
    ("sleep-warm", "Sleep warm", "What is under you matters more than what is over you."),
    ("leave-no-trace", "Leave no trace", "The art of having never been there."),
)
PLACES = (
    "the north shore",
    "Heron Pass",
    "the old pilot station",
    "Stone Lake",
    "the winter hut",
    "Cape Lowly",
    "the long meadow",
    "Wren Island",
    "the quarry path",
)
POST_TITLES = ("A week at {}", "Notes from {}", "First snow on {}", "Two days around {}", "What we carried to {}")


def sentences(chance: Chance, count: int) -> str:
    return " ".join(chance.sample(SENTENCES, count))


def filling(seed: str, size: int) -> str:
    """Paragraphs of exactly that many bytes."""
    chance, parts, left = Chance(seed), [], size
    while left > len("<p></p>\n"):
        text = sentences(chance, chance.between(4, 8))[: left - len("<p></p>\n")]
        parts.append(f"<p>{text}</p>\n")
        left -= len(parts[-1])
    return "".join(parts) + " " * left


# --- Pictures ---


class Palette(NamedTuple):
    back: str
    main: str
    dark: str
    light: str


PALETTES = (
    Palette("#e9efe6", "#4c7a5d", "#24463a", "#f3c969"),
    Palette("#f6e9dc", "#c8643c", "#6d2e1f", "#f7d08a"),
    Palette("#e4ecf3", "#3f6c94", "#1d3a57", "#f2b880"),
    Palette("#f3e6ea", "#a34a68", "#55203a", "#f5c6aa"),
    Palette("#efeadb", "#a5803b", "#574018", "#fbe6a2"),
    Palette("#e2efee", "#2f8583", "#134846", "#ffd9a0"),
    Palette("#eae7f2", "#6a5c9e", "#352a5c", "#f4cfa6"),
    Palette("#ececea", "#5d6663", "#2b3230", "#e8b04b"),
)


def svg(width: int, height: int, title: str, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
        f"<title>{html.escape(title)}</title>\n{body}\n</svg>\n"
    )


def lantern(colour: Palette, chance: Chance) -> str:
    height = chance.between(84, 104)
    top = 196 - height
    return f"""<circle cx="160" cy="{top + height // 2}" r="104" fill="{colour.light}" opacity=".35"/>
<path d="M118 {top - 16} C118 {top - 92} 202 {top - 92} 202 {top - 16}" fill="none" stroke="{colour.dark}"
 stroke-width="6"/>
<path d="M126 {top - 22} H194 L208 {top} H112 Z" fill="{colour.dark}"/>
<rect x="120" y="{top}" width="80" height="{height}" fill="#fffdf6" stroke="{colour.dark}" stroke-width="6"/>
<path d="M160 {top + height - 12} c-26 -4 -22 -34 0 -58 c22 24 26 54 0 58z" fill="{colour.light}"/>
<path d="M160 {top + height - 12} c-12 -2 -10 -18 0 -30 c10 12 12 28 0 30z" fill="{colour.main}"/>
<rect x="104" y="196" width="112" height="26" rx="6" fill="{colour.main}"/>
<rect x="112" y="222" width="96" height="10" rx="4" fill="{colour.dark}"/>"""


def mug(colour: Palette, chance: Chance) -> str:
    stripe = chance.between(128, 182)
    return f"""<path d="M136 88 q-12 -16 0 -30 t0 -28 M164 88 q-12 -16 0 -30 t0 -28" fill="none" stroke="{colour.main}"
 stroke-width="5" stroke-linecap="round" opacity=".45"/>
<path d="M206 128 h18 a34 34 0 0 1 0 68 h-22" fill="none" stroke="{colour.dark}" stroke-width="13"/>
<path d="M96 104 H210 V206 a26 26 0 0 1 -26 26 H122 a26 26 0 0 1 -26 -26 Z" fill="{colour.main}"/>
<rect x="96" y="{stripe}" width="114" height="18" fill="{colour.light}"/>
<rect x="90" y="98" width="126" height="14" rx="7" fill="{colour.dark}"/>
<circle cx="118" cy="214" r="3" fill="{colour.back}"/><circle cx="132" cy="219" r="2" fill="{colour.back}"/>"""


def tent(colour: Palette, chance: Chance) -> str:
    peak = chance.between(140, 180)
    stars = "".join(
        f'<circle cx="{chance.between(24, 296)}" cy="{chance.between(20, 84)}" r="{chance.between(1, 3)}" '
        f'fill="{colour.dark}" opacity=".4"/>'
        for _star in range(14)
    )
    return f"""{stars}<circle cx="256" cy="62" r="24" fill="{colour.light}"/>
<path d="M0 226 Q160 204 320 226 V280 H0 Z" fill="{colour.dark}" opacity=".2"/>
<path d="M{peak} 82 L284 228 H56 Z" fill="{colour.main}"/>
<path d="M{peak} 82 L284 228 H{peak + 44} Z" fill="{colour.dark}" opacity=".35"/>
<path d="M{peak} 122 L{peak + 44} 228 H{peak - 44} Z" fill="{colour.dark}"/>
<path d="M{peak} 150 L{peak + 22} 228 H{peak - 22} Z" fill="{colour.light}"/>
<path d="M{peak} 82 L{peak - 5} 66 M{peak} 82 L{peak + 5} 66" stroke="{colour.dark}" stroke-width="4"/>"""


def backpack(colour: Palette, chance: Chance) -> str:
    pocket = chance.between(156, 172)
    return f"""<path d="M134 62 a26 26 0 0 1 52 0" fill="none" stroke="{colour.dark}" stroke-width="8"/>
<rect x="76" y="128" width="24" height="74" rx="12" fill="{colour.dark}"/>
<rect x="220" y="128" width="24" height="74" rx="12" fill="{colour.dark}"/>
<rect x="92" y="60" width="136" height="174" rx="44" fill="{colour.main}"/>
<path d="M92 104 a44 44 0 0 1 44 -44 h48 a44 44 0 0 1 44 44 v22 H92 Z" fill="{colour.dark}" opacity=".4"/>
<rect x="112" y="{pocket}" width="96" height="58" rx="14" fill="{colour.light}"/>
<path d="M112 {pocket + 20} h96" stroke="{colour.dark}" stroke-width="4"/>
<rect x="152" y="{pocket + 14}" width="16" height="18" rx="4" fill="{colour.dark}"/>
<path d="M128 100 v42 M192 100 v42" stroke="{colour.light}" stroke-width="7" stroke-linecap="round"/>"""


def blanket(colour: Palette, chance: Chance) -> str:
    layers = []
    for number in range(4):
        top, inset = 196 - number * 38, chance.between(0, 14)
        fill = (colour.main, colour.dark)[number % 2]
        stripes = "".join(
            f'<rect x="{at}" y="{top}" width="{chance.between(5, 12)}" height="34" fill="{colour.light}"/>'
            for at in range(100 + inset, 214, chance.between(26, 44))
        )
        layers.append(
            f'<rect x="{66 + inset}" y="{top}" width="{188 - 2 * inset}" height="34" rx="15" fill="{fill}"/>{stripes}'
        )
    fringe = "".join(f'<path d="M{at} 230 v12" stroke="{colour.main}" stroke-width="3"/>' for at in range(84, 240, 8))
    return "\n".join([*layers, fringe])


def compass(colour: Palette, chance: Chance) -> str:
    angle = chance.between(-60, 60)
    ticks = "".join(
        f'<path d="M160 {72 if turn % 90 else 70} v{8 if turn % 90 else 16}" transform="rotate({turn} 160 148)" '
        f'stroke="{colour.dark}" stroke-width="{3 if turn % 90 else 6}"/>'
        for turn in range(0, 360, 30)
    )
    return f"""<circle cx="160" cy="42" r="15" fill="none" stroke="{colour.dark}" stroke-width="7"/>
<circle cx="160" cy="148" r="98" fill="{colour.main}"/><circle cx="160" cy="148" r="82" fill="#fffdf6"/>
{ticks}<g transform="rotate({angle} 160 148)"><path d="M160 88 L174 148 H146 Z" fill="{colour.main}"/>
<path d="M160 208 L174 148 H146 Z" fill="{colour.dark}"/></g><circle cx="160" cy="148" r="8" fill="{colour.light}"/>"""


class Category(NamedTuple):
    slug: str
    title: str
    one: str
    draw: Callable[[Palette, Chance], str]
    about: str


CATEGORIES = (
    Category("lanterns", "Lanterns", "Lantern", lantern, "Warm light for huts, tables and the walk back."),
    Category("mugs", "Mugs", "Mug", mug, "Enamel that survives being dropped, twice."),
    Category("tents", "Tents", "Tent", tent, "Small rooms for large landscapes."),
    Category("backpacks", "Backpacks", "Pack", backpack, "Waxed canvas, leather where it matters."),
    Category("blankets", "Blankets", "Blanket", blanket, "Woven slowly from wool that has seen weather."),
    Category("compasses", "Compasses", "Compass", compass, "For those who like to know where they are."),
)


def product_picture(name: str, category: Category, seed: str) -> str:
    chance = Chance(f"picture {seed}")
    colour = chance.choice(PALETTES)
    ground = f'<rect width="320" height="280" fill="{colour.back}"/>\n'
    return svg(320, 280, name, ground + category.draw(colour, chance))


def landscape(seed: str, title: str, width: int = 1200, height: int = 520) -> str:
    """Hills behind hills, a low sun, and trees in front."""
    chance = Chance(f"landscape {seed}")
    sky, glow, hills = chance.choice(
        (
            ("#f7d9b5", "#fff3d6", ("#d9a98a", "#b5836f", "#7d6259", "#4a4a45", "#2a3531")),
            ("#cfe3ea", "#fff7df", ("#a9c8cf", "#7ba5ab", "#4f7f83", "#2f5b5b", "#1b3b3a")),
            ("#e6d5ea", "#fdeede", ("#c3aacb", "#9682ab", "#6b5c88", "#463f63", "#292743")),
            ("#dce8d4", "#fffbe2", ("#b7cfac", "#8cb086", "#5f8c66", "#3b674c", "#1f4233")),
        )
    )
    sun = chance.between(width // 5, width * 4 // 5)
    parts = [
        f'<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{sky}"/>'
        f'<stop offset="1" stop-color="{glow}"/></linearGradient></defs>',
        f'<rect width="{width}" height="{height}" fill="url(#s)"/>',
        f'<circle cx="{sun}" cy="{height * 3 // 10}" r="{height // 8}" fill="#fffaf0" opacity=".95"/>',
    ]
    for depth, colour in enumerate(hills):
        base, rough = height * (42 + 13 * depth) // 100, height * (16 - 2 * depth) // 100
        points, at = [], 0
        while at < width:
            points.append(f"{at} {base - chance.between(0, rough)}")
            at += chance.between(width // 16, width // 8)
        parts.append(f'<path d="M0 {height} L{" L".join(points)} L{width} {base} V{height} Z" fill="{colour}"/>')
    for _tree in range(46):
        at, size = chance.between(0, width), chance.between(height // 16, height // 7)
        foot = height - chance.between(0, height // 22)
        parts.append(f'<path d="M{at} {foot - size} l{size // 4} {size} h-{size // 2} Z" fill="{hills[4]}"/>')
    return svg(width, height, title, "\n".join(parts))


LOGO = svg(
    64,
    64,
    SHOP,
    '<circle cx="32" cy="32" r="32" fill="#1f4a3d"/>'
    '<path d="M8 46 L24 20 L33 34 L40 24 L56 46 Z" fill="#f3c969"/>'
    '<circle cx="45" cy="17" r="5" fill="#fffaf0"/>',
)

CSS = """:root {
  --paper: #faf7f1; --card: #ffffff; --ink: #22302b; --soft: #5f6d66; --line: #e4ded1;
  --green: #1f4a3d; --gold: #f3c969; --rust: #b4532f;
  --serif: Georgia, "Iowan Old Style", "Palatino Linotype", "DejaVu Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #16201c; --card: #1e2b26; --ink: #ece7da; --soft: #a9b5ad; --line: #31413a; --rust: #e79a74; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.65 var(--sans); }
img { display: block; max-width: 100%; height: auto; }
a { color: inherit; text-decoration-color: var(--gold); text-decoration-thickness: 2px; text-underline-offset: 3px; }
a:hover { color: var(--rust); }
h1, h2, h3 { font-family: var(--serif); line-height: 1.15; letter-spacing: -.01em; margin: 0 0 .5em; }
h1 { font-size: clamp(2.1rem, 5vw, 3.4rem); font-weight: 600; }
h2 { font-size: 1.7rem; font-weight: 600; }
h3 { font-size: 1.08rem; }
.wrap { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
.top { background: var(--green); color: #f6f1e4; }
.top .wrap { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 28px; min-height: 68px;
  padding-top: 12px; padding-bottom: 12px; }
.top a { text-decoration: none; }
.top a:hover, .top a[aria-current] { color: var(--gold); }
.brand { display: flex; align-items: center; gap: 12px; font: 600 1.12rem var(--serif); margin-right: auto; }
.brand img { width: 36px; height: 36px; border: 2px solid rgba(255, 255, 255, .25); border-radius: 50%; }
.hero { position: relative; color: #fff; background: var(--green) url("hero.svg") center bottom / cover; }
.hero::before { content: ""; position: absolute; inset: 0;
  background: linear-gradient(100deg, rgba(18, 40, 33, .9) 10%, rgba(18, 40, 33, .55) 48%, rgba(18, 40, 33, 0) 85%); }
.hero .wrap { position: relative; padding-top: 104px; padding-bottom: 128px; }
.hero p { max-width: 32em; font-size: 1.16rem; margin: 0 0 1.6em; }
.badge { display: inline-block; background: var(--gold); color: #2b2410; font-weight: 700; font-size: .82rem;
  letter-spacing: .04em; padding: 4px 13px; border-radius: 99px; margin-bottom: 20px; }
.button { display: inline-block; background: var(--gold); color: #2b2410; font-weight: 650; text-decoration: none;
  padding: 11px 22px; border-radius: 8px; margin-right: 10px; }
.button:hover { background: #ffdf91; color: #2b2410; }
.button.plain { background: rgba(255, 255, 255, .14); color: #fff; }
main section { padding: 52px 0 12px; }
.head { display: flex; align-items: baseline; justify-content: space-between; gap: 20px; }
.grid { display: grid; gap: 24px; grid-template-columns: repeat(auto-fill, minmax(290px, 1fr)); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; overflow: hidden;
  text-decoration: none; display: flex; flex-direction: column; transition: transform .15s, box-shadow .15s; }
.card:hover { transform: translateY(-3px); box-shadow: 0 12px 28px rgba(20, 40, 30, .14); color: inherit; }
.card img { width: 100%; }
.card div { padding: 16px 18px 18px; }
.card h3 { margin: 0 0 4px; }
.card p { margin: 0; color: var(--soft); font-size: .93rem; }
.price, .card .price { color: var(--rust); font-weight: 650; }
.prints img { border-radius: 14px; width: 100%; }
.lead { font-size: 1.15rem; color: var(--soft); max-width: 40em; }
.crumbs { font-size: .9rem; color: var(--soft); padding: 26px 0 0; }
.product { display: grid; gap: 48px; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); padding: 24px 0; }
.product img { width: 100%; border-radius: 18px; border: 1px solid var(--line); }
table { border-collapse: collapse; width: 100%; margin: 1.4em 0; font-size: .95rem; }
th, td { text-align: left; padding: 9px 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 500; width: 9em; }
.doc { display: grid; gap: 56px; grid-template-columns: 220px minmax(0, 42em); padding-top: 40px;
  padding-bottom: 40px; }
.doc nav { font-size: .95rem; border-right: 1px solid var(--line); padding-right: 20px; }
.doc nav a { display: block; padding: 5px 0; text-decoration: none; color: var(--soft); }
.doc nav a:hover, .doc nav a[aria-current] { color: var(--rust); }
.doc img { border-radius: 14px; margin-bottom: 28px; }
code, pre { font: .9em/1.55 ui-monospace, "SFMono-Regular", Menlo, "DejaVu Sans Mono", monospace; }
pre { background: #14231d; color: #e9e3d2; padding: 18px 20px; border-radius: 10px; overflow-x: auto; }
.pages { display: flex; flex-wrap: wrap; gap: 8px; padding: 28px 0 0; }
.pages a, .pages span { min-width: 40px; padding: 5px 11px; text-align: center; border: 1px solid var(--line);
  border-radius: 8px; text-decoration: none; }
.pages span { background: var(--green); color: #fff; }
footer { background: var(--green); color: #cfdad2; margin-top: 72px; font-size: .93rem; }
footer .wrap { display: flex; flex-wrap: wrap; gap: 8px 40px; justify-content: space-between; padding-top: 34px;
  padding-bottom: 34px; }
footer strong { color: var(--gold); }
@media (max-width: 760px) { .doc { grid-template-columns: 1fr; gap: 20px; } .doc nav { border: 0; }
  .hero .wrap { padding-top: 64px; padding-bottom: 80px; } }
"""

# --- Pages ---

MENU = (("/shop/", "Shop"), ("/guides/", "Guides"), ("/journal/", "Journal"), ("/about.html", "About"))


def page(title: str, body: str, here: str = "", note: str = "", picture: str = "/assets/hero.svg") -> str:
    menu = "".join(
        f'<a href="{address}"{" aria-current=page" if address == here else ""}>{label}</a>' for address, label in MENU
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)} · {SHOP}</title>
<meta property="og:image" content="{picture}">
<link rel="icon" href="/assets/logo.svg" type="image/svg+xml">
<link rel="alternate" href="/feed.xml" type="application/atom+xml" title="Journal">
<link rel="stylesheet" href="/assets/site.css">
</head>
<body>
<header class="top"><div class="wrap">
<a class="brand" href="/"><img src="/assets/logo.svg" alt="">{SHOP}</a>
{menu}</div></header>
<main>
{body}
</main>
<footer><div class="wrap"><span>A shop that sells nothing, deployed by a playbook.</span><span>{note}
<a href="/releases/">Releases</a> · <a href="/about.html#colophon">Colophon</a></span></div></footer>
</body>
</html>
"""


class Product(NamedTuple):
    category: Category
    number: int

    @property
    def name(self) -> str:
        edition, wood = divmod(self.number, len(WOODS))
        return f"{WOODS[wood]} {self.category.one}" + (f" No. {edition + 1}" if edition else "")

    @property
    def slug(self) -> str:
        return self.name.lower().replace(".", "").replace(" ", "-")

    @property
    def address(self) -> str:
        return f"/shop/{self.category.slug}/{self.slug}.html"

    @property
    def picture(self) -> str:
        return f"/assets/products/{self.slug}.svg"

    @property
    def chance(self) -> Chance:
        return Chance(f"product {self.slug}")

    @property
    def price(self) -> str:
        return f"€ {self.chance.between(14, 390)}"

    def card(self) -> str:
        claim = self.chance.choice(CLAIMS)
        return (
            f'<a class="card" href="{self.address}"><img src="{self.picture}" alt="" width="320" height="280" '
            f'loading="lazy"><div><h3>{self.name}</h3><p>{claim}</p><p class="price">{self.price}</p></div></a>\n'
        )

    def render(self, others: list[Product], story: str) -> str:
        chance = self.chance
        price, claim = self.price, chance.choice(CLAIMS)
        facts = {
            "Weight": f"{chance.between(90, 2400)} g",
            "Made in": chance.choice(("Norway", "Scotland", "Estonia", "Wales")),
            "Batch": f"{chance.between(2, 60)} of {chance.between(61, 90)}",
            "Repairs": f"free for {chance.between(5, 20)} years",
        }
        rows = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in facts.items())
        notes = f"<section><h2>From the workshop notes</h2>\n{story}</section>" if story else ""
        category = self.category
        return page(
            self.name,
            f"""<div class="wrap"><p class="crumbs"><a href="/shop/">Shop</a> /
<a href="/shop/{category.slug}/">{category.title}</a></p>
<div class="product"><img src="{self.picture}" alt="{self.name}" width="320" height="280">
<div><h1>{self.name}</h1><p class="lead">{claim}</p><p class="price">{price}</p>
<p>{sentences(chance, 3)}</p><table>{rows}</table></div></div>
{notes}
<section><h2>Goes well with</h2><div class="grid">
{"".join(other.card() for other in others)}</div></section></div>""",
            "/shop/",
            picture=self.picture,
        )


def post_title(number: int) -> str:
    return POST_TITLES[number * 2 % len(POST_TITLES)].format(PLACES[number % len(PLACES)])


def post_date(number: int) -> datetime.date:
    return FIRST_DAY + datetime.timedelta(days=9 * number)


def post_card(number: int) -> str:
    chance = Chance(f"post {number}")
    return (
        f'<a class="card" href="/journal/{number + 1}.html"><img src="/assets/journal/{number + 1}.svg" alt="" '
        f'width="1200" height="520" loading="lazy"><div><h3>{post_title(number)}</h3>'
        f"<p>{post_date(number):%d.%m.%Y} · {chance.choice(SENTENCES)}</p></div></a>\n"
    )


def doc(title: str, body: str, menu: list[tuple[str, str]], here: str, section: str) -> str:
    """A page with a menu at its side."""
    links = "".join(
        f'<a href="{address}"{" aria-current=page" if address == here else ""}>{label}</a>' for address, label in menu
    )
    return page(title, f'<div class="wrap doc"><nav>{links}</nav><article>{body}</article></div>', section)


class Shop:
    """Everything that the site consists of. A file is rendered when it is needed: a large site takes little memory."""

    def __init__(self, release: int, products: int, prints: int, url: str) -> None:
        self.release, self.prints, self.url = release, prints, url.rstrip("/")
        self.shelves = [
            [Product(category, number) for number in range((products + len(CATEGORIES) - 1 - place) // len(CATEGORIES))]
            for place, category in enumerate(CATEGORIES)
        ]
        self.note = f"<strong>Release {release}.0</strong> ·"

    def product_pages(self) -> Iterator[tuple[str, Callable[[str], str]]]:
        """(path, render): render(story) gives the text of the page."""
        for place, shelf in enumerate(self.shelves):
            for product in shelf:
                others = [
                    self.shelves[(place + step) % len(CATEGORIES)][(product.number * step) % len(self.shelves[-1])]
                    for step in (1, 2, 3)
                ]
                yield product.address[1:], partial(product.render, others)

    def files(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """(path, render) of everything but the product pages."""
        yield from self.top_files()
        yield from self.shop_files()
        yield from self.guide_files()
        yield from self.journal_files()
        yield from self.release_files()

    def top_files(self) -> Iterator[tuple[str, Callable[[], str]]]:
        yield "index.html", self.home
        yield "about.html", self.about
        yield (
            "404.html",
            lambda: page(
                "Not found",
                (
                    '<div class="wrap"><section><h1>Off the map</h1><p class="lead">There is no page at this address. '
                    "The compass is right; it is the page that has moved.</p>"
                    '<p><a class="button" href="/">Back to the shop</a></p></section></div>'
                ),
            ),
        )
        yield "robots.txt", lambda: f"User-agent: *\nAllow: /\nSitemap: {self.url}/sitemap.xml\n"
        yield "sitemap.xml", self.sitemap
        yield "feed.xml", self.feed
        yield MARKER, lambda: f'{{"name": "{SHOP}", "release": {self.release}}}\n'
        yield (
            "_redirects",
            lambda: (
                "# Old addresses, kept alive\n/store/*  /shop/:splat  301\n/blog/*   /journal/:splat  301\n"
                "/home     /  301\n"
            ),
        )
        yield (
            "_headers",
            lambda: (
                "/*\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: strict-origin-when-cross-origin\n"
                "/assets/*\n  Cache-Control: public, max-age=3600\n"
            ),
        )
        yield (
            ".well-known/security.txt",
            lambda: (
                f"Contact: mailto:security@example.com\nExpires: 2036-01-01T00:00:00Z\n"
                f"Canonical: {self.url}/.well-known/security.txt\n"
            ),
        )
        yield "assets/site.css", lambda: CSS
        yield "assets/logo.svg", lambda: LOGO
        yield "assets/hero.svg", lambda: landscape("hero 14", "Hills at the end of a long day", 1600, 640)
        for number in range(1, self.prints + 1):
            yield f"assets/prints/{number}.svg", partial(landscape, f"print {number}", f"Print {number}", 600, 400)

    def shop_files(self) -> Iterator[tuple[str, Callable[[], str]]]:
        yield "shop/index.html", self.shop_index
        for shelf, category in zip(self.shelves, CATEGORIES, strict=True):
            yield (
                f"assets/categories/{category.slug}.svg",
                partial(product_picture, category.title, category, f"all {category.slug}"),
            )
            for number, address in enumerate(self.shelf_addresses(shelf, category)):
                path = address[1:] + ("index.html" if address.endswith("/") else "")
                yield path, partial(self.shelf_page, shelf, category, number)
            for product in shelf:
                yield product.picture[1:], partial(product_picture, product.name, category, product.slug)

    def guide_files(self) -> Iterator[tuple[str, Callable[[], str]]]:
        yield "guides/index.html", self.guide_index
        for slug, title, about in GUIDES:
            yield f"guides/{slug}.html", partial(self.guide, slug, title, about)

    def journal_files(self) -> Iterator[tuple[str, Callable[[], str]]]:
        yield "journal/index.html", self.journal_index
        for number in range(POSTS):
            yield f"journal/{number + 1}.html", partial(self.post, number)
            yield f"assets/journal/{number + 1}.svg", partial(landscape, f"post {number}", post_title(number))

    def release_files(self) -> Iterator[tuple[str, Callable[[], str]]]:
        yield "releases/index.html", self.release_index
        for number in range(1, self.release + 1):
            yield f"releases/{number}.html", partial(self.release_page, number)
        yield f"releases/preview-{self.release + 1}.html", self.preview

    # --- Their contents ---

    def home(self) -> str:
        picks = [
            shelf[(5 * self.release + 7 * place) % len(self.shelves[-1])] for place, shelf in enumerate(self.shelves)
        ]
        body = f"""<div class="hero"><div class="wrap">
<span class="badge">Release {self.release}.0 is live</span>
<h1>Things for the long way round</h1>
<p>Lanterns, mugs, tents and other companions. Nothing here is for sale: this shop exists to be deployed, again and
again, by Ansible.</p>
<a class="button" href="/shop/">Look around</a><a class="button plain" href="/releases/">What is new</a></div></div>
<div class="wrap"><section><div class="head"><h2>Picked for this release</h2><a href="/shop/">All shelves</a></div>
<div class="grid">{"".join(product.card() for product in picks)}</div></section>
<section><div class="head"><h2>From the journal</h2><a href="/journal/">All entries</a></div>
<div class="grid">{"".join(post_card(number) for number in range(POSTS - 1, POSTS - 4, -1))}</div></section></div>"""
        return page("Home", body, note=self.note)

    def about(self) -> str:
        prints = "".join(
            f'<img src="/assets/prints/{number}.svg" alt="Print {number}" width="600" height="400">\n'
            for number in range(1, self.prints + 1)
        )
        return page(
            "About",
            f"""<div class="wrap"><section><h1>About this shop</h1>
<p class="lead">An invented shop with real files: every page, picture and feed of it is written by one script, and
every run of that script writes the same bytes.</p>
<p>That makes it a good test piece. A deployment tool that looks at it twice must find nothing to do the second time;
and when a release changes a handful of files, exactly that handful is uploaded.</p>
<h2 id="colophon">Colophon</h2>
<p>You are looking at release {self.release}.0. The pictures are SVG, drawn by code. The site has no scripts, no
cookies and no fonts to load. <a href="/sitemap.xml">Sitemap</a> · <a href="/feed.xml">Feed</a> ·
<a href="/.well-known/security.txt">Security contact</a> · <a href="/release.json">Release as JSON</a></p>
<h2>Prints</h2><div class="grid prints">
{prints}</div></section></div>""",
            "/about.html",
            self.note,
        )

    def shop_index(self) -> str:
        cards = "".join(
            f'<a class="card" href="/shop/{category.slug}/"><img src="/assets/categories/{category.slug}.svg" alt="" '
            f'width="320" height="280"><div><h3>{category.title}</h3><p>{category.about}</p></div></a>\n'
            for category in CATEGORIES
        )
        return page(
            "Shop",
            (
                '<div class="wrap"><section><h1>Shop</h1><p class="lead">Six shelves, all of them imaginary.</p></section>'
                f'<div class="grid">{cards}</div></div>'
            ),
            "/shop/",
        )

    @staticmethod
    def shelf_addresses(shelf: list[Product], category: Category) -> list[str]:
        pages = max(1, -(-len(shelf) // PER_PAGE))
        first = f"/shop/{category.slug}/"
        return [first] + [f"{first}page-{number}.html" for number in range(2, pages + 1)]

    def shelf_page(self, shelf: list[Product], category: Category, number: int) -> str:
        addresses = self.shelf_addresses(shelf, category)
        # The first and the last page, and those around this one.
        near = sorted({0, len(addresses) - 1, *range(max(0, number - 3), min(len(addresses), number + 4))})
        links = "".join(
            f"<span>{at + 1}</span>" if at == number else f'<a href="{addresses[at]}">{at + 1}</a>' for at in near
        )
        cards = "".join(product.card() for product in shelf[number * PER_PAGE : (number + 1) * PER_PAGE])
        return page(
            category.title,
            f"""<div class="wrap">
<p class="crumbs"><a href="/shop/">Shop</a> / {category.title}</p>
<section><h1>{category.title}</h1><p class="lead">{category.about}</p></section>
<div class="grid">
{cards}</div><p class="pages">{links if len(addresses) > 1 else ""}</p></div>""",
            "/shop/",
        )

    @staticmethod
    def guide_menu() -> list[tuple[str, str]]:
        return [("/guides/", "All guides"), *((f"/guides/{slug}.html", title) for slug, title, _about in GUIDES)]

    def guide_index(self) -> str:
        items = "".join(
            f'<h3><a href="/guides/{slug}.html">{title}</a></h3><p>{about}</p>\n' for slug, title, about in GUIDES
        )
        intro = '<h1>Guides</h1><p class="lead">Short answers to questions that come up outdoors.</p>'
        return doc("Guides", intro + items, self.guide_menu(), "/guides/", "/guides/")

    def guide(self, slug: str, title: str, about: str) -> str:
        chance = Chance(f"guide {slug}")
        parts = "".join(
            f"<h2>{heading}</h2><p>{sentences(chance, 5)}</p><p>{sentences(chance, 4)}</p>\n"
            for heading in ("Before you start", "The short version", "The long version", "When it goes wrong")
        )
        return doc(
            title,
            f'<h1>{title}</h1><p class="lead">{about}</p>{parts}',
            self.guide_menu(),
            f"/guides/{slug}.html",
            "/guides/",
        )

    def journal_index(self) -> str:
        cards = "".join(post_card(number) for number in reversed(range(POSTS)))
        return page(
            "Journal",
            '<div class="wrap"><section><h1>Journal</h1><p class="lead">Walks, weather and the odd '
            f'sandwich.</p></section><div class="grid">\n{cards}</div></div>',
            "/journal/",
        )

    def post(self, number: int) -> str:
        chance = Chance(f"post text {number}")
        menu = [("/journal/", "All entries")] + [
            (f"/journal/{at + 1}.html", post_title(at)) for at in range(max(0, number - 3), min(POSTS, number + 4))
        ]
        text = "".join(f"<p>{sentences(chance, 6)}</p>\n" for _paragraph in range(5))
        address = f"/journal/{number + 1}.html"
        return doc(
            post_title(number),
            (
                f'<img src="/assets/journal/{number + 1}.svg" alt="" width="1200" height="520">'
                f'<h1>{post_title(number)}</h1><p class="lead">{post_date(number):%d.%m.%Y}</p>{text}'
            ),
            menu,
            address,
            "/journal/",
        )

    def release_index(self) -> str:
        items = "".join(
            f'<h3><a href="/releases/{number}.html">Release {number}.0</a></h3><p>{news(number)}</p>\n'
            for number in range(self.release, 0, -1)
        )
        return page(
            "Releases",
            f"""<div class="wrap"><section><h1>Releases</h1>
<p class="lead">Live now: release {self.release}.0. Next:
<a href="/releases/preview-{self.release + 1}.html">a preview of {self.release + 1}.0</a>.</p>
{items}</section></div>""",
            note=self.note,
        )

    @staticmethod
    def release_page(number: int) -> str:
        return page(
            f"Release {number}.0",
            (
                '<div class="wrap"><section><p class="crumbs"><a href="/releases/">Releases</a></p>'
                f'<h1>Release {number}.0</h1><p class="lead">{news(number)}</p>'
                f"<p>{sentences(Chance(f'release {number}'), 5)}</p></section></div>"
            ),
        )

    def preview(self) -> str:
        return page(
            f"Preview of {self.release + 1}.0",
            (
                f'<div class="wrap"><section><h1>Preview of {self.release + 1}.0</h1><p class="lead">This page goes when '
                f"the release comes.</p><p>{news(self.release + 1)}</p></section></div>"
            ),
        )

    def sitemap(self) -> str:
        paths = sorted(path for path, _render in [*self.files(), *self.product_pages()] if path.endswith(".html"))
        entries = "".join(
            f"<url><loc>{self.url}/{path.removesuffix('index.html')}</loc></url>\n"
            for path in paths
            if path != "404.html"
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            f"{entries}</urlset>\n"
        )

    def feed(self) -> str:
        entries = "".join(
            f"<entry><title>{post_title(number)}</title><id>{self.url}/journal/{number + 1}.html</id>"
            f'<link href="{self.url}/journal/{number + 1}.html"/>'
            f"<updated>{post_date(number)}T08:00:00Z</updated></entry>\n"
            for number in reversed(range(POSTS))
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
            f"<title>{SHOP}</title><id>{self.url}/</id><author><name>The workshop</name></author>"
            f"<updated>{post_date(POSTS - 1)}T08:00:00Z</updated>\n{entries}</feed>\n"
        )


def news(release: int) -> str:
    return (
        "The shop opens: six shelves, a journal and too many lanterns.",
        "New on the front page: other favourites, and a fresh note in the journal's margin.",
        "Small repairs everywhere, as is right for a shop about repairs.",
    )[min(release, 3) - 1]


# --- Writing ---


def plan(files: int, release: int, url: str) -> Shop:
    """The shop that has exactly that many files: as many products as fit, and prints on the About page for the rest."""

    def count(shop: Shop) -> int:
        return sum(1 for _file in shop.files()) + sum(1 for _file in shop.product_pages())

    # Early releases leave room for what later ones add, so that all of them have the same products.
    roomy = max(release, 9)
    smallest = count(Shop(roomy, len(CATEGORIES), 0, url))
    if files < smallest:
        raise SystemExit(f"--files: {files} is too small; the shop has {smallest} files at least")
    low, high = len(CATEGORIES), files
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(Shop(roomy, middle, 0, url)) <= files else (low, middle - 1)
    return Shop(release, low, files - count(Shop(release, low, 0, url)), url)


def prepare(directory: pathlib.Path) -> None:
    """Make room, but only where this script has written before."""
    directory.mkdir(parents=True, exist_ok=True)
    marker = directory / MARKER
    if any(directory.iterdir()) and not (marker.is_file() and SHOP in marker.read_text(encoding="utf-8")):
        raise SystemExit(f"{directory} is not empty and was not made by this script: give another directory")
    for path in sorted(directory.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


def write_site(
    directory: pathlib.Path,
    release: int = 1,
    files: int = FILES,
    size: int | None = None,
    url: str = "https://demo-shop.example.com",
) -> tuple[int, int]:
    """Write the site; returns its files and bytes. size: bytes of all files together, None as small as it comes."""
    shop = plan(files, release, url)
    stories = [0] * sum(1 for _page in shop.product_pages())
    if size is not None:
        smallest = sum(len(render().encode()) for _path, render in shop.files())
        smallest += sum(len(render(" ").encode()) - 1 for _path, render in shop.product_pages())
        least = smallest + len(stories)
        if size < least:
            raise SystemExit(f"--bytes: {size} is too small; {files} files have {least} bytes at least")
        share, rest = divmod(size - smallest, len(stories))
        stories = [share + (number < rest) for number in range(len(stories))]
    prepare(directory)
    written = 0

    def write(path: str, text: str) -> int:
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target.write_bytes(text.encode())

    for path, render in shop.files():
        written += write(path, render())
    for length, (path, render) in zip(stories, shop.product_pages(), strict=True):
        written += write(path, render(filling(path, length)))
    return files, written


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description="Write the demo shop, a static website, into a directory.")
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--release", type=int, default=1, metavar="N", help="which release of the site (default 1)")
    parser.add_argument("--files", type=int, default=FILES, metavar="N", help=f"number of files (default {FILES})")
    parser.add_argument("--bytes", type=int, metavar="N", help="size of all files together (default: as it comes)")
    parser.add_argument("--url", default="https://demo-shop.example.com", help="address for sitemap and feed")
    options = parser.parse_args(arguments)
    if options.release < 1:
        parser.error("--release: the first release is 1")
    files, size = write_site(options.directory, options.release, options.files, options.bytes, options.url)
    print(f"{options.directory}: release {options.release} of the demo shop, {files} files, {size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
