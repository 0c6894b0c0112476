"""The demo's correction round: rejected rows come back as a file, are corrected and sent again.

Besides, one order is sent four times: the same file again under another name, again under its own
name, and corrected under its own name. In the end each order is one record, whatever the number of
files. The orders of each round on one cloud are others, because those of the last one are stored.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import naming
from local.demo import table_census
from local.demo.correction_files import CORRECTIONS, ORDERS, Files
from local.demo.delivery_run import DeliveryRun
from local.demo.file_outcome import Outcome
from local.demo.input_files import File
from local.demo.table_census import Address
from ops import items
from ops.change_events import RECORD_CHANGED, Listener
from ops.file_history import history, verdict
from ops.region import Region
from ops.rejected_rows import correction

Changes = Mapping[Address, list[str]]

OLD_AMOUNT, NEW_AMOUNT = "20", "25"


class Fact(NamedTuple):
    """Something that must hold after the round."""

    what: str
    expected: object
    got: object

    @property
    def holds(self) -> bool:
        """Return whether it is as expected."""
        return self.expected == self.got


@dataclass(frozen=True, kw_only=True)
class Round:
    """What was sent, in that order, and what must hold; ``command`` is what a producer types."""

    command: str
    corrected: str
    outcomes: list[Outcome]
    facts: list[Fact]

    @property
    def is_right(self) -> bool:
        """Return whether all counts match and every fact holds."""
        differ = any(outcome.differences() for outcome in self.outcomes)
        return not differ and all(fact.holds for fact in self.facts)


def run(regions: Mapping[str, Region], listeners: Mapping[str, Listener], folder: Path) -> Round:
    """Send everything to the primary region; the files that are sent stay below ``folder``."""
    primary = regions[naming.PRIMARY]
    files = _unused(primary, folder)
    files.folder.mkdir(parents=True, exist_ok=True)

    def send(*sent: File) -> list[Outcome]:
        return DeliveryRun(regions, listeners).send(sent)

    orders, first = send(files.orders(), files.one("one.json", OLD_AMOUNT))
    back = files.folder / "rejected.csv"
    _get_back(primary, orders.key, back)
    corrected, other_name, again = send(
        files.corrected(back),
        files.one("one-again.json", OLD_AMOUNT),
        files.one("one.json", OLD_AMOUNT),
    )
    [last] = send(files.one("one.json", NEW_AMOUNT))
    outcomes = [orders, corrected, first, other_name, again, last]
    heard = _changes(listeners[naming.PRIMARY], outcomes)
    return Round(
        command=f"ops rejected {orders.key} --out {back.name}",
        corrected=", ".join(
            f"{wrong or 'no amount'} → {right}" for wrong, right in CORRECTIONS.values()
        ),
        outcomes=outcomes,
        facts=[
            *_orders(regions, files, heard),
            *_rejected_rows(regions, files, orders, heard),
            *_one_order(regions, files, last, heard),
        ],
    )


def _get_back(region: Region, key: str, out: Path) -> None:
    """Do what ``ops rejected KEY --out`` does."""
    newest, *_ = history(region, key)
    lines, _ = correction(region, newest, key, "csv")
    with out.open("wb") as target:
        target.writelines(lines)


def _unused(region: Region, folder: Path) -> Files:
    """Return the first round whose orders are not stored yet."""
    rounds = (Files(folder / str(n), f"orders/correction/{n}", f"counter-{n}") for n in count(1))
    return next(each for each in rounds if not items.read(region, *each.addresses[0]))


def _changes(listener: Listener, outcomes: Sequence[Outcome]) -> Changes:
    """Return how each record of the files has been announced to have changed."""
    found: defaultdict[Address, list[str]] = defaultdict(list)
    for file_id in {outcome.delivery.stored.id for outcome in outcomes}:
        for each in listener.announced(RECORD_CHANGED, file_id):
            found[each.record_id, each.timestamp].append(each.change)
    return {address: sorted(changes) for address, changes in found.items()}


def _orders(regions: Mapping[str, Region], files: Files, heard: Changes) -> Iterator[Fact]:
    due = sorted([*files.addresses, files.one_address])
    found = {
        name: sorted(
            address
            for address in table_census.take(region, []).records
            if address[0].startswith(f"orders:{files.name}-")
        )
        for name, region in regions.items()
    }
    what = f"all {ORDERS} orders, and the one sent four times, are one record each, in both regions"
    yield Fact(what, dict.fromkeys(regions, due), found)
    created = {address[0]: ["CREATED"] for address in files.addresses}
    announced = {address[0]: heard.get(address) for address in files.addresses}
    yield Fact(f"each of the {ORDERS} was announced once, as CREATED", created, announced)


def _rejected_rows(
    regions: Mapping[str, Region], files: Files, orders: Outcome, heard: Changes
) -> Iterator[Fact]:
    amounts = {row: right for row, (_, right) in CORRECTIONS.items()}
    sent = orders.delivery.stored
    rejected = {row: (sent.record_id(row), sent.timestamp) for row in CORRECTIONS}
    found = {
        name: {row: _amount(region, files.addresses[row - 1]) for row in CORRECTIONS}
        for name, region in regions.items()
    }
    yield Fact("the corrected amounts are in both regions", dict.fromkeys(regions, amounts), found)
    statuses = {
        name: {row: _stored(region, address).get("status") for row, address in rejected.items()}
        for name, region in regions.items()
    }
    due = dict.fromkeys(regions, dict.fromkeys(rejected, "CORRECTED"))
    yield Fact("the rejected rows are CORRECTED in both regions", due, statuses)
    changes = {row: heard.get(address) for row, address in rejected.items()}
    both = {row: ["CREATED", "UPDATED"] for row in rejected}
    yield Fact("they were announced as CREATED, and then as UPDATED", both, changes)
    _, said = verdict(history(regions[naming.PRIMARY], orders.key))
    yield Fact("ops file says that all rows are in", "complete: all rows are in", said)


def _one_order(
    regions: Mapping[str, Region], files: Files, last: Outcome, heard: Changes
) -> Iterator[Fact]:
    newest = {"amount": NEW_AMOUNT, "version": last.delivery.stored.version}
    found = {
        name: {
            "amount": _amount(region, files.one_address),
            "version": _stored(region, files.one_address).get("source", {}).get("version"),
        }
        for name, region in regions.items()
    }
    what = f"the order sent four times has its newest amount, {NEW_AMOUNT}, in both regions"
    yield Fact(what, dict.fromkeys(regions, newest), found)
    changes = heard.get(files.one_address)
    yield Fact("it was announced once as CREATED, once as UPDATED", ["CREATED", "UPDATED"], changes)


def _stored(region: Region, address: Address) -> Mapping[str, Any]:
    return items.plain(items.read(region, *address))


def _amount(region: Region, address: Address) -> str:
    return str(_stored(region, address).get("data", {}).get("amount"))
