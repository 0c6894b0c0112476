"""What a rehearsal has shown, as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from local.rehearsal.execution import Execution


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """One scenario; ``broken`` is the promise that did not hold, empty when all did."""

    scenario: str
    promise: str
    broken: str
    seconds: float
    executions: Sequence[Execution]


def write(file: Path, played: Sequence[Played]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "passed": all(not each.broken for each in played),
        "seconds": round(sum(each.seconds for each in played), 1),
        "scenarios": [asdict(each) for each in played],
    }
    file.write_text(json.dumps(document, indent=2) + "\n")
