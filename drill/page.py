"""The page of a drill: one file that needs nothing else, with a timeline for each scenario."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from drill.judgement import LATE_AFTER_S, RPO_BEYOND_HOLD_S, RTO_TARGET_S

TEMPLATES = Path(__file__).parent / "templates"
# What begins with this on a timeline is what a command has printed.
PRINTED = "  "
TARGETS = {"rto_s": RTO_TARGET_S, "rpo_beyond_hold_s": RPO_BEYOND_HOLD_S, "late_s": LATE_AFTER_S}


def page(report: Mapping[str, Any]) -> str:
    """Return the page of a drill, from what ``drill.json`` says."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    scenarios = [_with_places(each) for each in report["scenarios"]]
    missed = [each["name"] for each in scenarios if each["verdict"] != "met"]
    return environment.get_template("drill.html.j2").render(
        report=report, scenarios=scenarios, missed=missed, targets=TARGETS, printed=PRINTED
    )


def _with_places(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """Add to each moment its place on the line, in per cent."""
    end_s = max(scenario["seconds"], 0.1)
    moments = [
        {"kind": "", **each, "left": round(100 * each["at_s"] / end_s, 2)}
        for each in scenario["timeline"]
    ]
    marks = [each for each in moments if not each["what"].startswith(PRINTED)]
    return {**scenario, "moments": moments, "marks": marks}
