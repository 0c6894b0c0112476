"""Runs scenarios one after the other in one rehearsal, and writes their results."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from local.rehearsal.pipeline_execution import Execution, Status
from local.rehearsal.rehearsal import Rehearsal
from local.rehearsal.scenario_promises import BrokenPromiseError
from local.rehearsal.scenarios import FIRST, SCENARIOS
from local.rehearsal.terminal_output import Console
from ops.progress import described

ALL = "all"


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """The result of a scenario; ``broken`` is its first broken promise, or empty."""

    scenario: str
    promise: str
    broken: str
    seconds: float
    executions: Sequence[Execution]

    @property
    def cause(self) -> str:
        """Its broken promise, and the message of the last action that failed, if one did."""
        failed = [
            f"{action.name}: {action.message}"
            for execution in self.executions
            for action in execution.actions
            if action.status is Status.FAILED
        ]
        return "; ".join([f"{self.scenario} broke its promise that {self.broken}", *failed[-1:]])


def select(name: str) -> list[str]:
    """Return the scenarios to run for ``name``; every one needs the first before it."""
    if name == ALL:
        return list(SCENARIOS)
    return [FIRST] if name == FIRST else [FIRST, name]


def run(rehearsal: Rehearsal, names: Sequence[str], console: Console) -> list[Result]:
    """Run scenarios until a promise is broken: later results could not be trusted."""
    results: list[Result] = []
    for name in names:
        console.note(f"\n=== {name}, {_how_far(results, len(names))}: {_promise(name)}")
        results.append(_run(rehearsal, name, console))
        if results[-1].broken:
            break
    return results


def write_results(file: Path, results: Sequence[Result]) -> None:
    """Write ``file`` as JSON: whether all passed, and each scenario with its executions."""
    file.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "passed": all(not each.broken for each in results),
        "seconds": round(sum(each.seconds for each in results), 1),
        "scenarios": [asdict(each) for each in results],
    }
    file.write_text(json.dumps(document, indent=2) + "\n")


def _how_far(results: Sequence[Result], total: int) -> str:
    if not results:
        return f"the first of {total}"
    seconds = sum(each.seconds for each in results)
    return f"after {described(len(results), total, seconds, 'scenarios')}"


def _promise(name: str) -> str:
    return (SCENARIOS[name].__doc__ or "").strip()


def _run(rehearsal: Rehearsal, name: str, console: Console) -> Result:
    scenario = SCENARIOS[name]
    before, started, broken = len(rehearsal.executions), time.monotonic(), ""
    try:
        with console.between(name):
            scenario(rehearsal)
    except BrokenPromiseError as error:
        broken = str(error)
    seconds = round(time.monotonic() - started, 1)
    outcome = f"BROKEN PROMISE: {broken}" if broken else "passed"
    console.note(f"=== {name} {outcome}, {seconds:.0f} s")
    return Result(
        scenario=name,
        promise=_promise(name),
        broken=broken,
        seconds=seconds,
        executions=rehearsal.executions[before:],
    )
