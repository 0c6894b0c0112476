"""Processing of a version again, with the event that S3 sent for it, made from the listing.

Of two versions of a key put within one second, the one with the greater ``sequencer`` wins, and
only S3's event has it. The ledger keeps the sequencer of a file's first event, and so does each of
its records that no newer file has replaced. For a version without either, this module makes a text
that sorts between those of its neighbours in the listing, which is in S3's order.

Sequencers compare like the digits of fractions: "A" < "A8" < "B". Between two of them there is
always another one: the older one followed by as many zeros as the newer one has there, and by 08.
None made here ends in 0, so none equals another one that has more zeros. It begins with the older
one's digits, so it is below every sequencer that S3 has given or will give to a newer version.
"""

from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from urllib.parse import quote_plus

from ops import items
from ops.dead_letters import Event
from ops.errors import RefusedError
from ops.expected_rows import expected_rows
from ops.file_history import ledger_entry
from ops.items import Key
from ops.object_versions import ListedVersion, versions_of
from ops.record_check import source_file
from ops.region import Region
from services.processor.runtime.errors import UnreadableFileError

MAX_DIGITS = 64  # as the processor takes it
_SEARCHED_ROWS = 1_000


def event_of(region: Region, version: ListedVersion) -> Event:
    """Return the event for a version as S3 sends it; equal calls return equal events.

    Raises:
        RefusedError: too many versions of the key were put within that second without an event.

    """
    described = {
        "key": quote_plus(version.key, safe="/"),
        "size": version.size_bytes,
        "eTag": version.etag,
        "versionId": version.version_id,
        "sequencer": sequencer_of(region, version),
    }
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": version.region,
        "eventTime": version.timestamp,
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": version.bucket}, "object": described},
    }
    return {"Records": [record]}


def sequencer_of(region: Region, version: ListedVersion) -> str:
    """Return the sequencer that a version's entry or one of its first records has.

    If there is none, return one that has the version's place in the listing.
    """
    second = [
        each
        for each in versions_of(region, version.key)
        if each.timestamp == version.timestamp and not each.is_marker
    ]
    known = [ledger_entry(region, each).get("sequencer", {"S": ""})["S"] for each in second]
    at = [each.version for each in second].index(version.version)
    if of_entry := str(known[at]):
        return of_entry
    of_rows = stored_sequencer(region, region, version)
    return between_neighbours(known, at) if of_rows is None else of_rows


def stored_sequencer(bucket: Region, table: Region, version: ListedVersion) -> str | None:
    """Return the sequencer that the first rows of a version were stored with.

    Return ``None`` if none of them is stored, or a newer file has replaced all of their records.
    """
    file, wanted = source_file(version, {}), list[Key]()
    with suppress(UnreadableFileError):  # the rows before are as good as those of any other file
        for row in islice(expected_rows(bucket, version, file), _SEARCHED_ROWS):
            wanted.append(row.key)
    for item in items.read_many(table, wanted, ("recordId", "timestamp", "precedence", "source")):
        source = item["source"]["M"]
        is_of_version = all(source[n] == file.source[n] for n in ("bucket", "key", "version"))
        started, _, rest = item.get("precedence", {"S": ""})["S"].partition("/")
        if is_of_version and started == version.timestamp:
            return str(rest.partition("/")[0])
    return None


def between_neighbours(known: Sequence[str], at: int) -> str:
    """Return a sequencer for the version at this place in a listing, the newest first.

    ``known`` are those of all versions, empty where there is none.
    """
    newer = next((each for each in reversed(known[:at]) if each), "")
    older = next((each for each in known[at + 1 :] if each), "")
    return between(older, newer)


def between(older: str, newer: str) -> str:
    """Return a sequencer greater than ``older`` and smaller than ``newer``; empty is no limit."""
    zeros = ""
    if newer.startswith(older):
        rest = newer[len(older) :]
        zeros = "0" * (len(rest) - len(rest.lstrip("0")) + 1) if rest else ""
    made = f"{older}{zeros}8"
    if len(made) > MAX_DIGITS:
        raise RefusedError(
            "too many versions of this key were put within one second; put the newest one again"
        )
    return made
