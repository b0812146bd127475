# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netlify's environment variables of a team or a site, as declared state. PRIVATE to the collection.

A variable has values by place: a context, and of the context C(branch) also which branch. A secret one cannot be read back,
but its contexts and scopes can, and its values for local development.
Sources: Netlify's OpenAPI; its command line client and the documentation of its Terraform provider where that is silent.
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.webops.paas.plugins.module_utils._core import variables as _variables
from ansible_collections.webops.paas.plugins.module_utils._core.compare import (
    SECRET_AFTER,
    SECRET_BEFORE,
    without_nulls,
)
from ansible_collections.webops.paas.plugins.module_utils._core.errors import (
    ApiError,
    InvalidInput,
    LostAnswer,
    PaasError,
)
from ansible_collections.webops.paas.plugins.module_utils._http.rest import only_given, part
from ansible_collections.webops.paas.plugins.module_utils._netlify.api import NetlifyClient

CONTEXTS = ("all", "dev", "dev-server", "branch-deploy", "deploy-preview", "production", "branch")
SCOPES = ("builds", "functions", "runtime", "post-processing")
# Those of a secret. Free plans know no scopes, and yet want to be sent these with a secret (Terraform provider).
SECRET_SCOPES = SCOPES[:3]
# What can be read of a secret.
READABLE = "dev"
EVERYWHERE = ("all", None)

WRITE_ATTEMPTS = 5


class EnvClient(NetlifyClient):
    """account: a team's slug or id. site_id: the variables of one of its sites, None for those of the team."""

    def list_env_vars(self, account: str, site_id: str | None = None) -> list:
        return self.http.request(
            "GET",
            f"/accounts/{part(account)}/env",
            operation="getEnvVars",
            query=only_given(site_id=site_id),
            shape=list,
        ).data

    def create_env_vars(self, account: str, variables: list, site_id: str | None = None) -> list:
        """409 when one of them exists."""
        return self.http.request(
            "POST",
            f"/accounts/{part(account)}/env",
            operation="createEnvVars",
            query=only_given(site_id=site_id),
            body=variables,
            shape=list,
        ).data

    def update_env_var(self, account: str, key: str, variable: dict, site_id: str | None = None) -> dict:
        """Replaces all values of a variable."""
        return self._object(
            "PUT",
            f"/accounts/{part(account)}/env/{part(key)}",
            "updateEnvVar",
            variable,
            query=only_given(site_id=site_id),
        )

    def delete_env_var(self, account: str, key: str, site_id: str | None = None) -> None:
        self._gone(
            "DELETE", f"/accounts/{part(account)}/env/{part(key)}", "deleteEnvVar", query=only_given(site_id=site_id)
        )


@dataclass(frozen=True)
class Variable:
    """values: {(context, branch or None): text}; in one that was read, None for what cannot be read.

    scopes: a frozenset with hyphens in their names. Of a declared one, scopes and is_secret may be None: not declared.
    """

    key: str
    values: dict
    scopes: frozenset | None = None
    is_secret: bool | None = None

    @classmethod
    def of(cls, row: dict) -> Variable:
        is_secret = bool(row.get("is_secret"))
        values = {
            (value["context"], value.get("context_parameter") or None): value.get("value")
            for value in row.get("values") or []
        }
        if is_secret:
            values.update((place, None) for place in values if place[0] != READABLE)
        return cls(row["key"], values, _scopes(row.get("scopes") or ()), is_secret)

    def may_differ(self, found: Variable) -> bool:
        """Whether the values do, or nobody can tell."""
        return self.values != found.values

    def differs(self, found: Variable) -> bool:
        """Whether what can be read is not as declared."""
        return (
            self.is_secret not in (None, found.is_secret)
            or self.scopes not in (None, found.scopes)
            or self.values.keys() != found.values.keys()
            or any(text not in (None, self.values[place]) for place, text in found.values.items())
        )

    def body(self, found: Variable | None) -> dict:
        """What POST and PUT take; all that is not declared is sent as it is, since no source says what becomes of it else."""
        is_secret = bool(found and found.is_secret) if self.is_secret is None else self.is_secret
        scopes = self._scopes_beside(found, is_secret)
        values = [
            {"context": context, "value": text, **({"context_parameter": branch} if branch else {})}
            for (context, branch), text in self.values.items()
        ]
        return {
            "key": self.key,
            "values": values,
            "is_secret": is_secret,
            **({"scopes": sorted(scopes, key=SCOPES.index)} if scopes else {}),
        }

    def _scopes_beside(self, found: Variable | None, is_secret: bool):
        if self.scopes is not None:
            return self.scopes
        if found is not None and found.is_secret == is_secret:
            return found.scopes
        if is_secret:
            return (found.scopes & set(SECRET_SCOPES) if found else None) or SECRET_SCOPES
        # A secret that is none any more also loses the scopes that it had for being one.
        return found.scopes if found is not None and found.scopes != set(SECRET_SCOPES) else None

    def shown(self, secret_text: str) -> dict:
        """For a diff."""
        return {
            "contexts": sorted(f"{context}:{branch}" if branch else context for context, branch in self.values),
            "scopes": None if self.scopes is None else sorted(self.scopes),
            "is_secret": self.is_secret,
            "values": secret_text,
        }


def _scopes(names) -> frozenset:
    """Either spelling of post-processing is Netlify's own."""
    return frozenset(name.replace("_", "-") for name in names)


# -- what is declared --------------------------------------------------------------------------------------------------


def declared(params: dict) -> dict:
    """{key: Variable} of the options env_vars and variables."""
    wanted = {
        key: Variable(key, {EVERYWHERE: text})
        for key, text in _variables.declared("env_vars", params["env_vars"]).items()
    }
    for number, given in enumerate(params["variables"] or []):
        option, key = f"variables[{number}]", given["key"]
        _variables.check_names(f"{option}.key", [key])
        if key in wanted:
            raise InvalidInput(option, f"{option} has the key {key}, which is declared before already.")
        wanted[key] = Variable(
            key, _declared_values(option, given), _declared_scopes(option, given), given["is_secret"]
        )
    return wanted


def _declared_values(option: str, given: dict) -> dict:
    if given["value"] is not None:
        return {EVERYWHERE: _variables.text_of(given["value"])}
    values = {}
    if not given["values"]:
        raise InvalidInput(
            option,
            f"{option}, {given['key']}, has no value. An empty text is one; to remove a variable, list its name under "
            "absent.",
        )
    for number, value in enumerate(given["values"]):
        place = (value["context"], value["branch"] or None)
        if (place[0] == "branch") != (place[1] is not None):
            raise InvalidInput(
                f"{option}.values[{number}]",
                f"{option}.values[{number}].branch belongs to context=branch, and to no other.",
            )
        if value["value"] is None:
            raise InvalidInput(
                f"{option}.values[{number}]", f"{option}.values[{number}].value is null. An empty text is a value."
            )
        if place in values:
            raise InvalidInput(
                f"{option}.values", f"{option}.values has the context {':'.join(filter(None, place))} more than once."
            )
        values[place] = _variables.text_of(value["value"])
    return values


def _declared_scopes(option: str, given: dict) -> frozenset | None:
    if given["scopes"] is None:
        return None
    scopes = _scopes(given["scopes"])
    if not scopes:
        raise InvalidInput(
            f"{option}.scopes",
            f"{option}.scopes is empty. A variable without a scope is of no use; leave the option out to leave the "
            "scopes as they are.",
        )
    if given["is_secret"] and not scopes <= set(SECRET_SCOPES):
        raise InvalidInput(
            f"{option}.scopes",
            f"{option}.scopes has post-processing, where Netlify allows no secrets. Possible are "
            f"{', '.join(SECRET_SCOPES)}.",
        )
    return scopes


def masked(variables):
    """What Ansible may show of the option variables."""
    if isinstance(variables, list):
        return [masked(item) for item in variables]
    if isinstance(variables, dict):
        return {
            name: _variables.MASK if name == "value" else masked(item)
            for name, item in without_nulls(variables).items()
        }
    return variables


@dataclass(frozen=True)
class Changes:
    """Keys: those to be created, updated and removed."""

    create: tuple
    update: tuple
    remove: tuple

    def __bool__(self) -> bool:
        return bool(self.create or self.update or self.remove)


class Declaration:
    """wanted: {key: Variable}. absent, purge, protect: as in _variables. always: secrets are sent each time."""

    def __init__(self, wanted: dict, absent, purge: bool, protect, always: bool) -> None:
        self.wanted, self.absent, self.purge, self.protect, self.always = (
            wanted,
            set(absent),
            purge,
            set(protect),
            always,
        )

    def changes(self, current: dict, sent=frozenset()) -> Changes:
        """current: {key: Variable}. sent: keys whose secrets this run has sent already."""
        update = [
            key
            for key, variable in self.wanted.items()
            if key in current
            and (variable.differs(current[key]) or self.always and current[key].is_secret and key not in sent)
        ]
        remove = current.keys() & self.absent
        if self.purge:
            remove |= current.keys() - self.wanted.keys() - self.protect
        return Changes(tuple(sorted(self.wanted.keys() - current.keys())), tuple(sorted(update)), tuple(sorted(remove)))

    def sides(self, current: dict, changes: Changes) -> tuple[dict, dict]:
        """(before, after) of a diff: all that the task talks about, without values."""
        before = {
            key: current[key].shown(SECRET_BEFORE)
            for key in sorted({*self.wanted, *self.absent, *changes.remove})
            if key in current
        }
        after = {key: side for key, side in before.items() if key not in changes.remove}
        for key in (*changes.create, *changes.update):
            wanted, found = self.wanted[key], current.get(key)
            shown = wanted.shown(SECRET_AFTER if found is None or wanted.may_differ(found) else SECRET_BEFORE)
            after[key] = {**(found.shown(SECRET_BEFORE) if found else {"is_secret": False}), **without_nulls(shown)}
            after[key].setdefault("scopes", None)
        return before, dict(sorted(after.items()))

    def bring_about(self, client, place: dict, current: dict) -> dict:
        """Writes until nothing is left to do, and answers the variables as they are then.

        place: account and site_id. A key that appeared or vanished meanwhile, and a lost answer, are met by reading again.
        """
        sent: set = set()
        done, attempt = None, 0
        while changes := self.changes(current, sent):
            if changes == done:
                current = read(client, place)
                if self.changes(current, sent):
                    names = ", ".join((*changes.create, *changes.update, *changes.remove))
                    raise PaasError(
                        f"Netlify accepted the changes of {names}, but they are not as declared afterwards.",
                        code="not_applied",
                    )
                return current
            try:
                self._write(client, place, current, changes, sent)
                done = changes
            except ApiError as error:
                attempt += 1
                is_lost = isinstance(error, LostAnswer)
                if attempt == WRITE_ATTEMPTS or not is_lost and error.status in (None, 401, 403, 429):
                    raise _explained(error)
                if is_lost:
                    client.http.clock.sleep(2**attempt)
                try:
                    current = read(client, place)
                except ApiError as failure:
                    failure.message += f" It was tried because of this: {error.message}"
                    raise
                if not is_lost and self.changes(current, sent) == changes:
                    # Nobody came first: it was refused for itself.
                    raise _explained(error)
        return current

    def _write(self, client, place: dict, current: dict, changes: Changes, sent: set) -> None:
        """current and sent follow what is done."""
        if changes.create:
            rows = client.create_env_vars(variables=[self.wanted[key].body(None) for key in changes.create], **place)
            current.update((row["key"], Variable.of(row)) for row in rows)
            sent.update(changes.create)
        for key in changes.update:
            current[key] = Variable.of(
                client.update_env_var(key=key, variable=self.wanted[key].body(current[key]), **place)
            )
            sent.add(key)
        for key in changes.remove:
            client.delete_env_var(key=key, **place)
            del current[key]


def read(client, place: dict) -> dict:
    """{key: Variable}"""
    return {row["key"]: Variable.of(row) for row in client.list_env_vars(**place)}


def _explained(error: ApiError) -> ApiError:
    if error.status == 422 and "scope" in error.message.lower():
        error.message += (
            " Scopes belong to paid plans: on a free one leave scopes out; what is then sent with a secret (builds, functions, "
            "runtime) is what such a plan asks for."
        )
    return error
