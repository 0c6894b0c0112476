"""The limit of "the newer file wins": both regions write one record before either sees the other.

A condition looks at the region's own replica. If each region accepts a write of one record while
the other's is still underway, the global table keeps the one that was written last, which may be
the older content. Then the table disagrees with a file that the ledger calls complete, which is
seen by comparing rows with records, and healed by processing the file again.
"""

from hypothesis import given
from hypothesis import strategies as st

import naming
from services.processor.runtime.attributes import Item, attributes_of
from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.item import record_item
from services.processor.runtime.parsing import JsonRow
from tests.unit.processor.files import order_json, source_file
from tests.unit.processor.global_table import GlobalTable, address, newest, text

ONE_KEY = ("orders:o-1", "2026-01-31T22:30:00.250Z")


def order(put_s: int, amount: int = 0) -> Item:
    file = source_file(dataset="orders", version=f"v{put_s}")
    object.__setattr__(file, "timestamp", f"2026-01-31T12:00:{put_s:02d}.000Z")
    raw = order_json(amount=amount or put_s)
    return attributes_of(record_item(file, CONTRACTS["orders"], JsonRow(1, raw)).item)


def overtaken(table: GlobalTable, region: str, items: list[Item]) -> list[Item]:
    """Return the rows whose record is missing or older: what a reconciliation sees."""
    stored = table.items(region)
    return [
        item
        for item in items
        if address(item) not in stored
        or text(stored[address(item)], "precedence") < text(item, "precedence")
    ]


writes = st.lists(
    st.tuples(st.sampled_from(naming.REGIONS), st.integers(0, 5), st.integers(0, 3)), max_size=8
)


@given(writes=writes)
def test_regions_agree_once_everything_is_replicated_and_a_reconciliation_sees_every_loss(
    writes: list[tuple[str, int, int]],
) -> None:
    table, sent = GlobalTable(), []
    for region, put_s, replicated in writes:
        sent.append(order(put_s))
        table.put(region, sent[-1])
        table.replicate(naming.peer(region), replicated)

    table.settle()

    here, there = (table.items(region) for region in naming.REGIONS)
    assert here == there
    lost = overtaken(table, naming.PRIMARY, sent)
    assert (here == newest(sent)) == (lost == [])


@given(writes=writes)
def test_processing_the_overtaken_files_again_heals_every_loss(
    writes: list[tuple[str, int, int]],
) -> None:
    table, sent = GlobalTable(), []
    for region, put_s, _ in writes:
        sent.append(order(put_s))
        table.put(region, sent[-1])
    table.settle()

    for item in overtaken(table, naming.PRIMARY, sent):
        table.put(naming.PRIMARY, item)
    table.settle()

    assert all(table.items(region) == newest(sent) for region in naming.REGIONS)


@given(writes=writes)
def test_the_newer_file_wins_when_each_write_is_replicated_before_the_other_region_writes(
    writes: list[tuple[str, int, int]],
) -> None:
    table, sent, last = GlobalTable(), [], naming.PRIMARY
    for region, put_s, _ in writes:
        if region != last:
            table.settle()
        last = region
        sent.append(order(put_s))
        table.put(region, sent[-1])

    table.settle()

    assert all(table.items(region) == newest(sent) for region in naming.REGIONS)


def test_the_older_file_may_win_when_both_regions_write_within_the_replication_window() -> None:
    table = GlobalTable()
    table.put(naming.PRIMARY, order(2))
    table.put(naming.STANDBY, order(1))  # its replica does not have the newer one yet

    table.settle()

    assert all(table.items(region) == {ONE_KEY: order(1)} for region in naming.REGIONS)
    assert overtaken(table, naming.PRIMARY, [order(1), order(2)]) == [order(2)]
