"""The lines of a month: idle, under the stated load, and how both differ from a base."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from policies.templates.template import StackTemplate, resources
from review.cost.bills import FREE, RULES
from review.cost.load import Table
from review.cost.per_million import ALL, per_million
from review.cost.storage import status_index
from review.cost.traffic import Traffic
from review.cost.use import Month, Use

SUMS = ("monthly_usd", "idle_usd", "delta_usd", "idle_delta_usd")


class Item(NamedTuple):
    region: str
    service: str
    item: str
    unit: str
    price: str


def estimate(
    stacks: Sequence[StackTemplate],
    table: Table | None = None,
    base: Sequence[StackTemplate] | None = None,
) -> Mapping[str, Any]:
    """Return the lines of a month, their sums, and the difference to ``base``.

    Both are for the load of ``stacks``, so that the difference is what the templates make. A line
    has ``monthly_usd`` under that load and ``idle_usd`` without files and deployments, and with a
    base ``delta_usd`` and ``idle_delta_usd``. ``unpriced`` lists types that no row speaks of.
    """
    prices = (table or Table.read()).of(stacks)
    lines = _lines(stacks, stacks if base is None else base, prices)
    types = {each.type for each in resources(stacks)}
    return {
        "load": dict(prices.load),
        "status_index": next(filter(None, map(status_index, stacks)), ALL),
        "per_million": per_million(prices),
        "prices_of": prices.as_of,
        "currency": prices.currency,
        "lines": lines,
        **{name: _usd(sum(line[name] for line in lines)) for name in SUMS},
        "unpriced": sorted(types - {*RULES} - {*FREE}),
    }


def _lines(
    stacks: Sequence[StackTemplate], base: Sequence[StackTemplate], prices: Table
) -> list[dict[str, Any]]:
    now, before = _quantities(stacks, prices), _quantities(base, prices)
    idle, idle_before = _quantities(stacks, prices.idle()), _quantities(base, prices.idle())
    return [
        _line(item, now, before, idle, idle_before, price=prices.price[item.price])
        for item in sorted({*now, *before})
    ]


def _line(item: Item, *quantities: Mapping[Item, float], price: float) -> dict[str, Any]:
    now, before, idle, idle_before = (each.get(item, 0.0) for each in quantities)
    return {
        "region": item.region,
        "service": item.service,
        "item": item.item,
        "quantity": round(now, 3),
        "unit": item.unit,
        "price_usd": price,
        "monthly_usd": _usd(now * price),
        "idle_usd": _usd(idle * price),
        "delta_usd": _usd((now - before) * price),
        "idle_delta_usd": _usd((idle - idle_before) * price),
    }


def _quantities(stacks: Sequence[StackTemplate], table: Table) -> Mapping[Item, float]:
    """Add up the same use of several resources."""
    found: dict[Item, float] = {}
    for item, use in _uses(stacks, table):
        found[item] = found.get(item, 0.0) + use.quantity
    return found


def _uses(stacks: Sequence[StackTemplate], table: Table) -> Iterator[tuple[Item, Use]]:
    for stack in stacks:
        month = Month(table=table, traffic=Traffic.of(stack, table))
        for resource in stack.resources():
            rule = RULES.get(resource.type)
            for use in rule(resource, month) if rule else ():
                region = use.region or stack.region
                service = resource.type.split("::")[1]
                yield Item(region, service, use.item, use.unit, use.price), use


def _usd(amount: float) -> float:
    return round(amount, 2) + 0.0  # not -0.0
