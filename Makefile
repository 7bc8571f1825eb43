# `make demo` and `make test` set up what they need; the second time they find it there.
# PYTHON=/path/to/python picks the interpreter, EXTRAS=cuda,model,test other packages.

VENV := .venv
RUN := $(VENV)/bin/python
STAMP := $(VENV)/.installed
GEMMA := gemma3-270m
CANDIDATES := $(if $(PYTHON),$(PYTHON),python3 python3.13 python3.12 python3.11 python3.14)

ifeq ($(shell uname -s),Linux)
EXTRAS ?= cpu,model,test
else
EXTRAS ?= model,test
endif

# Packages are compiled as they are imported, and what was compiled is kept: in each of a thousand
# processes of the tests, compiling again would be most of its start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo finetune test check lint types coverage bench fitted faults model clean
.DEFAULT_GOAL := help

help:
	@echo "make demo      run the whole pipeline on real input with the default model; a few minutes"
	@echo "make finetune  train the default model on the demo's dataset for some steps; under 10 minutes"
	@echo "make test      make check, then the tests; a quarter of an hour from nothing"
	@echo "make check     ruff, mypy, and the import rules between the rooms; half a minute"
	@echo "make coverage  the tests with branch coverage, in every process; fails below the floor"
	@echo "make bench     measure against mlx-lm and llama.cpp; 75 minutes, on a quiet machine"
	@echo "make fitted    compare the calibrations that are shipped with what fitting gives; some minutes"
	@echo "make faults    make every fault by the thousand, and recount; over an hour, root for all rows"
	@echo "make model     fetch and convert the default model (90 MB)"
	@echo "make clean     remove the virtual environment, caches and builds (never queues/)"
	@echo
	@echo "PYTHON=/path/to/python3 picks the interpreter, EXTRAS=cuda,model,test other packages."

demo: model
	@$(RUN) examples/demo.py

finetune: model
	@test -f build/demo/dataset/train.jsonl || $(RUN) examples/demo.py
	@$(RUN) examples/finetune.py

# pytest comes last, so that its summary is the last line.  A file's tests stay in one process, and
# each process holds a model or two: four at most, of one thread each, or they would get in each
# other's way.
test: $(STAMP)
	@$(MAKE) --no-print-directory -j2 types model lint
	@OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 $(RUN) -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# What all processes of the tests measured is combined; the floor is fail_under in setup.cfg.
# One that was killed while it wrote leaves a file that nobody can read: left out.
# Tests of how long something takes are left out, as measuring slows it down.  Processes of tests
# are shared out as in `test`: each writes a file of its own, and the sum is the same.
coverage: model
	@rm -rf build/coverage && mkdir -p build/coverage
	@OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 $(RUN) -m coverage run -m pytest -m "not timing" \
	  -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
	@$(RUN) -m coverage combine --quiet 2>/dev/null; rm -f build/coverage/data.*
	@$(RUN) -m coverage report

# FAULTS="--rows 1-3" or any other flags of `python -m tests.faults`.
faults: model
	@status=0; $(RUN) -m tests.faults --lanes 2 $(FAULTS) || status=1; \
	  $(RUN) -m tests.faults --broken all || status=1; exit $$status

# After a change of examples: python -m benchmarks.calibrations --write
fitted: model
	@$(RUN) -m benchmarks.calibrations

# BENCH="--quick" or any other flags of `python -m benchmarks.run`.
bench: model $(STAMP)-bench
	@$(RUN) -m benchmarks.run $(BENCH)
	@if $(RUN) coordinator.py models list | grep -q '^$(GEMMA) .*not fetched'; then \
	  echo "rows of $(GEMMA): left out; coordinator.py models fetch $(GEMMA) --accept-license"; \
	else $(RUN) -m benchmarks.run --model $(GEMMA) --only schema --rows 16 -o build/bench-gemma.json; fi

$(STAMP)-bench: $(STAMP)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

check: lint types

lint: $(STAMP)
	@$(RUN) -m ruff check --output-format concise .
	@$(RUN) -m ruff format --check .
	@$(VENV)/bin/lint-imports --no-logo

types: $(STAMP)
	@$(RUN) -m mypy

model: $(STAMP)
	@$(RUN) coordinator.py models fetch

# A venv that was cut short has no working pip, and is made anew.
$(STAMP): setup.cfg pyproject.toml
	@$(RUN) -m pip --version >/dev/null 2>&1 || { \
	  found=; for python in $(CANDIDATES); do \
	    "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	      >/dev/null 2>&1 && found="$$python" && break; \
	  done; \
	  test -n "$$found" || { \
	    echo "no Python 3.11 or newer, with venv, among: $(CANDIDATES)" >&2; \
	    echo "install one, or say where it is: make PYTHON=/path/to/python3" >&2; exit 1; }; \
	  echo "making $(VENV) with $$found"; \
	  "$$found" -m venv --clear $(VENV); }
	@echo "installing packages ($(EXTRAS)); the first time takes some minutes"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-compile --editable '.[$(EXTRAS)]'
	@touch $(STAMP)

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
