"""The dead letters of a region's processor."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from tests.e2e.site import Site, Upload
from tests.e2e.waiting import wait_for

Event = dict[str, Any]
Message = Mapping[str, Any]
Object = tuple[str, str, str]  # bucket, key, version

# Nobody else gets a letter while we look through all of them.
HELD_S = 60


def take(site: Site, upload: Upload) -> list[Event]:
    """Take the letters of a file out of the queue, and leave the others in it."""
    return take_if(site, lambda event: _objects(event) == [_named(upload)])


def take_if(site: Site, is_wanted: Callable[[Event], bool]) -> list[Event]:
    taken = []
    for message in list(_held(site)):
        event = _event(message)
        if is_wanted(event):
            taken.append(event)
            _delete(site, message)
        else:
            _show(site, message)
    return taken


def take_one(site: Site, upload: Upload) -> Event:
    """Wait for the letter of a file."""
    [event] = wait_for(
        lambda: take(site, upload), lambda: f"the dead letter of {upload.key} in {site.name}"
    )
    return event


def _named(upload: Upload) -> Object:
    return upload.bucket, upload.key, upload.version


def _objects(event: Event) -> list[Object]:
    """Every object that the event names."""
    parts = [
        (record["s3"]["bucket"], record["s3"]["object"]) for record in event.get("Records", ())
    ]
    return [(bucket["name"], unquote_plus(o["key"]), o["versionId"]) for bucket, o in parts]


def _held(site: Site) -> Iterator[Message]:
    while messages := site.sqs.receive_message(
        QueueUrl=site.dead_letters, MaxNumberOfMessages=10, VisibilityTimeout=HELD_S
    ).get("Messages"):
        yield from messages


def _delete(site: Site, message: Message) -> None:
    site.sqs.delete_message(QueueUrl=site.dead_letters, ReceiptHandle=message["ReceiptHandle"])


def _show(site: Site, message: Message) -> None:
    site.sqs.change_message_visibility(
        QueueUrl=site.dead_letters, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
    )


def _event(message: Message) -> Event:
    """The event that failed; the emulator saves it in the envelope of a destination."""
    body = json.loads(message["Body"])
    event: Event = body.get("requestPayload", body)
    return event
