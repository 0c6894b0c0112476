"""The findings of every pack and rule, compared with the base: new, unchanged or fixed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from policies import validation_report
from policies.register import Grant
from policies.template import StackTemplate, region_of
from policies.validation_report import ReportError

Key: TypeAlias = tuple[str, str, str]
NEW, UNCHANGED, FIXED = "new", "unchanged", "fixed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reported:
    """The findings of one assembly, by rule, region and path, and its stacks."""

    stacks: Sequence[StackTemplate]
    entries: Mapping[Key, Mapping[str, Any]]


def read(
    folder: Path | None, stacks: Sequence[StackTemplate], granted: Sequence[Grant]
) -> Reported:
    """Return the findings in ``folder``; raise ``ReportError`` if there is no report."""
    if folder is None:
        raise ReportError("no assembly to read findings from")
    waivers = {(grant.finding, grant.path): _waiver(grant) for grant in granted}
    rows = (
        _row(plugin.plugin, entry, stacks, waivers)
        for plugin in validation_report.read(folder)
        for entry in plugin.entries
    )
    entries = {(row["rule"], row["region"], row["path"]): row for row in rows}
    return Reported(stacks=stacks, entries=entries)


def compared(now: Reported, base: Reported | None) -> list[Mapping[str, Any]]:
    """Return every finding with its ``state``, new ones first.

    Without a base all are unchanged.
    """
    before = now if base is None else base
    rows = list(_states(now.entries, before.entries))
    order = (NEW, FIXED, UNCHANGED)
    return sorted(
        rows,
        key=lambda row: (
            order.index(row["state"]),
            row["waived"],
            row["rule"],
            row["region"],
            row["path"],
        ),
    )


def _states(
    now: Mapping[Key, Mapping[str, Any]], before: Mapping[Key, Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    for key, row in now.items():
        yield {"state": UNCHANGED if key in before else NEW, **row}
    for key in before.keys() - now.keys():
        yield {"state": FIXED, **before[key]}


def _row(
    plugin: str,
    entry: validation_report.Entry,
    stacks: Sequence[StackTemplate],
    waivers: Mapping[tuple[str, str], Mapping[str, str]],
) -> Mapping[str, Any]:
    return {
        "waived": any(entry.acknowledged),
        "waiver": waivers.get((entry.rule, entry.acknowledged[1])),
        "plugin": plugin,
        "rule": entry.rule,
        "region": region_of(entry.path, stacks),
        "stack": _stack(entry.path, stacks),
        "path": entry.path,
        "message": entry.message,
        "source": entry.source,
    }


def _stack(path: str, stacks: Sequence[StackTemplate]) -> str:
    inside = [stack for stack in stacks if f"{path}/".startswith(f"{stack.path}/")]
    return max(inside, key=lambda stack: len(stack.path)).name if inside else ""


def _waiver(grant: Grant) -> Mapping[str, str]:
    waiver = grant.waiver
    return {
        "kind": waiver.kind,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "review_by": waiver.review_by.isoformat(),
    }
