# Two commands for newcomers: `make demo` and `make test`. Each prepares what it needs, once.

PYTHONS ?= python3 python3.13 python3.12 python3.11 python
TEST_WORKERS ?= 2
DEMO_FOLDER ?= demo

# Scripts, but for make_*.py, which make files that come with the package, and the kill storm below.
BENCHMARKS = $(filter-out benchmarks/make_% benchmarks/kill_storm.py,$(shell grep -l __main__ benchmarks/*.py))

ENVIRONMENT := .venv/installed
PYSIDE6_ENVIRONMENT := .venv-pyside6/installed
DISPLAY_READY := .venv/display-ready

.PHONY: help demo test test-pyside6 lint types format docs docs-live benchmarks kill-storm

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(ENVIRONMENT)  ## find divisions in a small real movie, without a screen, in a few minutes
	.venv/bin/cell-events demo $(DEMO_FOLDER)

test: $(ENVIRONMENT) $(DISPLAY_READY)  ## run every test
	OMP_NUM_THREADS=1 .venv/bin/python -m pytest -n $(TEST_WORKERS) --dist loadfile $(TESTS)

test-pyside6: $(PYSIDE6_ENVIRONMENT) $(DISPLAY_READY)  ## run the tests of the plugin with PySide6 in place of PyQt6
	QT_API=pyside6 PYTEST_QT_API=pyside6 OMP_NUM_THREADS=1 \
	    .venv-pyside6/bin/python -m pytest -n $(TEST_WORKERS) --dist loadfile tests/gui

lint: $(ENVIRONMENT)  ## check style and format
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

format: $(ENVIRONMENT)  ## mend style and format where that is safe
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

types: $(ENVIRONMENT)  ## check types
	.venv/bin/mypy

docs: $(ENVIRONMENT)  ## build the documentation into site/
	.venv/bin/mkdocs build --strict

docs-live: $(ENVIRONMENT)  ## serve the documentation and follow its changes
	.venv/bin/mkdocs serve

benchmarks: $(ENVIRONMENT) $(DISPLAY_READY)  ## measure speed and accuracy (hours on two cores)
	@for script in $(BENCHMARKS); do \
	    echo "== $$script"; \
	    xvfb-run -a -s "-screen 0 1366x768x24" .venv/bin/python $$script || exit 1; \
	done

kill-storm: $(ENVIRONMENT) $(DISPLAY_READY)  ## kill what edits a project 50 times, and the viewer 50 times: nothing may be lost
	.venv/bin/python benchmarks/kill_storm.py --headless 50
	xvfb-run -a -s "-screen 0 1366x768x24" .venv/bin/python benchmarks/kill_storm.py 50

$(ENVIRONMENT): pyproject.toml constraints.txt
	@test -x .venv/bin/python || { for python in $(PYTHONS); do \
	    if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        echo "Creating .venv with $$($$python --version)"; exec $$python -m venv .venv; \
	    fi; done; \
	    echo "No Python 3.11 or newer found; install one, or name it: make PYTHONS=/path/to/python" >&2; exit 1; }
	.venv/bin/python -m pip install --quiet -c constraints.txt -e '.[all,dev]'
	@touch $@

$(PYSIDE6_ENVIRONMENT): pyproject.toml constraints.txt | $(ENVIRONMENT)
	@test -x .venv-pyside6/bin/python || .venv/bin/python -m venv .venv-pyside6
	.venv-pyside6/bin/python -m pip install --quiet -c constraints.txt \
	    -e '.[cluster,dev,napari,pyside6,tracks]'
	@touch $@

$(DISPLAY_READY): .ci/debian-packages.txt | $(ENVIRONMENT)
	@.ci/install-display
	@touch $@
