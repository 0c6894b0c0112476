from services.processor.runtime.errors import PermanentError
from services.processor.runtime.excerpts import bounded


class UnreadableFileError(PermanentError):
    """The file cannot be read (any further); ``row`` is the row at which reading stopped.

    ``message`` is bounded, whatever of the file it quotes: it ends in logs and dead letters.
    """

    def __init__(self, code: str, message: str, row: int | None = None) -> None:
        self.code = code
        self.message = bounded(message)
        super().__init__(f"{code}: {self.message}")
        self.row = row
