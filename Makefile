# Two targets matter to a newcomer: `make run` and `make test`. Both build what they need.
PYTHON ?= python3.11
ifeq ($(shell command -v $(PYTHON) 2>/dev/null),)
PYTHON := python3
endif
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
NATIVE := $(VENV)/.native
PORT ?= 7337
ARGS ?=

.PHONY: run test test-random test-agents test-sdks test-peers test-engines test-oidc check format lock bench clean

run: $(STAMP) $(NATIVE)
	$(BIN)/spawngate up --port $(PORT) $(ARGS)

test: check
	$(BIN)/python -m pytest -n 2 $(ARGS)

# Property tests with new examples: `make test` has the same ones every time. What this finds becomes an `@example`.
test-random: $(STAMP) $(NATIVE)
	HYPOTHESIS_PROFILE=random $(BIN)/python -m pytest -n 2 $$(grep -rlE '^from hypothesis' tests --include='test_*.py') $(ARGS)

# Real agents against a loopback model, in a network namespace with nothing but loopback. AGENTS: where npm puts them;
# ONLY: ids of agents (claude-code codex-cli ...), all six where it is empty.
AGENTS ?= $(HOME)/.cache/spawngate-agents
ONLY ?=
test-agents: $(STAMP)
	@command -v npm >/dev/null && command -v unshare >/dev/null || \
	  { echo "test-agents needs npm and unshare (Debian: npm, util-linux)" >&2; exit 1; }
	$(BIN)/python -m bench.headless install "$(AGENTS)" $(ONLY)
	SPAWNGATE_AGENTS="$(AGENTS)" SPAWNGATE_AGENTS_ONLY="$(ONLY)" unshare --net $(if $(filter 0,$(shell id -u)),,--map-root-user) -- \
	  sh -c 'ip link set lo up 2>/dev/null; exec "$$@"' sh $(BIN)/python -m pytest tests/real_agents $(ARGS)

# Clients of the official MCP SDKs in four languages, as far as their toolchains are here. SDKS: where they are put.
SDKS ?= $(HOME)/.cache/spawngate-sdks
test-sdks: $(STAMP) $(NATIVE)
	$(BIN)/python -m bench.real_sdks install "$(SDKS)" $(ONLY)
	SPAWNGATE_SDKS="$(SDKS)" $(BIN)/python -m pytest tests/real_sdks $(ARGS)

# Streams against moto's S3, the official OpenTelemetry classes and OCSF's JSON Schemas, in an environment of their own.
PEERS ?= $(HOME)/.cache/spawngate-peers
test-peers: $(STAMP)
	$(PYTHON) -m venv "$(PEERS)"
	"$(PEERS)/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r requirements/peers.lock
	SPAWNGATE_PEERS_PYTHON="$(PEERS)/bin/python" $(BIN)/python -m pytest \
	  tests/trail/mappings tests/routing/destinations tests/server/deliver/test_stream_peers.py $(ARGS)

# Sign-in at a certified provider of another author, npm's oidc-provider, from its lock.
OIDC ?= $(HOME)/.cache/spawngate-oidc
test-oidc: $(STAMP)
	@command -v npm >/dev/null || { echo "test-oidc needs npm (Debian: npm)" >&2; exit 1; }
	mkdir -p "$(OIDC)" && cp tests/server/access/oidc_provider/package*.json "$(OIDC)"
	npm ci --prefix "$(OIDC)" --ignore-scripts --no-audit --no-fund
	SPAWNGATE_OIDC_PROVIDER="$(OIDC)" $(BIN)/python -m pytest tests/server/access/test_oidc_node.py $(ARGS)

# ClickHouse's real engine (chdb, in process) behind the store's port, in an environment of its own: half a gigabyte.
# What it cannot show (replicas, shards, the wire) stands in docs/limits.md. Needs Debian's postgresql, as the store does.
ENGINES ?= $(HOME)/.cache/spawngate-engines
test-engines: $(STAMP)
	$(PYTHON) -m venv "$(ENGINES)"
	"$(ENGINES)/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r requirements/engines.lock
	PYTHONPATH=src "$(ENGINES)/bin/python" -m pytest tests/server/store/clickhouse $(ARGS)

check: $(STAMP) $(NATIVE)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP) $(NATIVE)
	$(BIN)/python -m bench $(ARGS)

# The environment is a function of the hashed lock and of pyproject.toml, and of nothing else.
$(STAMP): requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "spawngate needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "this Python has no venv module; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

# The native programs, where there is a C compiler; without one this says so and goes on.
$(NATIVE): $(wildcard native/*.c native/*.h) hatch_build.py | $(STAMP)
	$(BIN)/python hatch_build.py
	@touch $(NATIVE)

# Locks hold hashes and no addresses, so any registry mirror serves them. Needs `uv` on PATH.
lock:
	for name in runtime server build dev peers engines; do \
	  uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --no-header requirements/$$name.in -o requirements/$$name.lock; \
	done

clean:
	rm -rf $(VENV) dist build src/spawngate/_native .pytest_cache .mypy_cache .ruff_cache .hypothesis
