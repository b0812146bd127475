# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX accepts as a survey, and as its answers when a job is launched.

Rules: AWX, awx/api/views/__init__.py (JobTemplateSurveySpec) and awx/main/models/mixins.py of 24.6.1.
"""

from __future__ import annotations

from typing import Any

DEFAULTS: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "textarea": str,
    "password": str,
    "multiplechoice": str,
    "multiselect": (list, str),
    "integer": int,
    "float": (float, int),
}


def problem_of_spec(spec: Any) -> str | None:
    """The first thing that AWX refuses."""
    for field, kind in (("name", str), ("description", str), ("spec", list)):
        if not isinstance(spec, dict) or not isinstance(spec.get(field), kind):
            return f"Field '{field}' is missing from survey spec, or of another type."
    if not spec["spec"]:
        return "'spec' doesn't contain any items."
    variables: set[str] = set()
    for index, question in enumerate(spec["spec"]):
        for field, kind in (("type", str), ("question_name", str), ("variable", str), ("required", bool)):
            if not isinstance(question.get(field), kind):
                return f"'{field}' missing from survey question {index}, or of another type."
        if question["variable"] in variables:
            return f"'variable' '{question['variable']}' duplicated in survey question {index}."
        variables.add(question["variable"])
        if question["type"] not in DEFAULTS:
            return f"'{question['type']}' in survey question {index} is not one of '{', '.join(DEFAULTS)}'."
        default = question.get("default", "")
        if default != "" and not isinstance(default, DEFAULTS[question["type"]]):
            return f"Default value {default} in survey question {index} expected to be of type {question['type']}."
        if any(question.get(limit) is not None and not isinstance(question[limit], int) for limit in ("min", "max")):
            return f"The min or max limit in survey question {index} expected to be integer."
        if question["type"] in ("multiplechoice", "multiselect"):
            if "choices" not in question:
                return f"Survey question {index} of type {question['type']} must specify choices."
            if any(chosen not in choices(question) for chosen in str(default).splitlines()):
                return "Default choice must be answered from the choices listed."
    return None


def choices(question: dict[str, Any]) -> list[str]:
    given = question["choices"]
    return [line for line in given.splitlines() if line.strip()] if isinstance(given, str) else list(given)


def problems_of_answers(spec: dict[str, Any], answers: dict[str, Any]) -> list[str]:
    """Each message names the variable."""
    found = []
    for question in spec.get("spec", []):
        variable, kind = question["variable"], question["type"]
        if variable not in answers:
            if question["required"]:
                found.append(f"'{variable}' value missing")
            continue
        value = answers[variable]
        if kind in ("text", "textarea", "password"):
            if not isinstance(value, str):
                found.append(f"Value {value} for '{variable}' expected to be a string.")
            else:
                found += beyond(question, len(value), f"'{variable}' value {value}")
        elif kind in ("integer", "float"):
            if type(value) not in ((int,) if kind == "integer" else (int, float)):
                found.append(f"Value {value} for '{variable}' expected to be a number.")
            else:
                found += beyond(question, value, f"'{variable}' value {value}")
        else:
            given = value if kind == "multiselect" and isinstance(value, list) else [value]
            found += [
                f"Value {item} for '{variable}' expected to be one of {choices(question)}."
                for item in given
                if item not in choices(question)
            ]
    return found


def beyond(question: dict[str, Any], size: float, what: str) -> list[str]:
    found = []
    if question.get("min") is not None and size < question["min"]:
        found.append(f"{what} is too small (must be at least {question['min']}).")
    if question.get("max") is not None and size > question["max"]:
        found.append(f"{what} is too large (must be no more than {question['max']}).")
    return found


def defaults(spec: dict[str, Any]) -> dict[str, Any]:
    """The answers that AWX adds when they are not given: those that are valid answers themselves."""
    return {
        question["variable"]: question["default"]
        for question in spec.get("spec", [])
        if question.get("default") is not None
        and not problems_of_answers({"spec": [question]}, {question["variable"]: question["default"]})
    }
