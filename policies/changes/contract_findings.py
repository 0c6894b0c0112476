"""What the gate says of a change in the data: rules, each with what to do instead."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from datasets.compatibility.comparison import DataComparison, DatasetChange, shown
from datasets.compatibility.differences import Case, Kind, bounded
from policies.changes.sources import digest
from policies.finding import Finding, rule_id
from policies.register import CHANGES
from policies.row import accepting_once

VERSION = "data/contract-version-not-raised"
UNSTABLE = "data/not-deterministic"
FAULT = "data/contract-fails"
ENDLESS = "data/pattern-not-linear"
KEY = "data/key-changed"
LISTENERS = "data/breaks-listeners"
REMOVED = "data/dataset-removed"
REFUSED = "data/rows-refused"
UNSEEN = "data/changed-beyond-the-rows"
# What no row accepts: it can always be put right.
FINAL = (VERSION, UNSTABLE, FAULT, ENDLESS)
RULES = (*FINAL, KEY, LISTENERS, REMOVED, REFUSED, UNSEEN)
# Characters of a result in a sentence; the review shows more of it.
TOLD = 60


class _Rule(NamedTuple):
    """What is found of one dataset: ``exact`` is the part of the id in brackets."""

    name: str
    message: str
    remedy: str
    exact: str = ""


def findings(compared: DataComparison) -> list[Finding]:
    """Return the findings of every dataset; ``FINAL`` ones can't be accepted."""
    found = [_finding(each.module, rule) for each in compared.datasets for rule in _of(each)]
    return [*found, *_shared(compared)]


def _of(change: DatasetChange) -> Iterator[_Rule]:
    yield from map(_unstable, change.unstable[:1])
    yield from map(_fault, change.faults[:1])
    yield from map(_endless, change.endless)
    if change.after is None:
        yield _Rule(
            name=REMOVED,
            message="its files would be stored as they are, without a contract: nothing is refused "
            "any more, no key is known, and listeners get records of the dataset generic",
            remedy="keep the module",
        )
    elif change.before is not None:
        yield from _version(change, change.before["version"], change.after["version"])
        yield from _key(change)
        yield from _listeners(change)
        yield from _refused(change, change.before["version"], change.after["version"])


def _unstable(case: Case) -> _Rule:
    return _Rule(
        name=UNSTABLE,
        message=f"the same row gives different results: {_told(case)}. So a file that is "
        "delivered again would change its records",
        remedy="take every value from the row: no clock, no random number, no local time zone, "
        "nothing kept from one row to the next, and sets only with sorted(...)",
    )


def _fault(case: Case) -> _Rule:
    return _Rule(
        name=FAULT,
        message=f"a row makes the contract fail, {case.origin}: {case.row}: {case.after}",
        remedy="let the type of the field refuse such a row, or raise "
        "RejectedRowError(code, sentence, field) for it in standardise",
    )


def _endless(problem: str) -> _Rule:
    return _Rule(
        name=ENDLESS,
        exact=problem.partition(" ")[0],
        message=f"{problem}: one row's text can hold the function until its time is over, and then "
        "again on each retry",
        remedy="begin it with ^ and let the next character decide every choice; what that does not "
        "express, standardise can refuse",
    )


def _version(change: DatasetChange, before: int, after: int) -> Iterator[_Rule]:
    raised = f"set version = {before + 1} in {change.module}"
    if after < before:
        message = f"version was {before}, is {after}: what a lower version makes replaces nothing"
        yield _Rule(name=VERSION, exact=f"{before} to {after}", message=message, remedy=raised)
    elif after == before and change.differences:
        rows = f"of {change.rows} rows"
        counts = ", ".join(f"{each.rows} {rows} {each.kind}" for each in change.differences)
        yield _Rule(
            name=VERSION,
            exact=str(after),
            message=f"version {after} gives other results than before: {counts}; e.g. "
            f"{_told(change.differences[0].cases[0])}. Files that were processed with version "
            f"{after} are not processed again, so both results would stand side by side",
            remedy=raised,
        )
    elif after == before and change.says:
        yield _unseen(change.says, f"None of {change.rows} rows", raised)


def _shared(compared: DataComparison) -> Iterator[Finding]:
    """Yield what a module may change in contracts that do what they did, as far as rows show."""
    same = [each.dataset for each in compared.datasets if each.state in {"same", "edited"}]
    for each in compared.shared:
        if names := [name for name in each.datasets if name in same]:
            who = f"{bounded(', '.join(names))} use it, and none of their rows"
            yield _finding(each.module, _unseen(each.says, who, "raise each version"))


def _unseen(says: Sequence[str], who: str, raised: str) -> _Rule:
    said = ", ".join(says)
    is_short = len(said) <= TOLD and said.isprintable()
    return _Rule(
        name=UNSEEN,
        exact=said if is_short else digest(said.encode()),
        message=f"it says other values than before: {bounded(said)}. {who} shows what that does, "
        "so another row may be stored otherwise, beside what was made of it before",
        remedy=f"add a row to samples/ that shows it, or {raised}",
    )


def _key(change: DatasetChange) -> Iterator[_Rule]:
    moved = [each for each in change.differences if each.kind == Kind.IDENTITY]
    names = [name for name in ("key", "time") if name in change.declared]
    if not moved and not names:
        return
    what = "; ".join(
        f"{name} {shown(change.declared[name][0])} to {shown(change.declared[name][1])}"
        for name in names
    )
    rows = sum(each.rows for each in moved)
    message = (
        f"{rows} of {change.rows} rows get another key or time, e.g. {_told(moved[0].cases[0])}. "
        "What is stored already is not replaced: it stays, as a second record"
        if moved
        else f"{what}: no row of the {change.rows} that were compared is stored elsewhere for it, "
        "but what identifies a record is declared otherwise than before"
    )
    yield _Rule(
        name=KEY,
        exact=what or "other values",
        message=message,
        remedy="keep key and time and what standardise writes into them; or make a new dataset",
    )


def _refused(change: DatasetChange, before: int, after: int) -> Iterator[_Rule]:
    """Yield what a raised version refuses; of one that is not raised, that is told already."""
    refused = (each for each in change.differences if each.kind == Kind.NARROWER)
    for each in refused if after > before else ():
        yield _Rule(
            name=REFUSED,
            exact=str(after),
            message=f"{each.rows} of {change.rows} rows were accepted and are refused now, e.g. "
            f"{_told(each.cases[0])}. Whoever sends such rows loses them from the next file on",
            remedy="accept them as before, or agree on it with the producers",
        )


def _listeners(change: DatasetChange) -> Iterator[_Rule]:
    for words in change.broken_fields:
        yield _Rule(
            name=LISTENERS,
            exact=words,
            message=f"in the standard form {words}: a listener that reads the field as it was "
            "fails, or finds nothing",
            remedy="keep the field as it was and add a new one beside it",
        )


def _finding(module: str, found: _Rule) -> Finding:
    rule = rule_id(found.name, found.exact)
    accept = f"; {accepting_once(rule, module)}"
    return Finding(
        gate=CHANGES,
        rule=rule,
        region="",
        path=module,
        message=found.message,
        remedy=found.remedy + ("" if found.name in FINAL else accept),
        source=module,
    )


def _told(case: Case) -> str:
    return f"{case.origin}: {bounded(case.before, TOLD)} became {bounded(case.after, TOLD)}"
