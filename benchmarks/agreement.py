"""A case is measured only if it writes the items of the product."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from benchmarks.errors import BenchmarkError

Stored = Mapping[str, Any]

# The one place that excuses a case: it is shown beside the others with its difference.
DIFFERENT_BY_NATURE: Mapping[str, str] = {
    "awswrangler_put_csv": "stores the cells as texts: no validation, standard form, id or digest",
}


class DifferingItemsError(BenchmarkError):
    """A case writes other items than the product; the message shows the first difference."""


def check(case: str, items: Sequence[Stored], of_the_product: Sequence[Stored]) -> None:
    """Raise ``DifferingItemsError`` unless a case writes the product's accepted items, each once.

    A case that differs by nature has to write as many.
    """
    items, wanted = _accepted(items), _accepted(of_the_product)
    if len(items) != len(wanted):
        raise DifferingItemsError(f"{case} writes {len(items)} items, the product {len(wanted)}")
    if case in DIFFERENT_BY_NATURE:
        return
    own, products = _by_name(items), _by_name(wanted)
    for name in products:
        if name not in own:
            raise DifferingItemsError(f"{case} writes no item {name}")
        if own[name] != products[name]:
            problem = f"{case} writes another item {name}: {_first(own[name], products[name])}"
            raise DifferingItemsError(problem)


def _accepted(items: Sequence[Stored]) -> list[Stored]:
    """Return the items without those of rejected rows, which only the product stores."""
    return [item for item in items if item.get("status") != {"S": "REJECTED"}]


def _by_name(items: Sequence[Stored]) -> dict[str, dict[str, Any]]:
    return {_name(item): {name: _plain(item[name]) for name in item} for item in items}


def _name(item: Stored) -> str:
    """Return what identifies an item, or an entry of EventBridge: its whole detail."""
    return str(item["recordId"]["S"] if "recordId" in item else item["Detail"])


def _plain(value: Any) -> Any:
    """Return a value with numbers that are equal if the table takes them for equal."""
    match value:
        case {"N": number}:
            return {"N": Decimal(number)}
        case {"M": members}:
            return {"M": {name: _plain(each) for name, each in members.items()}}
        case {"L": elements}:
            return {"L": [_plain(each) for each in elements]}
    return value


def _first(own: Mapping[str, Any], products: Mapping[str, Any]) -> str:
    for name in sorted({*own, *products}):
        if own.get(name) != products.get(name):
            return f"{name} is {own.get(name)}, the product's is {products.get(name)}"
    raise AssertionError("unreachable")
