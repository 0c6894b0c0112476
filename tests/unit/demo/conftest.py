from collections.abc import Iterator
from typing import cast

import boto3
import pytest
from moto import mock_aws

from local.clients import Clients
from local.demo.regions import Region
from tests.unit.demo.factory import EAST


class DeployedInMemory:
    """What the demo needs of a cloud."""

    def outputs(self, _region: str) -> dict[str, str]:
        return {
            "IngestionBucketName": "incoming",
            "TableName": "records",
            "ProcessorDlqName": "dead",
            "EventBusName": "bus",
        }

    def session(self, region: str) -> boto3.Session:
        return boto3.Session(region_name=region)


@pytest.fixture
def region() -> Iterator[Region]:
    with mock_aws():
        boto3.client("sqs", EAST).create_queue(QueueName="dead")
        boto3.client("events", EAST).create_event_bus(Name="bus")
        s3 = boto3.client("s3", EAST)
        s3.create_bucket(Bucket="incoming")
        s3.put_bucket_versioning(Bucket="incoming", VersioningConfiguration={"Status": "Enabled"})
        boto3.client("dynamodb", EAST).create_table(
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
