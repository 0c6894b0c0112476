"""The last drill, as ``make drill`` has written it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path("build/drill.json")
_TEXTS = ("name", "about", "verdict", "started")


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What happened in a drill, so many seconds after its start."""

    at_s: float
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """One scenario: ``facts`` are its numbers by name, ``complaints`` the targets it missed."""

    name: str
    about: str = ""
    verdict: str = ""
    complaints: Sequence[str] = ()
    timeline: Sequence[Step] = ()
    facts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Drill:
    """The scenarios of the last drill, or why there are none."""

    started: str = ""
    scenarios: Sequence[Scenario] = ()
    silence: str = ""


def last_drill(file: Path = FILE) -> Drill:
    """Return the last drill; a missing or unreadable report is said, and no error."""
    try:
        report = json.loads(file.read_text())
        scenarios = [_scenario(each) for each in report["scenarios"]]
        return Drill(started=str(report.get("started", "")), scenarios=scenarios)
    except FileNotFoundError:
        return Drill(silence="no drill has been run here")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return Drill(silence=f"{file} is not readable: {type(error).__name__}")


def _scenario(found: Mapping[str, Any]) -> Scenario:
    steps = [Step(at_s=float(each["at_s"]), what=str(each["what"])) for each in found["timeline"]]
    return Scenario(
        name=str(found["name"]),
        about=str(found.get("about", "")),
        verdict=str(found.get("verdict", "")),
        complaints=[str(each) for each in found.get("complaints", ())],
        timeline=steps,
        facts=dict(_numbers(found)),
    )


def _numbers(found: Mapping[str, Any], of: str = "") -> Iterator[tuple[str, str]]:
    """Yield the numbers of a scenario and of what is in it, one level deep, as texts."""
    for name, value in found.items():
        said = f"{of} {name}".strip().removesuffix("_s").replace("_", " ")
        unit = " s" if name.endswith("_s") else ""
        if isinstance(value, Mapping) and not of:
            yield from _numbers(value, name)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield said, f"{value:,.4g}{unit}" if isinstance(value, float) else f"{value:,}{unit}"
        elif value is None and name not in _TEXTS:
            yield said, "unknown"
