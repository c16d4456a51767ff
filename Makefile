# Every target sets up what it needs; nothing here asks for root. PYTHON chooses the interpreter the environment is made of.
PYTHON ?= python3
UV = uv==0.13.9
BIN = .venv/bin
READY = .venv/.ready
# Exact searches, whose tests take a third of the time of all mathematics.
SEARCHING = nucleolus grouping
# A file stays on one worker: what its tests share, up to a whole run of the study, is made once.
TESTS ?= -n 2 --dist loadfile --no-loadscope-reorder
COVERED = tests/analysis src/analysis
# In a container: make lab LAB_OPTIONS="--allow-root --no-browser --ip=0.0.0.0 --port=8888"
LAB_OPTIONS ?=
LAB = .venv/share/jupyter/lab/settings
# The first page is the README as it is meant to be read, its flow drawn; nothing asks the network for news.
LAB_SETTINGS = {"@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}}, \
	"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}

# Kept empty on purpose: an environment without bytecode imports the libraries three times slower.
export PYTHONDONTWRITEBYTECODE =

# A pull request is held against the commit at which it left BASE.
BASE ?= main
# A folder for the tests' results in JUnit's form, for whoever shows them: make test JUNIT=build/junit
JUNIT ?=
RESULTS = $(if $(JUNIT),--junitxml=$(JUNIT)/$@.xml)

.PHONY: report lint check test test-whole test-all cover pull-request public overdue newest lab filter clean
.DELETE_ON_ERROR:

report: $(READY)
	$(BIN)/workbook run
	$(BIN)/workbook report
	$(BIN)/workbook scenarios
	$(BIN)/workbook run
	$(BIN)/workbook report

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# What a change must pass before it is stored: half a minute, of which the tests are those of the
# mathematics and of the house. The pre-commit hooks are those of `lint`.
check: lint
	$(BIN)/python -m pytest $(TESTS) tests/analysis/methods tests/test_house.py $(SEARCHING:%=--ignore=tests/analysis/methods/test_%.py)

test: $(READY)
	$(BIN)/python -m pytest $(TESTS) $(RESULTS)

test-whole: $(READY)
	$(BIN)/python -m pytest $(TESTS) $(RESULTS) -m "whole and not slow"

test-all: $(READY)
	$(BIN)/python -m pytest $(TESTS) $(RESULTS) -m ""

# The floor stands in pyproject.toml. A run's kernels are not counted: what is covered is tested by name.
cover: $(READY)
	$(BIN)/python -m pytest $(TESTS) --cov --cov-report=term $(COVERED)

# What a change moves, into build/pull-request.md and .json. The base's run is kept under its commit.
pull-request: $(READY)
	bash .ci/pull_request "$(BASE)"

# What a website shows of a finished report: the pages, the headline results, the published tables.
public: $(READY)
	rm -rf public
	mkdir -p public/data
	cp runs/baseline/report/*.html runs/baseline/results.json public/
	cp data/*.csv data/datapackage.json public/data/

# The tables of data/ that should have been looked at again; it fails where there are any.
overdue: $(READY)
	$(BIN)/workbook overdue

# The lock, compiled anew on the newest versions that pyproject.toml allows.
newest: $(READY)
	$(BIN)/uv pip compile --universal --upgrade --generate-hashes --all-extras --no-header pyproject.toml -o requirements.lock

# Git stores notebooks without what they show, which may be a researcher's own figures. The filter
# needs no environment and runs in every work tree; where it cannot run, git refuses the notebook.
filter:
	@! git rev-parse --is-inside-work-tree >/dev/null 2>&1 || { \
		program="$$(git rev-parse --show-prefix)src/workbook/notebook/outputs.py" && \
		git config filter.without-outputs.clean "$(PYTHON) -I '$$program'" && \
		git config filter.without-outputs.smudge cat && \
		git config filter.without-outputs.required true; }

lab: $(READY) filter
	$(BIN)/workbook sync
	@mkdir -p $(LAB) && echo '$(LAB_SETTINGS)' > $(LAB)/overrides.json
	$(BIN)/jupyter lab README.md $(LAB_OPTIONS)

clean:
	rm -rf .venv build public .pytest_cache .hypothesis .mypy_cache .ruff_cache .coverage

# The stamp is written last: a set-up that fails leaves none. A sync keeps pip and uv and takes out what the lock does not name.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "$(PYTHON) is not Python 3.11 or newer with venv: install one and name it, make PYTHON=python3.12 ..." >&2; exit 1; }
	@rm -f $@
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet "$(UV)"
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@
