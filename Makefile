# Each target does all of its own set-up: a machine with python3 and make is enough.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test lint types soundness unaided bench wheel lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("idpact needs Python 3.11 to 3.13; $(PYTHON) is " + sys.version.split()[0]) if not (3, 11) <= sys.version_info[:2] <= (3, 13) else 0'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(READY) ## check the reference implementation end to end and leave the reports in reports/demo
	$(BIN)/python tests/demo.py

test: $(READY) ## run the tests
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(READY) ## ruff and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(READY) ## mypy, strict
	$(BIN)/mypy

soundness: $(READY) ## every mutant against every rule: writes the kill matrix, then checks each mutant over the command line
	$(BIN)/python -m tests.mutants.matrix
	$(BIN)/python -m tests.mutants.commanding

unaided: $(READY) ## what generated requests find by themselves, beside plain `schemathesis run`: writes SOUNDNESS-GENERATED.md
	$(BIN)/python -m tests.mutants.unaided

bench: $(READY) ## measure speed and memory beside floors and peers, write BENCHMARKS.md (Linux, two cores, wrk)
	$(BIN)/python -m tests.bench

wheel: $(READY) ## build dist/*.whl and the source distribution
	$(BIN)/python -m build

lock: ## re-make constraints.txt from pyproject.toml (needs uv)
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --extra dev --no-header --no-annotate pyproject.toml -o constraints.txt

clean: ## remove what the targets made
	rm -rf .venv dist build reports .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
