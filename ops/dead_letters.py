"""Dead letters of a region's processor: count them, take some, reprocess their events.

A queue can only be read by receiving, so every message is hidden for a minute while it is examined;
one that is not taken is put back at once.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from ops import queues
from ops.region import Region

Event = Mapping[str, Any]
ObjectName = tuple[str, str, str]  # bucket, key, version

HIDDEN_S = 60


def take(region: Region, is_wanted: Callable[[Event], bool]) -> list[Event]:
    """Take the letters whose events are wanted, put the others back; return the events taken."""
    url = region.dead_letters_url
    taken = []
    for message, event in _receive_all(region):
        if is_wanted(event):
            queues.remove(region, url, message)
            taken.append(event)
        else:
            queues.put_back(region, url, message)
    return taken


def count_by_object(region: Region) -> Counter[ObjectName]:
    """Count the letters that name each object, and leave the queue unchanged."""
    letters = _receive_all(region)
    for message, _ in letters:
        queues.put_back(region, region.dead_letters_url, message)
    return Counter(name for _, event in letters for name in named_objects(event))


def _receive_all(region: Region) -> list[tuple[queues.Message, Event]]:
    messages = queues.drain(region, region.dead_letters_url, hidden_s=HIDDEN_S)
    return [(message, saved_event(message)) for message in messages]


def saved_event(message: queues.Message) -> Event:
    """Return the event in a dead letter; an empty one if the message is not a dead letter.

    AWS saves the event itself, the emulator wraps it in the envelope of a destination.
    """
    try:
        body = json.loads(message["Body"])
    except json.JSONDecodeError:
        return {}
    if not isinstance(body, dict):
        return {}
    event: Event = body.get("requestPayload", body)
    return event


def named_objects(event: Event) -> Iterator[ObjectName]:
    """Yield every object that an event names; the version is empty if the event has none."""
    for record in event.get("Records", ()):
        bucket, named = record["s3"]["bucket"]["name"], record["s3"]["object"]
        yield bucket, unquote_plus(named["key"]), named.get("versionId", "")
    # An object whose name S3 does not notify of is named by an event of EventBridge.
    if detail := event.get("detail"):
        named = detail["object"]
        yield detail["bucket"]["name"], named["key"], named.get("version-id", "")


def deliver(region: Region, event: Event) -> None:
    """Invoke the processor with an event as S3 does, without waiting for the outcome."""
    _invoke(region, event, "Event")


def reprocess(region: Region, event: Event) -> str:
    """Invoke the processor with an event and wait; return its error message, empty if none."""
    answer = _invoke(region, event, "RequestResponse")
    body = json.loads(answer["Payload"].read() or b"null")
    return str(body["errorMessage"]) if "FunctionError" in answer else ""


def _invoke(region: Region, event: Event, kind: str) -> Any:
    return region.client("lambda").invoke(
        FunctionName=region.processor, InvocationType=kind, Payload=json.dumps(event).encode()
    )
