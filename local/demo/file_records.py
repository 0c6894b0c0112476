"""The records that a file must lead to, made from the bytes that were sent by the record code."""

import json
from collections.abc import Generator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

from local.demo.delivery import Delivery
from local.demo.table_census import Address, Census, Record
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_names import file_format
from services.processor.runtime.item import RecordItem, record_item
from services.processor.runtime.parsing import read_rows
from services.processor.runtime.source_file import SourceFile

BLOCK_BYTES = 1 << 20


def records(delivery: Delivery, sequencer: str = "") -> Generator[RecordItem]:
    """Yield the item of each row that can be read, as the processor stores it.

    Only with the file's ``sequencer``, which S3 tells the processor, is the precedence the same.
    """
    stored, known = delivery.stored, file_format(delivery.stored.key)
    if known is None:
        return
    contract = contract_for(stored.key)
    source = SourceFile(
        bucket=stored.bucket,
        key=stored.key,
        version=stored.version,
        timestamp=stored.timestamp,
        size_bytes=delivery.file.path.stat().st_size,
        dataset=contract.dataset,
        contract_version=contract.version,
        origin_region=stored.region,
        sequencer=sequencer,
    )
    with closing(_blocks(delivery.file.path)) as blocks:
        try:
            for row in read_rows(blocks, known, contract.form):
                yield record_item(source, contract, row)
        except UnreadableFileError:
            return  # the rows before the damage are stored


def _blocks(path: Path) -> Generator[bytes]:
    with path.open("rb") as file:
        yield from iter(partial(file.read, BLOCK_BYTES), b"")


def first_address(delivery: Delivery) -> Address | None:
    """Return where the file's first row is stored; ``None`` if it has no row."""
    with closing(records(delivery)) as rows:
        return next(map(_address, rows), None)


def superseded(
    delivery: Delivery, census: Census, stored: Mapping[Address, Record]
) -> frozenset[int]:
    """Return the accepted rows whose record is, by precedence, a newer one now.

    It is from another file or from a later row. A row whose record is missing is not among them.
    """
    if census.records >= int(census.ledger_entry.get("rowsRead", 0)):
        return frozenset()
    sequencer = census.ledger_entry.get("sequencer", "")
    return frozenset(
        made.row
        for made in records(delivery, sequencer)
        if made.row not in census.rows
        and not made.rejection
        and (there := stored.get(_address(made)))
        and there.precedence > str(json.loads(made.precedence))
    )


def _address(made: RecordItem) -> Address:
    return made.record_id, made.timestamp
