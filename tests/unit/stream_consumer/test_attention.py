"""People are told of a file that failed or lost too many rows: once, in words, with the reasons."""

import json
import re
import shlex
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.file_names import SUFFIXES, file_format
from services.stream_consumer.runtime.change import parse_change
from services.stream_consumer.runtime.event import Event, announcements
from tests.unit.stream_consumer.streams import insert, item, stream_record

EVENTS = Path(__file__).resolve().parents[3] / "docs" / "events.md"
REJECTIONS = {
    "BAD_FORMAT": (3, 2, "not a date.", "orderedAt"),
    "OUT_OF_RANGE": (3, 1, "below 0", "amount"),
    "RAGGED_ROW": (1, 9, "4 fields\nfor 5 columns", None),
    "MISSING_FIELD": (2, 4, "no value", "orderId"),
}


def n(number: int) -> dict[str, str]:
    return {"N": str(number)}


def s(text: str) -> dict[str, str]:
    return {"S": text}


def example(rows: int, row: int, message: str, field: str | None) -> dict[str, Any]:
    where = {} if field is None else {"field": s(field)}
    values = {"rows": n(rows), "row": n(row), "line": n(row + 1), "message": s(message)}
    return {"M": values | where}


def file(
    status: str = "COMPLETED",
    *,
    read: int = 10,
    rejected: int = 9,
    key: str = "orders/a.csv",
    **attributes: Any,  # noqa: ANN401  # DynamoDB JSON
) -> dict[str, Any]:
    source = {"bucket": s("inbox"), "key": s(key), "version": s("v1")}
    return item(
        recordId=s("f0123"),
        itemType=s("FILE"),
        status=s(status),
        source={"M": source},
        rowsRead=n(read),
        rowsAccepted=n(read - rejected),
        rowsRejected=n(rejected),
        rejections={"M": {code: example(*each) for code, each in REJECTIONS.items()}},
        **attributes,
    )


def failed(read: int = 39, **attributes: Any) -> dict[str, Any]:  # noqa: ANN401  # DynamoDB JSON
    reason = {"code": s("TRUNCATED_JSON"), "message": s("ends within a value"), "row": n(read + 1)}
    nothing = {"rejected": 0, "rejections": {"M": {}}, "failure": {"M": reason}}
    image = file("FAILED", read=read, rejected=0)
    return image | {name: v for name, v in nothing.items() if name != "rejected"} | attributes


def update(new: dict[str, Any], old_status: str = "PROCESSING") -> dict[str, Any]:
    return stream_record("MODIFY", new=new, old=new | {"status": s(old_status)})


def notices(record: dict[str, Any], share: str = "0.05") -> list[Event]:
    events = announcements(parse_change(record), Decimal(share))
    return [event for event in events if event.detail_type == "FileNeedsAttention"]


def detail(record: dict[str, Any]) -> dict[str, Any]:
    [notice] = notices(record)
    found: dict[str, Any] = json.loads(notice.detail)
    return found


def test_a_notice_comes_after_the_announcement_of_the_change() -> None:
    changed, notice = announcements(parse_change(update(file())), Decimal("0.05"))

    assert (changed.detail_type, notice.detail_type) == ("FileChanged", "FileNeedsAttention")
    assert changed.event_id != notice.event_id


@pytest.mark.parametrize(
    ("rejected", "read", "share", "told"),
    [
        (5, 100, "0.05", False),
        (6, 100, "0.05", True),
        (29, 100, "0.29", False),  # 0.29 * 100 is less than 29 with floats
        (1, 1_000_000, "0", True),
        (0, 10, "0", False),
        (0, 0, "0", False),
        (10, 10, "1", False),
        (10, 10, "0.99", True),
    ],
)
def test_people_are_told_when_the_share_of_rejected_rows_is_greater_than_announced(
    rejected: int, read: int, share: str, *, told: bool
) -> None:
    assert bool(notices(update(file(read=read, rejected=rejected)), share)) is told


@pytest.mark.parametrize("before", ["PROCESSING", "SUSPENDED", "COMPLETED"])
def test_people_are_told_that_a_file_has_failed(before: str) -> None:
    assert notices(update(failed(), before))


@pytest.mark.parametrize(
    "record",
    [
        update(file(), "COMPLETED"),
        update(failed(), "FAILED"),
        update(file("PROCESSING"), "SUSPENDED"),
        update(file("SUSPENDED")),
        update(file("IGNORED", read=0, rejected=0)),
        stream_record("REMOVE", old=file()),
        stream_record("REMOVE", old=failed()),
        update(file(key="canary/1.json")),
        insert(status=s("REJECTED")),
    ],
)
def test_nobody_is_told_of_anything_else(record: dict[str, Any]) -> None:
    assert notices(record) == []


def test_a_canary_that_fails_is_no_silent_one() -> None:
    canary = failed(source={"M": {"key": s("canary/1.json")}})

    assert notices(update(canary))


def test_no_event_of_a_canary_passes_a_rule_that_leaves_canaries_out() -> None:
    [pattern] = [
        json.loads(block)
        for block in re.findall(r"```json\n(.*?)```", EVENTS.read_text(), re.DOTALL)
        if "anything-but" in block
    ]
    [left_out] = [each["anything-but"]["prefix"] for each in pattern["detail-type"]]
    failure = failed(source={"M": {"key": s("canary/1.json")}}, dataset=s("canary"))

    of_canary, of_others = (
        [event.detail_type for event in announcements(parse_change(each), Decimal(0))]
        for each in (update(failure), update(failed()))
    )

    assert len(of_canary) == len(of_others) == 2
    assert all(each.startswith(left_out) for each in of_canary)
    assert not any(each.startswith(left_out) for each in of_others)


def test_a_rule_can_match_the_file_and_a_program_can_read_the_reasons() -> None:
    found = detail(update(file()))

    assert found["source"] == {"bucket": "inbox", "key": "orders/a.csv", "version": "v1"}
    assert (found["status"], found["dataset"]) == ("COMPLETED", "orders")
    assert found["counts"] == {"rowsRead": 10, "rowsAccepted": 1, "rowsRejected": 9}
    assert [(each["code"], each["rows"], each["row"]) for each in found["reasons"]] == [
        ("OUT_OF_RANGE", 3, 1),
        ("BAD_FORMAT", 3, 2),
        ("MISSING_FIELD", 2, 4),
    ]
    assert found["reasons"][0] == {
        "code": "OUT_OF_RANGE",
        "rows": 3,
        "row": 1,
        "line": 2,
        "message": "below 0",
        "field": "amount",
    }
    assert "failure" not in found


def test_the_message_says_in_words_how_many_rows_why_and_how_to_get_them() -> None:
    found = detail(update(file()))

    assert found["subject"] == (
        "9 of 10 rows of the file orders/a.csv (dataset orders, us-east-1) were rejected."
    )
    assert found["message"] == (
        "9 of 10 rows of the file orders/a.csv (dataset orders, us-east-1) were rejected. "
        "Most often: OUT_OF_RANGE in 3 rows, first in row 1, line 2, field amount: below 0; "
        "BAD_FORMAT in 3 rows, first in row 2, line 3, field orderedAt: not a date; "
        "MISSING_FIELD in 2 rows, first in row 4, line 5, field orderId: no value. "
        "To get the rows: ops rejected orders/a.csv --region us-east-1 --out rejected.csv"
    )


def test_a_reason_that_occurs_once_names_its_row_without_an_unknown_line() -> None:
    once = {"RAGGED_ROW": example(1, 9, "4 fields\nfor 5 columns", None)}
    once["RAGGED_ROW"]["M"]["line"] = n(0)

    message = detail(update(file() | {"rejections": {"M": once}}))["message"]

    assert " Most often: RAGGED_ROW once, in row 9: 4 fields for 5 columns. " in message


@pytest.mark.parametrize(
    ("read", "kept"), [(39, "Its first 39 rows are stored."), (0, "None of it is stored.")]
)
def test_the_message_of_a_failed_file_says_what_failed_where_and_what_is_stored(
    read: int, kept: str
) -> None:
    found = detail(update(failed(read)))

    assert found["message"] == (
        "The file orders/a.csv (dataset orders, us-east-1) failed. "
        f"TRUNCATED_JSON in row {read + 1}: ends within a value. {kept}"
    )
    assert found["failure"]["code"] == "TRUNCATED_JSON"


def test_a_failed_file_with_rejected_rows_has_both_in_its_message() -> None:
    rejections = {"M": {"BAD_FORMAT": example(*REJECTIONS["BAD_FORMAT"])}}

    message = detail(update(failed(rejections=rejections)))["message"]

    assert "Its first 39 rows are stored. Most often: BAD_FORMAT in 3 rows" in message
    assert message.endswith(" --out rejected.csv")


@given(st.text(min_size=1).filter(lambda key: "\x00" not in key))
def test_the_command_can_be_pasted_whatever_the_key(key: str) -> None:
    message = detail(update(file(key=f"orders/{key}.csv")))["message"]

    command = shlex.split(message.rpartition("To get the rows: ")[2])
    assert command[:3] == ["ops", "rejected", f"orders/{key}.csv"]


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".Csv", ".TSV.GZ"])
def test_the_command_writes_a_file_with_the_ending_that_it_asks_for(suffix: str) -> None:
    message = detail(update(file(key=f"orders/a{suffix}")))["message"]

    wanted = {"json": ".json", "csv": ".csv", "tsv": ".tsv"}[file_format(suffix) or ""]
    assert message.endswith(f" --out rejected{wanted}")


def test_an_item_without_counts_and_reasons_can_be_told_of() -> None:
    bare = item(itemType=s("FILE"), status=s("FAILED"))

    assert detail(update(bare))["counts"] == {"rowsRead": 0, "rowsAccepted": 0, "rowsRejected": 0}


def test_the_id_of_a_notice_is_that_of_the_outcome() -> None:
    [one], [again] = notices(update(failed())), notices(update(failed(), "SUSPENDED"))
    [other] = notices(update(failed(40)))

    assert one == again
    assert one.event_id != other.event_id
