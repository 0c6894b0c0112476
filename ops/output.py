"""Rows as output: a table on a terminal, otherwise one plain line per row."""

import sys
from collections.abc import Sequence

import click


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
