"""What a million records cost, by what is done with each and by the setting ``statusIndex``.

A write takes one unit for each KiB that is begun, in the table and in each replica. An item that is
in the status index takes one more in each, as its part in the index is small; two more if the key
of that part changes, since DynamoDB then deletes the old and writes the new. A condition that fails
takes the table's units where it was asked, and nothing else. A transaction takes twice the table's
units where it was asked.
"""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from review.cost.month import FILE, Table

SETTINGS = ALL, EXCEPTIONS = "all", "exceptions"
REGIONS = 2
MILLION = 1e6


def per_million(table: Table) -> list[dict[str, Any]]:
    """Return a line for each way to write and for all that a record costs besides its write.

    A line has ``what`` and, by setting, ``units`` (of writes) and ``usd`` for a million records.
    """
    price = table.price["dynamodb_writes"]
    lines: list[dict[str, Any]] = []
    for write in tomllib.loads(FILE.read_text())["writes"]:
        units = {setting: _units(write, table.units_per_write, setting) for setting in SETTINGS}
        usd = {setting: round(each * price, 4) for setting, each in units.items()}
        lines.append({"what": write["what"], "units": units, "usd": usd})
    for what, takes in _others(table):
        cost = sum(table.units(name, each) * table.price[name] for name, each in takes.items())
        lines.append({"what": what, "units": {}, "usd": dict.fromkeys(SETTINGS, round(cost, 4))})
    return lines


def _units(write: Mapping[str, Any], kib: int, setting: str) -> int:
    """Return the write units of one item of that many KiB, of both regions."""
    is_indexed = setting == ALL or not write["accepted"]
    return int((write["here"] + write["there"]) * kib + write["index"] * REGIONS * is_indexed)


def _others(table: Table) -> Iterator[tuple[str, Mapping[str, float]]]:
    """Yield what else a million records take, by the names of its prices."""
    load = table.load
    processor = load["processor_ms_per_record"] * load["processor_mb"]
    consumer = load["consumer_ms_per_change"] * load["consumer_mb"]
    files = MILLION / load["records_per_file"]
    moved = MILLION * table.item_bytes
    yield "EventBridge, event on the bus", {"eventbridge_events": MILLION}
    yield "Lambda, processor", {"lambda_arm_compute": MILLION * processor}
    yield "Lambda, stream consumer", {"lambda_arm_compute": MILLION * consumer}
    yield "Replication to the other region", {"transfer_between_regions": moved}
    yield "S3, put and get", {"s3_puts": files, "s3_gets": files}
    yield "DynamoDB Streams, read by Lambda", {}
