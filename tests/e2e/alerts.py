"""What a person who subscribes to a region's alerts hears."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from local.cloud import Cloud
from tests.e2e.waiting import wait_for

LIMIT_S = 20.0


class Alerts:
    """A queue that is subscribed to the topic of alerts."""

    def __init__(self, cloud: Cloud, region: str, queue_url: str) -> None:
        self._sqs = cloud.client("sqs", region)
        self._queue_url = queue_url
        self._heard: set[tuple[str, str]] = set()

    def await_all(self, names: set[str], state: str) -> None:
        """Return when every alarm has been heard to go to ``state``."""
        wanted = {(name, state) for name in names}
        wait_for(
            lambda: wanted <= self._listen(),
            lambda: f"{state} of {sorted(name for name, _ in wanted - self._heard)}",
            LIMIT_S,
        )

    def _listen(self) -> set[tuple[str, str]]:
        answer = self._sqs.receive_message(
            QueueUrl=self._queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=1
        )
        for message in answer.get("Messages", []):
            alarm = json.loads(json.loads(message["Body"])["Message"])
            self._heard.add((alarm["AlarmName"], alarm["NewStateValue"]))
            handle = message["ReceiptHandle"]
            self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=handle)
        return self._heard


@contextmanager
def subscribed(cloud: Cloud, region: str) -> Iterator[Alerts]:
    sqs, sns = cloud.client("sqs", region), cloud.client("sns", region)
    topic = cloud.outputs(region)["AlertsTopicArn"]
    url = sqs.create_queue(QueueName=f"alerts-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    queue_arn = found["Attributes"]["QueueArn"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": _open_to(topic, queue_arn)})
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    try:
        yield Alerts(cloud, region, url)
    finally:
        sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
        sqs.delete_queue(QueueUrl=url)


def _open_to(topic_arn: str, queue_arn: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
