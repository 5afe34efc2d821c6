# make lab     set up .venv and open JupyterLab on lesson 1   (PORT=8899 for a port of your own, OPEN=0 for no browser)
# make test    everything that CI runs
# make check   lint and fast tests, in about two minutes
# make build   write the workbooks from solutions/ and src/
# make gpu     run the lessons on a CUDA GPU (needs one)
# make soak    run every lesson as learners do who are careless, unlucky or wrong: an hour   (SOAK="--lesson 7" for a part)
# make bench   measure everything that the book says is fast or small, and renew BENCHMARKS.md (ten minutes)
# make site    build the book as a static site in build/site: live cards, no kernel, no network
# make pictures   draw the pictures of the README

PYTHON ?= python3
PORT ?=
OPEN ?= 1
CELL_TIMEOUT ?= 120
SOAK ?=

BIN := .venv/bin
SETUP := src/featherweight/setup_environment.py
PINS := pyproject.toml constraints.txt $(SETUP)
NBVAL = PYTHONPATH=$(CURDIR)/tests/offline FEATHERWEIGHT_PROGRESS=off $(BIN)/python -m pytest -p no:cacheprovider -n 2 --dist loadscope \
	--nbval-lax --nbval-cell-timeout=$(CELL_TIMEOUT) --nbval-kernel-startup-timeout=$(CELL_TIMEOUT)

.PHONY: lab test check lint fast lessons build gpu soak bench site pictures
.DEFAULT_GOAL := lab

lab: .venv/set-up-lab
	@$(BIN)/featherweight lab --dir notebooks $(if $(PORT),--port $(PORT)) $(if $(filter 0,$(OPEN)),--no-browser)

test: lint
	$(BIN)/featherweight build --check
	FEATHERWEIGHT_DEVICE=cpu $(MAKE) lessons
	$(BIN)/python -m pytest -n 2 --dist loadscope

check: lint fast

lint: .venv/set-up-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell

fast: .venv/set-up-test
	$(BIN)/python -m pytest -q -n 2 --dist loadscope -m "not slow and not browser"

lessons: .venv/set-up-test
	$(NBVAL) notebooks
	FEATHERWEIGHT_STRICT=1 $(NBVAL) solutions

gpu: .venv/set-up-test
	REQUIRE_GPU=1 $(BIN)/featherweight doctor
	FEATHERWEIGHT_DEVICE=cuda $(MAKE) lessons

soak: .venv/set-up-test
	$(BIN)/python -m featherweight.bench.soak $(SOAK)

build: .venv/set-up-test
	$(BIN)/featherweight build

bench: .venv/set-up-test
	$(BIN)/featherweight bench

site: .venv/set-up-test
	$(BIN)/featherweight site

pictures: .venv/set-up-test
	$(BIN)/python -m featherweight.authoring.pictures

.venv/set-up-lab: $(PINS)
	@$(PYTHON) -I $(SETUP) lab
	@touch $@

.venv/set-up-test: $(PINS)
	@$(PYTHON) -I $(SETUP) test
	@touch $@ .venv/set-up-lab
