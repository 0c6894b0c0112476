"""The alarms of a region, as declared and as they are."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeAlias

from local.cloud import Cloud

Alarm: TypeAlias = Mapping[str, Any]
# A datum this old is forgotten soon after, so that no later evaluation meets it.
NEARLY_FORGOTTEN = dt.timedelta(seconds=10)


class Watch:
    def __init__(self, cloud: Cloud, region: str) -> None:
        self._cloud = cloud
        self._region = region
        self._cloudwatch = cloud.client("cloudwatch", region)

    def declared(self) -> list[Alarm]:
        """The alarms of the templates that are deployed."""
        cloudformation = self._cloud.client("cloudformation", self._region)
        names = [stack["StackName"] for stack in self._cloud.stacks(self._region)]
        bodies = (cloudformation.get_template(StackName=name)["TemplateBody"] for name in names)
        return [
            resource["Properties"]
            for body in bodies
            if isinstance(body, dict)  # the bootstrap stack's is YAML
            for resource in body["Resources"].values()
            if resource["Type"] == "AWS::CloudWatch::Alarm"
        ]

    def deployed(self) -> dict[str, Alarm]:
        pages = self._cloudwatch.get_paginator("describe_alarms").paginate()
        return {alarm["AlarmName"]: alarm for page in pages for alarm in page["MetricAlarms"]}

    def exceed(self, alarm: Alarm) -> None:
        """Put what ``alarm`` must fire on: in each of its periods, more than its limit."""
        period = dt.timedelta(seconds=alarm["Period"])
        now = dt.datetime.now(dt.UTC)
        data = [
            {
                "MetricName": alarm["MetricName"],
                "Dimensions": alarm["Dimensions"],
                "Timestamp": now - period * ago + NEARLY_FORGOTTEN,
                "Value": alarm["Threshold"] + 1,
            }
            for ago in range(1, alarm["EvaluationPeriods"] + 1)
        ]
        self._cloudwatch.put_metric_data(Namespace=alarm["Namespace"], MetricData=data)

    def set(self, state: str) -> None:
        """Bring all alarms to ``state`` by hand."""
        for name in self.deployed():
            self.set_one(name, state)

    def set_one(self, name: str, state: str) -> None:
        self._cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="test")
