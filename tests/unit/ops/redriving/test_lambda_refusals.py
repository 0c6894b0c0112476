"""Lambda may be busy, refuse an event, or deny the call: no letter is lost by that."""

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from tests.unit.ops.redriving.fakes import COMPLETES, DEAD, QUARANTINE, FakeCloud, event
from tests.unit.ops.redriving.runs import redrive


def cloud_of(*keys: str) -> FakeCloud:
    cloud = FakeCloud({key: [COMPLETES] for key in keys})
    for key in keys:
        cloud.put(DEAD, event(key))
    return cloud


@pytest.mark.parametrize(
    ("code", "queue"),
    [("TooManyRequestsException", DEAD), ("InvalidRequestContentException", QUARANTINE)],
)
def test_an_event_that_lambda_does_not_take_stays_or_is_quarantined(code: str, queue: str) -> None:
    cloud = cloud_of("a.json")
    cloud.refusals = [refusal(code)] * 100

    redrive(cloud)

    assert len(cloud.queues[queue]) == 1
    assert cloud.statuses == {}


def test_a_call_that_is_throttled_for_a_moment_is_made_again() -> None:
    cloud = cloud_of("a.json")
    cloud.refusals = [refusal("TooManyRequestsException")] * 3

    assert redrive(cloud).is_through


def test_without_permission_the_command_ends_and_every_letter_stays() -> None:
    cloud = cloud_of("a.json", "b.json")
    cloud.refusals = [refusal("AccessDeniedException")]

    with pytest.raises(ClientError, match="AccessDeniedException"):
        redrive(cloud)

    assert len(cloud.queues[DEAD]) == 2


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "Invoke")


def test_an_answer_that_does_not_come_decides_nothing() -> None:
    cloud = cloud_of("a.json")
    cloud.refusals = [ReadTimeoutError(endpoint_url="https://lambda")]

    redrive(cloud)

    assert len(cloud.queues[DEAD]) == 1
    assert redrive(cloud).is_through
