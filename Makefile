# Two commands to begin with: `make demo` shows a fleet move, `make test` runs everything. Nothing outside this directory is
# changed; `make clean` removes what was made.
PYTHON ?= python3
BIN := .venv/bin
# every target works from a fresh clone: the environment is made on first use and kept while the pins stay the same
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONPATH := $(CURDIR)/build/collections
GATES := $(BIN)/python tests/gates/run.py

.DEFAULT_GOAL := help
.PHONY: help venv demo screenshots test lint unit sanity faults bench profile molecule docs findings differences returns build changelog lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: ## .venv with everything pinned, and the link that makes wabiz.migration importable
	@$(PYTHON) tests/gates/environments.py main

demo: venv ## an example fleet moves from the On-Premises API to the Cloud API, canary first
	@$(BIN)/python tests/demo/run.py

screenshots: venv ## pictures of the report for README.md, in docs/images; needs chromium and chromedriver
	@$(BIN)/python tests/gates/supplies.py
	@$(BIN)/python tests/demo/screenshots.py

test: ## all gates; ONLY="ruff pytest" runs some
	@$(PYTHON) tests/gates/environments.py all
	@$(GATES) $(ONLY)

lint: venv ## ruff, mypy, yamllint
	@$(GATES) ruff mypy yamllint

unit: venv ## unit and integration tests; ARGS="-k name" is handed to pytest
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

sanity: ## ansible-test sanity on the oldest and the newest tested ansible-core
	@$(PYTHON) tests/gates/environments.py all
	@$(GATES) sanity-2.19 sanity-2.21 sanity-py38

faults: venv ## the kill and fault matrices and the guard check, about half an hour; build/faults.json says what came of them
	@PYTHONPATH=$(PYTHONPATH):roles/simulator/files $(BIN)/python -m ansible_collections.wabiz.migration.tests.faults.run $(ARGS)

bench: venv ## the playbook beside a uri playbook and plain threads, some minutes; ARGS="--numbers 5000" for one large fleet
	@PYTHONPATH=$(PYTHONPATH):roles/simulator/files $(BIN)/python -m ansible_collections.wabiz.migration.tests.bench.run $(ARGS)

profile: venv ## where the CPU of the playbook goes, in its parent process and its workers; ARGS="--numbers 20 --ssh"
	@PYTHONPATH=$(PYTHONPATH):roles/simulator/files $(BIN)/python -m ansible_collections.wabiz.migration.tests.bench.cpu_profile $(ARGS)

molecule: venv ## the scenarios in extensions/molecule
	@$(GATES) molecule

docs: venv ## the documentation as HTML, in build/docs/html
	@$(BIN)/python tests/gates/docs.py

findings: venv ## docs/findings, one page for each finding of the catalogue
	@$(BIN)/python tests/gates/findings.py

differences: venv ## docs/differences.md, from the rules of wa_lint
	@$(BIN)/python tests/gates/differences.py

returns: venv ## the return values that modules share, written into each module
	@$(BIN)/python tests/gates/returns.py

build: venv ## the collection's tarball, in build/dist
	@$(BIN)/python tests/gates/artifact.py

changelog: venv ## take the modules and roles into the changelog anew, and write CHANGELOG.rst
	@ANSIBLE_COLLECTIONS_PATH=build/collections $(BIN)/antsibull-changelog release --update-existing --reload-plugins --refresh-plugins

lock: venv ## pin anew what requirements/*.in allow
	@$(BIN)/python tests/gates/environments.py lock

clean: ## remove what was made
	rm -rf .venv build tests/output .ansible
