from local.errors import LocalCloudError


class RehearsalError(LocalCloudError):
    """The rehearsal does not know what AWS would do here, and does not guess."""


class WaitingError(Exception):
    """An action is waiting for an answer; its execution stays in its stage."""


class ActionError(Exception):
    """An action failed as it would on AWS: the message says why, ``tail`` is its last output."""

    def __init__(self, message: str, *, tail: str = "") -> None:
        super().__init__(message)
        self.tail = tail
