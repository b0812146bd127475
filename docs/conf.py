# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx's configuration for the website that `make docs` builds from pages in .build/docs/rst.

Nothing is looked up on the network: what the pages link to in Ansible's own documentation is written down in an
inventory here.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / ".build" / "docs"
GALAXY = dict(re.findall(r"^(\w+): (.+)$", (ROOT / "galaxy.yml").read_text(encoding="utf-8"), re.MULTILINE))
# Labels of Ansible's documentation that the generated pages use, with their pages.
LABELS = {
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}


def write_inventory(path: Path, text: str) -> None:
    """Write a Sphinx inventory (version 2) of what the text refers to in the documentation of Ansible."""
    plugins = re.findall(r"\b(ansible_collections\.ansible\.builtin\.(\w+))", text)
    labels = LABELS | {label: f"collections/ansible/builtin/{name}.html" for label, name in plugins}
    variables = set(re.findall(r"envvar(?:ref)?:`(ANSIBLE_\w+)", text.replace("\\", "")))
    lines = [f"{label} std:label -1 {page} {label}\n" for label, page in sorted(labels.items())]
    page = LABELS["ansible_configuration_settings"]
    lines += [f"{name} std:envvar -1 {page}#envvar-$ -\n" for name in sorted(variables)]
    head = "# Sphinx inventory version 2\n# Project: Ansible\n# Version: \n# The remainder is compressed using zlib.\n"
    path.write_bytes(head.encode() + zlib.compress("".join(lines).encode()))


def correct_reference(_app: Sphinx, _page: str, source: list[str]) -> None:
    """Correct what antsibull-docs assumes: that pages need no navigation."""
    source[0] = re.sub(r"^:orphan:\n", "", source[0], count=1, flags=re.MULTILINE)


def sort_modules(_app: Sphinx, tree: nodes.document) -> None:
    """Sort modules by their names (build, build_hook, build_hook_info), not by the names of their pages."""
    for toctree in tree.findall(addnodes.toctree):
        if all(page.endswith("_module") for page in toctree["includefiles"]):
            toctree["includefiles"].sort(key=lambda page: page.removesuffix("_module"))
            toctree["entries"].sort(key=lambda entry: entry[1].removesuffix("_module"))


def shorten_in_navigation(app: Sphinx, _doctree: nodes.document) -> None:
    """Let lists of pages show the name of a plugin or a role, and its description, which the sidebar hides.

    The page's own title stays "webops.paas.NAME module -- DESCRIPTION", for search engines and bookmarks.
    """
    page = app.env.docname
    if found := re.fullmatch(r"webops\.paas\.(\w+) \w+ \W+ (.+)", app.env.titles[page].astext()):
        link = next(app.env.tocs[page].findall(nodes.reference))
        link.children = [nodes.Text(found[1]), nodes.inline("", f": {found[2]}", classes=["description"])]


def setup(app: Sphinx) -> None:
    app.connect("source-read", correct_reference)
    app.connect("doctree-read", sort_modules, priority=100)  # before and after Sphinx collects tables of contents
    app.connect("doctree-read", shorten_in_navigation, priority=900)


write_inventory(SITE / "ansible.inv", "".join(page.read_text(encoding="utf-8") for page in SITE.rglob("*.rst")))

project = title = html_title = html_short_title = "webops.paas"
copyright = "2026, webops.paas contributors"
version = release = GALAXY["version"]
extensions = ["sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
intersphinx_mapping = {"ansible": ("https://docs.ansible.com/projects/ansible/devel/", str(SITE / "ansible.inv"))}
default_role = "any"
nitpicky = True
pygments_style = "ansible"
html_theme = "sphinx_ansible_theme"
html_theme_options = {
    "collapse_navigation": False,
    "navigation_depth": 3,
    "documentation_home_url": "index.html",
    "vcs_pageview_mode": "",
    "swift_id": "",
    "tag_manager_id": "",
}
html_show_sphinx = html_copy_source = html_use_index = False
html_static_path = ["static"]
html_css_files = ["site.css"]
