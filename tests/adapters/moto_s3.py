"""The product's client of S3, answered by moto."""

from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from services.aws_client.answer import Answer
from services.aws_client.checksums import Checksums
from services.aws_client.errors import BrokenConnectionError, DamagedObjectError
from services.aws_client.service_error import ServiceError, from_xml

CHUNK_BYTES = 256 * 1024


def refusal(code: str, status: int) -> ServiceError:
    xml = f"<Error><Code>{code}</Code><Message>no reason</Message></Error>"
    return from_xml(Answer(status, {}, xml.encode()))


class Reading:
    """An open object whose connection breaks after some bytes, or that is damaged at its end."""

    def __init__(
        self,
        content: bytes,
        headers: Mapping[str, str],
        *,
        lasts_bytes: int | None = None,
        is_damaged: bool = False,
    ) -> None:
        self.headers = headers
        self.checksums: Checksums | None = None
        self.is_closed = False
        self._content = content
        self._lasts_bytes = lasts_bytes
        self._is_damaged = is_damaged

    def __iter__(self) -> Iterator[bytes]:
        sent = self._content[: self._lasts_bytes]
        for start in range(0, len(sent), CHUNK_BYTES):
            yield sent[start : start + CHUNK_BYTES]
        if len(sent) < len(self._content):
            raise BrokenConnectionError("reset by peer")
        if self._is_damaged:
            raise DamagedObjectError("expected checksum a, not b")

    def close(self) -> None:
        self.is_closed = True


class MotoS3:
    """Opens objects of moto; each connection breaks after its number of bytes."""

    def __init__(self, client: BaseClient, *lasts_bytes: int) -> None:
        self._client = client
        self._lasts_bytes: Iterator[int | None] = iter((*lasts_bytes[:-1], *lasts_bytes[-1:] * 99))
        if not lasts_bytes:
            self._lasts_bytes = repeat(None)
        self.asked: list[dict[str, Any]] = []

    def open(
        self,
        bucket: str,
        key: str,
        version_id: str | None,
        *,
        first_byte: int,
        etag: str | None,
        **_: object,
    ) -> Reading:
        request: dict[str, Any] = {"Bucket": bucket, "Key": key}
        if version_id:
            request["VersionId"] = version_id
        if first_byte:
            request |= {"Range": f"bytes={first_byte}-", "IfMatch": etag}
        self.asked.append(request)
        try:
            response = self._client.get_object(**request)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            raise refusal(error.response["Error"]["Code"], status) from error
        headers = response["ResponseMetadata"]["HTTPHeaders"]
        return Reading(response["Body"].read(), headers, lasts_bytes=next(self._lasts_bytes))
