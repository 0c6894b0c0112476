"""Whatever a row says, it is stored: each row that is read is accepted or rejected."""

import json
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.attributes import Item
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.keys import keyed_record_id
from services.processor.runtime.storage.ledger_entry import Counts
from tests.unit.literals import literals
from tests.unit.processor.fakes import (
    PLENTY_OF_TIME,
    FakeLedger,
    FakeSource,
    FakeTelemetry,
    FakeWriter,
    ref,
)
from tests.unit.processor.files import order_json

KNOWN = [
    text
    for word in literals("services/processor/runtime")
    for text in (word, f"a{word}", f"{word}a")
]
TEXTS = st.lists(st.text(max_size=8), min_size=1, max_size=8)


def ingested(key: str, rows: Sequence[bytes]) -> tuple[dict[str, Item], Counts]:
    """Return the items by their ids, and the counts of the file."""
    ledger, writer = FakeLedger(), FakeWriter()
    Ingest(
        source=FakeSource({key: b"\n".join(rows)}),
        ledger=ledger,
        writer=writer,
        telemetry=FakeTelemetry(),
        origin_region="us-east-1",
    )(ref(key), PLENTY_OF_TIME)
    [entry] = ledger.entries.values()
    return writer.items, entry.counts


def check_any_object(texts: Sequence[str]) -> None:
    rows = [json.dumps({"id": text, "says": text}).encode() for text in texts]

    items, counts = ingested("any/a.json", rows)

    assert (counts.rows_read, counts.rows_accepted) == (len(rows), len(rows))
    stored = [items[id_]["data"] for id_ in sorted(items)]
    assert stored == [{"M": {"id": {"S": text}, "says": {"S": text}}} for text in texts]


def check_orders(texts: Sequence[str]) -> None:
    accepted = [text.strip() for text in texts if text.strip()]

    items, counts = ingested("orders/a.json", [order_json(id=text, note=text) for text in texts])

    rejected = len(texts) - len(accepted)
    assert (counts.rows_read, counts.rows_accepted, counts.rows_rejected) == (
        len(texts),
        len(accepted),
        rejected,
    )
    assert {keyed_record_id("orders", [text]) for text in accepted} <= set(items)
    assert len(items) == len(set(accepted)) + rejected


def test_a_row_is_stored_though_it_says_what_the_code_knows() -> None:
    check_any_object(KNOWN)


def test_an_order_is_stored_though_it_says_what_the_code_knows() -> None:
    check_orders(KNOWN)


@given(TEXTS)
def test_any_row_is_stored(texts: list[str]) -> None:
    check_any_object(texts)


@given(TEXTS)
def test_any_order_is_stored_or_has_no_id(texts: list[str]) -> None:
    check_orders(texts)
