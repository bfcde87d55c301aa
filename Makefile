# The only interface to this project: `make` lists what it can do.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PORT ?= 8501
ADDRESS ?= 127.0.0.1
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHON CHROMIUM POSTGRESQL LIBICAL THUNDERBIRD

python := .venv/bin/python
pytest := $(python) -m pytest $(PYTEST_ARGS)
# One more than there are cores: many tests wait for a process, a server or a clock.
workers := $(shell n=$$(( $$(nproc 2> /dev/null || echo 2) + 1 )); echo $$(( n > 8 ? 8 : n )))
# Each has a server and a browser of its own.
browsers := $(shell n=$$(nproc 2> /dev/null || echo 2); echo $$(( n > 4 ? 4 : n )))
to_run := .venv/.installed-to-run
to_test := .venv/.installed-to-test
node_folders := $(patsubst %/package-lock.json,%,$(wildcard tests/*/package-lock.json tests/*/*/package-lock.json))
node_packages := $(node_folders:%=%/node_modules/.package-lock.json)

.PHONY: help setup run test test-long lint format types unit browser chromium postgresql fuse libical thunderbird bench pictures schema clean distclean

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# --- the environment --------------------------------------------------------------------------------------------

setup: $(to_run) ## Make .venv with all that the product needs (PYTHON=... chooses the Python)
	@echo "The environment is ready: make run opens the screens, make test checks everything."

$(to_run): requirements.txt
	@.ci/environment requirements.txt
	@touch $@

$(to_test): requirements-dev.txt $(to_run)
	@.ci/environment requirements-dev.txt
	@touch $@

%/node_modules/.package-lock.json: %/package.json %/package-lock.json
	@.ci/node-packages $*

chromium:
	@.ci/chromium

postgresql:
	@.ci/postgresql

fuse:
	@.ci/fuse

libical:
	@.ci/libical

thunderbird:
	@.ci/thunderbird

# --- using it ---------------------------------------------------------------------------------------------------

run: $(to_run) ## Serve the screens and feeds at http://127.0.0.1:8501 (PORT=... chooses another port)
	@exec $(python) -m planner serve --address $(ADDRESS) --port $(PORT)

# --- checking it ------------------------------------------------------------------------------------------------

test: lint types unit browser ## Check everything: lint, types, unit and property tests, browser

lint: $(to_test) ## Check style and docstrings
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .

format: $(to_test) ## Bring the code into the project's style
	@$(python) -m ruff check --fix .
	@$(python) -m ruff format .

types: $(to_test) ## Check the types
	@$(python) -m mypy

unit: $(to_test) $(node_packages) postgresql libical ## Run the unit and property tests
	@HYPOTHESIS_PROFILE=ci $(pytest) -n $(workers) --dist=worksteal -m "not e2e and not long"

browser: $(to_test) $(node_packages) chromium ## Run the tests that need a browser
	@HYPOTHESIS_PROFILE=ci $(pytest) -n $(browsers) --dist=loadfile -m "e2e and not long"

test-long: $(to_test) $(node_packages) chromium postgresql fuse libical thunderbird ## Run many more random cases, and the browser tests on PostgreSQL
	@SCREENS_ON=postgresql $(pytest) -n $(browsers) --dist=loadfile -m e2e
	@HYPOTHESIS_PROFILE=long $(pytest) -n $(workers) --dist=worksteal -m "not e2e"

bench: $(to_test) ## Measure the speed, as a table and as JSON
	@$(python) -m benchmarks
	@$(python) -m benchmarks screens

pictures: $(to_test) chromium ## Take the documentation's pictures anew
	@$(python) -m tests.ui.pictures

schema: $(to_run) ## Write the JSON Schema of the protocol file anew
	@$(python) -m planner.protocol.schema > docs/protocol.schema.json.new
	@mv docs/protocol.schema.json.new docs/protocol.schema.json

# --- tidying up -------------------------------------------------------------------------------------------------

clean: ## Remove caches and leftovers of tests
	@rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache test-results benchmarks/results
	@find . -path ./.venv -prune -o -name node_modules -prune -o -name __pycache__ -type d -exec rm -rf {} +

distclean: clean ## Remove the environment too
	@rm -rf .venv $(node_folders:%=%/node_modules)
