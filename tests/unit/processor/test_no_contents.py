"""Nothing of what is in a file is ever logged, measured or raised, whatever goes wrong."""

import gzip
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.aws_client.answer import Answer
from services.aws_client.errors import (
    AwsClientError,
    BrokenConnectionError,
    DamagedObjectError,
)
from services.aws_client.leaving import UnexpectedError
from services.aws_client.service_error import from_json, from_xml
from services.processor.runtime.errors import CountsDisagreeError, PermanentError, TransientError
from services.processor.runtime.handler import make_handler
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.intake.source import S3Source
from services.processor.runtime.large.range_ledger import DynamoDbRangeLedger
from services.processor.runtime.large.steps import make_steps
from services.processor.runtime.large.worker import LargeFiles
from services.processor.runtime.storage.ledger import DynamoDbLedger
from services.processor.runtime.storage.ledger_entry import Counts, Rejections, Status
from services.processor.runtime.storage.writer import DynamoDbWriter
from services.processor.runtime.telemetry import PowertoolsTelemetry
from tests.unit.contents import MARK, Context, Ears, Told
from tests.unit.processor.files import order_json, order_row
from tests.unit.processor.storage.recorded_table import RecordedTable
from tests.unit.processor.storage.scripted_dynamodb import Outcome

EARS = Ears("processor-contents", "/services/processor/runtime/")
TIME_S = 15.2  # of which 15 are kept in reserve
HEADERS = {
    "etag": '"e1"',
    "x-amz-version-id": "v1",
    "last-modified": "Sat, 31 Jan 2026 12:00:00 GMT",
    "content-length": "1000000",
}


def csv(*rows: str) -> bytes:
    return "".join(f"{row}\r\n" for row in rows).encode()


def order(**changes: object) -> bytes:
    return json.dumps(json.loads(order_json(**changes)), ensure_ascii=False).encode()


ORDER = order_row(id=MARK, customer_id=MARK, note=MARK)
COLUMNS = ",".join(ORDER)
CORRECTS = "f" + "0" * 31 + "/2026-01-31T12:00:00.000Z/7"
LONG = f'"{MARK * 200_000}"'
# By the key of the object: files whose headers, names, values and broken parts are a producer's.
FILES: dict[str, bytes] = {
    "orders/good.json": order(id=MARK, note=MARK),
    "orders/each.json": b"\n".join(order(**{name: MARK}) for name in ORDER if "_" not in name),
    "orders/unknown.json": order(**{MARK: 1, f"{MARK}2": {MARK: MARK}}),
    "orders/corrects.json": order(**{"ingestion:corrects": f"{CORRECTS} {MARK}"}),
    "orders/not_corrected.json": order(**{"ingestion:corrects": CORRECTS, "ingestion:raw": MARK}),
    "orders/each.csv": csv(
        COLUMNS,
        ",".join(ORDER.values()),
        *(",".join((ORDER | {name: MARK}).values()) for name in ORDER),
        f"{MARK},{MARK}",
        f'{MARK}"{MARK},1',
    ),
    "orders/other.csv": csv(f"{COLUMNS},{MARK}", ",".join([*ORDER.values(), MARK])),
    "readings/each.csv": csv("sensor;time;quantity;value;unit", *[";".join([MARK] * 5)] * 3),
    "any/no_header.csv": csv(f"{MARK},{MARK} 2", f"{MARK},1", f"{MARK},{MARK},{MARK}"),
    "any/twice.csv": csv(f"{MARK},{MARK}"),
    "any/open.csv": csv("id,note", f'1,"{MARK}'),
    "any/quoted.csv": csv(f'"{MARK}" {MARK},b'),
    "any/separator.csv": csv("sep=;", f"{MARK};b"),
    "any/semicolons.csv": csv(f"{MARK};b", f"1;{MARK}"),
    "any/wide.csv": csv(MARK, f"{MARK},2", f"{MARK},3"),
    "any/html.csv": csv(f"<html>{MARK}"),
    "any/long.csv": csv("id,note", f"1,{LONG}", f"2,{MARK}"),
    "any/long_header.csv": csv(f"{LONG},b"),
    "any/bytes.csv": csv(f"id,{MARK}").replace(b"id", b"\xff") + b"\xff",
    "any/utf16.csv": csv(f"id,{MARK}").decode().encode("utf-16"),
    "any/tabs.tsv": csv(f"id\t{MARK}", f"1\t{MARK}\t{MARK}"),
    "any/names.json": f'[{{"{MARK}": {{"": 1}}}}, {{"{MARK}": [1, {{"": "{MARK}"}}]}}]'.encode(),
    "any/deep.json": b"[" + b'{"%b": ' % MARK.encode() * 60 + b"1" + b"}" * 60 + b"]",
    "any/twice.json": f'[{{"{MARK}": 1, "{MARK}": "{MARK}"}}, "{MARK}", null, 7]'.encode(),
    "any/stops.json": f'[{{"a": "{MARK}"}}, {{"{MARK}'.encode(),
    "any/word.json": f'[{{"a": 1}}, {MARK}, {{"{MARK}" "{MARK}"}}]'.encode(),
    "any/array.json": f'[{{"{MARK}": "{MARK}"}} {{"{MARK}": 1}}]'.encode(),
    "any/text.json": MARK.encode(),
    "any/number.json": f'{{"{MARK}": 1e999}}\n{{"a": "\\ud800{MARK}"}}'.encode(),
    "any/long.json": f'{{"{MARK}": {LONG}}}\n{{"{MARK}": 1 {MARK}}}'.encode(),
    "any/escapes.json": b'{"%b": "%b\\x"}\n{"a": "\xff%b"}' % (3 * (MARK.encode(),)),
    "any/name.txt": MARK.encode(),
}
FILES |= {
    "any/whole.csv.gz": gzip.compress(FILES["any/no_header.csv"]),
    "any/cut.json.gz": gzip.compress(FILES["any/names.json"])[:-9],
    "orders/damaged.csv.gz": gzip.compress(FILES["orders/each.csv"])[:60] + MARK.encode(),
}


@dataclass
class Opened:
    """An object that is being read, and may break on the way."""

    content: bytes
    breaks: AwsClientError | None
    headers: Mapping[str, str]
    checksums: None = None

    def __iter__(self) -> Iterator[bytes]:
        half = len(self.content) // 2 if self.breaks else len(self.content)
        yield self.content[:half]
        if self.breaks:
            raise self.breaks

    def close(self) -> None:
        pass


@dataclass
class World:
    """One object, the table, and what each of them is to do wrong."""

    key: str
    content: bytes
    table: RecordedTable = field(default_factory=RecordedTable)
    refusal: AwsClientError | None = None  # of S3, when the object is opened
    breaks: AwsClientError | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: HEADERS)
    left_ms: Callable[[], int] | None = None

    def open(self, *_: object, first_byte: int, **__: object) -> Opened:
        if self.refusal:
            raise self.refusal
        return Opened(self.content[first_byte:], self.breaks, self.headers)

    def ingest(self, unfinished: Status) -> Ingest:
        sending = self.table.sending()
        return Ingest(
            source=S3Source(self, sleep=lambda _: None),
            ledger=DynamoDbLedger(sending, "t"),
            writer=DynamoDbWriter(sending, "t"),
            telemetry=PowertoolsTelemetry(EARS.logger, EARS.metrics),
            origin_region="us-east-1",
            checkpoint_rows=2,
            unfinished=unfinished,
        )

    def context(self) -> Context:
        client = self.table.client
        ends_at_s = client.now_s + TIME_S
        return Context(self.left_ms or (lambda: round(1000 * (ends_at_s - client.now_s))))

    def run(self) -> Told:
        """Process the object as the processor does."""
        handler = make_handler(self.ingest("SUSPENDED"))
        place = {"bucket": {"name": "inbox"}, "object": {"key": self.key, "versionId": "v1"}}
        event = {"Records": [{"eventTime": "2026-01-31T12:00:00.123Z", "s3": place}]}
        return EARS.invoke(handler, event, self.context())

    def run_in_ranges(self) -> Iterator[Told]:
        """Process the object as the machine for large files does, and give it up in the end."""
        source = {"bucket": "inbox", "key": self.key, "version": "v1"}
        file = {"source": source, "timestamp": "2026-01-31T12:00:00.000Z"}
        yield (plan := self._step("plan", file=file | {"rangeSize": SMALL}))
        planned = plan.answer or {}
        for part in planned.get("parts", []):
            yield self._step("store", file=file, part=part, round=planned["round"])
        yield self._step("finish", file=file, round=planned.get("round"), passes=0)
        problem = {"Error": "States.TaskFailed", "Cause": "it failed"}
        yield self._step("give_up", file=file, error=problem)

    def _step(self, step: str, **state: Any) -> Told:  # noqa: ANN401
        ranges = DynamoDbRangeLedger(self.table.sending(), "t")
        steps = make_steps(LargeFiles(ingest=self.ingest("PROCESSING"), ranges=ranges))
        told = EARS.invoke(steps, {"step": step, **state}, self.context())
        answer = told.answer or {}
        # With these the machine fails, and writes a dead letter.
        return Told(f"{told.said}{answer.get('problem')}{answer.get('letter')}", answer, told.error)


SMALL = {"rows": 1, "size_bytes": 1}
# Of these not a word is in the table: only sentences that say where the fault is, or nothing.
NOT_STORED = (
    *("any/name.txt", "any/separator.csv", "any/long_header.csv", "any/utf16.csv"),
    *("any/bytes.csv", "orders/damaged.csv.gz"),
)


def assert_silent(world: World, told: Told) -> None:
    assert not told.leaks(), f"{world.key}: {told.said}"
    assert told.error is None or isinstance(told.error, LEAVING), told.error


LEAVING = (PermanentError, TransientError, UnexpectedError)


@pytest.mark.parametrize("key", FILES)
def test_no_file_is_quoted_whatever_is_wrong_with_it(key: str) -> None:
    world, in_ranges = World(key, FILES[key]), World(key, FILES[key])

    told = [world.run(), *in_ranges.run_in_ranges()]

    for each in told:
        assert_silent(world, each)
    assert f'"key":"{key}"' in told[0].said  # the object's own name is meant to be told
    assert key in NOT_STORED or Told(str(world.table.states)).leaks()


# What may be answered in the place of success; its messages quote all that was sent.
CODES = {
    "ConditionalCheckFailedException": 400,
    "InternalServerError": 500,
    "ItemCollectionSizeLimitExceededException": 400,
    "KMSAccessDeniedException": 400,
    "ProvisionedThroughputExceededException": 400,
    "ResourceNotFoundException": 400,
    "ThrottlingException": 400,
    "TransactionConflictException": 400,
    "UnrecognizedClientException": 400,
    "ValidationException": 400,
    "": 502,
}
OBJECT_CODES = {"NoSuchKey": 404, "InvalidObjectState": 403, "SlowDown": 503, "InvalidRange": 416}
STREAM_ERRORS = (BrokenConnectionError, DamagedObjectError)
READ_HEADERS = ("last-modified", "content-length")
OPERATIONS = ("PutItem", "UpdateItem", "GetItem")
ALWAYS = 10**9
Disturb = Callable[[str, dict[str, Any]], Outcome | None]


def refusing(operation: str, code: str, first: int, lasts: int) -> Disturb:
    """Return a table that refuses an operation from a turn on, so many times."""
    turns = itertools.count()

    def answer(asked: str, request: dict[str, Any]) -> Outcome | None:
        if asked != operation or not first <= next(turns) < first + lasts:
            return None
        sent = json.dumps(request, ensure_ascii=False)
        problem = {"__type": code, "message": f"Value {sent} is not {MARK}", "Item": {MARK: sent}}
        body = json.dumps(problem, ensure_ascii=False).encode() if code else MARK.encode()
        return from_json(Answer(CODES[code], {}, body))

    return answer


refusals = st.builds(
    refusing,
    operation=st.sampled_from(OPERATIONS),
    code=st.sampled_from(sorted(CODES)),
    first=st.integers(0, 5),
    lasts=st.sampled_from((1, 3, ALWAYS)),
)


def object_refusal(code: str) -> AwsClientError:
    body = f"<Error><Code>{code}</Code><Message>{MARK}</Message><Key>{MARK}</Key></Error>"
    return from_xml(Answer(OBJECT_CODES[code], {}, body.encode()))


def running_out(looks: int) -> Callable[[], int]:
    """Return a clock that has come to the end of the invocation after so many looks."""
    turns = itertools.count()
    return lambda: 60_000 if next(turns) < looks else 14_000


worlds = st.builds(
    lambda key, cut, disturb, **faults: World(
        key, FILES[key][: round(cut * len(FILES[key]))], RecordedTable(disturb=disturb), **faults
    ),
    key=st.sampled_from(sorted(key for key in FILES if "long" not in key)),
    cut=st.just(1.0) | st.floats(0, 1),
    disturb=refusals | st.just(lambda *_: None),
    refusal=st.none() | st.sampled_from(sorted(OBJECT_CODES)).map(object_refusal),
    breaks=st.none() | st.sampled_from([each("the object broke") for each in STREAM_ERRORS]),
    headers=st.just(HEADERS)
    | st.sampled_from(READ_HEADERS).map(lambda name: HEADERS | {name: MARK}),
    left_ms=st.none() | st.integers(0, 20).map(running_out),
)


@settings(max_examples=3 * settings().max_examples)
@given(worlds)
def test_no_service_that_refuses_fails_or_quotes_makes_a_function_quote_a_file(
    world: World,
) -> None:
    for told in (world.run(), world.run(), *world.run_in_ranges()):
        assert_silent(world, told)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_table_that_refuses_to_go_on_makes_a_function_quote_a_file(
    operation: str, code: str
) -> None:
    disturb = refusing(operation, code, 4, ALWAYS)
    world = World("orders/each.csv", FILES["orders/each.csv"], RecordedTable(disturb=disturb))

    for told in (world.run(), world.run(), *world.run_in_ranges()):
        assert_silent(world, told)


UNFORESEEN = itertools.cycle(
    (KeyError(MARK), ValueError(MARK), ZeroDivisionError(MARK), AssertionError({MARK: MARK}))
)
Door = Callable[[World], Iterable[Told]]
DOORS: tuple[Door, ...] = (lambda world: [world.run()], World.run_in_ranges)
PATHS = ("orders/each.csv", "any/names.json", "any/stops.json", "any/whole.csv.gz")


def through(door: Door, key: str, called: Any) -> list[Told]:  # noqa: ANN401
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EARS, "called", called)
        return list(door(World(key, FILES[key])))


def test_no_error_that_nothing_foresees_quotes_a_file_wherever_it_is_raised() -> None:
    tried: set[CodeType] = set()
    raised = 0
    for door, key in itertools.product(DOORS, PATHS):
        seams: dict[CodeType, None] = {}
        through(door, key, lambda code, seams=seams: seams.setdefault(code))
        for seam in seams.keys() - tried:
            error = next(UNFORESEEN)

            def fail(code: CodeType, seam: CodeType = seam, error: Exception = error) -> None:
                if code is seam:
                    raise error

            for told in through(door, key, fail):
                assert_silent(World(f"{key}, {seam.co_qualname} fails", b""), told)
                raised += isinstance(told.error, UnexpectedError)
        tried |= seams.keys()
    assert len(tried) > 100
    assert raised > len(tried) / 2


def test_counts_that_disagree_are_told_without_the_examples_that_quote_rows() -> None:
    example = Rejections(rows=1, row=1, line=1, message=MARK, field=MARK)

    with pytest.raises(CountsDisagreeError) as raised:
        Counts(rows_read=2, rejections={"BAD_FORMAT": example}).check()

    assert str(raised.value) == "rows read, accepted, rejected, items written: (2, 0, 0, 0)"
