"""A pattern that no text can make try for long is told from one that a text can."""

import re
import signal
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from datasets import command
from datasets.compatibility import patterns
from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.errors import ContractError

LINEAR = (
    "",
    r"\S",
    r"^[A-Z]{3}-[0-9]+$",
    r"^\d+(\.\d+)?$",
    r"^[a-z]+(-[a-z]+)*$",
    r"^(ab|ac)*$",
    r"^(a*+)a*$",
    r"^(a++)*b",
    r"^(?>a+)a$",
    r"^(?!00)[0-9]+$",
    r"^[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$",
    r"[0-9]{2,5}",
    r"(^a|^b)c*",
)
ENDLESS = (
    r"^(a+)+$",
    r"^(a*)*?b",
    r"^(a|a)*$",
    r"^(a|aa)+$",
    r"^(?:a|b|ab)*c",
    r"^(.*)*$",
    r"^([a-z]+)*$",
    r"^(\w+\s?)*$",
    r"^(x+x+)+y",
    r"^a*a*b",
    r"^\w*\d*!$",
    r"^.+@.+$",
    r"^(?=.*a)b",
    r"^(?=(a+)+b)a",
    r"^(a?){30}a{30}$",
    r"^(|){30}x$",
    r"^(\b)*x",
    r"^(a)\1*$",
    r"^(?i:k*)(?:\u212a)*$",  # the sign of the kelvin is a k in capitals
    r"^\s*([^@\s.]+\.?)+@[^@\s.]+$",
    r"\d+x",
    r"(?m)^\d+x$",
    r"(a|^b)c*$",
    r"^\s+$|\s+x",
)
TEXTS = [
    unit * (30_000 // len(unit)) + end
    for unit in ("a", "b", "ab", "ba", "aab", "c")
    for end in ("", "!", "\n\n", "b")
]
LIMIT_CPU_S = 2.0


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    repeats = ("*", "+", "?", "{2}", "{1,3}", "{0,20}", "*?", "+?", "*+", "?+", "++")
    openings = ("(?:", "(?>", "(?=", "(?!")
    repeat = st.builds("(?:{}){}".format, inner, st.sampled_from(repeats))
    return (
        st.builds("{}{}".format, inner, inner)
        | st.builds("(?:{}|{})".format, inner, inner)
        | st.builds("{}{})".format, st.sampled_from(openings), inner)
        | repeat
    )


ELEMENTS = st.sampled_from(["a", "b", "ab", "[ab]", "[^a]", ".", r"\w", r"\b", "$", "", "c"])
PATTERNS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["^", ""]),
    st.recursive(ELEMENTS, _grown, max_leaves=8),
    st.sampled_from(["$", "", "b"]),
)


@pytest.fixture
def limited() -> Iterator[None]:
    """Let a search that takes longer than ``LIMIT_CPU_S`` fail, and not run on."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.fixture
def orders_with(monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401  # a function
    """Return a function that lets a contract's row declare a pattern for its field."""

    def declare(pattern: str) -> None:
        schema = {"properties": {"id": {"type": "string", "pattern": pattern}}}
        contract = type(CONTRACTS["orders"])
        monkeypatch.setattr(contract, "row_schema", lambda _: schema)

    return declare


@pytest.mark.parametrize("pattern", LINEAR)
def test_a_pattern_whose_choices_the_next_character_decides_is_linear(pattern: str) -> None:
    assert patterns.problem(pattern) == ""


@pytest.mark.parametrize("pattern", ENDLESS)
def test_a_pattern_that_a_text_can_make_try_for_long_is_told(pattern: str) -> None:
    assert patterns.problem(pattern)


@pytest.mark.usefixtures("limited")
@given(pattern=PATTERNS, text=st.sampled_from(TEXTS))
def test_what_is_called_linear_ends_soon_on_any_text(pattern: str, text: str) -> None:
    try:
        compiled = re.compile(pattern)
    except re.error:
        assume(False)  # noqa: FBT003  # its only argument
    assume(not patterns.problem(pattern))

    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT_CPU_S)
    try:
        compiled.search(text)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@pytest.mark.parametrize("dataset", CONTRACTS)
def test_every_pattern_of_a_contract_is_linear(dataset: str) -> None:
    assert patterns.problems(CONTRACTS[dataset].row_schema()) == []


def test_a_field_is_named_wherever_it_is_declared() -> None:
    bad = {"type": "string", "pattern": "^(a+)+$"}
    schema = {
        "$ref": "#/$defs/Row",
        "$defs": {
            "Row": {"properties": {"place": {"anyOf": [{"$ref": "#/$defs/Place"}, {}]}}},
            "Place": {"properties": {"rooms": {"items": {"properties": {"name": bad}}}}},
        },
    }

    [problem] = patterns.problems(schema)

    assert problem.startswith("place.rooms[].name has the pattern '^(a+)+$', in which 'a' may")


@pytest.mark.parametrize("arguments", [["try", "orders", "orders.csv"], ["pages", "--to", "x"]])
def test_a_contract_with_such_a_pattern_is_refused_with_its_field_and_the_reason(
    arguments: list[str],
    orders_with: Any,  # noqa: ANN401  # a function
) -> None:
    orders_with("^.+@.+$")

    with pytest.raises(ContractError) as refused:
        command.main(arguments)

    contract, problem = str(refused.value).split(": ", maxsplit=1)
    assert contract in {f"contract {name!r}" for name in CONTRACTS}
    assert problem == (
        "id has the pattern '^.+@.+$', in which '@' may belong to a repeat or to what follows it"
    )
