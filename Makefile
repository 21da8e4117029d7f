.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
COMPILE := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock'

.PHONY: help install demo test durability lint bench lock schema clean

help: ## Say what each target does
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.run: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

install: $(VENV)/.run ## Install the registry into .venv

demo: $(VENV)/.run ## Load an invented organisation, once, and serve it on 127.0.0.1:8000
	@$(BIN)/registry demo

test: $(VENV)/.dev lint ## Run the whole test suite on every engine that can be had, after the linters
	$(BIN)/python -m pytest --numprocesses 2

durability: $(VENV)/.dev ## Kill each engine 100 times in mid write, and look for what was lost
	REGISTRY_TEST_ROUNDS=100 $(BIN)/python -m pytest tests/test_durability.py

lint: $(VENV)/.dev ## Check style, types and the import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports

bench: $(VENV)/.dev ## Measure the questions side by side at 10,000 and 100,000 people
	$(BIN)/python -m benchmarks

schema: $(VENV)/.run ## Write schema.graphql anew
	$(BIN)/registry schema > schema.graphql

lock: $(VENV)/.dev ## Pin every dependency with its hashes
	$(BIN)/uv pip compile $(COMPILE) --extra fast --extra build --output-file requirements.txt pyproject.toml
	$(BIN)/uv pip compile $(COMPILE) --constraint requirements.txt --output-file requirements-dev.txt requirements-dev.in

clean: ## Remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
