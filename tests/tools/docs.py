# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation as a website: the guides of docs/docsite with the reference that is generated from the plugins.

Every warning is an error. Nothing is looked up on the network: what the pages link to in Ansible's own documentation
is written down in an inventory here.
"""

from __future__ import annotations

import re
import shutil
import zlib

from environments import BUILD, VENVS, own_tree, venv_environment

COLLECTION = "webops.paas"
SITE = BUILD / "docs"
ANSIBLE_DOCS = "https://docs.ansible.com/projects/ansible/devel/"

# Labels of Ansible's documentation that the generated pages use, with their pages.
ANSIBLE_LABELS = {
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}

CONFIGURATION = """\
project = "webops.paas"
copyright = "2026, webops.paas contributors"
title = html_title = html_short_title = "webops.paas"
version = release = {version!r}
extensions = ["sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
intersphinx_mapping = {{"ansible": ({ansible_docs!r}, {inventory!r})}}
default_role = "any"
nitpicky = True
pygments_style = "ansible"
html_theme = "sphinx_ansible_theme"
html_theme_options = {{
    "collapse_navigation": False,
    "documentation_home_url": "index.html",
    "vcs_pageview_mode": "",
    "swift_id": "",
    "tag_manager_id": "",
}}
html_show_sphinx = False
html_copy_source = False
html_use_index = False
"""


def write_inventory(path, labels, variables):
    """A Sphinx inventory (version 2) that knows these labels, {label: page}, and variables of Ansible's configuration."""
    head = (
        "# Sphinx inventory version 2\n# Project: Ansible\n# Version: \n"
        "# The remainder of this file is compressed using zlib.\n"
    )
    lines = "".join(f"{label} std:label -1 {page} {label}\n" for label, page in sorted(labels.items()))
    page = ANSIBLE_LABELS["ansible_configuration_settings"]
    lines += "".join(f"{name} std:envvar -1 {page}#envvar-$ -\n" for name in sorted(variables))
    path.write_bytes(head.encode() + zlib.compress(lines.encode()))


def labels_elsewhere(text):
    """The labels of Ansible's documentation that the pages refer to, those of its own plugins found by their names."""
    plugins = re.findall(r"\b(ansible_collections\.ansible\.builtin\.(\w+))", text)
    return ANSIBLE_LABELS | {label: f"collections/ansible/builtin/{name}.html" for label, name in plugins}


def build_docs(log):
    """A step's action: makes .build/docs/html."""
    tree = own_tree("docs")
    env = venv_environment("docs") | {"ANSIBLE_COLLECTIONS_PATH": str(tree.parents[2])}
    binaries = VENVS / "docs" / "bin"
    shutil.rmtree(SITE, ignore_errors=True)
    pages = SITE / "rst"
    # antsibull-docs refuses a directory that others could write to.
    pages.mkdir(parents=True, mode=0o700)
    log.run(
        binaries / "antsibull-docs",
        "collection",
        "--use-current",
        "--squash-hierarchy",
        "--fail-on-error",
        "--no-add-antsibull-docs-version",
        "--dest-dir",
        pages,
        COLLECTION,
        env=env,
    )
    version = re.search(r"^version: (.+)$", (tree / "galaxy.yml").read_text(encoding="utf-8"), re.MULTILINE).group(1)
    inventory = SITE / "ansible.inv"
    text = "".join(page.read_text(encoding="utf-8") for page in pages.rglob("*.rst"))
    variables = set(re.findall(r"envvar(?:ref)?:`(ANSIBLE_\w+)", text.replace("\\", "")))
    write_inventory(inventory, labels_elsewhere(text), variables)
    (SITE / "conf.py").write_text(
        CONFIGURATION.format(version=version, ansible_docs=ANSIBLE_DOCS, inventory=str(inventory)), encoding="utf-8"
    )
    log.run(
        binaries / "sphinx-build",
        "-b",
        "html",
        "-W",
        "--keep-going",
        "--jobs",
        "auto",
        "-c",
        SITE,
        "-d",
        SITE / "doctrees",
        pages,
        SITE / "html",
        env=env,
    )
    return f"{len(list((SITE / 'html').rglob('*.html')))} pages"
