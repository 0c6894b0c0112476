"""Proof, on a deployed region, that something missing would be found.

It writes nothing. A canary file that is complete, as each deployment's verification leaves one, is
reconciled twice: as it is, and under the name of a version that does not exist, whose entry and
rows are therefore missing while S3 and table answer as always. The first must have no finding and
the second one for the file and for each row; a check that finds nothing, or everything, fails.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from uuid import uuid4

from ops import items
from ops.errors import UndeterminedError
from ops.file_history import COMPLETED, ledger_entry
from ops.findings import Code, Finding
from ops.items import Item
from ops.object_versions import ListedVersion, versions
from ops.reconciliation import Reconciliation
from ops.region import Region
from ops.verification import CANARY_PREFIX

_MOST_SEARCHED = 1_000


@dataclass(frozen=True)
class Proof:
    """A sentence about reconciliation, and whether it holds in the region."""

    what: str
    holds: bool


def self_test(region: Region) -> Sequence[Proof]:
    """Prove that a missing entry, a missing row and counts that disagree would be found.

    Raises:
        UndeterminedError: there is no complete canary file to try it on.

    """
    canary, entry = _complete_canary(region)
    rows = int(entry["rowsRead"]["N"])
    made_up = replace(canary, version=f"self-test-{uuid4()}")
    shrunk = replace(canary, size_bytes=canary.size_bytes + 1)
    as_it_is, missing = _found(region, canary), _found(region, made_up)
    lost_rows = {each.row for each in missing if each.code is Code.ROW_MISSING}
    return [
        Proof(f"{canary.key} is complete and no finding", not as_it_is),
        Proof(
            "a version without ledger entry is found",
            [each.version for each in missing if each.code is Code.FILE_MISSING] == [made_up],
        ),
        Proof(
            f"each of {rows:,} rows that are not stored is found",
            rows > 0 and lost_rows == set(range(1, rows + 1)),
        ),
        Proof(
            "a ledger entry that disagrees with the object is found",
            [each.code for each in _found(region, shrunk)] == [Code.COUNTS_DISAGREE],
        ),
    ]


def _found(region: Region, version: ListedVersion) -> list[Finding]:
    plan = Reconciliation(region, rows=True, in_work_s=0)
    return list(plan.findings([version]))


def _complete_canary(region: Region) -> tuple[ListedVersion, Item]:
    for version in _canaries(region):
        entry = ledger_entry(region, version)
        is_complete = entry.get("status") == {"S": COMPLETED}
        if is_complete and items.plain(entry)["rowsRead"] > 0:
            return version, entry
    raise UndeterminedError(
        f"no complete file under {CANARY_PREFIX} in {region.bucket}: run ops verify first"
    )


def _canaries(region: Region) -> Iterator[ListedVersion]:
    listed = islice(versions(region, CANARY_PREFIX), _MOST_SEARCHED)
    return (each for each in listed if not each.is_marker)
