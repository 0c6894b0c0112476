"""An execution's artifacts: archives in the pipeline's buckets, copied to where they are used."""

import itertools
import stat
import uuid
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from local.rehearsal.pipeline_definition import Pipeline
from local.rehearsal.principal import Principal

NAME_LENGTH = 20
# Where an archive has the mode of a file, beside what other systems know of it.
MODE_SHIFT = 16
# The fastest.
COMPRESSION = 1


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

    def place(self, name: str) -> Mapping[str, str]:
        """Return the ``bucket`` and the ``key`` of the artifact ``name``, where it was saved."""
        return {"bucket": self._pipeline.buckets[self._regions[name]], "key": self._keys[name]}

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
    with ZipFile(content, "w") as archive:
        for path in sorted(folder.rglob("*")):
            mode = path.lstat().st_mode
            entry = ZipInfo(f"{path.relative_to(folder)}{'/' if stat.S_ISDIR(mode) else ''}")
            entry.external_attr = mode << MODE_SHIFT
            archive.writestr(entry, _content(path, mode), ZIP_DEFLATED, COMPRESSION)
    return content.getvalue()


def unpack(content: bytes, folder: Path) -> None:
    """Extract what ``pack`` returned to ``folder``, every file dated now.

    Make would take the files of an older commit for unchanged ones if they had their own dates.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ZipFile(BytesIO(content)) as archive:
        for entry in archive.infolist():
            mode = entry.external_attr >> MODE_SHIFT
            if stat.S_ISLNK(mode):
                (folder / entry.filename).symlink_to(archive.read(entry).decode())
            else:
                Path(archive.extract(entry, folder)).chmod(stat.S_IMODE(mode))


def _content(path: Path, mode: int) -> bytes:
    if stat.S_ISLNK(mode):
        return bytes(path.readlink())
    return b"" if stat.S_ISDIR(mode) else path.read_bytes()
