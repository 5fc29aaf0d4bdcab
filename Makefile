# make run     install what is missing and open the app on http://localhost:8501 (or PORT=…)
# make test    install what tests need and run every check, as CI does
# make lint    formatting, style, types
# make bench   the benchmarks, each printing its ratios
# make test-fast   the tests that need no browser

VENV := .venv
BIN := $(VENV)/bin
FRONTEND := components/canvas/frontend
PYTHONS := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python
JOBS ?= 2

# Torch's threads sleep while they wait: several processes share the cores here.
export OMP_WAIT_POLICY ?= PASSIVE

.NOTPARALLEL:
.PHONY: help run test test-fast lint bench needs needs-node frontend pytest

help:
	@sed -n 's/^# make/make/p' Makefile

run: $(VENV)/.app
	@exec $(BIN)/python -m streamlit run app.py $(if $(PORT),--server.port $(PORT))

test: needs lint frontend pytest

pytest: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup $(ARGS)

test-fast: $(VENV)/.dev
	$(BIN)/python -m pytest -m "not browser" $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# The built front end is part of the repository, so that users need no Node: it must be the one
# that this source makes.
frontend: needs-node $(FRONTEND)/node_modules/.stamp
	cd $(FRONTEND) && npm run --silent check && npm run --silent test && npm run --silent build
	@if ! git rev-parse --is-inside-work-tree >/dev/null 2>&1; then exit 0; fi; \
	git --no-pager diff --stat --exit-code -- $(FRONTEND)/dist && \
	test -z "$$(git status --porcelain --untracked-files=all -- $(FRONTEND)/dist)" || \
	{ echo "$(FRONTEND)/dist is not what its source makes: commit the files just built."; exit 1; }

bench: needs $(VENV)/.dev
	@set -e; for each in benchmarks/*.py; do echo "== $$each"; $(BIN)/python $$each; done

$(VENV)/bin/python:
	@python=""; \
	for each in $(PYTHONS); do \
	  if command -v $$each >/dev/null 2>&1 && \
	     $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	  then python=$$each; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Stackyard needs Python 3.11 or newer. Install it, or say where it is: make run PYTHON=/path/to/python3"; \
	  exit 1; \
	fi; \
	echo "Making the environment in $(VENV) with $$($$python --version)"; \
	$$python -m venv $(VENV) || \
	{ rm -rf $(VENV); echo "Python cannot make an environment. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.app: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing the app (the first time takes some minutes)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.app
	@echo "Installing what tests need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(FRONTEND)/node_modules/.stamp: $(FRONTEND)/package-lock.json | needs-node
	cd $(FRONTEND) && npm ci --no-progress
	@touch $@

# Chromium drives the browser tests (CHROMIUM=… names another one), graphviz draws diagrams.
needs:
	@missing=""; \
	[ -n "$$CHROMIUM" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	  command -v google-chrome >/dev/null || missing="chromium"; \
	command -v dot >/dev/null || missing="$$missing graphviz"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing$${missing:+ $$missing} with apt"; \
	  apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else \
	  echo "The tests need: $$missing"; \
	  echo "  Debian, Ubuntu:  sudo apt install $$missing"; \
	  echo "  macOS:           brew install $$missing"; \
	  echo "A Chrome in another place will do: CHROMIUM=/path/to/chrome make test"; \
	  exit 1; \
	fi

needs-node:
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null && \
	command -v npm >/dev/null || \
	{ echo "The front end's tests need Node 20.19 or newer, or 22.12 or newer, with npm: https://nodejs.org (the app itself does not)"; exit 1; }
