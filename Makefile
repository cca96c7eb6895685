# factsheet: build the demo, look at it, test everything. Nothing to prepare: each goal installs what it needs.
#
#   make         build the dossier of this repository into output/
#   make serve   build it for preview, serve it, rebuild on every change
#   make test    run every check; checks that lack a program are named at the end, with what brings it
#   make faults  kill builds, fail calls and fill disks for some minutes (see docs/promises.md)
#   make lock    write content/evidence.lock anew, from the saved articles (FACTSHEET_TEXTS=FOLDER)
#   make shots   take pictures of every kind of page into .shots/: both widths, light, dark and print
#   make bench   measure builds beside Hugo and Eleventy, where they are installed
#   make bench-quotes  measure how fast quotes are located
#   make bench-publish  measure publishing beside rsync, ghp-import and rclone, where they are installed
#   make pins    write constraints.txt anew, with the newest versions that fit pyproject.toml
#   make messages  bring the catalogues of the interface up to date, and tell what wants a translation
#   make clean   remove everything that was made, the virtual environment included
#
# Another Python:  make PYTHON=python3.13

PYTHON = python3
BIN = .venv/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-warn-script-location

.PHONY: site serve test faults lock shots bench bench-quotes bench-publish pins clean

site: .venv/installed
	@$(BIN)/factsheet build

serve: .venv/installed
	@$(BIN)/factsheet serve

test: .venv/installed-test .venv/s3/installed
	@$(BIN)/python -m pytest

# As root on Linux, disks that are full and layers of containers are mounted as well.
faults: .venv/installed-test
	@FACTSHEET_LONG=300 $(BIN)/python -m pytest --timeout 3600 tests/test_faults.py tests/test_incremental.py

lock: .venv/installed
	@$(BIN)/factsheet lock

shots: site .venv/installed-test
	@$(BIN)/python tests/shots.py output .shots

SIZES = 1000,10000
RAM = $(shell test -d /dev/shm && echo /dev/shm/factsheet-bench || echo .bench)

bench: .venv/installed
	@BENCH_THEME=tests/benchmark/theme $(BIN)/python tests/benchmark/run.py --tools here --sizes $(SIZES) --runs 5 \
	  --product "$(CURDIR)/$(BIN)/factsheet build --site {site} --output {out}" --floor product --work $(RAM)
	@rm -rf $(RAM)

bench-quotes: .venv/installed
	@$(BIN)/python tests/benchmark/quotes.py

bench-publish: .venv/installed-test .venv/s3/installed
	@$(BIN)/python tests/benchmark/publish.py

pins:
	@rm -rf .venv/pins
	@$(PYTHON) -m venv .venv/pins
	@.venv/pins/bin/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@sed -n '/^#/p' constraints.txt > .venv/pins/constraints.txt
	@.venv/pins/bin/python -m pip list --format freeze --exclude-editable \
	  --exclude pip --exclude setuptools --exclude wheel >> .venv/pins/constraints.txt
	@mv .venv/pins/constraints.txt constraints.txt
	@rm -rf .venv/pins
	@$(PYTHON) -m venv .venv/pins
	@.venv/pins/bin/python -m pip install --quiet --disable-pip-version-check 'moto[s3]>=5.2' flask flask-cors
	@sed -n '/^#/p' tests/s3-server.txt > .venv/pins/s3-server.txt
	@.venv/pins/bin/python -m pip list --format freeze \
	  --exclude pip --exclude setuptools --exclude wheel >> .venv/pins/s3-server.txt
	@mv .venv/pins/s3-server.txt tests/s3-server.txt
	@rm -rf .venv/pins

.PHONY: messages
messages: .venv/installed
	@$(BIN)/python docs/make_messages.py $(LANGUAGE)

clean:
	rm -rf .venv .factsheet .output.factsheet .output.old.factsheet .shots .hypothesis .mypy_cache .ruff_cache build dist
	[ ! -d output ] || find output -mindepth 1 ! -name .gitkeep -delete
	find generator tests -name __pycache__ -prune -exec rm -rf {} +

# A stamp newer than both lists means that what they ask for is there.
.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "factsheet needs Python 3.11 or newer, and '$(PYTHON)' is not that." >&2; \
	  echo "Install one and name it, for example:  make PYTHON=python3.13" >&2; exit 1; }
	@echo "Installing into .venv ..."
	@$(PYTHON) -m venv .venv
	@$(PIP) -c constraints.txt -e .
	@touch $@

.venv/installed-test: .venv/installed
	@echo "Installing what the tests need ..."
	@$(PIP) -c constraints.txt -e '.[test]'
	@touch $@

# A server that speaks S3, for tests: apart, since its libraries want an older python-dateutil than edtf.
.venv/s3/installed: tests/s3-server.txt .venv/installed
	@echo "Installing a server that speaks S3 ..."
	@$(PYTHON) -m venv .venv/s3
	@.venv/s3/bin/python -m pip install --quiet --disable-pip-version-check --no-warn-script-location \
	  --no-deps -r tests/s3-server.txt
	@touch $@
