"""Handing changes to the stream consumer, as its event source mapping does.

The consumer publishes every change that it can and names the first one that it could not. What
comes after that one may be published again; its event keeps its id.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ops.dead_letters import error_message
from ops.redriving.invocation import NotNowError, invoked
from ops.redriving.stream_reader import Change, GoneError
from ops.region import Region
from services.stream_consumer.runtime.change import parse_change
from services.stream_consumer.runtime.errors import PermanentError
from services.stream_consumer.runtime.event import announcements

MOST_CHANGES = 100  # of one invocation, as in the mapping
MOST_BYTES = 5_000_000  # below the six megabytes that an invocation may have
# One after the other: then it is the bus that is out of reach, and not the changes.
_MOST_REFUSED = 3


class ConsumerError(Exception):
    """The consumer has published nothing that it could tell; the message is its own."""


@dataclass
class Announcement:
    """How many changes were published, and how many could not be, with the first one's place.

    Of ``unreadable`` ones no event can ever be made; ``refused`` ones may be taken another time.
    ``error`` is what ended it early, if anything did.
    """

    published: int = 0
    unreadable: int = 0
    refused: int = 0
    first: str = ""
    error: str = ""


def announce(region: Region, changes: Iterable[Change], pace: Callable[[], object]) -> Announcement:
    """Publish every change, in batches; one that cannot be read does not hold up the others."""
    done = Announcement()
    for batch in _batches(changes):
        unreadable = {change.at for change in batch if _is_unreadable(change)}
        done.unreadable += len(unreadable)
        done.first = done.first or min(unreadable, default="")
        _publish(region, [each for each in batch if each.at not in unreadable], pace, done)
        if done.error:
            break
    return done


def _publish(
    region: Region, left: Sequence[Change], pace: Callable[[], object], done: Announcement
) -> None:
    """Publish a batch, each time from the change that failed on, and without it if it fails first.

    Ends early with an error if several fail one after the other, or the consumer as a whole.
    """
    in_a_row = 0
    while left:
        pace()
        try:
            failed = _first_failed(region, left)
        except (ConsumerError, NotNowError) as error:
            done.error = str(error)
            return
        done.published += failed
        left = left[failed:]
        in_a_row = 0 if failed else in_a_row + 1
        if in_a_row == _MOST_REFUSED:
            done.error = (
                f"the event bus takes none of several changes; see {region.stream_consumer}"
            )
            return
        if left and not failed:
            done.refused += 1
            done.first = done.first or left[0].at
            left = left[1:]


def _first_failed(region: Region, batch: Sequence[Change]) -> int:
    """Invoke the consumer; return the position of the first change that failed, or their number."""
    body = b'{"Records":[' + b",".join(change.json for change in batch) + b"]}"
    functions = region.client("lambda")
    answer = invoked(lambda: functions.invoke(FunctionName=region.stream_consumer, Payload=body))
    said = answer["Payload"].read()
    if "FunctionError" in answer:
        raise ConsumerError(error_message(said))
    try:
        failed = [each["itemIdentifier"] for each in json.loads(said)["batchItemFailures"]]
        return [change.at for change in batch].index(failed[0]) if failed else len(batch)
    except (ValueError, LookupError, TypeError) as error:
        raise ConsumerError(f"the consumer answers {said[:200]!r}") from error


def _is_unreadable(change: Change) -> bool:
    """Return whether the consumer can never make an event of the change, whatever the bus does."""
    try:
        announcements(parse_change(change.record), Decimal(1))
    except PermanentError:
        return True
    return False


def _batches(changes: Iterable[Change]) -> Iterator[list[Change]]:
    batch: list[Change] = []
    size_bytes = 0
    try:
        for change in changes:
            if len(batch) == MOST_CHANGES or size_bytes + len(change.json) > MOST_BYTES:
                yield batch
                batch, size_bytes = [], 0
            batch.append(change)
            size_bytes += len(change.json) + 1
    except GoneError:  # what the stream has had until then it may be the only one to have
        if batch:
            yield batch
        raise
    if batch:
        yield batch
