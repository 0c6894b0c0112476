"""The page says what ``drill.json`` says, and runs nothing that it shows."""

from typing import Any

from drill.page import page

SCENARIO: dict[str, Any] = {
    "name": "region-refused",
    "about": "Lose the primary.",
    "verdict": "met",
    "complaints": [],
    "seconds": 20.0,
    "timeline": [
        {"at_s": 0.0, "what": "traffic begins"},
        {"at_s": 5.0, "what": "us-east-1 is gone", "kind": "fault"},
        {"at_s": 6.0, "what": "  dials done"},
        {"at_s": 7.5, "what": "first new record", "kind": "served"},
    ],
    "rto_s": 2.5,
    "rpo": {"measured": True, "uploads": 3, "rows": 17, "seconds": 5.5, "held_s": 6.25},
    "uploads": {"acknowledged": 10, "rows": 80, "refusals": 2},
    "lost": 0,
    "duplicated": 0,
    "stale": 0,
    "late": 1,
    "unaccounted": 0,
    "events": {"expected": 90, "lost": 0, "duplicated": 0, "repeated": 4},
    "examples": {},
}


def shown(**changes: object) -> str:
    scenarios = [SCENARIO | changes]
    return page({"started": "2026-11-26T15:08:20+00:00", "seed": 7, "scenarios": scenarios})


def test_it_shows_the_numbers_the_hold_and_each_moment_at_its_place() -> None:
    text = shown()

    assert "All targets were met in 1 scenarios." in text
    assert "Seed 7" in text
    assert "2.50 s" in text
    assert "3 uploads, 17 rows, back to 5.50 s before the loss" in text
    assert "<dd>6.2 s</dd>" in text
    assert 'class="fault" style="left:25.0%"' in text
    assert text.count("<i ") == 3  # what a command printed is no mark on the line


def test_a_miss_is_named_at_the_top_and_in_its_section() -> None:
    text = shown(verdict="missed", complaints=["lost: 2 instead of 0"], lost=2, rto_s=None)

    assert "1 of 1 scenarios missed a target: region-refused" in text
    assert "lost: 2 instead of 0" in text
    assert "not measured" in text


def test_nothing_that_it_shows_is_run() -> None:
    bad = "<script>alert(1)</script>"

    text = shown(
        complaints=[bad], examples={bad: [bad]}, timeline=[{"at_s": 1.0, "what": bad}], about=bad
    )

    assert "<script" not in text
    assert "default-src 'none'" in text
