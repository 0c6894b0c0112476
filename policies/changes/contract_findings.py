"""What the gate says of a change in the data: a row of the table beside this, and its words."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from datasets.compatibility.comparison import DataComparison, DatasetChange
from datasets.compatibility.constraints import shown
from datasets.compatibility.differences import Case, Kind, bounded
from policies import patterns
from policies.finding import Finding, rule_id
from policies.gate import accepting_once
from policies.register import CHANGES

# A row of the table by its name, the part of the finding's id in brackets, and the row's words.
Said: TypeAlias = tuple[str, str, Mapping[str, object]]

TABLE = patterns.beside(__file__)
FINAL = {row["rule"] for row in TABLE.values() if row.get("final")}
RULES = dict.fromkeys(row["rule"] for row in TABLE.values())
# Characters of a result in a sentence; the review shows more of it.
TOLD = 60


def findings(compared: DataComparison) -> list[Finding]:
    """Return the findings of every dataset; ``FINAL`` ones can't be accepted."""
    return [_finding(each, *said) for each in compared.datasets for said in _of(each)]


def _of(change: DatasetChange) -> Iterator[Said]:
    yield from (("unstable", "", {"told": _told(case)}) for case in change.unstable[:1])
    yield from (("fault", "", {"case": case}) for case in change.faults[:1])
    yield from (("endless", each.partition(" ")[0], {"problem": each}) for each in change.endless)
    if change.after is None:
        yield "removed", "", {}
    elif change.before is not None:
        before, after = change.before["version"], change.after["version"]
        yield from _version(change, before, after)
        yield from _key(change)
        yield from (("listeners", words, {"words": words}) for words in change.broken_fields)
        # What one refuses that is not raised is told already.
        refused = (each for each in change.differences if each.kind == Kind.NARROWER)
        for each in refused if after > before else ():
            case = each.cases[0]
            shared = f", most with {case.shared}" if case.shared else ""
            words = {"refused": each.rows, "rows": change.rows, "shared": shared, "case": case}
            yield "refused", str(after), words


def _version(change: DatasetChange, before: int, after: int) -> Iterator[Said]:
    words = {"before": before, "after": after, "raised": before + 1, "module": change.module}
    if after < before:
        yield "lowered", f"{before} to {after}", words
    elif after == before and change.differences:
        rows = f"of {change.rows:,} rows"
        counts = ", ".join(f"{each.rows:,} {rows} {each.kind}" for each in change.differences)
        told = _told(change.differences[0].cases[0])
        yield "not_raised", str(after), {**words, "counts": counts, "told": told}


def _key(change: DatasetChange) -> Iterator[Said]:
    moved = [each for each in change.differences if each.kind == Kind.IDENTITY]
    declared = (
        (name, *change.declared[name]) for name in ("key", "time") if name in change.declared
    )
    what = "; ".join(f"{name} {shown(old)} to {shown(new)}" for name, old, new in declared)
    if moved:
        rows = sum(each.rows for each in moved)
        words = {"moved": rows, "rows": change.rows, "told": _told(moved[0].cases[0])}
        yield "moved", what or "other values", words
    elif what:
        yield "declared_otherwise", what, {"what": what, "rows": change.rows}


def _finding(of: DatasetChange, name: str, exact: str, words: Mapping[str, object]) -> Finding:
    row, module = TABLE[name], of.module
    rule = rule_id(row["rule"], exact)
    accept = "" if row["rule"] in FINAL else f"; {accepting_once(rule, module)}"
    return Finding(
        gate=CHANGES,
        rule=rule,
        path=module,
        message=row["why"].format(**words),
        remedy=row["remedy"].format(**words) + accept,
        source=module,
    )


def _told(case: Case) -> str:
    return f"{case.origin}: {bounded(case.before, TOLD)} became {bounded(case.after, TOLD)}"
