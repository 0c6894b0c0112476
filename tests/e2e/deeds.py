"""What the functions' own code needs rights for, done as S3 and the stream have it done.

What a function was refused is raised as ``RefusedError``.
"""

import uuid
from collections.abc import Mapping

from local.demo.delivery import Delivery, deliver
from local.demo.files import File
from local.demo.make_samples import SAMPLES
from local.demo.regions import Region
from local.demo.subscription import subscription
from tests.e2e.functions import Function
from tests.e2e.roles import RefusedError
from tests.e2e.waiting import wait_for

ONE_ORDER = SAMPLES / "orders" / "2026" / "11" / "one-order.json"
TIMESTAMP = "2026-11-02T03:04:05.678Z"


class Processing:
    """Deeds of the processor."""

    def __init__(self, function: Function, region: Region) -> None:
        self._function = function
        self._region = region

    def deliver(self) -> Delivery:
        """Put a file that S3 tells nobody of, for it compares suffixes by case."""
        key = f"orders/{uuid.uuid4()}.JSON"
        return deliver(File(path=ONE_ORDER, key=key, region=self._region.name), self._region)

    def process(self, delivery: Delivery, *, by_version: bool = True) -> None:
        """Have the file processed; it becomes COMPLETED unless something is refused."""
        version = {"versionId": delivery.version} if by_version else {}
        described = {"key": delivery.file.key, **version}
        place = {"bucket": {"name": delivery.bucket}, "object": described}
        was_complete = self._is_complete(delivery)
        try:
            self._function.invoke({"Records": [{"eventTime": TIMESTAMP, "s3": place}]})
        except RefusedError:
            assert self._is_complete(delivery) == was_complete
            raise
        assert self._is_complete(delivery)

    def _is_complete(self, delivery: Delivery) -> bool:
        key = {"recordId": delivery.file_id, "timestamp": delivery.timestamp}
        found = self._region.table.get_item(Key=key, ConsistentRead=True)
        return bool(found.get("Item", {}).get("status") == "COMPLETED")


class Announcing:
    """Deeds of the stream consumer."""

    def __init__(self, function: Function, region: Region) -> None:
        self._function = function
        self._region = region

    def announce(self) -> None:
        """Have a change announced; it is heard unless something is refused."""
        record_id = str(uuid.uuid4())
        with subscription(self._region) as queue_url:
            answer = self._function.invoke({"Records": [self._change(record_id)]})
            assert answer == {"batchItemFailures": []}
            wait_for(lambda: record_id in self._heard(queue_url), lambda: f"event of {record_id}")

    def _heard(self, queue_url: str) -> str:
        answer = self._region.sqs.receive_message(
            QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=1
        )
        return "\n".join(message["Body"] for message in answer.get("Messages", []))

    def _change(self, record_id: str) -> Mapping[str, object]:
        texts = {
            "recordId": record_id,
            "timestamp": TIMESTAMP,
            "itemType": "RECORD",
            "status": "ACCEPTED",
            "dataset": "generic",
            "originRegion": self._region.name,
        }
        return {
            "eventName": "INSERT",
            "eventSourceARN": self._function.stream["EventSourceArn"],
            "dynamodb": {
                "NewImage": {name: {"S": text} for name, text in texts.items()},
                "SequenceNumber": "1",
                "ApproximateCreationDateTime": 1793588645,
            },
        }
