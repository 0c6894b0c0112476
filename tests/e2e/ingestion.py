"""Puts files, a few at a time, and waits for what becomes of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ops.items import Item
from tests.e2e.cases import Case
from tests.e2e.site import ItemKey, Site, Upload
from tests.e2e.waiting import wait_for

# Each file in progress is a process, and more of them would only wait for each other.
IN_PROGRESS = 3


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What is stored of a file: its ledger entry and its records by row, in each region.

    No two rows of the files may have the same key.
    """

    upload: Upload
    ledger_entries: Mapping[str, Item] = field(repr=False)
    records: Mapping[str, Mapping[int, Item]] = field(repr=False)


def ingest(sites: Mapping[str, Site], cases: Iterable[Case]) -> dict[str, Outcome]:
    """Put files; return, by case name, the outcomes when each has ended in both regions."""
    in_progress: list[Upload] = []
    uploads: dict[str, Upload] = {}
    for case in cases:
        upload = uploads[case.name] = sites[case.region].put(case.key, case.content)
        in_progress.append(upload)
        _await(sites, in_progress, IN_PROGRESS - 1)
    _await(sites, in_progress, 0)
    return _outcomes(sites, uploads)


def _await(sites: Mapping[str, Site], in_progress: list[Upload], at_most: int) -> None:
    def few_are_left() -> bool:
        in_progress[:] = [upload for upload in in_progress if not _has_ended(sites, upload)]
        return len(in_progress) <= at_most

    wait_for(few_are_left, lambda: [upload.key for upload in in_progress])


def _has_ended(sites: Mapping[str, Site], upload: Upload) -> bool:
    """Return whether a file has ended; take the dead letter of one that has failed.

    A failed file is tried again until its event is a dead letter.
    """
    statuses = {site.status(upload) for site in sites.values()}
    if statuses == {"FAILED"}:
        return bool(sites[upload.region].take_dead_letters(upload))
    return statuses == {"COMPLETED"}


def _outcomes(sites: Mapping[str, Site], uploads: Mapping[str, Upload]) -> dict[str, Outcome]:
    found = {name: site.items(uploads.values()) for name, site in sites.items()}
    return {name: _outcome(upload, found) for name, upload in uploads.items()}


def _outcome(upload: Upload, found: Mapping[str, Mapping[str, Mapping[ItemKey, Item]]]) -> Outcome:
    items = {region: files[upload.id] for region, files in found.items()}
    return Outcome(
        upload=upload,
        ledger_entries={
            region: stored[upload.id, upload.timestamp] for region, stored in items.items()
        },
        records={
            region: {
                int(item["source"]["M"]["row"]["N"]): item
                for item in stored.values()
                if item["itemType"] == {"S": "RECORD"}
            }
            for region, stored in items.items()
        },
    )
