"""What is fuzzed: each module has ``check(data)``, which any bytes must pass.

A check raises for a broken promise, and for any exception that the product does not document.
"""

from collections.abc import Callable
from importlib import import_module

TARGETS = ("rows", "records", "events", "changes", "ledger", "letters", "answers")


def check_of(target: str) -> Callable[[bytes], None]:
    """Import a target and return its check."""
    check: Callable[[bytes], None] = import_module(f"fuzzing.targets.{target}").check
    return check


def seeds_of(target: str) -> list[bytes]:
    """Return the inputs that a fuzzer without a corpus begins with."""
    seeds: list[bytes] = import_module(f"fuzzing.targets.{target}").SEEDS
    return seeds
