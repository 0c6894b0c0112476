"""Each kind of item has exactly the attributes that are stated for it, and there is no other kind.

Files of all sorts are stored by the functions' own code; whatever state an item is then in, and on
the way, is compared with ``item_kinds``.
"""

import ast
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from services.processor.runtime.corrections import reference
from services.processor.runtime.errors import (
    PermanentError,
    SourceUnavailableError,
    TransientError,
)
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.keys import StatusIndex, file_id
from services.processor.runtime.large.range_ledger import DynamoDbRangeLedger
from services.processor.runtime.large.steps import make_steps
from services.processor.runtime.large.worker import LargeFiles
from services.processor.runtime.storage.ledger import DynamoDbLedger
from services.processor.runtime.storage.ledger_entry import Status
from services.processor.runtime.storage.writer import DynamoDbWriter
from services.stream_consumer.runtime.change import ItemType
from tests.unit.processor.fakes import PLENTY_OF_TIME, FakeSource, FakeTelemetry, ref
from tests.unit.processor.files import order_json
from tests.unit.processor.item_kinds import EXPIRES_AT, KINDS, kind_of, paths, stated_as
from tests.unit.processor.large.machines import Context
from tests.unit.processor.storage.recorded_table import RecordedTable
from tests.unit.processor.storage.scripted_dynamodb import Outcome, refusal

RUNTIMES = Path(__file__).parents[3] / "services"
WRITES = (
    *("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"),
    *("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"),
)
PUT = "2026-01-31T12:00:00.000Z"
BAD_ORDER = order_json(quantity=0)

# Rows so long that reading can resume between any two of them.
LONG = b"\n".join(order_json(id=f"o-{n}", note="n" * 66_000, quantity=n % 3) for n in range(6))
UNREADABLE = b'{"id": 1 2}'


def correction(**rows: int) -> bytes:
    """An order that corrects a row of each of these files."""
    files = {file_id("inbox", f"orders/{name}.json", "v1"): row for name, row in rows.items()}
    corrects = " ".join(reference(file, PUT, row) for file, row in files.items())
    return order_json(**{"ingestion:corrects": corrects})


@dataclass
class World:
    """The functions, with the table in the place of DynamoDB, one file at a time."""

    table: RecordedTable
    source: FakeSource = field(default_factory=lambda: FakeSource({}))
    key: str = ""

    def ingest(self, **changes: Any) -> Ingest:  # noqa: ANN401
        sending = self.table.sending()
        settings = {"rejected_kept_days": 30, "checkpoint_rows": 1, "rows_under_way": 1, **changes}
        return Ingest(
            source=self.source,
            ledger=DynamoDbLedger(sending, "t"),
            writer=DynamoDbWriter(sending, "t"),
            telemetry=FakeTelemetry(),
            origin_region="us-east-1",
            **settings,
        )

    def store(self, key: str, content: bytes, **changes: Any) -> None:  # noqa: ANN401
        self.key, self.source.objects[key] = key, content
        with suppress(PermanentError, TransientError):
            self.ingest(**changes)(ref(key), PLENTY_OF_TIME)

    def step(self, step: str, **state: Any) -> dict[str, Any]:  # noqa: ANN401
        ranges = DynamoDbRangeLedger(self.table.sending(), "t")
        large = LargeFiles(ingest=self.ingest(unfinished="PROCESSING"), ranges=ranges)
        source = {"bucket": "inbox", "key": self.key, "version": "v1"}
        size = {"rows": 2, "size_bytes": 1}
        file = {"source": source, "timestamp": PUT, "rangeSize": size}
        event = {"step": step, "file": file, **state}
        answer: dict[str, Any] = make_steps(large)(event, Context())
        return answer


@cache
def states() -> list[dict[str, Any]]:
    """Every state of every item: files that end in each way, in one run and in ranges."""
    world = World(RecordedTable())
    world.store("orders/a.json", order_json() + b"\n" + BAD_ORDER + b"\n" + UNREADABLE)
    world.store("orders/c.json", correction(a=2).replace(b'"quantity": 2', b'"quantity": 0'))
    settings = {"status_index": StatusIndex.EXCEPTIONS, "rejected_kept_days": 0}
    world.store("orders/d.json", order_json(id="o-3") + b"\n" + BAD_ORDER, **settings)
    world.store("orders/b.json", correction(a=2, c=1, d=2))
    world.store("orders/e.json", LONG[:-9])
    world.store("any/f.json", b'[{"a": 1}, {"a": 2}')
    world.store("any/g.txt", b"")
    world.store("any/h.csv", b'a,b\n1,2\n"never closed')
    world.source.failure, world.source.breaks_after = SourceUnavailableError("gone"), 150_000
    world.store("orders/i.json", LONG)
    world.source.failure = None
    in_ranges(world)
    return world.table.states


def in_ranges(world: World) -> None:
    world.store("orders/j.json", LONG, large_file_bytes=1)
    plan = world.step("plan")
    first, *rest = plan["parts"]
    world.step("store", round=plan["round"], part=first)
    world.step("give_up", error={"Error": "States.Timeout", "Cause": "no answer"})
    world.table.disturb = denied_rows
    with suppress(TransientError):
        world.step("store", round=plan["round"], part=rest[0])
    world.table.disturb = lambda *_: None
    for part in rest:
        world.step("store", round=plan["round"], part=part)
    world.step("finish", round=plan["round"], passes=0)


def denied_rows(operation: str, _request: dict[str, Any]) -> Outcome | None:
    return refusal("AccessDeniedException") if operation == "PutItem" else None


def test_every_state_of_an_item_has_the_attributes_that_are_stated_for_its_kind() -> None:
    for item in states():
        kind = kind_of(item)
        assert kind in KINDS, f"no statement in item_kinds says what a {kind} has"
        found = set(stated_as(item, KINDS[kind]))
        lacked = {each for each in found if each.startswith("-")}
        assert found - lacked <= set(paths(KINDS[kind])), f"a {kind} has what is not stated"
        assert not {each for each in lacked if not each.endswith("?")}, f"a {kind} lacks something"


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_stated_of_a_kind_some_item_has_and_one_lacks_it_if_it_may(
    kind: tuple[str, str],
) -> None:
    seen: set[str] = set()
    for item in states():
        if kind_of(item) == kind:
            seen |= set(stated_as(item, KINDS[kind]))

    optional = {f"-{name}" for name in KINDS[kind] if name.endswith("?")}
    assert seen >= {*paths(KINDS[kind]), *optional}


def test_only_rejected_rows_ever_expire() -> None:
    expires = {kind for kind, shape in KINDS.items() if EXPIRES_AT in " ".join(paths(shape))}

    assert expires == {("RECORD", "REJECTED"), ("RECORD", "CORRECTED")}


def test_each_status_and_each_type_that_is_announced_has_a_statement() -> None:
    by_type: dict[str, set[str]] = defaultdict(set)
    for item_type, status in KINDS:
        by_type[item_type].add(status)

    assert by_type.keys() == set(ItemType)
    assert by_type["FILE"] == set(get_args(Status))


def test_items_are_written_by_these_modules_only() -> None:
    writes: dict[str, set[str]] = defaultdict(set)
    for path in RUNTIMES.glob("*/runtime/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and node.value in WRITES:
                writes[str(path.relative_to(RUNTIMES))].add(node.value)

    assert writes == {
        "processor/runtime/storage/writer.py": {"PutItem", "UpdateItem"},
        "processor/runtime/storage/file_items.py": {"UpdateItem"},
    }
