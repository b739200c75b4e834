# Each target sets up what it needs. `make` alone prints this list.
PYTHON ?= python3
VENV   := .venv
BIND   ?= localhost
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help book test preview bench format clean

help:  ## print the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

book: $(READY)  ## build the report into _build/html/ and say where its first page is
	@$(BIN)/sendreform build

test: $(READY)  ## check the data, the code, the notebooks and the built book
	@$(BIN)/python tests/run.py

preview: book  ## serve the built report on this machine, http://localhost:8000
	@$(BIN)/python -m http.server 8000 --bind $(BIND) --directory _build/html

bench: $(READY)  ## measure how long each step takes, into bench/
	@$(BIN)/python bench/measure.py && $(BIN)/python bench/editions.py && $(BIN)/python bench/pages.py && $(BIN)/python bench/projection.py

format: $(READY)  ## put the code in its usual form
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

clean:  ## remove the built book and the executed notebooks
	rm -rf _build

# The stamp is written last, so that an interrupted installation starts again.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or later is needed')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $(READY)
