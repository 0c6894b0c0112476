"""The last drill, as ``make drill`` has written it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path("build/drill.json")


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What happened in a drill, so many seconds after its start."""

    at_s: float
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """One scenario; ``facts`` are its numbers by name, such as ``rto_s``."""

    name: str
    started: str
    timeline: Sequence[Step]
    facts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Drill:
    """The scenarios of the last drill, or why there are none."""

    scenarios: Sequence[Scenario] = ()
    silence: str = ""


def last_drill(file: Path = FILE) -> Drill:
    """Return the last drill; a missing or unreadable report is said, and no error."""
    try:
        report = json.loads(file.read_text())
        return Drill(scenarios=[_scenario(each) for each in report["scenarios"]])
    except FileNotFoundError:
        return Drill(silence="no drill has been run here")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return Drill(silence=f"{file} is not readable: {type(error).__name__}")


def _scenario(found: Mapping[str, Any]) -> Scenario:
    steps = [Step(at_s=float(each["at_s"]), what=str(each["what"])) for each in found["timeline"]]
    facts = {
        name: f"{value:g}" if isinstance(value, float) else str(value)
        for name, value in found.items()
        if isinstance(value, int | float | str) and name not in ("name", "started")
    }
    started = str(found.get("started", ""))
    return Scenario(name=str(found["name"]), started=started, timeline=steps, facts=facts)
