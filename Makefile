# Two commands on a fresh machine: `make demo` and `make test`. Each sets up what it needs, once;
# with nothing to set up that takes a tenth of a second. See packaging/bootstrap.py.

.DEFAULT_GOAL := help
.PHONY: help demo run test prove bench setup lint format lock clean

# The first Python on PATH that is new enough; `make demo PYTHON=python3.12` chooses another.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
ifndef PYTHON
PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	if $$python -c '$(NEW_ENOUGH)' 2>/dev/null; then echo $$python; exit; fi; done; echo python3)
endif

# Where an image forbids it, each of the hundreds of processes that tests start would compile all
# its modules anew.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
SET_UP := @$(PYTHON) packaging/bootstrap.py --for
OUT ?= demo-out

help: ## tell what there is
	@echo "Hotwash. Begin with \`make demo\`."
	@sed -n 's/^\([a-z]*\): ## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name what; \
		do printf '  make %-7s %s\n' "$$name" "$$what"; done

demo: ## walk from the shipped recording to the PDF; what it makes lies in demo-out/
	$(SET_UP) program
	@$(BIN)/hotwash demo --out "$(OUT)"

run: ## open the window
	$(SET_UP) window
	@$(BIN)/hotwash

test: ## lint, type checks, import contracts, all tests but the long proofs
	$(SET_UP) tests
	@$(MAKE) --no-print-directory checks
ifdef ARGS
	$(BIN)/python -m pytest -q -m "not prove" $(ARGS)
else
	@$(MAKE) --no-print-directory -j3 test-journeys test-more-journeys test-parts test-recognition
endif

# Three runs beside each other: journeys wait for sound, for processes and for the disk; the last lot
# begins when the first is done. The window and the set-up go with the half that is done first.
RUN = $(BIN)/python -m pytest -q -m "not prove" -o cache_dir=.pytest_cache/$@
RECOGNITION := tests/unit/transcription tests/unit/services tests/bench
.PHONY: test-journeys test-more-journeys test-parts test-recognition
test-journeys:
	$(RUN) $(sort $(wildcard tests/e2e/test_[a-j]*.py)) tests/ui tests/architecture
test-more-journeys:
	$(RUN) $(sort $(wildcard tests/e2e/test_[!a-j]*.py))
test-parts:
	$(RUN) $(patsubst %,--ignore %,tests/e2e tests/ui tests/architecture $(RECOGNITION))
test-recognition:
	$(RUN) $(RECOGNITION)

prove: ## the long proofs: power cuts, two writers, fresh machines; figures go to tests/proof
	$(SET_UP) tests
	HOTWASH_WRITE_PROOFS=1 $(BIN)/python -m pytest -m prove $(ARGS)

bench: ## measure speed and word error rate
	$(SET_UP) tests
	@$(BIN)/hotwash bench $(ARGS)

setup: ## only set up: uv and the environment in .venv
	$(SET_UP) program

lint: ## lint, type checks, import contracts
	$(SET_UP) program
	@$(MAKE) --no-print-directory checks

.PHONY: checks
checks:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32
	$(BIN)/mypy --platform darwin
	MYPYPATH=packaging $(BIN)/mypy packaging/*.py
	$(BIN)/lint-imports

format: ## write the code in the house's form
	$(SET_UP) program
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

lock: ## resolve requirements.lock anew (UPGRADE=1: to newer versions) and measure its downloads
	$(PYTHON) packaging/relock.py

clean: ## remove the environment and everything made; recordings are not here
	rm -rf .venv .uv demo-out build dist .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
