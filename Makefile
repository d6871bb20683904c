# Needs Python 3.11 and make; brings uv itself. `make` alone shows what there is.
PORT ?= 8000
FUZZ_SECONDS ?= 120
FUZZ_FILES ?= 300
PYTHON ?= $(shell command -v python3.11 || command -v python3)
# A uv that is too old for our lock file is left alone.
UV ?= $(shell uv --version 2>/dev/null | grep -qE '^uv (0\.(9|[1-9][0-9])|[1-9][0-9]*)\.' && command -v uv || echo var/uv/bin/uv)
# TensorFlow's environment stands apart from the portal's.
TRAIN = UV_PROJECT_ENVIRONMENT=.venv-train $(UV) run --locked --group train --extra second-reader

.PHONY: help run test check train evaluate bench fuzz map

help: ## show this
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 12

var/uv/bin/uv:
	$(PYTHON) -m venv var/uv || { echo "Python's venv module is missing; on Debian: apt install python3-venv"; exit 1; }
	var/uv/bin/pip install --quiet 'uv>=0.13,<0.14'

run: $(UV) ## the portal and its workers at http://localhost:8000 (PORT=9000 elsewhere)
	$(UV) sync --locked --no-dev --inexact --extra second-reader
	$(UV) run --no-sync python manage.py demo --port $(PORT)

test: $(UV) ## all tests
	$(UV) run --locked --extra second-reader --extra saml pytest tests --ignore=tests/ml/training $(PYTEST)
	$(TRAIN) pytest tests/ml/training $(PYTEST)

check: $(UV) ## style, types, import contracts, migrations, deployment settings
	$(UV) run --locked --extra second-reader ruff format --check .
	$(UV) run --no-sync ruff check .
	$(UV) run --no-sync djangofmt --check --quiet templates
	$(UV) run --no-sync mypy .
	$(UV) run --no-sync lint-imports
	$(UV) run --no-sync python manage.py makemigrations --check --dry-run
	$(UV) run --no-sync python manage.py check --fail-level WARNING
	$(UV) run --no-sync python .ci/check_deploy.py

train: $(UV) ## train the networks that we ship (COUNTERSIGN_DATA, else MNIST is downloaded; COUNTERSIGN_FONTS: ml/models/README.md)
	@test -d "$$COUNTERSIGN_FONTS" || { echo "COUNTERSIGN_FONTS names no folder of fonts: see ml/models/README.md"; exit 1; }
	$(TRAIN) python -m ml.training.runs.train_digits
	$(TRAIN) python -m ml.training.runs.train_strings
	$(TRAIN) python -m ml.training.runs.train_strings --fields --rounds 3
	$(TRAIN) python -m ml.training.runs.train_strings --fields --rounds 4 --seed 9 --learning-rate 0.0018 \
		--begin-from ml/models/fields_first.tflite
	for kind in tflite json history.json; do cp ml/models/fields.$$kind ml/models/fields_first.$$kind; done
	$(TRAIN) python -m ml.training.runs.train_strings --fields --rounds 2 --strings 80000 --seed 10 --learning-rate 0.0014 \
		--begin-from ml/models/fields_first.tflite
	$(TRAIN) python -m ml.training.runs.train_strings --fields --notes 0.45 --rounds 2 --strings 55000 --seed 11 \
		--learning-rate 0.0014 --begin-from ml/models/fields.tflite
	$(TRAIN) python -m ml.training.runs.train_strings --fields --notes 0.45 --rounds 1 --strings 45000 --seed 13 \
		--learning-rate 0.001 --begin-from ml/models/notes.tflite
	$(TRAIN) python -m ml.training.runs.train_print
	$(TRAIN) python -m ml.training.runs.train_words --lines 36000 --epochs 7 --seed 17 --learning-rate 0.002
	$(TRAIN) python -m ml.training.calibration.calibrate
	$(TRAIN) python -m ml.training.calibration.calibrate_fields
	$(TRAIN) python -m ml.training.calibration.calibrate_pages
	$(TRAIN) python -m ml.training.calibration.calibrate_amounts

evaluate: $(UV) ## accuracy, beside the student report's networks: a report in var/report/ (EVALUATE="--only cheques" for a part)
	$(TRAIN) python -m ml.evaluation.evaluate $(EVALUATE)

bench: $(UV) ## speed and memory, beside Tesseract on the same images
	$(UV) run --locked --extra second-reader python -m ml.evaluation.bench
	$(UV) run --no-sync python -m portal.bench

fuzz: $(UV) ## hostile files: through the decoders' box and the reader, then over HTTP (FUZZ_SECONDS=3600 FUZZ_FILES=10000 for longer)
	$(UV) run --locked --extra second-reader python -m ml.evaluation.fuzz --seconds $(FUZZ_SECONDS)
	$(UV) run --no-sync python -m portal.fuzz --files $(FUZZ_FILES)

map: $(UV) ## draw the map of the code, docs/img/architecture.svg, from its imports
	$(UV) run --locked --extra second-reader python -m docs.draw_map
