"""The oracle: what must be stored of a file, whatever happens on the way, from the same bytes.

What a row's data must be is computed by the product's own code, which the cases of formats and
rejections check against literals. Identity, precedence and sums are computed here once more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zlib import crc32

from boto3.dynamodb.types import TypeDeserializer

import naming
from ops.items import Item
from services.processor.runtime.attributes import attributes_of
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.file_names import file_format
from services.processor.runtime.item import record_item
from services.processor.runtime.parsing import read_rows
from services.processor.runtime.source_file import SourceFile
from tests.e2e.site import ItemKey, Site, Upload, key_of
from tests.e2e.subscriber import Subscriber

# The fields with a record's key and its moment, for datasets that have them.
IDENTITIES = {"orders": ("orderId", "orderedAt"), "readings": ("sensor", "measuredAt")}
SHARDS = 16
ACCEPTED_SHARDS = 64
_DESERIALIZER = TypeDeserializer()


def expected_rows(upload: Upload, sequencer: str = "") -> dict[int, Item]:
    """Return the item of each row, by row, as if no other row had the same key."""
    contract = contract_for(upload.key)
    file = SourceFile(
        bucket=upload.bucket,
        key=upload.key,
        version=upload.version,
        timestamp=upload.timestamp,
        size_bytes=len(upload.content),
        dataset=contract.dataset,
        contract_version=contract.version,
        origin_region=upload.region,
    )
    known = file_format(upload.key)
    assert known
    rows = read_rows([upload.content], known, contract.form)
    built = [record_item(file, contract, row) for row in rows]
    items = {each.row: attributes_of(each.item) for each in built}
    return {row: item | _order(upload, item, row, sequencer) for row, item in items.items()}


def expected_ledger_entry(upload: Upload, rows: Mapping[int, Item], sequencer: str = "") -> Item:
    """Return the file's own item as it is once the file is completed."""
    rejected = [item for item in rows.values() if item["status"] == {"S": "REJECTED"}]
    contract = contract_for(upload.key)
    counts = {
        "rowsRead": len(rows),
        "rowsAccepted": len(rows) - len(rejected),
        "rowsRejected": len(rejected),
        "itemsWritten": len(rows),
        "sizeBytes": len(upload.content),
        "contractVersion": contract.version,
        "shard": _shard(upload.id),
    }
    texts = {
        "recordId": upload.id,
        "timestamp": upload.timestamp,
        "itemType": "FILE",
        "status": "COMPLETED",
        "dataset": contract.dataset,
        "originRegion": upload.region,
        "sequencer": sequencer,
    }
    source = {"bucket": upload.bucket, "key": upload.key, "version": upload.version}
    return {
        **{name: {"N": str(count)} for name, count in counts.items()},
        **{name: {"S": text} for name, text in texts.items()},
        "source": {"M": {name: {"S": text} for name, text in source.items()}},
        "rejections": {"M": _rejections(rejected)},
    }


def differences(upload: Upload, sites: Mapping[str, Site]) -> dict[str, dict[str, object]]:
    """Return, by region, every item that is missing, surplus, or not as in an undisturbed run.

    No other file may have brought a newer record of one of its keys.
    """
    [found] = differences_of([upload], sites)
    return found


def differences_of(
    uploads: Sequence[Upload], sites: Mapping[str, Site]
) -> list[dict[str, dict[str, object]]]:
    """Return :func:`differences` of each file, for which each table is searched once."""
    found = {name: site.items(uploads) for name, site in sites.items()}
    return [
        {name: _differences(expected, items[upload.id]) for name, items in found.items()}
        for upload in uploads
        for expected in [_expected_items(upload, sites)]
    ]


def unannounced(
    upload: Upload, sites: Mapping[str, Site], subscriber: Subscriber
) -> dict[str, object]:
    """Return where the announcements of a file differ from those that are due.

    Due is one announcement of each record and one of the completed file, all of them where the file
    was put, and none elsewhere. No other row or file may have a record of the same key.
    """
    due = {key: [plain(item)] for key, item in _expected_items(upload, sites).items()}
    heard: dict[ItemKey, list[Any]] = defaultdict(list)
    for event in subscriber.announcements(upload, upload.region).values():
        detail = event["detail"]
        if event["detail-type"] == "RecordChanged" or detail["status"] == "COMPLETED":
            heard[detail["recordId"], detail["timestamp"]].append(detail["item"])
    return {
        **_differences(due, heard),
        **subscriber.announcements(upload, naming.peer(upload.region)),
    }


def plain(item: Item) -> dict[str, Any]:
    """Return an item as plain values, its numbers exact."""
    return {name: _DESERIALIZER.deserialize(value) for name, value in item.items()}


def _expected_items(upload: Upload, sites: Mapping[str, Site]) -> dict[ItemKey, Item]:
    """Return every item that is due; of several rows with one key, the last one's."""
    sequencer = sites[upload.region].sequencer(upload)
    rows = expected_rows(upload, sequencer)
    entry = expected_ledger_entry(upload, rows, sequencer)
    return {key_of(item): item for item in (*rows.values(), entry)}


def _order(upload: Upload, item: Item, row: int, sequencer: str) -> Item:
    """Return what says which record a row is, and which of two of the same record is newer."""
    record_id, timestamp = _key(upload, item, row)
    version = int(item["contractVersion"]["N"])
    precedence = f"{upload.timestamp}/{sequencer}/{upload.version}/{version:09d}/{row:09d}"
    return {
        "recordId": {"S": record_id},
        "timestamp": {"S": timestamp},
        "shard": {"N": str(_shard(record_id, ACCEPTED_SHARDS if "data" in item else SHARDS))},
        "precedence": {"S": precedence},
    }


def _key(upload: Upload, item: Item, row: int) -> ItemKey:
    dataset = item["dataset"]["S"]
    if "data" not in item or dataset not in IDENTITIES:
        return upload.record_id(row), upload.timestamp
    key, moment = (item["data"]["M"][name]["S"] for name in IDENTITIES[dataset])
    return f"{dataset}:{key}", moment


def _rejections(rejected: Iterable[Item]) -> Item:
    """Return by code how many rows were rejected with it, and what is known of the first."""
    examples: Item = {}
    rows: dict[str, int] = defaultdict(int)
    for item in rejected:
        error = item["error"]["M"]
        code = error["code"]["S"]
        rows[code] += 1
        shown = {name: error[name] for name in ("line", "message", "field") if name in error}
        examples.setdefault(code, {"row": item["source"]["M"]["row"], **shown})
    return {
        code: {"M": {"rows": {"N": str(rows[code])}, **first}} for code, first in examples.items()
    }


def _shard(item_id: str, shards: int = SHARDS) -> int:
    return crc32(item_id.encode()) % shards


def _differences(expected: Mapping[Any, object], got: Mapping[Any, object]) -> dict[str, object]:
    return {
        str(key): {"expected": expected.get(key), "got": got.get(key)}
        for key in expected.keys() | got.keys()
        if expected.get(key) != got.get(key)
    }
