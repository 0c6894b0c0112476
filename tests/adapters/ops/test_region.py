from types import SimpleNamespace

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from naming import STANDBY
from ops.connection import assume
from ops.region import Region


def test_a_region_is_found_by_the_outputs_of_its_stack() -> None:
    cloudformation = boto3.client("cloudformation", region_name=STANDBY)
    outputs = [
        {"OutputKey": key, "OutputValue": value}
        for key, value in (("TableName", "records"), ("EventBusName", "bus"))
    ]
    name = "serverless-data-ingestion-us-west-2-prod"
    stack = {"StackName": name, "CreationTime": 0, "StackStatus": "CREATE_COMPLETE"}
    session = SimpleNamespace(client=lambda *_, **__: cloudformation)

    with Stubber(cloudformation) as answers:
        answers.add_response(
            "describe_stacks", {"Stacks": [{**stack, "Outputs": outputs}]}, {"StackName": name}
        )
        region = Region.find(session, STANDBY)

    assert (region.name, region.table, region.bus) == (STANDBY, "records", "bus")
    with pytest.raises(KeyError, match="IngestionBucketName"):
        _ = region.bucket


def test_a_client_is_made_once_and_for_the_region() -> None:
    region = Region(boto3.Session(region_name="us-east-1"), STANDBY, {})

    assert region.client("sqs") is region.client("sqs")
    assert region.client("sqs").meta.region_name == STANDBY


def test_an_assumed_role_has_the_name_that_the_logs_show() -> None:
    with mock_aws():
        session = boto3.Session(region_name=STANDBY)

        assumed = assume(session, "arn:aws:iam::123456789012:role/reader", "verification")

        who = assumed.client("sts").get_caller_identity()["Arn"]
    assert who.endswith("assumed-role/reader/verification")
    assert assumed.region_name == STANDBY
