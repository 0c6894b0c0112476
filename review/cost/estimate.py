"""The lines of a month: idle, under the stated load, and how both differ from a base.

And what a million records cost, by what is done with each and by the setting ``statusIndex``.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from naming import REGIONS
from policies.templates.template import StackTemplate, resources
from review.cost.bills import RULES, status_index
from review.cost.month import AS_OF, CONTENT, PER, SETTINGS, Month, Table

SUMS = ("monthly_usd", "idle_usd", "delta_usd", "idle_delta_usd")
# Types of which nothing bills, each with the reason.
FREE: Mapping[str, str] = CONTENT["free"]
MILLION = 1e6


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
    prices = (table or Table()).of(stacks)
    lines = _lines(stacks, stacks if base is None else base, prices)
    return {
        "load": dict(prices.load),
        "status_index": next(filter(None, map(status_index, stacks)), SETTINGS[0]),
        "per_million": per_million(prices),
        "prices_of": AS_OF,
        "lines": lines,
        **{name: _usd(sum(line[name] for line in lines)) for name in SUMS},
        "unpriced": sorted({each.type for each in resources(stacks)} - {*RULES} - {*FREE}),
    }


def _lines(
    stacks: Sequence[StackTemplate], base: Sequence[StackTemplate], prices: Table
) -> list[dict[str, Any]]:
    now, before = _quantities(stacks, prices), _quantities(base, prices)
    idle, idle_before = _quantities(stacks, prices.idle()), _quantities(base, prices.idle())
    return [
        {
            **dict(zip(("region", "service", "item"), item, strict=False)),
            "quantity": round(now[item], 3),
            "unit": PER[item[-1]],
            "price_usd": (price := prices.price[item[-1]]),
            "monthly_usd": _usd(now[item] * price),
            "idle_usd": _usd(idle[item] * price),
            "delta_usd": _usd((now[item] - before[item]) * price),
            "idle_delta_usd": _usd((idle[item] - idle_before[item]) * price),
        }
        for item in sorted({*now, *before})
    ]


def _quantities(stacks: Sequence[StackTemplate], table: Table) -> Mapping[tuple[str, ...], float]:
    """Return the sums of all uses by region, service, item and the name of the price."""
    found = defaultdict[tuple[str, ...], float](float)
    for stack in stacks:
        month = Month(table, stack)
        for resource in stack.resources(*RULES):
            for use in RULES[resource.type](resource, month):
                where = use.region or stack.region, resource.type.split("::")[1]
                found[*where, use.item, use.price] += table.units(use.price, use.quantity)
    return found


def _usd(amount: float) -> float:
    return round(amount, 2) + 0.0  # not -0.0


def per_million(table: Table) -> list[dict[str, Any]]:
    """Return a line for each way to write and for all that a record costs besides its write.

    A line has ``what`` and, by setting, ``units`` (of writes) and ``usd`` for a million records.
    """
    price = table.price["dynamodb_writes"]
    lines: list[dict[str, Any]] = []
    for write in CONTENT["writes"]:
        of_table = (write["here"] + write["there"]) * table.units_per_write
        units = {setting: of_table + write["index"][setting] * len(REGIONS) for setting in SETTINGS}
        usd = {setting: round(each * price, 4) for setting, each in units.items()}
        lines.append({"what": write["what"], "units": units, "usd": usd})
    for what, takes in _others(table):
        cost = sum(table.units(name, each) * table.price[name] for name, each in takes.items())
        lines.append({"what": what, "units": {}, "usd": dict.fromkeys(SETTINGS, round(cost, 4))})
    return lines


def _others(table: Table) -> Iterator[tuple[str, Mapping[str, float]]]:
    """Yield what else a million records take, by the names of its prices."""
    load = table.load
    processor = load["processor_ms_per_record"] * load["processor_mb"]
    consumer = load["consumer_ms_per_change"] * load["consumer_mb"]
    files, moved = MILLION / load["records_per_file"], MILLION * table.item_bytes
    yield "EventBridge, event on the bus", {"eventbridge_events": MILLION}
    yield "Lambda, processor", {"lambda_arm_compute": MILLION * processor}
    yield "Lambda, stream consumer", {"lambda_arm_compute": MILLION * consumer}
    yield "Replication to the other region", {"transfer_between_regions": moved}
    yield "S3, put and get", {"s3_puts": files, "s3_gets": files}
    yield "DynamoDB Streams, read by Lambda", {}
