"""Ways to make a gate lie: what it runs with, overlooks, and is compared with."""

from collections.abc import Mapping, Sequence

from attacks.attack import ASSEMBLY, STACK, Attack, Plant, delete, extend, put, replace, write
from attacks.project import Copy

MAKE, CI, PULL = "Makefile", ".github/workflows/ci.yml", ".github/workflows/pull-request.yml"
RULE, RULES_TEST = "policies/rules/retained.py", "tests/policy/rules/test_retained.py"
LOCK, NODE = "requirements/unit.txt", "package.json"
TESTED = "      - run: make test\n"
MORE = "pip-whistle==1.0 \\\n    --hash=sha256:" + 64 * "a" + "\n"


def _step(more: str) -> Plant:
    """Say more about the step that runs every check."""
    return replace(CI, TESTED, f"{TESTED}        {more}\n")


def _moved(file: str, to: str, old: str, new: str) -> Plant:
    """Move a file to another name, with another text in it."""

    def do(copy: Copy) -> None:
        copy.write(to, copy.read(file).replace(old, new))
        copy.delete(file)

    return Plant(at=to, do=do)


TOLD: Mapping[str, Plant] = {
    "MAKEFLAGS in a step": _step("env: {MAKEFLAGS: SHELL=true}"),
    "PYTEST_ADDOPTS in a step": _step("env: {PYTEST_ADDOPTS: --co}"),
    "PYTEST_ADDOPTS in the Makefile": extend(MAKE, "\nexport PYTEST_ADDOPTS := -x --co\n"),
    "a file of variables": write(".env", "PYTEST_ADDOPTS=--co\n"),
}
SKIPPED: Mapping[str, Plant] = {
    "by a mark": extend(RULES_TEST, "\n\n@pytest.mark.skip\ndef test_it() -> None: ...\n"),
    "by a mark of the file": extend(RULES_TEST, "\npytestmark = pytest.mark.skip\n"),
}
OVERLOOKED: Mapping[str, Plant] = {
    "for the linter": extend(RULE, "\n# ruff: " + "noqa\n"),
    "for the linter, in a range": extend(RULE, "\n# ruff: " + "disable[S105]\n"),
    "for the measure of what runs": extend(RULE, "\n# pragma: " + "no cover\n"),
    "for the type checker": extend(RULE, "\n# mypy: " + "ignore-errors\n"),
}
BASES: Mapping[str, Plant] = {
    "of the pull request": replace(PULL, "base: origin/${{ github.base_ref }}", "base: HEAD"),
    "of the workflow": replace(CI, "BASE: ${{ inputs.base }}", "BASE: HEAD"),
}
ROWS = "policies/accepted/no_vpc.toml"
WORKFLOWS = "policies/accepted/rights_of_workflows.toml"
DECIDED: Mapping[str, Plant] = {
    "for another reason": replace(ROWS, "nothing in a VPC for them", "no time for a VPC for them"),
    "by somebody else": replace(ROWS, '"platform team"', '"me"'),
    "at more places": replace(WORKFLOWS, '.github/workflows/weekly.yml"', '.github/workflows/"'),
    "until another day": replace(ROWS, "2027-11-30", "2027-12-31"),
    "in a file of another reason": _moved(
        ROWS, "policies/accepted/a.toml", "nothing in a VPC", "no VPC"
    ),
    "of a declaration": replace("policies/declared/region_differences.toml", "is one", "is a"),
}
CONDITIONS: Mapping[str, Plant] = {
    "of a step": _step("if: github.actor != 'me'"),
    "of the event": replace(PULL, "  pull_request:", "  pull_request:\n    paths: [docs/**]"),
    "of the job": replace(CI, "    name: every check\n", "    name: every check\n    if: false\n"),
}
ONE_EACH: Mapping[str, tuple[str, Plant]] = {
    "a rule that says less": (
        "check-rewritten",
        replace(RULE, "def check(", "def _other() -> None: ...\n\n\ndef check("),
    ),
    "a workflow that may write": (
        "permission-changed",
        replace(CI, "contents: read # the code\n", "contents: write # the code\n"),
    ),
    "one action more that a role may take": (
        "declaration-widened",
        replace(
            "policies/declared/role_actions.toml",
            '  "dynamodb:GetItem",\n',
            '  "dynamodb:GetItem",\n  "dynamodb:Scan",\n',
        ),
    ),
    "functions that may no longer write their logs": (
        "right-lost",
        replace("policies/declared/role_actions.toml", '  "logs:PutLogEvents",\n', ""),
    ),
    "nobody who must review": ("owners-changed", delete(".github/CODEOWNERS")),
    "a command behind the app's": (
        "tree-app-command",
        replace("cdk.json", "pipeline_app.py", "pipeline_app.py; sed -i s/a/b/ cdk.out/*.json"),
    ),
    "make that goes on, whatever it is told": (
        "tree-tool-variable",
        extend(MAKE, "\nMAKEFLAGS += -i\n"),
    ),
    "a shell of a step's own": ("tree-tool-variable", _step("shell: sh {0}")),
    "the same, as a change": ("command-changed", _step("shell: sh {0}")),
    "a script after an installation": (
        "package-script",
        replace(NODE, "{\n", '{\n  "scripts": {"postinstall": "node a.js"},\n'),
    ),
    "a package that nobody asked for": ("package-added", extend(LOCK, MORE)),
    "another index": (
        "package-redirected",
        replace("requirements/unit.in", "boto3==", "--index-url https://a.example\nboto3=="),
    ),
    "an older package": ("package-downgraded", replace(LOCK, "anycrc==2.1.0", "anycrc==2.0.0")),
    "other bytes of a version": ("package-rebuilt", replace(LOCK, "sha256:1110d", "sha256:0000d")),
    "settings of a tool": ("tool-settings", write(".actionlintrc", "ignore: all\n")),
}


def _each(what: str, by: str, plants: Mapping[str, Plant]) -> Sequence[Attack]:
    return [Attack(f"{what}, {how}", plant, by=by) for how, plant in plants.items()]


ATTACKS = (
    *_each("a variable that tools read", "environment-changed", TOLD),
    *_each("a test that does not run", "check-skipped", SKIPPED),
    *_each("a comment to look away", "scanner-silenced", OVERLOOKED),
    *_each("another base", "base-chosen", BASES),
    *_each("a check on a condition", "check-conditional", CONDITIONS),
    *(Attack(what, plant, by=by) for what, (by, plant) in ONE_EACH.items()),
    *_each("what was accepted, and later", "decision-changed", DECIDED),
    Attack(
        "a module in the place of a package",
        write("click/__init__.py", ""),
        by="module-shadowed",
        found_at="modules.click",
    ),
    Attack(
        "code that is published elsewhere",
        put(STACK, "serverless-pipeline-prod.assets", [], stacks=[ASSEMBLY]),
        by="other-deployer",
    ),
)
