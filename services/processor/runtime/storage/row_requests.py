"""The bodies of the requests that store a row: everything but the row itself is written once."""

import json
from collections.abc import Mapping

from services.processor.runtime.corrections import RejectedRow
from services.processor.runtime.item import RecordItem

# The newer content wins, in whatever order they arrive. An item without precedence was stored by a
# version of the processor that did not know it yet.
# A rejected row that has been corrected since stays corrected.
_IS_NEWER = (
    "(attribute_not_exists(precedence) OR precedence < :precedence) "
    "AND attribute_not_exists(correctedBy)"
)
_IS_OPEN = (
    "dataset = :dataset AND "
    "(#status = :rejected OR (#status = :corrected AND correctedBy.precedence < :precedence))"
)


class RowRequests:
    """Writes the bodies of requests to one table."""

    def __init__(self, table_name: str) -> None:
        table = {"TableName": table_name}
        newer = table | {"ConditionExpression": _IS_NEWER}
        self._put = _opened(newer) + b',"ExpressionAttributeValues":{":precedence":{"S":'
        self._mark = table | {
            "UpdateExpression": "SET #status = :corrected, correctedBy = :by",
            "ConditionExpression": _IS_OPEN,
            "ExpressionAttributeNames": {"#status": "status"},
        }

    def put(self, record: RecordItem) -> bytes:
        """Return the request to store an item unless the table has the same or a newer one."""
        return b'%b%b}},"Item":%b}' % (self._put, record.precedence, record.item)

    def mark(self, rejected: RejectedRow, record: RecordItem) -> bytes:
        """Return the request to mark a rejected row of the dataset as corrected by ``record``."""
        precedence = json.loads(record.precedence)
        by = {
            "recordId": record.record_id,
            "timestamp": record.timestamp,
            "precedence": precedence,
        }
        key = {"recordId": rejected.record_id, "timestamp": rejected.timestamp}
        values = {
            ":precedence": precedence,
            ":dataset": record.dataset,
            ":corrected": "CORRECTED",
            ":rejected": "REJECTED",
        }
        request = self._mark | {
            "Key": _texts(key),
            "ExpressionAttributeValues": {":by": {"M": _texts(by)}, **_texts(values)},
        }
        return json.dumps(request).encode()


def _opened(members: Mapping[str, str]) -> bytes:
    """Return a JSON object that further members may be appended to."""
    return json.dumps(members).encode().removesuffix(b"}")


def _texts(values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"S": text} for name, text in values.items()}
