"""The wired function in a process of its own, with a bus on this machine."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.unit.aws_client.server import Reply, Request, Server, answer, ca_bundle
from tests.unit.stream_consumer.streams import insert

ROOT = Path(__file__).resolve().parents[3]
# What the function prints are its logs; the last line is ours.
INVOCATION = """
import json, sys
from types import SimpleNamespace
from services.stream_consumer.runtime.main import lambda_handler
context = SimpleNamespace(
    function_name="f", memory_limit_in_mb=1, invoked_function_arn="a", aws_request_id="r",
    get_remaining_time_in_millis=lambda: 60_000,
)
response = lambda_handler(json.load(sys.stdin), context)
print(json.dumps({"response": response, "imported": sorted(sys.modules)}))
"""


def accept(request: Request) -> Reply:
    results = [{"EventId": "x"} for _ in json.loads(request.body)["Entries"]]
    body = json.dumps({"FailedEntryCount": 0, "Entries": results}).encode()
    return answer(body, content_type="application/x-amz-json-1.1")


def invoke(url: str, batch: Mapping[str, Any]) -> dict[str, Any]:
    environment = {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_ENDPOINT_URL_EVENTBRIDGE": url,
        "AWS_CA_BUNDLE": str(ca_bundle()),
        "EVENT_BUS_NAME": "bus",
        "REJECTED_SHARE_ANNOUNCED": "0.05",
        "REGION": "us-west-2",
        "POWERTOOLS_SERVICE_NAME": "service",
        "POWERTOOLS_METRICS_NAMESPACE": "namespace",
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
    }
    ended = subprocess.run(
        [sys.executable, "-c", INVOCATION],
        input=json.dumps(batch),
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def test_the_function_publishes_a_batch_of_the_stream_without_the_sdk() -> None:
    records = [insert(str(n), recordId={"S": f"orders:{n}"}) for n in range(25)]

    with Server(accept) as bus:
        found = invoke(bus.url, {"Records": records})

    assert found["response"] == {"batchItemFailures": []}
    # Powertools imports the bare package "botocore", which is a few lines.
    assert not {"boto3", "botocore.client", "botocore.session"} & set(found["imported"])
    assert bus.connections == 3
    assert sorted(len(json.loads(each.body)["Entries"]) for each in bus.requests) == [5, 10, 10]
    for request in bus.requests:
        assert (request.method, request.target) == ("POST", "/")
        assert request.headers["x-amz-target"] == "AWSEvents.PutEvents"
        assert request.headers["content-type"] == "application/x-amz-json-1.1"
        assert "/us-west-2/events/aws4_request" in request.headers["authorization"]
