"""A scratch table that the newest restorable moment is restored into, and that is always removed.

Its name belongs to nothing else. One that a killed run has left is removed before the next is made.
DynamoDB removes no table that is still being made, so that is waited for first.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

import naming
from ops.errors import UndeterminedError
from ops.region import Region
from ops.waiting import wait_for

_RESTORED_WITHIN_S = 24 * 60 * 60.0
_REMOVED_WITHIN_S = 60 * 60.0
POLL_S = 2.0
_MISSING = "ResourceNotFoundException"
_UNKNOWN = ("UnknownOperationException", "NotImplemented", "InvalidAction")


@contextmanager
def restored(region: Region, say: Callable[[str], object]) -> Iterator[Region]:
    """Restore the table's newest moment; yield the region with the scratch table as its table.

    Raises:
        UndeterminedError: the platform cannot restore a table.

    """
    scratch = region.with_table(naming.SCRATCH_TABLE)
    remove(scratch, say)
    try:
        _begin(region)
        _await_active(scratch, say)
        yield scratch
    finally:
        remove(scratch, say)


def exists(region: Region) -> bool:
    """Return whether the region has a scratch table, which only a run in progress should have."""
    return _status(region, naming.SCRATCH_TABLE) != ""


def remove(scratch: Region, say: Callable[[str], object]) -> None:
    """Remove the scratch table if there is one, and wait until it is gone."""
    if not _status(scratch, scratch.table):
        return
    say(f"removing {scratch.table} in {scratch.name}")
    if _status(scratch, scratch.table) == "CREATING":
        _await_active(scratch, say)
    if _status(scratch, scratch.table) == "ACTIVE":
        scratch.client("dynamodb").delete_table(TableName=scratch.table)
    wait_for(
        lambda: not _status(scratch, scratch.table),
        f"{scratch.table} to be removed",
        limit_s=_REMOVED_WITHIN_S,
        poll_s=POLL_S,
    )


def _begin(region: Region) -> None:
    try:
        region.client("dynamodb").restore_table_to_point_in_time(
            SourceTableName=region.table,
            TargetTableName=naming.SCRATCH_TABLE,
            UseLatestRestorableTime=True,
            BillingModeOverride="PAY_PER_REQUEST",
            # With the table's own key, whoever restores would need a right to grant its use.
            SSESpecificationOverride={"Enabled": False},
            GlobalSecondaryIndexOverride=[],  # nothing is looked up by status
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in _UNKNOWN:
            raise UndeterminedError(f"this platform restores no table: {error}") from error
        raise


def _await_active(scratch: Region, say: Callable[[str], object]) -> None:
    polls = 0

    def is_active() -> bool:
        nonlocal polls
        polls += 1
        status = _status(scratch, scratch.table)
        if status != "ACTIVE" and polls % round(60 / POLL_S) == 0:
            say(f"{scratch.table} is {status} for {round(polls * POLL_S / 60)} min")
        return status == "ACTIVE"

    what = f"{scratch.table} to be restored"
    wait_for(is_active, what, limit_s=_RESTORED_WITHIN_S, poll_s=POLL_S)


def _status(region: Region, table: str) -> str:
    """Return a table's status, empty if there is none."""
    try:
        found: Any = region.client("dynamodb").describe_table(TableName=table)
    except ClientError as error:
        if error.response["Error"]["Code"] != _MISSING:
            raise
        return ""
    return str(found["Table"]["TableStatus"])
