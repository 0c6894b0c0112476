"""What became of a scenario, in numbers, and the targets that it must meet."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from drill.listening import Said
from drill.oracle import Expected, counts
from drill.reading import Item, Key

RTO_TARGET_S = 30.0
# How much longer than its hold replication may leave acknowledged uploads behind.
RPO_BEYOND_HOLD_S = 2.0
LATE_AFTER_S = 30.0
SHOWN = 5


@dataclass(kw_only=True, slots=True)
class Rpo:
    """Acknowledged uploads that the survivor could not show, when the region was lost.

    ``seconds`` is from the oldest of them to the loss; ``held_s`` how long replication was held.
    """

    measured: bool = False
    uploads: int = 0
    rows: int = 0
    seconds: float = 0.0
    held_s: float = 0.0


@dataclass(kw_only=True, slots=True)
class Findings:
    """What a scenario has shown. Everything but ``late`` and ``repeated`` is to be zero.

    ``lost``: acknowledged uploads that no bucket has, and rows that a table lacks or has with
    contents that no file brought. ``duplicated``: items that no row
    accounts for. ``stale``: records with an older file's
    contents. ``late``: uploads announced as complete over ``LATE_AFTER_S`` after they were
    acknowledged. ``unaccounted``: files whose ledger entry is absent or says something else.
    """

    lost: int = 0
    duplicated: int = 0
    stale: int = 0
    late: int = 0
    unaccounted: int = 0
    events: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def note(self, what: str, found: Iterable[object]) -> int:
        """Keep a few examples of what was found; return how many there are."""
        listed = [str(each) for each in found]
        if listed:
            self.examples[what] = [*self.examples.get(what, ()), *listed[:SHOWN]]
        return len(listed)

    @property
    def misses(self) -> list[str]:
        """Return what misses its target, in words."""
        zero = {
            "lost": self.lost,
            "duplicated": self.duplicated,
            "stale": self.stale,
            "unaccounted": self.unaccounted,
            "events lost": self.events.get("lost", 0),
            "events duplicated": self.events.get("duplicated", 0),
        }
        return [f"{name}: {count} instead of 0" for name, count in zero.items() if count]


def judge(
    expected: Expected,
    tables: Mapping[str, Mapping[Key, Item]],
    said: Mapping[str, Said] | None,
    times: Counter[str],
) -> Findings:
    """Compare what must be there with what both tables have and what was announced.

    Without ``said``, nobody has listened, and nothing is said of events.
    """
    findings = Findings()
    findings.lost = findings.note("lost", (upload.key for upload in expected.missing))
    for region, items in tables.items():
        _judge_table(findings, expected, region, items)
    if said is None:
        findings.events = dict.fromkeys(("expected", "lost", "duplicated", "repeated"), 0)
    else:
        _judge_events(findings, expected, said, times)
    return findings


def _judge_table(
    findings: Findings, expected: Expected, region: str, items: Mapping[Key, Item]
) -> None:
    wanted = {**expected.records, **expected.rejected}
    absent = [key for key in wanted if key not in items]
    wrong = [key for key, data in expected.records.items() if _differs(items.get(key), data)]
    stale = [key for key in wrong if items[key].get("data") in expected.older.get(key, ())]
    garbled = [key for key in wrong if key not in set(stale)]
    codes = [
        key
        for key, code in expected.rejected.items()
        if key in items and items[key].get("error", {}).get("code") != code
    ]
    known = {*wanted, *expected.files}
    findings.lost += findings.note(f"lost in {region}", absent)
    findings.lost += findings.note(f"other contents in {region}", garbled + codes)
    findings.stale += findings.note(f"stale in {region}", stale)
    findings.duplicated += findings.note(
        f"unexpected in {region}", (key for key in items if key not in known)
    )
    findings.unaccounted += findings.note(
        f"unaccounted in {region}",
        (
            f"{upload.key} {_ledger(items.get(key))}"
            for key, upload in expected.files.items()
            if any((items.get(key) or {}).get(n) != v for n, v in counts(upload).items())
        ),
    )


def _differs(item: Item | None, data: dict[str, Any]) -> bool:
    return item is not None and item.get("data") != data


def _ledger(item: Item | None) -> str:
    return "has no ledger entry" if item is None else f"is {item.get('status')}"


def _judge_events(
    findings: Findings, expected: Expected, said: Mapping[str, Said], times: Counter[str]
) -> None:
    """Find final states that were not announced, and states with more than one id."""
    states = Counter(_state(each.key, each.status, each.data) for each in said.values())
    brought = Counter(_state(key, "ACCEPTED", data) for key, data in expected.brought)
    brought |= Counter(_state(key, "REJECTED", None) for key in expected.rejected)
    files = {_state(key, "COMPLETED", None) for key in expected.files}
    last = {_state(key, "ACCEPTED", data) for key, data in expected.records.items()}
    wanted = {*last, *files, *(_state(key, "REJECTED", None) for key in expected.rejected)}
    lost = [state for state in wanted if not states[state]]
    # Contents that two files brought to two regions, before either knew, have two ids.
    twice = [state for state, times in brought.items() if states[state] > times]
    findings.events = {
        "expected": len(wanted),
        "lost": findings.note("not announced", lost),
        "duplicated": findings.note("announced under two ids", twice),
        # The same id once more, as docs/events.md allows.
        "repeated": sum(times[event] - 1 for event in said),
    }


def _state(key: Key, status: str, data: object) -> str:
    return f"{key[0]} {key[1]} {status} {_canonical(data)}"


def _canonical(data: object) -> str:
    if isinstance(data, Mapping):
        return "{" + ",".join(f"{n}:{_canonical(data[n])}" for n in sorted(data)) + "}"
    if isinstance(data, list):
        return "[" + ",".join(map(_canonical, data)) + "]"
    return f"{data.normalize():f}" if isinstance(data, Decimal) else str(data)


def as_json(findings: Findings) -> dict[str, Any]:
    """Return the findings for ``drill.json``."""
    return asdict(findings)


def slow(rto_s: float | None, rpo: Rpo) -> list[str]:
    """Return what misses the targets of time, in words; an RTO that was not measured does."""
    found = []
    if rto_s is None or rto_s > RTO_TARGET_S:
        found.append(f"RTO {rto_s} s instead of {RTO_TARGET_S:.0f}")
    if rpo.seconds > rpo.held_s + RPO_BEYOND_HOLD_S:
        found.append(f"RPO {rpo.seconds} s, though replication was held for {rpo.held_s} s")
    return found
