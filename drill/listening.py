"""What the event buses of the regions carry, received from queues as a listener would."""

import json
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from typing import Any, NamedTuple

from drill.reading import Connect, Key, Place

SOURCE = "serverless.data-ingestion"
HIDDEN_S = 12 * 3600  # messages are not deleted, because the queue is
WAIT_S = 1
AGAIN_S = 0.2


class Said(NamedTuple):
    """What one event says of an item, and when it first arrived, by the run's clock."""

    key: Key
    status: str
    data: dict[str, Any] | None
    at_s: float


class Heard:
    """Every event so far by its id, and how often each has arrived; thread-safe."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._said: dict[str, Said] = {}
        self._times: Counter[str] = Counter()

    def add(self, event: dict[str, Any]) -> None:
        detail = event["detail"]
        # A notice for people, a change that is only referred to, or an item that is gone.
        if "item" not in detail or detail.get("change") == "DELETED":
            return
        key = (detail["recordId"], detail["timestamp"])
        said = Said(key, detail["status"], detail["item"].get("data"), self._clock())
        with self._lock:
            self._said.setdefault(detail["eventId"], said)
            self._times[detail["eventId"]] += 1

    def snapshot(self) -> tuple[dict[str, Said], Counter[str]]:
        """Return what each event says, and how often it has arrived."""
        with self._lock:
            return dict(self._said), Counter(self._times)


@contextmanager
def listening(
    connect: Connect, places: Sequence[Place], clock: Callable[[], float]
) -> Iterator[Heard]:
    """Receive every event of these regions from now on; leave nothing behind."""
    heard, ended = Heard(clock), threading.Event()
    with ExitStack() as undo:
        threads = [
            threading.Thread(
                target=_receive, args=(connect("sqs", place.region), url, heard, ended), daemon=True
            )
            for place in places
            for url in [_subscribe(connect, place, undo)]
        ]
        for thread in threads:
            thread.start()
            undo.callback(thread.join)
        undo.callback(ended.set)
        yield heard


def _receive(sqs: Any, url: str, heard: Heard, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            messages = sqs.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=HIDDEN_S,
                WaitTimeSeconds=WAIT_S,
            ).get("Messages", ())
        except Exception:  # noqa: BLE001  # a lost region is part of the drill
            ended.wait(AGAIN_S)
            continue
        for message in messages:
            heard.add(json.loads(message["Body"], parse_float=Decimal))


def _subscribe(connect: Connect, place: Place, undo: ExitStack) -> str:
    name = f"drill-{uuid.uuid4().hex[:8]}"
    sqs, events = connect("sqs", place.region), connect("events", place.region)
    bus = {"EventBusName": place.bus}
    url = str(sqs.create_queue(QueueName=name)["QueueUrl"])
    undo.callback(sqs.delete_queue, QueueUrl=url)
    described = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = described["Attributes"]["QueueArn"]
    rule = events.put_rule(Name=name, EventPattern=json.dumps({"source": [SOURCE]}), **bus)
    undo.callback(events.delete_rule, Name=name, **bus)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule["RuleArn"]}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    events.put_targets(Rule=name, Targets=[{"Id": "drill", "Arn": arn}], **bus)
    undo.callback(events.remove_targets, Rule=name, Ids=["drill"], **bus)
    return url
