"""Causes: what letters have in common, so that a hundred of them are a line to read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from ops.progress import printable
from services.processor.runtime.text_truncation import truncate

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_REST = "…"
_SHAPE_CHARS = 100
# More kinds of causes than anybody reads are counted together, whatever letters say.
_MOST_GROUPS = 200


class Cause(NamedTuple):
    """Why letters are there: a stable code, the dataset, and the message without what varies."""

    code: str = ""
    dataset: str = ""
    message: str = ""


class Fate(StrEnum):
    """What became of a letter."""

    THROUGH = "through"  # all is processed or announced, and the letter deleted
    QUARANTINED = "quarantined"  # it cannot succeed
    STAYS = "stays"  # it may succeed later
    LEFT = "left alone"  # nobody asked for it
    DEFERRED = "deferred"  # to be decided in the end, together with others


class Outcome(NamedTuple):
    """What became of one letter: the cause it had, and the one that it has now, if any.

    ``example`` names the file or the place in the stream; ``note`` says more in words.
    """

    fate: Fate
    cause: Cause
    example: str = ""
    after: Cause | None = None
    note: str = ""


@dataclass
class Group:
    """Letters with the same cause and the same fate, with the oldest of them as the example."""

    cause: Cause
    fate: str
    letters: int = 0
    since: str = ""
    example: str = ""
    note: str = ""


@dataclass
class Tally:
    """Counts letters by cause and fate, in bounded memory."""

    groups: dict[tuple[Cause, str], Group] = field(default_factory=dict)

    def add(self, cause: Cause, fate: str, since: str, example: str, note: str = "") -> None:
        """Count one letter."""
        if len(self.groups) >= _MOST_GROUPS and (cause, fate) not in self.groups:
            cause = Cause(cause.code if len(self.groups) < 2 * _MOST_GROUPS else "OTHER")
        group = self.groups.setdefault((cause, fate), Group(cause, fate))
        group.letters += 1
        if not group.since or since < group.since:
            group.since, group.example, group.note = since, example, note

    def rows(self) -> list[Group]:
        """Return the groups, the largest first."""
        return sorted(self.groups.values(), key=lambda each: (-each.letters, each.cause))

    def count(self, fate: str) -> int:
        """Return how many letters had a fate."""
        return sum(each.letters for each in self.groups.values() if each.fate == fate)


def shape(message: str) -> str:
    """Return a message without what differs from file to file, in one short line."""
    words = _QUOTED.sub(_REST, truncate(message)).split()
    same = [_REST if _REST in word or _is_own(word) else word for word in words]
    return printable(" ".join(word for word, _ in groupby(same)))[:_SHAPE_CHARS]


def _is_own(word: str) -> bool:
    """Return whether a word is a number, a path or a name with numbers, as no two files share."""
    return word.strip(",:") != "S3" and any(each.isdigit() or each in "/=" for each in word)


def is_wanted(cause: Cause, only: str) -> bool:
    """Return whether a cause is the one asked for by its code; no code asks for all."""
    return not only or cause.code.casefold() == only.casefold()


def facts(group: Group) -> Mapping[str, object]:
    """Return a group as plain values."""
    return {
        "letters": group.letters,
        "cause": group.cause.code,
        "dataset": group.cause.dataset or None,
        "message": group.cause.message or None,
        "fate": group.fate,
        "since": group.since,
        "example": group.example or None,
        "note": group.note or None,
    }
