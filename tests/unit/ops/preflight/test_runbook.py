"""What the runbook says of the bootstrap is what preflight expects of the accounts."""

import re
from pathlib import Path

import naming
from ops.preflight import removal
from ops.preflight.look import Look
from ops.preflight.plan import TABLE, Named
from tests.unit.ops.preflight.account import ACCOUNT, EAST, OTHER, plan_of

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


def test_the_table_that_is_left_is_removed_in_the_steps_that_preflight_prints() -> None:
    """Each waits for the one before: DynamoDB refuses a change of a table that is being changed."""
    table = Named(type=TABLE, name=naming.TABLE, site=EAST, stack=naming.stack(naming.PRIMARY))
    replicas = [{"RegionName": naming.STANDBY, "ReplicaArn": f"arn:aws:dynamodb:::{ACCOUNT}:x"}]
    printed = removal.table(Look({}, {}), table, {"Replicas": replicas}, naming.REGIONS)
    page = "\n".join(COMMANDS)
    loop = re.compile(r"for region in ([^;]*); do\n(.*?)\ndone", re.DOTALL)
    page = loop.sub(
        lambda found: "\n".join(found[2].replace("$region", region) for region in found[1].split()),
        page,
    )

    expected = [step for line in printed if (step := _step(line))]
    done = [step for line in page.splitlines() if (step := _step(line))]
    assert done == expected[:-1]  # nobody waits for the end


def _step(command: str) -> tuple[str, str] | None:
    found = re.search(r"aws dynamodb ((?:wait )?(?:update|delete|table)\S*)", command)
    region = re.search(r"--region (\S+)", command)
    return (found[1], region[1]) if found and region else None
