"""PutEvents: the events of one call, its body, and what its answer says about each of them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.json import Decoder, Encoder

from services.stream_consumer.runtime.errors import (
    BusUnavailableError,
    PermanentError,
    RefusedEventError,
    TransientError,
)
from services.stream_consumer.runtime.event import MAX_BYTES, SOURCE, Event

OPERATION = "PutEvents"
MAX_ENTRIES = 10
_TRANSIENT_CODES = frozenset(
    {
        "InternalException",
        "InternalFailure",
        "RequestTimeout",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)


class _Entry(Struct, rename="pascal"):
    event_bus_name: str
    source: str
    detail_type: str
    detail: str
    time: float


class _Request(Struct, rename="pascal"):
    entries: list[_Entry]


class _Result(Struct, rename="pascal"):
    error_code: str | None = None


class _Answer(Struct, rename="pascal"):
    entries: list[_Result]


_ENCODER = Encoder()
_DECODER = Decoder(_Answer)


def batches(events: Mapping[int, Event]) -> Iterator[dict[int, Event]]:
    """Yield ``events`` in order, in batches that one PutEvents accepts: ten, below 256 KiB."""
    batch: dict[int, Event] = {}
    size_bytes = 0
    for position, event in events.items():
        if len(batch) == MAX_ENTRIES or size_bytes + event.size_bytes > MAX_BYTES:
            yield batch
            batch, size_bytes = {}, 0
        batch[position] = event
        size_bytes += event.size_bytes
    if batch:
        yield batch


def request(events: Iterable[Event], event_bus_name: str) -> bytes:
    """Return the body of the call that publishes ``events``."""
    entries = [
        _Entry(event_bus_name, SOURCE, event.detail_type, event.detail, _epoch_s(event.time))
        for event in events
    ]
    return _ENCODER.encode(_Request(entries))


def _epoch_s(time: datetime) -> float:
    seconds = time.timestamp()
    return int(seconds) if seconds.is_integer() else seconds


def failures(
    batch: Iterable[int], answer: bytes
) -> Iterator[tuple[int, PermanentError | TransientError]]:
    """Yield the events of the batch that the answer says have failed, and why.

    Raises ``ValueError`` for an answer that does not name each event.
    """
    for position, result in zip(batch, _DECODER.decode(answer).entries, strict=True):
        if result.error_code is not None:
            # Its message may quote the event.
            is_transient = result.error_code in _TRANSIENT_CODES
            kind = BusUnavailableError if is_transient else RefusedEventError
            yield position, kind(result.error_code)
