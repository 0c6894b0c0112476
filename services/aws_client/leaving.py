"""What may leave a function: Lambda logs an error's message, and puts it beside a dead letter."""

from collections.abc import Callable
from typing import TypeVar

Event = TypeVar("Event")
Context = TypeVar("Context")
Answer = TypeVar("Answer")


class UnexpectedError(Exception):
    """An error that nothing foresees; of its message, which may quote a file, there is nothing."""


def without_contents(
    handle: Callable[[Event, Context], Answer], foreseen: tuple[type[Exception], ...]
) -> Callable[[Event, Context], Answer]:
    """Return a function that raises ``foreseen`` errors as they are, and of others only the type.

    Where an error comes from is still known: the traceback has lines of the source and no values.
    """

    def handle_safely(event: Event, context: Context) -> Answer:
        try:
            return handle(event, context)
        except foreseen:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, its message may quote a file
            told = UnexpectedError(type(error).__name__)
            raise told.with_traceback(error.__traceback__) from None

    return handle_safely
