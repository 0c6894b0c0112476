"""Nothing of what is in an item or an answer is logged, measured or raised by the canary."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from services.aws_client.answer import Answer
from services.aws_client.json_service import JsonService, Outcome
from services.aws_client.service_error import from_json, from_xml
from services.canary.runtime.canary import Canary
from services.canary.runtime.handler import make_handler
from services.canary.runtime.table import DynamoDbTable
from services.canary.runtime.telemetry import PowertoolsTelemetry
from tests.unit.canary.worlds import FRESH_FOR_S, HERE, NOW, THERE, Bucket
from tests.unit.contents import MARK, Context, Ears

EARS = Ears("canary-contents")
REFUSED = from_json(Answer(400, {}, json.dumps({"__type": "X", "message": MARK}).encode()))
NOT_PUT = from_xml(Answer(403, {}, f"<Code>SlowDown</Code><Message>{MARK}</Message>".encode()))
ITEM = {"data": {"M": {"putAt": {"S": MARK}}}}


class DynamoDb(JsonService):
    """Gives one answer to every call."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome

    def call(self, _operation: str, _body: bytes, done: Callable[[Outcome], object]) -> None:
        done(self._outcome)


@pytest.mark.parametrize(
    "event",
    [{}, {"detail-type": "CanaryChanged", "detail": {"item": {"data": {"putAt": MARK}}}}],
    ids=["visit", "hear"],
)
@pytest.mark.parametrize(
    "outcome",
    [b"{}", REFUSED, MARK.encode(), json.dumps({"Item": ITEM}).encode(), b'{"Item": {"a": 1}}'],
    ids=["empty", "refused", "no JSON", "no moment", "another item"],
)
def test_nothing_that_a_table_or_a_bucket_says_is_quoted(
    event: dict[str, Any], outcome: Outcome
) -> None:
    table = DynamoDbTable(DynamoDb(outcome), "t")
    canary = Canary(
        bucket=Bucket(error=NOT_PUT),
        table=table,
        peer_table=table,
        telemetry=PowertoolsTelemetry(EARS.logger, EARS.metrics),
        region=HERE,
        peer_region=THERE,
        fresh_for_s=FRESH_FOR_S,
        now=lambda: NOW,
    )

    told = EARS.invoke(make_handler(canary), event, Context())

    assert told.error is not None
    assert not told.leaks(), told.said
