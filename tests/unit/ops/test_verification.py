import json
from collections.abc import Iterator
from typing import Any

import pytest

from ops.region import Region
from ops.verification import Verification, VerificationError, verify

OUTPUTS = {
    "IngestionBucketName": "files",
    "TableName": "records",
    "CanaryEventsUrl": "https://queue",
}
OTHER_EVENT = {"recordId": "f0.1", "timestamp": "t0", "eventId": "e0", "key": "canary/other.json"}


class FakeRegions:
    """A product of two regions: uploads are announced and stored, unless the test breaks that."""

    def __init__(
        self, *, announces: bool = True, silent_puts: int = 0, stores_in: tuple[str, ...] = ()
    ) -> None:
        self.announces = announces
        self.silent_puts = silent_puts
        self.puts = 0
        self.stores_in = stores_in
        self.firing: list[str] = []
        self.fires_on_put: list[str] = []
        self.messages = [_message(OTHER_EVENT)]
        self.deleted: list[str] = []

    def client(self, service: str, region_name: str, **_: object) -> "FakeClient":
        return FakeClient(self, service, region_name)


class FakeClient:
    def __init__(self, regions: FakeRegions, service: str, region: str) -> None:
        self._regions, self._service, self._region = regions, service, region

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803
        assert (Bucket, bool(Body)) == ("files", True)
        self._regions.firing += self._regions.fires_on_put
        self._regions.puts += 1
        if self._regions.announces and self._regions.puts > self._regions.silent_puts:
            event = {"recordId": "f1.1", "timestamp": "t1", "eventId": "e1", "key": Key}
            self._regions.messages.append(_message(event))

    def receive_message(self, **_: object) -> dict[str, Any]:
        messages, self._regions.messages = self._regions.messages, []
        return {"Messages": messages}

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> None:  # noqa: ARG002, N803
        self._regions.deleted.append(ReceiptHandle)

    def get_item(self, *, Key: dict[str, Any], **_: object) -> dict[str, Any]:  # noqa: N803
        there = self._region in self._regions.stores_in and Key["recordId"] == {"S": "f1.1"}
        return {"Item": Key} if there else {}

    def get_paginator(self, _: str) -> "FakeClient":
        return self

    def paginate(
        self,
        *,
        StateValue: str,  # noqa: N803
        AlarmNamePrefix: str,  # noqa: N803
    ) -> Iterator[dict[str, Any]]:
        assert StateValue == "ALARM"
        names = [name for name in self._regions.firing if name.startswith(AlarmNamePrefix)]
        yield {"MetricAlarms": [{"AlarmName": name} for name in names]}


def _message(event: dict[str, str]) -> dict[str, str]:
    item = {"source": {"key": event["key"]}}
    return {
        "ReceiptHandle": event["eventId"],
        "Body": json.dumps({"detail": event | {"item": item}}),
    }


def verification_of(
    primary: FakeRegions,
    standby: FakeRegions | None,
    *,
    timeout_s: float = 30,
    watch_s: float = 0,
    poll_s: float = 0.001,
    put_again_s: float = 60,
) -> Verification:
    here = Region(primary, "us-east-1", OUTPUTS)
    elsewhere = [Region(standby, "us-west-2", {"TableName": "records"})] if standby else []
    return Verification(
        here,
        [here, *elsewhere],
        timeout_s=timeout_s,
        watch_s=watch_s,
        poll_s=poll_s,
        put_again_s=put_again_s,
    )


def _verify(regions: FakeRegions, timeout_s: float = 30) -> dict[str, Any]:
    verification = verification_of(regions, regions, timeout_s=timeout_s)
    return verification.run(lambda _: None)


def test_a_region_that_announces_and_stores_in_both_regions_is_verified() -> None:
    regions = FakeRegions(stores_in=("us-east-1", "us-west-2"))

    facts = _verify(regions)

    assert facts["recordId"] == "f1.1"
    assert regions.deleted == ["e1"]


def test_files_that_are_put_before_anybody_reads_the_stream_are_no_failure() -> None:
    regions = FakeRegions(silent_puts=2, stores_in=("us-east-1", "us-west-2"))

    facts = verification_of(regions, regions, put_again_s=0.01).run(lambda _: None)

    assert facts["recordId"] == "f1.1"
    assert regions.puts == 3


def test_one_file_is_enough_where_it_is_announced() -> None:
    regions = FakeRegions(stores_in=("us-east-1", "us-west-2"))

    _verify(regions)

    assert regions.puts == 1


def test_a_record_that_is_not_announced_is_no_success() -> None:
    regions = FakeRegions(announces=False, stores_in=("us-east-1", "us-west-2"))

    with pytest.raises(VerificationError, match="event of the canary record"):
        _verify(regions, timeout_s=0.05)


@pytest.mark.parametrize("missing", ["us-east-1", "us-west-2"])
def test_a_record_that_is_missing_in_a_region_is_no_success(missing: str) -> None:
    there = tuple({"us-east-1", "us-west-2"} - {missing})

    with pytest.raises(VerificationError, match=f"item in {missing}"):
        _verify(FakeRegions(stores_in=there), timeout_s=0.05)


def test_what_is_there_after_the_time_is_up_is_no_success() -> None:
    with pytest.raises(VerificationError, match="timed out waiting for: event"):
        _verify(FakeRegions(stores_in=("us-east-1", "us-west-2")), timeout_s=0)


def test_an_alarm_that_fires_during_the_verification_is_no_success_and_is_named() -> None:
    regions = FakeRegions(stores_in=("us-east-1", "us-west-2"))
    regions.fires_on_put = ["serverless-processor-errors-prod", "somebody-elses"]

    with pytest.raises(
        VerificationError, match=r"^went to ALARM: serverless-processor-errors-prod$"
    ):
        _verify(regions)


def test_an_alarm_that_fires_while_the_region_is_watched_is_no_success(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    regions = FakeRegions(stores_in=("us-east-1", "us-west-2"))
    pauses_s: list[float] = []

    def pass_by(pause_s: float) -> None:
        pauses_s.append(pause_s)
        if len(pauses_s) == 3:
            regions.firing = ["serverless-processor-dlq-depth-prod"]

    monkeypatch.setattr("time.sleep", pass_by)
    verification = verification_of(regions, regions, watch_s=3600)

    with pytest.raises(VerificationError, match="went to ALARM: serverless-processor-dlq-depth"):
        verification.run(lambda _: None)

    assert pauses_s == [10.0] * 3


def test_an_alarm_from_before_does_not_stop_the_deployment_that_may_correct_its_cause() -> None:
    regions = FakeRegions(stores_in=("us-east-1", "us-west-2"))
    regions.firing = ["serverless-processor-dlq-depth-prod"]
    said: list[str] = []

    verification_of(regions, regions).run(said.append)

    assert said[0].startswith("already in ALARM before this verification")
    assert said[0].endswith("serverless-processor-dlq-depth-prod")


def test_the_outcome_of_a_verification_lists_every_step_and_that_it_passed() -> None:
    regions = FakeRegions(stores_in=("us-east-1", "us-west-2"))

    outcome = verify(verification_of(regions, regions), "us-east-1", lambda _: None)

    assert (outcome["region"], outcome["verdict"], outcome["error"]) == ("us-east-1", "passed", "")
    assert outcome["steps"][1:] == [
        "received event e1",
        "read item f1.1 in us-east-1",
        "read item f1.1 in us-west-2",
        "no alarm has fired in 0 s",
    ]


def test_the_outcome_of_a_failed_verification_says_how_far_it_came_and_what_was_missing() -> None:
    regions = FakeRegions(stores_in=("us-east-1",))

    outcome = verify(verification_of(regions, regions, timeout_s=0.05), "us-east-1", lambda _: None)

    assert outcome["verdict"] == "failed"
    assert outcome["error"] == "timed out waiting for: item in us-west-2"
    assert outcome["steps"][-1] == "read item f1.1 in us-east-1"


def test_another_regions_table_is_looked_at_with_that_regions_own_session() -> None:
    own, peer = FakeRegions(stores_in=("us-east-1",)), FakeRegions(stores_in=("us-west-2",))

    facts = verification_of(own, peer).run(lambda _: None)

    assert facts["recordId"] == "f1.1"


def test_a_region_that_has_no_replica_yet_is_proved_by_itself() -> None:
    regions = FakeRegions(stores_in=("us-east-1",))
    said: list[str] = []

    verification_of(regions, None).run(said.append)

    assert [line for line in said if line.startswith("read item")] == [
        "read item f1.1 in us-east-1"
    ]
