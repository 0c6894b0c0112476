"""The line of a scenario is read by people: it has no notation of a program, and no empty facts."""

from typing import Any

import pytest

from drill.sentence import sentence

EVENTS = {"expected": 176, "lost": 0, "duplicated": 0, "repeated": 0}
RPO = {"measured": False, "uploads": 0, "rows": 0, "seconds": 0.0, "held_s": 0.0}
RESULT = {
    "name": "throttling",
    "verdict": "met",
    "seconds": 11.7,
    "rto_s": 0.6,
    "rpo": RPO,
    "lost": 0,
    "duplicated": 0,
    "stale": 0,
    "unaccounted": 0,
    "late": 0,
    "events": EVENTS,
}


def test_a_scenario_that_met_its_targets_says_so() -> None:
    assert sentence(RESULT) == (
        "throttling: met in 11.7 s; new records readable 0.6 s after the fault (target 30 s); "
        "nothing lost, duplicated or stale; 176 events announced"
    )


def test_what_a_loss_would_have_cost_is_told_where_it_was_measured() -> None:
    behind = {"measured": True, "uploads": 3, "rows": 1200, "seconds": 4.1, "held_s": 5.0}

    assert (
        "; the survivor lacked 3 acknowledged uploads (1,200 rows) of the last 4.1 s, "
        "with replication held for 5.0 s; nothing"
    ) in sentence({**RESULT, "rpo": behind})
    assert "the survivor had every acknowledged upload" in sentence(
        {**RESULT, "rpo": {**RPO, "measured": True}}
    )


def test_what_missed_its_target_is_counted() -> None:
    missed = {
        **RESULT,
        "verdict": "missed",
        "rto_s": None,
        "lost": 2,
        "stale": 1,
        "late": 4,
        "events": {**EVENTS, "lost": 6, "repeated": 3},
    }

    assert sentence(missed) == (
        "throttling: missed in 11.7 s; no new record was readable after the fault; "
        "2 lost, 1 stale; 170 events announced (6 lost, 3 repeated); 4 files announced late"
    )


@pytest.mark.parametrize("measured", [True, False])
def test_no_line_shows_notation(measured: bool) -> None:  # noqa: FBT001  # a parameter
    result: dict[str, Any] = {**RESULT, "rpo": {**RPO, "measured": measured}}

    assert not {*"{}[]'_"} & {*sentence(result)}
    assert "None" not in sentence({**result, "rto_s": None})
