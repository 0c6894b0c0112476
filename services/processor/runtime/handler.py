"""The Lambda handler: ingests every object in an S3 event, then raises the first failure."""

from collections.abc import Callable
from typing import Protocol

from services.aws_client.leaving import without_contents
from services.processor.runtime.errors import MalformedEventError, PermanentError, TransientError
from services.processor.runtime.intake.event import ObjectRef, read_event
from services.processor.runtime.storage.deadline import Deadline


class Context(Protocol):
    """What the handler needs of Lambda's context object."""

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the invocation may still take."""


Handler = Callable[[object, Context], None]


def make_handler(ingest: Callable[[ObjectRef, Deadline], object]) -> Handler:
    """Return the function that Lambda calls with an event.

    It attempts every object that the event names and then raises the first failure, so that Lambda
    retries the event and finally sends it to the dead-letter queue. A retry repeats no finished
    work.
    """

    def handle(event: object, context: Context) -> None:
        deadline = Deadline(context.get_remaining_time_in_millis)
        failures = [_attempt(ingest, named, deadline) for named in read_event(event)]
        for failure in failures:
            if failure is not None:
                raise failure

    return without_contents(handle, (PermanentError, TransientError))


def _attempt(
    ingest: Callable[[ObjectRef, Deadline], object],
    named: ObjectRef | MalformedEventError,
    deadline: Deadline,
) -> PermanentError | TransientError | None:
    if isinstance(named, MalformedEventError):
        return named
    try:
        ingest(named, deadline)
    except (PermanentError, TransientError) as error:
        return error
    return None
