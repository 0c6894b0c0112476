"""Nothing of what is in an item is ever logged, measured or raised, whatever goes wrong."""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from types import CodeType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.aws_client.answer import Answer
from services.aws_client.errors import AwsClientError, TimedOutError
from services.aws_client.leaving import UnexpectedError
from services.aws_client.service_error import from_json
from services.stream_consumer.runtime.handler import make_handler
from services.stream_consumer.runtime.publisher import EventBridgePublisher, Outcome
from services.stream_consumer.runtime.telemetry import PowertoolsTelemetry
from tests.unit.contents import MARK, Context, Ears, Told
from tests.unit.stream_consumer.streams import ACCEPTED, stream_record

EARS = Ears("consumer-contents", "/services/stream_consumer/runtime/")
REASON = {"rows": {"N": "2"}, "row": {"N": "1"}, "line": {"N": "1"}, "message": {"S": MARK}}
DATA = {"M": {MARK: {"S": MARK}, "n": {"N": "1"}, "l": {"L": [{"S": MARK}, {"SS": [MARK]}]}}}
RECORD = ACCEPTED | {"recordId": {"S": f"orders:{MARK}"}, "data": DATA}
REJECTED = RECORD | {
    "recordId": {"S": "f0123.000000001"},
    "raw": {"S": MARK},
    "error": {"M": {"message": {"S": MARK}, "field": {"S": MARK}}},
}
FILE = ACCEPTED | {
    "itemType": {"S": "FILE"},
    "status": {"S": "FAILED"},
    "source": {"M": {"key": {"S": f"orders/{MARK}.csv"}}},
    "failure": {"M": {"code": {"S": "NOT_CSV"}, "message": {"S": MARK}, "row": {"N": "3"}}},
    "rejections": {"M": {"BAD_FORMAT": {"M": REASON}}},
    "rowsRead": {"N": "3"},
    "rowsRejected": {"N": "2"},
}
HALF = f"{MARK}\ud800"
# What replaces a part of an item: values that no item of the processor has, with a producer's text.
BROKEN: tuple[dict[str, Any], ...] = (
    *({name: {"S": MARK}} for name in ("itemType", "status", "dataset", "digest")),
    *({name: {"N": "1"}} for name in ("itemType", "status", "dataset", "recordId")),
    *({name: {"S": HALF}} for name in ("itemType", "status", "recordId")),
    {"data": {"M": {MARK: {"N": MARK}}}},
    {"data": {"M": {MARK: {MARK: MARK}}}},
    {"data": {"S": {MARK: MARK}}},
    {"data": {"S": HALF}},
    {"data": {"M": {MARK: {"S": 70_000 * MARK}}}},
    {"data": {"NS": [MARK]}},
    {"recordId": {"S": 70_000 * MARK}},
    {MARK: MARK},
    {"failure": {"S": MARK}, "rejections": {"M": {MARK: {"M": {"rows": {"S": MARK}}}}}},
)


@dataclass
class Bus:
    """Answers each call with the next outcome, and with success when there is none."""

    outcomes: list[Outcome | None] = field(default_factory=list)
    in_the_air: list[Callable[[], object]] = field(default_factory=list)

    @property
    def transport(self) -> "Bus":
        return self

    def call(self, _operation: str, body: bytes, done: Callable[[Outcome], object]) -> None:
        entries = json.loads(body)["Entries"]
        accepted = json.dumps({"Entries": [{"EventId": "1"} for _ in entries]}).encode()
        outcome = self.outcomes.pop(0) if self.outcomes else None
        self.in_the_air.append(lambda: done(outcome or accepted))

    def poll(self, _timeout_s: float) -> None:
        self.in_the_air.pop(0)()


def entry_error(code: str) -> bytes:
    return json.dumps({"Entries": [{"ErrorCode": code, "ErrorMessage": MARK}]}).encode()


def refusal(code: str, status: int) -> AwsClientError:
    return from_json(Answer(status, {}, json.dumps({"__type": code, "message": MARK}).encode()))


OUTCOMES: dict[str, Outcome | None] = {
    "success": None,
    "malformed": entry_error("MalformedDetail"),
    "throttled entry": entry_error("ThrottlingException"),
    "validation": refusal("ValidationException", 400),
    "throttled": refusal("ThrottlingException", 400),
    "server error": refusal("InternalFailure", 500),
    "gateway": from_json(Answer(502, {}, MARK.encode())),
    "timeout": TimedOutError("no answer in time"),
    "nonsense": json.dumps({"Entries": [{"ErrorCode": {MARK: MARK}}]}).encode(),
    "no JSON": MARK.encode(),
    "too many": json.dumps({"Entries": [{"EventId": MARK}] * 9}).encode(),
}


def invoke(record: dict[str, Any], outcomes: list[Outcome | None], left_ms: int = 42_000) -> Told:
    left = itertools.chain([60_000], itertools.repeat(left_ms))
    publisher = EventBridgePublisher(Bus(outcomes), "bus", sleep=lambda _: None)
    handler = make_handler(
        publisher=publisher,
        telemetry=PowertoolsTelemetry(EARS.logger, EARS.metrics),
        rejected_share_announced=Decimal("0.05"),
    )
    return EARS.invoke(handler, {"Records": [record]}, Context(lambda: next(left)))


def keyed(record: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    record["dynamodb"]["Keys"] = {"recordId": item["recordId"]}
    return record


items = st.builds(
    lambda item, broken: item | broken,
    st.sampled_from((RECORD, REJECTED, FILE)),
    st.sampled_from(({}, *BROKEN)),
)
records = st.builds(
    lambda kind, new, old: keyed(stream_record(kind, new=new, old=old), RECORD),
    st.sampled_from(("INSERT", "MODIFY", "REMOVE", MARK)),
    items | st.none(),
    items | st.none(),
)
outcomes = st.lists(st.sampled_from(sorted(OUTCOMES)).map(OUTCOMES.__getitem__), max_size=3)


@given(records, outcomes, st.sampled_from((42_000, 1_000)))
def test_no_change_is_quoted_whatever_is_wrong_with_it_or_with_the_bus(
    record: dict[str, Any], outcomes: list[Outcome | None], left_ms: int
) -> None:
    told = invoke(record, outcomes, left_ms)

    assert not told.leaks(), told.said


@pytest.mark.parametrize("broken", BROKEN, ids=[" ".join(each)[:20] for each in BROKEN])
@pytest.mark.parametrize("item", [RECORD, FILE], ids=["record", "file"])
def test_no_broken_item_is_quoted(item: dict[str, Any], broken: dict[str, Any]) -> None:
    told = invoke(keyed(stream_record(new=item | broken), RECORD), [])

    assert "sequenceNumber" in told.said or "batch done" in told.said
    assert not told.leaks(), told.said


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_no_answer_of_the_bus_is_quoted(outcome: str) -> None:
    told = invoke(keyed(stream_record(new=RECORD), RECORD), [OUTCOMES[outcome]] * 2)

    assert told.said
    assert not told.leaks(), told.said


def test_no_error_that_nothing_foresees_quotes_an_item_wherever_it_is_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = keyed(stream_record("MODIFY", new=FILE, old=RECORD), RECORD)
    seams: dict[CodeType, None] = {}
    monkeypatch.setattr(EARS, "called", seams.setdefault)
    invoke(record, [OUTCOMES["malformed"]])
    raised = 0

    for seam in seams:

        def fail(code: CodeType, seam: CodeType = seam) -> None:
            if code is seam:
                raise KeyError(MARK)

        monkeypatch.setattr(EARS, "called", fail)
        told = invoke(record, [OUTCOMES["malformed"]])
        assert not told.leaks(), f"{seam.co_qualname} fails: {told.said}"
        assert told.error is None or isinstance(told.error, UnexpectedError)
        raised += isinstance(told.error, UnexpectedError)

    assert len(seams) > 20
    assert raised > len(seams) / 2


@given(st.lists(st.sampled_from((MARK, "|", ":", "/", ".", "#", " ", "\n", "")), max_size=7))
def test_no_part_of_a_record_s_key_is_quoted_however_many_it_has(parts: list[str]) -> None:
    key = {"recordId": {"S": "".join(("orders:", *parts, MARK, "|1:a"))}}
    unreadable = keyed(stream_record(new=key), key)
    readable = keyed(stream_record(new=RECORD | key), key)

    for told in (invoke(unreadable, []), invoke(readable, [OUTCOMES["malformed"]])):
        assert '"recordId":"orders:"' in told.said, told.said
        assert not told.leaks(), told.said
