"""Whatever a change says, it is announced: only one that changes nothing is not."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.stream_consumer.runtime.change import parse_change
from services.stream_consumer.runtime.event import announcements
from tests.unit.literals import literals
from tests.unit.stream_consumer.streams import item, stream_record

WORDS = literals("services/stream_consumer/runtime")
AROUND = st.text(max_size=3)


def is_announced(record: dict[str, Any]) -> bool:
    return bool(announcements(parse_change(record), Decimal("0.05")))


def created(image: dict[str, Any]) -> dict[str, Any]:
    return stream_record(new=image)


def updated(image: dict[str, Any]) -> dict[str, Any]:
    return stream_record("MODIFY", new=image, old=image | {"status": {"S": "another"}})


def deleted(image: dict[str, Any]) -> dict[str, Any]:
    return stream_record("REMOVE", old=image)


@given(
    st.sampled_from(["RECORD", "FILE"]),
    st.sampled_from([created, updated, deleted]),
    AROUND,
    AROUND,
)
def test_a_change_is_announced_whatever_its_texts_say(
    item_type: str, change: Callable[[dict[str, Any]], dict[str, Any]], before: str, after: str
) -> None:
    silent = [
        (name, text)
        for name in ("recordId", "status", "dataset", "originRegion")
        for text in (before + word + after for word in WORDS)
        if not is_announced(change(item(itemType={"S": item_type}) | {name: {"S": text}}))
    ]

    assert silent == []


@given(*[st.sampled_from(WORDS) | st.text(max_size=5)] * 4)
def test_only_a_record_with_the_same_status_and_contents_is_not(
    digest: str, status: str, dataset: str, record_id: str
) -> None:
    texts = {"digest": digest, "status": status, "dataset": dataset, "recordId": record_id}
    stored = item(**{name: {"S": text} for name, text in texts.items()})
    without_digest = {name: value for name, value in stored.items() if name != "digest"}
    others = [stored | {name: {"S": f"{texts[name]}x"}} for name in ("digest", "status")]

    assert not is_announced(stream_record("MODIFY", new=stored, old=stored))
    assert is_announced(stream_record("MODIFY", new=without_digest, old=without_digest))
    for other in (*others, without_digest):
        assert is_announced(stream_record("MODIFY", new=stored, old=other))
        assert is_announced(stream_record("MODIFY", new=other, old=stored))
