"""A row of the register as text: what a finding offers to whoever has a reason to accept it."""

import json
from collections.abc import Collection

from policies.finding import PATHS
from policies.register import ROWS


def quoted(text: str) -> str:
    """Return ``text`` as a value of TOML, as easy to read as it allows."""
    if "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text)


def accepting(rule: str, path: str, others: Collection[str] = ()) -> str:
    """Return how to accept exactly this finding until somebody reviews it again.

    ``others`` are the files that accept the same rule of other constructs.
    """
    files = " or ".join(f"{ROWS}/{name}.toml" for name in sorted(others))
    reused = f"in {files}, if that reason holds here too, or " if others else ""
    return (
        f"or accept exactly this {reused}in a file of its own in {ROWS}, "
        f"with reason, owner and review_by:\n      [[accepted]]\n      {_row(rule, path)}"
    )


def accepting_once(rule: str, path: str) -> str:
    """Return how to accept exactly this change, in the commit that makes it."""
    return (
        "or accept exactly this change: make changes ACKNOWLEDGE=<name> writes the row to "
        f"{ROWS}/<name>.toml, and you give the reason and the owner:\n      {_row(rule, path)}"
    )


def _row(rule: str, path: str) -> str:
    return f"findings = [{quoted(rule)}]\n      {PATHS}{quoted(path)}]"
