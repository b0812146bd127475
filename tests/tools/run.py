# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Makefile calls: run the named target's steps, one line each, and say how it ended.

Steps that do not need each other run at the same time. A step that fails prints all that it said; the others still
run. Everything that is made lands in .build, .cache and .venv of the checkout. Needs only the standard library.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile

from environments import (
    BUILD,
    CACHE,
    PINS,
    VENVS,
    ansible_test_run,
    check_machine,
    core_name,
    core_venv,
    dev_venv,
    docs_venv,
    importer_venv,
    interpreters,
    own_environment,
    own_tree,
    prepare_ansible_test,
    sandbox_venv,
    venv_environment,
    without_shims,
    write_private,
)
from steps import Step, StepFailed, perform_all
from sync_tree import CHECKOUT, sync

from docs import SITE, build_docs


def summary(output):
    """pytest's closing lines without their decoration, such as "12 passed in 0.31s"."""
    return ", ".join(re.findall(r"^=* ?(\d+ (?:passed|failed|error|skipped).*?) ?=*$", output, re.MULTILINE)) or None


def refuse(output, pattern, what):
    """Fail the step for lines that the command itself did not count as a failure."""
    lines = [line for line in output.splitlines() if re.search(pattern, line)]
    if lines:
        raise StepFailed(f"{what}: {lines[0].strip()}" + (f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""))


def ansible_test(venv, command, *arguments, prepare=None):
    """A step's action: ansible-test in the virtual environment, on a tree of its own."""

    def action(log):
        tree = own_tree(f"{venv}-{command}")
        if prepare:
            prepare(tree)
        output = ansible_test_run(log, venv, tree, command, *arguments)
        # Both of these end with status 0.
        refuse(output, r"All targets skipped|No tests applicable", "ansible-test checked nothing")
        refuse(output, r"^WARNING: (?!Using locale|Reviewing previous)", "ansible-test warned")
        return summary(output)

    return action


def temporary_directory():
    directory = CACHE / "tmp"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def pytest(venv, *arguments):
    def action(log):
        output = log.run(
            VENVS / venv / "bin" / "python",
            "-m",
            "pytest",
            "-o",
            f"cache_dir={CACHE / 'pytest'}",
            "-ra",
            "--color=no",
            "--strict-markers",
            *arguments,
            env=venv_environment(venv)
            | {"PYTHONPATH": str(BUILD), "PYTEST_DEBUG_TEMPROOT": str(temporary_directory())},
        )
        return summary(output)

    return action


def contract(log):
    """The contract suite but for its kill tests, with the matrix that it prints: module x call x fault."""
    remark = pytest("dev", "tests/contract", "-m", "not kill and not soak", "-n", "auto")(log)
    matrix = re.search(r"^=+ module x call x fault =+\n(.*?(\d+) empty cells)$", log.text(), re.MULTILINE | re.DOTALL)
    if matrix is None:
        raise StepFailed("the suite printed no matrix")
    if matrix.group(2) != "0":
        raise StepFailed(f"the matrix has {matrix.group(2)} empty cells")
    return f"{remark}\n{matrix.group(1)}"


def integration(venv):
    """A step's action: all integration targets."""

    def tell_which_python_has_the_sandbox(tree):
        # ansible-test passes no environment on.
        write_private(
            tree / "tests" / "integration" / "integration_config.yml",
            f"---\nsandbox_python: {VENVS / 'sandbox' / 'bin' / 'python'}\n",
        )

    return ansible_test(venv, "integration", "--continue-on-error", prepare=tell_which_python_has_the_sandbox)


def lint_ansible(log):
    tree = own_tree("ansible-lint")
    output = log.run(
        VENVS / "dev" / "bin" / "ansible-lint",
        "--profile",
        "production",
        "--offline",
        "--nocolor",
        "--strict",
        cwd=tree,
        env=venv_environment("dev") | {"ANSIBLE_COLLECTIONS_PATH": str(tree.parents[2])},
    )
    refuse(output, r"^WARNING", "ansible-lint warned")
    found = re.search(r"\d+ files processed", output)
    return found.group() if found else None


def lint_docs(log):
    tree = own_tree("antsibull-docs")
    log.run(
        VENVS / "dev" / "bin" / "antsibull-docs",
        "lint-collection-docs",
        "--plugin-docs",
        "--validate-collection-refs=all",
        ".",
        cwd=tree,
        env=venv_environment("dev"),
    )


def lint_changelog(log):
    tree = own_tree("antsibull-changelog")
    tool = VENVS / "dev" / "bin" / "antsibull-changelog"
    log.run(tool, "lint", cwd=tree, env=venv_environment("dev"))
    log.run(tool, "lint-changelog-yaml", "--strict", "changelogs/changelog.yaml", cwd=tree, env=venv_environment("dev"))


def build(log):
    tree = own_tree("build")
    output = BUILD / "dist"
    shutil.rmtree(output, ignore_errors=True)
    log.run(
        VENVS / "dev" / "bin" / "ansible-galaxy",
        "collection",
        "build",
        "--output-path",
        output,
        cwd=tree,
        env=venv_environment("dev"),
    )
    megabytes = tarball().stat().st_size / 1e6
    if megabytes > 20:
        raise StepFailed(f"the tarball has {megabytes:.1f} MB; 20 are allowed")
    return f"{tarball().relative_to(CHECKOUT)}, {megabytes:.2f} MB"


def tarball():
    """The built collection."""
    return next((BUILD / "dist").glob("webops-paas-*.tar.gz"))


def install(log):
    directory = BUILD / "installed"
    shutil.rmtree(directory, ignore_errors=True)
    env = venv_environment("dev") | {"ANSIBLE_COLLECTIONS_PATH": str(directory)}
    galaxy = VENVS / "dev" / "bin" / "ansible-galaxy"
    output = log.run(galaxy, "collection", "install", tarball(), "-p", directory, "--offline", env=env)
    output += log.run(galaxy, "collection", "verify", "webops.paas", "-p", directory, "--offline", env=env)
    refuse(output, r"^\[?(WARNING|ERROR)", "ansible-galaxy warned")


def galaxy_importer(log):
    settings = BUILD / "galaxy-importer.cfg"
    settings.write_text(
        "[galaxy-importer]\nCHECK_REQUIRED_TAGS = True\nCHECK_CHANGELOG = True\nRUN_ANSIBLE_TEST = False\n",
        encoding="utf-8",
    )
    env = venv_environment("importer") | {"GALAXY_IMPORTER_CONFIG": str(settings)}
    output = log.run(VENVS / "importer" / "bin" / "python", "-m", "galaxy_importer.main", tarball(), cwd=BUILD, env=env)
    refuse(output, r"\b(WARNING|ERROR|CRITICAL)\b", "galaxy-importer complained")


def molecule(log):
    """All scenarios of extensions/molecule."""
    tree = own_tree("molecule")
    scenarios = sorted(path.parent.name for path in (tree / "extensions" / "molecule").glob("*/molecule.yml"))
    # Molecule keeps its state, and the scenarios their sandboxes, below Ansible's home: this run's own one, so that it
    # meets nothing that an interrupted run has left.
    with tempfile.TemporaryDirectory(dir=temporary_directory()) as home:
        output = log.run(
            VENVS / "dev" / "bin" / "molecule",
            "test",
            "--all",
            cwd=tree,
            env=venv_environment("dev")
            | {"ANSIBLE_COLLECTIONS_PATH": str(tree.parents[2]), "ANSIBLE_HOME": home, "NO_COLOR": "1"},
        )
    # It ends with status 0 also when a scenario has no playbook for one of its actions.
    refuse(output, r"^WARNING|^CRITICAL (?!'extensions/molecule/default/molecule.yml' glob failed)", "molecule warned")
    recap = re.findall(
        r"^(\S+) +: actions=(\d+)  successful=\2  disabled=0  skipped=0  missing=0  failed=0 *$", output, re.MULTILINE
    )
    if sorted(name for name, _actions in recap) != scenarios:
        raise StepFailed(f"its recap does not say that all actions of these succeeded: {', '.join(scenarios)}")
    return f"{len(scenarios)} scenarios: {', '.join(scenarios)}"


def examples(log):
    """The examples of the modules' documentation, with the built collection."""
    output = log.run(
        VENVS / "dev" / "bin" / "python", "tests/demo/run_examples.py", tarball(), env=venv_environment("dev")
    )
    return f"{len(re.findall(r'^==> .* [.]{3} ok', output, re.MULTILINE))} modules and playbooks"


def clean_copy():
    return Step("clean copy", lambda log: sync(BUILD) and None)


def lint_steps():
    return [
        Step("ansible-test sanity", ansible_test("dev", "sanity"), ("ansible-test's own environments for dev",)),
        Step("ansible-lint", lint_ansible, ("environment dev",)),
        Step("antsibull-docs", lint_docs, ("environment dev",)),
        Step("antsibull-changelog", lint_changelog, ("environment dev",)),
    ]


def build_steps():
    return [
        Step("collection build", build, ("environment dev",)),
        Step("collection install and verify", install, ("collection build",)),
    ]


def molecule_step():
    return Step("molecule", molecule, ("environment dev", "environment sandbox"))


def test_steps():
    """The steps of make test. Those that take longest come first, because steps start in this order."""
    both = ("environment dev", "environment sandbox")
    return [
        dev_venv(),
        sandbox_venv(),
        clean_copy(),
        Step("contract suite", contract, (*both, "clean copy")),
        Step("ansible-test integration", integration("dev"), both),
        molecule_step(),
        prepare_ansible_test("dev"),
        *lint_steps(),
        *build_steps(),
        Step("examples", examples, (*both, "collection build")),
        Step("kill test", pytest("dev", "tests/contract", "-m", "kill and not soak"), (*both, "clean copy")),
        Step("ansible-test units", ansible_test("dev", "units"), ("environment dev",)),
        Step("sandbox's own tests", pytest("dev", "tests/sandbox", "-n", "auto"), (*both, "clean copy")),
        importer_venv(),
        Step("galaxy-importer", galaxy_importer, ("collection build", "environment importer")),
    ]


def make_test():
    return perform_all("make test", test_steps(), default_jobs())


def make_lint():
    return perform_all("make lint", [dev_venv(), prepare_ansible_test("dev"), *lint_steps()], default_jobs())


def make_build():
    return perform_all("make build", [dev_venv(), *build_steps()], 1)


def make_soak():
    steps = [
        dev_venv(),
        sandbox_venv(),
        clean_copy(),
        Step(
            "soak",
            pytest("dev", "tests/contract", "-m", "soak", "-n", "auto"),
            ("environment dev", "environment sandbox", "clean copy"),
        ),
    ]
    return perform_all("make soak", steps, 2)


def make_matrix():
    present = interpreters()
    print(f"Python on this machine: {', '.join(present)}", flush=True)
    steps = [dev_venv(), sandbox_venv(), clean_copy()]
    for version, pythons in PINS["matrix"].items():
        python = next((name for name in pythons.split() if name in present), None)
        if python is None:
            print(f"ansible-core {version}: left out, because it needs one of Python {pythons}", flush=True)
            continue
        venv = core_name(version)
        ready = f"environment {venv}"
        label = f"{venv} on Python {python}:"
        steps += [
            core_venv(version, present[python]),
            prepare_ansible_test(venv),
            Step(
                f"{label} ansible-test sanity",
                ansible_test(venv, "sanity"),
                (f"ansible-test's own environments for {venv}",),
            ),
            Step(f"{label} ansible-test units", ansible_test(venv, "units"), (ready,)),
            Step(f"{label} ansible-test integration", integration(venv), (ready, "environment sandbox")),
            Step(
                f"{label} contract suite's playbooks",
                pytest(venv, "tests/contract", "-m", "playbook and not soak", "-n", "2"),
                (ready, "environment sandbox", "clean copy"),
            ),
        ]
    return perform_all("make matrix", steps, default_jobs())


def make_molecule():
    return perform_all("make molecule", [dev_venv(), sandbox_venv(), molecule_step()], 2)


def foreground(command, extra_steps, title, *python_path):
    """Make what the command needs, then become the command; it finds Python packages in the directories at the end."""
    status = perform_all(title, extra_steps, 2)
    if status == 0:
        env = own_environment()
        env["PATH"] = os.pathsep.join([str(VENVS / "dev" / "bin"), *without_shims(env.get("PATH", os.defpath))])
        if "SANDBOX_LIMITS" in os.environ:
            env["SANDBOX_LIMITS"] = os.environ["SANDBOX_LIMITS"]
        sys.stdout.flush()
        os.chdir(CHECKOUT)
        env["PYTHONPATH"] = os.pathsep.join(map(str, python_path))
        os.execvpe(str(command[0]), [str(word) for word in command], env)
    return status


def make_sandbox():
    command = [VENVS / "sandbox" / "bin" / "python", "-m", "paas_sandbox", "--env-file", ".sandbox.env"]
    return foreground(command, [sandbox_venv()], "make sandbox", CHECKOUT / "roles" / "sandbox" / "files")


def make_bench():
    each = 'status=0; for name in doors content deploys; do "$0" "tests/benchmark/$name.py" || status=1; done; exit $status'
    command = ["/bin/sh", "-c", each, VENVS / "dev" / "bin" / "python"]
    return foreground(command, [dev_venv(), sandbox_venv(), clean_copy()], "make bench", BUILD)


def make_vendor_cli():
    return foreground(["tests/vendor_cli/run.sh"], [sandbox_venv()], "make vendor-cli")


def make_demo():
    status = perform_all("make demo", [dev_venv(), sandbox_venv(), *build_steps()], 2)
    return status or foreground(["tests/demo/run.sh", tarball()], [], "make demo")


def make_docs():
    status = perform_all("make docs", [docs_venv(), Step("documentation site", build_docs, ("environment docs",))], 1)
    if status == 0:
        print(f"Open {(SITE / 'html' / 'index.html').as_uri()}")
    return status


def make_clean():
    for path in (BUILD, CACHE, VENVS, CHECKOUT / ".sandbox.env"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        print(f"==> removed {path.relative_to(CHECKOUT)}")
    return 0


def default_jobs():
    return max(2, min(4, len(os.sched_getaffinity(0))))


TARGETS = {
    "bench": make_bench,
    "build": make_build,
    "clean": make_clean,
    "demo": make_demo,
    "docs": make_docs,
    "lint": make_lint,
    "matrix": make_matrix,
    "molecule": make_molecule,
    "sandbox": make_sandbox,
    "soak": make_soak,
    "test": make_test,
    "vendor-cli": make_vendor_cli,
}


def main(arguments):
    if len(arguments) != 1 or arguments[0] not in TARGETS:
        sys.exit(f"usage: run.py {'|'.join(TARGETS)}")
    check_machine()
    return TARGETS[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
