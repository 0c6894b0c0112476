from collections.abc import Iterator, Mapping

from services.stream_consumer.runtime.event import MAX_BYTES, Event

MAX_ENTRIES = 10


def batches(events: Mapping[int, Event]) -> Iterator[dict[int, Event]]:
    """Cut ``events`` in order into what one PutEvents takes: ten entries, less than 256 KiB."""
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
