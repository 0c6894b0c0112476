"""Which mutants to try: as many of each module as of any other, drawn at random."""

from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from random import Random

MARK = "__mutmut_"  # behind a function's name, before its mutants' numbers


def draw(mutants: Iterable[str], number: int, seed: int) -> Sequence[str]:
    """Draw ``number`` mutants, or all of fewer, round and round the modules.

    The same mutants, number and seed give the same sample; a larger number adds to it.
    """
    random = Random(seed)  # noqa: S311 - a sample, not a secret
    by_module: dict[str, list[str]] = {}
    for mutant in sorted(mutants):
        by_module.setdefault(module_of(mutant), []).append(mutant)
    modules = list(by_module.values())
    random.shuffle(modules)
    for each in modules:
        random.shuffle(each)
    rounds = chain.from_iterable(zip_longest(*modules))
    return [mutant for mutant in rounds if mutant is not None][:number]


def function_of(mutant: str) -> str:
    """Name the function that was changed, as mutmut writes it: ``package.module.x_function``."""
    return mutant.partition(MARK)[0]


def module_of(mutant: str) -> str:
    return function_of(mutant).rpartition(".")[0]


def room_of(mutant: str) -> str:
    """Name the package of the mutant's module."""
    return module_of(mutant).rpartition(".")[0]
