"""A class of changes: which differences are of it, and what there is to say about them."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeAlias

from policies.changes.differences import Difference

# The files that differ from the base's, relative to the repository; None if they are not known.
Files: TypeAlias = Collection[str] | None
Test: TypeAlias = Callable[[Difference, Files], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeClass:
    """The differences at ``where``, a pattern, of ``types``, for which ``only`` holds.

    ``where`` is empty for a whole resource that comes or goes. Those of a ``document`` are in no
    template.
    """

    name: str
    why: str
    where: str
    types: tuple[str, ...] = ()
    document: str = ""
    only: Test = lambda _difference, _files: True

    def holds(self, difference: Difference, files: Files) -> bool:
        """Return whether ``difference`` is of this class."""
        return (
            (not self.types or difference.type in self.types)
            and (not self.document or difference.stack.name == self.document)
            and bool(re.fullmatch(self.where, difference.place))
            and self.only(difference, files)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Hazard(ChangeClass):
    """A class that is red: its name is the kind of the finding, ``remedy`` what to do instead."""

    remedy: str


def properties(*names: str) -> str:
    """Return the pattern of the places of these properties, and of all that is in them."""
    return rf"Properties\.({'|'.join(names)})(\..+)?"


def anywhere(*names: str) -> str:
    """Return the same for properties at any depth."""
    return rf"Properties\.(.+\.)?({'|'.join(names)})(\..+)?"
