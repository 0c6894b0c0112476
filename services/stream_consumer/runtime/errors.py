"""Every error of the service, in two families: permanent and transient."""


class PermanentError(Exception):
    """The same input will fail again: isolate it, do not retry."""


class TransientError(Exception):
    """The same input may succeed later: retry it."""


class MalformedRecordError(PermanentError):
    """A stream record is not a change as DynamoDB writes it."""


class UnknownItemError(PermanentError):
    """A change concerns an item that the processor did not store: neither a record nor a file."""


class OversizedEventError(PermanentError):
    """An event exceeds the size limit even when it only refers to its item."""


class RefusedEventError(PermanentError):
    """EventBridge will never accept this event."""


class BusUnavailableError(TransientError):
    """EventBridge did not accept the event: throttled, failing or out of reach."""


class OutOfTimeError(TransientError):
    """The invocation would be stopped before the event was sent."""
