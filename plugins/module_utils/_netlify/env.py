# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netlify's environment variables of a team or a site, as declared state. PRIVATE to the collection.

A variable has values by place: a context, and for the context C(branch) also the branch. The values of a secret cannot
be read, except those for local development; its contexts and scopes can.
Sources: Netlify's OpenAPI; its command line client and the documentation of its Terraform provider for other details.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ansible_collections.webops.paas.plugins.module_utils._core import spelling, variables
from ansible_collections.webops.paas.plugins.module_utils._core.checks import check_unique
from ansible_collections.webops.paas.plugins.module_utils._core.compare import (
    SECRET_AFTER,
    SECRET_BEFORE,
    without_nulls,
)
from ansible_collections.webops.paas.plugins.module_utils._core.errors import ApiError, InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._core.members import Members
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._http.rest import part
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import NetlifyClient, below_team, query_of

# Suboptions of variables and of their values that are not secrets.
SHOWN = ("key", "scopes", "is_secret", "context", "branch")
CONTEXTS = ("all", "dev", "dev-server", "branch-deploy", "deploy-preview", "production", "branch")
SCOPES = ("builds", "functions", "runtime", "post-processing")
# Scopes of a secret. Free plans do not support scopes, but require these for a secret (Terraform provider).
SECRET_SCOPES = SCOPES[:3]
# What can be read of a secret.
READABLE = "dev"
# A place: the context, and for the context "branch" the branch.
Place: TypeAlias = "tuple[str, str | None]"
EVERYWHERE: Place = ("all", None)
# The argument spec of a variable.
OPTION = dict(
    options=dict(
        key=dict(type="str", required=True, no_log=False),
        value=dict(type="raw"),
        values=dict(
            type="list",
            elements="dict",
            options=dict(
                context=dict(type="str", choices=list(CONTEXTS), required=True),
                branch=dict(type="str"),
                value=dict(type="raw", required=True),
            ),
        ),
        scopes=dict(type="list", elements="str", choices=[*SCOPES, "post_processing"]),
        is_secret=dict(type="bool"),
    ),
    mutually_exclusive=[("value", "values")],
    required_one_of=[("value", "values")],
)

# The suboptions of a variable of one deploy.
DEPLOY_OPTIONS = dict(
    key=dict(type="str", required=True, no_log=False),
    value=dict(type="raw", required=True),
    is_secret=dict(type="bool", default=False),
)


class EnvClient(NetlifyClient):
    """account: a team's slug or id. site_id: the variables of one of its sites, None for those of the team."""

    def list_env_vars(self, account: str, site_id: str | None = None) -> list[JsonObject]:
        return self._list(f"/accounts/{part(account)}/env", "getEnvVars", query_of(site_id=site_id))

    def create_env_vars(
        self, account: str, variables: list[JsonObject], site_id: str | None = None
    ) -> list[JsonObject]:
        """409 when one of them exists."""
        rows: list[JsonObject] = self.http.request(
            "POST",
            f"/accounts/{part(account)}/env",
            operation="createEnvVars",
            query=query_of(site_id=site_id),
            body=variables,
            shape=list,
        ).data
        return rows

    def update_env_var(self, account: str, key: str, variable: JsonObject, site_id: str | None = None) -> JsonObject:
        """Replaces all values of a variable."""
        return self.json_object(
            "PUT",
            f"/accounts/{part(account)}/env/{part(key)}",
            "updateEnvVar",
            variable,
            query=query_of(site_id=site_id),
        )

    def delete_env_var(self, account: str, key: str, site_id: str | None = None) -> None:
        self.delete_if_there(
            "DELETE", f"/accounts/{part(account)}/env/{part(key)}", "deleteEnvVar", query=query_of(site_id=site_id)
        )


def in_order(scopes: Iterable[str]) -> list[str]:
    """Contexts that are not documented are last."""
    return sorted(scopes, key=lambda scope: ([*SCOPES, scope].index(scope), scope))


@dataclass(frozen=True)
class Variable:
    """values: {(context, branch or None): text}; in a variable that was read, None for values that cannot be read.

    scopes: a frozenset with hyphens in their names. Of a declared one, scopes and is_secret may be None: not declared.
    """

    key: str
    values: dict[Place, str | None]
    scopes: frozenset[str] | None = None
    is_secret: bool | None = None

    @classmethod
    def of(cls, row: JsonObject) -> Variable:
        is_secret = bool(row.get("is_secret"))
        values = {
            (value["context"], value.get("context_parameter") or None): value.get("value")
            for value in row.get("values") or []
        }
        if is_secret:
            values.update((place, None) for place in values if place[0] != READABLE)
        return cls(row["key"], values, _scopes(row.get("scopes") or ()), is_secret)

    def differs(self, found: Variable) -> bool:
        """Whether the readable part differs from the declared variable."""
        return (
            self.is_secret not in (None, found.is_secret)
            or self.scopes not in (None, found.scopes)
            or self.values.keys() != found.values.keys()
            or any(text not in (None, self.values[place]) for place, text in found.values.items())
        )

    def beside(self, found: Variable | None) -> Variable:
        """The resulting variable. found: None for a new one."""
        scopes = found.scopes if self.scopes is None and found is not None else self.scopes
        is_secret = bool(found is not None and found.is_secret) if self.is_secret is None else self.is_secret
        return Variable(self.key, self.values, scopes, is_secret)

    def body(self, found: Variable | None) -> JsonObject:
        """The body of POST and PUT. Fields that are not declared are sent unchanged, because the effect of omitting
        them is not documented.
        """
        is_secret = bool(found and found.is_secret) if self.is_secret is None else self.is_secret
        scopes = self._sent_scopes(found, is_secret)
        values = [
            {"context": context, "value": text, **({"context_parameter": branch} if branch else {})}
            for (context, branch), text in self.values.items()
        ]
        return {
            "key": self.key,
            "values": values,
            "is_secret": is_secret,
            **({"scopes": in_order(scopes)} if scopes else {}),
        }

    def _sent_scopes(self, found: Variable | None, is_secret: bool) -> Iterable[str] | None:
        """None if the variable has all scopes already: plans without scopes refuse each request with scopes."""
        known = (found and found.scopes) or frozenset()
        if self.scopes is not None:
            wanted = self.scopes
        elif found is not None and found.is_secret == is_secret:
            wanted = known
        elif is_secret:
            wanted = (known & set(SECRET_SCOPES)) or frozenset(SECRET_SCOPES)
        else:
            # A variable that is no longer a secret also loses the restriction of scopes.
            wanted = known if known != frozenset(SECRET_SCOPES) else frozenset()
        return None if wanted == frozenset(SCOPES) and known in (wanted, frozenset()) else wanted

    def view(self, reveal: bool) -> JsonObject:
        """reveal: whether to return the values that can be read."""
        places = sorted(self.values, key=lambda place: (place[0], place[1] or ""))
        return {
            "key": self.key,
            "is_secret": bool(self.is_secret),
            "scopes": in_order(self.scopes or ()),
            "contexts": [
                {"context": context, "branch": branch, "value": self.values[context, branch] if reveal else None}
                for context, branch in places
            ],
        }

    def shown(self, former: Mapping[Place, str | None]) -> JsonObject:
        """For a diff. former: the values before; a value that could not be read counts as changed."""
        values = {
            f"{context}:{branch}" if branch else context: SECRET_BEFORE
            if ((context, branch), text) in former.items()
            else SECRET_AFTER
            for (context, branch), text in self.values.items()
        }
        return {
            "values": dict(sorted(values.items())),
            "scopes": None if self.scopes is None else in_order(self.scopes),
            "is_secret": self.is_secret,
        }


# -- sites and teams
# --------------------------------------------------------------------------------------------------


def check_team(params: JsonObject) -> None:
    if params["site"] is None and not params["account_slug"].strip():
        raise InvalidInput("account_slug", "`account_slug` must not be empty.")


def owner_of(client: EnvClient, params: JsonObject) -> JsonObject:
    """{account, site_id} of the options site and account_slug, as the client's methods take them."""
    if params["site"] is None:
        return {"account": params["account_slug"], "site_id": None}
    site = client.require_site(params["site"])
    return {"account": site["account_slug"], "site_id": site["id"]}


def variables_of(client: EnvClient, owner: JsonObject, team: str | None) -> dict[str, Variable]:
    """{key: Variable}. team: the option account_slug."""
    with below_team(team):
        return by_key(client.list_env_vars(**owner))


def _scopes(names: Iterable[str]) -> frozenset[str]:
    """Netlify uses both spellings of post-processing."""
    return frozenset(name.replace("_", "-") for name in names)


# -- declared variables
# --------------------------------------------------------------------------------------------------


def declared(params: JsonObject, warn: Callable[[str], None]) -> dict[str, Variable]:
    """{key: Variable} of the options env_vars and variables."""
    wanted = {
        key: Variable(key, {EVERYWHERE: text})
        for key, text in variables.declared("env_vars", params["env_vars"], warn).items()
    }
    for number, given in enumerate(params["variables"] or []):
        option, key = f"variables[{number}]", given["key"]
        variables.check_names(f"{option}.key", [key])
        if key in wanted:
            raise InvalidInput(option, f"`{option}` has the key {key}, which is already declared.")
        wanted[key] = Variable(
            key, _declared_values(option, given, warn), _declared_scopes(option, given), given["is_secret"]
        )
    return wanted


def of_deploy(given: list[JsonObject] | None, warn: Callable[[str], None]) -> list[JsonObject] | None:
    """The variables of one deploy, as its body has them. None if the option is not set.

    They take effect in functions only (the vendor's client).
    """
    check_unique("environment", (item["key"] for item in given or []))
    for number, item in enumerate(given or []):
        option = f"environment[{number}]"
        variables.check_names(f"{option}.key", [item["key"]])
        spelling.check_texts(option, {item["key"]: item["value"]}, warn)
        if item["value"] is None:
            raise InvalidInput(
                f"{option}.value",
                f"`{option}.value` must not be null. To set an empty value, use an empty string.",
            )
    return given and [
        {
            "key": item["key"],
            "value": variables.text_of(item["value"]),
            "is_secret": item["is_secret"],
            "scopes": ["functions"],
        }
        for item in given
    ]


def _declared_values(option: str, given: JsonObject, warn: Callable[[str], None]) -> dict[Place, str | None]:
    spelling.check_texts(option, {given["key"]: given["value"]}, warn)
    if given["value"] is not None:
        return {EVERYWHERE: variables.text_of(given["value"])}
    values: dict[Place, str | None] = {}
    if not given["values"]:
        raise InvalidInput(
            option,
            f"`{option}` has no value for {given['key']}. To set an empty value, use an empty string. To remove the "
            "variable, list its name in `absent`.",
        )
    for number, value in enumerate(given["values"]):
        place = (value["context"], value["branch"] or None)
        if (place[0] == "branch") != (place[1] is not None):
            raise InvalidInput(
                f"{option}.values[{number}]",
                f"`{option}.values[{number}].branch` requires `context: branch`, and `context: branch` requires "
                "`branch`.",
            )
        if value["value"] is None:
            raise InvalidInput(
                f"{option}.values[{number}]",
                f"`{option}.values[{number}].value` must not be null. To set an empty value, use an empty string.",
            )
        check_unique(f"{option}.values", (":".join(filter(None, each)) for each in (*values, place)))
        spelling.check_texts(f"{option}.values[{number}]", {given["key"]: value["value"]}, warn)
        values[place] = variables.text_of(value["value"])
    return values


def _declared_scopes(option: str, given: JsonObject) -> frozenset[str] | None:
    if given["scopes"] is None:
        return None
    scopes = _scopes(given["scopes"])
    if not scopes:
        raise InvalidInput(
            f"{option}.scopes",
            f"`{option}.scopes` must not be empty. To keep the current scopes, omit the option.",
        )
    if given["is_secret"] and not scopes <= set(SECRET_SCOPES):
        raise InvalidInput(
            f"{option}.scopes",
            f"`{option}.scopes` must not have post-processing, where Netlify allows no secrets. Allowed are "
            f"{', '.join(SECRET_SCOPES)}.",
        )
    return scopes


def masked(option: Any) -> Any:
    """The option variables, or the values of one, as Ansible shows them."""
    if not isinstance(option, list):
        return variables.masked_whole(option)
    return [
        {name: _masked_part(name, part) for name, part in without_nulls(item).items()}
        if isinstance(item, dict)
        else variables.masked_whole(item)
        for item in option
    ]


def _masked_part(name: str, part: Any) -> Any:
    """An unknown suboption can be a value with a misspelled name."""
    if name == "values":
        return masked(part)
    return part if name in SHOWN else variables.masked_whole(part)


def by_key(rows: Iterable[JsonObject]) -> dict[str, Variable]:
    """{key: Variable} of rows as Netlify sends them."""
    return {row["key"]: Variable.of(row) for row in rows}


def explained(error: ApiError, bodies: Iterable[JsonObject]) -> ApiError:
    """Adds the usual reason to a refusal. bodies: the variables that were sent."""
    if error.status in (403, 422) and any("scopes" in body for body in bodies):
        error.message += (
            " Plans without granular scopes refuse a request that has scopes. On such a plan, omit `scopes`; a "
            f"secret is then sent with {', '.join(SECRET_SCOPES)}."
        )
    contexts = {value["context"] for body in bodies if body["is_secret"] for value in body["values"]}
    if error.status == 422 and contexts & {EVERYWHERE[0], READABLE}:
        error.message += (
            f" Netlify may refuse a secret in the context {EVERYWHERE[0]} or {READABLE}: declare it in `variables` "
            "with `values` for production, deploy-preview and branch-deploy."
        )
    return error


ENV_VARS = Members("site", "site", EnvClient.site_id_of, empty={})
