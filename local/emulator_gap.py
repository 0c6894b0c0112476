"""A known difference between the emulator and AWS."""

from collections.abc import Callable
from dataclasses import dataclass

from local.clients import Clients


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """What AWS does, what the local cloud does instead, and a probe for the difference."""

    name: str
    on_aws: str
    here: str
    probe: Callable[[Clients], bool]
    close: Callable[[Clients, str], None] | None = None
