# The commands of the project. A bare Debian 12 with python3-venv and make is enough for demo, test and check.

PORT ?= 8000
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes

PYTEST := $(PY) -m pytest --numprocesses auto
DJADE := $(VENV)/bin/djade --target-version 5.2
TEMPLATES = $(shell find templates -name '*.html')
NO_SERVER := --ignore tests/services --ignore tests/journeys
# where make test-services finds its services; each may be set from outside
TEST_DATABASE_URL ?= postgres://root@127.0.0.1:5432/cordon
TEST_REDIS_URL ?= redis://127.0.0.1:6379/15
CHROMIUM ?= /usr/bin/chromium
SERVICES = DATABASE_URL=$(TEST_DATABASE_URL) REDIS_URL=$(TEST_REDIS_URL)
# the attack drivers, kept beside the checkout
HARNESS ?= ../shared/harness

.PHONY: help venv demo clean-demo test test-services check bench attack messages clean format

help:
	@echo "make demo           run the product with demo data at http://127.0.0.1:$(PORT)/"
	@echo "make test           every test that needs no server"
	@echo "make test-services  the same on PostgreSQL and Redis, with a real worker and a real browser"
	@echo "make check          style, types, architecture, translations, safety of the production settings"
	@echo "make bench          measurements; make attack: the long attacks"
	@echo "make venv           .venv with everything; make messages: translation catalogues"
	@echo "make clean-demo     throw the demo data away; make clean: everything that make made"

# a stamp per list, so that pip runs again only when the list has changed
$(VENV)/.installed: requirements.txt
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PIP) -r requirements.txt
	touch $@

$(VENV)/.installed-%: requirements-%.txt $(VENV)/.installed
	$(PIP) -r $<
	touch $@

venv: $(VENV)/.installed $(VENV)/.installed-dev $(VENV)/.installed-browser

demo: $(VENV)/.installed
	exec env CORDON_DEMO=1 $(PY) manage.py demo --port $(PORT)

# empties the database, if a demonstration is what it holds
clean-demo: $(VENV)/.installed
	$(PY) manage.py demo --throw-away

test: $(VENV)/.installed $(VENV)/.installed-dev
	$(PYTEST) $(NO_SERVER)

test-services: venv
	$(SERVICES) $(PYTEST) $(NO_SERVER)
	# the processes of the first mostly wait, so the browser works meanwhile; what they said is shown at the end
	said=$$(mktemp); $(SERVICES) $(PY) -m pytest tests/services >$$said 2>&1 & services=$$!; \
	CHROMIUM=$(CHROMIUM) $(PY) -m pytest -n 2 tests/journeys; journeys=$$?; \
	wait $$services; services=$$?; cat $$said; rm -f $$said; exit $$((services | journeys))

check: $(VENV)/.installed $(VENV)/.installed-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(DJADE) --check $(TEMPLATES)
	$(VENV)/bin/mypy councils production config
	$(PY) -m pytest tests/test_architecture.py tests/test_repository.py tests/test_contrast.py tests/config/test_safety.py

format: $(VENV)/.installed-dev
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(DJADE) $(TEMPLATES) || true  # it exits with 1 when it has changed something

bench: $(VENV)/.installed $(VENV)/.installed-dev $(VENV)/.installed-bench
	set -e; for bench in tests/benchmarks/bench_*.py; do $(PY) -m tests.benchmarks.$$(basename $$bench .py); done

attack: venv
	HARNESS=$(HARNESS) $(PY) -m tests.attack

messages: $(VENV)/.installed-dev
	$(PY) manage.py makemessages --locale es --no-wrap --no-location --ignore .venv --ignore tests --ignore var
	$(PY) -c "import polib; polib.pofile('config/locale/es/LC_MESSAGES/django.po').save_as_mofile('config/locale/es/LC_MESSAGES/django.mo')"

# var/, which holds the data, stays
clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
