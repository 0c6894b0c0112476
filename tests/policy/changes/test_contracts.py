"""Every hazardous change of a contract stops the commit, each by its own rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import pytest

from datasets.compatibility import comparison
from datasets.compatibility.comparison import CONTRACTS, DataComparison, DatasetChange
from datasets.compatibility.differences import Kind
from policies.changes.comparison import Base, compare
from policies.changes.resource_spec import Spec
from policies.finding import Finding
from policies.register import Waiver
from tests.policy.changes.sides import PARCELS, ROOT, side

Edit: TypeAlias = tuple[str, str]
RAISED: Edit = ("version=3", "version=4")


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """``edits`` of the contract's text; rule ``rule`` must say ``says``."""

    what: str
    edits: Sequence[Edit]
    rule: str
    says: str


CHANGES = (
    Change(
        what="a renamed field",
        edits=[RAISED, ('"city"', '"town"')],
        rule="data/breaks-listeners[city is now town]",
        says="city",
    ),
    Change(
        what="a dropped field",
        edits=[RAISED, ('"city": parcel.city.strip(),', "")],
        rule="data/breaks-listeners[city is gone]",
        says="city is gone",
    ),
    Change(
        what="a field that takes less",
        edits=[RAISED, ("le=30000", "le=20000")],
        rule="data/rows-refused[4]",
        says="loses them from the next file on",
    ),
    Change(
        what="a field that is not always there",
        edits=[
            RAISED,
            ("return standard", "return {k: v for k, v in standard.items() if v != 'x'}"),
        ],
        rule="data/breaks-listeners[city is not always there]",
        says="always",
    ),
    Change(
        what="a number that becomes text",
        edits=[RAISED, ('"grams": parcel.grams', '"grams": str(parcel.grams)')],
        rule="data/breaks-listeners[grams was whole number, is now text]",
        says="grams",
    ),
    Change(
        what="a whole number that may have decimals",
        edits=[RAISED, ("grams: Annotated[int, Meta(ge=1, le=30000)]", "grams: Number")],
        rule="data/breaks-listeners[grams was whole number, is now number]",
        says="grams",
    ),
    Change(
        what="another key",
        edits=[RAISED, ('key=("parcelId",)', 'key=("city",)')],
        rule="data/key-changed[key parcelId to city]",
        says="second record",
    ),
    Change(
        what="no key any more",
        edits=[RAISED, ('key=("parcelId",)', "key=()"), ('time="sentAt"', "time=None")],
        rule="data/key-changed[key parcelId to none; time sentAt to none]",
        says="its file and row",
    ),
    Change(
        what="a key in another spelling",
        edits=[RAISED, ("parcel.id.strip()", "parcel.id.strip().lower()")],
        rule="data/key-changed[other values]",
        says="parcels:",
    ),
    Change(
        what="narrower input, version not raised",
        edits=[("le=30000", "le=20000")],
        rule="data/contract-version-not-raised[3]",
        says=Kind.NARROWER,
    ),
    Change(
        what="wider input, version not raised",
        edits=[("le=30000", "le=40000")],
        rule="data/contract-version-not-raised[3]",
        says=Kind.WIDER,
    ),
    Change(
        what="another form, version not raised",
        edits=[("parcel.city.strip()", "parcel.city.strip().title()")],
        rule="data/contract-version-not-raised[3]",
        says=Kind.FORM,
    ),
    Change(
        what="a lower version",
        edits=[("version=3", "version=2")],
        rule="data/contract-version-not-raised[3 to 2]",
        says="replaces nothing",
    ),
    Change(
        what="an exception on some rows",
        edits=[RAISED, ("parcel.city.strip()", '{"Oslo": "O", "Bergen": "B"}[parcel.city]')],
        rule="data/contract-fails",
        says="KeyError in parcels.py",
    ),
    Change(
        what="a pattern that a text can make try for ever",
        edits=[RAISED, (r'pattern=r"\S"', r'pattern=r"^\s*([\w-]+\s?)*$"')],
        rule="data/pattern-not-linear[id]",
        says="one row's text can hold the function",
    ),
    Change(
        what="a clock",
        edits=[RAISED, ('"grams"', '"year": datetime.now(UTC).year, "grams"')],
        rule="data/not-deterministic",
        says="year",
    ),
    Change(
        what="a clock of seconds",
        edits=[RAISED, ('"grams"', '"at": int(time.time()) // 86400, "grams"')],
        rule="data/not-deterministic",
        says='"at"',
    ),
    Change(
        what="today's date",
        edits=[RAISED, ('"grams"', '"day": str(date.today()), "grams"')],
        rule="data/not-deterministic",
        says='"day"',
    ),
    Change(
        what="a random number",
        edits=[RAISED, ('"grams"', '"lot": random.randrange(10**9), "grams"')],
        rule="data/not-deterministic",
        says='"lot"',
    ),
    Change(
        what="the order of a set",
        edits=[RAISED, ("sorted({*parcel.labels})", "list({*parcel.labels})")],
        rule="data/not-deterministic",
        says='"labels"',
    ),
    Change(
        what="a local time zone",
        edits=[RAISED, ('"grams"', '"hour": parcel.sent.astimezone().hour, "grams"')],
        rule="data/not-deterministic",
        says='"hour"',
    ),
    Change(
        what="a counter",
        edits=[RAISED, ('"grams"', '"number": next(COUNTER), "grams"')],
        rule="data/not-deterministic",
        says='"number"',
    ),
    Change(
        what="a moment that must not lie in the future",
        edits=[
            RAISED,
            (
                "    standard:",
                "    check(parcel.sent <= datetime.now(UTC))\n    standard:",
            ),
        ],
        rule="data/not-deterministic",
        says="BAD_FORMAT",
    ),
    Change(
        what="a moment that must not be old",
        edits=[
            RAISED,
            (
                "    standard:",
                "    check(datetime.now(UTC) - parcel.sent < OLD)\n    standard:",
            ),
        ],
        rule="data/not-deterministic",
        says="BAD_FORMAT",
    ),
)


# Changes that stop nothing, by the contract's name.
ORDINARY: Mapping[str, Sequence[Edit]] = {
    "as_it_was": (),
    "takes_more": (RAISED, ("le=30000", "le=40000")),
    "says_more": (RAISED, ('"grams"', '"kilos": parcel.grams // 1000, "grams"')),
    "in_other_words": (("sorted({*parcel.labels})", "sorted(set(parcel.labels))"),),
}
GONE, NEW = "gone", "new"


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> DataComparison:
    """The commit that makes every change, each in a contract of its own."""
    before, after = (tmp_path_factory.mktemp(name) for name in ("before", "after"))
    edits = {f"parcels_{number}": each.edits for number, each in enumerate(CHANGES)} | {**ORDINARY}
    side(before, **{name: parcels(_named(name)) for name in (*edits, GONE)})
    side(after, **{n: parcels(_named(n), *each) for n, each in (edits | {NEW: ()}).items()})
    return comparison.compare(before, after)


@pytest.fixture(scope="module")
def told(compared: DataComparison) -> Sequence[Finding]:
    return judged(compared)


@pytest.fixture
def changed(compared: DataComparison) -> Mapping[str, DatasetChange]:
    return {each.dataset: each for each in compared.datasets}


def _named(name: str) -> Edit:
    return '"parcels"', f'"{name}"'


def parcels(*edits: Edit) -> str:
    text = PARCELS
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text


def path(name: str) -> str:
    return f"{CONTRACTS}/{name}.py"


def changed_as(what: str) -> str:
    """The name of the contract that has this change."""
    [number] = [number for number, each in enumerate(CHANGES) if each.what == what]
    return f"parcels_{number}"


def judged(compared: DataComparison, *rows: Waiver) -> Sequence[Finding]:
    """What stops the commit."""
    spec = Spec(stateful=frozenset(), replacing={})
    return compare(Base(name="base", stacks=[]), [], rows, spec, compared).verdict.findings


def stops(findings: Sequence[Finding], name: str) -> Sequence[str]:
    return [each.rule for each in findings if each.path == path(name)]


@pytest.mark.parametrize(
    ("number", "change"), [*enumerate(CHANGES)], ids=[each.what for each in CHANGES]
)
def test_a_change_is_caught_by_its_own_rule_which_says_what_and_what_to_do(
    told: Sequence[Finding], number: int, change: Change
) -> None:
    own = f"parcels_{number}"
    found = {each.rule: each for each in told if each.path == path(own)}

    assert change.rule in found, sorted(found)
    assert change.says.replace("parcels", own) in found[change.rule].message
    assert found[change.rule].remedy


def test_nothing_is_caught_where_nothing_changes(
    told: Sequence[Finding], changed: Mapping[str, DatasetChange]
) -> None:
    assert changed["as_it_was"].state == "same"
    assert not stops(told, "as_it_was")


def test_more_input_with_a_raised_version_is_told_and_stops_nothing(
    told: Sequence[Finding], changed: Mapping[str, DatasetChange]
) -> None:
    more = changed["takes_more"]

    assert more.state == "changed"
    # Of two faults in a row another one may come first.
    assert {each.kind for each in more.differences} <= {Kind.WIDER, Kind.REASON}
    for each in more.differences:
        alike = [1 + case.alike for case in each.cases]
        assert 1 <= len(alike) <= 3
        assert sorted(alike, reverse=True) == alike
        assert sum(alike) == each.rows if len(alike) < 3 else sum(alike) <= each.rows
    assert not stops(told, "takes_more")


def test_one_more_field_with_a_raised_version_stops_nothing(
    told: Sequence[Finding], changed: Mapping[str, DatasetChange]
) -> None:
    assert changed["says_more"].state == "changed"
    assert not stops(told, "says_more")


def test_the_same_contract_in_other_words_is_edited_and_stops_nothing(
    told: Sequence[Finding], changed: Mapping[str, DatasetChange]
) -> None:
    assert changed["in_other_words"].state == "edited"
    assert not stops(told, "in_other_words")


def test_a_new_dataset_is_told_and_stops_nothing(
    told: Sequence[Finding], changed: Mapping[str, DatasetChange]
) -> None:
    assert changed[NEW].state == "new"
    assert not stops(told, NEW)


def test_a_dataset_that_is_gone_stops_the_commit(told: Sequence[Finding]) -> None:
    assert stops(told, GONE) == ["data/dataset-removed"]


def test_a_change_is_accepted_by_a_row_for_exactly_this_change(compared: DataComparison) -> None:
    name = changed_as("a renamed field")
    row = Waiver(
        kind="towns",
        finding="data/breaks-listeners[city is now town]",
        path=path(name),
        reason="Every listener reads both fields since the first of the month.",
        owner="data team",
        review_by=None,
    )

    assert not stops(judged(compared, row), name)
    other = replace(row, finding="data/breaks-listeners[city is now place]")
    assert stops(judged(compared, other), name) == [row.finding, f"unused-waiver[{other.finding}]"]


def test_no_row_accepts_a_version_that_is_not_raised(compared: DataComparison) -> None:
    name = changed_as("narrower input, version not raised")
    row = Waiver(
        kind="limits",
        finding="data/contract-version-not-raised[3]",
        path=path(name),
        reason="Nobody sends parcels that are as heavy as that, we were told.",
        owner="data team",
        review_by=None,
    )

    assert row.finding in stops(judged(compared, row), name)


def test_every_contract_of_the_project_makes_the_same_of_a_row_always() -> None:
    unstable = {each.dataset: each.unstable for each in comparison.repeated(ROOT).datasets}

    assert unstable.keys() >= {"generic", "orders"}
    assert not any(unstable.values())
