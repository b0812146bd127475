# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides are correct: their YAML uses existing options, and their quotations match the files that they name."""

from __future__ import annotations

import ast
import fnmatch
import functools
import importlib.util
import pathlib
import re
import textwrap
from typing import NamedTuple

import pytest
from reading import documentation, load, parsed

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCSITE = ROOT / "docs" / "docsite"
PAGES = sorted((DOCSITE / "rst").glob("*.rst"))
OWN = "webops.paas."
BUILTIN = "ansible.builtin."

TASK_KEYWORDS = {
    "any_errors_fatal",
    "args",
    "async",
    "become",
    "become_user",
    "changed_when",
    "check_mode",
    "connection",
    "delay",
    "delegate_facts",
    "delegate_to",
    "diff",
    "environment",
    "failed_when",
    "ignore_errors",
    "ignore_unreachable",
    "loop",
    "loop_control",
    "module_defaults",
    "name",
    "no_log",
    "notify",
    "poll",
    "register",
    "retries",
    "run_once",
    "tags",
    "throttle",
    "timeout",
    "until",
    "vars",
    "when",
}
BLOCKS = ("block", "rescue", "always")
SECTIONS = ("pre_tasks", "tasks", "post_tasks", "handlers")
# Options of these modules are names of the user's own, or free text.
FREE = {BUILTIN + name for name in ("set_fact", "meta", "import_playbook")}


class Block(NamedTuple):
    """A code block of a page: language, caption (a file's name, or None), text, and the number of its first line."""

    page: pathlib.Path
    language: str
    caption: str | None
    text: str
    line: int

    @property
    def id(self):
        return f"{self.page.name}:{self.line}"


def blocks_of(page):
    lines = page.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        opening = re.fullmatch(r"( *)\.\. code-block:: (\S+)", line)
        if not opening:
            continue
        end = number + 1
        while end < len(lines) and (not lines[end].strip() or lines[end].startswith(opening[1] + "   ")):
            end += 1
        body = textwrap.dedent("\n".join(lines[number + 1 : end]))
        options = re.match(r"(?::\w+:.*\n)*", body)[0]
        caption = re.search(r"^:caption: (.+)$", options, re.MULTILINE)
        yield Block(page, opening[2], caption and caption[1], body[len(options) :].lstrip("\n"), number + 1)


BLOCKS_OF_ALL = [block for page in PAGES for block in blocks_of(page)]


def each(language):
    found = [block for block in BLOCKS_OF_ALL if block.language == language]
    assert found
    return pytest.mark.parametrize("block", found, ids=lambda block: block.id)


# -- what there is -----------------------------------------------------------------------------------------------------


def python_file(name):
    """The path of an importable module, which is not imported; None if it does not exist."""
    spec = importlib.util.find_spec(name)
    return pathlib.Path(spec.origin) if spec else None


@functools.cache
def fragment_options(name):
    if name.startswith(OWN):
        stem, _dot, section = name[len(OWN) :].partition(".")
        path = ROOT / "plugins" / "doc_fragments" / f"{stem}.py"
    else:
        stem, _dot, section = name.partition(".")
        path = python_file(f"ansible.plugins.doc_fragments.{stem}")
    return (documentation(path, section.upper() or "DOCUMENTATION") or {}).get("options") or {}


@functools.cache
def module_options(fqcn):
    """{option: its documentation}, including aliases and fragments; None if the module does not exist."""
    if fqcn.startswith(OWN):
        path = ROOT / "plugins" / "modules" / f"{fqcn[len(OWN) :]}.py"
    else:
        path = python_file(f"ansible.modules.{fqcn[len(BUILTIN) :]}") if fqcn.startswith(BUILTIN) else None
    if path is None or not path.is_file():
        return None
    own = documentation(path)
    fragments = own.get("extends_documentation_fragment") or []
    options = dict(own.get("options") or {})
    for fragment in [fragments] if isinstance(fragments, str) else fragments:
        options.update(fragment_options(fragment))
    return with_aliases(options)


def with_aliases(options):
    return {name: option for key, option in options.items() for name in (key, *(option or {}).get("aliases", ()))}


@functools.cache
def role_variables(role):
    """{variable: its specification} of a role; None if the role does not exist."""
    path = ROOT / "roles" / role / "meta" / "argument_specs.yml"
    if not path.is_file():
        return None
    variables = load(path)["argument_specs"]["main"]["options"]
    # Passed to the module.
    checks = module_options(OWN + "verify")["urls"]["suboptions"]
    for name in (
        name for name in variables if name == "verify_urls" or re.fullmatch(r"\w+_release_(rollback_)?verify", name)
    ):
        variables[name] = {"options": checks}
    return variables


@functools.cache
def role_text(role):
    """The text of all files of a role, which contains the facts and results that it sets."""
    return "".join(path.read_text(encoding="utf-8") for path in (ROOT / "roles" / role).rglob("*.yml"))


ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if (path / "tasks").is_dir())
PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))
EDA = ROOT / "extensions" / "eda"
LOOKUPS = {path.stem for path in (ROOT / "plugins" / "lookup").glob("*.py")}
EVENTS = sorted(path.stem for path in [*EDA.glob("plugins/event_source/*.py"), *EDA.glob("rulebooks/*.yml")])
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py") if path.stem != "__init__")
ACTION_GROUPS = load(ROOT / "meta" / "runtime.yml")["action_groups"]


# -- what a snippet says ----------------------------------------------------------------------------------------------


def check_options(where, given, known):
    """Raises AssertionError for an option that does not exist, suboptions included."""
    for name, value in given.items():
        assert name in known, f"{where} has no option {name}; it has {', '.join(sorted(known))}"
        option = known[name] or {}
        if "choices" in option and not (isinstance(value, str) and "{{" in value):
            for each in value if isinstance(value, list) else [value]:
                assert each in option["choices"], f"{where}: {name} is one of {option['choices']}, not {each!r}"
        inner = option.get("suboptions") or option.get("options")
        if inner:
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    check_options(f"{where}.{name}", item, with_aliases(inner))


def check_role(name, variables):
    if name.startswith(OWN):
        known = role_variables(name[len(OWN) :])
        assert known is not None, f"there is no role {name}"
        check_options(f"role {name}", variables, known)


def check_module_defaults(defaults):
    for target, options in (defaults or {}).items():
        group = re.fullmatch(r"group/webops\.paas\.(\w+)", target)
        if group:
            assert group[1] in ACTION_GROUPS, f"there is no group {target}"
        for module in [OWN + name for name in ACTION_GROUPS[group[1]]] if group else [target]:
            known = module_options(module)
            assert known is not None, f"there is no module {module}"
            check_options(target, options, known)


def check_task(task):
    check_module_defaults(task.get("module_defaults"))
    if "block" in task:
        assert set(task) <= TASK_KEYWORDS | set(BLOCKS)
        for section in BLOCKS:
            for inner in task.get(section, ()):
                check_task(inner)
        return
    actions = set(task) - TASK_KEYWORDS
    assert len(actions) == 1, f"{task.get('name')}: which of {sorted(actions)} is the module?"
    action = actions.pop()
    known = module_options(action)
    assert known is not None, f"{task.get('name')}: there is no module {action} (is its name a full one?)"
    if action not in FREE:
        check_options(action, {**(task[action] or {}), **task.get("args", {})}, known)
    if action in (BUILTIN + "include_role", BUILTIN + "import_role"):
        check_role(task[action]["name"], task.get("vars", {}))


def check_play(play):
    if BUILTIN + "import_playbook" in play:
        name = play[BUILTIN + "import_playbook"]
        assert not name.startswith(OWN) or name[len(OWN) :] in PLAYBOOKS, f"there is no playbook {name}"
        return
    check_module_defaults(play.get("module_defaults"))
    for role in play.get("roles", ()):
        beside = {name: value for name, value in role.items() if name not in TASK_KEYWORDS | {"role"}}
        check_role(role["role"], role.get("vars", {}) | beside)
        # The play's variables apply to all of its roles; those with a role's prefix belong to that role.
        prefix = role["role"].rpartition(".")[2] + "_"
        own = {name: value for name, value in play.get("vars", {}).items() if name.startswith(prefix)}
        check_role(role["role"], own)
    for section in SECTIONS:
        for task in play.get(section, ()):
            check_task(task)


@each("yaml")
def test_yaml_uses_what_there_is(block):
    content = parsed(block.text)
    assert content, "nothing in it"
    if isinstance(content, list):
        for item in content:
            is_play = "hosts" in item or BUILTIN + "import_playbook" in item
            # In a file of an estate the names of modules need no prefix.
            is_entry = len(item) == 1 and next(iter(item)) in MODULES
            item = {OWN + name: options for name, options in item.items()} if is_entry else item
            (check_play if is_play else check_task)(item)
    elif set(content) == {"module_defaults"}:
        check_module_defaults(content["module_defaults"])


@pytest.mark.parametrize(
    "text",
    [
        "webops.paas.netlify_sites: {}",
        "netlify_site: {name: a}",
        "ansible.builtin.copi: {dest: a}",
        "webops.paas.netlify_site: {name: a, colour: red}",
        "webops.paas.netlify_site: {name: a, build_settings: {colour: red}}",
        "webops.paas.netlify_site: {name: a, state: deleted}",
        "ansible.builtin.include_role: {name: webops.paas.sandbocks}",
        "{block: [{webops.paas.netlify_publish: {sight: a}}]}",
        "{webops.paas.netlify_site_info: {}, module_defaults: {group/webops.paas.netlify: {tokem: a}}}",
    ],
)
def test_mistakes_are_found(text):
    with pytest.raises(AssertionError):
        check_task(parsed(text))


@pytest.mark.parametrize(
    "variables",
    [
        {"sandbox_sport": 1},
        {"sandbox_state": "running"},
        {"verify_urls": [{"url": "/", "contents": "a"}]},
        {"netlify_release_site_settings": {"colour": "red"}},
    ],
)
def test_mistakes_in_roles_are_found(variables):
    role = next(name for name in ROLES if next(iter(variables)).startswith(name))
    with pytest.raises(AssertionError):
        check_play({"hosts": "localhost", "roles": [{"role": OWN + role, "vars": variables}]})
    with pytest.raises(AssertionError):
        check_play({"hosts": "localhost", "vars": variables, "roles": [{"role": OWN + role}]})


@pytest.mark.parametrize("role", ROLES)
def test_examples_of_roles_use_what_there_is(role):
    examples = parsed(load(ROOT / "roles" / role / "meta" / "argument_specs.yml")["argument_specs"]["main"]["examples"])
    assert f"webops.paas.{role}" in str(examples)
    for play in examples:
        check_play(play)


# Words that users type into the website's search field, and a page that must be found. Headings count most.
@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("roll back", "netlify_guide"),
        ("dry run", "getting_started"),
        ("environment variables", "netlify_env_vars_guide"),
        ("environment variables", "hasura_guide"),
        ("environment variables", "flightcontrol_guide"),
        ("redirects", "netlify_guide"),
    ],
)
def test_searches_find_headings(words, page):
    text = (DOCSITE / "rst" / f"{page}.rst").read_text(encoding="utf-8")
    headings = re.findall(r"^(\S.*)\n(?:=+|-+|~+)$", text, re.MULTILINE)
    assert any(words in heading.lower() for heading in headings)


# -- names and quotations in the text ---------------------------------------------------------------------------------


def each_page(function):
    return pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)(function)


@each_page
def test_named_parts_exist(page):
    """Whatever is called webops.paas.NAME is a module, role, playbook, lookup, part for events or group of modules."""
    text = re.sub(r"ansible_collections\.\S+", "", page.read_text(encoding="utf-8"))
    known = {*MODULES, *ROLES, *PLAYBOOKS, *EVENTS, *LOOKUPS, *ACTION_GROUPS, "git"}
    unknown = set(re.findall(r"\bwebops\.paas\.(\w+)", text)) - known
    assert not unknown


@each_page
def test_named_files_exist(page):
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"``((?:plugins|tests|roles|playbooks|meta|docs)/[\w./-]+|README\.md|galaxy\.yml)``", text)
    missing = [path for path in named if not (ROOT / path).exists()]
    assert not missing


@each_page
def test_named_variables_of_roles_exist(page):
    """Variables and facts in text and snippets: the role must know all names that begin with its own name."""
    text = page.read_text(encoding="utf-8")
    for role in ROLES:
        named = set(re.findall(rf"(?<![\w/.]){role}_\w+\b(?![./])", text)) - set(MODULES) - set(PLAYBOOKS)
        said = role_text(role)
        unknown = [name for name in named if not re.search(rf"\b{name}\b", said)]
        assert not unknown, f"the role {role} has no {unknown}"


@each_page
def test_variables_given_to_playbooks_exist(page):
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in re.findall(r"ansible-playbook (?:-\S+ )*webops\.paas\..*", text):
        name = re.search(r"webops\.paas\.(\w+)", line)[1]
        playbook = (ROOT / "playbooks" / f"{name}.yml").read_text(encoding="utf-8")
        for variable in re.findall(r"-e (\w+)=", line):
            roles = "".join(role_text(role) for role in ROLES if OWN + role in playbook)
            assert re.search(rf"\b{variable}\b", playbook + roles), f"{name} does not know {variable}"


@each("python")
def test_python_is_quoted(block):
    """The file in the caption contains each line, in this order; a line of dots is a gap."""
    source = iter((ROOT / block.caption).read_text(encoding="utf-8").splitlines())
    for line in filter(str.strip, block.text.splitlines()):
        if line.strip() not in ("...", "# ..."):
            found = any(line.strip() == other.strip() for other in source)
            assert found, f"{block.caption} has no line {line.strip()!r} there"


def test_pages_are_listed():
    sections = load(DOCSITE / "extra-docs.yml")["sections"]
    listed = [name for section in sections for name in section["toctree"]]
    assert sorted(listed) == [page.stem for page in PAGES]


def table_rows(text, title):
    """The first cells of the list-table below a title."""
    part = re.split(r"\n[^\n]+\n[~-]{4,}\n", text.partition(f"\n{title}\n")[2])[0]
    return re.findall(r"^   \* - (.+)$", part, re.MULTILINE)


def test_the_table_of_calls_names_tests_that_there_are():
    text = (DOCSITE / "rst" / "netlify_endpoints.rst").read_text(encoding="utf-8")
    named = re.findall(r"^   \* - .*\n     - .*\n     - (.*)$", text, re.MULTILINE)
    named = set(re.findall(r"``(.+?)``", " ".join(named)))
    source = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests" / "contract").rglob("*.py"))
    scenarios = {"-".join(names) for names in re.findall(r'\bScenario\(\s*"(\w+)",\s*"([\w-]+)"', source)}
    functions = set(re.findall(r"^ *def (\w+)", source, re.MULTILINE))
    assert len(named) > 25 and not named - scenarios - functions


def sandbox_file(name):
    return (ROOT / "roles" / "sandbox" / "files" / "paas_sandbox" / name).read_text(encoding="utf-8")


def test_the_sandbox_has_what_its_guide_lists():
    guide = (DOCSITE / "rst" / "sandbox_guide.rst").read_text(encoding="utf-8")
    kinds = set(re.findall(r"``(\w+)``", " ".join(table_rows(guide, "Faults"))))
    named = re.search(r"^KINDS = (\(.*?\))$", sandbox_file("core/faults.py"), re.MULTILINE | re.DOTALL)
    assert kinds == set(ast.literal_eval(named[1]))
    calls = set(re.findall(r"(GET|POST|PATCH|DELETE) (\w+)``", " ".join(table_rows(guide, "The admin interface"))))
    assert calls == set(re.findall(r'\("([A-Z]+)", "(\w+)"\): ', sandbox_file("core/admin.py")))
    switches = set(re.findall(r"``(\w+)``", " ".join(table_rows(guide, "Switches"))))
    assert switches and switches <= set(re.findall(r'Switch\(\s*"(\w+)"', sandbox_file("netlify/options.py")))
    settings = set(re.findall(r"``((?:deploy|build|certificate)_(?:\w+_)?seconds)``", guide))
    assert settings == set(re.findall(r'Setting\(\s*"(\w+)"', sandbox_file("netlify/options.py")))


def test_the_website_leads_to_each_plugin_and_role():
    pages = {path.parent.name + "_role" for path in (ROOT / "roles").glob("*/README.md")}
    for directory in ("modules", "inventory", "lookup"):
        kind = directory.removesuffix("s")
        pages |= {f"{path.stem}_{kind}" for path in (ROOT / "plugins" / directory).glob("[!_]*.py")}
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "site").glob("*.rst")]
    entries = re.findall(r"^   ([a-z_*]+)$", "\n".join(texts), re.MULTILINE)
    missing = {page for page in pages if not any(fnmatch.fnmatchcase(page, entry) for entry in entries)}
    assert pages and not missing


def test_the_badges_are_true():
    badges = re.findall(r"^!\[(.+?): (.+?)\]", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    versions = re.findall(r'^"(2\.\d+)\.\d+" = \["', project, re.MULTILINE)
    oldest = min(map(int, re.findall(r'"3\.(\d+)"', project)))
    assert dict(badges) == {
        "Licence": load(ROOT / "galaxy.yml")["license"][0],
        "ansible-core": f"{versions[0]} to {versions[-1]}",
        "Python": f"3.{oldest} or newer",
    }
