from typing import Any

import pytest

from benchmarks.agreement import DIFFERENT_BY_NATURE, DifferingItemsError, check
from benchmarks.cases import BY_NAME

Item = dict[str, Any]


def item(record_id: str = "orders:1", **others: Item) -> Item:
    return {
        "recordId": {"S": record_id},
        "status": {"S": "ACCEPTED"},
        "data": {"M": {"amount": {"N": "19.9"}, "tags": {"L": [{"S": "gift"}]}}},
        **others,
    }


def test_a_case_with_the_same_items_in_another_order_is_measured() -> None:
    check("case", [item("orders:2"), item("orders:1")], [item("orders:1"), item("orders:2")])


def test_a_number_may_be_written_in_another_way() -> None:
    other = item(data={"M": {"amount": {"N": "19.90"}, "tags": {"L": [{"S": "gift"}]}}})

    check("case", [other], [item()])


@pytest.mark.parametrize(
    ("items", "problem"),
    [
        ([], "writes 0 items, the product 1"),
        ([item(), item()], "writes 2 items"),
        ([item("orders:2")], "writes no item orders:1"),
        ([item(digest={"S": "0"})], "digest is {'S': '0'}, the product's is None"),
        ([item(data={"M": {"amount": {"S": "19.9"}, "tags": {"L": []}}})], "data is"),
        ([item(data={"M": {"amount": {"N": "19.9"}}})], "data is"),
    ],
)
def test_a_case_with_other_items_is_refused(items: list[Item], problem: str) -> None:
    with pytest.raises(DifferingItemsError, match=r"^case writes") as refused:
        check("case", items, [item()])

    assert problem in str(refused.value)


def test_a_case_that_writes_one_item_twice_instead_of_another_is_refused() -> None:
    with pytest.raises(DifferingItemsError, match="writes no item orders:2"):
        check("case", [item(), item()], [item(), item("orders:2")])


def test_rejected_rows_are_the_products_alone() -> None:
    rejected = item("f0.000000020") | {"status": {"S": "REJECTED"}}

    check("case", [item()], [item(), rejected])


def test_a_case_that_differs_by_nature_has_to_write_as_many_items() -> None:
    [case] = DIFFERENT_BY_NATURE
    assert case in BY_NAME
    check(case, [{"id": {"S": "1"}}], [item()])

    with pytest.raises(DifferingItemsError, match="writes 0 items"):
        check(case, [], [item()])
