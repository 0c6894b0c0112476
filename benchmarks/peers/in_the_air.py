"""Runs a coroutine for each item, at most so many at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

IN_THE_AIR = 100
Each = TypeVar("Each")


def in_batches(many: Iterable[Each], most: int) -> Iterator[list[Each]]:
    """Yield many in lists of at most ``most``."""
    left = iter(many)
    while batch := list(islice(left, most)):
        yield batch


async def for_each(
    many: Iterator[Each], start: Callable[[Each], Awaitable[object]], at_once: int = IN_THE_AIR
) -> int:
    """Await ``start`` of each of ``many``, in ``at_once`` tasks; return how many there were."""
    done = 0

    async def take() -> None:
        nonlocal done
        for each in many:
            await start(each)
            done += 1

    async with asyncio.TaskGroup() as tasks:
        for _ in range(at_once):
            tasks.create_task(take())
    return done
