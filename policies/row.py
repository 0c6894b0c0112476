"""A row of the register as text: what a finding offers to whoever has a reason to accept it."""

import json

from policies.register import ROWS


def quoted(text: str) -> str:
    """Return ``text`` as a value of TOML, as easy to read as it allows."""
    if "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text)


def accepting(rule: str, path: str) -> str:
    """Return how to accept exactly this finding until somebody reviews it again."""
    return (
        f"or accept exactly this in {ROWS}/<name>.toml, which says reason, owner and review_by:\n"
        f"      [[accepted]]\n      {_row(rule, path)}"
    )


def accepting_once(rule: str, path: str) -> str:
    """Return how to accept exactly this change, in the commit that makes it."""
    return (
        "or accept exactly this change: make changes ACKNOWLEDGE=<name> writes the row to "
        f"{ROWS}/<name>.toml, and you give the reason and the owner:\n      {_row(rule, path)}"
    )


def _row(rule: str, path: str) -> str:
    return f"findings = [{quoted(rule)}]\n      paths = [{quoted(path)}]"
