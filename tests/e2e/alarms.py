"""The alarms of a region, as declared and as they are."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeAlias

import naming
from ops.region import Region

Alarm: TypeAlias = Mapping[str, Any]
# A datum this old is forgotten soon after, so that no later evaluation meets it.
NEARLY_FORGOTTEN = dt.timedelta(seconds=10)


class Alarms:
    def __init__(self, region: Region) -> None:
        self._region = region
        self._cloudwatch = region.client("cloudwatch")

    def declared(self) -> list[Alarm]:
        """Return the alarms of the template that is deployed."""
        stack = naming.stack(self._region.name)
        cloudformation = self._region.client("cloudformation")
        template = cloudformation.get_template(StackName=stack)
        resources = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
        ids = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}
        return [
            _with_dimensions(resource["Properties"], ids)
            for resource in template["TemplateBody"]["Resources"].values()
            if resource["Type"] == "AWS::CloudWatch::Alarm"
        ]

    def deployed(self) -> dict[str, Alarm]:
        """Return every alarm of the region by name, whoever made it."""
        pages = self._cloudwatch.get_paginator("describe_alarms").paginate()
        return {alarm["AlarmName"]: alarm for page in pages for alarm in page["MetricAlarms"]}

    def exceed(self, alarm: Alarm) -> None:
        """Put what ``alarm`` must fire on in each of its periods: beyond its threshold."""
        beyond = 1 if alarm["ComparisonOperator"] == "GreaterThanThreshold" else -1
        period = dt.timedelta(seconds=alarm["Period"])
        now = dt.datetime.now(dt.UTC)
        data = [
            {
                "MetricName": alarm["MetricName"],
                "Dimensions": alarm["Dimensions"],
                "Timestamp": now - period * ago + NEARLY_FORGOTTEN,
                "Value": alarm["Threshold"] + beyond,
            }
            for ago in range(1, alarm["EvaluationPeriods"] + 1)
        ]
        self._cloudwatch.put_metric_data(Namespace=alarm["Namespace"], MetricData=data)

    def set_all(self, state: str) -> None:
        for name in self.deployed():
            self.set(name, state)

    def set(self, name: str, state: str) -> None:
        self._cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="test")


def _with_dimensions(alarm: Alarm, ids: Mapping[str, str]) -> Alarm:
    """Return the alarm with the ARN of a resource, which is its id, for an attribute of it."""
    dimensions = [
        {**each, "Value": ids[each["Value"]["Fn::GetAtt"][0]]}
        if isinstance(each["Value"], Mapping) and "Fn::GetAtt" in each["Value"]
        else each
        for each in alarm.get("Dimensions", ())
    ]
    return {**alarm, "Dimensions": dimensions} if dimensions else alarm
