"""The end of a scenario: the oracle looks until nothing is missing, and judges."""

from dataclasses import asdict
from typing import Any

from drill import judgement, reading
from drill.judgement import LATE_AFTER_S, Findings
from local.drill.stage import Stage
from ops.waiting import find_within

LIMIT_S = 60.0
POLL_S = 0.5
MET, MISSED = "met", "missed"


def settle(stage: Stage) -> Findings:
    """End all faults, wait until nothing is missing, or as long as is bearable; judge."""
    stage.ground.faults.clear()
    found = [judge(stage)]

    def is_clean() -> bool:
        found[:] = [judge(stage)]
        return not found[0].misses

    find_within(is_clean, limit_s=LIMIT_S, poll_s=POLL_S)
    stage.note("reconciled by the oracle")
    return found[0]


def judge(stage: Stage) -> Findings:
    """Compare what is stored and announced with what must be."""
    expected = stage.expected()
    tables = {
        region: reading.items(stage.ground.connect, place, stage.prefix)
        for region, place in stage.ground.places.items()
    }
    said, times = stage.ground.heard.snapshot()
    ours = {*expected.files, *expected.rejected, *expected.records}
    of_ours = {event: each for event, each in said.items() if each.key in ours}
    findings = judgement.judge(expected, tables, of_ours, times)
    findings.late = sum(
        at_s - (expected.files[key].acknowledged_at or at_s) > LATE_AFTER_S
        for key, at_s in stage.completed_at().items()
    )
    return findings


def result(stage: Stage, findings: Findings) -> dict[str, Any]:
    """Return a scenario's result as ``drill.json`` has it; a missed target is a complaint."""
    complaints = [*stage.complaints, *findings.misses, *judgement.slow(stage.rto_s, stage.rpo)]
    return {
        "name": stage.name,
        "about": stage.about,
        "verdict": MISSED if complaints else MET,
        "complaints": complaints,
        "seconds": round(stage.ground.clock() - stage.began_s, 1),
        "timeline": [asdict(each) for each in stage.timeline],
        "rto_s": stage.rto_s,
        "rpo": asdict(stage.rpo),
        "uploads": {
            "acknowledged": stage.acknowledged(),
            "rows": sum(len(each.rows) for each in stage.uploads),
            "refusals": stage.producer.refusals,
        },
        **judgement.as_json(findings),
    }
