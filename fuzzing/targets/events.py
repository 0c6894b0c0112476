"""Any event that the processor is called with names objects, or is refused in the one way."""

import json
from typing import Final

from fuzzing.targets.choices import Choices
from services.processor.runtime.errors import MalformedEventError
from services.processor.runtime.handler import make_handler
from services.processor.runtime.intake.event import ObjectRef, read_event
from services.processor.runtime.storage.deadline import Deadline

_RECORD: Final = {
    "eventTime": "2026-11-22T08:00:00.000Z",
    "s3": {
        "bucket": {"name": "bucket"},
        "object": {
            "key": "orders/a+b%C3%A9.csv",
            "versionId": "v1",
            "eTag": "0",
            "sequencer": "0055AED6DCD90281E5",
        },
    },
}
_CREATED: Final = {
    "detail-type": "Object Created",
    "time": "2026-11-22T08:00:00Z",
    "detail": {
        "bucket": {"name": "bucket"},
        "object": {"key": "a b.Csv", "version-id": "v1", "etag": "0", "sequencer": "00"},
    },
}
EVENTS: Final = (
    {"Records": [_RECORD]},
    {"Records": [_RECORD, {}, None, _RECORD]},
    _CREATED,
    {"Event": "s3:TestEvent"},
)
SEEDS: Final = [
    *(b"\1" + json.dumps(each).encode() for each in EVENTS),
    b"\1[]",
    b'\1"\\ud800"',  # half a character
    *(bytes([0, which, 1]) + bytes(range(40)) for which in range(len(EVENTS))),
]


class _Context:
    def get_remaining_time_in_millis(self) -> int:
        return 300_000


def check(data: bytes) -> None:
    """Read an event, and handle it with an ingest that accepts everything."""
    try:
        event = Choices(data).tree(EVENTS)
    except (ValueError, RecursionError):
        return  # Lambda calls no function with what is no JSON
    try:
        named = read_event(event)
    except MalformedEventError:
        return
    refs = [each for each in named if isinstance(each, ObjectRef)]
    for ref in refs:
        assert ref.key
        assert not ref.is_folder
        json.dumps([ref.key, ref.version, ref.file_id], ensure_ascii=False).encode()
    _check_handling(event, refs, len(named))


def _check_handling(event: object, refs: list[ObjectRef], named: int) -> None:
    ingested: list[ObjectRef] = []

    def ingest(ref: ObjectRef, _deadline: Deadline) -> None:
        ingested.append(ref)

    try:
        make_handler(ingest)(event, _Context())
    except MalformedEventError:
        assert len(refs) < named
    assert ingested == refs  # a bad record costs no other one its object
