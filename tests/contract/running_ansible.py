# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a running Python (running_python.py) has done for the programs of Ansible: imported it, and loaded the plugins
that each run loads.

Each program has its own temporary directory, as usual.
"""

from __future__ import annotations

import atexit
import functools
import importlib
import os
import shutil
import tempfile
import warnings

from ansible import constants
from ansible.executor import module_common
from ansible.parsing.dataloader import DataLoader
from ansible.plugins import loader
from ansible.template import Templar
from ansible.utils.path import cleanup_tmp_file

IMPORTED = (
    "ansible.cli.adhoc",
    "ansible.cli.inventory",
    "ansible.cli.playbook",
    "ansible.executor.process.worker",
    "ansible.plugins.action.normal",
    "multiprocessing.popen_fork",
    "pty",
)
# One module of each platform, which pack what others pack, too.
MODULES = tuple(
    f"webops.paas.{name}"
    for name in ("netlify_deploy", "hasura_metadata", "fleek_site", "flightcontrol_environment", "verify")
)
ALL_OF = ("become", "callback", "connection", "inventory", "shell", "vars")
# Ansible compiles the files of a collection anew in each process: what all actions share, and the inventory plugins
# with their clients. The module of a task is still loaded by the run itself.
OF_COLLECTION = (
    "plugin_utils._door",
    *(f"inventory.{name}" for name in ("fleek", "flightcontrol", "hasura", "netlify")),
)
SOME_OF = {"cache": ("memory",), "strategy": ("linear",), "filter": ("default",), "test": ("defined",)}

for name in IMPORTED:
    importlib.import_module(name)
loader.init_plugin_loader()
# The program does it again, which has no effect.
warnings.filterwarnings("ignore", message="AnsibleCollectionFinder has already been configured")
for name in OF_COLLECTION:
    importlib.import_module(f"ansible_collections.webops.paas.plugins.{name}")
for kind in ALL_OF:
    list(getattr(loader, f"{kind}_loader").all(class_only=True))
for kind, names in SOME_OF.items():
    for name in names:
        getattr(loader, f"{kind}_loader").get(name, class_only=True)
# Most files are packed into every module. Before ansible-core 2.19 there is no such function.
if hasattr(module_common, "_compile_module_ast") and "TASK_RESULTS" in os.environ:
    module_common._compile_module_ast = functools.cache(module_common._compile_module_ast)
    for name in MODULES:
        path = loader.module_loader.find_plugin(name)
        templar, variables = Templar(DataLoader()), {"ansible_python_interpreter": "/usr/bin/python3"}
        module_common.modify_module(
            module_name=name, module_path=path, module_args={}, templar=templar, task_vars=variables
        )


def after_fork() -> None:
    constants.DEFAULT_LOCAL_TMP = tempfile.mkdtemp(dir=os.path.dirname(constants.DEFAULT_LOCAL_TMP))
    atexit.unregister(cleanup_tmp_file)
    atexit.register(shutil.rmtree, constants.DEFAULT_LOCAL_TMP, ignore_errors=True)
