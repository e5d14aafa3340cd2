# The developer's door: `make help` lists everything; CI runs the same targets.
.DEFAULT_GOAL := help
.PHONY: help demo up up-demo down test test-unit test-integration test-server test-long test-duckdb2 torture check format bench parsers-report pictures docs lock clean

PYTHON ?= python3
BIN := .venv/bin
# The lock names everything, so pip has nothing to resolve; the pip that comes with Python 3.11.7
# trips over an extra in it when it tries all the same.
INSTALL := pip install --quiet --disable-pip-version-check --no-deps

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/.runtime ## See the whole walk on a made-up press served on this machine
	@$(BIN)/pressclip demo --folder demo

up: .venv/.runtime ## Start Prefect server, worker and deployments on this machine; prints the UI's address
	@$(BIN)/pressclip server up

up-demo: .venv/.runtime ## The same on the made-up press, with a warehouse of its own; needs no internet
	@$(BIN)/pressclip server up --newsstand --warehouse demo/press.duckdb

down: .venv/.runtime ## Stop what `make up` and `make up-demo` started
	@$(BIN)/pressclip server down
	@$(BIN)/pressclip server down --warehouse demo/press.duckdb

# What is compiled once serves all processes of the tests, also where the outer world keeps nothing.
unexport PYTHONDONTWRITEBYTECODE

# tests/README.md says what the tiers are. Three at a time on two cores: half of what some tests do is
# wait for servers.
#
# Tests wait for the disk thousands of times, since what is stored is to outlive a power failure. In
# memory, where there is room for it, nobody waits.
MEMORY := $(shell test "$$(df -m --output=avail /dev/shm 2> /dev/null | tail -n 1)" -ge 6000 2> /dev/null && echo TMPDIR=/dev/shm)
TESTS := $(MEMORY) $(BIN)/python -m pytest --dist loadgroup --no-loadscope-reorder
UNIT := tests/parsers tests/flows/decisions

test: .venv/.dev ## Run all tests but the long ones: each fact once (minutes)
	$(TESTS) -n 3 -m "not long"

test-unit: .venv/.dev ## Run the tests of pure code: seconds
	$(TESTS) -n 2 -m unit $(UNIT)

test-integration: .venv/.dev ## Run those with sockets, files, processes and warehouses
	$(TESTS) -n 2 -m "integration and not long"

test-server: .venv/.dev ## Run those that start a real Prefect server
	$(TESTS) -n 2 -m "server and not long"

test-long: .venv/.dev ## Run the long ones: outages, lakes, old versions, further examples (an hour)
	OUTAGE=120 $(TESTS) -n 2 -m long
	$(TESTS) -n 2 -m unit --hypothesis-profile=explore $(UNIT)

torture: .venv/.dev ## Kill the whole walk two hundred times and compare its rows (an hour)
	$(BIN)/python -m tests.walk.torture --kills 200

test-duckdb2: .venv/.duckdb2 ## Run the warehouse's tests on DuckDB 2.0, in an environment of its own
	.venv-duckdb2/bin/python -m pytest -n 2 -m "not long" -p no:cacheprovider tests/warehouse

check: .venv/.dev ## Format, lint, types, layers and dependencies, as CI checks them
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

format: .venv/.dev ## Format the code and fix what the linter can fix
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.dev ## Measure the whole walk against bare extraction in the same run
	$(BIN)/python -m tests.benchmarks.bench_walk

parsers-report: .venv/.dev ## What each boilerplate rule removed rightly and wrongly
	$(BIN)/python -m tests.parsers.quality.report

pictures: .venv/.dev ## Make the pictures in the docs anew, of the pages of the made-up press
	@$(BIN)/pressclip demo --folder demo > /dev/null
	PICTURES=demo $(BIN)/python -m pytest tests/flows/web/pages/test_seen.py

docs: .venv/.dev ## Write the generated parts of the docs anew
	$(BIN)/python -m tests.docs

lock: .venv/.dev ## Write the lock files anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml $(LOCK) -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev $(LOCK) -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --all-extras $(LOCK) -o requirements-all.lock
	$(BIN)/uv pip compile --group pyproject.toml:build $(LOCK) -o requirements-build.lock

LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header

clean: ## Remove what demo and test made
	rm -rf demo .venv .venv-duckdb2 .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("pressclip needs Python 3.11 or newer; name one with make PYTHON=…") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing pressclip and its locked dependencies into .venv (once) …"
	@$(BIN)/python -m $(INSTALL) --require-hashes -r requirements.lock
	@$(BIN)/python -m $(INSTALL) --editable .
	@touch $@

# The locked environment but for DuckDB; the extension wheels fit the locked version only.
.venv/.duckdb2: .venv/.dev
	$(BIN)/uv venv --quiet --clear --seed --python $(BIN)/python .venv-duckdb2
	grep -vE '^ |^duckdb' requirements-dev.lock | sed 's/ \\$$//' > .venv-duckdb2/requirements.txt
	$(BIN)/uv --no-config pip install --quiet --python .venv-duckdb2/bin/python --no-deps \
		-r .venv-duckdb2/requirements.txt duckdb==2.0.0 --editable .
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	@echo "Installing pressclip and what its tests need into .venv (once) …"
	@$(BIN)/python -m $(INSTALL) --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m $(INSTALL) --editable .
	@touch $@ .venv/.runtime
