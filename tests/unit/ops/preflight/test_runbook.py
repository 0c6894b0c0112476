"""What the runbook says of the bootstrap is what preflight expects of the accounts."""

import re
from pathlib import Path

import naming
from tests.unit.ops.preflight.account import OTHER, plan_of

PAGE = Path(__file__).resolve().parents[4] / "docs" / "deployment.md"
# Of a shell's commands on the page, with those that go on in the next line as one.
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    for line in block.replace("\\\n", " ").splitlines()
]


def test_the_policies_of_each_account_are_made_where_preflight_looks_for_their_stack() -> None:
    """Elsewhere it would find policies that no stack has, and print how to remove them."""
    plan = plan_of(standby=OTHER)
    expected = [
        site.region for site in plan.sites if naming.BOOTSTRAP_STACK in plan.stack_names(site)
    ]

    for command in ("deploy", "describe-stacks"):
        pattern = (
            rf"aws cloudformation {command} --region (\S+) --stack-name {naming.BOOTSTRAP_STACK}"
        )
        assert re.findall(pattern, "\n".join(COMMANDS)) == expected


def test_no_bootstrap_runs_without_policies_as_the_cdk_would_grant_administrator_access() -> None:
    bootstraps = [line for line in COMMANDS if line.startswith("cdk bootstrap")]

    assert len(bootstraps) == 3
    assert all('--cloudformation-execution-policies "${policies:?}"' in line for line in bootstraps)
