"""Bounds of numbers: what keeps them, and the words and the code for what does not."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct, inspect


class Limit(Struct, frozen=True):
    """A bound of numbers; ``words`` follow "a number": "of at least 1"."""

    code: str
    words: str
    keeps: Callable[[int | Decimal], bool]


def limited(noun: str, limits: Sequence[Limit]) -> str:
    """Return what keeps the limits, in words: "a number of at least 1, of at most 9"."""
    return f"{noun} {', '.join(limit.words for limit in limits)}".rstrip()


def whole_limits(declared: inspect.IntType) -> Iterator[Limit]:
    """Yield the limits that ``Meta`` gives an ``int``."""
    if (least := declared.ge) is not None:
        yield Limit("OUT_OF_RANGE", f"of at least {least}", lambda number: number >= least)
    if (above := declared.gt) is not None:
        yield Limit("OUT_OF_RANGE", f"above {above}", lambda number: number > above)
    if (most := declared.le) is not None:
        yield Limit("OUT_OF_RANGE", f"of at most {most}", lambda number: number <= most)
    if (below := declared.lt) is not None:
        yield Limit("OUT_OF_RANGE", f"below {below}", lambda number: number < below)
    if (factor := declared.multiple_of) is not None:
        yield Limit("OUT_OF_RANGE", f"divisible by {factor}", lambda n: n % factor == 0)


def number_limits(extra: Mapping[str, int]) -> Iterator[Limit]:
    """Yield the limits that ``number`` gives a ``Number``."""
    least, most = extra.get("minimum"), extra.get("maximum")
    if least is not None and most is not None:
        yield Limit("OUT_OF_RANGE", f"from {least} to {most}", lambda n: least <= n <= most)
    elif least is not None:
        yield Limit("OUT_OF_RANGE", f"of at least {least}", lambda number: number >= least)
    elif most is not None:
        yield Limit("OUT_OF_RANGE", f"of at most {most}", lambda number: number <= most)
    if (places := extra.get("decimal_places")) is not None:
        words = f"with at most {places} decimals"
        yield Limit("BAD_FORMAT", words, lambda number: decimals(number) <= places)


def decimals(number: int | Decimal) -> int:
    """Return how many digits a finite number in its normal form has after the point."""
    if isinstance(number, int):
        return 0
    text = str(number)  # in which decimals are counted in half the time of as_tuple
    return -int(number.as_tuple().exponent) if "E" in text else len(text.partition(".")[2])
