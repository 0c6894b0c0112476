from collections.abc import Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from moto import mock_aws

from naming import PRIMARY
from ops.region import Region

KEYS = {"recordId": "HASH", "timestamp": "RANGE"}
INDEX_KEYS = {"status": "HASH", "shard": "HASH", "timestamp": "RANGE"}

QUEUES = ("dead", "quarantine", "failures")


class CachingSession:
    """Making a client takes longer than most of these tests, and moto answers an old one too."""

    def client(self, service: str, region_name: str, **_: object) -> Any:  # noqa: ANN401  # boto3 has no types
        return _client(service, region_name)


@cache
def _client(service: str, region: str) -> Any:  # noqa: ANN401  # boto3 has no types
    return boto3.client(service, region)


@pytest.fixture
def region() -> Iterator[Region]:
    """A deployed region, as far as these tests need one."""
    session = CachingSession()
    with mock_aws():
        s3 = session.client("s3", PRIMARY)
        s3.create_bucket(Bucket="incoming")
        s3.put_bucket_versioning(Bucket="incoming", VersioningConfiguration={"Status": "Enabled"})
        sqs = session.client("sqs", PRIMARY)
        queues = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in QUEUES}
        session.client("events", PRIMARY).create_event_bus(Name="bus")
        session.client("dynamodb", PRIMARY).create_table(
            TableName="records",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "N" if name == "shard" else "S"}
                for name in (KEYS | INDEX_KEYS)
            ],
            KeySchema=_schema(KEYS),
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "status-index",
                    "KeySchema": _schema(INDEX_KEYS),
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        outputs = {
            "IngestionBucketName": "incoming",
            "TableName": "records",
            "EventBusName": "bus",
            "ProcessorDlqUrl": queues["dead"],
            "QuarantineUrl": queues["quarantine"],
            "StreamConsumerFailuresUrl": queues["failures"],
            "ProcessorName": "processor",
            "StreamConsumerName": "consumer",
        }
        yield Region(session, PRIMARY, outputs)


def _schema(keys: dict[str, str]) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()]
