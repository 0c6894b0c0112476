from local.errors import LocalCloudError


class RehearsalError(LocalCloudError):
    """The rehearsal can't tell what AWS would do here; nothing is guessed."""


class WaitingError(Exception):
    """An action waits for somebody who has not answered; its execution stays where it is."""


class ActionError(Exception):
    """An action failed as it would on AWS; the message says why, ``tail`` has its last output."""

    def __init__(self, message: str, *, tail: str = "") -> None:
        super().__init__(message)
        self.tail = tail
