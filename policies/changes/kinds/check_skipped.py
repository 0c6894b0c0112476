"""What is new in a test module skips a test, or changes other tests."""

import ast
from collections.abc import Iterator

from datasets.compatibility.differences import bounded
from policies.changes import additions, suites
from policies.changes.guards import TESTS
from policies.changes.update import Update
from policies.finding import Finding

WHY = "a test that doesn't run counts as passed, and one may pass by what another leaves:"
REMEDY = "let it run, and change only what it has made (see policies/changes/suites.toml)"
SHOWN, LENGTH = 5, 300


def check(update: Update) -> Iterator[Finding]:
    for file, base, new in additions.compared(update):
        # What gives two names is one statement.
        added = dict.fromkeys(part for name in new if name not in base for part in new[name])
        seen = [update.after.template[TESTS][file], *additions.above(update, file)]
        if found := [*suites.deciding([*added], "\n".join(seen))]:
            lines = ((e.lineno, bounded(ast.unparse(e), LENGTH)) for e in found[:SHOWN])
            told = "".join(f"\n      line {number}: {text}" for number, text in lines)
            more = f"\n      and {len(found) - SHOWN} more" if found[SHOWN:] else ""
            yield additions.finding(update, file, f"{WHY}{told}{more}", (), found)
