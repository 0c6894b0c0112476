from collections.abc import Iterator
from itertools import count

import boto3
import pytest
from botocore.client import BaseClient
from moto import mock_aws

BUCKET = "inbox"
_numbers = count(1)


@pytest.fixture(scope="module", autouse=True)
def _aws() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture(scope="module")
def s3() -> BaseClient:
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    return client


@pytest.fixture(scope="module")
def dynamodb() -> BaseClient:
    return boto3.client("dynamodb", region_name="us-east-1")


@pytest.fixture
def table_name(dynamodb: BaseClient) -> str:
    name = f"table-{next(_numbers)}"
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "recordId", "KeyType": "HASH"},
            {"AttributeName": "timestamp", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "recordId", "AttributeType": "S"},
            {"AttributeName": "timestamp", "AttributeType": "S"},
        ],
    )
    return name
