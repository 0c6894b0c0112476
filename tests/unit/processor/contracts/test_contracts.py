from decimal import Decimal
from pathlib import Path

import pytest

from services.processor.runtime import contracts
from services.processor.runtime.contracts import CONTRACTS, contract_for
from services.processor.runtime.contracts.generic import CONTRACT as GENERIC
from services.processor.runtime.errors import RejectedRowError


def refusal(raw: bytes) -> tuple[str, str | None]:
    with pytest.raises(RejectedRowError) as refused:
        GENERIC.from_json(raw)
    return refused.value.code, refused.value.field


def test_every_module_in_the_folder_is_a_dataset() -> None:
    [folder] = contracts.__path__
    modules = {path.stem for path in Path(folder).glob("*.py")} - {"__init__"}

    assert {"generic", "orders", "readings"} <= modules == set(CONTRACTS)


@pytest.mark.parametrize(
    ("key", "dataset"),
    [
        ("orders/a.csv", "orders"),
        ("orders/2026/01/a.json", "orders"),
        ("orders.csv", "generic"),
        ("orders", "generic"),
        ("Orders/a.csv", "orders"),
        ("invoices/orders/a.csv", "generic"),
        ("/orders/a.csv", "orders"),
    ],
)
def test_the_first_folder_of_the_key_names_the_contract(key: str, dataset: str) -> None:
    assert contract_for(key).dataset == dataset


def test_any_object_is_kept_as_it_is_with_exact_numbers() -> None:
    raw = b'{"A b": 1.10, "n": 0.1234567890123456789, "i": 12345678901234567890123, "x": [null]}'

    assert GENERIC.from_json(raw) == {
        "A b": Decimal("1.1"),
        "n": Decimal("0.1234567890123456789"),
        "i": 12345678901234567890123,
        "x": [None],
    }


def test_csv_values_stay_text() -> None:
    assert GENERIC.from_csv({"a": "007", "b": " 1.10 "}) == {"a": "007", "b": " 1.10 "}


def test_the_last_of_two_values_of_a_field_counts() -> None:
    assert GENERIC.from_json(b'{"a": 1, "a": 2}') == {"a": 2}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "INVALID_JSON"),
        (b'{"a": 1', "INVALID_JSON"),
        (b'{"a": 1} x', "INVALID_JSON"),
        (b"{'a': 1}", "INVALID_JSON"),
        (b'{"a": NaN}', "INVALID_JSON"),
        (b'{"a": Infinity}', "INVALID_JSON"),
        (b'{"a": 01}', "INVALID_JSON"),
        (b"[1]", "NOT_AN_OBJECT"),
        (b"null", "NOT_AN_OBJECT"),
        (b'"text"', "NOT_AN_OBJECT"),
        (b'{"a": "\\ud800"}', "INVALID_UNICODE"),
        (b'{"a": "\\ud800 and more text"}', "INVALID_UNICODE"),
        (b'{"a": "\\udc00"}', "INVALID_UNICODE"),
        (b'{"\\ud800": 1}', "INVALID_UNICODE"),
        (b'{"a": "\xff"}', "INVALID_UNICODE"),
        (b'{"a": "\xed\xa0\x80"}', "INVALID_UNICODE"),
        (b'{"a": 1e99999999999999999999}', "NUMBER_OUT_OF_RANGE"),
        (b'{"a": %s}' % (b"1" * 5000), "NUMBER_OUT_OF_RANGE"),
        (b"1e400", "NUMBER_OUT_OF_RANGE"),
        (b'{"a": %s}' % (b"[" * 100_000 + b"]" * 100_000), "NESTED_TOO_DEEP"),
    ],
)
def test_anything_but_a_json_object_is_rejected_with_a_stable_code(raw: bytes, code: str) -> None:
    assert refusal(raw)[0] == code


def test_a_pair_of_surrogates_is_a_character() -> None:
    assert GENERIC.from_json(b'{"a": "\\ud83d\\ude00"}') == {"a": "\U0001f600"}
