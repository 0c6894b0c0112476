from collections.abc import Callable
from typing import Protocol

from services.processor.runtime.deadline import Deadline
from services.processor.runtime.errors import PermanentError, TransientError
from services.processor.runtime.event import ObjectRef, read_event


class Context(Protocol):
    def get_remaining_time_in_millis(self) -> int: ...


Handler = Callable[[object, Context], None]


def make_handler(ingest: Callable[[ObjectRef, Deadline], None]) -> Handler:
    """Give the function Lambda calls.

    It attempts every object of the event and then raises the first failure, so that Lambda delivers
    the event again and in the end to the dead-letter queue; what is done by then is not done again.
    """

    def handle(event: object, context: Context) -> None:
        deadline = Deadline(context.get_remaining_time_in_millis)
        failures = [_attempt(ingest, ref, deadline) for ref in read_event(event)]
        for failure in failures:
            if failure is not None:
                raise failure

    return handle


def _attempt(
    ingest: Callable[[ObjectRef, Deadline], None], ref: ObjectRef, deadline: Deadline
) -> PermanentError | TransientError | None:
    try:
        ingest(ref, deadline)
    except (PermanentError, TransientError) as error:
        return error
    return None
