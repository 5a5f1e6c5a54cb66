# Thin wrappers of deckgen and its tools. Needs Python 3.10 or newer, make and git; everything else goes into .venv.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
UV = $(shell command -v uv)
PYTHONS ?= 3.10 3.11 3.12 3.13
ANKIS ?= 2.1.54 2.1.66 23.10.1 24.6.3 25.2.7 25.9.5 26.9.3
FUZZ_SECONDS ?= 60
FUZZ_EXAMPLES ?= 500
export PYTHON VENV UV

# Containers often set this; then each of the hundreds of processes that the tests start would compile deckgen anew.
unexport PYTHONDONTWRITEBYTECODE

# What 'pip install' is to put into the environment; both ways take the versions from constraints.txt.
ifneq ($(UV),)
INSTALL = uv pip install --quiet --python $(BIN)/python --constraint constraints.txt
else
INSTALL = $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --constraint constraints.txt
endif

.PHONY: decks
decks: $(VENV)/installed  ## Build every deck into build/, and update the schemas and the chart
	@$(BIN)/deckgen schema --output decks/schema
	@$(BIN)/deckgen build
	@$(BIN)/deckgen stats --format svg --output docs/coverage.svg

.PHONY: preview
preview: $(VENV)/installed  ## Show every card in the browser, and show each change as soon as you save it
	@$(BIN)/deckgen preview --watch --open

.PHONY: site
site: $(VENV)/installed  ## Make the site for learners in build/site
	@$(BIN)/deckgen preview --static build/site

# Tests write and delete a hundred thousand small files: in memory, if it has room for them and lets programs run.
IN_MEMORY = $(shell grep -s '^[^ ]* /dev/shm ' /proc/mounts | grep -qv noexec && \
	test "$$(df -Pk /dev/shm | awk 'END { print $$4 }')" -gt 4000000 && echo PYTEST_DEBUG_TEMPROOT=/dev/shm)

.PHONY: test
test: $(VENV)/installed-dev  ## Run the tests
	@$(IN_MEMORY) $(BIN)/pytest --ignore tests/browser --numprocesses auto

.PHONY: test-pythons
test-pythons:  ## Run the tests on each Python in PYTHONS that is installed
	@tests/on_each_python $(PYTHONS)

.PHONY: test-anki-versions
test-anki-versions: $(VENV)/installed-dev  ## Run the update tests on every version of Anki in ANKIS
	@tests/on_each_anki $(ANKIS)

.PHONY: test-browser
test-browser: $(VENV)/installed-browser $(VENV)/installed-mathjax  ## Look at every card in Chromium, which must be installed
	@$(BIN)/pytest tests/browser --numprocesses auto

.PHONY: screenshots
screenshots: $(VENV)/installed-browser  ## Take screenshots: forty cards on every client, and those of the README
	@$(BIN)/python tests/browser/screenshots.py

.PHONY: test-kills
test-kills: $(VENV)/installed-dev  ## Kill and interrupt two hundred builds each at random instants
	@DECKGEN_KILLS=200 $(BIN)/pytest tests/test_kills.py tests/test_faults.py::test_an_interrupted_build --numprocesses auto

.PHONY: bench
bench: $(VENV)/installed-bench  ## Time builds, compared with a typical stack on the same content
	@$(BIN)/python tests/bench/run.py $(BENCH)
	@$(BIN)/python tests/bench/history.py

.PHONY: fuzz
fuzz: $(VENV)/installed-fuzz  ## Try arbitrary files on the compiler, FUZZ_SECONDS for each target
	@mkdir -p build/fuzz
	@test -e build/fuzz/commonmark-spec-0.31.2.tgz || \
		(cd build/fuzz && npm pack --silent commonmark-spec@0.31.2 >/dev/null) || \
		echo "npm cannot fetch the CommonMark specification: its examples are not tried"
	@DECKGEN_FUZZ=$(FUZZ_EXAMPLES) $(BIN)/pytest tests/fuzz
	@$(BIN)/python tests/fuzz/fuzz.py --seconds $(FUZZ_SECONDS)

.PHONY: test-slow
test-slow: $(VENV)/installed-dev  ## Run the tests that take longer, and try many more hostile texts and random examples
	@DECKGEN_SLOW=1 $(BIN)/pytest -m "slow or random" --ignore tests/browser --numprocesses auto

.PHONY: check
check: $(VENV)/installed-dev  ## Check style, types, imports, the decks and the files for GitHub
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/deckgen check --strict
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml \
		.github/ISSUE_TEMPLATE/card.yml

.PHONY: fix
fix: $(VENV)/installed-dev  ## Format the code, and fix what ruff can
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

.PHONY: golden
golden: $(VENV)/installed-dev  ## Rewrite the golden files; read the diff
	@DECKGEN_GOLDEN=write $(BIN)/pytest tests/test_golden.py

.PHONY: docs
docs: $(VENV)/installed-dev  ## Rewrite the generated pages of docs/
	@DECKGEN_DOCS=write $(BIN)/pytest tests/test_docs.py

.PHONY: constraints
constraints: $(VENV)/installed-dev  ## Take the newest versions of all dependencies into constraints.txt
	@$(INSTALL) uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.10 --no-header \
		--extra bench --extra browser --extra dev --extra dist --extra fuzz --output-file constraints.txt pyproject.toml

.PHONY: dist
dist: $(VENV)/installed-dist  ## Make the wheel that 'pip install' takes, and the source distribution, in dist/
	@$(BIN)/python -m build --outdir dist . >/dev/null
	@ls dist/*

.PHONY: clean
clean:  ## Remove the environments and everything that was built
	rm -rf $(VENV) .venv-* build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help:  ## Show this list
	@awk -F ':[^\#]*\#\# ' '/^[a-z-]+:.*\#\# / { printf "make %-20s %s\n", $$1, $$2 }' Makefile

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "deckgen needs Python 3.10 or newer; name one with: make PYTHON=python3.12" >&2; exit 1; }
ifneq ($(UV),)
	@UV_PYTHON_DOWNLOADS=never uv venv --quiet --python "$$(command -v $(PYTHON))" $(VENV)
else
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) lacks its venv module; on Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
endif

$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing deckgen into $(VENV) ..."
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "Installing the test tools into $(VENV) ..."
	@$(INSTALL) --editable '.[dev]'
	@touch $@

# The extras of pyproject.toml: bench, browser, dist, fuzz.
$(VENV)/installed-%: $(VENV)/installed-dev
	@echo "Installing what the $* targets need into $(VENV) ..."
	@$(INSTALL) --editable '.[dev,$*]'
	@touch $@

# Anki's desktop client holds the MathJax that cards are typeset with; the client itself needs Qt and is not run.
$(VENV)/installed-mathjax: constraints.txt | $(VENV)/installed-dev
	@echo "Fetching Anki's MathJax into $(VENV) ..."
	@rm -rf $(VENV)/aqt
	@$(INSTALL) --no-deps --target $(VENV)/aqt "aqt==$$(sed -n 's/^anki==//p' constraints.txt)"
	@touch $@
