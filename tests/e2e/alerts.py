"""A subscriber to a region's alerts: notifications of alarms, and notices of files in words."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from ops import queues
from ops.region import Region
from tests.e2e.waiting import wait_for

LIMIT_S = 20.0
HIDDEN_S = 30


class Alerts:
    """A queue that is subscribed to the topic of alerts."""

    def __init__(self, region: Region, queue_url: str) -> None:
        self._region = region
        self._queue_url = queue_url
        self._received: set[tuple[str, str]] = set()
        self._notices: list[str] = []

    def await_all(self, names: set[str], state: str) -> None:
        """Wait until a notification of every alarm going to ``state`` has arrived."""
        wanted = {(name, state) for name in names}
        wait_for(
            lambda: wanted <= self._listen(),
            lambda: f"{state} of {sorted(name for name, _ in wanted - self._received)}",
            LIMIT_S,
        )

    def await_notices(self, key: str) -> list[str]:
        """Wait for a notice of the file; return every one that has arrived, as its plain text."""
        return wait_for(lambda: self.notices_of(key), f"a notice of {key}", LIMIT_S)

    def notices_of(self, key: str) -> list[str]:
        """Return the plain text of every notice of the file that has arrived."""
        self._listen()
        return [text for text in self._notices if key in text]

    def _listen(self) -> set[tuple[str, str]]:
        for message in queues.receive(self._region, self._queue_url, hidden_s=HIDDEN_S, wait_s=1):
            published = json.loads(json.loads(message["Body"])["Message"])
            if isinstance(published, str):
                self._notices.append(published)
            else:
                self._received.add((published["AlarmName"], published["NewStateValue"]))
            queues.remove(self._region, self._queue_url, message)
        return self._received


@contextmanager
def subscribed(region: Region, topic_arn: str) -> Iterator[Alerts]:
    sqs, sns = region.client("sqs"), region.client("sns")
    url = sqs.create_queue(QueueName=f"alerts-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    queue_arn = queues.allow_sending(region, url, "sns", topic_arn)
    subscription = sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=queue_arn)
    try:
        yield Alerts(region, url)
    finally:
        sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
        sqs.delete_queue(QueueUrl=url)
