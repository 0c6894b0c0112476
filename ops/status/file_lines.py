"""What the ledger says of each region's files: failed, suspended, in work, and the last one.

A region that does not answer is spoken for by its peer's replica, as far as that goes: what it has
of failed files is certain, that there are none is not.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import naming
from ops.status.ledger import Listing, Listings, SeenFile, merged, not_replaced, older
from ops.status.lines import Answer, Line, State, attention, ok, unknown
from ops.status.reasons import answer_to
from ops.status.words import age_s, ago

# Three runs of five minutes with their pauses; what is older has been left.
IN_WORK = timedelta(minutes=20)
QUIET_S = 3600
_MOST_NAMED = 3

Judge = Callable[[str, Listings, datetime], Answer]


def file_lines(region: str, listings: Listings, at: datetime) -> list[Line]:
    """Return the lines about the files that were sent to a region."""
    judges: dict[str, tuple[str, Judge]] = {
        "failed files": ("FAILED", _failed),
        "suspended files": ("SUSPENDED", _suspended),
        "files in work": ("PROCESSING", _in_work),
        "last file": ("COMPLETED", _last),
    }
    return [
        Line.of(about, region, _judged(region, status, judge, listings, at))
        for about, (status, judge) in judges.items()
    ]


def of_region(region: str, status: str, listings: Listings) -> tuple[SeenFile, ...]:
    """Return a region's files with ``status``, from its own replica or else from its peer's."""
    for asked in (region, naming.peer(region)):
        listed = listings.get((asked, status))
        if isinstance(listed, Listing):
            return tuple(file for file in listed.files if file.region == region)
    return ()


def _judged(region: str, status: str, judge: Judge, listings: Listings, at: datetime) -> Answer:
    own, peer = listings.get((region, status)), naming.peer(region)
    if isinstance(own, Listing):
        return judge(region, listings, at)
    silence = answer_to(own) if own else unknown("not asked")
    if isinstance(listings.get((peer, status)), Listing):
        found = judge(region, listings, at)
        said = f"as {peer} has it: {found.says}"
        if found.state is State.ATTENTION:
            return attention(said, found.next.replace(f"--region {region}", f"--region {peer}"))
        return unknown(f"{silence.says}; {said}")
    return silence


def _failed(region: str, listings: Listings, _: datetime) -> Answer:
    failed = of_region(region, "FAILED", listings)
    completed = [file for file in merged(listings) if file.status == "COMPLETED"]
    left = not_replaced(failed, completed)
    replaced = len(failed) - len(left)
    since = "in the last 24 hours"
    rest = f" ({replaced} replaced by a newer version)" if replaced else ""
    if left:
        return attention(
            f"{_counted(left, 'FAILED', listings)} {since}{rest}: {_named(left)}",
            f"ops items FAILED --region {region}",
        )
    return ok(f"none {since}{rest}")


def _suspended(region: str, listings: Listings, _: datetime) -> Answer:
    if found := of_region(region, "SUSPENDED", listings):
        return attention(
            f"{_counted(found, 'SUSPENDED', listings)}: {_named(found)}",
            f"ops items SUSPENDED --region {region}",
        )
    return ok("none")


def _in_work(region: str, listings: Listings, at: datetime) -> Answer:
    found = of_region(region, "PROCESSING", listings)
    if left := older(found, IN_WORK, at):
        return attention(
            f"{len(left)} for more than 20 minutes: {_named(left)}",
            f"ops items PROCESSING --region {region}",
        )
    return ok(f"{_counted(found, 'PROCESSING', listings)} at this moment" if found else "none")


def _last(region: str, listings: Listings, at: datetime) -> Answer:
    found = of_region(region, "COMPLETED", listings)
    if not found:
        return unknown("no file has been processed yet", f"ops files --region {region}")
    last = found[0]
    said = f"{last.key}, {ago(last.timestamp, at)}"
    if age_s(last.timestamp, at) > QUIET_S:
        said += ": nothing was sent since, or nothing gets through"
        return unknown(said, f"ops files --region {region}")
    return ok(said)


def _counted(files: Sequence[SeenFile], status: str, listings: Listings) -> str:
    listed = [each for (_, of), each in listings.items() if of == status]
    more = any(isinstance(each, Listing) and not each.whole for each in listed)
    return f"{len(files)}{' or more' if more else ''}"


def _named(files: Sequence[SeenFile]) -> str:
    named = [f"{file.key} {file.code}".rstrip() for file in files[:_MOST_NAMED]]
    more = f" and {len(files) - _MOST_NAMED} more" if len(files) > _MOST_NAMED else ""
    return ", ".join(named) + more
