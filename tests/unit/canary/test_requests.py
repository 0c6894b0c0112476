"""Whatever is answered, a canary reads the signs of life by their keys, and puts its own file."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from services.aws_client.errors import AwsClientError, BrokenConnectionError
from services.aws_client.json_service import JsonService, Outcome
from services.canary.runtime.table import DynamoDbTable
from tests.unit.canary.worlds import HERE, THERE, World, refused

KEYS = {
    region: {"recordId": {"S": f"canary:{region}"}, "timestamp": {"S": "0001-01-01T00:00:00.000Z"}}
    for region in (HERE, THERE)
}
CODES = (
    *("ResourceNotFoundException", "ThrottlingException", "AccessDeniedException"),
    *("ValidationException", "PermanentRedirect", "InternalServerError", "Unheard"),
)
OUTCOMES = st.one_of(
    st.sampled_from(CODES).map(refused),
    st.just(BrokenConnectionError("reset")),
    st.just(b"{}"),
    st.just(b'{"Item": {"data": {"M": {"putAt": {"S": "2026-11-26T11:59:00+00:00"}}}}}'),
)


class DynamoDb:
    """Answers each call with the outcome, and keeps what was asked."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.transport = SimpleNamespace(poll=lambda _: None)

    def call(self, operation: str, body: bytes, done: Callable[[Outcome], object]) -> None:
        self.asked.append((operation, json.loads(body)))
        done(self._outcome)


@given(here=OUTCOMES, there=OUTCOMES, bucket=st.sampled_from([None, "SlowDown", "NoSuchBucket"]))
def test_each_request_is_for_a_sign_of_life_and_none_follows_from_an_answer(
    here: Outcome, there: Outcome, bucket: str | None
) -> None:
    world = World()
    world.bucket.error = refused(bucket) if bucket else None
    replicas = DynamoDb(here), DynamoDb(there)
    table, peer_table = (DynamoDbTable(cast("JsonService", each), "t") for each in replicas)
    canary = replace(world.canary(), table=table, peer_table=peer_table)

    with suppress(AwsClientError):
        canary.visit()

    def reading(region: str) -> tuple[str, Mapping[str, Any]]:
        return "GetItem", {"TableName": "t", "Key": KEYS[region], "ConsistentRead": True}

    both = [reading(HERE), reading(THERE)]
    assert replicas[0].asked == (both[:1] if isinstance(here, AwsClientError) else both)
    assert replicas[1].asked == [reading(HERE)]
    assert list(world.bucket.objects) == ([] if bucket else [f"canary/{HERE}.json"])
