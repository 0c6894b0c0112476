"""How the outcomes of rows differ between two commits: what producers and listeners notice."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from datasets.compatibility import standard_form

Outcome = Mapping[str, Any]

MOST_CASES = 3
LONGEST = 240
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Kind(StrEnum):
    """What becomes of a row."""

    NARROWER = "accepted before, refused now"
    WIDER = "refused before, accepted now"
    FORM = "stored in another form"
    IDENTITY = "stored under another key or time"
    REASON = "refused for another reason"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One row before and after, in texts of at most ``LONGEST`` characters.

    ``alike`` is how many more rows differ in the same way: by the same codes and fields. Most
    of these have ``shared`` in common, and fewer of all rows.
    """

    origin: str
    row: str
    before: str
    after: str
    alike: int = 0
    shared: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """How many rows differ in one way, and a few of them, as different as possible."""

    kind: Kind
    rows: int
    cases: tuple[Case, ...]

    def as_data(self) -> Mapping[str, Any]:
        return {
            "kind": self.kind,
            "rows": self.rows,
            "cases": [asdict(case) for case in self.cases],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """One row and what the contracts of both sides make of it; ``worker.py`` has the outcomes."""

    origin: str
    row: str
    before: Outcome
    after: Outcome

    def kinds(self) -> list[Kind]:
        """Return in which ways the outcomes differ; none if they are the same."""
        before, after = self.before, self.after
        if not before["code"] and not after["code"]:
            differing = {Kind.FORM: "data", Kind.IDENTITY: "identity"}
            return [kind for kind, name in differing.items() if before[name] != after[name]]
        if before["code"] == after["code"]:
            return []
        if not before["code"]:
            return [Kind.NARROWER]
        return [Kind.REASON if after["code"] else Kind.WIDER]

    def forms(self) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Return both standard forms; None if a side refuses the row."""
        before, after = form(self.before), form(self.after)
        return None if before is None or after is None else (before, after)

    def differing(self) -> tuple[str, ...]:
        """Return the names in the standard form that differ, or the fields that are to blame."""
        forms = self.forms()
        if forms is None:
            return (self.before.get("field", ""), self.after.get("field", ""))
        old, new = forms
        return tuple(sorted(n for n in {**old, **new} if old.get(n, ()) != new.get(n, ())))

    def case(self, kind: Kind | None = None) -> Case:
        """Return the row and its outcomes as texts, reduced to what differs."""
        if kind == Kind.IDENTITY:
            said = [_identity(outcome) for outcome in (self.before, self.after)]
        elif (forms := self.forms()) is not None:
            said = [_only(each, self.differing()) for each in forms]
        else:
            said = [_said(self.before, self.after), _said(self.after, self.before)]
        before, after = map(bounded, said)
        origin, row = bounded(self.origin), bounded(self.row)
        return Case(origin=origin, row=row, before=before, after=after)

    def with_after(self, outcome: Outcome) -> "Pair":
        """Return the pair with another outcome of the second side."""
        return replace(self, after=outcome)


def differences(pairs: Sequence[Pair]) -> list[Difference]:
    """Return the differences of each kind that there is."""
    found = [(kind, pair) for pair in pairs for kind in pair.kinds()]
    common = _common(pairs) if found else set()
    own = {kind: [pair for of, pair in found if of == kind] for kind in Kind}
    return [
        Difference(kind=kind, rows=len(rows), cases=_cases(kind, rows, common))
        for kind, rows in own.items()
        if rows
    ]


def broken_fields(pairs: Sequence[Pair]) -> list[str]:
    """Return what listeners trip over; nothing if one side accepts no row."""
    before = [each for each in (form(pair.before) for pair in pairs) if each is not None]
    after = [each for each in (form(pair.after) for pair in pairs) if each is not None]
    if not before or not after:
        return []
    renamed = standard_form.renamed(each for each in (pair.forms() for pair in pairs) if each)
    known, now = (standard_form.fields_of(side) for side in (before, after))
    return standard_form.breaks(known, now, renamed)


def form(outcome: Outcome) -> dict[str, Any] | None:
    """Return the standard form of a row, with exact numbers; None if there is none."""
    parsed = None if outcome["code"] else json.loads(outcome["data"], parse_float=Decimal)
    return parsed if isinstance(parsed, dict) else None


def bounded(text: str, most: int = LONGEST) -> str:
    """Return at most ``most`` characters of a text, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _cases(kind: Kind, pairs: Iterable[Pair], common: set[tuple[str, str]]) -> tuple[Case, ...]:
    """Return the shortest row of each of the ways in which most rows differ."""
    ways: dict[object, list[Pair]] = defaultdict(list)
    for pair in sorted(pairs, key=lambda each: len(each.row)):
        ways[pair.before["code"], pair.after["code"], pair.differing()].append(pair)
    most = sorted(ways.values(), key=len, reverse=True)[:MOST_CASES]
    return tuple(
        replace(own[0].case(kind), alike=len(own) - 1, shared=_shared(own, common)) for own in most
    )


def _shared(pairs: Sequence[Pair], common: set[tuple[str, str]]) -> str:
    """Return in words what most of several rows have, and fewer of the dataset."""
    own = sorted(_common(pairs) - common) if len(pairs) > 1 else []
    return bounded(", ".join(" ".join(each) for each in own))


def _common(pairs: Sequence[Pair]) -> set[tuple[str, str]]:
    forms = (form(pair.before) or form(pair.after) for pair in pairs)
    return standard_form.common([each for each in forms if each])


def _only(whole: Mapping[str, Any], names: Iterable[str]) -> str:
    return _ENCODER.encode({name: whole[name] for name in names if name in whole}).decode()


def _identity(outcome: Outcome) -> str:
    return " at ".join(outcome["identity"]) if outcome["identity"] else "its file and row"


def _said(outcome: Outcome, other: Outcome) -> str:
    """Return an outcome; of a refusal also the value to blame, if the ``other`` side accepts it."""
    if not outcome["code"]:
        return str(outcome["data"])
    if outcome.get("fault"):
        return f"{outcome['code']}: {outcome['fault']}"
    name = outcome.get("field") or ""
    value = (form(other) or {}).get(name)
    told = f" ({value})" if isinstance(value, standard_form.SCALARS) else ""
    return f"{outcome['code']} at {name}{told}" if name else str(outcome["code"])


def own_pairs(dataset: str, pairs: Sequence[Pair], unstable: Sequence[Case]) -> Iterator[Pair]:
    """Yield the rows of a dataset that both sides know, but for those that say nothing."""
    unsure = {(case.origin, case.row) for case in unstable}
    for pair in pairs:
        if {pair.before["dataset"], pair.after["dataset"]} <= {dataset, ""}:
            named = (bounded(pair.origin), bounded(pair.row))
            if named not in unsure:
                yield pair
