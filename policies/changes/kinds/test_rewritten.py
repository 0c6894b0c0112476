"""What a test module of the base says is said otherwise, is gone, or has another in its place."""

import ast
from collections.abc import Iterator

from policies.changes import additions
from policies.changes.sources import differing, first_lines
from policies.changes.update import Update
from policies.finding import Finding

REMEDY = "leave what the base has and add to it, or say in the row what proves the same now"
SHOWN, LINES = 5, 6


def check(update: Update) -> Iterator[Finding]:
    for file, base, new in additions.compared(update):
        if names := [*additions.rewritten(update, file, base, new)]:
            told = "".join(_told(name, base, new) for name in names[:SHOWN])
            rest = f"\n      and {', '.join(names[SHOWN:])}" if names[SHOWN:] else ""
            why = f"by the same name it may prove less than it did:{told}{rest}"
            sides = [[part for name in names for part in e.get(name, ())] for e in (base, new)]
            if len({ast.unparse(ast.Module(each, [])) for each in sides}) == 1:  # but moved
                sides = [
                    side + additions.in_order(e) for side, e in zip(sides, (base, new), strict=True)
                ]
            yield additions.finding(update, file, why, *sides)


def _told(name: str, base: additions.Definitions, new: additions.Definitions) -> str:
    """Return name and line of what is rewritten, and the lines of it that differ."""
    was, now = ("\n".join(map(ast.unparse, side.get(name, ()))) for side in (base, new))
    line = f"line {new[name][-1].lineno}" if name in new else "gone"
    state = line if name in base else f"{line}, which takes a name that is used already"
    state += ", after what takes it, or before" if was == now else ""
    head = f"\n      {name.splitlines()[0]} ({state})"
    return "\n        ".join([head, *first_lines(differing(was, now), LINES)])
