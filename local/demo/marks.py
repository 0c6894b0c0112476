"""The mark of each file: how well it went, which is not the same as going as expected."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from rich.text import Text

from local.demo.file_outcome import IGNORED, Outcome


class Mark(NamedTuple):
    """One sign at the beginning of a line; its shape says as much as its colour."""

    sign: str
    colour: str
    meaning: str


WELL = Mark("✓", "green", "every row is in")
PARTLY = Mark("!", "yellow", "some rows rejected")
FAILED = Mark("✗", "red", "failed")
LEFT_OUT = Mark("-", "bright_black", "ignored")
WRONG = Mark("?", "bold magenta", "see MISMATCH")
MARKS = (WELL, LEFT_OUT, PARTLY, FAILED, WRONG)  # from good to bad
LEGEND = "marks     " + "   ".join(f"{mark.sign} {mark.meaning}" for mark in MARKS)


def mark(outcome: Outcome) -> Mark:
    """Return the mark of a file; one whose counts do not match has no other."""
    if outcome.differences():
        return WRONG
    if outcome.status == IGNORED:
        return LEFT_OUT
    if outcome.status == "FAILED":
        return FAILED
    return PARTLY if outcome.rows("rowsRejected") else WELL


def worst(outcomes: Iterable[Outcome]) -> Mark:
    """Return the mark that several files have together; there must be one."""
    return max(map(mark, outcomes), key=MARKS.index)


def coloured(text: str) -> Text:
    """Return the text with the colours of the marks that begin its lines or stand in the legend."""
    shown = Text(text)
    for each in MARKS:
        sign = re.escape(each.sign)
        shown.highlight_regex(rf"(?m)^{sign}(?= )", each.colour)
        shown.highlight_regex(rf"   {sign} {each.meaning}", each.colour)
    shown.highlight_regex(r"(?m)^VERDICT   as expected", WELL.colour)
    shown.highlight_regex(r"(?m)^(VERDICT   NOT as expected|MISMATCH)", WRONG.colour)
    return shown
