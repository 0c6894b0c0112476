"""An AWS that gives prepared answers: by region and operation, a value, or an error to raise."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import naming

OUTPUTS = {
    "TableName": naming.TABLE,
    "ProcessorDlqUrl": "https://sqs/dead",
    "QuarantineUrl": "https://sqs/quarantine",
    "StreamConsumerFailuresUrl": "https://sqs/failures",
    "StreamConsumerName": naming.STREAM_CONSUMER,
    "TakeoverMappingId": "takeover-id",
    "LargeFilesArn": "arn:aws:states:us-east-1:123456789012:stateMachine:large",
    "AccessPointArn": "arn:aws:s3::123456789012:accesspoint/x.mrap",
}
EMPTY_QUEUE = {
    "ApproximateNumberOfMessages": "0",
    "ApproximateNumberOfMessagesNotVisible": "0",
    "ApproximateNumberOfMessagesDelayed": "0",
}
CONSUMER = "arn:aws:lambda:us-east-1:123456789012:function:consumer"
MAPPING = {"State": "Enabled", "UUID": "m", "FunctionArn": CONSUMER, "LastProcessingResult": "OK"}


def healthy(region: str) -> dict[str, Any]:
    """Return the answers of a region in which all is as wanted, but for files: there are none."""
    # The standby's stack owns the access point.
    has = [key for key in OUTPUTS if key != "AccessPointArn" or region == naming.STANDBY]
    outputs = [{"OutputKey": key, "OutputValue": OUTPUTS[key]} for key in has]
    replicas = [{"RegionName": naming.peer(region), "ReplicaStatus": "ACTIVE"}]
    backups = {
        "PointInTimeRecoveryStatus": "ENABLED",
        "EarliestRestorableDateTime": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return {
        "describe_stacks": {"Stacks": [{"Outputs": outputs}]},
        "get_caller_identity": {"Account": "123456789012", "Arn": "arn:aws:sts::1:reader"},
        "get_queue_attributes": {"Attributes": EMPTY_QUEUE},
        "list_event_source_mappings": {"EventSourceMappings": [MAPPING]},
        "get_event_source_mapping": {"State": "Disabled"},
        "list_executions": {"executions": []},
        "describe_alarms": {"MetricAlarms": [{"AlarmName": "a", "StateValue": "OK"}]},
        "describe_table": {"Table": {"TableStatus": "ACTIVE", "Replicas": replicas}},
        "describe_continuous_backups": {
            "ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": backups}
        },
        "query": {"Items": []},
        "get_metric_data": {
            "MetricDataResults": [
                {"Id": "eventspublished", "Values": [5.0, 7.0]},
                {"Id": "eventsfailed", "Values": []},
            ]
        },
        "get_multi_region_access_point_routes": {
            "Routes": [
                {"Region": naming.PRIMARY, "TrafficDialPercentage": 100},
                {"Region": naming.STANDBY, "TrafficDialPercentage": 0},
            ]
        },
    }


class Aws:
    """A session; ``answers`` are by region and operation, and may be changed at any time.

    An answer that is callable is called with the request. Without an answer, every operation of a
    region has that of ``...``.
    """

    def __init__(self, answers: Mapping[str, dict[Any, Any]] | None = None) -> None:
        self.answers = answers or {region: healthy(region) for region in naming.REGIONS}
        self.asked: list[tuple[str, str]] = []

    region_name = naming.PRIMARY

    def client(self, service: str, region_name: str, **_: object) -> "_Client":
        del service
        return _Client(self, region_name)

    def answer(self, region: str, operation: str, request: Mapping[str, Any]) -> Any:  # noqa: ANN401  # boto3's
        self.asked.append((region, operation))
        of_region = self.answers[region]
        found = of_region[...] if ... in of_region else of_region[operation]
        if isinstance(found, Exception):
            raise found
        return found(request) if callable(found) else found


class _Client:
    def __init__(self, aws: Aws, region: str) -> None:
        self._aws, self._region = aws, region
        self.meta = type("Meta", (), {"endpoint_url": f"https://x.{region}.amazonaws.com"})

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        return lambda **request: self._aws.answer(self._region, operation, request)

    def get_paginator(self, operation: str) -> Any:  # noqa: ANN401  # boto3's
        aws, region = self._aws, self._region

        class Paginator:
            def paginate(self, **request: object) -> list[Any]:
                return [aws.answer(region, operation, request)]

        return Paginator()
