"""msgspec's messages quote the row: the producer's words are not mistaken for msgspec's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.contracts.orders import CONTRACT
from services.processor.runtime.errors import RejectedRowError
from tests.unit.processor.files import order_json


def refusal(raw: bytes) -> tuple[str, str | None]:
    with pytest.raises(RejectedRowError) as refused:
        CONTRACT.from_json(raw)
    return refused.value.code, refused.value.field


@given(name=st.lists(st.sampled_from(["a", "`", " - at `$", ".b", "\n"]), min_size=1).map("".join))
def test_an_unknown_field_is_named_whatever_its_name_says(name: str) -> None:
    customer = {"id": "c", "tier": "gold", name: 1}

    assert refusal(order_json(customer=customer)) == ("UNKNOWN_FIELD", f"customer.{name}")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"a - at `$.b": 1}, "UNKNOWN_FIELD", "a - at `$.b"),
        ({"customer": {"id": "c", "tier": "a` - at `$.b`"}}, "UNKNOWN_VALUE", "customer.tier"),
    ],
)
def test_a_producer_s_text_is_not_mistaken_for_the_path_of_the_error(
    changes: dict[str, object], code: str, field: str
) -> None:
    assert refusal(order_json(**changes)) == (code, field)


def test_a_number_that_no_field_can_hold_is_out_of_range() -> None:
    raw = order_json(quantity=12345)

    assert refusal(raw.replace(b"12345", b"1e400")) == ("NUMBER_OUT_OF_RANGE", "quantity")
    assert refusal(raw.replace(b"12345", b"1e999999999")) == ("NUMBER_OUT_OF_RANGE", "quantity")
