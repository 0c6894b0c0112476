"""Pieces of Markdown as GitHub shows it."""

from collections.abc import Iterable, Sequence


def folded(title: str, body: str) -> str:
    """Return a body that is shown once its title is clicked."""
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; empty if there are no rows."""
    lines = [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    rule = "|".join(["---"] * len(heads))
    return "\n".join([f"| {' | '.join(heads)} |", f"|{rule}|", *lines]) if lines else ""


def _cell(value: str) -> str:
    return value.replace("\n", " ").replace("|", "\\|")


def text(value: str) -> str:
    """Return text in which nothing is taken for Markdown or HTML."""
    for character in "\\`*_[]<>#@":
        value = value.replace(
            character, f"\\{character}" if character not in "<>@" else _ENTITY[character]
        )
    return " ".join(value.split())


def code(value: str) -> str:
    """Return text in a fixed width."""
    return f"`{value.replace('`', chr(39))}`"


_ENTITY = {"<": "&lt;", ">": "&gt;", "@": "&#64;"}
