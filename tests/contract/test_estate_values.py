# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of an estate's files: variables, lookups and secrets, and the playbooks with the variables of a survey."""

from __future__ import annotations

import json
import subprocess

from ansible.parsing.vault import VaultLib, VaultSecret

from playbooks import Bench, task

VAULT = VaultLib([("default", VaultSecret(b"open sesame"))])


def vaulted(text, blanks):
    """A single encrypted value, as ansible-vault encrypt_string writes it."""
    return "!vault |\n" + "".join(f"{' ' * blanks}{line}\n" for line in VAULT.encrypt(text).decode().splitlines())


def estate_of(bench):
    """A directory with values from everywhere: {name of the variable of the site: value}."""
    directory = bench.directory / "estate"
    directory.mkdir()
    (bench.directory / "password").write_text("open sesame")
    (directory / "note.txt").write_text("from-a-file")
    (bench.directory / "group_vars").mkdir()
    (bench.directory / "group_vars" / "all.yml").write_bytes(
        VAULT.encrypt("vault_group: group-canary\nprefix: my\nnested: {inner: ['{{ prefix }}-nested']}\n")
    )
    (bench.directory / "secrets.yml").write_text(
        f"vault_single: {vaulted('single-canary', 2)}vault_plain: plain-canary\n"
        'vault_template: "{{ vault_plain }}-{{ prefix }}"\n'
    )
    (directory / "shop.yml").write_text(
        "- netlify_site: {name: '{{ prefix }}-shop'}\n"
        "- netlify_env_vars:\n"
        "    site: '{{ prefix }}-shop'\n"
        "    env_vars:\n"
        "      GROUP: '{{ vault_group }}'\n"
        "      SINGLE: '{{ vault_single }}'\n"
        "      TEMPLATE: 'a {{ vault_template }} z'\n"
        "      NESTED: '{{ nested.inner[0] }}'\n"
        "      LOOKUP: \"{{ lookup('ansible.builtin.env', 'FROM_OUTSIDE') }}\"\n"
        "      FILE: \"{{ lookup('ansible.builtin.file', 'note.txt') }}\"\n"
        "      NUMBER: 10\n"
        "      UNSAFE: !unsafe '{{ not_a_variable }}'\n"
        f"      INLINE: {vaulted('inline-canary', 8)}"
    )
    (directory / "zone.yml").write_bytes(VAULT.encrypt("- netlify_dns_zone: {name: '{{ prefix }}.example.com'}\n"))
    return {
        "GROUP": "group-canary",
        "SINGLE": "single-canary",
        "TEMPLATE": "a plain-canary-my z",
        "NESTED": "my-nested",
        "LOOKUP": "from-outside",
        "FILE": "from-a-file",
        "NUMBER": "10",
        "UNSAFE": "{{ not_a_variable }}",
        "INLINE": "inline-canary",
    }


def values_of(world, name):
    site = world.api("GET", f"/sites/{name}.netlify.app")
    rows = world.api("GET", f"/accounts/{site['account_slug']}/env?site_id={site['id']}")
    return {row["key"]: row["values"][0]["value"] for row in rows}


def surroundings(world, bench):
    return {
        "ANSIBLE_VAULT_PASSWORD_FILE": str(bench.directory / "password"),
        "FROM_OUTSIDE": "from-outside",
        **world.environment,
    }


def test_values_from_everywhere(world, tmp_path):
    """Secrets appear nowhere, not even with -vvvv and a diff."""
    bench = Bench(tmp_path)
    expected = estate_of(bench)
    tasks = [
        {"name": "Read the secrets", "ansible.builtin.include_vars": "secrets.yml", "no_log": True},
        task("apply", "first", {"src": "estate"}, diff=True),
        task("apply", "second", {"src": "estate"}),
    ]
    results, output = bench.play(tasks, {}, **surroundings(world, bench))
    assert results["first"]["counts"]["created"] == 3 and results["second"]["changed"] is False
    assert values_of(world, "my-shop") == expected
    assert "-canary" not in output


def test_the_playbooks_take_the_answers_of_a_survey(world, tmp_path):
    """All of them are texts; those that were left empty count as not given."""
    bench = Bench(tmp_path)
    estate_of(bench)
    survey = dict.fromkeys(("apply_purge", "apply_on_error", "apply_concurrency", "drift_purge", "export_names"), "")
    plays = [
        ("apply", {"apply_only": "names=my.example*", "apply_max_deletions": "0", "apply_check": "true"}),
        ("drift", {"drift_only": "", "drift_fail": "", "drift_report_dir": "before"}),
        ("apply", {"apply_only": '{"kinds": ["netlify_dns_zone"]}', "apply_max_deletions": "", "apply_check": "false"}),
        ("drift", {"drift_only": "", "drift_fail": "false", "drift_report_dir": "after"}),
        ("export", {"export_dir": "exported", "export_platforms": "netlify", "export_secrets": ""}),
    ]
    (bench.directory / "survey.yml").write_text(
        json.dumps(
            [
                {
                    "name": f"Play {number}",
                    "ansible.builtin.import_playbook": f"webops.paas.{name}",
                    "vars": {**survey, "apply_src": "estate", "drift_src": "estate", **answers},
                }
                for number, (name, answers) in enumerate(plays)
            ]
        )
    )

    def run(playbook, *arguments):
        given = (playbook, "-e", "@secrets.yml", *arguments)
        command = bench.command("ansible-playbook", *given, **surroundings(world, bench))
        return subprocess.run(**command, stdout=subprocess.PIPE, text=True, timeout=300, check=False)

    def report(name):
        return (bench.directory / name / "drift.md").read_text()

    done = run("survey.yml")
    assert done.returncode == 0 and done.stdout.count("1 resource: 1 created.") == 2, done.stdout
    assert "3 of 3 resources differ" in report("before") and "2 of 3 resources differ" in report("after")
    assert len(world.api("GET", "/dns_zones")) == 1 and not world.api("GET", "/sites")
    assert (bench.directory / "exported" / "netlify" / "zones").exists()
    done = run("webops.paas.drift", "-e", "drift_src=estate drift_fail=true drift_only=kinds=netlify_site", "--diff")
    assert done.returncode == 2 and "netlify_site my-shop (missing)" in done.stdout, done.stdout
    assert '"+name: my-shop"' in done.stdout, done.stdout
    # What cannot be compared is no drift, and is never ignored.
    world.sandbox.admin(
        "POST", "faults", {"platform": "netlify", "operation": "getSite", "kind": "status", "status": 403}
    )
    done = run("webops.paas.drift", "-e", "drift_src=estate drift_report_dir=failed")
    assert done.returncode == 2 and "could not be compared: netlify_site my-shop" in done.stdout, done.stdout
    assert "could not be compared" in report("failed")


def test_an_export_of_some_teams(world, tmp_path):
    bench = Bench(tmp_path)
    for team, name in (("sandbox-team", "shop"), ("second-team", "partner")):
        world.api("POST", f"/{team}/sites", {"name": name})
        world.api("POST", "/dns_zones", {"name": f"{name}.com", "account_slug": team})
        world.api("POST", f"/accounts/{team}/env", [{"key": "A", "values": [{"context": "all", "value": "x"}]}])
    options = {"dest": "exported", "platforms": ["netlify"]}
    tasks = [
        task("export", "all", options),
        task("export", "one", {**options, "netlify_account_slugs": ["second-team"]}),
    ]
    results, _output = bench.play(tasks, {}, **world.environment)
    paths = {path for path in results["one"]["files"] if path != "secrets.example.yml"}
    assert {"netlify/sites/partner.yml", "netlify/teams/second-team.yml"} <= paths
    assert not [path for path in paths if "shop" in path or "sandbox" in path]
    # Files of other teams stay.
    assert (bench.directory / "exported" / "netlify" / "sites" / "shop.yml").exists()
    assert "netlify/sites/shop.yml" not in results["one"]["changed_files"]
