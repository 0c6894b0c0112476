"""What became of a scenario, as a plain sentence."""

from collections.abc import Mapping
from typing import Any

from drill.judgement import RTO_TARGET_S

# What must be zero, in the order in which it is told.
ZERO = ("lost", "duplicated", "stale", "unaccounted")


def sentence(result: Mapping[str, Any]) -> str:
    """Return a scenario's result, as ``drill.json`` has it, as one line for people.

    It says how much data a loss of the region would have cost only where that was measured.
    """
    parts = [_served(result["rto_s"])]
    if result["rpo"]["measured"]:
        parts.append(_behind(result["rpo"]))
    parts += [_kept(result), _announced(result["events"])]
    if result["late"]:
        parts.append(f"{result['late']:,} files announced late")
    return f"{result['name']}: {result['verdict']} in {result['seconds']} s; {'; '.join(parts)}"


def _served(rto_s: float | None) -> str:
    if rto_s is None:
        return "no new record was readable after the fault"
    return f"new records readable {rto_s} s after the fault (target {RTO_TARGET_S:.0f} s)"


def _behind(rpo: Mapping[str, Any]) -> str:
    if not rpo["uploads"]:
        return "the survivor had every acknowledged upload"
    return (
        f"the survivor lacked {rpo['uploads']:,} acknowledged uploads ({rpo['rows']:,} rows) "
        f"of the last {rpo['seconds']} s, with replication held for {rpo['held_s']} s"
    )


def _kept(result: Mapping[str, Any]) -> str:
    found = [f"{result[name]:,} {name}" for name in ZERO if result[name]]
    return ", ".join(found) or "nothing lost, duplicated or stale"


def _announced(events: Mapping[str, int]) -> str:
    said = f"{events['expected'] - events['lost']:,} events announced"
    more = [
        f"{events[name]:,} {name}" for name in ("lost", "duplicated", "repeated") if events[name]
    ]
    return f"{said} ({', '.join(more)})" if more else said
