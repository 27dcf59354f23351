# make run: install, then a simulated satellite, its station and the dashboard.
# make test: install, then everything that is checked: style, types, tests against real parts.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO ?=

.PHONY: run install test check bench bench-classroom bench-modem fuzz torture schemathesis pages peers words screenshots lock clean

# Options of the demo: make run DEMO="--port 8081". Who is refused is told so.
run: install
	@$(BIN)/groundstation demo $(DEMO) || { code=$$?; [ $$code -ne 2 ] || \
	  echo 'with make, options are given so: make run DEMO="--port 8081"' >&2; exit $$code; }

install: $(VENV)/.installed

# Hashed, locked requirements; the project itself is linked, so that edits count at once.
$(VENV)/.installed: requirements/run.txt requirements/test.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; choose one with: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

peers: install
	bash .ci/peers

# Files side by side, a worker a core but no more than four: many tests only wait.
test: peers check
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: peers
	bash benchmarks/run

# The software modem beside atest, with the tables of docs/modem.md. RECORDINGS: a folder of
# off-air recordings with recordings.json; NOISE_HOURS: how long to look for false frames.
RECORDINGS ?=
NOISE_HOURS ?= 0.5
bench-modem: install
	OPENBLAS_NUM_THREADS=1 $(BIN)/python benchmarks/bench_modem.py --write --noise-hours $(NOISE_HOURS) \
	  $(if $(RECORDINGS),--recordings $(RECORDINGS))

# The dashboard of a station with a million frames, in a browser; writes the table of
# docs/dashboard.md. STORE: a folder that keeps that station for the next time.
STORE ?=
bench-classroom: peers
	$(BIN)/python benchmarks/bench_classroom.py --write $(if $(STORE),--store $(STORE))

# A million mutations for each framing and definition; hours.
fuzz: install
	$(BIN)/python -m tests.fuzz 1000000

# The world broken around a real station, the long figures; hours. docs/reliability.md tells of it.
TORTURE ?=
torture: peers
	$(BIN)/python -m tests.torture --long --write $(TORTURE)

# The interface against its own description, with schemathesis in an environment of its own.
QUESTIONS ?= --max-examples 100
schemathesis: install
	test -d $(VENV)/peers/schemathesis || $(PYTHON) -m venv $(VENV)/peers/schemathesis
	$(VENV)/peers/schemathesis/bin/python -m pip install --quiet --disable-pip-version-check schemathesis==4.32.5
	$(BIN)/python -m tests.dashboard.described $(QUESTIONS)

# Every page in three languages, at three sizes, light and dark, in a real browser; minutes.
pages: peers
	$(BIN)/python -m tests.dashboard.every_page

# New phrases of the sources into groundstation/words/*.po, empty; old ones out.
words: install
	$(BIN)/python -m tests.words.extraction

# A picture of each page for the documents, into docs/img.
screenshots: peers
	$(BIN)/python -m tests.dashboard.screenshots

# Needs uv (https://docs.astral.sh/uv/); one lock for every Python and system.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-annotate --no-emit-index-url pyproject.toml -o requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-annotate --no-emit-index-url --extra test pyproject.toml -o requirements/test.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build dist *.egg-info
