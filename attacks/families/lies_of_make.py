"""Ways to make a gate lie, or a command do something else: what a rule of the Makefile says."""

from attacks.attack import extend, replace
from attacks.variants import joined, told

MIRROR = "pypi" + ".wheel-mirror.dev"
MAKE, CHANGED = "Makefile", "command-changed"
# It takes the place of the pattern that makes the environment of the scanners.
OWN_RULE = "\n$(SCAN_VENV)/.ready: $(VENV)/.uv\n\t@{}\n\t@touch $@\n"

# The gates would see a comment and a recipe, and make sees a comment.
COMMENTED = ("# Scan.{}\t@python -m policies check\n", "\t@python -m policies check\n")

LOOKING = "\t@python -m ops status\n"
HIDING = "HIDING := $(shell $(PYTHON) -I machine/hiding.py 2>/dev/null)\n"
CHECK = "ifneq ($(HIDING),)\n$(error $(HIDING))\nendif\n"

ATTACKS = joined(
    *(
        told(
            f"a recipe that make takes for a comment, behind {name}",
            replace(MAKE, COMMENTED[1], COMMENTED[0].format(end)),
            CHANGED,
            "tree-line-hidden",
        )
        for name, end in (
            ("a carriage return", "\r"),
            ("a form feed", "\f"),
            ("a separator of lines", "\u2028"),
        )
    ),
    told(
        "a condition that sets a variable, and has nothing below it",
        extend(MAKE, "\nifneq ($(eval export PYTEST_ADDOPTS := --collect-only),)\nendif\n"),
        "environment-changed",
        says="--collect-only",
    ),
    told(
        "a variable below a comment that only seems to go on",
        replace(
            MAKE,
            "CALLERS_PATH :=",
            "# On Windows a folder ends with \\\\\nOPS := true\nCALLERS_PATH :=",
        ),
        CHANGED,
        says="OPS",
    ),
    told(
        "a comment that sends whoever locks to another index",
        replace(MAKE, ".PHONY: lock", f"# Or UV_INDEX_URL=https://{MIRROR}/a\n.PHONY: lock"),
        "tree-host-unknown",
        says=f"takes or sends something; leave it out, use a name such as a.example if it is made "
        f"up, or add it to HOSTS in policies/scan/tree.toml: {MIRROR}",
    ),
    told(
        "a key beside its secret",
        extend("docs/performance.md", "\nIt has the key AKIA" + "Q3EGRJ7WLZ5XTN2M.\n"),
        "tree-key-written",
        says="the id of a key to an AWS account",
    ),
    told(
        "a new target whose recipe ends with something else",
        extend(MAKE, f"\n.PHONY: look\nlook:\n{LOOKING * 30}\t@python -m ops redrive --yes\n"),
        "target-added",
        says="python -m ops redrive --yes",
    ),
    told(
        "a target that seems to remove less",
        replace(MAKE, "## remove everything", "## remove what is out of date"),
        "target-described",
        says="out of date",
    ),
    told(
        "operators whose folder's modules run",
        replace(MAKE, "-P -m ops", "-m ops"),
        CHANGED,
        says="people run this with their own credentials",
    ),
    told(
        "a proof that looks at no alarm",
        replace(MAKE, ' \\\n\t  $(if $(WATCH_S),--watch-s "$(WATCH_S)")', ""),
        CHANGED,
        says="the pipeline's builds run this after the gates",
    ),
    told(
        "a variable that only a recipe shows",
        replace(MAKE, "OPS_VENV := .ops-venv\n", "OPS_VENV := .ops-venv\nWATCH_S ?= 0\n"),
        CHANGED,
        says="recipes read this variable",
    ),
    told(
        "a check before what it looks at has a value",
        replace(MAKE, f"{HIDING}{CHECK}", f"{CHECK}{HIDING}"),
        CHANGED,
        says="(before HIDING)",
    ),
    told(
        "an environment that no newer lock makes again",
        replace(MAKE, "/.ready: $(VENV)/.ready package", "/.ready: $(VENV)/.ready | package"),
        CHANGED,
        says="needs.| package-lock.json",
    ),
    told(
        "a rule in the place of a pattern",
        extend(MAKE, OWN_RULE.format("mkdir -p $(SCAN_VENV)")),
        CHANGED,
        says="before any pattern that fits them",
    ),
    told(
        "scanners that no hash locks",
        extend(MAKE, OWN_RULE.format("uv pip install -r requirements/scan.in")),
        "package-unlocked",
        says="gives for a name runs here: pip install -r requirements/scan.in",
    ),
    told(
        "packages of every environment that no hash locks",
        replace(MAKE, "--compile-bytecode --require-hashes", "--compile-bytecode"),
        "package-unlocked",
        says="gives for a name runs here: pip install --quiet --compile-bytecode",
    ),
)
