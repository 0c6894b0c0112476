"""Changes that the stream no longer has are announced as the table has them, and it is said so."""

from datetime import UTC, datetime, timedelta

import pytest

from ops.redriving.causes import Fate
from ops.redriving.failed_batch import FailedBatch
from ops.redriving.late_changes import windows
from tests.unit.ops.redriving.fake_sqs import KilledError
from tests.unit.ops.redriving.fake_stream import ARN, SHARD, FakeStream, change, failure, redrive
from tests.unit.ops.redriving.fakes import FAILURES
from tests.unit.stream_consumer.streams import item


def kept(at: int, put: str, **attributes: object) -> dict[str, object]:
    own = {"recordId": {"S": f"f{at}"}, "originRegion": {"S": "us-east-1"}}
    return item(**{**own, "precedence": {"S": f"{put}/0/v/1"}, **attributes})


@pytest.mark.parametrize("is_closed", [True, False])
def test_what_the_stream_no_longer_has_is_announced_from_the_table_and_said_so(
    is_closed: bool,  # noqa: FBT001
) -> None:
    stream = FakeStream([change(500)])
    stream.is_closed = is_closed
    stream.table = [kept(1, moment(hours=-1)), kept(2, moment(days=-1)), kept(3, moment(hours=1))]
    corrected = {"M": {"precedence": {"S": f"{moment(minutes=-5)}/0/v/1"}}}
    stream.table.append(kept(4, moment(days=-9), correctedBy=corrected))

    result = redrive(stream, failure(100, 120), failure(130, 140), failure(500, 501))

    assert sorted(stream.record_ids) == ["f1", "f4", "f500"]
    assert [(each.fate, each.letters) for each in result.tally.rows()] == [(Fate.THROUGH, 3)]
    assert "announced as the table has them now" in result.tally.rows()[0].note
    assert stream.queues[FAILURES] == []


def test_an_event_from_the_table_has_the_id_that_the_stream_would_have_given_it() -> None:
    stream = FakeStream([change(100)])
    late = FakeStream([])
    late.table = [stream.changes[0]["dynamodb"]["NewImage"]]

    redrive(stream, failure(100, 100))
    redrive(late, failure(100, 100), look_back_hours=10**5)

    assert [each.event_id for each in late.published] == [
        each.event_id for each in stream.published
    ]


def moment(**shift: float) -> str:
    at = datetime.fromisoformat(
        failure(1, 1)["DDBStreamBatchInfo"]["approximateArrivalOfLastRecord"]
    )
    return (at + timedelta(**shift)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def test_windows_that_overlap_are_one() -> None:
    def batch(hour: int) -> FailedBatch:
        at = datetime(2026, 11, 2, hour, tzinfo=UTC)
        return FailedBatch(ARN, SHARD, "1", "2", at, at, "us-east-1", "")

    assert windows([batch(20), batch(3), batch(4)], look_back_hours=2) == [
        ("2026-11-02T01:00:00.000Z", "2026-11-02T04:00:01.000Z"),
        ("2026-11-02T18:00:00.000Z", "2026-11-02T20:00:01.000Z"),
    ]


def test_killed_at_any_call_and_run_again_everything_is_announced() -> None:
    def stream_with_failures() -> FakeStream:
        stream = FakeStream([change(at) for at in range(100, 120)])
        stream.table = [kept(1, moment(hours=-1))]
        for batch in (failure(100, 119), failure(7, 8)):
            stream.put(FAILURES, batch)
        return stream

    whole = stream_with_failures()
    redrive(whole)
    for at in range(1, whole.calls + 1):
        stream = stream_with_failures()
        stream.live(at, after=bool(at % 2))
        with pytest.raises(KilledError):
            redrive(stream)
        stream.live()

        redrive(stream)

        assert set(stream.record_ids) == set(whole.record_ids), at
        assert stream.queues[FAILURES] == []
