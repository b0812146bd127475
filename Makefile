# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

PYTHON ?= python3
RUN = @.venv/nox/bin/python tests/tools/run.py

# Sessions of noxfile.py (.venv/nox/bin/nox -l lists them), those that take longest first, so that no core is idle at the
# end. The tests of the session texts are among those of units.
LINT = sanity build-import-check ansible-lint docs-check typing texts license-check ruff changelog workflows extra-checks
LONG = contract integration molecule eda sanity units build examples build-import-check sandbox-tests kill ansible-lint
TEST = $(LONG) $(filter-out texts $(LONG),$(LINT))
MATRIX = old-pythons core-2.16 core-2.17 core-2.18 core-2.19 core-2.20 core-2.21

.PHONY: help awx bench build clean demo dev docs eda format lint live-test matrix molecule new-module publish sandbox soak test vendor-cli

help:
	@echo 'make demo        releases, changes and rolls back on each platform of the sandbox'
	@echo 'make sandbox     runs the sandbox in the foreground and prints the variables to export'
	@echo 'make dev         creates the environments in .venv; .venv/dev/bin/pytest runs the tests'
	@echo 'make new-module NAME=... [TARGET=...]  creates all files of a new module'
	@echo 'make format      formats the Python files'
	@echo 'make lint        runs the static checks'
	@echo 'make test        runs all checks with one version of ansible-core'
	@echo 'make docs        builds the documentation as a website in .build/docs/html/'
	@echo 'make molecule    runs the scenarios of the roles in extensions/molecule'
	@echo 'make awx         tests the set-up of AWX, and jobs, with AWX'\''s own packages; takes some minutes'
	@echo 'make eda         tests the event source and the rulebooks, with ansible-rulebook and Java'
	@echo 'make matrix      runs sanity, units, integration and playbooks on each ansible-core from 2.16 up, and old Pythons'
	@echo 'make soak        runs the long tests of concurrent and killed processes'
	@echo 'make live-test   runs the tasks of the guide "First run" on real accounts, and reports what differs from the sandbox'
	@echo 'make bench       runs all benchmarks and compares them with the stored results; BENCH=--quick takes minutes, see run.py'
	@echo 'make vendor-cli  tests the sandbox with the vendors'\'' own command line clients'
	@echo 'make build       builds the collection tarball in .build/dist/'
	@echo 'make publish     publishes the tarball to Ansible Galaxy; the commit needs a tag with its version'
	@echo 'make clean       removes all generated files'

.venv/nox/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed as python3")'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo 'missing system package: python3-venv'; exit 1; }
	@git --version >/dev/null || { echo 'missing system package: git'; exit 1; }
	@$(PYTHON) -m venv --clear .venv/nox
	@.venv/nox/bin/python -m pip install -qq --no-input --disable-pip-version-check \
	  $$($(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["nox"])')
	@touch $@

# The sessions of antsibull-nox use programs of the environment dev, and cannot say so.
test: dev
	$(RUN) 'make test' $(TEST)

lint: dev
	$(RUN) 'make lint' $(LINT)

matrix: .venv/nox/ready
	$(RUN) 'make matrix' $(MATRIX)
	@.venv/nox/bin/python tests/tools/support_page.py --matrix

dev: .venv/nox/ready
	$(RUN) 'make dev' dev sandbox

awx build docs eda molecule publish soak: .venv/nox/ready
	$(RUN) 'make $@' $@

format: .venv/nox/ready
	@.venv/nox/bin/nox -s formatters

bench: .venv/nox/ready
	@.venv/nox/bin/nox -s bench -- $(BENCH)

demo: .venv/nox/ready
	$(RUN) 'Prepare the demo' build sandbox
	@PATH="$(CURDIR)/.venv/dev/bin:$$PATH" SANDBOX_PYTHON="$(CURDIR)/.venv/sandbox/bin/python" \
	  tests/demo/run.sh .build/dist/*.tar.gz

sandbox: dev
	@PYTHONPATH=roles/sandbox/files .venv/sandbox/bin/python -m paas_sandbox --env-file .sandbox.env

vendor-cli: dev
	@PATH="$(CURDIR)/.venv/dev/bin:$$PATH" tests/vendor_cli/run.sh

live-test:
	@$(PYTHON) tests/live/run_live_test.py --check
	@$(MAKE) --no-print-directory .venv/nox/ready
	$(RUN) 'Prepare the live test' build sandbox
	@PATH="$(CURDIR)/.venv/dev/bin:$$PATH" SANDBOX_PYTHON="$(CURDIR)/.venv/sandbox/bin/python" \
	  .venv/dev/bin/python tests/live/run_live_test.py .build/installed .build/live-test

new-module: dev
	@.venv/dev/bin/python tests/tools/new_module.py $(NAME) $(TARGET)

clean:
	rm -rf .build .cache .venv .sandbox.env
