# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The support matrix is up to date, and the guide to pipelines quotes the examples."""

from __future__ import annotations

import json
import pathlib
import re
import sys
import textwrap

import pytest
import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))

import support_page

ROOT = support_page.ROOT
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
CORES = re.findall(r'^"(2\.\d+\.\d+)" = (\[.*\])$', PROJECT, re.MULTILINE)
EXAMPLES = ROOT / "docs" / "examples" / "ci"
# The directories are roots of a repository.
QUOTED = {
    path: "/".join(path.relative_to(EXAMPLES).parts[1:]) for path in sorted(EXAMPLES.rglob("*")) if path.is_file()
}


def page() -> str:
    return support_page.PAGE.read_text(encoding="utf-8")


def test_the_table_of_modules_is_generated() -> None:
    """Generated: python3 tests/tools/support_page.py"""
    assert support_page.generated(page()) == page()
    assert support_page.UNKNOWN not in {row[1] for row in support_page.rows(page(), "modules")}


def test_what_is_preview_is_found(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documentation = {
        "description": ["Does it.", "B(Preview:) O(wait=true) is unknown."],
        "options": {"a": {"description": ["One."], "suboptions": {"b": {"description": ["B(Preview:) Unknown."]}}}},
    }
    monkeypatch.setattr(support_page, "documentation", lambda _module: documentation)
    assert support_page.previews("any") == ["``wait=true`` is unknown.", "``a.b``: Unknown."]


# What only the description in Netlify's Terraform provider has, as make vendor-cli finds out: the options that send it.
# None: it selects what a list returns.
ONLY_THERE = {
    "build_timelimit": ("netlify_site", "build_timelimit"),
    "commit_sha": ("netlify_build", "commit"),
    "deploy_id": None,
    "deploy_retention_in_days": ("netlify_site", "deploy_retention_in_days"),
    "draft": ("netlify_build_hook", "draft"),
    "form_id": ("netlify_hook", "form"),
    "form_name": ("netlify_hook", "form"),
    "ignore_html_forms": ("netlify_site", "processing_settings.ignore_html_forms"),
    "page": None,
    "per_page": None,
    "review_id": ("netlify_build", "review_id"),
    "skip_automatic_builds": ("netlify_site", "build_settings.skip_automatic_builds"),
    "target": ("netlify_dns_record", "target"),
}


def test_what_only_the_terraform_providers_description_has_is_preview() -> None:
    found, is_only_there = set(), False
    for line in (ROOT / "tests" / "vendor_cli" / "violations.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            is_only_there = "only in the larger description [T]" in line
        elif is_only_there and (key := re.search(r" (?:query|request): (?:.+: )?(\w+) is not described$", line)):
            found.add(key[1])
    assert found == set(ONLY_THERE)
    for module, option in filter(None, ONLY_THERE.values()):
        assert any(text.startswith(f"``{option}``: ") for text in support_page.previews(module)), (module, option)


def test_the_matrix_has_all_versions() -> None:
    assert [row[0] for row in support_page.rows(page(), "matrix")] == [version for version, _pythons in CORES]


def test_a_result_replaces_the_row_of_its_version(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = CORES[1][0]
    result = dict.fromkeys(support_page.COLUMNS, "1") | {"ansible-core": version, "date": "2026-11-28"}
    (tmp_path / "core.json").write_text(json.dumps(result), encoding="utf-8")
    monkeypatch.setattr(support_page, "RESULTS", tmp_path)
    before = support_page.rows(page(), "matrix")
    after = support_page.rows(support_page.generated(page(), matrix=True), "matrix")
    assert after == [list(result.values()) if row[0] == version else row for row in before]


def test_the_supported_versions_are_those_of_the_matrix() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))["requires_ansible"]
    first, last = (".".join(CORES[index][0].split(".")[:2]) for index in (0, -1))
    assert f"- {first} to {last}\n" in page() and runtime == f">={first}.0"
    oldest = re.search(r'^oldest = \["requests==(\S+)", "urllib3==(\S+)"\]$', PROJECT, re.MULTILINE)
    assert oldest and f"- {oldest[1]} or newer, with urllib3 {oldest[2]} or newer\n" in page()
    rulebook = re.search(r'"ansible-rulebook==(\S+)"', PROJECT)
    assert rulebook and f"- {rulebook[1]} with Java" in page()
    assert f"requests>={oldest[1]}\n" in (ROOT / "meta" / "ee-requirements.txt").read_text(encoding="utf-8") + "\n"


@pytest.mark.parametrize("path", QUOTED, ids=lambda path: path.relative_to(EXAMPLES).as_posix())
def test_the_guide_quotes_the_examples_of_pipelines(path: pathlib.Path) -> None:
    guide = (ROOT / "docs" / "docsite" / "rst" / "pipelines_guide.rst").read_text(encoding="utf-8")
    text = re.sub(r"\A(?:---\n)?(?:(?:#|//) .*\n){3}\n", "", path.read_text(encoding="utf-8"))
    quotation = f"   :caption: {QUOTED[path]}\n\n" + textwrap.indent(text, "   ")
    assert quotation in guide


def test_examples_of_pipelines_install_the_versions_of_this_release() -> None:
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    own = {"name": f"{galaxy['namespace']}.{galaxy['name']}", "version": galaxy["version"]}
    assert yaml.safe_load((EXAMPLES / "common" / "requirements.yml").read_text(encoding="utf-8"))["collections"] == [
        own
    ]
    environment = (ROOT / "extensions" / "awx" / "execution-environment.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(environment)["dependencies"]["galaxy"]["collections"] == [own]
    assert f"    version: {galaxy['version']}\n" in (ROOT / "README.md").read_text(encoding="utf-8")
    note, *pins = (EXAMPLES / "common" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert pins[0] == f"ansible-core=={CORES[-1][0]}" and f'"{pins[1]}"' in PROJECT
    feature_release, oldest_python = CORES[-1][0].rpartition(".")[0], f"3.{min(minors(CORES[-1][1]))}"
    assert note == f"# ansible-core {feature_release} needs Python {oldest_python} or newer."
    guide = (ROOT / "docs" / "docsite" / "rst" / "pipelines_guide.rst").read_text(encoding="utf-8")
    assert f"Python {oldest_python} or newer with ``venv``" in guide


def minors(pythons: str) -> list[int]:
    return [int(python.partition(".")[2]) for python in json.loads(pythons)]


def test_the_instructions_for_a_release_name_all_files_with_the_version() -> None:
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    steps = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("\n## Release\n")[2]
    named = set(re.findall(r"`([\w./-]+\.\w+)`", steps.partition("\n2. ")[0]))
    line = re.compile(rf"^ *(?:version: |VERSION = \"){re.escape(version)}\"?$", re.MULTILINE)
    folders = ("", "docs/**/", "extensions/**/", "plugins/module_utils/_core/", "playbooks/**/", "roles/*/**/")
    paths = {
        path for folder in folders for ending in ("md", "rst", "yml", "py") for path in ROOT.glob(f"{folder}*.{ending}")
    }
    with_version = {path for path in paths if path.is_file() and line.search(path.read_text(encoding="utf-8"))}
    assert {path.relative_to(ROOT).as_posix() for path in with_version} == named
