"""Proves a deployed region: a canary file in, its event heard, its item in each region, no alarm.

Then it goes on watching the alarms, for they look at whole periods of five minutes.

The pipeline calls it after each region; ``python -m ops.verify --help`` says what it needs. Safe to
repeat: each run puts a file of its own, a record of some hundred bytes that stays.
"""

import argparse
import json
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import boto3

POLL_S = 1.0
# A period of the alarms, and what CloudWatch needs to have its metrics.
WATCH_S = 360.0
WATCH_POLL_S = 10.0
Found = TypeVar("Found")


class VerificationError(Exception):
    """The region did not do what it must; the message says what is missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """What is proved: the names are the stack's outputs."""

    region: str
    bucket: str
    table: str
    canary_events_url: str


class Verification:
    """The steps of one proof, each waiting until its deadline.

    ``sessions`` has one for each region that the item must come to, the deployed one included.
    ``watch_s`` is how long no alarm may fire after the item has come.
    """

    def __init__(
        self,
        sessions: Mapping[str, Any],
        deployment: Deployment,
        *,
        timeout_s: float,
        watch_s: float = 0,
        poll_s: float = POLL_S,
    ) -> None:
        self._sessions = sessions
        self._deployment = deployment
        self._poll_s = poll_s
        self._watch_s = watch_s
        self._deadline = time.monotonic() + timeout_s

    def run(self, say: Callable[[str], None]) -> dict[str, Any]:
        """Facts of the proof; raise ``VerificationError`` at the first thing that is wrong."""
        key = f"canary/{uuid.uuid4()}.json"
        fired_before = self._firing()
        for name in sorted(fired_before):
            say(f"in ALARM before this proof, and not judged by it: {name}")
        started = time.monotonic()
        self._client("s3").put_object(
            Bucket=self._deployment.bucket, Key=key, Body=json.dumps({"canary": key}).encode()
        )
        say(f"put s3://{self._deployment.bucket}/{key}")
        event = self._wait("event of the canary record", lambda: self._event_of(key))
        say(f"heard event {event['eventId']}")
        for region in self._sessions:
            self._wait(f"item in {region}", partial(self._item, event, region))
            say(f"read item {event['recordId']} in {region}")
        seconds = round(time.monotonic() - started, 1)
        self._watch(fired_before)
        say(f"no alarm has fired, watched for {self._watch_s:.0f} s")
        return {"key": key, "recordId": event["recordId"], "seconds": seconds}

    def _watch(self, fired_before: set[str]) -> None:
        """End when an alarm fires or the time is over: CloudWatch tells by being asked only."""
        end = time.monotonic() + self._watch_s
        while not (fired := self._firing() - fired_before):
            left_s = end - time.monotonic()
            if left_s <= 0:
                return
            time.sleep(min(WATCH_POLL_S, left_s))
        raise VerificationError(f"went to ALARM: {', '.join(sorted(fired))}")

    def _event_of(self, key: str) -> dict[str, Any] | None:
        """The announcement of ``key``; events of other runs' canaries are removed on the way."""
        url = self._deployment.canary_events_url
        sqs = self._client("sqs")
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
        found = None
        for message in answer.get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            detail: dict[str, Any] = json.loads(message["Body"])["detail"]
            if detail["item"]["source"]["key"] == key:
                found = detail
        return found

    def _item(self, event: dict[str, Any], region: str) -> bool:
        key = {name: {"S": event[name]} for name in ("recordId", "timestamp")}
        answer = self._client("dynamodb", region).get_item(
            TableName=self._deployment.table, Key=key, ConsistentRead=True
        )
        return "Item" in answer

    def _firing(self) -> set[str]:
        alarms = self._client("cloudwatch").get_paginator("describe_alarms")
        pages = alarms.paginate(StateValue="ALARM", AlarmNamePrefix="serverless-")
        return {alarm["AlarmName"] for page in pages for alarm in page["MetricAlarms"]}

    def _wait(self, what: str, look: Callable[[], Found | None]) -> Found:
        while time.monotonic() < self._deadline:
            if found := look():
                return found
            time.sleep(self._poll_s)
        raise VerificationError(f"not there in time: {what}")

    def _client(self, service: str, region: str | None = None) -> Any:
        region = region or self._deployment.region
        return self._sessions[region].client(service, region_name=region)


def assumed(role_arn: str) -> Any:
    """A session of ``role_arn``, which is all that the proof may use."""
    sts = boto3.client("sts")
    given = sts.assume_role(RoleArn=role_arn, RoleSessionName="verification")["Credentials"]
    return boto3.Session(
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


def prove(proof: Verification, region: str) -> dict[str, Any]:
    """The outcome as the review report shows it: ``verdict``, ``steps``, ``seconds``, ``error``."""
    steps: list[str] = []

    def say(line: str) -> None:
        steps.append(line)
        print(line, file=sys.stderr, flush=True)

    try:
        facts = proof.run(say)
    except VerificationError as error:
        wrong = {"verdict": "failed", "seconds": None, "error": str(error)}
        return {"region": region, "steps": steps, **wrong}
    return {"region": region, "steps": steps, "verdict": "passed", "error": "", **facts}


def main() -> int:
    options = _parser().parse_args()
    if options.out:  # whatever ends this run, an earlier one's outcome is not taken for its own
        options.out.unlink(missing_ok=True)
    names = [each.name for each in fields(Deployment)]
    deployment = Deployment(**{name: getattr(options, name) for name in names})
    roles = {deployment.region: options.role}
    if options.peer_region:
        roles[options.peer_region] = options.peer_role or options.role
    sessions = {region: assumed(role) for region, role in roles.items()}
    proof = Verification(sessions, deployment, timeout_s=options.timeout_s, watch_s=options.watch_s)
    outcome = prove(proof, deployment.region)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(outcome, indent=2) + "\n")
    if outcome["error"]:
        print(f"{deployment.region} is NOT verified: {outcome['error']}", file=sys.stderr)
        return 1
    told = f"{deployment.region} is verified: {outcome['key']} in {outcome['seconds']} s"
    print(json.dumps(outcome) if options.json else told)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ops.verify", description=__doc__)
    for name in fields(Deployment):
        parser.add_argument(f"--{name.name.replace('_', '-')}", required=True)
    parser.add_argument("--role", required=True, help="ARN of the region's verification role")
    parser.add_argument("--peer-region", help="where the item must come to as well")
    parser.add_argument("--peer-role", help="ARN of that region's role, if it is another one")
    parser.add_argument(
        "--timeout-s", type=float, default=300, help="for the steps until the items are there"
    )
    parser.add_argument("--watch-s", type=float, default=WATCH_S, help="no alarm may fire then")
    parser.add_argument("--out", type=Path, help="also write the outcome to this JSON file")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
