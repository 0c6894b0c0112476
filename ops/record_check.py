"""How many of a file's records are current, and which files replaced the others.

The file is read with the processor's record code, which gives the id and the content of each row,
and the stored items are read a hundred at a time. Memory does not grow with the file.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from ops import items, object_versions
from ops.file_history import FileHistory
from ops.items import Item
from ops.object_versions import ListedVersion
from ops.region import Region
from services.processor.runtime.attributes import attributes_of
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.item import record_item
from services.processor.runtime.source_file import SourceFile

_AT_ONCE = 100


@dataclass(kw_only=True)
class RecordCheck:
    """``records`` are the accepted rows; ``replaced_by`` counts them by the place of the newer one.

    ``missing`` are stored neither as this file has them nor as a newer one has: forgotten, or not
    processed yet. ``note`` says what makes the counts uncertain.
    """

    records: int = 0
    current: int = 0
    missing: int = 0
    replaced_by: Counter[str] = field(default_factory=Counter)
    note: str = ""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return the counts as plain values."""
        return {**vars(self), "replaced_by": dict(self.replaced_by)}


def check_records(region: Region, file: FileHistory) -> RecordCheck | None:
    """Compare a file with the table; ``None`` if it is not in S3 or was not processed."""
    if file.version is None or not file.entry:
        return None
    check = RecordCheck(note=_note(file.version, file.entry))
    try:
        built = accepted(region, file.version, file.entry)
        while some := list(islice(built, _AT_ONCE)):
            _compare(region, some, check)
    except UnreadableFileError as error:
        check.note = f"read up to there: {error.code}: {error.message}"
    return check


def source_file(version: ListedVersion, entry: Item) -> SourceFile:
    """Return the file as the processor describes it in its items."""
    contract = contract_for(version.key)
    return SourceFile(
        bucket=version.bucket,
        key=version.key,
        version=version.version,
        timestamp=version.timestamp,
        size_bytes=version.size_bytes,
        dataset=contract.dataset,
        contract_version=contract.version,
        origin_region=version.region,
        sequencer=entry.get("sequencer", {"S": ""})["S"],
    )


def accepted(region: Region, version: ListedVersion, entry: Item) -> Iterator[Item]:
    """Yield the item of every row that the contract accepts, as the processor builds it."""
    file, contract = source_file(version, entry), contract_for(version.key)
    for row in object_versions.rows(region, version):
        built = record_item(file, contract, row)
        if built.rejection is None:
            yield attributes_of(built.item)


def _compare(region: Region, built: list[Item], check: RecordCheck) -> None:
    wanted = [items.key_of(item) for item in built]
    stored = {items.key_of(item): item for item in items.read_many(region, wanted)}
    for key, item in zip(wanted, built, strict=True):
        check.records += 1
        found = stored.get(key, {})
        if found.get("source") == item["source"]:
            check.current += 1
        elif found.get("precedence", {"S": ""})["S"] > item["precedence"]["S"]:
            check.replaced_by[place(found)] += 1
        else:
            check.missing += 1


def place(item: Item) -> str:
    """Return where an item came from: ``bucket/key version v``."""
    source = item["source"]["M"]
    return f"{source['bucket']['S']}/{source['key']['S']} version {source['version']['S']}"


def _note(version: ListedVersion, entry: Item) -> str:
    here, there = contract_for(version.key).version, int(entry["contractVersion"]["N"])
    if here == there:
        return ""
    return f"processed with version {there} of the contract, counted here with version {here}"
