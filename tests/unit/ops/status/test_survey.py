"""Both regions at once, also when one of them is gone, hangs, or denies a call."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

import naming
from ops.status import survey
from ops.status.lines import State
from ops.status.probes import PROBES
from ops.status.status import Status
from ops.status.survey import Survey
from tests.unit.ops.status.aws import Aws, healthy

EAST, WEST = naming.REGIONS
GONE = EndpointConnectionError(endpoint_url="https://x")
ABOUT_FILES = {"failed files", "suspended files", "files in work", "last file"}


def about(status: Status, region: str) -> dict[str, State]:
    return {line.about: line.state for line in status.of(region)}


@pytest.fixture
def hanging() -> Iterator[Aws]:
    """An AWS whose primary region accepts every call and answers none."""
    released = threading.Event()
    yield Aws({EAST: {...: lambda _: released.wait()}, WEST: healthy(WEST)})
    released.set()


def test_every_question_has_a_line_for_each_region() -> None:
    status = Survey(Aws()).look()

    for region in naming.REGIONS:
        assert set(about(status, region)) == {*PROBES, *ABOUT_FILES, "replication"}
    assert about(status, "") == {"routes": State.OK}
    assert status.dials == {EAST: 100, WEST: 0}
    assert set(status.identities) == set(naming.REGIONS)


def test_an_empty_product_is_not_ok_because_nothing_shows_that_it_works() -> None:
    status = Survey(Aws()).look()

    assert status.verdict is State.UNKNOWN
    unknown = {line.about for line in status.lines if line.state is State.UNKNOWN}
    assert unknown == {"last file", "replication"}


def test_a_region_that_is_gone_is_one_line_and_the_other_has_all_of_its_own() -> None:
    status = Survey(Aws({EAST: {...: GONE}, WEST: healthy(WEST)})).look()

    [line] = status.of(EAST)
    assert (line.about, line.state) == ("region", State.UNKNOWN)
    assert line.says == "not reachable: the connection is refused"
    assert line.next == f"ops failover --lost-region {EAST} --dry-run"
    assert set(about(status, WEST)) == {*PROBES, *ABOUT_FILES, "replication"}
    assert about(status, WEST)["dead letters"] is State.OK


def test_a_region_that_hangs_costs_seconds_and_nothing_of_the_other(
    hanging: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey, "FIND_LIMIT_S", 0.2)
    monkeypatch.setattr(survey, "ASK_LIMIT_S", 0.2)
    looking = Survey(hanging)
    began_s, threads = time.monotonic(), threading.active_count()

    first, second = looking.look(), looking.look()

    assert time.monotonic() - began_s < 10
    for status in (first, second):
        assert about(status, EAST) == {"region": State.UNKNOWN}
        assert about(status, WEST)["table"] is State.OK
    assert threading.active_count() - threads <= 20, "the second look adds no thread"


def test_a_region_that_is_given_as_lost_is_not_asked_anything() -> None:
    aws = Aws()

    status = Survey(aws, lost=EAST).look(marker=True)

    assert {region for region, _ in aws.asked} == {WEST}
    [line] = status.of(EAST)
    assert line.says == "not asked: the region is given as lost"


def test_when_the_standby_is_gone_later_the_primary_still_tells_the_routes() -> None:
    answers: dict[str, dict[Any, Any]] = {EAST: healthy(EAST), WEST: healthy(WEST)}
    looking = Survey(Aws(answers))
    looking.look()

    answers[WEST] = {...: GONE}

    assert about(looking.look(), "") == {"routes": State.OK}


def test_without_the_standby_nobody_knows_the_routes() -> None:
    status = Survey(Aws(), lost=WEST).look()

    assert about(status, "") == {"routes": State.UNKNOWN}
    assert not status.dials


def test_a_denied_call_leaves_one_line_unknown() -> None:
    aws = Aws()
    denied = ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "DescribeAlarms")
    aws.answers[WEST]["describe_alarms"] = denied

    status = Survey(aws).look()

    assert about(status, WEST)["alarms"] is State.UNKNOWN
    [says] = [line.says for line in status.of(WEST) if line.about == "alarms"]
    assert says == "denied: this role may not call DescribeAlarms"
    assert about(status, EAST)["alarms"] is State.OK
    assert about(status, WEST)["table"] is State.OK


def test_who_may_not_read_the_stack_still_sees_the_table_and_is_told_why_not_the_rest() -> None:
    aws = Aws()
    denied = ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "DescribeStacks")
    aws.answers[EAST]["describe_stacks"] = denied

    status = Survey(aws).look()

    assert about(status, EAST)["table"] is State.OK
    assert about(status, EAST)["failed files"] is State.OK
    [says] = [line.says for line in status.of(EAST) if line.about == "dead letters"]
    assert says == "denied: this role may not call DescribeStacks"


def test_a_region_that_comes_back_is_seen_by_the_next_look() -> None:
    answers: dict[str, dict[Any, Any]] = {EAST: {...: GONE}, WEST: healthy(WEST)}
    looking = Survey(Aws(answers))

    looking.look()
    answers[EAST] = healthy(EAST)

    assert about(looking.look(), EAST)["table"] is State.OK


def test_who_watches_asks_less_often_for_what_changes_slowly() -> None:
    aws = Aws()
    watching = Survey(aws, watches=True)
    watching.look()
    aws.asked.clear()

    again = watching.look()

    asked = {operation for _, operation in aws.asked}
    assert "describe_alarms" not in asked
    assert {"get_queue_attributes", "query"} <= asked
    assert about(again, EAST)["alarms"] is State.OK, "as it was a moment ago"


def test_who_watches_sees_at_once_that_a_region_is_gone() -> None:
    answers: dict[str, dict[Any, Any]] = {EAST: healthy(EAST), WEST: healthy(WEST)}
    watching = Survey(Aws(answers), watches=True)
    watching.look()

    answers[EAST] = {...: GONE}

    assert about(watching.look(), EAST) == {"region": State.UNKNOWN}


def test_files_that_no_region_lists_are_not_taken_for_none() -> None:
    aws = Aws()
    denied = ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "Query")
    for region in naming.REGIONS:
        aws.answers[region]["query"] = denied

    status = Survey(aws).look()

    assert status.unlisted["COMPLETED"] == "denied: this role may not call Query"
    assert not Survey(Aws()).look().unlisted


def test_the_result_as_plain_values_has_every_line_and_the_verdict() -> None:
    plain = Survey(Aws(), lost=EAST).look().plain()

    assert plain["verdict"] == "unknown"
    assert {"about", "region", "state", "says", "next"} == set(plain["lines"][0])
