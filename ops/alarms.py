"""The product's alarms in one region."""

from collections.abc import Iterator, Mapping
from typing import Any

import naming
from ops.region import Region


def firing(region: Region, *, on_silence: bool = True) -> set[str]:
    """Return the names of the product's alarms that are in ALARM now.

    Without ``on_silence`` those are left out to which no data is an alarm.
    """
    return {
        alarm["AlarmName"]
        for alarm in _in_state(region, "ALARM")
        if on_silence or alarm.get("TreatMissingData") != "breaching"
    }


def without_data(region: Region) -> set[str]:
    """Return the names of those that have no data, so that they say nothing."""
    return {alarm["AlarmName"] for alarm in _in_state(region, "INSUFFICIENT_DATA")}


def _in_state(region: Region, state: str) -> Iterator[Mapping[str, Any]]:
    pages = (
        region.client("cloudwatch")
        .get_paginator("describe_alarms")
        .paginate(StateValue=state, AlarmNamePrefix=naming.PREFIX)
    )
    for page in pages:
        yield from page["MetricAlarms"]
