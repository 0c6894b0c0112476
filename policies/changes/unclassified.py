"""What differs from the base, and what it is called: by its hazard, or else *unclassified*.

Both are red until a row accepts them; what is harmless is not told.
"""

from collections.abc import Iterator, Sequence
from difflib import unified_diff

from policies.changes.change_class import Files, Hazard
from policies.changes.classes import harmless
from policies.changes.differences import Difference, differences
from policies.changes.hazards import hazard
from policies.changes.update import Update
from policies.finding import Finding, at, at_stack
from policies.templates.template import as_text

UNCLASSIFIED = Hazard(
    name="unclassified",
    why="",
    where=".*",
    remedy="if it is not meant, leave it as it was",
)
SHOWN = 300
LINES = 20
# The kinds whose findings are about the whole resource, or about a property that they name.
REMOVED, REPLACED = "stateful-removed", "stateful-replaced"


def check(
    update: Update, told: Sequence[Finding], files: Files
) -> Iterator[tuple[Hazard, Finding]]:
    """Yield a finding for each difference that is neither harmless nor in one of ``told``.

    ``files`` are those that differ from the base's; None if they are not known.
    """
    known = {*_told(told)}
    for each in differences(update):
        place = each.owner.path if each.owner else each.stack.path
        part = each.place.split(".")[:2][-1] or each.type
        if (place, part) in known:
            continue
        if found := hazard(each, files):
            yield found, _finding(each, f"{found.why}; ")
        elif not harmless(each, files):
            yield UNCLASSIFIED, _finding(each)


def _told(hazards: Sequence[Finding]) -> Iterator[tuple[str, str]]:
    """Yield path and property of what hazards tell; its type for a resource that goes."""
    for each in hazards:
        exact = each.rule.partition("[")[2].removesuffix("]")
        if each.kind == REMOVED:
            yield each.path, exact
        elif each.kind == REPLACED:
            yield from ((each.path, name) for name in exact.partition(" ")[2].split(","))


def _finding(difference: Difference, why: str = "") -> Finding:
    message = why + _why(difference.before, difference.after)
    if difference.owner:
        return at(difference.owner, message, exact=str(difference))
    return at_stack(difference.stack, message, exact=str(difference))


def _why(before: object, after: object) -> str:
    if isinstance(before, str) and isinstance(after, str) and "\n" in before + after:
        lines = [*unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")][2:]
        more = f"\n      and {len(lines) - LINES} more lines" if len(lines) > LINES else ""
        return "these lines differ:\n      " + "\n      ".join(lines[:LINES]) + more
    return f"it was {_shown(before)} and becomes {_shown(after)}"


def _shown(value: object) -> str:
    text = "nothing" if value is None else as_text(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
