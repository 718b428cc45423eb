# Every target makes its own .venv; nothing but Python 3.11+ and make is needed.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test check lint types layers interop bench screenshots snapshots docs clean

# The program alone, for those who only want to look.
$(VENV)/.run: pyproject.toml
	@echo "Installing qtui into $(VENV) (about a minute) ..."
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

# The program with all that tests and checks need.
$(VENV)/.test: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@

# Write a sample store and open it.
demo: $(VENV)/.run
	$(BIN)/qtui demo
	@echo "Run it again with $(BIN)/qtui; install it for yourself with: pipx install ."

# All tests. One that fails while all cores are busy is run again alone, so that only a real failure fails.
test: $(VENV)/.test
	$(BIN)/python -m pytest -n auto --dist worksteal || $(BIN)/python -m pytest --last-failed --last-failed-no-failures none

# Everything CI checks: style, types, layers, tests.
check: lint types layers test

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

layers: $(VENV)/.test
	$(BIN)/lint-imports

# The tests with the real Qlib, which is installed into an environment of its own.
.interop/.done: pyproject.toml
	test -x .interop/bin/python || $(PYTHON) -m venv .interop
	.interop/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dill]' 'pyqlib==0.9.7' \
		'mlflow>=3.17,<4' pyarrow hypothesis pytest pytest-asyncio
	touch $@

interop: .interop/.done
	.interop/bin/python -m pytest tests/interop -W default

# The budgets of the design, ours beside the other program's in one run.
bench: $(VENV)/.test
	$(BIN)/python -m tests.bench

# Regenerate the library guide from the docstrings of qtui.recorder.
docs: $(VENV)/.test
	$(BIN)/python -m tests.library_guide

# Redraw the screenshots from the sample store.
screenshots: $(VENV)/.test
	$(BIN)/python -m tests.scenes

# Accept how the scenes look now; look at the report first.
snapshots: $(VENV)/.test
	$(BIN)/python -m pytest tests/snapshots --snapshot-update

clean:
	rm -rf $(VENV) .interop .bench .demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
