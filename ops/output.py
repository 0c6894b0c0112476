"""Output: a table on a terminal, otherwise one plain line per row; JSON; questions."""

import json
import sys
from collections.abc import Sequence
from decimal import Decimal

import click

from ops.errors import RefusedError
from services.stream_consumer.runtime.image import number


def show_rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows on standard output; off a terminal, cells are separated by two blanks."""
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("  ".join(row).rstrip())
        return
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415  # only a terminal waits for rich
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(*heads, box=SIMPLE_HEAD)
    for row in rows:
        table.add_row(*map(Text, row))  # a file's name is text, not markup
    Console().print(table)


def counted(count: int, what: str) -> str:
    """Return a number of things in words: ``1 row``, ``1,200 rows``."""
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def as_json(value: object) -> str:
    """Return one line of JSON; numbers are exact, as in events: numbers up to 15 digits, or texts.

    ``value`` consists of plain values, among them ``Decimal``.
    """
    return json.dumps(value, default=_number, ensure_ascii=False)


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return number(str(value))
    raise TypeError(f"{type(value).__name__} is not a plain value")


def is_confirmed(question: str, *, yes: bool, dry_run: bool) -> bool:
    """Return whether to go on, as the options say or a person on the terminal answers.

    Raises:
        RefusedError: there is neither an option nor a terminal.

    """
    if dry_run:
        click.echo("dry run: nothing was changed", err=True)
        return False
    if yes:
        return True
    if not sys.stdin.isatty():
        raise RefusedError("there is no terminal to ask on; add --yes to go on, or --dry-run")
    return click.confirm(question, err=True)
