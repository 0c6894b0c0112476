"""Letters: messages about what failed, which keep their identity from queue to queue.

SQS gives a message another id in every queue. So whoever moves a letter notes beside it which one
it is, and a letter that was copied, but not deleted before the command was killed, is recognised.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ops.queues import Message
from ops.redriving.causes import Cause
from services.processor.runtime.attributes import utc_ms

NOTE = "RedriveNote"
# What Lambda (cut off at one kilobyte) or EventBridge say beside a letter; the emulator is silent.
REASONS = ("ErrorMessage", "ERROR_MESSAGE")
MOST_ATTRIBUTES = 10  # of a message, SQS's limit


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message of a queue of failures.

    ``id`` and ``since``, when it was first sent, stay the same in every queue. ``cause`` is why it
    was put in quarantine, ``queue`` from where; both are empty in other queues.
    """

    id: str
    since: str
    message: Message
    queue: str
    cause: Cause

    @property
    def body(self) -> str:
        """Return what the letter says."""
        return str(self.message["Body"])

    @property
    def reason(self) -> str:
        """Return what AWS noted beside it, if anything."""
        found = self.message.get("MessageAttributes", {})
        return next(filter(None, (_text(found, name) for name in REASONS)), "")


def read(message: Message) -> Letter:
    """Return the letter that a message is; it has to be received with all attributes."""
    note = _note(message)
    sent = int(message.get("Attributes", {}).get("SentTimestamp", 0)) / 1000
    return Letter(
        id=note.get("id") or str(message["MessageId"]),
        since=note.get("since") or utc_ms(datetime.fromtimestamp(sent, UTC)),
        message=message,
        queue=note.get("queue", ""),
        cause=Cause(note.get("code", ""), note.get("dataset", ""), note.get("message", "")),
    )


def attributes(letter: Letter, queue: str = "", cause: Cause | None = None) -> dict[str, Any]:
    """Return the attributes of a copy: those of the letter, and a note of which one it is."""
    note = {"id": letter.id, "since": letter.since}
    if cause:
        code, dataset, message = cause
        note |= {"queue": queue, "code": code, "dataset": dataset, "message": message}
    own = {
        name: {
            key: value[key] for key in ("DataType", "StringValue", "BinaryValue") if key in value
        }
        for name, value in letter.message.get("MessageAttributes", {}).items()
        if name != NOTE
    }
    kept = dict(list(own.items())[: MOST_ATTRIBUTES - 1])
    return {**kept, NOTE: {"DataType": "String", "StringValue": json.dumps(note)}}


def _note(message: Message) -> dict[str, str]:
    try:
        note = json.loads(_text(message.get("MessageAttributes", {}), NOTE) or "{}")
    except (ValueError, RecursionError):
        return {}
    return {k: v for k, v in note.items() if isinstance(v, str)} if isinstance(note, dict) else {}


def _text(found: Mapping[str, Any], name: str) -> str:
    return str(found.get(name, {}).get("StringValue", ""))
