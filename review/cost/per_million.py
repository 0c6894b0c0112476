"""What a million records cost, by what is done with each and by the setting ``statusIndex``.

A write takes one unit for each KiB that is begun, in the table and in each replica. An item that is
in the status index takes one more in each, as its part in the index is small; two more if the key
of that part changes, since DynamoDB then deletes the old and writes the new. A condition that fails
takes the table's units where it was asked, and nothing else. A transaction takes twice the table's
units where it was asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from review.cost.load import BYTES_PER_GB, Table

SETTINGS = ALL, EXCEPTIONS = "all", "exceptions"
REGIONS = 2
MILLION = 1e6
MB_PER_GB = 1024
MS_PER_S = 1000


@dataclass(frozen=True, kw_only=True)
class Write:
    """What is done with a record, and the units that it takes for each KiB of the item.

    ``here`` counts the table's units in the region of the request, ``there`` in the other one, and
    ``index`` those of the index in each region, of which ``accepted`` ones are not taken by
    ``exceptions``.
    """

    what: str
    here: int
    there: int
    index: int
    accepted: bool

    def units(self, kib: int, setting: str) -> int:
        """Return the write units of one item of that many KiB, of both regions."""
        is_indexed = setting == ALL or not self.accepted
        return (self.here + self.there) * kib + self.index * REGIONS * is_indexed


WRITES = (
    Write(what="PutItem, new record", here=1, there=1, index=1, accepted=True),
    Write(what="PutItem, newer content of a record", here=1, there=1, index=1, accepted=True),
    Write(
        what="PutItem, stored already (condition fails)", here=1, there=0, index=0, accepted=True
    ),
    Write(what="PutItem, rejected row", here=1, there=1, index=1, accepted=False),
    Write(what="UpdateItem, rejected row corrected", here=1, there=1, index=2, accepted=False),
    Write(what="BatchWriteItem, new record (not used)", here=1, there=1, index=1, accepted=True),
    Write(
        what="TransactWriteItems, new record (not used)", here=2, there=1, index=1, accepted=True
    ),
)


def per_million(table: Table) -> list[dict[str, Any]]:
    """Return a line for each way to write and for all that a record costs besides its write.

    A line has ``what`` and, by setting, ``units`` (of writes) and ``usd`` for a million records.
    """
    kib = table.units_per_write
    price = table.price["dynamodb_million_replicated_writes"]
    writes = [
        {
            "what": each.what,
            "units": {setting: each.units(kib, setting) for setting in SETTINGS},
            "usd": {setting: round(each.units(kib, setting) * price, 4) for setting in SETTINGS},
        }
        for each in WRITES
    ]
    others = [
        {"what": what, "units": {}, "usd": dict.fromkeys(SETTINGS, round(usd, 4))}
        for what, usd in _others(table)
    ]
    return [*writes, *others]


def _others(table: Table) -> Iterator[tuple[str, float]]:
    load, price = table.load, table.price
    yield "EventBridge, event on the bus", price["eventbridge_million_events"]
    yield "Lambda, processor", _compute(load, price, "processor_ms_per_record", "processor_mb")
    yield "Lambda, stream consumer", _compute(load, price, "consumer_ms_per_change", "consumer_mb")
    moved_gb = MILLION * table.item_bytes / BYTES_PER_GB
    yield "Replication to the other region", moved_gb * price["transfer_between_regions_gb"]
    thousands = MILLION / load["records_per_file"] / 1000
    yield "S3, put and get", thousands * (price["s3_thousand_puts"] + price["s3_thousand_gets"])
    yield "DynamoDB Streams, read by Lambda", 0.0


def _compute(
    load: Mapping[str, Any], price: Mapping[str, float], ms_each: str, memory_mb: str
) -> float:
    seconds = MILLION * float(load[ms_each]) / MS_PER_S
    gb_seconds = seconds * float(load[memory_mb]) / MB_PER_GB
    return gb_seconds * price["lambda_arm_gb_second"]
