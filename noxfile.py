# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All checks, one session each; `make` runs several of them side by side, in an environment that has nox.

antsibull-nox brings the sessions that antsibull-nox.toml configures. The versions of everything are in pyproject.toml.
"""

from __future__ import annotations

import base64
import datetime
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

from sync_tree import BUILD, CACHE, CHECKOUT, COLLECTION, VENVS, copy_tree, link_tree, own_environment

PYPROJECT = nox.project.load_toml("pyproject.toml")
GROUPS = {name: list(nox.project.dependency_groups(PYPROJECT, name)) for name in PYPROJECT["dependency-groups"]}
MATRIX = PYPROJECT["tool"]["webops-paas"]["matrix"]
HTTP_PAIRS = PYPROJECT["tool"]["webops-paas"]["http-pairs"]
ANSIBLE_TEST_PIP = PYPROJECT["tool"]["webops-paas"]["ansible-test-pip"]
DIST, INSTALLED = BUILD / "dist", BUILD / "installed"
TOOLS = CHECKOUT / "tests" / "tools"


def carry_pip_configuration() -> None:
    """Copy the pip configuration of the user to the home directory inside the checkout.

    ansible-test hides pip's environment variables from the pip that it runs, so these are written to the file as well.
    """
    command = [sys.executable, "-m", "pip", "config", "list"]
    listing = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    # pip's way to say that it must not compile: Python compiles what is imported, which is a small part.
    options: dict[str, dict[str, str]] = {"global": {"retries": "10"}, "install": {"no-compile": "no"}}
    for section, option, value in re.findall(r"^(.+)\.([^.=]+)=(.*)$", listing, re.MULTILINE):
        words = value.strip("'\"").replace("\\n", " ").split()
        options.setdefault("global" if section == ":env:" else section, {})[option] = "\n    ".join(words)
    for option, variable in (("cert", "REQUESTS_CA_BUNDLE"), ("proxy", "HTTPS_PROXY"), ("proxy", "https_proxy")):
        if os.environ.get(variable):
            options["global"].setdefault(option, os.environ[variable])
    path = CACHE / "home" / ".config" / "pip" / "pip.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    lines = [[f"[{name}]", *(f"{key} = {value}" for key, value in options[name].items())] for name in options]
    path.write_text("\n".join(line for section in lines for line in section) + "\n", encoding="utf-8")


if os.environ.get("HOME") != str(CACHE / "home"):  # nox calls itself for each session that runs in parallel
    carry_pip_configuration()
    pyenv = sorted(glob(os.path.expanduser("~/.pyenv/versions/*/bin")), reverse=True)
    own = own_environment(os.environ, VENVS / "dev" / "bin")
    os.environ.clear()
    os.environ.update(own, PATH=os.pathsep.join([own["PATH"], *pyenv]))
link_tree()
# For the sessions of antsibull-nox, whose packages have no versions in its configuration.
(CACHE / "constraints.txt").write_text(
    "\n".join(sorted({line for lines in GROUPS.values() for line in lines})) + "\n", encoding="utf-8"
)

nox.options.envdir = ".venv"
nox.options.reuse_venv = "always"
nox.options.allow_parallel = True
nox.options.default_venv_backend = "venv"

antsibull_nox.load_antsibull_nox_toml()


# -- environments ------------------------------------------------------------------------------------------------------


def install(session: nox.Session, lines: list[str]) -> None:
    """Install exactly these packages, unless they are installed."""
    done = Path(session.virtualenv.location) / "installed.txt"
    wanted = "\n".join(lines)
    if not done.exists() or done.read_text(encoding="utf-8") != wanted:
        session.install("--no-input", "--disable-pip-version-check", *lines)
        done.write_text(wanted, encoding="utf-8")


def keep_zip_bytecode(venv: Path) -> None:
    """Let modules that Ansible starts with this environment's Python be compiled once: see the file's own words."""
    packages = next(venv.glob("lib/python3.*/site-packages"))
    shutil.copy2(CHECKOUT / "tests" / "tools" / "zip_bytecode.py", packages)
    (packages / "zip_bytecode.pth").write_text("import zip_bytecode\n", encoding="utf-8")


@nox.session
def dev(session: nox.Session) -> None:
    """The environment of the tests."""
    install(session, GROUPS["dev"])
    keep_zip_bytecode(Path(session.virtualenv.location))


@nox.session
def sandbox(session: nox.Session) -> None:
    """The environment of the sandbox, from its own lock file."""
    text = (CHECKOUT / "roles" / "sandbox" / "files" / "requirements.txt").read_text(encoding="utf-8")
    install(session, [line for line in (line.partition("#")[0].strip() for line in text.splitlines()) if line])


# -- what sessions share -----------------------------------------------------------------------------------------------

DEV, BOTH = ["dev"], ["dev", "sandbox"]


def note(text: str) -> None:
    """Print a text that is shown with the result of a successful session."""
    print("".join(f">> {line}\n" for line in text.splitlines()), end="", flush=True)


def checked(
    session: nox.Session,
    *command: str | Path,
    refuse: str = r"^\[?(DEPRECATION WARNING|WARNING|ERROR|CRITICAL)",
    **options,
) -> str:
    """Run a command; returns its output. Also fails for lines that the command itself does not report as a failure."""
    output = str(session.run(*command, silent=True, external=True, log=False, **options))
    print(output, flush=True)
    if found := re.search(rf"(?:{refuse}).*", output, re.MULTILINE):
        session.error(f"{Path(command[0]).name} ended with status 0, but said: {found[0]}")
    return output


def pytest(session: nox.Session, *arguments: str, **options) -> str:
    command = ("python", "-m", "pytest", "--color=no", *arguments)
    output = checked(session, *command, refuse=r"^INTERNALERROR", **options)
    note(", ".join(re.findall(r"^=* ?(\d+ passed.*?) ?=*$", output, re.MULTILINE)))
    return output


def ansible_test(
    session: nox.Session, venv: Path, command: str, *arguments: str, source: Path | None = None
) -> tuple[Path, str]:
    """ansible-test of a virtual environment on a new copy of the collection, for that environment's Python alone.

    source: the collection's directory; None for the checkout. Returns the copy and the output.
    """
    tree = copy_tree(f"{venv.name}-{command}", source)
    if command == "integration":  # which passes no environment on
        integration = tree / "tests" / "integration"
        variables = f"---\nsandbox_python: {os.environ['SANDBOX_PYTHON']}\n"
        (integration / "integration_config.yml").write_text(variables, encoding="utf-8")
        configuration = (TOOLS / "ansible.cfg").read_text(encoding="utf-8")
        configuration = configuration.replace("callback_plugins = ", f"callback_plugins = {TOOLS}{os.sep}")
        (integration / "integration.cfg").write_text(configuration, encoding="utf-8")
    if command == "sanity":
        provide_pip(session, venv)
    packages = next(venv.glob("lib/python3.*"))
    with session.chdir(tree):
        output = checked(
            session,
            venv / "bin" / "ansible-test",
            *(command, "--local", "--python", packages.name.removeprefix("python"), "--color", "no", *arguments),
            # The first two end with status 0. ansible-test repeats its own warnings at the end; those of the pip that
            # it runs are about this machine's package index.
            refuse=r"All targets skipped|No tests applicable|"
            r"^WARNING: Reviewing previous .*\n(WARNING: Using locale.*\n)*WARNING: (?!Using locale)",
            env={"PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        )
    note(", ".join(re.findall(r"^=* ?(\d+ passed.*?) ?=*$", output, re.MULTILINE)))
    return tree, output


# ansible-test forks a process for each test, which takes more time than most tests. In make test, pytest runs them all,
# and ansible-test those of one file for each of its two contexts.
UNITS = ("units", "tests/unit/plugins/")
UNITS_SAMPLE = ("units", "tests/unit/plugins/module_utils/test_module.py", "tests/unit/plugins/filter/test_release.py")
PIP_BOOTSTRAP = """\
import base64, os, runpy, sys, tempfile

path = os.path.join(tempfile.mkdtemp(), {name!r})
with open(path, "wb") as file:
    file.write(base64.b85decode({wheel!r}))
sys.path.insert(0, path)
sys.argv = ["pip", "install", "--upgrade", *(word for word in sys.argv[1:] if not word.startswith("--no-"))]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


def provide_pip(session: nox.Session, venv: Path) -> None:
    """Provide the pip that ansible-test would download, from the package index of this machine."""
    found = next(venv.glob("lib/python3.*/site-packages/ansible_core-*.dist-info"))
    version = ANSIBLE_TEST_PIP[".".join(found.name.removeprefix("ansible_core-").split(".")[:2])]
    script = CACHE / "home" / ".ansible" / "test" / "cache" / f"get_pip_{version.replace('.', '_')}.py"
    if not script.exists():
        session.run(
            *("python", "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", "--no-input"),
            *("--only-binary", ":all:", "-d", str(CACHE / "wheels"), f"pip=={version}"),
            external=True,
        )
        wheel = CACHE / "wheels" / f"pip-{version}-py3-none-any.whl"
        script.parent.mkdir(parents=True, exist_ok=True)
        text = PIP_BOOTSTRAP.format(name=wheel.name, wheel=base64.b85encode(wheel.read_bytes()))
        script.write_text(text, encoding="utf-8")


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


@nox.session
def workflows(session: nox.Session) -> None:
    """The files for GitHub, for Renovate and the examples of pipelines, with the schemas of these services."""
    install(session, GROUPS["workflows"])
    for schema, pattern in (
        ("github-workflows", ".github/workflows/*.yml"),
        ("github-workflows", "docs/examples/ci/github/.github/workflows/*.yml"),
        ("github-issue-forms", ".github/ISSUE_TEMPLATE/*[!g].yml"),
        ("github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"),
        ("gitlab-ci", "docs/examples/ci/gitlab/.gitlab-ci.yml"),
        ("renovate", ".github/renovate.json"),
    ):
        session.run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *sorted(glob(pattern)))


@nox.session(python=False, requires=DEV)
def changelog(session: nox.Session) -> None:
    """The fragments and the changelog."""
    with session.chdir(copy_tree("changelog")):
        session.run("antsibull-changelog", "lint", external=True)
        session.run(
            "antsibull-changelog", "lint-changelog-yaml", "--strict", "changelogs/changelog.yaml", external=True
        )


# -- tests -------------------------------------------------------------------------------------------------------------


@nox.session(python=False, requires=BOTH)
def contract(session: nox.Session) -> None:
    """The contract suite without its kill tests, and its matrix: module x call x fault."""
    output = pytest(
        session, "tests/contract", "-m", "not (kill or soak or old_python)", "-n", "auto", "--dist", "loadgroup"
    )
    matrix = re.search(r"^=+ module x call x fault =+\n(.*? (\d+) empty cells)$", output, re.MULTILINE | re.DOTALL)
    if not matrix or matrix[2] != "0":
        session.error("the matrix is missing, or has empty cells")
    note(matrix[1])


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
    pytest(session, "tests/sandbox", "-n", "auto")


@nox.session(python=False, requires=DEV)
def units(session: nox.Session) -> None:
    """The unit tests, some of them by ansible-test, and the tests of the project itself, which users do not get."""
    tree, _output = ansible_test(session, VENVS / "dev", *UNITS_SAMPLE)
    session.env["PYTHONPATH"] = str(tree.parents[2])
    with session.chdir(tree):
        pytest(session, "tests/unit", "-n", "auto")


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
    # It ends with status 0 also when a scenario has no playbook for one of its actions.
    refuse = r"^WARNING|^CRITICAL (?!'extensions/molecule/default/molecule.yml' glob failed)"
    with session.chdir(tree):
        output = checked(session, "molecule", "test", "--all", refuse=refuse, env=env)
    complete = r"^(\S+) +: actions=(\d+)  successful=\2  disabled=0  skipped=0  missing=0  failed=0 *$"
    if sorted(name for name, _actions in re.findall(complete, output, re.MULTILINE)) != scenarios:
        session.error(f"its recap does not say that all actions of these succeeded: {', '.join(scenarios)}")
    note(f"{len(scenarios)} scenarios: {', '.join(scenarios)}")


@nox.session(requires=BOTH)
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

    @nox.session(name=name, python=present[0] if present else False, requires=BOTH)
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
            _tree, output = ansible_test(session, venv, *command)
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


# galaxy-importer without the limit of 180 s that it sets ansible-lint. How long that takes here depends on what else
# the machine does, so its CPU time is compared with the limit instead.
PATIENT_IMPORTER = """\
import resource, runpy, subprocess

communicate = subprocess.Popen.communicate

def used():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime

def measured(process, input=None, timeout=None):
    before = used()
    output = communicate(process, input)
    if "ansible-lint" in process.args:
        print(f"CPU time of ansible-lint: {used() - before:.0f} s", flush=True)
    return output

subprocess.Popen.communicate = measured
runpy.run_module("galaxy_importer.main", run_name="__main__")
"""


@nox.session(name="build-import-check", requires=["build"])
def build_import_check(session: nox.Session) -> None:
    """galaxy-importer on the tarball, as Galaxy and Automation Hub run it; a warning is an error."""
    install(session, ["-c", str(CACHE / "constraints.txt"), "ansible-core", "galaxy-importer"])
    env = {"GALAXY_IMPORTER_CONFIG": str(CHECKOUT / "tests" / "galaxy-importer.cfg")}
    with session.chdir(session.create_tmp()):
        command = ("python", "-c", PATIENT_IMPORTER, next(DIST.iterdir()))
        output = checked(session, *command, refuse=r"^(WARNING|ERROR|CRITICAL)\b", env=env)
    if "Importer processing completed successfully" not in output:
        session.error("the import is not complete")
    seconds = int(re.findall(r"^CPU time of ansible-lint: (\d+) s$", output, re.MULTILINE)[0])
    if seconds > 120:
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
    tarball = next(DIST.iterdir())
    checked(
        session, "ansible-galaxy", "collection", "publish", tarball, env=env | {"ANSIBLE_GALAXY_SERVER_LIST": "release"}
    )
    note(f"{tarball.name} is published")


@nox.session(python=False, requires=[*BOTH, "build"])
def examples(session: nox.Session) -> None:
    """The examples of the modules' documentation, with the built collection."""
    output = checked(session, "python", "tests/demo/run_examples.py", next(DIST.iterdir()))
    note(f"{len(re.findall(r'^==> .* [.]{3} ok', output, re.MULTILINE))} modules and playbooks")


@nox.session
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
