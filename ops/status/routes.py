"""The dials of the access point: which region new files go to."""

from collections.abc import Mapping

import naming
from ops.access_point import dial_to, dials_said
from ops.status.lines import Answer, attention, ok, unknown


def answer_of(found: Mapping[str, int]) -> Answer:
    """Tell whether new files go to the primary, as they should while nothing is lost."""
    said = dials_said(found)
    if not found:
        return unknown("the access point has no routes", "ops routes")
    if found == dial_to([naming.PRIMARY]):
        return ok(f"{said}: new files go to {naming.PRIMARY}")
    receiving = [region for region, dial in found.items() if dial]
    match receiving:
        case [naming.STANDBY]:
            return attention(f"{said}: failed over to {naming.STANDBY}", "ops failback --dry-run")
        case []:
            return attention(f"{said}: no region takes new files", "ops routes")
    return attention(f"{said}: the nearer region gets a file", f"ops routes --set {naming.PRIMARY}")
