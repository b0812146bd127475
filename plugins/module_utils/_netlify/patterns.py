# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files of a tree are deployed: Netlify's file rules, and the patterns of include and exclude. PRIVATE to the
collection.

Which files are deployed
------------------------
Like Netlify's own command line client: names that start with a dot are skipped, except directories named
C(.well-known) at any depth; so are names that start with C(__MACOSX); everything else, C(_redirects),
C(_headers) and empty files among it, is kept. Differences, all on purpose:

- C(node_modules) and C(bower_components) at the top are always skipped (the client: only when it publishes the
  project's root);
- C(_redirects) and C(_headers) are files like others, as in the vendor's Go client (the command line client
  writes them into a generated C(netlify.toml) instead);
- symbolic links are followed while they stay inside the tree and refused otherwise (the client drops them silently);
- the same rules hold inside a zip. One single top-level directory in a zip is part of the paths: it is not unwrapped.

Patterns
--------
C(exclude) leaves files out and wins over everything. C(include) does not narrow: it brings back what the rules skip.

- C(*) is any run of characters and C(?) one character inside one name, dots too; C([a-z]) and C([!a-z]) are one
  character of a set. C(**) as a whole segment is any number of directories, at the end everything below.
- A pattern with a slash at its beginning or in its middle is matched from the top of the tree; one without matches a
  name at any depth. Upper and lower case differ.
- A pattern that matches a directory covers everything below it; with a slash at its end it matches directories only.
- What lies in a skipped directory comes back when C(include) covers that directory (C(.git), C(.git/)), or when a
  pattern with a slash covers the file itself (C(.github/workflows/*.yml), C(**/.htaccess)). A mere name
  (C(.htaccess)) is not looked for inside of skipped directories.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput


class ManifestError(InvalidInput):
    """What was given cannot be deployed. C(option): src, functions_dir, project_dir, include or exclude."""


def platform_skips(path: str, is_dir: bool) -> bool:
    """Whether the file rules skip this name (path: relative to the tree, no slash at the ends)."""
    name = path.rpartition("/")[2]
    if name.startswith("."):
        return not (is_dir and name == ".well-known")
    return name.startswith("__MACOSX") or path in ("node_modules", "bower_components")


def _segment_regex(segment: str) -> str:
    """One name of a pattern as a regular expression; ValueError for a set that is not closed."""
    regex, at = "", 0
    while at < len(segment):
        character, at = segment[at], at + 1
        if character == "*":
            at += len(segment[at:]) - len(segment[at:].lstrip("*"))
            regex += "[^/]*"
        elif character == "?":
            regex += "[^/]"
        elif character == "[":
            negated = segment[at : at + 1] == "!"
            at += negated
            end = segment.find("]", at + 1)
            if end < 0:
                raise ValueError("its [ is not closed")
            members = re.sub(r"([\\\[\]^&~|])", r"\\\1", segment[at:end])
            regex += f"(?!/)[{'^' if negated else ''}{members}]"
            at = end + 1
        else:
            regex += re.escape(character)
    return regex


def _path_regex(segments: list[str]) -> str:
    regex = ""
    for number, segment in enumerate(segments, 1):
        is_last = number == len(segments)
        if segment == "**":
            regex += ".+" if is_last else "(?:[^/]+/)*"
        else:
            regex += _segment_regex(segment) + ("" if is_last else "/")
    return regex


class _Pattern:
    """One pattern: C(regex) of the paths that it matches, C(leads) of the directories on the way to them."""

    def __init__(self, option: str, text: str) -> None:
        self.directories_only = text.endswith("/")
        bare = text[:-1] if self.directories_only else text
        self.has_slash = "/" in bare
        segments = bare.removeprefix("/").split("/")
        # Doubled ** means the same and would only make matching slow.
        segments = [each for at, each in enumerate(segments) if each != "**" or segments[at - 1 : at] != ["**"]]
        try:
            if "\\" in text or text.startswith("!") or any(each in ("", ".", "..") for each in segments):
                raise ValueError("a backslash, a leading !, empty segments, . and .. are not supported")
            self.regex = _path_regex(segments) if self.has_slash else f"(?:.*/)?{_segment_regex(bare)}"
            self.leads = [_path_regex(segments[:depth]) for depth in range(1, len(segments))] if self.has_slash else []
            re.compile(self.regex)
        except (ValueError, re.error) as error:
            raise ManifestError(
                option,
                f"`{option}` has the invalid pattern '{text}': {error}. Allowed are paths relative to `src` with *, "
                "?, [...] and **, such as '*.map', 'drafts/' or 'docs/**/*.psd'.",
            ) from error


def _matcher(regexes: Iterable[str]) -> Callable[[str], object]:
    alternatives = "|".join(f"(?:{regex})" for regex in regexes)
    return re.compile(alternatives, re.DOTALL).fullmatch if alternatives else lambda path: None


class _Patterns:
    """All patterns of one option. What covers a directory covers what is below it: the caller hands that down."""

    def __init__(self, patterns: list[_Pattern]) -> None:
        self.directory = _matcher(each.regex for each in patterns)
        self.file = _matcher(each.regex for each in patterns if not each.directories_only)
        self.leads_below = _matcher(regex for each in patterns for regex in each.leads)


# Of a directory, handed down to what is below it: whether C(include) covers it, whether a pattern with a slash does,
# and whether the rules skip it.
State = tuple[bool, bool, bool]


class Selection:
    """Decides on the way down, from the state of the directory above: a directory's state or None, a file's bool."""

    TOP: State = (False, False, False)

    def __init__(self, include: Iterable[str], exclude: Iterable[str], rules: Callable[[str, bool], bool]) -> None:
        included = [_Pattern("include", text) for text in include]
        self._include = _Patterns(included)
        self._include_path = _Patterns([each for each in included if each.has_slash])
        self._exclude = _Patterns([_Pattern("exclude", text) for text in exclude])
        self._rules = rules

    def directory(self, path: str, above: State) -> State | None:
        if self._exclude.directory(path):
            return None
        included, path_included, skipped = above
        included = included or bool(self._include.directory(path))
        path_included = path_included or bool(self._include_path.directory(path))
        skipped = skipped or (not included and self._rules(path, True))
        if skipped and not path_included and not self._include_path.leads_below(path):
            return None
        return included, path_included, skipped

    def directories(self, path: str) -> State | None:
        """The state of a directory that is reached from the top."""
        state: State | None = self.TOP
        slash = 0
        while state and slash >= 0:
            slash = path.find("/", slash + 1)
            state = self.directory(path if slash < 0 else path[:slash], state)
        return state

    def file(self, path: str, above: State) -> bool:
        if self._exclude.file(path):
            return False
        included, path_included, skipped = above
        if path_included or self._include_path.file(path):
            return True
        return not skipped and (included or not self._rules(path, False) or bool(self._include.file(path)))
