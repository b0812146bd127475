# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter drift_report: a result of C(webops.paas.apply) for people and for machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.webops.paas.plugins.plugin_utils._estate.drift import FORMATS
from ansible_collections.webops.paas.plugins.plugin_utils._release.base import plain


def drift_report(result: Mapping[str, Any], format: str) -> str:
    if format not in FORMATS:
        raise AnsibleFilterError(f"`format` must be one of {', '.join(FORMATS)}, got {format!r}.")
    return FORMATS[format](plain(result))


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"drift_report": drift_report}
