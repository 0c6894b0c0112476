"""Ways to make a gate lie: a job of its own that reports in the place of a check, or ends it."""

from attacks.attack import both, extend, write
from attacks.variants import joined, told
from attacks.workflow import CI

FOLDER = ".github/workflows"
OWN = "    runs-on: ubuntu-24.04\n    permissions:\n      contents: read\n    steps:\n"
OTHER = f"{FOLDER}/a.yml"
MOVES = "      - uses: actions/upload-artifact@" + "0" * 40

ATTACKS = joined(
    told(
        "a workflow whose job has the name of a check that is called",
        write(OTHER, f"on: pull_request\njobs:\n  a:\n    name: ci / every check\n{OWN}"),
        "step-added",
        says='another job is called "ci / every check" as well',
    ),
    told(
        "a workflow that cancels the checks of main",
        both(
            write(OTHER, f"on: push\nconcurrency: main-${{{{ github.sha }}}}\njobs:\n  a:\n{OWN}"),
            extend(f"{FOLDER}/main.yml", ""),
        ),
        "step-added",
        says="group can be `main-${{ github.sha }}` as well",
    ),
    told(
        "a job that cancels the checks of main",
        extend(f"{FOLDER}/main.yml", f"  a:\n    concurrency: main-a\n{OWN}"),
        "step-added",
        says="group can be `main-a` as well",
    ),
    told(
        "a job that writes the results of the tests again",
        extend(CI, f"  a:\n{OWN}{MOVES}\n        with: {{name: tests, overwrite: true}}\n"),
        "step-added",
        says="writes `tests` over",
    ),
    told(
        "a job that may write",
        extend(CI, f"  a:\n{OWN.replace('read', 'write')}"),
        "step-added",
        says='what the repository\'s default is; they are: {"contents": "write"}',
    ),
    told(
        "a job on a stranger's machine",
        extend(CI, f"  a:\n{OWN.replace('ubuntu-24.04', 'mine')}"),
        "step-added",
        says="a stranger's code: runs-on: mine",
    ),
    told(
        "a workflow that a stranger's pull request starts with the secrets",
        write(OTHER, f"on: pull_request_target\njobs:\n  a:\n{OWN}"),
        "step-added",
        says="main branch: pull_request_target",
    ),
)
