# Thin on purpose: bootstraps .venv, then calls taizhang and poe.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready

.PHONY: demo test up check lock install

demo: $(READY)
	$(VENV)/bin/taizhang demo nanzhang $(ARGS)

test: $(READY)
	@deploy/postgresql.sh
	$(VENV)/bin/poe check

up: $(READY)
	$(VENV)/bin/taizhang up $(ARGS)

check: $(READY)
	$(VENV)/bin/poe fast

install: $(READY)

lock: $(READY)
	$(VENV)/bin/pip-compile --quiet --all-extras --generate-hashes --allow-unsafe --strip-extras \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --output-file deploy/requirements.lock pyproject.toml

$(READY): deploy/requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "需要 Python 3.11 或更新版本 | Python 3.11 or newer is needed: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "缺少 venv 模块,请安装 python3-venv | the venv module is missing: install python3-venv" >&2; exit 1; }
	@[ -x $(VENV)/bin/pip ] || { rm -rf $(VENV) && $(PYTHON) -m venv $(VENV); }
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r deploy/requirements.lock
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)
