"""The files that a letter names, as the ledger has them.

A file may have two entries: one under its own time and, if S3 once denied the object, one under the
time of its event. The one that is further is the one that counts.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from ops import items
from ops.items import Item
from ops.progress import printable
from ops.redriving.causes import Cause, shape
from ops.region import Region
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.errors import MalformedEventError
from services.processor.runtime.intake.event import ObjectRef
from services.processor.runtime.keys import file_id, version_name

DONE = ("COMPLETED", "IGNORED")
FAILED = "FAILED"
NO_ENTRY, NO_EVENT = "NO_LEDGER_ENTRY", "NO_S3_EVENT"
_FURTHER = ("FAILED", "PROCESSING", "SUSPENDED", "IGNORED", "COMPLETED")
# Their entries may be under the event's time, because S3 did not say the object's.
_UNSEEN = ("OBJECT_REFUSED", "OBJECT_MISSING")

Named = Sequence[ObjectRef | MalformedEventError]


@dataclass(frozen=True, kw_only=True)
class NamedFile:
    """A file that a letter names; ``entry`` is its ledger entry, empty if there is none."""

    ref: ObjectRef
    entry: Item

    @property
    def facts(self) -> dict[str, Any]:
        """Return the ledger entry as plain values."""
        return items.plain(self.entry)

    @property
    def status(self) -> str:
        """Return the file's status, empty if there is no entry."""
        return str(self.facts.get("status", ""))

    @property
    def is_done(self) -> bool:
        """Return whether nothing is left to do for this file."""
        return self.status in DONE

    @property
    def progress(self) -> Item:
        """Return all of the entry that changes only if a run gets further."""
        return {name: value for name, value in self.entry.items() if name != "failure"}

    def cause(self, otherwise: str) -> Cause:
        """Return why it is not done; without an entry, the message is ``otherwise``."""
        dataset = contract_for(self.ref.key).dataset
        if not self.entry:
            return Cause(NO_ENTRY, dataset, shape(otherwise))
        failure = self.facts.get("failure", {})
        code, message = str(failure.get("code", self.status)), str(failure.get("message", ""))
        return Cause(code, dataset, shape(message))


def look(region: Region, named: Named) -> list[NamedFile]:
    """Return the files that an event names, as consistent reads of the ledger have them now."""
    refs = [each for each in named if isinstance(each, ObjectRef)]
    return [NamedFile(ref=ref, entry=_entry(region, ref)) for ref in refs]


def cause_of(named: Named, files: Sequence[NamedFile], otherwise: str) -> Cause:
    """Return why a letter is there: what is wrong with the first file that is not done."""
    for file in files:
        if not file.is_done:
            return file.cause(otherwise)
    for each in named:
        if isinstance(each, MalformedEventError):
            return Cause(NO_EVENT, "", shape(str(each)))
    if not files:
        return Cause(NO_EVENT, "", "the event names no file")
    return Cause(files[0].status, contract_for(files[0].ref.key).dataset)


def example_of(named: Named) -> str:
    """Return the first file that an event names, as S3 calls it; empty if it names none."""
    refs = (f"s3://{each.bucket}/{each.key}" for each in named if isinstance(each, ObjectRef))
    return printable(next(refs, ""))


def _entry(region: Region, ref: ObjectRef) -> Item:
    entries = [each for id_ in _ids(region, ref) for each in items.with_id(region, id_)]
    return max(entries, key=_distance, default={})


def _distance(entry: Item) -> tuple[int, bool]:
    status = entry["status"]["S"]
    code = entry.get("failure", {"M": {}})["M"].get("code", {}).get("S", "")
    return _FURTHER.index(status) if status in _FURTHER else -1, code not in _UNSEEN


def _ids(region: Region, ref: ObjectRef) -> Iterator[str]:
    """Yield the ids that the file may have: an event without a version means the newest one."""
    yield ref.file_id
    if ref.version_id is None:
        with suppress(ClientError):  # gone or denied: then it is known by its event
            head = region.client("s3").head_object(Bucket=ref.bucket, Key=ref.key)
            yield file_id(ref.bucket, ref.key, version_name(head.get("VersionId"), head["ETag"]))
