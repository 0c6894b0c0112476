"""The lines of a month: idle, under the stated load, and how both differ from a base."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from policies.templates.template import StackTemplate, resources
from review.cost.bills import RULES, status_index
from review.cost.month import FILE, Month, Table
from review.cost.per_million import ALL, per_million

SUMS = ("monthly_usd", "idle_usd", "delta_usd", "idle_delta_usd")
# Types of which nothing bills, each with the reason.
FREE: Mapping[str, str] = tomllib.loads(FILE.read_text())["free"]


class Item(NamedTuple):
    region: str
    service: str
    item: str
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
        {
            "region": item.region,
            "service": item.service,
            "item": item.item,
            "quantity": round(now[item], 3),
            "unit": prices.per[item.price],
            "price_usd": (price := prices.price[item.price]),
            "monthly_usd": _usd(now[item] * price),
            "idle_usd": _usd(idle[item] * price),
            "delta_usd": _usd((now[item] - before[item]) * price),
            "idle_delta_usd": _usd((idle[item] - idle_before[item]) * price),
        }
        for item in sorted({*now, *before})
    ]


def _quantities(stacks: Sequence[StackTemplate], table: Table) -> defaultdict[Item, float]:
    """Add up the same use of several resources."""
    found: defaultdict[Item, float] = defaultdict(float)
    for stack in stacks:
        month = Month(table, stack)
        for resource in stack.resources(*RULES):
            for use in RULES[resource.type](resource, month):
                region, service = use.region or stack.region, resource.type.split("::")[1]
                item = Item(region, service, use.item, use.price)
                found[item] += table.units(use.price, use.quantity)
    return found


def _usd(amount: float) -> float:
    return round(amount, 2) + 0.0  # not -0.0
