"""What becomes of an item, whatever DynamoDB answers."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.aws_client.errors import CertificateError
from services.processor.runtime.attributes import attributes_of
from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.corrections import reference
from services.processor.runtime.errors import OutOfTimeError, RefusedError
from services.processor.runtime.item import RecordItem, record_item
from services.processor.runtime.parsing import JsonRow
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.sending import Sending
from services.processor.runtime.storage.writer import DynamoDbWriter
from tests.unit.processor.files import source_file
from tests.unit.processor.storage.scripted_dynamodb import Outcome, ScriptedDynamoDb, refusal

CONDITION_FAILED = refusal("ConditionalCheckFailedException")
DENIED = refusal("AccessDeniedException")
THROTTLED = refusal("ThrottlingException")


def records(rows: int) -> list[RecordItem]:
    file = source_file()
    return [
        record_item(file, CONTRACTS["generic"], JsonRow(row, b'{"n": %d}' % row))
        for row in range(1, rows + 1)
    ]


def writer_to(client: ScriptedDynamoDb) -> tuple[DynamoDbWriter, Deadline]:
    sending = Sending(client, clock_s=client.clock_s, draw=lambda _, limit_s: limit_s)
    return DynamoDbWriter(sending, "t"), Deadline(client.remaining_ms)


def write(
    writer: DynamoDbWriter, batch: Sequence[RecordItem], deadline: Deadline
) -> dict[int, str | None]:
    answers: dict[int, str | None] = {}
    for record in batch:
        writer.send(record, partial(answers.__setitem__, record.row), deadline)
    while not writer.is_idle:
        writer.wait(deadline)
    return answers


def test_throttled_writes_are_sent_again_and_counted() -> None:
    turn = count(1)
    client = ScriptedDynamoDb(lambda *_: THROTTLED if next(turn) % 20 == 0 else b"{}")
    writer, deadline = writer_to(client)

    assert write(writer, records(200), deadline) == dict.fromkeys(range(1, 201))
    assert writer.retries == len(client.calls) - 200 == 10


def test_an_item_that_the_table_has_or_has_newer_is_acknowledged() -> None:
    writer, deadline = writer_to(ScriptedDynamoDb(lambda *_: CONDITION_FAILED))

    assert write(writer, records(2), deadline) == {1: None, 2: None}


@pytest.mark.parametrize(
    "code", ["ValidationException", "ItemCollectionSizeLimitExceededException"]
)
def test_an_invalid_item_is_reported_and_disturbs_no_other(code: str) -> None:
    turn = count(1)
    client = ScriptedDynamoDb(lambda *_: refusal(code) if next(turn) == 10 else b"{}")
    writer, deadline = writer_to(client)

    answers = write(writer, records(40), deadline)

    assert len(client.calls) == len(answers) == 40
    [refused] = [why for why in answers.values() if why is not None]
    assert code in refused


def test_if_even_a_rejected_row_s_item_is_refused_the_write_is_refused() -> None:
    writer, deadline = writer_to(ScriptedDynamoDb(lambda *_: refusal("ValidationException")))
    rejected = record_item(source_file(), CONTRACTS["generic"], JsonRow(1, b"no JSON"))

    with pytest.raises(RefusedError, match="row 1: ValidationException"):
        write(writer, [rejected], deadline)


@pytest.mark.parametrize("error", [DENIED, CertificateError("the certificate is of another host")])
def test_a_refused_write_is_raised_soon_and_nothing_more_is_sent(error: Outcome) -> None:
    turn = count(1)
    client = ScriptedDynamoDb(lambda *_: error if next(turn) == 10 else b"{}")
    writer, deadline = writer_to(client)

    with pytest.raises(RefusedError, match=r"row \d+: "):
        write(writer, records(2000), deadline)
    writer.stop()

    assert len(client.calls) < 100
    assert writer.is_idle


@pytest.mark.parametrize("row", [b'{"name": "Ada", "id": "Ada"}', b'["Ada"', b'"Ada"'])
@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException"])
def test_what_a_write_fails_with_is_logged_so_it_says_nothing_of_the_row_s_contents(
    row: bytes, code: str
) -> None:
    writer, deadline = writer_to(ScriptedDynamoDb(lambda *_: refusal(code)))
    record = record_item(source_file(), CONTRACTS["generic"], JsonRow(1, row))

    said = ""
    try:
        said = str(write(writer, [record], deadline))
    except RefusedError as error:
        said = str(error)

    assert code in said
    assert "Ada" not in said


def test_a_writer_that_was_refused_once_can_be_used_again() -> None:
    turn = count(1)
    client = ScriptedDynamoDb(lambda *_: DENIED if next(turn) == 1 else b"{}")
    writer, deadline = writer_to(client)
    with pytest.raises(RefusedError):
        write(writer, records(1), deadline)
    writer.stop()

    assert write(writer, records(3), deadline) == {1: None, 2: None, 3: None}


def test_without_time_nothing_is_sent() -> None:
    client = ScriptedDynamoDb(lambda *_: b"{}", now_s=46.0)
    writer, deadline = writer_to(client)

    with pytest.raises(OutOfTimeError):
        write(writer, records(5), deadline)

    assert client.calls == []


def correction() -> RecordItem:
    file, earlier = source_file(version="v2"), source_file()
    references = " ".join(reference(earlier.id, earlier.timestamp, row) for row in (2, 3))
    raw = b'{"ingestion:corrects": "%s", "n": 2}' % references.encode()
    later = replace(file, timestamp="2026-02-01T00:00:00.000Z")
    return record_item(later, CONTRACTS["generic"], JsonRow(1, raw))


def test_rows_are_marked_after_the_row_that_corrects_them_is_stored() -> None:
    client = ScriptedDynamoDb(lambda *_: b"{}")
    writer, deadline = writer_to(client)

    assert write(writer, [correction()], deadline) == {1: None}

    assert [operation for operation, _ in client.calls] == ["PutItem", "UpdateItem", "UpdateItem"]


def test_a_row_is_not_acknowledged_before_its_marks_are_made() -> None:
    def answer(operation: str, _: dict[str, Any]) -> Outcome:
        return THROTTLED if operation == "UpdateItem" else b"{}"

    writer, deadline = writer_to(ScriptedDynamoDb(answer))
    answers: list[str | None] = []
    writer.send(correction(), answers.append, deadline)

    def wait_for_all() -> None:
        while not writer.is_idle:
            writer.wait(deadline)

    with pytest.raises(OutOfTimeError):
        wait_for_all()
    assert answers == []


def test_a_mark_that_is_refused_names_both_rows() -> None:
    def answer(operation: str, _: dict[str, Any]) -> Outcome:
        return DENIED if operation == "UpdateItem" else b"{}"

    writer, deadline = writer_to(ScriptedDynamoDb(answer))

    with pytest.raises(RefusedError, match=r"row 1, which corrects f[0-9a-f]{31}\.\d{9}: Access"):
        write(writer, [correction()], deadline)


def version(contract_version: int) -> RecordItem:
    file = source_file(contract_version=contract_version)
    return record_item(file, CONTRACTS["generic"], JsonRow(1, b'{"n": 1}'))


@given(st.lists(st.sampled_from([version(1), version(2)]), max_size=6))
def test_each_item_is_sent_whatever_was_stored_before(batch: list[RecordItem]) -> None:
    # A function lives long: what it once stored may have been erased, and its file comes again.
    client = ScriptedDynamoDb(lambda *_: b"{}", connections=1)
    writer, deadline = writer_to(client)

    for record in batch:
        assert write(writer, [record], deadline) == {1: None}

    sent = [request["Item"]["contractVersion"]["N"] for _, request in client.calls]
    assert sent == [str(attributes_of(record.item)["contractVersion"]["N"]) for record in batch]
