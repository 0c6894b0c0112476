from collections.abc import Callable
from typing import Protocol

from services.processor.runtime.deadline import Deadline
from services.processor.runtime.errors import PermanentError, TransientError
from services.processor.runtime.event import MalformedEventError, ObjectRef, read_event


class Context(Protocol):
    def get_remaining_time_in_millis(self) -> int: ...


Handler = Callable[[object, Context], None]


def make_handler(ingest: Callable[[ObjectRef, Deadline], None]) -> Handler:
    """Give the function Lambda calls.

    It attempts every object the event names and then raises the first failure, so that Lambda
    delivers the event again and in the end to the dead-letter queue; what is done by then is not
    done again.
    """

    def handle(event: object, context: Context) -> None:
        deadline = Deadline(context.get_remaining_time_in_millis)
        failures = [_attempt(ingest, named, deadline) for named in read_event(event)]
        for failure in failures:
            if failure is not None:
                raise failure

    return handle


def _attempt(
    ingest: Callable[[ObjectRef, Deadline], None],
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
