# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create the files of a new module, or update generated files.

    new_module.py NAME [TARGET]   as make new-module NAME=... calls it
    new_module.py --actions       all action plugins
    new_module.py --errors        the page of the error codes
    new_module.py --readme        the tables of modules in README.md

Writes all files of a module from tests/tools/templates. Parts that must be filled in fail the contract suite with a
message. TARGET is an integration target that will test the module as well; without it, the module gets its own.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LICENCE = "\n".join(Path(__file__).read_text(encoding="utf-8").splitlines()[:3])
PLATFORMS = {"fleek": "Fleek", "flightcontrol": "Flightcontrol", "hasura": "Hasura Cloud", "netlify": "Netlify"}
ESTATES, ANY = "All platforms", "Any website"
# Modules that work with all other modules. They run in the controller process only.
OF_ESTATES = {"apply": ("_estate.action", "EstateAction"), "export": ("_estate.exporting.action", "ExportAction")}
TOKENS = {
    "fleek": ("FLEEK_API_URL", "FLEEK_API_KEY"),
    "flightcontrol": ("FLIGHTCONTROL_API_URL", "FLIGHTCONTROL_API_KEY"),
    "hasura": ("HASURA_CLOUD_API_URL", "HASURA_CLOUD_ACCESS_TOKEN"),
    "netlify": ("NETLIFY_API_URL", "NETLIFY_AUTH_TOKEN"),
}


def render(template: str, **values: str) -> str:
    text = (ROOT / "tests" / "tools" / "templates" / f"{template}.template").read_text(encoding="utf-8")
    for name, value in {"licence": LICENCE, "shebang": "#!/usr/bin/python", **values}.items():
        text = text.replace(f"@{name}@", value)
    return text


def action_plugin(name: str) -> str:
    """The text of the action plugin of a module; they differ only in the name and the base class."""
    if name not in OF_ESTATES:
        return render("action", name=name)
    file, base = OF_ESTATES[name]
    return render("estate_action", name=name, file=file, base=base)


def write_actions() -> None:
    for path in (ROOT / "plugins" / "modules").glob("[a-z]*.py"):
        (ROOT / "plugins" / "action" / path.name).write_text(action_plugin(path.stem), encoding="utf-8")


def error_codes() -> dict[str, str]:
    """{code: its meaning}."""
    tree = ast.parse((ROOT / "plugins/module_utils/_core/codes.py").read_text(encoding="utf-8"))
    [table] = [node.value for node in tree.body if isinstance(node, ast.AnnAssign) and node.value]
    codes: dict[str, str] = ast.literal_eval(table)
    return codes


def errors_page() -> str:
    """The text of docs/docsite/rst/error_codes.rst."""
    rows = [
        f"   * - ``{code}``\n{textwrap.fill(meaning, 120, initial_indent='     - ', subsequent_indent=' ' * 7)}\n"
        for code, meaning in sorted(error_codes().items())
    ]
    return render("error_codes", rows="".join(rows), docs_licence=LICENCE.replace("# ", "  "))


def add_to_groups(text: str, name: str, platform: str) -> str:
    """meta/runtime.yml with the module in its action groups, in alphabetical order."""
    for group in ("all", platform):
        head, members = re.search(rf"^(  {group}:\n)((?:    - \w+\n)+)", text, re.MULTILINE).groups()
        text = text.replace(head + members, head + "".join(sorted({*members.splitlines(True), f"    - {name}\n"})))
    return text


def readme(text: str) -> str:
    """README.md with a table of modules for each platform, from their short descriptions."""
    rows: dict[str, list[str]] = {title: [] for title in (ESTATES, *sorted(PLATFORMS.values(), reverse=True), ANY)}
    for path in sorted((ROOT / "plugins" / "modules").glob("[a-z]*.py")):
        [described] = re.findall(r"^short_description: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        platform = ESTATES if path.stem in OF_ESTATES else PLATFORMS.get(path.stem.partition("_")[0], ANY)
        rows[platform].append(f"| `{path.stem}` | {described} |\n")
    head = "| module | description |\n| --- | --- |\n"
    tables = "\n".join(f"### {platform}\n\n{head}{''.join(lines)}" for platform, lines in rows.items())
    marks = re.compile(r"(<!-- modules -->\n)(.*?)(<!-- /modules -->)", re.DOTALL)
    return marks.sub(lambda found: f"{found[1]}\n{tables}\n{found[3]}", text)


def write_readme() -> None:
    path = ROOT / "README.md"
    path.write_text(readme(path.read_text(encoding="utf-8")), encoding="utf-8")


def plural_of(noun: str) -> str:
    """A noun such as env_vars is one already."""
    if re.search(r"[^s]s$", noun):
        return noun
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if re.search(r"(s|x|z|ch|sh)$", noun) else f"{noun}s"


def new_module(name: str, shared_target: str | None = None) -> None:
    platform, subject = name.split("_", 1) if "_" in name else (name, "")
    if platform not in PLATFORMS or not re.fullmatch(r"[a-z]+(_[a-z]+)*", subject):
        sys.exit(
            f"NAME must be a platform ({', '.join(PLATFORMS)}), an underscore and a noun, such as netlify_team_info"
        )
    if (ROOT / "plugins" / "modules" / f"{name}.py").exists():
        sys.exit(f"plugins/modules/{name}.py exists")
    targets = ROOT / "tests" / "integration" / "targets"
    if shared_target is not None and not (targets / shared_target).is_dir():
        sys.exit(f"{targets / shared_target} does not exist")
    is_info = subject.endswith("_info")
    key = subject.removesuffix("_info")
    plural = plural_of(key)
    writer = f"{platform}_{key}"
    has_writer = is_info and (ROOT / "plugins" / "modules" / f"{writer}.py").exists()
    version = re.search(r"^version: (.+)$", (ROOT / "galaxy.yml").read_text(encoding="utf-8"), re.MULTILINE)[1]
    url, token = TOKENS[platform]
    values = {
        "name": name,
        "class": key.title().replace("_", ""),
        "client": f"{platform.title()}Client",
        "platform": platform,
        "platform_title": PLATFORMS[platform],
        "version": version,
        "keys": plural,
        "key": key,
        "things": plural.replace("_", " "),
        "writer": f"  - module: webops.paas.{writer}\n" if has_writer else "",
        "thing": key.replace("_", " "),
        "url": url,
        "token": token,
        "options": "" if is_info else '"name": "first"',
        "changes": str(not is_info),
    }
    texts = {
        f"plugins/modules/{name}.py": render("info" if is_info else "resource", **values),
        f"plugins/action/{name}.py": action_plugin(name),
        f"tests/contract/scenarios/{name}.py": render("scenarios", **values),
    }
    if shared_target is None:
        target = f"tests/integration/targets/{name}"
        texts[f"{target}/tasks/main.yml"] = render("target", **values)
        texts[f"{target}/aliases"] = f"{LICENCE}\n\ngather_facts/no\nneeds/target/setup_sandbox\n"
    texts["meta/runtime.yml"] = add_to_groups((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"), name, platform)
    for path, text in texts.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")
        print(path)
    write_readme()
    print("README.md")
    ruff = Path(sys.executable).parent / "ruff"
    python = [path for path in texts if path.endswith(".py")]
    for command in (["check", "--quiet", "--select", "I", "--fix"], ["format", "--quiet"]):
        subprocess.run([ruff, *command, *python], cwd=ROOT, check=True)
    print(f"Fill in what fails: .venv/dev/bin/pytest -x tests/contract -k {name}")
    if shared_target is not None:
        print(f"Use the module in tests/integration/targets/{shared_target}.")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    if sys.argv[1] == "--actions":
        write_actions()
    elif sys.argv[1] == "--errors":
        (ROOT / "docs/docsite/rst/error_codes.rst").write_text(errors_page(), encoding="utf-8")
    elif sys.argv[1] == "--readme":
        write_readme()
    else:
        new_module(*sys.argv[1:])
