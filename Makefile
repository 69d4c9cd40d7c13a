# Two commands set everything up: make demo, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export JIEFA_HOME ?= $(CURDIR)/var

.PHONY: install demo test check bench clean lock screenshots
.DEFAULT_GOAL := demo

$(VENV)/.python: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-installer.lock
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

node_modules/.installed: package.json package-lock.json .npmrc
	npm ci --ignore-scripts --no-audit --no-fund --silent
	touch $@

SITE := $(shell find src/jiefa/site -name '*.html' -o -name '*.py') $(wildcard src/jiefa/locale/*/LC_MESSAGES/*.po)

$(VENV)/.assets: $(VENV)/.python node_modules/.installed $(wildcard assets/*.py) $(SITE)
	$(BIN)/python assets/build.py
	$(BIN)/python assets/translations.py compile
	touch $@

install: $(VENV)/.assets ## environment in .venv with the jiefa command

demo: install ## a synthetic Guizhou at 1/100, then the server on http://127.0.0.1:8000
	$(BIN)/jiefa demo --scale 0.01 --seed 2015
	$(BIN)/jiefa serve

test: install ## the whole test suite
	$(BIN)/python -m tests.suite

check: install ## style, types, layers, templates, migrations, translations
	$(BIN)/ruff check src tests benchmarks assets
	$(BIN)/ruff format --check src tests benchmarks assets
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files '*.html')
	$(BIN)/django-upgrade --target-version 5.2 --check $$(git ls-files 'src/*.py')
	$(BIN)/jiefa manage makemigrations --check --dry-run
	$(BIN)/python assets/translations.py extract-check

bench: install ## full-scale measurements into benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

lock: ## pin all dependencies anew
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11 --extra spark --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) node_modules src/jiefa/site/static/vendor var
