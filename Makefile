# Two commands are the front door: `make demo` and `make test`. The rest is for those who work here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
INSTALLED_REAL := $(VENV)/.installed-real
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCKING := --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

NODE_PARTS := tests/real/graphql_http_audits tests/real/normalised_caches tests/real/oidc_provider tests/real/openid_client tests/real/page_checkers docs/examples/page docs/examples/typescript

.PHONY: demo preview sample test test-clock test-real torture lint bench sdl docs lock clean

demo: $(INSTALLED)  ## Build the demo, print where the dossier is, serve until interrupted
	@$(BIN)/livret demo $(if $(ONCE),--once) $(if $(FRESH),--fresh)

preview: $(INSTALLED)  ## Show the theme on samples, and again at each change; PORT=8001, BRANDING=file.toml
	@$(BIN)/python -m print_site preview --port $(or $(PORT),8001) $(if $(BRANDING),--branding "$(BRANDING)")

sample: $(INSTALLED)  ## Take the preview's samples from the demo anew
	@$(BIN)/livret demo --once
	@$(BIN)/python -m print_site.preview.sampling var/demo/dossier/livret.json print_site/preview/sample.json
	@$(BIN)/python -m print_site.preview.sampling var/demo/application/livret.json print_site/preview/compact.json

test: $(INSTALLED_DEV)  ## The whole suite, both databases, and the checks of style and types
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest -n 2 -m "not real and not torture"

test-clock: $(INSTALLED_DEV)  ## The tests that read a clock, each time at another instant and in another order
	@$(BIN)/python -m tests.instants

test-real: $(INSTALLED_REAL)  ## What needs browsers, Node or Java, which .ci/run installs
	@if command -v npm >/dev/null; then for one in $(NODE_PARTS); do npm install --silent --no-package-lock --no-audit --no-fund --prefix $$one || exit 1; done; fi
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m real

torture: $(INSTALLED_DEV)  ## Kills, full disks, lies and nonsense, with figures into docs/trust.md; SHORT=1 prints them only
	@$(BIN)/python -m tests.torture $(if $(SHORT),--short)

lint: $(INSTALLED_DEV)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(INSTALLED_DEV)  ## Figures, as ratios within one interleaved run, into docs/performance.md; SIZES=1000 for a short run that prints
	@$(BIN)/python -m tests.bench $(if $(SIZES),--sizes "$(SIZES)") $(BENCH)

sdl: $(INSTALLED)  ## Write schema/schema.graphql anew
	@$(BIN)/livret sdl > schema/schema.graphql.new && mv schema/schema.graphql.new schema/schema.graphql

docs: $(INSTALLED)  ## Write docs/access.md, docs/limits.md and docs/settings.md anew
	@$(BIN)/python -m schema.limits > docs/limits.md.new && mv docs/limits.md.new docs/limits.md
	@$(BIN)/livret settings > docs/settings.md.new && mv docs/settings.md.new docs/settings.md
	@$(BIN)/livret access > docs/access.md.new && mv docs/access.md.new docs/access.md

lock: $(INSTALLED_DEV)  ## Compile the lock files anew, without the address of any index
	@$(BIN)/pip-compile $(LOCKING) --output-file=requirements.lock pyproject.toml
	@$(BIN)/pip-compile $(LOCKING) --extra=dev --constraint=requirements.lock --output-file=requirements-dev.lock pyproject.toml
	@$(BIN)/pip-compile $(LOCKING) --extra=real --constraint=requirements.lock --output-file=requirements-real.lock pyproject.toml

$(BIN)/python:
	@$(PYTHON) -m venv $(VENV)

$(INSTALLED): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installation de l’environnement (.venv)…"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(INSTALLED_DEV): requirements-dev.lock $(INSTALLED)
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

$(INSTALLED_REAL): requirements-real.lock $(INSTALLED_DEV)
	@$(INSTALL) --require-hashes --no-build-isolation -r requirements-real.lock
	@touch $@

clean:
	rm -rf $(VENV) var
