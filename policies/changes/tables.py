"""The tables of changes: what is harmless, and what is a hazard with a name.

A table is a TOML file; what its rows have in common stands before the first of them. ``where`` is a
pattern of the place of a value, or several, and is empty for a whole resource that comes or goes.
``properties`` names some with all that is in them, and ``anywhere`` the same at any depth. A row
may be about ``types`` of resources, about a ``document`` beside the templates, about changes that
``says`` is found in, which ``why`` and ``remedy`` may quote as ``{said}``, and about those for
which ``only`` holds: conditions, some with a ``not``. With ``once``, what changes from the same to
the same in one file, or in any resource of a stack, is told once. ``{WORD}`` stands for a word of
the table, or one of ``WORDS``.

Whatever differs is of one row, or is *unclassified*, which is red as a hazard is.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from policies import patterns
from policies.changes import legible
from policies.changes.conditions import CONDITIONS, Condition
from policies.changes.differences import Difference
from policies.changes.grants import ATTACHED_TO, PERMISSION_LIMITS, WHOLE_POLICIES
from policies.changes.guards import NAME as GUARDS
from policies.changes.sources import CODE
from policies.rules.plain_templates import LOOKUPS
from policies.templates.statements import IDENTITY_POLICIES, TRUST
from policies.templates.template import as_list, as_text

FOLDER = Path(__file__).parent
OF_HARMLESS, OF_HAZARDS, POLICIES, PLACES = patterns.beside(__file__).values()
# What policies/changes/grants.py splits into single grants, and the properties that say so.
WORDS = {
    "ATTACHED_TO": "|".join(ATTACHED_TO),
    "FUNCTIONS": "|".join(
        each.parent.name for each in FOLDER.parents[1].glob("services/*/runtime")
    ),
    "DOCUMENTS": f"KeyPolicy|PolicyDocument|Policies|Policy|ResourcePolicy|{TRUST}",
    "LOOKUPS": "|".join(LOOKUPS),
    "PERMISSION_LIMITS": "|".join(PERMISSION_LIMITS),
    "POLICIES": "|".join([*IDENTITY_POLICIES, *POLICIES]),
    "WHOLE_POLICIES": "|".join(WHOLE_POLICIES),
}
ANY = re.compile(".*")
SAID = "{said}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A class of changes: why it is harmless, or else what is dangerous and the ``remedy``."""

    name: str
    why: str
    where: re.Pattern[str] = ANY
    types: re.Pattern[str] = ANY
    says: re.Pattern[str] = ANY
    document: str = ""
    only: Sequence[Condition] = ()
    remedy: str = ""
    once: bool = False

    def holds(self, difference: Difference) -> bool:
        """Return whether ``difference`` is of this class."""
        last = dict.fromkeys(difference.where[-1:], difference.after)
        return (
            bool(self.types.fullmatch(difference.type) and self.where.fullmatch(difference.place))
            and self.document in ("", difference.stack.name)
            and (self.says is ANY or bool(self.says.search(f"{difference.place} {as_text(last)}")))
            and all(holds(difference) for holds in self.only)
        )

    def said(self, difference: Difference) -> str:
        """Return what ``why`` quotes: what a condition returns, or what ``says`` finds."""
        quotes = SAID in f"{self.why}{self.remedy}"
        found = self.says.search(as_text(difference.after)) if quotes else None
        told = (text for holds in self.only if isinstance(text := holds(difference), str))
        return next(told, "") or (found[0].strip() if found else "")


def harmless(difference: Difference) -> bool:
    """Return whether a row says why ``difference`` needs no reason.

    None has a macro in it, or anything else that CloudFormation fills in from elsewhere. And none
    is an edit of code: a row that says so would hide itself.
    """
    if difference.where[:1] == (CODE,) and None not in (difference.before, difference.after):
        return False
    if difference.stack.name != GUARDS and not legible.is_plain(difference.after):
        return False
    return any(each.holds(difference) for each in HARMLESS)


def hazard(difference: Difference) -> Row | None:
    """Return the first hazard that ``difference`` is, or None."""
    return next((each for each in HAZARDS if each.holds(difference)), None)


def _read(table: Path) -> Iterator[Row]:
    common = tomllib.loads(table.read_text())
    rows, words = common.pop("row"), {**WORDS, **common.pop("words", {})}
    for row in ({**common, **row} for row in rows):
        try:
            yield _row({**row}, words)
        except (LookupError, TypeError, re.error) as error:
            # It is read at the first import, where no command could tell it.
            place = f"policies/changes/{table.parent.name}/{table.name}"
            raise SystemExit(f"error: {place}, row {row.get('name')}: {error}") from error


def _row(row: dict[str, Any], words: Mapping[str, str]) -> Row:
    places = as_list(row.pop("where", None))
    for name, place in PLACES.items():
        if found := row.pop(name, None):
            places.append(place.replace("NAMES", "|".join(found)))
    return Row(
        where=_pattern(places, words),
        types=_pattern(row.pop("types", None), words),
        says=_pattern(row.pop("says", None), words),
        only=[_condition(each) for each in as_list(row.pop("only", None))],
        **row,
    )


def _pattern(alternatives: object, words: Mapping[str, str]) -> re.Pattern[str]:
    if alternatives is None:
        return ANY
    return re.compile(patterns.joined(as_list(alternatives), words))


def _condition(words: str) -> Condition:
    name = words.removeprefix("not ")
    if name not in (known := {**CONDITIONS, "harmless": harmless}):
        raise LookupError(f"there is no condition {name!r}; policies/changes/conditions has them")
    holds = known[name]
    return (lambda difference: not holds(difference)) if words.startswith("not ") else holds


HARMLESS = tuple(chain.from_iterable(_read(FOLDER / "harmless" / each) for each in OF_HARMLESS))
HAZARDS = tuple(chain.from_iterable(_read(FOLDER / "hazards" / each) for each in OF_HAZARDS))
