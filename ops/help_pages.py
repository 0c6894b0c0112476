"""Help pages in which a name such as us-east-1 is never broken at a hyphen."""

from collections.abc import Iterable

import click

_HYPHEN, _UNBREAKABLE = "-", "\N{NON-BREAKING HYPHEN}"


class _Formatter(click.HelpFormatter):
    """Wraps texts with hyphens that cannot be broken, and writes them as they were."""

    def write(self, string: str) -> None:
        """Write a string that is wrapped already."""
        super().write(string.replace(_UNBREAKABLE, _HYPHEN))

    def write_text(self, text: str) -> None:
        """Wrap and write a paragraph."""
        super().write_text(text.replace(_HYPHEN, _UNBREAKABLE))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Wrap and write a list of terms and what they mean."""
        unbroken = [(term, text.replace(_HYPHEN, _UNBREAKABLE)) for term, text in rows]
        super().write_dl(unbroken, col_max, col_spacing)


class Context(click.Context):
    """The context of a command; the formatter writes its help page."""

    formatter_class = _Formatter
