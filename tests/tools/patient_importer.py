# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""galaxy-importer with the ansible-lint of quick_lint.py and all rules, so that nothing checks these files again.

    patient_importer.py TARBALL

The importer itself omits some rules, and limits ansible-lint to 180 s. How long that takes depends on what else the
machine does, so its CPU time is printed instead.
"""

from __future__ import annotations

import resource
import runpy
import subprocess
import sys
from pathlib import Path

QUICK_LINT = Path(__file__).with_name("quick_lint.py")
# Not part of the tarball.
YAMLLINT = Path(__file__).resolve().parents[2] / ".yamllint"


def used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class PatientProcess(subprocess.Popen):
    """Runs ansible-lint as the session ansible-lint runs it, and every other command as it is."""

    def __init__(self, args, **options) -> None:
        self.lints = "ansible-lint" in args
        if self.lints:
            program, omitted = args.index("ansible-lint"), args.index("-x")
            words = [*args[program + 1 : omitted], *args[omitted + 2 :], "--yamllint-file", YAMLLINT]
            args = [*args[:program], sys.executable, QUICK_LINT, *words]
        super().__init__(args, **options)

    def communicate(self, input=None, timeout=None):
        if not self.lints:
            return super().communicate(input, timeout)
        before = used()
        output = super().communicate(input)
        print(f"CPU time of ansible-lint: {used() - before:.0f} s", flush=True)
        return output


subprocess.Popen = PatientProcess
runpy.run_module("galaxy_importer.main", run_name="__main__")
