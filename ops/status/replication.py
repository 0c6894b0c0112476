"""Replication from each region to its peer: observed in the ledger, or measured with a marker.

What the ledger shows costs nothing and needs no right to write: the last file of a region is, or is
not, in the peer's replica. It says nothing while no files come. A marker (``ops/marker.py``) is
written in one region and read in the other.
"""

from datetime import datetime

import naming
from ops import marker
from ops.region import Region
from ops.status.file_lines import IN_WORK, QUIET_S, of_region
from ops.status.ledger import Listing, Listings
from ops.status.lines import Answer, attention, ok, unknown
from ops.status.reasons import answer_to
from ops.status.words import age_s, ago, span
from ops.waiting import WaitError

# Usually it takes a second. Shorter than the limit of a look.
MARKER_LIMIT_S = 6.0
GRACE_S = 60.0


def observed(region: str, listings: Listings, at: datetime) -> Answer:
    """Tell from the ledger whether the region's last file has reached its peer."""
    peer = naming.peer(region)
    for asked in (region, peer):
        listed = listings.get((asked, "COMPLETED"))
        if not isinstance(listed, Listing):
            return answer_to(listed) if listed else unknown("not asked")
    measure = "ops status --marker"
    own = of_region(region, "COMPLETED", listings)
    if not own:
        return unknown("no file to see it by", measure)
    last, theirs = own[0], listings[peer, "COMPLETED"]
    assert isinstance(theirs, Listing)  # noqa: S101  # seen above
    age = age_s(last.timestamp, at)
    if last.id in {file.id for file in theirs.files}:
        said = f"the last file, {ago(last.timestamp, at)}, is in {peer}"
        return ok(said) if age <= QUIET_S else unknown(f"{said}; nothing was sent since", measure)
    if not theirs.whole and min(file.timestamp for file in theirs.files) > last.timestamp:
        return unknown(f"{peer} lists newer files only", measure)
    said = f"the last file, {ago(last.timestamp, at)}, is not complete in {peer}"
    # A file that took long may have been completed this moment, whatever its age.
    in_work = of_region(region, "PROCESSING", {(peer, "PROCESSING"): listings[peer, "PROCESSING"]})
    patience_s = IN_WORK.total_seconds() if last.id in {f.id for f in in_work} else GRACE_S
    return attention(said, measure) if age > patience_s else unknown(f"{said} yet", measure)


def measured(region: Region, peer: Region) -> Answer:
    """Write the region's marker and read it in its peer; needs the right to write in the table."""
    try:
        took_s = marker.replicate(region, peer, limit_s=MARKER_LIMIT_S)
    except WaitError:
        return attention(
            f"a marker is not in {peer.name} after {MARKER_LIMIT_S:g} s",
            f"aws dynamodb describe-table --region {region.name} --table-name {region.table}",
        )
    return ok(f"a marker was read in {peer.name} after {span(took_s)}")
