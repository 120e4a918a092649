# make            what there is to do
# make run        the sample shop, from nothing to a dashboard
# make test       everything that must hold
#
# OMNIX_HOME=DIR chooses another home folder, SAMPLE=small|large another shop, PYTHON=… an interpreter.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Without byte code every start imports three times as slowly.
unexport PYTHONDONTWRITEBYTECODE
# A folder on these paths would shadow what .venv holds.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

VENV ?= .venv
OMNIX_HOME ?= omnix-home
SAMPLE ?= medium
PORT ?= 8000
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
EXTRAS := mysql,postgres,deep,prophet,mlflow
TEST_EXTRAS := dev,$(EXTRAS),dagster
# First and alone: what depends on torch would take the newest one, with two gigabytes of CUDA.
TORCH ?= torch==2.13.0

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

.PHONY: setup
setup: $(VENV)/.installed ## install omnix into .venv

.PHONY: run
run: setup dashboard ## make the sample shop and its tables in ./omnix-home, then serve them
	@export OMNIX_HOME="$(OMNIX_HOME)"
	if [ ! -e "$(OMNIX_HOME)/omnix.toml" ]; then $(BIN)/omnix init --sample "$(SAMPLE)"; fi
	$(BIN)/omnix run
	printf '\nIn the terminal (with OMNIX_HOME=%s):\n' "$(OMNIX_HOME)"
	printf '  %-42s %s\n' \
		"$(BIN)/omnix tables" "every table, its rows and its age" \
		"$(BIN)/omnix show sales_daily" "what was sold, day by day" \
		"$(BIN)/omnix lineage sales_daily" "where each of its columns comes from" \
		"$(BIN)/omnix quality" "how good the shop's data is" \
		"docs/quickstart.md" "the same with your own shop"
	printf '\n'
	exec $(BIN)/omnix serve --port "$(PORT)" --quiet

.PHONY: dashboard
dashboard: ## build the dashboard, when Node.js is there
	@if ! command -v npm >/dev/null; then
		echo "Node.js is not installed: the API starts, the dashboard stays as it is. (Debian: apt-get install nodejs npm)"
	else
		$(MAKE) $(DASHBOARD)
	fi

.PHONY: test
test: setup-test check check-dashboard ## lint, types, layers, every test and the documentation's
	@$(BIN)/python -m pytest

.PHONY: check
check: $(VENV)/.installed-test ## lint, format, types and layers only
	@echo "ruff"; $(BIN)/ruff check --quiet && $(BIN)/ruff format --check --quiet \
		|| { $(BIN)/ruff format --check || true; exit 1; }
	echo "mypy"; $(BIN)/mypy --no-error-summary
	echo "layers"; out="$$($(BIN)/lint-imports 2>&1)" || { echo "$$out"; exit 1; }

.PHONY: check-dashboard
check-dashboard: dashboard ## lint, types, unit tests and size of the dashboard
	@if ! command -v npm >/dev/null; then echo "npm is not installed: the dashboard is not checked"; exit 0; fi
	cd frontend
	echo "client"; npx openapi-typescript ../docs/openapi.json -o node_modules/.schema.d.ts >/dev/null
	cmp node_modules/.schema.d.ts src/api/schema.d.ts || { echo "run \`make docs\` and \`npm run client\`" >&2; exit 1; }
	echo "eslint"; npm run --silent lint
	echo "tsc"; npm run --silent typecheck
	echo "vitest"; npm run --silent test
	echo "size"; npm run --silent size

.PHONY: screenshots
screenshots: setup-test dashboard ## take the pictures of the documentation again
	@$(BIN)/python -m docs.screenshots

.PHONY: bench
bench: $(VENV)/.installed-test ## measure speed and memory; results in benchmarks/results
	@$(BIN)/python -m benchmarks

.PHONY: docs
docs: setup ## write the generated parts of the documentation again
	@$(BIN)/python docs/generate.py

.PHONY: clean
clean: ## remove .venv and caches; the home folder stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

# What is installed is remembered by these two files; a changed pyproject.toml installs again.

$(VENV)/.installed: pyproject.toml
	@$(find-python)
	echo "Installing omnix into $(VENV) (a few minutes the first time)"
	$(PIP) '$(TORCH)'
	$(PIP) --editable '.[$(EXTRAS)]'
	touch $@

$(VENV)/.installed-test: pyproject.toml
	@$(find-python)
	echo "Installing omnix and its test tools into $(VENV) (a few minutes the first time)"
	$(PIP) '$(TORCH)'
	$(PIP) --editable '.[$(TEST_EXTRAS)]'
	touch $@ $(VENV)/.installed

.PHONY: setup-test
setup-test: $(VENV)/.installed-test servers ## install what the tests need as well

# The dashboard is built again whenever one of its sources is newer.
DASHBOARD := src/omnix/api/dashboard/index.html
$(DASHBOARD): frontend/node_modules/.package-lock.json $(shell find frontend/src frontend/public frontend/index.html frontend/vite.config.ts -type f 2>/dev/null)
	@echo "Building the dashboard"
	cd frontend && npm run --silent build
	touch $(CURDIR)/$@

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	@echo "Installing what the dashboard is made of"
	cd frontend && npm ci --silent --no-audit --no-fund
	touch $(CURDIR)/$@

# Tests against real servers start private ones from Debian's packages; none is left running.
.PHONY: servers
servers:
	@missing=
	compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing="postgresql"
	PATH="$$PATH:/usr/sbin" command -v mariadbd >/dev/null || missing="$$missing mariadb-server"
	command -v chromium >/dev/null || missing="$$missing chromium"
	command -v npm >/dev/null || missing="$$missing nodejs npm"
	if [ -z "$$missing" ]; then exit 0; fi
	if ! command -v apt-get >/dev/null || [ "$$(id -u)" != 0 ]; then
		echo "Not installed:$${missing:+ }$$missing (needs root and apt-get). Tests that need them will skip."
		exit 0
	fi
	echo "Installing $$missing for the tests"
	export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
	apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends $$missing >/dev/null 2>&1 \
		|| echo "apt-get could not install $$missing. Tests that need them will skip."

define find-python
if [ ! -x $(BIN)/python ]; then
	for each in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do
		if "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found="$$each"; break; fi
	done
	if [ -z "$${found:-}" ]; then
		echo "omnix needs Python 3.11 or newer; $$(python3 --version 2>/dev/null || echo 'there is no python3') here." >&2
		echo "Install it (Debian: apt-get install python3 python3-venv), or name one: make PYTHON=/path/to/python3.12" >&2
		exit 1
	fi
	"$$found" -m venv $(VENV) || { echo "$$found cannot make a virtual environment. Debian: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }
fi
endef
