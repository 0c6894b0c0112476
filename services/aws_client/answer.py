"""An answer as it came."""


class Answer:
    """A complete HTTP answer; header names are spelt as the server spells them."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: dict[bytes, bytes], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    def header(self, name: str) -> str | None:
        """Return the value of the header with the lower-case ``name``, however it is spelt."""
        encoded = name.encode()
        value = self.headers.get(encoded)
        if value is None:
            for other, value in self.headers.items():
                if other.lower() == encoded:
                    return value.decode("latin-1")
            return None
        return value.decode("latin-1")
