# `make demo` and `make test` set up what they need; the second time they find it there.
# PYTHON=/path/to/python picks the interpreter, EXTRAS=cuda,model,test other packages.

VENV := .venv
RUN := $(VENV)/bin/python
STAMP := $(VENV)/.installed
CANDIDATES := $(if $(PYTHON),$(PYTHON),python3 python3.13 python3.12 python3.11 python3.14)

ifeq ($(shell uname -s),Linux)
EXTRAS ?= cpu,model,test
else
EXTRAS ?= model,test
endif

.PHONY: help demo test bench faults check model clean
.DEFAULT_GOAL := help

help:
	@echo "make demo    run the whole pipeline on real input, with the default model"
	@echo "make test    check, then the tests"
	@echo "make bench   measure against mlx-lm and llama.cpp; 75 minutes, on a quiet machine"
	@echo "make faults  break everything by the thousand, and recount; an hour or more, root for all rows"
	@echo "make check   ruff, mypy and the rooms imports may run between"
	@echo "make model   fetch and convert the default model"
	@echo "make clean   remove the virtual environment and caches (never queues/)"

demo: model
	@$(RUN) examples/demo.py

# check comes first, so that pytest's summary is the last line.
test: model check
	@$(RUN) -m pytest

# FAULTS="--rows 1-3" or any other flags of `python -m tests.faults`.
faults: model
	@status=0; $(RUN) -m tests.faults --lanes 2 $(FAULTS) || status=1; \
	  $(RUN) -m tests.faults --broken all || status=1; exit $$status

# BENCH="--quick" or any other flags of `python -m benchmarks.run`.
bench: model $(STAMP)-bench
	@$(RUN) -m benchmarks.run $(BENCH)

$(STAMP)-bench: $(STAMP)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

check: $(STAMP)
	@$(RUN) -m ruff check --output-format concise .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@$(VENV)/bin/lint-imports --no-logo

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
	@$(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[$(EXTRAS)]'
	@touch $(STAMP)

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
