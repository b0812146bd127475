# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of pipelines in docs/examples/ci: their shell steps run, in the order in which the service runs them.

Programs that install something or comment on a pull request are replaced by one that records its arguments and input.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

import pytest
import yaml
from harness import ROOT

from playbooks import CONFIGURATION

CI = ROOT / "docs" / "examples" / "ci"
SITE = "my-shop-4711"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
COMMENT_TOKEN = "canary-of-the-comment"
# Variables that the services set.
GIVEN = {
    "github": {"GITHUB_SHA": COMMIT, "GITHUB_STEP_SUMMARY": "summary.md"},
    "gitlab": {
        "CI_API_V4_URL": "https://gitlab.example.com/api/v4",
        "CI_COMMIT_SHA": COMMIT,
        "CI_MERGE_REQUEST_IID": "7",
        "CI_PROJECT_ID": "42",
    },
    "jenkins": {"CHANGE_ID": "7", "GIT_COMMIT": COMMIT},
}
# How each service calls its shell.
SHELLS = {"github": ["bash", "-e"], "gitlab": ["bash", "-eo", "pipefail"], "jenkins": ["sh", "-xe"]}
RECORDER = """\
#!{python}
import json, os, pathlib, sys
name = pathlib.Path(sys.argv[0]).name
if name == "python3" and sys.argv[1:3] != ["-m", "venv"]:
    os.execv({python!r}, ["python3", *sys.argv[1:]])
reads = "@-" in sys.argv
files = [word.rpartition("@")[2] for word in sys.argv if "@" in word and word != "@-"]
if "--body-file" in sys.argv:
    files.append(sys.argv[sys.argv.index("--body-file") + 1])
entry = {{
    "program": name,
    "arguments": sys.argv[1:],
    "input": sys.stdin.read() if reads else "",
    "files": [pathlib.Path(file).read_text() for file in files],
}}
with open({log!r}, "a") as log:
    log.write(json.dumps(entry) + "\\n")
"""
# One of each service and each purpose in every run of the suite; the others are alike but for the service's own syntax.
SAMPLE = (("github", "release"), ("gitlab", "preview"), ("jenkins", "drift"))
EVERY = [(service, purpose) for service in GIVEN for purpose in ("release", "preview", "drift")]


@dataclass
class Step:
    """shell: what to run. env: the step's and its job's variables, secrets and expressions of the service left out."""

    shell: str
    env: dict[str, str]


def steps(service: str, purpose: str) -> list[Step]:
    return {"github": github_steps, "gitlab": gitlab_steps, "jenkins": jenkins_steps}[service](purpose)


def github_steps(purpose: str) -> list[Step]:
    workflow = yaml.safe_load((CI / "github" / ".github" / "workflows" / f"{purpose}.yml").read_text())
    (job,) = workflow["jobs"].values()
    env = {"NUMBER": "7"} | {name: value for name, value in job.get("env", {}).items() if "${{" not in value}
    secrets = {"secrets.NETLIFY_AUTH_TOKEN", "github.token"}
    for step in job["steps"]:
        named = re.findall(r"\$\{\{ (\S+) \}\}", " ".join(map(str, step.get("env", {}).values())))
        assert set(named) <= secrets, named
    return [Step(step["run"], env) for step in job["steps"] if "run" in step]


def gitlab_steps(purpose: str) -> list[Step]:
    pipeline = yaml.safe_load((CI / "gitlab" / ".gitlab-ci.yml").read_text())
    lines = pipeline["default"]["before_script"] + pipeline[purpose]["script"]
    return [Step("\n".join(lines), dict(pipeline["variables"]))]


def jenkins_steps(purpose: str) -> list[Step]:
    text = (CI / "jenkins" / "Jenkinsfile").read_text()
    env = dict(re.findall(r"^ {8}(\w+) = '(.*)'$", text, re.MULTILINE))
    found = dict(re.findall(r"stage\('(\w+)'\) \{.*?sh '''\n(.*?)'''", text, re.DOTALL))
    # A backslash at the end of a line and before another one is Groovy's.
    shells = [
        re.sub(r"\\(\n|\\)", lambda match: match[1].strip(), found[name]) for name in ("Install", purpose.title())
    ]
    return [Step(shell, env) for shell in shells]


class Project:
    """A user's repository with the example, and the runner of its pipelines."""

    def __init__(self, service: str, directory: pathlib.Path, world) -> None:
        self.service, self.world = service, world
        self.directory, self.log = directory / "shop", directory / "log"
        shutil.copytree(CI / "common", self.directory)
        (self.directory / "public").mkdir()
        (self.directory / "public" / "index.html").write_text("<h1>Shop</h1>")
        with (self.directory / "checks.yml").open("a") as checks:
            on_sandbox = {
                "netlify_release_verify_https": False,
                "netlify_release_connect_to": ["::127.0.0.1:" + world.sandbox.url.rpartition(":")[2]],
            }
            checks.write(yaml.safe_dump(on_sandbox))
        # The package of the community has only these of a collection, so nothing may need another one.
        collection = directory / "collections" / "ansible_collections" / "webops" / "paas"
        collection.mkdir(parents=True)
        for part in ("meta", "playbooks", "plugins", "roles"):
            (collection / part).symlink_to(ROOT / part)
        programs = directory / "programs"
        programs.mkdir()
        text = RECORDER.format(python=sys.executable, log=str(self.log))
        for name in ("ansible-galaxy", "curl", "gh", "pip", "python3"):
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        path = os.pathsep.join([str(programs), str(pathlib.Path(sys.executable).parent), os.environ["PATH"]])
        self.env = {
            "ANSIBLE_COLLECTIONS_PATH": str(directory / "collections"),
            "ANSIBLE_CONFIG": str(CONFIGURATION),
            "ANSIBLE_NOCOLOR": "1",
            "COMMENT_TOKEN": COMMENT_TOKEN,
            "GH_TOKEN": COMMENT_TOKEN,
            "HOME": str(directory),
            "LC_ALL": "C.UTF-8",
            "PATH": path,
            **{name: value for name, value in world.environment.items() if name.startswith("NETLIFY_")},
            **GIVEN[service],
        }

    def run(self, purpose: str) -> tuple[int, str]:
        """The exit status and the output of the steps up to the first that fails."""
        output = ""
        for step in steps(self.service, purpose):
            done = subprocess.run(
                [*SHELLS[self.service], "-c", step.shell],
                cwd=self.directory,
                env=self.env | step.env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=300,
                check=False,
            )
            output += done.stdout
            if done.returncode:
                return done.returncode, output
        return 0, output

    def recorded(self, *programs: str) -> list[dict]:
        entries = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [entry for entry in entries if entry["program"] in programs]

    def sites(self) -> list[str]:
        return [site["name"] for site in self.world.api("GET", "/sites")]

    def deploys(self) -> list[dict]:
        return self.world.api("GET", f"/sites/{SITE}.netlify.app/deploys")


def each_pipeline(test):
    """The sample in every run of the suite, all others with `make soak`."""
    parameters = [
        pytest.param(*case, marks=[pytest.mark.playbook] + ([] if case in SAMPLE else [pytest.mark.soak]))
        for case in EVERY
    ]
    return pytest.mark.parametrize(("service", "purpose"), parameters)(test)


@each_pipeline
def test_a_pipeline_does_what_the_guide_says(world, tmp_path, service, purpose):
    project = Project(service, tmp_path, world)
    status, output = {"release": released, "preview": previewed, "drift": drifted}[purpose](project)
    assert "canary" not in output and world.environment["NETLIFY_AUTH_TOKEN"] not in output
    assert status == (2 if purpose == "drift" else 0), output
    if service == "jenkins":
        assert project.recorded("python3")[0]["arguments"] == ["-m", "venv", ".venv"]
    installs = [entry["arguments"] for entry in project.recorded("pip", "ansible-galaxy")]
    assert installs[:2] == [
        ["install", "-r", "requirements.txt"],
        ["collection", "install", "-r", "requirements.yml"],
    ]


def released(project: Project) -> tuple[int, str]:
    status, output = project.run("release")
    assert [(deploy["title"], deploy["state"]) for deploy in project.deploys()] == [(COMMIT, "ready")], output
    return status, output


def previewed(project: Project) -> tuple[int, str]:
    project.world.api("POST", "/sites", {"name": SITE})
    status, output = project.run("preview")
    (deploy,) = project.deploys()
    assert deploy["branch"] in ("pr-7", "mr-7") and deploy["state"] == "ready"
    (comment,) = project.recorded("gh", "curl")
    (body,) = comment["files"]
    if project.service == "jenkins":
        body = json.loads(body)["body"]
    assert deploy["deploy_ssl_url"] in body
    assert COMMENT_TOKEN not in str(comment["arguments"])
    assert project.service == "github" or comment["input"].rstrip("\n").endswith(" " + COMMENT_TOKEN)
    return status, output


def drifted(project: Project) -> tuple[int, str]:
    """The first run finds an estate that was never applied. Nothing is changed, and the report is there."""
    status, output = project.run("drift")
    assert SITE not in project.sites()
    report = json.loads((project.directory / "reports" / "drift.json").read_text())
    assert report and (project.directory / "reports" / "drift.xml").read_text().startswith("<testsuite ")
    return status, output


@pytest.mark.parametrize(("service", "purpose"), EVERY)
def test_all_services_run_the_same_commands(service, purpose):
    """Apart from the names of variables, so that the sample stands for all of them."""

    def commands(service: str) -> list[str]:
        text = "\n".join(step.shell for step in steps(service, purpose))
        found = re.findall(r"(ansible-playbook (?:\\\n|.)*)", text)
        names = r"\$(?:GITHUB_SHA|CI_COMMIT_SHA|GIT_COMMIT|NUMBER|CI_MERGE_REQUEST_IID|CHANGE_ID)"
        return [
            " ".join(re.sub(names, "$X", line).replace("\\\n", "").replace("=mr-", "=pr-").split()) for line in found
        ]

    assert len(commands(service)) == 1 and commands(service) == commands("github")


def test_a_change_from_a_fork_gets_no_token():
    """Also where the service would give it one: a merge request of GitLab or Jenkins runs the files of the fork."""
    github = yaml.safe_load((CI / "github" / ".github" / "workflows" / "preview.yml").read_text())
    assert "head.repo.full_name == github.repository" in github["jobs"]["preview"]["if"]
    (rule,) = yaml.safe_load((CI / "gitlab" / ".gitlab-ci.yml").read_text())["preview"]["rules"]
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID" in rule["if"]
    stages = re.split(r"stage\('(\w+)'\)", (CI / "jenkins" / "Jenkinsfile").read_text())
    found = dict(zip(stages[1::2], stages[2::2], strict=True))
    assert [name for name in found if "not { expression { env.CHANGE_FORK } }" in found[name]] == ["Install", "Preview"]
