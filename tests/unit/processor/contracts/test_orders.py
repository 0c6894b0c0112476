from decimal import Decimal

import pytest

from services.processor.runtime.contracts.orders import CONTRACT
from services.processor.runtime.errors import RejectedRowError
from tests.unit.processor.files import order_json, order_row

STANDARD = {
    "orderId": "o-1",
    "orderedAt": "2026-01-31T22:30:00.250Z",
    "amount": Decimal("19.9"),
    "currency": "EUR",
    "category": "books",
    "quantity": 2,
    "customer": {"id": "c-1", "tier": "gold", "email": "ana@example.com"},
    "tags": ["b2b", "gift"],
    "note": "leave at the door",
}


def test_an_order_has_the_same_standard_form_from_json_and_from_csv() -> None:
    assert CONTRACT.from_json(order_json()) == STANDARD
    assert CONTRACT.from_csv(order_row()) == STANDARD


def test_spelling_is_normalised() -> None:
    standard = CONTRACT.from_json(
        order_json(
            id=" o-1 ",
            currency=" eur ",
            category=" Books",
            customer={"id": "c-1 ", "email": " Ana@Example.COM ", "tier": "gold"},
            tags=["gift", " b2b ", "gift"],
            note="  leave at the door\n",
        )
    )

    assert standard == STANDARD


def test_missing_values_are_absent_and_tags_are_always_a_list() -> None:
    bare = order_row(customer_email="", tags=" ", note="")

    standard = CONTRACT.from_csv(bare)

    assert standard["tags"] == []
    assert "note" not in standard
    assert standard["customer"] == {"id": "c-1", "tier": "gold"}
    assert standard == CONTRACT.from_json(
        order_json(customer={"id": "c-1", "email": None, "tier": "gold"}, tags=None, note=" ")
    )


def test_tags_are_in_one_order_whatever_order_they_came_in() -> None:
    standard = CONTRACT.from_csv(order_row(tags="f|b|d|a|c|e|b|a"))

    assert standard["tags"] == ["a", "b", "c", "d", "e", "f"]


@pytest.mark.parametrize(
    ("timestamp", "ordered_at"),
    [
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z"),
        ("2026-01-01T00:00:00.123999Z", "2026-01-01T00:00:00.123Z"),
        ("2026-01-01T01:30:00-05:30", "2026-01-01T07:00:00.000Z"),
        ("2026-01-01 00:00:00+02:00", "2025-12-31T22:00:00.000Z"),
    ],
)
def test_moments_are_written_in_utc_with_milliseconds(timestamp: str, ordered_at: str) -> None:
    assert CONTRACT.from_csv(order_row(timestamp=timestamp))["orderedAt"] == ordered_at


@pytest.mark.parametrize(
    ("amount", "exact"),
    [
        ("0", "0"),
        ("19.90", "19.9"),
        ("0.0001", "0.0001"),
        ("+5", "5"),
        ("1.00000", "1"),
        ("12345678901234567890.5", "12345678901234567890.5"),
    ],
)
def test_amounts_are_exact(amount: str, exact: str) -> None:
    raw = order_json().replace(b"19.9", amount.lstrip("+").encode())

    assert str(CONTRACT.from_csv(order_row(amount=amount))["amount"]) == exact
    assert str(CONTRACT.from_json(raw)["amount"]) == exact
    assert str(CONTRACT.from_json(order_json(amount=amount))["amount"]) == exact


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"id": ""}, "BAD_FORMAT", "id"),
        ({"id": " "}, "BAD_FORMAT", "id"),
        ({"id": "x" * 65}, "BAD_LENGTH", "id"),
        ({"id": 7}, "WRONG_TYPE", "id"),
        ({"timestamp": "2026-01-31T12:00:00"}, "BAD_FORMAT", "timestamp"),
        ({"timestamp": "31.01.2026"}, "BAD_FORMAT", "timestamp"),
        ({"timestamp": 1769860800}, "WRONG_TYPE", "timestamp"),
        ({"timestamp": "0001-01-01T00:00:00+05:00"}, "OUT_OF_RANGE", "timestamp"),
        ({"amount": -0.01}, "OUT_OF_RANGE", "amount"),
        ({"amount": 0.00001}, "BAD_FORMAT", "amount"),
        ({"amount": "NaN"}, "BAD_FORMAT", "amount"),
        ({"amount": "1_0"}, "BAD_FORMAT", "amount"),
        ({"amount": "12,50"}, "BAD_FORMAT", "amount"),
        ({"amount": True}, "WRONG_TYPE", "amount"),
        ({"amount": None}, "WRONG_TYPE", "amount"),
        ({"currency": "EURO"}, "BAD_FORMAT", "currency"),
        ({"currency": "€"}, "BAD_FORMAT", "currency"),
        ({"category": ""}, "BAD_FORMAT", "category"),
        ({"quantity": 0}, "OUT_OF_RANGE", "quantity"),
        ({"quantity": 1.5}, "WRONG_TYPE", "quantity"),
        ({"quantity": "2"}, "WRONG_TYPE", "quantity"),
        ({"customer": None}, "WRONG_TYPE", "customer"),
        ({"customer": {"id": "c"}}, "MISSING_FIELD", "customer.tier"),
        ({"customer": {"id": "c", "tier": "vip"}}, "UNKNOWN_VALUE", "customer.tier"),
        (
            {"customer": {"id": "c", "tier": "gold", "email": "ana"}},
            "BAD_FORMAT",
            "customer.email",
        ),
        ({"customer": {"id": "c", "tier": "gold", "vat": 1}}, "UNKNOWN_FIELD", "customer.vat"),
        ({"tags": "gift"}, "WRONG_TYPE", "tags"),
        ({"tags": ["gift", 1]}, "WRONG_TYPE", "tags[1]"),
        ({"discount": 5}, "UNKNOWN_FIELD", "discount"),
    ],
)
def test_an_order_that_breaks_the_contract_is_rejected_with_code_and_field(
    changes: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(RejectedRowError) as refused:
        CONTRACT.from_json(order_json(**changes))

    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"id": ""}, "MISSING_FIELD", "id"),
        ({"customer_tier": ""}, "MISSING_FIELD", "customer.tier"),
        ({"customer_email": "ana"}, "BAD_FORMAT", "customer.email"),
        ({"quantity": "two"}, "WRONG_TYPE", "quantity"),
        ({"quantity": "1.5"}, "WRONG_TYPE", "quantity"),
        ({"quantity": "-1"}, "OUT_OF_RANGE", "quantity"),
        ({"quantity": "٢"}, "WRONG_TYPE", "quantity"),
        ({"amount": "1e3"}, "BAD_FORMAT", "amount"),
        ({"tags": "gift||b2b"}, "BAD_FORMAT", "tags[1]"),
        ({"discount": "5"}, "UNKNOWN_FIELD", "discount"),
        ({"customer": "c-1"}, "UNKNOWN_FIELD", "customer"),
    ],
)
def test_a_csv_row_that_breaks_the_contract_is_rejected_with_code_and_field(
    changes: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(RejectedRowError) as refused:
        CONTRACT.from_csv(order_row(**changes))

    assert (refused.value.code, refused.value.field) == (code, field)


def test_an_amount_beyond_the_table_s_limits_is_left_to_them() -> None:
    raw = order_json().replace(b"19.9", b"1e300")

    assert str(CONTRACT.from_json(raw)["amount"]) == "1E+300"
