"""The oracle: what must be stored of a file, whatever happens on the way, from the same bytes."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

import naming
from ops.items import Item
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.file_names import file_format
from services.processor.runtime.item import record_item
from services.processor.runtime.keys import shard
from services.processor.runtime.parsing import read_rows
from services.processor.runtime.source_file import SourceFile
from tests.e2e.site import Site, Upload
from tests.e2e.subscriber import Subscriber

_DESERIALIZER = TypeDeserializer()


def expected_records(upload: Upload) -> dict[str, Item]:
    """Return every record's item, by record id."""
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
    return {upload.record_id(record.row): record.item for record in built}


def expected_ledger_entry(upload: Upload, records: Mapping[str, Item]) -> Item:
    """Return the file's own item as it is once the file is completed."""
    accepted = sum(item["status"] == {"S": "ACCEPTED"} for item in records.values())
    contract = contract_for(upload.key)
    counts = {
        "rowsRead": len(records),
        "rowsAccepted": accepted,
        "rowsRejected": len(records) - accepted,
        "itemsWritten": len(records),
        "sizeBytes": len(upload.content),
        "contractVersion": contract.version,
        "shard": shard(upload.id),
    }
    texts = {
        "recordId": upload.id,
        "timestamp": upload.timestamp,
        "itemType": "FILE",
        "status": "COMPLETED",
        "dataset": contract.dataset,
        "originRegion": upload.region,
    }
    source = {"bucket": upload.bucket, "key": upload.key, "version": upload.version}
    return {
        **{name: {"N": str(count)} for name, count in counts.items()},
        **{name: {"S": text} for name, text in texts.items()},
        "source": {"M": {name: {"S": text} for name, text in source.items()}},
    }


def differences(upload: Upload, sites: Mapping[str, Site]) -> dict[str, dict[str, object]]:
    """Return, by region, every item that is missing, surplus, or not as in an undisturbed run."""
    records = expected_records(upload)
    expected = {**records, upload.id: expected_ledger_entry(upload, records)}
    return {
        name: _differences(expected, site.items([upload])[upload.id])
        for name, site in sites.items()
    }


def unannounced(upload: Upload, subscriber: Subscriber) -> dict[str, object]:
    """Return where the announcements of a file differ from those that are due.

    Due is one announcement of each record and one of the completed file, all of them where the file
    was put, and none elsewhere.
    """
    records = expected_records(upload)
    due = {record_id: [plain(item)] for record_id, item in records.items()}
    due[upload.id] = [plain(expected_ledger_entry(upload, records))]
    heard: dict[str, list[Any]] = defaultdict(list)
    for event in subscriber.announcements(upload, upload.region).values():
        detail = event["detail"]
        if event["detail-type"] == "RecordChanged" or detail["status"] == "COMPLETED":
            heard[detail["recordId"]].append(detail["item"])
    return {
        **_differences(due, heard),
        **subscriber.announcements(upload, naming.peer(upload.region)),
    }


def plain(item: Item) -> dict[str, Any]:
    """Return an item as plain values, its numbers exact."""
    return {name: _DESERIALIZER.deserialize(value) for name, value in item.items()}


def _differences(expected: Mapping[str, object], got: Mapping[str, object]) -> dict[str, object]:
    return {
        key: {"expected": expected.get(key), "got": got.get(key)}
        for key in expected.keys() | got.keys()
        if expected.get(key) != got.get(key)
    }
