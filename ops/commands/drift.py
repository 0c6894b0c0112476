"""``ops drift``: list the resources of our stacks that were changed by hand.

``cdk drift --fail`` is no replacement: docs/decisions/0021-libraries-for-our-own-lines.md.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

import naming
from ops.connection import connect
from ops.errors import FINDING, RefusedError, UndeterminedError
from ops.output import show_rows
from ops.progress import progress
from ops.waiting import POLL_S, WaitError, wait_for

STACKS: Mapping[str, Sequence[str]] = {
    naming.PRIMARY: (naming.PIPELINE, naming.stack(naming.PRIMARY)),
    naming.STANDBY: (naming.artifact_stack(naming.STANDBY), naming.stack(naming.STANDBY)),
}
NAMES = [stack for stacks in STACKS.values() for stack in stacks]
RUNNING, FAILED, IN_SYNC = "DETECTION_IN_PROGRESS", "DETECTION_FAILED", "IN_SYNC"


def drifted(
    cloudformation: Any, stack: str, *, timeout_s: float, poll_s: float = POLL_S
) -> list[Any]:
    """Return the resources of ``stack`` that differ from its template, and in which properties.

    Raises ``UndeterminedError`` if CloudFormation can't detect drift, or not in time.
    """
    detection = cloudformation.detect_stack_drift(StackName=stack)["StackDriftDetectionId"]

    def ended() -> Mapping[str, Any]:
        status: Mapping[str, Any] = cloudformation.describe_stack_drift_detection_status(
            StackDriftDetectionId=detection
        )
        return {} if status["DetectionStatus"] == RUNNING else status

    try:
        status = wait_for(ended, "drift detection to end", limit_s=timeout_s, poll_s=poll_s)
    except WaitError as error:
        raise UndeterminedError(f"{stack}: {error}") from error
    if status["DetectionStatus"] == FAILED:
        raise UndeterminedError(
            f"{stack}: {status.get('DetectionStatusReason', 'no reason given')}"
        )
    return [] if status["StackDriftStatus"] == IN_SYNC else _resources(cloudformation, stack)


def _resources(cloudformation: Any, stack: str) -> list[Any]:
    filters = ["MODIFIED", "DELETED"]
    found: list[Any] = []
    more: dict[str, str] = {}
    while True:
        answer = cloudformation.describe_stack_resource_drifts(
            StackName=stack, StackResourceDriftStatusFilters=filters, **more
        )
        found += [_row(each) for each in answer["StackResourceDrifts"]]
        if not answer.get("NextToken"):
            return found
        more = {"NextToken": answer["NextToken"]}


def _row(drift: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "id": drift["LogicalResourceId"],
        "type": drift["ResourceType"],
        "status": drift["StackResourceDriftStatus"],
        "properties": [each["PropertyPath"] for each in drift.get("PropertyDifferences", [])],
    }


@click.command("drift", short_help="List resources of our stacks that were changed by hand.")
@click.argument("stacks", nargs=-1)
@click.option("--timeout-s", type=float, default=600, show_default=True, help="Limit per stack.")
@click.option("--json", "as_json", is_flag=True, help="Print the resources as JSON, by stack.")
@click.option("--profile", help="AWS profile to use.")
@click.pass_context
def command(
    context: click.Context,
    stacks: Sequence[str],
    timeout_s: float,
    profile: str | None,
    *,
    as_json: bool,
) -> None:
    """List the resources of STACKS (by default all of ours) that were changed by hand.

    Reads only. With two accounts, name the stacks of the account whose credentials you have.
    """
    if unknown := sorted(set(stacks) - set(NAMES)):
        raise RefusedError(f"no such stack: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    wanted = [
        (region, stack)
        for region, ours in STACKS.items()
        for stack in sorted(set(ours) & set(stacks or NAMES))
    ]
    found: dict[str, list[Any]] = {}
    for region, stack in progress(wanted, "drift", len(wanted), "stacks"):
        click.echo(f"{stack} in {region}", err=True)
        cloudformation = connect(region, profile).client("cloudformation", region_name=region)
        found[stack] = drifted(cloudformation, stack, timeout_s=timeout_s)
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        _show(found)
    if any(found.values()):
        context.exit(FINDING)


def _show(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    rows = [
        (stack, row["id"], row["type"], row["status"], ", ".join(row["properties"]))
        for stack, resources in found.items()
        for row in resources
    ]
    if rows:
        show_rows(("stack", "resource", "type", "status", "properties"), rows)
    click.echo(f"drift: {len(rows)} resource(s) in {len(found)} stacks")
