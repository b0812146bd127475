# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the unchanged EXAMPLES of all modules except LEFT_OUT against one sandbox, from an empty directory.

    run_examples.py TARBALL

All modules' examples are one playbook, in the order of MODULES; most of the time would go into starting Ansible. The
first time, a task that writes must report a change; the second time, it must not. Tasks run twice in a row, or all of a
module's examples run once more after the last one, which also shows that they do not undo each other. Tasks in check
mode predict the same change twice in a row, because nothing was sent. A module that only reads runs once.
The collection's own playbooks that the demo does not show run twice.
"""

from __future__ import annotations

import ast
import pathlib
import re
import shutil
import sys
from itertools import chain

import yaml
from stage import Mismatch, Stage, expect, interruptible

# In an order in which each example finds what it refers to; the values name what is prepared for it.
MODULES = {
    "netlify_site": None,
    "netlify_deploy": None,
    "netlify_site_info": None,
    "netlify_deploy_info": None,
    "netlify_publish": "a second release",
    "netlify_deploy_state": "a deploy that waits for a file",
    "netlify_snippet": "a banner of last summer",
    "netlify_snippets": None,
    "netlify_snippet_info": None,
    "netlify_metadata": None,
    "netlify_metadata_info": None,
    "netlify_file": None,
    "netlify_file_info": None,
    "netlify_file_download": None,
    "netlify_form_info": "forms that were sent",
    "netlify_submission_info": None,
    "netlify_submission": None,
    "netlify_form": None,
    "netlify_build": "a site with a repository",
    "netlify_build_hook": None,
    "netlify_build_hook_info": None,
    "netlify_hook": None,
    "netlify_hook_info": None,
    "netlify_deploy_key": None,
    "netlify_deploy_key_info": None,
    "netlify_ssl": "certificates by hand, and a member",
    "netlify_ssl_info": None,
    "netlify_user_info": None,
    "netlify_member_info": None,
    "netlify_member": None,
    "netlify_audit_info": None,
    "netlify_env_vars": None,
    "netlify_env_vars_info": None,
    "netlify_dns_zone": None,
    "netlify_dns_record": "an old address of the mail server",
    "netlify_dns_record_info": None,
    "netlify_dns_zone_info": None,
    "netlify_split_test": None,
    "netlify_traffic_rules": None,
    "netlify_log_drain": None,
    "netlify_deploy_prune": "old deploys",
    "netlify_cache": None,
    "fleek_auth_info": None,
    "fleek_site_info": None,
    "fleek_deploy_info": None,
    "fleek_site": None,
    "fleek_deploy": "a commit that is pushed",
    "fleek_cache": None,
    "hasura_gateway_info": None,
    "hasura_tenant": None,
    "hasura_tenant_info": None,
    "hasura_env_vars": None,
    "hasura_metadata": None,
    "hasura_metadata_info": None,
    "hasura_migrations": None,
    "hasura_seeds": None,
    "hasura_preview_app": None,
    "hasura_custom_domain": None,
    "flightcontrol_config_info": None,
    "flightcontrol_service_info": None,
    "flightcontrol_scaling_info": None,
    "flightcontrol_scaling": None,
    "flightcontrol_env_vars": None,
    "flightcontrol_deploy": None,
    "flightcontrol_deployment_info": None,
    "flightcontrol_invalidation": None,
    "flightcontrol_invalidation_info": None,
    "flightcontrol_job": None,
    "flightcontrol_environment": None,
    "flightcontrol_preview_environment": None,
    "apply": None,
    "export": None,
}
MOVING = {
    "netlify_site": "its last example deletes the site that its first one creates",
    "netlify_publish": "its last example takes back the release that its first one makes live",
    "netlify_build_hook": "its last example deletes the hook that its first one creates",
    "netlify_hook": "its last example deletes the notification that an earlier one creates",
    "hasura_tenant": "its last example deletes the tenant that its first one creates",
    "hasura_env_vars": "its last example puts back what its first one changes",
    "hasura_metadata": "its last example puts back what one before it changes",
    "hasura_migrations": "its last example rolls back what one before it applies",
    "hasura_custom_domain": "its last example removes the domain that its first one adds",
    "fleek_deploy": "its first example goes back to the release before",
}
# Modules whose examples report a change on every run, and why.
ALWAYS = {
    "netlify_build": "each run builds",
    "netlify_cache": "each run purges",
    "fleek_cache": "each run purges",
    "hasura_preview_app": "each run makes the project anew",
    "flightcontrol_deploy": "each run deploys",
    "flightcontrol_deployment_info": "it looks at a deployment of its own",
    "flightcontrol_invalidation": "each run invalidates",
    "flightcontrol_invalidation_info": "it looks at an invalidation of its own",
    "flightcontrol_job": "each run starts the job",
    "flightcontrol_environment": "each run sends the edit",
    "flightcontrol_preview_environment": "each run sends the edit",
}
# Examples of these modules that do not report a change on the second run, and why.
ONCE = {("netlify_build", "Build one commit of the production branch"): "the commit is live by then"}
# Modules whose examples cannot run here, and why.
LEFT_OUT = {"verify": "it looks at hosts of the internet, by https"}
SITE = "webops-paas-shop"
# Playbooks of one play and their variables, after all that the examples have done. Those of a group run together.
PLAYBOOKS = [
    {
        "netlify_preview": ["netlify_src=public", "netlify_branch=new-prices"],
        "netlify_promote": ["netlify_draft='Release 4'", "netlify_locked=true"],
    },
    {
        "netlify_lock": ["netlify_locked=false"],
        "netlify_tidy": ["netlify_keep=0"],
        "apply": ["apply_src=estate"],
        "export": ["export_dir=exported-by-playbook"],
    },
]
# What the playbooks apply and drift read.
ESTATE = f"- netlify_metadata: {{site: {SITE}, metadata: {{season: winter}}}}\n"
# What the examples of flightcontrol_config_info read.
CONFIG = """{"environments": [{"id": "production", "name": "Production", "region": "us-west-2",
  "source": {"branch": "main"}, "services": [{"id": "web", "name": "Web", "type": "web", "cpu": 1, "memory": 2}]}]}"""
# These change nothing.
ONLY_REPORTING = {
    "drift": ["drift_src=estate", "drift_report_dir=drift"],
    "netlify_verify": [f"netlify_site_name={SITE}", "netlify_deploy=000000000000000000000001"],
}
# These need more than the sandbox, and are run by tests of their own.
RUN_ELSEWHERE = {"awx_setup"}
SHOWN_BY_THE_DEMO = {
    "demo",
    "fleek_release",
    "flightcontrol_release",
    "hasura_release",
    "netlify_release",
    "netlify_rollback",
    "netlify_site",
    "sandbox",
}
LOOKUPS = pathlib.Path(__file__).resolve().parents[1] / "integration" / "targets" / "setup_sandbox" / "lookup_plugins"
AGAIN = " (second time)"
WHOLE = " (once more)"
PLAY = re.compile(r"^PLAY \[(.*?)\] \*+$")
TASK = re.compile(r"^TASK \[(.*?)\] \*+$")
OUTCOME = re.compile(r"^(ok|changed|skipping|failed|fatal|included): \[localhost\]")


def examples_of(path):
    """The tasks of a module's EXAMPLES."""
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and statement.targets[0].id == "EXAMPLES":
            return yaml.safe_load(ast.literal_eval(statement.value))
    raise Mismatch(f"{path.name} has no EXAMPLES")


def writes(task):
    """Whether the task's module is part of this collection and can change something, if only a local file."""
    return any(
        name.startswith("webops.paas.") and (not name.endswith("_info") or "dest" in (options or {}))
        for name, options in task.items()
    )


def outcomes(output):
    """The results that ansible-playbook printed: {play: {task: set of ok, changed, skipping}}."""
    found, play, task = {}, {}, set()
    for line in output.splitlines():
        if match := PLAY.match(line):
            play = found.setdefault(match[1], {})
        elif match := TASK.match(line):
            task = play.setdefault(match[1], set())
        elif match := OUTCOME.match(line):
            task.add(match[1])
    return found


def runs_twice_in_a_row(module, task):
    """Whether a task is repeated before the next one; else all examples of its module are, if it writes at all."""
    return module in MOVING or module in ALWAYS or bool(task.get("check_mode"))


def is_repeated(module, tasks):
    """Whether all examples of a module run once more after the last one."""
    return module not in MOVING and module not in ALWAYS and any(map(writes, tasks))


def request(method, path, body, **headers):
    """A task that sends a request to the sandbox; a refusal fails it."""
    return {
        "name": f"{method} {path}",
        "ansible.builtin.set_fact": {
            "prepared": "{{ lookup('sandbox_request', lookup('ansible.builtin.env', 'SANDBOX_URL') ~ prepared_path,"
            " method=prepared_method, body=prepared_body, headers=prepared_headers).json }}"
        },
        "vars": {
            "prepared_path": path,
            "prepared_method": method,
            "prepared_body": body,
            "prepared_headers": headers,
        },
    }


def to_netlify(path, body):
    """A task that posts to Netlify's API directly."""
    token = "Bearer {{ lookup('ansible.builtin.env', 'NETLIFY_AUTH_TOKEN') }}"
    return request("POST", f"/api/v1/{path}", body, Authorization=token)


def copied(text, path):
    return {"name": f"Write {path}", "ansible.builtin.copy": {"dest": path, "content": text}}


def deployed(title, **options):
    deploy = {"site": SITE, "src": "public", "title": title, **options}
    return {"name": f"Deploy {title}", "webops.paas.netlify_deploy": deploy}


def submitted(count, spam, email):
    body = {"site": SITE, "form": "contact", "count": count, "spam": spam, "data": {"email": email}}
    return request("POST", "/_sandbox/netlify/submissions", body)


# Deploys settle in the background.
WAIT = {"name": "Wait until deploys are complete", "ansible.builtin.pause": {"seconds": 2}}
LATE = {"files": {"/late.html": "0" * 40}}
FORMS = "".join(
    f'<form name="{name}" data-netlify="true"><input name="email"></form>' for name in ("contact", "raffle")
)
REPOSITORY = {"provider": "github", "repo_path": "example/blog", "branch": "main"}
MEMBER = {"account_slug": "{{ user.accounts[0].slug }}", "email": "kim@example.com", "role": "Developer"}
# The tasks that prepare what the values of MODULES name.
PREPARATIONS = {
    "a second release": [copied("<h1>Closed</h1>\n", "public/index.html"), deployed("Release 2")],
    "a deploy that waits for a file": [to_netlify(f"sites/{SITE}.netlify.app/deploys", LATE)],
    "a banner of last summer": [
        {
            "name": "Create a banner",
            "webops.paas.netlify_snippet": {"site": SITE, "title": "Summer sale", "general": "<b>Sale</b>"},
        },
    ],
    # One form has three submissions, and three in spam, one of them a false positive.
    "forms that were sent": [
        copied(FORMS, "public/contact.html"),
        deployed("Release 3"),
        submitted(3, False, "visitor@example.com"),
        submitted(2, True, "spam@example.com"),
        submitted(1, True, "customer@example.com"),
    ],
    "a site with a repository": [
        {
            "name": "Create a site with a repository",
            "webops.paas.netlify_site": {"name": "webops-paas-blog", "build_settings": REPOSITORY},
        },
    ],
    "certificates by hand, and a member": [
        request("PATCH", "/_sandbox/switches", {"certificate": "none"}),
        {"name": "Get the teams", "webops.paas.netlify_user_info": {}, "register": "user"},
        {"name": "Add a member", "webops.paas.netlify_member": MEMBER},
    ],
    "an old address of the mail server": [
        to_netlify("dns_zones/example.com/dns_records", {"type": "A", "hostname": "mail", "value": "192.0.2.25"}),
    ],
    "old deploys": [
        *(
            to_netlify(f"sites/{SITE}.netlify.app/deploys", body)
            for body in ({"files": {}, "draft": True}, {"files": {}, "branch": "next"}, LATE)
            for _number in range(2)
        ),
        to_netlify("deploys/{{ prepared.id }}/cancel", {}),
        WAIT,
    ],
    "a commit that is pushed": [request("POST", "/_sandbox/fleek/push", {"site": "hello-fleek"}), WAIT],
}


def expect_listed(directory, pattern, listed):
    present = {path.stem for path in directory.glob(pattern)}
    expect(present == listed, f"what is in {directory.name} is listed here: {sorted(present ^ listed)}")


class Examples:
    def __init__(self, stage):
        self.stage = stage
        self.env = stage.sandbox_environment()

    def play(self, plays):
        """Run {name: tasks} as the plays of a playbook; returns the outcomes."""
        playbook = self.stage.work / "examples.yml"
        content = [
            {"name": name, "hosts": "localhost", "gather_facts": False, "tasks": tasks} for name, tasks in plays.items()
        ]
        playbook.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        env = {**self.env, "ANSIBLE_LOOKUP_PLUGINS": str(LOOKUPS)}
        return outcomes(self.stage.run("ansible-playbook", playbook, env=env))

    def check(self, examples, last):
        """Run {module: tasks} as described at the top, and then the tasks that prepare the playbooks."""
        plays = {}
        for module, tasks in examples.items():
            names = [task["name"] for task in tasks]
            expect(len(set(names)) == len(names), f"each example of {module} has a name of its own")
            if MODULES[module]:
                plays[f"prepare {module}"] = PREPARATIONS[MODULES[module]]
            plays[module] = []
            for task in tasks:
                plays[module].append(task)
                if runs_twice_in_a_row(module, task):
                    plays[module].append({**task, "name": task["name"] + AGAIN})
            if is_repeated(module, tasks):
                plays[module + WHOLE] = tasks
        found = self.play({**plays, "prepare the playbooks": last})
        for module, tasks in examples.items():
            self.check_module(module, tasks, found[module], found.get(module + WHOLE) or found[module])

    def check_module(self, module, tasks, found, found_again):
        for task in tasks:
            name, again = task["name"], runs_twice_in_a_row(module, task)
            first, second = found[name], found[name + AGAIN] if again else found_again[name]
            if writes(task):
                expect("changed" in first, f"{module}, {name!r} changes something: {sorted(first)}")
            always = writes(task) and module in ALWAYS and (module, name) not in ONCE
            if task.get("check_mode") or always:
                expect("changed" in second, f"{module}, {name!r} changes something again: {sorted(second)}")
            else:
                expect("changed" not in second, f"{module}, {name!r} changes nothing when run again")

    def run_playbooks(self, playbooks):
        """Run {name: variables} one after the other; returns for each whether it changed something."""
        variables = [f"netlify_site_name={SITE}", *chain.from_iterable(playbooks.values())]
        names = [f"webops.paas.{name}" for name in playbooks]
        words = [word for variable in dict.fromkeys(variables) for word in ("-e", variable)]
        plays = outcomes(self.stage.run("ansible-playbook", *names, *words, env=self.env))
        expect(len(plays) == len(names), f"each of {', '.join(playbooks)} is one play: {', '.join(plays)}")
        changed = (any("changed" in outcome for outcome in tasks.values()) for tasks in plays.values())
        return dict(zip(playbooks, changed, strict=True))

    def check_playbooks(self, playbooks, unchanging):
        """Run playbooks twice; only the first run of each changes something, and none of the unchanging ones does.

        The unchanging ones are run behind the second run of the others.
        """
        first = self.run_playbooks(playbooks)
        expect(set(first.values()) == {True}, f"playbooks change something the first time: {first}")
        second = self.run_playbooks({**playbooks, **unchanging})
        expect(set(second.values()) == {False}, f"these playbooks change nothing: {second}")


def own_files(collection):
    """All paths in it, except the bytecode that Python writes beside the plugins when Ansible imports them."""
    files = (path.relative_to(collection) for path in collection.rglob("*"))
    return {path for path in files if path.parts[0] != "plugins" or "__pycache__" not in path.parts}


def main(arguments):
    if len(arguments) != 1:
        sys.exit("usage: run_examples.py TARBALL")
    try:
        with interruptible(), Stage("webops-paas-examples-") as stage:
            stage.install(pathlib.Path(arguments[0]).resolve(strict=True))
            collection = stage.root / "collections" / "ansible_collections" / "webops" / "paas"
            installed = own_files(collection)
            stage.run("ansible-playbook", "webops.paas.sandbox", *stage.sandbox_variables())
            expect_listed(collection / "plugins" / "modules", "*.py", set(MODULES) | set(LEFT_OUT))
            elsewhere = SHOWN_BY_THE_DEMO | RUN_ELSEWHERE
            expect_listed(collection / "playbooks", "*.yml", elsewhere | set().union(*PLAYBOOKS) | set(ONLY_REPORTING))
            (stage.work / "flightcontrol.json").write_text(CONFIG, encoding="utf-8")
            (stage.work / "estate").mkdir()
            (stage.work / "estate" / "shop.yml").write_text(ESTATE, encoding="utf-8")
            examples = Examples(stage)
            tasks = {module: examples_of(collection / "plugins" / "modules" / f"{module}.py") for module in MODULES}
            examples.check(tasks, [deployed("Release 4", draft=True)])
            for module in MODULES:
                whole = MOVING.get(module) or ALWAYS.get(module)
                how = "once more as a whole" if is_repeated(module, tasks[module]) else "only reading"
                how = f"twice in a row, not as a whole: {whole}" if whole else how
                print(f"==> {module} ... ok ({len(tasks[module])} examples, {how})", flush=True)
            for module, reason in LEFT_OUT.items():
                print(f"==> {module} ... left out: {reason}", flush=True)
            for group in PLAYBOOKS:
                reporting = ONLY_REPORTING if group is PLAYBOOKS[-1] else {}
                examples.check_playbooks(group, reporting)
                for name in [*group, *reporting]:
                    print(f"==> playbook {name} ... ok", flush=True)
            written = own_files(collection) - installed
            expect(not written, f"nothing is written into the installed collection: {sorted(written)}")
            for bytecode in list((collection / "plugins").rglob("__pycache__")):
                shutil.rmtree(bytecode)
            stage.run("ansible-galaxy", "collection", "verify", "webops.paas", "--offline")
    except Mismatch as error:
        print(f"examples: FAILED: {error}", flush=True)
        return 1
    except KeyboardInterrupt:
        print("examples: interrupted; everything is stopped and removed", flush=True)
        return 130
    print("examples: ok", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
