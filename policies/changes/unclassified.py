"""What differs from the base, is not harmless and of no kind of hazard: red, until accepted."""

from collections.abc import Iterator, Sequence
from difflib import unified_diff

from policies.changes.class_conditions import Files
from policies.changes.classes import harmless
from policies.changes.differences import Difference, differences
from policies.changes.update import Update
from policies.finding import Finding, at, at_stack
from policies.templates.template import as_text

KIND = "unclassified"
REMEDY = "if it is not meant, leave it as it was"
SHOWN = 300
LINES = 20
# The kinds whose findings are about the whole resource, or about a property that they name.
REMOVED, REPLACED = "stateful-removed", "stateful-replaced"


def check(update: Update, hazards: Sequence[Finding], files: Files) -> Iterator[Finding]:
    """Yield a finding for each difference that is not harmless and not told by ``hazards``.

    ``files`` are those that differ from the base's; None if they are not known.
    """
    told = {*_told(hazards)}
    for each in differences(update):
        place = each.owner.path if each.owner else each.stack.path
        part = each.place.split(".")[:2][-1] or each.type
        if harmless(each, files) or (place, part) in told:
            continue
        yield _finding(each)


def _told(hazards: Sequence[Finding]) -> Iterator[tuple[str, str]]:
    """Yield path and property of what hazards tell; its type for a resource that goes."""
    for each in hazards:
        exact = each.rule.partition("[")[2].removesuffix("]")
        if each.kind == REMOVED:
            yield each.path, exact
        elif each.kind == REPLACED:
            yield from ((each.path, name) for name in exact.partition(" ")[2].split(","))


def _finding(difference: Difference) -> Finding:
    why = _why(difference.before, difference.after)
    if difference.owner:
        return at(difference.owner, why, exact=str(difference))
    return at_stack(difference.stack, why, exact=str(difference))


def _why(before: object, after: object) -> str:
    if isinstance(before, str) and isinstance(after, str) and "\n" in before + after:
        lines = [*unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")][2:]
        more = f"\n      and {len(lines) - LINES} more lines" if len(lines) > LINES else ""
        return "these lines differ:\n      " + "\n      ".join(lines[:LINES]) + more
    return f"it was {_shown(before)} and becomes {_shown(after)}"


def _shown(value: object) -> str:
    text = "nothing" if value is None else as_text(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
