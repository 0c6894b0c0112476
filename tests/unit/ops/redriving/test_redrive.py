"""Redriving: every letter gets through, stays, or is quarantined, and none is ever lost."""

from unittest.mock import patch

import pytest

from ops import waiting
from ops.redriving.causes import Fate
from ops.redriving.jobs import Result, jobs, look
from tests.unit.ops.redriving.fakes import (
    ADVANCES,
    BREAKS,
    COMPLETES,
    DEAD,
    HANDED_OVER,
    QUARANTINE,
    STOPS,
    UNREACHABLE,
    FakeCloud,
    event,
    record,
)
from tests.unit.ops.redriving.runs import FAST, fates, redrive

KINDS = {
    "whole": [COMPLETES],
    "broken": [BREAKS],
    "stuck": [STOPS],
    "slow": [ADVANCES, ADVANCES, COMPLETES],
    "slow, then stuck": [ADVANCES, STOPS],
    "away": [UNREACHABLE],
}


def cloud_of(*kinds: str) -> FakeCloud:
    """Return a cloud in which every processing has failed so far, with a letter each."""
    cloud = FakeCloud({f"orders/{at}.json": KINDS[kind] for at, kind in enumerate(kinds)})
    for key in cloud.plans:
        cloud.put(DEAD, event(key))
    return cloud


def test_files_that_can_be_processed_now_are_and_their_letters_are_gone() -> None:
    cloud = cloud_of("whole", "slow", "whole")

    result = redrive(cloud)

    assert cloud.statuses == {"COMPLETED": 3}
    assert cloud.bodies(DEAD) == cloud.bodies(QUARANTINE) == []
    assert result.is_through
    assert fates(result) == {Fate.THROUGH: {"NO_LEDGER_ENTRY": 3}}


def test_a_file_that_fails_again_is_quarantined_with_its_reason() -> None:
    cloud = cloud_of("broken", "whole", "broken")

    result = redrive(cloud)

    assert cloud.bodies(DEAD) == []
    assert len(cloud.bodies(QUARANTINE)) == 2
    assert not result.is_through
    assert redrive(cloud).is_through


def test_a_file_that_gets_no_further_stays_and_can_be_received_at_once() -> None:
    cloud = cloud_of("stuck", "slow, then stuck", "away")

    result = redrive(cloud)

    assert len(cloud.bodies(DEAD)) == 3
    assert cloud.hidden(DEAD) == 0
    assert fates(result) == {Fate.STAYS: {"OUT_OF_TIME": 2, "NO_LEDGER_ENTRY": 1}}
    assert len(cloud.invocations) == 2 + 2 + 1
    assert not result.held_elsewhere


def test_a_letter_that_stays_says_what_the_processor_said() -> None:
    cloud = cloud_of("away")

    [group] = redrive(cloud).tally.rows()

    assert group.note == "SOURCE_UNAVAILABLE: orders/0.json"
    assert group.example == "s3://incoming/orders/0.json"
    assert (group.cause.code, group.cause.dataset) == ("NO_LEDGER_ENTRY", "orders")


def test_a_file_that_a_run_leaves_to_others_is_not_run_again_and_its_letter_stays() -> None:
    cloud = FakeCloud({"orders/large.csv": [HANDED_OVER]})
    cloud.put(DEAD, event("orders/large.csv"))

    [group] = redrive(cloud).tally.rows()

    assert len(cloud.invocations) == 1
    assert group.fate == Fate.STAYS
    assert "processed elsewhere" in group.note


NO_EVENTS = (
    "hello",
    "[]",
    "null",
    "7",
    '{"Records": 7}',
    '{"not": "a notification"}',
    "[" * 90_000,
)


@pytest.mark.parametrize("body", NO_EVENTS, ids=lambda body: body[:20])
def test_a_message_that_is_no_event_is_quarantined_as_it_came(body: str) -> None:
    cloud = FakeCloud()
    cloud.put(DEAD, body)

    result = redrive(cloud)

    assert (cloud.bodies(DEAD), cloud.bodies(QUARANTINE)) == ([], [body])
    assert fates(result) == {Fate.QUARANTINED: {"NO_S3_EVENT": 1}}
    assert cloud.invocations == []


def test_a_message_as_long_as_sqs_allows_is_quarantined_without_a_note() -> None:
    cloud = FakeCloud()
    cloud.put(DEAD, "x" * (2**20 - 10), ErrorMessage="no event")

    redrive(cloud)

    [kept] = cloud.queues[QUARANTINE]
    assert (len(kept.body), kept.attributes) == (2**20 - 10, {})


def test_the_files_that_a_strange_event_does_name_are_processed_before_it_is_quarantined() -> None:
    cloud = FakeCloud({"orders/a.csv": [COMPLETES]})
    cloud.put(DEAD, {"Records": [{"s3": None}, record("orders/a.csv")]})

    redrive(cloud)

    assert cloud.statuses == {"COMPLETED": 1}
    assert len(cloud.bodies(QUARANTINE)) == 1


@pytest.mark.parametrize(
    ("kinds", "stays", "quarantined"),
    [(["whole", "slow"], 0, 0), (["whole", "broken"], 0, 1), (["broken", "stuck"], 1, 0)],
)
def test_an_event_of_several_files_is_through_when_all_of_them_are(
    kinds: list[str], stays: int, quarantined: int
) -> None:
    cloud = FakeCloud({kind: KINDS[kind] for kind in kinds})
    cloud.put(DEAD, {"requestContext": {}, "requestPayload": event(*kinds)})

    redrive(cloud)

    assert (len(cloud.queues[DEAD]), len(cloud.queues[QUARANTINE])) == (stays, quarantined)


def test_only_the_letters_of_one_cause_are_handled_if_asked() -> None:
    cloud = cloud_of("broken", "stuck", "broken")
    redrive(cloud, limit=1)  # only this one has a ledger entry now, and it is in the quarantine
    cloud.put(DEAD, event("orders/0.json"))

    result = redrive(cloud, only="truncated_json")

    assert fates(result) == {Fate.QUARANTINED: {"TRUNCATED_JSON": 1}}
    assert len(cloud.queues[DEAD]) == 2
    assert cloud.hidden(DEAD) == 0


def test_looking_groups_by_cause_and_changes_nothing() -> None:
    cloud = cloud_of(*["whole"] * 30)
    cloud.put(DEAD, "hello")
    result = Result(job=jobs(cloud.region, "", FAST)[0])

    with patch.object(waiting, "time", cloud):
        seen = [each.body for each in look(result, "")]

    assert sorted(seen) == cloud.bodies(DEAD)
    assert [(each.letters, each.cause.code) for each in result.tally.rows()] == [
        (30, "NO_LEDGER_ENTRY"),
        (1, "NO_S3_EVENT"),
    ]
    assert cloud.hidden(DEAD) == 0
    assert not cloud.invocations


def test_several_letters_are_processed_at_once() -> None:
    cloud = cloud_of(*["whole"] * 40, *["broken"] * 20, *["stuck"] * 20)

    result = redrive(cloud, at_once=8)

    assert cloud.statuses == {"COMPLETED": 40, "FAILED": 20, "SUSPENDED": 20}
    assert (len(cloud.queues[DEAD]), len(cloud.queues[QUARANTINE])) == (20, 20)
    assert sum(group.letters for group in result.tally.rows()) == 80
