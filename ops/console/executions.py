"""The newest executions of the machine for large files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ops.region import Region
from ops.status.outputs import output

MOST = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Execution:
    """One execution; ``ended`` is missing while it runs."""

    name: str
    status: str
    started: datetime
    ended: datetime | None


def newest(region: Region) -> Sequence[Execution]:
    """Return the newest executions of a region's machine, the newest first."""
    answer = region.client("stepfunctions").list_executions(
        stateMachineArn=output(region, "LargeFilesArn"), maxResults=MOST
    )
    return [
        Execution(
            name=each["name"],
            status=each["status"],
            started=each["startDate"],
            ended=each.get("stopDate"),
        )
        for each in answer["executions"]
    ]
