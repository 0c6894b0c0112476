"""The steps of a failover, each of which looks before it acts (``ops/steps.py``).

Functions that take ``source`` talk to both regions, so a disaster has none of their steps.
"""

from collections.abc import Sequence

import naming
from ops import alarms, items, marker, status_index
from ops.access_point import AccessPoint
from ops.errors import FindingError
from ops.output import counted
from ops.region import Region
from ops.steps import Sight, Step, trial
from ops.verification import Verification, VerificationError
from ops.waiting import WaitError

CANARY_S = 120.0
MARKER_S = 120.0
# A run takes up to five minutes, and the first retry comes a minute later.
DRAINING_S = 600.0
_IN_WORK = ("PROCESSING", "SUSPENDED")
# Of a ledger entry: rows read in order, and by ranges.
_ROWS = ("rowsRead", "rangeRows")
_SHOWN = 3


def check(target: Region, *, lost: bool) -> Step:
    """Return the step that looks whether the target can take over.

    In a disaster its alarms are told and stop nothing: one of them says that its peer is lost.
    """

    def look() -> Sight:
        table = target.client("dynamodb").describe_table(TableName=target.table)["Table"]
        replicas = {each["RegionName"]: each["ReplicaStatus"] for each in table.get("Replicas", ())}
        others = {} if lost else {naming.peer(target.name): "MISSING", **replicas}
        states = {target.name: table["TableStatus"], **others}
        wrong = [f"the table in {name} is {s}" for name, s in states.items() if s != "ACTIVE"]
        firing = [f"{name} is in ALARM" for name in sorted(alarms.firing(target))]
        blocking = wrong if lost else [*wrong, *firing]
        told = [*(wrong or ["the table is active"]), *(firing or ["no alarm is firing"])]
        told += _unknown(target)
        return Sight(done=not blocking, seen=f"{target.name}: {'; '.join(told)}")

    return Step(name="check", wanted=f"{target.name} is fit", look=look, forcible=True)


def _unknown(target: Region) -> list[str]:
    silent = len(alarms.without_data(target))
    return [f"unknown: {counted(silent, 'alarm')} without data"] if silent else []


def canary(
    name: str, target: Region, read_in: Sequence[Region], through: AccessPoint | None = None
) -> Step:
    """Return the step that puts a canary file and waits for its event and its item.

    The file goes to the target's bucket, or through the access point. The event has to be one of
    the target, so a file that landed elsewhere does not pass.
    """

    def attempt() -> str:
        verification = Verification(
            target, read_in, timeout_s=CANARY_S, put=through.put if through else None
        )
        try:
            facts = verification.run(lambda _: None)
        except VerificationError as error:
            raise FindingError(f"the canary fails in {target.name}: {error}") from error
        return f"{facts['key']} was announced and is stored after {facts['seconds']} s"

    places = " and ".join(region.name for region in read_in)
    return trial(
        name, f"a file is announced in {target.name}, stored in {places}", attempt, forcible=True
    )


def drain(source: Region) -> Step:
    """Return the step that waits until no file of the source's bucket is in work any more.

    It waits as long as files end, or rows are stored of those that take long.
    """

    def look() -> Sight:
        said = [_said(source, status) for status in _IN_WORK]
        seen = "; ".join(filter(None, said))
        return Sight(done=not seen, seen=seen or f"no file is in work in {source.name}")

    return Step(
        name="drain",
        wanted=f"{source.name} has no file in work",
        look=look,
        limit_s=DRAINING_S,
        forcible=True,
    )


def _said(source: Region, status: str) -> str:
    """Return in words which files of the source's bucket have a status, nothing if there are none.

    The index says which may have it, and lags behind; their entries say which have.
    """
    listed = {
        items.key_of(item): item["source"]["M"]["key"]["S"]
        for item in status_index.with_status(source, status)
        if item["source"]["M"]["bucket"]["S"] == source.bucket
    }
    entries = items.read_many(source, listed, ("recordId", "timestamp", "status", *_ROWS))
    open_ = [entry for entry in entries if entry["status"]["S"] == status]
    if not open_:
        return ""
    rows = sum(int(entry[name]["N"]) for entry in open_ for name in _ROWS if name in entry)
    some = ", ".join(listed[items.key_of(entry)] for entry in open_[:_SHOWN])
    return (
        f"{counted(len(open_), 'file')} {status} with {counted(rows, 'row')} read, such as {some}"
    )


def replication(source: Region, target: Region) -> Step:
    """Return the step that writes a marker in the source and reads it in the target."""

    def attempt() -> str:
        try:
            took_s = marker.replicate(source, target, limit_s=MARKER_S)
        except WaitError as error:
            raise FindingError(str(error)) from error
        return f"a marker of {source.name} was there after {took_s:.1f} s"

    return trial("marker", f"what {source.name} wrote is in {target.name}", attempt, forcible=True)
