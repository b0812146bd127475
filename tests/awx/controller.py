# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A controller for the tests: the part of AWX's API that webops.paas.awx_setup uses.

It follows AWX 24.6.1 (awx/api/serializers.py, awx/api/filters.py), with one difference: AWX ignores fields of a request
that it does not know, and this controller refuses them, so that no setting is silently without effect.
"""

from __future__ import annotations

import json
import pathlib
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import credential_schema
import surveys
from kinds import KINDS, LISTED_AS_TEMPLATES, LISTS, READ_ONLY, ROOT, Field

TOKEN = "awx-token-4f1d0c"
PASSWORD = "awx-password"
ENCRYPTED = "$encrypted$"
Json = dict[str, Any]


class Refused(Exception):
    """A response that is not a success."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status, body)
        self.status, self.body = status, body


class Controller:
    """An AWX with one organization.

    repositories: {URL: the directory that a project from it has}.
    """

    def __init__(self, repositories: dict[str, pathlib.Path]) -> None:
        self.repositories = repositories
        self.objects: dict[str, dict[int, Json]] = {kind: {} for kind in KINDS}
        self.related: dict[tuple[str, int, str], list[int]] = {}
        self.surveys: dict[tuple[str, int], Json] = {}
        self.jobs: list[Json] = []
        self.writes: list[str] = []
        self._last = 0
        self._lock = threading.Lock()
        self.create("organizations", {"name": "Default"})
        self.create("organizations", {"name": "Other"})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def named(self, kind: str, name: str) -> Json:
        """The object as it is stored, with the secrets of a credential."""
        return next(
            found for found in self.objects[kind].values() if found.get("name", found.get("identifier")) == name
        )

    # -- objects -------------------------------------------------------------------------------------------------------

    def create(self, kind: str, body: Json) -> Json:
        """The stored object."""
        return self._save(kind, None, body)

    def _save(self, kind: str, present: Json | None, body: Json) -> Json:
        type_, fields, unique = KINDS[kind]
        # AWX takes the organization of a job template from its project.
        ignored = READ_ONLY + (("organization",) if kind == "job_templates" else ())
        given = {name: value for name, value in body.items() if name not in ignored}
        errors = {name: ["Unknown field."] for name in given if name not in fields}
        for name, field in fields.items():
            if name in given:
                if problem := self._problem(field, given[name]):
                    errors[name] = [problem]
            elif field.required and present is None:
                errors[name] = ["This field is required."]
        if errors:
            raise Refused(400, errors)
        merged = {**{name: field.default for name, field in fields.items()}, **(present or {}), **given}
        self._check(kind, merged, present)
        if kind == "job_templates":
            merged["organization"] = self.objects["projects"][merged["project"]]["organization"]
        if kind == "inventory_sources":
            merged["organization"] = self.objects["inventories"][merged["inventory"]]["organization"]
        for other in self.objects[kind].values():
            same = unique and all(other[name] == merged[name] for name in unique)
            if same and other["id"] != merged.get("id"):
                raise Refused(
                    400, {"__all__": [f"{type_} with this ({', '.join(unique)}) combination already exists."]}
                )
        if present is None:
            self._last += 1
            merged["id"] = self._last
        if kind == "credentials":
            # A secret that was not sent again keeps its value.
            former = (present or {}).get("inputs", {})
            merged["inputs"] = {
                name: former.get(name) if value == ENCRYPTED else value for name, value in merged["inputs"].items()
            }
        self.objects[kind][merged["id"]] = merged
        return merged

    def _problem(self, field: Field, value: Any) -> str | None:
        if value is None:
            return None if field.null else "This field may not be null."
        if not isinstance(value, field.type) or (field.type is int and isinstance(value, bool)):
            return f"Incorrect type. Expected {field.type.__name__}, but got {type(value).__name__}."
        if field.required and value == "":
            return "This field may not be blank."
        if field.choices is not None and value not in field.choices:
            return f'"{value}" is not a valid choice.'
        if field.to is not None and value not in self._all(field.to):
            return f'Invalid pk "{value}" - object does not exist.'
        return None

    def _all(self, kind: str) -> dict[int, Json]:
        if kind != "unified_job_templates":
            return self.objects[kind]
        return {key: value for name in LISTED_AS_TEMPLATES for key, value in self.objects[name].items()}

    def _check(self, kind: str, new: Json, present: Json | None) -> None:
        """The rules of several fields."""
        if kind == "execution_environments" and present and new["organization"] not in (None, present["organization"]):
            raise Refused(400, {"organization": ["Cannot change the organization of an execution environment"]})
        if kind == "credential_types":
            if problems := credential_schema.problems_of_type(new["inputs"], new["injectors"]):
                raise Refused(400, problems)
            in_use = any(item["credential_type"] == new.get("id") for item in self.objects["credentials"].values())
            if in_use and present and present["inputs"] != new["inputs"]:
                detail = "Modifications to inputs are not allowed for credential types that are in use"
                raise Refused(403, {"detail": detail})
        if kind == "credentials":
            if new["organization"] is None and present is None:
                raise Refused(400, {"detail": "Missing 'user', 'team', or 'organization'."})
            inputs = self.objects["credential_types"][new["credential_type"]]["inputs"]
            if found := credential_schema.problems_of_inputs(inputs, new["inputs"]):
                raise Refused(400, {"inputs": found})
        if kind == "projects" and new["scm_type"] == "" and new["scm_update_on_launch"]:
            raise Refused(400, {"scm_update_on_launch": ["Update options must be set to false for manual projects."]})
        if kind == "inventory_sources":
            project = self.objects["projects"].get(new["source_project"])
            if new["source"] == "scm" and project is None:
                raise Refused(400, {"source_project": ["Project required for scm type sources."]})
            if project is not None and project["scm_type"] == "":
                raise Refused(400, {"source_project": ["Cannot use manual project for SCM-based inventory."]})
        if kind == "job_templates":
            project = self.objects["projects"].get(new["project"])
            if project is None:
                raise Refused(400, {"project": ["This field is required."]})
            if new["playbook"] not in self.playbooks(project):
                raise Refused(400, {"playbook": ["Playbook not found for project."]})
            if new["inventory"] is None and not new["ask_inventory_on_launch"]:
                detail = "Job Template must provide 'inventory' or allow prompting for it."
                raise Refused(400, {"inventory": [detail]})
        if kind == "schedules" and not re.fullmatch(
            r"DTSTART(;TZID=[\w/]+:\d{8}T\d{6}|:\d{8}T\d{6}Z) RRULE:(?=\S*INTERVAL=\d)\S+", new["rrule"]
        ):
            raise Refused(400, {"rrule": ["Valid DTSTART and RRULE with INTERVAL required in rrule."]})

    def playbooks(self, project: Json) -> list[str]:
        """The files of its repository that AWX lists as playbooks."""
        directory = self.repositories.get(project["scm_url"])
        files = sorted(directory.rglob("*.yml")) if directory else []
        pattern = re.compile(r"^\s*-?\s*(hosts|(ansible\.builtin\.)?import_playbook):", re.MULTILINE)
        return [str(path.relative_to(directory)) for path in files if directory and pattern.search(path.read_text())]

    def shown(self, kind: str, found: Json) -> Json:
        """The object as the API returns it."""
        if kind == "unified_job_templates":
            kind = next(name for name in LISTED_AS_TEMPLATES if found["id"] in self.objects[name])
        url = f"{ROOT}{kind}/{found['id']}/"
        related = {name: f"{url}{name}/" for name in ("survey_spec", "launch", "update", *LISTS.get(kind, {}))}
        if kind == "workflow_job_template_nodes" and found["unified_job_template"] is not None:
            key = found["unified_job_template"]
            related["unified_job_template"] = next(
                f"{ROOT}{name}/{key}/"
                for name in (*LISTED_AS_TEMPLATES, "workflow_approval_templates")
                if key in self.objects[name]
            )
        shown = {**found, "type": KINDS[kind][0], "url": url, "related": related, "summary_fields": {}}
        if kind == "credentials":
            inputs = self.objects["credential_types"][found["credential_type"]]["inputs"]
            secret = {field["id"] for field in inputs["fields"] if field.get("secret")}
            shown["inputs"] = {
                name: ENCRYPTED if name in secret and value else value for name, value in found["inputs"].items()
            }
        if kind == "credential_types":
            shown["managed"] = False
        if kind == "projects":
            shown["scm_revision"] = "" if found["scm_type"] == "" else "0" * 40
            if found["scm_type"]:
                shown["summary_fields"] = {"current_update": {"id": found["id"]}}
        return shown

    # -- requests ------------------------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, query: list[tuple[str, str]], body: Any) -> tuple[int, Json | None]:
        """(status, JSON)"""
        if method != "GET":
            self.writes.append(f"{method} {path}")
        parts = path.strip("/").split("/")
        kind = parts[0]
        if kind == "tokens":
            return (201, {"id": 1, "token": TOKEN}) if method == "POST" else (204, None)
        if kind == "project_updates" and len(parts) == 2:
            project = self.objects["projects"][int(parts[1])]
            done = "successful" if project["scm_url"] in self.repositories else "failed"
            return 200, {
                "id": project["id"],
                "status": done,
                "finished": "2026-01-01T00:00:00Z",
                "failed": done == "failed",
            }
        if len(parts) == 1 and kind in (*KINDS, "unified_job_templates") and kind != "workflow_approval_templates":
            if method == "GET":
                return 200, self._page(kind, query)
            if method == "POST" and kind in KINDS:
                return 201, self.shown(kind, self.create(kind, body))
            raise Refused(405, {"detail": f'Method "{method}" not allowed.'})
        if kind not in KINDS or len(parts) < 2 or not parts[1].isdigit() or int(parts[1]) not in self.objects[kind]:
            raise Refused(404, {"detail": "The requested resource could not be found."})
        present = self.objects[kind][int(parts[1])]
        if len(parts) == 2:
            if method == "PATCH":
                present = self._save(kind, present, body)
            elif method != "GET":
                raise Refused(405, {"detail": f'Method "{method}" not allowed.'})
            return 200, self.shown(kind, present)
        return self._below(method, kind, present, parts[2], query, body)

    def _below(
        self, method: str, kind: str, present: Json, name: str, query: list[tuple[str, str]], body: Any
    ) -> tuple[int, Json | None]:
        key = present["id"]
        if name in LISTS.get(kind, {}):
            other, ids = LISTS[kind][name], self.related.setdefault((kind, key, name), [])
            if method == "GET":
                return 200, self._page(other, query, ids)
            if body.get("disassociate"):
                ids.remove(body["id"])
            else:
                self._associate(kind, name, other, ids, body["id"])
            return 204, None
        if name == "survey_spec" and kind in ("job_templates", "workflow_job_templates"):
            if method == "GET":
                return 200, self.surveys.get((kind, key), {})
            if method == "POST" and (problem := surveys.problem_of_spec(body)):
                raise Refused(400, {"error": problem})
            self.surveys[(kind, key)] = body if method == "POST" else {}
            return 200, {}
        if name == "launch" and kind in ("job_templates", "workflow_job_templates") and method == "POST":
            return 201, self._launch(kind, present, body)
        if name == "create_approval_template" and kind == "workflow_job_template_nodes" and method == "POST":
            approval = self.create("workflow_approval_templates", body)
            present["unified_job_template"] = approval["id"]
            return 201, self.shown("workflow_approval_templates", approval)
        raise Refused(404, {"detail": "The requested resource could not be found."})

    def _associate(self, kind: str, name: str, other: str, ids: list[int], key: int) -> None:
        if key not in self.objects[other]:
            raise Refused(400, {"msg": f"{other} {key} does not exist."})
        types = [self.objects[other][item].get("credential_type") for item in (*ids, key)]
        if name == "credentials" and len(set(types)) < len(types):
            raise Refused(400, {"error": "Cannot assign multiple credentials of the same type."})
        ids.append(key)

    def _launch(self, kind: str, present: Json, body: Json) -> Json:
        answers = body.get("extra_vars") or {}
        spec = self.surveys.get((kind, present["id"]), {}) if present["survey_enabled"] else {}
        errors: Json = {}
        if problems := surveys.problems_of_answers(spec, answers):
            errors["variables_needed_to_start"] = problems
        known = {question["variable"] for question in spec.get("spec", [])}
        if not present["ask_variables_on_launch"] and (unknown := sorted(answers.keys() - known)):
            errors["extra_vars"] = [f"Variables {', '.join(unknown)} are not allowed on launch."]
        if errors:
            raise Refused(400, errors)
        self._last += 1
        job = {"id": self._last, "template": present["id"], "extra_vars": {**surveys.defaults(spec), **answers}}
        self.jobs.append(job)
        return {**job, "status": "pending", "type": "job", "url": f"{ROOT}jobs/{job['id']}/"}

    def _page(self, kind: str, query: list[tuple[str, str]], ids: list[int] | None = None) -> Json:
        """A page of the objects that the query selects."""
        known = ("id", "type", "organization", *(KINDS[kind][1] if kind in KINDS else ("name",)))
        page, size, ways = 1, 25, list[Callable[[Json], bool]]()
        either: list[tuple[str, str]] = []
        for name, value in query:
            field = name.removeprefix("or__")
            if name in ("page", "page_size"):
                page, size = (int(value), size) if name == "page" else (page, int(value))
            elif field not in known:
                raise Refused(400, {"detail": f"{kind} has no field named '{field}'"})
            elif name != field:
                either.append((field, value))
            else:
                ways.append(lambda item, field=field, value=value: str(item.get(field)) == value)
        if either:
            ways.append(lambda item: any(str(item.get(field)) == value for field, value in either))
        shown = [self.shown(kind, item) for key, item in self._all(kind).items() if ids is None or key in ids]
        chosen = [item for item in shown if all(way(item) for way in ways)]
        others = "&".join(f"{name}={value}" for name, value in query if name != "page")
        is_last = page * size >= len(chosen)
        return {
            "count": len(chosen),
            "next": None if is_last else f"{ROOT}{kind}/?{others}&page={page + 1}",
            "previous": None,
            "results": chosen[(page - 1) * size : page * size],
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        controller = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def respond(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                content = self.rfile.read(length)
                url = urlsplit(self.path)
                try:
                    allowed = (f"Bearer {TOKEN}",)
                    is_login = url.path == f"{ROOT}tokens/" and self.headers.get("Authorization", "").startswith(
                        "Basic "
                    )
                    if self.headers.get("Authorization") not in allowed and not is_login:
                        raise Refused(401, {"detail": "Authentication credentials were not provided."})
                    if not url.path.startswith(ROOT):
                        raise Refused(404, {"detail": "The requested resource could not be found."})
                    body = json.loads(content) if content else {}
                    with controller._lock:
                        status, result = controller.answer(
                            self.command, url.path.removeprefix(ROOT), parse_qsl(url.query), body
                        )
                except Refused as refused:
                    status, result = refused.status, refused.body
                data = b"" if result is None else json.dumps(result).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.send_header("X-API-Product-Name", "AWX")
                self.send_header("X-API-Product-Version", "24.6.1")
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_DELETE = respond

            def log_message(self, format: str, *args: Any) -> None:
                return

        return Handler
