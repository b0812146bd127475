# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All checks, one session each; `make` runs several of them side by side, in an environment that has nox.

antsibull-nox brings the sessions that antsibull-nox.toml configures. The versions of everything are in pyproject.toml.
"""

from __future__ import annotations

import datetime
import functools
import json
import os
import re
import shutil
import subprocess
import sys
from glob import glob
from pathlib import Path

import antsibull_nox
import nox

sys.path.insert(0, str(Path(__file__).parent / "tests" / "tools"))

from published_files import listed_files, published_files
from sessions import (
    UNITS,
    UNITS_SAMPLE,
    ansible_test,
    carry_pip_configuration,
    checked,
    checker,
    install,
    keep_zip_bytecode,
    note,
    pytest,
)
from sync_tree import BUILD, CACHE, CHECKOUT, COLLECTION, VENVS, copy_tree, link_tree, own_environment

PYPROJECT = nox.project.load_toml("pyproject.toml")
GROUPS = {name: list(nox.project.dependency_groups(PYPROJECT, name)) for name in PYPROJECT["dependency-groups"]}
MATRIX = PYPROJECT["tool"]["webops-paas"]["matrix"]
HTTP_PAIRS = PYPROJECT["tool"]["webops-paas"]["http-pairs"]
DIST, INSTALLED = BUILD / "dist", BUILD / "installed"
TOOLS = CHECKOUT / "tests" / "tools"


if os.environ.get("HOME") != str(CACHE / "home"):  # nox calls itself for each session that runs in parallel
    carry_pip_configuration()
    pyenv = sorted(glob(os.path.expanduser("~/.pyenv/versions/*/bin")), reverse=True)
    own = own_environment(os.environ, VENVS / "dev" / "bin")
    os.environ.clear()
    os.environ.update(own, PATH=os.pathsep.join([own["PATH"], *pyenv]))
link_tree()
# For the sessions of antsibull-nox, whose packages have no versions in its configuration.
(CACHE / "constraints.txt").write_text("\n".join(GROUPS["dev"]) + "\n", encoding="utf-8")

nox.options.envdir = ".venv"
nox.options.reuse_venv = "always"
nox.options.allow_parallel = True
nox.options.default_venv_backend = "venv"

antsibull_nox.load_antsibull_nox_toml()
# Installing pip takes seconds. This session needs no packages; the pip of nox's own environment serves the others.
nox.registry.get()["extra-checks"].venv_params = ["--without-pip"]
session_with_environment = functools.partial(nox.session, venv_params=["--without-pip"])


# -- environments ------------------------------------------------------------------------------------------------------


@session_with_environment
def dev(session: nox.Session) -> None:
    """The environment of the tests."""
    install(session, GROUPS["dev"])
    keep_zip_bytecode(Path(session.virtualenv.location))


@session_with_environment
def sandbox(session: nox.Session) -> None:
    """The environment of the sandbox, from its own lock file."""
    text = (CHECKOUT / "roles" / "sandbox" / "files" / "requirements.txt").read_text(encoding="utf-8")
    install(session, [line for line in (line.partition("#")[0].strip() for line in text.splitlines()) if line])


@session_with_environment
def checkers(session: nox.Session) -> None:
    """The environment of the programs that check what others publish, one for all: most of them need ansible-core."""
    install(session, GROUPS["checkers"])


DEV, BOTH, CHECKERS = ["dev"], ["dev", "sandbox"], ["checkers"]


# -- checks that execute no module -------------------------------------------------------------------------------------


@nox.session(python=False, requires=[*DEV, "build"])
def sanity(session: nox.Session) -> None:
    """ansible-test sanity of what users get, with further arguments if there are any."""
    ansible_test(session, VENVS / "dev", "sanity", *session.posargs, source=INSTALLED / COLLECTION)


@nox.session(name="typing", python=False, requires=BOTH)
def check_types(session: nox.Session) -> None:
    """mypy, as strict as pyproject.toml says for each part."""
    for package, venv in (("ansible_collections.webops.paas.plugins", "dev"), ("paas_sandbox", "sandbox")):
        interpreter = VENVS / venv / "bin" / "python"
        command = ["mypy", "--cache-dir", CACHE / f"mypy-{venv}", "--python-executable", interpreter, "-p", package]
        session.run(*command, external=True)


@nox.session(python=False, requires=DEV)
def ruff(session: nox.Session) -> None:
    """Format and lint of the Python files, and lint of the shell scripts."""
    session.run("ruff", "format", "--check", ".", external=True)
    session.run("ruff", "check", ".", external=True)
    session.run("shellcheck", ".ci/run", *sorted(glob("tests/**/*.sh", recursive=True)), external=True)


@nox.session(python=False, requires=DEV)
def texts(session: nox.Session) -> None:
    """The words of documentation, messages, docstrings and comments."""
    pytest(session, "tests/unit/test_texts.py")


@nox.session(name="ansible-lint", python=False, requires=CHECKERS)
def ansible_lint(session: nox.Session) -> None:
    """ansible-lint of the files that it does not check in the session build-import-check."""
    imported = ("extensions/awx", "extensions/eda", "meta", "playbooks", "plugins", "roles")
    excluded = [word for path in imported for word in ("--exclude", path)]
    tree = copy_tree("ansible-lint")
    with session.chdir(tree):
        env = {"ANSIBLE_COLLECTIONS_PATH": str(tree.parents[2])}
        checker(session, "python", TOOLS / "quick_lint.py", "--offline", "--strict", *excluded, env=env)


@nox.session(name="docs-check", python=False, requires=CHECKERS)
def docs_check(session: nox.Session) -> None:
    """The documentation of plugins and roles, the guides, and all references in them."""
    tree = copy_tree("docs-check")
    with session.chdir(tree):
        options = ("--plugin-docs", "--skip-rstcheck", "--validate-collection-refs", "all", "--check-extra-docs-refs")
        env = {"ANSIBLE_COLLECTIONS_PATH": str(tree.parents[2])}
        checker(session, "antsibull-docs", "lint-collection-docs", *options, ".", env=env)


@nox.session(name="license-check", python=False, requires=CHECKERS)
def license_check(session: nox.Session) -> None:
    """The license of each file."""
    # Of a copy, because in the checkout it meets temporary files of other sessions and fails when one disappears.
    with session.chdir(copy_tree("license-check")):
        checker(session, "reuse", "lint")


@nox.session(python=False, requires=CHECKERS)
def workflows(session: nox.Session) -> None:
    """The files for GitHub, for Renovate and the examples of pipelines, with the schemas of these services."""
    for schema, pattern in (
        ("github-workflows", ".github/workflows/*.yml"),
        ("github-workflows", "docs/examples/ci/github/.github/workflows/*.yml"),
        ("github-issue-forms", ".github/ISSUE_TEMPLATE/*[!g].yml"),
        ("github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"),
        ("gitlab-ci", "docs/examples/ci/gitlab/.gitlab-ci.yml"),
        ("renovate", ".github/renovate.json"),
    ):
        checker(session, "check-jsonschema", "--builtin-schema", f"vendor.{schema}", *sorted(glob(pattern)))


@nox.session(python=False, requires=DEV)
def changelog(session: nox.Session) -> None:
    """The fragments and the changelog."""
    with session.chdir(copy_tree("changelog")):
        session.run("antsibull-changelog", "lint", external=True)
        session.run(
            "antsibull-changelog", "lint-changelog-yaml", "--strict", "changelogs/changelog.yaml", external=True
        )


# -- tests -------------------------------------------------------------------------------------------------------------


def without_postgres() -> str:
    """Part of an expression of marks: leaves out what needs PostgreSQL where it is missing; else empty."""
    # Debian keeps its programs out of PATH.
    return "" if shutil.which("initdb") or glob("/usr/lib/postgresql/*/bin/initdb") else "not postgres"


def skip_postgres(session: nox.Session) -> None:
    """At the end of a session that has left something out, so that it counts as skipped."""
    if without_postgres():
        note("SKIPPED: needs PostgreSQL")
        session.skip("the tests that execute SQL; they need PostgreSQL")


@nox.session(python=False, requires=BOTH)
def contract(session: nox.Session) -> None:
    """The contract suite without its kill tests, and its matrix: module x call x fault."""
    marks = " and ".join(filter(None, ("not (kill or soak or old_python)", without_postgres())))
    output = pytest(session, "tests/contract", "-m", marks, "-n", "auto", "--dist", "loadgroup")
    matrix = re.search(r"^=+ module x call x fault =+\n(.*? (\d+) empty cells)$", output, re.MULTILINE | re.DOTALL)
    if not matrix or matrix[2] != "0":
        session.error("the matrix is missing, or has empty cells")
    note(matrix[1])
    skip_postgres(session)


@nox.session(python=False, requires=BOTH)
def kill(session: nox.Session) -> None:
    """The tests that kill processes."""
    # Collecting all others takes longer than these.
    files = sorted((CHECKOUT / "tests" / "contract").glob("test_*.py"))
    named = [str(path) for path in files if "mark.kill" in path.read_text(encoding="utf-8")]
    pytest(session, *named, "-m", "kill and not soak")


@nox.session(python=False, requires=BOTH)
def soak(session: nox.Session) -> None:
    """The long tests of concurrent and killed processes."""
    pytest(session, "tests/contract", "-m", "soak", "-n", "auto")


@nox.session(name="sandbox-tests", python=False, requires=BOTH)
def sandbox_tests(session: nox.Session) -> None:
    """The sandbox's own tests."""
    pytest(session, "tests/sandbox", "-m", without_postgres(), "-n", "auto")
    skip_postgres(session)


@nox.session(python=False, requires=DEV)
def units(session: nox.Session) -> None:
    """The unit tests, some of them by ansible-test, and the tests of the project itself, which users do not get."""
    tree, _output = ansible_test(session, VENVS / "dev", *UNITS_SAMPLE)
    session.env["PYTHONPATH"] = str(tree.parents[2])
    with session.chdir(tree):
        # In one process: distributing that many short tests takes longer than running them.
        pytest(session, "tests/unit")


@nox.session(python=False, requires=BOTH)
def integration(session: nox.Session) -> None:
    """ansible-test integration, without what only make matrix runs; with arguments, everything in these targets."""
    ansible_test(
        session, VENVS / "dev", "integration", "--continue-on-error", *(session.posargs or ("--skip-tags", "matrix"))
    )


@nox.session(python=False, requires=BOTH)
def molecule(session: nox.Session) -> None:
    """The scenarios of the roles."""
    tree = copy_tree("molecule")
    scenarios = sorted(path.parent.name for path in (tree / "extensions" / "molecule").glob("*/molecule.yml"))
    # Molecule keeps its state, and the scenarios their sandboxes, below Ansible's home: a new one, without files of
    # interrupted runs.
    env = {
        "ANSIBLE_CALLBACK_PLUGINS": str(TOOLS / "callback_plugins"),  # of its own ansible.cfg
        "ANSIBLE_COLLECTIONS_PATH": str(tree.parents[2]),
        "ANSIBLE_HOME": session.create_tmp(),
        "NO_COLOR": "1",
    }
    # It ends with status 0 also when a scenario has no playbook for one of its actions. Scenarios that share their
    # state have different configuration files, which it takes for a change.
    refuse = r"^WARNING(?! .* has been modified since the scenario was created)|^CRITICAL"
    with session.chdir(tree):
        output = checked(session, "molecule", "test", "--all", refuse=refuse, env=env)
    complete = r"^(\S+) +: actions=(\d+)  successful=\2  disabled=0  skipped=0  missing=0  failed=0 *$"
    succeeded = {name for name, actions in re.findall(complete, output, re.MULTILINE) if actions != "0"}
    if sorted(succeeded) != scenarios:
        session.error(f"its recap does not say that all actions of these succeeded: {', '.join(scenarios)}")
    note(f"{len(scenarios)} scenarios: {', '.join(scenarios)}")


@session_with_environment(requires=BOTH)
def eda(session: nox.Session) -> None:
    """The event source, and the rulebooks in ansible-rulebook, which needs Java."""
    install(session, GROUPS["eda"])
    interpreter = Path(session.virtualenv.location) / "bin" / "python"
    session.run(
        *(VENVS / "dev" / "bin" / "mypy", "--strict", "--cache-dir", CACHE / "mypy-eda"),
        *("--python-executable", interpreter, "extensions/eda/plugins/event_source/deploy_webhook.py"),
        external=True,
    )
    pytest(session, "tests/eda/test_deploy_webhook.py", "tests/eda/test_deploy_events.py")
    if not shutil.which("java"):
        note("SKIPPED: needs Java")
        session.skip("the rulebooks; this needs Java")
    pytest(session, "tests/eda/test_rulebooks.py")


@nox.session(requires=[*BOTH, "build"])
def awx(session: nox.Session) -> None:
    """The set-up of AWX by the built collection, and jobs as AWX runs them."""
    install(session, GROUPS["awx"])
    pytest(session, "tests/awx", env={"COLLECTIONS_UNDER_TEST": str(INSTALLED)})


@nox.session(name="old-pythons", python=False, requires=BOTH)
def old_pythons(session: nox.Session) -> None:
    """The message of modules to a Python that is too old."""
    if missing := [f"Python {version}" for version in ("3.7", "3.8", "3.9") if not shutil.which(f"python{version}")]:
        session.skip(f"needs {', '.join(missing)}")
    pytest(session, "tests/contract", "-m", "old_python")


# What a run of the matrix records, for the page that shows its last results: tests/tools/support_page.py.
SANITY = r'^Running sanity test "(\S+)"'
TARGETS = r"^Running (\S+) integration test role"
PASSED = r"^=* ?(\d+) passed\b"


def count(pattern: str, output: str) -> int:
    """How many different names an output has, or the sum of the passed tests of its runs of pytest."""
    found = re.findall(pattern, output, re.MULTILINE)
    return sum(map(int, found)) if pattern == PASSED else len(set(found))


def matrix_session(version: str, pythons: list[str]) -> None:
    """Add the session that runs what depends on ansible-core, with the first of these Pythons that is present."""
    present = [python for python in pythons if shutil.which(f"python{python}")]
    name = "core-" + ".".join(version.split(".")[:2])

    @nox.session(name=name, python=present[0] if present else False, requires=[*BOTH, "build"])
    def core(session: nox.Session) -> None:
        if not present:
            session.skip(f"needs Python {' or '.join(pythons)}")
        pair = HTTP_PAIRS["oldest" if version == next(iter(MATRIX)) else "newest"]
        tests = [line for line in GROUPS["tests"] if not line.startswith("requests==")]
        install(session, [f"ansible-core=={version}", *tests, *pair])
        venv = Path(session.virtualenv.location)
        keep_zip_bytecode(venv)
        row = {"ansible-core": version, "python": present[0]}
        row |= dict(line.split("==") for line in pair)
        record = BUILD / "matrix" / f"{name}.json"
        record.unlink(missing_ok=True)
        for command, counted in ((("sanity",), SANITY), (UNITS, PASSED), (("integration",), TARGETS)):
            # Sanity tests are about what users get; make lint checks the rest.
            source = INSTALLED / COLLECTION if command == ("sanity",) else None
            _tree, output = ansible_test(session, venv, *command, source=source)
            row[command[0]] = count(counted, output)
        marks = "playbook and not soak" + ("" if shutil.which("python3.9") else " and not old_python")
        output = pytest(session, "tests/contract", "-m", marks, "-n", "2", "--dist", "loadgroup")
        row |= {"playbooks": count(PASSED, output), "date": datetime.date.today().isoformat()}
        record.parent.mkdir(exist_ok=True)
        record.write_text(json.dumps(row), encoding="utf-8")


for core_version, core_pythons in MATRIX.items():
    matrix_session(core_version, core_pythons)


# -- what users get ----------------------------------------------------------------------------------------------------


@nox.session(python=False, requires=DEV)
def build(session: nox.Session) -> None:
    """The tarball in .build/dist, and the collection installed from it in .build/installed."""
    shutil.rmtree(DIST, ignore_errors=True)
    shutil.rmtree(INSTALLED, ignore_errors=True)
    galaxy, env = ("ansible-galaxy", "collection"), {"ANSIBLE_COLLECTIONS_PATH": str(INSTALLED)}
    with session.chdir(copy_tree("build")):
        checked(session, *galaxy, "build", "--output-path", DIST, env=env)
    tarball = next(DIST.iterdir())
    checked(session, *galaxy, "install", tarball, "-p", INSTALLED, "--offline", env=env)
    checked(session, *galaxy, "verify", "webops.paas", "-p", INSTALLED, "--offline", env=env)
    size = tarball.stat().st_size / 1e6
    if size > 20:
        session.error(f"{tarball.name} has {size:.1f} MB, more than Galaxy accepts")
    note(f"{tarball.relative_to(CHECKOUT)}, {size:.2f} MB")


@nox.session(name="build-import-check", python=False, requires=[*CHECKERS, "build"])
def build_import_check(session: nox.Session) -> None:
    """galaxy-importer on the tarball, as Galaxy and Automation Hub run it; a warning is an error."""
    env = {"GALAXY_IMPORTER_CONFIG": str(CHECKOUT / "tests" / "galaxy-importer.cfg")}
    with session.chdir(session.create_tmp()):
        command = (TOOLS / "patient_importer.py", next(DIST.iterdir()))
        output = checker(session, "python", *command, refuse=r"^(WARNING|ERROR|CRITICAL)\b", env=env)
    if "Importer processing completed successfully" not in output:
        session.error("the import is not complete")
    seconds = int(re.findall(r"^CPU time of ansible-lint: (\d+) s$", output, re.MULTILINE)[0])
    # The importer's own takes twice as long.
    if seconds > 60:
        session.error(f"ansible-lint takes {seconds} s of CPU time, too much for the importer's limit of 180 s")
    note(f"no warning; ansible-lint takes {seconds} s of CPU time, the importer's limit is 180 s")


@nox.session(python=False, requires=["dev", "build"])
def publish(session: nox.Session) -> None:
    """Publish the tarball to Ansible Galaxy with the token in GALAXY_API_KEY; the commit needs the version as tag."""
    version = next(DIST.iterdir()).name.removeprefix("webops-paas-").removesuffix(".tar.gz")
    described = subprocess.run(
        ["git", "tag", "--points-at", "HEAD"], cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True
    )
    if version not in described.stdout.split():
        session.error(f"the commit has no tag {version}, the version in galaxy.yml")
    if f"\nv{version}\n" not in (CHECKOUT / "CHANGELOG.rst").read_text(encoding="utf-8"):
        session.error(f"the changelog has no version {version}: run antsibull-changelog release")
    if not os.environ.get("GALAXY_API_KEY"):
        session.error("GALAXY_API_KEY is not set")
    # In the environment, because everybody on the machine can read the arguments of a command.
    server = {"URL": os.environ.get("GALAXY_URL", "https://galaxy.ansible.com/"), "TOKEN": os.environ["GALAXY_API_KEY"]}
    env = {f"ANSIBLE_GALAXY_SERVER_RELEASE_{name}": value for name, value in server.items()}
    env["ANSIBLE_GALAXY_SERVER_LIST"] = "release"
    tarball = next(DIST.iterdir())
    if published := published_files(version, env):
        # Galaxy refuses a second upload, which must not stop a repeated job before its later steps.
        if published != listed_files(tarball):
            session.error(f"{tarball.name} is on Galaxy with other files: set another version")
        note(f"{tarball.name} was published before")
        return
    checked(session, "ansible-galaxy", "collection", "publish", tarball, env=env)
    note(f"{tarball.name} is published")


@nox.session(python=False, requires=[*BOTH, "build"])
def examples(session: nox.Session) -> None:
    """The examples of the modules' documentation, with the built collection."""
    output = checked(session, "python", "tests/demo/run_examples.py", next(DIST.iterdir()))
    note(f"{len(re.findall(r'^==> .* [.]{3} ok', output, re.MULTILINE))} modules and playbooks")


@session_with_environment
def docs(session: nox.Session) -> None:
    """The documentation as a website in .build/docs/html; every warning is an error."""
    install(session, GROUPS["docs"])
    tree, site = copy_tree("docs"), BUILD / "docs"
    shutil.rmtree(site, ignore_errors=True)
    (site / "rst").mkdir(parents=True, mode=0o700)  # antsibull-docs refuses a directory that others could write to
    session.run(
        *("antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--fail-on-error"),
        *("--no-add-antsibull-docs-version", "--dest-dir", str(site / "rst"), "webops.paas"),
        env={"ANSIBLE_COLLECTIONS_PATH": str(tree.parents[2])},
    )
    # Navigation by platform instead of the flat index.
    shutil.copytree(CHECKOUT / "docs" / "site", site / "rst", dirs_exist_ok=True)
    shutil.copytree(CHECKOUT / "docs" / "images", site / "rst" / "images")
    session.run(
        *("sphinx-build", "-b", "html", "-W", "--keep-going", "--jobs", "auto", "-c", str(CHECKOUT / "docs")),
        *("-d", str(site / "doctrees"), str(site / "rst"), str(site / "html")),
    )
    note((site / "html" / "index.html").as_uri())


@nox.session(python=False, requires=BOTH)
def bench(session: nox.Session) -> None:
    """Runs all benchmarks; further arguments are those of tests/benchmark/run.py."""
    command = ["python", "tests/benchmark/run.py", *session.posargs]
    session.run(*command, external=True, env={"PYTHONPATH": str(BUILD)})
