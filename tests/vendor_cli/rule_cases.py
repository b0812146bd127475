# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts with rules for redirects and headers, as people write them and as they get them wrong."""

from __future__ import annotations

import json
import random
from typing import Any

Case = dict[str, Any]

ODD_REDIRECTS = (
    "/home /",
    "\t/home\t\t/\t302\t",
    "  /spaces   /trailing   301   ",
    "/windows /line 301\r",
    "/nbsp\u00a0/target\u00a0302",
    "\ufeff/bom /target",
    "# /a /b",
    "   # /a /b",
    "/a /b # comment",
    "/a /b 302 # comment",
    "/a /b #301",
    "/a # /b",
    "/a #",
    "/a /b#fragment",
    "/a /b?c=d#e 301",
    "/a",
    "/a b",
    "/a 301",
    "/a 200",
    "/a/* 200",
    "/a/* 200!",
    "/a/* 200 Role=admin",
    "/a/* 200! Role=admin,editor",
    "/a/* 299",
    "/a/* 301",
    "/a/* 0x10",
    "/a /b 301!",
    "/a /b 301x",
    "/a /b 301x!",
    "/a /b 0x12d",
    "/a /b 0x",
    "/a /b 3e2",
    "/a /b -301",
    "/a /b +301",
    "/a /b !",
    "/a /b !301",
    "/a /b permanent",
    "/a /b 301.9",
    "/a /b 999",
    "/a /b 0",
    "/a /b 301 302",
    "/a /b /c 301",
    "/a /b Country=de",
    "/a /b 302 Country=de",
    "/a /b 302 country=de",
    "/a /b 302 Country=de,at,ch",
    "/a /b 302 Country=de, at",
    "/a /b 302 Country=",
    "/a /b 302 Country",
    "/a /b 302 Country=de country=at",
    "/a /b 302 Language=en,de",
    "/a /b 302 language=en Role=x",
    "/a /b 200 Cookie=beta,other",
    "/a /b 200 Cookie=a=b",
    "/a /b 200 Sign=NAME",
    "/a /b 200 signed=NAME",
    "/a /b 200 Sign=ONE signed=TWO",
    "/a /b 200 Other=thing",
    "/store id=:id /blog/:id 301",
    "/store id=:id tag=:tag /posts/:tag/:id",
    "/store id id=:id /blog/:id",
    "/store id=:id id /blog/:id",
    "/store id=1 id=2 /blog",
    "/store id= /blog",
    "/store =x /blog",
    "/path/* param1=:value1 /other/:value1/:splat 301",
    "/articles id=:id 200",
    "/news/:month/:date/:year/:slug /blog/:year/:month/:date/:slug",
    "/news/* /blog/:splat",
    "/api/* https://api.example.com/:splat 200",
    "/api/* HTTPS://api.example.com/:splat 200",
    "/api/* //api.example.com/:splat 301",
    "/mail mailto:a@example.com",
    "http://blog.example.com/* https://www.example.com/blog/:splat 301!",
    "https://Example.COM/Path /x",
    "https://example.com /x",
    "https://example.com:8443/a /x",
    "https://example.com:443/a /x",
    "http://example.com:80/a /x",
    "http://example.com:99999/a /x",
    "http://*.example.com/* https://example.com/:splat",
    "http:// /x",
    "https://example.com/a?b=c /x",
    "https://example.com/\u00e4 /x",
    "https://b\u00fccher.example/a /x",
    "/\u00e4 /\u00f6 301",
    "/caf%C3%A9 /coffee",
    "/\u2603/* /snow/:splat 302",
    "/.netlify/functions/a /b",
    "/.netlify /b",
    "/a /.netlify/functions/b 200",
    "https://example.com/.netlify/x /b",
    "a /b",
    "a b /c",
    "* /b",
    "/* /index.html 200",
    "/a\\b /c",
    "/a,b /c",
    '/"quoted" /c',
    "/a /b 301\n/a /b 301",
    "/a /b 301\n/c /d\n/a /b 301",
    "/a /b 301\n/a /b",
    "/good /one\nbad\n/good /two",
    "\n\n/a /b\n\n\n/c /d\n\n",
    "/a /b\r\n/c /d 302\r\n# end\r\n",
    "/a\u2003/b\u30002\u200a",
    "/a /b 301 \u0085",
    "/a /b\x1c301",
    "",
    "\n",
)

ODD_HEADERS = (
    "/*\n  X-Frame-Options: DENY",
    "/*\nX-Frame-Options: DENY",
    "\t/a\t\n\t\tX-A:\t1\t",
    "/*\r\n  X-A: 1\r\n  X-B: 2\r\n",
    "\ufeff/*\n  X-A: 1",
    "/*\n  # X-A: 1\n  X-B: 2 # kept",
    "# /*\n  X-A: 1",
    "/a\n\n  X-A: 1\n\n\n  X-B: 2\n\n/b\n  X-C: 3",
    "X-A: 1",
    "X-A: 1\n/a\n  X-B: 2",
    "/a",
    "/a\n/b\n  X-A: 1",
    "/a\n  X-A",
    "/a\n  X-A:",
    "/a\n  X-A:   ",
    "/a\n  : 1",
    "/a\n  :",
    "/a\n  X-A:1",
    "/a\n  X-A : 1",
    "/a\n  X-A: a: b: c",
    "/a\n  Link: </style.css>; rel=preload; as=style\n  Link: </app.js>; rel=preload; as=script",
    "/*\n  cache-control: max-age=0\n  cache-control: no-cache\n  cache-control: no-store",
    "/a\n  x-a: 1\n  X-A: 2",
    "/a\n  X-A: 1 ,  2,3  ,  4",
    "/a\n  X-A: ,",
    "/a\n  X-A: 1\n/a\n  X-A: 2",
    "/a\n  X-A: 1\n/a\n  X-A: 1",
    "/a\n  X-A: 1\n/b\n  X-A: 1\n/a\n  X-A: 1",
    "/a\n  X-A: 1\n  X-B: 2\n/a\n  X-B: 2\n  X-A: 1",
    "/\u00e4\n  X-A: \u00fc\u2603",
    "/a b\n  X-A: 1",
    "/a?b=c\n  X-A: 1",
    "/:a/:b\n  X-A: 1",
    "/*.js\n  X-A: 1",
    "/a/*/b\n  X-A: 1",
    "/a(b*\n  X-A: 1",
    "/a(b\n  X-A: 1",
    "https://example.com/a\n  X-A: 1",
    "/a\n  https://example.com: 1",
    "/a\n  undefined: 1",
    "/something/*\n  Basic-Auth: someuser:somepassword anotheruser:anotherpassword",
    "/a\n  Content-Security-Policy: default-src 'self'; script-src 'self' https://a.example, https://b.example",
    "/a\u3000\n\u00a0X-A:\u00a01\u2003",
    "",
)

ODD_CONFIGS = (
    '[[redirects]]\nfrom = "/a"\nto = "/b"\n',
    '[[redirects]]\nfrom = "/a"\nto = "/b"\nstatus = 302\nforce = true\n',
    '[[redirects]]\nfrom = "/a"\nto = "/b"\nstatus = "302"\n',
    '[[redirects]]\nfrom = "/a"\nto = "/b"\nstatus = "302!"\n',
    '[[redirects]]\nfrom = "/a"\nto = "/b"\nstatus = true\n',
    '[[redirects]]\nfrom = "/a"\nto = "/b"\nstatus = 302.7\n',
    '[[redirects]]\nfrom = "/a"\nto = "/b"\nstatus = "none"\n',
    '[[redirects]]\nfrom = "/a"\nto = "/b"\nforce = "yes"\n',
    '[[redirects]]\norigin = "/a"\ndestination = "/b"\nparams = {id = ":id"}\nsign = "NAME"\n',
    '[[redirects]]\nfrom = "/a"\norigin = "/c"\nto = "/b"\nquery = {a = "1"}\nparameters = {b = "2"}\nsigned = "N"\n',
    '[[redirects]]\nto = "/b"\n',
    '[[redirects]]\nfrom = "/a"\n',
    '[[redirects]]\nfrom = "/a/*"\nstatus = 200\n',
    '[[redirects]]\nfrom = 1\nto = "/b"\n',
    '[[redirects]]\nfrom = "/a"\nto = 2\n',
    '[[redirects]]\nfrom = "/a"\nto = 2\nstatus = 200\n',
    '[[redirects]]\nfrom = "/a"\nto = ""\n',
    '[[redirects]]\nfrom = "/a"\nto = "/b"\nconditions = {Country = ["de"], language = "en, de ,fr", Role = "x"}\n',
    '[[redirects]]\nfrom = "/a"\nto = "/b"\nheaders = {X-From = "Netlify"}\nrate_limit = {window_limit = 100}\n',
    '[[redirects]]\nfrom = "/a"\nto = "/b"\nheaders = "none"\n',
    '[[redirects]]\nfrom = "/a"\nto = "/b"\n[[redirects]]\nfrom = "/a"\nto = "/b"\n',
    '[[redirects]]\nfrom = "/.netlify/a"\nto = "/b"\n',
    "redirects = 1\n",
    "redirects = []\nheaders = []\n",
    '[redirects]\nfrom = "/a"\nto = "/b"\n',
    'redirects = ["/a /b"]\nheaders = ["/a"]\n',
    "[[redirects]\n",
    "[build]\npublish = 'public'\n",
    "[[headers]]\nfor = '/*'\n[headers.values]\nX-A = '1'\nX-B = '2,3'\n",
    "[[headers]]\nfor = '/*'\n[headers.values]\nX-A = ['1', ' 2 ', 'a,b']\n",
    "[[headers]]\nfor = '/*'\n[headers.values]\ncache-control = '''\nmax-age=0,\nno-cache,\n  no-store'''\n",
    "[[headers]]\nfor = ' /a '\n[headers.values]\n' X-A ' = ' 1 '\n",
    "[[headers]]\nfor = '/a'\n[headers.values]\nX-A = 1\n",
    "[[headers]]\nfor = '/a'\n[headers.values]\nX-A = ['1', 2]\n",
    "[[headers]]\nfor = '/a'\n[headers.values]\n'' = '1'\n",
    "[[headers]]\nfor = '/a'\n[headers.values]\nundefined = '1'\n",
    "[[headers]]\nfor = '/a'\n[headers.values]\n",
    "[[headers]]\nfor = '/a'\n",
    "[[headers]]\nfor = '/a'\nvalues = 'X-A: 1'\n",
    "[[headers]]\nfor = 1\n[headers.values]\nX-A = '1'\n",
    "[[headers]]\n[headers.values]\nX-A = '1'\n",
    "[[headers]]\nfor = '/a'\n[headers.values]\nX-A = ''\n",
    "headers = 'X-A: 1'\n",
    '[[redirects]]\nfrom = "/\u00e4"\nto = "/\\u00f6"\n',
    '[[headers]]\nfor = "/\u00e4"\n[headers.values]\nX-A = "\u2603"\n',
)

# Rules, and visits of them: a path, or a path and what else is known of the visitor.
VISITS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("/a /b", ("/a", "/a/", "/A", "/a/b", "/a?x=1", "//a")),
    ("/a/ /b", ("/a", "/a/")),
    ("/ /b", ("/", "/a")),
    ("/a/* /b/:splat", ("/a", "/a/", "/a/x", "/a/x/y/", "/ab", "/a/x%20y", "/a/%C3%A9", "/a//b", "/a/b//c")),
    ("/* /index.html 200", ("/", "/x", "/x/y")),
    ("/a* /b/:splat", ("/a", "/a/", "/abc", "/abc/", "/a/b", "/a*", "/a//b")),
    ("/a/*.html /b/:splat", ("/a/x.html", "/a/*.html", "/a/x/y.html")),
    ("/a/x*y /b/:splat", ("/a/xzy", "/a/x*y")),
    ("/a** /x/:splat", ("/a*b", "/ab")),
    ("/a/*/c /b/:splat", ("/a/x/c", "/a/x/y/c", "/a/c", "/a//c", "/a/x/c/", "/a/x/c/d")),
    ("/a*/c /b/:splat", ("/ax/c", "/a/c", "/a*/c")),
    ("/*/c/* /b/:splat", ("/x/c/y", "/x/c")),
    ("/*/:y /b/:splat/:y", ("/x/c", "/x/c/d")),
    ("/n/:y/:m /b/:m-:y", ("/n/1/2", "/n/1/2/", "/n/1", "/n/1/2/3")),
    ("/n/:y/* /b/:y/:splat", ("/n/1/2/3", "/n/1", "/n/1/")),
    ("/n/:y.html /b/:y", ("/n/1.html", "/n/1")),
    ("/n/x:y /b/:y", ("/n/x1", "/n/x:y")),
    ("/:a-b /b/:a-b/:a", ("/x",)),
    ("/: /b", ("/x",)),
    ("/n/:a/:a /b/:a", ("/n/1/1", "/n/1/2")),
    ("/n/:id/:idx /b/:idx/:id/:other", ("/n/1/2",)),
    ("/n/:idx/:id /b?id=:id&idx=:idx", ("/n/1/2",)),
    ("/:a/:b /x/:b/:a", ("/:b/1", "/1/:a")),
    ("/:splat/* /x/:splat", ("/1/2",)),
    ("/x/* https://example.com/:splat/:splat 302", ("/x/1/2",)),
    ("/x/* /y?u=:splat#:splatter", ("/x/1/2",)),
    ("/store id=:id /blog/:id", (
        "/store", "/store?id=5", "/store?id=5&x=1", "/store?id=", "/store?id", "/store?id=a%20b", "/store?id=1&id=2",
        "/store?id=x%2Fy", "/store?id=%C3%A9", "/store?id=a+b", "/store?ID=1", "/store?id=1;x=2", "/store?&id=1",
        "/store?id=a%26b%3Dc", "/store?id=~!*()",
    )),
    ("/store id=7 /blog", ("/store?id=7", "/store?id=8", "/store?id=7&a=1", "/store?id=%37", "/store?i%64=7")),
    ("/store a=:a b=:b /x/:a/:b", ("/store?a=1&b=2", "/store?b=2&a=1", "/store?a=1")),
    ("/store id=:id /blog/:id\n/store /all", ("/store", "/store?x=1")),
    ("/a/:id id=:id /b/:id", ("/a/1?id=2",)),
    ("/a id=\u00e9 /b", ("/a?id=%C3%A9",)),
    ("/a id=a+b /b", ("/a?id=a+b", "/a?id=a%2Bb")),
    ("/a id=a/b /b", ("/a?id=a/b", "/a?id=a%2Fb")),
    ("/a x= /b", ("/a", "/a?x", "/a?x=", "/a?x=1")),
    ("/a flag /b", ("/a", "/a?flag", "/a?flag=1")),
    ("/ /anz 302 Country=au,nz", (("/", {"country": "nz"}), ("/", {"country": "NZ"}), ("/", {"country": "nzl"}), "/")),
    ("/ /x 302 Country=Au", (("/", {"country": "au"}),)),
    ("/ /x 302 Country=", ("/", ("/", {"country": "de"}))),
    ("/ /he 302 Language=he", tuple(("/", {"language": tag}) for tag in ("he", "HE", "he-IL", "hex", "h", "en"))),
    ("/ /us 302 Language=en-us", tuple(("/", {"language": tag}) for tag in ("en", "en-US", "en-GB"))),
    ("/ /x 302 Cookie=beta,other", tuple(
        ("/", {"cookies": cookies}) for cookies in ({"beta": "1"}, {"other": "1"}, {"other": ""}, {"Beta": "1"}, {})
    )),
    ("/a /b Country=de", ("/a", ("/a", {"country": "de"}))),
    ("/x /y 200 Other=1", ("/x",)),
    ("/x /y 200 Country=de Language=de", (
        ("/x", {"country": "de", "language": "en"}), ("/x", {"country": "de", "language": "de"}),
    )),
    ("/admin/* 200 Role=admin", ("/admin/x", "/other")),
    ("/admin/* /y 200! Role=admin\n/admin/* /login 302", ("/admin/x",)),
    ("/a /b 200 Role=x\n/a /c 200 Role=y", ("/a",)),
    ("/a /b 200 Role=x Country=de", ("/a", ("/a", {"country": "de"}))),
    ("/a /first\n/a /second 302!", ("/a",)),
    ("https://site.netlify.app/a /b", ("/a", "/b")),
    ("https://SITE.netlify.app/* /b/:splat 301!", ("/", "/x")),
    ("https://site.netlify.app /b", ("/", "/x")),
    ("http://site.netlify.app/a /b", ("/a",)),
    ("https://other.netlify.app/a /b", ("/a",)),
    ("https://site.netlify.app:8443/a /b", ("/a",)),
    ("http://*.netlify.app/a /b", ("/a",)),
    ("/x /y", ("/x",)),
    ("/x /y 404!", ("/x",)),
    ("/x /y 999", ("/x",)),
    ("/caf\u00e9 /t", ("/caf%C3%A9",)),
    ("/a.b /t", ("/a.b", "/aXb")),
    ("/(a)+[b]$| /t", ("/(a)+[b]$|", "/a")),
    ("a /b", ("/a",)),
    ("a/* /b/:splat", ("/a/x",)),
    ("/a//b /c", ("/a/b", "/a//b")),
    ("///a /c", ("/a",)),
    ("/a/// /c", ("/a", "/a/", "/a//")),
    ("// /c", ("/",)),
)  # fmt: skip
SITE = "https://site.netlify.app"
# Paths of header rules, and paths of visits. Each rule adds a header of its own name, and one of a common name.
HEADER_PATHS = (
    (("/*",), ("/", "/a", "/a/b.html")),
    (("/a", "/a/", "/A", "a"), ("/a", "/a/", "/A", "/a/b", "/ab", "/")),
    (("/a/*", "/a*", "/*/a"), ("/a", "/a/", "/a/b", "/a/b/c", "/ab", "/b/a", "/b/c/a")),
    (("/*.js", "/a/*.js", "/a/b*c/d"), ("/x.js", "/xjs", "/a/x.js", "/a/b/x.js", "/a/bxc/d", "/a/bc/d", "/a/b/c/d")),
    (("/:a", "/:a/b", "/x/:y.html", "/x:y"), ("/", "/q", "/q/b", "/x/1.html", "/x/1", "/x:y", "/x1")),
    (("/a.b", "/a+b", "/(a)", "/a b", "/\u00e4", "/[a]*"), ("/a.b", "/axb", "/a+b", "/(a)", "/a b", "/\u00c4", "/ax")),
    (("/a//b", "//a", "/ a /b"), ("/a/b", "/a//b", "/a", "/ a/b")),
)

PATHS = (
    "/", "/a", "/a/", "/b/c", "/b/c.html", "/news/*", "/news/:slug", "/news/:year/:month", "/:lang/about", "/*",
    "/caf%C3%A9", "/\u00e4/\u00f6", "/old path", "/A/B", "/deep/er/and/deeper/*", "https://www.example.com/*",
    "http://blog.example.com/post", "/x.y.z", "/a-b_c~d", "/1", "*", "relative", "/.netlify/functions/f",
)  # fmt: skip
TARGETS = (
    "/", "/index.html", "/new", "/blog/:splat", "/:year/:month", "/blog/:slug", "/?x=:x", "/new#top", "/404.html",
    "https://example.com/:splat", "http://example.org", "/.netlify/functions/f", "/\u00fc", "elsewhere", "",
)  # fmt: skip
STATUSES = ("", "", "", "301", "302", "200", "404", "200!", "301!", "302!", "303", "307", "308", "410", "30x", "x", "!")
QUERIES = ("", "", "", "", "id=:id", "id=1", "a=:a b=:b", "flag", "x==y", "q=\u00e9")
CONDITIONS = (
    "", "", "", "", "Country=de", "Country=de,at Language=de", "Role=admin", "language=en,fr", "Cookie=beta",
    "Sign=SECRET", "Country=de,", "Unknown=1", "Language",
)  # fmt: skip
COMMENTS = ("", "", "", "", "# why", "#", "#/x", "# \u2603")
BLANKS = (" ", "  ", "\t", " \t ", "     ")
NAMES = ("X-A", "x-a", "X-Frame-Options", "Cache-Control", "cache-control", "Link", "Set-Cookie", "X-\u00e4", "", " ")
VALUES = ("1", "DENY", "a, b", "a ,b,  c", "max-age=0", "</x>; rel=preload", "https://example.com:8443/x", "", "  ",
          "\u2603", "a # b", "'self'", "x,")  # fmt: skip


def fixed() -> list[Case]:
    """The cases of which the results are recorded."""
    return [
        *({"redirects": text} for text in ODD_REDIRECTS),
        *({"headers": text} for text in ODD_HEADERS),
        *({"config": text} for text in ODD_CONFIGS),
        {
            "redirects": "/a /first\n/b /second 302",
            "headers": "/*\n  X-A: file\n/a\n  X-B: file",
            "config": '[[redirects]]\nfrom = "/b"\nto = "/second"\nstatus = 302\n'
            '[[redirects]]\nfrom = "/c"\nto = "/d"\n'
            "[[headers]]\nfor = '/*'\n[headers.values]\nX-A = 'config'\n"
            "[[headers]]\nfor = '/a'\n[headers.values]\nX-B = 'file'\n",
        },
        *({"redirects": rules, "visits": [_visit(visit) for visit in visits]} for rules, visits in VISITS),
        *(
            {
                "headers": "\n".join(
                    f"{path}\n  x-{number}: yes\n  x-common: {number}" for number, path in enumerate(rules)
                ),
                "paths": list(paths),
            }
            for rules, paths in HEADER_PATHS
        ),
        *generated(20260101, 12, 8),
    ]


def _visit(visit: Any) -> dict[str, Any]:
    path, more = (visit, {}) if isinstance(visit, str) else visit
    return {"url": SITE + path, **more}


def generated(seed: int, files: int, rules: int) -> list[Case]:
    """Cases with `rules` rules of each kind in each of `files` sets of files."""
    chosen = random.Random(seed)
    return [
        {
            "redirects": "\n".join(_redirect_line(chosen) for _ in range(rules)),
            "headers": chosen.choice(("\n", "\n", "\r\n")).join(_header_lines(chosen, rules)),
            "config": "\n".join(_config_tables(chosen, rules)),
        }
        for _ in range(files)
    ]


def _redirect_line(chosen: random.Random) -> str:
    if chosen.random() < 0.05:
        return chosen.choice(("", "   ", "# comment", "\t#"))
    choices = (PATHS, QUERIES, TARGETS, STATUSES, CONDITIONS, COMMENTS)
    parts = [part for part in map(chosen.choice, choices) if part]
    line = chosen.choice(BLANKS).join(parts)
    return chosen.choice(("", "", "", " ", "\t")) + line + chosen.choice(("", "", "", " ", "\t", "\r"))


def _header_lines(chosen: random.Random, rules: int) -> list[str]:
    lines = []
    for _ in range(rules):
        if chosen.random() < 0.95:
            lines.append(chosen.choice(PATHS) + chosen.choice(("", " ", "\t")))
        for _ in range(chosen.randrange(4)):
            colon = chosen.choice((": ", ": ", ":", " : ", ""))
            lines.append(f"{chosen.choice(BLANKS)}{chosen.choice(NAMES)}{colon}{chosen.choice(VALUES)}")
        lines += chosen.choice(([], [], [""], ["# comment"], ["  # X-A: 1"]))
    return lines


def _config_tables(chosen: random.Random, rules: int) -> list[str]:
    lines = []
    for _ in range(rules):
        lines.append("[[redirects]]")
        if chosen.random() < 0.95:
            lines.append(f"from = {_toml(chosen.choice(PATHS))}")
        if chosen.random() < 0.9:
            lines.append(f"{chosen.choice(('to', 'to', 'to', 'destination'))} = {_toml(chosen.choice(TARGETS))}")
        lines += chosen.choice(([], [f"status = {chosen.choice(('200', '301', '302', '404', _toml('302!')))}"]))
        lines += chosen.choice(([], [], ["force = true"], ["force = false"]))
        lines += chosen.choice(([], [], ['query = {id = ":id"}'], ['params = {a = "1", b = ":b"}']))
        lines += chosen.choice(
            ([], [], ['conditions = {Country = ["de", "at"]}'], ['conditions = {language = "en,fr"}'])
        )
        lines += chosen.choice(([], [], [], ['headers = {X-From = "Netlify"}'], ['signed = "SECRET"']))
    for _ in range(rules):
        lines += ["[[headers]]", f"for = {_toml(chosen.choice(PATHS))}", "[headers.values]"]
        for name in chosen.sample([name for name in NAMES if name.isascii() and name.strip()], chosen.randrange(4)):
            values = [_toml(chosen.choice(VALUES)) for _ in range(3)]
            lines.append(f"{name} = {chosen.choice((values[0], values[0], '[' + ', '.join(values) + ']'))}")
    return lines


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
