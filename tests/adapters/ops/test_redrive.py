"""The commands ``redrive`` and ``quarantine``, as a person runs them."""

import json
from typing import Any

import pytest
from moto.sqs.models import Queue

from ops import dead_letters, files
from ops.dead_letters import Event
from ops.files import FileVersion
from ops.redriving import drain
from ops.region import Region
from tests.adapters.ops.product import HEADER, Operator, order, process

NO_EVENT = "hello"


@pytest.fixture(autouse=True)
def processor(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand for the function: it processes what an event names."""

    def reprocess(_: Region, event: Event) -> str:
        for bucket, key, version in dead_letters.named_objects(event):
            head = region.client("s3").head_object(Bucket=bucket, Key=key, VersionId=version)
            file = FileVersion(
                region=region.name,
                bucket=bucket,
                key=key,
                version=version,
                stored_at=head["LastModified"],
            )
            process(region, file)
        return ""

    monkeypatch.setattr(dead_letters, "reprocess", reprocess)
    monkeypatch.setattr(drain, "_WAIT_S", 0)
    monkeypatch.setattr(Queue, "pending_message_groups", property(pending_groups))


def pending_groups(queue: Any) -> set[str]:  # noqa: ANN401  # moto's
    """Return what moto would, of a copy: it goes through the set while other threads change it."""
    return {each.group_id for each in queue._pending_messages.copy() if each.group_id}  # noqa: SLF001  # moto's


def letter(region: Region, key: str, body: str) -> FileVersion:
    """Put a file that was not processed, and its dead letter."""
    file = files.put(region, key, body.encode())
    named = {"bucket": {"name": file.bucket}, "object": {"key": key, "versionId": file.version}}
    event = {"Records": [{"eventTime": file.timestamp, "s3": named}]}
    send(region, json.dumps(event))
    return file


def send(region: Region, body: str) -> None:
    region.client("sqs").send_message(
        QueueUrl=region.dead_letters_url,
        MessageBody=body,
        MessageAttributes={"ErrorMessage": {"DataType": "String", "StringValue": "out of reach"}},
    )


def waiting(region: Region, url: str) -> int:
    names = ["ApproximateNumberOfMessages"]
    found = region.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)
    return int(found["Attributes"][names[0]])


@pytest.fixture
def three_causes(region: Region) -> list[FileVersion]:
    whole = [letter(region, f"orders/{at}.csv", HEADER + order(str(at))) for at in range(12)]
    broken = [letter(region, f"any/{at}.json", '[{"number": 1}, {"num') for at in range(3)]
    send(region, NO_EVENT)
    return [*whole, *broken]


def groups(ops: Operator) -> list[tuple[int, str, str]]:
    return [
        (group["letters"], group["cause"], group["fate"])
        for queue in json.loads(ops.out)
        for group in queue["groups"]
    ]


def test_letters_are_shown_by_cause_before_anything_is_done(
    ops: Operator, region: Region, three_causes: list[FileVersion]
) -> None:
    assert ops("redrive", "--dry-run", "--json") == 0

    assert groups(ops) == [
        (12, "NO_LEDGER_ENTRY", "waiting"),
        (3, "NO_LEDGER_ENTRY", "waiting"),
        (1, "NO_S3_EVENT", "waiting"),
    ]
    assert waiting(region, region.dead_letters_url) == 16
    assert {dict(files.ledger_entry(region, each)).get("status") for each in three_causes} == {None}


def test_letters_get_through_or_are_quarantined_with_their_causes(
    ops: Operator, region: Region, three_causes: list[FileVersion]
) -> None:
    assert ops("redrive", "--yes", "--json") == 1

    assert sorted(groups(ops)) == [
        (1, "NO_S3_EVENT", "quarantined"),
        (3, "TRUNCATED_JSON", "quarantined"),
        (12, "NO_LEDGER_ENTRY", "through"),
    ]
    statuses = [files.ledger_entry(region, each)["status"] for each in three_causes]
    assert statuses == ["COMPLETED"] * 12 + ["FAILED"] * 3
    assert waiting(region, region.dead_letters_url) == 0
    assert ops("quarantine", "list", "--json") == 0
    listed = json.loads(ops.out)
    assert sorted((each["cause"], each["reason"]) for each in listed) == [
        ("NO_S3_EVENT", "out of reach"),
        *[("TRUNCATED_JSON", "out of reach")] * 3,
    ]
    assert ops("redrive", "--yes") == 0


@pytest.mark.usefixtures("three_causes")
def test_for_people_there_is_a_line_for_each_cause(ops: Operator) -> None:
    assert ops("redrive", "--yes") == 1

    table = [line for line in ops.out.splitlines() if not line.startswith("  ")]
    assert [line.split()[:2] for line in table] == [
        ["12", "NO_LEDGER_ENTRY"],
        ["3", "TRUNCATED_JSON"],
        ["1", "NO_S3_EVENT"],
    ]
    assert "  TRUNCATED_JSON: for example s3://incoming/any/0.json" in ops.out
    assert "12 through" in ops.err


def test_a_letter_in_quarantine_is_shown_with_the_ledger_entry_of_its_file(
    ops: Operator, region: Region
) -> None:
    broken = letter(region, "any/a.json", '[{"number": 1}, {"num')
    ops("redrive", "--yes")
    ops("quarantine", "list", "--json")
    [found] = json.loads(ops.out)

    assert ops("quarantine", "show", found["id"], "--json") == 0

    shown: dict[str, Any] = json.loads(ops.out)
    assert found["what"] == "s3://incoming/any/a.json"
    assert broken.version in shown["body"]
    assert [entry["failure"]["code"] for entry in shown["entries"]] == ["TRUNCATED_JSON"]
    assert ops("quarantine", "show", found["id"]) == 0
    assert ops("quarantine", "show", "no-such-id") == 1


@pytest.mark.usefixtures("three_causes")
def test_letters_of_a_cause_are_returned_and_redriven_under_the_same_ids(
    ops: Operator, region: Region
) -> None:
    ops("redrive", "--yes")
    ops("quarantine", "list", "--json")
    before = json.loads(ops.out)

    assert ops("quarantine", "return", "--only", "TRUNCATED_JSON", "--yes") == 0

    assert waiting(region, region.dead_letters_url) == 3
    assert waiting(region, region.quarantine_url) == 1
    ops("redrive", "--yes")
    ops("quarantine", "list", "--json")
    assert json.loads(ops.out) == before


def test_letters_are_returned_by_their_ids_and_one_that_is_not_there_is_a_finding(
    ops: Operator, region: Region
) -> None:
    send(region, NO_EVENT)
    send(region, NO_EVENT)
    ops("redrive", "--yes")
    ops("quarantine", "list", "--json")
    first, second = (each["id"] for each in json.loads(ops.out))

    assert ops("quarantine", "return", first, "--yes") == 0
    assert ops("quarantine", "return", first, second, "--dry-run") == 1
    assert waiting(region, region.dead_letters_url) == 1
    assert ops("quarantine", "return") == ops("quarantine", "return", first, "--all") == 3
    assert ops("redrive") == 3  # there is nobody to ask
