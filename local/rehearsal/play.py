"""Plays scenarios, one after the other, in one rehearsal."""

import time
from collections.abc import Sequence

from local.rehearsal.rehearsal import Rehearsal
from local.rehearsal.scenarios import FIRST, SCENARIOS, BrokenPromiseError
from local.rehearsal.show import Show
from local.rehearsal.summary import Played

ALL = "all"


def wanted(name: str) -> list[str]:
    """The scenarios to play for ``name``; every other one needs the first before it."""
    if name == ALL:
        return list(SCENARIOS)
    return [FIRST] if name == FIRST else [FIRST, name]


def play(rehearsal: Rehearsal, names: Sequence[str], show: Show) -> list[Played]:
    """Play until a promise is broken: what comes after could not be trusted."""
    played: list[Played] = []
    for name in names:
        played.append(_play(rehearsal, name, show))
        if played[-1].broken:
            break
    return played


def _play(rehearsal: Rehearsal, name: str, show: Show) -> Played:
    scenario = SCENARIOS[name]
    promise = (scenario.__doc__ or "").strip()
    show.note(f"\n=== {name}: {promise}")
    before, started, broken = len(rehearsal.executions), time.monotonic(), ""
    try:
        scenario(rehearsal)
    except BrokenPromiseError as error:
        broken = str(error)
    seconds = round(time.monotonic() - started, 1)
    outcome = f"BROKEN: not so that {broken}" if broken else "as promised"
    show.note(f"=== {name} {outcome}, {seconds:.0f} s")
    return Played(
        scenario=name,
        promise=promise,
        broken=broken,
        seconds=seconds,
        executions=rehearsal.executions[before:],
    )
