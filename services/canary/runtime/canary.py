"""What a region's canary does: it puts a file, and looks for signs of life in both regions.

A file becomes a record, the record is replicated and announced; nobody waits for that. The record
is the region's sign of life, and each file replaces it. The announcement calls the canary again,
which is the proof of the whole way; if it does not come, nothing is published, and an alarm fires
because of that. Each region sees the other's sign of life in its own replica, so that one region
tells that the other is gone, even if the other can tell nobody.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.aws_client.errors import AwsClientError
from services.canary.runtime.sight import Sight, tells_nothing
from services.canary.runtime.table import DATASET, Table
from services.canary.runtime.telemetry import Telemetry


class Bucket(Protocol):
    """The region's ingestion bucket."""

    def put(self, key: str, body: bytes) -> None:
        """Store an object; raise ``AwsClientError`` unless S3 confirms it."""


@dataclass(frozen=True, kw_only=True)
class Canary:
    """The canary of ``region``, whose table and whose peer's table it reads.

    A sign of life is fresh for ``fresh_for_s`` seconds.
    """

    bucket: Bucket
    table: Table
    peer_table: Table
    telemetry: Telemetry
    region: str
    peer_region: str
    fresh_for_s: int
    now: Callable[[], datetime]

    def visit(self) -> None:
        """Report both regions' signs of life, then put the next file.

        Raises:
            AwsClientError: S3 did not take the file. What was seen is reported.

        """
        self.telemetry.saw(self._look())
        moment = self.now().isoformat(timespec="milliseconds")
        body = json.dumps({"canary": self.region, "time": moment}).encode()
        self.bucket.put(f"{DATASET}/{self.region}.json", body)

    def hear(self, put_at: datetime) -> None:
        """Report that the record of the file put at that moment was announced.

        Repeating it, or a late announcement, proves nothing of today and is no success.
        """
        age_s = self._age_s(put_at)
        if age_s > self.fresh_for_s:
            self.telemetry.heard_late(age_s)
        else:
            self.telemetry.heard(age_s)

    def _look(self) -> Sight:
        problems: dict[str, str] = {}
        own = peer = there = None
        answers: bool | None = None
        try:
            own, peer = self.table.put_at(self.region), self.table.put_at(self.peer_region)
        except AwsClientError as error:
            problems[self.region] = str(error)
        try:
            there = self.peer_table.put_at(self.region)
            answers = True
        except AwsClientError as error:
            answers = None if tells_nothing(error) else False
            problems[self.peer_region] = str(error)
        return Sight(
            is_readable=self.region not in problems,
            own_age_s=self._age_s(own) if own else None,
            peer_age_s=self._age_s(peer) if peer else None,
            behind_s=max(0.0, (own - there).total_seconds()) if own and there else None,
            peer_answers=answers,
            fresh_for_s=self.fresh_for_s,
            problems=problems,
        )

    def _age_s(self, put_at: datetime) -> float:
        return (self.now() - put_at).total_seconds()
