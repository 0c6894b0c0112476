from collections.abc import Iterator
from functools import cache
from typing import cast

import boto3
import pytest
from moto import mock_aws

from local.clients import Clients
from local.demo.regions import Client, Region
from tests.unit.demo.factory import EAST


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.demo.patience.POLL_S", 0.001)


class DeployedInMemory:
    """What the demo needs of a cloud."""

    def outputs(self, _region: str) -> dict[str, str]:
        return {
            "IngestionBucketName": "incoming",
            "TableName": "records",
            "ProcessorDlqName": "dead",
            "EventBusName": "bus",
        }

    def session(self, region: str) -> "CachingSession":
        return CachingSession(region)


class CachingSession:
    """Making a client takes longer than most of these tests, and moto answers an old one too."""

    def __init__(self, region: str) -> None:
        self._region = region

    def client(self, service: str) -> Client:
        return _client(service, self._region)

    def resource(self, service: str) -> Client:
        return _resource(service, self._region)


@cache
def _client(service: str, region: str) -> Client:
    return boto3.client(service, region)


@cache
def _resource(service: str, region: str) -> Client:
    return boto3.resource(service, region)


@pytest.fixture
def region() -> Iterator[Region]:
    with mock_aws():
        _client("sqs", EAST).create_queue(QueueName="dead")
        _client("events", EAST).create_event_bus(Name="bus")
        s3 = _client("s3", EAST)
        s3.create_bucket(Bucket="incoming")
        s3.put_bucket_versioning(Bucket="incoming", VersioningConfiguration={"Status": "Enabled"})
        _client("dynamodb", EAST).create_table(
            TableName="records",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": "recordId", "AttributeType": "S"},
                {"AttributeName": "timestamp", "AttributeType": "S"},
            ],
            KeySchema=[
                {"AttributeName": "recordId", "KeyType": "HASH"},
                {"AttributeName": "timestamp", "KeyType": "RANGE"},
            ],
        )
        yield Region(cast("Clients", DeployedInMemory()), EAST)
