"""The product's alarms in one region."""

import naming
from ops.region import Region


def firing(region: Region) -> set[str]:
    """Return the names of the product's alarms that are in ALARM now."""
    return _in_state(region, "ALARM")


def without_data(region: Region) -> set[str]:
    """Return the names of those that have no data, so that they say nothing."""
    return _in_state(region, "INSUFFICIENT_DATA")


def _in_state(region: Region, state: str) -> set[str]:
    pages = (
        region.client("cloudwatch")
        .get_paginator("describe_alarms")
        .paginate(StateValue=state, AlarmNamePrefix=naming.PREFIX)
    )
    return {alarm["AlarmName"] for page in pages for alarm in page["MetricAlarms"]}
