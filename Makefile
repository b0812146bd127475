# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

PYTHON ?= python3

TARGETS := bench build clean demo docs lint matrix molecule sandbox soak test vendor-cli

.PHONY: help $(TARGETS)

help:
	@echo 'make demo        deploys a real website to the sandbox, twice, and shows it served'
	@echo 'make sandbox     runs the sandbox in the foreground and prints its URLs and tokens'
	@echo 'make test        runs every check, on one ansible-core'
	@echo 'make lint        runs the checks that execute no module'
	@echo 'make docs        builds the documentation as a website in .build/docs/html/'
	@echo 'make molecule    runs the scenarios of the roles in extensions/molecule'
	@echo 'make matrix      runs sanity, units, integration and playbooks on each ansible-core from 2.16 up'
	@echo 'make soak        runs the long races and kills'
	@echo 'make bench       measures tasks, and deploys beside a plain client; best with nothing else running'
	@echo 'make vendor-cli  drives the sandbox with the vendors'\'' own command line clients'
	@echo 'make build       makes the collection tarball in .build/dist/'
	@echo 'make clean       removes all that the others made'

$(TARGETS):
	@command -v $(PYTHON) >/dev/null || { echo 'missing system package: python3 (3.11 or newer)'; exit 1; }
	@$(PYTHON) tests/tools/run.py $@
