"""Sends files and waits for what becomes of them, a few at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.e2e import letters
from tests.e2e.cases import Case
from tests.e2e.site import Item, Site, Upload
from tests.e2e.waiting import wait_for

# Each file under way is a process, and more of them would only wait for each other.
UNDER_WAY = 3


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What is stored of a file: its account and its records by row, in each region."""

    upload: Upload
    accounts: Mapping[str, Item] = field(repr=False)
    records: Mapping[str, Mapping[int, Item]] = field(repr=False)


def ingest(sites: Mapping[str, Site], cases: Iterable[Case]) -> dict[str, Outcome]:
    """Send files and return when each has ended in both regions; outcomes by the cases' names."""
    under_way: list[Upload] = []
    uploads: dict[str, Upload] = {}
    for case in cases:
        upload = uploads[case.name] = sites[case.region].put(case.key, case.content)
        under_way.append(upload)
        _await(sites, under_way, UNDER_WAY - 1)
    _await(sites, under_way, 0)
    return _outcomes(sites, uploads)


def _await(sites: Mapping[str, Site], under_way: list[Upload], at_most: int) -> None:
    def few_are_left() -> bool:
        under_way[:] = [upload for upload in under_way if not _has_ended(sites, upload)]
        return len(under_way) <= at_most

    wait_for(few_are_left, lambda: [upload.key for upload in under_way])


def _has_ended(sites: Mapping[str, Site], upload: Upload) -> bool:
    """A file that failed is tried again until its event is a dead letter, which is taken."""
    statuses = {site.status(upload) for site in sites.values()}
    if statuses == {"FAILED"}:
        return bool(letters.take(sites[upload.region], upload))
    return statuses == {"COMPLETED"}


def _outcomes(sites: Mapping[str, Site], uploads: Mapping[str, Upload]) -> dict[str, Outcome]:
    found = {name: site.items(uploads.values()) for name, site in sites.items()}
    return {name: _outcome(upload, found) for name, upload in uploads.items()}


def _outcome(upload: Upload, found: Mapping[str, Mapping[str, Mapping[str, Item]]]) -> Outcome:
    items = {region: files[upload.file_id] for region, files in found.items()}
    return Outcome(
        upload=upload,
        accounts={region: stored[upload.file_id] for region, stored in items.items()},
        records={
            region: {
                int(record_id.rpartition(".")[2]): item
                for record_id, item in stored.items()
                if record_id != upload.file_id
            }
            for region, stored in items.items()
        },
    )
