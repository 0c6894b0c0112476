"""Ids and details of events are promised byte for byte, whatever makes them.

``known_changes.json`` was written by the code that published the first events, and is never
written again.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.stream_consumer.runtime import errors
from services.stream_consumer.runtime.change import parse_change
from services.stream_consumer.runtime.event import announcements, to_event
from tests.unit.stream_consumer import oracle
from tests.unit.stream_consumer.streams import ITEM, insert, stream_record

KNOWN: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("known_changes.json").read_text("ascii")
)

TEXTS = st.text(max_size=8)
# Near each border: of 15 and of 38 digits, of exponents in JSON, of what DynamoDB stores.
NUMBERS = st.one_of(
    st.integers(-(10**16), 10**16).map(str),
    st.builds("{}E{}".format, st.integers(-(10**16), 10**16), st.integers(-22, 3)),
    st.builds(
        lambda digits, exponent: format(Decimal(digits).scaleb(exponent), "f"),
        st.integers(-(10**16), 10**16),
        st.integers(-22, 3),
    ),
    st.builds("{}E{}".format, st.integers(-(10**38) + 1, 10**38 - 1), st.integers(-130, 87)),
    st.sampled_from(["-0", "0.0", "-0E+3", "1e-07", "1E+14", "1E+15", "0.0001", "0.00009999"]),
)
SCALARS = st.one_of(
    TEXTS.map(lambda text: {"S": text}),
    NUMBERS.map(lambda literal: {"N": literal}),
    st.sampled_from([{"BOOL": True}, {"BOOL": False}, {"NULL": True}, {"B": "AAE="}]),
    st.lists(TEXTS, max_size=4).map(lambda texts: {"SS": texts}),
    st.lists(TEXTS, max_size=4).map(lambda texts: {"BS": texts}),
    st.lists(NUMBERS, max_size=4).map(lambda literals: {"NS": literals}),
)
VALUES = st.recursive(
    SCALARS,
    lambda values: st.one_of(
        st.lists(values, max_size=4).map(lambda each: {"L": each}),
        st.dictionaries(TEXTS, values, max_size=4).map(lambda each: {"M": each}),
    ),
    max_leaves=12,
)
OTHERS = st.dictionaries(
    st.one_of(TEXTS, TEXTS.map("aws:rep:{}".format)).filter(lambda name: name not in ITEM),
    VALUES,
    max_size=3,
).filter(lambda others: "digest" not in others)


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known["name"])
def test_a_known_change_has_the_events_it_has_always_had(known: dict[str, Any]) -> None:
    if "error" in known:
        with pytest.raises(getattr(errors, known["error"])):
            announcements(parse_change(known["record"]), Decimal("0.05"))
        return

    events = announcements(parse_change(known["record"]), Decimal("0.05"))

    assert [
        {"id": e.event_id, "type": e.detail_type, "detail": e.detail, "sizeBytes": e.size_bytes}
        for e in events
    ] == known["events"]


@given(OTHERS, VALUES)
def test_the_bytes_of_any_item_are_those_of_the_obvious_way(
    others: dict[str, Any], data: dict[str, Any]
) -> None:
    image = ITEM | others | {"data": data}

    event = to_event(parse_change(stream_record(new=image)))

    expected = oracle.announced(image, "put", {"change": "CREATED"})
    assert (event.event_id, event.detail) == expected


@given(VALUES, TEXTS, st.one_of(st.none(), TEXTS))
def test_the_bytes_of_any_update_are_those_of_the_obvious_way(
    data: dict[str, Any], status: str, digest: str | None
) -> None:
    image = ITEM | {"data": data}
    old = ITEM | {"status": {"S": status}} | ({} if digest is None else {"digest": {"S": digest}})

    event = to_event(parse_change(stream_record("MODIFY", new=image, old=old)))

    before = {"previousStatus": status, "previousDigest": digest}
    head = {"change": "UPDATED"} | {name: text for name, text in before.items() if text}
    assert (event.event_id, event.detail) == oracle.announced(image, "put", head)


@given(VALUES)
def test_the_bytes_of_any_deletion_are_those_of_the_obvious_way(data: dict[str, Any]) -> None:
    image = ITEM | {"data": data}

    event = to_event(parse_change(stream_record("REMOVE", old=image)))

    assert (event.event_id, event.detail) == oracle.announced(
        image, "remove", {"change": "DELETED"}
    )


def test_the_id_of_a_large_item_has_always_been_that_of_all_its_bytes() -> None:
    event = to_event(parse_change(insert(data={"S": "é" * 200_000})))

    assert event.by_reference
    assert event.event_id == oracle.announced(ITEM | {"data": {"S": "é" * 200_000}}, "put", {})[0]
