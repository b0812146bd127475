# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  validate_certs:
    description:
      - Whether the platform's TLS certificate is verified. Switch it off for tests only.
    type: bool
    default: true
  ca_path:
    description:
      - A file or directory with the certificates of the authorities to trust, for a private authority.
    type: path
  timeout:
    description:
      - Seconds that one request may take.
    type: float
    default: 30
  retries:
    description:
      - How often one request is repeated after a passing fault (connection lost, 408, 425, 429, 5xx).
      - A request that may have been processed and must not be sent twice is looked up instead.
    type: int
    default: 5
  deadline:
    description:
      - Seconds that all requests of the task may take together, waiting for rate limits included.
      - When the platform asks to wait longer than that, the task fails at once and names the time.
    type: float
    default: 1800
requirements:
  - requests
notes:
  - A token that stands in a task's C(environment) is printed by ansible-core itself at C(-vvv); set it in the
    environment of the controller or of the job template, or give the option from a vaulted variable.
"""

    # For modules that look at any URL and have no API of their own.
    VISIT = r"""
options:
  validate_certs:
    description:
      - Whether TLS certificates are verified. Switch it off for tests only.
    type: bool
    default: true
  ca_path:
    description:
      - A file or directory with the certificates of the authorities to trust, for a private authority.
    type: path
  timeout:
    description:
      - Seconds that one request may take.
    type: float
    default: 30
  deadline:
    description:
      - Seconds that all requests of the task may take together.
    type: float
    default: 1800
requirements:
  - requests
"""
