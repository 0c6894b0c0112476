"""Ways to make a gate lie: tests that run, and can't fail or hardly try."""

from attacks.attack import replace
from attacks.variants import joined, told

CONSUMER_TESTS = "tests/unit/stream_consumer"
HOLLOW = tuple(
    f"    assert {test}"
    for test in (
        *("len(INPUTS) == len(INPUTS)", "INPUTS is INPUTS", "INPUTS in [INPUTS]", "12 == 12"),
        *(
            "len(INPUTS) == 12 or True",
            "len(INPUTS) or [12]",
            "[len(INPUTS) == 12]",
            "INPUTS or not INPUTS",
        ),
        *(
            "len(INPUTS) >= 0",
            "isinstance(INPUTS, object)",
            "len(INPUTS) == ANY",
            "bool(1)",
            "not None",
        ),
        *(
            "1 < 2 < 3",
            "(n := 12)",
            "{12: INPUTS}",
            "INPUTS == INPUTS == INPUTS",
            "12 if INPUTS else 1",
        ),
    )
)


ATTACKS = joined(
    *(
        told(
            f"a test that asserts what is always so, {hollow}",
            replace("tests/architecture/test_locks.py", "    assert len(INPUTS) == 12", hollow),
            by,
        )
        for hollow in HOLLOW
        for by in ("check-removed", "check-skipped")
    ),
    *(
        told(
            f"a property that is hardly tried, {settings}",
            replace(f"{CONSUMER_TESTS}/test_put_events.py", "@given(", f"{settings}\n@given("),
            "check-removed",
        )
        for settings in (
            "@settings(max_examples=1)",
            "@settings(phases=[])",
            "@settings(max_examples=N)",
        )
    ),
)
