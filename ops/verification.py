"""Verification of a deployed region with a canary file.

The pipeline verifies each region after its deployment. The file's record must be published as an
event and stored in each region; then no alarm may fire for longer than an alarm's period of five
minutes, but for those that fire without data: a new one does so until its first data. Safe to
repeat: each verification uploads its own file, whose record of a few hundred bytes is kept.

A mapping that has just been made reads nothing for some minutes, and the standby's begins with what
is written then. So after a deployment another file is put every minute until one is announced.
"""

import json
import math
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePosixPath
from typing import Any, TypeVar

from ops import alarms, data_state, items, queues
from ops.region import Region
from ops.waiting import WaitError, find_within, wait_for

POLL_S = 1.0
PUT_AGAIN_S = 60.0
# One period of the alarms, plus the delay of CloudWatch's metrics.
WATCH_S = 360.0
WATCH_POLL_S = 10.0
CANARY_PREFIX = "canary/"
# Enough time to read a message and to remove it; somebody else awaits most of them.
HIDDEN_S = 10
Found = TypeVar("Found")
Put = Callable[[str, bytes], object]


class VerificationError(Exception):
    """The region does not work; the message says what is wrong."""


class Verification:
    """One verification of ``region``; the item must arrive in all ``regions``, itself included.

    The steps until the items are stored share ``timeout_s``; after that no alarm may fire for
    ``watch_s``. With ``put_again_s``, another file is put that often until one is announced. Files
    go to the region's bucket, or wherever ``put`` puts a key and contents. Before all that,
    ``first`` is called, and what it returns is told.
    """

    def __init__(
        self,
        region: Region,
        regions: Sequence[Region],
        *,
        timeout_s: float,
        watch_s: float = 0,
        poll_s: float = POLL_S,
        put_again_s: float = math.inf,
        put: Put | None = None,
        first: Callable[[], str] | None = None,
    ) -> None:
        self._first = first
        self._put = put or partial(_put_in_bucket, region)
        self._region = region
        self._regions = regions
        self._poll_s = poll_s
        self._put_again_s = put_again_s
        self._keys: list[str] = []
        self._put_next_s = time.monotonic()
        self._watch_s = watch_s
        self._deadline_s = time.monotonic() + timeout_s

    def run(self, say: Callable[[str], None]) -> dict[str, Any]:
        """Verify and return the results; raise ``VerificationError`` at the first failure."""
        if self._first:
            say(self._first())
        fired_before = alarms.firing(self._region, on_silence=False)
        for name in sorted(fired_before):
            say(f"already in ALARM before this verification, ignored: {name}")
        started_s = time.monotonic()
        self._put_file(say)
        event = self._wait("event of the canary record", partial(self._next_event, say))
        key = event["item"]["source"]["key"]
        say(f"received event {event['eventId']}")
        for region in self._regions:
            self._wait(f"item in {region.name}", partial(_is_stored, region, event))
            say(f"read item {event['recordId']} in {region.name}")
        seconds = round(time.monotonic() - started_s, 1)
        self._watch(fired_before)
        say(f"no alarm has fired in {self._watch_s:.0f} s")
        return {"key": key, "recordId": event["recordId"], "seconds": seconds}

    def state(self) -> Mapping[str, Any]:
        """Return the data of the region at this moment, for whoever reads the outcome."""
        return data_state.read(self._region)

    def _watch(self, fired_before: set[str]) -> None:
        fired = find_within(
            lambda: alarms.firing(self._region, on_silence=False) - fired_before,
            limit_s=self._watch_s,
            poll_s=WATCH_POLL_S,
        )
        if fired:
            raise VerificationError(f"went to ALARM: {', '.join(sorted(fired))}")

    def _put_file(self, say: Callable[[str], None]) -> None:
        key = f"{CANARY_PREFIX}{uuid.uuid4()}.json"
        self._put(key, canary_body(key))
        self._keys.append(key)
        self._put_next_s = time.monotonic() + self._put_again_s
        say(f"put s3://{self._region.bucket}/{key}")

    def _next_event(self, say: Callable[[str], None]) -> dict[str, Any]:
        if time.monotonic() >= self._put_next_s:
            self._put_file(say)
        return self._event()

    def _event(self) -> dict[str, Any]:
        """Return the event of one of its files, if that has arrived, and remove it.

        Another one may be awaited by somebody else at this moment; the queue keeps it for an hour.
        """
        url = self._region.canary_events_url
        for message in queues.receive(self._region, url, hidden_s=HIDDEN_S, wait_s=2):
            detail: dict[str, Any] = json.loads(message["Body"])["detail"]
            if detail["item"]["source"]["key"] in self._keys:
                queues.remove(self._region, url, message)
                return detail
        return {}

    def _wait(self, what: str, check: Callable[[], Found]) -> Found:
        left_s = self._deadline_s - time.monotonic()
        try:
            if left_s > 0:
                return wait_for(check, what, limit_s=left_s, poll_s=self._poll_s)
        except WaitError:
            pass
        raise VerificationError(f"timed out waiting for: {what}")


def canary_body(key: str) -> bytes:
    """Return the contents of the canary file ``key``, whose record no other file replaces."""
    name = PurePosixPath(key).stem
    return json.dumps({"canary": name, "time": datetime.now(UTC).isoformat()}).encode()


def _put_in_bucket(region: Region, key: str, body: bytes) -> None:
    region.client("s3").put_object(Bucket=region.bucket, Key=key, Body=body)


def _is_stored(region: Region, event: dict[str, Any]) -> bool:
    return bool(items.read(region, event["recordId"], event["timestamp"]))


def verify(verification: Verification, region: str, say: Callable[[str], None]) -> dict[str, Any]:
    """Run a verification and return its outcome as the review report shows it.

    It has ``region``, ``verdict`` (``passed`` or ``failed``), ``steps``, ``seconds`` and ``error``.
    """
    steps: list[str] = []

    def note(line: str) -> None:
        steps.append(line)
        say(line)

    try:
        facts = verification.run(note)
    except VerificationError as error:
        failure = {"verdict": "failed", "seconds": None, "error": str(error)}
        return {"region": region, "steps": steps, **failure}
    return {"region": region, "steps": steps, "verdict": "passed", "error": "", **facts}
