"""What is promised of events is what the known ones have, and the code's own statuses."""

import copy
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias, get_args

import pytest

from datasets.events_schema import asyncapi
from datasets.examples import json_file
from ops.status_index import FILE_STATUSES, ROW_STATUSES
from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.item import record_item
from services.processor.runtime.parsing import read_rows
from services.processor.runtime.storage import ledger_entry
from services.stream_consumer.runtime import event
from services.stream_consumer.runtime.change import Kind, parse_change
from tests.unit.processor.files import source_file
from tests.unit.stream_consumer.streams import stream_record

Details: TypeAlias = dict[str, list[dict[str, Any]]]

KNOWN = Path(__file__).parents[1] / "stream_consumer" / "known_changes.json"
MESSAGES: dict[str, Any] = asyncapi(CONTRACTS)["components"]["messages"]
EVENTS = {name: each["payload"]["properties"] for name, each in MESSAGES.items()}
DETAILS = {name: each["detail"] for name, each in EVENTS.items()}
SHARE = Decimal("0.05")


def large(record: dict[str, Any]) -> dict[str, Any]:
    """The same change of an item too large for an event."""
    new = copy.deepcopy(record)
    image = "OldImage" if record["eventName"] == "REMOVE" else "NewImage"
    new["dynamodb"][image]["more"] = {"S": "x" * event.MAX_BYTES}
    return new


@pytest.fixture(scope="module")
def details() -> Details:
    """The details of all known events, by their types, with their items and without."""
    found: Details = {name: [] for name in MESSAGES}
    for known in json.loads(KNOWN.read_text()):
        for record in (known["record"], large(known["record"])) if "events" in known else ():
            for each in event.announcements(parse_change(record), SHARE):
                found[each.detail_type].append(json.loads(each.detail))
    return found


@pytest.mark.parametrize("name", MESSAGES)
def test_what_events_have_is_what_is_promised(name: str, details: Details) -> None:
    detail, seen = DETAILS[name], details[name]

    assert {*detail["properties"]} == set.union(*map(set, seen))
    assert {*detail["required"]} == set.intersection(*map(set, seen))


@pytest.mark.parametrize("name", ["RecordChanged", "FileChanged"])
def test_a_reference_has_what_is_promised(name: str, details: Details) -> None:
    promised = DETAILS[name]["properties"]["itemReference"]
    seen = [each["itemReference"] for each in details[name] if "itemReference" in each]

    assert seen
    assert all([*each] == sorted(promised["required"]) for each in seen)
    assert {*promised["required"]} == {*promised["properties"]}


@pytest.mark.parametrize("name", MESSAGES)
def test_their_words_are_those_that_are_promised(name: str, details: Details) -> None:
    for of, part in DETAILS[name]["properties"].items():
        words = {*part.get("enum", ()), *([part["const"]] if "const" in part else ())}
        seen = {each[of] for each in details[name] if words and of in each}
        # No known update begins at each of them.
        assert seen <= words if of == "previousStatus" else seen == words, of


@pytest.mark.parametrize(
    ("name", "statuses"),
    [("RecordChanged", ROW_STATUSES), ("FileChanged", get_args(ledger_entry.Status))],
)
def test_the_statuses_and_changes_are_those_of_the_code(name: str, statuses: Sequence[str]) -> None:
    promised = {of: part.get("enum", ()) for of, part in DETAILS[name]["properties"].items()}

    assert sorted(promised["status"]) == sorted(promised["previousStatus"]) == sorted(statuses)
    assert [*promised["change"]] == [*Kind]


def test_the_statuses_that_operators_search_for_are_those_of_the_code() -> None:
    assert sorted(FILE_STATUSES) == sorted(get_args(ledger_entry.Status))


def test_the_types_and_the_source_are_those_that_events_are_sent_with() -> None:
    said = {each["detail-type"]["const"]: each["source"]["const"] for each in EVENTS.values()}

    types = (*event.DETAIL_TYPES.values(), event.ATTENTION)
    assert said == dict.fromkeys(types, event.SOURCE)
    assert [each["name"] for each in MESSAGES.values()] == [*said] == [*MESSAGES]


def test_an_item_in_an_event_has_what_is_promised_whether_accepted_or_not() -> None:
    orders = CONTRACTS["orders"]
    text = json_file(orders, [each.row for each in orders.examples])
    rows = read_rows([text.encode()], "json", orders.form)
    stored = [record_item(source_file(dataset="orders"), orders, row).item for row in rows]

    items = [
        json.loads(event.to_event(parse_change(stream_record(new=json.loads(each)))).detail)["item"]
        for each in stored
    ]

    promised = {*DETAILS["RecordChanged"]["properties"]["item"]["required"]}
    assert {each["status"] for each in items} == {"ACCEPTED", "REJECTED"}
    assert [each for each in items if not promised <= each.keys()] == []
    assert promised >= {"recordId", "timestamp", "dataset", "precedence"}
