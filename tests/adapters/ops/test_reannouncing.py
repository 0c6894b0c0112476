"""What the table has of files is announced again, under the ids that listeners know."""

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest

from naming import PRIMARY, STANDBY
from ops import items
from ops.items import Key
from ops.records import event_id_of
from ops.redriving.stream_reader import Change
from ops.region import Region
from services.processor.runtime.attributes import utc_ms
from services.stream_consumer.runtime.change import parse_change
from services.stream_consumer.runtime.event import event_id
from tests.adapters.ops.product import HEADER, Operator, order, put

ALWAYS = ("replay", "--announce", "--prefix", "orders/", "--since", "2020-01-01", "--yes")


class Consumer:
    """Stands for the stream consumer; the ids of what it has announced are ``heard``."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.takes = True

    def first_failed(self, _: Region, batch: Sequence[Change]) -> int:
        if not self.takes:
            return 0
        self.heard += [event_id(parse_change(change.record)) for change in batch]
        return len(batch)


@pytest.fixture
def consumer(region: Region, monkeypatch: pytest.MonkeyPatch) -> Consumer:
    consumer = Consumer()
    monkeypatch.setattr("ops.redriving.announcing._first_failed", consumer.first_failed)
    monkeypatch.setattr(Region, "stream_consumer", "consumer")
    region.client("dynamodb").update_table(
        TableName=region.table,
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return consumer


def test_each_item_of_the_files_is_announced_under_the_id_that_it_had(
    region: Region, ops: Operator, consumer: Consumer
) -> None:
    put(region, "orders/a.csv", HEADER + order("1") + order("2", "many"))
    put(region, "other/b.json", '{"a": 1}')

    assert ops(*ALWAYS) == 0

    own = [item for item in items.stored(region) if item["dataset"] == {"S": "orders"}]
    assert len(own) == 3
    assert sorted(consumer.heard) == sorted(event_id_of(region, item) for item in own)
    assert "announced 3 items" in ops.out


def test_a_record_counts_by_when_its_file_was_put_and_not_by_its_own_moment(
    region: Region, ops: Operator, consumer: Consumer
) -> None:
    file = put(region, "orders/a.csv", HEADER + order("1"))  # an order of 2026-11-01
    around = ("--since", "2026-10-31", "--until", "2026-11-02")
    put_at = (file.timestamp, utc_ms(file.stored_at + timedelta(seconds=1)))

    assert ops("replay", "--announce", "--prefix", "", *around, "--yes") == 0
    assert consumer.heard == []
    window = ("--since", put_at[0], "--until", put_at[1])
    assert ops("replay", "--announce", "--prefix", "", *window, "--yes") == 0
    assert len(consumer.heard) == 2


@pytest.mark.usefixtures("consumer")
def test_a_dry_run_counts_and_without_an_answer_nothing_is_announced(
    region: Region, ops: Operator, consumer: Consumer
) -> None:
    put(region, "orders/a.csv", HEADER + order("1"))

    assert ops(*ALWAYS[:-1], "--dry-run", "--json") == 0
    assert json.loads(ops.out) == {"toAnnounce": 2}
    assert ops(*ALWAYS[:-1]) == 3
    assert consumer.heard == []


def test_what_the_other_region_took_in_is_announced_only_if_it_is_named(
    region: Region, ops: Operator, consumer: Consumer
) -> None:
    file = put(region, "orders/a.csv", HEADER + order("1"))
    region.client("dynamodb").update_item(
        TableName=region.table,
        Key=Key(file.id, file.timestamp).attributes,
        UpdateExpression="SET originRegion = :standby",
        ExpressionAttributeValues={":standby": {"S": STANDBY}},
    )

    assert region.name == PRIMARY
    assert ops(*ALWAYS, "--origin", STANDBY) == 0
    assert len(consumer.heard) == 1


def test_a_consumer_that_takes_nothing_is_undecided_not_done(
    region: Region, ops: Operator, consumer: Consumer
) -> None:
    put(region, "orders/a.csv", HEADER + "".join(order(str(n)) for n in range(9)))
    consumer.takes = False

    assert ops(*ALWAYS) == 2
    assert "the event bus takes none of several changes" in ops.err
