# Needs Python 3.11, make and the package registries; everything else is fetched.
#
#   make run    set up, seed the demo city, serve on http://127.0.0.1:8000/ (PORT= HOST= override)
#   make test   the suite (SQLite; PostgreSQL and Redis with DATABASE_URL and REDIS_URL)
#   make e2e    the browser tests (Debian's chromium)
#   make lint   style, types, floors, templates, migrations, translations
#   make setup  only the set-up; make clean undoes it (not the data in var/)

PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?= $(shell command -v python3.11 || command -v python3)
TESTS ?=

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
VENDOR := var/vendor
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Certificates of the system too: offices with an inspecting proxy have their own authority.
export UV_SYSTEM_CERTS ?= true
export NODE_USE_SYSTEM_CA ?= 1
export UV_NO_PROGRESS ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK ?= 1

ENVIRONMENT := .venv/.synced
FRONT_END := $(VENDOR)/.copied
BUNDLES := var/bundles/.made
STATIC_FILES := var/static/.collected
TRANSLATIONS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
DISTRIBUTED := bootstrap/dist/css/bootstrap.min.css bootstrap/dist/css/bootstrap.min.css.map \
	htmx.org/dist/htmx.min.js echarts/dist/echarts.min.js \
	leaflet/dist/leaflet.js leaflet/dist/leaflet.js.map leaflet/dist/leaflet.css \
	leaflet/dist/images

.PHONY: setup assets run test e2e lint lint-templates format clean
.DEFAULT_GOAL := setup
.DELETE_ON_ERROR:

# --- Set-up: each step leaves a stamp, so the second run finds it done ---

setup: $(ENVIRONMENT) assets

assets: $(FRONT_END) $(BUNDLES) $(TRANSLATIONS)

.venv/.uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv
	@touch $@

# uv itself stands in the dev group, so that it does not remove itself.
$(ENVIRONMENT): .venv/.uv pyproject.toml uv.lock
	$(BIN)/uv sync --frozen --quiet
	@touch $@

$(FRONT_END): package.json package-lock.json Makefile | $(ENVIRONMENT)
	$(BIN)/npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@mkdir -p $(VENDOR)
	cp -r $(addprefix node_modules/,$(DISTRIBUTED)) $(VENDOR)/
	@touch $@

# The phone's modules, one file a page: on a slow network each file more is a wait more.
BUNDLED := main signing_out signed_out log worker
$(BUNDLES): $(wildcard static/js/phone/*.js) $(FRONT_END)
	$(BIN)/node node_modules/esbuild/bin/esbuild $(BUNDLED:%=static/js/phone/%.js) --outdir=$(@D)/phone \
		--bundle --minify --format=iife --target=es2017 --charset=utf8 --log-level=warning
	@touch $@

# Babel instead of gettext's msgfmt: one program less to install.
%.mo: %.po | $(ENVIRONMENT)
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

$(STATIC_FILES): $(FRONT_END) $(BUNDLES) $(ENVIRONMENT) $(shell find static -type f)
	$(MANAGE) collectstatic --noinput --verbosity 0
	@touch $@

# --- Every day ---

run: export DEMO_MODE ?= 1
run: setup $(STATIC_FILES)
	@exec $(MANAGE) serve --prepare --host $(HOST) --port $(PORT)

test: setup
	$(BIN)/pytest -n 2 $(TESTS)

e2e: setup
	$(BIN)/pytest -m e2e $(TESTS)

lint: setup lint-templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check_translations

lint-templates: $(ENVIRONMENT)
	$(BIN)/djlint --lint --quiet templates

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv node_modules $(VENDOR) $(dir $(BUNDLES)) var/static

# --- Long proofs and measurements (benchmarks/, docs/): not part of the suite ---
# One target each, named proof-<what>, printing what it measured.
# They need PostgreSQL: DATABASE_URL names a server (default: 127.0.0.1:5432, user root) on which a
# database of their own is made and dropped.

.PHONY: proofs proof-fold-killed proof-late-commits proof-parallel-creates proof-histories proof-bridge proof-import proof-reorganise-county proof-outbox proof-lost-answers proof-amendments proof-reconnect screenshots

proofs: proof-fold-killed proof-late-commits proof-parallel-creates proof-histories proof-bridge proof-drill proof-import proof-reorganise-county proof-outbox proof-lost-answers proof-amendments proof-reconnect proof-jobs

# J1: 100 kills of the fold.
proof-fold-killed: setup
	$(BIN)/python -m benchmarks.proof_fold_killed --kills 100

# J5: 32 writers with random delays; ROWS=1000000 for the whole proof (about 90 minutes on 2 cores).
proof-late-commits: setup
	$(BIN)/python -m benchmarks.proof_late_commits --rows $(or $(ROWS),100000) --writers 32

# G1: random histories with reorganisations against a naive count; HISTORIES=10000 for the whole.
proof-histories: setup
	$(BIN)/python -m benchmarks.proof_histories --histories $(or $(HISTORIES),1000) --cities $(or $(CITIES),300)

# G4: each number of each role's pages of the demo city leads to its rows; AREAS=0 for all areas.
.PHONY: proof-drill
proof-drill: export DEMO_MODE ?= 1
proof-drill: setup $(STATIC_FILES)
	$(BIN)/python -m benchmarks.proof_drill --areas $(or $(AREAS),6) --scale $(or $(SCALE),tiny)

# What figures cost as the history grows; SESSIONS=100000,1000000 for a first look.
.PHONY: bench-coverage
bench-coverage: setup
	$(BIN)/python -m benchmarks.coverage_scale --sessions $(or $(SESSIONS),1000000,10000000)

# G3: bridges add up and receipts are had again; BRIDGES=10000 for the whole.
proof-bridge: setup
	$(BIN)/python -m benchmarks.proof_bridge --bridges $(or $(BRIDGES),1000)

# G6: a county of the demo city gets another number while others work.
proof-reorganise-county: setup
	$(BIN)/python -m benchmarks.proof_reorganise_county

# L3: the phone's first visit on slow 3G, and the next ones without a network.
.PHONY: measure-phone-load
measure-phone-load: setup
	$(BIN)/python -m benchmarks.phone_load

# The pictures of docs/screenshots.md, from the demo city that `make run` serves on PORT.
screenshots: setup
	$(BIN)/python docs/take_screenshots.py http://127.0.0.1:$(PORT)

# S1: every id sent 200 times in parallel through four web processes.
proof-parallel-creates: setup
	$(BIN)/python -m benchmarks.proof_s1 --ids $(or $(IDS),500)

# S4: 10,000 orders of a record and its amendments.
proof-amendments: setup
	$(BIN)/python -m benchmarks.proof_amendments --permutations $(or $(PERMUTATIONS),10000)

# S8: 5,000 leaders reconnect within a minute; needs Redis too (REDIS_URL, default 127.0.0.1:6379).
proof-reconnect: setup
	$(BIN)/python -m benchmarks.proof_reconnect --leaders $(or $(LEADERS),5000) --seconds 60

# I1: 30,000 instructors with 500 planted faults; imported, exported, imported again.
proof-import: setup
	$(BIN)/python -m benchmarks.proof_import --rows $(or $(ROWS),30000)

# 200 records on a phone that loses network, browser and server; with and without a service worker.
proof-outbox: setup
	$(BIN)/python -m benchmarks.proof_outbox --seeds $(or $(SEEDS),5)
	$(BIN)/python -m benchmarks.proof_outbox --seeds $(or $(SEEDS),5) --wechat

# J1–J4, J6, J7: the periodic jobs killed, doubled, without Redis, without PostgreSQL, in trouble,
# and for hours. The whole takes a night (KILLS=100 AWAY=600 SOAK_MINUTES=120); small first:
# make proof-jobs KILLS=3 PG_KILLS=3 AWAY=20 SOAK_MINUTES=5
.PHONY: proof-jobs
proof-jobs: setup
	$(BIN)/python -m benchmarks.proof_jobs killed --kills $(or $(KILLS),100)
	$(BIN)/python -m benchmarks.proof_jobs doubled --seconds $(or $(DOUBLED),60)
	$(BIN)/python -m benchmarks.proof_jobs no-redis --seconds $(or $(AWAY),600)
	$(BIN)/python -m benchmarks.proof_jobs no-postgres --kills $(or $(PG_KILLS),20)
	$(BIN)/python -m benchmarks.proof_jobs faults
	$(BIN)/python -m benchmarks.proof_jobs soak --minutes $(or $(SOAK_MINUTES),120)

# S2: every third answer lost, retried, reordered.
proof-lost-answers: setup
	$(BIN)/python -m benchmarks.proof_lost_answers --writes $(or $(WRITES),100000)
