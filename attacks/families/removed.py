"""A whole gate that is taken out of what runs it: of the Makefile, a workflow, the pipeline."""

from attacks.attack import PIPELINE, Attack, Plant, delete, edit, put, replace, write

MAKE, CI, PULL = "Makefile", ".github/workflows/ci.yml", ".github/workflows/pull-request.yml"
MAIN, TOOLS = ".github/workflows/main.yml", "pyproject.toml"
SYNTH, FLOW = "Pipeline/Pipeline/Build/Synth/CdkBuildProject", "Pipeline/Pipeline"
VERIFY = "Pipeline/Pipeline/primary/Verify-us-east-1/Verify-us-east-1"
SUPERSEDE = "Pipeline/Pipeline/supersede/Supersede/Supersede"
STEPS = (
    *("make check", "make unit", "make adapters", "make infra", "make scan"),
    *("make review BASE=deployed",),
)
# Put together here, so that this file holds no secret for a scanner to find.
KEY, VALUE = "AKIA" + "IOSFODNN7QWERTYU", "wJalrXUtnFEMIK7MDENG" + "bPxRfiCYkQ3v9LmT2xKE"


def _without(command: str, phase: str = "build") -> Plant:
    return edit(
        SYNTH,
        f"Properties.Source.BuildSpec.phases.{phase}.commands",
        lambda commands: [each for each in commands if each != command],
        stacks=[PIPELINE],
    )


def _without_action(stage: str, action: str) -> Plant:
    return edit(
        FLOW,
        f"Properties.Stages.{stage}.Actions",
        lambda actions: [each for each in actions if each["Name"] != action],
        stacks=[PIPELINE],
    )


def _without_stage(name: str) -> Plant:
    return edit(
        FLOW,
        "Properties.Stages",
        lambda stages: [each for each in stages if each["Name"] != name],
        stacks=[PIPELINE],
    )


CHANGED, GONE = "command-changed", "check-removed"
DESELECTED, LOOSENED = "tests-deselected", "lint-loosened"
OF_FILES = {
    "what hides code that nothing may write to": ("check-rewritten", delete("machine/hiding.py")),
    "scans in make test": (CHANGED, replace(MAKE, "check scan sbom functions", "check functions")),
    "the tests in make test": (CHANGED, replace(MAKE, "@pytest -q -n 4", "@true -q -n 4")),
    "linting in make check": (CHANGED, replace(MAKE, "\t@ruff check --quiet .\n", "")),
    "types in make check": (CHANGED, replace(MAKE, "\t@mypy .\n", "")),
    "most of the scans": (
        CHANGED,
        replace(MAKE, "policies.scan\n", "policies.scan --only zizmor\n"),
    ),
    "the comparison": (CHANGED, replace(MAKE, "  python -m policies changes", "  true")),
    "tests in the workflow": (GONE, replace(CI, "run: make test", "run: make unit")),
    "the review in the workflow": (GONE, replace(CI, "make review BASE=", "echo ")),
    "the checks of a pull request": (GONE, delete(PULL)),
    "the checks of the main branch": (GONE, delete(MAIN)),
    "our own workflow": ("stranger-runs", replace(MAIN, "$/.github/workflows/ci.yml", "./a.yml")),
    "strict marks of tests": (DESELECTED, replace(TOOLS, '"--strict-markers", ', "")),
    "the folder of all tests": (DESELECTED, replace(TOOLS, '= ["tests"]', '= ["tests/unit"]')),
    "the rules of the linter": (LOOSENED, replace(TOOLS, 'select = ["ALL"]', 'select = ["E"]')),
    "strict types": (LOOSENED, replace(TOOLS, "strict = true\nexpl", "strict = false\nexpl")),
    "the tests of a rule": (GONE, delete("tests/policy/rules/test_retained.py")),
    "these attacks": (GONE, delete("tests/policy/attacks/test_attacks.py")),
}
# Each at its place among what is counted.
COUNTED = {
    "checks.rules.policies/rules/retained.py": delete("policies/rules/retained.py"),
    "checks.kinds.policies/changes/kinds/access_widened.py": delete(
        "policies/changes/kinds/access_widened.py"
    ),
    "checks.scans.policies/scan/secrets.py": delete("policies/scan/secrets.py"),
    "checks.hazards.alarm-changed": replace(
        "policies/changes/hazards/working.toml", '"alarm-changed"', '"a"'
    ),
}
OF_PIPELINE = {
    **{step: _without(step) for step in STEPS},
    "the report of the review": _without("make publish-review", "post_build"),
}
OF_FLOW = {
    "the proof of the first region": _without_action("primary", "Verify-us-east-1"),
    "the approval": _without_stage("approval"),
    "the proof of the second region": _without_action("standby", "Verify-us-west-2"),
}
ATTACKS = (
    *(Attack(f"without {what}", plant, by=by) for what, (by, plant) in OF_FILES.items()),
    *(Attack(f"without {what}", plant, by=GONE, found_at=what) for what, plant in COUNTED.items()),
    *(
        Attack(f"a build without {what}", plant, by="build-commands")
        for what, plant in OF_PIPELINE.items()
    ),
    *(
        Attack(
            f"a build that never had {step}",
            _without(step),
            by="Project-build-shape",
            says=f"does not run {step}",
            found_at=FLOW,
        )
        for step in STEPS
    ),
    *(
        Attack(
            f"a stage that {what} nothing",
            put(at, "Properties.Source.BuildSpec.phases.build.commands", [], stacks=[PIPELINE]),
            by="Project-build-shape",
            says="does not run",
            found_at=FLOW,
        )
        for what, at in (("proves", VERIFY), ("stops", SUPERSEDE))
    ),
    *(
        Attack(f"a pipeline without {what}", plant, by=by)
        for what, plant in OF_FLOW.items()
        for by in ("other-delivery", "Project-pipeline-shape")
    ),
    Attack(
        "a step that no runner understands",
        replace(CI, "runs-on: ubuntu-24.04-arm", "runs-on: ubuntu-24.04-arm\n    need: test"),
        by="actionlint-syntax-check",
    ),
    Attack(
        "a secret in the tree",
        write("services/keys.py", f'key = "{KEY}"\nsecret = "{VALUE}"\n'),
        by="betterleaks-aws-access-token",
    ),
)
