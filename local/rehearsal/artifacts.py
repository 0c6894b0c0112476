"""An execution's artifacts: archives in the pipeline's buckets, copied to where they are used."""

import itertools
import tarfile
import time
import uuid
from io import BytesIO
from pathlib import Path

from local.rehearsal.pipeline_definition import Pipeline
from local.rehearsal.principal import Principal

NAME_LENGTH = 20


class Artifacts:
    """What the actions of one execution have produced; ``owner`` is the pipeline's role."""

    def __init__(self, pipeline: Pipeline, owner: Principal) -> None:
        self._pipeline = pipeline
        self._owner = owner
        self._keys: dict[str, str] = {}
        self._regions: dict[str, str] = {}
        self._numbers = itertools.count()

    def save(self, name: str, folder: Path, *, by: Principal, region: str) -> None:
        """Store ``folder`` as the artifact ``name`` in the bucket of ``region``."""
        key = self._key(name)
        bucket = self._pipeline.buckets[region]
        by.client("s3", region).put_object(Bucket=bucket, Key=key, Body=pack(folder))
        self._keys[name], self._regions[name] = key, region

    def open(self, name: str, folder: Path, *, by: Principal, region: str) -> None:
        """Unpack the artifact ``name`` to ``folder``; ``by`` reads it in ``region``."""
        self._copy(name, region)
        bucket = self._pipeline.buckets[region]
        answer = by.client("s3", region).get_object(Bucket=bucket, Key=self._keys[name])
        unpack(answer["Body"].read(), folder)

    def publish(self, name: str, file: Path, *, region: str) -> str:
        """Store a single ``file`` of the artifact ``name`` and return its URL."""
        bucket, key = self._pipeline.buckets[region], f"{self._key(name)}/{file.name}"
        s3 = self._owner.client("s3", region)
        s3.put_object(Bucket=bucket, Key=key, Body=file.read_bytes())
        return f"https://s3.{region}.amazonaws.com/{bucket}/{key}"

    def _copy(self, name: str, region: str) -> None:
        """Copy an artifact to the region that needs it, with the pipeline's role as on AWS."""
        origin = self._regions[name]
        if origin == region:
            return
        key = self._keys[name]
        source = self._owner.client("s3", origin).get_object(
            Bucket=self._pipeline.buckets[origin], Key=key
        )
        self._owner.client("s3", region).put_object(
            Bucket=self._pipeline.buckets[region], Key=key, Body=source["Body"].read()
        )

    def _key(self, name: str) -> str:
        unique = f"{next(self._numbers):02d}-{uuid.uuid4().hex[:8]}"
        return f"{self._pipeline.name[:NAME_LENGTH]}/{name[:NAME_LENGTH]}/{unique}"


def pack(folder: Path) -> bytes:
    """Return ``folder`` as one archive, with modes and symbolic links."""
    content = BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz", compresslevel=1) as archive:
        archive.add(folder, arcname=".")
    return content.getvalue()


def unpack(content: bytes, folder: Path) -> None:
    """Extract what ``pack`` returned, every file dated now."""
    with tarfile.open(fileobj=BytesIO(content)) as archive:
        archive.extractall(folder, filter=_as_new)  # noqa: S202  # nothing leaves the folder


def _as_new(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo:
    """Date a file now, or make would take the files of an older commit for unchanged ones.

    Raises ``tarfile.OutsideDestinationError`` for a name that leads out of the folder.
    """
    return tarfile.tar_filter(member, folder).replace(mtime=time.time())
