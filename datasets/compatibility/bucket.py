"""The newest objects of a real bucket, as files to compare contracts with; it is only read."""

import heapq
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import click
from botocore.exceptions import BotoCoreError, ClientError

from datasets.compatibility.corpus import File
from datasets.compatibility.process import DataError

# Of a larger object the beginning is read; its last row is cut off, for both sides alike.
LONGEST_BYTES = 8 * 1024 * 1024

BUCKET = click.option(
    "--bucket",
    help="Compare contracts with the newest objects of this bucket as well, which are only read. "
    "At most three rows of each kind of change are shown, with their data.",
)
LAST = click.option(
    "--last",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="How many objects of --bucket.",
)


@contextmanager
def newest(bucket: str | None, last: int) -> Iterator[Sequence[File]]:
    """Yield the ``last`` newest object versions as files that exist for so long; none for None.

    Raises:
        DataError: the bucket can't be listed, or an object can't be read.

    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield list(_read(bucket, last, Path(folder))) if bucket else []
        except (ClientError, BotoCoreError) as error:
            raise DataError(f"bucket {bucket}: {error}") from error


def _read(bucket: str, last: int, folder: Path) -> Iterator[File]:
    s3 = boto3.client("s3")
    for number, version in enumerate(_versions(s3, bucket, last)):
        key, version_id = version["Key"], version["VersionId"]
        path = folder / str(number)
        body = s3.get_object(Bucket=bucket, Key=key, VersionId=version_id)["Body"]
        path.write_bytes(body.read(LONGEST_BYTES))
        yield File(path=path, key=key)


def _versions(s3: Any, bucket: str, last: int) -> Sequence[Mapping[str, Any]]:
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
    listed = (version for page in pages for version in page.get("Versions", ()))
    return heapq.nlargest(last, listed, key=lambda each: (each["LastModified"], each["Key"]))
