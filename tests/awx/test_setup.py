# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""webops.paas.awx_setup on a controller for the tests."""

from __future__ import annotations

import re
import subprocess

import pytest
from controller import Refused
from jobs import DEV, PLATFORMS, environment, set_up
from sandbox_client import TOKEN


def counts(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    assert done.returncode == 0, done.stdout
    found = re.search(r"^localhost .*", done.stdout, re.MULTILINE)
    assert found
    return {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", found[0])}


def changed_tasks(done: subprocess.CompletedProcess[str]) -> set[str]:
    parts = re.split(r"^TASK \[(.*?)\] \**$", done.stdout, flags=re.MULTILINE)
    return {
        name
        for name, output in zip(parts[1::2], parts[2::2], strict=True)
        if re.search("^changed:", output, re.MULTILINE)
    }


def test_everything_is_created(shared, created):
    assert counts(created)["changed"] > 0
    objects = {
        kind: {item.get("name", item.get("identifier")) for item in found.values()}
        for kind, found in shared.objects.items()
    }
    assert {f"webops {platform}" for platform in PLATFORMS} | {"registry"} == objects["credentials"]
    registry = shared.named("credentials", "registry")["id"]
    assert shared.named("execution_environments", "webops")["credential"] == registry
    assert objects["execution_environments"] == {"webops"} and objects["projects"] == {"webops project"}
    assert objects["inventories"] == {"webops local", "webops sites"}
    assert {f"webops {platform} inventory" for platform in PLATFORMS} == objects["inventory_sources"]
    assert {"webops check", "webops apply", "webops verify", "webops drift"} <= objects["job_templates"]
    assert {"webops netlify release", "webops netlify rollback"} <= objects["job_templates"]
    assert shared.named("credentials", "webops netlify")["inputs"]["token"] == TOKEN
    assert shared.named("job_templates", "webops check")["job_type"] == "check"
    assert TOKEN not in created.stdout


def test_objects_of_another_organization_are_not_used(shared, created):
    assert created.returncode == 0, created.stdout
    organization = shared.named("organizations", "Default")["id"]
    for key, template in shared.objects["job_templates"].items():
        used = [shared.objects["inventories"][template["inventory"]]]
        used += [shared.objects["credentials"][one] for one in shared.related[("job_templates", key, "credentials")]]
        assert {item["organization"] for item in used} == {organization}, template["name"]
    sources = shared.objects["inventory_sources"].values()
    used = [shared.objects["credentials"][source["credential"]] for source in sources]
    assert {item["organization"] for item in used} == {organization}


def test_the_second_run_changes_nothing(shared, created):
    """Also with another token: AWX does not return secrets, so that they are only sent on request."""
    written = len(shared.writes)
    other = {"netlify": {**shared.named("credentials", "webops netlify")["inputs"], "token": "nfp_other_5e2b"}}
    second = set_up(shared, "-vvv", awx_credentials=other, awx_platforms=PLATFORMS)
    assert counts(second)["changed"] == 0, changed_tasks(second)
    assert shared.writes[written:] == [] and "nfp_other_5e2b" not in second.stdout


def test_check_mode_predicts_a_change(shared, created):
    written = len(shared.writes)
    changed = {
        "awx_credentials": {"netlify": {"token": "nfp_other_5e2b"}},
        "awx_image": "registry.example.com/other:1",
        # The templates of the estate lose the credentials of the other platforms.
        "awx_platforms": "netlify",
        "awx_update_secrets": True,
    }
    predicted = set_up(shared, "--check", **changed)
    tasks = {"Create the execution environment", "Create the credentials", "Create the job templates"}
    assert changed_tasks(predicted) == tasks
    assert shared.writes[written:] == []


def test_the_steps_of_the_workflow(shared, created):
    nodes = shared.objects["workflow_job_template_nodes"]
    names = {key: node["identifier"] for key, node in nodes.items()}
    order = {
        names[key]: [
            names[other] for other in shared.related.get(("workflow_job_template_nodes", key, "success_nodes"), [])
        ]
        for key in nodes
    }
    assert order == {"check": ["approve"], "approve": ["apply"], "apply": ["verify"], "verify": []}
    templates = {**shared.objects["job_templates"], **shared.objects["workflow_approval_templates"]}
    runs = {node["identifier"]: templates[node["unified_job_template"]] for node in nodes.values()}
    assert [runs[name]["playbook"] for name in ("check", "apply", "verify")] == ["apply.yml", "apply.yml", "verify.yml"]
    assert runs["approve"]["timeout"] == 86400
    schedule = shared.named("schedules", "webops drift")
    assert templates[schedule["unified_job_template"]]["playbook"] == "drift.yml"


def test_a_survey_names_what_is_missing_or_illegal(shared, created):
    def launched(template: str, answers: dict) -> dict:
        key = shared.named("job_templates", f"webops {template}")["id"]
        with pytest.raises(Refused) as refused:
            shared.answer("POST", f"job_templates/{key}/launch/", [], {"extra_vars": answers})
        assert refused.value.status == 400
        return refused.value.body

    assert "'netlify_site_name'" in launched("netlify release", {})["variables_needed_to_start"][0]
    illegal = {"netlify_site_name": "shop", "netlify_rollback_again": "maybe"}
    assert "'netlify_rollback_again'" in launched("netlify rollback", illegal)["variables_needed_to_start"][0]
    assert "'apply_max_deletions'" in launched("apply", {"apply_max_deletions": "many"})["variables_needed_to_start"][0]
    assert "'apply_max_deletions'" in launched("apply", {"apply_max_deletions": 5000})["variables_needed_to_start"][0]
    empty = {"netlify_site_name": "shop", "netlify_src": ""}
    assert "'netlify_src'" in launched("netlify release", empty)["variables_needed_to_start"][0]
    unknown = {"netlify_site_name": "shop", "netlify_token": "x"}
    assert "netlify_token" in launched("netlify release", unknown)["extra_vars"][0]


def test_check_mode_of_an_empty_controller_predicts_what_depends_on_nothing(controller):
    predicted = set_up(controller, "--check")
    assert changed_tasks(predicted) == {"Create the credential types", "Create the execution environment"}
    assert counts(predicted)["failed"] == 0
    assert not controller.writes


def test_without_awx_awx_one_sentence_says_what_to_install():
    """In the environment of the other tests, which has ansible-core alone."""
    done = subprocess.run(
        [str(DEV / "ansible-playbook"), "webops.paas.awx_setup", "-e", "awx_project_url=x", "-e", "awx_image=x"],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 2 and "Install the collection awx.awx" in done.stdout, done.stdout
    assert "couldn't resolve" not in done.stdout


def test_a_missing_variable_or_an_unknown_platform_is_refused(controller):
    missing = set_up(controller, awx_image="")
    assert missing.returncode == 2 and "awx_image" in missing.stdout
    unknown = set_up(controller, awx_platforms="netlify,heroku")
    assert unknown.returncode == 2 and "heroku" in unknown.stdout
    unused = set_up(controller, awx_credentials={"hasura": {"token": "canary-5e2b"}})
    assert unused.returncode == 2 and "hasura" in unused.stdout and "awx_platforms" in unused.stdout
    assert "canary-5e2b" not in unused.stdout
    assert not controller.writes


def test_a_name_that_must_exist_is_looked_up_before_anything_is_created(controller):
    absent = set_up(controller, awx_organization="Nobody")
    assert absent.returncode == 2 and "awx_organization" in absent.stdout and "Nobody" in absent.stdout
    absent = set_up(controller, awx_vault_credential="no vault")
    assert absent.returncode == 2 and "awx_vault_credential" in absent.stdout and "no vault" in absent.stdout
    absent = set_up(controller, awx_image_credential="no registry")
    assert absent.returncode == 2 and "awx_image_credential" in absent.stdout and "no registry" in absent.stdout
    other = controller.named("organizations", "Other")["id"]
    controller.create("execution_environments", {"name": "webops", "image": "x", "organization": other})
    foreign = set_up(controller)
    assert foreign.returncode == 2 and "awx_prefix" in foreign.stdout
    assert not controller.writes


def test_a_manual_project_cannot_be_a_source(controller):
    organization = controller.named("organizations", "Default")["id"]
    project = controller.create("projects", {"name": "manual", "organization": organization})
    inventory = controller.create("inventories", {"name": "sites", "organization": organization})
    source = {"name": "source", "inventory": inventory["id"], "source": "scm", "source_project": project["id"]}
    with pytest.raises(Refused) as refused:
        controller.create("inventory_sources", source)
    assert "source_project" in refused.value.body
