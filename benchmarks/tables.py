"""Tables in Markdown, and figures as they stand in them: a median, and the range around it."""

from collections.abc import Iterable, Mapping, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; every column but the first is aligned to the right."""
    aligned = ["---", *["---:"] * (len(heads) - 1)]
    lines = [heads, aligned, *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def spread(figure: Mapping[str, float], decimals: int = 0) -> str:
    """Return a spread as ``27 (26 to 29)``."""
    low, high = figure["low"], figure["high"]
    return f"{figure['median']:,.{decimals}f} ({low:,.{decimals}f} to {high:,.{decimals}f})"


def percent(share: float) -> str:
    """Return a share in percent."""
    return f"{100 * share:.0f} %"


def megabytes(size_bytes: float) -> str:
    """Return a size in megabytes of a million bytes."""
    return f"{size_bytes / 1e6:,.0f}"
