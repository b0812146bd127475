# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hasura Cloud: create a tenant with variables and metadata, release it again, change it, break it and roll back."""

from __future__ import annotations

import json
import time

from stage import expect
from walk import Walk, say, traffic

TENANT = "demo-api"
# Secrets. Each release has its own value.
SECRETS = ("hush-database", "hush-one", "hush-two", "hush-three", "hush-jwt")
DATABASE_URL = "postgres://shop:hush-database@db.example.com:5432/shop"
USERS = {"users": [{"name": "Ada"}, {"name": "Grace"}]}
PRODUCTS = {"products": [{"name": "Pencil"}]}


def report_of(output):
    """The lines of the role's report."""
    start = output.rindex(f'"{TENANT}: ')
    return json.JSONDecoder().raw_decode("[" + output[start:])[0]


class HasuraWalk(Walk):
    platforms = ("hasura", "hasura-tenant")

    def __init__(self, stage):
        super().__init__(stage)
        self.metadata = stage.root / "hasura" / "metadata"

    def release(self, variables, tables, query, *arguments, status=0):
        """The same playbook as for Hasura Cloud itself, with metadata as Hasura's CLI stores it."""
        (self.metadata / "databases").mkdir(parents=True, exist_ok=True)
        (self.metadata / "version.yaml").write_text("version: 3\n", encoding="utf-8")
        (self.metadata / "databases" / "databases.yaml").write_text(
            "- name: default\n  kind: postgres\n  configuration:\n    connection_info:\n"
            "      database_url:\n        from_env: PG_DATABASE_URL\n"
            "  tables: !include tables.yaml\n",
            encoding="utf-8",
        )
        (self.metadata / "databases" / "tables.yaml").write_text(
            "".join(f"- table:\n    schema: public\n    name: {table}\n" for table in tables), encoding="utf-8"
        )
        given = self.stage.root / "hasura" / "release.json"
        given.write_text(
            json.dumps(
                {
                    "hasura_release_cloud": "aws",
                    "hasura_release_region": "us-east-2",
                    "hasura_release_database_url": DATABASE_URL,
                    "hasura_release_env_vars": variables,
                    "hasura_release_smoke": {"query": query},
                    # The query after a rollback uses only what every release has.
                    "hasura_release_rollback_smoke": {"query": "{ users { name } }"},
                    "hasura_release_verify_timeout": 2,
                }
            ),
            encoding="utf-8",
        )
        outcome = self.playbook(
            "hasura_release",
            "-e",
            f"hasura_name={TENANT}",
            "-e",
            f"hasura_metadata={self.metadata}",
            "-e",
            f"@{given}",
            *arguments,
            env_file=self.stage.env_file,
            status=status,
        )
        for secret in (*SECRETS, self.stage.sandbox_environment()["HASURA_CLOUD_ACCESS_TOKEN"], *self.admin_secrets()):
            expect(secret not in outcome.output, "no secret is shown")
        return outcome

    def tenants(self):
        return [tenant for tenant in self.sandbox.admin("state")["hasura"]["tenants"] if tenant["name"] == TENANT]

    def admin_secrets(self):
        return [tenant["env"]["HASURA_GRAPHQL_ADMIN_SECRET"] for tenant in self.tenants()]

    def expect_state(self, variables):
        """Returns the tenant's variables, except the admin secret, and its metadata, according to the sandbox."""
        found = self.tenants()
        expect(len(found) == 1, f"there is one tenant {TENANT}, not {len(found)}")
        env, metadata = found[0]["env"], found[0]["metadata"]
        own = {name: value for name, value in env.items() if name != "HASURA_GRAPHQL_ADMIN_SECRET"}
        expect(own == {"PG_DATABASE_URL": DATABASE_URL, **variables}, f"the tenant has these variables: {sorted(own)}")
        expect(found[0]["effective_env"] == env, "its workers have them")
        return env, metadata

    def expect_answer(self, query, data):
        """Check what the tenant returns to a client with its admin secret; returns the result as text."""
        status, body = self.sandbox.call(
            "POST",
            f"/hasura/tenants/{TENANT}/v1/graphql",
            json.dumps({"query": query}),
            **{"Content-Type": "application/json", "X-Hasura-Admin-Secret": self.admin_secrets()[0]},
        )
        answer = json.loads(body)
        expect(status == 200 and answer == {"data": data}, f"{query} is answered with {data}, not {answer}")
        return f"{query} answered by {sum(map(len, data.values()))} rows"

    def walk(self):
        one = {"SHOP_MODE": "hush-one", "SHOP_JWT": "hush-jwt"}
        two = {"SHOP_MODE": "hush-two", "SHOP_JWT": "hush-jwt", "SHOP_MORE": "hush-three"}
        users, both = "{ users { name } }", "{ users { name } products { name } }"

        started = time.monotonic()
        first = self.release(one, ["users"], users)
        expect(first.changed == 3, f"tenant, variables and metadata are three changes, not {first.changed}")
        expect(first.count("createTenant") == 1, "one tenant was created")
        expect(first.count("updateTenantEnv") == 1, "the variables were set at once")
        expect(first.count("replace_metadata") == 1, "the metadata was replaced once")
        self.expect_state(one)
        answered = self.expect_answer(users, USERS)
        say(
            "Hasura: create a tenant with variables and metadata, query it",
            started,
            traffic(first.requests),
            first.recap,
        )

        started = time.monotonic()
        second = self.release(one, ["users"], users)
        expect(second.changed == 0, f"the second run changes nothing, not {second.changed} things")
        self.expect_nothing_sent(second)
        say("Hasura: second run", started, traffic(second.requests), second.recap)

        started = time.monotonic()
        before = self.expect_state(one)
        predicted = self.release(two, ["users", "products"], both, "--check", "--diff")
        expect(predicted.changed == 2, f"--check predicts two changes, not {predicted.changed}")
        self.expect_nothing_sent(predicted)
        expect(self.expect_state(one) == before, "all is as before")
        told = report_of(predicted.output)
        expect(
            "Environment variables: added SHOP_MORE; changed SHOP_MODE" in told,
            f"the report names the variables: {told}",
        )
        expect("products" in predicted.output, "--diff shows the table that is new")
        say(
            "Hasura: predict a change with --check --diff",
            started,
            traffic(predicted.requests),
            *told,
            predicted.recap,
        )

        started = time.monotonic()
        real = self.release(two, ["users", "products"], both)
        expect(real.changed == predicted.changed, "what was predicted was done")
        expect(
            "Environment variables: added SHOP_MORE; changed SHOP_MODE" in report_of(real.output),
            "it is told as it was predicted",
        )
        after = self.expect_state(two)
        answered_both = self.expect_answer(both, {**USERS, **PRODUCTS})
        say("Hasura: apply the change", started, traffic(real.requests), real.recap)

        started = time.monotonic()
        broken = self.release({**two, "SHOP_MODE": "hush-one"}, ["users"], both, status=2)
        expect(broken.failed == 1, "the broken release fails")
        expect(broken.count("replace_metadata") == 2, "its metadata was there, and was rolled back")
        expect(broken.count("updateTenantEnv") == 2, "its variables were there, and were rolled back")
        told = report_of(broken.output)
        expect("ROLLED BACK. " in told[0], "the playbook says that it rolled back")
        expect("Restored: SHOP_MODE, metadata" in told, f"and what: {told}")
        expect(self.expect_state(two) == after, "variables and metadata are what they were")
        self.expect_answer(both, {**USERS, **PRODUCTS})
        say(
            "Hasura: a release without a table that the query needs is rolled back",
            started,
            traffic(broken.requests),
            *told,
            broken.recap,
        )

        return [
            (
                "Hasura Cloud",
                f"a new tenant with {len(one) + 1} variables and metadata; {answered}; {traffic(first.requests)}",
            ),
            ("", f"second run: changed={second.changed}, {traffic(second.requests)}"),
            ("", f"a change predicted, by names only: {traffic(predicted.requests)}"),
            ("", f"released: {answered_both}; {traffic(real.requests)}"),
            ("", "a release that failed its query was rolled back: variables and metadata are what they were"),
        ]
