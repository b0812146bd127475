# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  validate_certs:
    description:
      - Whether to verify the TLS certificate of the platform. Disable it for tests only.
    type: bool
    default: true
  ca_path:
    description:
      - Path of a file or directory with the CA certificates to trust, for example those of a private CA.
    type: path
  timeout:
    description:
      - Maximum time of one request, in seconds.
    type: float
    default: 30
  retries:
    description:
      - Maximum number of retries of one request after a temporary failure (lost connection, status 408, 425, 429 or
        5xx).
      - If the platform states when a rate limit ends, waiting for it does not count as a retry. O(deadline) limits it.
        With V(0), a request that reaches a rate limit fails at once.
      - If the platform may have processed a request that must not be sent twice, the module checks whether the request
        took effect before retrying.
    type: int
    default: 5
  deadline:
    description:
      - Maximum time of all requests of the task together, in seconds. Waiting for rate limits counts too.
      - If the platform asks to wait longer, the task fails at once, and its message names the time.
    type: float
    default: 1800
requirements:
  - requests
notes:
  - At C(-vvv), ansible-core prints the C(environment) of a task, including a token in it. Set the token in the
    environment of the controller or of the job template, or set the option from a vaulted variable.
"""

    # Options of inventory and lookup plugins, with the same meaning as those of the modules.
    PLUGIN = r"""
options:
  validate_certs:
    description:
      - Whether to verify the TLS certificate of the platform. Disable it for tests only.
    type: bool
    default: true
  ca_path:
    description:
      - Path of a file or directory with the CA certificates to trust, for example those of a private CA.
    type: path
  timeout:
    description:
      - Maximum time of one request, in seconds.
    type: float
    default: 30
  retries:
    description:
      - Maximum number of retries of one request after a temporary failure (lost connection, status 408, 425, 429 or
        5xx).
    type: int
    default: 5
  deadline:
    description:
      - Maximum time of all requests together, in seconds; of a lookup, of those for one name. Waiting for rate limits
        counts too.
      - If the platform asks to wait longer, the plugin fails at once, and its message names the time.
    type: float
    default: 1800
requirements:
  - requests
"""

    # What lookup plugins have in common otherwise.
    LOOKUP = r"""
options: {}
notes:
  - The plugin runs on the controller, where it reads the environment variables. Defaults from C(module_defaults) do not
    apply.
  - Ansible evaluates a variable again in each task that uses it, and the plugin sends its requests each time. To send
    them once, keep the value with M(ansible.builtin.set_fact).
  - In check mode, what an earlier task would create does not exist yet, so the plugin fails. With C(errors='ignore') it
    returns an empty value instead.
"""

    # For modules that request any URL and have no API of their own.
    VISIT = r"""
options:
  validate_certs:
    description:
      - Whether to verify TLS certificates. Disable it for tests only.
    type: bool
    default: true
  ca_path:
    description:
      - Path of a file or directory with the CA certificates to trust, for example those of a private CA.
    type: path
  timeout:
    description:
      - Maximum time of one request, in seconds.
    type: float
    default: 30
  deadline:
    description:
      - Maximum time of all requests of the task together, in seconds.
    type: float
    default: 1800
requirements:
  - requests
"""
