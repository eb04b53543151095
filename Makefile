# make        build .venv from pyproject.toml and constraints.txt
# make demo   set up, refuse a wrong model, check, compile and train a right one, compile ResNet-50, and search
# make test   set up, then lint and test; with CI=true the slow tests too
# make lint · make format · make docs · make bench · make clean

PYTHON ?= python3
JOBS ?= 2
PY := .venv/bin/python
STAMP := .venv/.stamp

# The tests' peers, installed without their dependencies: what the models themselves need is in the dev extra.
PEERS := timm transformers xgrammar apache-tvm-ffi

# torch's own threads and the tests' worker processes would fight over the cores. Each worker takes whole runs of files,
# so that it makes what a file's tests share once, and one that is done takes from the others.
PYTEST := OMP_NUM_THREADS=1 $(PY) -m pytest -n $(JOBS) --dist worksteal

# Where what is compiled may not be kept, each of the many processes that tests start compiles all anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: all demo test lint format docs bench clean

all: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	test -x $(PY) || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	$(PY) -m pip install --quiet --constraint constraints.txt --no-deps $(PEERS)
	touch $@

demo: $(STAMP)
	$(PY) demo/run.py

test: lint
	$(PYTEST) -m "not slow"
ifeq ($(CI),true)
	$(PYTEST) -m slow
endif

lint: $(STAMP)
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	.venv/bin/lint-imports

format: $(STAMP)
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

docs: $(STAMP)
	$(PY) -m tests.rules.pages
	$(PY) -m tests.cost.pages

bench: $(STAMP)
	$(PY) -m benchmarks

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
