# make demo       the whole cycle on invented partners, into keluaran/
# make test       all tests, heavy sets sampled       make test-full   the full sets, noted in docs/bukti.md
# make check      ruff and mypy                       make workbook    builds workbook/
# make lock       refreshes requirements.lock         make docs        builds the guides as a site into situs/
# make clean      removes what can be made again
# make bench      measures everything, docs/kinerja.md (a quarter of an hour)    make bench-quick   tries that out

PYTHON ?= python3
BIN := .venv/bin

# Without compiled files every start compiles pandas and pandera anew: two seconds instead of half of one.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-full check docs lock workbook bench bench-quick clean
.DELETE_ON_ERROR:

demo: .venv/terpasang
	$(BIN)/kemitraan demo --keluaran keluaran

test: .venv/terpasang
	sh tests/prasyarat.sh
	$(BIN)/python -m pytest -m "not lambat" -n 2 --dist loadfile

test-full: .venv/terpasang
	sh tests/prasyarat.sh
	$(BIN)/python -m pytest -n 2 --dist loadfile --junitxml=.cache/bukti.xml
	$(BIN)/python tests/bukti.py .cache/bukti.xml docs/bukti.md

check: .venv/terpasang
	$(BIN)/ruff check .
	$(BIN)/mypy

workbook: .venv/terpasang
	$(BIN)/python -m udfs.build workbook

# With LICENCE=noncommercial (or a key) the add-in server as well: its user's own choice, see README.
bench: .venv/terpasang
	$(BIN)/python benchmarks/lapor.py $(if $(LICENCE),--licence $(LICENCE))

bench-quick: .venv/terpasang
	$(BIN)/python benchmarks/lapor.py --quick

docs: .venv/terpasang
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet
	@echo "Buka situs/index.html."

# uv resolves for every platform at once, which pip does not. Its version is pinned, so that the same input
# gives the same lock.
lock:
	$(PYTHON) -m venv .cache/uv
	.cache/uv/bin/python -m pip install --quiet uv==0.13.9
	.cache/uv/bin/uv pip compile pyproject.toml --extra dev --override overrides.txt --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
		--quiet --output-file requirements.lock
	.cache/uv/bin/uv pip compile benchmarks/requirements.in --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
		--quiet --output-file benchmarks/requirements.txt

clean:
	rm -rf .venv .cache keluaran situs dist .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/sdk/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The pinned dependencies, made anew only when the lock changes; it is complete, and leaves out what overrides.txt does ...
.venv/terkunci: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Perlu Python 3.11 atau lebih baru.")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	touch $@

# ... and the project itself, which refers to this folder, so only its metadata needs another installation.
.venv/terpasang: .venv/terkunci pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@
