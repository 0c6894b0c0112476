"""A refusal is a sentence: what was seen, within bounds, and what is wanted, with an example."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.contracts.orders import CONTRACT as ORDERS
from services.processor.runtime.errors import RejectedRowError
from tests.unit.processor.declaration.shop import goods, refusal
from tests.unit.processor.files import order_json, order_row


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"currency": "EURO"}, 'currency is "EURO"; expected three letters, for example "EUR"'),
        ({"quantity": 0}, "quantity is 0; expected a whole number of at least 1, for example 2"),
        (
            {"amount": "1,50"},
            (
                'amount is "1,50"; expected a number with a decimal point of at least 0, '
                'with at most 4 decimals, for example "19.90"'
            ),
        ),
        (
            {"timestamp": "31.01.2026"},
            'timestamp is "31.01.2026"; expected a moment such as "2026-01-31T23:59:59Z"',
        ),
        (
            {"customer": {"id": "c", "tier": "vip"}},
            'customer.tier is "vip"; expected one of "basic", "gold", "silver"',
        ),
        (
            {"customer": {"id": "c"}},
            'customer.tier is missing or empty; expected one of "basic", "gold", "silver"',
        ),
        ({"customer": 5}, "customer is 5; expected an object with id, tier, email"),
        ({"curency": "EUR"}, 'curency is not a field of orders; did you mean "currency"?'),
        (
            {"customer": {"id": "c", "tier": "gold", "vat": 1}},
            "customer.vat is not a field of customer; its fields are id, tier, email",
        ),
        (
            {"id": "x" * 100},
            (
                f'id is "{"x" * 59}…", 100 characters; '
                'expected a non-blank text of at most 64 characters, for example "o-1001"'
            ),
        ),
        (
            {"tags": ["gift", [1]]},
            (
                "tags[1] is a list; "
                'expected a non-blank text of at most 64 characters, for example "gift"'
            ),
        ),
    ],
)
def test_a_json_row_is_refused_with_a_sentence(changes: dict[str, object], message: str) -> None:
    assert refusal(lambda: ORDERS.from_json(order_json(**changes)))[2] == message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"currency": "EURO"}, 'currency is "EURO"; expected three letters, for example "EUR"'),
        (
            {"customer_tier": ""},
            'customer_tier is missing or empty; expected one of "basic", "gold", "silver"',
        ),
        (
            {"customer_mail": "a@b.c"},
            (
                "customer_mail is not a field of orders; "
                'did you mean "customer_email" or "customer_id" or "customer_tier"?'
            ),
        ),
    ],
)
def test_a_csv_row_is_refused_by_its_columns(changes: dict[str, str], message: str) -> None:
    assert refusal(lambda: ORDERS.from_csv(order_row(**changes)))[2] == message


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"7", "the row is 7; expected an object with id"),
        (b'{"id": 1,}', 'the row is not valid JSON from "}" on, byte 10'),
        (b'{"id": "x"', 'the row is not valid JSON: it ends too early, after "{\\"id\\": \\"x\\""'),
        (b'{"id": "\\ud800"}', "the row has an escape such as \\ud800 that is half a character"),
        (
            b'{"amount": 1, "amount": 1000000}',
            "amount is there twice, as 1 and as 1000000; expected once",
        ),
    ],
)
def test_a_row_that_is_no_json_object_is_refused_with_a_sentence(raw: bytes, message: str) -> None:
    assert refusal(lambda: ORDERS.from_json(raw))[2].startswith(message)


def test_an_unknown_column_is_named_even_if_a_cell_before_it_is_wrong() -> None:
    code, field, _ = refusal(lambda: goods().from_csv({"count": "two", "naem": "nails"}))

    assert (code, field) == ("UNKNOWN_FIELD", "naem")


@given(
    st.dictionaries(
        st.sampled_from(["id", "amount", "tags", "customer", "time", "value", "x" * 100_000]),
        st.recursive(
            st.none() | st.booleans() | st.floats(allow_nan=False) | st.just("y" * 100_000),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        ),
    )
)
def test_whatever_a_row_has_a_reason_stays_short_and_without_regular_expressions(
    row: dict[str, object],
) -> None:
    for name in ("orders", "readings"):
        with pytest.raises(RejectedRowError) as refused:
            CONTRACTS[name].from_json(json.dumps(row).encode())

        said = refused.value.message.removeprefix(refused.value.field or "")
        assert len(said) < 400
        assert "\\s" not in said
        assert "[A-Z" not in said
