"""With canned answers: moto ignores the state when it is asked for a prefix of names."""

from types import SimpleNamespace

import boto3
from botocore.stub import Stubber

from ops import alarms
from ops.region import Region


def test_every_page_of_the_products_alarms_in_alarm_is_read() -> None:
    cloudwatch = boto3.client("cloudwatch", region_name="us-east-1")
    region = Region(SimpleNamespace(client=lambda *_, **__: cloudwatch), "us-east-1", {})
    asked = {"StateValue": "ALARM", "AlarmNamePrefix": "serverless-"}

    with Stubber(cloudwatch) as answers:
        answers.add_response(
            "describe_alarms",
            {"MetricAlarms": [{"AlarmName": "serverless-a"}], "NextToken": "next"},
            asked,
        )
        answers.add_response(
            "describe_alarms",
            {"MetricAlarms": [{"AlarmName": "serverless-b"}]},
            {**asked, "NextToken": "next"},
        )

        assert alarms.firing(region) == {"serverless-a", "serverless-b"}
