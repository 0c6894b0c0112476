"""Two families: what fails again with the same input, and what may work later."""

from __future__ import annotations

from typing import ClassVar


class PermanentError(Exception):
    """The same input will fail again: keep the reason, do not hope."""


class TransientError(Exception):
    """The same input may succeed later: let it be delivered again. ``code`` is stable."""

    code: ClassVar[str]


class RefusedError(TransientError):
    """A service will not do it, now or in a moment: a person has to change something first."""

    code = "REFUSED"


class RejectedRowError(PermanentError):
    """A row that can never become a record; ``code`` is stable, ``field`` a path in the row."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(f"{code} at {field or 'the row'}: {message}")
        self.code = code
        self.message = message
        self.field = field

    def inside(self, parent: str) -> RejectedRowError:
        """The same refusal, seen from the field or the list that holds its place."""
        if self.field is None:
            return RejectedRowError(self.code, self.message, parent)
        dot = "" if self.field.startswith("[") else "."
        return RejectedRowError(self.code, self.message, f"{parent}{dot}{self.field}")
