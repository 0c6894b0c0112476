"""A few things at once, in order: no more is taken from a source than is about to be used."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from itertools import islice
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def chunks(items: Iterable[Given], size: int) -> Iterator[list[Given]]:
    """Yield the items in lists of ``size``, the last one perhaps shorter."""
    remaining = iter(items)
    while some := list(islice(remaining, size)):
        yield some


def in_order(
    pool: Executor, function: Callable[[Given], Made], inputs: Iterable[Given], ahead: int
) -> Iterator[Made]:
    """Yield ``function`` of each input, in the order of the inputs, while the pool does the next.

    At most ``ahead`` are under way, so memory does not grow with the inputs.
    """
    waiting: deque[Future[Made]] = deque()
    for each in inputs:
        waiting.append(pool.submit(function, each))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
