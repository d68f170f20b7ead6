# Works from any directory, and with spaces in the path: elsewhere it hands over to a make that runs here.
here := $(shell cd "$$(dirname "$(strip $(MAKEFILE_LIST))")" && pwd)

ifneq ($(here),$(CURDIR))

# Not a rule for every name: make would try to remake this file by it.
.PHONY: $(or $(MAKECMDGOALS),help)
$(or $(MAKECMDGOALS),help):
	@$(MAKE) --no-print-directory -C "$(here)" $@

else

PYTHON ?= python3
N ?= 100000
ROUNDS ?= 3
RUNS ?= 300

# Prefect keeps to this folder, starts its temporary server in peace, and tells nobody.
export PREFECT_HOME ?= $(here)/data/prefect
export PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS ?= 120
export PREFECT_SERVER_ANALYTICS_ENABLED ?= false
export PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL ?= ERROR
export DO_NOT_TRACK ?= 1

.DEFAULT_GOAL := help
.PHONY: help run serve backup test test-fast coverage lint format lexicon dictionary holidays pictures check evaluate bench drill soak clean

help: ## List every target
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

# Says so in one line where Python is too old, that of an environment made before too.
.PHONY: python
python:
	@"$$(if [ -e .venv/bin/python ]; then echo .venv/bin/python; else echo "$(PYTHON)"; fi)" -c 'import sys; v = sys.version_info; v[:2] < (3, 11) and sys.exit("press: Python 3.11 or later is needed, and %s is %d.%d: run `make clean`, then `make run PYTHON=python3.11`." % (sys.executable, v[0], v[1]))'

.venv/run: pyproject.toml constraints.txt | python
	@echo "Setting up .venv …"
	@$(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch .venv/run

.venv/dev: .venv/run
	@echo "Setting up the tests' tools …"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch .venv/dev

run: .venv/run ## Set up, ingest seeds/digests by the flow, and print a summary
	@mkdir -p "$$PREFECT_HOME"
	@.venv/bin/python -m flows.run

serve: .venv/run ## Serve Prefect's UI at 127.0.0.1:4200 and all schedules; Ctrl-C stops everything
	@.venv/bin/python -m flows.serving.serve

backup: .venv/run ## Back up the warehouse and its archive, and restore the copy for a test
	@.venv/bin/press backup

# What people open exports with lives apart, as the peers do: its pins and ours need not agree.
.venv-tools/ready: tests/requirements-tools.txt | python
	@echo "Setting up the tools that read exports …"
	@$(PYTHON) -m venv .venv-tools
	@.venv-tools/bin/python -m pip install --quiet --disable-pip-version-check -r tests/requirements-tools.txt
	@touch .venv-tools/ready

test: .venv/dev .venv-tools/ready ## Set up and pass the whole suite
	@.venv/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=10

test-fast: .venv/dev ## Pass what needs no server, no browser and few processes: under a minute
	@.venv/bin/python -m pytest -n 2 --dist loadfile -m "not slow"

coverage: .venv/dev .venv-tools/ready ## Pass the suite with every line counted, and list what no test reaches
	@.venv/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --cov --cov-report=term-missing:skip-covered

lint: .venv/dev ## ruff, mypy --strict, sqlfluff
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/sqlfluff lint --processes 2 sql

format: .venv/dev ## Format Python and SQL
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format . ; .venv/bin/sqlfluff fix --processes 2 sql

# Inflecting words needs dictionaries that nothing else does: they live apart.
lexicon/.venv/ready: lexicon/requirements.txt
	@echo "Setting up the lexicon's tools …"
	@$(PYTHON) -m venv lexicon/.venv
	@lexicon/.venv/bin/python -m pip install --quiet --disable-pip-version-check -r lexicon/requirements.txt
	@touch lexicon/.venv/ready

lexicon: lexicon/.venv/ready ## Write the inflected words of seeds/lexicon, to be committed
	@lexicon/.venv/bin/python lexicon/figures.py
	@lexicon/.venv/bin/python lexicon/promises.py
	@lexicon/.venv/bin/python lexicon/names.py

pictures: .venv/dev ## Take the pictures of docs/img again, in a real Chromium
	@.venv/bin/python -m tests.desk.pictures

dictionary: .venv/run ## Write docs/dictionary.md from the schema, docs/settings.md from the settings
	@.venv/bin/press dictionary
	@.venv/bin/press settings --format markdown > docs/settings.md.new && mv docs/settings.md.new docs/settings.md

holidays: .venv/dev ## Write seeds/calendar/holidays.csv by the library "holidays"
	@.venv/bin/python -m tests.desk.holidays

check: .venv/run ## Run all checks over the published warehouse
	@.venv/bin/press check

.venv/bench: .venv/run
	@echo "Setting up the benchmark's tools …"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	@touch .venv/bench

# What others would assemble instead lives apart: its pins and ours need not agree.
benchmarks/.venv-peers/ready: benchmarks/requirements-peers.txt
	@echo "Setting up the peers' environment …"
	@$(PYTHON) -m venv benchmarks/.venv-peers
	@benchmarks/.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements-peers.txt
	@touch benchmarks/.venv-peers/ready

# Other readers of facts, for the same reason.
benchmarks/.venv-readers/ready: benchmarks/requirements-readers.txt
	@echo "Setting up the other readers' environment …"
	@$(PYTHON) -m venv benchmarks/.venv-readers
	@benchmarks/.venv-readers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements-readers.txt
	@touch benchmarks/.venv-readers/ready

evaluate: .venv/run benchmarks/.venv-readers/ready ## Measure how well facts are read, beside quantulum3 and natasha (MEASURE=people)
	@.venv/bin/python benchmarks/evaluate.py $(if $(MEASURE),--measure "$(MEASURE)")

bench: .venv/bench benchmarks/.venv-peers/ready ## Measure against dlt, dbt and pandas (N=100000 releases, ROUNDS=3)
	@.venv/bin/python benchmarks/bench.py --releases $(N) --rounds $(ROUNDS)

drill: .venv/dev ## Play every fault on a served warehouse, and print how it came out (ONLY="flow disk", WRITE=1)
	@.venv/bin/python -m tests.drills.drill $(if $(ONLY),--only $(ONLY)) $(if $(WRITE),--write)

soak: .venv/dev ## Let a served warehouse run RUNS=300 times with faults and readers (WRITE=1)
	@.venv/bin/python -m tests.drills.soak --runs $(RUNS) $(if $(WRITE),--write)

clean: ## Remove environments and caches, but never data
	@rm -rf .venv .venv-tools .mypy_cache .ruff_cache .pytest_cache .hypothesis

endif
