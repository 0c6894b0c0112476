"""What a region's canary says of itself and of the other region."""

import json
from datetime import timedelta

import pytest

from services.aws_client.errors import (
    AwsClientError,
    BrokenConnectionError,
    CredentialsError,
    TimedOutError,
)
from services.canary.runtime import table
from services.processor.runtime.contracts.canary import CONTRACT
from services.processor.runtime.keys import NO_TIME, keyed_record_id
from tests.unit.canary.worlds import FRESH_FOR_S, HERE, NOW, THERE, World, refused

GONE: list[AwsClientError] = [
    BrokenConnectionError("cannot connect"),
    TimedOutError("silent"),
    refused("InternalServerError", status=500),
    refused("ThrottlingException"),
    refused("ResourceNotFoundException"),
]
NOT_ALLOWED: list[AwsClientError] = [
    refused("AccessDeniedException"),
    refused("UnrecognizedClientException"),
    CredentialsError("none"),
]


def test_two_regions_that_work_are_well() -> None:
    sight = World.healthy().look()

    assert (sight.own_age_s, sight.peer_age_s, sight.behind_s) == (300, 120, 0)
    assert (sight.peer_answers, sight.peer_is_alive, sight.has_stopped) == (True, True, False)
    assert sight.problems == {}


def test_each_visit_puts_the_file_that_becomes_the_regions_next_sign_of_life() -> None:
    world = World.healthy()

    world.canary().visit()
    world.canary().visit()

    [(key, body)] = world.bucket.objects.items()
    assert key == "canary/us-west-2.json"
    assert json.loads(body) == {"canary": "us-west-2", "time": "2026-11-26T12:00:00.000+00:00"}


def test_its_record_is_where_the_processor_stores_it() -> None:
    assert CONTRACT.dataset == table.DATASET
    assert f"{table.DATASET}:{HERE}" == keyed_record_id(CONTRACT.dataset, [HERE])
    assert table.NO_TIME == NO_TIME
    assert (CONTRACT.key, CONTRACT.time) == (("canary",), None)


@pytest.mark.parametrize("error", GONE, ids=repr)
def test_a_region_that_is_gone_is_said_to_be_silent_at_once(error: AwsClientError) -> None:
    world = World.healthy()
    world.there.error = error

    sight = world.look()

    assert (sight.peer_answers, sight.peer_is_alive, sight.behind_s) == (False, False, None)
    assert THERE in sight.problems


@pytest.mark.parametrize("error", NOT_ALLOWED, ids=repr)
def test_a_table_that_may_not_be_read_is_unknown_and_the_sign_of_life_decides(
    error: AwsClientError,
) -> None:
    world = World.healthy()
    world.there.error = error

    sight = world.look()
    world.here.store(THERE, age_s=FRESH_FOR_S + 1)
    world.canary().visit()

    assert (sight.peer_answers, sight.peer_is_alive, sight.behind_s) == (None, True, None)
    assert (world.sights[1].peer_answers, world.sights[1].peer_is_alive) == (None, False)


def test_a_region_whose_files_arrive_no_more_is_silent_although_its_table_answers() -> None:
    world = World.healthy()
    world.here.store(THERE, age_s=FRESH_FOR_S + 1)

    sight = world.look()

    assert (sight.peer_answers, sight.peer_is_alive) == (True, False)


def test_a_region_that_never_gave_a_sign_of_life_is_silent() -> None:
    world = World.healthy()
    del world.here.put_ats[THERE]

    assert world.look().peer_is_alive is False


def test_nothing_is_known_of_the_peer_if_the_own_table_cannot_be_read() -> None:
    world = World.healthy()
    world.here.error = BrokenConnectionError("cannot connect")

    sight = world.look()

    assert (sight.peer_is_alive, sight.own_age_s, sight.peer_age_s) == (None, None, None)
    assert not sight.has_stopped
    assert HERE in sight.problems


def test_a_replica_that_lags_is_behind_by_the_age_of_what_it_lacks() -> None:
    world = World.healthy()
    world.there.store(HERE, age_s=900)

    assert world.look().behind_s == 600


@pytest.mark.parametrize("age_s", [None, FRESH_FOR_S + 1])
def test_a_processor_that_is_stuck_is_noticed_by_the_age_of_its_last_record(
    age_s: float | None,
) -> None:
    world = World.healthy()
    del world.here.put_ats[HERE]
    if age_s is not None:
        world.here.store(HERE, age_s=age_s)

    assert world.look().has_stopped


def test_what_was_seen_is_reported_even_if_the_bucket_takes_no_file() -> None:
    world = World.healthy()
    world.bucket.error = refused("AccessDenied", status=403)

    with pytest.raises(AwsClientError):
        world.canary().visit()

    assert len(world.sights) == 1


def test_an_announcement_is_the_success_of_the_whole_way() -> None:
    world = World()

    world.canary().hear(NOW - timedelta(seconds=2))

    assert (world.heard_after_s, world.late_s) == ([2], [])


def test_an_announcement_that_was_repeated_hours_later_is_no_success() -> None:
    world = World()

    world.canary().hear(NOW - timedelta(seconds=FRESH_FOR_S + 1))

    assert (world.heard_after_s, world.late_s) == ([], [FRESH_FOR_S + 1])
