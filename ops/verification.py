"""Proof that a deployed region works: a canary file goes in, comes out everywhere, rings no alarm.

The pipeline proves each region after its deployment. The file's record must be announced and must
be stored in each region; then the alarms are watched, for they look at whole periods of five
minutes. Safe to repeat: each proof puts a file of its own, a record of some hundred bytes that
stays.
"""

import json
import time
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from ops import alarms, queues
from ops.region import Region
from ops.waiting import WaitError, find_within, wait_for

POLL_S = 1.0
# A period of the alarms, and what CloudWatch needs to have its metrics.
WATCH_S = 360.0
WATCH_POLL_S = 10.0
# Time enough to read a message and to remove it.
HIDDEN_S = 30
Found = TypeVar("Found")


class VerificationError(Exception):
    """The region did not do what it must; the message says what is missing."""


class Verification:
    """The steps of one proof of ``region``, which is among ``regions``, where the item must come.

    All steps until the items are there have ``timeout_s`` together; after that no alarm may fire
    for ``watch_s``.
    """

    def __init__(
        self,
        region: Region,
        regions: Sequence[Region],
        *,
        timeout_s: float,
        watch_s: float = 0,
        poll_s: float = POLL_S,
    ) -> None:
        self._region = region
        self._regions = regions
        self._poll_s = poll_s
        self._watch_s = watch_s
        self._deadline_s = time.monotonic() + timeout_s

    def run(self, say: Callable[[str], None]) -> dict[str, Any]:
        """Return the facts of the proof; raise ``VerificationError`` at the first thing wrong."""
        key = f"canary/{uuid.uuid4()}.json"
        fired_before = alarms.firing(self._region)
        for name in sorted(fired_before):
            say(f"in ALARM before this proof, and not judged by it: {name}")
        started_s = time.monotonic()
        self._region.client("s3").put_object(
            Bucket=self._region.bucket, Key=key, Body=json.dumps({"canary": key}).encode()
        )
        say(f"put s3://{self._region.bucket}/{key}")
        event = self._wait("event of the canary record", partial(self._event_of, key))
        say(f"heard event {event['eventId']}")
        for region in self._regions:
            self._wait(f"item in {region.name}", partial(_is_stored, region, event))
            say(f"read item {event['recordId']} in {region.name}")
        seconds = round(time.monotonic() - started_s, 1)
        self._watch(fired_before)
        say(f"no alarm has fired, watched for {self._watch_s:.0f} s")
        return {"key": key, "recordId": event["recordId"], "seconds": seconds}

    def _watch(self, fired_before: set[str]) -> None:
        fired = find_within(
            lambda: alarms.firing(self._region) - fired_before,
            limit_s=self._watch_s,
            poll_s=WATCH_POLL_S,
        )
        if fired:
            raise VerificationError(f"went to ALARM: {', '.join(sorted(fired))}")

    def _event_of(self, key: str) -> dict[str, Any]:
        """Return the announcement of ``key``, if it has come; remove those of other proofs."""
        url = self._region.canary_events_url
        found: dict[str, Any] = {}
        for message in queues.receive(self._region, url, hidden_s=HIDDEN_S, wait_s=2):
            queues.remove(self._region, url, message)
            detail: dict[str, Any] = json.loads(message["Body"])["detail"]
            if detail["item"]["source"]["key"] == key:
                found = detail
        return found

    def _wait(self, what: str, look: Callable[[], Found]) -> Found:
        left_s = self._deadline_s - time.monotonic()
        try:
            if left_s > 0:
                return wait_for(look, what, limit_s=left_s, poll_s=self._poll_s)
        except WaitError:
            pass
        raise VerificationError(f"not there in time: {what}")


def _is_stored(region: Region, event: dict[str, Any]) -> bool:
    key = {name: {"S": event[name]} for name in ("recordId", "timestamp")}
    answer = region.client("dynamodb").get_item(
        TableName=region.table, Key=key, ConsistentRead=True
    )
    return "Item" in answer


def prove(proof: Verification, region: str, say: Callable[[str], None]) -> dict[str, Any]:
    """Run a proof and return its outcome as the review report shows it.

    It has ``region``, ``verdict`` (``passed`` or ``failed``), ``steps``, ``seconds`` and ``error``.
    """
    steps: list[str] = []

    def note(line: str) -> None:
        steps.append(line)
        say(line)

    try:
        facts = proof.run(note)
    except VerificationError as error:
        wrong = {"verdict": "failed", "seconds": None, "error": str(error)}
        return {"region": region, "steps": steps, **wrong}
    return {"region": region, "steps": steps, "verdict": "passed", "error": "", **facts}
