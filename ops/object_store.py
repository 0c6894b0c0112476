"""The objects of a region, opened with an operator's own credentials.

The processor's client knows a Lambda function's credentials only; an operator has profiles, roles
and single sign-on, which are the SDK's business.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import (
    ClientError,
    ConnectionError,  # noqa: A004  # botocore's own, not an OSError
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
)
from urllib3.exceptions import HTTPError

from services.aws_client.answer import Answer
from services.aws_client.errors import BrokenConnectionError, DamagedObjectError
from services.aws_client.service_error import ServiceError

_CHUNK_BYTES = 256 * 1024
_BROKEN = (ConnectionError, HTTPClientError, IncompleteReadError, HTTPError)


class SdkObject:
    """An open object, as the processor's code reads it.

    The SDK compares checksums itself, so it has none to go on with.
    """

    checksums = None

    def __init__(self, response: Mapping[str, Any], skipped_bytes: int) -> None:
        self.headers: Mapping[str, str] = response["ResponseMetadata"]["HTTPHeaders"]
        self._body = response["Body"]
        self._skipped_bytes = skipped_bytes

    def __iter__(self) -> Iterator[bytes]:
        left = self._skipped_bytes
        try:
            for chunk in self._body.iter_chunks(_CHUNK_BYTES):
                wanted = chunk[left:]
                left -= len(chunk) - len(wanted)
                if wanted:
                    yield wanted
        except FlexibleChecksumError as error:
            raise DamagedObjectError(str(error)) from error
        except _BROKEN as error:
            raise BrokenConnectionError(str(error)) from error

    def close(self) -> None:
        self._body.close()


class SdkObjects:
    """Opens objects with a client of the SDK."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def open(
        self,
        bucket: str,
        key: str,
        version_id: str | None,
        *,
        first_byte: int,
        etag: str | None,
        **_: object,
    ) -> SdkObject:
        """Open a version of an object, or the newest, from a byte on.

        Raises:
            ServiceError: S3 refuses.
            BrokenConnectionError: S3 cannot be reached.

        """
        request = {"Bucket": bucket, "Key": key}
        if version_id:
            request["VersionId"] = version_id
        if first_byte:
            request |= {"Range": f"bytes={first_byte}-", "IfMatch": str(etag)}
        try:
            response = self._client.get_object(**request)
        except ClientError as error:
            raise _refused(error) from error
        except _BROKEN as error:
            raise BrokenConnectionError(str(error)) from error
        # A server may ignore the range and send the whole object.
        is_rest = response.get("ContentRange", "").startswith(f"bytes {first_byte}-")
        return SdkObject(response, 0 if is_rest else first_byte)


def _refused(error: ClientError) -> ServiceError:
    refusal = error.response["Error"]
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return ServiceError(refusal["Code"], refusal.get("Message", ""), Answer(status, {}, b""))
