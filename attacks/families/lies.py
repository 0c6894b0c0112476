"""Ways to make a gate lie: a status that is swallowed, and variables from which tools take options.

What is absolute is found by the scan of the tree, also in the first commit; it is a change as well.
"""

from itertools import product

from attacks.attack import extend, replace, write
from attacks.variants import joined, told
from attacks.workflow import CI, before, make, run, step

TREE, CHANGED = "tree-status-swallowed", "command-changed"
# What each of these lines does, in the words of its finding.
STEERS_MAKE = {
    ".IGNORE: check\n": "goes on after a failure",
    ".SILENT:\n": "no longer prints",
    ".ONESHELL:\n": "in one shell",
    "SHELL := /bin/true\n": "runs every recipe by it",
}
# Each behind a command or around it, in whatever file commands are written.
HIDES = {
    "by true": "{} || true",
    "by a colon": "{} || :",
    "by true in full": "{} || /bin/true",
    "by a sentence": "{} || echo later",
    "by a variable": "{} || RED=1",
    "by a group": "{} || (exit 0)",
    "by what comes after": "{}; true",
    "by an end that is good": "{}; exit 0",
    "in the background": "{} &",
    "by its contrary": "! {}",
    "by a shell that goes on": "set +e; {}",
    "by a shell that goes on in full": "set +o errexit; {}",
    "by a pipe": "set +o pipefail; {} | tail",
    "by a trap": "trap 'exit 0' EXIT; {}",
    "by a condition": "if {}; then :; fi",
}
WRITTEN = {
    "a workflow": (run, "make test"),
    "a recipe": (make, "mypy ."),
}
VARIABLES = (
    *("MAKEFLAGS", "GNUMAKEFLAGS", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTHONOPTIMIZE"),
    *("PYTHONPATH", "BASH_ENV", "LD_PRELOAD", "NODE_OPTIONS", "PIP_INDEX_URL", "UV_INDEX_URL"),
    *("UV_EXTRA_INDEX_URL", "npm_config_registry", "MYPYPATH", "RUFF_CONFIG", "GIT_DIR", "PATH"),
    *("HYPOTHESIS_PROFILE", "HTTPS_PROXY", "SSL_CERT_FILE", "AWS_ENDPOINT_URL_S3"),
)
LEVELS = {
    "a workflow": lambda name: replace(CI, "jobs:\n", f"env:\n  {name}: a\n\njobs:\n"),
    "a job": lambda name: replace(
        CI, "    name: every check\n", f"    name: every check\n    env:\n      {name}: a\n"
    ),
    "a step": lambda name: step(f"        env:\n          {name}: a\n"),
    "a Makefile": lambda name: replace(
        "Makefile", "PYTHON ?= python3\n", f"PYTHON ?= python3\nexport {name} := a\n"
    ),
    "a command": lambda name: run(f"{name}=a make test"),
    "a recipe": lambda name: make(f"@{name}=a mypy ."),
}


ATTACKS = joined(
    *(
        told(f"in {where}, a status swallowed {how}", plant(hides.format(command)), TREE)
        for (where, (plant, command)), (how, hides) in product(WRITTEN.items(), HIDES.items())
    ),
    told("a recipe that ignores its status", make("-@mypy ."), TREE),
    told("a recipe that ignores it silently", make("@-mypy ."), TREE),
    told("a pipe", run("make test | tee log"), TREE),
    told("a pipe of both outputs", run("make test |& tee log"), TREE),
    told(
        "another sentence where a failure is told",
        replace("Makefile", "red: look for *** above", "red"),
        CHANGED,
    ),
    told("make that goes on", run("make -k test"), TREE),
    told("make that does nothing", run("make -n test"), TREE),
    told("make that ignores all", run("make --ignore-errors test"), TREE),
    told(
        "a shell without -e",
        replace("Makefile", "-euo pipefail -c", "-c"),
        "tree-tool-variable",
    ),
    told(
        "another shell",
        replace("Makefile", "/bin/bash", "/bin/true"),
        "tree-tool-variable",
    ),
    told(
        "a target that ignores errors",
        extend("Makefile", ".IGNORE: check\n"),
        TREE,
        CHANGED,
    ),
    told(
        "a step that may fail",
        step("        continue-on-error: true\n"),
        "tree-failure-ignored",
    ),
    told(
        "a job that may fail",
        replace(CI, "    name: every check\n", "    continue-on-error: ${{ true }}\n"),
        "tree-failure-ignored",
    ),
    *(
        told(f"{name} in {where}", plant(name), "tree-tool-variable")
        for (where, plant), name in product(LEVELS.items(), VARIABLES)
    ),
    *(
        told(f"options in {where}", LEVELS[where]("PYTEST_ADDOPTS"), "environment-changed")
        for where in ("a workflow", "a job", "a step", "a Makefile")
    ),
    *(
        told(
            f"the options {options} of {name}",
            step(f"        env:\n          {name}: {options}\n"),
            "environment-changed",
        )
        for name, options in product(("PYTEST_ADDOPTS", "MAKEFLAGS"), ("--co", "-n", "-k none"))
    ),
    told(
        "a variable for the steps after",
        before('run: echo "A=b" >> "$GITHUB_ENV"'),
        "tree-tool-variable",
    ),
    told(
        "a file of variables",
        write(".env", "PYTEST_ADDOPTS=-k none\n"),
        "tree-other-settings",
        "environment-changed",
    ),
    *(
        told(f"a Makefile with {text.strip()!r}", extend("Makefile", text), CHANGED, says=says)
        for text, says in STEERS_MAKE.items()
    ),
    told(
        "a script in place of a check",
        make("@bash machine/checked.sh"),
        CHANGED,
        says="it runs a script",
    ),
)
