"""What is known of the product: lines with a reason in words, and the verdict over them.

What is not known is ``unknown``, never ``ok``: a question that was not answered, or whose answer
holds no data, has a line all the same, which says why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ops.errors import FINDING, UNDETERMINED


class State(StrEnum):
    """Whether something is as wanted."""

    OK = "ok"
    ATTENTION = "attention"
    UNKNOWN = "unknown"


_EXIT_CODES = {State.OK: 0, State.ATTENTION: FINDING, State.UNKNOWN: UNDETERMINED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What one question about a region has led to; ``next`` is the command to run, if any."""

    state: State
    says: str
    next: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """An answer with its subject; ``region`` is empty for what belongs to no region."""

    about: str
    region: str
    state: State
    says: str
    next: str = ""

    @classmethod
    def of(cls, about: str, region: str, answer: Answer) -> "Line":
        """Return the line that gives an answer."""
        return cls(
            about=about, region=region, state=answer.state, says=answer.says, next=answer.next
        )


def ok(says: str) -> Answer:
    """Return the answer that all is as wanted."""
    return Answer(state=State.OK, says=says)


def attention(says: str, then: str) -> Answer:
    """Return the answer that somebody has to act, by running ``then``."""
    return Answer(state=State.ATTENTION, says=says, next=then)


def unknown(says: str, then: str = "") -> Answer:
    """Return the answer that nothing is known, with the reason."""
    return Answer(state=State.UNKNOWN, says=says, next=then)


def verdict(lines: Iterable[Line]) -> State:
    """Return the state of the whole: a certain finding comes before what is unknown.

    Of no lines at all, nothing is known.
    """
    states = {line.state for line in lines} or {State.UNKNOWN}
    worst_first = (State.ATTENTION, State.UNKNOWN, State.OK)
    return next(state for state in worst_first if state in states)


def exit_code(state: State) -> int:
    """Return the exit code of a command with this verdict: 0, 1 for a finding, 2 for unknown."""
    return _EXIT_CODES[state]


def as_plain(line: Line) -> Mapping[str, Any]:
    """Return a line as plain values."""
    return {
        "about": line.about,
        "region": line.region,
        "state": line.state.value,
        "says": line.says,
        "next": line.next,
    }
