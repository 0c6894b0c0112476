"""Asks CloudFormation whether somebody has changed a stack by hand: ``python -m ops.drift``.

Reads only. With two accounts, name the stacks of the one you ask in.
Exit 0 when every stack is as it was deployed, 1 when one is not, 2 when nobody knows.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

STACKS: Mapping[str, Sequence[str]] = {
    "us-east-1": ("serverless-pipeline-prod", "serverless-data-ingestion-us-east-1-prod"),
    "us-west-2": (
        "serverless-pipeline-artifacts-us-west-2-prod",
        "serverless-data-ingestion-us-west-2-prod",
    ),
}
POLL_S = 5.0
RUNNING, FAILED, IN_SYNC = "DETECTION_IN_PROGRESS", "DETECTION_FAILED", "IN_SYNC"


class DriftError(Exception):
    """It can't be told whether a stack has drifted; the message says which, and why."""


def drifted(
    cloudformation: Any, stack: str, *, timeout_s: float, poll_s: float = POLL_S
) -> list[Any]:
    """The resources of ``stack`` that are not as deployed: id, type, status, what differs."""
    detection = cloudformation.detect_stack_drift(StackName=stack)["StackDriftDetectionId"]
    deadline = time.monotonic() + timeout_s
    while (told := _status(cloudformation, detection))["DetectionStatus"] == RUNNING:
        if time.monotonic() > deadline:
            raise DriftError(f"{stack}: no answer within {timeout_s:.0f} s")
        time.sleep(poll_s)
    if told["DetectionStatus"] == FAILED:
        raise DriftError(f"{stack}: {told.get('DetectionStatusReason', 'no reason given')}")
    if told["StackDriftStatus"] == IN_SYNC:
        return []
    return _resources(cloudformation, stack)


def _status(cloudformation: Any, detection: str) -> Mapping[str, Any]:
    told: Mapping[str, Any] = cloudformation.describe_stack_drift_detection_status(
        StackDriftDetectionId=detection
    )
    return told


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


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="ops.drift", description=__doc__)
    names = [stack for stacks in STACKS.values() for stack in stacks]
    parser.add_argument("stacks", nargs="*", default=names, help="only these (of one account)")
    parser.add_argument("--timeout-s", type=float, default=600, help="for each stack")
    parser.add_argument("--json", action="store_true", help="print the drifted resources as JSON")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.stacks) - set(names)):
        parser.error(f"no such stack: {', '.join(unknown)}; there are {', '.join(names)}")
    found: dict[str, list[Any]] = {}
    try:
        for region, stacks in STACKS.items():
            cloudformation = boto3.client("cloudformation", region_name=region)
            for stack in sorted(set(stacks) & set(options.stacks)):
                print(f"{stack} in {region}", file=sys.stderr, flush=True)
                found[stack] = drifted(cloudformation, stack, timeout_s=options.timeout_s)
    except (DriftError, BotoCoreError, ClientError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(json.dumps(found, indent=2) if options.json else _text(found))
    return 1 if any(found.values()) else 0


def _text(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    lines = [
        f"{stack}: {row['id']} ({row['type']}) {row['status']} {', '.join(row['properties'])}"
        for stack, rows in found.items()
        for row in rows
    ]
    return "\n".join([*lines, f"drift: {len(lines)} resource(s) in {len(found)} stacks"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
