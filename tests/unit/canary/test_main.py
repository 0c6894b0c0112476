"""The wired function in a process of its own, with S3 and DynamoDB on this machine."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.canary.runtime.settings import Settings
from tests.unit.aws_client.server import Reply, Request, Server, answer, ca_bundle

ROOT = Path(__file__).resolve().parents[3]
INVOCATION = """
import json, sys
from types import SimpleNamespace
from services.canary.runtime.main import lambda_handler
context = SimpleNamespace(
    function_name="f", memory_limit_in_mb=1, invoked_function_arn="a", aws_request_id="r",
)
lambda_handler(json.load(sys.stdin), context)
"""
AN_HOUR = timedelta(hours=1)


class Regions:
    """The services of both regions at one address: who asks says which region it means."""

    def __init__(self, denied: str = "") -> None:
        self.denied = denied
        self.puts: dict[str, bytes] = {}
        self.reads: list[tuple[str, str]] = []

    def serve(self, request: Request) -> Reply:
        if request.method == "PUT":
            self.puts[request.target] = request.body
            return answer(b"")
        region = request.headers["authorization"].split("/")[2]
        key = json.loads(request.body)["Key"]["recordId"]["S"]
        self.reads.append((region, key))
        if region == self.denied:
            error = json.dumps({"__type": "AccessDeniedException"}).encode()
            return answer(error, status="400 Bad Request")
        put_at = {"S": (datetime.now(UTC) - AN_HOUR).isoformat(timespec="milliseconds")}
        return answer(json.dumps({"Item": {"data": {"M": {"putAt": put_at}}}}).encode())


def invoke(regions: Regions, event: Mapping[str, Any]) -> dict[str, float]:
    """Return the metrics of one call."""
    with Server(regions.serve) as server:
        environment = {
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_ENDPOINT_URL": server.url,
            "AWS_CA_BUNDLE": str(ca_bundle()),
            "BUCKET_NAME": "bucket",
            "TABLE_NAME": "table",
            "PEER_REGION": "us-east-1",
            "FRESH_FOR_S": "660",
            "REGION": "us-west-2",
            "POWERTOOLS_SERVICE_NAME": "canary",
            "POWERTOOLS_METRICS_NAMESPACE": "tests",
            "PATH": os.environ["PATH"],
        }
        done = subprocess.run(
            [sys.executable, "-c", INVOCATION],
            cwd=ROOT,
            env=environment,
            input=json.dumps(event),
            capture_output=True,
            text=True,
            check=True,
        )
    [emf] = [line for line in map(json.loads, done.stdout.splitlines()) if "_aws" in line]
    [declared] = emf["_aws"]["CloudWatchMetrics"]
    return {each["Name"]: emf[each["Name"]][0] for each in declared["Metrics"]}


def test_a_schedule_lets_it_look_at_both_regions_and_put_a_file() -> None:
    regions = Regions()

    metrics = invoke(regions, {})

    assert regions.reads == [
        ("us-west-2", "canary:us-west-2"),
        ("us-west-2", "canary:us-east-1"),
        ("us-east-1", "canary:us-west-2"),
    ]
    assert [*regions.puts] == ["/bucket/canary/us-west-2.json"]
    assert 3600 <= metrics["PeerCanaryAgeSeconds"] < 3700
    assert (metrics["PeerReachable"], metrics["PeerAlive"]) == (1, 0)
    assert (metrics["CanarySucceeded"], metrics["ReplicationBehindSeconds"]) == (0, 0)


def test_a_denied_peer_has_no_value_for_what_is_unknown() -> None:
    metrics = invoke(Regions(denied="us-east-1"), {})

    assert not {"PeerReachable", "ReplicationBehindSeconds"} & metrics.keys()


def test_an_event_lets_it_hear() -> None:
    regions = Regions()
    put_at = datetime.now(UTC).isoformat(timespec="milliseconds")
    event = {"detail-type": "CanaryChanged", "detail": {"item": {"data": {"putAt": put_at}}}}

    metrics = invoke(regions, event)

    assert metrics["CanarySucceeded"] == 1
    assert (regions.reads, regions.puts) == ([], {})


def test_every_missing_variable_is_named_at_once() -> None:
    missing = "BUCKET_NAME, FRESH_FOR_S, PEER_REGION, REGION, TABLE_NAME"

    with pytest.raises(KeyError, match=f"missing environment variables: {missing}"):
        Settings.from_env({"REGION": ""})
