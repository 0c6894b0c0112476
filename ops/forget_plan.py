"""Where the data of one record is: its items, the rejected rows of it, the objects.

A rejected row is of the record if it names the record's key, or if the record corrects it.

Everything is looked up each time, nothing is remembered: after an interruption, a second run finds
what the first one left. Rejected rows are found by reading all of the dataset's, a hundred at a
time; a row of more than 4 KiB, of which its item has the beginning only, is read in its object.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ops import items, object_versions, status_index
from ops.file_history import ledger_entry
from ops.items import Item
from ops.mentions import names_key
from ops.object_versions import ListedVersion, versions, versions_of
from ops.record_check import source_file
from ops.records import items_of
from ops.region import Region
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_names import file_format
from services.processor.runtime.item import record_item
from services.processor.runtime.keys import keyed_record_id
from services.processor.runtime.parsing import BadRow, Row
from services.processor.runtime.parsing.read import delimiter


@dataclass(frozen=True, kw_only=True)
class HeldBy:
    """An object version that holds the record, and the number of rows in it, as far as known."""

    version: ListedVersion
    rows: int


@dataclass(kw_only=True)
class Plan:
    """What there is to remove; ``unsearched`` are rejected rows whose end nobody has any more."""

    record_items: list[Item]
    rejected_rows: list[Item] = field(default_factory=list)
    unsearched: list[Item] = field(default_factory=list)
    objects: list[HeldBy] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to remove."""
        return not (self.record_items or self.rejected_rows or self.objects)


class Finder:
    """Finds one record's data; ``bucket_of`` returns a region with another bucket of the product.

    Its arguments are the region's name and the bucket's.
    """

    def __init__(self, region: Region, bucket_of: Any, dataset: str, key: Sequence[str]) -> None:
        self._region = region
        self._bucket_of = bucket_of
        self._dataset = dataset
        self._key = key

    def plan(self, searched: Sequence[str] = ()) -> Plan:
        """Return where the record's data is; objects under the prefixes ``searched`` are read.

        Other objects are known only if an item says that it is from them.
        """
        plan = Plan(record_items=items_of(self._region, self._dataset, self._key))
        long_rows: dict[tuple[str, str, str, str], list[Item]] = defaultdict(list)
        for item in self._rejected():
            if self._became_it(item) or self._names(
                item["raw"]["S"], item["source"]["M"]["key"]["S"]
            ):
                plan.rejected_rows.append(item)
            elif int(item["rawBytes"]["N"]) > len(item["raw"]["S"].encode()):
                long_rows[_place(item)].append(item)
        for place, rows in long_rows.items():
            self._read_long(place, rows, plan)
        named = (_place(item) for item in (*plan.record_items, *plan.rejected_rows))
        found = {each.id: each for each in filter(None, map(self._listed, dict.fromkeys(named)))}
        found |= {each.id: each for prefix in searched for each in self._search(prefix)}
        plan.objects = [HeldBy(version=each, rows=self._rows(each)) for each in found.values()]
        return plan

    def _rejected(self) -> Iterator[Item]:
        for status in ("REJECTED", "CORRECTED"):
            found = status_index.with_status(self._region, status)
            ours = (each for each in found if each["dataset"]["S"] == self._dataset)
            yield from items.read_many(self._region, map(items.key_of, ours))

    def _became_it(self, item: Item) -> bool:
        """Return whether a row's correction is the record, whose key the row itself may lack."""
        by = item.get("correctedBy", {"M": {"recordId": {"S": ""}}})["M"]
        return bool(by["recordId"]["S"] == keyed_record_id(self._dataset, self._key))

    def _names(self, raw: str, of_file: str) -> bool:
        known = file_format(of_file) or "json"
        return names_key(raw, known, delimiter(known, contract_for(of_file).form), self._key)

    def _read_long(
        self, place: tuple[str, str, str, str], waiting: Iterable[Item], plan: Plan
    ) -> None:
        by_row = {int(item["source"]["M"]["row"]["N"]): item for item in waiting}
        version = self._listed(place)
        for row in self._rows_of(version) if version else ():
            if row.number not in by_row or _is_cut_off(row):
                continue
            item = by_row.pop(row.number)
            if self._names(row.raw.decode(errors="replace"), place[2]):
                plan.rejected_rows.append(item)
            if not by_row:
                break
        plan.unsearched += by_row.values()

    def _rows_of(self, version: ListedVersion) -> Iterator[Row]:
        try:
            yield from object_versions.rows(self._of(version), version)
        except UnreadableFileError:
            return

    def _listed(self, place: tuple[str, str, str, str]) -> ListedVersion | None:
        name, bucket, key, version = place
        found = versions_of(self._bucket_of(name, bucket), key)
        return next((each for each in found if each.version == version), None)

    def _search(self, prefix: str) -> Iterator[ListedVersion]:
        for version in versions(self._region, prefix):
            readable = not version.is_marker and file_format(version.key)
            if (
                readable
                and contract_for(version.key).dataset == self._dataset
                and any(map(self._matcher(version), self._rows_of(version)))
            ):
                yield version

    def _matcher(self, version: ListedVersion) -> Any:
        file, contract = source_file(version, {}), contract_for(version.key)
        wanted = keyed_record_id(self._dataset, self._key)

        def holds(row: Row) -> bool:
            built = record_item(file, contract, row)
            if built.rejection is None:
                return built.record_id == wanted
            return self._names(row.raw.decode(errors="replace"), version.key)

        return holds

    def _rows(self, version: ListedVersion) -> int:
        return int(ledger_entry(self._region, version).get("rowsRead", {"N": "0"})["N"])

    def _of(self, version: ListedVersion) -> Region:
        found: Region = self._bucket_of(version.region, version.bucket)
        return found


def _place(item: Item) -> tuple[str, str, str, str]:
    source = item["source"]["M"]
    bucket, key, version = (str(source[name]["S"]) for name in ("bucket", "key", "version"))
    return item["originRegion"]["S"], bucket, key, version


def _is_cut_off(row: Row) -> bool:
    return isinstance(row, BadRow) and row.raw_bytes > len(row.raw)
