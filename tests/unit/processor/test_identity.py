from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.attributes import Plain
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.identity import identity
from services.processor.runtime.keys import file_precedence, keyed_record_id, precedence

MOMENT = "2026-01-31T12:00:00.000Z"


def refusal(key: tuple[str, ...], time: str | None, data: dict[str, Plain]) -> tuple[str, str]:
    with pytest.raises(RejectedRowError) as raised:
        identity("orders", key, time, data)
    return raised.value.code, str(raised.value.field)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1001", "orders:1001"),
        (1001, "orders:1001"),
        (Decimal("10.5"), "orders:10.5"),
        ("a:b|c\\d", "orders:a:b|c\\d"),
        (0, "orders:0"),
    ],
)
def test_a_record_is_found_by_its_dataset_and_key(value: Plain, expected: str) -> None:
    assert identity("orders", ("id",), "at", {"id": value, "at": MOMENT}) == (expected, MOMENT)


def test_without_a_moment_the_key_alone_identifies_the_record() -> None:
    first = identity("orders", ("id",), None, {"id": "1", "at": MOMENT})

    assert first == identity("orders", ("id",), None, {"id": "1", "at": "another"})


@given(parts=st.lists(st.text(alphabet="ab|\\", min_size=1), min_size=2, max_size=3))
def test_different_keys_never_have_one_id(parts: list[str]) -> None:
    joined = keyed_record_id("d", parts)

    read: list[str] = [""]
    letters = iter(joined.removeprefix("d:"))
    for letter in letters:
        if letter == "|":
            read.append("")
        else:
            read[-1] += next(letters) if letter == "\\" else letter
    assert read == parts


@pytest.mark.parametrize("value", [None, "", "  ", "\t", True, [], {}])
def test_a_record_without_a_value_in_its_key_is_refused(value: Plain) -> None:
    assert refusal(("id", "line"), None, {"id": "1", "line": value}) == ("EMPTY_KEY", "line")


def test_a_record_whose_key_is_missing_is_refused() -> None:
    assert refusal(("id",), None, {}) == ("EMPTY_KEY", "id")


@pytest.mark.parametrize("moment", [None, "", 5])
def test_a_record_without_its_moment_is_refused(moment: Plain) -> None:
    assert refusal(("id",), "at", {"id": "1", "at": moment}) == ("EMPTY_TIME", "at")


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "yesterday",
        "2026-01-31",
        "2026-01-31T12:00:00Z",
        "2026-01-31T13:00:00.000+01:00",
        "2026-01-31 12:00:00.000Z",
        MOMENT + "\n",
        MOMENT.lower(),
        "x" * 2000,
    ],
)
def test_one_moment_in_other_words_is_no_second_identity(text: str) -> None:
    assert refusal(("id",), "at", {"id": "1", "at": text}) == ("CONTRACT_ERROR", "at")


def test_a_key_may_be_as_long_as_the_table_takes_it() -> None:
    longest = 2048 - len("orders:")

    assert identity("orders", ("id",), None, {"id": "x" * longest})[0].endswith("x")
    assert refusal(("id",), None, {"id": "x" * (longest + 1)}) == ("KEY_TOO_LONG", "id")
    assert refusal(("id",), None, {"id": "ü" * (longest // 2 + 1)}) == ("KEY_TOO_LONG", "id")


def text(
    *, put: str = MOMENT, sequencer: str = "0A", version: str = "v", contract: int = 1, row: int = 1
) -> str:
    of_file = file_precedence(
        last_modified=put, sequencer=sequencer, version=version, contract_version=contract
    )
    return precedence(of_file, row)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (
            text(put=MOMENT, sequencer="FF", version="z", contract=9, row=9),
            text(put="2026-01-31T12:00:01.000Z", sequencer="00", version="a"),
        ),
        (text(sequencer="0A", version="z", contract=9, row=9), text(sequencer="0B", version="a")),
        (text(sequencer="0A", version="z"), text(sequencer="0A01", version="a")),
        (text(sequencer="0A", version="z"), text(sequencer="0A0", version="a")),
        (text(sequencer="", version="z"), text(sequencer="0", version="a")),
        (text(contract=1, row=9), text(contract=2, row=1)),
        (text(contract=9), text(contract=10)),
        (text(row=9), text(row=10)),
    ],
)
def test_the_newer_content_has_the_greater_precedence(older: str, newer: str) -> None:
    assert older < newer
