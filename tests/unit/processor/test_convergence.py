"""Whatever order files are processed in, the table ends with each record's newest content."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

import naming
from services.processor.runtime import contracts
from services.processor.runtime.attributes import Item, Plain, attributes_of, utc_ms
from services.processor.runtime.errors import NewerContractError, RejectedRowError
from services.processor.runtime.file_form import DEFAULT_FORM, FileForm
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.intake.event import ObjectRef
from services.processor.runtime.intake.source import ObjectVersion
from services.processor.runtime.item import record_item
from services.processor.runtime.parsing import read_rows
from services.processor.runtime.source_file import SourceFile
from tests.unit.processor.fakes import PLENTY_OF_TIME, FakeLedger, FakeTelemetry
from tests.unit.processor.global_table import Address, GlobalTable, RegionalWriter, address

FIRST_PUT = datetime(2026, 1, 31, 12, tzinfo=UTC)
OLD, NEW = 1, 2
FAR_AWAY = 1_000


class KilledError(Exception):
    """The function was stopped in the middle of a file."""


@dataclass(frozen=True)
class ModelContract:
    """Each version refuses one value that the other accepts, and stores the rest differently."""

    version: int
    dataset: str = "model"
    key: tuple[str, ...] = ("k",)
    time: str | None = None
    form: FileForm = DEFAULT_FORM

    def from_json(self, raw: bytes) -> dict[str, Plain]:
        row = msgspec.json.decode(raw, type=dict[str, str | int])
        if row["v"] == self.version:
            raise RejectedRowError("REFUSED_HERE", "by this version only", "v")
        return {"k": row["k"], "v": row["v"], "storedBy": self.version}

    def write(self, data: dict[str, Plain]) -> None:
        """Leave the standard form to what writes any."""


@dataclass(frozen=True)
class Version:
    """One version of one object: ``order`` is S3's, and version ids say nothing about it."""

    key: str
    order: int
    put_s: int
    content: bytes

    @property
    def id(self) -> str:
        return f"v{FAR_AWAY - self.order}"

    @property
    def last_modified(self) -> datetime:
        return FIRST_PUT + timedelta(seconds=self.put_s)

    def file(self, contract_version: int, region: str) -> SourceFile:
        return SourceFile(
            bucket="inbox",
            key=self.key,
            version=self.id,
            timestamp=utc_ms(self.last_modified),
            size_bytes=len(self.content),
            dataset="model",
            contract_version=contract_version,
            origin_region=region,
            sequencer=f"{self.order:08X}",
        )


@dataclass
class Objects:
    versions: Mapping[str, Version]

    def open(self, ref: ObjectRef) -> ObjectVersion:
        version = self.versions[str(ref.version_id)]
        return ObjectVersion(
            bucket=ref.bucket,
            key=ref.key,
            version=version.id,
            last_modified=version.last_modified,
            size_bytes=len(version.content),
            chunks_from=lambda byte: [version.content[byte:]],
            sequencer=ref.sequencer,
        )


def stopping_after(puts: int) -> Iterator[None]:
    yield from [None] * puts
    raise KilledError


rows = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(1, 4)).map(lambda kv: {"k": kv[0], "v": kv[1]})
    | st.just({"k": "", "v": 3}),
    min_size=1,
    max_size=5,
)


class Ingestion(RuleBasedStateMachine):
    """Files arrive, are delivered in any order and again, killed, and read by two contracts."""

    def __init__(self) -> None:
        super().__init__()
        self.table = GlobalTable()
        self.ledger = FakeLedger()
        self.versions: dict[str, Version] = {}
        self.put_s = 0

    @initialize(contents=st.lists(rows, min_size=1, max_size=3))
    def put_some(self, contents: list[list[dict[str, object]]]) -> None:
        for content in contents:
            self.put(content, "model/a.json", a_second_later=False)

    @rule(
        content=rows,
        key=st.sampled_from(["model/a.json", "model/b.json"]),
        a_second_later=st.booleans(),
    )
    def put(self, content: list[dict[str, object]], key: str, *, a_second_later: bool) -> None:
        self.put_s += a_second_later
        lines = "\n".join(json.dumps(row) for row in content).encode()
        version = Version(key, len(self.versions), self.put_s, lines)
        self.versions[version.id] = version

    @precondition(lambda self: self.versions)
    @rule(
        data=st.data(),
        contract=st.sampled_from([OLD, NEW]),
        region=st.sampled_from(naming.REGIONS),
        killed_after=st.integers(0, 6) | st.just(FAR_AWAY),
        has_event=st.booleans(),
    )
    def deliver(
        self, data: st.DataObject, contract: int, region: str, killed_after: int, *, has_event: bool
    ) -> None:
        version = data.draw(st.sampled_from(list(self.versions.values())))
        with suppress(KilledError, NewerContractError):
            self._ingest(version, contract, region, killed_after, has_event=has_event)

    def _ingest(
        self, version: Version, contract: int, region: str, killed_after: int, *, has_event: bool
    ) -> None:
        # Without an event there is no sequencer, but the ledger has it from the first one.
        is_known = any(key == version.file(contract, region).id for key, _ in self.ledger.entries)
        known = "" if is_known and not has_event else f"{version.order:08X}"
        stops = stopping_after(killed_after)
        ingest = Ingest(
            source=Objects(self.versions),
            ledger=self.ledger,
            writer=RegionalWriter(self.table, region, lambda: next(stops)),
            telemetry=FakeTelemetry(),
            origin_region=region,
            rows_under_way=2,
            checkpoint_rows=2,
        )
        ref = ObjectRef(
            bucket="inbox",
            key=version.key,
            version_id=version.id,
            etag="e",
            event_time=version.last_modified,
            sequencer=known,
        )
        with_model = {**contracts.CONTRACTS, "model": ModelContract(contract)}
        try:
            with patch.object(contracts, "CONTRACTS", with_model):
                ingest(ref, PLENTY_OF_TIME)
        finally:
            self.table.settle()

    def teardown(self) -> None:
        for version in self.versions.values():
            self._ingest(version, NEW, naming.PRIMARY, FAR_AWAY, has_event=True)

        assert {entry.status for entry in self.ledger.entries.values()} <= {"COMPLETED"}
        expected = self._newest([*self.table.attempted, *self._due()])
        for region in naming.REGIONS:
            assert without_region(self.table.items(region)) == without_region(expected)
        if all(item["contractVersion"] == {"N": str(NEW)} for item in self.table.attempted):
            assert without_region(expected) == without_region(self._newest(self._due()))

    def _newest(self, items: Sequence[Item]) -> dict[Address, Item]:
        """Return the newest item of each record, by what S3 knows and without its precedence."""
        return {address(item): item for item in sorted(items, key=self._rank)}

    def _rank(self, item: Item) -> tuple[int, int, int, int]:
        source: Mapping[str, Mapping[str, str]] = item["source"]["M"]  # type: ignore[assignment]
        version = self.versions[source["version"]["S"]]
        contract = int(str(item["contractVersion"]["N"]))
        return version.put_s, version.order, contract, int(source["row"]["N"])

    def _due(self) -> list[Item]:
        """Return what the newest contract makes of every row, computed without the product."""
        contract = ModelContract(NEW)
        return [
            attributes_of(record_item(version.file(NEW, naming.PRIMARY), contract, row).item)  # type: ignore[arg-type]
            for version in self.versions.values()
            for row in read_rows([version.content], "json")
        ]


def without_region(items: Mapping[Address, Item]) -> dict[Address, Item]:
    """Return the items without the region that wrote them first, which may be either."""
    return {
        key: {name: value for name, value in item.items() if name != "originRegion"}
        for key, item in items.items()
    }


TestIngestion = Ingestion.TestCase
TestIngestion.settings = settings(stateful_step_count=20)
