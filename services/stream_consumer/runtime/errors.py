"""Two families: what fails again with the same input, and what may work later."""


class PermanentError(Exception):
    """The same input will fail again: isolate it, do not hope."""


class TransientError(Exception):
    """The same input may succeed later: try it again."""


class MalformedRecordError(PermanentError):
    """A stream record that is not a change as DynamoDB writes it."""


class UnknownItemError(PermanentError):
    """A change of an item that is neither a record nor a file as the processor stores them."""


class OversizedEventError(PermanentError):
    """A change that even by reference is more than the bus takes."""


class RefusedEventError(PermanentError):
    """The bus will never take this event."""


class BusUnavailableError(TransientError):
    """The bus did not take the event: throttled, failing or out of reach."""


class OutOfTimeError(TransientError):
    """The invocation ends before the event could be sent."""
