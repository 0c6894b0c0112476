from services.processor.runtime.errors import PermanentError


class UnreadableFileError(PermanentError):
    """The file cannot be read (any further); ``row`` is the row at which reading stopped."""

    def __init__(self, code: str, message: str, row: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.row = row
