"""The settings tests synthesize with, whatever a deployer has put in ``cdk.json``."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CDK_JSON = Path(__file__).resolve().parents[1] / "cdk.json"
ACCOUNT = "000000000000"
# Every key a deployer sets, with the values the project ships with.
SETTINGS: Mapping[str, Any] = {
    "account": ACCOUNT,
    "standbyAccount": ACCOUNT,
    "bucketSuffix": "",
    "alertEmail": "",
    "repository": "example/serverless-file-ingestion",
    "branch": "main",
    "connectionArn": (
        "arn:aws:codeconnections:us-east-1:000000000000:connection/"
        "00000000-0000-0000-0000-000000000000"
    ),
    "rejectedShareAnnounced": "0.05",
    "rawFilesKeptDays": "0",
    "rejectedRowsKeptDays": "0",
    "statusIndex": "all",
    "operators": [],
    "readers": [],
    "producers": {},
    "canaryEveryMinutes": "5",
    "rangesAtOnce": "8",
    "load": {},
    "bundlePlatform": "lambda",
}
OWN_ACCOUNT, OWN_STANDBY_ACCOUNT = "111122223333", "444455556666"
# The same keys with a deployer's values, and one account for both regions.
OWN: Mapping[str, Any] = {
    "account": OWN_ACCOUNT,
    "standbyAccount": OWN_ACCOUNT,
    "bucketSuffix": "acme",
    "alertEmail": "on-call@example.com",
    "repository": "acme/ingestion",
    "branch": "release",
    "connectionArn": (
        "arn:aws:codeconnections:us-east-1:111122223333:connection/"
        "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d"
    ),
    "rejectedShareAnnounced": "0.2",
    "rawFilesKeptDays": "0",
    "rejectedRowsKeptDays": "0",
    "statusIndex": "exceptions",
    "operators": ["arn:aws:iam::111122223333:role/on-call"],
    "readers": ["arn:aws:iam::111122223333:user/support/ann"],
    "producers": {"shop": "orders/", "plant-2": "sensors/plant-2/"},
    "canaryEveryMinutes": "60",
    "rangesAtOnce": "20",
    "load": {"filesPerDay": "20", "recordsPerFile": "2000000", "rejectedShare": "0.2"},
    "bundlePlatform": "lambda",
}


def context(cdk_json: Path = CDK_JSON, /, **settings: object) -> dict[str, Any]:
    """Return the app's context: flags and boundary of ``cdk_json``, ``settings`` over the tests'.

    Without ``settings`` it is the same for every deployer's ``cdk_json``.
    """
    project: Mapping[str, Any] = json.loads(cdk_json.read_text())["context"]
    return {**project, **SETTINGS, **settings}
