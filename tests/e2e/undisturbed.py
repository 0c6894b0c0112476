"""What must be stored of a file whatever happens on the way: made here, from the same bytes."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from services.processor.runtime.contracts import contract_for
from services.processor.runtime.item import record_item
from services.processor.runtime.keys import shard
from services.processor.runtime.parsing import read_rows
from services.processor.runtime.source_file import SourceFile
from tests.e2e.hearing import Hearing
from tests.e2e.site import EAST, WEST, Item, Site, Upload

_DESERIALIZER = TypeDeserializer()


def records_of(upload: Upload) -> dict[str, Item]:
    """Every record's item, by record id."""
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
    rows = read_rows([upload.content], "." + upload.key.rpartition(".")[2])
    built = [record_item(file, contract, row) for row in rows]
    return {upload.record_id(record.row): record.item for record in built}


def account_of(upload: Upload, records: Mapping[str, Item]) -> Item:
    """The file's own item once it is completed."""
    accepted = sum(item["status"] == {"S": "ACCEPTED"} for item in records.values())
    contract = contract_for(upload.key)
    counts = {
        "rowsRead": len(records),
        "rowsAccepted": accepted,
        "rowsRejected": len(records) - accepted,
        "itemsWritten": len(records),
        "sizeBytes": len(upload.content),
        "contractVersion": contract.version,
        "shard": shard(upload.file_id),
    }
    texts = {
        "recordId": upload.file_id,
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
    """By region, every item that is missing, too many, or other than in an undisturbed run."""
    records = records_of(upload)
    expected = {**records, upload.file_id: account_of(upload, records)}
    return {
        name: _differences(expected, site.items([upload])[upload.file_id])
        for name, site in sites.items()
    }


def unannounced(upload: Upload, hearing: Hearing) -> dict[str, object]:
    """Where what is heard of a file differs from what is due.

    Due is one announcement of each record and one of the completed file, all of them where the file
    was put, and none elsewhere.
    """
    records = records_of(upload)
    due = {record_id: [plain(item)] for record_id, item in records.items()}
    due[upload.file_id] = [plain(account_of(upload, records))]
    heard: dict[str, list[Any]] = defaultdict(list)
    for event in hearing.of(upload, upload.region).values():
        detail = event["detail"]
        if event["detail-type"] == "RecordChanged" or detail["status"] == "COMPLETED":
            heard[detail["recordId"]].append(detail["item"])
    elsewhere = EAST if upload.region == WEST else WEST
    return {**_differences(due, heard), **hearing.of(upload, elsewhere)}


def plain(item: Item) -> dict[str, Any]:
    """An item as plain values, its numbers exact."""
    return {name: _DESERIALIZER.deserialize(value) for name, value in item.items()}


def _differences(expected: Mapping[str, object], got: Mapping[str, object]) -> dict[str, object]:
    return {
        key: {"expected": expected.get(key), "got": got.get(key)}
        for key in expected.keys() | got.keys()
        if expected.get(key) != got.get(key)
    }
