"""Dead letters of a region's processor: count them, take some, reprocess their events.

A queue can only be read by receiving, so every message is hidden for a minute while it is examined;
one that is not taken is put back at once.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ops import queues
from ops.region import Region
from services.processor.runtime.errors import MalformedEventError
from services.processor.runtime.intake.event import ObjectRef, read_event

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
        saved = body.get("requestPayload", body) if isinstance(body, dict) else body
        json.dumps(saved, allow_nan=False)  # it has to be sent again
    except (ValueError, RecursionError):  # no JSON, or a number or a depth that Python refuses
        return {}
    event: Event = saved if isinstance(saved, dict) else {}
    return event


def named_objects(event: Event) -> Iterator[ObjectName]:
    """Yield every object that the processor finds in an event; the version is empty without one.

    Records that name none are left out, and so is every event that the processor would not read.
    """
    for ref in object_refs(event):
        if isinstance(ref, ObjectRef):
            yield ref.bucket, ref.key, ref.version_id or ""


def object_refs(event: Event) -> list[ObjectRef | MalformedEventError]:
    """Return the objects of an event, and for each part that names none the reason."""
    try:
        return read_event(event)
    except MalformedEventError as error:
        return [error]


def deliver(region: Region, event: Event) -> None:
    """Invoke the processor with an event as S3 does, without waiting for the outcome."""
    _invoke(region, event, "Event")


def reprocess(region: Region, event: Event) -> str:
    """Invoke the processor with an event and wait; return its error message, empty if none."""
    answer = _invoke(region, event, "RequestResponse")
    if "FunctionError" not in answer:
        return ""
    return error_message(answer["Payload"].read())


def error_message(payload: bytes) -> str:
    """Return what a function that failed says, whatever it answers."""
    try:
        body = json.loads(payload)
        return str(body["errorMessage"])
    except (ValueError, LookupError, TypeError):
        return payload.decode(errors="replace") or "the function failed without a message"


def _invoke(region: Region, event: Event, kind: str) -> Any:
    return region.client("lambda").invoke(
        FunctionName=region.processor, InvocationType=kind, Payload=json.dumps(event).encode()
    )
