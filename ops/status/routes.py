"""The dials of the access point: which region new files go to."""

from collections.abc import Mapping

import naming
from ops.region import Region
from ops.status.lines import Answer, attention, ok, unknown
from ops.status.outputs import output

WANTED: Mapping[str, int] = {naming.PRIMARY: 100, naming.STANDBY: 0}


def dials(standby: Region) -> Mapping[str, int]:
    """Return the dial of each region in per cent, as the standby answers, whose stack owns them."""
    arn = output(standby, "AccessPointArn")
    answer = standby.client("s3control").get_multi_region_access_point_routes(
        AccountId=arn.split(":")[4], Mrap=arn
    )
    return {each["Region"]: each["TrafficDialPercentage"] for each in answer["Routes"]}


def answer_of(found: Mapping[str, int]) -> Answer:
    """Tell whether new files go to the primary, as they should while nothing is lost."""
    said = ", ".join(f"{region} {dial} %" for region, dial in sorted(found.items()))
    if not found:
        return unknown("the access point has no routes", "ops routes")
    if found == WANTED:
        return ok(f"{said}: new files go to {naming.PRIMARY}")
    receiving = [region for region, dial in found.items() if dial]
    match receiving:
        case [naming.STANDBY]:
            return attention(f"{said}: failed over to {naming.STANDBY}", "ops failback --dry-run")
        case []:
            return attention(f"{said}: no region takes new files", "ops routes")
    return attention(f"{said}: the nearer region gets a file", "ops routes")
