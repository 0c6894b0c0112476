"""A request to DynamoDB has the members that are listed here, and no other.

One more may return, read or bill what nobody wants; one fewer may read what was before.
"""

import json
from collections.abc import Mapping
from typing import Any

from services.processor.runtime.corrections import RejectedRow
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.file_items import FileItems, Update
from services.processor.runtime.storage.row_requests import RowRequests
from services.processor.runtime.storage.sending import Sending
from tests.unit.processor.files import source_file
from tests.unit.processor.storage.scripted_dynamodb import ScriptedDynamoDb
from tests.unit.processor.storage.test_writer import records

FILE = source_file()
KEY = {"recordId": {"S": FILE.id}, "timestamp": {"S": FILE.timestamp}}
REJECTED = RejectedRow("r", "t")
CHANGING = {"ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"}


def asked(answer: Mapping[str, Any], update: Update | None = None) -> tuple[str, dict[str, Any]]:
    """The one request that is sent to read a file's item, or to update it."""
    client = ScriptedDynamoDb(lambda *_: json.dumps(answer).encode())
    items = FileItems(Sending(client, clock_s=client.clock_s), "t")
    deadline = Deadline(client.remaining_ms)
    if update:
        items.update(FILE, update, deadline)
    else:
        items.get(FILE, deadline)
    [call] = client.calls
    return call


def test_a_files_item_is_read_as_it_is_at_this_moment_and_nothing_else_is_asked() -> None:
    assert asked({"Item": KEY}) == (
        "GetItem",
        {"TableName": "t", "Key": KEY, "ConsistentRead": True},
    )


def test_an_update_of_a_files_item_returns_all_of_it_if_it_is_made() -> None:
    update = Update("SET #a = :a", "#a <> :b", ("a",), {"a": {"S": "x"}, "b": {"S": "y"}})

    assert asked({"Attributes": KEY}, update) == (
        "UpdateItem",
        {
            "TableName": "t",
            "Key": KEY,
            "UpdateExpression": "SET #a = :a",
            "ConditionExpression": "#a <> :b",
            "ExpressionAttributeNames": {"#a": "a"},
            "ExpressionAttributeValues": {":a": {"S": "x"}, ":b": {"S": "y"}},
            "ReturnValues": "ALL_NEW",
        },
    )


def test_a_rows_item_is_put_under_a_condition_and_nothing_is_returned() -> None:
    [record] = records(1)

    request = json.loads(RowRequests("t").put(record))

    assert request.keys() == {"TableName", "Item"} | CHANGING - {"ExpressionAttributeNames"}
    assert request["TableName"] == "t"
    assert request["Item"] == json.loads(record.item)
    assert request["ExpressionAttributeValues"] == {
        ":precedence": {"S": json.loads(record.precedence)}
    }


def test_a_rejected_row_is_marked_under_a_condition_and_nothing_is_returned() -> None:
    [record] = records(1)

    request = json.loads(RowRequests("t").mark(REJECTED, record))

    assert request.keys() == {"TableName", "Key", "UpdateExpression"} | CHANGING
    assert request["TableName"] == "t"
    assert request["Key"] == {"recordId": {"S": "r"}, "timestamp": {"S": "t"}}
    assert request["ExpressionAttributeNames"] == {"#status": "status"}
    assert request["ExpressionAttributeValues"].keys() == {
        *(":by", ":corrected", ":dataset", ":precedence", ":rejected"),
    }
