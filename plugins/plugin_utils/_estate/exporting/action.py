# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of the module export: it runs in the controller process only. PRIVATE to the collection."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.webops.paas.plugins.module_utils._core.errors import PaasError
from ansible_collections.webops.paas.plugins.module_utils._core.files import replacing
from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._kernel.module import Module, perform
from ansible_collections.webops.paas.plugins.plugin_utils._door import SESSIONS, as_received
from ansible_collections.webops.paas.plugins.plugin_utils._estate.action import EstateAction
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting import (
    fleek,
    flightcontrol,
    hasura,
    netlify,
    secrets,
    writing,
)
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.documents import Document
from ansible_collections.webops.paas.plugins.plugin_utils._estate.exporting.selecting import useless_patterns
from ansible_collections.webops.paas.plugins.plugin_utils._estate.files import EstateError

EXPORTS: dict[str, Module] = {
    "fleek": fleek.MODULE,
    "flightcontrol": flightcontrol.MODULE,
    "hasura": hasura.MODULE,
    "netlify": netlify.MODULE,
}
EXAMPLE, VALUES = "secrets.example.yml", "secrets.yml"


class ExportAction(EstateAction):
    def _applied(self, params: JsonObject, task_vars: JsonObject) -> JsonObject:
        warnings: list[str] = []
        documents: list[Document] = []
        exported, skipped = [], {}
        for platform in params["platforms"] or EXPORTS:
            options = self._options(platform, params)
            missing = _missing(platform, options)
            if missing:
                if params["platforms"]:
                    raise EstateError([f"{platform}: {missing}"])
                skipped[platform] = missing
                continue
            found = perform(
                EXPORTS[platform],
                options,
                check_mode=False,
                want_diff=False,
                warn=warnings.append,
                progress=self._progress(task_vars),
                sessions=SESSIONS,
            )
            if found.get("failed"):
                return as_received(found, {options["token"]})
            documents += found["documents"]
            exported.append(platform)
        if not exported:
            raise EstateError([f"{platform}: {reason}" for platform, reason in skipped.items()])
        warnings += [
            f"`names` has {pattern!r}, which matches nothing on {', '.join(exported)}."
            for pattern in useless_patterns(params["names"] or (), documents)
        ]
        result = self._written(params, documents, exported)
        result["skipped_platforms"] = skipped
        return {**result, **({"warnings": warnings} if warnings else {})}

    def _options(self, platform: str, params: JsonObject) -> JsonObject:
        given = {**(params["connections"] or {}).get(platform, {}), "concurrency": params["concurrency"]}
        if params["names"]:
            given["names"] = params["names"]
        if platform == "netlify" and params["netlify_account_slugs"]:
            given["account_slugs"] = params["netlify_account_slugs"]
        if platform == "fleek" and params["fleek_team_id"]:
            given["team_id"] = params["fleek_team_id"]
        validated = ArgumentSpecValidator(**EXPORTS[platform].spec).validate(given)
        # A team that is missing is a reason to skip the platform.
        faults = [message for message in validated.error_messages if "team_id" not in message]
        if faults:
            raise EstateError([f"connections.{platform}: {fault}" for fault in faults])
        found: JsonObject = validated.validated_parameters
        return found

    # -- files ---------------------------------------------------------------------------------------------------------

    def _written(self, params: JsonObject, documents: list[Document], exported: list[str]) -> JsonObject:
        dest = params["dest"]
        texts, names = writing.texts_of(documents)
        selective = {*(exported if params["names"] else ()), *(["netlify"] if params["netlify_account_slugs"] else ())}
        whole = [platform for platform in exported if platform not in selective]
        texts[EXAMPLE] = secrets.example_of(names, _present(dest, EXAMPLE), whole)
        changes = {path: (_present(dest, path), text) for path, text in texts.items()}
        kept = writing.kept_directories(documents)
        stale = {path for path in _own_files(dest, whole) if path not in texts and not path.startswith(kept)}
        changes.update((path, (_present(dest, path), "")) for path in stale)
        changes = {path: change for path, change in changes.items() if change[0] != change[1]}
        encrypted, is_new = "", False
        if params["secrets"] == "vault":
            known = self._decrypted(os.path.join(dest, VALUES))
            values = secrets.values_of(names, known)
            is_new = values != known
            # Without a password nothing is written.
            encrypted = self._encrypted(values)
        if not self._task.check_mode:
            for path, (_before, text) in sorted(changes.items()):
                _write(dest, path, text)
            if is_new:
                _write(dest, VALUES, encrypted)
        result: JsonObject = {
            "changed": bool(changes) or is_new,
            "dest": dest,
            "files": sorted(texts),
            "changed_files": sorted([*changes, *([VALUES] if is_new else [])]),
            "counts": {"files": len(texts), "secrets": len(names.secrets)},
        }
        if self._task.diff:
            result["diff"] = [
                {"before_header": path, "after_header": path, "before": before, "after": after}
                for path, (before, after) in sorted(changes.items())
            ]
        return result

    def _encrypted(self, text: str) -> str:
        try:
            encrypted: bytes = self._loader._vault.encrypt(text.encode("utf-8"))
        except AnsibleError as error:
            hint = "Pass one, for example with --ask-vault-pass."
            raise EstateError([f"`secrets=vault` needs a vault password: {error.message}. {hint}"]) from None
        return encrypted.decode("utf-8")

    def _decrypted(self, path: str) -> str:
        """The text of an encrypted file, empty if it does not exist. Raises EstateError, since it must not be lost."""
        if not os.path.exists(path):
            return ""
        try:
            content, _source = self._loader._get_file_contents(path)
            return str(content.decode("utf-8"))
        except (AnsibleError, UnicodeDecodeError) as error:
            hint = "Pass its password, or move the file away."
            raise EstateError([f"{path} exists and cannot be decrypted: {error}. {hint}"]) from None


def _missing(platform: str, options: JsonObject) -> str:
    client = EXPORTS[platform].client
    if not options.get("token"):
        return f"no token: set the environment variable {client.TOKEN_ENV[0]}, or `connections`."
    if platform == "fleek" and not options.get("team_id"):
        return "no team: set `fleek_team_id`, or the environment variable FLEEK_TEAM_ID."
    return ""


def _present(dest: str, path: str) -> str:
    target = os.path.join(dest, path)
    if not os.path.isfile(target):
        # To read a pipe would take until somebody writes to it.
        return ""
    try:
        with open(target, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return ""


def _own_files(dest: str, exported: list[str]) -> Iterator[str]:
    """The files of earlier exports of these platforms, below the root."""
    for platform in exported:
        for directory, _subdirectories, names in os.walk(os.path.join(dest, platform)):
            for name in names:
                path = os.path.relpath(os.path.join(directory, name), dest)
                if name.endswith((".yml", ".yaml", ".graphql")) and _present(dest, path).startswith(writing.MARK):
                    yield path


def _write(dest: str, path: str, text: str) -> None:
    """An empty text deletes the file."""
    target = os.path.join(dest, path)
    try:
        if not text:
            os.remove(target)
            _remove_empty(dest, os.path.dirname(path))
            return
        _make_directory(os.path.dirname(target) or ".")
        with replacing("dest", target, mode=0o600) as file:
            file.write(text.encode("utf-8"))
    except PaasError as error:
        raise EstateError([error.message], "dest") from None
    except OSError as error:
        raise EstateError([f"`dest`: {error.filename}: {error.strerror}."], "dest") from None


def _make_directory(path: str) -> None:
    """With its parents, each readable by its owner only."""
    if path and not os.path.isdir(path):
        _make_directory(os.path.dirname(path))
        os.mkdir(path, 0o700)


def _remove_empty(dest: str, path: str) -> None:
    """Removes a directory below dest, and those around it, if nothing is in them."""
    while path and not os.listdir(os.path.join(dest, path)):
        os.rmdir(os.path.join(dest, path))
        path = os.path.dirname(path)
