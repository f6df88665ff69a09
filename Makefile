# Every target sets up what it needs, in .venv, from the hashed locks. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JUDGES := tests/browser
LOCK := build/lock/bin/uv pip compile pyproject.toml --quiet $(UPGRADE) \
  --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header
export PIP_DISABLE_PIP_VERSION_CHECK = 1
FORMAT ?= text
export BASE ?= origin/main
export SINCE ?=
PACKAGE ?=
export NO_MKDOCS_2_WARNING = 1
unexport PYTHONDONTWRITEBYTECODE # each of many processes would compile the program anew

.PHONY: site prepare check diff release links package serve test lint style types arrows judges browser format bench stress lock clean help
.DEFAULT_GOAL := site

site: $(VENV)/runtime.stamp ## check the packages and build the site
	$(BIN)/ilms build

prepare: $(VENV)/runtime.stamp ## what can be made of PACKAGE alone, for a build elsewhere that is given build/
	$(BIN)/ilms prepare $(PACKAGE)

check: $(VENV)/runtime.stamp ## check the packages; with SINCE=origin/main only those that differ from it
	$(BIN)/ilms check --format $(FORMAT) $(if $(SINCE),--since "$$SINCE")

diff: $(VENV)/runtime.stamp ## what changes for readers since BASE (origin/main)
	$(BIN)/ilms diff --format markdown "$$BASE"

release: $(VENV)/runtime.stamp ## every package as a zip, with sums, into dist/
	$(BIN)/ilms check
	$(BIN)/ilms package --check
	$(BIN)/ilms release --check
	$(BIN)/ilms package --zips dist
	cd dist && sha256sum *.zip > SHA256SUMS

links: $(VENV)/runtime.stamp ## whether the addresses given as evidence still answer
	$(BIN)/ilms links

package: $(VENV)/runtime.stamp ## rewrite the descriptors and READMEs of the packages
	$(BIN)/ilms package

serve: $(VENV)/runtime.stamp ## the site on this machine, rebuilt as files change
	$(BIN)/ilms serve

test: $(VENV)/dev.stamp ## everything that can be tested, a real browser included
	@$(MAKE) --jobs=3 --no-print-directory lint judges browser
	$(BIN)/pytest -n auto --dist loadscope --no-loadscope-reorder

lint: types style arrows ## style, types and the arrows between modules

style: $(VENV)/dev.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/dev.stamp
	$(BIN)/mypy

arrows: $(VENV)/dev.stamp
	$(BIN)/lint-imports

judges: $(JUDGES)/node_modules/.package-lock.json

browser: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.browser.chromium

format: $(VENV)/dev.stamp ## put the code into the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/dev.stamp ## how fast (tests/bench)
	$(BIN)/pytest tests/bench

stress: $(VENV)/dev.stamp ## how far (tests/stress)
	$(BIN)/pytest tests/stress

lock: ## write the locks anew; `make lock UPGRADE=--upgrade` for newer versions
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet uv==0.13.9
	$(LOCK) --group dev --output-file requirements-dev.lock
	$(LOCK) --group build --constraint requirements-dev.lock --output-file requirements.lock

clean: ## remove everything these targets made
	rm -rf $(VENV) $(JUDGES)/node_modules build site dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find ilms_publish tests -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' Makefile | expand -t 12

$(VENV)/venv.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'ILMS Publish needs Python 3.11 or newer; name one with: make PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || \
	  { echo 'Python could not make a virtual environment; on Debian and Ubuntu install python3-venv.' >&2; exit 1; }
	@touch $@

$(VENV)/runtime.stamp: $(VENV)/venv.stamp requirements.lock pyproject.toml
	$(call install,requirements.lock)

$(VENV)/dev.stamp: $(VENV)/venv.stamp requirements-dev.lock pyproject.toml
	$(call install,requirements-dev.lock)

# The system's npm if there is one, else that of the lock. No script of a package is run.
$(JUDGES)/node_modules/.package-lock.json: $(VENV)/dev.stamp $(JUDGES)/package-lock.json
	@echo 'Setting up $(JUDGES)/node_modules'
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --prefix $(JUDGES) --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Unpacking keeps one core busy: two installers work side by side, each on half of the lock.
define install
@echo 'Setting up $(VENV) from $(1)'
@awk -v lock=$(VENV)/half '/^[^ ]/ { n++ } { print > (lock n % 2) }' $(1)
@$(call half,0) & first=$$!; $(call half,1); second=$$?; wait $$first && exit $$second
@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
@$(BIN)/python -m pip check >$(VENV)/check.txt || { cat $(VENV)/check.txt >&2; exit 1; }
@touch $@
endef

half = $(BIN)/python -m pip install --quiet --no-deps --require-hashes -r $(VENV)/half$(1)
