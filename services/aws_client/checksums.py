"""The checksums S3 has of an object, held against the bytes that arrive."""

import base64
import hashlib
import re
import zlib
from collections.abc import Callable, Mapping

from services.aws_client.errors import DamagedObjectError

_MD5 = re.compile(r'"?([0-9a-f]{32})"?')
_ENCRYPTION = "x-amz-server-side-encryption"


class _Crc:
    """A CRC with the interface of ``hashlib``."""

    def __init__(self, calculate: Callable[[bytes, int], int], size_bytes: int) -> None:
        self._calculate = calculate
        self._size_bytes = size_bytes
        self._value = 0

    def update(self, data: bytes) -> None:
        self._value = self._calculate(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(self._size_bytes, "big")


def _catalogued(name: str) -> Callable[[bytes, int], int]:
    # Imported for an object that has such a checksum only: not every function's bundle has it.
    from anycrc import Model  # noqa: PLC0415

    calculate: Callable[[bytes, int], int] = Model(name).calc
    return calculate


_ALGORITHMS: dict[str, Callable[[], "_Crc | hashlib._Hash"]] = {
    "crc32": lambda: _Crc(zlib.crc32, 4),
    "crc32c": lambda: _Crc(_catalogued("CRC32C"), 4),
    "crc64nvme": lambda: _Crc(_catalogued("CRC64-NVME"), 8),
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha256": hashlib.sha256,
}


class Checksums:
    """All that the headers of a whole object's answer give; ``names`` says which.

    A checksum of a multipart upload's checksums ends in ``-`` and their number and can't be checked
    without knowing the parts. The ETag is the MD5 of the content unless a key of KMS or of the
    caller encrypts the object, and is looked at only if there is nothing else.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._checks: dict[str, tuple[_Crc | hashlib._Hash, bytes]] = {}
        for name, begin in _ALGORITHMS.items():
            value = headers.get(f"x-amz-checksum-{name}", "")
            if value and "-" not in value:
                self._checks[name] = (begin(), value.encode())
        etag = _MD5.fullmatch(headers.get("etag", ""))
        if etag and not self._checks and _is_md5(headers):
            expected = base64.b64encode(bytes.fromhex(etag[1]))
            self._checks["md5"] = (hashlib.md5(usedforsecurity=False), expected)
        self.names = tuple(self._checks)

    def update(self, data: bytes) -> None:
        """Take the next bytes of the object."""
        for running, _ in self._checks.values():
            running.update(data)

    def verify(self) -> None:
        """Raise ``DamagedObjectError`` unless the bytes are those that S3 has checksums of."""
        for name, (running, expected) in self._checks.items():
            found = base64.b64encode(running.digest())
            if found != expected:
                problem = f"its {name} is {found.decode()}, not {expected.decode()}"
                raise DamagedObjectError(f"the object arrived damaged: {problem}")


def _is_md5(headers: Mapping[str, str]) -> bool:
    encryption = headers.get(_ENCRYPTION, "AES256")
    return encryption == "AES256" and f"{_ENCRYPTION}-customer-algorithm" not in headers
