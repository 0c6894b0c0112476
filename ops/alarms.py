"""The product's alarms in one region."""

import naming
from ops.region import Region


def firing(region: Region) -> set[str]:
    """Return the names of the product's alarms that are in ALARM now."""
    pages = (
        region.client("cloudwatch")
        .get_paginator("describe_alarms")
        .paginate(StateValue="ALARM", AlarmNamePrefix=naming.PREFIX)
    )
    return {alarm["AlarmName"] for page in pages for alarm in page["MetricAlarms"]}
