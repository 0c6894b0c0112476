from dataclasses import dataclass, field

import pytest

from services.processor.runtime.errors import (
    MalformedEventError,
    ObjectMissingError,
    OutOfTimeError,
)
from services.processor.runtime.handler import make_handler
from services.processor.runtime.intake.event import ObjectRef
from services.processor.runtime.storage.deadline import Deadline


@dataclass
class Context:
    remaining_ms: int = 300_000

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_ms


@dataclass
class FakeIngest:
    failures: dict[str, Exception] = field(default_factory=dict)
    attempted: list[str] = field(default_factory=list)
    left_s: float = 0

    def __call__(self, ref: ObjectRef, deadline: Deadline) -> None:
        self.attempted.append(ref.key)
        self.left_s = deadline.left_s()
        if ref.key in self.failures:
            raise self.failures[ref.key]


def event(*keys: str) -> dict[str, object]:
    return {
        "Records": [
            {
                "eventTime": "2026-01-31T12:00:00.123Z",
                "s3": {"bucket": {"name": "inbox"}, "object": {"key": key}},
            }
            for key in keys
        ]
    }


def test_every_object_of_an_event_is_ingested() -> None:
    ingest = FakeIngest()

    make_handler(ingest)(event("a.csv", "b.csv"), Context())

    assert ingest.attempted == ["a.csv", "b.csv"]


def test_the_last_fifteen_seconds_are_kept_in_reserve() -> None:
    ingest = FakeIngest()

    make_handler(ingest)(event("a.csv"), Context(remaining_ms=300_000))

    assert ingest.left_s == 285


@pytest.mark.parametrize(
    "failure", [ObjectMissingError("gone"), OutOfTimeError("15000 ms before the end")]
)
def test_after_a_failure_the_other_objects_are_attempted_before_it_is_raised(
    failure: Exception,
) -> None:
    ingest = FakeIngest({"a.csv": failure, "c.csv": ObjectMissingError("second")})

    with pytest.raises(type(failure)) as raised:
        make_handler(ingest)(event("a.csv", "b.csv", "c.csv"), Context())

    assert raised.value is failure
    assert ingest.attempted == ["a.csv", "b.csv", "c.csv"]


def test_a_record_that_names_no_object_does_not_keep_the_others_from_being_attempted() -> None:
    ingest = FakeIngest()

    with pytest.raises(MalformedEventError, match="Records\\[0\\] names no object"):
        make_handler(ingest)(event("", "b.csv"), Context())

    assert ingest.attempted == ["b.csv"]


def test_a_malformed_event_fails_so_that_it_reaches_the_dead_letter_queue() -> None:
    with pytest.raises(MalformedEventError):
        make_handler(FakeIngest())({"Records": [{}]}, Context())


def test_the_test_message_of_s3_is_ignored() -> None:
    ingest = FakeIngest()

    make_handler(ingest)({"Event": "s3:TestEvent"}, Context())

    assert ingest.attempted == []
